//! A shop with two therapists and two beds, open 12:00–26:00 every day, on a Sunday at noon, with a WeChat in memory.

use catalog::Service;
use db::testing::TestDb;
use order::Payer;
use payment::testing::{Mood, OPENID, Parts, SUB_MCHID, Stand};
use therapist::Therapist;

use super::*;

pub struct House {
    pub stand: Stand,
    pub day: Day,
    pub shop: Id<Shop>,
    pub service: Service,
    pub therapists: Vec<Id<Therapist>>,
    pub customer: Actor,
    pub other: Actor,
    pub owner: Actor,
}

impl House {
    pub fn on_every_engine(accepts: Accepts, test: impl Fn(&House)) {
        for engine in db::testing::engines() {
            test(&House::on(engine, accepts));
        }
    }

    pub fn on(test: TestDb, accepts: Accepts) -> House {
        let migrations = &[
            web::module().migrations,
            identity::module().migrations,
            shop::MIGRATIONS,
            catalog::MIGRATIONS,
            therapist::MIGRATIONS,
            scheduling::MIGRATIONS,
            ledger::MIGRATIONS,
            payment::MIGRATIONS,
            order::MIGRATIONS,
            MIGRATIONS,
        ];
        let jobs = order::jobs().into_iter().chain(jobs::jobs()).collect();
        let listens: Vec<_> = order::LISTENS.into_iter().chain(jobs::LISTENS).collect();
        let stand = Stand::new(
            test,
            Parts {
                migrations,
                jobs,
                listens: &listens,
            },
        );
        let day = stand.clock.now().day();
        let cx = stand.cx(Actor::Staff {
            id: Id::from_raw(1),
            shop: None,
            role: Role::Centre,
        });
        let (service, therapists, customers) = stand
            .db
            .write(move |tx| furnish(&cx, tx, accepts))
            .wait()
            .unwrap();
        let shop = service.shop;
        let owner = Actor::Staff {
            id: Id::from_raw(2),
            shop: Some(shop),
            role: Role::Owner,
        };
        let [customer, other] = customers.map(Actor::Customer);
        House {
            stand,
            day,
            shop,
            service,
            therapists,
            customer,
            other,
            owner,
        }
    }

    pub fn now(&self) -> Instant {
        self.stand.clock.now()
    }

    pub fn minute(&self, minute: i64) -> Instant {
        self.day.at(minute)
    }

    /// Lets the clock run to a minute of the day, doing what becomes due.
    pub fn pass_until(&self, minute: i64) {
        self.stand.pass(self.minute(minute) - self.now());
    }

