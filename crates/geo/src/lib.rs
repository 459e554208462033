//! Where things are: the three datums used in China, distances over the ground, the exact nearest places, and
//! the stations of the Beijing subway.
//!
//! Positions are stored as [`Wgs84`]; WeChat, Tencent and AMap speak [`Gcj02`], Baidu speaks [`Bd09`]. The types
//! are distinct, so that a position cannot be drawn in the wrong datum (an error of 500 metres in Beijing).

mod datum;
mod nearest;
pub mod subway;

pub use datum::{Bd09, Gcj02, Wgs84};
pub use nearest::{Near, Nearest};
