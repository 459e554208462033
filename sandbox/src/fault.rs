//! Misbehaviour on demand: what the next calls shall suffer.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A payment or refund notice is never delivered, not even by the retries.
    NoticeLost,
    /// A notice is delivered late by `delay_ms`.
    NoticeDelayed,
    /// A notice is delivered `times` more times, in parallel.
    NoticeDuplicated,
    /// A notice is signed with a key that is not WeChat Pay's; the retries are genuine.
    NoticeForged,
    /// A notice carries a `WECHATPAY/SIGNTEST/` signature; the retries are genuine.
    NoticeSigntest,
    /// A notice is held back until a later one has been delivered, ten seconds at most.
    NoticeReordered,
    /// A Pay response carries a `WECHATPAY/SIGNTEST/` signature.
    ResponseSigntest,
    /// A Pay response carries no signature at all.
    ResponseUnsigned,
    /// A Pay call is carried out, and what comes with 200 is broken JSON under a genuine signature.
    ResponseBroken,
    /// A Pay call is carried out, and the answer comes `delay_ms` late.
    ResponseSlow,
    /// A Pay call is carried out, and the answer never comes.
    #[serde(alias = "prepay_timeout")]
    ResponseLost,
    /// A Pay call answers 500 SYSTEM_ERROR, without doing anything.
    PaySystemError,
    /// A Pay call answers 429 FREQUENCY_LIMITED.
    PayRateLimited,
    /// A Pay call answers 202 USER_PAYING.
    PayUserPaying,
    /// A Pay response is stamped six minutes ahead.
    ClockSkew,
    /// A Pay response is stamped six minutes behind.
    ClockBehind,
    /// A refund ends ABNORMAL (the user's card is dead).
    RefundAbnormal,
    /// A refund ends CLOSED.
    RefundClosed,
    /// A refund stays PROCESSING until the control API ends it.
    RefundStuck,
    /// A receiver of a profit sharing is CLOSED with ACCOUNT_ABNORMAL.
    SharingFailed,
    /// An official-account call answers 40001 and every token is dead.
    TokenRevoked,
    /// An official-account call answers -1 (system busy).
    OaBusy,
    /// An official-account call answers 45009 (daily quota).
    OaQuota,
    /// An official-account call answers 40164 (IP not in the whitelist).
    OaIp,
    /// An official-account call answers `errcode`, with HTTP 200.
    OaError,
    /// An official-account call is answered `delay_ms` late.
    OaSlow,
    /// The next OAuth code belongs to a snapshot user (快照页).
    SnapshotUser,
    /// A message push is not delivered.
    PushesLost,
    /// A message push is delivered late by `delay_ms`.
    PushDelayed,
    /// A message push is delivered `times` more times, one after the other.
    PushDuplicated,
    /// A message push is delivered `times` more times, all at once.
    PushParallel,
    /// A template message is taken and then fails (`failed: system failed`).
    TemplateFailed,
    /// A message to many is refused by the review: `err(errcode)`.
    MassRejected,
    /// A publication is refused by the review.
    PublishRejected,
}

/// A fault with the calls it still waits for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// For how many calls; for duplicates, how many extra copies.
    #[serde(default = "once")]
    pub times: u32,
    /// For delays: how late, in milliseconds.
    #[serde(default)]
    pub delay_ms: u64,
    /// Only calls whose path, or notices whose event type or address, contain this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// For wanted errors: the code.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub errcode: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(code: &i64) -> bool {
    *code == 0
}

fn once() -> u32 {
    1
}

/// The faults that are waiting.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one.
    pub fn add(&mut self, fault: Fault) {
        if fault.times > 0 {
            self.0.push(fault);
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// All that wait.
    pub fn waiting(&self) -> &[Fault] {
        &self.0
    }

    /// Uses up one occurrence of `kind`.
    pub fn take(&mut self, kind: Kind) -> Option<Fault> {
        self.take_at(kind, "")
    }

    /// Uses up one occurrence of `kind` that is meant for `path`.
    pub fn take_at(&mut self, kind: Kind, path: &str) -> Option<Fault> {
        let meant = |fault: &Fault| {
            fault.kind == kind
                && fault
                    .path
                    .as_ref()
                    .is_none_or(|wanted| path.contains(wanted.as_str()))
        };
        let at = self.0.iter().position(meant)?;
        let fault = self.0[at].clone();
        self.0[at].times -= 1;
        // The copies of a duplicate all belong to one notice.
        let copies = [Kind::NoticeDuplicated, Kind::PushDuplicated, Kind::PushParallel];
        if self.0[at].times == 0 || copies.contains(&fault.kind) {
            self.0.remove(at);
        }
        Some(fault)
    }
}
