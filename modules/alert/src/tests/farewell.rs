//! A customer deletes the account: every table of the program is looked through, and nobody must be found.

use std::collections::BTreeMap;

use booking::{Why, abort};
use kernel::Error;
use payment::{WeChatPay, testing as pay};
use review::NewReview;
use testkit::Page;

use super::*;

/// What is the person's.
const PERSON: [&str; 5] = ["张女士", "13812345678", pay::OPENID, "肩酸怕凉", "中关村大街"];

/// The columns of every table, as either engine tells.
async fn columns(house: &House) -> BTreeMap<String, Vec<String>> {
    type Told = Vec<(String, String)>;
    let ask = |sql: &'static str| {
        move |tx: &mut Tx| -> Result<Told> { tx.all(sql, &[], |row| Ok((row.get(0)?, row.get(1)?))) }
    };
    let db = &house.app.app.db;
    let sqlite =
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    let postgres =
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
                    WHERE table_schema = current_schema()";
    let told = match db.read(ask(sqlite)).await {
        Ok(told) => told,
        Err(Error::Refused(no)) => panic!("{no:?}"),
        Err(_) => db.read(ask(postgres)).await.unwrap(),
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in told {
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// Where something of the person stands: table and what.
async fn traces(house: &House) -> Vec<String> {
    let mut found = Vec::new();
    let tables = columns(house).await;
    assert!(
        tables.len() > 60,
        "all tables are looked through: {}",
        tables.len()
    );
    for (table, columns) in tables {
        let text: Vec<String> = columns
            .iter()
            .filter(|column| *column != "jpeg")
            .map(|column| format!("COALESCE(CAST(\"{column}\" AS TEXT), '')"))
            .collect();
        let sql = format!("SELECT {} FROM \"{table}\"", text.join(" || ' ' || "));
        let sql: &'static str = Box::leak(sql.into_boxed_str());
        let rows: Vec<String> = house.read(move |tx| tx.all(sql, &[], |row| row.get(0))).await;
        for trace in PERSON {
            if rows.iter().any(|row| row.contains(trace)) {
                found.push(format!("{table}: {trace}"));
            }
        }
    }
    found
}

/// Delivers what WeChat Pay sends.
async fn deliver(house: &House, post: pay::Post) {
    let (db, cx) = (house.app.app.db.clone(), house.app.cx(Actor::System("notice")));
    let money = house.app.app.plug::<std::sync::Arc<WeChatPay>>().clone();
    tokio::task::spawn_blocking(move || {
        payment::inbox::receive(&db, &cx, &money, &post.headers, &post.body).unwrap();
    })
    .await
    .unwrap();
    house.app.run_jobs().await;
}

/// The whole life of a customer: served and reviewed, broken off, called off and given back, answers, an address.
async fn lives(house: &House) -> (Booking, Booking) {
    let customer = Actor::Customer(house.customer);
    let mut served = house.paid(0, 660).await;
    house.pass(35).await;
    for step in [booking::check_in, booking::start, booking::complete] {
        let (id, seen) = (served.id, served.version);
        served = house
            .write(house.as_owner(), move |cx, tx| step(cx, tx, id, seen))
            .await
            .unwrap();
        house.app.run_jobs().await;
    }
    let (id, order) = (served.id, served.order);
    let new = NewReview {
        stars: 5,
        words: "手法好".to_owned(),
    };
    house
        .write(customer, move |cx, tx| review::write(cx, tx, id, &new).map(drop))
        .await
        .unwrap();
    let answer = order::Answer {
        name: "哪里不舒服".to_owned(),
        value: "肩酸怕凉".to_owned(),
    };
    house
        .write(customer, move |_, tx| {
            order::record_answers(tx, order, ("booking", id.raw()), std::slice::from_ref(&answer))
        })
        .await
        .unwrap();
    let (address, whose) = (house.app.cx(customer).id::<booking::Address>(), house.customer);
    house
        .write(customer, move |_, tx| {
            tx.run(
                "INSERT INTO booking_address (id, customer_id, booking_id, district, lat, lng, street, house, forget_at)
                 VALUES ($1, $2, $3, '110108', 39.98, 116.31, '中关村大街 1 号', '2 单元', $4)",
                db::params![address, whose, id, Instant(i64::MAX / 4)],
            )?;
            tx.run(
                "UPDATE booking SET note = '肩酸怕凉' WHERE id = $1",
                db::params![id],
            )
        })
        .await
        .unwrap();
    // Another is broken off with words that name the customer, and its money comes back.
    let broken = house.paid(0, 780).await;
    let (id, seen) = (broken.id, broken.version);
    house.pass(120).await;
    house
        .write(house.as_owner(), move |cx, tx| {
            let here = booking::check_in(cx, tx, id, seen)?;
            abort(cx, tx, id, here.version, Why::ShopTrouble, "张女士等不了")
        })
        .await
        .unwrap();
    house.app.run_jobs().await;
    house.pass(2).await;
    let order = broken.order;
    let refunds = house
        .read(move |tx| payment::refunds(tx, &order::purpose(order)))
        .await;
    for refund in refunds {
        let wechat = house.app.app.plug::<pay::FakeWeChat>().clone();
        deliver(house, wechat.refund_ends(&refund.out_refund_no, "SUCCESS")).await;
    }
    (served, house.booking(id).await)
}

#[test]
fn edge_case_21_nothing_of_a_person_is_left_in_any_table() {
    House::on_each_engine(AUTOMATIC, |house| async move {
        let zhang = house.app.customer(house.customer).await;
        let (served, broken) = lives(&house).await;
        // The notice of a payment names the payer too.
        let number = {
            let order = served.order;
            house
                .read(move |tx| payment::payments(tx, &order::purpose(order)))
                .await[0]
                .out_trade_no
                .clone()
        };
        let notice = house.app.app.plug::<pay::FakeWeChat>().notice(&number);
        deliver(&house, notice).await;
        let before = traces(&house).await;
        for place in [
            "customer: 张女士",
            "customer: 13812345678",
            "booking: 13812345678",
            "booking: 肩酸怕凉",
            "booking_address: 中关村大街",
            "booking_step_words: 张女士",
            "order_answer: 肩酸怕凉",
            "alert: 张女士",
            "alert_message: 张女士",
            "answer: 13812345678",
        ] {
            assert!(before.iter().any(|found| found == place), "{place} in {before:?}");
        }
        for table in ["customer", "alert_message", "payment_payment"] {
            let openid = format!("{table}: {}", pay::OPENID);
            assert!(before.contains(&openid), "{openid} in {before:?}");
        }
        assert!(
            !before.iter().any(|found| found.starts_with("payment_notice")),
            "{before:?}"
        );

        let customer = Actor::Customer(house.customer);
        house.write(customer, booking::delete_account).await.unwrap();
        house.app.run_jobs().await;
        assert_eq!(traces(&house).await, Vec::<String>::new());

        // The business stays, without a person.
        let (id, order) = (served.id, served.order);
        let review = house.read(move |tx| review::of_booking(tx, id)).await.unwrap();
        assert_eq!(
            (review.author.as_str(), review.words.as_str()),
            ("已注销用户", "手法好")
        );
        let order = house.read(move |tx| order::order(tx, order)).await;
        assert_eq!(order.state, order::State::Fulfilled);
        assert_eq!(house.booking(broken.id).await.state, booking::State::Aborted);
        let page: Page = zhang.get("/me").await;
        assert_ne!(page.status, 200, "signed out everywhere");
        let again = house
            .write(Actor::Guest, |cx, tx| {
                identity::greet_customer(cx, tx, pay::OPENID)
            })
            .await
            .unwrap();
        assert_ne!(again.id, house.customer);
    });
}
