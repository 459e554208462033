//! Work at the customer's.

use super::{
    house::{House, MASSAGE},
    *,
};

const VISIT: Length = Length {
    minutes: 60,
    before: 30,
    after: 40,
};

fn wanted(house: &House, minute: i64, length: Length, holder: i64) -> Wanted {
    Wanted {
        shop: house.shop,
        choice: Choice::Named(house.liu),
        starts_at: house.at(minute),
        length,
        holder: Id::from_raw(holder),
    }
}

#[test]
fn a_visit_claims_the_therapist_with_the_way_and_leaves_the_beds() {
    House::on_every_engine(|house| {
        let visit = wanted(house, 900, VISIT, 1);
        let claimed = house.write(move |cx, tx| claim_away(cx, tx, &visit));
        assert_eq!((claimed.therapist, claimed.bed), (house.liu, None));
        let (shop, liu, from, to) = (house.shop, house.liu, house.at(0), house.at(1440));
        let taken = house.read(move |tx| taken(tx, shop, liu, from, to));
        let taken: Vec<_> = taken.iter().map(|span| (span.from, span.to)).collect();
        assert_eq!(taken, [(house.at(870), house.at(1000))]);

        // Wang can use any bed meanwhile; Liu is on the way until ten past half past four.
        let choice = Choice::Named(house.wang);
        let other = Wanted {
            choice,
            ..wanted(house, 900, MASSAGE, 2)
        };
        assert!(house.write(move |cx, tx| claim(cx, tx, &other)).bed.is_some());
        for (minute, holder) in [(810, 3), (985, 4)] {
            let on_the_way = wanted(house, minute, MASSAGE, holder);
            let refused = house.try_write(move |cx, tx| claim(cx, tx, &on_the_way).map(drop));
            assert_eq!(refused.unwrap_err().code(), Some("scheduling.time_taken"));
        }
        let after = wanted(house, 1000, MASSAGE, 5);
        house.write(move |cx, tx| claim(cx, tx, &after));

        house.write(|_, tx| release(tx, Id::from_raw(1)));
        let again = wanted(house, 890, VISIT, 6);
        let claimed = house.write(move |cx, tx| claim_away(cx, tx, &again));
        assert_eq!(claimed.bed, None);
        let told = house.read(move |tx| last_assignments(tx, shop, 10));
        let told = told.iter().find(|told| told.holder == Id::from_raw(6)).unwrap();
        assert_eq!(told.bed, "", "there is no bed to name");
        let assigned = house.read(|tx| assignment(tx, Id::from_raw(6))).unwrap();
        assert_eq!((assigned.bed, assigned.therapist), (None, liu));
    });
}

#[test]
fn nobody_travels_before_or_after_work() {
    House::on_every_engine(|house| {
        // Work is from 12:00 to 26:00.
        for (minute, works) in [(745, false), (750, true), (1460, true), (1465, false)] {
            let visit = wanted(house, minute, VISIT, minute);
            let claimed = house.try_write(move |cx, tx| claim_away(cx, tx, &visit).map(drop));
            match works {
                true => claimed.unwrap(),
                false => assert_eq!(claimed.unwrap_err().code(), Some("scheduling.closed"), "{minute}"),
            }
        }
        let query = FreeQuery {
            shop: house.shop,
            length: VISIT,
            therapists: vec![house.wang],
            now: house.at(600),
            lead_minutes: 0,
            days: 1,
            step: STEP,
        };
        let days = house.read(move |tx| free_times_away(tx, &query));
        let of_today = days.iter().find(|day| day.day == house.day).unwrap();
        let first_and_last = (of_today.times.first(), of_today.times.last());
        let at = |time: Option<&FreeTime>| time.map(|time| time.starts_at);
        assert_eq!(
            (at(first_and_last.0), at(first_and_last.1)),
            (Some(house.at(750)), Some(house.at(1455)))
        );
    });
}

#[test]
fn a_visit_grows_before_the_way_back_and_ends_early_with_it() {
    House::on_every_engine(|house| {
        let visit = wanted(house, 900, VISIT, 1);
        house.write(move |cx, tx| claim_away(cx, tx, &visit));
        let (shop, liu, from, to) = (house.shop, house.liu, house.at(0), house.at(1440));
        let until = |house: &House| {
            let taken = house.read(move |tx| taken(tx, shop, liu, from, to));
            taken.iter().map(|span| span.to).max().unwrap()
        };
        house.clock(house.at(910));
        let room = house.read(|tx| room_after(tx, Id::from_raw(1), 30, 0));
        assert_eq!((room.minutes, room.next), (30, None));
        house.write(|cx, tx| lengthen(cx, tx, Id::from_raw(1), 30).map(drop));
        assert_eq!(
            until(house),
            house.at(1030),
            "the way back comes after what was added"
        );
        house.write(|cx, tx| cut(cx, tx, Id::from_raw(1), 40));
        assert_eq!(until(house), house.at(955), "the way back begins now");
    });
}

#[test]
fn a_visit_moves_with_its_way_and_a_proposal_claims_the_difference() {
    House::on_every_engine(|house| {
        let visit = wanted(house, 900, VISIT, 1);
        house.write(move |cx, tx| claim_away(cx, tx, &visit));
        let (shop, liu, from, to) = (house.shop, house.liu, house.at(0), house.at(1440));
        let taken = || {
            let mut taken = house.read(move |tx| taken(tx, shop, liu, from, to));
            taken.sort_by_key(|span| span.from);
            let minutes = taken
                .iter()
                .map(|span| (span.from.minutes_since(from), span.to.minutes_since(from)));
            minutes.collect::<Vec<_>>()
        };
        // Half an hour later, and twenty minutes more of a way: half past two to a quarter past five is needed then.
        let farther = Length {
            before: 50,
            after: 60,
            ..VISIT
        };
        let proposal = wanted(house, 930, farther, 2);
        let prefer = (liu, None);
        let asked = house.write(move |cx, tx| claim_beside(cx, tx, &proposal, Id::from_raw(1), prefer));
        assert_eq!((asked.therapist, asked.bed), (liu, None));
        assert_eq!(taken(), [(870, 1000), (1000, 1050)]);
        let how = (prefer, Reason::Requested);
        let agreed = wanted(house, 930, farther, 1);
        let moved = house.write(move |cx, tx| take_instead(cx, tx, &agreed, Some(Id::from_raw(2)), how));
        assert_eq!((moved.therapist, moved.bed), (liu, None));
        assert_eq!(taken(), [(880, 1050)]);

        // Nobody sets out before work begins, and what is its own is free.
        let early = wanted(house, 760, farther, 1);
        let refused = house.try_write(move |cx, tx| take_instead(cx, tx, &early, None, how).map(drop));
        assert_eq!(refused.unwrap_err().code(), Some("scheduling.closed"));
        let query = FreeQuery {
            shop,
            length: farther,
            therapists: vec![liu],
            now: house.at(600),
            lead_minutes: 0,
            days: 1,
            step: STEP,
        };
        let days = house.read(move |tx| free_times_beside(tx, &query, &[Id::from_raw(1)]));
        let of_today = days.iter().find(|day| day.day == house.day).unwrap();
        let times: Vec<i64> = of_today
            .times
            .iter()
            .map(|time| time.starts_at.minutes_since(from))
            .collect();
        assert_eq!(
            (times[0], times.contains(&930), times.contains(&975)),
            (780, true, true)
        );
    });
}
