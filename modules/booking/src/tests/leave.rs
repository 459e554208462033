//! A leave over bookings: a decision on each.

use scheduling::{Leave, LeaveState, NewLeave};

use super::{house::House, *};

fn asked(house: &House, from: i64, to: i64) -> Leave {
    let therapist = house.therapists[0];
    let leave = NewLeave {
        therapist,
        from: house.minute(from),
        to: house.minute(to),
        reason: "看牙".to_owned(),
    };
    house
        .at(house.owner, move |cx, tx| {
            let id = scheduling::ask_leave(cx, tx, leave.clone())?;
            scheduling::leave(tx, cx.shop()?, id)
        })
        .unwrap()
}

fn approve(house: &House, leave: &Leave, decided: &[(&Booking, Decision)]) -> Result<Vec<Leave>> {
    let decided: Vec<Decided> = decided
        .iter()
        .map(|(booking, decision)| Decided {
            booking: booking.id,
            seen: booking.version,
            decision: *decision,
        })
        .collect();
    let (id, seen) = (leave.id, leave.version);
    house.at(house.owner, move |cx, tx| {
        approve_leave(cx, tx, id, seen, &decided)
    })
}

fn with(house: &House, minute: i64) -> Wish {
    Wish {
        therapist: Some(house.therapists[0]),
        ..house.wish(minute)
    }
}

#[test]
fn edge_case_32_leave_approved_over_bookings_asks_for_a_decision_on_each() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (liu, wang) = (house.therapists[0], house.therapists[1]);
        // In turn Liu comes first, then Wang; the others are asked for.
        let turned = house.paid(house.wish(840));
        assert_eq!(
            (turned.therapist, turned.reason),
            (liu, scheduling::Reason::Rotation)
        );
        let (called_off, kept) = (house.paid(with(house, 960)), house.paid(with(house, 1080)));
        let leave = asked(house, 800, 1300);
        let hit = house.at(house.owner, {
            let leave = leave.clone();
            move |cx, tx| hit_by(cx, tx, &leave)
        });
        assert_eq!(hit.unwrap().len(), 3);

        let two = [(&turned, Decision::Swap(wang)), (&called_off, Decision::Cancel)];
        assert_eq!(code(approve(house, &leave, &two)), "booking.undecided");
        assert_eq!(house.booking(turned.id).therapist, liu, "all or nothing");
        // Who was asked for by name is not swapped behind the customer's back.
        let swapped = [
            (&turned, Decision::Swap(wang)),
            (&called_off, Decision::Swap(wang)),
            (&kept, Decision::Keep),
        ];
        assert_eq!(code(approve(house, &leave, &swapped)), "booking.requested");

        let all = [two[0], two[1], (&kept, Decision::Keep)];
        let granted = approve(house, &leave, &all).unwrap();
        house.stand.work();
        let stretches: Vec<_> = granted.iter().map(|leave| (leave.from, leave.to)).collect();
        assert_eq!(
            stretches,
            [
                (house.minute(800), house.minute(1080)),
                (house.minute(1150), house.minute(1300))
            ]
        );
        let given = house.booking(turned.id);
        assert_eq!((given.therapist, given.state), (wang, State::Confirmed));
        assert_eq!(
            (given.reason, given.bed),
            (scheduling::Reason::Manual, turned.bed)
        );
        let last = house.read(move |tx| steps(tx, turned.id))[0].clone();
        assert_eq!((last.step, last.why), (Step::Reassign, Some(Why::TherapistAway)));
        let gone = house.booking(called_off.id);
        assert_eq!(
            (gone.state, house.refunds(called_off.order)),
            (State::Cancelled, 12_800)
        );
        let stays = house.booking(kept.id);
        assert_eq!(
            (stays.therapist, stays.state, stays.version),
            (liu, State::Confirmed, kept.version)
        );
        // Liu cannot be had in the leave any more.
        assert_eq!(code(house.request(with(house, 900))), "scheduling.closed");
        assert_eq!(
            approve(house, &leave, &all).unwrap().len(),
            1,
            "sent again: nothing more happens"
        );
    });
}

#[test]
fn whoever_decides_on_an_older_booking_or_a_busy_colleague_is_refused() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let wang = house.therapists[1];
        let turned = house.paid(house.wish(840));
        let leave = asked(house, 800, 1300);
        let older = Booking {
            version: turned.version - 1,
            ..turned.clone()
        };
        assert_eq!(
            code(approve(house, &leave, &[(&older, Decision::Keep)])),
            "booking.changed"
        );
        let busy = house.paid(Wish {
            therapist: Some(wang),
            ..house.wish(870)
        });
        let swap = [(&turned, Decision::Swap(wang))];
        let (id, free) = (turned.id, turned.clone());
        assert_eq!(house.read(move |tx| substitutes(tx, &free)), []);
        assert_eq!(code(approve(house, &leave, &swap)), "scheduling.time_taken");
        assert_eq!(house.booking(id), turned, "nothing is left half done");
        assert_eq!(house.booking(busy.id).therapist, wang);
        // A booking that is still being paid holds its time: it can only be kept.
        let held = house.request(with(house, 1100)).unwrap();
        let both = [(&turned, Decision::Keep), (&held, Decision::Cancel)];
        assert_eq!(
            code(approve(house, &leave, &both)),
            "scheduling.leave_hits_bookings"
        );
        let kept = [(&turned, Decision::Keep), (&held, Decision::Keep)];
        assert_eq!(approve(house, &leave, &kept).unwrap().len(), 3);
        let state = house.read(move |tx| Ok(scheduling::asked_leaves(tx, turned.shop, Instant(0))?.len()));
        assert_eq!((state, LeaveState::Granted.code()), (0, "granted"));
    });
}

#[test]
fn a_shop_is_not_booked_sooner_or_further_than_it_says() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let shop = house.shop;
        let window = scheduling::Window { lead: 120, days: 3 };
        house
            .at(house.owner, move |cx, tx| {
                scheduling::set_window(cx, tx, shop, window)
            })
            .unwrap();
        let now = house.now().minutes_since(house.day.at(0));
        assert_eq!(code(house.request(house.wish(now + 105))), "scheduling.too_soon");
        assert_eq!(
            code(house.request(house.wish(3 * 1440 + 900))),
            "scheduling.too_far"
        );
        let (service, at) = (house.service.clone(), house.now());
        let days = house.read(move |tx| free_times(tx, at, &service, None));
        assert_eq!(days.len(), 3);
        assert_eq!(days[0].times[0].starts_at, house.minute(now + 120));
        house.request(house.wish(now + 120)).unwrap();
        house.request(house.wish(2 * 1440 + 900)).unwrap();
    });
}
