use proptest::prelude::*;

use super::*;

#[test]
fn the_life_of_an_alert() {
    let mut drawn = String::new();
    for kind in [Kind::Request, Kind::Cancelled] {
        for state in State::ALL {
            for step in Step::ALL {
                let after = state.after(kind, *step).map_or("-", State::code);
                drawn += &format!("{kind} {state} {step}: {after}\n");
            }
        }
    }
    assert_eq!(
        drawn,
        "request queued hear: heard\nrequest queued acknowledge: acknowledged\nrequest queued lapse: lapsed\n\
         request heard hear: -\nrequest heard acknowledge: acknowledged\nrequest heard lapse: lapsed\n\
         request acknowledged hear: -\nrequest acknowledged acknowledge: -\nrequest acknowledged lapse: -\n\
         request lapsed hear: -\nrequest lapsed acknowledge: -\nrequest lapsed lapse: -\n\
         cancelled queued hear: acknowledged\ncancelled queued acknowledge: acknowledged\n\
         cancelled queued lapse: lapsed\n\
         cancelled heard hear: -\ncancelled heard acknowledge: acknowledged\ncancelled heard lapse: lapsed\n\
         cancelled acknowledged hear: -\ncancelled acknowledged acknowledge: -\n\
         cancelled acknowledged lapse: -\n\
         cancelled lapsed hear: -\ncancelled lapsed acknowledge: -\ncancelled lapsed lapse: -\n"
    );
}

fn turn(state: BookingState, actors: &[(BookingStep, &str)]) -> Turn {
    let steps: Vec<StepTaken> = actors
        .iter()
        .map(|(step, actor)| StepTaken {
            step: *step,
            actor: (*actor).to_owned(),
            why: None,
            at: Instant(0),
            words: String::new(),
        })
        .collect();
    Turn::of(state, &steps)
}

type Heard = (Option<Kind>, Vec<MessageKind>);
type Case<'a> = (BookingState, Vec<(BookingStep, &'a str)>, Heard);

fn heard(cases: &[Case<'_>]) {
    for (state, steps, heard) in cases {
        let turn = turn(*state, steps);
        assert_eq!((turn.alert(), turn.messages()), *heard, "{state} {steps:?}");
    }
}

#[test]
fn who_hears_of_what() {
    use BookingStep as S;
    use MessageKind as M;
    let hold = (S::Hold, "customer:1");
    let (submit, confirm) = ((S::Submit, "system:booking"), (S::Confirm, "system:booking"));
    let by_owner = (S::Confirm, "owner:1");
    let cases: [Case; 11] = [
        (BookingState::Held, vec![hold], (None, vec![])),
        (
            BookingState::Expired,
            vec![(S::Expire, "system:x"), hold],
            (None, vec![]),
        ),
        (
            BookingState::Cancelled,
            vec![(S::Cancel, "customer:1"), hold],
            (None, vec![]),
        ),
        (
            BookingState::Requested,
            vec![submit, hold],
            (Some(Kind::Request), vec![M::NewOrder]),
        ),
        (
            BookingState::Requested,
            vec![(S::Extend, "owner:1"), submit, hold],
            (None, vec![]),
        ),
        (
            BookingState::Confirmed,
            vec![confirm, hold],
            (Some(Kind::Order), vec![M::NewOrder, M::Booked]),
        ),
        (
            BookingState::Confirmed,
            vec![by_owner, submit, hold],
            (None, vec![M::Booked]),
        ),
        (
            BookingState::Declined,
            vec![(S::Decline, "system:x"), submit, hold],
            (Some(Kind::Unanswered), vec![M::Declined]),
        ),
        (
            BookingState::Declined,
            vec![(S::Decline, "clerk:1"), submit, hold],
            (None, vec![M::Declined]),
        ),
        (
            BookingState::Cancelled,
            vec![(S::Cancel, "customer:1"), confirm, hold],
            (Some(Kind::Cancelled), vec![M::CancelledToShop, M::Cancelled]),
        ),
        (
            BookingState::Completed,
            vec![
                (S::Complete, "therapist:1"),
                (S::Start, "therapist:1"),
                confirm,
                hold,
            ],
            (None, vec![M::Completed]),
        ),
    ];
    heard(&cases);
}

#[test]
fn who_hears_of_changes() {
    use BookingStep as S;
    use MessageKind as M;
    let (hold, submit) = ((S::Hold, "customer:1"), (S::Submit, "system:booking"));
    let confirm = (S::Confirm, "system:booking");
    let (asks, offers) = ((S::ProposeMove, "customer:1"), (S::ProposeMove, "owner:1"));
    heard(&[
        (
            BookingState::Confirmed,
            vec![asks, confirm, hold],
            (Some(Kind::Change), vec![M::ChangeAsked]),
        ),
        (
            BookingState::Confirmed,
            vec![(S::Move, "clerk:1"), asks, confirm, hold],
            (None, vec![M::Moved]),
        ),
        (
            BookingState::Requested,
            vec![offers, submit, hold],
            (None, vec![M::ChangeOffered]),
        ),
        (
            BookingState::Confirmed,
            vec![
                (S::Confirm, "customer:1"),
                (S::Move, "customer:1"),
                offers,
                submit,
                hold,
            ],
            (Some(Kind::Moved), vec![M::MovedToShop, M::Moved]),
        ),
        (
            BookingState::Confirmed,
            vec![(S::DropMove, "system:booking"), offers, confirm, hold],
            (Some(Kind::Stays), vec![M::StaysToShop, M::Stays]),
        ),
        (
            BookingState::Cancelled,
            vec![(S::Cancel, "owner:1"), asks, confirm, hold],
            (None, vec![M::Cancelled]),
        ),
    ]);
}

#[test]
fn reminders_do_not_wake_anybody() {
    let day = kernel::Day::parse("2026-11-25").unwrap();
    let long_ago = day.plus(-5).at(600);
    let at = |minute| -> Vec<String> {
        reminders(day.at(minute), long_ago)
            .iter()
            .map(|(kind, due)| format!("{kind} {due}"))
            .collect()
    };
    assert_eq!(
        at(900),
        [
            "reminder_day 2026-11-24T15:00:00+08:00",
            "reminder_hours 2026-11-25T13:00:00+08:00"
        ]
    );
    assert_eq!(at(22 * 60)[0], "reminder_day 2026-11-24T20:30:00+08:00");
    assert_eq!(at(25 * 60)[0], "reminder_day 2026-11-25T08:00:00+08:00");
    // Half past one in the morning is told of at half past eleven: within twelve hours quiet does not hold.
    assert_eq!(at(25 * 60 + 30)[1], "reminder_hours 2026-11-25T23:30:00+08:00");
}

proptest! {
    #[test]
    fn a_reminder_lies_between_now_and_the_start(ahead in 0..20_000i64, minute in 0..1440i64) {
        let now = kernel::Day(20_780).at(minute);
        let starts_at = now.plus_minutes(ahead);
        for (kind, due) in reminders(starts_at, now) {
            prop_assert!(now < due && due < starts_at);
            let (quiet, far) = (due.minute_of_day(), starts_at - due > 12 * HOUR_MS);
            prop_assert!(!far || (480..1260).contains(&quiet), "{} {}", kind, due);
        }
    }
}
