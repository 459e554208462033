//! Repetitions: only where they are allowed, only as often as agreed, and no doubt is lost.

use std::time::Duration;

use crate::pay::{ApiError, Code, Rejected, Retry};
use crate::{Cause, Outcome, TransportError};

fn refused(status: u16, code: Code) -> Outcome<u8> {
    Outcome::Refused(error(status, code))
}

fn error(status: u16, code: Code) -> ApiError {
    ApiError {
        status,
        code,
        message: String::new(),
        request_id: None,
    }
}

fn lost() -> Outcome<u8> {
    Outcome::Unknown(TransportError::Unknown("timeout".into()).into())
}

fn not_sent() -> Outcome<u8> {
    Outcome::Unknown(TransportError::NotSent("refused".into()).into())
}

fn server() -> Outcome<u8> {
    Outcome::Unknown(Cause::Server(error(500, Code::SystemError)))
}

fn too_many() -> Outcome<u8> {
    refused(429, Code::FrequencyLimited)
}

/// The outcome of these attempts, and how many were made.
fn run(outcomes: &[Outcome<u8>]) -> (Outcome<u8>, usize) {
    let retry = Retry {
        attempts: 3,
        ..Retry::default()
    };
    let mut made = 0;
    let outcome = retry.run(
        || 0.5,
        |_| {},
        |attempt| {
            made += 1;
            outcomes[usize::try_from(attempt).unwrap()].clone()
        },
    );
    (outcome, made)
}

#[test]
fn what_may_be_repeated() {
    let unreadable = |status| {
        Outcome::Unknown(Cause::Unreadable {
            status,
            what: String::new(),
        })
    };
    for (first, repeated) in [
        (lost(), true),
        (not_sent(), true),
        (server(), true),
        (too_many(), true),
        (refused(429, Code::Other("NEW".into())), true),
        (refused(400, Code::StatementCreating), true),
        (unreadable(502), true),
        (unreadable(200), false),
        (Outcome::Unknown(Cause::Unverifiable(Rejected::Signature)), false),
        (Outcome::Unknown(Cause::Unverifiable(Rejected::SignTest)), false),
        (Outcome::Unknown(Cause::Mismatch("order")), false),
        (refused(400, Code::ParamError), false),
        (refused(403, Code::NotEnough), false),
        (refused(400, Code::OrderPaid), false),
        (Outcome::Done(7), false),
    ] {
        let (_, made) = run(&[first.clone(), Outcome::Done(1)]);
        assert_eq!(made, if repeated { 2 } else { 1 }, "{first:?}");
    }
}

#[test]
fn doubt_is_not_lost() {
    for (outcomes, expected) in [
        (vec![lost(), too_many(), too_many()], lost()),
        (vec![lost(), not_sent(), not_sent()], lost()),
        (vec![server(), lost(), too_many()], lost()),
        (vec![not_sent(), not_sent(), not_sent()], not_sent()),
        (vec![not_sent(), too_many(), too_many()], too_many()),
        (vec![lost(), Outcome::Done(1)], Outcome::Done(1)),
        (
            vec![lost(), refused(400, Code::OrderPaid)],
            refused(400, Code::OrderPaid),
        ),
    ] {
        assert_eq!(run(&outcomes).0, expected, "{outcomes:?}");
    }
}

#[test]
fn waits_double_up_to_the_longest_and_are_scattered() {
    let retry = Retry {
        attempts: 6,
        first: Duration::from_secs(1),
        most: Duration::from_secs(5),
    };
    for (random, expected) in [
        (1.0, [1000, 2000, 4000, 5000, 5000]),
        (0.5, [500, 1000, 2000, 2500, 2500]),
        (0.0, [0; 5]),
        (f64::NAN, [1000, 2000, 4000, 5000, 5000]),
        (9.0, [1000, 2000, 4000, 5000, 5000]),
    ] {
        let mut waits = Vec::new();
        let outcome = retry.run(|| random, |wait| waits.push(wait.as_millis()), |_| server());
        assert_eq!(
            (waits.as_slice(), outcome),
            (expected.as_slice(), server()),
            "{random}"
        );
    }
}

#[test]
fn at_least_one_call_is_made() {
    let retry = Retry {
        attempts: 0,
        ..Retry::default()
    };
    let mut made = 0;
    let outcome = retry.run(
        || 0.0,
        |_| unreachable!("nothing to wait for"),
        |_| {
            made += 1;
            lost()
        },
    );
    assert_eq!((outcome, made), (lost(), 1));
}
