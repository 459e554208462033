//! The free times of one shop for fourteen days: six therapists, four beds, half of the therapists' time taken.

use kernel::{Actor, Error, Id, Lang};
use scheduling::{Choice, DAYS, Length, Wanted};
use therapist::Therapist;

use crate::{
    Measured, Outcome, ROUNDS, Target,
    process::thread_time,
    stage::{CLOSES, OPENS, Stage, told},
};

const CALLS: u32 = 500;
const LENGTH: Length = Length {
    minutes: 60,
    before: 0,
    after: 10,
};

pub(crate) fn times() -> Outcome<Vec<Measured>> {
    let stage = Stage::open(db::testing::sqlite(), 6, 4)?;
    let taken = fill_half(&stage)?;
    let (now, service) = (stage.db.world().now(), stage.service.clone());
    let (took, starts) = stage
        .db
        .read(move |tx| {
            let mut took = Vec::new();
            let mut starts = 0;
            for _ in 0..=ROUNDS {
                let begun = clock()?;
                for _ in 0..CALLS {
                    let days = booking::free_times(tx, now, &service, None)?;
                    starts = days.iter().map(|day| day.times.len()).sum();
                }
                took.push((clock()? - begun).as_secs_f64() * 1e3 / f64::from(CALLS));
            }
            Ok((took, starts))
        })
        .wait()
        .map_err(told)?;
    Ok(vec![Measured {
        what: "free times of one shop (6 therapists, 4 beds, 14 days, half full)",
        unit: "ms of CPU",
        // The first round fills caches.
        ours: took[1..].to_vec(),
        target: Target::AtMost(1.0),
        remark: format!("{taken:.0} % of the therapists' time is taken; {starts} starts are free"),
    }])
}

fn clock() -> kernel::Result<std::time::Duration> {
    thread_time().map_err(|error| Error::Fault(std::io::Error::other(error.to_string()).into()))
}

/// Takes about every second turn of every therapist; gives how many hundredths of their time are taken then.
fn fill_half(stage: &Stage) -> Outcome<f64> {
    let chance = stage.db.world().cx(Actor::System("bench"), Lang::Zh);
    let turn = LENGTH.minutes + LENGTH.after;
    let mut taken = 0;
    for day in 0..DAYS {
        for (place, therapist) in (0..).zip(&stage.therapists) {
            let mut minute = OPENS + place * 10;
            while minute + turn <= CLOSES {
                // Somewhat more than half: a turn for which no bed is left stays free.
                if chance.below(100) < 70 && take(stage, *therapist, day, minute)? {
                    taken += turn;
                }
                minute += turn;
            }
        }
    }
    let all = DAYS * stage.therapists.len() as i64 * (CLOSES - OPENS);
    Ok(taken as f64 * 100.0 / all as f64)
}

/// Whether the time could be had.
fn take(stage: &Stage, therapist: Id<Therapist>, day: i64, minute: i64) -> Outcome<bool> {
    let (shop, starts_at) = (stage.service.shop, stage.today.plus(day).at(minute));
    let claimed = stage.write(move |cx, tx| {
        let choice = Choice::Named(therapist);
        let wanted = Wanted {
            shop,
            choice,
            starts_at,
            length: LENGTH,
            holder: cx.id(),
        };
        scheduling::claim(cx, tx, &wanted).map(drop)
    });
    match claimed {
        Ok(()) => Ok(true),
        Err(Error::Refused(_)) => Ok(false),
        Err(other) => Err(told(other).into()),
    }
}
