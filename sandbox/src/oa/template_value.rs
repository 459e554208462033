//! What may stand in the fields of a template message or a subscription notice (参数值内容限制说明).

use serde_json::Value;

use super::Fail;

const TOO_LONG: Fail = Fail(47003, "argument invalid! data value is too long");
const WRONG: Fail = Fail(47003, "argument invalid! data value does not fit its kind");

/// The labels of `keys` with the values sent. All keys are wanted, none may be empty, long or broken into lines.
///
/// # Errors
/// 47003 for a value that its key does not take.
pub fn fill(keys: &[(String, String)], data: &Value) -> Result<Vec<(String, String)>, Fail> {
    let mut rows = Vec::new();
    for (key, label) in keys {
        let value = data[key]["value"].as_str().unwrap_or_default();
        check(key.trim_end_matches(|c: char| c.is_ascii_digit()), value)?;
        rows.push((label.clone(), value.to_owned()));
    }
    Ok(rows)
}

/// Whether `value` may stand in a field of this kind, such as `thing` or `time`.
fn check(kind: &str, value: &str) -> Result<(), Fail> {
    if value.trim().is_empty() {
        return Err(Fail(47003, "argument invalid! data value is empty"));
    }
    if value.contains(['\n', '\r']) {
        return Err(Fail(47003, "argument invalid! data value has a line break"));
    }
    let length = value.chars().count();
    let (most, fits) = match kind {
        "thing" => (20, true),
        "character_string" => (32, value.is_ascii()),
        "letter" => (32, value.bytes().all(|byte| byte.is_ascii_alphabetic())),
        "symbol" => (5, !value.chars().any(char::is_alphanumeric)),
        "number" => (32, value.parse::<f64>().is_ok_and(f64::is_finite)),
        "amount" => (20, is_amount(value)),
        "phone_number" => (
            17,
            value
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b"+- ".contains(&byte)),
        ),
        "car_number" => (8, true),
        "phrase" => (5, value.chars().all(is_han)),
        "name" if value.chars().all(is_han) => (10, true),
        "name" => (20, !value.chars().any(|c| c.is_ascii_digit())),
        "time" | "date" => (64, value.split(['~', '～']).all(is_time)),
        _ => (20, true),
    };
    if length > most {
        return Err(TOO_LONG);
    }
    if fits { Ok(()) } else { Err(WRONG) }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '·'
}

/// One sign of a currency, at most ten digits with perhaps a fraction, and perhaps 元 behind them.
fn is_amount(value: &str) -> bool {
    let bare = value.strip_prefix(['¥', '￥', '$', '€', '£']).unwrap_or(value);
    let bare = bare.strip_suffix('元').unwrap_or(bare);
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && whole.len() <= 10
}

/// A day, a time of day, or both: `2026-01-31 15:01`, `2026年1月31日 15:01`, `15:01`.
fn is_time(text: &str) -> bool {
    let known = |c: char| c.is_ascii_digit() || " -/:：年月日时点分秒".contains(c);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    text.chars().all(known) && (2..=14).contains(&digits) && parts.iter().all(|part| part.len() <= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_field_takes_what_it_is_for_and_nothing_else() {
        let fits = [
            ("thing", "时间不合适，改天再来，谢谢师傅了好吗亲"),
            ("character_string", "T202601010001"),
            ("number", "12.5"),
            ("amount", "¥98.00"),
            ("amount", "98元"),
            ("phone_number", "+86-010-6688"),
            ("phrase", "已预约"),
            ("name", "张丽"),
            ("name", "Anna"),
            ("time", "2026-01-01 10:00"),
            ("time", "2026年1月31日 15:01~16:01"),
            ("time", "15:01"),
        ];
        for (kind, value) in fits {
            assert_eq!(check(kind, value), Ok(()), "{kind} {value}");
        }
        let long = "长".repeat(21);
        let wrong = [
            ("thing", ""),
            ("thing", "一\n二"),
            ("thing", &long),
            ("character_string", "订单一"),
            ("number", "三"),
            ("amount", "免费"),
            ("amount", "12345678901"),
            ("phone_number", "电话"),
            ("phrase", "已经预约成功了"),
            ("phrase", "ok"),
            ("name", "张丽张丽张丽张丽张丽张"),
            ("time", "明天"),
        ];
        for (kind, value) in wrong {
            assert_eq!(
                check(kind, value).map_err(|fail| fail.0),
                Err(47003),
                "{kind} {value}"
            );
        }
    }
}
