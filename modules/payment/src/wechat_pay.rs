use db::{Db, crash_point};
use kernel::{Cx, Error, Id, Result};
use wechat::{
    At, Cause, Outcome, TransportError, Verified,
    pay::{
        AbnormalReceiver, AbnormalRefund, ApiError, Class, Code, JsapiOrder, Mode, OutRefundNo, OutTradeNo,
        PageParams, Pay, Payee, Payer, PrepayId, RefundOrder, Renewal, TradeState, Transaction,
    },
};

use crate::{
    actions::{self, Judged, RefundRun, Refusal},
    model::{Payment, Receipt, Refund, RefundNews, RefundState, Source, State, Terms},
    store,
};

/// Where WeChat sends news of payments, below the program's own address.
pub const PAYMENT_NOTICES: &str = "/wechat/pay/notices/payment";
/// Where WeChat sends news of refunds.
pub const REFUND_NOTICES: &str = "/wechat/pay/notices/refund";

/// WeChat Pay as this program uses it. Every call goes over the network: never inside a transaction.
pub struct WeChatPay {
    client: Pay,
    terms: Terms,
    direct: bool,
    base_url: String,
}

/// What asking WeChat about an attempt brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// Paid, and recorded.
    Paid,
    /// Paid in a way that does not fit; set aside for a person.
    Aside,
    /// WeChat waits for the customer.
    Unpaid,
    /// WeChat closed it.
    Closed,
    /// WeChat does not know the number.
    Missing,
    /// WeChat did not answer in a way that can be believed.
    Unknown,
}

impl WeChatPay {
    /// `mode` is the one that `client` was made with; `base_url` is the program's address as WeChat reaches it, without a
    /// slash at the end.
    pub fn new(mode: Mode, client: Pay, base_url: &str) -> WeChatPay {
        let direct = matches!(mode, Mode::Direct { .. });
        let (mchid, appid) = match mode {
            Mode::Direct { mchid, appid } => (mchid, appid),
            Mode::Partner { sp_mchid, sp_appid } => (sp_mchid, sp_appid),
        };
        WeChatPay {
            client,
            terms: Terms { mchid, appid },
            direct,
            base_url: base_url.to_owned(),
        }
    }

    /// Who we are: what receipts must name.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The protocol's client.
    pub(crate) fn client(&self) -> &Pay {
        &self.client
    }

    /// Fetches WeChat Pay's platform certificates when it is time, and puts them in place. To be asked about every minute by
    /// each process that uses certificates: their keys live in its memory. What goes wrong is logged and tried again.
    pub fn renew_certificates(&self, cx: &Cx) {
        if !self.client.certificates_due(cx.now().seconds()) {
            return;
        }
        match self.client.renew_certificates(at(cx), &nonce(cx)) {
            Outcome::Done(Renewal::Renewed(new)) if new.is_empty() => {}
            Outcome::Done(Renewal::Renewed(new)) => tracing::info!(?new, "new certificates of WeChat Pay"),
            Outcome::Done(Renewal::PublicKeyOnly) => {
                tracing::error!(
                    "this merchant has no platform certificates: [pay] believes should be \"public-key\""
                );
            }
            Outcome::Done(_) => {}
            Outcome::Refused(error) => {
                tracing::error!(%error, "WeChat refused its certificates")
            }
            Outcome::Unknown(cause) => {
                tracing::warn!(%cause, "no believable certificates of WeChat Pay")
            }
        }
    }

    /// The serials of WeChat Pay's keys that are believed now, each with the second since 1970 at which it ends, if it does.
    pub fn believed(&self) -> Vec<(String, Option<i64>)> {
        let keys = self.client.keys();
        let mut believed: Vec<_> = keys
            .serials()
            .map(|serial| (serial.to_owned(), keys.expires_s(serial)))
            .collect();
        believed.sort();
        believed
    }

    /// Whether the money comes to our own account: as a provider we act for shops.
    pub(crate) fn is_payee(&self) -> bool {
        self.direct
    }

