//! Messages through WeChat: laid down as a row, then sent by a job until WeChat has taken or refused them.

use booking::Booking;
use db::{Tx, Work};
use kernel::{Cx, Error, Id, Instant, Result, Role};
use order::Order;
use payment::Refunded;
use wechat::{
    At,
    oa::{Class, TemplateMessage},
};

use crate::{
    OfficialAccount, actions, events,
    model::{MessageKind, MessageState},
    store, trouble,
    words::{self, Told},
};

/// A message to one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Message {
    /// The message; also the number by which WeChat sends it only once.
    pub id: Id<Message>,
    /// What it says.
    pub kind: MessageKind,
    /// The raw identifier of the booking, the refund, the entry of the waitlist or the address of another program.
    pub subject: i64,
    /// The booking's version then; 0 for refunds, which do not move on.
    pub version: i64,
    /// To whom.
    pub openid: String,
    /// The title of its template.
    pub template: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
    /// The page that it opens.
    pub page: String,
    /// After this moment it would only confuse.
    pub until: Instant,
    /// Where it stands.
    pub state: MessageState,
    /// Why it was refused or dropped.
    pub trouble: Option<String>,
}

/// Lays down the messages of one kind about a booking, one for each person, and queues their sending.
pub(crate) fn queue_about(
    cx: &Cx,
    tx: &mut Tx,
    booking: &Booking,
    kind: MessageKind,
    why: Option<&str>,
) -> Result<()> {
    let openids = if kind.is_to_shop() {
        identity::staff_openids(tx, booking.shop)?
    } else {
        identity::openid_of(tx, booking.customer)?.into_iter().collect()
    };
    if openids.is_empty() {
        return Ok(());
    }
    let shop = shop::shop(tx, booking.shop)?;
    let told = Told {
        shop: shop.name,
        address: shop.address,
        number: order::order(tx, booking.order)?.number,
        facts: actions::facts(tx, booking)?,
        starts_at: booking.starts_at,
        price: booking.price + booking::fare(tx, booking)?,
        code: booking.code.clone(),
        why: why.map(str::to_owned),
    };
    let fields = words::fields(kind, &told, cx.now());
    for openid in openids {
        let message = Message {
            subject: booking.id.raw(),
            version: booking.version,
            fields: fields.clone(),
            page: page(kind, booking),
            until: until(kind, booking, cx.now()),
            ..to(cx, kind, openid)
        };
        queue(cx, tx, &message)?;
    }
    Ok(())
}

/// Lays down the message that money went back.
pub(crate) fn queue_refund(cx: &Cx, tx: &mut Tx, refunded: &Refunded) -> Result<()> {
    if refunded.purpose.module != "order" {
        return Ok(());
    }
    let order: Order = order::order(tx, Id::from_raw(refunded.purpose.id))?;
    if booking::told_by_closing(tx, order.id)? {
        return Ok(());
    }
    let Some(openid) = identity::openid_of(tx, order.customer)? else {
        return Ok(());
    };
    let refunds = payment::refunds(tx, &refunded.purpose)?;
    let reason = refunds
        .into_iter()
        .find(|refund| refund.id == refunded.refund)
        .map(|refund| refund.reason);
    let kind = MessageKind::Refunded;
    let message = Message {
        subject: refunded.refund.raw(),
        version: 0,
        fields: words::refund_fields(
            &order.number,
            refunded.amount,
            &reason.unwrap_or_default(),
            cx.now(),
        ),
        page: format!("/orders/{}", order.id),
        ..to(cx, kind, openid)
    };
    queue(cx, tx, &message)
}

/// An empty message of a kind to somebody, worth sending for some days: what it is about and says is its maker's.
pub(crate) fn to(cx: &Cx, kind: MessageKind, openid: String) -> Message {
    Message {
        id: cx.id(),
        kind,
        subject: 0,
        version: 0,
        openid,
        template: kind.template().to_owned(),
        fields: Vec::new(),
        page: String::new(),
        until: cx.now().plus_minutes(DAYS * 24 * 60),
        state: MessageState::Queued,
        trouble: None,
    }
}

