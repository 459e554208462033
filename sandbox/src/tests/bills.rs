//! Bills: when they show, what stands in them, how they are fetched, and planted differences.

use std::io::Read as _;

use serde_json::{Value, json};

use super::payment::{open_gcm, order, pay, prepay, refund_body, signed, signed_by};
use super::refunds::refund;
use super::*;

const DAY: i64 = 86_400_000;

/// A bench on which yesterday two orders were paid and one was refunded in part, and it is past ten.
struct Morning {
    bench: Bench,
    /// Yesterday, `yyyy-MM-dd`.
    date: String,
    at_s: i64,
}

/// Turns the clock on to `hour` o'clock in Beijing, `days` after today.
fn turn_to(bench: &Bench, from_ms: i64, days: i64, hour: i64) -> i64 {
    let midnight = from_ms - (from_ms + 8 * 3_600_000).rem_euclid(DAY);
    let target = midnight + days * DAY + hour * 3_600_000;
    let minutes = (target - from_ms) / 60_000 + 1;
    let told = bench
        .post("/control/time", json!({"forward_minutes": minutes}))
        .json();
    crate::clock::parse_rfc3339(told["now"].as_str().unwrap()).unwrap()
}

impl Morning {
    fn start() -> Self {
        let bench = Bench::start_with(|config| config.refund_delay_ms = 1);
        let start = now_s() * 1000;
        // Noon, so that the day does not end during the test.
        let noon = turn_to(&bench, start, 1, 12);
        let date = crate::clock::beijing(noon)[..10].to_owned();
        let mut this = Self {
            bench,
            date,
            at_s: noon / 1000,
        };
        for (number, fen) in [("BOOKING1", 12_850), ("BOOKING2", 100)] {
            let mut body = order(&this.bench, number);
            body["amount"]["total"] = json!(fen);
            body["description"] = json!("全身推拿,60 分钟");
            this.call("POST", super::payment::PREPAY, &body.to_string());
            pay(&this.bench, number, "paid");
        }
        let refunded = this.call(
            "POST",
            super::refunds::REFUNDS,
            &refund_body("R1", 850).to_string(),
        );
        assert_eq!(refunded.status, 200, "{}", refunded.text());
        wait_for(|| this.bench.get("/control/refunds").json()["refunds"][0]["status"] == "SUCCESS");
        turn_to(&this.bench, noon, 1, 10);
        this.at_s = this.now_s();
        this
    }

    /// The sandbox's clock.
    fn now_s(&self) -> i64 {
        let told = self.bench.post("/control/time", json!({})).json();
        crate::clock::parse_rfc3339(told["now"].as_str().unwrap()).unwrap() / 1000
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        self.bench
            .send(signed(&self.bench, method, path, body, self.at_s))
            .unwrap()
    }

    /// A bill's text after the hash is checked over what is fetched, or over what is in it.
    fn bill(&self, path: &str) -> String {
        let offer = self.call("GET", path, "");
        assert_eq!(offer.status, 200, "{}", offer.text());
        self.fetch(&offer.json())
    }

    fn fetch(&self, offer: &Value) -> String {
        let url = offer["download_url"].as_str().unwrap();
        let path = url.strip_prefix(&self.bench.credentials.pay).unwrap();
        let file = self.call("GET", path, "");
        assert_eq!(
            (file.status, file.header("wechatpay-signature")),
            (200, ""),
            "a file is not signed"
        );
        let mut text = file.body.clone();
        if path.ends_with("&tartype=gzip") {
            text.clear();
            flate2::read::GzDecoder::new(&file.body[..])
                .read_to_end(&mut text)
                .unwrap();
        }
        let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &text);
        let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(offer["hash_value"], json!(hex));
        String::from_utf8(text).unwrap()
    }

    fn trade(&self) -> String {
        self.bill(&format!(
            "/v3/bill/tradebill?bill_date={}&sub_mchid=1900000109",
            self.date
        ))
    }
}

/// The lines as values, the headings left out.
fn values(text: &str) -> Vec<Vec<String>> {
    let lines = text.split("\r\n").filter(|line| line.starts_with('`'));
    lines
        .map(|line| line[1..].split(",`").map(str::to_owned).collect())
        .collect()
}

fn column(text: &str, name: &str) -> Vec<String> {
    let at = text
        .split("\r\n")
        .next()
        .unwrap()
        .split(',')
        .position(|one| one == name)
        .unwrap();
    let lines = values(text);
    lines[..lines.len() - 1]
        .iter()
        .map(|line| line[at].clone())
        .collect()
}

