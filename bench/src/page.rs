//! The page of a shop over HTTP, and what the program needs to answer: memory and time to start.

use std::{thread, time::Duration};

use crate::{
    Measured, Outcome, ROUNDS, Target,
    demo::{Demo, Folder},
    load::{self, Pace},
    process::{memory, process_time},
};

const ROUND: Duration = Duration::from_secs(4);
/// How long the program is left alone before its memory is read.
const REST: Duration = Duration::from_secs(3);

pub(crate) fn shop() -> Outcome<Vec<Measured>> {
    let folder = Folder::new()?;
    let (path, cookies) = first_visit(&Demo::start(&folder)?)?;
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    let mut demo = Demo::start(&folder)?;
    for _ in 0..ROUNDS {
        // The one before ends first: both would share the processors.
        drop(demo);
        demo = Demo::start(&folder)?;
        starts.push(demo.started_in.as_secs_f64());
        thread::sleep(REST);
        idle.push(memory(demo.pid(), "VmRSS")?);
    }
    let mut rows = under_load(&demo, &load::get(demo.address, &path, &cookies))?;
    rows.push(Measured {
        what: "memory, idle",
        unit: "MB",
        ours: idle,
        target: Target::AtMost(60.0),
        remark: "with the local WeChat in the same process".to_owned(),
    });
    rows.push(Measured {
        what: "memory, the most under load",
        unit: "MB",
        ours: vec![memory(demo.pid(), "VmHWM")?],
        target: Target::AtMost(160.0),
        remark: "with the local WeChat in the same process".to_owned(),
    });
    rows.push(Measured {
        what: "start to the first answer, demo database",
        unit: "s",
        ours: starts,
        target: Target::AtMost(1.0),
        remark: "with the local WeChat in the same process".to_owned(),
    });
    Ok(rows)
}

/// The address of a shop's page, from the list of the nearest ones, and the cookies that a browser keeps.
fn first_visit(demo: &Demo) -> Outcome<(String, String)> {
    let (_, list) = load::once(demo.address, &load::get(demo.address, "/", ""))?;
    let links = list
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let path = links
        .into_iter()
        .find(|link| link.starts_with("/shops/"))
        .ok_or("the list shows no shop")?;
    let cookies = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie")
                .then(|| value.split(';').next())?
        });
    Ok((path.to_owned(), cookies.collect::<Vec<_>>().join("; ")))
}

fn under_load(demo: &Demo, request: &str) -> Outcome<Vec<Measured>> {
    let (_, page) = load::once(demo.address, request)?;
    load::run(demo.address, request, Pace::Full, ROUND / 2)?;
    let (mut rates, mut own) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let before = process_time(demo.pid())?;
        let answers = load::run(demo.address, request, Pace::Full, ROUND)?;
        let used = process_time(demo.pid())? - before;
        rates.push(answers.per_second());
        own.push(used.as_secs_f64() * 1e6 / answers.count() as f64);
    }
    let half = crate::median(&rates) / 2.0;
    let (mut waits, mut middles) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let answers = load::run(demo.address, request, Pace::PerSecond(half), ROUND)?;
        waits.push(answers.wait_ms(0.99));
        middles.push(answers.wait_ms(0.5));
    }
    Ok(vec![
        Measured {
            what: "shop page over HTTP, generator on the same processors",
            unit: "answers/s",
            ours: rates,
            target: Target::AtLeast(5_000.0),
            remark: format!(
                "{:.0} kB a page; {:.0} µs of the program's CPU each",
                page.len() as f64 / 1024.0,
                crate::median(&own)
            ),
        },
        Measured {
            what: "shop page over HTTP at half of that, 99 of 100 answered within",
            unit: "ms",
            ours: waits,
            target: Target::AtMost(20.0),
            remark: format!(
                "at {half:.0}/s; half of them within {:.1} ms",
                crate::median(&middles)
            ),
        },
    ])
}