    pub fn at<T: Send + 'static>(
        &self,
        actor: Actor,
        mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cx = self.stand.cx(actor);
        self.stand.db.write(move |tx| f(&cx, tx)).wait()
    }

    pub fn read<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.stand.db.read(f).wait().unwrap()
    }

    pub fn wish(&self, minute: i64) -> Wish {
        Wish {
            service: self.service.id,
            therapist: None,
            starts_at: self.minute(minute),
            contact: Contact {
                name: "张女士".to_owned(),
                phone: "13812345678".to_owned(),
            },
            wishes: Wishes {
                strength: Strength::Medium,
                note: String::new(),
            },
            declared: true,
        }
    }

    pub fn request(&self, wish: Wish) -> Result<Booking> {
        let key = self.stand.cx(Actor::Guest).token();
        self.request_as(self.customer, &key, wish)
    }

    pub fn request_as(&self, actor: Actor, key: &str, wish: Wish) -> Result<Booking> {
        let key = key.to_owned();
        self.at(actor, move |cx, tx| request(cx, tx, &key, &wish))
    }

    /// Requested and paid, as it stands then.
    pub fn paid(&self, wish: Wish) -> Booking {
        let held = self.request(wish).unwrap();
        self.pay(held.order);
        self.booking(held.id)
    }

    pub fn pay(&self, order: Id<Order>) {
        let number = self.prepay(order);
        assert!(self.stand.wechat.customer_pays(&number));
        assert_eq!(self.stand.deliver(&self.stand.wechat.notice(&number)), 204);
        self.stand.work();
    }

    /// The number under which WeChat waits for the money.
    pub fn prepay(&self, order: Id<Order>) -> String {
        let payer = Payer {
            openid: OPENID.to_owned(),
            sub_mchid: Some(SUB_MCHID.to_owned()),
        };
        let payment = self
            .at(self.customer, move |cx, tx| order::pay(cx, tx, order, &payer))
            .unwrap();
        let cx = self.stand.cx(self.customer);
        payment::prepay(&self.stand.db, &cx, &self.stand.pay, payment.id).unwrap();
        payment.out_trade_no
    }

    /// WeChat cannot be asked while the order runs out, so it closes without certainty.
    pub fn lose_contact_until_closed(&self, order: Id<Order>) {
        self.stand.wechat.mood(Mood::Away);
        for _ in 0..40 {
            self.stand.pass(MINUTE_MS);
            if self.order(order).state == order::State::Closed {
                break;
            }
        }
        self.stand.work();
        self.stand.wechat.mood(Mood::Well);
        assert_eq!(self.order(order).state, order::State::Closed);
    }

    /// The money that was on its way all the while arrives.
    pub fn late_money(&self, number: &str) {
        assert!(self.stand.wechat.customer_pays(number));
        assert_eq!(self.stand.deliver(&self.stand.wechat.notice(number)), 204);
        self.stand.work();
    }

    pub fn booking(&self, id: Id<Booking>) -> Booking {
        self.read(move |tx| booking(tx, id))
    }

    pub fn order(&self, id: Id<Order>) -> Order {
        self.read(move |tx| order::order(tx, id))
    }

    /// What is paid for one booking and has not gone back.
    pub fn paid_for(&self, one: &Booking) -> Money {
        let one = one.clone();
        self.read(move |tx| paid_for(tx, &one))
    }

    /// What goes back to the customer, in fen.
    pub fn refunds(&self, id: Id<Order>) -> i64 {
        let refunds = self.read(move |tx| payment::refunds(tx, &order::purpose(id)));
        refunds.iter().map(|refund| refund.amount.fen()).sum()
    }

    /// Whether both therapists can be had at a minute.
    pub fn is_free(&self, minute: i64) -> bool {
        let (service, now, at) = (self.service.clone(), self.now(), self.minute(minute));
        let days = self.read(move |tx| free_times(tx, now, &service, None));
        days.iter()
            .flat_map(|day| &day.times)
            .any(|time| time.starts_at == at && time.therapists.len() == 2)
    }
}

pub fn code<T: std::fmt::Debug>(answer: Result<T>) -> &'static str {
    let error = answer.unwrap_err();
    error.code().unwrap_or_else(|| panic!("{error}"))
}

pub type Furniture = (Service, Vec<Id<Therapist>>, [Id<Customer>; 2]);

pub fn furnish(cx: &Cx, tx: &mut Tx, accepts: Accepts) -> Result<Furniture> {
    let shop = shop::create(cx, tx, &new_shop(accepts))?;
    let shop = shop::activate(cx, tx, shop.id, shop.version)?.id;
    let opening = |weekday| shop::Opening {
        weekday,
        opens: 720,
        closes: 1560,
    };
    shop::set_week(cx, tx, shop, &(1..=7).map(opening).collect::<Vec<_>>())?;
    let service = catalog::create(cx, tx, shop, &new_service())?;
    let service = catalog::list(cx, tx, service.id, service.version)?;
    let mut therapists = Vec::new();
    for (number, name, bed) in [(1, "刘明", "一号床"), (2, "王芳", "二号床")] {
        let therapist = therapist::create(cx, tx, shop, &new_therapist(number, name))?;
        let shift = |weekday| scheduling::Shift {
            weekday,
            starts: 720,
            ends: 1560,
        };
        scheduling::set_shifts(cx, tx, therapist.id, &(1..=7).map(shift).collect::<Vec<_>>())?;
        scheduling::add_bed(cx, tx, shop, bed)?;
        therapists.push(therapist.id);
    }
    let zhang = identity::greet_customer(cx, tx, OPENID)?.id;
    let wang = identity::greet_customer(cx, tx, "another openid")?.id;
    Ok((service, therapists, [zhang, wang]))
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

pub fn new_service() -> catalog::NewService {
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

fn new_therapist(number: i64, name: &str) -> therapist::NewTherapist {
    therapist::NewTherapist {
        number,
        name: name.to_owned(),
        gender: therapist::Gender::ALL[0],
        level: therapist::Level::ALL[0],
        introduction: String::new(),
        skills: String::new(),
        portrait: String::new(),
        shows_blind: false,
    }
}
