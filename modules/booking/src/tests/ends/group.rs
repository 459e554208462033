//! The end of one of several that were booked together: the others stand.

use super::{
    super::group::{group, paid, states},
    *,
};

impl House {
    /// Two for one time, paid by one order.
    fn two(&self, minute: i64) -> Vec<Booking> {
        paid(self, group(self, minute, 2))
    }

    fn begun(&self, booking: &Booking) -> Booking {
        let (id, seen) = (booking.id, booking.version);
        self.at(self.owner, move |cx, tx| {
            check_in(cx, tx, id, seen)?;
            start(cx, tx, id, seen + 1)
        })
        .unwrap()
    }

    fn most_of(&self, booking: &Booking) -> Money {
        let booking = booking.clone();
        self.at(self.owner, move |cx, tx| actions::most_to_keep(cx, tx, &booking))
            .unwrap()
    }

    fn cost(&self, booking: &Booking, why: Why) -> Money {
        let booking = booking.clone();
        self.at(self.owner, move |cx, tx| cost_of_aborting(cx, tx, &booking, why))
            .unwrap()
    }
}

#[test]
fn one_of_a_group_stays_away_and_the_centre_gives_back_all_or_nothing() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let both = house.two(900);
        let order = both[0].order;
        house.pass_until(915);
        for fee in [Fee::Later, Fee::Part(Money(1_000)), Fee::Part(Money(99_000))] {
            assert_eq!(code(house.absent(&both[0], fee)), "booking.one_of_several");
        }
        assert_eq!(
            house.most_of(&both[0]),
            Money(3_840),
            "of its own row, not of the order"
        );
        let absent = house.absent(&both[0], Fee::All).unwrap();
        assert_eq!(states(house, &both), [State::NoShow, State::Confirmed]);
        assert_eq!(house.order(order).state, order::State::Placed);
        assert_eq!(house.refunds(order), 12_800 - 3_840);
        assert_eq!(
            house.paid_for(&both[1]),
            Money(12_800),
            "the other's is untouched"
        );
        let kept = |case: Case| (case.state, case.kept);
        assert_eq!(
            house.case(&absent).map(kept),
            Some((CaseState::Decided, Some(Money(3_840))))
        );

        // The other is served, and the order is done; the objection comes after that.
        let serving = house.begun(&both[1]);
        house.completed(&serving);
        assert_eq!(house.order(order).state, order::State::Fulfilled);
        assert_eq!(house.revenue(), 12_800 + 3_840);
        let disputed = house.objects(&absent, "我到了，门锁着").unwrap();
        assert_eq!(
            code(house.rules(CENTRE, &disputed, Back::Part(Money(1_000)))),
            "booking.one_of_several"
        );
        house.rules(CENTRE, &disputed, Back::All).unwrap();
        house.stand.work();
        assert_eq!((house.refunds(order), house.revenue()), (12_800, 12_800));
        assert_eq!(
            house.case(&absent).map(kept),
            Some((CaseState::Closed, Some(Money::ZERO)))
        );
        assert_eq!(house.paid_for(&both[1]), Money(12_800));
    });
}

#[test]
fn nobody_of_a_group_comes_and_each_has_a_case_of_its_own() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let both = house.two(900);
        let order = both[0].order;
        house.pass_until(915);
        let absent = house.absent(&both[0], Fee::All).unwrap();
        let other = house.absent(&both[1], Fee::All).unwrap();
        let told = || {
            let order = house.order(order);
            (
                order.state,
                order.kept.fen(),
                house.refunds(order.id),
                house.revenue(),
            )
        };
        assert_eq!(
            told(),
            (order::State::Cancelled, 2 * 3_840, 25_600 - 2 * 3_840, 2 * 3_840)
        );
        let disputed = house.objects(&absent, "我到了，门锁着").unwrap();
        house.rules(CENTRE, &disputed, Back::All).unwrap();
        assert_eq!(told(), (order::State::Cancelled, 3_840, 25_600 - 3_840, 3_840));
        let disputed = house.objects(&other, "我也到了").unwrap();
        house.rules(CENTRE, &disputed, Back::Nothing).unwrap();
        assert_eq!(told(), (order::State::Cancelled, 3_840, 25_600 - 3_840, 3_840));
        let disputed = house.two(1_200);
        house.pass_until(1_215);
        house.absent(&disputed[0], Fee::Waive).unwrap();
        assert_eq!(
            house.refunds(disputed[0].order),
            12_800,
            "all of it, and nothing of the other's"
        );
    });
}

