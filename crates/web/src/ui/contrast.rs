//! The contrast of the stylesheet's colours, computed as WCAG 2.2 defines it.

use std::collections::BTreeMap;

const CSS: &str = include_str!("../../assets/tuina.css");

/// Text on its ground: 7:1.
const TEXT: [(&str, &[&str]); 8] = [
    (
        "ink",
        &["paper", "raised", "sunk", "jade-wash", "amber-wash", "red-wash"],
    ),
    ("soft", &["paper", "raised", "sunk", "jade-wash"]),
    ("jade", &["paper", "raised", "sunk", "jade-wash", "red-wash"]),
    ("jade-deep", &["paper", "raised", "sunk", "amber-wash"]),
    ("on-jade", &["jade", "jade-deep"]),
    ("amber", &["amber-wash"]),
    ("red", &["paper", "raised", "red-wash"]),
    ("paper", &["ink"]),
];

/// Edges of controls and signs on their ground: 3:1.
const EDGES: [(&str, &[&str]); 5] = [
    ("edge", &["paper", "raised", "sunk"]),
    ("jade", &["paper", "raised", "sunk"]),
    ("amber-edge", &["paper", "amber-wash"]),
    ("red", &["paper", "red-wash"]),
    ("ring-in", &["ring-out"]),
];

/// Everything that a focused control may stand on or be filled with.
const GROUNDS: [&str; 8] = [
    "paper",
    "raised",
    "sunk",
    "jade",
    "jade-wash",
    "amber-wash",
    "red-wash",
    "ink",
];

type Tokens = BTreeMap<String, String>;

/// The tokens of the rule that starts with `selector`, on top of those of the light theme.
fn theme(selector: &str) -> Tokens {
    let mut tokens = declared(":root {");
    tokens.extend(declared(selector));
    tokens
}

fn declared(selector: &str) -> Tokens {
    let start = CSS.find(selector).unwrap_or_else(|| panic!("no rule {selector}")) + selector.len();
    let rule = &CSS[start..start + CSS[start..].find('}').expect("the rule ends")];
    let colour = |part: &str| {
        let (name, value) = part.trim().strip_prefix("--")?.split_once(": ")?;
        value
            .starts_with('#')
            .then(|| (name.to_owned(), value.to_owned()))
    };
    rule.split(';').filter_map(colour).collect()
}

fn themes() -> [(&'static str, Tokens); 4] {
    [
        ("light", theme(":root {")),
        ("dark", theme(":root[data-theme=\"dark\"] {")),
        ("auto, dark", theme(":root[data-theme=\"auto\"] {")),
        ("contrast", theme(":root[data-theme=\"contrast\"] {")),
    ]
}

/// Relative luminance of `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value =
            f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour is six digits")) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(tokens: &Tokens, one: &str, other: &str) -> f64 {
    let light = |name: &str| luminance(tokens.get(name).unwrap_or_else(|| panic!("no token {name}")));
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn too_low(pairs: &[(&str, &[&str])], least: f64) -> Vec<String> {
    let mut found = Vec::new();
    for (theme, tokens) in themes() {
        for (front, grounds) in pairs {
            for ground in *grounds {
                let ratio = contrast(&tokens, front, ground);
                if ratio < least {
                    found.push(format!("{theme}: {front} on {ground} {ratio:.2}"));
                }
            }
        }
    }
    found
}

#[test]
fn the_formula_gives_the_known_extremes() {
    assert!((luminance("#ffffff") - 1.0).abs() < 1e-9 && luminance("#000000").abs() < 1e-9);
    let tokens = Tokens::from([
        ("a".to_owned(), "#767676".to_owned()),
        ("b".to_owned(), "#ffffff".to_owned()),
    ]);
    assert!((contrast(&tokens, "a", "b") - 4.54).abs() < 0.01);
}

#[test]
fn text_reaches_seven_to_one_in_every_theme() {
    assert_eq!(too_low(&TEXT, 7.0), Vec::<String>::new());
}

#[test]
fn controls_reach_three_to_one_in_every_theme() {
    assert_eq!(too_low(&EDGES, 3.0), Vec::<String>::new());
}

#[test]
fn the_focus_ring_stands_out_on_every_ground() {
    for (theme, tokens) in themes() {
        for ground in GROUNDS {
            let best = contrast(&tokens, "ring-in", ground).max(contrast(&tokens, "ring-out", ground));
            assert!(best >= 3.0, "{theme}: ring on {ground} {best:.2}");
        }
    }
}

#[test]
fn the_two_dark_themes_are_one() {
    assert_eq!(
        declared(":root[data-theme=\"dark\"] {"),
        declared(":root[data-theme=\"auto\"] {")
    );
}

#[test]
fn colours_stand_in_tokens_only() {
    let rules = CSS
        .split("/* Base:")
        .nth(1)
        .expect("the tokens end where the base begins");
    let print = rules
        .find("@media print")
        .expect("the sheet has a rule for paper");
    assert!(
        !rules[..print].contains(": #"),
        "a colour outside the tokens escapes these tests"
    );
}

#[test]
fn the_stylesheet_is_small() {
    assert!(CSS.len() < 40_000, "{} bytes", CSS.len());
}
