//! Ten thousand mutations of a valid notice, the same ones each time; none is believed.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::support::*;

/// The names of what is signed, or chooses how it is verified.
const HEADERS: [&str; 5] = [
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-serial",
    "wechatpay-signature",
    "wechatpay-signature-type",
];

/// A generator that needs no crate (xorshift64, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(8) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes.truncate(at),
        2 => {
            let other = random.below(bytes.len());
            bytes.swap(at, other);
        }
        3 => drop(bytes.remove(at)),
        4 => bytes.insert(at, b" \n0aA="[random.below(6)]),
        5 if bytes[at].is_ascii_lowercase() => bytes[at].make_ascii_uppercase(),
        5 => bytes[at].make_ascii_lowercase(),
        6 => bytes.drain(..at).for_each(drop),
        _ => {
            let end = at + random.below(bytes.len() - at);
            let copy = bytes[at..end].to_vec();
            bytes.extend_from_slice(&copy);
        }
    }
}

/// Changes one header's value, takes one away, doubles one, or exchanges two.
fn mutate_headers(headers: &mut HeaderMap, random: &mut Random) {
    let name = HeaderName::from_static(HEADERS[random.below(HEADERS.len())]);
    let value = headers[&name].clone();
    match random.below(6) {
        // Without its type a signature is taken to be of the one type that there is, so that one stays.
        0 if name != HEADERS[4] => drop(headers.remove(&name)),
        1 if name != HEADERS[4] => drop(headers.append(name, value)),
        2 => {
            let other = HeaderName::from_static(HEADERS[random.below(HEADERS.len())]);
            let exchanged = headers[&other].clone();
            headers.insert(other, value);
            headers.insert(name, exchanged);
        }
        _ => {
            let mut bytes = value.as_bytes().to_vec();
            mutate(&mut bytes, random);
            // What no header can carry never arrives.
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                headers.insert(name, value);
            }
        }
    }
}

#[test]
fn no_mutated_notice_is_believed() {
    let pay = receiver();
    let body = notice_body("TRANSACTION.SUCCESS", "transaction", &paid());
    let headers = signed_headers(NOW_S, &body);
    assert!(pay.open_notice(NOW_S, &headers, &body).is_ok());
    let mut random = Random(0x7457_6E61_2026_1122);
    let mut tried = 0;
    while tried < 10_000 {
        let (mut mutated, mut changed) = (body.clone(), headers.clone());
        if random.below(2) == 0 {
            mutate(&mut mutated, &mut random);
        } else {
            mutate_headers(&mut changed, &mut random);
        }
        if (&mutated, &changed) == (&body, &headers) {
            continue;
        }
        tried += 1;
        let opened = pay.open_notice(NOW_S, &changed, &mutated);
        assert!(opened.is_err(), "mutation {tried} was believed: {changed:?}");
    }
}
