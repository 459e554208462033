//! Form fields. Each demands a name and a label and wires hint and error to its control.
//!
//! Native `required` is never used (screen readers call such radios invalid before any input): the caller writes
//! "（必填）" into the label and the server validates. Ids: `f-{name}`, `f-{name}-hint`, `f-{name}-error`.

mod choices;

pub use choices::{Checkbox, Choice, Choices, checkbox, checkboxes, radios};
use maud::{Markup, Render, html};

use super::Errors;

/// One line of free text.
pub fn text<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "text",
            inputmode: None,
        },
    )
}

/// A telephone number.
pub fn tel<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "tel",
            inputmode: Some("tel"),
        },
    )
    .autocomplete("tel")
}

/// A whole number, typed with the digit keyboard (never a spinner, which scrolls away what was typed).
pub fn number<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "text",
            inputmode: Some("numeric"),
        },
    )
    .short()
}

/// An amount in yuan with at most two decimals.
pub fn yuan<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "text",
            inputmode: Some("decimal"),
        },
    )
    .short()
}

/// A password.
pub fn password<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "password",
            inputmode: None,
        },
    )
    .autocomplete("current-password")
}

/// A code of `digits` digits, such as one sent by SMS or shown by a customer.
pub fn code<'a>(name: &'a str, label: &'a str, digits: u8) -> Field<'a> {
    Field::new(name, label, Kind::Code { digits })
        .autocomplete("one-time-code")
        .short()
}

/// What to look for.
pub fn search<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "search",
            inputmode: Some("search"),
        },
    )
}

/// A calendar day, `YYYY-MM-DD`.
pub fn date<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "date",
            inputmode: None,
        },
    )
    .short()
}

/// A time of day, `HH:MM`.
pub fn time<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(
        name,
        label,
        Kind::Input {
            kind: "time",
            inputmode: None,
        },
    )
    .short()
}

/// Several lines of free text.
pub fn textarea<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(name, label, Kind::Area { rows: 3, max: None })
}

/// One of a long list; up to about seven choices are better as [`radios`].
pub fn select<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(name, label, Kind::Select { options: Vec::new() })
}

/// A file to upload; the form needs `enctype="multipart/form-data"`.
pub fn file<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(name, label, Kind::File { accept: None })
}

/// A value that the person does not see.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A labelled field being described; it renders itself.
#[derive(Clone)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    kind: Kind<'a>,
    value: &'a str,
    hint: Option<&'a str>,
    errors: Option<&'a Errors<'a>>,
    autocomplete: Option<&'a str>,
    disabled: bool,
    short: bool,
}

#[derive(Clone)]
enum Kind<'a> {
    Input {
        kind: &'static str,
        inputmode: Option<&'static str>,
    },
    Code {
        digits: u8,
    },
    Area {
        rows: u8,
        max: Option<u32>,
    },
    Select {
        options: Vec<(&'a str, &'a str)>,
    },
    File {
        accept: Option<&'a str>,
    },
}

impl<'a> Field<'a> {
    fn new(name: &'a str, label: &'a str, kind: Kind<'a>) -> Self {
        Field {
            name,
            label,
            kind,
            value: "",
            hint: None,
            errors: None,
            autocomplete: None,
            disabled: false,
            short: false,
        }
    }

    /// What stands in the field; after a refusal, what the person typed. Passwords and files are never filled.
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// One sentence that helps, read after the label.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The refusals of the form; the one about this field is shown here and spoken with it.
    pub fn errors(mut self, errors: &'a Errors<'a>) -> Self {
        self.errors = Some(errors);
        self
    }

