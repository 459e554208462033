//! The doors of the program: accessible components, sessions, permissions, form safety, live events and assets.
//!
//! A module gives the program a [`Module`]; its [`Routes`] say who may call each address. A handler takes an
//! [`Ask`] and gives an [`Answer`].

mod admit;
mod app;
mod ask;
mod assets;
mod body;
mod cookies;
mod extract;
mod failure;
mod limit;
mod module;
mod page;
mod routes;
pub mod sessions;
mod sse;
mod store;
pub mod tokens;
pub mod ui;

pub use app::{App, Plugs, Settings, Tiles};
pub use ask::{Ask, is_local};
pub use assets::asset;
pub use axum::{
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
pub use extract::{Form, Json, Multipart, Path, Query};
pub use failure::{Answer, Failure};
pub use limit::Limiter;
pub use maud::{Markup, html};
pub use module::{Module, module};
pub use page::{NavEntry, Navigation};
pub use routes::{Allow, Entry, Routes};
pub use sse::{Live, Message, live};
