use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, header},
};
use tower::ServiceExt;

use crate::{BASE_URL, Page};

/// Somebody with a browser: keeps cookies and sends the form token of the last page seen, as a person's browser would.
pub struct Person {
    router: Router,
    jar: Mutex<BTreeMap<String, String>>,
    csrf: Mutex<String>,
    at: Mutex<String>,
}

impl Person {
    /// Somebody with an empty jar of cookies before this program.
    pub fn new(router: Router) -> Person {
        Person {
            router,
            jar: Mutex::default(),
            csrf: Mutex::default(),
            at: Mutex::default(),
        }
    }

    /// Opens a page; does not follow redirects.
    pub async fn get(&self, path: &str) -> Page {
        self.send(
            Request::get(path)
                .body(Body::empty())
                .expect("a test's path is valid"),
        )
        .await
    }

    /// Opens a page and follows redirects to the page at the end.
    pub async fn open(&self, path: &str) -> Page {
        let mut page = self.get(path).await;
        for _ in 0..5 {
            let Some(next) = page.location().map(str::to_owned) else {
                return page;
            };
            page = self.get(&next).await;
        }
        panic!("{path} redirects for ever, last to {:?}", page.location())
    }

    /// Sends a form, with the token of this browser; does not follow redirects.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        if lock(&self.csrf).is_empty() {
            self.get("/preferences").await;
        }
        let csrf = lock(&self.csrf).clone();
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        self.post_as_is(path, &fields).await
    }

    /// Sends a form exactly as given, without adding the token.
    pub async fn post_as_is(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_html_form::to_string(fields).expect("pairs of text make a form");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, format!("{BASE_URL}{}", lock(&self.at)))
            .header(header::HOST, BASE_URL.trim_start_matches("http://"))
            .body(Body::from(body))
            .expect("a test's path is valid");
        self.send(request).await
    }

    /// Sends any request with this browser's cookies.
    pub async fn send(&self, mut request: Request<Body>) -> Page {
        let cookies: Vec<String> = lock(&self.jar)
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            let line = cookies.join("; ").parse().expect("cookies are ASCII");
            request.headers_mut().insert(header::COOKIE, line);
        }
        let (is_get, path) = (request.method() == "GET", request.uri().to_string());
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router does not fail");
        let (parts, body) = response.into_parts();
        self.take_cookies(&parts.headers);
        let body = to_bytes(body, 64 << 20).await.expect("the body ends");
        let page = Page::new(parts.status.as_u16(), parts.headers, body.to_vec());
        if let Some(token) = page.csrf() {
            *lock(&self.csrf) = token;
        }
        if is_get {
            *lock(&self.at) = path;
        }
        page
    }

    pub(crate) fn take_cookies(&self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("cookies are ASCII");
            let (name, rest) = line.split_once('=').expect("a cookie has a name");
            let value = rest.split(';').next().unwrap_or_default();
            let mut jar = lock(&self.jar);
            if line.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Throws a cookie away, as when a session ends.
    pub fn forget(&self, cookie: &str) {
        lock(&self.jar).remove(cookie);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
