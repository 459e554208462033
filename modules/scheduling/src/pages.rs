//! The roster at the desk: everybody of the shop reads it, owner and clerk change it.

mod beds;
mod days;
mod leave;
mod record;
mod rotation;
mod shifts;
mod window;

use std::collections::HashMap;

use db::Tx;
use kernel::{Cx, Day, Error, Id, Instant, Minutes, Refused, Result, ShopScope};
use text::{args, show};
use therapist::Therapist;
use web::{Allow, Ask, Routes};

use crate::{
    Leave, Shift,
    model::{OwnDay, Work, business_day, week},
    store,
};

pub(crate) fn routes() -> Routes {
    Routes::new("scheduling")
        .get("/desk/shifts", Allow::Desk, shifts::everybody)
        .get("/desk/shifts/{therapist}", Allow::Desk, shifts::one)
        .post("/desk/shifts/{therapist}", Allow::FrontDesk, shifts::save)
        .get("/desk/shifts/{therapist}/leave", Allow::Desk, leave::show)
        .post("/desk/shifts/{therapist}/leave", Allow::FrontDesk, leave::grant)
        .post(
            "/desk/shifts/{therapist}/leave/{leave}/withdrawal",
            Allow::Desk,
            leave::withdraw,
        )
        .post(
            "/desk/shifts/{therapist}/leave-requests",
            Allow::Desk,
            leave::request,
        )
        .get("/desk/leave", Allow::Desk, leave::asked)
        .get("/desk/shifts/{therapist}/days", Allow::Desk, days::show)
        .post("/desk/shifts/{therapist}/days", Allow::FrontDesk, days::set)
        .post(
            "/desk/shifts/{therapist}/days/{day}/removal",
            Allow::FrontDesk,
            days::lift,
        )
        .get("/desk/beds", Allow::Desk, beds::show)
        .post("/desk/beds", Allow::FrontDesk, beds::add)
        .post("/desk/rooms", Allow::FrontDesk, beds::add_room)
        .get("/desk/beds/{bed}", Allow::Desk, beds::one)
        .post("/desk/beds/{bed}/retirement", Allow::FrontDesk, beds::retire)
        .post("/desk/beds/{bed}/room", Allow::FrontDesk, beds::put_in_room)
        .post("/desk/beds/{bed}/pauses", Allow::FrontDesk, beds::pause)
        .post(
            "/desk/beds/{bed}/pauses/{pause}/removal",
            Allow::FrontDesk,
            beds::lift_pause,
        )
        .get("/desk/rotation", Allow::Desk, rotation::board)
        .get("/desk/rotation/record", Allow::Desk, record::show)
        .get(
            "/desk/rotation/places/{therapist}",
            Allow::FrontDesk,
            record::ask_to_move,
        )
        .post(
            "/desk/rotation/places/{therapist}",
            Allow::FrontDesk,
            record::move_turn,
        )
        .get("/desk/window", Allow::Desk, window::show)
        .post("/desk/window", Allow::Owner, window::set)
        .get("/console/window", Allow::Centre, window::show_bounds)
        .post("/console/window", Allow::Centre, window::set_bounds)
}

/// Whether the person who asks may change the roster, and is therefore shown the forms.
fn may_change(ask: &Ask) -> bool {
    Allow::FrontDesk.admits(ask.actor())
}

/// A therapist of the shop that asks; one of another shop does not exist.
fn own(cx: &Cx, tx: &mut Tx, therapist: Id<Therapist>) -> Result<(ShopScope, Therapist)> {
    let scope = cx.shop()?;
    let person = therapist::therapist(tx, therapist)?;
    if person.shop != scope.id() {
        return Err(Error::NotFound);
    }
    Ok((scope, person))
}

/// Dates with their own times are told so many days ahead.
const DAYS_AHEAD: i64 = 60;

/// Who works at the shop, and when.
struct Roster {
    people: Vec<Therapist>,
    shifts: HashMap<Id<Therapist>, Vec<Shift>>,
    /// The dates of the next weeks with their own times.
    days: HashMap<Id<Therapist>, Vec<OwnDay>>,
    leaves: Vec<Leave>,
    /// The business day that runs now, and the minute of it.
    today: (Day, Minutes),
    /// The shop's hours on it; `None`: closed.
    hours: Option<(Minutes, Minutes)>,
}

impl Roster {
    fn read(cx: &Cx, tx: &mut Tx, scope: ShopScope) -> Result<Roster> {
        let (shop, day) = (scope.id(), cx.now().day());
        let hours = shop::hours_between(tx, shop, day.plus(-1), 2)?;
        let today = business_day(cx.now(), hours.first().copied().flatten());
        Ok(Roster {
            people: therapist::of_shop(tx, shop)?,
            shifts: store::shifts(tx, shop)?,
            days: store::own_days(tx, shop, today.0, today.0.plus(DAYS_AHEAD))?,
            leaves: store::leaves(tx, shop, cx.now())?,
            hours: hours.get(usize::from(today.0 == day)).copied().flatten(),
            today,
        })
    }

    fn week(&self, therapist: Id<Therapist>) -> &[Shift] {
        self.shifts.get(&therapist).map_or(&[], Vec::as_slice)
    }

