//! People at their telephones and desks while the program dies again and again: they book, pay, call off, confirm and
//! decline, and whatever got no answer they send again as it was.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{
    browser::{Browser, Page, Reply, between, hidden},
    chance::Chance,
    told::Told,
    wechat::Desk,
};

/// Those who have telephones at the local WeChat.
const CUSTOMERS: [&str; 4] = ["zhangli", "wangjianguo", "liu", "chenchen"];
/// The password of every account of the demo.
const PASSWORD: &str = "tuina-demo";
/// So many orders somebody leaves unpaid. With the one that is being paid and the one that is left open for an outage, that is
/// as many as the program lets one customer have.
const MOST_LEFT: usize = 1;
/// How long somebody tries to book before an outage: longer than the lease of a job.
const PATIENCE: Duration = Duration::from_secs(90);
/// So long between two things that one person does.
const PAUSE: Duration = Duration::from_millis(30);

/// Where everybody is.
#[derive(Clone)]
pub(crate) struct Town {
    pub program: String,
    pub wechat: Desk,
    /// Owners' sign-in names and their shops.
    pub shops: Vec<(String, String)>,
    pub told: Arc<Told>,
}

/// Everybody, busy until told to stop.
pub(crate) struct Load {
    stopping: Arc<AtomicBool>,
    people: Vec<JoinHandle<()>>,
}

impl Load {
    pub(crate) fn start(town: &Town, seed: u64) -> Load {
        let stopping = Arc::new(AtomicBool::new(false));
        let mut people = Vec::new();
        let person = |number: usize| Person {
            town: town.clone(),
            browser: Browser::new(&town.program),
            chance: Chance::new(seed.wrapping_mul(1_000).wrapping_add(number as u64)),
            stopping: stopping.clone(),
            was_in: false,
            open: Vec::new(),
        };
        for (number, name) in CUSTOMERS.into_iter().enumerate() {
            let mut person = person(number);
            people.push(thread::spawn(move || person.be_customer(name)));
        }
        for (number, (login, _)) in town.shops.iter().enumerate() {
            let (mut person, login) = (person(100 + number), login.clone());
            people.push(thread::spawn(move || person.be_owner(&login)));
        }
        Load { stopping, people }
    }

    /// Lets everybody end what they do, which takes a running program.
    pub(crate) fn stop(self) {
        self.stopping.store(true, Ordering::SeqCst);
        for person in self.people {
            if person.join().is_err() {
                eprintln!("a person of the load broke down");
            }
        }
    }
}

/// Somebody books and comes to the sheet, and leaves it open; gives who, and the number by which WeChat knows the order.
///
/// A customer may have few unpaid orders, and those that were withdrawn count until they are closed at WeChat. Where the
/// program died while it closed them, the next takes that job up after a minute, so it may take that long.
pub(crate) fn leave_prepaid(town: &Town) -> Option<(&'static str, String)> {
    let begun = Instant::now();
    for tries in 0.. {
        for (number, name) in (0..).zip(CUSTOMERS) {
            let mut person = Person {
                town: town.clone(),
                browser: Browser::new(&town.program),
                // Each try has chance of its own: the same one would ask for the same taken time again.
                chance: Chance::new((town.told.so_far().booked.len() as u64 * 1_000 + tries) * 10 + number),
                stopping: Arc::new(AtomicBool::new(false)),
                was_in: false,
                open: Vec::new(),
            };
            if let Some(order) = person.leave_prepaid(name) {
                return Some((name, order));
            }
        }
        if begun.elapsed() > PATIENCE {
            return None;
        }
        thread::sleep(PAUSE * 10);
    }
    None
}

/// What the page hands to WeChat's sheet.
fn prepay_in(page: &Page) -> Option<String> {
    between(&page.body, "prepay_id=", '"')
        .first()
        .map(|id| (*id).to_owned())
}

struct Person {
    town: Town,
    browser: Browser,
    chance: Chance,
    stopping: Arc<AtomicBool>,
    /// Whether a session was begun, which must outlive the program.
    was_in: bool,
    /// Orders that were neither paid nor withdrawn.
    open: Vec<String>,
}

/// A person gives up what is not possible and looks for something else.
struct GivenUp;

impl Person {
    fn goes_on(&self) -> bool {
        thread::sleep(PAUSE);
        !self.stopping.load(Ordering::SeqCst)
    }

    /// Asks until there is an answer, with the very same words.
    fn answered(&mut self, mut ask: impl FnMut(&mut Browser) -> Reply) -> Page {
        loop {
            match ask(&mut self.browser) {
                Ok(page) if page.status == 503 => {
                    self.town.told.count_unavailable();
                    if !page.body.contains("<h1") {
                        self.town.told.wrong("a page says 503 without words".to_owned());
                    }
                    thread::sleep(Duration::from_millis(100));
                }
                Ok(page) => {
                    if page.status >= 500 {
                        let words = format!("a page answers {}", page.status);
                        self.town.told.wrong(words);
                    }
                    return page;
                }
                Err(_) => {
                    self.town.told.count_repeated();
                    thread::sleep(Duration::from_millis(20));
                }
            }
        }
    }

