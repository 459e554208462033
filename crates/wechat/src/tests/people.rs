//! Followers, tags, the block list.

use serde_json::json;

use super::calls::{get, ok, post, refused, sent, wire};
use super::support::*;

fn many(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("o{number}")).collect()
}

fn refs(openids: &[String]) -> Vec<&str> {
    openids.iter().map(String::as_str).collect()
}

#[test]
fn followers_come_in_pages() {
    let page = json!({"total": 2, "count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"});
    assert_eq!(
        sent(&page, |a| {
            let page = a.followers(at(), None).unwrap();
            assert_eq!((page.total, page.next.as_deref()), (Some(2), Some("o2")));
            assert_eq!(page.openids, ["o1", "o2"]);
        }),
        get("/cgi-bin/user/get")
    );
    let end = json!({"total": 2, "count": 0, "next_openid": ""});
    assert_eq!(
        sent(&end, |a| {
            let page = a.followers(at(), Some("o2")).unwrap();
            assert!(page.openids.is_empty() && page.next.is_none());
        }),
        get("/cgi-bin/user/get?next_openid=o2")
    );
}

#[test]
fn up_to_a_hundred_people_are_asked_about_at_once() {
    let answer = json!({"user_info_list": [
        {"subscribe": 1, "openid": "o1", "language": "zh_CN", "subscribe_time": 1_434_093_047, "remark": "",
         "unionid": "u1", "groupid": 0, "tagid_list": [128, 2], "subscribe_scene": "ADD_SCENE_QR_CODE",
         "qr_scene": 98765, "qr_scene_str": "shop-7"},
        {"subscribe": 0, "openid": "o2"}
    ]});
    assert_eq!(
        sent(&answer, |a| {
            let infos = a.user_infos(at(), &["o1", "o2"]).unwrap();
            assert_eq!(infos[0].tagid_list, [128, 2]);
            assert!(infos[0].follows() && !infos[1].follows());
        }),
        post(
            "/cgi-bin/user/info/batchget",
            json!({"user_list": [{"openid": "o1", "lang": "zh_CN"}, {"openid": "o2", "lang": "zh_CN"}]})
        )
    );
    refused(|a| a.user_infos(at(), &[]));
    refused(|a| a.user_infos(at(), &refs(&many(101))));
}

#[test]
fn remarks() {
    assert_eq!(
        sent(&ok(), |a| a.set_remark(at(), "o1", "老顾客").unwrap()),
        post(
            "/cgi-bin/user/info/updateremark",
            json!({"openid": "o1", "remark": "老顾客"})
        )
    );
    refused(|a| a.set_remark(at(), "o1", &"字".repeat(30)));
}

#[test]
fn tags_are_made_and_changed() {
    let made = json!({"tag": {"id": 134, "name": "广东"}});
    assert_eq!(
        sent(&made, |a| assert_eq!(a.create_tag(at(), "广东").unwrap().id, 134)),
        post("/cgi-bin/tags/create", json!({"tag": {"name": "广东"}}))
    );
    let all = json!({"tags": [{"id": 1, "name": "每天一罐可乐星人", "count": 0}, {"id": 2, "name": "星标组", "count": 7}]});
    assert_eq!(
        sent(&all, |a| assert_eq!(a.tags(at()).unwrap()[1].count, 7)),
        get("/cgi-bin/tags/get")
    );
    assert_eq!(
        sent(&ok(), |a| a.rename_tag(at(), 134, "广东人").unwrap()),
        post(
            "/cgi-bin/tags/update",
            json!({"tag": {"id": 134, "name": "广东人"}})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a.delete_tag(at(), 134).unwrap()),
        post("/cgi-bin/tags/delete", json!({"tag": {"id": 134}}))
    );
    refused(|a| a.create_tag(at(), ""));
    refused(|a| a.rename_tag(at(), 134, &"字".repeat(31)));
}

#[test]
fn tags_are_given_and_taken() {
    let body = json!({"openid_list": ["o1", "o2"], "tagid": 134});
    assert_eq!(
        sent(&ok(), |a| a.tag(at(), 134, &["o1", "o2"]).unwrap()),
        post("/cgi-bin/tags/members/batchtagging", body.clone())
    );
    assert_eq!(
        sent(&ok(), |a| a.untag(at(), 134, &["o1", "o2"]).unwrap()),
        post("/cgi-bin/tags/members/batchuntagging", body)
    );
    assert_eq!(
        sent(&json!({"tagid_list": [134, 2]}), |a| {
            assert_eq!(a.tags_of(at(), "o1").unwrap(), [134, 2]);
        }),
        post("/cgi-bin/tags/getidlist", json!({"openid": "o1"}))
    );
    let page = json!({"count": 1, "data": {"openid": ["o1"]}, "next_openid": "o1"});
    assert_eq!(
        sent(&page, |a| {
            let page = a.tagged(at(), 134, None).unwrap();
            assert_eq!((page.total, page.next.as_deref()), (None, Some("o1")));
        }),
        post("/cgi-bin/user/tag/get", json!({"tagid": 134, "next_openid": ""}))
    );
    refused(|a| a.tag(at(), 134, &refs(&many(51))));
    refused(|a| a.untag(at(), 134, &[]));
}

#[test]
fn the_block_list() {
    let page = json!({"total": 23_000, "count": 1, "data": {"openid": ["o1"]}, "next_openid": "o1"});
    assert_eq!(
        sent(&page, |a| {
            assert_eq!(a.blocked(at(), Some("o0")).unwrap().openids, ["o1"]);
        }),
        post(
            "/cgi-bin/tags/members/getblacklist",
            json!({"begin_openid": "o0"})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a.block(at(), &["o1"]).unwrap()),
        post(
            "/cgi-bin/tags/members/batchblacklist",
            json!({"openid_list": ["o1"]})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a.unblock(at(), &["o1"]).unwrap()),
        post(
            "/cgi-bin/tags/members/batchunblacklist",
            json!({"openid_list": ["o1"]})
        )
    );
    refused(|a| a.block(at(), &refs(&many(21))));
    refused(|a| a.unblock(at(), &[]));
}

#[test]
fn errors_of_people_are_refusals() {
    let wire = wire(json!({"errcode": 45059, "errmsg": "invalid tag size rid: 5f-1"}));
    let error = account(&wire).tag(at(), 134, &["o1"]).unwrap_err();
    assert_eq!(error.class(), crate::oa::Class::Refuse);
    assert_eq!(error.rid(), Some("5f-1"));
}
