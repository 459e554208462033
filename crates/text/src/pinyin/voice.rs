//! Pinyin for a voice that cannot read hanzi.

use super::tables::TABLES;
use super::{is_hanzi, name_syllables, surname, syllables};
use crate::speech;

/// Any Chinese text as the input of espeak-ng's voice `cmn-latn-pinyin`: `xia4 wu3 san1 dian3, zhang1 nü3 shi4`.
///
/// Numbers are read first, surnames before a title get their own reading, 一 and 不 their changing tones (the
/// voice itself changes the third tone). Punctuation becomes pauses.
pub fn espeak(text: &str) -> String {
    let text = speech::read(text);
    let characters: Vec<char> = text.chars().collect();
    let mut readings = syllables(&text);
    read_surnames(&characters, &mut readings);
    change_tones(&characters, &mut readings);
    let mut input = String::with_capacity(readings.len() * 6);
    for (character, reading) in characters.iter().zip(&readings) {
        match character {
            '，' | '、' | '；' | '：' | ',' | ';' | ':' | '—' | '–' => push_pause(&mut input, ','),
            '。' | '！' | '？' | '.' | '!' | '?' | '\n' => push_pause(&mut input, '.'),
            c if is_hanzi(*c) => {
                if !input.is_empty() && !input.ends_with(' ') {
                    input.push(' ');
                }
                input.push_str(reading);
                input.push(' ');
            }
            c if c.is_alphanumeric() => input.push(*c),
            _ if input.is_empty() || input.ends_with(' ') => {}
            _ => input.push(' '),
        }
    }
    input.trim().to_owned()
}

fn push_pause(input: &mut String, mark: char) {
    let end = input.trim_end().len();
    input.truncate(end);
    if !input.is_empty() && !input.ends_with([',', '.']) {
        input.push(mark);
        input.push(' ');
    } else if !input.is_empty() {
        input.push(' ');
    }
}

/// 曾女士 is Zēng: before a title stands a surname.
fn read_surnames(characters: &[char], readings: &mut [String]) {
    const TITLES: [[char; 2]; 6] = [
        ['女', '士'],
        ['先', '生'],
        ['师', '傅'],
        ['老', '师'],
        ['小', '姐'],
        ['阿', '姨'],
    ];
    for title in 1..characters.len().saturating_sub(1) {
        if !TITLES.contains(&[characters[title], characters[title + 1]]) {
            continue;
        }
        let two: String = characters[title.saturating_sub(2)..title].iter().collect();
        let from = if TABLES.compound.contains(&two) {
            title - 2
        } else {
            title - 1
        };
        let name: String = characters[from..title].iter().collect();
        if surname(&name) == name && is_hanzi(characters[from]) {
            readings[from..title].clone_from_slice(&name_syllables(&name));
        }
    }
}

/// 一 is yí before a fourth tone and yì before the others; 不 is bú before a fourth tone. As a digit or in an
/// ordinal 一 keeps its tone.
fn change_tones(characters: &[char], readings: &mut [String]) {
    for at in 0..characters.len().saturating_sub(1) {
        let next = readings[at + 1].chars().last();
        let before = at.checked_sub(1).map(|before| characters[before]);
        let plain = before.is_some_and(|c| "第十零幺二三四五六七八九点".contains(c))
            || "月日号楼层级路期版届班线一二三四五六七八九零幺十，。".contains(characters[at + 1]);
        match (characters[at], next) {
            ('一', Some('4')) if !plain => readings[at] = "yi2".to_owned(),
            ('一', Some('1'..='3')) if !plain => readings[at] = "yi4".to_owned(),
            ('不', Some('4')) => readings[at] = "bu2".to_owned(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_spelled_for_the_voice() {
        assert_eq!(
            espeak("2 个待确认；下一位 15:00 曾女士，全身 60 分钟"),
            "liang3 ge4 dai4 que4 ren4, xia4 yi2 wei4 xia4 wu3 san1 dian3 zeng1 nü3 shi4, quan2 shen1 liu4 shi2 fen1 zhong1"
        );
        assert_eq!(
            espeak("单于先生付款 ¥111。"),
            "chan2 yu2 xian1 sheng5 fu4 kuan3 yi4 bai3 yi1 shi2 yi1 yuan2."
        );
        assert_eq!(espeak("不用，不好，第一楼"), "bu2 yong4, bu4 hao3, di4 yi1 lou2");
    }

    #[test]
    fn nothing_but_latin_letters_digits_and_pauses_comes_out() {
        for text in [
            "长椿街、什刹海……",
            "VIP 会员😀",
            "\u{0}\u{1b}[0m",
            "，，。",
            "“你好”",
        ] {
            let input = espeak(text);
            let allowed = |c: char| c.is_ascii_alphanumeric() || " ,.ü".contains(c);
            assert!(input.chars().all(allowed), "{text:?}: {input:?}");
        }
    }
}
