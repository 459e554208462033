//! Icons, drawn by us on a grid of 24: strokes in the colour of the text, silent for screen readers.

use maud::{Markup, PreEscaped, Render, html};

/// A drawing that repeats a word beside it. It never stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// The mark of the platform: a hand in a seal.
    Seal,
    /// Telephone receiver.
    Phone,
    /// Pin of a map.
    Pin,
    /// Map, folded.
    Map,
    /// Clock.
    Clock,
    /// Calendar.
    Calendar,
    /// Full star.
    Star,
    /// Star filled to the half.
    StarHalf,
    /// Outline of a star.
    StarEmpty,
    /// Massage bed.
    Bed,
    /// Two hands.
    Hands,
    /// Card.
    Card,
    /// Speech bubble.
    Chat,
    /// Person.
    Person,
    /// Two persons.
    People,
    /// House with an open door.
    Shop,
    /// Pointing home.
    Home,
    /// Lines of a list.
    List,
    /// Done.
    Check,
    /// Refused.
    Cross,
    /// Loudspeaker with waves.
    Sound,
    /// Loudspeaker, struck out.
    Mute,
    /// Again.
    Repeat,
    /// Bell.
    Bell,
    /// Round i.
    Info,
    /// To the left: back.
    Back,
    /// To the right: on.
    Forward,
    /// Magnifying glass.
    Search,
    /// Plus.
    Plus,
    /// Receipt.
    Receipt,
    /// Figures as bars.
    Chart,
    /// Pen.
    Pen,
    /// Ticket with a code.
    Ticket,
    /// Cog.
    Settings,
    /// Shield with a check: verified.
    Verified,
    /// Underground train.
    Subway,
    /// Door with an arrow: sign out.
    Leave,
    /// Large and small letter: text size.
    Letters,
}

impl Icon {
    /// Every icon, in the order of their declaration.
    pub fn all() -> impl Iterator<Item = Icon> {
        DRAWINGS.iter().map(|(icon, _)| *icon)
    }

    /// The inside of the `svg` element.
    fn drawing(self) -> &'static str {
        DRAWINGS[self as usize].1
    }
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! {
            svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
                stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
                (PreEscaped(self.drawing()))
            }
        }
    }
}

