//! The form for text size and colours.

use maud::{Markup, html};

use super::{Frame, Size, Theme, button, csrf, field};

/// Radios `theme` and `size`, posted to `action`; `theme.js` shows a choice at once.
pub fn preferences(frame: &Frame<'_>, action: &str) -> Markup {
    let t = frame.t;
    let themes: Vec<(&str, String)> = Theme::ALL
        .iter()
        .map(|theme| (theme.tag(), t(&format!("ui-theme-{}", theme.tag()))))
        .collect();
    let sizes: Vec<(&str, String)> = Size::ALL
        .iter()
        .map(|size| (size.tag(), t(&format!("ui-size-{}", size.tag()))))
        .collect();
    let (size_label, theme_label) = (t("ui-size"), t("ui-theme"));
    let (save, object) = (t("ui-save"), t("ui-save-display"));
    html! {
        form method="post" action=(action) novalidate data-preferences {
            (csrf(frame))
            (field::radios("size", &size_label).options(&borrowed(&sizes)).value(frame.size.tag()).inline())
            (field::radios("theme", &theme_label).options(&borrowed(&themes)).value(frame.theme.tag()).inline())
            (button::submit(&save).about(&object))
        }
    }
}

fn borrowed<'a>(pairs: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    pairs
        .iter()
        .map(|(value, label)| (*value, label.as_str()))
        .collect()
}
