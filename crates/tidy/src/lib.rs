//! The architecture, as tests. The tests of this crate read the workspace's own files and fail when the code and
//! ARCHITECTURE.md part; [`statements`] gives other tests every SQL statement of the workspace.

mod source;
#[cfg(test)]
mod tests;

pub use source::{Literal, Source, root, sources};

/// One SQL statement of a store.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The file, from the workspace's root.
    pub file: String,
    /// The line it begins at.
    pub line: usize,
    /// The text, one literal.
    pub sql: String,
}

/// Every SQL statement that the stores of modules and crates hold, tests left out.
pub fn statements() -> Vec<Statement> {
    sources()
        .into_iter()
        .filter(Source::is_store)
        .flat_map(|source| {
            let file = source.path.clone();
            source
                .literals()
                .into_iter()
                .filter(|literal| is_sql(&literal.text))
                .map(move |literal| Statement {
                    file: file.clone(),
                    line: literal.line,
                    sql: literal.text,
                })
        })
        .collect()
}

/// Whether a text is a statement and not a sentence: it begins with a verb of SQL in capitals and a second word that
/// belongs to it.
pub fn is_sql(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match first {
        "SELECT" | "WITH" => !second.is_empty(),
        "INSERT" => second == "INTO",
        "DELETE" => second == "FROM",
        "UPDATE" => words.next() == Some("SET"),
        _ => false,
    }
}
