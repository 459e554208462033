//! A shop with a therapist and a bed, an owner who bound WeChat, a customer; a WeChat Pay and an official account in memory.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use booking::{Contact, Strength, Wish, Wishes};
use catalog::Service;
use kernel::{Actor, Customer, Money, Role, Shop};
use payment::{
    WeChatPay,
    testing::{self as pay, FakeWeChat, OPENID, SUB_MCHID},
};
use shop::Accepts;
use telecom::{Audio, Speech, SpeechError};
use testkit::{Person, START, TestApp};
use web::{Module, Plugs};
use wechat::{
    Endpoints, Secret, Transport, TransportError,
    oa::{Account, Callback, Credentials, MemoryTokens},
};

use super::*;
use crate::{message::Message, store};

pub const OWNER_OPENID: &str = "openid-of-the-owner";
pub const TOKEN: &str = "callback-token";

/// The official account's other side: it records what it is asked and sends the same number once.
#[derive(Default)]
pub struct Outside {
    pub asked: Mutex<Vec<(String, serde_json::Value)>>,
    pub away: AtomicBool,
    pub refuses: AtomicBool,
    menu: Mutex<Option<serde_json::Value>>,
}

impl Outside {
    /// The template messages that went out, by their number each once: openid, template, page.
    pub fn sent(&self) -> Vec<(String, String, String)> {
        let mut numbers = Vec::new();
        let asked = self.asked.lock().unwrap();
        let sent = asked
            .iter()
            .filter(|(path, _)| path == "/cgi-bin/message/template/send")
            .filter(|(_, body)| {
                let number = body["client_msg_id"].as_str().unwrap().to_owned();
                let first = !numbers.contains(&number);
                numbers.push(number);
                first
            });
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        sent.map(|(_, body)| {
            (
                text(&body["touser"]),
                text(&body["template_id"]),
                text(&body["url"]),
            )
        })
        .collect()
    }

    /// How often a path was asked.
    pub fn count(&self, path: &str) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|(asked, _)| asked == path)
            .count()
    }
}

impl Transport for Outside {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: std::time::Duration,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let path = request.uri().path().to_owned();
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
        self.asked.lock().unwrap().push((path.clone(), body.clone()));
        if self.away.load(Ordering::SeqCst) {
            return Err(TransportError::Unknown("timeout".to_owned()));
        }
        let answer = match path.as_str() {
            "/cgi-bin/stable_token" => serde_json::json!({ "access_token": "T", "expires_in": 7200 }),
            "/cgi-bin/message/template/send" if self.refuses.load(Ordering::SeqCst) => {
                serde_json::json!({ "errcode": 43004, "errmsg": "require subscribe" })
            }
            "/cgi-bin/message/template/send" => {
                serde_json::json!({ "errcode": 0, "errmsg": "ok", "msgid": 200 + self.sent().len() })
            }
            "/cgi-bin/menu/create" => {
                *self.menu.lock().unwrap() = Some(body);
                serde_json::json!({ "errcode": 0, "errmsg": "ok" })
            }
            "/cgi-bin/menu/get" => match &*self.menu.lock().unwrap() {
                Some(menu) => serde_json::json!({ "menu": menu }),
                None => serde_json::json!({ "errcode": 46003, "errmsg": "menu no exist" }),
            },
            other => panic!("nobody should ask for {other}"),
        };
        Ok(http::Response::new(answer.to_string().into_bytes()))
    }
}

/// A voice that counts.
#[derive(Default)]
pub struct Counting(pub AtomicUsize);

impl Speech for Counting {
    fn synthesize(&self, text: &str) -> Result<Audio, SpeechError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Audio {
            content_type: "audio/wav",
            bytes: text.as_bytes().to_vec(),
        })
    }
}

