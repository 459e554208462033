//! What the people of the load were told: everything that was acknowledged, and what went wrong before their eyes.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Shared by all of them.
#[derive(Default)]
pub(crate) struct Told {
    acknowledged: Mutex<Acknowledged>,
    /// Requests sent again because no answer had come.
    pub repeated: AtomicU64,
    /// Answers that said "not now".
    pub unavailable: AtomicU64,
}

/// Identifiers as the addresses had them.
#[derive(Clone, Default)]
pub(crate) struct Acknowledged {
    /// The key of a form and the order that it made; one never answered yes is absent.
    pub booked: HashMap<String, String>,
    /// Orders whose page said that they are paid.
    pub paid: BTreeSet<String>,
    /// Orders withdrawn before they were paid.
    pub withdrawn: BTreeSet<String>,
    /// Bookings that the customer called off.
    pub cancelled: BTreeSet<String>,
    /// Bookings that the shop confirmed.
    pub confirmed: BTreeSet<String>,
    /// Bookings that the shop declined.
    pub declined: BTreeSet<String>,
    /// What nobody should have seen, in words.
    pub wrong: Vec<String>,
}

impl Told {
    pub(crate) fn so_far(&self) -> Acknowledged {
        self.lock().clone()
    }

    pub(crate) fn note(&self, note: impl FnOnce(&mut Acknowledged)) {
        note(&mut self.lock());
    }

    /// A key's order: the same each time.
    pub(crate) fn booked(&self, key: &str, order: &str) {
        let mut told = self.lock();
        let before = told.booked.insert(key.to_owned(), order.to_owned());
        if let Some(before) = before.filter(|before| before != order) {
            told.wrong.push(format!(
                "one form sent twice made two orders, {before} and {order}"
            ));
        }
    }

    pub(crate) fn wrong(&self, words: String) {
        self.lock().wrong.push(words);
    }

    /// What went wrong since it was last asked.
    pub(crate) fn take_wrong(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().wrong)
    }

    pub(crate) fn count_repeated(&self) {
        self.repeated.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_unavailable(&self) {
        self.unavailable.fetch_add(1, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Acknowledged> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