#[test]
fn a_bill_shows_after_ten_the_next_day_and_only_where_something_happened() {
    let bench = Bench::start();
    let start = now_s() * 1000;
    prepay(&bench, &order(&bench, "BOOKING1"));
    pay(&bench, "BOOKING1", "paid");
    let date = crate::clock::beijing(start)[..10].to_owned();
    let ask = |date: &str, at_ms: i64| {
        let path = format!("/v3/bill/tradebill?bill_date={date}");
        let answer = bench
            .send(signed(&bench, "GET", &path, "", at_ms / 1000))
            .unwrap();
        (
            answer.status,
            answer.json()["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    assert_eq!(ask(&date, start), (400, "PARAM_ERROR".into()), "not today's");
    assert_eq!(ask("2026-1-1", start), (400, "PARAM_ERROR".into()));
    let nine = turn_to(&bench, start, 1, 9);
    assert_eq!(ask(&date, nine), (400, "STATEMENT_CREATING".into()));
    let ten = turn_to(&bench, nine, 0, 10);
    assert_eq!(ask(&date, ten), (200, String::new()));
    let before = &crate::clock::beijing(start - DAY)[..10];
    assert_eq!(ask(before, ten), (400, "NO_STATEMENT_EXIST".into()));
    let late = turn_to(&bench, ten, 95, 10);
    assert_eq!(
        ask(&date, late),
        (400, "NO_STATEMENT_EXIST".into()),
        "three months are over"
    );
}

#[test]
fn the_trade_bill_says_what_happened_in_the_words_and_order_of_the_real_one() {
    let morning = Morning::start();
    let text = morning.trade();
    assert_eq!(
        text.split("\r\n").next().unwrap(),
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,\
         代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,\
         申请退款金额,费率备注"
            .replace(char::is_whitespace, "")
    );
    assert_eq!(column(&text, "交易状态"), ["REFUND", "SUCCESS", "SUCCESS"]);
    assert_eq!(column(&text, "商户订单号"), ["BOOKING1", "BOOKING2", "BOOKING1"]);
    assert_eq!(column(&text, "应结订单金额"), ["0.00", "1.00", "128.50"]);
    assert_eq!(column(&text, "退款金额"), ["8.50", "0.00", "0.00"]);
    assert_eq!(column(&text, "退款状态"), ["SUCCESS", "", ""]);
    // 0.6 % of 128.50 is 0.771; of what is kept of it, 120.00, 0.72.
    assert_eq!(column(&text, "手续费"), ["-0.05000", "0.01000", "0.77000"]);
    assert_eq!(column(&text, "商品名称")[0], "全身推拿,60 分钟");
    assert!(
        column(&text, "交易时间")
            .iter()
            .all(|at| at.starts_with(&morning.date) && at.len() == 19)
    );
    assert_eq!(
        values(&text).pop().unwrap(),
        ["3", "129.50", "8.50", "0.00", "0.73000", "129.50", "8.50"]
    );
    assert!(text.contains(
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
    ));

    let path = format!("/v3/bill/tradebill?bill_date={}", morning.date);
    let only = |kind: &str| morning.bill(&format!("{path}&bill_type={kind}&tar_type=GZIP"));
    let (success, refunds) = (only("SUCCESS"), only("REFUND"));
    assert_eq!(
        values(&success).pop().unwrap(),
        ["2", "129.50", "0.78000", "129.50"]
    );
    assert_eq!(column(&refunds, "商户退款单号"), ["R1"]);
    assert_eq!(column(&refunds, "退款成功时间")[0].len(), 19);
    let foreign = morning.call("GET", &format!("{path}&sub_mchid=1800000000"), "");
    assert_eq!(foreign.json()["code"], "MCH_NOT_EXISTS");
}

#[test]
fn the_fund_bill_of_a_sub_merchant_is_encrypted_and_adds_up() {
    let morning = Morning::start();
    let path = format!(
        "/v3/bill/sub-merchant-fundflowbill?sub_mchid=1900000109&bill_date={}&account_type=BASIC&algorithm=AEAD_AES_256_GCM",
        morning.date
    );
    let offer = morning.call("GET", &path, "").json();
    assert_eq!(offer["download_bill_count"], 1, "{offer}");
    let entry = &offer["download_bill_list"][0];
    let url = entry["download_url"].as_str().unwrap();
    let file = morning.call(
        "GET",
        url.strip_prefix(&morning.bench.credentials.pay).unwrap(),
        "",
    );
    let key = super::keys::opened(&morning.bench, entry["encrypt_key"].as_str().unwrap());
    let plain = open_gcm(&key, entry["nonce"].as_str().unwrap(), "", file.body);
    let text = String::from_utf8(plain).unwrap();
    assert_eq!(sha1_hex(&text), entry["hash_value"]);
    assert_eq!(
        text.split("\r\n").next().unwrap(),
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
    );
    assert_eq!(
        column(&text, "业务类型"),
        ["交易", "扣除交易手续费", "交易", "扣除交易手续费", "退款"]
    );
    assert_eq!(
        column(&text, "收支金额(元)"),
        ["128.50", "0.77", "1.00", "0.01", "8.45"]
    );
    assert_eq!(
        column(&text, "账户结余(元)"),
        ["128.50", "127.73", "128.73", "128.72", "120.27"]
    );
    assert_eq!(column(&text, "备注")[4], "退款总金额8.50元;含手续费0.05元");
    assert_eq!(
        column(&text, "业务凭证号"),
        ["BOOKING1", "BOOKING1", "BOOKING2", "BOOKING2", "R1"]
    );
    assert_eq!(values(&text).pop().unwrap(), ["5", "2", "129.50", "3", "9.23"]);
    let own = morning.call(
        "GET",
        &format!("/v3/bill/fundflowbill?bill_date={}", morning.date),
        "",
    );
    assert_eq!(
        own.json()["code"],
        "NO_STATEMENT_EXIST",
        "the provider's own account did not move"
    );
}

#[test]
fn a_file_is_for_who_asked_and_for_five_minutes_and_the_hash_may_be_of_the_file() {
    let morning = Morning::start();
    let path = format!("/v3/bill/tradebill?bill_date={}&tar_type=GZIP", morning.date);
    let offer = morning.call("GET", &path, "").json();
    let url = offer["download_url"].as_str().unwrap();
    let file = url.strip_prefix(&morning.bench.credentials.pay).unwrap();
    let unsigned = morning
        .bench
        .request("GET", file)
        .header("accept", "*/*")
        .header("user-agent", "test");
    let unsigned = morning.bench.send(unsigned.body(Vec::new()).unwrap()).unwrap();
    assert_eq!(
        (unsigned.status, unsigned.json()["code"].clone()),
        (401, json!("SIGN_ERROR"))
    );
    let direct = &morning.bench.credentials.direct;
    let other = signed_by(&morning.bench, direct, "GET", file, "", morning.at_s);
    assert_eq!(morning.bench.send(other).unwrap().status, 400);

    morning.bench.post(
        "/control/bills/format",
        json!({"hash_of_file": true, "byte_order_mark": true}),
    );
    let offer = morning.call("GET", &path, "").json();
    let url = offer["download_url"].as_str().unwrap();
    let body = morning
        .call(
            "GET",
            url.strip_prefix(&morning.bench.credentials.pay).unwrap(),
            "",
        )
        .body;
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &body);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(offer["hash_value"], json!(hex));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&body[..])
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.starts_with("\u{feff}交易时间"));

    morning.bench.post("/control/time", json!({"scale": 100_000.0}));
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(morning.call("GET", file, "").status, 400, "five minutes are over");
}

