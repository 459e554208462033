//! Entries: what a list of shops, therapists, services, bookings or orders is made of.

use maud::{Markup, Render, html};

use crate::ui::Picture;

/// A list of entries.
pub fn entries<'a>() -> Entries<'a> {
    Entries {
        id: None,
        level: 2,
        lead_first: false,
        entries: Vec::new(),
    }
}

/// A list of entries being described; it renders itself.
pub struct Entries<'a> {
    id: Option<&'a str>,
    level: u8,
    lead_first: bool,
    entries: Vec<Entry<'a>>,
}

impl<'a> Entries<'a> {
    /// The id by which a map or a partial update finds the list.
    pub fn id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// Level of the entries' headings: 2 (the default) to 4.
    pub fn level(mut self, level: u8) -> Self {
        assert!(
            (2..=4).contains(&level),
            "headings of entries stand below the page's own"
        );
        self.level = level;
        self
    }

    /// Shows the first entry large: the answer that most people take.
    pub fn lead_first(mut self) -> Self {
        self.lead_first = true;
        self
    }

    /// Adds an entry.
    pub fn entry(mut self, entry: Entry<'a>) -> Self {
        self.entries.push(entry);
        self
    }
}

impl Render for Entries<'_> {
    fn render(&self) -> Markup {
        html! {
            ul class="entries" role="list" id=[self.id] {
                @for (index, entry) in self.entries.iter().enumerate() {
                    (entry.item(self.level, self.lead_first && index == 0))
                }
            }
        }
    }
}

/// One entry being described.
#[derive(Clone)]
pub struct Entry<'a> {
    href: Option<&'a str>,
    title: &'a str,
    id: Option<&'a str>,
    alert: Option<&'a str>,
    when: Option<&'a str>,
    picture: Option<Picture<'a>>,
    badges: Vec<Markup>,
    lines: Vec<Markup>,
    end: Option<Markup>,
    place: Option<(f64, f64)>,
    actions: Vec<Markup>,
}

impl<'a> Entry<'a> {
    /// An entry that leads to `href`.
    pub fn new(href: &'a str, title: &'a str) -> Self {
        Entry {
            href: Some(href),
            ..Entry::text(title)
        }
    }

    /// An entry that leads nowhere.
    pub fn text(title: &'a str) -> Self {
        Entry {
            href: None,
            title,
            id: None,
            alert: None,
            when: None,
            picture: None,
            badges: Vec::new(),
            lines: Vec::new(),
            end: None,
            place: None,
            actions: Vec::new(),
        }
    }

    /// A unique id: partial updates and focus keep hold of the entry by it.
    pub fn id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// The alert that this entry is the lasting form of; pressing its buttons stops the repetition.
    pub fn alert(mut self, id: &'a str) -> Self {
        self.alert = Some(id);
        self
    }

    /// A time that leads the entry, set large ("15:00", "下午 3 点").
    pub fn when(mut self, time: &'a str) -> Self {
        self.when = Some(time);
        self
    }

    /// A picture beside the words.
    pub fn picture(mut self, picture: Picture<'a>) -> Self {
        self.picture = Some(picture);
        self
    }

    /// A state in a word.
    pub fn badge(mut self, badge: Markup) -> Self {
        self.badges.push(badge);
        self
    }

    /// A line of words.
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(html! { (line) });
        self
    }

    /// A line of markup.
    pub fn line_markup(mut self, line: Markup) -> Self {
        self.lines.push(line);
        self
    }

    /// The figure at the end, such as a price.
    pub fn end(mut self, end: Markup) -> Self {
        self.end = Some(end);
        self
    }

    /// Where it is, for the map beside the list: degrees of latitude and longitude, GCJ-02.
    pub fn place(mut self, lat: f64, lng: f64) -> Self {
        self.place = Some((lat, lng));
        self
    }

    /// A button about this entry.
    pub fn action(mut self, action: impl Render) -> Self {
        self.actions.push(action.render());
        self
    }

    fn item(&self, level: u8, lead: bool) -> Markup {
        let (lat, lng) = (self.place.map(|place| place.0), self.place.map(|place| place.1));
        html! {
            li class={ "entry" (if lead { " lead" } else { "" }) } id=[self.id] data-item data-alert=[self.alert]
                data-lat=[lat] data-lng=[lng] {
                @if let Some(when) = self.when { p class="when" { (when) } }
                div class="entry-words" {
                    (self.heading(level))
                    @if !self.badges.is_empty() { p class="badges" { @for badge in &self.badges { (badge) " " } } }
                    @for line in &self.lines { p { (line) } }
                    @if let Some(end) = &self.end { p class="entry-end" { (end) } }
                    @if !self.actions.is_empty() { div class="actions" { @for action in &self.actions { (action) } } }
                }
                @if let Some(picture) = &self.picture { (picture) }
            }
        }
    }

    fn heading(&self, level: u8) -> Markup {
        let words = html! {
            @if let Some(href) = self.href { a href=(href) { (self.title) } } @else { (self.title) }
        };
        match level {
            2 => html! { h2 class="entry-title" tabindex="-1" { (words) } },
            3 => html! { h3 class="entry-title" tabindex="-1" { (words) } },
            _ => html! { h4 class="entry-title" tabindex="-1" { (words) } },
        }
    }
}
