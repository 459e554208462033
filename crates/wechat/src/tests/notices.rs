//! What an account says to one: templates and subscription notices.

use serde_json::json;

use super::calls::{get, ok, post, refused, sent, wire};
use super::support::*;
use crate::oa::{MiniProgram, SubscriptionNotice};

#[test]
fn the_library_of_templates() {
    assert_eq!(
        sent(&ok(), |a| a.set_industries(at(), 1, 4).unwrap()),
        post(
            "/cgi-bin/template/api_set_industry",
            json!({"industry_id1": "1", "industry_id2": "4"})
        )
    );
    let industries = json!({
        "primary_industry": {"first_class": "医药护理", "second_class": "保健与卫生"},
        "secondary_industry": {"first_class": "商业服务", "second_class": "其它"}
    });
    assert_eq!(
        sent(&industries, |a| {
            assert_eq!(a.industries(at()).unwrap().primary.second_class, "保健与卫生");
        }),
        get("/cgi-bin/template/get_industry")
    );
    let added = json!({"errcode": 0, "errmsg": "ok", "template_id": "TPL"});
    assert_eq!(
        sent(&added, |a| assert_eq!(
            a.add_template(at(), "45000", &["项目", "时间"]).unwrap(),
            "TPL"
        )),
        post(
            "/cgi-bin/template/api_add_template",
            json!({"template_id_short": "45000", "keyword_name_list": ["项目", "时间"]})
        )
    );
    assert_eq!(
        sent(&added, |a| drop(a.add_template(at(), "TM00015", &[]).unwrap())).1,
        json!({"template_id_short": "TM00015"})
    );
    let all = json!({"template_list": [{
        "template_id": "TPL", "title": "预约成功通知", "primary_industry": "", "deputy_industry": "",
        "content": "项目:{{thing1.DATA}}\n时间:{{time2.DATA}}", "example": "项目:推拿"
    }]});
    assert_eq!(
        sent(&all, |a| assert_eq!(
            a.templates(at()).unwrap()[0].fields(),
            ["thing1", "time2"]
        )),
        get("/cgi-bin/template/get_all_private_template")
    );
    assert_eq!(
        sent(&ok(), |a| a.delete_template(at(), "TPL").unwrap()),
        post(
            "/cgi-bin/template/del_private_template",
            json!({"template_id": "TPL"})
        )
    );
}

#[test]
fn subscription_notices() {
    let mut notice = SubscriptionNotice {
        openid: "o1".into(),
        template_id: "N".into(),
        page: Some("https://a/b".into()),
        mini_program: Some(MiniProgram {
            appid: "wxmini".into(),
            pagepath: "p".into(),
        }),
        fields: vec![("thing1".into(), "推拿".into())],
    };
    assert_eq!(
        sent(&ok(), |a| a.send_notice(at(), &notice).unwrap()),
        post(
            "/cgi-bin/message/subscribe/bizsend",
            json!({
                "touser": "o1", "template_id": "N", "page": "https://a/b",
                "miniprogram": {"appid": "wxmini", "pagepath": "p"}, "data": {"thing1": {"value": "推拿"}}
            })
        )
    );
    let wire = wire(json!({"errcode": 43101, "errmsg": "user refuse to accept the msg rid: 1"}));
    let error = account(&wire).send_notice(at(), &notice).unwrap_err();
    assert_eq!(error.class(), crate::oa::Class::Refuse);
    notice.fields[0].1.clear();
    refused(|a| a.send_notice(at(), &notice));
}

#[test]
fn the_library_of_notices() {
    let categories = json!({"errcode": 0, "errmsg": "ok", "data": [{"id": 616, "name": "公交"}]});
    assert_eq!(
        sent(&categories, |a| assert_eq!(
            a.notice_categories(at()).unwrap()[0].id,
            616
        )),
        get("/wxaapi/newtmpl/getcategory")
    );
    let titles =
        json!({"count": 55, "data": [{"tid": 99, "title": "付款成功通知", "type": 2, "categoryId": "616"}]});
    assert_eq!(
        sent(&titles, |a| {
            let titles = a.notice_titles(at(), &[2, 616], 0, 30).unwrap();
            assert_eq!(
                (titles[0].tid.as_str(), titles[0].category.as_str()),
                ("99", "616")
            );
        }),
        get("/wxaapi/newtmpl/getpubtemplatetitles?ids=2%2C616&start=0&limit=30")
    );
    let keywords = json!({"data": [{"kid": 1, "name": "物品名称", "example": "名称", "rule": "thing"}]});
    assert_eq!(
        sent(&keywords, |a| assert_eq!(
            a.notice_keywords(at(), "99").unwrap()[0].rule,
            "thing"
        )),
        get("/wxaapi/newtmpl/getpubtemplatekeywords?tid=99")
    );
    assert_eq!(
        sent(
            &json!({"errmsg": "ok", "errcode": 0, "priTmplId": "P"}),
            |a| assert_eq!(
                a.add_notice_template(at(), "99", &[1, 2], "预约提醒").unwrap(),
                "P"
            )
        ),
        post(
            "/wxaapi/newtmpl/addtemplate",
            json!({"tid": "99", "kidList": [1, 2], "sceneDesc": "预约提醒"})
        )
    );
    let own = json!({"data": [{"priTmplId": "P", "title": "t", "content": "c", "example": "e", "type": 2}]});
    assert_eq!(
        sent(&own, |a| assert_eq!(a.notice_templates(at()).unwrap()[0].id, "P")),
        get("/wxaapi/newtmpl/gettemplate")
    );
    assert_eq!(
        sent(&ok(), |a| a.delete_notice_template(at(), "P").unwrap()),
        post("/wxaapi/newtmpl/deltemplate", json!({"priTmplId": "P"}))
    );
    refused(|a| a.notice_titles(at(), &[2], 0, 31));
    refused(|a| a.add_notice_template(at(), "99", &[1], "x"));
    refused(|a| a.add_notice_template(at(), "99", &[1, 2], &"字".repeat(16)));
}
