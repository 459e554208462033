//! What customers see of their orders, what the desk does with their money, and the shops' and the centre's list.

mod desk;
mod goods;
mod list;
mod pay;
mod receipt;

use db::Tx;
use kernel::{Error, Id, Instant, Money, Result};
use payment::{Payment, Refund, RefundState};
use text::{args, show};
use web::{
    Allow, Answer, Ask, Markup, Path, Routes, html,
    ui::{Surface, Tone, button, list as ui_list, money, section, state},
};

use crate::{Answer as Answered, Line, Order, Return, State, Taken, Taking, Tender, actions, store};

pub(crate) fn routes() -> Routes {
    let routes = Routes::new("order")
        .get("/orders", Allow::Customer, list::own)
        .get("/orders/{id}", Allow::Customer, own)
        .get("/orders/{id}/receipt", Allow::Customer, receipt::own)
        .post("/orders/{id}/rest", Allow::Customer, pay::rest)
        .get("/orders/{id}/payment", Allow::Customer, pay::show)
        .get("/orders/{id}/payment/state", Allow::Customer, pay::part)
        .post("/orders/{id}/withdrawal", Allow::Customer, pay::withdraw)
        .get("/console/orders", Allow::Console, list::console);
    goods::routes(desk::routes(routes))
}

/// An order with all that its pages tell.
pub(crate) struct Told {
    pub order: Order,
    pub lines: Vec<Line>,
    pub shop: String,
    pub sub_mchid: Option<String>,
    /// What was answered about each line.
    pub answers: Vec<(Id<Line>, Answered)>,
    /// What is there of its money.
    pub paid: Money,
    /// What covers it, reserved or paid.
    pub covered: Money,
    refunds: Vec<Refund>,
    returns: Vec<Return>,
    takings: Vec<Taking>,
    /// What each tender gave, before anything went back; of an open order also what is reserved.
    tenders: Vec<(Tender, Money)>,
    /// What of it is there.
    left: Vec<(Tender, Money)>,
    paid_at: Option<Instant>,
}

impl Told {
    fn find(tx: &mut Tx, order: Order) -> Result<Told> {
        let id = order.id;
        let shop = shop::shop(tx, order.shop)?;
        let purpose = actions::purpose(id);
        let payments = payment::payments(tx, &purpose)?;
        let takings = store::takings(tx, id)?;
        let taken = || takings.iter().filter(|taking| taking.state.is_taken());
        let paid_at = payments
            .iter()
            .filter_map(|payment| payment.paid_at)
            .chain(taken().map(|taking| taking.at))
            .min();
        let left = actions::by_tender(tx, id)?;
        Ok(Told {
            lines: store::lines(tx, id)?,
            shop: shop.name,
            sub_mchid: shop.sub_mchid,
            answers: store::answers(tx, id)?,
            paid: left.iter().map(|(_, amount)| *amount).sum(),
            covered: actions::holding(tx, id)?.paid,
            refunds: payment::refunds(tx, &purpose)?,
            returns: store::returns(tx, id)?,
            tenders: tenders(&payments, &takings, order.state),
            left,
            takings,
            paid_at,
            order,
        })
    }

    /// What the customer paid in money and did not get back: neither points nor coupons.
    pub fn net(&self) -> Money {
        let money = self.left.iter().filter(|(tender, _)| tender.is_money());
        money.map(|(_, amount)| *amount).sum()
    }

    /// What of the customer's money went back or is on its way back.
    pub fn money_back(&self) -> Money {
        let money = self.tenders.iter().filter(|(tender, _)| tender.is_money());
        money.map(|(_, amount)| *amount).sum::<Money>() - self.net()
    }

    /// What is still to be paid after the order was placed.
    pub fn rest(&self) -> Money {
        self.order.rest(self.paid)
    }

    /// What a sheet would ask for now.
    pub fn due(&self) -> Money {
        (self.order.due() - self.covered).max(Money::ZERO)
    }
}

fn tenders(payments: &[Payment], takings: &[Taking], state: State) -> Vec<(Tender, Money)> {
    let shown =
        |taking: &&Taking| taking.state.is_taken() || state == State::Open && taking.state == Taken::Reserved;
    let by = |tender: &Tender| {
        let amount = match tender {
            Tender::WeChat => payments
                .iter()
                .filter(|payment| payment.paid_at.is_some())
                .map(|payment| payment.amount)
                .sum(),
            other => takings
                .iter()
                .filter(shown)
                .filter(|taking| taking.tender == *other)
                .map(|taking| taking.amount)
                .sum(),
        };
        (*tender, amount)
    };
    let all = Tender::ALL.iter().map(by);
    all.filter(|(_, amount)| *amount > Money::ZERO).collect()
}

