//! Words: catalogues of visible and spoken texts, Mandarin as people speak it, the same things as they are shown,
//! pinyin, phone numbers, and the words a massage shop may not advertise with.
//!
//! A text is made once and goes to three places: the page, the live region and the loudspeaker. [`speech`] makes
//! the spoken form, [`show`] the visible one; [`Texts`] holds the sentences they stand in.

mod catalogue;
pub mod certificate;
pub mod claims;
mod normal;
pub mod phone;
pub mod pinyin;
pub mod show;
pub mod speech;

pub use catalogue::{Args, CatalogueErrors, Fault, Texts, TextsBuilder, Value};
