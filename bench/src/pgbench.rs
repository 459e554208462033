//! The same booking on PostgreSQL: through `db.write` by 32 tasks, and by pgbench with the same statements.

use std::process::Command;

use db::Config;
use kernel::Secret;

use crate::{
    Measured, Outcome, ROUNDS, Target,
    booking::{BOOKING, CLAIM, JOB, NOTE, SLOTS, STEP, THERAPISTS, open, through_db},
};

/// Connections of each side.
const CONNECTIONS: usize = 8;
/// The address of a server on which databases may be made, such as `postgres://postgres@localhost:5432/postgres`.
const SERVER: &str = "TUINA_BENCH_POSTGRES";

/// The server to measure on.
pub(crate) fn server() -> Outcome<String> {
    Ok(std::env::var(SERVER).map_err(|_| format!("{SERVER} does not name a server"))?)
}

pub(crate) fn postgres() -> Outcome<Vec<Measured>> {
    let server = server()?;
    let (mut ours, mut reference) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let fresh = db::testing::postgres(&server);
        ours.push(through_db(open(with_connections(fresh.config()))?)?);
        drop(fresh);
        let fresh = db::testing::postgres(&server);
        open(fresh.config().clone())?;
        reference.push(pgbench(fresh.config())?);
    }
    let named = "pgbench, same statements";
    Ok(vec![Measured {
        what: "booking transaction, PostgreSQL",
        unit: "bookings/s",
        ours,
        target: Target::Ratio {
            reference,
            named,
            least: 0.6,
        },
        remark: String::new(),
    }])
}

fn with_connections(config: &Config) -> Config {
    match config {
        Config::Postgres { url, .. } => Config::Postgres {
            url: Secret::new(url.reveal().clone()),
            threads: CONNECTIONS,
        },
        other => other.clone(),
    }
}

fn pgbench(config: &Config) -> Outcome<f64> {
    let Config::Postgres { url, .. } = config else {
        return Err("not a PostgreSQL server".into());
    };
    let script = std::env::temp_dir().join(format!("tuina-bench-{}.sql", std::process::id()));
    std::fs::write(&script, text())?;
    let connections = CONNECTIONS.to_string();
    let ran = Command::new("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-T",
            "2",
            "-j",
            "2",
            "-D",
            "turn=0",
            "--max-tries=10",
        ])
        .args(["-c", &connections, "-f"])
        .arg(&script)
        .arg(url.reveal())
        .output()?;
    std::fs::remove_file(&script)?;
    let words = String::from_utf8_lossy(&ran.stdout);
    let tps = words
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    tps.ok_or_else(|| format!("pgbench: {words}{}", String::from_utf8_lossy(&ran.stderr)).into())
}

/// The script: the statements of one booking with pgbench's variables in the places of the parameters.
fn text() -> String {
    let mut lines = vec![
        "\\set turn :turn + 1".to_owned(),
        format!("\\set n :turn * {CONNECTIONS} + :client_id"),
        "\\set id :n + 1".to_owned(),
        format!("\\set therapist :n % {THERAPISTS}"),
        format!("\\set bed 1000 + :n % {THERAPISTS}"),
        format!("\\set first :n / {THERAPISTS} * {SLOTS}"),
        format!("\\set last :first + {}", SLOTS - 1),
        "\\set joba 2 * :id".to_owned(),
        "\\set jobb 2 * :id + 1".to_owned(),
        "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE;".to_owned(),
    ];
    let note = format!("'{NOTE}'");
    lines.push(fill(
        BOOKING,
        &[
            ":id",
            "1",
            ":n",
            ":therapist",
            ":bed",
            ":first",
            ":last",
            &note,
            "12800",
        ],
    ));
    lines.push(fill(CLAIM, &[":therapist", ":first", ":last", ":id"]));
    lines.push(fill(CLAIM, &[":bed", ":first", ":last", ":id"]));
    lines.push(fill(STEP, &[":id", ":id", "'guest'", ":first"]));
    for (job, name) in [(":joba", "'alert.ring'"), (":jobb", "'booking.expire'")] {
        lines.push(fill(
            JOB,
            &[
                job,
                name,
                "NULL",
                "'{\"booking\":1}'",
                ":first",
                "'guest'",
                ":first",
            ],
        ));
    }
    lines.push("COMMIT;".to_owned());
    lines.join("\n")
}

fn fill(sql: &str, values: &[&str]) -> String {
    let mut filled = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    for (i, value) in values.iter().enumerate().rev() {
        filled = filled.replace(&format!("${}", i + 1), value);
    }
    filled + ";"
}
