use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use db::{Db, Listeners, testing::TestDb};
use kernel::{Actor, Cx, Day, Error, Lang, Role, World};

use super::*;

mod away;
mod during;
mod house;
mod leave;
mod pages;
mod race;
mod rooms;
mod roster;
mod turns;

use house::{House, code};

#[test]
fn a_claim_takes_therapist_and_bed_and_buffers() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        let claimed = house.claim(house.at(900), Choice::Named(liu)).unwrap();
        assert_eq!((claimed.therapist, claimed.reason), (liu, Reason::Requested));
        // Ten minutes are kept free after the hour: the next hour starts at 16:15, the one before at 13:45.
        let free = house.free(vec![liu]);
        assert!(!free.contains(&house.at(960)) && free.contains(&house.at(975)));
        assert!(!free.contains(&house.at(840)) && free.contains(&house.at(825)));
        assert_eq!(
            code(house.claim(house.at(915), Choice::Named(liu))),
            "scheduling.time_taken"
        );
        let other = house.claim(house.at(915), Choice::Named(wang)).unwrap();
        assert_ne!(other.bed, claimed.bed);
    });
}

#[test]
fn beds_run_out_before_therapists_do() {
    House::on_every_engine(|house| {
        let (shop, liu, wang) = (house.shop, house.liu, house.wang);
        let second = house.beds()[1];
        house.write(move |cx, tx| retire_bed(cx, tx, shop, second));
        house.claim(house.at(900), Choice::Named(liu)).unwrap();
        assert!(!house.free(vec![wang]).contains(&house.at(930)));
        assert_eq!(
            code(house.claim(house.at(930), Choice::Named(wang))),
            "scheduling.time_taken"
        );
    });
}

#[test]
fn a_released_time_is_free_again_and_its_turn_given_back() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        let both = || Choice::Rotation(vec![liu, wang]);
        let first = house.claim_for(1, house.at(900), both()).unwrap();
        assert_eq!((first.therapist, first.reason), (liu, Reason::Rotation));
        house.write(|_, tx| release(tx, Id::from_raw(1)));
        house.write(|_, tx| release(tx, Id::from_raw(1)));
        assert!(house.free(vec![liu]).contains(&house.at(900)));
        // Liu's turn was not used up by a booking that fell through.
        assert_eq!(house.claim_for(2, house.at(900), both()).unwrap().therapist, liu);
        assert_eq!(
            house.claim_for(3, house.at(1100), both()).unwrap().therapist,
            wang
        );
        assert_eq!(house.claim_for(4, house.at(1200), both()).unwrap().therapist, liu);
        // Who is asked for by name keeps the turn.
        house.claim_for(5, house.at(720), Choice::Named(wang)).unwrap();
        assert_eq!(
            house.claim_for(6, house.at(1300), both()).unwrap().therapist,
            wang
        );
        let why = house.read(|tx| assignment(tx, Id::from_raw(6))).unwrap();
        assert_eq!((why.therapist, why.reason), (wang, Reason::Rotation));
    });
}

#[test]
fn rotation_passes_over_who_is_busy() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        house.claim_for(1, house.at(900), Choice::Named(liu)).unwrap();
        let claimed = house
            .claim_for(2, house.at(900), Choice::Rotation(vec![liu, wang]))
            .unwrap();
        assert_eq!(claimed.therapist, wang);
    });
}

#[test]
fn past_and_closed_times_are_refused() {
    House::on_every_engine(|house| {
        let liu = house.liu;
        house.clock(house.at(850));
        let claim = |at| code(house.claim(at, Choice::Named(liu)));
        assert_eq!(claim(house.at(840)), "scheduling.past");
        assert_eq!(claim(house.at(690)), "scheduling.past");
        assert_eq!(
            claim(house.at(1530)),
            "scheduling.closed",
            "the last hour would end after closing"
        );
        assert_eq!(claim(house.at(902)), "scheduling.closed", "not on the grain");
        let night = house.day.plus(1).at(60);
        assert!(
            house.claim(night, Choice::Named(liu)).is_ok(),
            "one at night is within 12:00–26:00"
        );
        assert_eq!(claim(house.day.plus(1).at(600)), "scheduling.closed");
    });
}

#[test]
fn leave_and_shift_close_a_therapists_time() {
    House::on_every_engine(|house| {
        let (shop, liu, wang) = (house.shop, house.liu, house.wang);
        let (from, to) = (house.at(900), house.at(1100));
        let leave = NewLeave {
            therapist: liu,
            from,
            to,
            reason: "看牙".to_owned(),
        };
        let granted = leave.clone();
        let id = house.write(move |cx, tx| grant_leave(cx, tx, granted.clone(), false));
        assert_eq!(
            code(house.claim(house.at(870), Choice::Named(liu))),
            "scheduling.closed"
        );
        assert_eq!(
            house
                .claim(house.at(930), Choice::Rotation(vec![liu, wang]))
                .unwrap()
                .therapist,
            wang
        );
        house.write(move |cx, tx| withdraw_leave(cx, tx, shop, id));
        house.claim(house.at(930), Choice::Named(liu)).unwrap();
        let hits = house.try_write(move |cx, tx| grant_leave(cx, tx, leave.clone(), false));
        assert_eq!(code(hits), "scheduling.leave_hits_bookings");

        let short = Shift {
            weekday: house.day.weekday(),
            starts: 720,
            ends: 840,
        };
        house.write(move |cx, tx| set_shifts(cx, tx, liu, &[short]));
        assert_eq!(
            code(house.claim(house.at(1200), Choice::Named(liu))),
            "scheduling.closed"
        );
        let backwards = Shift {
            weekday: 1,
            starts: 840,
            ends: 720,
        };
        let refused = house.try_write(move |cx, tx| set_shifts(cx, tx, liu, &[backwards]));
        assert_eq!(code(refused), "scheduling.backwards");
    });
}

#[test]
fn the_roster_of_another_shop_does_not_exist() {
    House::on_every_engine(|house| {
        let liu = house.liu;
        let stranger = Actor::Staff {
            id: Id::from_raw(9),
            shop: Some(Id::from_raw(99)),
            role: Role::Owner,
        };
        let cx = house.world.cx(stranger, Lang::Zh);
        let set = house.db.write(move |tx| set_shifts(&cx, tx, liu, &[])).wait();
        assert!(matches!(set, Err(Error::NotFound)));
    });
}

#[test]
fn fourteen_days_are_answered_at_once() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        house.clock(house.day.plus(1).at(30));
        let days = house.free_days(vec![liu, wang]);
        assert_eq!(days.len(), 15, "half past midnight belongs to the evening before");
        let first = &days[0];
        assert_eq!(
            (first.day, first.times[0].starts_at),
            (house.day, house.day.plus(1).at(45))
        );
        assert_eq!(first.times[0].therapists, [liu, wang]);
        house.clock(house.day.plus(1).at(600));
        assert_eq!(house.free_days(vec![liu]).len(), 14);
        let query = house.query(vec![liu]);
        let next = house.read(move |tx| next_free(tx, &query));
        assert_eq!(next.unwrap().starts_at, house.day.plus(1).at(720));
    });
}
