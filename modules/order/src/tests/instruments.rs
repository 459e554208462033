//! Stored value, points and coupons: accounts that the tests fill, as the modules that keep them will.

use kernel::{Id, Money, Result};
use ledger::{Account, Kind, Transfer};
use payment::testing::Mood;

use super::{Answer, SHOP, Till, tender::CLERK, tills};
use crate::{By, Line, Order, Source, State, Taken, Tender, store};

const COUPON: Source = Source::coupon(("coupon", 1));
const POINTS: Source = Source::points(("member", 2));
const CARD: Source = Source::value(("card", 3));
const GIVEN_AWAY: Account = Account::money("shop", SHOP.raw(), Kind::Discounts);
const DRAWER: Account = Account::money("shop", SHOP.raw(), Kind::Cash);

impl Till {
    /// An account gets so much from another.
    fn fill(&self, from: Account<'static>, source: Source<'static>, amount: Money) {
        let filled = Transfer {
            debit: from,
            credit: source.account(),
            amount,
            cause: ("filled", source.account().owner_id),
            key: source.account().owner_kind,
        };
        self.write(move |cx, tx| ledger::transfer(cx, tx, &filled))
            .unwrap();
    }

    fn reserve(&self, id: Id<Order>, source: Source<'static>, amount: Money) -> Result<()> {
        self.write(move |cx, tx| crate::reserve(cx, tx, id, &source, amount).map(drop))
    }

    /// What a source could give now.
    fn there(&self, source: Source<'static>) -> Money {
        let available = move |tx: &mut db::Tx| ledger::available(tx, source.account());
        self.stand.db.read(available).wait().unwrap()
    }

    /// All that is not reserved leaves an account, as what expires or a card that is given up.
    fn sweep(&self, source: Source<'static>, to: Account<'static>, key: &'static str) -> Money {
        self.write(move |cx, tx| ledger::sweep(cx, tx, (source.account(), to), ("sweep", 1), key))
            .unwrap()
    }

    fn lines(&self, id: Id<Order>) -> Vec<Line> {
        self.stand.db.read(move |tx| crate::lines(tx, id)).wait().unwrap()
    }

    fn taken(&self, id: Id<Order>, tender: Tender) -> (Taken, Money) {
        let takings = self.stand.db.read(move |tx| crate::takings(tx, id));
        let takings = takings.wait().unwrap();
        let one = takings.iter().find(|taking| taking.tender == tender).unwrap();
        (one.state, one.returned)
    }

    fn drop_line(&self, id: Id<Order>, place: usize, share: i64) -> Money {
        let line = self.lines(id)[place].id;
        self.write(move |cx, tx| crate::drop_line_for(cx, tx, (id, line), By::Customer, share, "少一位"))
            .unwrap()
    }

    fn cancel(&self, id: Id<Order>, by: By, kept: Money) {
        self.write(move |cx, tx| crate::cancel(cx, tx, id, by, kept, "临时有事").map(drop))
            .unwrap();
    }

    /// The worked example of the design, paid: lines of 100 and 60 yuan, a coupon of 20, points worth 8.
    fn worked_example(&self) -> Id<Order> {
        self.fill(GIVEN_AWAY, COUPON, Money::yuan(20));
        self.fill(GIVEN_AWAY, POINTS, Money::yuan(8));
        let both = [Money::yuan(100), Money::yuan(60)];
        let id = self.open_due(&both, Money::yuan(160)).id;
        // Whichever was chosen first: the cells are the same.
        self.reserve(id, POINTS, Money::yuan(8)).unwrap();
        self.reserve(id, COUPON, Money::yuan(20)).unwrap();
        assert_eq!(self.pays(id), Money::yuan(132), "the sheet asks for the rest");
        assert_eq!(self.state(id), State::Placed);
        id
    }

    /// Every balance is the sum of its transfers, every transfer has its place.
    fn sound(&self) {
        let report = ledger::audit(&self.stand.db).unwrap();
        assert!(report.sound(), "{report:#?}");
    }

    /// Nothing waits for a hand.
    fn nothing_to_hand_over(&self) {
        let due = self.stand.db.read(|tx| store::returns_due(tx, SHOP, 10));
        assert_eq!(due.wait().unwrap(), []);
    }
}