/// The asking customer's own order.
pub(crate) async fn told(ask: &Ask, id: Id<Order>) -> Result<Told> {
    ask.read(move |cx, tx| {
        let order = actions::own(cx, tx, id)?;
        Told::find(tx, order)
    })
    .await
}

/// An order of the asking staff's shop.
pub(crate) async fn told_at_desk(ask: &Ask, id: Id<Order>) -> Result<Told> {
    ask.read(move |cx, tx| {
        let order = actions::at_desk(cx, tx, id)?;
        Told::find(tx, order)
    })
    .await
}

async fn own(ask: Ask, Path(id): Path<Id<Order>>) -> Answer {
    let told = told(&ask, id).await?;
    let order = &told.order;
    let (title, answer) = (ask.label(state_key(order)), sentence(&ask, &told));
    let what = ask.label("order-what");
    let back = ask.label("order-list-back");
    let money_heading = ask.label("order-money");
    let (look, pay, receipt) = (
        ask.label("order-look"),
        ask.label("order-to-payment"),
        ask.label("order-receipt"),
    );
    let (due, rest) = (show::money(told.due()), show::money(told.rest()));
    let (payment, asking, slip) = (
        format!("/orders/{id}/payment"),
        format!("/orders/{id}/rest"),
        format!("/orders/{id}/receipt"),
    );
    Ok(ask.page(Surface::Customer, &title, |frame, page| {
        let page = page.back("/orders", &back).answer(&answer);
        let page = if order.state == State::Open {
            page.primary(html! { (button::link(&payment, &pay).about(&due).large()) })
        } else if told.rest() > Money::ZERO {
            page.primary(
                html! { (button::post(frame, &asking, &ask.label("order-pay-rest")).about(&rest).large()) },
            )
        } else {
            page
        };
        page.body(html! {
            (section("what", &what, facts(&ask, &told)))
            (section("money", &money_heading, amounts(&ask, &told)))
            @if !order.page.is_empty() && order.page != format!("/orders/{id}") {
                p { (button::link(&order.page, &look).about(&order.title).secondary()) }
            }
            @if told.paid_at.is_some() { p { (button::link(&slip, &receipt).about(&order.title).quiet()) } }
        })
    }))
}

/// What, where and when.
pub(crate) fn facts(ask: &Ask, told: &Told) -> Markup {
    let (service, shop, number, opened) = (
        ask.label("order-service"),
        ask.label("order-shop"),
        ask.label("order-number"),
        ask.label("order-opened"),
    );
    let mut facts = ui_list::facts();
    for line in &told.lines {
        facts = facts.row(&service, html! { (line_words(ask, line)) });
    }
    for (_, answered) in &told.answers {
        facts = facts.row(&answered.name, html! { (answered.value) });
    }
    html! {
        (facts
            .row(&shop, html! { (told.shop) })
            .row(&number, html! { (told.order.number) })
            .row(&opened, html! { (when(ask, told.order.opened_at)) }))
    }
}

pub(crate) fn line_words(ask: &Ask, line: &Line) -> String {
    let mut words = line.title.clone();
    if let Some(starts) = line.starts_at {
        words = format!("{words}，{}", when(ask, starts));
    }
    if line.dropped_at.is_some() {
        words = format!("{words}，{}", ask.label("order-dropped"));
    }
    words
}

/// What it costs, line by line, what is due when, what was paid and what went back.
pub(crate) fn amounts(ask: &Ask, told: &Told) -> Markup {
    let order = &told.order;
    let word = |key: &str| ask.label(key);
    let (total, now, later, rest, paid_at, kept) = (
        word("order-total"),
        word("order-due-now"),
        word("order-due-later"),
        word("order-rest"),
        word("order-paid-at"),
        word("order-kept"),
    );
    let tenders: Vec<(String, Money)> = told
        .tenders
        .iter()
        .map(|(tender, amount)| (word(tender_key(*tender)), *amount))
        .collect();
    let mut facts = ui_list::facts();
    if told.lines.len() > 1 {
        for line in &told.lines {
            facts = facts.row(&line.title, money::amount(line.amount.fen()));
        }
    }
    facts = facts.row(&total, money::amount(order.total.fen()));
    if order.state == State::Open && told.due() < order.total {
        facts = facts.row(&now, money::amount(told.due().fen()));
        if order.due_now < order.total {
            facts = facts.row(&later, money::amount((order.total - order.due_now).fen()));
        }
    }
    for (with, amount) in &tenders {
        facts = facts.row(with, money::amount(amount.fen()));
    }
    if let Some(at) = told.paid_at {
        facts = facts.row(&paid_at, html! { (when(ask, at)) });
    }
    if told.rest() > Money::ZERO {
        facts = facts.row(&rest, money::amount(told.rest().fen()));
    }
    if order.kept > Money::ZERO {
        facts = facts.row(&kept, money::amount(order.kept.fen()));
    }
    let refunds = refund_sentences(ask, told);
    html! {
        (facts)
        @if !refunds.is_empty() { (ui_list::sentences(&refunds)) }
    }
}

