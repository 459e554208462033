//! Changes of a booking: who proposes, who answers, and what becomes of time and money.

use db::params;
use scheduling::Reason;

use super::{house::House, *};

mod leave;
mod money;
mod race;

fn at(house: &House, booking: &Booking, minute: i64) -> Proposal {
    Proposal::at(booking, house.minute(minute))
}

fn wish(house: &House, actor: Actor, booking: &Booking, wish: &Proposal) -> Result<Booking> {
    house.stand.pass(1_000);
    let (id, seen, wish) = (booking.id, booking.version, wish.clone());
    let done = house.at(actor, move |cx, tx| propose(cx, tx, id, seen, &wish));
    house.stand.work();
    claims_are_right(house);
    done
}

type Answering = fn(&Cx, &mut Tx, Id<Booking>, i64) -> Result<Booking>;

fn answer(house: &House, actor: Actor, booking: &Booking, how: Answering) -> Result<Booking> {
    house.stand.pass(1_000);
    let (id, seen) = (booking.id, booking.version);
    let done = house.at(actor, move |cx, tx| how(cx, tx, id, seen));
    house.stand.work();
    claims_are_right(house);
    done
}

/// A proposal's claims exist exactly while it is proposed, and what is alive has its own.
fn claims_are_right(house: &House) {
    let stray = house.read(|tx| {
        tx.all(
            "SELECT s.id FROM span s JOIN booking_change c ON c.id = s.holder_id WHERE c.state <> 'proposed'
             UNION ALL
             SELECT b.id FROM booking b LEFT JOIN span s ON s.holder_id = b.id AND s.resource_id IN (b.therapist_id, b.bed_id)
              WHERE b.state IN ('held', 'requested', 'confirmed') GROUP BY b.id HAVING COUNT(s.id) <> 2
             UNION ALL
             SELECT c.id FROM booking_change c
              WHERE c.state = 'proposed' AND (SELECT COALESCE(SUM(
                      CASE WHEN s.to_slot * 300000 < c.starts_at + (c.minutes + c.after_minutes) * 60000 THEN s.to_slot * 300000
                           ELSE c.starts_at + (c.minutes + c.after_minutes) * 60000 END
                    - CASE WHEN s.from_slot * 300000 > c.starts_at - c.before_minutes * 60000 THEN s.from_slot * 300000
                           ELSE c.starts_at - c.before_minutes * 60000 END), 0) FROM span s
                      WHERE s.holder_id IN (c.id, c.booking_id) AND s.resource_id IN (c.therapist_id, c.bed_id)
                        AND s.from_slot * 300000 < c.starts_at + (c.minutes + c.after_minutes) * 60000
                        AND s.to_slot * 300000 > c.starts_at - c.before_minutes * 60000)
                  <> 2 * (c.before_minutes + c.minutes + c.after_minutes) * 60000",
            params![],
            |row| row.get::<i64>(0),
        )
    });
    assert_eq!(stray, Vec::<i64>::new(), "claims do not fit");
}

fn last(house: &House, booking: &Booking) -> Change {
    let id = booking.id;
    house.read(move |tx| last_change(tx, id)).unwrap()
}

fn last_step(house: &House, booking: &Booking) -> (Step, Option<Why>) {
    let id = booking.id;
    let step = house.read(move |tx| steps(tx, id))[0].clone();
    (step.step, step.why)
}

fn named(house: &House, minute: i64) -> Wish {
    Wish {
        therapist: Some(house.therapists[0]),
        ..house.wish(minute)
    }
}

/// Whether the first therapist can be had by somebody else at a minute.
fn liu_is_free(house: &House, minute: i64) -> bool {
    let (service, now, at, liu) = (
        house.service.clone(),
        house.now(),
        house.minute(minute),
        house.therapists[0],
    );
    let days = house.read(move |tx| free_times(tx, now, &service, Some(liu)));
    days.iter()
        .flat_map(|day| &day.times)
        .any(|time| time.starts_at == at)
}