#[test]
fn edge_case_07_a_partial_refund_with_coupon_and_points() {
    for till in tills() {
        let id = till.worked_example();
        let lines = till.lines(id);
        let shares = till.stand.db.read(move |tx| crate::allocations(tx, id));
        let shares = shares.wait().unwrap();
        let money = |line: &Line| {
            let own = shares
                .iter()
                .filter(|(of, tender, _)| *of == line.id && *tender == Tender::WeChat);
            own.map(|(.., amount)| amount.fen()).sum::<i64>()
        };
        assert_eq!([money(&lines[0]), money(&lines[1])], [8_250, 4_950]);

        let told = till.drop_line(id, 1, 10_000);
        assert_eq!(told, Money(5_250), "the money and what the points were worth");
        assert_eq!(till.refunded(id), [Money(4_950)]);
        assert_eq!(till.there(POINTS), Money(300), "at once");
        assert_eq!(till.there(COUPON), Money::ZERO);
        assert_eq!(till.taken(id, Tender::Coupon), (Taken::Committed, Money(750)));
        till.nothing_to_hand_over();
        let order = till.get(id);
        assert_eq!(
            (order.owed(), till.books(id).0),
            (Money::yuan(100), Money::yuan(100))
        );

        till.write(move |cx, tx| crate::fulfil(cx, tx, id)).unwrap();
        // 82.50 of money, 5 of points, 12.50 of the coupon; the rest of what was filled is not given away any more, but
        // for the 3 yuan that the points hold again.
        assert_eq!(till.books(id), (Money::ZERO, Money(8_250), Money::yuan(100)));
        assert_eq!(till.balance(GIVEN_AWAY), Money(2_050));
        till.sound();
    }
}

#[test]
fn a_coupon_is_whole_again_when_nothing_of_its_order_is_kept_at_once_or_line_by_line() {
    for by_lines in [false, true] {
        for till in tills() {
            let id = till.worked_example();
            if by_lines {
                till.drop_line(id, 1, 10_000);
                assert_eq!(till.there(COUPON), Money::ZERO, "a line still stands");
                till.drop_line(id, 0, 10_000);
            } else {
                till.cancel(id, By::Shop, Money::ZERO);
            }
            assert_eq!(till.state(id), State::Cancelled);
            assert_eq!(till.there(COUPON), Money::yuan(20));
            assert_eq!(till.there(POINTS), Money::yuan(8));
            assert_eq!(till.taken(id, Tender::Coupon).0, Taken::Restored);
            assert_eq!(till.refunded(id).iter().copied().sum::<Money>(), Money::yuan(132));
            assert_eq!(till.books(id), (Money::ZERO, Money::ZERO, Money::ZERO));
            assert_eq!(till.balance(GIVEN_AWAY), Money::yuan(28));
            till.nothing_to_hand_over();
            till.sound();
        }
    }
}

#[test]
fn a_coupon_stays_used_while_anything_is_kept_and_is_whole_when_somebody_decides_that_nothing_is() {
    for till in tills() {
        let id = till.worked_example();
        // 30 %: of each tender.
        till.cancel(id, By::Customer, Money::yuan(48));
        assert_eq!(
            (till.there(COUPON), till.there(POINTS)),
            (Money::ZERO, Money(560))
        );
        assert_eq!(till.refunded(id), [Money(9_240)]);
        assert_eq!(till.books(id), (Money::ZERO, Money(3_960), Money::yuan(48)));
        assert_eq!(
            till.taken(id, Tender::Coupon),
            (Taken::Committed, Money::yuan(14))
        );
        let lowered = |kept| {
            till.write(move |cx, tx| crate::lower_kept(cx, tx, id, kept, "中心裁定"))
                .unwrap()
        };
        assert_eq!(
            lowered(Money::yuan(16)),
            Money::yuan(28),
            "28 of 32 is not the coupon's"
        );
        assert_eq!(till.there(COUPON), Money::ZERO);
        assert_eq!(lowered(Money::ZERO), Money::yuan(14));
        assert_eq!(
            (till.there(COUPON), till.there(POINTS)),
            (Money::yuan(20), Money::yuan(8))
        );
        assert_eq!(till.refunded(id).iter().copied().sum::<Money>(), Money::yuan(132));
        assert_eq!(till.books(id), (Money::ZERO, Money::ZERO, Money::ZERO));
        till.sound();
    }
}

#[test]
fn a_part_of_the_last_line_that_is_kept_keeps_the_coupon_used() {
    for till in tills() {
        let id = till.worked_example();
        till.drop_line(id, 1, 10_000);
        till.drop_line(id, 0, 7_000);
        assert_eq!(
            (till.state(id), till.get(id).kept),
            (State::Cancelled, Money::yuan(30))
        );
        assert_eq!(till.there(COUPON), Money::ZERO);
        // 3 and 3.50 yuan.
        assert_eq!(till.there(POINTS), Money(650));
        assert_eq!(till.refunded(id), [Money(4_950), Money(5_775)]);
        assert_eq!(
            till.books(id),
            (Money::ZERO, Money(13_200 - 4_950 - 5_775), Money::yuan(30))
        );
        till.sound();
    }
}

