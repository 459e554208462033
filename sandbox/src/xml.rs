//! The little XML that the message push speaks: elements, CDATA and the five entities. Nothing else is XML here,
//! so a document type or a processing instruction in a reply is an error, as it is with WeChat.

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Tag.
    pub name: String,
    /// Text directly inside.
    pub text: String,
    /// Elements inside.
    pub children: Vec<Element>,
}

impl Element {
    /// The only element of `source`; `None` when it is not well formed or nested deeper than 8.
    pub fn parse(source: &str) -> Option<Self> {
        let mut reader = Reader { rest: source.trim() };
        let element = reader.element(0)?;
        reader.rest.trim().is_empty().then_some(element)
    }

    /// The first child called `name`.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child called `name`.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }
}

/// `<xml>` with the fields in order. Numbers stand bare and words in CDATA, as WeChat writes them.
pub fn document(fields: &[(&str, Field)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| value.write(name)).collect();
    format!("<xml>{}</xml>", fields.join(""))
}

/// One value of a pushed message.
#[derive(Clone, Debug)]
pub enum Field {
    /// Written in CDATA.
    Words(String),
    /// Written bare.
    Number(String),
    /// Elements inside.
    Inside(Vec<(String, Field)>),
}

impl Field {
    /// Elements inside, by their names.
    pub fn inside(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        let owned = fields.into_iter().map(|(name, field)| (name.to_owned(), field));
        Self::Inside(owned.collect())
    }

    /// Words.
    pub fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    /// A number.
    pub fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    fn write(&self, name: &str) -> String {
        match self {
            Self::Words(words) => format!(
                "<{name}><![CDATA[{}]]></{name}>",
                words.replace("]]>", "]]]]><![CDATA[>")
            ),
            Self::Number(number) => format!("<{name}>{number}</{name}>"),
            Self::Inside(fields) => {
                let inside: Vec<String> = fields.iter().map(|(name, value)| value.write(name)).collect();
                format!("<{name}>{}</{name}>", inside.join(""))
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn element(&mut self, depth: usize) -> Option<Element> {
        if depth > 8 {
            return None;
        }
        let tag = self.take_until("<", ">")?;
        if let Some(name) = tag.strip_suffix('/') {
            return Some(Element {
                name: name.trim().to_owned(),
                ..Element::default()
            });
        }
        let name = tag
            .split_whitespace()
            .next()
            .filter(|name| name.chars().all(char::is_alphanumeric))?;
        let mut element = Element {
            name: name.to_owned(),
            ..Element::default()
        };
        loop {
            if self.rest.starts_with("<![CDATA[") {
                element.text.push_str(self.take_until("<![CDATA[", "]]>")?);
            } else if self.rest.starts_with("</") {
                return (self.take_until("</", ">")?.trim() == name).then_some(element);
            } else if self.rest.starts_with('<') {
                element.children.push(self.element(depth + 1)?);
            } else {
                let end = self.rest.find('<')?;
                element.text.push_str(&unescape(&self.rest[..end])?);
                self.rest = &self.rest[end..];
            }
        }
    }

    fn take_until(&mut self, start: &str, end: &str) -> Option<&'a str> {
        let inside = self.rest.strip_prefix(start)?;
        let (taken, rest) = inside.split_once(end)?;
        self.rest = rest;
        Some(taken)
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        out.push(match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
        });
        out.push_str(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let source = document(&[
            ("A", Field::Words("你好 ]]> <b>&amp;".into())),
            ("B", Field::Number("42".into())),
        ]);
        let element = Element::parse(&source).unwrap();
        assert_eq!(element.text_of("A"), Some("你好 ]]> <b>&amp;"));
        assert_eq!(element.text_of("B"), Some("42"));
    }

    #[test]
    fn nested_articles_and_entities_are_read() {
        let element = Element::parse("<xml><L><item><T>a &lt; b &#33;</T></item><item/></L></xml>").unwrap();
        let list = element.child("L").unwrap();
        assert_eq!(list.children.len(), 2);
        assert_eq!(list.children[0].text_of("T"), Some("a < b !"));
    }

    #[test]
    fn hostile_documents_are_refused() {
        for source in [
            "",
            "success",
            "<xml>",
            "<a></b>",
            "<!DOCTYPE a><a></a>",
            "<a>&x;</a>",
            "<a></a><b></b>",
            &"<a>".repeat(50),
        ] {
            assert_eq!(Element::parse(source), None, "{source}");
        }
    }
}
