//! Buttons and links that look like buttons. A name holds its object: "确认 张女士 下午三点".

use maud::{Markup, Render, html};

use super::{Frame, Icon};

/// The submit button of the form around it (or of the form named by [`Button::form`]).
pub fn submit(label: &str) -> Button<'_> {
    Button::new(Kind::Submit, label)
}

/// A link that stands where an action is expected.
pub fn link<'a>(href: &'a str, label: &'a str) -> Button<'a> {
    Button::new(Kind::Link(href), label)
}

/// A form of its own with one button, for a step that needs no further input.
pub fn post<'a>(frame: &Frame<'a>, action: &'a str, label: &'a str) -> Button<'a> {
    Button::new(
        Kind::Post {
            action,
            csrf: frame.csrf,
        },
        label,
    )
}

/// Opens the page on which something is done (move, call off): a button, because it is a verb, and because ears find the
/// buttons of a page faster than the links among all others. `path` has no query.
pub fn open<'a>(path: &'a str, label: &'a str) -> Button<'a> {
    Button::new(Kind::Open(path), label)
}

/// Dials `number` with one tap: `label` is the verb, `whom` the object.
pub fn dial<'a>(number: &'a str, label: &'a str, whom: &'a str) -> Button<'a> {
    Button::new(Kind::Dial(number), label)
        .about(whom)
        .icon(Icon::Phone)
}

/// A button that only a script answers. Pair it with [`Button::script_only`] unless the script is certain.
pub fn plain(label: &str) -> Button<'_> {
    Button::new(Kind::Plain, label)
}

/// A button being described; it renders itself.
#[derive(Debug, Clone)]
pub struct Button<'a> {
    kind: Kind<'a>,
    label: &'a str,
    about: Option<&'a str>,
    about_hidden: bool,
    look: &'static str,
    large: bool,
    icon: Option<Icon>,
    form: Option<&'a str>,
    name_value: Option<(&'a str, &'a str)>,
    fields: Vec<(&'a str, &'a str)>,
    morph: Option<&'a str>,
    script_only: bool,
    scan: Option<&'a str>,
    id: Option<&'a str>,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    Submit,
    Plain,
    Link(&'a str),
    Open(&'a str),
    Dial(&'a str),
    Post { action: &'a str, csrf: &'a str },
}

impl<'a> Button<'a> {
    fn new(kind: Kind<'a>, label: &'a str) -> Self {
        Button {
            kind,
            label,
            about: None,
            about_hidden: false,
            look: "primary",
            large: false,
            icon: None,
            form: None,
            name_value: None,
            fields: Vec::new(),
            morph: None,
            script_only: false,
            scan: None,
            id: None,
        }
    }

    /// What the verb acts on, shown and spoken after it.
    pub fn about(mut self, object: &'a str) -> Self {
        self.about = Some(object);
        self
    }

    /// What the verb acts on, spoken only; for lists where the eye sees it beside the button.
    pub fn about_hidden(mut self, object: &'a str) -> Self {
        self.about_hidden = true;
        self.about(object)
    }

    /// A second choice: outlined.
    pub fn secondary(mut self) -> Self {
        self.look = "secondary";
        self
    }

    /// Takes something away.
    pub fn danger(mut self) -> Self {
        self.look = "danger";
        self
    }

    /// Looks like a link, keeps the size of a target.
    pub fn quiet(mut self) -> Self {
        self.look = "quiet";
        self
    }

    /// Full width and taller.
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }

    /// A silent drawing before the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The id of the form that a submit button outside it belongs to.
    pub fn form(mut self, id: &'a str) -> Self {
        self.form = Some(id);
        self
    }

    /// The id of the element itself.
    pub fn id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// What the form receives when this of several submit buttons is pressed.
    pub fn name_value(mut self, name: &'a str, value: &'a str) -> Self {
        self.name_value = Some((name, value));
        self
    }

    /// A hidden input of a [`post`] form.
    pub fn field(mut self, name: &'a str, value: &'a str) -> Self {
        self.fields.push((name, value));
        self
    }

    /// With scripts, the answer replaces only the element `selector` and focus stays; without, the page loads.
    pub fn morph(mut self, selector: &'a str) -> Self {
        self.morph = Some(selector);
        self
    }

    /// Hidden until a script that can answer it shows it.
    pub fn script_only(mut self) -> Self {
        self.script_only = true;
        self
    }

    /// WeChat's scanner reads a QR code into the input with this id; implies [`Button::script_only`].
    pub fn scan(mut self, input_id: &'a str) -> Self {
        self.scan = Some(input_id);
        self.script_only()
    }

    fn class(&self) -> String {
        format!("button {}{}", self.look, if self.large { " large" } else { "" })
    }

    fn words(&self) -> Markup {
        html! {
            @if let Some(icon) = self.icon { (icon) }
            span {
                (self.label)
                @if let Some(object) = self.about {
                    " " @if self.about_hidden { span class="vh" { (object) } } @else { (object) }
                }
            }
        }
    }

    fn control(&self, kind: &'static str) -> Markup {
        let name = self.name_value.map(|(name, _)| name);
        let value = self.name_value.map(|(_, value)| value);
        html! {
            button type=(kind) id=[self.id] class=(self.class()) form=[self.form] name=[name] value=[value]
                hidden[self.script_only] data-wx-scan=[self.scan] { (self.words()) }
        }
    }
}

impl Render for Button<'_> {
    fn render(&self) -> Markup {
        match self.kind {
            Kind::Submit => self.control("submit"),
            Kind::Plain => self.control("button"),
            Kind::Link(href) => html! { a id=[self.id] class=(self.class()) href=(href) { (self.words()) } },
            Kind::Open(path) => html! {
                form class="button-form" method="get" action=(path) { (self.control("submit")) }
            },
            Kind::Dial(number) => {
                html! { a id=[self.id] class=(self.class()) href={ "tel:" (number) } { (self.words()) } }
            }
            Kind::Post { action, csrf } => html! {
                form class="button-form" method="post" action=(action) hx-post=[self.morph.map(|_| action)]
                    hx-target=[self.morph] hx-select=[self.morph] hx-swap=[self.morph.map(|_| "morph:outerHTML")] {
                    input type="hidden" name="csrf" value=(csrf);
                    @for (name, value) in &self.fields { input type="hidden" name=(name) value=(value); }
                    (self.control("submit"))
                }
            },
        }
    }
}
