//! What an account says to many: templates, notices, mass messages, articles.

use serde_json::{Value, json};

use super::calls::{get, ok, post, refused, sent, wire};
use super::support::*;
use crate::oa::{
    Comments, DraftArticle, ErrorCode, MassAudience, MassMessage, MassOptions, MassSending, MassStatus,
    MiniProgram, NetworkCheck, Operator, PictureArticle, PreviewFor, PublishStatus, Scene,
    SubscriptionNotice, TextArticle,
};

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

fn text() -> MassMessage {
    MassMessage::Text("您好".into())
}

fn mass_body(audience: &MassAudience, message: &MassMessage, options: &MassOptions) -> (String, Value) {
    let answer = json!({"errcode": 0, "errmsg": "ok", "msg_id": 34182, "msg_data_id": 206_227_730});
    sent(&answer, |a| {
        let sending = a.send_mass(at(), audience, message, options).unwrap();
        assert!(matches!(sending, MassSending::Accepted(_)));
        let receipt = sending.receipt();
        assert_eq!(
            (receipt.msg_id.as_str(), receipt.msg_data_id.as_deref()),
            ("34182", Some("206227730"))
        );
    })
}

#[test]
fn mass_messages_go_to_all_to_a_tag_or_to_people() {
    let none = MassOptions::default();
    let some = MassOptions {
        client_msg_id: Some("news-1".into()),
        even_reprints: true,
    };
    let people = MassAudience::People(vec!["o1".into(), "o2".into()]);
    for (audience, options, expected) in [
        (
            MassAudience::All,
            &none,
            post(
                "/cgi-bin/message/mass/sendall",
                json!({
                    "filter": {"is_to_all": true}, "msgtype": "text", "text": {"content": "您好"},
                    "send_ignore_reprint": 0
                }),
            ),
        ),
        (
            MassAudience::Tag(2),
            &some,
            post(
                "/cgi-bin/message/mass/sendall",
                json!({
                    "filter": {"is_to_all": false, "tag_id": 2}, "msgtype": "text", "text": {"content": "您好"},
                    "send_ignore_reprint": 1, "clientmsgid": "news-1"
                }),
            ),
        ),
        (
            people,
            &none,
            post(
                "/cgi-bin/message/mass/send",
                json!({
                    "touser": ["o1", "o2"], "msgtype": "text", "text": {"content": "您好"}, "send_ignore_reprint": 0
                }),
            ),
        ),
    ] {
        assert_eq!(mass_body(&audience, &text(), options), expected);
    }
}

#[test]
fn every_kind_of_mass_message() {
    let id = || "m".to_owned();
    let images = MassMessage::Images {
        media_ids: vec!["a".into(), "b".into()],
        recommend: "看".into(),
        comments: Comments::Followers,
    };
    for (message, kind, name, content) in [
        (
            MassMessage::Articles { media_id: id() },
            "mpnews",
            "mpnews",
            json!({"media_id": "m"}),
        ),
        (
            MassMessage::Voice { media_id: id() },
            "voice",
            "voice",
            json!({"media_id": "m"}),
        ),
        (
            images,
            "image",
            "images",
            json!({
                "media_ids": ["a", "b"], "recommend": "看", "need_open_comment": 1, "only_fans_can_comment": 1
            }),
        ),
        (
            MassMessage::Video { media_id: id() },
            "mpvideo",
            "mpvideo",
            json!({"media_id": "m"}),
        ),
        (
            MassMessage::Card { card_id: id() },
            "wxcard",
            "wxcard",
            json!({"card_id": "m"}),
        ),
    ] {
        let (_, body) = mass_body(&MassAudience::All, &message, &MassOptions::default());
        assert_eq!((&body["msgtype"], &body[name]), (&json!(kind), &content));
    }
}

#[test]
fn a_repeated_mass_message_gives_the_old_number() {
    let wire = wire(json!({"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": 34182}));
    let sending = account(&wire)
        .send_mass(at(), &MassAudience::All, &text(), &MassOptions::default())
        .unwrap();
    assert!(matches!(&sending, MassSending::Repeated(receipt) if receipt.msg_id == "34182"));
}

#[test]
fn impossible_mass_messages_are_not_sent() {
    let none = MassOptions::default();
    let people = |count: usize| MassAudience::People(vec!["o".into(); count]);
    for audience in [people(1), people(10_001)] {
        refused(|a| a.send_mass(at(), &audience, &text(), &none));
    }
    for id in [String::new(), "x".repeat(65)] {
        let options = MassOptions {
            client_msg_id: Some(id),
            even_reprints: false,
        };
        refused(|a| a.send_mass(at(), &MassAudience::All, &text(), &options));
    }
    let two = MassMessage::Images {
        media_ids: vec!["a".into(), "b".into()],
        recommend: String::new(),
        comments: Comments::Closed,
    };
    refused(|a| a.preview_mass(at(), &PreviewFor::Openid("o".into()), &two));
    refused(|a| a.send_mass(at(), &MassAudience::All, &MassMessage::Text(String::new()), &none));
    refused(|a| a.delete_mass(at(), "x", None));
    refused(|a| a.set_mass_speed(at(), 5));
}