#[test]
fn a_customer_moves_at_once_where_the_shop_accepts_by_itself() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booked = house.paid(named(house, 900));
        let moved = wish(house, house.customer, &booked, &at(house, &booked, 1080)).unwrap();
        assert_eq!(
            (moved.state, moved.version),
            (State::Confirmed, booked.version + 1)
        );
        assert_eq!(
            (moved.starts_at, moved.therapist, moved.reason),
            (house.minute(1080), booked.therapist, Reason::Requested)
        );
        assert_eq!(last_step(house, &booked), (Step::Move, None));
        assert!(liu_is_free(house, 900) && !liu_is_free(house, 1080));
        let order = booked.order;
        let line = house.read(move |tx| order::lines(tx, order)).remove(0);
        assert_eq!(
            line.starts_at,
            Some(house.minute(1080)),
            "calling off costs by the new time"
        );
        // The form sent twice, and the page from before.
        let again = wish(house, house.customer, &booked, &at(house, &booked, 1080)).unwrap();
        assert_eq!(again.version, moved.version);
        assert_eq!(
            code(wish(house, house.customer, &booked, &at(house, &booked, 1200))),
            "booking.changed"
        );
        // Past midnight belongs to the evening before.
        let late = wish(house, house.customer, &moved, &at(house, &booked, 1500)).unwrap();
        assert_eq!((late.day, late.minute()), (house.day, 1500));
        let stranger = wish(house, house.other, &late, &at(house, &booked, 1200));
        assert!(matches!(stranger, Err(Error::NotFound)));
    });
}

#[test]
fn half_an_hour_later_shares_a_half_with_itself() {
    House::on_every_engine(Accepts::Manual, |house| {
        let asked = house.paid(named(house, 1200));
        let booked = answer(house, house.owner, &asked, confirm).unwrap();
        assert!(!liu_is_free(house, 1155));
        let wished = wish(house, house.customer, &booked, &at(house, &booked, 1230)).unwrap();
        assert_eq!(
            (wished.state, wished.starts_at),
            (State::Confirmed, house.minute(1200))
        );
        let moved = answer(house, house.owner, &wished, agree).unwrap();
        assert_eq!(
            (moved.starts_at, moved.therapist, moved.bed),
            (house.minute(1230), booked.therapist, booked.bed)
        );
        assert!(
            liu_is_free(house, 1155) && !liu_is_free(house, 1170),
            "the half before is free"
        );
    });
}

#[test]
fn a_shop_that_wants_to_be_asked_answers_while_both_times_are_kept() {
    House::on_every_engine(Accepts::Manual, |house| {
        let asked = house.paid(named(house, 1200));
        let booked = answer(house, house.owner, &asked, confirm).unwrap();
        let wished = wish(house, house.customer, &booked, &at(house, &booked, 960)).unwrap();
        assert_eq!(
            (wished.version, wished.starts_at),
            (booked.version + 1, booked.starts_at)
        );
        assert!(
            !liu_is_free(house, 960) && !liu_is_free(house, 1200),
            "nobody else can take either"
        );
        assert_eq!(last(house, &booked).answer_by, house.now().plus_minutes(10));
        // The customer cannot answer for the shop, and waits before wishing for something else.
        assert!(matches!(
            answer(house, house.customer, &wished, agree),
            Err(Error::Forbidden)
        ));
        assert!(matches!(
            answer(house, house.customer, &wished, refuse_change),
            Err(Error::Forbidden)
        ));
        assert_eq!(
            code(wish(house, house.customer, &wished, &at(house, &booked, 1080))),
            "booking.change_open"
        );
        assert_eq!(
            code(answer(house, house.owner, &booked, agree)),
            "booking.changed"
        );
        let moved = answer(house, house.owner, &wished, agree).unwrap();
        assert_eq!(
            (moved.starts_at, moved.state),
            (house.minute(960), State::Confirmed)
        );
        assert!(liu_is_free(house, 1200));
        assert_eq!(
            answer(house, house.owner, &wished, agree).unwrap().version,
            moved.version,
            "pressed twice"
        );
        assert_eq!(
            code(answer(house, house.owner, &moved, refuse_change)),
            "booking.no_change"
        );
    });
}

