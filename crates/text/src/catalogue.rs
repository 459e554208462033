//! Fluent catalogues, checked whole when they are built and cheap to ask.

mod build;
mod fault;
mod uses;

pub use build::TextsBuilder;
pub use fault::{CatalogueErrors, Fault};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Lang;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

/// Every sentence of the product in every language. Shared by all threads.
///
/// A key that does not exist is a mistake in the program: the key itself is shown, the mistake is logged and
/// remembered in [`Texts::missing`], so that tests can assert that nothing was missing.
pub struct Texts {
    zh: Catalogue,
    en: Catalogue,
    missing: Mutex<BTreeSet<String>>,
}

/// The values of a message's variables; made by [`args!`](crate::args).
#[derive(Clone, Debug, Default)]
pub struct Args<'a>(Vec<(&'static str, Value<'a>)>);

/// A value for a variable.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Words, put in as they are.
    Text(Cow<'a, str>),
    /// A whole number, put in without grouping; selects plural forms.
    Whole(i64),
    /// A number with a fraction, in its shortest decimal form.
    Real(f64),
}

/// The values for [`Texts::say`]: `args![name => "张女士", minutes => 60]`.
#[macro_export]
macro_rules! args {
    () => { $crate::Args::default() };
    ($($name:ident => $value:expr),+ $(,)?) => {
        $crate::Args::from_iter([$((stringify!($name), $crate::Value::from($value))),+])
    };
}

impl Texts {
    /// Begins a catalogue; every module adds its two sources.
    pub fn builder() -> TextsBuilder {
        TextsBuilder::default()
    }

    /// A message without variables, such as a label. Attributes are asked as `key.attribute`.
    ///
    /// An unknown key comes back itself; so does the key of a message that needs variables.
    pub fn label<'a>(&'a self, lang: Lang, key: &'a str) -> &'a str {
        match self.catalogue(lang).entries.get(key) {
            Some(Entry::Plain(text)) => text,
            Some(_) => self.note(lang, key, "variables needed"),
            None => self.note(lang, key, "no such text"),
        }
    }

    /// A message with its variables filled in. A variable that is not given stays visible as `{$name}`.
    pub fn say(&self, lang: Lang, key: &str, args: &Args) -> String {
        self.say_cow(lang, key, args).into_owned()
    }

    /// Like [`Texts::say`], without a copy when the message has no variables.
    pub fn say_cow<'a>(&'a self, lang: Lang, key: &'a str, args: &Args) -> Cow<'a, str> {
        let catalogue = self.catalogue(lang);
        match catalogue.entries.get(key) {
            Some(Entry::Plain(text)) => Cow::Borrowed(text),
            Some(Entry::Parts(parts)) => Cow::Owned(self.fill(lang, key, parts, args)),
            Some(Entry::Fluent) => {
                let (text, faults) = catalogue.format(key, &args.for_fluent());
                for fault in faults {
                    self.note(lang, key, &fault);
                }
                Cow::Owned(text)
            }
            None => Cow::Borrowed(self.note(lang, key, "no such text")),
        }
    }

    /// Whether there is such a text.
    pub fn has(&self, key: &str) -> bool {
        self.zh.entries.contains_key(key)
    }

    /// All keys, attributes as `key.attribute`, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.zh.entries.keys().map(|key| &**key)
    }

    /// What was asked and could not be answered, as `language key: reason`, each once.
    pub fn missing(&self) -> Vec<String> {
        self.missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    fn catalogue(&self, lang: Lang) -> &Catalogue {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    fn fill(&self, lang: Lang, key: &str, parts: &[Part], args: &Args) -> String {
        let mut text = String::with_capacity(64);
        for part in parts {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Variable(name) => match args.get(name) {
                    Some(value) => write!(text, "{value}").expect("writing to a string cannot fail"),
                    None => {
                        self.note(lang, key, &format!("variable {name} not given"));
                        write!(text, "{{${name}}}").expect("writing to a string cannot fail");
                    }
                },
            }
        }
        text
    }

    fn note<'a>(&self, lang: Lang, key: &'a str, reason: &str) -> &'a str {
        let note = format!("{} {key}: {reason}", lang.tag());
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        // Bounded, lest keys made from input fill the memory.
        if missing.len() < 1000 && missing.insert(note) {
            tracing::error!(lang = lang.tag(), key, reason, "a text is missing");
        }
        key
    }
}

/// One language.
struct Catalogue {
    entries: HashMap<Box<str>, Entry>,
    bundle: FluentBundle<FluentResource>,
}

/// A message, in the cheapest form that says the same.
enum Entry {
    Plain(Box<str>),
    Parts(Box<[Part]>),
    /// Selectors, functions, references: left to Fluent.
    Fluent,
}

enum Part {
    Text(Box<str>),
    Variable(Box<str>),
}

