//! Leave that is asked for and answered.

use super::{
    house::{House, MASSAGE, code},
    *,
};

fn asked(house: &House, from: i64, to: i64) -> Leave {
    let leave = NewLeave {
        therapist: house.liu,
        from: house.at(from),
        to: house.at(to),
        reason: "看牙".to_owned(),
    };
    let id = try_as_liu(house, move |cx, tx| ask_leave(cx, tx, leave.clone())).unwrap();
    let scope = house.staff(Role::Therapist).shop().unwrap();
    house.read(move |tx| leave_of(tx, scope, id))
}

fn try_as_liu<T: Send + 'static>(
    house: &House,
    mut f: impl FnMut(&Cx, &mut Tx) -> kernel::Result<T> + Send + 'static,
) -> kernel::Result<T> {
    let cx = house.as_liu();
    house.db.write(move |tx| f(&cx, tx)).wait()
}

fn leave_of(tx: &mut Tx, scope: kernel::ShopScope, id: Id<Leave>) -> kernel::Result<Leave> {
    crate::leave(tx, scope, id)
}

fn approve(house: &House, role: Role, leave: &Leave, kept: &[i64]) -> kernel::Result<Vec<Leave>> {
    let kept: Vec<Id<Holder>> = kept.iter().map(|holder| Id::from_raw(*holder)).collect();
    let (id, seen) = (leave.id, leave.version);
    house.try_as(role, move |cx, tx| approve_leave(cx, tx, id, seen, &kept))
}

#[test]
fn a_leave_that_is_asked_for_changes_nothing_until_it_is_answered() {
    House::on_every_engine(|house| {
        let (shop, liu) = (house.shop, house.liu);
        let leave = asked(house, 900, 1100);
        assert_eq!((leave.state, leave.version), (LeaveState::Asked, 1));
        assert!(house.free(vec![liu]).contains(&house.at(900)));
        assert_eq!(house.read(move |tx| asked_leaves(tx, shop, Instant(0))).len(), 1);
        assert!(matches!(
            approve(house, Role::Therapist, &leave, &[]),
            Err(Error::Forbidden)
        ));
        let granted = approve(house, Role::Owner, &leave, &[]).unwrap();
        assert_eq!((granted.len(), granted[0].state), (1, LeaveState::Granted));
        assert!(!house.free(vec![liu]).contains(&house.at(900)));
        assert_eq!(
            approve(house, Role::Owner, &leave, &[]).unwrap()[0].version,
            2,
            "the same asked again has no effect"
        );
        // A therapist does not take back what the shop has planned with.
        let id = leave.id;
        let back = try_as_liu(house, move |cx, tx| withdraw_leave(cx, tx, shop, id));
        assert!(matches!(back, Err(Error::Forbidden)));
        house
            .try_as(Role::Owner, move |cx, tx| withdraw_leave(cx, tx, shop, id))
            .unwrap();
        assert!(house.free(vec![liu]).contains(&house.at(900)));
        let steps = house.read(move |tx| leave_steps(tx, id));
        assert_eq!(
            steps,
            [
                (
                    LeaveStep::Withdraw,
                    format!("owner:{}", Id::<Holder>::from_raw(7))
                ),
                (LeaveStep::Grant, format!("owner:{}", Id::<Holder>::from_raw(7))),
                (LeaveStep::Ask, house.as_liu().actor().to_string()),
            ]
        );
        assert_eq!(
            code(approve(house, Role::Owner, &leave, &[])),
            "scheduling.leave_answered"
        );
    });
}

#[test]
fn a_therapist_asks_for_no_one_else() {
    House::on_every_engine(|house| {
        let shop = house.shop;
        let own = asked(house, 900, 1100);
        let for_wang = NewLeave {
            therapist: house.wang,
            from: house.at(900),
            to: house.at(1100),
            reason: String::new(),
        };
        let (by_owner, untied) = (for_wang.clone(), for_wang.clone());
        let no = try_as_liu(house, move |cx, tx| ask_leave(cx, tx, for_wang.clone()));
        assert_eq!(code(no), "scheduling.not_own_leave");
        // An account that is nobody's asks for nobody.
        let no = house.try_as(Role::Therapist, move |cx, tx| ask_leave(cx, tx, untied.clone()));
        assert_eq!(code(no), "scheduling.not_own_leave");
        let no = house.try_as(Role::Therapist, move |cx, tx| {
            withdraw_leave(cx, tx, shop, own.id)
        });
        assert_eq!(code(no), "scheduling.not_own_leave");
        // The front desk asks for anybody.
        let of_wang = house
            .try_as(Role::Clerk, move |cx, tx| ask_leave(cx, tx, by_owner.clone()))
            .unwrap();
        let no = try_as_liu(house, move |cx, tx| withdraw_leave(cx, tx, shop, of_wang));
        assert_eq!(code(no), "scheduling.not_own_leave");
        try_as_liu(house, move |cx, tx| withdraw_leave(cx, tx, shop, own.id)).unwrap();
    });
}