#[test]
fn edge_case_19_a_coupon_expires_between_open_and_placed() {
    for till in tills() {
        till.fill(GIVEN_AWAY, COUPON, Money::yuan(20));
        let placed = till.open().id;
        till.reserve(placed, COUPON, Money::yuan(20)).unwrap();
        assert_eq!(till.sweep(COUPON, GIVEN_AWAY, "expired"), Money::ZERO);
        // What moves more than what is there, the ledger refuses.
        let all = Transfer {
            debit: COUPON.account(),
            credit: GIVEN_AWAY,
            amount: Money::yuan(20),
            cause: ("sweep", 1),
            key: "by the balance",
        };
        let all = till.write(move |cx, tx| ledger::transfer(cx, tx, &all));
        assert_eq!(all.unwrap_err().code(), Some("ledger.not_covered"));
        till.pays(placed);
        assert_eq!(till.state(placed), State::Placed);
        assert_eq!(till.taken(placed, Tender::Coupon).0, Taken::Committed);
        assert_eq!(till.sweep(COUPON, GIVEN_AWAY, "after it was placed"), Money::ZERO);
        assert_eq!(till.books(placed).0, super::PRICE);
        till.sound();
    }
}

#[test]
fn edge_case_19_a_coupon_that_expired_meanwhile_goes_when_its_order_closes_and_late_money_goes_back() {
    for till in tills() {
        till.fill(GIVEN_AWAY, COUPON, Money::yuan(20));
        till.answers(Answer::Revive);
        let (id, number) = till.closed_with(COUPON);
        assert_eq!(till.taken(id, Tender::Coupon).0, Taken::Lapsed);
        assert_eq!(till.sweep(COUPON, GIVEN_AWAY, "expired"), Money::yuan(20));
        till.told(&number);
        assert_eq!(till.state(id), State::Closed, "the coupon would be missing");
        assert_eq!(till.refunded(id), [super::PRICE - Money::yuan(20)]);
        assert_eq!(till.balance(GIVEN_AWAY), Money::ZERO);
        till.sound();
    }
}

#[test]
fn late_money_revives_an_order_whose_coupon_is_still_there_and_uses_it() {
    for till in tills() {
        till.fill(GIVEN_AWAY, COUPON, Money::yuan(20));
        till.answers(Answer::Revive);
        let (id, number) = till.closed_with(COUPON);
        assert_eq!(till.there(COUPON), Money::yuan(20), "free while it is closed");
        till.told(&number);
        assert_eq!(till.state(id), State::Placed);
        assert_eq!(till.taken(id, Tender::Coupon).0, Taken::Committed);
        assert_eq!(
            (till.there(COUPON), till.books(id).0),
            (Money::ZERO, super::PRICE)
        );
        assert_eq!(till.refunded(id), []);
        till.cancel(id, By::Shop, Money::ZERO);
        assert_eq!(till.there(COUPON), Money::yuan(20));
        till.sound();
    }
}

#[test]
fn late_money_that_suffices_alone_pays_in_place_of_a_coupon_that_is_gone_and_goes_back_where_it_is_there() {
    for gone in [true, false] {
        for till in tills() {
            till.fill(GIVEN_AWAY, COUPON, Money::yuan(20));
            till.answers(Answer::Revive);
            let id = till.open().id;
            let number = till.sheet(id).unwrap();
            till.stand.wechat.mood(Mood::Away);
            till.reserve(id, COUPON, Money::yuan(20)).unwrap();
            // The sheet for the whole amount was still open.
            till.stand.wechat.customer_pays(&number);
            till.stand.pass(27 * 60_000);
            assert_eq!(till.state(id), State::Closed);
            till.stand.wechat.mood(Mood::Well);
            if gone {
                till.sweep(COUPON, GIVEN_AWAY, "expired");
            }
            till.told(&number);
            assert_eq!(till.state(id), State::Placed);
            let (money, coupon) = match gone {
                true => (super::PRICE, Money::ZERO),
                false => (super::PRICE - Money::yuan(20), Money::yuan(20)),
            };
            let columns = [(Tender::WeChat, money), (Tender::Coupon, coupon)];
            let paid = columns.iter().filter(|(_, amount)| *amount > Money::ZERO);
            assert_eq!(till.columns(id), paid.copied().collect::<Vec<_>>());
            let state = if gone { Taken::Released } else { Taken::Committed };
            assert_eq!(till.taken(id, Tender::Coupon).0, state);
            let back = till.refunded(id).iter().copied().sum::<Money>();
            assert_eq!(
                (back, till.books(id).0),
                (coupon, super::PRICE),
                "money goes back first"
            );
            till.sound();
        }
    }
}

