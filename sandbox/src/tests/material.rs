//! Material, drafts and published articles.

use serde_json::{Value, json};

use super::talk::push_with;
use super::*;

/// The beginning of a file of each kind, which is all that WeChat looks at.
fn sample(name: &str) -> Vec<u8> {
    let bytes: &[u8] = match name.rsplit_once('.').unwrap().1 {
        "png" => b"\x89PNG\r\n\x1a\n....",
        "jpg" => b"\xff\xd8\xff\xe0....",
        "amr" => b"#!AMR\n\x0c............",
        "mp4" => b"\0\0\0\x18ftypmp42....",
        _ => b"hello",
    };
    bytes.to_vec()
}

/// A form with a file, as a browser would send it.
pub fn send_file(bench: &Bench, path: &str, name: &str, bytes: &[u8], description: Option<Value>) -> Answer {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"media\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    if let Some(description) = description {
        let part = format!(
            "\r\n--edge\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n{description}"
        );
        body.extend(part.into_bytes());
    }
    body.extend(b"\r\n--edge--\r\n");
    let request = bench
        .request("POST", path)
        .header("content-type", "multipart/form-data; boundary=edge");
    bench.send(request.body(body).unwrap()).unwrap()
}

pub fn upload(bench: &Bench, api: &Api<'_>, path: &str, kind: &str, name: &str) -> Value {
    let path = api.path(&format!("{path}?type={kind}"));
    send_file(bench, &path, name, &sample(name), None).json()
}

/// An article with a cover that stands on the shelf.
pub fn article(bench: &Bench, api: &Api<'_>, title: &str) -> Value {
    let cover = upload(bench, api, "/cgi-bin/material/add_material", "image", "cover.png");
    json!({"title": title, "content": "<p>多喝水。</p>", "thumb_media_id": cover["media_id"]})
}

#[test]
fn temporary_material_is_checked_and_lives_three_days() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let path = |kind: &str| api.path(&format!("/cgi-bin/media/upload?type={kind}"));
    let code = |kind: &str, name: &str, bytes: &[u8]| {
        send_file(&bench, &path(kind), name, bytes, None).json()["errcode"].clone()
    };
    let long = |name: &str, length: usize| {
        let mut bytes = sample(name);
        bytes.resize(length, 0);
        bytes
    };
    let mut minute = b"#!AMR\n".to_vec();
    minute.resize(6 + 3001 * 13, 0);
    assert_eq!(code("picture", "a.png", &sample("a.png")), 40004);
    assert_eq!(code("image", "a.txt", &sample("a.txt")), 40113);
    assert_eq!(code("thumb", "a.png", &sample("a.png")), 40113);
    assert_eq!(code("image", "a.png", b""), 44001);
    assert_eq!(
        code("image", "a.png", &long("a.png", 10 * 1024 * 1024 + 1)),
        40009
    );
    assert_eq!(code("voice", "a.amr", &long("a.amr", 2 * 1024 * 1024 + 1)), 40010);
    assert_eq!(
        code("video", "a.mp4", &long("a.mp4", 10 * 1024 * 1024 + 1)),
        40011
    );
    assert_eq!(code("thumb", "a.jpg", &long("a.jpg", 64 * 1024 + 1)), 40012);
    assert_eq!(code("voice", "a.amr", &minute), 45007);
    assert_eq!(bench.post(&path("image"), json!({})).json()["errcode"], 41005);

    let big = long("a.png", 10 * 1024 * 1024);
    let kept = send_file(&bench, &path("image"), "a.png", &big, None).json();
    assert_eq!(kept["type"], "image");
    let file = format!(
        "/cgi-bin/media/get?media_id={}",
        kept["media_id"].as_str().unwrap()
    );
    let got = bench.get(&api.path(&file));
    assert_eq!((got.header("content-type"), got.body == big), ("image/png", true));
    assert!(
        got.header("content-disposition")
            .starts_with("attachment; filename=")
    );
    let film = upload(&bench, &api, "/cgi-bin/media/upload", "video", "a.mp4");
    let query = format!("media_id={}", film["media_id"].as_str().unwrap());
    let address = api.get("/cgi-bin/media/get", &query)["video_url"].clone();
    let address = address.as_str().unwrap().replace(&bench.credentials.api, "");
    assert_eq!(bench.get(&address).body, sample("a.mp4"));

    bench.post("/control/time", json!({"forward_minutes": 3 * 24 * 60}));
    let api = Api::open(&bench);
    assert_eq!(bench.get(&api.path(&file)).json()["errcode"], 40007);
    let small = send_file(
        &bench,
        &api.path("/cgi-bin/media/uploadimg"),
        "a.png",
        &sample("a.png"),
        None,
    )
    .json();
    assert!(small["url"].as_str().unwrap().starts_with(&bench.credentials.api));
    let huge = send_file(&bench, &api.path("/cgi-bin/media/uploadimg"), "a.png", &big, None).json();
    assert_eq!(huge["errcode"], 40009);
}

