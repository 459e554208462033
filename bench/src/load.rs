//! A load generator: HTTP/1.1 over kept connections, as fast as answers come or at a fixed rate.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::Outcome;

/// Kept connections.
pub(crate) const CONNECTIONS: u32 = 64;

/// How fast to ask.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// Each connection asks again as soon as it is answered.
    Full,
    /// So many a second, whether the answers keep up or not: a question that has to wait for its connection waits on the
    /// clock, so a slow program cannot hide behind the few questions that it lets through.
    PerSecond(f64),
}

/// What came of it.
pub(crate) struct Answers {
    /// From the moment a question was due to the last byte of its answer, the shortest first.
    waits: Vec<Duration>,
    took: Duration,
}

impl Answers {
    pub(crate) fn count(&self) -> usize {
        self.waits.len()
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.waits.len() as f64 / self.took.as_secs_f64()
    }

    /// The wait in milliseconds that this part of the questions did not exceed.
    pub(crate) fn wait_ms(&self, part: f64) -> f64 {
        let last = self.waits.len().saturating_sub(1);
        let at = ((self.waits.len() as f64 * part) as usize).min(last);
        self.waits
            .get(at)
            .map_or(f64::INFINITY, |wait| wait.as_secs_f64() * 1e3)
    }
}

/// Sends `request` again and again. An error when any answer is not 200.
pub(crate) fn run(address: SocketAddr, request: &str, pace: Pace, length: Duration) -> Outcome<Answers> {
    run_mixed(address, &[request.to_owned()], 200, pace, length)
}

/// Sends these requests one after another, and again from the first. An error when any answer is not `awaited`.
pub(crate) fn run_mixed(
    address: SocketAddr,
    requests: &[String],
    awaited: u16,
    pace: Pace,
    length: Duration,
) -> Outcome<Answers> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let requests: Arc<[String]> = requests.into();
    let begun = Instant::now();
    let waits = runtime.block_on(async {
        let asking: Vec<_> = (0..CONNECTIONS)
            .map(|number| {
                tokio::spawn(keep_asking(
                    address,
                    (requests.clone(), awaited),
                    Turns {
                        begun,
                        length,
                        number,
                        pace,
                    },
                ))
            })
            .collect();
        let mut waits = Vec::new();
        for connection in asking {
            waits.extend(connection.await??);
        }
        Ok::<_, Box<dyn std::error::Error>>(waits)
    });
    let (mut waits, took) = (waits?, begun.elapsed());
    waits.sort_unstable();
    Ok(Answers { waits, took })
}

/// When one connection asks.
#[derive(Clone, Copy)]
struct Turns {
    begun: Instant,
    length: Duration,
    number: u32,
    pace: Pace,
}

impl Turns {
    /// When the question with this number is due; `None` when the time is over.
    fn due(self, question: u32) -> Option<Instant> {
        let due = match self.pace {
            Pace::Full => Instant::now(),
            Pace::PerSecond(rate) => {
                let before = f64::from(question) * f64::from(CONNECTIONS) + f64::from(self.number);
                self.begun + Duration::from_secs_f64(before / rate)
            }
        };
        (due < self.begun + self.length).then_some(due)
    }
}

type Waits = Result<Vec<Duration>, std::io::Error>;

async fn keep_asking(address: SocketAddr, (requests, awaited): (Arc<[String]>, u16), turns: Turns) -> Waits {
    let mut connection = Connection::open(address).await?;
    let mut waits = Vec::new();
    for question in 0.. {
        let Some(due) = turns.due(question) else { break };
        tokio::time::sleep_until(due.into()).await;
        let number = question as usize * CONNECTIONS as usize + turns.number as usize;
        let request = &requests[number % requests.len()];
        let status = connection.ask(request).await?;
        if status != awaited {
            let asked = request.lines().next().unwrap_or_default();
            return Err(std::io::Error::other(format!(
                "the answer to {asked} was {status}"
            )));
        }
        waits.push(due.elapsed());
    }
    Ok(waits)
}

/// One kept connection.
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            answer: Vec::with_capacity(128 << 10),
        })
    }

    /// Sends a request and reads its whole answer; gives the status.
    pub(crate) async fn ask(&mut self, request: &str) -> std::io::Result<u16> {
        self.stream.write_all(request.as_bytes()).await?;
        self.answer.clear();
        let head = loop {
            self.read_more().await?;
            if let Some(at) = self.answer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let (status, length) = read_head(&self.answer[..head])?;
        while self.answer.len() < head + length {
            self.read_more().await?;
        }
        Ok(status)
    }

    async fn read_more(&mut self) -> std::io::Result<()> {
        match self.stream.read_buf(&mut self.answer).await? {
            0 => Err(std::io::Error::other("the program hung up")),
            _ => Ok(()),
        }
    }
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> std::io::Result<(u16, usize)> {
    let text = String::from_utf8_lossy(head);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    // 204 has no body and says nothing of its length.
    if status == Some(204) {
        return Ok((204, 0));
    }
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse().ok())?
    });
    status
        .zip(length)
        .ok_or_else(|| std::io::Error::other(format!("an answer that is not understood: {text}")))
}

/// One answer, head and body as text.
pub(crate) fn once(address: SocketAddr, request: &str) -> std::io::Result<(u16, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let status = connection.ask(request).await?;
        Ok((status, String::from_utf8_lossy(&connection.answer).into_owned()))
    })
}

/// A request as a telephone in China sends it.
pub(crate) fn get(address: SocketAddr, path: &str, cookies: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nAccept-Language: zh-CN,zh;q=0.9\r\n\
         Cookie: {cookies}\r\n\r\n"
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_head_is_read_whatever_its_case() {
        let head = b"HTTP/1.1 404 Not Found\r\nContent-LENGTH: 12\r\n\r\n";
        assert_eq!(read_head(head).unwrap(), (404, 12));
        assert_eq!(read_head(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap(), (204, 0));
        assert!(read_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn the_slowest_of_a_hundred_is_the_last() {
        let waits = (1..=100).map(Duration::from_millis).collect();
        let answers = Answers {
            waits,
            took: Duration::from_secs(2),
        };
        assert!((answers.wait_ms(0.99) - 100.0).abs() < 1e-9);
        assert!((answers.wait_ms(0.5) - 51.0).abs() < 1e-9);
        assert!((answers.per_second() - 50.0).abs() < 1e-9);
    }

    /// A program that rests for half a second after each answer: at a fixed rate the questions that queue meanwhile count
    /// their whole wait.
    #[test]
    fn a_slow_program_cannot_hide_its_queue() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                std::thread::spawn(move || serve_slowly(stream.unwrap()));
            }
        });
        // Each connection is due to ask five times a second and is answered twice a second.
        let rate = f64::from(CONNECTIONS) * 5.0;
        let answers = run(
            address,
            "GET / HTTP/1.1\r\n\r\n",
            Pace::PerSecond(rate),
            Duration::from_secs(1),
        )
        .unwrap();
        assert_eq!(answers.count(), 5 * CONNECTIONS as usize);
        assert!(answers.wait_ms(0.99) > 1_000.0, "{}", answers.wait_ms(0.99));
    }

    fn serve_slowly(mut stream: std::net::TcpStream) {
        let mut question = [0; 18];
        while stream.read_exact(&mut question).is_ok() {
            std::thread::sleep(Duration::from_millis(500));
            if stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                .is_err()
            {
                return;
            }
        }
    }
}