#[test]
fn kept_bookings_are_cut_out_of_the_leave_and_the_others_must_be_gone() {
    House::on_every_engine(|house| {
        let liu = house.liu;
        house.claim_for(1, house.at(900), Choice::Named(liu)).unwrap();
        house.claim_for(2, house.at(1020), Choice::Named(liu)).unwrap();
        let leave = asked(house, 840, 1200);
        assert_eq!(
            code(approve(house, Role::Owner, &leave, &[])),
            "scheduling.leave_hits_bookings"
        );
        assert_eq!(
            code(approve(house, Role::Owner, &leave, &[2])),
            "scheduling.leave_hits_bookings"
        );
        house.write(|_, tx| release(tx, Id::from_raw(1)));
        let granted = approve(house, Role::Owner, &leave, &[2]).unwrap();
        let stretches: Vec<_> = granted.iter().map(|leave| (leave.from, leave.to)).collect();
        assert_eq!(
            stretches,
            [(house.at(840), house.at(1020)), (house.at(1090), house.at(1200))]
        );
        assert_eq!(
            code(house.claim(house.at(1100), Choice::Named(liu))),
            "scheduling.closed"
        );
        // The kept booking can still be given up and taken again: in that hour the therapist works.
        house.write(|_, tx| release(tx, Id::from_raw(2)));
        house.claim_for(3, house.at(1020), Choice::Named(liu)).unwrap();
    });
}

#[test]
fn a_leave_of_which_nothing_is_left_is_refused() {
    House::on_every_engine(|house| {
        let (shop, liu) = (house.shop, house.liu);
        house.claim_for(1, house.at(900), Choice::Named(liu)).unwrap();
        let leave = asked(house, 910, 950);
        assert_eq!(approve(house, Role::Owner, &leave, &[1]).unwrap(), []);
        assert_eq!(house.read(move |tx| asked_leaves(tx, shop, Instant(0))), []);

        let other = asked(house, 1100, 1200);
        let (id, seen) = (other.id, other.version);
        let say = |answer: &'static str| {
            house.try_as(Role::Owner, move |cx, tx| refuse_leave(cx, tx, id, seen, answer))
        };
        assert_eq!(code(say(" ")), "scheduling.no_reason");
        let refused = say("那天人手不够").unwrap();
        assert_eq!(
            (refused.state, refused.answer.as_str()),
            (LeaveState::Refused, "那天人手不够")
        );
        assert!(house.free(vec![liu]).contains(&house.at(1110)));
        let late = NewLeave {
            therapist: liu,
            from: house.at(0),
            to: house.at(60),
            reason: String::new(),
        };
        let late = try_as_liu(house, move |cx, tx| ask_leave(cx, tx, late.clone()));
        assert_eq!(code(late), "scheduling.leave_over");
    });
}

#[test]
fn whoever_saw_an_older_leave_does_not_answer_it() {
    House::on_every_engine(|house| {
        let leave = asked(house, 900, 1100);
        let stale = Leave {
            version: 0,
            ..leave.clone()
        };
        assert_eq!(
            code(approve(house, Role::Owner, &stale, &[])),
            "scheduling.changed"
        );
        let stranger = Actor::Staff {
            id: Id::from_raw(9),
            shop: Some(Id::from_raw(99)),
            role: Role::Owner,
        };
        let (cx, id) = (house.world.cx(stranger, Lang::Zh), leave.id);
        let no = house
            .db
            .write(move |tx| approve_leave(&cx, tx, id, 1, &[]))
            .wait();
        assert!(matches!(no, Err(Error::NotFound)));
    });
}

/// Many book while the leave is approved: either somebody was first and the approval is refused, or nobody gets in.
#[test]
fn no_booking_slips_into_a_leave_that_is_being_approved() {
    House::on_every_engine(|house| {
        let (shop, liu) = (house.shop, house.liu);
        let leave = asked(house, 900, 1400);
        let (id, mut answers) = (leave.id, Vec::new());
        let mut granting = None;
        for customer in 0..40 {
            if customer == 20 {
                let cx = house.staff(Role::Owner);
                granting = Some(house.db.write(move |tx| approve_leave(&cx, tx, id, 1, &[])));
            }
            let cx = house.cx();
            let wanted = Wanted {
                shop,
                choice: Choice::Named(liu),
                starts_at: house.at(900 + customer % 8 * 60),
                length: MASSAGE,
                holder: Id::from_raw(customer + 1),
            };
            answers.push(house.db.write(move |tx| claim(&cx, tx, &wanted)));
        }
        let granted = granting.unwrap().wait().is_ok();
        let won = answers
            .into_iter()
            .map(|answer| answer.wait().is_ok())
            .filter(|won| *won)
            .count();
        let inside = house
            .read(move |tx| taken(tx, shop, liu, DAY_TIMES.0, DAY_TIMES.1))
            .len();
        assert_eq!(won, inside);
        assert!(
            !granted || inside == 0,
            "{inside} bookings stand in a granted leave"
        );
        assert!(granted || inside > 0, "refused without a reason");
    });
}

const DAY_TIMES: (Instant, Instant) = (house::DAY.at(900), house::DAY.at(1400));

/// The negative twin: whoever looks in one transaction and grants in the next lets a booking in.
#[test]
fn looking_first_and_granting_later_lets_a_booking_in() {
    House::on_every_engine(|house| {
        let (shop, liu) = (house.shop, house.liu);
        let leave = asked(house, 900, 1400);
        let cx = house.staff(Role::Owner);
        let looked = leave.clone();
        assert_eq!(
            house.read(move |tx| hits(&cx, tx, &looked)),
            [],
            "nobody is there when one looks"
        );
        house.claim_for(1, house.at(900), Choice::Named(liu)).unwrap();
        house.write(move |_, tx| {
            let granted = Leave {
                state: LeaveState::Granted,
                version: 2,
                ..leave.clone()
            };
            store::save_leave(tx, &granted)
        });
        let inside = house.read(move |tx| taken(tx, shop, liu, DAY_TIMES.0, DAY_TIMES.1));
        assert_eq!(inside.len(), 1, "the guard is what keeps this from happening");
    });
}
