//! The console's pages, as an owner, an officer and others see them.

use kernel::Role;
use testkit::on_each_engine;

use super::{
    house::{House, program},
    listener::Listener,
};

#[test]
fn an_owner_makes_a_token_sees_it_once_and_revokes_it() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let home = owner.get("/console/connections").await;
        assert!(
            home.text().contains("令牌") && home.text().contains("通知地址"),
            "{}",
            home.text()
        );
        let form = owner.get("/console/connections/tokens/new").await;
        assert!(form.html().contains("bookings:write"));
        let list = "/console/connections/tokens";
        let refused = owner
            .post(list, &[("name", ""), ("scopes", "shops:read"), ("days", "30")])
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("请填写用途"), "{}", refused.text());
        assert!(
            refused.html().contains("value=\"shops:read\" checked"),
            "what was ticked stays"
        );
        for (scopes, days, words) in [("", "30", "至少勾选一个权限"), ("shops:read", "9999", "1 到 730")]
        {
            let refused = owner
                .post(list, &[("name", "收银"), ("scopes", scopes), ("days", days)])
                .await;
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains(words), "{}", refused.text());
        }
        let made = owner
            .post(
                list,
                &[("name", "收银"), ("scopes", "shops:read"), ("days", "30")],
            )
            .await;
        assert!(made.text().contains("请现在抄下"), "{}", made.text());
        let secret = made.attributes("value", "tuina_").remove(0);
        let shown = owner.get(list).await;
        assert!(!shown.html().contains(&secret), "never again");
        assert!(shown.text().contains("1 个有效") && shown.text().contains(&secret[..12]));
        let program = house.own().await.with(&house.app, &secret);
        assert_eq!(program.get("/api/v1/shops").await.status, 200);
        assert!(owner.get(list).await.text().contains("最近使用"));
        let revoke = shown.attributes("action", list);
        let revoke = revoke
            .iter()
            .find(|action| action.ends_with("/revocation"))
            .unwrap();
        let stranger = house
            .app
            .signed_in(house.owner_of(house.foreign), "别家店主")
            .await;
        assert_eq!(stranger.post(revoke, &[]).await.status, 404);
        assert!(!stranger.get(list).await.text().contains("收银"));
        assert_eq!(owner.post(revoke, &[]).await.status, 303);
        assert_eq!(program.get("/api/v1/shops").await.status, 401);
        let clerk = house.app.staff(Role::Clerk, house.shop).await;
        assert_eq!(clerk.get(list).await.status, 403);
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn an_owner_registers_an_address_and_sees_what_was_sent() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let listener = Listener::new();
        listener.answer(500);
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let list = format!("/console/shops/{}/webhooks", house.shop);
        assert!(owner.get(&list).await.text().contains("还没有通知地址"));
        let form = owner.get(&format!("{list}/new")).await;
        assert!(form.html().contains("booking.confirmed"));
        let refused = owner
            .post(
                &list,
                &[("url", "https://10.0.0.1/"), ("events", "booking.confirmed")],
            )
            .await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.html().contains("value=\"https://10.0.0.1/\""),
            "what was typed stays"
        );
        let made = owner
            .post(&list, &[("url", &listener.url), ("events", "booking.confirmed")])
            .await;
        assert_eq!(made.attributes("value", "whsec_").len(), 1, "{}", made.text());
        house.booked(0).await;
        house.app.run_jobs().await;
        let shown = owner.get(&list).await;
        assert!(shown.text().contains("1 个地址送不到"), "{}", shown.text());
        let one = shown.attributes("href", &format!("{list}/"));
        let one = one.iter().find(|href| !href.ends_with("/new")).unwrap();
        let page = owner.get(one).await;
        assert!(page.text().contains("最后回答 500"), "{}", page.text());
        assert!(page.text().contains("预约已确认"), "{}", page.text());
        let rotated = owner.post(&format!("{one}/secret"), &[]).await;
        assert_eq!(rotated.attributes("value", "whsec_").len(), 1);
        for _ in 0..100 {
            house.app.clock.advance_minutes(60);
            house.app.run_jobs().await;
        }
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let page = owner.get(one).await;
        assert!(page.text().contains("1 条没送到"), "{}", page.text());
        let again = page.attributes("action", one);
        let again = again
            .iter()
            .find(|action| action.ends_with("/repetition"))
            .unwrap();
        listener.answer(204);
        assert_eq!(owner.post(again, &[]).await.status, 303);
        house.app.run_jobs().await;
        assert!(owner.get(one).await.text().contains("已送达"));
        assert_eq!(owner.post(&format!("{one}/removal"), &[]).await.status, 303);
        assert!(owner.get(&list).await.text().contains("还没有通知地址"));
        let stranger = house
            .app
            .signed_in(house.owner_of(house.foreign), "别家店主")
            .await;
        for path in [&list, one] {
            assert_eq!(stranger.get(path).await.status, 404, "{path}");
        }
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn the_guide_names_every_address_in_both_languages() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let guest = house.app.guest();
        let page = guest.get("/api").await;
        for one in crate::api::table().endpoints() {
            assert!(page.html().contains(one.path), "{}", one.path);
        }
        guest.post("/preferences", &[("lang", "en")]).await;
        let page = guest.get("/api").await;
        assert!(page.text().contains("The nearest shops"), "{}", page.text());
        let officer = house.app.centre().await;
        let home = officer.get("/console/connections").await;
        assert!(home.text().contains("清风堂盲人按摩") && home.text().contains("明心堂盲人按摩"));
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}
