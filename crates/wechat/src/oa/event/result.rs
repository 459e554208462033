//! How what was sent, published or asked turned out.

use crate::oa::PublishStatus;
use crate::oa::xml::Node;

/// How a template message went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateStatus {
    /// Arrived.
    Success,
    /// `failed:user block`: the person refuses the account's messages.
    UserBlocked,
    /// `failed: system failed`, with a blank.
    SystemFailed,
    /// `failed:freq limit`
    TooMany,
    /// Another text.
    Other(String),
}

/// One answer of a person about one subscription notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Popup {
    /// The notice's template.
    pub template_id: String,
    /// `accept` or not.
    pub accepted: bool,
    /// Where the person was asked; not said for changes in the settings.
    pub scene: Option<PopupScene>,
}

/// Where a person was asked whether notices may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopupScene {
    /// 1: on a page.
    Page,
    /// 2: in an article.
    Article,
}

/// How a mass message went
/// (`doc/service/guide/product/message/Batch_Sends.html`, 事件推送群发结果).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MassResult {
    /// The number that sending it returned.
    pub msg_id: String,
    /// `send success`, `send fail`, or `err(num)`: 10001 advertising, 20001 politics, 20004 society, 20002 pornography,
    /// 20006 crime, 20008 fraud, 20013 copyright, 22000 mutual advertising, 21000 other, 30001 original check failed,
    /// 30002 not all reprints allowed, 30003 some reprints refused, 40001 refused by an administrator, 40002 no
    /// administrator answered within 30 minutes.
    pub status: String,
    /// Followers that it was meant for.
    pub total: i64,
    /// Of these, those whom it may be sent to.
    pub filtered: i64,
    /// How many got it.
    pub sent: i64,
    /// How many did not.
    pub failed: i64,
    /// The articles, if it had any.
    pub articles: Vec<MassArticle>,
}

/// An article of a mass message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MassArticle {
    /// Counted from 1.
    pub index: i64,
    /// Its address, when it was sent.
    pub url: Option<String>,
    /// `AuditState` of the check of originality: 0 none, 1 original, 2 reprint.
    pub audit: Option<i64>,
    /// The original's address, for a reprint.
    pub original_url: Option<String>,
    /// Whether the original may be reprinted.
    pub can_reprint: Option<bool>,
}

impl MassResult {
    /// Whether it went out.
    pub fn succeeded(&self) -> bool {
        // The document writes `send success`, pushes of old `sendsuccess`.
        self.status.replace(' ', "") == "sendsuccess"
    }

    /// The number in `err(…)`.
    pub fn error(&self) -> Option<u32> {
        self.status
            .strip_prefix("err(")?
            .strip_suffix(')')?
            .trim()
            .parse()
            .ok()
    }

    pub(super) fn from_xml(root: &Node) -> Option<Self> {
        let count = |name| number(root, name).unwrap_or_default();
        Some(Self {
            msg_id: root.text_of("MsgID")?.to_owned(),
            status: root.text_of("Status")?.to_owned(),
            total: count("TotalCount"),
            filtered: count("FilterCount"),
            sent: count("SentCount"),
            failed: count("ErrorCount"),
            articles: mass_articles(root),
        })
    }
}

/// Two lists speak of the articles: one of originality, one of addresses.
fn mass_articles(root: &Node) -> Vec<MassArticle> {
    let mut articles: Vec<MassArticle> = Vec::new();
    for list in ["CopyrightCheckResult", "ArticleUrlResult"] {
        let items = root
            .child(list)
            .and_then(|list| list.child("ResultList"))
            .map_or(&[][..], |list| &list.children);
        for item in items {
            let Some(index) = number(item, "ArticleIdx") else {
                continue;
            };
            let at = articles.iter().position(|article| article.index == index);
            let at = at.unwrap_or_else(|| {
                articles.push(MassArticle {
                    index,
                    ..MassArticle::default()
                });
                articles.len() - 1
            });
            let article = &mut articles[at];
            let text = |name| filled(item, name);
            article.url = text("ArticleUrl").or(article.url.take());
            article.audit = number(item, "AuditState").or(article.audit);
            article.original_url = text("OriginalArticleUrl").or(article.original_url.take());
            article.can_reprint = number(item, "CanReprint")
                .map(|may| may == 1)
                .or(article.can_reprint);
        }
    }
    articles
}

/// How a publication went (`doc/service/guide/product/public.html`, 事件推送发布结果).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublishResult {
    /// The number that publishing returned.
    pub publish_id: String,
    /// How far it is.
    pub status: PublishStatus,
    /// The article, when it was published.
    pub article_id: Option<String>,
    /// The addresses of the articles in their order.
    pub urls: Vec<String>,
    /// The articles (counted from 1) that stopped it.
    pub failed: Vec<i64>,
}

impl PublishResult {
    pub(super) fn from_xml(root: &Node) -> Option<Self> {
        let info = root.child("PublishEventInfo")?;
        let items = info
            .child("article_detail")
            .map_or(&[][..], |detail| &detail.children);
        Some(Self {
            publish_id: info.text_of("publish_id")?.to_owned(),
            status: number(info, "publish_status")?.into(),
            article_id: filled(info, "article_id"),
            urls: items
                .iter()
                .filter_map(|item| filled(item, "article_url"))
                .collect(),
            failed: info
                .children
                .iter()
                .filter(|child| child.name == "fail_idx")
                .filter_map(|child| child.text.trim().parse().ok())
                .collect(),
        })
    }
}

/// How one subscription notice went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoticeResult {
    /// The notice's template.
    pub template_id: String,
    /// The notice's number.
    pub msg_id: String,
    /// 0 arrived; others in `status`' words.
    pub error_code: i64,
    /// `success` …
    pub status: String,
}

impl NoticeResult {
    pub(super) fn list(list: &Node) -> Option<Vec<Self>> {
        list.children
            .iter()
            .map(|item| {
                Some(Self {
                    template_id: item.text_of("TemplateId")?.to_owned(),
                    msg_id: item.text_of("MsgID")?.to_owned(),
                    error_code: number(item, "ErrorCode")?,
                    status: item.text_of("ErrorStatus").unwrap_or_default().to_owned(),
                })
            })
            .collect()
    }
}

impl Popup {
    pub(super) fn list(list: &Node) -> Option<Vec<Self>> {
        list.children
            .iter()
            .map(|item| {
                Some(Self {
                    template_id: item.text_of("TemplateId")?.to_owned(),
                    accepted: item.text_of("SubscribeStatusString")? == "accept",
                    scene: match number(item, "PopupScene") {
                        Some(1) => Some(PopupScene::Page),
                        Some(2) => Some(PopupScene::Article),
                        _ => None,
                    },
                })
            })
            .collect()
    }
}

impl TemplateStatus {
    pub(super) fn from_text(text: &str) -> Self {
        match text.replace(' ', "").as_str() {
            "success" => Self::Success,
            "failed:userblock" => Self::UserBlocked,
            "failed:systemfailed" => Self::SystemFailed,
            "failed:freqlimit" => Self::TooMany,
            _ => Self::Other(text.to_owned()),
        }
    }
}

fn number(node: &Node, name: &str) -> Option<i64> {
    node.text_of(name)?.trim().parse().ok()
}

fn filled(node: &Node, name: &str) -> Option<String> {
    node.text_of(name)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