impl Catalogue {
    /// The text and what went wrong in making it.
    fn format(&self, key: &str, args: &FluentArgs) -> (String, Vec<String>) {
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let pattern = self.bundle.get_message(id).and_then(|message| match attribute {
            Some(name) => Some(message.get_attribute(name)?.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else {
            return (key.to_owned(), vec!["no such text".to_owned()]);
        };
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned();
        (text, errors.iter().map(ToString::to_string).collect())
    }
}

impl<'a> Args<'a> {
    fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    fn for_fluent(&self) -> FluentArgs<'_> {
        self.0
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Text(text) => FluentValue::from(text.as_ref()),
                    Value::Whole(number) => FluentValue::from(*number),
                    Value::Real(number) => FluentValue::from(*number),
                };
                (*name, value)
            })
            .collect()
    }
}

impl<'a> FromIterator<(&'static str, Value<'a>)> for Args<'a> {
    fn from_iter<I: IntoIterator<Item = (&'static str, Value<'a>)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Whole(number) => write!(f, "{number}"),
            Value::Real(number) => write!(f, "{number}"),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Value::Text(text)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Value::Real(number)
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),+) => {$(
        impl From<$kind> for Value<'_> {
            fn from(number: $kind) -> Self {
                Value::Whole(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )+};
}
whole_numbers!(i8, u8, i16, u16, i32, u32, i64, u64, usize);

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: &str = "\
-brand = 推拿
shop-open = 营业中
    .hint = 现在可以到店
shop-welcome = 欢迎来到{ -brand }
shop-free = { $name }，{ $minutes } 分钟
shop-lines =
    第一行
    第二行
shop-count = { $count ->
    [0] 没有空位
   *[other] 有 { $count } 个空位
}
shop-both = { shop-open }：{ shop-free }
";
    const EN: &str = "\
-brand = Tuina
shop-open = Open
    .hint = Come in now
shop-welcome = Welcome to { -brand }
shop-free = { $name }, { $minutes } min
shop-lines =
    first line
    second line
shop-count = { $count ->
    [one] one free place
   *[other] { $count } free places
}
shop-both = { shop-open }: { shop-free }
";

    fn texts() -> Texts {
        Texts::builder()
            .add(Lang::Zh, ZH)
            .add(Lang::En, EN)
            .build()
            .unwrap()
    }

    #[test]
    fn labels_and_attributes_and_terms() {
        let texts = texts();
        assert_eq!(texts.label(Lang::Zh, "shop-open"), "营业中");
        assert_eq!(texts.label(Lang::En, "shop-open.hint"), "Come in now");
        assert_eq!(texts.label(Lang::Zh, "shop-welcome"), "欢迎来到推拿");
        assert_eq!(texts.label(Lang::En, "shop-lines"), "first line\nsecond line");
        assert!(matches!(
            texts.say_cow(Lang::Zh, "shop-open", &args![]),
            Cow::Borrowed("营业中")
        ));
        assert_eq!(texts.missing(), Vec::<String>::new());
    }

    #[test]
    fn variables_are_filled_without_isolation_marks() {
        let texts = texts();
        let args = args![name => "张女士", minutes => 60];
        assert_eq!(texts.say(Lang::Zh, "shop-free", &args), "张女士，60 分钟");
        assert_eq!(texts.say(Lang::En, "shop-both", &args), "Open: 张女士, 60 min");
        assert_eq!(
            texts.say(
                Lang::Zh,
                "shop-free",
                &args![name => "1", minutes => 12_345_678u64]
            ),
            "1，12345678 分钟"
        );
        assert_eq!(texts.missing(), Vec::<String>::new());
    }

    #[test]
    fn plurals_follow_the_language() {
        let texts = texts();
        let say = |lang, count: usize| texts.say(lang, "shop-count", &args![count => count]);
        assert_eq!([say(Lang::Zh, 0), say(Lang::Zh, 1)], ["没有空位", "有 1 个空位"]);
        assert_eq!(
            [say(Lang::En, 1), say(Lang::En, 2)],
            ["one free place", "2 free places"]
        );
    }

    #[test]
    fn what_is_missing_is_shown_and_remembered() {
        let texts = texts();
        assert_eq!(texts.label(Lang::Zh, "shop-nothing"), "shop-nothing");
        assert_eq!(texts.label(Lang::En, "shop-free"), "shop-free");
        assert_eq!(
            texts.say(Lang::Zh, "shop-free", &args![name => "张"]),
            "张，{$minutes} 分钟"
        );
        texts.say(Lang::En, "shop-count", &args![]);
        let missing = texts.missing();
        assert_eq!(missing.len(), 4, "{missing:?}");
        assert!(
            missing.contains(&"zh-CN shop-free: variable minutes not given".to_owned()),
            "{missing:?}"
        );
    }

    #[test]
    fn can_be_shared_by_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&texts());
    }
}
