use super::*;
use kernel::{Day, Money};
use proptest::prelude::*;
use serde_json::Value;

fn cases(name: &str) -> Vec<(Value, String)> {
    let all: Value = serde_json::from_str(include_str!("../../data/voice_reading_cases.json")).unwrap();
    let cases = all[name].as_array().unwrap();
    assert!(!cases.is_empty(), "{name}");
    cases
        .iter()
        .map(|case| (case[0].clone(), case[1].as_str().unwrap().to_owned()))
        .collect()
}

fn text_cases(name: &str) -> Vec<(String, String)> {
    cases(name)
        .into_iter()
        .map(|(given, want)| (given.as_str().unwrap().to_owned(), want))
        .collect()
}

/// Leading digits and the rest.
fn parted(text: &str) -> (u64, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (text[..end].parse().unwrap(), &text[end..])
}

#[test]
fn time_cases() {
    for (given, want) in text_cases("time") {
        let (hour, minute) = given.split_once(':').unwrap();
        let minutes = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
        assert_eq!(time(minutes), want, "{given}");
        assert_eq!(read(&given), want, "read {given}");
    }
}

#[test]
fn times_past_midnight_of_the_business_day() {
    assert_eq!(time(1470), "夜里十二点半");
    assert_eq!(time(1500), "次日凌晨一点");
    assert_eq!(time(26 * 60 + 15), "次日凌晨两点一刻");
    let today = Day::parse("2026-11-22").unwrap();
    assert_eq!(when(today, 1500, today), "明天凌晨一点");
    assert_eq!(when(today, 1440, today), "今天夜里十二点");
    assert_eq!(when(today.plus(2), 900, today), "后天下午三点");
    assert_eq!(when(today.plus(10), 900, today), "十二月二日，星期三，下午三点");
    assert_eq!(
        (day(today.plus(-1), today), relative_day(today.plus(3), today)),
        ("昨天".to_owned(), None)
    );
}

#[test]
fn date_cases() {
    for (given, want) in text_cases("date") {
        let got = match given.strip_prefix("year ") {
            Some(number) => year(number.parse().unwrap()),
            None => date(Day::parse(&given).unwrap()),
        };
        assert_eq!(got, want, "{given}");
    }
}

#[test]
fn duration_cases() {
    for (given, want) in text_cases("duration") {
        assert_eq!(
            duration(given.strip_suffix("min").unwrap().parse().unwrap()),
            want,
            "{given}"
        );
    }
    assert_eq!(
        [duration(2), duration(125), duration(135)],
        ["两分钟", "两小时零五分钟", "两小时十五分钟"]
    );
}

#[test]
fn money_cases() {
    for (given, want) in cases("money_fen") {
        let amount = Money(given.as_i64().unwrap());
        assert_eq!(money(amount), want, "{given}");
        assert_eq!(read(&amount.to_string()), want, "read {amount}");
    }
    let spoken = [0, 20, 2, 22, 520, 502, 522, -12_850].map(|fen| money(Money(fen)));
    let want = [
        "零元",
        "两角",
        "两分",
        "两角二分",
        "五元二角",
        "五元零二分",
        "五元二角二分",
        "负一百二十八元五角",
    ];
    assert_eq!(spoken, want);
}

#[test]
fn count_cases() {
    for (given, want) in text_cases("count") {
        assert_eq!(read(&given), want, "read {given}");
        let got = match given.strip_prefix('第') {
            Some(rest) => ordinal(parted(rest).0) + parted(rest).1,
            None if given.contains('号') || given.contains('楼') => {
                numbered(parted(&given).0, parted(&given).1)
            }
            None => count(parted(&given).0, parted(&given).1),
        };
        assert_eq!(got, want, "{given}");
    }
}

#[test]
fn digit_cases() {
    for (given, want) in text_cases("digits") {
        let got = if let Some(number) = given.strip_prefix("核销码 ") {
            code(number)
        } else if let Some(number) = given.strip_prefix("订单尾号 ") {
            digits(number)
        } else if let Some(number) = given.strip_prefix("尾号") {
            tail(number)
        } else {
            phone(&given)
        };
        assert_eq!(got, want, "{given}");
        assert!(read(&given).ends_with(&want), "read {given}: {}", read(&given));
    }
    assert_eq!(phone("010-62345678-801"), "零幺零，六二三四，五六七八，转八零幺");
    assert_eq!(code("1234567"), "幺二三，四五六七");
}