    /// The purpose, in the words of HTML's `autocomplete`.
    pub fn autocomplete(mut self, purpose: &'a str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }

    /// Not editable now.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// As wide as what it takes.
    pub fn short(mut self) -> Self {
        self.short = true;
        self
    }

    /// Lines of a [`textarea`].
    pub fn rows(mut self, lines: u8) -> Self {
        if let Kind::Area { rows, .. } = &mut self.kind {
            *rows = lines;
        }
        self
    }

    /// Characters that a [`textarea`] takes at most.
    pub fn max(mut self, characters: u32) -> Self {
        if let Kind::Area { max, .. } = &mut self.kind {
            *max = Some(characters);
        }
        self
    }

    /// Value and label of each choice of a [`select`].
    pub fn options(mut self, choices: &[(&'a str, &'a str)]) -> Self {
        if let Kind::Select { options } = &mut self.kind {
            options.extend_from_slice(choices);
        }
        self
    }

    /// Media types that a [`file`] takes.
    pub fn accept(mut self, types: &'a str) -> Self {
        if let Kind::File { accept } = &mut self.kind {
            *accept = Some(types);
        }
        self
    }

    fn control(&self, described: Option<&str>, invalid: Option<&str>) -> Markup {
        let id = format!("f-{}", self.name);
        let (name, off, auto) = (self.name, self.disabled, self.autocomplete);
        match &self.kind {
            Kind::Input { kind, inputmode } => {
                let value = (*kind != "password").then_some(self.value);
                html! {
                    input type=(kind) id=(id) name=(name) value=[value] inputmode=[*inputmode] autocomplete=[auto]
                        aria-describedby=[described] aria-invalid=[invalid] disabled[off];
                }
            }
            Kind::Code { digits } => html! {
                input type="text" class="code" id=(id) name=(name) value=(self.value) inputmode="numeric"
                    maxlength=(digits) autocomplete=[auto] aria-describedby=[described] aria-invalid=[invalid]
                    disabled[off];
            },
            Kind::Area { rows, max } => html! {
                textarea id=(id) name=(name) rows=(rows) maxlength=[*max] autocomplete=[auto]
                    aria-describedby=[described] aria-invalid=[invalid] disabled[off] { (self.value) }
            },
            Kind::Select { options } => html! {
                select id=(id) name=(name) autocomplete=[auto] aria-describedby=[described] aria-invalid=[invalid]
                    disabled[off] {
                    @for (value, label) in options {
                        option value=(value) selected[*value == self.value] { (label) }
                    }
                }
            },
            Kind::File { accept } => html! {
                input type="file" id=(id) name=(name) accept=[*accept] aria-describedby=[described]
                    aria-invalid=[invalid] disabled[off];
            },
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let notes = Notes::new(self.name, self.hint, self.errors);
        html! {
            div class={ "field" (if self.short { " short" } else { "" }) (notes.class()) } {
                label for={ "f-" (self.name) } { (self.label) }
                (notes)
                (self.control(notes.described().as_deref(), notes.invalid()))
            }
        }
    }
}

/// The hint and the error of one field, and the attributes that tie them to its control.
struct Notes<'a> {
    name: &'a str,
    hint: Option<&'a str>,
    error: Option<(String, &'a str)>,
}

impl<'a> Notes<'a> {
    fn new(name: &'a str, hint: Option<&'a str>, errors: Option<&'a Errors<'a>>) -> Self {
        let error = errors.and_then(|errors| errors.of(name).map(|message| (errors.prefix(), message)));
        Notes { name, hint, error }
    }

    fn class(&self) -> &'static str {
        if self.error.is_some() { " invalid" } else { "" }
    }

    /// `aria-invalid`, only after a refusal.
    fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    /// `aria-describedby`: the hint, then the error.
    fn described(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("f-{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("f-{}-error", self.name));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }
}

impl Render for Notes<'_> {
    fn render(&self) -> Markup {
        html! {
            @if let Some(hint) = self.hint { p class="hint" id={ "f-" (self.name) "-hint" } { (hint) } }
            @if let Some((prefix, message)) = &self.error {
                p class="field-error" id={ "f-" (self.name) "-error" } { strong { (prefix) } (message) }
            }
        }
    }
}
