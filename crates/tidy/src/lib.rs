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
    let stores: Vec<Source> = sources().into_iter().filter(Source::is_store).collect();
    let beginnings: Vec<Beginning> = stores.iter().flat_map(beginnings).collect();
    let of_store = |source: &Source| {
        let file = source.path.clone();
        let whole = source
            .literals()
            .into_iter()
            .filter(|literal| is_sql(&literal.text) && !literal.text.ends_with(' '));
        let joined = joined(source, &beginnings);
        let found = whole.chain(joined).map(move |literal| Statement {
            file: file.clone(),
            line: literal.line,
            sql: literal.text,
        });
        found.collect::<Vec<_>>()
    };
    stores.iter().flat_map(of_store).collect()
}

/// A beginning of statements that `macro_rules!` of a store holds.
struct Beginning {
    /// Where the macro stands; the files below know it too.
    file: String,
    /// What it is called with.
    call: String,
    /// Its first literal.
    head: String,
}

fn beginnings(source: &Source) -> Vec<Beginning> {
    let code = source.code();
    let defined = code.match_indices("macro_rules! ").filter_map(|(at, found)| {
        let (name, body) = code[at + found.len()..].split_once(" {")?;
        let head = quoted(body).filter(|head| is_sql(head) && head.ends_with(' '))?;
        Some(Beginning {
            file: source.path.clone(),
            call: format!("{name}!("),
            head: head.to_owned(),
        })
    });
    defined.collect()
}

/// The statements of a store that macros join, its own or those of the file above: their beginning and what they are called
/// with.
fn joined(source: &Source, beginnings: &[Beginning]) -> Vec<Literal> {
    let known = |one: &&Beginning| {
        let below = one.file.replace(".rs", "/");
        source.path == one.file || source.path.starts_with(&below)
    };
    let code = source.code();
    let mut found = Vec::new();
    for beginning in beginnings.iter().filter(known) {
        for (at, _) in code.match_indices(&beginning.call) {
            let line = code[..at].lines().count().max(1);
            if let Some(tail) = quoted(&code[at..]) {
                found.push(Literal {
                    line,
                    text: format!("{}{tail}", beginning.head),
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
