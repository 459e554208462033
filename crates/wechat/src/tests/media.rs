//! Files that go out and come in.

use http::Response;
use serde_json::json;

use super::calls::{get, ok, post, refused, sent, wire};
use super::support::*;
use crate::oa::{Account, Error, ErrorCode, Material, Media, MediaKind, Upload, VideoWords};

fn file(bytes: &[u8]) -> Upload {
    Upload {
        name: "shop.jpg".into(),
        content_type: "image/jpeg".into(),
        bytes: bytes.to_vec(),
    }
}

/// The parts of the last request: head and contents of each. A reader of its own, by RFC 7578.
fn parts(wire: &Wire) -> Vec<(String, Vec<u8>)> {
    let seen = wire.seen.lock().unwrap();
    let last = seen.last().unwrap();
    let kind = last.headers()["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let mut rest = last.body().as_slice();
    let mut parts = Vec::new();
    let delimiter = format!("--{boundary}");
    rest = rest
        .strip_prefix(delimiter.as_bytes())
        .expect("begins with the boundary");
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, format!("\r\n{delimiter}").as_bytes()).expect("every part ends");
        let (part, after) = part.split_at(end);
        rest = &after[2 + delimiter.len()..];
        let middle = find(part, b"\r\n\r\n").expect("a head and contents");
        parts.push((
            String::from_utf8(part[..middle].to_vec()).unwrap(),
            part[middle + 4..].to_vec(),
        ));
    }
    assert_eq!(rest, b"--\r\n", "ends with the closing boundary");
    parts
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn uploaded(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let wire = wire(json!({"type": "image", "media_id": "M", "created_at": 123_456_789}));
    let media = account(&wire)
        .upload_media(at(), MediaKind::Image, &file(bytes))
        .unwrap();
    assert_eq!((media.media_id.as_str(), media.created_at), ("M", 123_456_789));
    assert_eq!(wire.path(1), "/cgi-bin/media/upload?access_token=T&type=image");
    parts(&wire)
}

#[test]
fn an_upload_is_one_part_named_media() {
    let parts = uploaded(b"\xFF\xD8\xFF\x00");
    assert_eq!(
        parts,
        [(
            "Content-Disposition: form-data; name=\"media\"; filename=\"shop.jpg\"\r\nContent-Type: image/jpeg".to_owned(),
            b"\xFF\xD8\xFF\x00".to_vec()
        )]
    );
}

#[test]
fn any_bytes_are_sent_whole() {
    let boundaries: String = (0..3)
        .map(|number| format!("\r\n------wechat-form-{number:08x}--\r\n"))
        .collect();
    let every: Vec<u8> = (0..=255).collect();
    for bytes in [
        boundaries.as_bytes(),
        b"\r\n",
        b"----wechat-form-00000000",
        b"ends with a boundary\r\n------wechat-form-00000000",
        &every,
    ] {
        let parts = uploaded(bytes);
        assert_eq!((parts.len(), parts[0].1.as_slice()), (1, bytes));
    }
}

#[test]
fn a_file_name_cannot_break_out_of_its_head() {
    let wire = wire(json!({"type": "image", "media_id": "M", "created_at": 1}));
    let mut evil = file(b"x");
    evil.name = "a\"; name=\"b\"\r\nX-Evil: 1\r\n\r\n.jpg".into();
    evil.content_type = "image/jpeg\r\nX-Evil: 2".into();
    account(&wire)
        .upload_media(at(), MediaKind::Image, &evil)
        .unwrap();
    let (head, content) = parts(&wire).remove(0);
    assert_eq!(content, b"x");
    assert_eq!(head.lines().count(), 2, "{head}");
    assert!(
        head.contains("filename=\"a%22; name=%22b%22%0D%0AX-Evil: 1%0D%0A%0D%0A.jpg\""),
        "{head}"
    );
    assert!(head.ends_with("application/octet-stream"), "{head}");
}

#[test]
fn files_that_are_empty_or_too_large_are_not_sent() {
    for (kind, most) in [
        (MediaKind::Image, 10 << 20),
        (MediaKind::Voice, 2 << 20),
        (MediaKind::Video, 10 << 20),
        (MediaKind::Thumb, 64 << 10),
    ] {
        refused(|a| a.upload_media(at(), kind, &file(b"")));
        refused(|a| a.upload_media(at(), kind, &file(&vec![0; most + 1])));
    }
    refused(|a| a.upload_article_image(at(), &file(&vec![0; 1 << 20])));
    refused(|a| a.add_material(at(), MediaKind::Video, &file(b"x")));
    refused(|a| a.materials(at(), MediaKind::Thumb, 0, 20));
    refused(|a| a.materials(at(), MediaKind::Image, 0, 21));
}

#[test]
fn a_thumbnail_has_an_id_of_another_name() {
    let wire = wire(json!({"type": "thumb", "thumb_media_id": "M", "created_at": 1}));
    let media = account(&wire)
        .upload_media(at(), MediaKind::Thumb, &file(b"x"))
        .unwrap();
    assert_eq!(media.media_id, "M");
}

/// WeChat answers the token and then this file.
fn serving(content_type: &'static str, bytes: &'static [u8]) -> std::sync::Arc<Wire> {
    Wire::new(move |_, request| {
        if request.uri().path() == "/cgi-bin/stable_token" {
            return json_answer(&json!({"access_token": "T", "expires_in": 7200}));
        }
        let limit = request.extensions().get::<crate::BodyLimit>().unwrap();
        assert!(limit.0 >= 10 << 20, "a video fits");
        Ok(Response::builder()
            .header("content-type", content_type)
            .header("content-disposition", "attachment; filename=\"M.jpg\"")
            .body(bytes.to_vec())
            .unwrap())
    })
}