/// Lays down the message that a time is kept for somebody who waited, unless it is not kept any more.
pub(crate) fn queue_offer(cx: &Cx, tx: &mut Tx, offered: &booking::Offered) -> Result<()> {
    let entry = booking::wait_entry(tx, offered.entry)?;
    let (Some(offer), Some(openid)) = (entry.offer, identity::openid_of(tx, entry.customer)?) else {
        return Ok(());
    };
    if entry.version != offered.version {
        return Ok(());
    }
    let kind = MessageKind::Offered;
    let (shop, service) = (
        shop::shop(tx, entry.shop)?.name,
        catalog::service(tx, entry.service)?.name,
    );
    let message = Message {
        subject: entry.id.raw(),
        version: entry.version,
        fields: words::offer_fields(&shop, &service, offer.starts_at),
        page: format!("/waitlist/{}", entry.id),
        until: offer.until,
        ..to(cx, kind, openid)
    };
    queue(cx, tx, &message)
}

/// Lays down the message that somebody waits in vain, since the shop closes.
pub(crate) fn queue_wait_closed(cx: &Cx, tx: &mut Tx, closed: &booking::WaitClosed) -> Result<()> {
    let entry = booking::wait_entry(tx, closed.entry)?;
    let Some(openid) = identity::openid_of(tx, entry.customer)? else {
        return Ok(());
    };
    let (shop, service) = (
        shop::shop(tx, entry.shop)?.name,
        catalog::service(tx, entry.service)?.name,
    );
    let message = Message {
        subject: entry.id.raw(),
        version: entry.version,
        fields: words::wait_closed_fields(&shop, &service, entry.day.at(entry.from)),
        page: format!("/waitlist/{}", entry.id),
        ..to(cx, MessageKind::WaitClosed, openid)
    };
    queue(cx, tx, &message)
}

/// Lays down the one message for a customer whose bookings a closing of the shop called off.
pub(crate) fn queue_closing(cx: &Cx, tx: &mut Tx, closed: &booking::ShopClosed) -> Result<()> {
    let mut own = booking::met_by(tx, closed.closing)?;
    own.retain(|met| !met.stays && met.booking.customer == closed.customer);
    let (Some(first), Some(openid)) = (own.first(), identity::openid_of(tx, closed.customer)?) else {
        return Ok(());
    };
    let first = &first.booking;
    let shop = shop::shop(tx, first.shop)?.name;
    let kind = MessageKind::ShopClosed;
    let message = Message {
        subject: closed.closing.raw(),
        version: 0,
        fields: words::closing_fields(&shop, &first.service_name, (first.starts_at, own.len())),
        page: match own.len() {
            1 => format!("/bookings/{}", first.id),
            _ => "/bookings".to_owned(),
        },
        ..to(cx, kind, openid)
    };
    queue(cx, tx, &message)
}

/// Lays down the message to the shop's owners that another program does not hear of the shop any more.
pub(crate) fn queue_disconnected(cx: &Cx, tx: &mut Tx, turned: &events::Connection) -> Result<()> {
    let kind = MessageKind::Disconnected;
    let shop = shop::shop(tx, turned.shop)?.name;
    let owners = identity::staff_of(tx, cx.shop_named(turned.shop)?)?
        .into_iter()
        .filter(|one| one.active && one.role == Role::Owner);
    for openid in owners.filter_map(|owner| owner.openid) {
        let message = Message {
            subject: turned.hook.raw(),
            version: turned.version,
            fields: words::disconnected_fields(&shop, &turned.host, cx.now()),
            page: format!("/console/shops/{}/webhooks", turned.shop),
            ..to(cx, kind, openid)
        };
        queue(cx, tx, &message)?;
    }
    Ok(())
}

/// The customer is reminded, unless the booking has moved on.
pub(crate) fn queue_reminder(cx: &Cx, tx: &mut Tx, remind: &events::Remind) -> Result<()> {
    let booking = booking::booking(tx, remind.booking)?;
    let speaks = booking::speaks_for(tx, &booking)?.is_some();
    if speaks && booking.version == remind.version && cx.now() < booking.starts_at {
        queue_about(cx, tx, &booking, remind.kind, None)?;
    }
    Ok(())
}

pub(crate) fn queue(cx: &Cx, tx: &mut Tx, message: &Message) -> Result<()> {
    if store::insert_message(tx, message, cx.now())? {
        events::plan_sending(cx, tx, message.id)?;
    }
    Ok(())
}

