//! A customer deletes the account through its page.

use super::*;

#[test]
fn a_customer_reads_what_is_left_and_deletes_the_account() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let guest = visit.app.guest().get("/me/deletion").await;
        assert!(guest.location().unwrap().starts_with("/wechat/sign-in"));
        visit.booked(900).await;
        let page = visit.zhang.get("/me/deletion").await;
        assert!(page.text().contains("有 1 个预约没有结束"), "{}", page.text());
        let no = visit.zhang.post("/me/deletion", &[("sure", "1")]).await;
        assert_eq!(no.status, 409);
        assert!(no.text().contains("不能注销"), "{}", no.text());

        let me = visit.wang.get("/me").await;
        assert!(me.html().contains("href=\"/me/deletion\""), "{}", me.html());
        let free = visit.wang.get("/me/deletion").await;
        assert!(
            free.text().contains("可以注销，注销后不能恢复"),
            "{}",
            free.text()
        );
        let unsure = visit.wang.post("/me/deletion", &[]).await;
        assert_eq!(unsure.status, 422, "{}", unsure.text());
        assert!(unsure.text().contains("请勾选"), "{}", unsure.text());
        let done = visit.wang.post("/me/deletion", &[("sure", "1")]).await;
        assert_eq!(done.location(), Some("/"), "{}", done.text());
        let after = visit.wang.get("/me").await;
        assert!(
            after.location().unwrap().starts_with("/wechat/sign-in"),
            "signed out"
        );
        visit.done();
    });
}