#[test]
fn differences_are_planted_into_both_bills_on_demand() {
    let morning = Morning::start();
    let with = |fault: Value| {
        let answer = morning.bench.post("/control/bills/faults", fault);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let text = morning.trade();
        let request = morning
            .bench
            .request("DELETE", "/control/bills/faults")
            .body(Vec::new())
            .unwrap();
        morning.bench.send(request).unwrap();
        text
    };
    let numbers = |text: &str| column(text, "商户订单号");
    let dropped = with(json!({"kind": "drop_line", "out_trade_no": "BOOKING2"}));
    assert_eq!(numbers(&dropped), ["BOOKING1", "BOOKING1"]);
    let missing = with(json!({"kind": "missing_refund"}));
    assert_eq!(column(&missing, "交易状态"), ["SUCCESS", "SUCCESS"]);
    let changed = with(json!({"kind": "change_amount", "out_trade_no": "BOOKING2", "amount": 99}));
    assert_eq!(column(&changed, "订单金额"), ["0.00", "0.99", "128.50"]);
    assert_eq!(
        values(&changed).pop().unwrap()[1],
        "129.49",
        "the summary is wrong along with it"
    );
    let foreign = with(json!({"kind": "foreign_line", "amount": 500}));
    assert_eq!(numbers(&foreign)[3], "FOREIGN000001");
    let doubled = with(json!({"kind": "duplicate_line", "out_trade_no": "BOOKING2"}));
    assert_eq!(
        numbers(&doubled),
        ["BOOKING1", "BOOKING2", "BOOKING2", "BOOKING1"]
    );
    let elsewhere = with(json!({"kind": "drop_line", "date": "2020-01-01"}));
    assert_eq!(numbers(&elsewhere).len(), 3);
    let other = with(json!({"kind": "drop_line", "bill": "fund"}));
    assert_eq!(numbers(&other).len(), 3);
    assert_eq!(numbers(&morning.trade()).len(), 3, "taken away again");
}

#[test]
fn a_refund_asked_for_today_is_in_todays_bill() {
    let morning = Morning::start();
    // The second refund falls on the day after the payment.
    let mut body = refund_body("R2", 50);
    body["out_trade_no"] = json!("BOOKING2");
    body["amount"]["total"] = json!(100);
    assert_eq!(
        refund(&morning.bench, &body).status,
        401,
        "the program's clock stands still"
    );
    assert_eq!(
        morning
            .call("POST", super::refunds::REFUNDS, &body.to_string())
            .status,
        200
    );
    assert_eq!(column(&morning.trade(), "商户退款单号"), ["R1", "0", "0"]);
}