#[test]
fn mass_messages_are_looked_at_followed_and_deleted() {
    let one = MassMessage::Images {
        media_ids: vec!["a".into()],
        recommend: String::new(),
        comments: Comments::Closed,
    };
    assert_eq!(
        sent(&ok(), |a| a
            .preview_mass(at(), &PreviewFor::Openid("o1".into()), &one)
            .unwrap()),
        post(
            "/cgi-bin/message/mass/preview",
            json!({"touser": "o1", "msgtype": "image", "image": {"media_id": "a"}})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a
            .preview_mass(at(), &PreviewFor::WeChatName("w".into()), &text())
            .unwrap())
        .1["towxname"],
        "w"
    );
    for (word, status) in [
        ("SEND_SUCCESS", MassStatus::Sent),
        ("SENDING", MassStatus::Sending),
        ("SEND_FAIL", MassStatus::Failed),
        ("DELETE", MassStatus::Deleted),
        ("MOON", MassStatus::Other("MOON".into())),
    ] {
        assert_eq!(
            sent(
                &json!({"msg_id": 201_053_012, "msg_status": word}),
                |a| assert_eq!(a.mass_status(at(), "201053012").unwrap(), status)
            ),
            post("/cgi-bin/message/mass/get", json!({"msg_id": "201053012"}))
        );
    }
    assert_eq!(
        sent(&ok(), |a| a.delete_mass(at(), "30124", Some(2)).unwrap()),
        post(
            "/cgi-bin/message/mass/delete",
            json!({"msg_id": 30124, "article_idx": 2})
        )
    );
    assert_eq!(
        sent(&json!({"speed": 3, "realspeed": 15}), |a| {
            let speed = a.mass_speed(at()).unwrap();
            assert_eq!((speed.speed, speed.real), (3, 15));
        }),
        post("/cgi-bin/message/mass/speed/get", json!({}))
    );
    assert_eq!(
        sent(&ok(), |a| a.set_mass_speed(at(), 1).unwrap()),
        post("/cgi-bin/message/mass/speed/set", json!({"speed": 1}))
    );
    assert_eq!(
        sent(
            &json!({"type": "video", "media_id": "V", "created_at": 1_398_848_981}),
            |a| assert_eq!(a.mass_video(at(), "M", "t", "d").unwrap(), "V")
        ),
        post(
            "/cgi-bin/media/uploadvideo",
            json!({"media_id": "M", "title": "t", "description": "d"})
        )
    );
}

fn article() -> TextArticle {
    TextArticle {
        title: "盲人按摩".into(),
        content: "<p>正文</p>".into(),
        cover_media_id: "C".into(),
        comments: Comments::Open,
        ..TextArticle::default()
    }
}

fn article_json() -> Value {
    json!({
        "article_type": "news", "title": "盲人按摩", "author": "", "digest": "", "content": "<p>正文</p>",
        "content_source_url": "", "thumb_media_id": "C", "need_open_comment": 1, "only_fans_can_comment": 0
    })
}

#[test]
fn drafts_are_made_and_changed() {
    let pictures = PictureArticle {
        title: "店里".into(),
        content: "三张".into(),
        media_ids: vec!["a".into(), "b".into()],
        comments: Comments::Closed,
    };
    let articles = [DraftArticle::Text(article()), DraftArticle::Pictures(pictures)];
    assert_eq!(
        sent(&json!({"media_id": "D"}), |a| assert_eq!(
            a.add_draft(at(), &articles).unwrap(),
            "D"
        )),
        post(
            "/cgi-bin/draft/add",
            json!({"articles": [article_json(), {
                "article_type": "newspic", "title": "店里", "content": "三张",
                "image_info": {"image_list": [{"image_media_id": "a"}, {"image_media_id": "b"}]},
                "need_open_comment": 0, "only_fans_can_comment": 0
            }]})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a.update_draft(at(), "D", 0, &articles[0]).unwrap()),
        post(
            "/cgi-bin/draft/update",
            json!({"media_id": "D", "index": 0, "articles": article_json()})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a.delete_draft(at(), "D").unwrap()),
        post("/cgi-bin/draft/delete", json!({"media_id": "D"}))
    );
}

