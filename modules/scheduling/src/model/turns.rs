//! The line of the rotation (轮钟).

kernel::coded! {
    /// What changes the line besides bookings.
    pub enum TurnStep {
        /// Called, and did not take the turn: to the end of the line (过号).
        Missed = "missed",
        /// Put in front by hand.
        First = "first",
        /// Put to the end by hand.
        Last = "last",
    }
}

impl TurnStep {
    /// The turn that the step gives, in a line whose turns lie between `lowest` and `highest`.
    pub const fn turn(self, lowest: i64, highest: i64) -> i64 {
        match self {
            TurnStep::Missed | TurnStep::Last => highest + 1,
            TurnStep::First => lowest - 1,
        }
    }

    /// Whether somebody decided it against the line, and must say why.
    pub const fn needs_reason(self) -> bool {
        matches!(self, TurnStep::First | TurnStep::Last)
    }
}
