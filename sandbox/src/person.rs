//! People with phones: where they are, whom they follow, and how long the account may talk to them.

use std::collections::HashMap;

use serde::Serialize;

use crate::clock::Clock;
use crate::place::{self, Place};

/// The people of the sandbox, by id and nickname. 刘师傅 owns a shop.
pub const PEOPLE: [(&str, &str); 4] = [
    ("zhangli", "张丽"),
    ("wangjianguo", "王建国"),
    ("liu", "刘师傅"),
    ("chenchen", "陈晨"),
];

/// One person and the state of their phone.
#[derive(Clone, Debug)]
pub struct Person {
    /// Id in addresses.
    pub id: String,
    /// Nickname.
    pub name: String,
    /// OpenID with the account.
    pub openid: String,
    /// UnionID.
    pub unionid: String,
    /// When they followed the account; `None` while they do not.
    pub following_since_ms: Option<i64>,
    /// Scene of the QR code by which they followed, empty without one.
    pub scene: String,
    /// Where they stand, WGS-84.
    pub place: Place,
    /// Whether they let the account's pages know their place.
    pub location_allowed: bool,
    /// Reasons for which the account may send customer-service messages.
    pub allowances: Vec<Allowance>,
    /// Tags that the account put on them, the last one last.
    pub tags: Vec<u32>,
    /// What the account wrote down about them.
    pub remark: String,
    /// Whether the account put them on its blacklist.
    pub blocked: bool,
    /// Whether they switched the account's messages off (拒收消息).
    pub refuses: bool,
    /// Until when the account is shown as typing, in milliseconds since 1970.
    pub typing_until_ms: i64,
    /// When they last talked with the account.
    pub talked_ms: i64,
    /// How many subscription notices they still want, by template.
    pub wanted_notices: HashMap<String, u32>,
    /// When they got messages sent to many.
    pub mass_received_ms: Vec<i64>,
    /// The program's cookies while another person holds the phone.
    pub cookies: Vec<(String, String)>,
}

impl Person {
    /// A person at the start of the run, standing near a station of their own.
    pub fn new(id: &str, name: &str, openid: String, unionid: String) -> Self {
        let station = match id {
            "zhangli" => "西单",
            "wangjianguo" => "国贸",
            "liu" => "东直门",
            _ => "五道口",
        };
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            openid,
            unionid,
            following_since_ms: None,
            scene: String::new(),
            place: place::station(station).unwrap_or(place::TIANANMEN),
            location_allowed: false,
            allowances: Vec::new(),
            tags: Vec::new(),
            remark: String::new(),
            blocked: false,
            refuses: false,
            typing_until_ms: 0,
            talked_ms: 0,
            wanted_notices: HashMap::new(),
            mass_received_ms: Vec::new(),
            cookies: Vec::new(),
        }
    }

    /// Opens the window that `trigger` earns, replacing an earlier one of its kind.
    pub fn allow(&mut self, trigger: Trigger, now_ms: i64) {
        self.allowances.retain(|allowance| allowance.trigger != trigger);
        self.allowances.push(Allowance {
            trigger,
            since_ms: now_ms,
            sent: 0,
        });
    }

    /// What the account loses with a follower: the right to talk, tags and remark.
    pub fn leave(&mut self) {
        self.following_since_ms = None;
        self.allowances.clear();
        self.tags.clear();
        self.remark.clear();
    }

    /// Whether any window is open, used up or not.
    pub fn may_hear(&self, clock: &Clock) -> bool {
        self.allowances
            .iter()
            .any(|allowance| !clock.passed(allowance.since_ms, allowance.trigger.window_s()))
    }

    /// Uses up one customer-service message.
    ///
    /// # Errors
    /// [`Silence`] when no window is open or the open ones are used up.
    pub fn spend_message(&mut self, clock: &Clock) -> Result<(), Silence> {
        let open =
            |allowance: &&mut Allowance| !clock.passed(allowance.since_ms, allowance.trigger.window_s());
        let mut any_open = false;
        for allowance in self.allowances.iter_mut().filter(open) {
            any_open = true;
            if allowance
                .trigger
                .limit()
                .is_none_or(|limit| allowance.sent < limit)
            {
                allowance.sent += 1;
                return Ok(());
            }
        }
        Err(if any_open {
            Silence::UsedUp
        } else {
            Silence::WindowClosed
        })
    }
}

/// Why the account may not send a customer-service message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// 45015: nothing the person did is recent enough.
    WindowClosed,
    /// 45047: the number of messages is used up.
    UsedUp,
}

/// One open window.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    trigger: Trigger,
    since_ms: i64,
    sent: u32,
}

/// What a person did that lets the account talk to them (客服消息 rules).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Sent a message.
    Message,
    /// Tapped a menu button of the click or scancode kind.
    Menu,
    /// Followed the account.
    Follow,
    /// Scanned a QR code of the account.
    Scan,
    /// Paid by WeChat Pay.
    Paid,
}

impl Trigger {
    fn window_s(self) -> u32 {
        match self {
            Self::Message | Self::Paid => 48 * 3600,
            Self::Menu | Self::Follow | Self::Scan => 60,
        }
    }

    fn limit(self) -> Option<u32> {
        match self {
            Self::Message => Some(5),
            Self::Menu | Self::Follow | Self::Scan => Some(3),
            Self::Paid => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_earns_five_answers_a_follow_three_and_a_payment_any_number() {
        let clock = Clock::new(1.0, std::sync::Arc::default());
        let mut person = Person::new("zhangli", "张丽", String::new(), String::new());
        assert_eq!(person.spend_message(&clock), Err(Silence::WindowClosed));
        person.allow(Trigger::Follow, clock.now_ms());
        person.allow(Trigger::Message, clock.now_ms());
        for _ in 0..8 {
            assert_eq!(person.spend_message(&clock), Ok(()));
        }
        assert_eq!(person.spend_message(&clock), Err(Silence::UsedUp));
        person.allow(Trigger::Paid, clock.now_ms());
        for _ in 0..100 {
            assert_eq!(person.spend_message(&clock), Ok(()));
        }
        person
            .allowances
            .iter_mut()
            .for_each(|allowance| allowance.since_ms -= 48 * 3_600_000);
        assert_eq!(person.spend_message(&clock), Err(Silence::WindowClosed));
    }
}
