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

/// Every SQL statement that the stores of modules and crates hold, tests left out. One that a macro joins from a beginning,
/// which ends with a blank, and the rest is given whole.
pub fn statements() -> Vec<Statement> {
    sources()
        .into_iter()
        .filter(Source::is_store)
        .flat_map(|source| {
            let file = source.path.clone();
            let whole = source
                .literals()
                .into_iter()
                .filter(|literal| is_sql(&literal.text) && !literal.text.ends_with(' '));
            whole.chain(joined(&source)).map(move |literal| Statement {
                file: file.clone(),
                line: literal.line,
                sql: literal.text,
            })
        })
        .collect()
}

/// The statements that `macro_rules!` of a store join: its first literal and the one it is called with.
fn joined(source: &Source) -> Vec<Literal> {
    let code = source.code();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("macro_rules! ") {
        let rest = &code[at + "macro_rules! ".len()..];
        let Some((name, body)) = rest.split_once(" {") else {
            continue;
        };
        let Some(head) = quoted(body).filter(|head| is_sql(head) && head.ends_with(' ')) else {
            continue;
        };
        let call = format!("{name}!(");
        for (at, _) in code.match_indices(&call) {
            let line = code[..at].lines().count().max(1);
            if let Some(tail) = quoted(&code[at..]) {
                found.push(Literal {
                    line,
                    text: format!("{head}{tail}"),
                });
            }
        }
    }
    found
}

/// The first text in quotes.
fn quoted(code: &str) -> Option<&str> {
    code.split('"').nth(1)
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
