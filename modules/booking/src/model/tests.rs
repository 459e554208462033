use kernel::MINUTE_MS;
use proptest::prelude::*;

use super::*;

const START: Instant = Instant(1_795_000_200_000);

fn booking(state: State) -> Booking {
    Booking {
        id: Id::from_raw(1),
        order: Id::from_raw(2),
        shop: Id::from_raw(3),
        customer: Id::from_raw(4),
        service: Id::from_raw(5),
        service_name: "全身保健按摩".to_owned(),
        therapist: Id::from_raw(6),
        bed: Some(Id::from_raw(7)),
        day: START.day(),
        starts_at: START,
        length: Length {
            minutes: 60,
            before: 0,
            after: 10,
        },
        price: Money::yuan(128),
        state,
        reason: Reason::Requested,
        code: "802117".to_owned(),
        contact: Contact {
            name: "张女士".to_owned(),
            phone: "13812345678".to_owned(),
        },
        wishes: Wishes {
            strength: Strength::Medium,
            note: String::new(),
        },
        declared_at: START,
        answer_by: (state == State::Requested).then_some(START),
        version: 3,
    }
}

#[test]
fn the_life_of_a_booking() {
    let mut diagram = String::new();
    for state in State::ALL {
        for step in Step::ALL {
            let next = match state.after(*step) {
                Some(next) => next.code(),
                None if state.is_after(*step) => "(so already)",
                None => "-",
            };
            diagram.push_str(&format!("{:10} {:8} {next}\n", state.code(), step.code()));
        }
    }
    insta::assert_snapshot!(diagram);
}

#[test]
fn a_step_counts_and_the_same_again_does_not() {
    let confirmed = booking(State::Requested)
        .after(Step::Confirm, START)
        .unwrap()
        .unwrap();
    assert_eq!(
        (confirmed.state, confirmed.version, confirmed.answer_by),
        (State::Confirmed, 4, None)
    );
    assert_eq!(confirmed.after(Step::Confirm, START), Ok(None));
    assert_eq!(
        confirmed.after(Step::Complete, START),
        Err(Refusal::NotNow {
            state: State::Confirmed
        })
    );
}

#[test]
fn check_in_opens_and_no_show_waits() {
    let confirmed = booking(State::Confirmed);
    let at = |minutes| START.plus_minutes(minutes);
    assert_eq!(
        confirmed.after(Step::CheckIn, at(-31)),
        Err(Refusal::TooEarly { minutes: 30 })
    );
    assert!(confirmed.after(Step::CheckIn, at(-30)).is_ok());
    assert_eq!(
        confirmed.after(Step::NoShow, at(14)),
        Err(Refusal::NotLateYet { minutes: 15 })
    );
    assert!(confirmed.after(Step::NoShow, at(15)).is_ok());
    assert!(confirmed.can_be_called_off(at(-1)) && !confirmed.can_be_called_off(START));
    assert!(!booking(State::CheckedIn).can_be_called_off(at(-1)));
}

#[test]
fn calling_off_late_costs_only_what_was_promised() {
    let policy = Policy::default();
    let returned = |state, minutes| booking(state).returned_bp(&policy, START.plus_minutes(minutes));
    assert_eq!(returned(State::Confirmed, -121), 10_000);
    assert_eq!(returned(State::Confirmed, -60), 7_000);
    assert_eq!(returned(State::Requested, -60), 10_000);
}

#[test]
fn the_shop_has_time_to_answer() {
    let day = Day::parse("2026-11-23").unwrap();
    let (noon, opening) = (day.at(720), Some((day.at(600), day.at(1320))));
    let evening = day.at(1200);
    assert_eq!(answer_by(noon, opening, evening), noon.plus_minutes(10));
    let night = day.at(120);
    assert_eq!(answer_by(night, opening, evening), day.at(620));
    assert_eq!(
        answer_by(noon, opening, noon.plus_minutes(35)),
        noon.plus_minutes(5)
    );
    assert_eq!(
        answer_by(noon, opening, noon.plus_minutes(20)),
        noon.plus_minutes(1)
    );
    assert_eq!(answer_by(noon, None, evening), noon.plus_minutes(10));
}

#[test]
fn what_was_typed_is_read_kindly() {
    let contact = Contact::read(" 张  女士 ", "+86 138-1234-5678").unwrap();
    assert_eq!(
        (contact.name.as_str(), contact.phone.as_str()),
        ("张 女士", "13812345678")
    );
    assert_eq!(
        Contact::read("  ", "13812345678"),
        Err(Refusal::BadName { most: 20 })
    );
    assert_eq!(
        Contact::read(&"张".repeat(21), "13812345678"),
        Err(Refusal::BadName { most: 20 })
    );
    assert_eq!(Contact::read("张女士", "62345678"), Err(Refusal::BadPhone));
    assert!(Wishes::read(Strength::Light, &"肩".repeat(200)).is_ok());
    assert_eq!(
        Wishes::read(Strength::Light, &"肩".repeat(201)),
        Err(Refusal::LongNote { most: 200 })
    );
}

proptest! {
    /// Whatever happens in whatever order: an end stays an end (but for the late payment and what was called done by mistake), and the version counts every change.
    #[test]
    fn ends_are_ends(steps in prop::collection::vec(prop::sample::select(Step::ALL), 0..40), minutes in -120..120i64) {
        let now = Instant(START.ms() + minutes * MINUTE_MS);
        let mut held = Booking { version: 1, ..booking(State::Held) };
        for step in steps {
            let before = held.clone();
            if let Ok(Some(after)) = held.after(step, now) {
                let goes_on = matches!(
                    (before.state, step),
                    (State::Expired, Step::Revive)
                        | (State::Completed, Step::Reopen)
                        | (State::NoShow, Step::Fee | Step::Dispute | Step::Rule)
                        | (State::Aborted, Step::Rule)
                );
                prop_assert!(before.state.is_live() || goes_on);
                prop_assert_eq!(after.version, before.version + 1);
                prop_assert_eq!(after.answer_by.is_some(), false, "nothing here sets a limit");
                held = after;
            }
        }
    }

    #[test]
    fn an_answer_is_due_in_time(ahead in 16..3_000i64, opens in -600..600i64) {
        let now = START;
        let starts_at = now.plus_minutes(ahead);
        let opening = Some((now.plus_minutes(opens), now.plus_minutes(opens + 600)));
        let due = answer_by(now, opening, starts_at);
        prop_assert!(due > now && due < starts_at);
    }
}
