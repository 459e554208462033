//! News between the nodes of one PostgreSQL: NOTIFY after a commit, LISTEN in a thread of its own.
//!
//! What is sent is `node|topic`, the topic `!job` meaning that a job became due. A notice may be lost with a connection,
//! so nothing relies on it: runners poll, and listeners hear the topic `*` (anything may have changed) after a gap.

use std::{
    hash::{BuildHasher, Hasher},
    sync::Arc,
    thread,
    time::Duration,
};

use ::postgres::{Client, Config, NoTls, fallible_iterator::FallibleIterator};
use kernel::Result;

use crate::{Param, hub::Hub, postgres::Session, queue::Queue, tx::Effects};

const JOB: &str = "!job";
const POLL: Duration = Duration::from_millis(500);

/// A name of this process that no other node has.
pub(crate) fn node() -> Arc<str> {
    // The standard library seeds each state from the operating system.
    let chance = std::collections::hash_map::RandomState::new()
        .build_hasher()
        .finish();
    format!("{chance:016x}").into()
}

/// Tells the other nodes. Outside the transaction, because a NOTIFY inside makes all commits wait for one lock.
pub(crate) fn tell(session: &mut Session, node: &str, effects: &Effects) {
    let job = effects.jobs.then_some(JOB);
    for topic in effects.topics.iter().map(|topic| &**topic).chain(job) {
        let notice = Param::from(format!("{node}|{topic}"));
        if let Err(error) = session.aside("SELECT pg_notify('tuina', $1)", &[notice]) {
            tracing::debug!(%error, "a notice to the other nodes was lost");
            return;
        }
    }
}

/// Starts the thread that hears the other nodes. It ends when the queue is closed.
pub(crate) fn start(config: Config, node: Arc<str>, hub: Arc<Hub>, queue: Arc<Queue>) -> Result<()> {
    thread::Builder::new().name("db-news".to_owned()).spawn(move || {
        let mut gap = false;
        while queue.closed().is_none() {
            if let Err(error) = hear(&config, &node, &hub, &queue, gap) {
                tracing::warn!(%error, "the news of the other nodes are interrupted");
            }
            gap = true;
            thread::sleep(POLL);
        }
    })?;
    Ok(())
}

fn hear(
    config: &Config,
    node: &str,
    hub: &Hub,
    queue: &Queue,
    gap: bool,
) -> std::result::Result<(), postgres::Error> {
    let mut client = config.connect(NoTls)?;
    client.batch_execute("LISTEN tuina")?;
    if gap {
        hub.after(Effects {
            topics: vec!["*".into()],
            jobs: true,
        });
    }
    while queue.closed().is_none() {
        if let Some(topic) = waited(&mut client, node)? {
            hub.after(effects(&topic));
        }
        // An iterator that ends at once may hide a lost connection.
        client.check_connection()?;
        if client.is_closed() {
            return Ok(());
        }
    }
    Ok(())
}

/// The next topic of another node, if one comes soon.
fn waited(client: &mut Client, node: &str) -> std::result::Result<Option<String>, ::postgres::Error> {
    let mut notifications = client.notifications();
    let notice = notifications.timeout_iter(POLL).next()?;
    let topic = notice.and_then(|notice| {
        let (from, topic) = notice.payload().split_once('|')?;
        (from != node).then(|| topic.to_owned())
    });
    Ok(topic)
}

fn effects(topic: &str) -> Effects {
    if topic == JOB {
        Effects {
            topics: Vec::new(),
            jobs: true,
        }
    } else {
        Effects {
            topics: vec![topic.into()],
            jobs: false,
        }
    }
}