    fn payee(&self, payment: &Payment) -> Result<Payee<'_>> {
        let payee = match &payment.sub_mchid {
            Some(sub_mchid) => self.client.sub_merchant(sub_mchid, None),
            None => self.client.own(),
        };
        payee.map_err(|error| {
            tracing::error!(%error, shop = %payment.shop, "the shop cannot be paid");
            Refusal::NoPayee.into()
        })
    }

    fn jsapi_order(&self, payment: &Payment) -> Result<JsapiOrder> {
        Ok(JsapiOrder {
            out_trade_no: OutTradeNo::new(&payment.out_trade_no)?,
            description: payment.description.clone(),
            total_fen: payment.amount.fen(),
            payer: Payer::Caller(payment.openid.clone()),
            notify_url: format!("{}{PAYMENT_NOTICES}", self.base_url),
            time_expire_s: Some(payment.expires_at.seconds()),
            attach: None,
            profit_sharing: false,
        })
    }

    fn query(&self, cx: &Cx, payment: &Payment) -> Result<Outcome<Verified<Transaction>>> {
        let (number, payee) = (OutTradeNo::new(&payment.out_trade_no)?, self.payee(payment)?);
        crash_point("payment.query.before");
        let answer = payee.query(at(cx), &nonce(cx), &number);
        crash_point("payment.query.after");
        Ok(answer)
    }

    pub(crate) fn close(&self, cx: &Cx, payment: &Payment) -> Result<Outcome<()>> {
        let (number, payee) = (OutTradeNo::new(&payment.out_trade_no)?, self.payee(payment)?);
        crash_point("payment.close.before");
        let answer = payee.close(at(cx), &nonce(cx), &number);
        crash_point("payment.close.after");
        Ok(answer)
    }

    /// Sends a refund, or the same one again.
    pub(crate) fn refund(&self, cx: &Cx, run: &RefundRun) -> Result<Outcome<RefundNews>> {
        let order = RefundOrder {
            out_refund_no: OutRefundNo::new(&run.refund.out_refund_no)?,
            out_trade_no: OutTradeNo::new(&run.payment.out_trade_no)?,
            refund_fen: run.refund.amount.fen(),
            total_fen: run.payment.amount.fen(),
            reason: Some(run.refund.reason.clone()).filter(|reason| !reason.is_empty()),
            notify_url: Some(format!("{}{REFUND_NOTICES}", self.base_url)),
        };
        let payee = self.payee(&run.payment)?;
        crash_point("payment.refund.before");
        let answer = payee.refund(at(cx), &nonce(cx), &order);
        crash_point("payment.refund.after");
        Ok(answer.map(|refund| RefundNews::from(&refund)))
    }

    /// Sends a stuck refund on to the shop's own account, or the same one again.
    fn redirect(&self, cx: &Cx, run: &RefundRun) -> Result<Outcome<RefundNews>> {
        let wish = AbnormalRefund {
            refund_id: run.refund.refund_id.clone().unwrap_or_default(),
            out_refund_no: OutRefundNo::new(&run.refund.out_refund_no)?,
            to: AbnormalReceiver::MerchantAccount,
        };
        let answer = self
            .payee(&run.payment)?
            .apply_abnormal_refund(at(cx), &nonce(cx), &wish);
        Ok(answer.map(|refund| RefundNews::from(&refund)))
    }

    pub(crate) fn query_refund(&self, cx: &Cx, run: &RefundRun) -> Result<Outcome<RefundNews>> {
        let number = OutRefundNo::new(&run.refund.out_refund_no)?;
        let payee = self.payee(&run.payment)?;
        crash_point("payment.refund_query.before");
        let answer = payee.query_refund(at(cx), &nonce(cx), &number);
        crash_point("payment.refund_query.after");
        Ok(answer.map(|refund| RefundNews::from(&refund)))
    }
}

/// What the page needs to open WeChat's pay sheet. Asks WeChat for a prepay unless there is a good one; after an unknown
/// outcome the next call asks again with the same number.
///
/// # Errors
/// `payment.already_paid`, `payment.ended`, `payment.unavailable` (try again), `payment.declined` (another attempt may
/// be made), `payment.no_payee`.
pub fn prepay(db: &Db, cx: &Cx, pay: &WeChatPay, id: Id<Payment>) -> Result<PageParams> {
    let begin = cx.clone();
    let payment = db.write(move |tx| actions::begin_prepay(&begin, tx, id)).wait()?;
    let payee = pay.payee(&payment)?;
    if let Some(prepay_id) = payment.usable_prepay(cx.now()) {
        let prepay = PrepayId {
            prepay_id: prepay_id.to_owned(),
        };
        return Ok(payee.page_params(&prepay, cx.now().seconds(), &nonce(cx)));
    }
    let order = pay.jsapi_order(&payment)?;
    crash_point("payment.prepay.before");
    let answer = payee.prepay_jsapi(at(cx), &nonce(cx), &order);
    crash_point("payment.prepay.after");
    match answer {
        Outcome::Done(prepay) => {
            let (save, prepay_id) = (cx.clone(), prepay.prepay_id.clone());
            db.write(move |tx| actions::prepaid(&save, tx, id, &prepay_id))
                .wait()?;
            Ok(payee.page_params(&prepay, cx.now().seconds(), &nonce(cx)))
        }
        Outcome::Refused(error) => Err(not_prepaid(db, cx, pay, &payment, &error)?),
        Outcome::Unknown(cause) => {
            tracing::warn!(%cause, number = %payment.out_trade_no, "no believable answer to a prepay");
            Err(Refusal::Unavailable.into())
        }
    }
}

