//! What pushes say, and XML that nobody honest sends.

use proptest::prelude::*;

use crate::Secret;
use crate::oa::{
    Body, Callback, CallbackQuery, Event, Kind, PhotoSource, Popup, PopupScene, Push, Refused,
    TemplateStatus, XmlError,
};

fn open(xml: &str) -> Result<Push, Refused> {
    let callback = Callback::plain(Secret::new("t".to_owned()));
    let query = CallbackQuery {
        signature: callback.signature(&["1", "2"]),
        timestamp: "1".into(),
        nonce: "2".into(),
        ..CallbackQuery::default()
    };
    callback
        .open(&query, xml.as_bytes())
        .map(crate::Verified::into_inner)
}

fn with(inner: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[o1]]></FromUserName>\n\
         <CreateTime>1348831860</CreateTime>\n{inner}\n</xml>"
    )
}

fn message(msg_type: &str, inner: &str) -> Body {
    let xml = with(&format!(
        "<MsgType><![CDATA[{msg_type}]]></MsgType><MsgId>1234567890123456</MsgId>{inner}"
    ));
    match open(&xml).unwrap().kind {
        Kind::Message(message) => {
            assert_eq!(message.id, 1_234_567_890_123_456);
            message.body
        }
        other => panic!("{other:?}"),
    }
}