pub(crate) fn tender_key(tender: Tender) -> &'static str {
    match tender {
        Tender::WeChat => "order-with-wechat",
        Tender::Cash => "order-with-cash",
        Tender::Value => "order-with-value",
        Tender::Points => "order-with-points",
        Tender::Coupon => "order-with-coupon",
    }
}

/// What went back or is on its way, in a sentence each.
pub(crate) fn refund_sentences(ask: &Ask, told: &Told) -> Vec<String> {
    let mut sentences: Vec<String> = told
        .refunds
        .iter()
        .map(|refund| refund_words(ask, refund))
        .collect();
    let whole = |taking: &&Taking| taking.state == Taken::Restored;
    let restored: Vec<&Taking> = told.takings.iter().filter(whole).collect();
    for given in &told.returns {
        if !restored.iter().any(|taking| taking.id == given.taking) {
            let amount = show::money(given.amount);
            sentences.push(ask.say(return_key(given), &args![amount => amount.as_str()]));
        }
    }
    for taking in restored {
        let amount = show::money(taking.amount);
        sentences.push(ask.say("order-return-coupon", &args![amount => amount.as_str()]));
    }
    sentences
}

fn return_key(given: &Return) -> &'static str {
    match given.tender {
        Tender::Value => "order-return-value",
        Tender::Points => "order-return-points",
        Tender::Coupon => "order-return-coupon-used",
        Tender::WeChat | Tender::Cash if given.handed_at.is_some() => "order-return-done",
        Tender::WeChat | Tender::Cash => "order-return-due",
    }
}

fn refund_words(ask: &Ask, refund: &Refund) -> String {
    let amount = show::money(refund.amount);
    let key = match refund.state {
        RefundState::Succeeded => "order-refund-done",
        RefundState::Manual => "order-refund-manual",
        RefundState::Abnormal | RefundState::Failed => "order-refund-trouble",
        RefundState::Requested if refund.waits() => "order-refund-waits",
        RefundState::Requested | RefundState::Approved | RefundState::Submitted | RefundState::Processing => {
            "order-refund-running"
        }
        RefundState::Rejected => "order-refund-rejected",
    };
    ask.say(key, &args![amount => amount.as_str()])
}

/// The order's state in one sentence.
pub(crate) fn sentence(ask: &Ask, told: &Told) -> String {
    let order = &told.order;
    let rest = show::money(told.rest());
    let amount = match order.state {
        State::Open => show::money(told.due()),
        _ => show::money(told.net()),
    };
    let until = show::clock(order.deadline.minute_of_day());
    let key = match order.state {
        State::Open => "order-sentence-open",
        State::Placed | State::Fulfilled if told.rest() > Money::ZERO => "order-sentence-rest",
        State::Placed => "order-sentence-placed",
        State::Fulfilled => "order-sentence-fulfilled",
        State::Cancelled => "order-sentence-cancelled",
        State::Closing => "order-sentence-closing",
        State::Closed if order.ending == Some(crate::Ending::Withdrawn) => "order-sentence-withdrawn",
        State::Closed => "order-sentence-closed",
    };
    ask.say(key, &args![amount => amount, until => until, rest => rest])
}

/// The state in a word or two.
pub(crate) fn state_key(order: &Order) -> &'static str {
    match order.state {
        State::Open => "order-state-open",
        // Of such an order something was left to be paid later: "paid" would not be true of it.
        State::Placed if order.due_now < order.total - order.waived => "order-state-booked",
        State::Placed => "order-state-placed",
        State::Fulfilled => "order-state-fulfilled",
        State::Cancelled => "order-state-cancelled",
        State::Closing => "order-state-closing",
        State::Closed => "order-state-closed",
    }
}

pub(crate) fn badge(ask: &Ask, order: &Order) -> Markup {
    let tone = match order.state {
        State::Open | State::Closing => Tone::Attention,
        State::Placed | State::Fulfilled => Tone::Good,
        State::Cancelled | State::Closed => Tone::Plain,
    };
    state::badge(tone, &ask.label(state_key(order)))
}

pub(crate) fn when(ask: &Ask, at: Instant) -> String {
    show::when(ask.lang(), at.day(), at.minute_of_day(), ask.today())
}

/// The words of a refusal, or the error itself where it is none.
pub(crate) fn words_of(ask: &Ask, error: Error) -> Result<String> {
    match error {
        Error::Refused(no) => Ok(ask.refusal(&no)),
        other => Err(other),
    }
}
