use super::push::{Fields, degrees, fields};
use super::xml::Node;

/// Something that happened (`doc/service/guide/product/message/Receiving_event_pushes` and the pages of
/// each event).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A person follows the account.
    Subscribe {
        /// The scene of the QR code that led here, without `qrscene_`.
        scene: Option<String>,
        /// The ticket of that QR code.
        ticket: Option<String>,
    },
    /// A person left. No message can be sent any more.
    Unsubscribe,
    /// A person who follows already scanned a QR code of the account.
    Scan {
        /// The scene.
        scene: String,
        /// The ticket.
        ticket: Option<String>,
    },
    /// The person's place, reported on entering the chat if that was allowed. Datum not documented.
    Location {
        /// Degrees.
        latitude: f64,
        /// Degrees.
        longitude: f64,
        /// Metres.
        precision: f64,
    },
    /// A menu entry of kind click.
    Click {
        /// The entry's key.
        key: String,
    },
    /// A menu entry that opens a page.
    View {
        /// The page.
        url: String,
        /// The menu's id, for conditional menus.
        menu_id: Option<String>,
    },
    /// A menu entry that scans. `wait` is `scancode_waitmsg`: the person waits for an answer.
    ScanCode {
        /// The entry's key.
        key: String,
        /// Whether an answer is awaited.
        wait: bool,
        /// `qrcode`, `barcode` …
        scan_type: String,
        /// What was read.
        result: String,
    },
    /// A menu entry that sends pictures; the pictures themselves follow as messages.
    Photos {
        /// The entry's key.
        key: String,
        /// Which kind of entry.
        source: PhotoSource,
        /// MD5 sums of the pictures.
        md5: Vec<String>,
    },
    /// A menu entry that sends a place; the place follows as a message too.
    LocationSelect {
        /// The entry's key.
        key: String,
        /// Degrees.
        latitude: f64,
        /// Degrees.
        longitude: f64,
        /// Address in words.
        label: String,
    },
    /// A mass message is through.
    MassSendFinished {
        /// Which.
        msg_id: String,
        /// `send success`, `send fail`, `err(10001)` …
        status: String,
        /// Followers that it was meant for.
        total: i64,
        /// How many got it.
        sent: i64,
        /// How many did not.
        failed: i64,
    },
    /// A template message arrived or did not.
    TemplateSendFinished {
        /// The number that sending it returned.
        msg_id: String,
        /// How it went.
        status: TemplateStatus,
    },
    /// A publication is through or failed.
    PublishFinished {
        /// Which.
        publish_id: String,
        /// 0 success, others as `freepublish/get` says.
        status: i64,
        /// The article, when it was published.
        article_id: Option<String>,
    },
    /// A person changed the data that an authorisation gave.
    UserInfoModified {
        /// Who.
        openid: String,
    },
    /// A person took an authorisation back: the data has to be deleted.
    AuthorizationRevoked {
        /// Who.
        openid: String,
        /// Which kinds of data, by WeChat's numbers, comma-separated.
        revoke_info: String,
    },
    /// One of the `card_…` events.
    Card {
        /// Its name.
        event: String,
        /// Everything in it.
        fields: Fields,
    },
    /// Customer service took a person.
    SessionOpened {
        /// The agent's account.
        account: String,
    },
    /// Customer service let a person go.
    SessionClosed {
        /// The agent's account.
        account: String,
    },
    /// Customer service handed a person over.
    SessionSwitched {
        /// The former agent's account.
        from: String,
        /// The new agent's account.
        to: String,
    },
    /// Answers to the question whether notices may be sent.
    SubscribePopup(Vec<Popup>),
    /// Notices that were allowed are refused now, or the reverse, in the person's settings.
    SubscribeChange(Vec<Popup>),
    /// Results of subscription notices: template, message number, status.
    SubscribeSent(Fields),
    /// An event that this crate does not know, or a known one with parts missing.
    Other {
        /// Its name.
        event: String,
        /// Everything in it.
        fields: Fields,
    },
}

/// Where a menu entry lets a person take pictures from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoSource {
    /// `pic_sysphoto`
    Camera,
    /// `pic_photo_or_album`
    CameraOrAlbum,
    /// `pic_weixin`
    Album,
}

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
}

impl Event {
    pub(super) fn from_xml(event: &str, root: &Node) -> Self {
        Self::known(event, root)
            .or_else(|| Self::known_result(event, root))
            .unwrap_or_else(|| Self::Other {
                event: event.to_owned(),
                fields: fields(root),
            })
    }

