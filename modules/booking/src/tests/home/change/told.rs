//! What the shop does with changes of home visits: the desk's word, leave, a closing, the waitlist, an account that goes.

use super::*;

fn told(house: &House, actor: Actor, booking: &Booking, km: f64) -> Result<Address> {
    let (of, service) = (booking.clone(), house.service.clone());
    house.at(actor, move |cx, tx| {
        keep_told_address(cx, tx, &of, &service, north(km), ("新街口 2 号院", "1 单元 101"))
    })
}

#[test]
fn the_desk_puts_in_an_address_that_it_was_told_with_the_customers_word() {
    House::on_every_engine(Accepts::Manual, |house| {
        going(house);
        let booked = confirmed(house, 1200);
        house.pass_until(1000);
        let address = told(house, house.owner, &booked, 4.85).unwrap();
        let to = |agreed| Proposal {
            address: Some(address.id),
            agreed,
            ..at(house, &booked, 1230)
        };
        let unsaid = wish(house, house.owner, &booked, &to(false));
        assert_eq!(code(unsaid), "booking.no_consent");
        let there = wish(house, house.owner, &booked, &to(true)).unwrap();
        assert_eq!((there.minute(), there.length.before), (1230, 30));
        let id = there.id;
        let step = house.read(move |tx| steps(tx, id))[0].clone();
        assert_eq!((step.step, step.why), (Step::Move, Some(Why::AgreedByPhone)));
        assert_eq!(money(house, &there), (15_800, 15_300, 500, 0));
        assert_eq!(doors(house, &there), [("booking", "1 单元 101".to_owned())]);
        assert_eq!(
            address_seen_by(house, house.owner, id),
            None,
            "written down, and hidden again"
        );
        assert!(address_seen_by(house, house.customer, id).is_some());
    });
}

#[test]
fn what_the_desk_wrote_down_is_for_its_booking_alone_and_forgotten_after_a_day() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let (booked, other) = (paid_at_home(house, 1200), paid_at_home(house, 1000));
        let foreign = Actor::Staff {
            id: Id::from_raw(5),
            shop: Some(Id::from_raw(6)),
            role: Role::Owner,
        };
        let outside = told(house, house.owner, &booked, 5.2);
        assert_eq!(code(outside), "booking.outside_area");
        assert!(matches!(told(house, foreign, &booked, 1.0), Err(Error::NotFound)));
        assert!(told(house, house.customer, &booked, 1.0).is_err());
        let in_shop = house.paid(house.wish(800));
        assert_eq!(
            code(told(house, house.owner, &in_shop, 1.0)),
            "booking.not_at_home"
        );
        let address = told(house, house.owner, &booked, 1.0).unwrap();
        for (actor, of) in [
            (house.owner, &other),
            (house.customer, &booked),
            (foreign, &booked),
        ] {
            let wanted = Proposal {
                address: Some(address.id),
                agreed: true,
                ..Proposal::at(of, of.starts_at)
            };
            let no = wish(house, actor, of, &wanted);
            assert!(matches!(no, Err(Error::NotFound)), "{no:?}");
        }
        let id = address.id;
        let own = house.at(house.customer, move |cx, tx| own_address(cx, tx, id));
        assert!(matches!(own, Err(Error::NotFound)), "no new booking either");
        let last = house.at(house.customer, last_address).unwrap().unwrap();
        assert_eq!(last.house, "3 单元 502", "nobody agreed to it");
        house.stand.pass(25 * HOUR_MS);
        assert!(!is_known(house, id));
    });
}

#[test]
fn edge_case_32_a_leave_meets_a_proposal_for_a_home_visit() {
    House::on_every_engine(Accepts::Manual, |house| {
        going(house);
        let (liu, shop) = (house.therapists[0], house.shop);
        let ask = |from, to| {
            let leave = scheduling::NewLeave {
                therapist: liu,
                from: house.minute(from),
                to: house.minute(to),
                reason: String::new(),
            };
            house
                .at(house.owner, move |cx, tx| {
                    let id = scheduling::ask_leave(cx, tx, leave.clone())?;
                    scheduling::leave(tx, cx.shop_named(shop)?, id)
                })
                .unwrap()
        };
        let approve = |leave: &scheduling::Leave, decided: Vec<Decided>| {
            let (id, seen) = (leave.id, leave.version);
            house.at(house.owner, move |cx, tx| {
                approve_leave(cx, tx, id, seen, &decided)
            })
        };
        let booked = confirmed(house, 1200);
        let farther = Proposal {
            starts_at: house.minute(1350),
            ..to_km(house, &booked, 4.85)
        };
        let asked = wish(house, house.customer, &booked, &farther).unwrap();
        // 22:00 to 22:10 is on the way: the leave meets the proposal, and nothing else.
        let leave = ask(1320, 1330);
        let hit = leave.clone();
        let hit = house.at(house.owner, move |cx, tx| hit_by(cx, tx, &hit)).unwrap();
        assert_eq!(hit, std::slice::from_ref(&asked));
        assert_eq!(code(approve(&leave, vec![])), "booking.undecided");
        let decided = vec![Decided {
            booking: asked.id,
            seen: asked.version,
            decision: Decision::DropChange,
        }];
        assert_eq!(approve(&leave, decided).unwrap().len(), 1);
        let stays = house.booking(booked.id);
        assert_eq!(last_of(house, &stays).state, ChangeState::Refused);
        assert_eq!(busy(house), [(1175, 1295)]);
        assert!(!is_known(house, farther.address.unwrap()));
    });
}

