//! Pictures. An alternative text is demanded; a picture without meaning says so by [`Picture::decorative`].

use maud::{Markup, Render, html};

/// A picture being described; it renders itself.
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    src: &'a str,
    alt: &'a str,
    width: u32,
    height: u32,
    look: &'static str,
    eager: bool,
}

impl<'a> Picture<'a> {
    /// A photograph or drawing and what it shows.
    pub fn new(src: &'a str, alt: &'a str) -> Self {
        Picture {
            src,
            alt,
            width: 640,
            height: 480,
            look: "scene",
            eager: false,
        }
    }

    /// A person.
    pub fn portrait(src: &'a str, alt: &'a str) -> Self {
        Picture {
            look: "portrait",
            width: 480,
            height: 480,
            ..Picture::new(src, alt)
        }
    }

    /// A picture that adds nothing to the words beside it; screen readers pass over it.
    pub fn decorative(src: &'a str) -> Self {
        Picture::new(src, "")
    }

    /// Pixels of the file, which keep the page from jumping while it loads.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Loaded at once: for the one picture that people see first.
    pub fn eager(mut self) -> Self {
        self.eager = true;
        self
    }
}

impl Render for Picture<'_> {
    fn render(&self) -> Markup {
        html! {
            img class={ "picture " (self.look) } src=(self.src) alt=(self.alt) width=(self.width) height=(self.height)
                loading=[(!self.eager).then_some("lazy")] decoding="async";
        }
    }
}
