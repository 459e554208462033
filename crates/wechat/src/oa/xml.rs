//! A small reader for the XML of pushes. It refuses what pushes never hold and attackers like: document
//! types, entities, processing instructions, deep nesting, great length.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

/// The longest push that is read, in bytes. Text messages have at most 2 KB; the rest is for mass results.
const MAX_BYTES: usize = 256 * 1024;
const MAX_DEPTH: usize = 8;
const MAX_NODES: usize = 4096;

/// An element: either with text or with children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

/// Why a text is not accepted as XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Longer, deeper or with more elements than any push.
    #[error("the XML is larger than a push can be")]
    TooLarge,
    /// A document type, an entity or a processing instruction.
    #[error("the XML holds a construct that pushes never use")]
    Forbidden,
    /// Not well-formed, or not UTF-8.
    #[error("the XML is not well-formed")]
    Malformed,
}

impl Node {
    /// The text of the first child with this name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|node| node.text.as_str())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|node| node.name == name)
    }
}

/// Wraps a text as CDATA, split where it contains the end mark.
pub(super) fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Reads one document and returns its root.
pub(super) fn parse(bytes: &[u8]) -> Result<Node, XmlError> {
    if bytes.len() > MAX_BYTES {
        return Err(XmlError::TooLarge);
    }
    let text = str::from_utf8(bytes).map_err(|_| XmlError::Malformed)?;
    let mut reader = Reader::from_str(text);
    let mut tree = Tree::default();
    loop {
        match reader.read_event().map_err(|_| XmlError::Malformed)? {
            Event::Start(start) => {
                plain(&start)?;
                tree.open(start.name().as_ref())?;
            }
            Event::Empty(start) => {
                plain(&start)?;
                tree.open(start.name().as_ref())?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.text(character(&reference)?.encode_utf8(&mut [0; 4]))?,
            Event::Comment(_) | Event::Decl(_) => {}
            Event::PI(_) | Event::DocType(_) => return Err(XmlError::Forbidden),
            Event::Eof => return tree.finish(),
        }
    }
}

/// Pushes have no attributes.
fn plain(start: &quick_xml::events::BytesStart<'_>) -> Result<(), XmlError> {
    if start.attributes_raw().trim().is_empty() {
        Ok(())
    } else {
        Err(XmlError::Forbidden)
    }
}

/// A character reference, or one of the five entities that every XML has. Nothing is ever expanded.
fn character(reference: &BytesRef<'_>) -> Result<char, XmlError> {
    if reference.is_char_ref() {
        return reference
            .resolve_char_ref()
            .ok()
            .flatten()
            .ok_or(XmlError::Malformed);
    }
    match &*reference.xml10_content() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(XmlError::Forbidden),
    }
}

#[derive(Default)]
struct Tree {
    open: Vec<Node>,
    root: Option<Node>,
    nodes: usize,
}

impl Tree {
    fn open(&mut self, name: &str) -> Result<(), XmlError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES || self.open.len() >= MAX_DEPTH {
            return Err(XmlError::TooLarge);
        }
        if self.root.is_some() {
            return Err(XmlError::Malformed);
        }
        self.open.push(Node {
            name: name.to_owned(),
            ..Node::default()
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), XmlError> {
        let mut node = self.open.pop().ok_or(XmlError::Malformed)?;
        if !node.children.is_empty() {
            // Line breaks between children are not contents.
            node.text.clear();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(node) => node.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(XmlError::Malformed),
        }
        Ok(())
    }

    fn finish(self) -> Result<Node, XmlError> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(XmlError::Malformed),
        }
    }
}