    fn get(&mut self, path: &str) -> Page {
        self.answered(|browser| browser.get(path))
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.answered(|browser| browser.post(path, fields))
    }

    /// A page for which one must be signed in. A session that was acknowledged and is gone is a loss.
    fn get_signed_in(&mut self, path: &str) -> Option<Page> {
        let page = self.get(path);
        let sent_away = page.location.as_deref().is_some_and(|to| to.contains("/sign-in"));
        if sent_away && self.was_in {
            self.was_in = false;
            self.town
                .told
                .wrong("a session that was begun is lost".to_owned());
        }
        (page.status == 200).then_some(page)
    }

    // ---- customers

    fn be_customer(&mut self, name: &str) {
        while self.goes_on() {
            if self.was_in || self.come_in_by_wechat(name) {
                // Whatever was not possible: the next round tries something else.
                let _ = self.visit(name);
            }
        }
    }

    fn come_in_by_wechat(&mut self, name: &str) -> bool {
        let page = self.get("/wechat/sign-in?to=/me");
        let Some(to_wechat) = page.location.filter(|to| to.contains("oauth2")) else {
            return false;
        };
        let Ok(back) = self.town.wechat.authorize(name, &to_wechat) else {
            return false;
        };
        // A code is good once: who hears nothing begins anew.
        let back = back.strip_prefix(&self.town.program).unwrap_or(&back).to_owned();
        self.was_in = self.browser.get(&back).is_ok() && self.browser.has_session();
        self.was_in
    }

    fn visit(&mut self, name: &str) -> Result<(), GivenUp> {
        // Few orders may be left unpaid at a time: whoever left one withdraws it before booking again.
        while self.open.len() > MOST_LEFT {
            let order = self.open.remove(0);
            self.withdraw_anyhow(&order)?;
        }
        let order = self.book()?;
        self.open.push(order.clone());
        if self.chance.is(10) {
            return self.withdraw(&order);
        }
        let page = self
            .get_signed_in(&format!("/orders/{order}/payment"))
            .ok_or(GivenUp)?;
        let prepay = prepay_in(&page).ok_or(GivenUp)?;
        if self.chance.is(20) {
            return self.withdraw(&order);
        }
        if self.chance.is(6) {
            // Comes back never: the deadline ends it.
            return Ok(());
        }
        self.trouble();
        let number = self
            .town
            .wechat
            .number_of(&prepay)
            .ok()
            .flatten()
            .ok_or(GivenUp)?;
        if !self.town.wechat.pay(name, &number) {
            return Err(GivenUp);
        }
        if self.chance.is(10) {
            // Pays and withdraws in one breath: either it counts or everything goes back.
            return self.withdraw_anyhow(&order);
        }
        let booking = self.see_it_paid(&order)?;
        if self.chance.is(50) {
            self.call_off(&booking);
        }
        Ok(())
    }

    /// Gives the number by which WeChat knows the order; one that does not come to the sheet is withdrawn.
    fn leave_prepaid(&mut self, name: &str) -> Option<String> {
        if !self.come_in_by_wechat(name) {
            return None;
        }
        let order = self.book().ok()?;
        let page = self.get_signed_in(&format!("/orders/{order}/payment"));
        let prepay = page.as_ref().and_then(prepay_in);
        let number = prepay.and_then(|prepay| self.town.wechat.number_of(&prepay).ok()?);
        if number.is_none() {
            let _ = self.withdraw_anyhow(&order);
        }
        number
    }

    /// Books some time of some service; gives the order.
    fn book(&mut self) -> Result<String, GivenUp> {
        let shop = self.chance.of(&self.town.shops).ok_or(GivenUp)?.1.clone();
        let page = self.get(&format!("/shops/{shop}/book"));
        let services = between(&page.body, &format!("href=\"/shops/{shop}/book/"), '"');
        let service = (*self.chance.of(&services).ok_or(GivenUp)?).to_owned();
        let place = format!("/shops/{shop}/book/{service}");
        let page = self.get(&format!("{place}/times?therapist=any"));
        let days = between(&page.body, "&amp;day=", '"');
        let day = (*self.chance.of(&days).ok_or(GivenUp)?).to_owned();
        let page = self.get(&format!("{place}/times?therapist=any&day={day}"));
        let slots: Vec<String> = between(&page.body, "name=\"slot\"", '>')
            .into_iter()
            .filter_map(|element| Some(between(element, "value=\"", '"').first()?.to_string()))
            .collect();
        let slot = self.chance.of(&slots).ok_or(GivenUp)?.clone();
        let page = self
            .get_signed_in(&format!("{place}/details?therapist=any&slot={slot}"))
            .ok_or(GivenUp)?;
        self.send_form(&page, &service, &slot)
    }

