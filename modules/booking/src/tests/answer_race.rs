//! The shop's two answers given at once, in two places.

use testkit::race;

use super::{house::House, *};

/// So many say yes, and as many no, at once.
const SIDES: usize = race::RIVALS as usize / 2;

/// One says yes on the telephone while another presses no on the page: one answer counts, whoever says the other hears what
/// the booking is by now, and the money follows the answer that counts.
#[test]
fn edge_case_27_accepted_in_one_place_while_declined_in_another() {
    House::on_every_engine(Accepts::Manual, |house| {
        race::rounds("an answer", &house.stand.db, (10, 3), |round| {
            let asked = house.paid(house.wish(1_440 * (1 + round / 6) + 735 + 75 * (round % 6)));
            assert_eq!(asked.state, State::Requested);
            let answers = (0..2 * SIDES).map(|number| {
                house.stand.clock.pass(1);
                let (cx, id, seen) = (house.stand.cx(house.owner), asked.id, asked.version);
                // Now the one is handed in first, now the other.
                let accepts = (number + round as usize).is_multiple_of(2);
                move |tx: &mut Tx| match accepts {
                    true => confirm(&cx, tx, id, seen).map(|one| one.state),
                    false => decline(&cx, tx, id, seen, Why::Full).map(|one| one.state),
                }
            });
            let said = race::at_once(&house.stand.db, answers);
            house.stand.work();
            let now = house.booking(asked.id);
            let back = match now.state {
                State::Confirmed => 0,
                State::Declined => 12_800,
                other => panic!("round {round}: {other:?}"),
            };
            assert_eq!(house.refunds(now.order), back, "round {round}");
            let (right, wrong): (Vec<_>, Vec<_>) = said.into_iter().partition(Result::is_ok);
            // Who says again what counts is told that it is so already.
            assert!(right.into_iter().all(|state| state.unwrap() == now.state));
            assert_eq!(wrong.len(), SIDES, "round {round}");
            for no in wrong {
                let no = code(no);
                assert!(
                    ["booking.changed", "booking.not_now"].contains(&no),
                    "round {round}: {no}"
                );
            }
            let steps = house.read(move |tx| steps(tx, asked.id));
            let answered = steps
                .iter()
                .filter(|taken| matches!(taken.step, Step::Confirm | Step::Decline));
            assert_eq!(answered.count(), 1, "round {round}");
        });
    });
}
