//! The rest of the official account: its audience, what is published to it, and the account's own affairs.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use wechat::oa::{
    Account, Comments, DraftArticle, MassAudience, MassMessage, MassOptions, MassSending, MassStatus,
    Material, Media, MediaKind, NetworkCheck, Operator, PreviewFor, PublishStatus, SubscriptionNotice,
    TextArticle, Upload, VideoWords,
};

use super::*;

/// A picture of one grey point.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";

/// Who follows: the list, tags, remarks, the blocklist.
const AUDIENCE: &[Call] = &[
    ("followers", |t, at| {
        let page = t.account.followers(at, None)?;
        Ok(page.openids.contains(&t.openid("liu")) && !page.openids.contains(&t.openid("chenchen")))
    }),
    ("followers, after the last", |t, at| {
        let page = t.account.followers(at, None)?;
        let last = page.openids.last().expect("somebody follows").clone();
        Ok(t.account.followers(at, Some(&last))?.openids.is_empty())
    }),
    ("user info of several", |t, at| {
        let (liu, chen) = (t.openid("liu"), t.openid("chenchen"));
        let infos = t.account.user_infos(at, &[&liu, &chen])?;
        Ok(infos.len() == 2 && infos[0].follows() && !infos[1].follows())
    }),
    ("remark", |t, at| {
        let liu = t.openid("liu");
        t.account.set_remark(at, &liu, "老顾客")?;
        Ok(t.account.user_info(at, &liu)?.remark == "老顾客")
    }),
    ("tag, its whole life", |t, at| {
        let (a, liu) = (&t.account, t.openid("liu"));
        let tag = a.create_tag(at, "常客")?;
        a.rename_tag(at, tag.id, "熟客")?;
        a.tag(at, tag.id, &[&liu])?;
        let named = a
            .tags(at)?
            .into_iter()
            .any(|one| one.name == "熟客" && one.count == 1);
        let worn = a.tags_of(at, &liu)? == [tag.id] && a.tagged(at, tag.id, None)?.openids == [liu.clone()];
        a.untag(at, tag.id, &[&liu])?;
        let bare = a.tags_of(at, &liu)?.is_empty();
        a.delete_tag(at, tag.id)?;
        Ok(named && worn && bare && a.tags(at)?.iter().all(|one| one.id != tag.id))
    }),
    ("tag, twice with one name", |t, at| {
        t.account.create_tag(at, "双份")?;
        Ok(refused_with(t.account.create_tag(at, "双份"), 45157))
    }),
    ("blocklist", |t, at| {
        let (a, liu) = (&t.account, t.openid("liu"));
        a.block(at, &[&liu])?;
        let blocked = a.blocked(at, None)?.openids == [liu.clone()];
        a.unblock(at, &[&liu])?;
        Ok(blocked && a.blocked(at, None)?.openids.is_empty())
    }),
    ("conditional menu", |t, at| {
        let (a, liu) = (&t.account, t.openid("liu"));
        let tag = a.create_tag(at, "师傅")?;
        a.create_menu(at, &menu())?;
        a.tag(at, tag.id, &[&liu])?;
        let mut own = menu();
        own.button.truncate(1);
        let id = a.add_conditional_menu(at, &own, tag.id)?;
        let theirs = a.menu_for(at, &liu)? == own;
        let listed = a
            .menus(at)?
            .expect("a menu")
            .conditional
            .iter()
            .any(|one| one.id == id && one.menu == own);
        a.delete_conditional_menu(at, &id)?;
        Ok(theirs && listed && a.menu_for(at, &liu)? == menu() && a.current_menu(at)?.open)
    }),
    ("typing", |t, at| {
        t.control("POST", "people/liu/text", r#"{"text":"在吗"}"#);
        t.account.show_typing(at, &t.openid("liu"), true)?;
        t.account.show_typing(at, &t.openid("liu"), false)?;
        Ok(true)
    }),
];

/// What is stored and sent to many.
const PUBLISHED: &[Call] = &[
    ("temporary picture", |t, at| {
        let kept = t.account.upload_media(at, MediaKind::Image, &picture())?;
        Ok(is_picture(t.account.media(at, &kept.media_id)?))
    }),
    ("temporary picture, unknown", |t, at| {
        Ok(refused_with(t.account.media(at, "nothing"), 40007))
    }),
    ("permanent picture", |t, at| {
        let a = &t.account;
        let before = a.material_count(at)?.images;
        let kept = a.add_material(at, MediaKind::Image, &picture())?;
        let Material::File(file) = a.material(at, &kept.media_id)? else {
            return Ok(false);
        };
        let listed = a
            .materials(at, MediaKind::Image, 0, 20)?
            .items
            .iter()
            .any(|one| one.media_id == kept.media_id);
        let counted = a.material_count(at)?.images == before + 1;
        a.delete_material(at, &kept.media_id)?;
        Ok(file.bytes == picture().bytes && listed && counted && a.material_count(at)?.images == before)
    }),
    ("permanent video", |t, at| {
        let words = VideoWords {
            title: "手法".to_owned(),
            introduction: "肩颈放松".to_owned(),
        };
        let kept = t.account.add_video(at, &video(), &words)?;
        let found = t.account.material(at, &kept.media_id)?;
        Ok(
            matches!(found, Material::Video { title, description, .. } if title == "手法" && description == "肩颈放松"),
        )
    }),
    ("picture of an article", |t, at| {
        Ok(t.account
            .upload_article_image(at, &picture())?
            .starts_with("http"))
    }),
    ("draft, its whole life", |t, at| {
        let a = &t.account;
        let id = a.add_draft(at, &[article(t, at, "冬季养生")?])?;
        a.update_draft(at, &id, 0, &article(t, at, "春季养生")?)?;
        let titled = a.draft(at, &id)?.articles[0].title == "春季养生";
        let listed = a
            .drafts(at, 0, 20, false)?
            .items
            .iter()
            .any(|one| one.media_id == id);
        let count = a.draft_count(at)?;
        a.delete_draft(at, &id)?;
        Ok(titled && listed && a.draft_count(at)? == count - 1 && refused_with(a.draft(at, &id), 40007))
    }),
    ("publication", |t, at| {
        let a = &t.account;
        let draft = a.add_draft(at, &[article(t, at, "小店故事")?])?;
        let publication = published(a, at, &draft)?;
        let id = publication.expect("published within five seconds");
        let titled = a.published_article(at, &id)?.articles[0].title == "小店故事";
        let listed = a
            .published(at, 0, 20, true)?
            .items
            .iter()
            .any(|one| one.article_id == id);
        a.delete_published(at, &id, None)?;
        Ok(titled
            && listed
            && a.published(at, 0, 20, false)?
                .items
                .iter()
                .all(|one| one.article_id != id))
    }),
    ("mass message by tag, and the same again", |t, at| {
        let a = &t.account;
        let tag = a.create_tag(at, "收信人")?;
        a.tag(at, tag.id, &[&t.openid("liu")])?;
        let (audience, options) = (MassAudience::Tag(tag.id), options("contract-1"));
        let words = MassMessage::Text("店庆三天".to_owned());
        let MassSending::Accepted(first) = a.send_mass(at, &audience, &words, &options)? else {
            return Ok(false);
        };
        let again = a.send_mass(at, &audience, &words, &options)?;
        let repeated = matches!(&again, MassSending::Repeated(one) if one.msg_id == first.msg_id);
        let status = a.mass_status(at, &first.msg_id)?;
        Ok(repeated && matches!(status, MassStatus::Sent | MassStatus::Sending))
    }),
    ("mass message by list, deleted", |t, at| {
        let a = &t.account;
        t.control("POST", "people/wangjianguo/follow", "{}");
        let people = MassAudience::People(a.followers(at, None)?.openids);
        let stored = a.add_draft(at, &[article(t, at, "致老顾客")?])?;
        let message = MassMessage::Articles { media_id: stored };
        let sent = a.send_mass(at, &people, &message, &options("contract-2"))?;
        a.delete_mass(at, &sent.receipt().msg_id, None)?;
        Ok(a.mass_status(at, &sent.receipt().msg_id)? == MassStatus::Deleted)
    }),
    ("mass message, preview", |t, at| {
        let words = MassMessage::Text("只给您看的预览".to_owned());
        t.account
            .preview_mass(at, &PreviewFor::Openid(t.openid("liu")), &words)?;
        Ok(t.phone("liu").contains("只给您看的预览"))
    }),
    ("mass message, speed", |t, at| {
        t.account.set_mass_speed(at, 2)?;
        Ok(t.account.mass_speed(at)?.speed == 2)
    }),
];

/// The account's own affairs.
const AFFAIRS: &[Call] = &[
    ("subscription notice", |t, at| {
        let a = &t.account;
        let category = a.notice_categories(at)?[0].id;
        let title = a.notice_titles(at, &[category], 0, 30)?.remove(0);
        let words = a.notice_keywords(at, &title.tid)?;
        let id = a.add_notice_template(at, &title.tid, &[words[0].kid, words[1].kid], "预约通知")?;
        let kept = a
            .notice_templates(at)?
            .into_iter()
            .find(|one| one.id == id)
            .expect("the template");
        let notice = SubscriptionNotice {
            openid: t.openid("liu"),
            template_id: id.clone(),
            page: None,
            mini_program: None,
            fields: vec![
                ("thing1".to_owned(), "清风堂".to_owned()),
                ("time2".to_owned(), "2026年11月24日 15:00".to_owned()),
            ],
        };
        let unasked = refused_with(a.send_notice(at, &notice), 43101);
        a.delete_notice_template(at, &id)?;
        Ok(kept.title == title.title && unasked && a.notice_templates(at)?.iter().all(|one| one.id != id))
    }),
    ("template library", |t, at| {
        let a = &t.account;
        let before = a.templates(at)?;
        let kept = before.first().expect("a template of the sandbox").clone();
        a.delete_template(at, &kept.id)?;
        Ok(!kept.fields().is_empty() && a.templates(at)?.len() == before.len() - 1)
    }),
    ("industries", |t, at| {
        t.account.set_industries(at, 1, 2)?;
        Ok(!t.account.industries(at)?.primary.first_class.is_empty())
    }),
    ("short key", |t, at| {
        let key = t.account.shorten(at, "booking 42", 3600)?;
        let long = t.account.fetch_short(at, &key)?;
        Ok(long.data == "booking 42" && long.expire_seconds <= 3600)
    }),
    ("quota, used and cleared", |t, at| {
        let a = &t.account;
        a.user_info(at, &t.openid("liu"))?;
        let used = a.quota(at, "/cgi-bin/user/info")?.daily.used;
        a.clear_quota(at)?;
        let left = a.quota(at, "/cgi-bin/user/info")?.daily.used;
        a.clear_quota_by_secret(at)?;
        Ok(used > 0 && left == 0)
    }),
    ("a refused call, looked up", |t, at| {
        let refused = t.account.media(at, "nothing").expect_err("there is no such file");
        let rid = refused.rid().expect("a refusal has a number").to_owned();
        Ok(t.account
            .refused_call(at, &rid)?
            .request_url
            .contains("/cgi-bin/media/get"))
    }),
    ("addresses and network", |t, at| {
        let a = &t.account;
        let report = a.check_network(at, NetworkCheck::All, Operator::Default)?;
        Ok(!a.api_addresses(at)?.is_empty()
            && !a.callback_addresses(at)?.is_empty()
            && !report.dns.is_empty())
    }),
];

#[test]
fn the_audience_is_understood() {
    understood(AUDIENCE);
}

#[test]
fn what_is_published_is_understood() {
    understood(PUBLISHED);
}

#[test]
fn the_accounts_affairs_are_understood() {
    understood(AFFAIRS);
}

fn picture() -> Upload {
    Upload {
        name: "door.png".to_owned(),
        content_type: "image/png".to_owned(),
        bytes: BASE64_STANDARD.decode(PNG).unwrap(),
    }
}

fn video() -> Upload {
    Upload {
        name: "hands.mp4".to_owned(),
        content_type: "video/mp4".to_owned(),
        bytes: [b"\0\0\0\x18ftypmp42".as_slice(), &[0; 200]].concat(),
    }
}

fn is_picture(media: Media) -> bool {
    matches!(media, Media::File(file) if file.bytes == picture().bytes)
}

fn article(t: &There, at: At, title: &str) -> Result<DraftArticle, Error> {
    let cover = t.account.add_material(at, MediaKind::Image, &picture())?;
    Ok(DraftArticle::Text(TextArticle {
        title: title.to_owned(),
        author: "指导中心".to_owned(),
        digest: String::new(),
        content: "<p>您好</p>".to_owned(),
        source_url: String::new(),
        cover_media_id: cover.media_id,
        comments: Comments::Closed,
    }))
}

fn options(id: &str) -> MassOptions {
    MassOptions {
        client_msg_id: Some(id.to_owned()),
        even_reprints: false,
    }
}

/// Publishes a draft and waits until WeChat has done so.
fn published(account: &Account, at: At, draft: &str) -> Result<Option<String>, Error> {
    let id = account.publish(at, draft)?;
    for _ in 0..50 {
        let publication = account.publication(at, &id)?;
        if publication.status == PublishStatus::Published {
            return Ok(publication.article_id);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Ok(None)
}
