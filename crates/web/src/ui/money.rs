//! Money as it is seen. Spoken money is made elsewhere, from the same fen.

use maud::{Markup, html};

/// An amount in fen, as yuan with the fen only where there are any: `¥128`, `¥128.50`, `-¥3.05`.
pub fn amount(fen: i64) -> Markup {
    html! { span class="money" { (figures(fen)) } }
}

/// The lowest of several amounts in fen; `from` is the word for it ("起").
pub fn from(fen: i64, from: &str) -> Markup {
    html! { span class="money" { (figures(fen)) } " " span class="money-note" { (from) } }
}

/// An amount in fen that no longer holds; `was` is the word for it ("原价").
pub fn was(fen: i64, was: &str) -> Markup {
    html! { span class="money-was" { (was) " " s { (figures(fen)) } } }
}

fn figures(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    if rest == 0 {
        format!("{sign}¥{yuan}")
    } else {
        format!("{sign}¥{yuan}.{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn figures_keep_every_fen() {
        assert_eq!(figures(0), "¥0");
        assert_eq!(figures(12_800), "¥128");
        assert_eq!(figures(12_850), "¥128.50");
        assert_eq!(figures(-305), "-¥3.05");
        assert_eq!(figures(i64::MIN), "-¥92233720368547758.08");
    }
}