/// What a proposal shared with its booking is claimed for it alone when somebody else takes the booking over.
#[test]
fn a_proposal_keeps_all_of_its_time_when_the_booking_is_given_away() {
    House::on_every_engine(Accepts::Manual, |house| {
        let (shop, both) = (house.shop, terms(house.service.id, &house.therapists));
        house
            .at(house.owner, move |cx, tx| set_home_terms(cx, tx, shop, &both))
            .unwrap();
        let booked = confirmed(house, 1200);
        assert_eq!(booked.therapist, house.therapists[0]);
        let asked = wish(house, house.customer, &booked, &at(house, &booked, 1230)).unwrap();
        assert_eq!(busy(house), [(1175, 1295), (1295, 1325)]);
        let wang = house.therapists[1];
        let (id, seen) = (asked.id, asked.version);
        let given = house
            .at(house.owner, move |cx, tx| give_to(cx, tx, id, seen, wang, ""))
            .unwrap();
        assert_eq!(given.therapist, wang);
        assert_eq!(
            busy(house),
            [(1205, 1325)],
            "half past eight with the way is Liu's"
        );
        let moved = answer(house, house.owner, &given, agree).unwrap();
        assert_eq!((moved.therapist, moved.minute()), (house.therapists[0], 1230));
        assert_eq!(busy(house), [(1205, 1325)]);
    });
}

#[test]
fn a_sudden_closing_takes_a_proposal_into_it_off_the_table() {
    House::on_every_engine(Accepts::Manual, |house| {
        going(house);
        let booked = confirmed(house, 1440 + 1200);
        let farther = Proposal {
            starts_at: house.minute(1200),
            ..to_km(house, &booked, 4.85)
        };
        let asked = wish(house, house.customer, &booked, &farther).unwrap();
        assert_eq!(busy(house), [(1170, 1300)]);
        let until = house.minute(1560);
        let shut = house.at(house.owner, move |cx, tx| {
            close_shop(cx, tx, "shut", (None, until), "停电", (0, Money::ZERO))
        });
        shut.unwrap();
        house.stand.work();
        let stays = house.booking(asked.id);
        assert_eq!(
            (stays.state, last_of(house, &stays).state),
            (State::Confirmed, ChangeState::Refused)
        );
        assert!(!is_known(house, farther.address.unwrap()));
        assert_eq!(busy(house), []);
    });
}

/// Who waits for the evening is offered it at once when the visit there is moved, or when what was proposed there is dropped.
#[test]
fn a_move_and_a_dropped_proposal_free_time_for_who_waits() {
    House::on_every_engine(Accepts::Manual, |house| {
        going(house);
        let booked = confirmed(house, 1200);
        let wait = |from, to| {
            let wish = WaitWish {
                service: house.service.id,
                therapist: Some(house.therapists[0]),
                day: house.day,
                from,
                to,
            };
            let entry = house.at(house.other, move |cx, tx| join_waitlist(cx, tx, &wish));
            entry.unwrap().id
        };
        let stands = |id| house.read(move |tx| wait_entry(tx, id)).state;
        let now = wait(1195, 1205);
        let agreed = Proposal {
            agreed: true,
            ..at(house, &booked, 1380)
        };
        let moved = wish(house, house.owner, &booked, &agreed).unwrap();
        assert_eq!(stands(now), WaitState::Offered, "the old time came free");

        let offered = wish(house, house.owner, &moved, &at(house, &moved, 1000)).unwrap();
        let next = wait(990, 1010);
        house
            .at(house.other, move |cx, tx| withdraw_from_waitlist(cx, tx, now))
            .unwrap();
        house.stand.work();
        assert_eq!(stands(next), WaitState::Waiting);
        answer(house, house.customer, &offered, refuse_change).unwrap();
        assert_eq!(stands(next), WaitState::Offered, "what was proposed came free");
    });
}

#[test]
fn an_account_that_goes_takes_the_doors_that_were_typed_with_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        going(house);
        let booked = paid_at_home(house, 1200);
        let written = told(house, house.owner, &booked, 1.0).unwrap().id;
        let open = house.at(house.customer, delete_account);
        assert_eq!(code(open), "booking.not_settled", "a visit is to come");
        let off: StepOf = |cx, tx, id, seen| cancel(cx, tx, id, seen, Why::CustomersPlans);
        answer(house, house.customer, &booked, off).unwrap();
        let order = booked.order;
        for refund in house.read(move |tx| payment::refunds(tx, &order::purpose(order))) {
            let ends = house.stand.wechat.refund_ends(&refund.out_refund_no, "SUCCESS");
            assert_eq!(house.stand.deliver(&ends), 204);
        }
        house.stand.work();
        house.at(house.customer, delete_account).unwrap();
        assert!(!is_known(house, written));
        assert_eq!(doors(house, &booked), []);
    });
}
