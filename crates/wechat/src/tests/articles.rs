//! Drafts and publications.

use serde_json::{Value, json};

use super::calls::{get, ok, post, refused, sent};
use super::support::*;
use crate::oa::{Comments, DraftArticle, PictureArticle, PublishStatus, TextArticle};

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
