use proptest::prelude::*;

use super::{super::Shift, *};

const HOUR: Length = Length {
    minutes: 60,
    before: 0,
    after: 10,
};

fn monday() -> Day {
    Day::parse("2026-11-23").unwrap()
}

fn every_day(starts: Minutes, ends: Minutes) -> Vec<Shift> {
    (1..=7)
        .map(|weekday| Shift {
            weekday,
            starts,
            ends,
        })
        .collect()
}

fn weekly(week: &[Shift]) -> Work<'_> {
    Work { week, days: &[] }
}

/// One therapist (1) and one bed (9), open every day.
fn diary(days: usize, hours: (Minutes, Minutes), shift: (Minutes, Minutes)) -> Diary {
    let mut diary = Diary::new(monday(), vec![Some(hours); days]);
    diary.add_therapist(Id::from_raw(1), &weekly(&every_day(shift.0, shift.1)), &[]);
    diary.add_bed(Id::from_raw(9), &[]);
    diary
}

fn minutes(day: &FreeDay) -> Vec<Minutes> {
    day.times
        .iter()
        .map(|time| time.starts_at.minutes_since(day.day.at(0)))
        .collect()
}

#[test]
fn free_is_hours_and_shift_less_leave_and_claims() {
    let mut diary = Diary::new(monday(), vec![Some((720, 1440))]);
    let leave = (slot_of(monday().at(1200)), slot_of(monday().at(1320)));
    diary.add_therapist(Id::from_raw(1), &weekly(&every_day(600, 1380)), &[leave]);
    diary.add_bed(Id::from_raw(9), &[]);
    let (from, to) = HOUR.claimed(slot_of(monday().at(900)));
    diary.take(1, from, to);
    let days = diary.free_days(HOUR, monday().at(0), 30);
    // 12:00–15:00 before the claim (its own ten minutes after must fit), 16:10–20:00 before the leave, 22:00 after it.
    assert_eq!(
        minutes(&days[0]),
        [720, 750, 780, 810, 990, 1020, 1050, 1080, 1110, 1140, 1320]
    );
    assert_eq!(diary.therapists_at(monday().at(810), HOUR), [Id::from_raw(1)]);
    assert!(diary.therapists_at(monday().at(840), HOUR).is_empty());
    assert!(
        diary.works_at(monday().at(900), HOUR),
        "taken, but a working time"
    );
    assert!(!diary.works_at(monday().at(1200), HOUR), "on leave");
    assert!(!diary.works_at(monday().at(812), HOUR), "not on the grain");
}

#[test]
fn the_way_to_a_customer_is_working_time_and_needs_no_bed() {
    let visit = Length {
        minutes: 60,
        before: 30,
        after: 30,
    };
    let mut diary = Diary::new(monday(), vec![Some((720, 1200))]);
    diary.add_therapist(Id::from_raw(1), &weekly(&every_day(600, 1140)), &[]);
    assert!(
        minutes(&diary.free_days(visit, monday().at(0), 30)[0]).is_empty(),
        "no bed"
    );
    let diary = diary.away();
    // Out at twelve when the shop opens, back at seven when the therapist goes home.
    let times = minutes(&diary.free_days(visit, monday().at(0), 30)[0]);
    assert_eq!((times.first(), times.last()), (Some(&750), Some(&1050)));
    assert!(diary.works_at(monday().at(750), visit) && !diary.works_at(monday().at(745), visit));
    assert!(diary.works_at(monday().at(1050), visit) && !diary.works_at(monday().at(1055), visit));
    assert_eq!(diary.therapists_at(monday().at(750), visit), [Id::from_raw(1)]);
}

#[test]
fn a_business_day_runs_past_midnight() {
    let diary = diary(2, (720, 1560), (720, 1560));
    let days = diary.free_days(HOUR, monday().at(1400), 60);
    assert_eq!((days[0].day, minutes(&days[0])), (monday(), vec![1440, 1500]));
    assert_eq!(days[0].times[1].starts_at, monday().plus(1).at(60));
    assert_eq!(minutes(&days[1])[0], 720);
}

#[test]
fn a_shop_open_around_the_clock_has_every_time_once() {
    let diary = diary(3, (0, 1800), (0, 1800));
    let days = diary.free_days(HOUR, monday().at(0), 60);
    let times: Vec<Instant> = days
        .iter()
        .flat_map(|day| day.times.iter().map(|time| time.starts_at))
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(times.len(), 72 + 6);
}