#[test]
fn permanent_material_is_counted_listed_and_deleted() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let add = "/cgi-bin/material/add_material";
    let image = upload(&bench, &api, add, "image", "a.png");
    assert!(image["url"].is_string());
    upload(&bench, &api, add, "voice", "a.amr");
    assert_eq!(upload(&bench, &api, add, "video", "a.mp4")["errcode"], 41005);
    let words = json!({"title": "片", "introduction": "介"});
    let path = api.path(&format!("{add}?type=video"));
    let film = send_file(&bench, &path, "a.mp4", &sample("a.mp4"), Some(words)).json();
    let shown = api.post(
        "/cgi-bin/material/get_material",
        json!({"media_id": film["media_id"]}),
    );
    assert_eq!(
        (&shown["title"], &shown["description"]),
        (&json!("片"), &json!("介"))
    );
    let count = api.get("/cgi-bin/material/get_materialcount", "");
    assert_eq!(
        [
            &count["image_count"],
            &count["voice_count"],
            &count["video_count"]
        ],
        [&json!(1), &json!(1), &json!(1)]
    );
    let list = |kind: &str, count: i64| {
        let body = json!({"type": kind, "offset": 0, "count": count});
        api.post("/cgi-bin/material/batchget_material", body)
    };
    assert_eq!(list("image", 20)["item"][0]["media_id"], image["media_id"]);
    assert_eq!(list("image", 21)["errcode"], 40035);

    let id = image["media_id"].clone();
    let button = json!({"button": [{"name": "图", "type": "media_id", "media_id": id}]});
    assert_eq!(api.post("/cgi-bin/menu/create", button)["errcode"], 0);
    let tapped = bench
        .post("/control/people/liu/menu", json!({"name": "图"}))
        .json();
    assert_eq!(tapped["messages"][0]["kind"], "image");
    let delete = || api.post("/cgi-bin/material/del_material", json!({"media_id": id}))["errcode"].clone();
    assert_eq!(delete(), 48005);
    api.get("/cgi-bin/menu/delete", "");
    assert_eq!((delete(), delete()), (json!(0), json!(40007)));
}

#[test]
fn drafts_are_checked_changed_and_listed() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let good = article(&bench, &api, "夏日养生");
    let with = |field: &str, value: Value| {
        let mut article = good.clone();
        article[field] = value;
        let body = json!({"articles": [article]});
        api.post("/cgi-bin/draft/add", body)["errcode"].clone()
    };
    let wrong = [
        ("title", json!("")),
        ("title", json!("长".repeat(33))),
        ("author", json!("长".repeat(17))),
        ("digest", json!("长".repeat(129))),
        ("content", json!("")),
        ("content", json!("长".repeat(20_001))),
        ("content_source_url", json!("u".repeat(1025))),
        ("thumb_media_id", json!("none")),
    ];
    let codes = [45003, 45003, 45110, 45004, 44003, 45002, 45005, 40007];
    for ((field, value), code) in wrong.into_iter().zip(codes) {
        assert_eq!(with(field, value), code, "{field}");
    }
    let nine = json!({"articles": vec![good.clone(); 9]});
    assert_eq!(api.post("/cgi-bin/draft/add", nine)["errcode"], 45008);

    let id = api.post("/cgi-bin/draft/add", json!({"articles": [good]}))["media_id"].clone();
    let update = |index: i64, title: &str| {
        let mut article = good.clone();
        article["title"] = title.into();
        let body = json!({"media_id": id, "index": index, "articles": article});
        api.post("/cgi-bin/draft/update", body)["errcode"].clone()
    };
    assert_eq!((update(0, "新题"), update(1, "新题")), (json!(0), json!(40114)));
    let draft = api.post("/cgi-bin/draft/get", json!({"media_id": id}));
    assert_eq!(draft["news_item"][0]["title"], "新题");
    let body = json!({"offset": 0, "count": 1, "no_content": 1});
    let list = api.post("/cgi-bin/draft/batchget", body);
    assert_eq!(list["item"][0]["content"]["news_item"][0]["content"], Value::Null);
    let delete = || api.post("/cgi-bin/draft/delete", json!({"media_id": id}))["errcode"].clone();
    assert_eq!((delete(), delete()), (json!(0), json!(40007)));
    assert_eq!(api.get("/cgi-bin/draft/count", "")["total_count"], 0);
}