#[test]
fn a_file_is_told_from_an_error_by_its_bytes() {
    for content_type in ["image/jpeg", "text/plain", "application/json"] {
        let wire = serving(content_type, b"\xFF\xD8\xFF{\"errcode\":40007}");
        let Media::File(file) = account(&wire).media(at(), "M&1").unwrap() else {
            panic!("no file")
        };
        assert_eq!(
            (file.content_type.as_str(), file.name.as_deref(), file.bytes.len()),
            (content_type, Some("M.jpg"), 20)
        );
        assert_eq!(wire.path(1), "/cgi-bin/media/get?access_token=T&media_id=M%261");

        let wire = serving(
            content_type,
            b"{\"errcode\":40007,\"errmsg\":\"invalid media_id\"}",
        );
        let error = account(&wire).media(at(), "M").unwrap_err();
        assert!(
            matches!(
                error,
                Error::Api {
                    code: ErrorCode::InvalidMediaId,
                    ..
                }
            ),
            "{content_type}"
        );
    }
    let nothing = serving("image/jpeg", b"");
    assert!(matches!(
        account(&nothing).media(at(), "M"),
        Err(Error::Unreadable { .. })
    ));
}

#[test]
fn a_video_is_an_address() {
    assert_eq!(
        sent(&json!({"video_url": "https://v"}), |a| assert_eq!(
            a.media(at(), "M").unwrap(),
            Media::Video {
                url: "https://v".into()
            }
        )),
        get("/cgi-bin/media/get?media_id=M")
    );
    let wire = serving("audio/amr", b"#!AMR\n");
    account(&wire).recorded_voice(at(), "M").unwrap();
    assert_eq!(wire.path(1), "/cgi-bin/media/get/jssdk?access_token=T&media_id=M");
}

#[test]
fn pictures_for_articles() {
    let wire = wire(json!({"url": "https://mmbiz/1", "errcode": 0}));
    assert_eq!(
        account(&wire).upload_article_image(at(), &file(b"x")).unwrap(),
        "https://mmbiz/1"
    );
    assert_eq!(wire.path(1), "/cgi-bin/media/uploadimg?access_token=T");
    assert!(parts(&wire)[0].0.contains("name=\"media\""));
}

#[test]
fn permanent_files_are_added() {
    let wire = wire(json!({"media_id": "M", "url": "https://p", "item": []}));
    let account = account(&wire);
    let stored = account.add_material(at(), MediaKind::Image, &file(b"x")).unwrap();
    assert_eq!(
        (stored.media_id.as_str(), stored.url.as_deref()),
        ("M", Some("https://p"))
    );
    assert_eq!(
        wire.path(1),
        "/cgi-bin/material/add_material?access_token=T&type=image"
    );
    let words = VideoWords {
        title: "按摩".into(),
        introduction: "一分钟".into(),
    };
    account.add_video(at(), &file(b"mp4"), &words).unwrap();
    let parts = parts(&wire);
    assert_eq!(parts[0].0, "Content-Disposition: form-data; name=\"description\"");
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&parts[0].1).unwrap(),
        json!({"title": "按摩", "introduction": "一分钟"})
    );
    assert_eq!(parts[1].1, b"mp4");
}

fn material(a: &Account) -> Material {
    a.material(at(), "M").unwrap()
}

#[test]
fn permanent_files_are_fetched_in_their_three_forms() {
    let picture = serving("image/png", b"\x89PNG");
    assert!(matches!(material(&account(&picture)), Material::File(file) if file.bytes == b"\x89PNG"));
    assert_eq!(
        sent(
            &json!({"title": "t", "description": "d", "down_url": "https://v"}),
            |a| assert_eq!(
                material(a),
                Material::Video {
                    title: "t".into(),
                    description: "d".into(),
                    url: "https://v".into()
                }
            )
        ),
        post("/cgi-bin/material/get_material", json!({"media_id": "M"}))
    );
    let news =
        json!({"news_item": [{"title": "t", "thumb_media_id": "T", "show_cover_pic": 1, "content": "<p>"}]});
    sent(&news, |a| {
        assert!(matches!(material(a), Material::Articles(stored) if stored.articles[0].title == "t"));
    });
}

#[test]
fn permanent_files_are_counted_listed_and_deleted() {
    let count = json!({"voice_count": 1, "video_count": 2, "image_count": 3, "news_count": 4});
    assert_eq!(
        sent(&count, |a| {
            let count = a.material_count(at()).unwrap();
            assert_eq!(
                (count.voices, count.videos, count.images, count.articles),
                (1, 2, 3, 4)
            );
        }),
        get("/cgi-bin/material/get_materialcount")
    );
    let list = json!({"total_count": 7, "item_count": 1, "item": [
        {"media_id": "M", "name": "shop.jpg", "update_time": 1_434_093_047, "url": "https://p"}
    ]});
    assert_eq!(
        sent(&list, |a| {
            let page = a.materials(at(), MediaKind::Image, 40, 20).unwrap();
            assert_eq!((page.total, page.items[0].name.as_str()), (7, "shop.jpg"));
        }),
        post(
            "/cgi-bin/material/batchget_material",
            json!({"type": "image", "offset": 40, "count": 20})
        )
    );
    assert_eq!(
        sent(&ok(), |a| a.delete_material(at(), "M").unwrap()),
        post("/cgi-bin/material/del_material", json!({"media_id": "M"}))
    );
}
