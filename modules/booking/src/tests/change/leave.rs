//! Leave over what is proposed.

use super::*;

#[test]
fn edge_case_32_a_leave_meets_a_proposal() {
    House::on_every_engine(Accepts::Automatic, |house| {
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
            let done = house.at(house.owner, move |cx, tx| {
                approve_leave(cx, tx, id, seen, &decided)
            });
            house.stand.work();
            claims_are_right(house);
            done
        };
        // What stands in the leave may be moved out of it, if the customer agrees.
        let booked = house.paid(named(house, 1200));
        let leave = ask(1140, 1320);
        let offered = wish(house, house.owner, &booked, &at(house, &booked, 1350)).unwrap();
        assert_eq!(code(approve(&leave, vec![])), "booking.undecided");
        answer(house, house.customer, &offered, agree).unwrap();
        assert_eq!(approve(&leave, vec![]).unwrap().len(), 1);

        // What is proposed into a leave has to be decided on too.
        let second = house.paid(named(house, 1000));
        let leave = ask(840, 960);
        let offered = wish(house, house.owner, &second, &at(house, &second, 850)).unwrap();
        let hit = leave.clone();
        let hit = house.at(house.owner, move |cx, tx| hit_by(cx, tx, &hit)).unwrap();
        assert_eq!(hit, std::slice::from_ref(&offered));
        assert_eq!(code(approve(&leave, vec![])), "booking.undecided");
        let decided = |decision| {
            vec![Decided {
                booking: offered.id,
                seen: offered.version,
                decision,
            }]
        };
        assert_eq!(approve(&leave, decided(Decision::DropChange)).unwrap().len(), 1);
        let stays = house.booking(second.id);
        assert_eq!(
            (stays.minute(), last(house, &second).state),
            (1000, ChangeState::Withdrawn)
        );

        // Kept, the therapist works then, and the proposal can still be agreed to.
        let leave = ask(1080, 1140);
        let offered = wish(house, house.owner, &stays, &at(house, &stays, 1080)).unwrap();
        let keep = vec![Decided {
            booking: offered.id,
            seen: offered.version,
            decision: Decision::Keep,
        }];
        assert_eq!(approve(&leave, keep).unwrap().len(), 0);
        assert_eq!(
            answer(house, house.customer, &offered, agree).unwrap().minute(),
            1080
        );
    });
}