#[test]
fn refused_expired_or_withdrawn_the_booking_stays_as_it_is() {
    House::on_every_engine(Accepts::Manual, |house| {
        let asked = house.paid(named(house, 1200));
        let mut booked = answer(house, house.owner, &asked, confirm).unwrap();
        let endings: [(Why, &dyn Fn(&Booking) -> Booking); 3] = [
            (Why::MoveRefused, &|wished| {
                answer(house, house.owner, wished, refuse_change).unwrap()
            }),
            (Why::MoveWithdrawn, &|wished| {
                answer(house, house.customer, wished, withdraw_change).unwrap()
            }),
            (Why::MoveUnanswered, &|wished| {
                house.stand.pass(11 * MINUTE_MS);
                house.booking(wished.id)
            }),
        ];
        for (why, end) in endings {
            let wished = wish(house, house.customer, &booked, &at(house, &booked, 960)).unwrap();
            assert!(!liu_is_free(house, 960));
            let stays = end(&wished);
            assert!(liu_is_free(house, 960), "{why}");
            assert_eq!(last_step(house, &stays), (Step::DropMove, Some(why)));
            assert_eq!(
                stays,
                Booking {
                    version: booked.version + 2,
                    ..booked.clone()
                }
            );
            booked = stays;
        }
        assert_eq!(last(house, &booked).state, ChangeState::Expired);
    });
}

#[test]
fn edge_case_9_a_swap_that_the_customer_refuses_changes_nothing() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let wang = house.therapists[1];
        let booked = house.paid(named(house, 1200));
        let (id, seen) = (booked.id, booked.version);
        let behind = house.at(house.owner, move |cx, tx| give_to(cx, tx, id, seen, wang, "有事"));
        assert_eq!(
            code(behind),
            "booking.requested",
            "never behind the customer's back"
        );
        let swap = Proposal {
            who: Who::Named(wang),
            note: "刘师傅临时有事".to_owned(),
            ..at(house, &booked, 1200)
        };
        let offered = wish(house, house.owner, &booked, &swap).unwrap();
        assert_eq!(
            (offered.therapist, last(house, &booked).to.therapist),
            (booked.therapist, wang)
        );
        // Wang is kept for it meanwhile.
        let other = Wish {
            therapist: Some(wang),
            ..house.wish(1200)
        };
        assert_eq!(
            code(house.request_as(house.other, "k", other.clone())),
            "scheduling.time_taken"
        );
        let stays = answer(house, house.customer, &offered, refuse_change).unwrap();
        assert_eq!(
            (stays.therapist, stays.reason),
            (booked.therapist, Reason::Requested)
        );
        house.request_as(house.other, "k2", other).unwrap();

        let later = Proposal {
            who: Who::Named(wang),
            ..at(house, &booked, 1290)
        };
        let offered = wish(house, house.owner, &stays, &later).unwrap();
        let agreed = answer(house, house.customer, &offered, agree).unwrap();
        // Agreed on by name: this one is not swapped behind the customer's back either.
        assert_eq!(
            (agreed.therapist, agreed.reason, agreed.minute()),
            (wang, Reason::Requested, 1290)
        );
    });
}

