//! What waits for a person who looks after money: a refund that somebody else has to agree to, one that is stuck, a bill that
//! differs, books that are wrong. Owners and the centre's officers read of it in WeChat, once.

use db::Tx;
use kernel::{Cx, Id, Instant, Result, Role};
use ledger::Unsound;
use payment::{BillDiffers, Payment, Purpose, Refund, RefundTrouble, RefundWaits};
use text::{args, show};

use crate::{
    message::{Message, queue, to},
    model::MessageKind,
    words::{clock, fitted, say},
};

/// A second person hears that a refund waits: the other owners, or the centre where there is none but the one who asked.
pub(crate) fn refund_waits(cx: &Cx, tx: &mut Tx, waits: &RefundWaits) -> Result<()> {
    let Some((payment, refund)) = refund_of(tx, &waits.purpose, waits.refund)? else {
        return Ok(());
    };
    let owners = owners(cx, tx, &payment)?.into_iter();
    let others = owners.filter(|(id, _)| Some(*id) != refund.asked_by);
    let others: Vec<String> = others.map(|(_, openid)| openid).collect();
    let (readers, page) = match others.is_empty() {
        true => (identity::officer_openids(tx)?, "/console/payments/approvals"),
        false => (others, "/desk/refunds"),
    };
    let amount = show::money(refund.amount);
    let about = About {
        kind: MessageKind::RefundWaits,
        subject: refund.id.raw(),
        version: 0,
        place: shop::shop(tx, payment.shop)?.name,
        what: say("alert-refund-waits", &args![amount => amount]),
        to_do: say("alert-refund-waits-do", &args![]),
        page: page.to_owned(),
    };
    tell(cx, tx, &about, readers)
}

/// The owners and the centre hear that a refund failed or is stuck.
pub(crate) fn refund_trouble(cx: &Cx, tx: &mut Tx, trouble: &RefundTrouble) -> Result<()> {
    let Some((payment, refund)) = refund_of(tx, &trouble.purpose, trouble.refund)? else {
        return Ok(());
    };
    let mut readers: Vec<String> = owners(cx, tx, &payment)?
        .into_iter()
        .map(|(_, openid)| openid)
        .collect();
    readers.extend(identity::officer_openids(tx)?);
    let amount = show::money(refund.amount);
    let about = About {
        kind: MessageKind::RefundTrouble,
        subject: refund.id.raw(),
        version: refund.version,
        place: shop::shop(tx, payment.shop)?.name,
        what: say("alert-refund-trouble", &args![amount => amount]),
        to_do: say("alert-refund-trouble-do", &args![]),
        page: "/console/payments/refunds".to_owned(),
    };
    tell(cx, tx, &about, readers)
}

/// The centre hears that the bill of a day differs, and again when it is another number of differences.
pub(crate) fn bill_differs(cx: &Cx, tx: &mut Tx, differs: &BillDiffers) -> Result<()> {
    let about = About {
        kind: MessageKind::BillDiffers,
        subject: differs.day.0,
        version: differs.open,
        place: say("alert-centre", &args![]),
        what: say(
            "alert-bill-differs",
            &args![day => differs.day.to_string(), count => differs.open],
        ),
        to_do: say("alert-bill-differs-do", &args![]),
        page: format!("/console/payments/bills/{}", differs.day),
    };
    let readers = identity::officer_openids(tx)?;
    tell(cx, tx, &about, readers)
}

/// The centre hears that a look through the books found them wrong, once a day.
pub(crate) fn books_unsound(cx: &Cx, tx: &mut Tx, unsound: &Unsound) -> Result<()> {
    let about = About {
        kind: MessageKind::BooksUnsound,
        subject: cx.now().day().0,
        version: 0,
        place: say("alert-centre", &args![]),
        what: say(
            "alert-books-unsound",
            &args![count => unsound.different + unsound.unlisted, broken => if unsound.broken { "yes" } else { "no" }],
        ),
        to_do: say("alert-books-unsound-do", &args![]),
        page: "/console/ledger".to_owned(),
    };
    let readers = identity::officer_openids(tx)?;
    tell(cx, tx, &about, readers)
}

/// Whether a refund that waited has been decided.
pub(crate) fn is_decided(tx: &mut Tx, refund: i64) -> Result<bool> {
    Ok(payment::refund_state(tx, Id::from_raw(refund))? != payment::RefundState::Requested)
}

struct About {
    kind: MessageKind,
    subject: i64,
    version: i64,
    place: String,
    what: String,
    to_do: String,
    page: String,
}

fn tell(cx: &Cx, tx: &mut Tx, about: &About, readers: impl IntoIterator<Item = String>) -> Result<()> {
    for openid in readers {
        let message = Message {
            subject: about.subject,
            version: about.version,
            fields: fields(about, cx.now()),
            page: about.page.clone(),
            ..to(cx, about.kind, openid)
        };
        queue(cx, tx, &message)?;
    }
    Ok(())
}

fn fields(about: &About, now: Instant) -> Vec<(String, String)> {
    fitted(vec![
        ("thing1", about.place.clone()),
        ("thing2", about.what.clone()),
        ("time3", clock(now)),
        ("thing4", about.to_do.clone()),
    ])
}

fn refund_of(tx: &mut Tx, purpose: &Purpose, id: Id<Refund>) -> Result<Option<(Payment, Refund)>> {
    let Some(refund) = payment::refunds(tx, purpose)?
        .into_iter()
        .find(|refund| refund.id == id)
    else {
        return Ok(None);
    };
    Ok(Some((payment::payment(tx, refund.payment)?, refund)))
}

/// The owners of the shop that was paid, and where WeChat finds them.
fn owners(cx: &Cx, tx: &mut Tx, payment: &Payment) -> Result<Vec<(Id<kernel::Staff>, String)>> {
    let staff = identity::staff_of(tx, cx.shop_named(payment.shop)?)?;
    let owners = staff
        .into_iter()
        .filter(|one| one.active && one.role == Role::Owner);
    Ok(owners
        .filter_map(|owner| owner.openid.map(|openid| (owner.id, openid)))
        .collect())
}
