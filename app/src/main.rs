//! Tuina: the WeChat service platform of a city's blind-massage shops. One program; `tuina help` lists what it does.

mod books;
mod config;
mod demo;
mod doctor;
mod modules;
mod outside;
mod program;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use config::{Config, Log};
use mimalloc::MiMalloc;
use program::Program;

// A page is built from hundreds of small strings; the C library's allocator took a third of its time. Huge pages are
// switched off (`no_thp`): they double the memory of an idle program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[derive(Parser)]
#[command(
    name = "tuina",
    version,
    about = "The WeChat service platform of a city's blind-massage shops"
)]
struct Cli {
    /// The settings file; without it the defaults and the environment count.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and run the jobs.
    Serve,
    /// Bring the database's tables up to this program, and stop.
    Migrate,
    /// Say in plain words what is missing or wrong.
    Doctor,
    /// Print every setting with its default and its meaning.
    Config,
    /// Create an officer of the centre; the password is read from the standard input.
    Officer {
        /// The sign-in name.
        login: String,
        /// The person's name.
        name: String,
    },
    /// Export the journal of the ledger, or check an exported one.
    #[command(subcommand)]
    Ledger(books::Books),
    /// Start the program with demo data beside a local WeChat with a phone.
    Demo(demo::Options),
    /// Start the local WeChat alone.
    Sandbox {
        /// The port it listens on.
        #[arg(long, default_value_t = 8701)]
        port: u16,
        /// Where its keys are kept.
        #[arg(long, default_value = "var/sandbox")]
        data: PathBuf,
        /// The address of the program it talks to.
        #[arg(long, default_value = "http://127.0.0.1:8700")]
        program: String,
        /// Where it pushes messages and events; without it, /wechat/callback of the program.
        #[arg(long)]
        callback: Option<String>,
    },
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let settings = || Config::load(cli.config.as_deref(), std::env::vars());
    match &cli.command {
        Command::Config => {
            print!("{}", config::DEFAULTS);
            Ok(())
        }
        Command::Serve => {
            let config = settings()?;
            start_log(&config.log);
            runtime()?.block_on(async { Program::start(&config, program::world())?.serve().await })
        }
        Command::Migrate => {
            for line in program::migrate(&settings()?)? {
                println!("{line}");
            }
            Ok(())
        }
        Command::Doctor => doctor::examine(&settings()?),
        Command::Officer { login, name } => program::create_officer(&settings()?, login, name),
        Command::Ledger(books) => books::run(books, settings),
        Command::Demo(options) => {
            start_log(&settings()?.log);
            runtime()?.block_on(demo::run(options))
        }
        Command::Sandbox {
            port,
            data,
            program,
            callback,
        } => {
            start_log(&settings()?.log);
            runtime()?.block_on(outside::serve_sandbox(*port, data, program, callback.as_deref()))
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the threads")
}

fn start_log(log: &Log) {
    let filter = tracing_subscriber::EnvFilter::try_new(&log.filter)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let format = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if log.format == "json" {
        format.json().init()
    } else {
        format.init()
    }
}
