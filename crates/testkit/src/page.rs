use axum::http::{HeaderMap, header};

/// An answer of the program.
#[derive(Debug)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Page {
    pub(crate) fn new(status: u16, headers: HeaderMap, body: Vec<u8>) -> Page {
        Page {
            status,
            headers,
            body,
        }
    }

    /// The body as text.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it redirects to.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION)?.to_str().ok()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the answer is JSON")
    }

    /// The form token of the page, if it has one.
    pub fn csrf(&self) -> Option<String> {
        let html = self.html();
        let at = html.find("name=\"csrf\"")?;
        let rest = &html[at..];
        let (_, after) = rest
            .split_once("content=\"")
            .filter(|(head, _)| !head.contains('>'))
            .or_else(|| {
                rest.split_once("value=\"")
                    .filter(|(head, _)| !head.contains('>'))
            })?;
        after.split('"').next().map(str::to_owned)
    }

    /// The words of the page's `main`, one element a line: what a reader hears, without names of roles.
    pub fn text(&self) -> String {
        let html = self.html();
        let main = html.split_once("<main").map_or(html.as_str(), |(_, rest)| rest);
        let main = main.split_once("</main>").map_or(main, |(inner, _)| inner);
        let main = main.split_once('>').map_or(main, |(_, rest)| rest);
        strip(main)
    }

    /// The value of the first attribute `name` that stands after `anchor` in the page: for picking links and hidden fields.
    pub fn attribute_after(&self, anchor: &str, name: &str) -> Option<String> {
        let html = self.html();
        let (_, rest) = html.split_once(anchor)?;
        let (_, rest) = rest.split_once(&format!("{name}=\""))?;
        rest.split('"').next().map(unescape)
    }

    /// All values of the attribute `name` that begin with `prefix`.
    pub fn attributes(&self, name: &str, prefix: &str) -> Vec<String> {
        let html = self.html();
        html.split(&format!("{name}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|value| value.starts_with(prefix))
            .map(unescape)
            .collect()
    }
}

/// Text without tags; scripts and drawings are silent.
fn strip(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        push_line(&mut out, before);
        let silent = ["script", "svg", "style"]
            .iter()
            .find(|tag| after.starts_with(**tag));
        rest = match silent {
            Some(tag) => after
                .split_once(&format!("</{tag}>"))
                .map_or("", |(_, rest)| rest),
            None => after.split_once('>').map_or("", |(_, rest)| rest),
        };
    }
    push_line(&mut out, rest);
    out
}

fn push_line(out: &mut String, text: &str) {
    let text = unescape(text.trim());
    if !text.is_empty() {
        out.push_str(&text);
        out.push('\n');
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
