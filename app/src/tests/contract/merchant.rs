//! The rest of WeChat Pay: other ways to pay, profit sharing, applications, the self-test, bills.

use std::{net::Ipv4Addr, time::Duration};

use wechat::{
    Secret,
    pay::{
        H5Kind, H5Scene, OpenOrder, Picture, SharingNo,
        applyment::{
            BankAccount, BankAccountKind, Business, BusinessCode, ContactKind, Form, IdCard, IdDocument,
            Identity, Licence, Rules, Scene as Place, StoreScene, Subject, SubjectKind, Super,
        },
        bill::{AccountKind, BillDay, BillFile, BillLink, TradeBillKind, read_fund_bill, read_trade_bill},
        sharing::{
            Receiver, ReceiverKind, Relation, ReturnOrder, ReturnState, Share, SharingOrder, SharingRef,
            SharingState, Unfreeze,
        },
    },
};

use super::*;

const DAY_MINUTES: i64 = 24 * 60;
const SUB_MCHID: &str = "1900000109";

/// The merchant's steps; each finds what the former left. The sandbox's clock is turned on the way, so each asks it.
const MERCHANT: &[Step] = &[
    ("native", |t, payee, at| {
        let code = done(payee.prepay_native(at, NONCE, &t.open_order(4)))?;
        Ok(code.code_url.starts_with("weixin://"))
    }),
    ("H5", |t, payee, at| {
        let scene = H5Scene {
            payer_client_ip: Ipv4Addr::LOCALHOST.into(),
            kind: H5Kind::Wap,
        };
        let page = done(payee.prepay_h5(at, NONCE, &t.open_order(5), &scene))?;
        Ok(page.h5_url.starts_with("http"))
    }),
    ("self-test", |t, _, at| {
        let secret = Secret::new("秘密".to_owned());
        let told = done(t.pay.echo(at, NONCE, "hello", Some(&secret), None))?;
        Ok(told.echo_message == "hello" && told.encrypted_echo_message.is_some())
    }),
    ("share of a paid order", |t, payee, at| {
        let order = JsapiOrder {
            profit_sharing: true,
            ..t.order(6)
        };
        done(payee.prepay_jsapi(at, NONCE, &order))?;
        t.pays(&number(6));
        let Content::Payment(paid) = t.next_notice().content else {
            return Err("another notice".to_owned());
        };
        let transaction_id = paid.transaction_id.clone().ok_or("no number of WeChat")?;
        done(payee.add_receiver(at, NONCE, &t.partner(), &Relation::ServiceProvider))?;
        t.forward(2);
        let order = SharingOrder {
            out_order_no: sharing("CONTRACT_S1"),
            transaction_id,
            shares: vec![Share {
                receiver: t.partner(),
                fen: 1000,
                description: "服务费".to_owned(),
            }],
            unfreeze_unsplit: false,
        };
        done(payee.share(t.clock(), NONCE, &order))?;
        t.forward(5);
        let found =
            done(payee.query_sharing(t.clock(), NONCE, &sharing("CONTRACT_S1"), &order.transaction_id))?;
        Ok(found.state == SharingState::Finished && found.succeeded())
    }),
    ("share, taken back", |t, payee, _| {
        let wish = ReturnOrder {
            out_return_no: sharing("CONTRACT_B1"),
            of: SharingRef::Ours(sharing("CONTRACT_S1")),
            return_mchid: t.partner().account,
            fen: 300,
            description: "多分了".to_owned(),
        };
        done(payee.take_back(t.clock(), NONCE, &wish))?;
        t.forward(5);
        let (number, of) = (sharing("CONTRACT_B1"), sharing("CONTRACT_S1"));
        let back = done(payee.query_return(t.clock(), NONCE, &number, &of))?;
        Ok(back.result == ReturnState::Success && back.amount == 300)
    }),
    ("rest, unfrozen", |t, payee, _| {
        let paid = done(payee.query(t.clock(), NONCE, &number(6)))?;
        let transaction_id = paid.transaction_id.clone().ok_or("no number of WeChat")?;
        let left = done(payee.left_to_share(t.clock(), NONCE, &transaction_id))?;
        let wish = Unfreeze {
            out_order_no: sharing("CONTRACT_U1"),
            transaction_id: transaction_id.clone(),
            description: "解冻".to_owned(),
        };
        done(payee.unfreeze(t.clock(), NONCE, &wish))?;
        t.forward(5);
        let after = done(payee.left_to_share(t.clock(), NONCE, &transaction_id))?;
        Ok(left > 0 && after == 0 && done(payee.max_share(t.clock(), NONCE))? > 0)
    }),
    ("receiver, removed", |t, payee, _| {
        done(payee.delete_receiver(t.clock(), NONCE, &t.partner()))?;
        Ok(true)
    }),
    ("application of a shop", |t, _, _| {
        let picture =
            Picture::new("licence.png", b"\x89PNG\r\n\x1a\na licence").map_err(|no| no.to_string())?;
        let id = done(t.pay.upload_picture(t.clock(), NONCE, picture))?;
        let form = form(id);
        let applied = done(t.pay.apply(t.clock(), NONCE, &form))?;
        let found = done(t.pay.query_applyment(t.clock(), NONCE, &form.business_code))?;
        Ok(found.applyment_id == applied.applyment_id && !found.applyment_state.is_final())
    }),
    ("bills of the day", |t, _, _| {
        let today = beijing_day(t.clock().now_s);
        t.forward(DAY_MINUTES);
        while !(10..23).contains(&beijing_hour(t.clock().now_s)) {
            t.forward(60);
        }
        let wanted = (today, TradeBillKind::All);
        let link = done(t.pay.trade_bill(t.clock(), NONCE, wanted, None))?;
        let trade = read_trade_bill(&t.bill(&link)?.text).map_err(|no| no.to_string())?;
        let ours = trade
            .records
            .iter()
            .find(|one| one.out_trade_no == number(6).as_str());
        let link = done(t.pay.fund_bill(t.clock(), NONCE, (today, AccountKind::Basic)))?;
        let fund = read_fund_bill(&t.bill(&link)?.text).map_err(|no| no.to_string())?;
        let settled = ours.map(|one| (one.settled_fen, one.sub_mchid.as_deref()));
        Ok(settled == Some((PRICE, Some(SUB_MCHID))) && fund.totals.count == fund.records.len() as u64)
    }),
];