    fn send_form(&mut self, page: &Page, service: &str, slot: &str) -> Result<String, GivenUp> {
        let (key, asked) = (hidden(&page.body, "key"), hidden(&page.body, "asked"));
        let (key, asked) = (key.ok_or(GivenUp)?, asked.unwrap_or_default());
        let fields = [
            ("service", service),
            ("therapist", "any"),
            ("slot", slot),
            ("key", key.as_str()),
            ("asked", asked.as_str()),
            ("name", "张女士"),
            ("phone", "13800138000"),
            ("strength", "medium"),
            ("health", "1"),
        ];
        // Some press twice although they were answered.
        for _ in 0..=u8::from(self.chance.is(10)) {
            let page = self.post("/bookings", &fields);
            let order = page.location.as_deref().and_then(order_of).ok_or(GivenUp)?;
            self.town.told.booked(&key, order);
        }
        let told = self.town.told.so_far();
        told.booked.get(&key).cloned().ok_or(GivenUp)
    }

    /// WeChat and the way to it now and then do not do what one expects.
    fn trouble(&mut self) {
        let (kind, times) = match self.chance.below(12) {
            0 => ("notice_lost", 1),
            1 => ("notice_duplicated", 3),
            2 => ("notice_delayed", 1),
            3 => ("response_lost", 1),
            _ => return,
        };
        if let Err(error) = self.town.wechat.fault(kind, times, Some(faulty_place(kind))) {
            self.town
                .told
                .wrong(format!("the local WeChat takes no fault: {error}"));
        }
    }

    /// Looks at the order until its page says paid and leads to the booking.
    fn see_it_paid(&mut self, order: &str) -> Result<String, GivenUp> {
        for _ in 0..40 {
            let pause = self.chance.below(200);
            thread::sleep(Duration::from_millis(20 + pause));
            let page = self
                .get_signed_in(&format!("/orders/{order}/payment?paid=1"))
                .ok_or(GivenUp)?;
            if let Some(booking) = between(&page.body, "href=\"/bookings/", '"').first() {
                let booking = (*booking).to_owned();
                self.open.retain(|open| open != order);
                self.town.told.note(|told| {
                    told.paid.insert(order.to_owned());
                });
                return Ok(booking);
            }
        }
        Err(GivenUp)
    }

    fn withdraw(&mut self, order: &str) -> Result<(), GivenUp> {
        self.withdraw_anyhow(order)?;
        self.town.told.note(|told| {
            told.withdrawn.insert(order.to_owned());
        });
        Ok(())
    }

    fn withdraw_anyhow(&mut self, order: &str) -> Result<(), GivenUp> {
        let page = self.post(&format!("/orders/{order}/withdrawal"), &[]);
        match page.status {
            303 => {
                self.open.retain(|open| open != order);
                Ok(())
            }
            _ => Err(GivenUp),
        }
    }

    fn call_off(&mut self, booking: &str) {
        let path = format!("/bookings/{booking}/cancellation");
        // The shop may have done something meanwhile: look again, ask again.
        for _ in 0..5 {
            let Some(page) = self.get_signed_in(&path) else {
                return;
            };
            let Some(version) = hidden(&page.body, "version") else {
                return;
            };
            if self.post(&path, &[("version", &version)]).status == 303 {
                return self.town.told.note(|told| {
                    told.cancelled.insert(booking.to_owned());
                });
            }
        }
    }

    // ---- owners

    fn be_owner(&mut self, login: &str) {
        while self.goes_on() {
            if self.was_in || self.come_in_by_password(login) {
                self.keep_desk();
            }
        }
    }

    fn come_in_by_password(&mut self, login: &str) -> bool {
        self.get("/sign-in");
        let page = self.post("/sign-in", &[("login", login), ("password", PASSWORD)]);
        self.was_in = page.status == 303 && self.browser.has_session();
        self.was_in
    }

    /// Answers the first booking that waits.
    fn keep_desk(&mut self) {
        let Some(page) = self.get_signed_in("/desk/bookings") else {
            return;
        };
        let forms = between(&page.body, "action=\"/desk/bookings/", '>');
        let waiting = forms.iter().find_map(|form| form.split_once("/confirmation"));
        let Some(booking) = waiting.map(|(booking, _)| booking.to_owned()) else {
            return thread::sleep(PAUSE * 4);
        };
        let declines = self.chance.is(20);
        let answer = if declines { "refusal" } else { "confirmation" };
        let Some(page) = self.get_signed_in(&format!("/desk/bookings/{booking}")) else {
            return;
        };
        let Some(version) = hidden(&page.body, "version") else {
            return;
        };
        let fields = [("version", version.as_str()), ("reason", "full")];
        let page = self.post(&format!("/desk/bookings/{booking}/{answer}"), &fields);
        if page.status == 303 {
            self.town.told.note(|told| {
                let kept = if declines {
                    &mut told.declined
                } else {
                    &mut told.confirmed
                };
                kept.insert(booking);
            });
        }
    }
}

/// Only what concerns money is troubled.
fn faulty_place(kind: &str) -> &'static str {
    if kind.starts_with("notice") {
        "TRANSACTION"
    } else {
        "/v3/"
    }
}

/// The order in `/orders/{order}/payment`.
fn order_of(address: &str) -> Option<&str> {
    address.strip_prefix("/orders/")?.strip_suffix("/payment")
}
