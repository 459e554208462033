//! The owner closes the shop, and the centre ends a membership, through their pages.

use super::*;

/// What is missing or makes no sense is said with the form.
async fn refuses_what_makes_no_sense(visit: &Visit) {
    for (query, status, words) in [
        ("reason=停电", 422, "请选停到什么时候"),
        ("how=today", 422, "请写停业的原因"),
        ("how=moment&clock=x&reason=停电", 422, "时间"),
        (
            "how=days&first=2020-01-01&last=2020-01-02&reason=停电",
            422,
            "停业的时间不对",
        ),
    ] {
        let page = visit
            .owner
            .get(&format!("/desk/closing/confirmation?{query}"))
            .await;
        assert_eq!(page.status, status, "{query}: {}", page.text());
        assert!(page.text().contains(words), "{query}: {}", page.text());
    }
}

/// Neither a clerk nor another shop's owner has anything to do with a closing.
async fn belongs_to_the_owner(visit: &Visit, address: &str) {
    let clerk = visit.app.staff(Role::Clerk, visit.shop).await;
    assert_eq!(clerk.get(address).await.status, 403);
    let stranger = visit.app.staff(Role::Owner, Id::from_raw(5)).await;
    assert_eq!(stranger.get(address).await.status, 404);
    assert_eq!(
        stranger.post(&format!("{address}/lifting"), &[]).await.status,
        404
    );
}

#[test]
fn the_owner_reads_what_it_concerns_and_closes() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.booked(900).await;
        let form = visit.owner.get("/desk/closing").await;
        assert!(form.text().contains("现在没有停业"), "{}", form.text());
        refuses_what_makes_no_sense(&visit).await;
        let asked = visit
            .owner
            .get("/desk/closing/confirmation?how=today&reason=停电")
            .await;
        assert!(
            asked.text().contains("会取消 1 个预约，退 ¥128"),
            "{}",
            asked.text()
        );
        assert!(asked.text().contains("确认停业"), "{}", asked.text());
        let key = asked.attribute_after("name=\"key\"", "value").unwrap();
        let send = |count: &'static str| {
            let key = key.clone();
            let owner = &visit.owner;
            async move {
                let typed = [
                    ("how", "today"),
                    ("reason", "停电"),
                    ("count", count),
                    ("amount", "12800"),
                    ("key", key.as_str()),
                ];
                owner.post("/desk/closings", &typed).await
            }
        };
        let stale = send("2").await;
        assert_eq!(stale.status, 409);
        assert!(
            stale.text().contains("刚刚又有变化：现在会取消 1 个预约"),
            "{}",
            stale.text()
        );
        let done = send("1").await;
        assert_eq!(done.status, 303, "{}", done.text());
        visit.app.run_jobs().await;
        let address = done.location().unwrap().to_owned();
        let page = visit.owner.get(&address).await;
        assert!(
            page.text().contains("取消了 1 个预约，退 ¥128"),
            "{}",
            page.text()
        );
        assert!(page.text().contains("已通知 1 位顾客"), "{}", page.text());
        belongs_to_the_owner(&visit, &address).await;
        let list = visit.owner.get("/desk/closing").await;
        assert!(list.text().contains("停业中，到"), "{}", list.text());
        let opened = visit.owner.post(&format!("{address}/lifting"), &[]).await;
        assert_eq!(opened.location(), Some("/desk/closing"));
        let again = visit.owner.get("/desk/closing").await;
        assert!(again.text().contains("现在没有停业"), "{}", again.text());
        visit.done();
    });
}

#[test]
fn the_centre_ends_a_membership() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.booked(900).await;
        let centre = visit.app.staff(Role::Centre, visit.shop).await;
        let address = format!("/console/shops/{}/leaving", visit.shop);
        let form = centre.get(&address).await;
        assert!(form.text().contains("这家店现在是成员"), "{}", form.text());
        let bare = centre.get(&format!("{address}/confirmation")).await;
        assert_eq!(bare.status, 422, "{}", bare.text());
        let asked = centre
            .get(&format!("{address}/confirmation?reason=租约到期"))
            .await;
        assert!(
            asked.text().contains("会取消 1 个预约，退 ¥128"),
            "{}",
            asked.text()
        );
        let version = asked.attribute_after("name=\"version\"", "value").unwrap();
        let typed = [
            ("reason", "租约到期"),
            ("version", version.as_str()),
            ("count", "1"),
            ("amount", "12800"),
        ];
        assert_eq!(visit.owner.post(&address, &typed).await.status, 403);
        let done = centre.post(&address, &typed).await;
        assert_eq!(done.location(), Some(address.as_str()), "{}", done.text());
        visit.app.run_jobs().await;
        let left = centre.get(&address).await;
        assert!(
            left.text().contains("已退出") && left.text().contains("恢复成员"),
            "{}",
            left.text()
        );
        assert_eq!(
            visit.owner.get("/desk/bookings").await.status,
            200,
            "the desk works on"
        );
        visit.done();
    });
}
