//! Bills: files that come without a signature, packed or plain.

use wechat::pay::bill::{decompress, read_fund_bill, read_trade_bill};

/// Longest text that a file may unpack to here, in bytes.
const MOST: u64 = 1024 * 1024;

/// The first byte says which kind of bill the rest is.
pub(crate) fn bill(input: &[u8]) {
    let Some((kind, file)) = input.split_first() else {
        return;
    };
    let Some(text) = decompress(file.to_vec(), MOST) else {
        return;
    };
    assert!(text.len() as u64 <= MOST, "an unpacked file is bounded");
    if kind % 2 == 0 {
        // Read twice: what was read depends on the bytes alone.
        assert_eq!(read_trade_bill(&text), read_trade_bill(&text));
    } else {
        assert_eq!(read_fund_bill(&text), read_fund_bill(&text));
    }
}

/// Whether the bill of an input can be read.
#[cfg(test)]
pub(crate) fn is_read(input: &[u8]) -> bool {
    let Some(text) = decompress(input[1..].to_vec(), MOST) else {
        return false;
    };
    match input[0] % 2 {
        0 => read_trade_bill(&text).is_ok(),
        _ => read_fund_bill(&text).is_ok(),
    }
}