impl Till {
    /// An order with a coupon of 20 yuan whose rest was paid in the last second, which nobody heard of before it closed.
    fn closed_with(&self, source: Source<'static>) -> (Id<Order>, String) {
        let id = self.open().id;
        self.reserve(id, source, Money::yuan(20)).unwrap();
        let number = self.sheet(id).unwrap();
        self.stand.pass(14 * 60_000);
        self.stand.wechat.mood(Mood::Away);
        self.stand.wechat.customer_pays(&number);
        self.stand.pass(13 * 60_000);
        assert_eq!(self.state(id), State::Closed);
        self.stand.wechat.mood(Mood::Well);
        (id, number)
    }
}

#[test]
fn edge_case_20_a_card_is_refunded_while_an_order_is_open() {
    for till in tills() {
        till.fill(DRAWER, CARD, Money::yuan(100));
        let id = till.open().id;
        till.reserve(id, CARD, Money::yuan(60)).unwrap();
        assert_eq!(
            till.sweep(CARD, DRAWER, "refunded"),
            Money::yuan(40),
            "what is not reserved"
        );
        assert_eq!(till.there(CARD), Money::ZERO);
        let more = till.open().id;
        let more = till.reserve(more, CARD, Money(1));
        assert_eq!(more.unwrap_err().code(), Some("ledger.not_covered"));

        till.pays(id);
        assert_eq!(till.state(id), State::Placed);
        till.cancel(id, By::Shop, Money::ZERO);
        assert_eq!(
            till.there(CARD),
            Money::yuan(60),
            "back on the card, without a hand"
        );
        till.nothing_to_hand_over();
        assert_eq!(till.sweep(CARD, DRAWER, "refunded again"), Money::yuan(60));

        till.fill(DRAWER, Source::value(("card", 4)), Money::yuan(100));
        let closed = till.open().id;
        till.reserve(closed, Source::value(("card", 4)), Money::yuan(60))
            .unwrap();
        till.stand.pass(16 * 60_000);
        assert_eq!(till.state(closed), State::Closed);
        assert_eq!(
            till.there(Source::value(("card", 4))),
            Money::yuan(100),
            "free again"
        );
        assert_eq!(till.balance(DRAWER), Money::yuan(100));
        till.sound();
    }
}

#[test]
fn principal_and_bonus_go_back_as_they_were_taken() {
    const BONUS: Source = Source::value(("bonus", 3));
    for till in tills() {
        till.fill(DRAWER, CARD, Money::yuan(100));
        till.fill(GIVEN_AWAY, BONUS, Money::yuan(20));
        let id = till
            .open_due(&[Money::yuan(60), Money::yuan(60)], Money::yuan(120))
            .id;
        till.reserve(id, CARD, Money::yuan(100)).unwrap();
        till.reserve(id, BONUS, Money::yuan(20)).unwrap();
        assert_eq!(till.state(id), State::Placed, "nothing else is due");
        assert_eq!(till.drop_line(id, 1, 10_000), Money::yuan(60));
        assert_eq!(
            (till.there(CARD), till.there(BONUS)),
            (Money::yuan(50), Money::yuan(10))
        );
        till.sound();
    }
}

#[test]
fn too_much_goes_back_in_money_first_and_cash_is_the_only_tender_that_waits_for_a_hand() {
    for till in tills() {
        till.fill(DRAWER, CARD, Money::yuan(50));
        till.fill(GIVEN_AWAY, COUPON, Money::yuan(20));
        let id = till.open().id;
        till.by(CLERK, move |cx, tx| {
            crate::take(cx, tx, id, &COUPON, Money::yuan(20))?;
            crate::take(cx, tx, id, &CARD, Money::yuan(50))
        })
        .unwrap();
        till.cash(id, "part", Money::yuan(30)).unwrap();
        till.stand.pass(16 * 60_000);
        assert_eq!(till.state(id), State::Closed);
        let due = till.stand.db.read(|tx| store::returns_due(tx, SHOP, 10));
        let due = due.wait().unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!((due[0].tender, due[0].amount), (Tender::Cash, Money::yuan(30)));
        assert_eq!(
            (till.there(CARD), till.there(COUPON)),
            (Money::yuan(50), Money::yuan(20))
        );
        till.sound();

        let tenders = till
            .stand
            .db
            .read(move |tx| crate::by_tender(tx, id))
            .wait()
            .unwrap();
        let order: Vec<Tender> = tenders.iter().map(|(tender, _)| *tender).collect();
        assert_eq!(order, [Tender::WeChat, Tender::Cash, Tender::Value]);
    }
}