#[test]
fn a_shop_answers_a_request_by_proposing_another_time() {
    House::on_every_engine(Accepts::Manual, |house| {
        let asked = house.paid(named(house, 1200));
        let offered = wish(house, house.owner, &asked, &at(house, &asked, 1290)).unwrap();
        assert_eq!(
            (offered.state, offered.answer_by),
            (State::Requested, Some(house.now().plus_minutes(120)))
        );
        house.stand.pass(30 * MINUTE_MS);
        assert_eq!(
            house.booking(asked.id).state,
            State::Requested,
            "it is the customer's turn"
        );
        let promised = answer(house, house.customer, &offered, agree).unwrap();
        assert_eq!((promised.state, promised.minute()), (State::Confirmed, 1290));

        let second = house.paid(named(house, 1380));
        let offered = wish(house, house.owner, &second, &at(house, &second, 1000)).unwrap();
        let back = answer(house, house.customer, &offered, refuse_change).unwrap();
        assert_eq!(
            (back.state, back.answer_by),
            (State::Requested, Some(house.now().plus_minutes(10)))
        );
        house.stand.pass(11 * MINUTE_MS);
        assert_eq!(
            house.booking(second.id).state,
            State::Declined,
            "the shop's clock runs again"
        );

        // What is not promised yet the customer moves at once; the shop is asked about the new time.
        let third = house.paid(named(house, 1380));
        let moved = wish(house, house.customer, &third, &at(house, &third, 1440)).unwrap();
        assert_eq!((moved.state, moved.minute()), (State::Requested, 1440));
        assert_eq!(moved.answer_by, Some(house.now().plus_minutes(10)));
        house.stand.pass(11 * MINUTE_MS);
        assert_eq!(house.booking(third.id).state, State::Declined);
        assert_eq!(house.refunds(third.order), 12_800);
    });
}

#[test]
fn a_customer_who_is_late_calls_the_shop_which_moves_it_with_their_word() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booked = house.paid(named(house, 900));
        house.pass_until(781);
        assert_eq!(
            code(wish(house, house.customer, &booked, &at(house, &booked, 1080))),
            "booking.late_to_move"
        );
        let agreed = Proposal {
            agreed: true,
            ..at(house, &booked, 1080)
        };
        let moved = wish(house, house.owner, &booked, &agreed).unwrap();
        assert_eq!(
            (moved.minute(), last_step(house, &moved)),
            (1080, (Step::Move, Some(Why::AgreedByPhone)))
        );
        // Two hours before the new time it is free again.
        wish(house, house.customer, &moved, &at(house, &booked, 1200)).unwrap();
        let begun = house.paid(named(house, 960));
        house.pass_until(961);
        assert_eq!(
            code(wish(house, house.customer, &begun, &at(house, &begun, 1080))),
            "booking.begun"
        );
        assert_eq!(
            code(wish(house, house.owner, &begun, &at(house, &begun, 950))),
            "scheduling.past"
        );
    });
}

#[test]
fn whatever_ends_a_booking_frees_what_was_proposed_for_it() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let ends: [(i64, State, Answering); 3] = [
            (-180, State::Cancelled, |cx, tx, id, seen| {
                cancel(cx, tx, id, seen, Why::Full)
            }),
            (-20, State::CheckedIn, check_in),
            (16, State::NoShow, |cx, tx, id, seen| {
                no_show(cx, tx, id, seen, Fee::Waive)
            }),
        ];
        for (start, (late, state, end)) in [960, 1080, 1200].into_iter().zip(ends) {
            let booked = house.paid(named(house, start));
            house.pass_until(start + late);
            let offered = wish(house, house.owner, &booked, &at(house, &booked, 1380)).unwrap();
            assert!(!liu_is_free(house, 1380));
            let ended = answer(house, house.owner, &offered, end).unwrap();
            assert_eq!(
                (ended.state, last(house, &booked).state),
                (state, ChangeState::Withdrawn)
            );
            assert!(liu_is_free(house, 1380), "{state}");
            house.stand.pass(HOUR_MS);
            assert_eq!(
                house.booking(booked.id).version,
                ended.version,
                "the clock finds nothing to do"
            );
        }
    });
    House::on_every_engine(Accepts::Manual, |house| {
        for (minute, end) in [(1200, decline_full as Answering), (1290, confirm)] {
            let asked = house.paid(named(house, minute));
            let offered = wish(house, house.owner, &asked, &at(house, &asked, 1440)).unwrap();
            answer(house, house.owner, &offered, end).unwrap();
            assert_eq!(last(house, &asked).state, ChangeState::Withdrawn);
            assert!(liu_is_free(house, 1440));
        }
    });
}

fn decline_full(cx: &Cx, tx: &mut Tx, id: Id<Booking>, seen: i64) -> Result<Booking> {
    decline(cx, tx, id, seen, Why::Full)
}