/// Each icon's drawing, in the order of declaration.
const DRAWINGS: [(Icon, &str); 38] = [
    (Icon::Seal, SEAL),
    (
        Icon::Phone,
        r#"<path d="M6.5 3.5h2.8l1.5 4.2-2 1.6a12 12 0 0 0 5.9 5.9l1.6-2 4.2 1.5v2.8a2 2 0 0 1-2.2 2A15.6 15.6 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2Z"/>"#,
    ),
    (
        Icon::Pin,
        r#"<path d="M12 21s7-6.2 7-11.4A7 7 0 0 0 5 9.6C5 14.8 12 21 12 21Z"/><circle cx="12" cy="9.7" r="2.5"/>"#,
    ),
    (
        Icon::Map,
        r#"<path d="m3.5 6.5 5.7-2.3 5.6 2.3 5.7-2.3v13.3l-5.7 2.3-5.6-2.3-5.7 2.3ZM9.2 4.2v13.3M14.8 6.5v13.3"/>"#,
    ),
    (
        Icon::Clock,
        r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.4 2.2"/>"#,
    ),
    (
        Icon::Calendar,
        r#"<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>"#,
    ),
    (Icon::Star, STAR),
    (Icon::StarHalf, STAR_HALF),
    (
        Icon::StarEmpty,
        r#"<path d="m12 3.6 2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8Z"/>"#,
    ),
    (
        Icon::Bed,
        r#"<path d="M3 18v-5.5h18V18M5 12.5V9a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3.5M3 15.5h18M5 18v1.5M19 18v1.5"/>"#,
    ),
    (
        Icon::Hands,
        r#"<path d="M3.5 13.5 7 9.8c.8-.8 2-.2 1.8.9l-.3 1.8h7l-.3-1.8c-.2-1.1 1-1.7 1.8-.9l3.5 3.7M3.5 13.5V18l3 2h4.3l1.2-1.5 1.2 1.5h4.3l3-2v-4.5M12 4v3.5M8.5 4.8l1 2M15.5 4.8l-1 2"/>"#,
    ),
    (
        Icon::Card,
        r#"<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="M3 10h18M6.5 14.8h4"/>"#,
    ),
    (
        Icon::Chat,
        r#"<path d="M5.5 5h13a2 2 0 0 1 2 2v7.5a2 2 0 0 1-2 2H12l-4.5 3.7v-3.7h-2a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2ZM8 9.3h8M8 12.5h5"/>"#,
    ),
    (
        Icon::Person,
        r#"<circle cx="12" cy="8" r="3.7"/><path d="M4.8 20a7.2 7.2 0 0 1 14.4 0"/>"#,
    ),
    (
        Icon::People,
        r#"<circle cx="9" cy="8.5" r="3.2"/><path d="M3 19.5a6 6 0 0 1 12 0M15.5 5.6a3.2 3.2 0 0 1 0 5.8M17.5 14.3a6 6 0 0 1 3.5 5.2"/>"#,
    ),
    (
        Icon::Shop,
        r#"<path d="M4.5 10.5V20h15v-9.5M3 8l2-4h14l2 4c0 1.5-1.3 2.6-3 2.6S15 9.5 15 8c0 1.5-1.3 2.6-3 2.6S9 9.5 9 8c0 1.5-1.3 2.6-3 2.6S3 9.5 3 8ZM10 20v-5.5h4V20"/>"#,
    ),
    (
        Icon::Home,
        r#"<path d="m3.5 11.5 8.5-7.5 8.5 7.5M6 9.5V20h12V9.5M10 20v-5.5h4V20"/>"#,
    ),
    (
        Icon::List,
        r#"<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1"/>"#,
    ),
    (Icon::Check, r#"<path d="m4.5 12.5 5 5 10-11"/>"#),
    (Icon::Cross, r#"<path d="m6 6 12 12M18 6 6 18"/>"#),
    (
        Icon::Sound,
        r#"<path d="M4 9.5v5h3.5l5 4.5V5l-5 4.5ZM16 9a4.2 4.2 0 0 1 0 6M18.6 6.3a8 8 0 0 1 0 11.4"/>"#,
    ),
    (
        Icon::Mute,
        r#"<path d="M4 9.5v5h3.5l5 4.5V5l-5 4.5ZM16.5 9.5l5 5M21.5 9.5l-5 5"/>"#,
    ),
    (
        Icon::Repeat,
        r#"<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4.3h-4.3"/>"#,
    ),
    (
        Icon::Bell,
        r#"<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 20.5h4"/>"#,
    ),
    (
        Icon::Info,
        r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.2"/>"#,
    ),
    (Icon::Back, r#"<path d="m14.5 5-7 7 7 7"/>"#),
    (Icon::Forward, r#"<path d="m9.5 5 7 7-7 7"/>"#),
    (
        Icon::Search,
        r#"<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>"#,
    ),
    (Icon::Plus, r#"<path d="M12 5v14M5 12h14"/>"#),
    (
        Icon::Receipt,
        r#"<path d="M5.5 3.5h13v17l-2.2-1.5-2.1 1.5-2.2-1.5-2.2 1.5-2.1-1.5-2.2 1.5ZM9 8.5h6M9 12.5h6"/>"#,
    ),
    (
        Icon::Chart,
        r#"<path d="M4 20h16M6.5 20v-6.5M12 20V5M17.5 20v-10"/>"#,
    ),
    (
        Icon::Pen,
        r#"<path d="m4 20 1-4.5L16 4.5l3.5 3.5-11 11ZM13.5 7l3.5 3.5"/>"#,
    ),
    (
        Icon::Ticket,
        r#"<path d="M3.5 6h17v4a2 2 0 0 0 0 4v4h-17v-4a2 2 0 0 0 0-4ZM14.5 6v2M14.5 11v2M14.5 16v2"/>"#,
    ),
    (
        Icon::Settings,
        r#"<circle cx="12" cy="12" r="3"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2"/>"#,
    ),
    (
        Icon::Verified,
        r#"<path d="M12 3 5 5.7v5.6c0 4.4 2.9 7.8 7 9.7 4.1-1.9 7-5.3 7-9.7V5.7ZM8.5 12l2.5 2.5 4.5-5"/>"#,
    ),
    (
        Icon::Subway,
        r#"<rect x="5.5" y="3.5" width="13" height="13.5" rx="3"/><path d="M5.5 10.5h13M9 14h.1M15 14h.1M8.5 17l-2 3.5M15.5 17l2 3.5"/>"#,
    ),
    (
        Icon::Leave,
        r#"<path d="M14 4H5.5v16H14M10.5 12h10M17 8.5l3.5 3.5-3.5 3.5"/>"#,
    ),
    (
        Icon::Letters,
        r#"<path d="m2.5 18 5-12.5 5 12.5M4.3 14h6.4M14.5 18l3.3-8 3.2 8M15.7 15.3h4.1"/>"#,
    ),
];

const SEAL: &str = r#"<rect x="1.5" y="1.5" width="21" height="21" rx="5.5" fill="currentColor" stroke="none"/><path class="knock" d="M6 17.8c0-3.6 1.1-5.2 2.8-5.6V6.9M8.8 12V5.7M11.6 11.3V4.7M14.4 11.6V5.7M17.2 12.8V8.2M8.8 12.2c3-1.3 8.4-.7 8.4 2.3 0 2.2-1.2 3.8-3.4 4.7"/>"#;
const STAR: &str = r#"<path fill="currentColor" d="m12 3.6 2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8Z"/>"#;
const STAR_HALF: &str = r#"<path fill="currentColor" stroke="none" d="M12 3.6v13.3l-5.2 2.7 1-5.8L3.6 9.7l5.8-.8Z"/><path d="m12 3.6 2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8Z"/>"#;

#[cfg(test)]
mod tests {
    use super::Icon;

    #[test]
    fn every_icon_is_drawn() {
        for (index, icon) in Icon::all().enumerate() {
            assert_eq!(icon as usize, index, "{icon:?} stands out of order");
            assert!(icon.drawing().len() > 20, "{icon:?} is empty");
        }
    }
}
