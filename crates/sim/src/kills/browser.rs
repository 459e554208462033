//! A browser as poor as can be: cookies, forms, no redirects by itself. Every connection may break at any moment.

use std::{collections::BTreeMap, time::Duration};

use ureq::Agent;

/// What came back.
pub(crate) struct Page {
    pub status: u16,
    /// Where it leads on to.
    pub location: Option<String>,
    pub body: String,
}

/// Why nothing came back: the program is dead, or died meanwhile.
#[derive(Debug)]
pub(crate) struct Broken;

pub(crate) type Reply = Result<Page, Broken>;

/// One person's browser.
pub(crate) struct Browser {
    agent: Agent,
    program: String,
    cookies: BTreeMap<String, String>,
    /// The `csrf` of this browser, once a page has told it.
    token: String,
}

impl Browser {
    /// `program` is the address, without a slash at the end.
    pub(crate) fn new(program: &str) -> Browser {
        Browser {
            agent: agent(Duration::from_secs(20)),
            program: program.to_owned(),
            cookies: BTreeMap::new(),
            token: String::new(),
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Reply {
        let request = self
            .agent
            .get(self.address(path))
            .header("cookie", self.cookie_line())
            .header("accept", "text/html")
            .header("accept-language", "zh-CN");
        let answer = request.call();
        self.read(answer)
    }

    /// The same for a program that reads JSON.
    pub(crate) fn get_json(&mut self, path: &str) -> Reply {
        let request = self
            .agent
            .get(self.address(path))
            .header("cookie", self.cookie_line())
            .header("accept", "application/json");
        let answer = request.call();
        self.read(answer)
    }

    /// Sends a form with this browser's token.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token.clone();
        let form = std::iter::once(("csrf", token.as_str())).chain(fields.iter().copied());
        let request = self
            .agent
            .post(self.address(path))
            .header("cookie", self.cookie_line())
            .header("accept", "text/html");
        let answer = request.send_form(form);
        self.read(answer)
    }

    /// Whether somebody is signed in here.
    pub(crate) fn has_session(&self) -> bool {
        self.cookies
            .iter()
            .any(|(name, value)| !value.is_empty() && (name.ends_with("customer") || name.ends_with("staff")))
    }

    fn address(&self, path: &str) -> String {
        match path.strip_prefix('/') {
            Some(_) => format!("{}{path}", self.program),
            None => path.to_owned(),
        }
    }

    fn cookie_line(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn read(&mut self, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Reply {
        let mut answer = answer.map_err(|_| Broken)?;
        // The body first: a cookie of an answer that broke off was never received.
        let body = answer.body_mut().read_to_string().map_err(|_| Broken)?;
        for line in answer.headers().get_all("set-cookie") {
            let pair = line.to_str().ok().and_then(|line| line.split(';').next());
            if let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(token) = hidden(&body, "csrf") {
            self.token = token;
        }
        let location = answer.headers().get("location").and_then(|to| to.to_str().ok());
        Ok(Page {
            status: answer.status().as_u16(),
            location: location.map(str::to_owned),
            body,
        })
    }
}

/// A client that follows nothing and takes every status for an answer.
pub(crate) fn agent(patience: Duration) -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // A kept connection to a program that was killed looks like a program that hangs up.
        .max_idle_connections(0)
        .timeout_global(Some(patience))
        .build()
        .new_agent()
}

/// The value of a form's hidden field, or of the meta element with that name.
pub(crate) fn hidden(html: &str, name: &str) -> Option<String> {
    let mark = format!("name=\"{name}\"");
    let (_, rest) = html.split_once(&mark)?;
    let element = rest.split('>').next()?;
    let value = element
        .split_once("value=\"")
        .or_else(|| element.split_once("content=\""))?
        .1;
    Some(
        value
            .split('"')
            .next()?
            .replace("&amp;", "&")
            .replace("&quot;", "\""),
    )
}

/// Everything that stands between `before` and `after`.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(after)?.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{between, hidden};

    #[test]
    fn fields_and_links_are_found() {
        let html = r#"<meta name="csrf" content="ab12"><input type="hidden" name="key" value="k&amp;1"><a href="/bookings/7">x</a>"#;
        assert_eq!(hidden(html, "csrf").as_deref(), Some("ab12"));
        assert_eq!(hidden(html, "key").as_deref(), Some("k&1"));
        assert_eq!(hidden(html, "other"), None);
        assert_eq!(between(html, "href=\"/bookings/", '"'), ["7"]);
    }
}
