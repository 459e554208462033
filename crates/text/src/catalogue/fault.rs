//! What can be wrong with the catalogues.

use kernel::Lang;
use std::fmt;

/// Everything that is wrong with the catalogues, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueErrors(pub Vec<Fault>);

/// One thing that is wrong with the catalogues.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The source cannot be read.
    #[error("{}: line {line}: {reason}: {excerpt}", lang.tag())]
    Syntax {
        /// Language of the source.
        lang: Lang,
        /// Line in its source, from 1.
        line: usize,
        /// What Fluent says.
        reason: String,
        /// The line itself.
        excerpt: String,
    },
    /// The same key twice in one language.
    #[error("{}: {key} is given twice", lang.tag())]
    Duplicate {
        /// Language.
        lang: Lang,
        /// Key, with a leading `-` for a term.
        key: String,
    },
    /// A key that only the other language has.
    #[error("{}: {key} is missing", lang.tag())]
    Missing {
        /// The language that lacks it.
        lang: Lang,
        /// Key, or `key.attribute`.
        key: String,
    },
    /// The two languages use different variables.
    #[error("{key}: variables differ: zh-CN {zh:?}, en {en:?}")]
    Variables {
        /// Key, or `key.attribute`.
        key: String,
        /// Variables of the Chinese text.
        zh: Vec<String>,
        /// Variables of the English text.
        en: Vec<String>,
    },
    /// A message refers to a message, term or function that does not exist, or to itself.
    #[error("{}: {key} refers to {reference}, which does not exist or leads back", lang.tag())]
    Reference {
        /// Language.
        lang: Lang,
        /// Key of the message with the reference.
        key: String,
        /// What it refers to, as written.
        reference: String,
    },
}

impl fmt::Display for CatalogueErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text catalogues are wrong:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for CatalogueErrors {}
