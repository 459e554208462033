//! The real program with its demo data, started as people start it.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Outcome, load};

/// A folder for the demo's data, gone when dropped unless it is to be kept.
pub(crate) struct Folder(PathBuf, bool);

impl Folder {
    pub(crate) fn new() -> Outcome<Folder> {
        let folder = std::env::temp_dir().join(format!("tuina-bench-demo-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Folder(folder, false))
    }

    /// A folder that is there for the next run too.
    pub(crate) fn kept(folder: PathBuf) -> Outcome<Folder> {
        fs::create_dir_all(&folder)?;
        Ok(Folder(folder, true))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.1 {
            // What stays behind in the folder for temporary files harms nobody.
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// The running program; it ends when dropped.
pub(crate) struct Demo {
    child: Child,
    pub address: SocketAddr,
    /// From its start to its first whole answer.
    pub started_in: Duration,
}

/// The first start makes the demo's shops.
const PATIENCE: Duration = Duration::from_secs(180);

impl Demo {
    /// Starts it on free ports and waits for the page of the nearest shops.
    pub(crate) fn start(folder: &Folder) -> Outcome<Demo> {
        Demo::start_on(folder, None)
    }

    /// The same with a PostgreSQL database in place of the file.
    pub(crate) fn start_on(folder: &Folder, database: Option<&str>) -> Outcome<Demo> {
        let place: Vec<&str> = database.iter().flat_map(|url| ["--database", url]).collect();
        Demo::start_with(folder, &place)
    }

    /// The same with more words on its command line.
    pub(crate) fn start_with(folder: &Folder, words: &[&str]) -> Outcome<Demo> {
        let program = program()?;
        let [address, sandbox] = free_addresses()?;
        let log = folder.0.join("log");
        let begun = Instant::now();
        let child = Command::new(program)
            .args(["demo", "--port", &address.port().to_string()])
            .args(["--sandbox-port", &sandbox.port().to_string(), "--data"])
            .arg(&folder.0)
            .args(words)
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log)?)
            .spawn()?;
        let mut demo = Demo {
            child,
            address,
            started_in: Duration::ZERO,
        };
        let request = load::get(address, "/", "");
        while !matches!(load::once(address, &request), Ok((200, _))) {
            if demo.child.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
                return Err(format!("the program did not start: {}", first_line(&log)).into());
            }
            thread::sleep(Duration::from_millis(2));
        }
        demo.started_in = begun.elapsed();
        Ok(demo)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program built beside this one.
fn program() -> Outcome<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("tuina");
    if beside.exists() {
        Ok(beside)
    } else {
        Err("the program is not built: cargo build --release --package tuina".into())
    }
}

/// Below the ports that Linux gives to calls going out: a call to a port where nobody listens yet may else be given that
/// very port, and then the program cannot have it.
fn free_addresses() -> Outcome<[SocketAddr; 2]> {
    let first = 20_000 + (std::process::id() % 10_000) as u16;
    let held: Vec<TcpListener> = (first..32_000)
        .filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok())
        .take(2)
        .collect();
    match &held[..] {
        [one, other] => Ok([one.local_addr()?, other.local_addr()?]),
        _ => Err("no free ports below 32000".into()),
    }
}

fn first_line(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().next().unwrap_or("it said nothing").to_owned()
}
