//! The daily look at a bill of yesterday: as many lines as the size has, with a few of each kind of difference, and what
//! moved on the account.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use db::{Config, Db, Event, Listeners, Runner};
use http::{Request, Response};
use kernel::{Actor, Day, Lang, World};
use payment::testing::{Clock, FakeWeChat, SP_APPID, SP_MCHID};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use wechat::{Transport, TransportError};

use super::{Size, TODAY};
use crate::{Outcome, stage::told};

const TRADE: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,\
货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,\
订单金额,申请退款金额,费率备注";
const TRADE_TOTALS: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
const FUND: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,\
备注,业务凭证号";
const FUND_TOTALS: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";
/// Of so many lines, one of each kind is wrong.
const WRONG_EVERY: usize = 2_000;

/// What came of it.
pub(super) struct Looked {
    pub seconds: f64,
    pub lines: i64,
    /// How many differences of each kind were found.
    pub found: Vec<(String, i64)>,
}

/// A payment or a refund as the bill lists it.
#[derive(Clone)]
struct Line {
    number: String,
    transaction: String,
    refund: Option<(String, String)>,
    sub_mchid: String,
    fen: i64,
    mchid: &'static str,
    state: &'static str,
    currency: &'static str,
    fee_fen: i64,
}

/// Reads yesterday's bill as the morning's job does, then takes the traces of it away, so that it can be read again.
pub(super) fn look(size: Size) -> Outcome<Looked> {
    let file = size.file()?;
    let day = TODAY.plus(-1);
    forget(&Connection::open(&file)?, day)?;
    let lines = lines(&Connection::open(&file)?, day)?;
    // Another moment and another chance every time: the fees of the last time stay in the books, and two thousand more of the
    // same millisecond would meet their identifiers.
    let first = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)?
        .as_micros() as i64;
    let clock = Clock::at(TODAY.at(631) + first % 60_000);
    let teller = Teller {
        wechat: FakeWeChat::new(&clock),
        trade: trade_bill(&lines, day),
        fund: fund_bill(&lines, day),
    };
    let pay = Arc::new(payment::testing::payee_through(Arc::new(teller)));
    let (hands, seeds) = (clock.clone(), AtomicI64::new(first));
    let world = World::new(
        move || hands.now(),
        move || seeds.fetch_add(1, Ordering::Relaxed).unsigned_abs(),
    );
    let db = Db::open(Config::Sqlite { path: file.clone() }, world, Listeners::default()).map_err(told)?;
    let runner = Runner::new(db.clone(), payment::jobs(pay));
    let cx = db.world().cx(Actor::System("bench"), Lang::Zh);
    // Long ago, so that it is the first of what is due.
    let due = kernel::Instant(1);
    db.write(move |tx| tx.schedule(&cx, Read::NAME, &Read { day, round: 0 }, due, None))
        .wait()
        .map_err(told)?;
    let begun = Instant::now();
    let ran = runner.run_one(|_| 0).map_err(told)?;
    let seconds = begun.elapsed().as_secs_f64();
    match ran {
        Some(ran) if ran.name == Read::NAME && ran.end == "done" => {}
        other => {
            return Err(format!(
                "the bill was not read: {:?}",
                other.map(|ran| (ran.name, ran.end))
            )
            .into());
        }
    }
    drop((runner, db));
    let conn = Connection::open(&file)?;
    let mut asked = conn
        .prepare("SELECT kind, COUNT(*) FROM payment_difference WHERE day = ?1 GROUP BY kind ORDER BY 1")?;
    let found = asked
        .query_map([day.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let lines = conn.query_row("SELECT lines FROM payment_bill WHERE day = ?1", [day.0], |row| {
        row.get(0)
    })?;
    forget(&conn, day)?;
    Ok(Looked {
        seconds,
        lines,
        found,
    })
}

/// The job as `payment` writes it.
#[derive(Serialize, Deserialize)]
struct Read {
    day: Day,
    round: u32,
}

impl Event for Read {
    const NAME: &'static str = "payment.bill";
}

fn forget(conn: &Connection, day: Day) -> Outcome<()> {
    conn.execute(
        "UPDATE payment_payment SET billed_on = NULL WHERE paid_at >= ?1 AND paid_at < ?2",
        (day.at(0).ms(), day.plus(1).at(0).ms()),
    )?;
    let refunds = "UPDATE payment_refund SET billed_on = NULL WHERE billed_on = ?1 AND requested_at >= ?2";
    conn.execute(refunds, (day.0, day.at(0).ms()))?;
    for table in ["payment_bill", "payment_bill_shop", "payment_difference"] {
        conn.execute(&format!("DELETE FROM {table} WHERE day = ?1"), [day.0])?;
    }
    conn.execute("DELETE FROM job WHERE name = 'payment.bill'", [])?;
    Ok(())
}

/// What happened yesterday, with a few lines made wrong.
fn lines(conn: &Connection, day: Day) -> Outcome<Vec<Line>> {
    let span = (day.at(0).ms(), day.plus(1).at(0).ms());
    let mut paid = conn.prepare(
        "SELECT out_trade_no, transaction_id, sub_mchid, amount FROM payment_payment
          WHERE paid_at >= ?1 AND paid_at < ?2 AND state = 'succeeded' ORDER BY id",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        let fen: i64 = row.get(3)?;
        Ok(Line {
            number: row.get(0)?,
            transaction: row.get(1)?,
            refund: None,
            sub_mchid: row.get(2)?,
            fen,
            mchid: SP_MCHID,
            state: "SUCCESS",
            currency: "CNY",
            fee_fen: (fen * 60 + 5_000) / 10_000,
        })
    };
    let mut lines: Vec<Line> = paid.query_map(span, read)?.collect::<Result<_, _>>()?;
    let mut given = conn.prepare(
        "SELECT p.out_trade_no, p.transaction_id, p.sub_mchid, r.amount, r.out_refund_no, r.refund_id
           FROM payment_refund r JOIN payment_payment p ON p.id = r.payment_id
          WHERE p.paid_at >= ?1 AND p.paid_at < ?2 AND r.state = 'succeeded' ORDER BY r.id",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        let mut line = read(row)?;
        line.refund = Some((row.get(4)?, row.get(5)?));
        line.fee_fen = -line.fee_fen;
        Ok(line)
    };
    lines.extend(given.query_map(span, read)?.collect::<Result<Vec<_>, _>>()?);
    Ok(spoiled(lines))
}

/// Of each kind of difference a few: something in our books that the bill has not, something in the bill that we have not,
/// a line twice, and each field of a line that can be wrong.
fn spoiled(lines: Vec<Line>) -> Vec<Line> {
    let mut all = Vec::with_capacity(lines.len());
    let mut refunds = 0;
    for (at, mut line) in lines.into_iter().enumerate() {
        let refunded = line.refund.is_some();
        refunds += usize::from(refunded);
        // Refunds are few, and so more of them are wrong.
        let turn = if refunded {
            refunds % (WRONG_EVERY / 50)
        } else {
            at % WRONG_EVERY
        };
        match (turn, refunded) {
            (0, false) => continue,
            (1, false) => {
                all.push(line.clone());
                line.number = format!("X{at}");
                line.transaction = format!("{}7", line.transaction);
            }
            (2, false) => all.push(line.clone()),
            (3, false) => line.fen += 1,
            (4, false) => line.transaction = format!("49{}", &line.transaction[2..]),
            (5, false) => line.fee_fen += 30,
            (6, false) => line.mchid = "1230000999",
            (7, false) => line.currency = "USD",
            (8, false) => line.state = "REVOKED",
            (10, true) => line.fen -= 1,
            (11, true) => line.state = "CHANGE",
            (12, true) => {
                let spare = line.clone();
                line.refund = Some((format!("Y{at}"), format!("5{at}")));
                all.push(spare);
            }
            (13, true) => continue,
            _ => {}
        }
        all.push(line);
    }
    all
}

fn trade_bill(lines: &[Line], day: Day) -> Vec<u8> {
    let at = format!("{day} 12:00:00");
    let mut text = format!("{TRADE}\n");
    let (mut settled, mut back, mut fees) = (0, 0, 0);
    for line in lines {
        let (refund, number, paid, given) = match &line.refund {
            Some((number, id)) => (id.as_str(), number.as_str(), 0, line.fen),
            None => ("0", "0", line.fen, 0),
        };
        let (state, refund_state) = match &line.refund {
            Some(_) => ("REFUND", line.state),
            None => (line.state, ""),
        };
        settled += paid;
        back += given;
        fees += line.fee_fen;
        let (paid, given, fee) = (yuan(paid), yuan(given), yuan(line.fee_fen));
        let (mchid, sub, transaction, ours, currency) = (
            line.mchid,
            &line.sub_mchid,
            &line.transaction,
            &line.number,
            line.currency,
        );
        text.push_str(&format!(
            "`{at},`{SP_APPID},`{mchid},`{sub},`,`{transaction},`{ours},`o,`JSAPI,`{state},`OTHERS,`{currency},`{paid},`0.00,\
             `{refund},`{number},`{given},`0.00,`ORIGINAL,`{refund_state},`按摩,`,`{fee}000,`0.60%,`{paid},`{given},`\n"
        ));
    }
    let (settled, back, fees) = (yuan(settled), yuan(back), yuan(fees));
    let count = lines.len();
    text.push_str(&format!(
        "{TRADE_TOTALS}\n`{count},`{settled},`{back},`0.00,`{fees}000,`{settled},`{back}\n"
    ));
    text.into_bytes()
}

fn fund_bill(lines: &[Line], day: Day) -> Vec<u8> {
    let at = format!("{day} 12:00:00");
    let mut text = format!("{FUND}\n");
    let (mut came, mut went) = ((0, 0), (0, 0));
    for (nth, line) in lines.iter().enumerate() {
        // One movement in so many is of nothing that we know.
        let number = match &line.refund {
            _ if nth % WRONG_EVERY == 20 => format!("8{nth}"),
            Some((_, id)) => id.clone(),
            None => line.transaction.clone(),
        };
        let (business, way, sums) = match line.refund {
            Some(_) => ("退款", "支出", &mut went),
            None => ("交易", "收入", &mut came),
        };
        sums.0 += 1;
        sums.1 += line.fen;
        let fen = yuan(line.fen);
        text.push_str(&format!(
            "`{at},`{number},`F{nth},`{business},`{business},`{way},`{fen},`0.00,`system,`,`V{nth}\n"
        ));
    }
    let (all, ins, outs) = (lines.len(), came.0, went.0);
    let (in_yuan, out_yuan) = (yuan(came.1), yuan(went.1));
    text.push_str(&format!(
        "{FUND_TOTALS}\n`{all},`{ins},`{in_yuan},`{outs},`{out_yuan}\n"
    ));
    text.into_bytes()
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// WeChat, as far as it hands out bills.
struct Teller {
    wechat: FakeWeChat,
    trade: Vec<u8>,
    fund: Vec<u8>,
}

impl Transport for Teller {
    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Result<Response<Vec<u8>>, TransportError> {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let file = if path.contains("fund") || query.contains("fund") {
            &self.fund
        } else {
            &self.trade
        };
        if path.starts_with("/v3/billdownload") {
            return Ok(Response::new(file.clone()));
        }
        let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, file);
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let which = if path.contains("fund") { "fund" } else { "trade" };
        let url = format!("https://api.mch.weixin.qq.com/v3/billdownload/file?token={which}");
        let link = serde_json::json!({"hash_type": "SHA1", "hash_value": hash, "download_url": url});
        let mut response = Response::new(link.to_string().into_bytes());
        *response.headers_mut() = self.wechat.signed(response.body());
        Ok(response)
    }
}