#[test]
fn a_published_article_is_announced_and_opens_as_a_page() {
    let bench = Bench::start();
    let api = Api::open(&bench);
    let draft = || {
        let body = json!({"articles": [article(&bench, &api, "夏日养生")]});
        json!({"media_id": api.post("/cgi-bin/draft/add", body)["media_id"]})
    };
    let told = |part: &str| push_with(&bench, part);
    bench.fault("publish_rejected", 1, 0);
    let first = draft();
    let refused = api.post("/cgi-bin/freepublish/submit", first.clone());
    told("<publish_status>4</publish_status>");
    let status = |id: &Value| api.post("/cgi-bin/freepublish/get", json!({"publish_id": id}));
    assert_eq!(status(&refused["publish_id"])["publish_status"], 4);

    let done = api.post("/cgi-bin/freepublish/submit", first.clone());
    assert_eq!(done["errcode"], 0, "a refused draft stays in the box");
    let event = told("<publish_status>0</publish_status>");
    assert!(
        event.contains("<Event><![CDATA[PUBLISHJOBFINISH]]></Event><PublishEventInfo><publish_id>"),
        "{event}"
    );
    let now = status(&done["publish_id"]);
    let id = now["article_id"].clone();
    let url = now["article_detail"]["item"][0]["article_url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(event.contains(&url) && event.contains(id.as_str().unwrap()));
    assert_eq!(api.post("/cgi-bin/freepublish/submit", first)["errcode"], 40007);
    let page = bench.get(&url.replace(&bench.credentials.api, ""));
    assert!(page.text().contains("<p>多喝水。</p>"));
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'none'")
    );

    let button = json!({"button": [{"name": "文", "type": "article_id", "article_id": id}]});
    assert_eq!(api.post("/cgi-bin/menu/create", button)["errcode"], 0);
    let tapped = bench
        .post("/control/people/liu/menu", json!({"name": "文"}))
        .json();
    assert_eq!(tapped["messages"][0]["articles"][0]["url"], json!(url));
    bench.post("/control/people/liu/text", json!({"text": "?"}));
    let body = json!({"touser": bench.openid("liu"), "msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": id}});
    assert_eq!(api.post("/cgi-bin/message/custom/send", body)["errcode"], 0);

    let listed = || {
        api.post("/cgi-bin/freepublish/batchget", json!({"offset": 0, "count": 20}))["total_count"].clone()
    };
    assert_eq!(listed(), 1);
    let read = api.post("/cgi-bin/freepublish/getarticle", json!({"article_id": id}));
    assert_eq!(read["news_item"][0]["is_deleted"], false);
    let delete = |index: i64| {
        let body = json!({"article_id": id, "index": index});
        api.post("/cgi-bin/freepublish/delete", body)["errcode"].clone()
    };
    assert_eq!(
        (delete(2), delete(1), delete(0)),
        (json!(40114), json!(0), json!(53600))
    );
    assert_eq!(
        (listed(), &status(&done["publish_id"])["publish_status"]),
        (json!(0), &json!(5))
    );
    assert_eq!(bench.get(&url.replace(&bench.credentials.api, "")).status, 404);
}