#[test]
fn a_merchant_is_understood() {
    let there = There::open();
    let payee = there.pay.sub_merchant(SUB_MCHID, None).unwrap();
    let wrong: Vec<String> = MERCHANT
        .iter()
        .filter_map(|(name, step)| complaint(name, step(&there, &payee, there.clock())))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn sharing(text: &str) -> SharingNo {
    SharingNo::new(text).unwrap()
}

fn beijing_hour(now_s: i64) -> i64 {
    (now_s + 8 * 3600).rem_euclid(86_400) / 3600
}

fn beijing_day(now_s: i64) -> BillDay {
    let text = kernel::Instant(now_s * 1000).day().to_string();
    let mut parts = text.split('-').map(|part| part.parse::<i16>().unwrap());
    let mut next = || parts.next().unwrap();
    let (year, month, day) = (next(), next(), next());
    BillDay::new(year, i8::try_from(month).unwrap(), i8::try_from(day).unwrap()).unwrap()
}

impl There {
    /// What the sandbox's clock shows; the fewest messages pass when both sides agree on it.
    fn clock(&self) -> At {
        At::now(self.now_there_s())
    }

    /// The sandbox's clock goes on, and a moment passes in which it does what became due.
    fn forward(&self, minutes: i64) {
        self.control("POST", "time", &format!("{{\"forward_minutes\":{minutes}}}"));
        std::thread::sleep(Duration::from_millis(300));
    }

    fn open_order(&self, n: u8) -> OpenOrder {
        OpenOrder {
            out_trade_no: number(n),
            description: "全身推拿 60 分钟".to_owned(),
            total_fen: PRICE,
            notify_url: self.notices_url(),
            time_expire_s: None,
            attach: None,
            profit_sharing: false,
        }
    }

    /// The service provider as a receiver of shares.
    fn partner(&self) -> Receiver {
        Receiver {
            kind: ReceiverKind::Merchant,
            account: self.partner_mchid(),
            name: Some(Secret::new("京城盲人按摩服务中心".to_owned())),
        }
    }

    fn bill(&self, link: &wechat::Verified<BillLink>) -> Result<BillFile, String> {
        done(self.pay.download_bill(self.clock(), NONCE, link, 1 << 20))
    }
}

/// A sole trader's shop, with one picture for everything.
fn form(picture: wechat::pay::MediaId) -> Form {
    let secret = |text: &str| Secret::new(text.to_owned());
    Form {
        business_code: BusinessCode::new("CONTRACT_0001").unwrap(),
        contact: Super {
            kind: ContactKind::Legal,
            name: secret("张三丰"),
            phone: secret("13800138000"),
            email: Some(secret("zhang@example.com")),
            openid: None,
        },
        subject: Subject {
            kind: SubjectKind::Individual,
            licence: Licence::Business {
                copy: picture.clone(),
                number: "92110101MA00000000".into(),
                name: "清风堂按摩店".into(),
                legal_person: "张三丰".into(),
            },
            identity: Identity {
                document: IdDocument::Card(IdCard {
                    copy: picture.clone(),
                    copy_back: Some(picture.clone()),
                    name: secret("张三丰"),
                    number: secret("110101199003077475"),
                    address: None,
                    begin: "2019-06-06".into(),
                    end: "长期".into(),
                }),
                is_owner: None,
            },
            owners: Vec::new(),
        },
        business: Business {
            shortname: "清风堂".into(),
            service_phone: "01062345678".into(),
            scenes: vec![Place::Store(StoreScene {
                name: "清风堂".into(),
                address_code: "110101".into(),
                address: "鼓楼东大街 100 号".into(),
                entrance: vec![picture.clone()],
                indoor: vec![picture],
                sub_appid: None,
            })],
        },
        rules: Rules {
            settlement_id: "719".into(),
            qualification_type: "居民生活服务".into(),
            qualifications: Vec::new(),
        },
        account: BankAccount {
            kind: BankAccountKind::Personal,
            name: secret("张三丰"),
            bank: "工商银行".into(),
            address_code: Some("110101".into()),
            branch_id: None,
            branch: None,
            number: secret("6222020200112233445"),
        },
        addition: None,
    }
}
