//! What Linux says about processor time and memory.

use std::{fs, time::Duration};

use crate::Outcome;

/// The processor time that this thread has used. Linux brings it up to date every few milliseconds.
pub(crate) fn thread_time() -> Outcome<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(nanos))
}

/// The processor time that a process has used, to a hundredth of a second.
pub(crate) fn process_time(pid: u32) -> Outcome<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is the name in brackets and may hold anything; user and system time are the 14th and 15th.
    let (_, fields) = text.rsplit_once(") ").ok_or("/proc/…/stat without a name")?;
    let ticks = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(str::parse::<u64>)
        .sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

/// A line of `/proc/…/status` in megabytes (MiB): `VmRSS` is the memory held now, `VmHWM` the most so far.
pub(crate) fn memory(pid: u32, line: &str) -> Outcome<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let value = text
        .lines()
        .find_map(|found| found.strip_prefix(line)?.strip_prefix(':'));
    let kilobytes: f64 = value
        .ok_or("no such line")?
        .trim()
        .trim_end_matches(" kB")
        .parse()?;
    Ok(kilobytes / 1024.0)
}
