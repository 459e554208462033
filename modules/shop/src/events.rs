//! News of shops, for whoever listens.

use db::Event;
use kernel::Id;
use serde::{Deserialize, Serialize};

/// Event `shop.changed`: facts, hours, photos or standing of a shop have changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub shop: Id<kernel::Shop>,
}

impl Event for Changed {
    const NAME: &'static str = "shop.changed";
}
