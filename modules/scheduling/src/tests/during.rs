//! What becomes of claimed time while it is used.

use super::{
    house::{House, code},
    *,
};

const HOLDER: i64 = 1;

fn take(house: &House, role: Role, to: Id<Therapist>) -> kernel::Result<Assignment> {
    let new = TakenOver {
        holder: Id::from_raw(HOLDER),
        to,
        ends_at: house.at(960),
        note: "手抽筋".to_owned(),
    };
    house.try_as(role, move |cx, tx| take_over(cx, tx, &new))
}

#[test]
fn it_is_known_how_much_could_follow_and_what_comes_then() {
    House::on_every_engine(|house| {
        let room = || house.read(|tx| room_after(tx, Id::from_raw(HOLDER), 60, 10));
        let liu = house.liu;
        house
            .claim_for(HOLDER, house.at(900), Choice::Named(liu))
            .unwrap();
        assert_eq!((room().minutes, room().next), (60, None));
        // 70 minutes are claimed: until 16:10. Half past four is Liu's next.
        house.claim_for(2, house.at(990), Choice::Named(liu)).unwrap();
        let after = room();
        assert_eq!(after.minutes, 20);
        let Some(Next::Taken(next)) = after.next else {
            panic!("not a booking: {after:?}")
        };
        assert_eq!(next.holder, Id::from_raw(2));
    });
}

#[test]
fn nothing_is_added_into_a_leave_or_a_closing() {
    House::on_every_engine(|house| {
        let room = || house.read(|tx| room_after(tx, Id::from_raw(HOLDER), 60, 10));
        let (shop, liu, wang) = (house.shop, house.liu, house.wang);
        // Until 16:10 with the minutes after it.
        house
            .claim_for(HOLDER, house.at(900), Choice::Named(liu))
            .unwrap();
        let leave = |therapist, from, to| NewLeave {
            therapist,
            from: house.at(from),
            to: house.at(to),
            reason: String::new(),
        };
        let (over, others, own) = (
            leave(liu, 600, 900),
            leave(wang, 970, 1200),
            leave(liu, 1000, 1200),
        );
        house.write(move |cx, tx| {
            grant_leave(cx, tx, over.clone(), false)?;
            grant_leave(cx, tx, others.clone(), false)
        });
        assert_eq!(
            room(),
            After {
                minutes: 60,
                next: None
            }
        );
        house.write(move |cx, tx| grant_leave(cx, tx, own.clone(), false));
        let at_home = Some(Next::Leave(house.at(1000)));
        assert_eq!(
            room(),
            After {
                minutes: 40,
                next: at_home
            }
        );
        let (from, until) = (house.at(980), house.at(1100));
        house.write(move |cx, tx| shop::close(cx, tx, shop, (from, until), "停电"));
        let closed = Some(Next::Closing(from));
        assert_eq!(
            room(),
            After {
                minutes: 20,
                next: closed
            }
        );
    });
}

#[test]
fn the_rest_is_given_to_another_and_what_was_served_stays() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        let both = || Choice::Rotation(vec![liu, wang]);
        house.claim_for(HOLDER, house.at(900), both()).unwrap();
        let turns = house.read({
            let shop = house.shop;
            move |tx| crate::turns(tx, shop)
        });
        house.clock(house.at(922));
        assert!(matches!(
            take(house, Role::Therapist, wang),
            Err(Error::Forbidden)
        ));
        let given = take(house, Role::Clerk, wang).unwrap();
        assert_eq!((given.therapist, given.reason), (wang, Reason::Manual));
        let taken = |who| {
            let (shop, from, to) = (house.shop, house.at(840), house.at(1200));
            let spans = house.read(move |tx| crate::taken(tx, shop, who, from, to));
            let minutes = |at: Instant| at.minutes_since(house.at(0));
            spans
                .iter()
                .map(|span| (minutes(span.from), minutes(span.to)))
                .collect::<Vec<_>>()
        };
        assert_eq!((taken(liu), taken(wang)), (vec![(900, 925)], vec![(925, 970)]));
        let shop = house.shop;
        assert_eq!(
            house.read(move |tx| crate::turns(tx, shop)),
            turns,
            "nobody's turn is used by it"
        );
        // Broken off at half past: the rest is free, what was used stays.
        house.clock(house.at(930));
        house.write(|cx, tx| cut(cx, tx, Id::from_raw(HOLDER), 0));
        assert_eq!((taken(liu), taken(wang)), (vec![(900, 925)], vec![(925, 935)]));
    });
}

#[test]
fn nobody_takes_over_who_is_busy_nor_what_is_over() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        house
            .claim_for(HOLDER, house.at(900), Choice::Named(liu))
            .unwrap();
        house.claim_for(2, house.at(930), Choice::Named(wang)).unwrap();
        house.clock(house.at(910));
        assert_eq!(code(take(house, Role::Owner, wang)), "scheduling.time_taken");
        house.write(|_, tx| release(tx, Id::from_raw(2)));
        house.clock(house.at(975));
        assert_eq!(code(take(house, Role::Owner, wang)), "scheduling.past");
        let shop = house.shop;
        let (from, to) = (house.at(840), house.at(1200));
        let spans = house.read(move |tx| crate::taken(tx, shop, liu, from, to));
        assert_eq!(spans.len(), 1, "Liu serves still");
    });
}
