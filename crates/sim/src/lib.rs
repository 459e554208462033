//! A seeded month of business with faults: the real actions on a real database, the other side and the weather played.
//!
//! Words: a *seed* decides everything that is left to chance; its [`Mix`] says which faults happen in it and how often. The
//! [`Town`](town) holds shops and customers, the *agenda* what they will do when; a *step* is one thing that happens: a person
//! acts, WeChat speaks, a job runs. After every step that wrote, the *invariants* are asked; at the end the faults stop, time
//! runs on, and everything must come to its end. A *crash* cuts the program off after some write or call: what was committed
//! stays, everything else is gone, and it starts again.
//!
//! One thread, one clock, one source of chance: the same seed gives the same trace, on either engine.

mod agenda;
mod away;
mod business;
mod changes;
mod complaint;
mod counter;
mod customer;
mod desk;
mod ending;
mod group;
mod home;
mod invariants;
mod mix;
mod network;
mod party;
mod post;
mod program;
mod relief;
mod store;
mod touched;
mod town;
mod trace;
mod waitlist;
mod world;

#[cfg(test)]
mod tests;

pub use mix::Mix;
pub use program::Template;
pub use store::kills;
pub use town::{Failure, Played, play};
