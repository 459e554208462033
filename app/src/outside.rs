//! The things outside the program, as configured: WeChat, the voice. The same code talks to the real ones and to the
//! sandbox; only addresses and keys differ.

use std::{path::Path, sync::Arc};

use alert::OfficialAccount;
use anyhow::{Context, Result, anyhow, bail};
use db::Db;
use identity::Tokens;
use integration::{Guard, Post};
use payment::WeChatPay;
use web::Plugs;
use wechat::{
    Endpoints, HttpTransport, Secret, Transport,
    oa::{Account, Callback, Credentials, MessageCrypto, Mode as CallbackMode},
    pay::{ApiV3Key, Merchant, Mode, Pay, PlatformKeys},
};

use crate::config::{self, Config};

/// What the modules need from outside.
pub struct Outside {
    pub official: Arc<OfficialAccount>,
    pub pay: Arc<WeChatPay>,
    pub post: Arc<Post>,
    tokens: Tokens,
    espeak: String,
}

impl Outside {
    /// Makes the clients. Nothing is asked of WeChat yet.
    pub fn connect(config: &Config) -> Result<Outside> {
        let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new());
        let endpoints = Endpoints {
            api: config.wechat.api.clone(),
            open: config.wechat.open.clone(),
            pay: config.wechat.pay_api.clone(),
        };
        let credentials = Credentials {
            appid: config.wechat.app_id.clone(),
            secret: Secret::new(config.wechat.app_secret.reveal().clone()),
        };
        let tokens = Tokens::default();
        let account = Account::new(
            credentials,
            endpoints.clone(),
            transport.clone(),
            Arc::new(tokens.clone()),
        );
        let official = OfficialAccount {
            account: Arc::new(account),
            callback: callback(&config.wechat)?,
            templates: config.wechat.templates.clone().into_iter().collect(),
            base_url: config.server.base_url.trim_end_matches('/').to_owned(),
        };
        Ok(Outside {
            official: Arc::new(official),
            pay: Arc::new(pay(config, &endpoints, transport)?),
            post: Arc::new(Post::new(Guard {
                loopback: config.webhooks.loopback,
            })),
            tokens,
            espeak: config.speech.espeak.clone(),
        })
    }

    /// The things that handlers ask for by their type. From now on the account keeps its tokens in the database.
    pub fn plugs(&self, db: &Db) -> Result<Plugs> {
        self.tokens.keep_in(db);
        let speech: Arc<dyn telecom::Speech> = Arc::new(telecom::EspeakNg::new(&self.espeak));
        crate::modules::plugs(self, db, speech)
    }
}

fn callback(wechat: &config::WeChat) -> Result<Callback> {
    let crypto = MessageCrypto::new(wechat.encoding_aes_key.reveal(), &wechat.app_id)
        .map_err(|error| anyhow!("[wechat] encoding_aes_key: {error}"))?;
    let token = Secret::new(wechat.callback_token.reveal().clone());
    Ok(Callback::encrypted(token, CallbackMode::Safe, crypto))
}

fn pay(config: &Config, endpoints: &Endpoints, transport: Arc<dyn Transport>) -> Result<WeChatPay> {
    let pay = &config.pay;
    if pay.sp_mchid.is_empty() {
        bail!("[pay] sp_mchid is missing: nobody could pay; `tuina doctor` says what else is");
    }
    let mode = Mode::Partner {
        sp_mchid: pay.sp_mchid.clone(),
        sp_appid: config.wechat.app_id.clone(),
    };
    let key = ApiV3Key::new(pay.api_v3_key.reveal()).map_err(|error| anyhow!("[pay] api_v3_key: {error}"))?;
    let pem = Secret::new(read(&pay.private_key_file, "private_key_file")?);
    let merchant = Merchant::new(mode.clone(), &pay.serial, &pem, key)
        .map_err(|error| anyhow!("[pay] private_key_file: {error}"))?;
    let mut keys = PlatformKeys::new();
    if pay.believes.public_key() {
        let pem = read(&pay.public_key_file, "public_key_file")?;
        keys = keys
            .with_public_key(&pay.public_key_id, &pem)
            .map_err(|error| anyhow!("[pay] public_key_file: {error}"))?;
    }
    let client = Pay::new(merchant, keys, endpoints, transport);
    Ok(WeChatPay::new(
        mode,
        client,
        config.server.base_url.trim_end_matches('/'),
    ))
}

fn read(file: &Path, setting: &str) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("[pay] {setting}: reading {}", file.display()))
}

/// The local WeChat alone, until the process is asked to stop.
pub async fn serve_sandbox(port: u16, data: &Path, program: &str, callback: Option<&str>) -> Result<()> {
    let mut config = sandbox_config(port, data, program);
    if let Some(callback) = callback {
        callback.clone_into(&mut config.callback);
    }
    let prepared = config.clone();
    tokio::task::spawn_blocking(move || sandbox::prepare(&prepared)).await??;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!(
        "The local WeChat listens at {}; its keys are in {}",
        config.address,
        data.display()
    );
    println!("The phone: {}/phone", config.address);
    tokio::select! {
        ended = sandbox::serve(config, listener) => Ok(ended?),
        () = crate::program::asked_to_stop() => Ok(()),
    }
}

/// The sandbox beside a program at `program`.
pub fn sandbox_config(port: u16, data: &Path, program: &str) -> sandbox::Config {
    let program = program.trim_end_matches('/').to_owned();
    sandbox::Config {
        address: format!("http://127.0.0.1:{port}"),
        callback: format!("{program}/wechat/callback"),
        program,
        ..sandbox::Config::local(data)
    }
}
