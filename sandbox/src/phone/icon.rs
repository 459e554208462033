//! The pictures on the phone's buttons, drawn for it: one outline each, in a square of 24.

use maud::{Markup, html};

const OUTLINES: [(&str, &str); 17] = [
    ("chats", "M4 5h16v11H10l-4 3.5V16H4z M8 9.5h8 M8 12.5h5"),
    (
        "contacts",
        "M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M2.5 20c.6-4 3-6 6.5-6s5.900 2 6.5 6z M17 7h5 M17 11h5 M18.5 15h3.5",
    ),
    (
        "discover",
        "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M15.5 8.5 13.5 13.5 8.5 15.5 10.5 10.5z",
    ),
    (
        "me",
        "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.5 20.5c.6-4.5 3.400-6.5 7.5-6.5s6.900 2 7.5 6.5z",
    ),
    ("scan", "M4 8V4h4 M16 4h4v4 M20 16v4h-4 M8 20H4v-4 M3 12h18"),
    (
        "globe",
        "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M3 12h18 M12 3c-5 5-5 13 0 18 M12 3c5 5 5 13 0 18",
    ),
    ("back", "M15 4 7 12l8 8"),
    ("close", "M5 5l14 14 M19 5 5 19"),
    ("more", "M5 12h.01 M12 12h.01 M19 12h.01"),
    (
        "keyboard",
        "M3 6h18v12H3z M6.5 9.5h.01 M10 9.5h.01 M13.5 9.5h.01 M17 9.5h.01 M8 14.5h8",
    ),
    ("menu", "M4 7h16 M4 12h16 M4 17h16"),
    ("plus", "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 8v8 M8 12h8"),
    ("picture", "M3 5h18v14H3z M3 16l5-5 5 5 3-3 5 5 M15.5 9.5h.01"),
    (
        "voice",
        "M12 14.5a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5.5a3 3 0 0 0 3 3z M5.5 11.5a6.5 6.5 0 0 0 13 0 M12 18v3",
    ),
    (
        "place",
        "M12 21c-4-4.5-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2.5 6.5-6.5 11z M12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    ),
    ("pay", "M3 6.5h18v12H3z M3 10.5h18 M6.5 15h4"),
    ("next", "M9 5l7 7-7 7"),
];

/// All outlines, to be named by [`icon`] and by the phone's scripts.
pub fn outlines() -> Markup {
    html! {
        svg.outlines width="0" height="0" aria-hidden="true" focusable="false" {
            @for (name, path) in OUTLINES {
                symbol id={ "i-" (name) } viewBox="0 0 24 24" { path d=(path) {} }
            }
        }
    }
}

/// One picture; the button around it has the words.
pub fn icon(name: &str) -> Markup {
    html! { svg.icon aria-hidden="true" focusable="false" { use href={ "#i-" (name) } {} } }
}
