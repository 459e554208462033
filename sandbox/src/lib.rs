//! The local WeChat: the other side of every conversation that a program has with WeChat.
//!
//! One listener stands for `api.weixin.qq.com`, `open.weixin.qq.com` and `api.mch.weixin.qq.com` (their
//! paths never meet), and serves a phone in the browser on which a person follows the official account,
//! talks, opens its pages and pays. Nothing here is shared with a WeChat client: signatures, ciphers and
//! XML are written again, so that a mistake on one side meets a different mind on the other.
//!
//! It is a tool for development and tests, listens on the loopback address, and keeps its state in memory.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let config = sandbox::Config::local("local-wechat");
//! let credentials = sandbox::prepare(&config)?;
//! println!("appid {}", credentials.app_id);
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8701").await?;
//! sandbox::serve(config, listener).await?;
//! # Ok(())
//! # }
//! ```

mod certificate;
mod clock;
mod config;
mod control;
mod crypto;
mod fault;
mod keys;
mod message;
mod oa;
mod pay;
mod person;
mod phone;
mod place;
mod push;
mod state;
#[cfg(test)]
mod tests;
mod traffic;
mod xml;

pub use config::{
    Config, Credentials, Error, KeyMode, MerchantCredentials, MerchantSetup, PersonCredentials,
    PlatformCredentials, Role, Template,
};
pub use keys::prepare;

use std::sync::Arc;

/// Serves the local WeChat on `listener` until the future is dropped.
///
/// # Errors
/// [`Error`] when the keys cannot be read or made, or the listener fails.
pub async fn serve(config: Config, listener: tokio::net::TcpListener) -> Result<(), Error> {
    let sandbox = tokio::task::spawn_blocking(move || state::Sandbox::open(config))
        .await
        .expect("opening the sandbox does not panic")?;
    // The official account asks whence a call comes.
    let door = router(Arc::new(sandbox)).into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, door).await.map_err(Error::Listener)
}

fn router(sandbox: Arc<state::Sandbox>) -> axum::Router {
    axum::Router::new()
        .merge(oa::routes(&sandbox))
        .merge(pay::routes(&sandbox))
        .merge(phone::routes())
        .merge(control::routes())
        .with_state(sandbox)
}
