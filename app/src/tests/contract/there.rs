//! The other side: a sandbox on a free port, the clients that talk to it, and a server for its notices.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock, mpsc},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Request, StatusCode},
    routing::post,
};
use serde_json::{Value, json};
use wechat::{
    At, Endpoints, HttpTransport, Secret, Transport,
    oa::{Account, Credentials, Error, MemoryTokens, OauthGrant, PageConfig, Scope, SignIn, TemplateMessage},
    pay::{ApiV3Key, Merchant, Mode, Notice, OutTradeNo, PageParams, Pay, PlatformKeys},
};

/// What everything costs, in fen.
pub(super) const PRICE: i64 = 12_850;
pub(super) const NONCE: &str = "593BEC0C930BF1AFEB40B4A08C8FB242";

type Letter = (HeaderMap, Bytes);

/// The sandbox and its clients.
pub(super) struct There {
    pub account: Account,
    /// As the service provider, unless told otherwise.
    pub pay: Pay,
    /// When it was opened, in seconds since 1970.
    pub begun_s: i64,
    credentials: sandbox::Credentials,
    transport: Arc<HttpTransport>,
    own: String,
    letters: mpsc::Receiver<Letter>,
    _runtime: tokio::runtime::Runtime,
}

impl There {
    pub fn open() -> There {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let bind = || {
            runtime
                .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
                .unwrap()
        };
        let (listener, own) = (bind(), bind());
        let own_address = format!("http://{}", own.local_addr().unwrap());
        let mut config = sandbox::Config::local(keys_folder());
        config.address = format!("http://{}", listener.local_addr().unwrap());
        config.program.clone_from(&own_address);
        config.callback = format!("{own_address}/wechat/callback");
        config.refund_delay_ms = 50;
        let credentials = sandbox::prepare(&config).unwrap();
        let (sender, letters) = mpsc::channel();
        let door = Router::new()
            .route(
                "/notices",
                post(async move |headers: HeaderMap, body: Bytes| {
                    sender
                        .send((headers, body))
                        .map_or(StatusCode::GONE, |()| StatusCode::NO_CONTENT)
                }),
            )
            .route("/wechat/callback", post(async || "success"));
        runtime.spawn(async move { axum::serve(own, door).await });
        runtime.spawn(sandbox::serve(config, listener));
        let transport = Arc::new(HttpTransport::new());
        There {
            account: account(&credentials, transport.clone()),
            pay: pay(
                &credentials,
                &credentials.partner,
                partner(&credentials),
                transport.clone(),
            ),
            begun_s: now_s(),
            credentials,
            transport,
            own: own_address,
            letters,
            _runtime: runtime,
        }
    }

    /// The same as the merchant that is paid directly.
    pub fn direct(self) -> There {
        let mode = Mode::Direct {
            mchid: self.credentials.direct.mchid.clone(),
            appid: self.credentials.app_id.clone(),
        };
        let pay = pay(
            &self.credentials,
            &self.credentials.direct,
            mode,
            self.transport.clone(),
        );
        There { pay, ..self }
    }

    /// The program's client of WeChat Pay, which believes no key yet.
    pub fn paying_without_keys(&self) -> payment::WeChatPay {
        let mode = partner(&self.credentials);
        let merchant = merchant(&self.credentials.partner, mode.clone());
        let keys = PlatformKeys::new();
        let client = Pay::new(
            merchant,
            keys,
            &endpoints(&self.credentials),
            self.transport.clone(),
        );
        payment::WeChatPay::new(mode, client, &self.own)
    }

    pub fn at(&self) -> At {
        At::now(now_s())
    }

    /// What the sandbox's clock shows, in seconds since 1970.
    pub fn now_there_s(&self) -> i64 {
        let said: Value = serde_json::from_str(&self.control("GET", "time", "")).unwrap();
        let now: jiff::Timestamp = said["now"].as_str().unwrap().parse().unwrap();
        now.as_second()
    }

    pub fn partner_mchid(&self) -> String {
        self.credentials.partner.mchid.clone()
    }

    pub fn openid(&self, person: &str) -> String {
        let found = self.credentials.people.iter().find(|one| one.id == person);
        found.expect("a person of the sandbox").openid.clone()
    }

