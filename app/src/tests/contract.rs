//! Client and sandbox were written apart; here they must understand each other: every call of `crates/wechat` against the
//! local WeChat over HTTP. A new call is a new line of a table.

mod audience;
mod certificates;
mod merchant;
mod there;

use wechat::{
    At, Cause, Outcome,
    oa::{
        Action, Button, CustomerMessage, Error, Item, Menu, Scene, Scope, SignIn, TemplateMessage,
        page_signature,
    },
    pay::{
        Code, Content, JsapiOrder, OutRefundNo, OutTradeNo, Payee, Payer, RefundOrder, RefundStatus,
        TradeState,
    },
};

use there::{NONCE, PRICE, There};

/// A call, and whether its answer is the awaited one.
type Call = (&'static str, fn(&There, At) -> Result<bool, Error>);

/// The official account.
const ACCOUNT: &[Call] = &[
    ("token", |t, at| {
        Ok(!t.account.access_token(at)?.expose().is_empty())
    }),
    ("token that WeChat took back", |t, at| {
        t.control("POST", "token/revoke", "{}");
        Ok(t.account.menu(at)?.is_none())
    }),
    ("authorisation, silent", |t, at| {
        Ok(t.sign_in(at, Scope::Base)?.is_some())
    }),
    ("authorisation, with consent", |t, at| {
        let grant = t.sign_in(at, Scope::UserInfo)?.expect("a person");
        let profile = t.account.oauth_profile(at, &grant)?;
        Ok(profile.openid == t.openid("zhangli") && !profile.nickname.is_empty())
    }),
    ("authorisation, renewed", |t, at| {
        let grant = t.sign_in(at, Scope::Base)?.expect("a person");
        Ok(t.account.oauth_refresh(at, &grant.refresh_token)?.openid == grant.openid)
    }),
    ("authorisation, code used", |t, at| {
        let code = t.code(Scope::Base);
        t.account.oauth_sign_in(at, &code)?;
        Ok(refused_with(t.account.oauth_sign_in(at, &code), 40163))
    }),
    ("authorisation, snapshot", |t, at| {
        t.fault("snapshot_user");
        Ok(matches!(
            t.account.oauth_sign_in(at, &t.code(Scope::Base))?,
            SignIn::Snapshot
        ))
    }),
    ("JS-SDK", |t, at| {
        let page = "http://127.0.0.1:8700/shops/1?from=a&b=店";
        let config = t.account.page_config(at, NONCE, &format!("{page}#top"))?;
        let signed = page_signature(&t.account.jsapi_ticket(at)?, NONCE, at.now_s, page);
        Ok(config.signature == signed && t.page_may(page, &config) == "config:ok")
    }),
    ("JS-SDK, another page", |t, at| {
        let config = t.account.page_config(at, NONCE, "http://127.0.0.1:8700/a")?;
        Ok(t.page_may("http://127.0.0.1:8700/b", &config) == "config:invalid signature")
    }),
    ("menu", |t, at| {
        t.account.create_menu(at, &menu())?;
        Ok(t.account.menu(at)? == Some(menu()))
    }),
    ("menu, removed", |t, at| {
        t.account.delete_menu(at)?;
        Ok(t.account.menu(at)?.is_none())
    }),
    ("template message", |t, at| {
        let first = t.account.send_template(at, &t.template("新订单提醒"))?;
        Ok(t.account.send_template(at, &t.template("新订单提醒"))? == first
            && t.phone("liu").contains("新订单提醒"))
    }),
    ("template message, to nobody", |t, at| {
        let message = TemplateMessage {
            openid: t.openid("chenchen"),
            ..t.template("新订单提醒")
        };
        Ok(refused_with(t.account.send_template(at, &message), 43004))
    }),
    ("customer service", |t, at| {
        t.control("POST", "people/liu/text", r#"{"text":"在吗"}"#);
        let words = CustomerMessage::Text("在的 😀".to_owned());
        t.account
            .send_customer_message(at, &t.openid("liu"), &words, None)?;
        Ok(t.phone("liu").contains("在的 😀"))
    }),
    ("customer service, window closed", |t, at| {
        let words = CustomerMessage::Text("您好".to_owned());
        Ok(refused_with(
            t.account
                .send_customer_message(at, &t.openid("wangjianguo"), &words, None),
            45015,
        ))
    }),
    ("QR code", |t, at| {
        let scene = Scene::Text {
            id: "shop_7".to_owned(),
            seconds: 1800,
        };
        let code = t.account.create_qr(at, &scene)?;
        Ok(code.expire_seconds == Some(1800) && !code.ticket.is_empty() && code.url.starts_with("http"))
    }),
    ("QR code, for ever", |t, at| {
        Ok(t.account
            .create_qr(at, &Scene::PermanentNumber(7))?
            .expire_seconds
            .is_none())
    }),
    ("user info", |t, at| {
        let info = t.account.user_info(at, &t.openid("liu"))?;
        Ok(info.follows() && info.openid == t.openid("liu"))
    }),
    ("user info, not following", |t, at| {
        Ok(!t.account.user_info(at, &t.openid("chenchen"))?.follows())
    }),
    ("quota used up", |t, at| {
        t.fault("oa_quota");
        Ok(refused_with(t.account.user_info(at, &t.openid("liu")), 45009))
    }),
];

/// A step of an order's life; `Err` says what came instead.
type Step = (&'static str, fn(&There, &Payee<'_>, At) -> Result<bool, String>);

/// An order from its making to the return of the money; each step finds what the former left.
const ORDER: &[Step] = &[
    ("prepay", |t, payee, at| {
        let prepay = done(payee.prepay_jsapi(at, NONCE, &t.order(1)))?;
        let sheet = t.sheet(&payee.page_params(&prepay, at.now_s, NONCE));
        Ok(sheet.contains(&format!("\"total\":{PRICE}")))
    }),
    ("prepay, again with other words", |t, payee, at| {
        let other = JsapiOrder {
            description: "别的".to_owned(),
            ..t.order(1)
        };
        Ok(payee_refused(
            payee.prepay_jsapi(at, NONCE, &other),
            &Code::InvalidRequest,
        ))
    }),
    ("query, unpaid", |_, payee, at| {
        Ok(done(payee.query(at, NONCE, &number(1)))?.trade_state == TradeState::NotPay)
    }),
    ("query, unknown", |_, payee, at| {
        Ok(payee_refused(
            payee.query(at, NONCE, &number(9)),
            &Code::OrderNotExist,
        ))
    }),
    ("notice of a payment", |t, _, _| {
        t.pays(&number(1));
        let Content::Payment(paid) = t.next_notice().content else {
            return Err("another notice".to_owned());
        };
        let total = paid.amount.as_ref().map(|amount| amount.total);
        Ok(paid.out_trade_no == number(1).as_str()
            && paid.trade_state == TradeState::Success
            && total == Some(PRICE))
    }),
    ("query, paid, by both numbers", |_, payee, at| {
        let paid = done(payee.query(at, NONCE, &number(1)))?;
        let id = paid.transaction_id.clone().ok_or("no number of WeChat")?;
        let same = done(payee.query_by_id(at, NONCE, &id))?;
        Ok(same.out_trade_no == paid.out_trade_no && same.success_at_ms().is_some())
    }),
    ("close, paid", |_, payee, at| {
        Ok(payee_refused(
            payee.close(at, NONCE, &number(1)),
            &Code::OrderPaid,
        ))
    }),
    ("refund", |t, payee, at| {
        Ok(done(payee.refund(at, NONCE, &t.refund()))?.status == RefundStatus::Processing)
    }),
    ("refund, again", |t, payee, at| {
        Ok(done(payee.refund(at, NONCE, &t.refund()))?.amount.refund == 850)
    }),
    ("notice of a refund", |t, _, _| {
        let Content::Refund(refund) = t.next_notice().content else {
            return Err("another notice".to_owned());
        };
        Ok(refund.refund_status == RefundStatus::Success && refund.amount.refund == 850)
    }),
    ("query of a refund", |_, payee, at| {
        Ok(done(payee.query_refund(at, NONCE, &refund_number()))?.status == RefundStatus::Success)
    }),
    ("query, refunded", |_, payee, at| {
        Ok(done(payee.query(at, NONCE, &number(1)))?.trade_state == TradeState::Refund)
    }),
    ("close, twice", |t, payee, at| {
        done(payee.prepay_jsapi(at, NONCE, &t.order(2)))?;
        done(payee.close(at, NONCE, &number(2)))?;
        done(payee.close(at, NONCE, &number(2)))?;
        Ok(done(payee.query(at, NONCE, &number(2)))?.trade_state == TradeState::Closed)
    }),
    ("server failed", |t, payee, at| {
        t.fault("pay_system_error");
        Ok(matches!(
            payee.prepay_jsapi(at, NONCE, &t.order(3)),
            Outcome::Unknown(Cause::Server(_))
        ))
    }),
    ("probe in place of a signature", |t, payee, at| {
        t.fault("response_signtest");
        Ok(
            matches!(payee.prepay_jsapi(at, NONCE, &t.order(3)), Outcome::Unknown(Cause::Unverifiable(no)) if no.is_probe()),
        )
    }),
    ("answer of six minutes ahead", |t, payee, at| {
        t.fault("clock_skew");
        Ok(matches!(
            payee.query(at, NONCE, &number(1)),
            Outcome::Unknown(Cause::Unverifiable(_))
        ))
    }),
];

#[test]
fn the_account_is_understood() {
    understood(ACCOUNT);
}

#[test]
fn an_order_of_a_direct_merchant_is_understood() {
    let there = There::open().direct();
    lives(&there, &there.pay.own().unwrap());
}

#[test]
fn an_order_of_a_sub_merchant_is_understood() {
    let there = There::open();
    lives(&there, &there.pay.sub_merchant("1900000109", None).unwrap());
}

fn understood(calls: &[Call]) {
    let there = There::open();
    let wrong: Vec<String> = calls
        .iter()
        .filter_map(|(name, call)| complaint(name, call(&there, there.at())))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn lives(there: &There, payee: &Payee<'_>) {
    let wrong: Vec<String> = ORDER
        .iter()
        .filter_map(|(name, step)| complaint(name, step(there, payee, there.at())))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn complaint(name: &str, answer: Result<bool, impl std::fmt::Display>) -> Option<String> {
    match answer {
        Ok(true) => None,
        Ok(false) => Some(format!("{name}: another answer was awaited")),
        Err(error) => Some(format!("{name}: {error}")),
    }
}

fn done<T>(outcome: Outcome<T>) -> Result<T, String> {
    match outcome {
        Outcome::Done(value) => Ok(value),
        Outcome::Refused(error) => Err(error.to_string()),
        Outcome::Unknown(cause) => Err(cause.to_string()),
    }
}

fn payee_refused<T>(outcome: Outcome<T>, code: &Code) -> bool {
    matches!(outcome, Outcome::Refused(error) if error.code == *code)
}

fn refused_with<T>(answer: Result<T, Error>, number: i64) -> bool {
    matches!(answer, Err(Error::Api { code, .. }) if code.number() == number)
}

fn number(n: u8) -> OutTradeNo {
    OutTradeNo::new(&format!("CONTRACT_{n}")).unwrap()
}

fn refund_number() -> OutRefundNo {
    OutRefundNo::new("CONTRACT_R1").unwrap()
}

fn menu() -> Menu {
    let item = |name: &str, action| Item {
        name: name.to_owned(),
        action,
    };
    let view = Action::View {
        url: "http://127.0.0.1:8700/".to_owned(),
    };
    let click = Action::Click {
        key: "BOOKINGS".to_owned(),
    };
    let group = Button::Group {
        name: "我的".to_owned(),
        sub_button: vec![item("我的预约", click)],
    };
    Menu {
        button: vec![Button::Item(item("附近的店", view)), group],
    }
}

impl There {
    /// The order with this number, by the same person and for the same price.
    fn order(&self, n: u8) -> JsapiOrder {
        JsapiOrder {
            out_trade_no: number(n),
            description: "全身推拿 60 分钟".to_owned(),
            total_fen: PRICE,
            payer: Payer::Caller(self.openid("zhangli")),
            notify_url: self.notices_url(),
            time_expire_s: Some(self.begun_s + 1800),
            attach: Some("备注".to_owned()),
            profit_sharing: false,
        }
    }

    fn refund(&self) -> RefundOrder {
        RefundOrder {
            out_refund_no: refund_number(),
            out_trade_no: number(1),
            refund_fen: 850,
            total_fen: PRICE,
            reason: Some("客户取消".to_owned()),
            notify_url: Some(self.notices_url()),
        }
    }
}
