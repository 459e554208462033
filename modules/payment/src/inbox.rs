//! What WeChat tells by itself: verified and laid into the inbox in one step, acted upon by a job.

use db::{Db, Event, Tx};
use kernel::{Cx, Id, Result};
use serde::{Deserialize, Serialize};
use wechat::pay::{Content, Rejected};

use crate::{
    WeChatPay,
    actions::{self, Judged},
    jobs,
    model::{Receipt, RefundNews, Source, Terms},
    store,
};

/// Marks identifiers of notices in the inbox.
#[derive(Debug)]
pub enum Notice {}

kernel::coded! {
    /// What a notice is about.
    pub enum Kind {
        /// Something was paid.
        Payment = "payment",
        /// A refund came to an end.
        Refund = "refund",
        /// Something else.
        Other = "other",
    }
}

/// A verified notice in the words of our tables.
pub(crate) struct Letter {
    notice_id: String,
    kind: Kind,
    body: String,
}

/// How the reception of a notice ended.
#[derive(Debug)]
pub enum Reception {
    /// It lies in the inbox: answer 204.
    Taken,
    /// Not believed: answer with this status and write nothing.
    Rejected(Rejected),
}

/// The job that acts upon a notice.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Arrived {
    pub notice: Id<Notice>,
}

impl Event for Arrived {
    const NAME: &'static str = "payment.notice";
}

/// Takes what WeChat sent: `body` must be the bytes as they arrived. Nothing is written unless the signature holds.
pub fn receive(
    db: &Db,
    cx: &Cx,
    pay: &WeChatPay,
    headers: &http::HeaderMap,
    body: &[u8],
) -> Result<Reception> {
    let letter = match open(cx, pay, headers, body)? {
        Ok(letter) => letter,
        Err(rejected) => {
            if rejected.is_probe() {
                tracing::debug!("WeChat probed with a test signature");
            } else {
                tracing::warn!(%rejected, "a notice was not believed");
            }
            return Ok(Reception::Rejected(rejected));
        }
    };
    let cx = cx.clone();
    db::crash_point("payment.notice.verified");
    db.write(move |tx| lay_in(&cx, tx, &letter)).wait()?;
    db::crash_point("payment.notice.taken");
    Ok(Reception::Taken)
}

/// Acts upon a notice; a second time does nothing.
pub(crate) fn act(cx: &Cx, tx: &mut Tx, terms: &Terms, id: Id<Notice>) -> Result<()> {
    let notice = store::notice(tx, id)?;
    if notice.done_at.is_some() {
        return Ok(());
    }
    let mut body = notice.body.clone();
    let outcome = match notice.kind {
        Kind::Payment => {
            let receipt: Receipt = serde_json::from_str(&notice.body)?;
            // Who paid stands with the payment, from where it can be forgotten.
            body = serde_json::to_string(&receipt.without_payer())?;
            match actions::settle(cx, tx, terms, &receipt, Source::Notice)? {
                Judged::Now(_) => "settled".to_owned(),
                Judged::Before(_) => "known".to_owned(),
                Judged::Aside(doubt) => format!("set aside: {doubt}"),
            }
        }
        Kind::Refund => {
            let news: RefundNews = serde_json::from_str(&notice.body)?;
            actions::apply_refund(cx, tx, &news, Source::Notice)?;
            news.status.code().to_owned()
        }
        Kind::Other => "not for us".to_owned(),
    };
    store::finish_notice(cx, tx, id, &outcome, &body)
}

fn open(
    cx: &Cx,
    pay: &WeChatPay,
    headers: &http::HeaderMap,
    body: &[u8],
) -> Result<Result<Letter, Rejected>> {
    let notice = match pay.client().open_notice(cx.now().seconds(), headers, body) {
        Ok(notice) => notice,
        Err(rejected) => return Ok(Err(rejected)),
    };
    let (kind, body) = match &notice.content {
        Content::Payment(transaction) => match Receipt::of(transaction) {
            Some(receipt) => (Kind::Payment, serde_json::to_string(&receipt)?),
            None => (Kind::Other, serde_json::to_string(&notice.event_type)?),
        },
        Content::Refund(refund) => (Kind::Refund, serde_json::to_string(&RefundNews::from(refund))?),
        Content::Other { value, .. } => (Kind::Other, serde_json::to_string(&**value)?),
    };
    Ok(Ok(Letter {
        notice_id: notice.id,
        kind,
        body,
    }))
}

fn lay_in(cx: &Cx, tx: &mut Tx, letter: &Letter) -> Result<()> {
    if let Some(notice) = store::put_notice(cx, tx, &letter.notice_id, letter.kind, &letter.body)? {
        tx.schedule(cx, jobs::NOTICE, &Arrived { notice }, cx.now(), None)?;
    }
    Ok(())
}
