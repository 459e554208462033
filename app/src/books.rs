//! `tuina ledger`: writes the journal of the ledger out, and checks such a file without any database.

use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use ledger::{Broken, Chain, Flaw};

use crate::{
    config::Config,
    program::{self, told},
};

#[derive(Subcommand)]
pub enum Books {
    /// Write the journal as JSON Lines, one transfer a line.
    Export {
        /// The file to write; it must not exist. Without it the standard output is written.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Check an exported journal, without the database: names the first line that is wrong.
    Verify {
        /// The exported journal.
        file: PathBuf,
    },
}

/// Does what the command line asks for; it speaks on the standard error, since the journal itself may go to the
/// standard output.
pub fn run(books: &Books, config: impl FnOnce() -> Result<Config>) -> Result<()> {
    match books {
        Books::Export { out } => {
            let end = match out {
                Some(path) => {
                    let file =
                        File::create_new(path).with_context(|| format!("making {}", path.display()))?;
                    export(&config()?, BufWriter::new(file))?
                }
                None => export(&config()?, std::io::stdout().lock())?,
            };
            eprintln!("{} lines; the last hash is {}", end.place, end.hash);
        }
        Books::Verify { file } => {
            let lines =
                BufReader::new(File::open(file).with_context(|| format!("opening {}", file.display()))?);
            let end = verify(lines)?;
            println!(
                "{}: {} lines hold; the last hash is {}",
                file.display(),
                end.place,
                end.hash
            );
        }
    }
    Ok(())
}

/// Writes every line; where the journal ends.
pub fn export(config: &Config, mut out: impl Write) -> Result<Chain> {
    let db = program::open(config, &[])?;
    let mut end = Chain::default();
    let written = ledger::export(&db, |line| {
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
        end = Chain {
            place: line.entry.place,
            hash: line.hash,
        };
        Ok(())
    });
    written.map_err(told)?;
    out.flush()?;
    Ok(end)
}

/// Follows every line; where the journal ends. That lines are missing at the end is seen only by comparing the last hash
/// with one noted elsewhere.
pub fn verify(lines: impl BufRead) -> Result<Chain> {
    let mut chain = Chain::default();
    for (number, line) in (1..).zip(lines.lines()) {
        if let Err(broken) = chain.follow_text(&line?) {
            bail!("line {number}: {}", words(&broken));
        }
    }
    Ok(chain)
}

/// A broken place in plain words.
pub fn words(broken: &Broken) -> String {
    let place = broken.place;
    match broken.flaw {
        Flaw::Unreadable => format!("entry {place} of the journal cannot be read"),
        Flaw::Place => {
            format!("entry {place} of the journal is not here: something was removed, added or moved")
        }
        Flaw::Hash => format!("entry {place} of the journal was changed"),
        Flaw::Gone => format!("the transfer of entry {place} of the journal is gone"),
    }
}