    fn days_of(&self, therapist: Id<Therapist>) -> &[OwnDay] {
        self.days.get(&therapist).map_or(&[], Vec::as_slice)
    }

    fn leaves_of(&self, therapist: Id<Therapist>) -> impl Iterator<Item = &Leave> {
        self.leaves
            .iter()
            .filter(move |leave| leave.therapist == therapist)
    }

    /// When the therapist works today: the shift within the shop's hours, unless a leave covers it.
    fn works_today(&self, therapist: Id<Therapist>) -> Vec<(Minutes, Minutes)> {
        let (day, _) = self.today;
        let covered = |(starts, ends): (Minutes, Minutes)| {
            let covers = |leave: &Leave| leave.from <= day.at(starts) && day.at(ends) <= leave.to;
            self.leaves_of(therapist).any(covers)
        };
        let Some(hours) = self.hours else {
            return Vec::new();
        };
        let work = Work {
            week: self.week(therapist),
            days: self.days_of(therapist),
        };
        let mut times = work.on(day, hours);
        times.retain(|stretch| !covered(*stretch));
        times
    }

    fn presence(&self, therapist: Id<Therapist>) -> Presence {
        let (day, minute) = self.today;
        let now = day.at(minute);
        let times = self.works_today(therapist);
        if self
            .leaves_of(therapist)
            .any(|leave| leave.from <= now && now < leave.to)
        {
            Presence::OnLeave
        } else if times
            .iter()
            .any(|(starts, ends)| (*starts..*ends).contains(&minute))
        {
            Presence::Works
        } else if times.iter().any(|(starts, _)| *starts > minute) {
            Presence::WorksLater
        } else {
            Presence::Off
        }
    }
}

/// Where a therapist is now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Presence {
    Works,
    WorksLater,
    OnLeave,
    Off,
}

impl Presence {
    const fn text_key(self) -> &'static str {
        match self {
            Presence::Works => "scheduling-works",
            Presence::WorksLater => "scheduling-works-later",
            Presence::OnLeave => "scheduling-on-leave",
            Presence::Off => "scheduling-off",
        }
    }
}

/// 刘师傅（1 号）: surnames repeat, work numbers do not.
fn who(ask: &Ask, person: &Therapist) -> String {
    let name = show::therapist(ask.lang(), &person.name);
    ask.say("scheduling-who", &args![name => name, number => person.number])
}

fn joined(ask: &Ask, parts: &[String]) -> String {
    parts.join(&ask.label("scheduling-and"))
}

/// 12:00–14:00、18:00–次日 02:00
fn times_in_words(ask: &Ask, times: &[(Minutes, Minutes)]) -> String {
    let words: Vec<String> = times
        .iter()
        .map(|(starts, ends)| show::hours(ask.lang(), *starts, *ends))
        .collect();
    joined(ask, &words)
}

/// 周一到周五 12:00–22:00；周六休息；周日 14:00–20:00
fn week_in_words(ask: &Ask, shifts: &[Shift]) -> String {
    if shifts.is_empty() {
        return ask.label("scheduling-no-shifts");
    }
    let weekday = |day: i64| ask.label(&format!("scheduling-weekday-{day}"));
    let sentence = |run: &week::Run| {
        let days = match (run.first, run.last) {
            (1, 7) => ask.label("scheduling-every-day"),
            (first, last) if first == last => weekday(first),
            (first, last) => ask.say(
                "scheduling-days",
                &args![first => weekday(first), last => weekday(last)],
            ),
        };
        if run.times.is_empty() {
            ask.say("scheduling-days-off", &args![days => days])
        } else {
            let times = times_in_words(ask, &run.times);
            ask.say("scheduling-days-on", &args![days => days, times => times])
        }
    };
    let sentences: Vec<String> = week::runs(shifts).iter().map(sentence).collect();
    sentences.join(&ask.label("scheduling-then"))
}

/// 今天下午 3 点
fn moment_in_words(ask: &Ask, moment: Instant) -> String {
    show::when(ask.lang(), moment.day(), moment.minute_of_day(), ask.today())
}

/// 今天下午 3 点到下午 4 点 10 分; 11 月 23 日 星期一全天
fn stretch_in_words(ask: &Ask, from: Instant, to: Instant) -> String {
    let whole_days = |moment: Instant| moment.minute_of_day() == leave::DAY_BEGINS;
    if whole_days(from) && whole_days(to) && from < to {
        let day = |day| show::day(ask.lang(), day, ask.today());
        let (first, last) = (from.day(), to.day().plus(-1));
        return if first == last {
            ask.say("scheduling-whole-day", &args![day => day(first)])
        } else {
            ask.say(
                "scheduling-whole-days",
                &args![first => day(first), last => day(last)],
            )
        };
    }
    let end = if from.day() == to.day() {
        show::time(ask.lang(), to.minute_of_day())
    } else {
        moment_in_words(ask, to)
    };
    ask.say(
        "scheduling-stretch",
        &args![from => moment_in_words(ask, from), to => end],
    )
}

/// Puts several refusals on their fields; the answer has the status of the first.
fn errors_of<'a>(ask: &'a Ask, refused: &[Refused]) -> web::ui::Errors<'a> {
    let mut errors = ask.errors();
    for no in refused {
        errors.add(no.field.unwrap_or_default(), &ask.refusal(no));
    }
    errors
}
