use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::Result;
use telecom::{Audio, Speech};

/// The voice of the desks, for browsers without a Mandarin voice of their own. What was said lately is kept, since an
/// order is repeated and several desks ask for the same words.
pub struct Voice {
    speech: Arc<dyn Speech>,
    said: Mutex<VecDeque<(String, Arc<Audio>)>>,
}

/// Some ten seconds each, a quarter of a megabyte.
const KEPT: usize = 32;

impl Voice {
    /// A voice that speaks through this provider.
    pub fn new(speech: Arc<dyn Speech>) -> Voice {
        Voice {
            speech,
            said: Mutex::default(),
        }
    }

    /// The sound of these words. May take as long as the provider takes: call it where blocking is allowed.
    ///
    /// # Errors
    /// A fault when the provider has no sound.
    pub fn say(&self, words: &str) -> Result<Arc<Audio>> {
        if let Some((_, sound)) = self.kept().iter().find(|(said, _)| said == words) {
            return Ok(sound.clone());
        }
        let sound = Arc::new(self.speech.synthesize(words)?);
        let mut kept = self.kept();
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((words.to_owned(), sound.clone()));
        Ok(sound)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, VecDeque<(String, Arc<Audio>)>> {
        // Nothing is left half done by a panic between two calls.
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
