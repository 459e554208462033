//! What every page of one request shares: language, theme, text size, who is signed in.

use super::Icon;

/// Looks a word up by its key in the language of the request.
pub type Tr<'a> = dyn Fn(&str) -> String + Send + Sync + 'a;

/// The state of the request that the shell shows on every page.
pub struct Frame<'a> {
    /// BCP 47 tag of the page's language, such as `zh-CN`.
    pub lang: &'a str,
    /// Colours that this person chose.
    pub theme: Theme,
    /// Text size that this person chose.
    pub size: Size,
    /// Words in the page's language.
    pub t: &'a Tr<'a>,
    /// Token that this session's forms carry.
    pub csrf: &'a str,
    /// Turns a path below `assets/` into an address (with a hash where the server adds one).
    pub asset: &'a (dyn Fn(&str) -> String + Send + Sync),
    /// Entries of the main navigation, in reading order.
    pub nav: &'a [Nav<'a>],
    /// Name of the signed-in person, shown at the desk and the console.
    pub who: Option<&'a str>,
}

/// One entry of the main navigation.
#[derive(Debug, Clone)]
pub struct Nav<'a> {
    /// Address.
    pub href: &'a str,
    /// Visible name.
    pub label: &'a str,
    /// Drawn beside the name, silent for screen readers.
    pub icon: Icon,
    /// Whether the page belongs to this entry.
    pub current: bool,
    /// What waits there, in words ("2 个待确认").
    pub count: Option<&'a str>,
}

/// For whom a page is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// People in WeChat.
    Customer,
    /// The shop's staff.
    Desk,
    /// The centre's officers, and shops maintaining their data.
    Console,
}

impl Surface {
    /// The value of `data-surface` on the document.
    pub fn tag(self) -> &'static str {
        match self {
            Surface::Customer => "customer",
            Surface::Desk => "desk",
            Surface::Console => "console",
        }
    }

    /// The address at which the surface starts.
    pub fn root(self) -> &'static str {
        match self {
            Surface::Customer => "/",
            Surface::Desk => "/desk",
            Surface::Console => "/console",
        }
    }
}

/// Colours of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light or dark as the device asks.
    #[default]
    Auto,
    /// Ink on warm white.
    Light,
    /// Warm white on near black.
    Dark,
    /// Yellow on black.
    Contrast,
}

impl Theme {
    /// Every theme, in the order in which they are offered.
    pub const ALL: [Theme; 4] = [Theme::Auto, Theme::Light, Theme::Dark, Theme::Contrast];

    /// The value of `data-theme`, also stored and posted.
    pub fn tag(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    /// The theme of a stored or posted tag; `None` for anything else.
    pub fn from_tag(tag: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.tag() == tag)
    }
}

/// Text size in percent of the normal 18 px.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 100 %.
    #[default]
    Normal,
    /// 112 %.
    S112,
    /// 125 %.
    S125,
    /// 150 %.
    S150,
    /// 175 %.
    S175,
    /// 200 %.
    S200,
}

impl Size {
    /// Every size, smallest first.
    pub const ALL: [Size; 6] = [
        Size::Normal,
        Size::S112,
        Size::S125,
        Size::S150,
        Size::S175,
        Size::S200,
    ];

    /// The percentage: the value of `data-size`, also stored and posted.
    pub fn tag(self) -> &'static str {
        match self {
            Size::Normal => "100",
            Size::S112 => "112",
            Size::S125 => "125",
            Size::S150 => "150",
            Size::S175 => "175",
            Size::S200 => "200",
        }
    }

    /// The size of a stored or posted tag; `None` for anything else.
    pub fn from_tag(tag: &str) -> Option<Size> {
        Size::ALL.into_iter().find(|size| size.tag() == tag)
    }
}
