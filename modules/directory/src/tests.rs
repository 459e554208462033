//! Through the front door.

use kernel::{Actor, Cx, Id, Lang, Money, Result, Shop};
use scheduling::{Choice, Length, Shift, Wanted};
use testkit::{Page, Person, START, TestApp, on_each_engine};
use web::{Module, Plugs, Routes};

use crate::Index;

/// Opens a page until it fits: news of a change follow the answer to it within moments.
async fn get_until(person: &Person, path: &str, fits: impl Fn(&Page) -> bool) -> Page {
    for _ in 0..100 {
        let page = person.get(path).await;
        if fits(&page) {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{path} stays as it was: {}", person.get(path).await.text())
}

/// A module of which only the tables are needed.
fn tables(name: &'static str, migrations: &'static [db::Migration]) -> Module {
    Module {
        name,
        migrations,
        texts: [(Lang::Zh, ""), (Lang::En, "")],
        routes: Routes::new(name),
        jobs: Vec::new(),
        listens: Vec::new(),
        refusals: &[],
    }
}

fn program() -> (Vec<Module>, Plugs) {
    let modules = vec![
        shop::module(),
        catalog::module(),
        therapist::module(),
        tables("scheduling", scheduling::MIGRATIONS),
        tables("review", review::MIGRATIONS),
        crate::module(),
    ];
    (modules, Plugs::default().with(Index::default()))
}

/// A shop `metres` east of the station 国贸, with one service, one therapist and one bed.
fn given(cx: &Cx, tx: &mut db::Tx, name: &str, metres: f64, opens: i64) -> Result<Id<Shop>> {
    let station = geo::subway::station("国贸").expect("the station is known").point;
    let new = shop::NewShop {
        name: name.to_owned(),
        district: shop::District::Chaoyang,
        address: "建国路 88 号".to_owned(),
        walking: "国贸站 C 口出来一直向东".to_owned(),
        phone: "01065881234".to_owned(),
        point: geo::Wgs84 {
            lat: station.lat,
            lng: station.lng + metres / 85_300.0,
        },
        introduction: "窗明几净。".to_owned(),
        kind: shop::Kind::Health,
        sub_mchid: None,
        accepts: shop::Accepts::Automatic,
        photo: String::new(),
        photo_words: "胡同里的店门".to_owned(),
    };
    let shop = shop::create(cx, tx, &new)?;
    shop::activate(cx, tx, shop.id, shop.version)?;
    let day = |weekday| shop::Opening {
        weekday,
        opens,
        closes: 1320,
    };
    shop::set_week(cx, tx, shop.id, &(1..=7).map(day).collect::<Vec<_>>())?;
    let service = catalog::NewService {
        name: "全身保健按摩".to_owned(),
        kind: catalog::Kind::FullBody,
        category: None,
        minutes: 60,
        price: Money::yuan(128),
        before: 0,
        after: 0,
        introduction: "从头到脚。".to_owned(),
    };
    catalog::create(cx, tx, shop.id, &service)?;
    let liu = therapist::NewTherapist {
        number: 8,
        name: "刘长河".to_owned(),
        gender: therapist::Gender::Male,
        level: therapist::Level::Senior,
        introduction: "手法沉稳。".to_owned(),
        skills: "肩颈、腰背".to_owned(),
        portrait: String::new(),
        shows_blind: true,
    };
    let liu = therapist::create(cx, tx, shop.id, &liu)?;
    let week: Vec<Shift> = (1..=7)
        .map(|weekday| Shift {
            weekday,
            starts: opens,
            ends: 1320,
        })
        .collect();
    scheduling::set_shifts(cx, tx, liu.id, &week)?;
    scheduling::add_bed(cx, tx, shop.id, "一号床")?;
    Ok(shop.id)
}

async fn write<T: Send + 'static>(
    app: &TestApp,
    mut f: impl FnMut(&Cx, &mut db::Tx) -> Result<T> + Send + 'static,
) -> T {
    let cx = app.cx(Actor::System("test"));
    app.app.db.write(move |tx| f(&cx, tx)).await.unwrap()
}

#[test]
fn the_nearest_open_shop_comes_first() {
    on_each_engine(program, |app| async move {
        let guest = app.guest();
        assert!(guest.get("/").await.text().contains("这里还没有店"));
        // It is Sunday, ten o'clock.
        let shut = write(&app, |cx, tx| given(cx, tx, "近处晚开的店", 200.0, 720)).await;
        let open = write(&app, |cx, tx| given(cx, tx, "远处早开的店", 900.0, 540)).await;
        let page = get_until(&guest, "/?station=国贸", |page| {
            page.text().matches("起").count() == 2
        })
        .await;
        let (html, text) = (page.html(), page.text());
        let place = |id: Id<Shop>| html.find(&format!("id=\"shop-{id}\"")).unwrap();
        assert!(place(open) < place(shut), "open ones first: {text}");
        assert!(
            text.contains("国贸站附近的店") && text.contains("1 家开着"),
            "{text}"
        );
        assert!(
            text.contains("步行约 16 分钟") && text.contains("营业到 22:00"),
            "{text}"
        );
        assert!(
            text.contains("今天中午 12 点开门") || text.contains("12 点开门"),
            "{text}"
        );
        assert!(
            text.contains("¥128") && html.contains("tel:01065881234"),
            "{text}"
        );
        assert!(
            html.contains(&format!("href=\"/shops/{open}?station=")),
            "the place is carried on"
        );

        let marked = page
            .attribute_after(&format!("id=\"shop-{open}\""), "data-lng")
            .unwrap();
        let wgs = geo::subway::station("国贸").unwrap().point.lng + 900.0 / 85_300.0;
        assert!(
            (marked.parse::<f64>().unwrap() - wgs).abs() > 0.003,
            "the map's datum is GCJ-02"
        );

        assert!(guest.get("/?district=110105").await.text().contains("朝阳区的店"));
        assert!(
            guest
                .get("/?district=110119")
                .await
                .text()
                .contains("这里还没有店")
        );
        assert!(
            guest
                .get("/?lat=abc&lng=&datum=gcj02")
                .await
                .text()
                .contains("天安门")
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_shops_page_says_when_and_why_a_day_differs() {
    on_each_engine(program, |app| async move {
        let id = write(&app, |cx, tx| given(cx, tx, "清风堂", 300.0, 540)).await;
        let (guest, at) = (app.guest(), format!("/shops/{id}"));
        assert!(guest.get(&at).await.text().contains("营业到 22:00"));
        // The shop's own day off with its reason, and a holiday by its name.
        write(&app, move |cx, tx| {
            let today = shop::SpecialDays {
                first: START.day(),
                last: START.day(),
                hours: None,
                reason: "店里装修".to_owned(),
            };
            shop::set_special_days(cx, tx, id, &today)?;
            let festival = START.day().plus(9);
            shop::enter_holiday(cx, tx, festival, shop::DayKind::Off, "冬至节")?;
            let rule = shop::HolidayRule {
                holidays: shop::OnHolidays::Closed,
                work_like: None,
            };
            shop::set_holiday_rule(cx, tx, id, rule)
        })
        .await;
        get_until(&guest, &at, |page| {
            let text = page.text();
            let said = ["（店里装修）", "（冬至节）", "最早明天"];
            said.iter().all(|words| text.contains(words)) && !text.contains("营业到 22:00")
        })
        .await;
        write(&app, move |cx, tx| shop::lift_exception(cx, tx, id, START.day())).await;
        get_until(&guest, &at, |page| page.text().contains("营业到 22:00")).await;
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_shops_page_follows_every_change() {
    on_each_engine(program, |app| async move {
        let id = write(&app, |cx, tx| given(cx, tx, "清风堂", 300.0, 540)).await;
        let (guest, at) = (app.guest(), format!("/shops/{id}"));
        let text = guest.get(&at).await.text();
        for words in [
            "营业到 22:00",
            "全身保健按摩",
            "¥128",
            "60 分钟",
            "8 号 刘长河师傅",
            "擅长肩颈、腰背",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        for words in [
            "2026 年 11 月 22 日",
            "还没有评价",
            "国贸站 C 口出来一直向东",
            "最早今天上午 10 点一刻有空",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(
            guest
                .get(&at)
                .await
                .html()
                .contains(&format!("href=\"/shops/{id}/book\""))
        );

        write(&app, move |cx, tx| take_the_morning(cx, tx, id)).await;
        get_until(&guest, &at, |page| {
            page.text().contains("最早今天上午 11 点一刻有空")
        })
        .await;

        let shop = write(&app, move |cx, tx| {
            let service = catalog::services_of(tx, id)?.remove(0);
            catalog::unlist(cx, tx, service.id, service.version)?;
            shop::shop(tx, id)
        })
        .await;
        get_until(&guest, &at, |page| !page.text().contains("全身保健按摩")).await;
        write(&app, move |cx, tx| {
            shop::suspend(cx, tx, id, shop.version, "装修")
        })
        .await;
        get_until(&guest, &at, |page| page.status == 404).await;
        assert!(guest.get("/?station=国贸").await.text().contains("这里还没有店"));
        assert_eq!(
            guest
                .get(&format!("/shops/{}", Id::<Shop>::from_raw(5)))
                .await
                .status,
            404
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

/// Claims the only therapist from a quarter past ten for an hour.
fn take_the_morning(cx: &Cx, tx: &mut db::Tx, shop: Id<Shop>) -> Result<()> {
    let liu = therapist::of_shop(tx, shop)?.remove(0).id;
    let wanted = Wanted {
        shop,
        choice: Choice::Named(liu),
        starts_at: START.plus_minutes(15),
        length: Length {
            minutes: 60,
            before: 0,
            after: 0,
        },
        holder: cx.id(),
    };
    scheduling::claim(cx, tx, &wanted)?;
    tx.announce(&booking::topic(shop))
}

#[test]
fn free_times_that_pass_without_news_are_looked_up_again() {
    on_each_engine(program, |app| async move {
        let id = write(&app, |cx, tx| given(cx, tx, "清风堂", 300.0, 540)).await;
        let at = format!("/shops/{id}");
        assert!(app.guest().get(&at).await.text().contains("10 点一刻有空"));
        app.clock.advance_minutes(60);
        assert!(app.guest().get(&at).await.text().contains("11 点一刻有空"));
    });
}

#[test]
fn therapist_and_service_lead_to_booking() {
    on_each_engine(program, |app| async move {
        let id = write(&app, |cx, tx| given(cx, tx, "清风堂", 300.0, 540)).await;
        let (liu, service) = write(&app, move |_, tx| {
            Ok((
                therapist::of_shop(tx, id)?.remove(0),
                catalog::services_of(tx, id)?.remove(0),
            ))
        })
        .await;
        let times = format!(
            "href=\"/shops/{id}/book/{}/times?therapist={}\"",
            service.id, liu.id
        );
        let guest = app.guest();
        let page = guest.get(&format!("/therapists/{}", liu.id)).await;
        assert!(
            page.html().contains(&times) && page.text().contains("盲人按摩师"),
            "{}",
            page.text()
        );
        let page = guest.get(&format!("/services/{}", service.id)).await;
        assert!(
            page.html().contains(&times) && page.text().contains("¥128，60 分钟"),
            "{}",
            page.text()
        );

        write(&app, move |cx, tx| therapist::take_back(cx, tx, liu.id)).await;
        let at = format!("/therapists/{}", liu.id);
        get_until(&guest, &at, |page| !page.text().contains("盲人按摩师")).await;
        write(&app, move |cx, tx| {
            therapist::let_go(cx, tx, liu.id, liu.version + 1)
        })
        .await;
        get_until(&guest, &at, |page| page.status == 404).await;
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}

#[test]
fn a_place_is_chosen_by_hand() {
    on_each_engine(program, |app| async move {
        let guest = app.guest();
        let page = guest.get("/stations?q=guomao").await;
        assert!(
            page.text().contains("找到") && page.text().contains("国贸站"),
            "{}",
            page.text()
        );
        let link = page.attributes("href", "/?station=").into_iter().next().unwrap();
        assert!(guest.get(&link).await.text().contains("国贸站附近的店"));
        let page = guest.get("/stations?q=浦东机场").await;
        assert!(page.text().contains("没有叫“浦东机场”的站"), "{}", page.text());
        assert!(page.text().contains("海淀区") && page.text().contains("1号线"));
        let diagram = guest.get("/assets/subway.json").await;
        assert_eq!(
            (diagram.status, diagram.json()["datum"].as_str()),
            (200, Some("gcj02"))
        );
        assert_eq!(app.missing_texts(), Vec::<String>::new());
    });
}