/// For so many days the news of something that is over is still worth sending.
const DAYS: i64 = 3;

/// The page that a message opens.
fn page(kind: MessageKind, booking: &Booking) -> String {
    match kind {
        MessageKind::Completed => format!("/bookings/{}/review", booking.id),
        MessageKind::ChangeAsked => format!("/desk/bookings/{}/change", booking.id),
        MessageKind::ChangeOffered => format!("/bookings/{}/change", booking.id),
        kind if kind.is_to_shop() => format!("/desk/bookings/{}", booking.id),
        _ => format!("/bookings/{}", booking.id),
    }
}

/// Until when a message is worth sending.
fn until(kind: MessageKind, booking: &Booking, now: Instant) -> Instant {
    match kind {
        MessageKind::NewOrder | MessageKind::Booked | MessageKind::Departed => booking.ends_at(),
        MessageKind::ReminderDay => booking.starts_at.plus_minutes(-180),
        MessageKind::ReminderHours => booking.starts_at,
        _ => now.plus_minutes(DAYS * 24 * 60),
    }
}

/// Sends one message. A lost answer is safe to repeat: WeChat sends the same number once.
pub(crate) fn send(work: &Work, account: &OfficialAccount, id: Id<Message>) -> Result<()> {
    let cx = work.cx.clone();
    let Some(message) = work.db.write(move |tx| still_true(&cx, tx, id)).wait()? else {
        return Ok(());
    };
    let Some(template_id) = account.templates.id_of(&message.template) else {
        tracing::error!(
            template = message.template,
            "the account has no template of this title"
        );
        return end(work, id, MessageState::Refused, None, Some("no_template"));
    };
    let outgoing = TemplateMessage {
        openid: message.openid,
        template_id: template_id.to_owned(),
        url: Some(format!("{}{}", account.base_url, message.page)),
        mini_program: None,
        fields: message.fields,
        client_msg_id: Some(id.to_string()),
    };
    match account
        .account
        .send_template(At::now(work.cx.now().seconds()), &outgoing)
    {
        Ok(msg_id) => end(work, id, MessageState::Sent, Some(msg_id), None),
        Err(error) if error.class() == Class::Refuse => {
            tracing::info!(%error, message = %id, "WeChat refused a message");
            end(work, id, MessageState::Refused, None, Some(&error.to_string()))
        }
        Err(error) => {
            if error.class() == Class::Alarm {
                tracing::error!(%error, message = %id, "the account cannot send messages");
            }
            Err(Error::from(error))
        }
    }
}

/// The message, if it is still to be sent and still true; else it is dropped.
fn still_true(cx: &Cx, tx: &mut Tx, id: Id<Message>) -> Result<Option<Message>> {
    let message = store::message(tx, id)?;
    if message.state != MessageState::Queued {
        return Ok(None);
    }
    let trouble = if cx.now() > message.until {
        "too_late"
    } else if has_moved_on(tx, &message)? {
        "moved_on"
    } else if store::has_left(tx, &message.openid)? {
        "unfollowed"
    } else {
        return Ok(Some(message));
    };
    store::end_message(tx, id, MessageState::Dropped, None, Some(trouble))?;
    Ok(None)
}

fn has_moved_on(tx: &mut Tx, message: &Message) -> Result<bool> {
    let version = match message.kind {
        MessageKind::Refunded
        | MessageKind::ShopClosed
        | MessageKind::WaitClosed
        | MessageKind::Disconnected
        | MessageKind::RefundTrouble
        | MessageKind::BillDiffers
        | MessageKind::BooksUnsound => return Ok(false),
        MessageKind::RefundWaits => return trouble::is_decided(tx, message.subject),
        MessageKind::Offered => booking::wait_entry(tx, Id::from_raw(message.subject))?.version,
        _ => booking::booking(tx, Id::from_raw(message.subject))?.version,
    };
    Ok(version != message.version)
}

fn end(
    work: &Work,
    id: Id<Message>,
    state: MessageState,
    msg_id: Option<String>,
    trouble: Option<&str>,
) -> Result<()> {
    let trouble = trouble.map(str::to_owned);
    work.db
        .write(move |tx| store::end_message(tx, id, state, msg_id.as_deref(), trouble.as_deref()))
        .wait()
}