/// Sends a stuck refund on to the shop's own account, from which the shop pays the customer some other way
/// (wechatpay-skills, CreateAbnormalRefund). The bank cards of customers are none of ours: to another card of theirs the
/// shop sends it in WeChat's merchant console.
///
/// # Errors
/// `payment.refund_not_stuck`, `payment.unavailable` (try again), `payment.declined`.
pub fn redirect_refund(db: &Db, cx: &Cx, pay: &WeChatPay, id: Id<Refund>) -> Result<()> {
    let asking = cx.clone();
    let run = db
        .read(move |tx| {
            let refund = store::refund(tx, id)?;
            let payment = store::payment(tx, refund.payment)?;
            asking.shop_named(payment.shop)?;
            Ok(RefundRun { refund, payment })
        })
        .wait()?;
    if run.refund.state != RefundState::Abnormal {
        return Err(Refusal::RefundNotStuck.into());
    }
    match pay.redirect(cx, &run)? {
        Outcome::Done(_) => {
            let cx = cx.clone();
            db.write(move |tx| actions::redirected(&cx, tx, id)).wait()
        }
        Outcome::Refused(error) => {
            tracing::error!(%error, number = %run.refund.out_refund_no, "WeChat would not redirect a refund");
            Err(Refusal::Declined.into())
        }
        Outcome::Unknown(cause) => {
            log_unknown(&cause, &run.refund.out_refund_no);
            Err(Refusal::Unavailable.into())
        }
    }
}

fn not_prepaid(db: &Db, cx: &Cx, pay: &WeChatPay, payment: &Payment, error: &ApiError) -> Result<Error> {
    match error.class() {
        Class::Retry => Ok(Refusal::Unavailable.into()),
        // The number is paid or closed at WeChat: what we know is behind.
        Class::Query => match check(db, cx, pay, payment.id)? {
            Seen::Paid | Seen::Aside => Ok(Refusal::Paid.into()),
            Seen::Closed => Ok(Refusal::Ended.into()),
            Seen::Unpaid | Seen::Missing | Seen::Unknown => Ok(Refusal::Unavailable.into()),
        },
        Class::Refuse | Class::Alarm => {
            tracing::error!(%error, number = %payment.out_trade_no, "WeChat refused a prepay");
            let (cx, id, code) = (cx.clone(), payment.id, error.code.as_str().to_owned());
            db.write(move |tx| actions::prepay_failed(&cx, tx, id, &code))
                .wait()?;
            Ok(Refusal::Declined.into())
        }
    }
}

/// Asks WeChat whether an attempt was paid, and records what it says by the same way as a notice.
pub fn check(db: &Db, cx: &Cx, pay: &WeChatPay, id: Id<Payment>) -> Result<Seen> {
    let payment = db.read(move |tx| store::payment(tx, id)).wait()?;
    if payment.state == State::Succeeded {
        return Ok(Seen::Paid);
    }
    if payment.asked_at.is_none() {
        return Ok(Seen::Missing);
    }
    match pay.query(cx, &payment)? {
        Outcome::Done(transaction) => believe(db, cx, pay, id, &transaction),
        Outcome::Refused(error) if is_missing(&error.code) => Ok(Seen::Missing),
        Outcome::Refused(error) => {
            tracing::error!(%error, number = %payment.out_trade_no, "WeChat refused a query");
            Ok(Seen::Unknown)
        }
        Outcome::Unknown(cause) => {
            log_unknown(&cause, &payment.out_trade_no);
            Ok(Seen::Unknown)
        }
    }
}

fn believe(
    db: &Db,
    cx: &Cx,
    pay: &WeChatPay,
    id: Id<Payment>,
    transaction: &Verified<Transaction>,
) -> Result<Seen> {
    if let Some(receipt) = Receipt::of(transaction) {
        let (cx, terms) = (cx.clone(), pay.terms().clone());
        let judged = db
            .write(move |tx| actions::settle(&cx, tx, &terms, &receipt, Source::Query))
            .wait()?;
        return Ok(if matches!(judged, Judged::Aside(_)) {
            Seen::Aside
        } else {
            Seen::Paid
        });
    }
    match transaction.trade_state {
        TradeState::Closed | TradeState::Revoked | TradeState::PayError => {
            let cx = cx.clone();
            db.write(move |tx| actions::close(&cx, tx, id, "closed by WeChat", true))
                .wait()?;
            Ok(Seen::Closed)
        }
        TradeState::NotPay => Ok(Seen::Unpaid),
        _ => Ok(Seen::Unknown),
    }
}

/// Whether a refusal says that WeChat knows nothing of the number.
pub(crate) fn is_missing(code: &Code) -> bool {
    matches!(code, Code::OrderNotExist | Code::ResourceNotExists)
}

pub(crate) fn log_unknown(cause: &Cause, number: &str) {
    match cause {
        Cause::Unverifiable(rejected) => {
            tracing::error!(%rejected, number, "an answer of WeChat cannot be believed")
        }
        Cause::Transport(TransportError::NotSent(why)) => {
            tracing::warn!(why, number, "WeChat was not reached")
        }
        other => tracing::warn!(cause = %other, number, "WeChat gave no clear answer"),
    }
}

pub(crate) fn at(cx: &Cx) -> At {
    At::now(cx.now().seconds())
}

pub(crate) fn nonce(cx: &Cx) -> String {
    let mut nonce = cx.token();
    nonce.truncate(32);
    nonce
}