/// The program of these tests.
pub fn program() -> (Vec<Module>, Plugs) {
    let outside = Arc::new(Outside::default());
    let credentials = Credentials {
        appid: "wx0".to_owned(),
        secret: Secret::new("s".to_owned()),
    };
    let account = Account::new(
        credentials,
        Endpoints::default(),
        outside.clone(),
        Arc::new(MemoryTokens::default()),
    );
    let templates = MessageKind::ALL
        .iter()
        .map(|kind| (kind.template(), format!("id of {}", kind.template())));
    let account = Arc::new(OfficialAccount {
        account: Arc::new(account),
        callback: Callback::plain(Secret::new(TOKEN.to_owned())),
        templates: templates.collect(),
        base_url: testkit::BASE_URL.to_owned(),
    });
    let clock = pay::Clock::at(START);
    let wechat = FakeWeChat::new(&clock);
    let money = Arc::new(pay::wechat_pay(&wechat));
    let voice = Arc::new(Counting::default());
    let bare = |name, migrations| Module {
        name,
        migrations,
        texts: [(Lang::Zh, ""), (Lang::En, "")],
        routes: web::Routes::new(name),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: &[],
    };
    let modules = vec![
        identity::module(),
        bare("shop", shop::MIGRATIONS),
        bare("catalog", catalog::MIGRATIONS),
        bare("therapist", therapist::MIGRATIONS),
        bare("scheduling", scheduling::MIGRATIONS),
        ledger::module(),
        payment::module(money.clone()),
        order::module(),
        booking::module(),
        review::module(),
        crate::module(account.clone()),
    ];
    let plugs = Plugs::default()
        .with(account)
        .with(outside)
        .with(wechat)
        .with(clock)
        .with(money)
        .with(Voice::new(voice.clone()))
        .with(voice);
    (modules, plugs)
}

/// The shop and its people in a running program.
pub struct House {
    pub app: TestApp,
    pub shop: Id<Shop>,
    pub service: Id<Service>,
    pub customer: Id<Customer>,
    pub owner: Person,
}

impl House {
    pub fn on_each_engine<Fut: Future<Output = ()>>(accepts: Accepts, test: impl Fn(House) -> Fut) {
        testkit::on_each_engine(program, |app| {
            let test = &test;
            async move { test(House::build(app, accepts).await).await }
        });
    }

    async fn build(app: TestApp, accepts: Accepts) -> House {
        let cx = app.cx(Actor::Staff {
            id: Id::from_raw(1),
            shop: None,
            role: Role::Centre,
        });
        let furnished = app.app.db.write(move |tx| furnish(&cx, tx, accepts)).await;
        let (shop, service, customer) = furnished.unwrap();
        let owner = app.staff(Role::Owner, shop).await;
        House {
            app,
            shop,
            service,
            customer,
            owner,
        }
    }

    pub fn outside(&self) -> &Outside {
        self.app.app.plug::<Arc<Outside>>()
    }

    /// Both clocks go on, and what becomes due is done.
    pub async fn pass(&self, minutes: i64) {
        self.app.clock.advance_minutes(minutes);
        self.app
            .app
            .plug::<pay::Clock>()
            .pass(minutes * kernel::MINUTE_MS);
        self.app.run_jobs().await;
    }

    /// A paid booking `days` from today at `minute`, and everything that follows from it.
    pub async fn paid(&self, days: i64, minute: i64) -> Booking {
        let starts_at = START.day().plus(days).at(minute);
        let wish = Wish {
            service: self.service,
            therapist: None,
            starts_at,
            contact: Contact {
                name: "张女士".to_owned(),
                phone: "13812345678".to_owned(),
            },
            wishes: Wishes {
                strength: Strength::Medium,
                note: String::new(),
            },
            declared: true,
        };
        let cx = self.app.cx(Actor::Customer(self.customer));
        let key = cx.token();
        let payer = order::Payer {
            openid: OPENID.to_owned(),
            sub_mchid: Some(SUB_MCHID.to_owned()),
        };
        let (id, payment) = self
            .write(Actor::Customer(self.customer), move |cx, tx| {
                let held = booking::request(cx, tx, &key, &wish)?;
                Ok((held.id, order::pay(cx, tx, held.order, &payer)?))
            })
            .await
            .unwrap();
        let (db, money) = (
            self.app.app.db.clone(),
            self.app.app.plug::<Arc<WeChatPay>>().clone(),
        );
        let wechat = self.app.app.plug::<FakeWeChat>().clone();
        tokio::task::spawn_blocking(move || {
            payment::prepay(&db, &cx, &money, payment.id).unwrap();
            assert!(wechat.customer_pays(&payment.out_trade_no));
            payment::check(&db, &cx, &money, payment.id).unwrap();
        })
        .await
        .unwrap();
        self.app.run_jobs().await;
        self.booking(id).await
    }

