//! A PostgreSQL server of our own, stopped and started as its keepers do it. Durable, unlike those of the other tests: what
//! it acknowledged must be there after an immediate stop.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use kernel::Secret;

use crate::{Outcome, stage::free_ports};

/// The server; it ends when dropped.
pub(crate) struct Server {
    home: PathBuf,
    programs: PathBuf,
    port: u16,
}

/// How a server is stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// Clients are thrown out, everything is written down.
    Fast,
    /// As if the power went: the next start repairs.
    Immediate,
}

impl Server {
    /// Makes a cluster in `home` and starts it.
    pub(crate) fn new(home: &Path) -> Outcome<Server> {
        fs::create_dir_all(home)?;
        let [port] = free_ports()?;
        let server = Server {
            home: home.to_owned(),
            programs: programs()?,
            port,
        };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(home))?;
        }
        let data = server.data();
        let mut initdb = server.command("initdb");
        initdb.arg("-D").arg(&data);
        run(initdb.args(["-U", "tuina", "-A", "trust", "-E", "UTF8", "--locale=C"]))?;
        server.start()?;
        run(server.command("createdb").args([
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-U",
            "tuina",
            "tuina",
        ]))?;
        Ok(server)
    }

    /// How the program reaches it.
    pub(crate) fn config(&self) -> db::Config {
        db::Config::Postgres {
            url: Secret::new(format!("postgres://tuina@127.0.0.1:{}/tuina", self.port)),
            threads: 8,
        }
    }

    pub(crate) fn start(&self) -> Outcome<()> {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            self.port,
            self.home.display()
        );
        let mut start = self.command("pg_ctl");
        start
            .arg("-D")
            .arg(self.data())
            .arg("-l")
            .arg(self.home.join("log"));
        run(start.args(["-w", "-o", &options, "start"]))
    }

    pub(crate) fn stop(&self, how: Stop) -> Outcome<()> {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        let mut stop = self.command("pg_ctl");
        run(stop.arg("-D").arg(self.data()).args(["-w", "-m", mode, "stop"]))
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// The server refuses to run as root.
    fn command(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.home);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be stopped already, and what stays behind in the folder for temporary files harms nobody.
        let _ = self.stop(Stop::Immediate);
        let _ = fs::remove_dir_all(&self.home);
    }
}

fn run(command: &mut Command) -> Outcome<()> {
    let done = command
        .stdin(Stdio::null())
        // The server that is started would hold a pipe open for ever.
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    match done.success() {
        true => Ok(()),
        false => Err(format!("{command:?} ended with {done}").into()),
    }
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout.starts_with(b"0"))
}

/// Debian keeps the server's programs out of PATH, one folder for each version: the newest is taken.
fn programs() -> Outcome<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = folders.into_iter().rev().chain(std::env::split_paths(&path));
    let found = places.into_iter().find(|folder| folder.join("initdb").exists());
    found.ok_or_else(|| "the PostgreSQL server (initdb) is not installed: e2e/install.sh".into())
}
