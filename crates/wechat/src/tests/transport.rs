//! The HTTP transport against a real socket.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use http::Request;

use crate::{BodyLimit, HttpTransport, Transport, TransportError};

const SECOND: Duration = Duration::from_secs(1);

/// Serves one connection with this function, after having read the request.
fn serve(f: impl FnOnce(String, TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = read_request(&mut stream);
        f(request, stream);
    });
    address
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        text.extend_from_slice(&chunk[..read]);
        let whole = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = whole.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length:")
                        .map(|n| n.trim().to_owned())
                })
                .map_or(0, |n| n.parse().unwrap());
            if body.len() >= length {
                return whole;
            }
        }
    }
}

fn answer(head: &'static str) -> String {
    serve(move |_, mut stream| stream.write_all(head.as_bytes()).unwrap())
}

fn get(url: &str) -> Request<Vec<u8>> {
    Request::get(url).body(Vec::new()).unwrap()
}

#[test]
fn the_request_arrives_as_it_was_signed() {
    let (tell, told) = std::sync::mpsc::channel();
    let base = serve(move |request, mut stream| {
        tell.send(request).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok")
            .unwrap();
    });
    let request = Request::post(format!("{base}/v3/a%7Cb?c=%2A"))
        .header("Authorization", "WECHATPAY2 x")
        .body("{\"说\":1}".as_bytes().to_vec())
        .unwrap();
    let answer = HttpTransport::new().send(request, SECOND).unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["x-a"].to_str().unwrap()
        ),
        (200, "b")
    );
    assert_eq!(answer.body(), b"ok");
    let seen = told.recv().unwrap();
    assert!(seen.starts_with("POST /v3/a%7Cb?c=%2A HTTP/1.1\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\n{\"说\":1}"), "{seen}");
    assert!(seen.to_lowercase().contains("user-agent: wechat-rust/"), "{seen}");
}

#[test]
fn errors_and_redirects_are_answers() {
    for (head, status) in [
        ("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}", 500),
        ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 404),
        (
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            302,
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204),
    ] {
        let answer = HttpTransport::new().send(get(&answer(head)), SECOND).unwrap();
        assert_eq!(answer.status().as_u16(), status);
    }
}

#[test]
fn a_closed_port_is_surely_not_sent() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = HttpTransport::new()
        .send(get(&format!("http://{free}/?secret=s3")), SECOND)
        .unwrap_err();
    assert!(
        matches!(&error, TransportError::NotSent(what) if !what.contains("s3")),
        "{error:?}"
    );
    let error = HttpTransport::new()
        .send(get("http://no-such-host.invalid/"), SECOND)
        .unwrap_err();
    assert!(matches!(error, TransportError::NotSent(_)), "{error:?}");
}

#[test]
fn silence_after_sending_is_unknown() {
    let slow = serve(|_, stream| {
        thread::sleep(Duration::from_millis(900));
        drop(stream);
    });
    let error = HttpTransport::new()
        .send(get(&slow), Duration::from_millis(200))
        .unwrap_err();
    assert!(matches!(error, TransportError::Unknown(_)), "{error:?}");
    let cut = serve(|_, stream| drop(stream));
    let error = HttpTransport::new().send(get(&cut), SECOND).unwrap_err();
    assert!(matches!(error, TransportError::Unknown(_)), "{error:?}");
    let half = answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    let error = HttpTransport::new().send(get(&half), SECOND).unwrap_err();
    assert!(matches!(error, TransportError::Unknown(_)), "{error:?}");
}

#[test]
fn a_body_over_the_limit_is_cut_off() {
    let mut request = get(&answer("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n123456"));
    request.extensions_mut().insert(BodyLimit(5));
    let error = HttpTransport::new().send(request, SECOND).unwrap_err();
    assert!(
        matches!(&error, TransportError::Unknown(what) if what.contains("5 bytes")),
        "{error:?}"
    );
    let mut request = get(&answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345"));
    request.extensions_mut().insert(BodyLimit(5));
    assert!(HttpTransport::new().send(request, SECOND).is_ok());
}
