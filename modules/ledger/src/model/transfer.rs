use kernel::Money;

use super::Account;

/// An amount moved from one account to another: the debit account receives what the credit account gives.
#[derive(Clone, Copy, Debug)]
pub struct Transfer<'a> {
    /// The account that is debited.
    pub debit: Account<'a>,
    /// The account that is credited.
    pub credit: Account<'a>,
    /// How much, in the accounts' unit; nothing moves when it is zero.
    pub amount: Money,
    /// Why: the kind of thing and its raw identifier, such as `("payment", …)`.
    pub cause: (&'static str, i64),
    /// Tells apart several transfers of one cause. The same cause and key a second time has no second effect.
    pub key: &'a str,
}

kernel::coded! {
    /// What a row of the books does.
    pub enum Phase {
        /// Moves the amount at once.
        Direct = "direct",
        /// Reserves the amount.
        Pending = "pending",
        /// Moves what a pending transfer reserved, or a part of it, and frees the rest.
        Post = "post",
        /// Frees what a pending transfer reserved.
        Void = "void",
    }
}

kernel::coded! {
    /// How a reservation stands. It is never stored: it follows from the row that ends it.
    pub enum State {
        /// Reserved.
        Pending = "pending",
        /// Moved, wholly or in part.
        Posted = "posted",
        /// Freed.
        Voided = "voided",
    }
}

kernel::coded! {
    /// How a reservation is ended.
    pub enum End {
        /// Moves the amount.
        Post = "post",
        /// Frees the amount because somebody says so.
        Void = "void",
        /// Frees the amount because its time is over.
        Lapse = "lapse",
    }
}

impl State {
    /// The state after `end`; the same state where it is so already; `None` where the ledger says no.
    pub const fn after(self, end: End) -> Option<State> {
        match (self, end) {
            (State::Pending | State::Posted, End::Post) => Some(State::Posted),
            (State::Pending | State::Voided, End::Void | End::Lapse) => Some(State::Voided),
            // Whoever was in time has it: a due time that has passed changes nothing.
            (State::Posted, End::Lapse) => Some(State::Posted),
            (State::Posted, End::Void) | (State::Voided, End::Post) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_of_a_reservation() {
        let mut table = String::new();
        for state in State::ALL {
            for end in End::ALL {
                let after = match state.after(*end) {
                    Some(same) if same == *state => "without effect".to_owned(),
                    Some(after) => after.to_string(),
                    None => "refused".to_owned(),
                };
                table += &format!("{:<9}{:<7}→ {after}\n", state.code(), end.code());
            }
        }
        insta::assert_snapshot!("life", table);
    }
}