    /// The events that a person causes.
    fn known(event: &str, root: &Node) -> Option<Self> {
        let text = |name| root.text_of(name).map(str::to_owned);
        let filled = |name| text(name).filter(|text| !text.is_empty());
        Some(match event {
            "subscribe" => Self::Subscribe {
                scene: filled("EventKey").map(|key| key.strip_prefix("qrscene_").unwrap_or(&key).to_owned()),
                ticket: filled("Ticket"),
            },
            "unsubscribe" => Self::Unsubscribe,
            "SCAN" => Self::Scan {
                scene: text("EventKey")?,
                ticket: filled("Ticket"),
            },
            "LOCATION" => Self::Location {
                latitude: degrees(root, "Latitude")?,
                longitude: degrees(root, "Longitude")?,
                precision: degrees(root, "Precision")?,
            },
            "CLICK" => Self::Click {
                key: text("EventKey")?,
            },
            "VIEW" => Self::View {
                url: text("EventKey")?,
                menu_id: filled("MenuId"),
            },
            "scancode_push" | "scancode_waitmsg" => {
                let info = root.child("ScanCodeInfo")?;
                Self::ScanCode {
                    key: text("EventKey")?,
                    wait: event == "scancode_waitmsg",
                    scan_type: info.text_of("ScanType")?.to_owned(),
                    result: info.text_of("ScanResult")?.to_owned(),
                }
            }
            "pic_sysphoto" => photos(PhotoSource::Camera, root)?,
            "pic_photo_or_album" => photos(PhotoSource::CameraOrAlbum, root)?,
            "pic_weixin" => photos(PhotoSource::Album, root)?,
            "location_select" => {
                let info = root.child("SendLocationInfo")?;
                Self::LocationSelect {
                    key: text("EventKey")?,
                    latitude: degrees(info, "Location_X")?,
                    longitude: degrees(info, "Location_Y")?,
                    label: info.text_of("Label").unwrap_or_default().to_owned(),
                }
            }
            _ => return None,
        })
    }

    /// The events that report results, settings and sessions.
    fn known_result(event: &str, root: &Node) -> Option<Self> {
        let text = |name| root.text_of(name).map(str::to_owned);
        let number = |name| root.text_of(name).and_then(|text| text.trim().parse().ok());
        Some(match event {
            "MASSSENDJOBFINISH" => Self::MassSendFinished {
                msg_id: text("MsgID")?,
                status: text("Status")?,
                total: number("TotalCount").unwrap_or_default(),
                sent: number("SentCount").unwrap_or_default(),
                failed: number("ErrorCount").unwrap_or_default(),
            },
            "TEMPLATESENDJOBFINISH" => Self::TemplateSendFinished {
                msg_id: text("MsgID")?,
                status: TemplateStatus::from_text(root.text_of("Status")?),
            },
            "PUBLISHJOBFINISH" => {
                let info = root.child("PublishEventInfo")?;
                Self::PublishFinished {
                    publish_id: info.text_of("publish_id")?.to_owned(),
                    status: info.text_of("publish_status")?.trim().parse().ok()?,
                    article_id: info.text_of("article_id").map(str::to_owned),
                }
            }
            "user_info_modified" => Self::UserInfoModified {
                openid: text("OpenID")?,
            },
            "user_authorization_revoke" => Self::AuthorizationRevoked {
                openid: text("OpenID")?,
                revoke_info: text("RevokeInfo").unwrap_or_default(),
            },
            "kf_create_session" => Self::SessionOpened {
                account: text("KfAccount")?,
            },
            "kf_close_session" => Self::SessionClosed {
                account: text("KfAccount")?,
            },
            "kf_switch_session" => Self::SessionSwitched {
                from: text("FromKfAccount")?,
                to: text("ToKfAccount")?,
            },
            "subscribe_msg_popup_event" => {
                Self::SubscribePopup(popups(root.child("SubscribeMsgPopupEvent")?)?)
            }
            "subscribe_msg_change_event" => {
                Self::SubscribeChange(popups(root.child("SubscribeMsgChangeEvent")?)?)
            }
            "subscribe_msg_sent_event" => Self::SubscribeSent(fields(root.child("SubscribeMsgSentEvent")?)),
            card if card.starts_with("card_") => Self::Card {
                event: card.to_owned(),
                fields: fields(root),
            },
            _ => return None,
        })
    }
}

fn photos(source: PhotoSource, root: &Node) -> Option<Event> {
    let list = root.child("SendPicsInfo")?.child("PicList")?;
    let md5 = list
        .children
        .iter()
        .filter_map(|item| item.text_of("PicMd5Sum"))
        .map(str::to_owned)
        .collect();
    Some(Event::Photos {
        key: root.text_of("EventKey")?.to_owned(),
        source,
        md5,
    })
}

fn popups(list: &Node) -> Option<Vec<Popup>> {
    list.children
        .iter()
        .map(|item| {
            Some(Popup {
                template_id: item.text_of("TemplateId")?.to_owned(),
                accepted: item.text_of("SubscribeStatusString")? == "accept",
            })
        })
        .collect()
}

impl TemplateStatus {
    fn from_text(text: &str) -> Self {
        match text.replace(' ', "").as_str() {
            "success" => Self::Success,
            "failed:userblock" => Self::UserBlocked,
            "failed:systemfailed" => Self::SystemFailed,
            "failed:freqlimit" => Self::TooMany,
            _ => Self::Other(text.to_owned()),
        }
    }
}
