//! Who serves, decided by hand; extensions; places in the line.

use super::{
    house::{House, MASSAGE, code},
    *,
};

fn give(
    house: &House,
    role: Role,
    holder: i64,
    to: Id<Therapist>,
    minute: i64,
) -> kernel::Result<Assignment> {
    let new = Reassigned {
        holder: Id::from_raw(holder),
        to,
        starts_at: house.at(minute),
        length: MASSAGE,
        note: "刘师傅去医院".to_owned(),
    };
    house.try_as(role, move |cx, tx| reassign(cx, tx, &new))
}

#[test]
fn another_therapist_takes_over_at_the_same_time_and_bed() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        let both = || Choice::Rotation(vec![liu, wang]);
        let first = house.claim_for(1, house.at(900), both()).unwrap();
        assert_eq!(first.therapist, liu);
        assert!(matches!(
            give(house, Role::Therapist, 1, wang, 900),
            Err(Error::Forbidden)
        ));
        let given = give(house, Role::Clerk, 1, wang, 900).unwrap();
        assert_eq!(
            (given.therapist, given.bed, given.reason),
            (wang, first.bed, Reason::Manual)
        );
        assert!(house.free(vec![liu]).contains(&house.at(900)));
        assert!(!house.free(vec![wang]).contains(&house.at(900)));
        // Liu has the turn back, Wang has used theirs: Liu comes next.
        assert_eq!(house.claim_for(2, house.at(1100), both()).unwrap().therapist, liu);
        // Given up, the turn goes back to Wang.
        house.write(|_, tx| release(tx, Id::from_raw(1)));
        assert_eq!(
            house.claim_for(3, house.at(1200), both()).unwrap().therapist,
            wang
        );

        let shop = house.shop;
        let told = house.read(move |tx| store::last_assignments(tx, shop, 10));
        let by_hand = told.iter().find(|told| told.reason == Reason::Manual).unwrap();
        assert!(by_hand.actor.starts_with("clerk:"));
        assert_eq!(by_hand.note, "刘师傅去医院");
    });
}

#[test]
fn nobody_takes_over_who_is_busy_or_away() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        house.claim_for(1, house.at(900), Choice::Named(liu)).unwrap();
        house.claim_for(2, house.at(930), Choice::Named(wang)).unwrap();
        assert_eq!(
            code(give(house, Role::Owner, 1, wang, 900)),
            "scheduling.time_taken"
        );
        assert!(
            !house.free(vec![liu]).contains(&house.at(900)),
            "the first one still serves"
        );
        let day = house.day;
        house.write(move |cx, tx| set_day(cx, tx, wang, day, &[], true));
        assert_eq!(code(give(house, Role::Owner, 1, wang, 900)), "scheduling.closed");
        assert!(matches!(
            give(house, Role::Owner, 77, wang, 900),
            Err(Error::NotFound)
        ));
    });
}

#[test]
fn an_extension_goes_on_with_the_same_therapist_unless_the_next_one_waits() {
    House::on_every_engine(|house| {
        let (liu, wang) = (house.liu, house.wang);
        house
            .claim_for(1, house.at(900), Choice::Rotation(vec![liu, wang]))
            .unwrap();
        let longer = |minutes| {
            house.try_as(Role::Therapist, move |cx, tx| {
                lengthen(cx, tx, Id::from_raw(1), minutes)
            })
        };
        // Sixty minutes and ten after: 16:10; half an hour more: 16:40.
        assert_eq!(longer(30).unwrap(), house.at(1000));
        house.claim_for(2, house.at(1020), Choice::Named(liu)).unwrap();
        assert_eq!(code(longer(30)), "scheduling.time_taken");
        let why = house.read(|tx| assignment(tx, Id::from_raw(1))).unwrap();
        assert_eq!((why.reason, why.turn_before), (Reason::Extension, why.turn_after));
        house.write(|_, tx| release(tx, Id::from_raw(1)));
        assert!(
            house.free(vec![liu]).contains(&house.at(930)),
            "all of it is free again"
        );
    });
}

#[test]
fn a_missed_turn_goes_to_the_end_and_a_place_is_changed_with_a_reason() {
    House::on_every_engine(|house| {
        let (shop, liu, wang) = (house.shop, house.liu, house.wang);
        let both = || Choice::Rotation(vec![liu, wang]);
        let change = |role, who, step, why: &'static str| {
            house.try_as(role, move |cx, tx| move_turn(cx, tx, who, step, why))
        };
        assert!(matches!(
            change(Role::Therapist, wang, TurnStep::First, "我想先"),
            Err(Error::Forbidden)
        ));
        change(Role::Clerk, liu, TurnStep::Missed, "").unwrap();
        assert_eq!(house.claim_for(1, house.at(900), both()).unwrap().therapist, wang);
        assert_eq!(
            code(change(Role::Owner, wang, TurnStep::First, " ")),
            "scheduling.no_reason"
        );
        change(Role::Owner, wang, TurnStep::First, "上一位客人投诉取消").unwrap();
        assert_eq!(
            house.claim_for(2, house.at(1000), both()).unwrap().therapist,
            wang
        );
        change(Role::Owner, liu, TurnStep::Last, "迟到").unwrap();
        assert_eq!(
            house.claim_for(3, house.at(1100), both()).unwrap().therapist,
            wang
        );
        let (from, to) = (house.at(0), house.at(1440));
        let moved = house.read(move |tx| store::turn_steps_between(tx, shop, from, to));
        let told: Vec<_> = moved
            .iter()
            .map(|moved| (moved.step, moved.reason.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (TurnStep::Missed, ""),
                (TurnStep::First, "上一位客人投诉取消"),
                (TurnStep::Last, "迟到")
            ]
        );
    });
}