pub(super) fn event(name: &str, inner: &str) -> Event {
    let xml = with(&format!(
        "<MsgType>event</MsgType><Event><![CDATA[{name}]]></Event>{inner}"
    ));
    match open(&xml).unwrap().kind {
        Kind::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn messages() {
    assert_eq!(
        message(
            "text",
            "<Content><![CDATA[你好 <b> & ]]&gt;😀]]></Content><bizmsgmenuid>101</bizmsgmenuid>"
        ),
        Body::Text {
            content: "你好 <b> & ]]&gt;😀".into(),
            menu_id: Some("101".into())
        }
    );
    assert_eq!(
        message("text", "<Content>a &lt;b&gt; &amp; &#20320;</Content>"),
        Body::Text {
            content: "a <b> & 你".into(),
            menu_id: None
        }
    );
    assert_eq!(
        message("image", "<PicUrl>https://p</PicUrl><MediaId>m</MediaId>"),
        Body::Image {
            url: "https://p".into(),
            media_id: "m".into()
        }
    );
    assert_eq!(
        message(
            "voice",
            "<MediaId>m</MediaId><Format>amr</Format><Recognition><![CDATA[]]></Recognition>"
        ),
        Body::Voice {
            media_id: "m".into(),
            format: "amr".into(),
            recognition: None
        }
    );
    for (kind, short) in [("video", false), ("shortvideo", true)] {
        assert_eq!(
            message(kind, "<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>"),
            Body::Video {
                media_id: "m".into(),
                thumb_media_id: "t".into(),
                short
            }
        );
    }
    assert_eq!(
        message(
            "location",
            "<Location_X>39.908722</Location_X><Location_Y>116.397496</Location_Y><Scale>16</Scale>\
             <Label><![CDATA[天安门]]></Label>"
        ),
        Body::Location {
            latitude: 39.908_722,
            longitude: 116.397_496,
            scale: 16,
            label: "天安门".into()
        }
    );
    assert_eq!(
        message("link", "<Title>t</Title><Description>d</Description><Url>u</Url>"),
        Body::Link {
            title: "t".into(),
            description: "d".into(),
            url: "u".into()
        }
    );
}

#[test]
fn what_is_not_known_is_kept() {
    let Body::Other { msg_type, fields } = message("hologram", "<A><B>1</B><B>2</B></A><C>3</C>") else {
        panic!("known?")
    };
    assert_eq!(msg_type, "hologram");
    assert_eq!(
        (
            fields["A.B"].as_str(),
            fields["A.B#2"].as_str(),
            fields["C"].as_str()
        ),
        ("1", "2", "3")
    );
    assert!(
        matches!(message("image", "<MediaId>m</MediaId>"), Body::Other { .. }),
        "a part is missing"
    );
    assert!(matches!(
        message("location", "<Location_X>NaN</Location_X>"),
        Body::Other { .. }
    ));
    assert!(matches!(event("brand_new", ""), Event::Other { event, .. } if event == "brand_new"));
    assert!(
        matches!(event("CLICK", ""), Event::Other { .. }),
        "a key is missing"
    );
}

#[test]
fn events_of_people() {
    assert_eq!(
        event(
            "subscribe",
            "<EventKey>qrscene_shop-7</EventKey><Ticket>T</Ticket>"
        ),
        Event::Subscribe {
            scene: Some("shop-7".into()),
            ticket: Some("T".into())
        }
    );
    assert_eq!(event("unsubscribe", "<EventKey/>"), Event::Unsubscribe);
    assert_eq!(
        event("SCAN", "<EventKey>shop-7</EventKey>"),
        Event::Scan {
            scene: "shop-7".into(),
            ticket: None
        }
    );
    assert_eq!(
        event(
            "LOCATION",
            "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119.4</Precision>"
        ),
        Event::Location {
            latitude: 23.1,
            longitude: 113.3,
            precision: 119.4
        }
    );
    assert_eq!(
        event("CLICK", "<EventKey>near</EventKey>"),
        Event::Click { key: "near".into() }
    );
    assert_eq!(
        event("VIEW", "<EventKey>https://a/b</EventKey><MenuId>M</MenuId>"),
        Event::View {
            url: "https://a/b".into(),
            menu_id: Some("M".into())
        }
    );
    let scan = "<EventKey>6</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>";
    for (name, wait) in [("scancode_push", false), ("scancode_waitmsg", true)] {
        assert_eq!(
            event(name, scan),
            Event::ScanCode {
                key: "6".into(),
                wait,
                scan_type: "qrcode".into(),
                result: "1".into()
            }
        );
    }
}

#[test]
fn events_of_menu_pictures_and_places() {
    let pictures = "<EventKey>6</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>\
                    <item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>";
    for (name, source) in [
        ("pic_sysphoto", PhotoSource::Camera),
        ("pic_photo_or_album", PhotoSource::CameraOrAlbum),
        ("pic_weixin", PhotoSource::Album),
    ] {
        assert_eq!(
            event(name, pictures),
            Event::Photos {
                key: "6".into(),
                source,
                md5: vec!["a".into(), "b".into()]
            }
        );
    }
    let place = "<EventKey>6</EventKey><SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y>\
                 <Label>广州</Label></SendLocationInfo>";
    assert!(
        matches!(event("location_select", place), Event::LocationSelect { label, .. } if label == "广州")
    );
}

#[test]
fn events_of_results() {
    for (text, status) in [
        ("success", TemplateStatus::Success),
        ("failed:user block", TemplateStatus::UserBlocked),
        ("failed: system failed", TemplateStatus::SystemFailed),
        ("failed:freq limit", TemplateStatus::TooMany),
        ("failed:moon", TemplateStatus::Other("failed:moon".into())),
    ] {
        assert_eq!(
            event(
                "TEMPLATESENDJOBFINISH",
                &format!("<MsgID>200163836</MsgID><Status>{text}</Status>")
            ),
            Event::TemplateSendFinished {
                msg_id: "200163836".into(),
                status
            }
        );
    }
}

#[test]
fn events_of_settings_and_sessions() {
    let popup = "<SubscribeMsgPopupEvent><List><TemplateId>T</TemplateId>\
                 <SubscribeStatusString>accept</SubscribeStatusString><PopupScene>1</PopupScene></List>\
                 <List><TemplateId>U</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>\
                 </SubscribeMsgPopupEvent>";
    assert_eq!(
        event("subscribe_msg_popup_event", popup),
        Event::SubscribePopup(vec![
            Popup {
                template_id: "T".into(),
                accepted: true,
                scene: Some(PopupScene::Page)
            },
            Popup {
                template_id: "U".into(),
                accepted: false,
                scene: None
            }
        ])
    );
    let change = popup.replace("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent");
    assert!(
        matches!(event("subscribe_msg_change_event", &change), Event::SubscribeChange(list) if list.len() == 2)
    );
    assert_eq!(
        event("user_info_modified", "<OpenID>o</OpenID>"),
        Event::UserInfoModified { openid: "o".into() }
    );
    assert_eq!(
        event("user_authorization_cancellation", "<OpenID>o</OpenID>"),
        Event::AuthorizationCancelled { openid: "o".into() }
    );
    assert_eq!(
        event("kf_create_session", "<KfAccount>a</KfAccount>"),
        Event::SessionOpened { account: "a".into() }
    );
    assert_eq!(
        event(
            "kf_close_session",
            "<KfAccount>a</KfAccount><CloseType>KF</CloseType>"
        ),
        Event::SessionClosed {
            account: "a".into(),
            by: Some("KF".into())
        }
    );
    assert_eq!(
        event(
            "view_miniprogram",
            "<EventKey>pages/i</EventKey><MenuId>M</MenuId>"
        ),
        Event::ViewMiniProgram {
            page: "pages/i".into(),
            menu_id: Some("M".into())
        }
    );
    assert!(matches!(
        event("user_authorization_revoke", "<OpenID>o</OpenID><RevokeInfo>1,2</RevokeInfo>"),
        Event::AuthorizationRevoked { revoke_info, .. } if revoke_info == "1,2"
    ));
    assert!(matches!(
        event(
            "kf_switch_session",
            "<FromKfAccount>a</FromKfAccount><ToKfAccount>b</ToKfAccount>"
        ),
        Event::SessionSwitched { .. }
    ));
}

#[test]
fn hostile_xml_is_refused() {
    let deep = format!("{}{}", "<a>".repeat(50), "</a>".repeat(50));
    let wide = format!("<xml>{}</xml>", "<a/>".repeat(5000));
    let long = with(&format!(
        "<MsgType>text</MsgType><Content>{}</Content>",
        "x".repeat(300_000)
    ));
    let cases = [
        (
            "<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml>&a;</xml>",
            XmlError::Forbidden,
        ),
        ("<xml><Content>&a;</Content></xml>", XmlError::Forbidden),
        ("<xml><?php echo 1 ?></xml>", XmlError::Forbidden),
        ("<xml a=\"1\"></xml>", XmlError::Forbidden),
        (&deep, XmlError::TooLarge),
        (&wide, XmlError::TooLarge),
        (&long, XmlError::TooLarge),
        ("", XmlError::Malformed),
        ("<xml>", XmlError::Malformed),
        ("<xml></lmx>", XmlError::Malformed),
        ("<xml></xml><xml></xml>", XmlError::Malformed),
        ("<xml></xml>tail", XmlError::Malformed),
        ("text", XmlError::Malformed),
        ("<xml><![CDATA[</xml>", XmlError::Malformed),
        ("<xml>&#0;</xml>", XmlError::Malformed),
        ("<xml>&#xD800;</xml>", XmlError::Malformed),
    ];
    for (xml, error) in cases {
        assert_eq!(
            open(xml).unwrap_err(),
            Refused::Xml(error),
            "{}",
            &xml[..xml.len().min(80)]
        );
    }
}

#[test]
fn a_push_without_its_head_is_refused() {
    for xml in [
        "<xml></xml>",
        "<xml><MsgType>text</MsgType><MsgId>1</MsgId></xml>",
        "<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>x</CreateTime>\
         <MsgType>text</MsgType><MsgId>1</MsgId></xml>",
        "<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>1</CreateTime>\
         <MsgType>text</MsgType></xml>",
    ] {
        assert!(matches!(open(xml), Err(Refused::Push(_))), "{xml}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(<[/!?]?[a-z]{0,3}>?|&[a-z#0-9]{0,4};?|\\]\\]>|<!\\[CDATA\\[|[^<&]){0,40}") {
        let opened = open(&text);
        prop_assert!(opened.is_err());
    }
}