#[test]
fn a_move_keeps_the_turn_of_whoever_still_serves_and_gives_it_back_for_anybody_else() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let shop = house.shop;
        let turns = || {
            let turns = house.read(move |tx| scheduling::turns(tx, shop));
            house
                .therapists
                .iter()
                .map(|id| turns.get(id).copied().unwrap_or(0))
                .collect::<Vec<_>>()
        };
        let (liu, wang) = (house.therapists[0], house.therapists[1]);
        let turned = house.paid(house.wish(900));
        assert_eq!(
            (turned.therapist, turned.reason, turns()),
            (liu, Reason::Rotation, vec![1, 0])
        );
        let moved = wish(house, house.customer, &turned, &at(house, &turned, 1080)).unwrap();
        assert_eq!(
            (moved.therapist, moved.reason, turns()),
            (liu, Reason::Rotation, vec![1, 0])
        );
        // Where Liu is taken, Wang is next; Liu's turn goes back.
        house.paid(named(house, 1290));
        let other = wish(house, house.customer, &moved, &at(house, &turned, 1290)).unwrap();
        assert_eq!(
            (other.therapist, other.reason, turns()),
            (wang, Reason::Rotation, vec![0, 1])
        );
        // Asked for by name: no turn is used.
        let by_name = Proposal {
            who: Who::Named(wang),
            ..at(house, &other, 1400)
        };
        let asked_for = wish(house, house.customer, &other, &by_name).unwrap();
        assert_eq!(
            (asked_for.therapist, asked_for.reason, turns()),
            (wang, Reason::Requested, vec![0, 0])
        );
        // And given up again: whoever is next.
        let anyone = Proposal {
            who: Who::Anyone,
            ..at(house, &asked_for, 1450)
        };
        let turned = wish(house, house.customer, &asked_for, &anyone).unwrap();
        assert_eq!(
            (turned.therapist, turned.reason, turns()),
            (liu, Reason::Rotation, vec![1, 0])
        );
        let (id, seen) = (turned.id, turned.version);
        house
            .at(house.owner, move |cx, tx| cancel(cx, tx, id, seen, Why::Full))
            .unwrap();
        assert_eq!(turns(), [0, 0], "a move does not lose the way back");
    });
}

#[test]
fn bad_wishes_for_a_change_are_refused() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booked = house.paid(named(house, 1200));
        let plain = at(house, &booked, 1080);
        let refused = |by, to: Proposal| code(wish(house, by, &booked, &to));
        let (zhang, owner) = (house.customer, house.owner);
        assert_eq!(refused(zhang, at(house, &booked, 725)), "scheduling.past");
        assert_eq!(refused(zhang, at(house, &booked, 1530)), "scheduling.closed");
        assert_eq!(
            refused(zhang, at(house, &booked, 15 * 1440 + 900)),
            "scheduling.too_far"
        );
        let nobody = Who::Named(Id::from_raw(9));
        assert_eq!(
            refused(
                zhang,
                Proposal {
                    who: nobody,
                    ..plain.clone()
                }
            ),
            "booking.not_offered"
        );
        let long = "长".repeat(61);
        assert_eq!(
            refused(
                owner,
                Proposal {
                    note: long,
                    ..plain.clone()
                }
            ),
            "booking.long_note"
        );
        house.request_as(house.other, "k", named(house, 1080)).unwrap();
        assert_eq!(refused(zhang, plain.clone()), "scheduling.time_taken");
        assert_eq!(refused(owner, plain.clone()), "scheduling.time_taken");
        assert_eq!(house.booking(booked.id), booked, "nothing is left half done");
        let foreign = Actor::Staff {
            id: Id::from_raw(5),
            shop: Some(Id::from_raw(6)),
            role: Role::Owner,
        };
        assert!(matches!(
            wish(house, foreign, &booked, &plain),
            Err(Error::NotFound)
        ));
        assert!(matches!(
            answer(house, foreign, &booked, agree),
            Err(Error::NotFound)
        ));
        let held = house.request(house.wish(1400)).unwrap();
        assert_eq!(
            code(wish(house, zhang, &held, &at(house, &held, 1300))),
            "booking.not_now"
        );
    });
}