#[test]
fn honorific_cases() {
    for (given, want) in text_cases("honorific") {
        if let Some(name) = given.strip_prefix("按摩师 ") {
            let (said, allowed) = (therapist(name), teacher(name));
            assert!(
                want.starts_with(&said) && want.contains(&allowed),
                "{given}: {said}"
            );
            continue;
        }
        let (name, sex) = given.split_once(',').unwrap();
        let sex = [("女", Sex::Female), ("男", Sex::Male), ("未知", Sex::Unknown)]
            .into_iter()
            .find(|s| s.0 == sex);
        let said = customer(name, sex.unwrap().1, "13812345678");
        let want = want.split("尾号: ").next().unwrap();
        let want = want.split("use 尾号 instead: ").last().unwrap();
        assert_eq!(said, want, "{given}");
    }
    assert_eq!(customer("王阿姨", Sex::Unknown, "13812345678"), "王阿姨");
    assert_eq!(customer("", Sex::Unknown, ""), "顾客");
    assert_eq!(customer("John", Sex::Male, ""), "John 先生");
}

#[test]
fn distance_cases() {
    for (given, want) in cases("distance_m") {
        assert_eq!(distance(given.as_f64().unwrap()), want, "{given}");
    }
    assert_eq!(
        [distance(0.0), distance(996.0), distance(123_456.0)],
        ["约十米", "约一公里", "约一百二十三公里"]
    );
}

#[test]
fn whole_sentences_are_read() {
    let sentences = [
        (
            "2 个待确认；下一位 15:00 张女士 全身 60 分钟 李师傅",
            "两个待确认；下一位下午三点 张女士 全身六十分钟 李师傅",
        ),
        ("营业时间 12:00–24:00", "营业时间中午十二点到夜里十二点"),
        ("收到 128.50 元", "收到一百二十八元五角"),
        ("会员8折，共 22 次", "会员八折，共二十二次"),
        ("满意度 98%，距离 1.2 公里", "满意度百分之九十八，距离一点二公里"),
        ("2026-11-22 到店", "二零二六年十一月二十二日 到店"),
        ("2026年2月2日", "二零二六年二月二日"),
        ("来电 138****5678", "来电尾号五六七八"),
        ("请拨 400-810-8888 转客服", "请拨四零零，八幺零，八八八八 转客服"),
        ("核销码：802117", "核销码：八零二，幺幺七"),
        ("下午 3 点 05 分", "下午三点零五分"),
        ("2号线，102 号房，2 号床", "二号线，幺零二号房，二号床"),
        ("¥1,200，1-2 人", "一千二百元，一到两人"),
        (
            "订单 12 个，12:00–次日 02:00",
            "订单十二个，中午十二点到次日凌晨两点",
        ),
        ("订单 20261122001", "订单二零二，六幺幺，二二零，零幺"),
        ("没有数字", "没有数字"),
    ];
    for (given, want) in sentences {
        assert_eq!(read(given), want);
    }
}

/// Reads a cardinal back: an independent check of every shape of number.
fn value_of(words: &str) -> u64 {
    let (mut total, mut section, mut digit) = (0u64, 0u64, 0u64);
    for c in words.chars() {
        match c {
            '零' => {}
            '两' => digit = 2,
            '十' | '百' | '千' => {
                let unit = match c {
                    '十' => 10,
                    '百' => 100,
                    _ => 1000,
                };
                section += if digit == 0 && c == '十' {
                    10
                } else {
                    digit * unit
                };
                digit = 0;
            }
            '万' => {
                // 万 counts only what stands behind the last 亿.
                let high = total / 100_000_000 * 100_000_000;
                total = high + (total - high + section + digit) * 10_000;
                (section, digit) = (0, 0);
            }
            '亿' => {
                total = (total + section + digit) * 100_000_000;
                (section, digit) = (0, 0);
            }
            _ => digit = "零一二三四五六七八九".chars().position(|d| d == c).unwrap() as u64,
        }
    }
    total + section + digit
}

proptest! {
    #[test]
    fn cardinals_can_be_read_back(number in 0u64..1_000_000_000_000, shift in 0u32..12) {
        let number = number / 10u64.pow(shift) * 10u64.pow(shift / 2);
        let words = cardinal(number);
        prop_assert_eq!(value_of(&words), number, "{}", words);
        prop_assert!(!words.contains("零零") && (number == 0 || !words.ends_with('零')), "{}", words);
    }

    #[test]
    fn nothing_that_is_read_keeps_a_digit(text in "[第尾号码个元年:：.¥0-9 -*%，张a]{0,24}") {
        let spoken = read(&text);
        prop_assert!(!spoken.contains(|c: char| c.is_ascii_digit()), "{}", spoken);
    }
}