#[test]
fn one_of_a_group_is_broken_off_by_its_own_row() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let cases = [
            (Why::CustomerUnwell, 3_200, order::State::Fulfilled),
            (Why::CustomerStops, 12_800, order::State::Fulfilled),
            (Why::ShopTrouble, 0, order::State::Fulfilled),
        ];
        for (minute, (why, kept, end)) in [900, 1_000, 1_100].into_iter().zip(cases) {
            let both = house.two(minute);
            house.pass_until(minute);
            let (one, other) = (house.begun(&both[0]), house.begun(&both[1]));
            house.pass_until(minute + 15);
            assert_eq!(house.cost(&one, why), Money(kept), "{why}");
            let before = house.revenue();
            house.aborted(&one, why).unwrap();
            assert_eq!(house.order(one.order).state, order::State::Placed, "{why}");
            assert_eq!(house.refunds(one.order), 12_800 - kept, "{why}");
            assert_eq!(house.paid_for(&other), Money(12_800), "{why}");
            house.completed(&other);
            assert_eq!(house.order(one.order).state, end, "{why}");
            assert_eq!(house.revenue() - before, 12_800 + kept, "{why}");
        }
    });
}

#[test]
fn an_order_ends_with_the_last_that_is_broken_off() {
    House::on_every_engine(Accepts::Automatic, |house| {
        // Both by the shop's fault: nothing is kept. One was longer, which nobody has paid yet.
        let both = house.two(900);
        house.pass_until(900);
        let (one, other) = (house.begun(&both[0]), house.begun(&both[1]));
        let longer = house.lengthened(&one, 15).unwrap();
        house.aborted(&other, Why::ShopTrouble).unwrap();
        assert_eq!(house.order(one.order).state, order::State::Placed);
        house.aborted(&longer, Why::ShopTrouble).unwrap();
        let order = house.order(one.order);
        assert_eq!((order.state, order.kept), (order::State::Cancelled, Money::ZERO));
        assert_eq!((house.refunds(order.id), house.revenue()), (25_600, 0));

        // The last leaves a danger: what is owed is earned, and the order is done.
        let both = house.two(1_100);
        house.pass_until(1_100);
        let (one, other) = (house.begun(&both[0]), house.begun(&both[1]));
        house.aborted(&one, Why::ShopTrouble).unwrap();
        house.aborted(&other, Why::Unsafe).unwrap();
        let order = house.order(one.order);
        assert_eq!(
            (order.state, order.earned),
            (order::State::Fulfilled, Money(12_800))
        );
        assert_eq!((house.refunds(order.id), house.revenue()), (12_800, 12_800));
    });
}

#[test]
fn one_of_a_group_is_opened_again_and_its_order_only_where_it_was_done() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let both = house.two(900);
        let order = both[0].order;
        house.pass_until(900);
        let one = house.begun(&both[0]);
        let done = house.completed(&one);
        let version = house.order(order).version;
        let again = house.reopened(&done).unwrap();
        assert_eq!(again.state, State::InService);
        assert_eq!(
            house.order(order).version,
            version,
            "the order stood, and nothing happened to it"
        );
        house.completed(&again);
        let other = house.begun(&both[1]);
        let done = house.completed(&other);
        assert_eq!(
            (house.order(order).state, house.revenue()),
            (order::State::Fulfilled, 25_600)
        );
        let again = house.reopened(&done).unwrap();
        assert_eq!(
            (house.order(order).state, house.revenue()),
            (order::State::Placed, 0)
        );
        house.completed(&again);
        assert_eq!(
            (house.order(order).state, house.revenue()),
            (order::State::Fulfilled, 25_600)
        );
    });
}