    pub async fn write<T: Send + 'static>(
        &self,
        actor: Actor,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.app.cx(actor);
        self.app.app.db.write(move |tx| f(&cx, tx)).await
    }

    pub async fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.app.app.db.read(f).await.unwrap()
    }

    pub fn as_owner(&self) -> Actor {
        Actor::Staff {
            id: Id::from_raw(2),
            shop: Some(self.shop),
            role: Role::Owner,
        }
    }

    pub fn scope(&self) -> kernel::ShopScope {
        self.app.cx(self.as_owner()).shop().unwrap()
    }

    pub async fn booking(&self, id: Id<Booking>) -> Booking {
        self.read(move |tx| booking::booking(tx, id)).await
    }

    /// The customer calls a booking off.
    pub async fn cancel(&self, id: Id<Booking>) {
        let seen = self.booking(id).await.version;
        let why = booking::Why::CustomersPlans;
        self.write(Actor::Customer(self.customer), move |cx, tx| {
            booking::cancel(cx, tx, id, seen, why)
        })
        .await
        .unwrap();
        self.app.run_jobs().await;
    }

    /// All alerts of the shop, the oldest first: kind and state.
    pub async fn alerts(&self) -> Vec<Alert> {
        let shop = self.scope();
        let mut alerts = self
            .read(move |tx| store::latest(tx, shop, Instant(0), 100))
            .await;
        alerts.reverse();
        alerts
    }

    pub async fn states(&self) -> Vec<String> {
        self.alerts()
            .await
            .iter()
            .map(|alert| format!("{} {}", alert.kind, alert.state))
            .collect()
    }

    /// The messages about a booking or refund: kind and state.
    pub async fn messages(&self, subject: i64) -> Vec<String> {
        let messages: Vec<Message> = self.read(move |tx| store::messages_of(tx, subject)).await;
        let mut told: Vec<String> = messages
            .iter()
            .map(|message| format!("{} {}", message.kind, message.state))
            .collect();
        told.sort();
        told
    }

    /// What a desk hears that has the news up to `last`: event and the number to go on from.
    pub async fn hears(&self, last: Option<i64>) -> Vec<String> {
        let shop = self.scope();
        let heard = self
            .read(move |tx| news::unheard(tx, shop, last, Instant(0)))
            .await;
        heard.iter().map(|message| message.event.to_owned()).collect()
    }
}

fn furnish(cx: &Cx, tx: &mut Tx, accepts: Accepts) -> Result<(Id<Shop>, Id<Service>, Id<Customer>)> {
    let shop = shop::create(cx, tx, &new_shop(accepts))?;
    let shop = shop::activate(cx, tx, shop.id, shop.version)?.id;
    let opening = |weekday| shop::Opening {
        weekday,
        opens: 540,
        closes: 1560,
    };
    shop::set_week(cx, tx, shop, &(1..=7).map(opening).collect::<Vec<_>>())?;
    let service = catalog::create(cx, tx, shop, &new_service())?;
    let service = catalog::list(cx, tx, service.id, service.version)?;
    let li = therapist::create(cx, tx, shop, &new_therapist())?;
    let shift = |weekday| scheduling::Shift {
        weekday,
        starts: 540,
        ends: 1560,
    };
    scheduling::set_shifts(cx, tx, li.id, &(1..=7).map(shift).collect::<Vec<_>>())?;
    scheduling::add_bed(cx, tx, shop, "一号床")?;
    let owner = identity::NewStaff {
        shop: Some(shop),
        role: Role::Owner,
        name: "刘师傅".to_owned(),
        login: "qingfeng".to_owned(),
        password: identity::Password::hash("correct horse")?,
        openid: Some(OWNER_OPENID.to_owned()),
    };
    identity::create_staff(cx, tx, &owner)?;
    Ok((shop, service.id, identity::greet_customer(cx, tx, OPENID)?.id))
}

fn new_shop(accepts: Accepts) -> shop::NewShop {
    shop::NewShop {
        name: "清风堂盲人按摩（鼓楼店）".to_owned(),
        district: shop::District::Dongcheng,
        address: "鼓楼东大街 100 号".to_owned(),
        walking: "鼓楼大街站 B 口出来向东走 200 米".to_owned(),
        phone: "01062345678".to_owned(),
        point: geo::Wgs84 {
            lat: 39.94,
            lng: 116.39,
        },
        introduction: String::new(),
        kind: shop::Kind::Health,
        sub_mchid: Some(SUB_MCHID.to_owned()),
        accepts,
        photo: String::new(),
        photo_words: "胡同里的店门".to_owned(),
    }
}

fn new_service() -> catalog::NewService {
    catalog::NewService {
        name: "全身保健按摩".to_owned(),
        kind: catalog::Kind::FullBody,
        category: None,
        minutes: 60,
        price: Money::yuan(128),
        before: 0,
        after: 10,
        introduction: String::new(),
    }
}

fn new_therapist() -> therapist::NewTherapist {
    therapist::NewTherapist {
        number: 1,
        name: "李强".to_owned(),
        gender: therapist::Gender::ALL[0],
        level: therapist::Level::ALL[0],
        introduction: String::new(),
        skills: String::new(),
        portrait: String::new(),
        shows_blind: false,
    }
}
