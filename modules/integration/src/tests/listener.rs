//! Another program on this machine that hears webhooks: it keeps what came and answers as it is told.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

/// One request as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    pub head: String,
    pub body: String,
}

impl Heard {
    /// A header's value.
    pub fn header(&self, name: &str) -> String {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    }
}

pub(super) struct Listener {
    pub url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    status: Arc<Mutex<u16>>,
}

impl Listener {
    pub fn new() -> Listener {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", socket.local_addr().unwrap());
        let (heard, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(204)));
        let (kept, told) = (heard.clone(), status.clone());
        std::thread::spawn(move || {
            for stream in socket.incoming() {
                let mut stream = stream.unwrap();
                let one = read(&mut stream);
                kept.lock().unwrap().push(one);
                let status: u16 = *told.lock().unwrap();
                let answer = format!(
                    "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nlocation: http://10.0.0.1/\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Listener { url, heard, status }
    }

    /// How it answers from now on.
    pub fn answer(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    /// What came since the last look.
    pub fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

fn read(stream: &mut impl Read) -> Heard {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let heard = Heard {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            let length: usize = heard.header("content-length").parse().unwrap_or(0);
            if heard.body.len() >= length {
                return heard;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return Heard::default(),
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
