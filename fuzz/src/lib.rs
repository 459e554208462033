//! What strangers may send, thrown at the code that reads it. A [`Target`] takes any bytes, reads them as the program would,
//! and panics when a promise is broken; that nothing panics by itself is the first promise.
//!
//! `cargo test -p fuzz` tries the kept inputs of `corpus/` and, for some seconds, changed ones. `bin/fuzz` goes on for as long
//! as one likes, guided by what the inputs reach (`guided/`). An input that broke something is kept in `corpus/` once mended.

mod bill;
mod mutate;
mod notice;
mod oauth;
mod push;
mod signed;
#[cfg(test)]
mod tests;
mod upload;

pub use mutate::Mutator;

/// Something that reads what strangers send.
pub struct Target {
    /// Also the name of its folder in `corpus/`.
    pub name: &'static str,
    /// Reads an input; panics when a promise is broken.
    pub run: fn(&[u8]),
}

/// Everything that can be asked for by name.
pub const TARGETS: &[Target] = &[
    Target {
        name: "notice",
        run: notice::headers_and_body,
    },
    Target {
        name: "envelope",
        run: notice::envelope,
    },
    Target {
        name: "resource",
        run: notice::resource,
    },
    Target {
        name: "push",
        run: push::push,
    },
    Target {
        name: "oauth",
        run: oauth::oauth,
    },
    Target {
        name: "bill",
        run: bill::bill,
    },
    Target {
        name: "upload",
        run: upload::upload,
    },
];

/// The target with this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