#[test]
fn impossible_drafts_are_not_sent() {
    let broken = |change: &dyn Fn(&mut TextArticle)| {
        let mut article = article();
        change(&mut article);
        refused(|a| a.add_draft(at(), &[DraftArticle::Text(article)]));
    };
    broken(&|article| article.title.clear());
    broken(&|article| article.title = "字".repeat(33));
    broken(&|article| article.author = "字".repeat(17));
    broken(&|article| article.digest = "字".repeat(129));
    broken(&|article| article.content.clear());
    broken(&|article| article.content = "字".repeat(20_000));
    broken(&|article| article.source_url = "x".repeat(1025));
    broken(&|article| article.cover_media_id.clear());
    refused(|a| a.add_draft(at(), &[]));
    refused(|a| a.add_draft(at(), &vec![DraftArticle::Text(article()); 9]));
    let many = PictureArticle {
        title: "t".into(),
        media_ids: vec!["a".into(); 21],
        ..PictureArticle::default()
    };
    refused(|a| a.add_draft(at(), &[DraftArticle::Pictures(many)]));
}

#[test]
fn drafts_are_read() {
    let stored = json!({"news_item": [{
        "article_type": "newspic", "title": "t", "need_open_comment": 1, "only_fans_can_comment": 0, "url": "https://d",
        "image_info": {"image_list": [{"image_media_id": "a"}]}
    }], "create_time": 1, "update_time": 2});
    assert_eq!(
        sent(&stored, |a| {
            let draft = a.draft(at(), "D").unwrap();
            let article = &draft.articles[0];
            assert!(article.need_open_comment && !article.only_fans_can_comment);
            assert_eq!(article.image_info.image_list[0].image_media_id, "a");
        }),
        post("/cgi-bin/draft/get", json!({"media_id": "D"}))
    );
    assert_eq!(
        sent(&json!({"total_count": 5}), |a| assert_eq!(
            a.draft_count(at()).unwrap(),
            5
        )),
        get("/cgi-bin/draft/count")
    );
    let list = json!({"total_count": 5, "item_count": 1, "item": [
        {"media_id": "D", "content": {"news_item": [{"title": "t"}]}, "update_time": 3}
    ]});
    assert_eq!(
        sent(&list, |a| {
            let page = a.drafts(at(), 0, 20, false).unwrap();
            assert_eq!(page.items[0].content.articles[0].title, "t");
        }),
        post(
            "/cgi-bin/draft/batchget",
            json!({"offset": 0, "count": 20, "no_content": 1})
        )
    );
    refused(|a| a.drafts(at(), 0, 0, true));
}

#[test]
fn drafts_are_published() {
    let submitted = json!({"errcode": 0, "errmsg": "ok", "publish_id": 100_000_001, "msg_data_id": 7});
    assert_eq!(
        sent(&submitted, |a| assert_eq!(
            a.publish(at(), "D").unwrap(),
            "100000001"
        )),
        post("/cgi-bin/freepublish/submit", json!({"media_id": "D"}))
    );
    let done = json!({
        "publish_id": "100000001", "publish_status": 0, "article_id": "A",
        "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": "https://a"}]}, "fail_idx": []
    });
    assert_eq!(
        sent(&done, |a| {
            let publication = a.publication(at(), "100000001").unwrap();
            assert_eq!(publication.status, PublishStatus::Published);
            assert_eq!(publication.articles.item[0].url, "https://a");
        }),
        post("/cgi-bin/freepublish/get", json!({"publish_id": "100000001"}))
    );
    for (number, status) in [
        (1, PublishStatus::Publishing),
        (2, PublishStatus::NotOriginal),
        (3, PublishStatus::Failed),
        (4, PublishStatus::Refused),
        (5, PublishStatus::Deleted),
        (6, PublishStatus::Banned),
        (9, PublishStatus::Other(9)),
    ] {
        let answer = json!({"publish_id": "1", "publish_status": number, "fail_idx": [1, 2]});
        sent(&answer, |a| {
            let publication = a.publication(at(), "1").unwrap();
            assert_eq!((publication.status, publication.failed), (status, vec![1, 2]));
        });
    }
}

#[test]
fn publications_are_read_and_deleted() {
    assert_eq!(
        sent(&ok(), |a| a.delete_published(at(), "A", None).unwrap()),
        post(
            "/cgi-bin/freepublish/delete",
            json!({"article_id": "A", "index": 0})
        )
    );
    let stored = json!({"news_item": [{"title": "t", "is_deleted": false}]});
    assert_eq!(
        sent(&stored, |a| {
            assert!(!a.published_article(at(), "A").unwrap().articles[0].is_deleted);
        }),
        post("/cgi-bin/freepublish/getarticle", json!({"article_id": "A"}))
    );
    let list = json!({"total_count": 1, "item_count": 1, "item": [
        {"article_id": "A", "content": {"news_item": [{"title": "t"}]}, "update_time": 3}
    ]});
    assert_eq!(
        sent(&list, |a| assert_eq!(
            a.published(at(), 0, 1, true).unwrap().items[0].article_id,
            "A"
        )),
        post(
            "/cgi-bin/freepublish/batchget",
            json!({"offset": 0, "count": 1, "no_content": 0})
        )
    );
    refused(|a| a.published(at(), 0, 21, true));
}
