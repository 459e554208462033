//! Messages to many.

use serde_json::{Value, json};

use super::calls::{ok, post, refused, sent, wire};
use super::support::*;
use crate::oa::{Comments, MassAudience, MassMessage, MassOptions, MassSending, MassStatus, PreviewFor};

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
