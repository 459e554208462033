//! The processes: a local WeChat that stays, and the program, which is killed and started again on the same data.

use std::{
    fs::{self, File, OpenOptions},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    thread,
    time::{Duration, Instant},
};

use db::{Db, Listeners};
use kernel::{Result, World};

use crate::{Outcome, browser::Browser};

/// Making the demo's shops takes a while, once.
const FIRST_START: Duration = Duration::from_secs(240);
/// Longer than anybody waits: what comes later was never there.
const START: Duration = Duration::from_secs(60);

/// Folder, ports and processes of one run.
pub(crate) struct Stage {
    folder: PathBuf,
    program: PathBuf,
    port: u16,
    sandbox_port: u16,
    database: db::Config,
    sandbox: Child,
    running: Option<Child>,
    /// By how many minutes the clocks stand before the machine's.
    ahead_minutes: i64,
    /// Kept when something failed, for whoever looks into it.
    pub keep: bool,
}

impl Stage {
    /// Starts the local WeChat; the program follows by [`Stage::start`].
    pub(crate) fn new(folder: &Path, database: Option<db::Config>) -> Outcome<Stage> {
        fs::create_dir_all(folder)?;
        let program = beside()?;
        let [port, sandbox_port] = free_ports()?;
        let log = File::create(folder.join("sandbox.log"))?;
        let sandbox = Command::new(&program)
            .args(["sandbox", "--port", &sandbox_port.to_string(), "--data"])
            .arg(folder.join("sandbox"))
            .args(["--program", &format!("http://127.0.0.1:{port}")])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let stage = Stage {
            folder: folder.to_owned(),
            program,
            port,
            sandbox_port,
            database: database.unwrap_or(db::Config::Sqlite {
                path: folder.join("demo.db"),
            }),
            sandbox,
            running: None,
            ahead_minutes: 0,
            keep: false,
        };
        let wechat = crate::wechat::Desk::new(&stage.wechat());
        wait(FIRST_START, "the local WeChat did not start", || {
            wechat.ask("time").is_ok()
        })?;
        Ok(stage)
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn wechat(&self) -> String {
        format!("http://127.0.0.1:{}", self.sandbox_port)
    }

    /// Starts the program for the first time, which fills its database.
    pub(crate) fn start_first(&mut self) -> Outcome<()> {
        self.spawn(None)?;
        self.wait_for_answer(FIRST_START).map(drop)
    }

    /// Starts the program; from its start to its first whole answer.
    pub(crate) fn start(&mut self, crash_at: Option<&str>) -> Outcome<Duration> {
        self.spawn(crash_at)?;
        match crash_at {
            // It may die before it says anything.
            Some(_) => Ok(Duration::ZERO),
            None => self.wait_for_answer(START),
        }
    }

    fn spawn(&mut self, crash_at: Option<&str>) -> Outcome<()> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("program.log"))?;
        let mut command = Command::new(&self.program);
        command
            .args(["demo", "--apart", "--port", &self.port.to_string()])
            .args(["--sandbox-port", &self.sandbox_port.to_string(), "--data"])
            .arg(&self.folder)
            // The few who book here press more buttons than people would.
            .env("TUINA_SERVER_POSTS_PER_MINUTE", "100000")
            .env("TUINA_LOG_FILTER", "warn")
            .env_remove(db::CRASH_AT)
            .stdout(Stdio::null())
            .stderr(log);
        if let db::Config::Postgres { url, .. } = &self.database {
            command.args(["--database", url.reveal()]);
        }
        if self.ahead_minutes > 0 {
            command.args(["--at", &self.moment()]);
        }
        if let Some(place) = crash_at {
            command.env(db::CRASH_AT, place);
        }
        self.running = Some(command.spawn()?);
        Ok(())
    }

    fn wait_for_answer(&mut self, patience: Duration) -> Outcome<Duration> {
        let begun = Instant::now();
        let mut browser = Browser::new(&self.address());
        loop {
            if browser.get("/").is_ok_and(|page| page.status == 200) {
                return Ok(begun.elapsed());
            }
            if let Some(status) = self.ended()? {
                return Err(format!("the program ended while it started ({status})").into());
            }
            if begun.elapsed() > patience {
                return Err("the program started and did not answer".into());
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// How the program ended, if it did.
    pub(crate) fn ended(&mut self) -> Outcome<Option<ExitStatus>> {
        Ok(match &mut self.running {
            Some(child) => child.try_wait()?,
            None => None,
        })
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) -> Outcome<()> {
        if let Some(mut child) = self.running.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Turns both clocks forward and starts the program anew, by which it reads its own.
    pub(crate) fn turn_clock(&mut self, minutes: i64) -> Outcome<Duration> {
        self.kill()?;
        crate::wechat::Desk::new(&self.wechat()).turn_clock(minutes)?;
        self.ahead_minutes += minutes;
        self.start(None)
    }

    /// The clocks' moment in Beijing, as `--at` reads it: the next whole minute.
    fn moment(&self) -> String {
        let now = world().now().plus_minutes(self.ahead_minutes + 1);
        let (day, minute) = (now.day(), (now - now.day().at(0)) / 60_000);
        format!("{day}T{:02}:{:02}", minute / 60, minute % 60)
    }

    /// Reads the program's tables from outside, while it runs. Opened anew each time: what is held open here would spare the
    /// program the repair of its file.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut db::Tx) -> Result<T> + Send + 'static,
    ) -> Outcome<T> {
        let db = Db::open(self.database.clone(), world(), Listeners::default()).map_err(told)?;
        Ok(db.read(f).wait().map_err(told)?)
    }

    /// The end of the program's log.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(self.folder.join("program.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(12).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // They may have ended by themselves.
        for child in self.running.iter_mut().chain([&mut self.sandbox]) {
            let _ = child.kill();
            let _ = child.wait();
        }
        if !self.keep {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The machine's clock; chance is not needed by who only reads.
fn world() -> World {
    World::new(
        || {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            kernel::Instant(now.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
        },
        || 0,
    )
}

pub(crate) fn told(error: kernel::Error) -> String {
    format!("{error}")
}

/// Waits until `is_so`, looking often.
pub(crate) fn wait(patience: Duration, words: &str, mut is_so: impl FnMut() -> bool) -> Outcome<Duration> {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > patience {
            return Err(words.into());
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(begun.elapsed())
}

/// The program built beside this one.
fn beside() -> Outcome<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("tuina");
    if program.exists() {
        Ok(program)
    } else {
        Err("the program is not built: cargo build --package tuina".into())
    }
}

/// Below the ports that Linux gives to calls going out: a call to a port where nobody listens yet may else be given that very
/// port, and then the program cannot have it again.
pub(crate) fn free_ports<const N: usize>() -> Outcome<[u16; N]> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + (std::process::id() % 5_000) as u16 * 2;
    let mut found = Vec::new();
    while found.len() < N {
        let port = first + NEXT.fetch_add(1, Ordering::SeqCst);
        if port >= 32_000 {
            return Err("no free ports below 32000".into());
        }
        if TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).is_ok() {
            found.push(port);
        }
    }
    found.try_into().map_err(|_| "so many were looked for".into())
}
