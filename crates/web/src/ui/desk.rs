//! The sound bar of the desk: it unlocks the sound, says whether it works, and reads orders aloud (`desk.js`).

use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::{Icon, Tr, json_block};

/// Where `desk.js` finds its news and its voice.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a> {
    /// The event stream.
    pub events: &'a str,
    /// Beginning of the address of an alert's audio; the alert's id follows.
    pub speech: &'a str,
}

/// The words that `desk.js` shows or speaks: its name for each, and the catalogue key.
const WORDS: [(&str, &str); 15] = [
    ("off", "ui-desk-off"),
    ("on", "ui-desk-on"),
    ("muted", "ui-desk-muted"),
    ("blocked", "ui-desk-blocked"),
    ("resume", "ui-desk-resume"),
    ("greeting", "ui-desk-greeting"),
    ("connecting", "ui-desk-connecting"),
    ("connected", "ui-desk-connected"),
    ("lost", "ui-desk-lost"),
    ("lostHint", "ui-desk-lost-hint"),
    ("back", "ui-desk-back"),
    ("orders", "ui-desk-orders"),
    ("noVoice", "ui-desk-no-voice"),
    ("awake", "ui-desk-awake"),
    ("start", "ui-desk-start"),
];

/// The bar with its first button (开始接单). It stands once in the one long-lived page of the desk, which also loads
/// `js/desk.js`; nothing that is updated in part may contain it.
pub fn workstation(t: &Tr<'_>, addresses: &Addresses<'_>) -> Markup {
    let words: Map<String, Value> = WORDS
        .iter()
        .map(|(name, key)| ((*name).to_owned(), Value::String(t(key))))
        .collect();
    let data = json!({ "events": addresses.events, "speech": addresses.speech, "words": words });
    html! {
        section class="workstation" aria-labelledby="workstation-h" data-workstation {
            h2 class="vh" id="workstation-h" { (t("ui-desk-sound")) }
            div class="workstation-start" {
                button type="button" class="button primary large" data-start aria-describedby="workstation-hint" {
                    (Icon::Sound) span data-start-words { (t("ui-desk-start")) }
                }
                p class="hint" id="workstation-hint" { (t("ui-desk-start-hint")) }
            }
            p class="workstation-state" {
                span data-sound { (t("ui-desk-off")) } " · " span data-line { (t("ui-desk-connecting")) }
                span data-awake hidden { " · " (t("ui-desk-awake")) }
            }
            div class="workstation-controls" data-controls hidden {
                button type="button" class="button secondary" data-repeat { (Icon::Repeat) span { (t("ui-desk-repeat")) } }
                button type="button" class="button secondary" data-mute aria-pressed="false" {
                    (Icon::Mute) span { (t("ui-desk-mute")) }
                }
                button type="button" class="button secondary" data-test { (Icon::Sound) span { (t("ui-desk-test")) } }
                label class="volume" for="workstation-volume" { (t("ui-desk-volume")) }
                input type="range" id="workstation-volume" min="10" max="100" step="10" value="80" data-volume;
            }
            noscript { p class="notice attention" { (t("ui-desk-no-script")) } }
            (json_block("desk", &data))
        }
    }
}
