mod account;
mod audit;
mod journal;
mod takings;
mod transfer;

pub use account::{Account, Balance, Kind, Side, Standing, Unit};
pub use audit::{Difference, Report, Total};
pub use journal::{Broken, Chain, Entry, Flaw, Line};
pub use takings::Takings;
pub use transfer::{End, Phase, State, Transfer};
