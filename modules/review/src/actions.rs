//! What people do about reviews: each verb is one transaction.

use booking::Booking;
use db::Tx;
use kernel::{Cx, Id, Result, ShopScope};

use crate::{
    model::{self, NewReview, Refusal, Review, Step},
    store,
};

/// The topic that tells indexes of shops to look again.
const SHOPS: &str = "shops";

/// The customer reviews a completed booking of their own. The same words again are a success without effect.
///
/// # Errors
/// `NotFound` for a stranger's booking; `review.not_completed`, `review.already_written`, `review.no_stars`,
/// `review.long_words`.
pub fn write(cx: &Cx, tx: &mut Tx, id: Id<Booking>, new: &NewReview) -> Result<Review> {
    let booking = booking::own_booking(cx, tx, id)?;
    if !model::can_be_reviewed(booking.state) {
        return Err(Refusal::NotCompleted.into());
    }
    let new = new.checked()?;
    let review = Review {
        id: cx.id(),
        booking: booking.id,
        shop: booking.shop,
        therapist: booking.therapist,
        customer: booking.customer,
        author: model::author(&booking.contact.name),
        service_name: booking.service_name,
        stars: new.stars,
        words: new.words,
        created_at: cx.now(),
        reply: None,
        version: 1,
    };
    if !store::insert(tx, &review)? {
        let before =
            store::of_booking(tx, id)?.filter(|was| was.stars == review.stars && was.words == review.words);
        return before.ok_or_else(|| Refusal::Written.into());
    }
    booking::seal(cx, tx, id)?;
    store::count(tx, review.shop, review.stars)?;
    store::record(cx, tx, review.id, Step::Write)?;
    tx.announce(SHOPS)?;
    Ok(review)
}

/// The shop answers a review, or changes its answer; `seen` is the version it looked at.
///
/// # Errors
/// `review.changed`, `review.no_reply`, `review.long_reply`, and `shop.claim…` for words the shop may not use.
pub fn reply(
    cx: &Cx,
    tx: &mut Tx,
    shop: ShopScope,
    id: Id<Review>,
    seen: i64,
    words: &str,
) -> Result<Review> {
    let review = store::at_shop(tx, shop, id)?;
    let words = model::checked_reply(words)?;
    if review.reply.as_ref().is_some_and(|reply| reply.words == words) {
        return Ok(review);
    }
    if review.version != seen {
        return Err(Refusal::Changed.into());
    }
    shop::publishable(shop::shop(tx, shop.id())?.kind, "reply", words)?;
    if !store::set_reply(tx, id, seen, words, cx.now())? {
        return Err(Refusal::Changed.into());
    }
    store::record(cx, tx, id, Step::Reply)?;
    tx.announce(SHOPS)?;
    store::at_shop(tx, shop, id)
}
