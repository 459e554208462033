mod card;
mod result;

use super::push::{Fields, degrees, fields};
use super::xml::Node;

pub use card::CardEvent;
pub use result::{MassArticle, MassResult, NoticeResult, Popup, PopupScene, PublishResult, TemplateStatus};

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
    /// A menu entry that opens a mini program.
    ViewMiniProgram {
        /// The mini program's page.
        page: String,
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
    MassSendFinished(MassResult),
    /// A template message arrived or did not.
    TemplateSendFinished {
        /// The number that sending it returned.
        msg_id: String,
        /// How it went.
        status: TemplateStatus,
    },
    /// A publication is through or failed.
    PublishFinished(PublishResult),
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
    /// A person gave up the account that authorised: all data about the person have to be deleted.
    AuthorizationCancelled {
        /// Who.
        openid: String,
    },
    /// Something about a coupon.
    Card {
        /// What.
        event: CardEvent,
        /// Which coupon.
        card_id: String,
        /// The number of the person's copy.
        code: Option<String>,
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
        /// `KF` by the agent, `TIMEOUT` …; not always said.
        by: Option<String>,
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
    /// How subscription notices went.
    SubscribeSent(Vec<NoticeResult>),
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
            "view_miniprogram" => Self::ViewMiniProgram {
                page: text("EventKey")?,
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
        Some(match event {
            "MASSSENDJOBFINISH" => Self::MassSendFinished(MassResult::from_xml(root)?),
            "TEMPLATESENDJOBFINISH" => Self::TemplateSendFinished {
                msg_id: text("MsgID")?,
                status: TemplateStatus::from_text(root.text_of("Status")?),
            },
            "PUBLISHJOBFINISH" => Self::PublishFinished(PublishResult::from_xml(root)?),
            "user_info_modified" => Self::UserInfoModified {
                openid: text("OpenID")?,
            },
            "user_authorization_revoke" => Self::AuthorizationRevoked {
                openid: text("OpenID")?,
                revoke_info: text("RevokeInfo").unwrap_or_default(),
            },
            "user_authorization_cancellation" => Self::AuthorizationCancelled {
                openid: text("OpenID")?,
            },
            "kf_create_session" => Self::SessionOpened {
                account: text("KfAccount")?,
            },
            "kf_close_session" => Self::SessionClosed {
                account: text("KfAccount")?,
                by: text("CloseType").filter(|by| !by.is_empty()),
            },
            "kf_switch_session" => Self::SessionSwitched {
                from: text("FromKfAccount")?,
                to: text("ToKfAccount")?,
            },
            "subscribe_msg_popup_event" => {
                Self::SubscribePopup(Popup::list(root.child("SubscribeMsgPopupEvent")?)?)
            }
            "subscribe_msg_change_event" => {
                Self::SubscribeChange(Popup::list(root.child("SubscribeMsgChangeEvent")?)?)
            }
            "subscribe_msg_sent_event" => {
                Self::SubscribeSent(NoticeResult::list(root.child("SubscribeMsgSentEvent")?)?)
            }
            name => Self::Card {
                event: CardEvent::from_text(name)?,
                card_id: text("CardId")?,
                code: text("UserCardCode").filter(|code| !code.is_empty()),
                fields: fields(root),
            },
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