    /// Asks the control API; gives the body of the answer.
    pub fn control(&self, method: &str, path: &str, body: &str) -> String {
        self.ask(method, &format!("control/{path}"), body)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.credentials.api))
            .header("content-type", "application/json")
            .body(body.as_bytes().to_vec())
            .unwrap();
        let answer = self.transport.send(request, Duration::from_secs(10)).unwrap();
        let text = String::from_utf8(answer.into_body()).unwrap();
        assert!(!text.contains("\"error\""), "{path}: {text}");
        text
    }

    /// The next call suffers this.
    pub fn fault(&self, kind: &str) {
        self.control("POST", "faults", &json!({ "kind": kind }).to_string());
    }

    /// Everything that stands on a person's phone.
    pub fn phone(&self, person: &str) -> String {
        self.control("GET", &format!("people/{person}/messages"), "")
    }

    pub fn pays(&self, number: &OutTradeNo) {
        self.control("POST", &format!("payments/{number}"), r#"{"outcome":"paid"}"#);
    }

    /// What the pay sheet shows to a page with these parameters.
    pub fn sheet(&self, page: &PageParams) -> String {
        self.control(
            "POST",
            "people/zhangli/sheet",
            &serde_json::to_string(page).unwrap(),
        )
    }

    /// What `wx.config` says on the page at `url`.
    pub fn page_may(&self, url: &str, config: &PageConfig) -> String {
        let mut asked = serde_json::to_value(config).unwrap();
        asked["url"] = url.into();
        asked["timestamp"] = asked["timestamp"].to_string().into();
        let said: Value =
            serde_json::from_str(&self.ask("POST", "phone/config", &asked.to_string())).unwrap();
        said["errMsg"].as_str().unwrap().to_owned()
    }

    /// The code with which a person comes back.
    pub fn code(&self, scope: Scope) -> String {
        let back = format!("{}/back?to=/a", self.own);
        let url = self.account.authorize_url(&back, scope, "st8").unwrap();
        let asked = json!({ "url": url, "consent": true }).to_string();
        let said: Value =
            serde_json::from_str(&self.control("POST", "people/zhangli/authorize", &asked)).unwrap();
        let location = said["location"].as_str().unwrap();
        let query = location
            .strip_prefix(&format!("{back}&code="))
            .expect("the address asked for");
        query.strip_suffix("&state=st8").expect("our state").to_owned()
    }

    pub fn sign_in(&self, at: At, scope: Scope) -> Result<Option<OauthGrant>, Error> {
        match self.account.oauth_sign_in(at, &self.code(scope))? {
            SignIn::Person(grant) => Ok(Some(grant)),
            SignIn::Snapshot => Ok(None),
        }
    }

    /// A message to the one who follows, with every field filled.
    pub fn template(&self, title: &str) -> TemplateMessage {
        let template = self
            .credentials
            .templates
            .iter()
            .find(|template| template.title == title);
        let template = template.expect("a template of the sandbox");
        TemplateMessage {
            openid: self.openid("liu"),
            template_id: template.template_id.clone(),
            url: Some("http://127.0.0.1:8700/".to_owned()),
            mini_program: None,
            fields: template
                .keys
                .iter()
                .map(|(key, _)| (key.clone(), "2026".to_owned()))
                .collect(),
            client_msg_id: Some("contract1".to_owned()),
        }
    }

    pub fn notices_url(&self) -> String {
        format!("{}/notices", self.own)
    }

    /// The next notice, verified and decrypted.
    pub fn next_notice(&self) -> Notice {
        let (headers, body) = self
            .letters
            .recv_timeout(Duration::from_secs(10))
            .expect("a notice within ten seconds");
        self.pay
            .open_notice(now_s(), &headers, &body)
            .expect("a notice that can be believed")
    }
}

/// One folder for all tests: making RSA keys is the slowest thing they do.
fn keys_folder() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = std::env::temp_dir().join("tuina-contract-keys");
            sandbox::prepare(&sandbox::Config::local(&folder)).unwrap();
            folder
        })
        .clone()
}

fn endpoints(credentials: &sandbox::Credentials) -> Endpoints {
    Endpoints {
        api: credentials.api.clone(),
        open: credentials.open.clone(),
        pay: credentials.pay.clone(),
    }
}

fn account(credentials: &sandbox::Credentials, transport: Arc<HttpTransport>) -> Account {
    let own = Credentials {
        appid: credentials.app_id.clone(),
        secret: Secret::new(credentials.app_secret.clone()),
    };
    Account::new(
        own,
        endpoints(credentials),
        transport,
        Arc::new(MemoryTokens::default()),
    )
}

fn partner(credentials: &sandbox::Credentials) -> Mode {
    Mode::Partner {
        sp_mchid: credentials.partner.mchid.clone(),
        sp_appid: credentials.app_id.clone(),
    }
}

fn pay(
    credentials: &sandbox::Credentials,
    own: &sandbox::MerchantCredentials,
    mode: Mode,
    transport: Arc<HttpTransport>,
) -> Pay {
    let platform = &credentials.platform;
    let keys = PlatformKeys::new()
        .with_public_key(&platform.public_key_id, &platform.public_key_pem)
        .unwrap();
    Pay::new(merchant(own, mode), keys, &endpoints(credentials), transport)
}

fn merchant(own: &sandbox::MerchantCredentials, mode: Mode) -> Merchant {
    let key = ApiV3Key::new(&own.api_v3_key).unwrap();
    let pem = Secret::new(own.private_key_pem.clone());
    Merchant::new(mode, &own.serial, &pem, key).unwrap()
}

fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}
