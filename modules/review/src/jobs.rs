//! What happens to reviews when something happens elsewhere.

use db::Job;
use identity::CustomerLeft;

use crate::store;

const FORGET: &str = "review.forget_customer";

/// Which events of others this module follows, and by which job.
pub const LISTENS: [(&str, &str); 1] = [("identity.customer_left", FORGET)];

/// Under this name stays what somebody wrote who has deleted the account.
pub const GONE: &str = "已注销用户";

/// The jobs of this module.
pub fn jobs() -> Vec<Job> {
    vec![Job::new(FORGET, |work, left: CustomerLeft| {
        work.db
            .write(move |tx| {
                store::forget_author(tx, left.customer, GONE)?;
                // The pages of shops show their latest reviews.
                tx.announce("shops")
            })
            .wait()
    })]
}
