use super::Fault;

/// Yuan as written in a bill, in fen. Whole numbers all the way: no float touches money.
///
/// Accepts a sign, digits and at most five decimals, of which those below a fen must be zero.
pub(super) fn fen(text: &str) -> Result<i64, Fault> {
    let fine = millifen(text)?;
    if fine % 1000 == 0 {
        Ok(fine / 1000)
    } else {
        Err(Fault::Amount)
    }
}

/// Yuan as written in a bill, in thousandths of a fen: fees have five decimals.
pub(super) fn millifen(text: &str) -> Result<i64, Fault> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(decimals) || decimals.len() > 5 {
        return Err(Fault::Amount);
    }
    let decimals: i64 = format!("{decimals:0<5}").parse().map_err(|_| Fault::Amount)?;
    let value = whole
        .parse::<i64>()
        .ok()
        .and_then(|yuan| yuan.checked_mul(100_000)?.checked_add(decimals))
        .ok_or(Fault::Amount)?;
    Ok(if negative { -value } else { value })
}

/// A number of records; the totals of fund bills are sometimes written as `20.0`.
pub(super) fn count(text: &str) -> Result<u64, Fault> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return Err(Fault::Number),
        None => text,
    };
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        whole.parse().map_err(|_| Fault::Number)
    } else {
        Err(Fault::Number)
    }
}

/// `yyyy-MM-dd HH:mm:ss` of Beijing, in milliseconds since 1970-01-01 UTC.
pub(super) fn moment_ms(text: &str) -> Result<i64, Fault> {
    let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text)
        .and_then(|time| time.to_zoned(beijing))
        .map(|time| time.timestamp().as_millisecond())
        .map_err(|_| Fault::Time)
}
