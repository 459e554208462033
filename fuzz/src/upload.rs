//! A picture that somebody sends: the form around it, and the picture itself.

use std::sync::OnceLock;

use axum::{
    body::Body,
    extract::{FromRequest as _, Multipart},
};
use http::Request;
use shop::Picture;
use tokio::runtime::{Builder, Runtime};

/// The longer side of a stored picture, in pixels.
const LONGEST: i64 = 1280;

/// The body of a form whose parts are divided by `XX`; every part named `photo` is read as a picture.
pub(crate) fn upload(input: &[u8]) {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| Builder::new_current_thread().build().expect("a runtime"));
    for file in runtime.block_on(photos(input.to_vec())) {
        if let Ok(picture) = Picture::read(&file) {
            assert!(picture.width <= LONGEST && picture.height <= LONGEST);
            let again = Picture::read(&picture.jpeg).expect("what was written can be read");
            assert_eq!((again.width, again.height), (picture.width, picture.height));
        }
    }
}

async fn photos(body: Vec<u8>) -> Vec<Vec<u8>> {
    let request = Request::post("/")
        .header("content-type", "multipart/form-data; boundary=XX")
        .body(Body::from(body))
        .expect("a request");
    let mut files = Vec::new();
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return files;
    };
    while let Ok(Some(part)) = form.next_field().await {
        let wanted = part.name() == Some("photo");
        match part.bytes().await {
            Ok(bytes) if wanted => files.push(bytes.to_vec()),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    files
}
