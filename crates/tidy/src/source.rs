use std::{
    fs,
    path::{Path, PathBuf},
};

use syn::{ItemMod, LitStr, visit::Visit};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .expect("this crate stands two folders below the root")
        .to_owned()
}

/// One Rust file of the workspace.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path from the workspace's root, with forward slashes.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A text literal outside tests.
#[derive(Debug, Clone)]
pub struct Literal {
    /// The line it begins at.
    pub line: usize,
    /// Its value.
    pub text: String,
}

/// Every Rust file of the project.
pub fn sources() -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    for tier in ["app", "modules", "crates", "sandbox", "bench", "fuzz"] {
        walk(&root.join(tier), &mut found);
    }
    found.sort();
    found
        .into_iter()
        .map(|path| Source {
            text: fs::read_to_string(&path).expect("a source file is readable"),
            path: path
                .strip_prefix(&root)
                .expect("it was found below the root")
                .to_string_lossy()
                .replace('\\', "/"),
        })
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir()
            && path
                .file_name()
                .is_some_and(|name| name != "target" && name != "node_modules")
        {
            walk(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

impl Source {
    /// `modules/booking` of `modules/booking/src/store.rs`.
    pub fn member(&self) -> &str {
        let ends = self
            .path
            .match_indices('/')
            .nth(1)
            .map_or(self.path.len(), |(at, _)| at);
        match self.path.split('/').next() {
            Some("modules" | "crates") => &self.path[..ends],
            _ => self.path.split('/').next().unwrap_or_default(),
        }
    }

    /// Whether the file is a module's or crate's place for SQL.
    pub fn is_store(&self) -> bool {
        let in_src = self.path.split_once("/src/").map(|(_, rest)| rest);
        in_src.is_some_and(|rest| rest == "store.rs" || rest.starts_with("store/"))
    }

    /// Whether the file is a module's rules.
    pub fn is_model(&self) -> bool {
        let in_src = self.path.split_once("/src/").map(|(_, rest)| rest);
        self.path.starts_with("modules/")
            && in_src.is_some_and(|rest| rest == "model.rs" || rest.starts_with("model/"))
    }

    /// Whether the whole file is a test or serves tests only.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests")
            || self.path.contains("/testing")
            || self.path.starts_with("crates/testkit/")
    }

    /// The text without its `#[cfg(test)] mod … { … }` at the end: by the house's habit tests stand last.
    pub fn code(&self) -> &str {
        self.text.find("#[cfg(test)]\nmod ").map_or(&self.text, |at| {
            let rest = &self.text[at..];
            let is_block = rest
                .lines()
                .nth(1)
                .is_some_and(|line| line.trim_end().ends_with('{'));
            if is_block { &self.text[..at] } else { &self.text }
        })
    }

    /// The text literals outside tests.
    pub fn literals(&self) -> Vec<Literal> {
        let file = syn::parse_file(&self.text).unwrap_or_else(|error| panic!("{}: {error}", self.path));
        let mut literals = Literals(Vec::new());
        literals.visit_file(&file);
        literals.0
    }
}

struct Literals(Vec<Literal>);

impl<'ast> Visit<'ast> for Literals {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let is_test = module.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Ident>()
                    .is_ok_and(|condition| condition == "test")
        });
        if !is_test {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.0.push(Literal {
            line: literal.span().start().line,
            text: literal.value(),
        });
    }

    /// Literals inside macros such as `params!` or `format!` are tokens, not syntax.
    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        for token in invocation.tokens.clone() {
            self.visit_token(token);
        }
    }
}

impl Literals {
    fn visit_token(&mut self, token: proc_macro2::TokenTree) {
        match token {
            proc_macro2::TokenTree::Group(group) => {
                for token in group.stream() {
                    self.visit_token(token);
                }
            }
            proc_macro2::TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                    self.0.push(Literal {
                        line,
                        text: text.value(),
                    });
                }
            }
            _ => {}
        }
    }
}