#[test]
fn without_a_bed_there_is_no_time() {
    let mut diary = diary(1, (720, 1440), (720, 1440));
    let (from, to) = HOUR.claimed(slot_of(monday().at(900)));
    diary.take(9, from, to);
    assert_eq!(diary.beds_at(monday().at(900), HOUR).next(), None);
    assert!(diary.works_at(monday().at(900), HOUR));
    let days = diary.free_days(HOUR, monday().at(800), 60);
    assert_eq!(minutes(&days[0])[0], 1020);
    diary.add_bed(Id::from_raw(10), &[]);
    assert_eq!(
        diary.beds_at(monday().at(900), HOUR).next(),
        Some(Id::from_raw(10))
    );
}

#[test]
fn a_closed_day_is_in_the_list_without_times() {
    let mut diary = Diary::new(monday(), vec![None, Some((720, 1440))]);
    diary.add_therapist(Id::from_raw(1), &weekly(&every_day(0, 1800)), &[]);
    diary.add_bed(Id::from_raw(9), &[]);
    let days = diary.free_days(HOUR, monday().at(0), 60);
    assert_eq!((days[0].open, days[0].times.len()), (false, 0));
    assert_eq!(minutes(&days[1]).last(), Some(&1380));
}

#[test]
fn a_date_of_its_own_takes_the_place_of_the_week_and_a_bed_rests() {
    let own = |ahead: i64, times: &[(Minutes, Minutes)]| super::super::OwnDay {
        day: monday().plus(ahead),
        times: times.to_vec(),
    };
    let days = [own(0, &[]), own(1, &[(600, 780), (1200, 1320)])];
    let week = every_day(720, 1320);
    let mut diary = Diary::new(monday(), vec![Some((720, 1440)); 3]);
    let work = Work {
        week: &week,
        days: &days,
    };
    diary.add_therapist(Id::from_raw(1), &work, &[]);
    let rest = (
        slot_of(monday().plus(2).at(720)),
        slot_of(monday().plus(2).at(1200)),
    );
    diary.add_bed(Id::from_raw(9), &[rest]);
    let free = diary.free_days(HOUR, monday().at(0), 60);
    assert_eq!(minutes(&free[0]), [] as [Minutes; 0], "a day off");
    assert_eq!(minutes(&free[1]), [720, 1200, 1260], "the shop opens at twelve");
    assert_eq!(
        minutes(&free[2]),
        [1200, 1260],
        "the bed is out of use until eight"
    );
}

proptest! {
    /// The bits agree with asking of every start, minute by minute, whether anything stands in its way.
    #[test]
    fn free_times_agree_with_brute_force(
        opens in 0..1400i64, open_for in 60..700i64, starts in 0..200i64, works_for in 30..1600i64,
        claims in prop::collection::vec((0..600i64, 1..20i64, prop::sample::select(vec![1i64, 2, 9, 10])), 0..25),
        minutes in 5..120i64, before in 0..30i64, after in 0..30i64, earliest in 0..2000i64,
    ) {
        let (opens, closes) = (opens / 5 * 5, ((opens + open_for) / 5 * 5).min(1800));
        let (starts, ends) = (starts * 5, (starts * 5 + works_for / 5 * 5).min(1800));
        let length = Length { minutes: minutes / 5 * 5, before, after };
        let mut diary = Diary::new(monday(), vec![Some((opens, closes)); 2]);
        for id in [1, 2] {
            diary.add_therapist(Id::from_raw(id), &weekly(&every_day(starts, ends)), &[]);
        }
        for id in [9, 10] {
            diary.add_bed(Id::from_raw(id), &[]);
        }
        let origin = slot_of(monday().at(0));
        claims.iter().for_each(|claim| diary.take(claim.2, origin + claim.0, origin + claim.0 + claim.1));

        let untaken = |resource: i64, start: i64| {
            let (from, to) = length.claimed(start);
            claims.iter().all(|c| c.2 != resource || origin + c.0 >= to || origin + c.0 + c.1 <= from)
        };
        let works = |slot: i64| [0, 1].iter().any(|day| {
            let minute = moment_of(slot).minutes_since(monday().plus(*day).at(0));
            (opens.max(starts)..closes.min(ends)).contains(&minute)
        });
        let mut expected = Vec::new();
        for start in origin..origin + 2 * 288 + 72 {
            let (from, to) = length.service(start);
            let free: Vec<i64> = [1, 2].into_iter().filter(|id| untaken(*id, start)).collect();
            let bed = untaken(9, start) || untaken(10, start);
            if (from..to).all(works) && bed && !free.is_empty() && moment_of(start) >= monday().at(earliest) {
                expected.push((moment_of(start), free));
            }
        }
        let found: Vec<(Instant, Vec<i64>)> = diary
            .free_days(length, monday().at(earliest), 5).into_iter().flat_map(|day| day.times)
            .map(|time| (time.starts_at, time.therapists.iter().map(|id| id.raw()).collect()))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
