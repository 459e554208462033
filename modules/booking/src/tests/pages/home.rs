//! Home visits through the doors: the address, the fare before paying, what the desk may read when, and the settings.

use testkit::{Page, Person, START};

use super::{super::home::terms, *};

mod change;

const STREET: &str = "鼓楼东大街 1 号院";
const DOOR: &str = "3 单元 502";

impl Visit {
    async fn goes(&self) {
        let (shop, terms) = (self.shop, terms(self.service, &[self.liu]));
        let cx = self.app.cx(Actor::Staff {
            id: Id::from_raw(1),
            shop: None,
            role: Role::Centre,
        });
        let set = self
            .app
            .app
            .db
            .write(move |tx| set_home_terms(&cx, tx, shop, &terms));
        set.await.unwrap();
    }

    fn home_page(&self) -> String {
        format!("/shops/{}/book/{}/home", self.shop, self.service)
    }

    /// Sends the address form of a door some 3 km north of the shop, with `changed` fields.
    async fn place(&self, person: &Person, changed: &[(&str, &str)]) -> Page {
        let mut fields = vec![
            ("lat", "39.9665"),
            ("lng", "116.39"),
            ("datum", "wgs84"),
            ("station", ""),
            ("district", "110101"),
            ("street", STREET),
            ("house", DOOR),
        ];
        fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        fields.extend(changed);
        person.post(&self.home_page(), &fields).await
    }

    /// The booking of a home visit at a minute, paid.
    async fn booked_at_home(&self, minute: i64) -> Booking {
        let kept = self.place(&self.zhang, &[]).await;
        let who = kept.location().unwrap().to_owned();
        let home = who.split("home=").nth(1).unwrap().to_owned();
        let slot = START.day().at(minute).ms();
        let details = format!(
            "/shops/{}/book/{}/details?therapist=any&home={home}&slot={slot}",
            self.shop, self.service
        );
        let page = self.zhang.get(&details).await;
        let text = page.text();
        assert!(
            text.contains("上门车费")
                && text.contains("¥20")
                && text.contains("合计")
                && text.contains("¥148"),
            "the fare stands there before paying: {text}"
        );
        assert!(page.html().contains("去支付 ¥148"), "{text}");
        let key = page.attribute_after("name=\"key\"", "value").unwrap();
        let slot = slot.to_string();
        let service = self.service.to_string();
        let fields = [
            ("service", service.as_str()),
            ("therapist", "any"),
            ("home", home.as_str()),
            ("slot", slot.as_str()),
            ("key", key.as_str()),
            ("name", "张女士"),
            ("phone", "13812345678"),
            ("strength", "firm"),
            ("health", "1"),
        ];
        let sent = self.zhang.post("/bookings", &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let pay = self.zhang.get(sent.location().unwrap()).await;
        assert!(pay.text().contains("上门车费"), "{}", pay.text());
        self.pay_held().await
    }

    async fn now_of(&self, booking: &Booking) -> Booking {
        let id = booking.id;
        self.app
            .app
            .db
            .read(move |tx| crate::booking(tx, id))
            .await
            .unwrap()
    }
}

fn tells_where(page: &Page) -> bool {
    let html = page.html();
    html.contains(STREET) || html.contains("502") || html.contains("13812345678") || html.contains("138 1234")
}

#[test]
fn an_address_is_asked_first_and_never_stands_in_the_address_of_a_page() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let who = format!("/shops/{}/book/{}", visit.shop, visit.service);
        assert!(
            !visit.zhang.get(&who).await.text().contains("上门"),
            "the shop does not go"
        );
        assert_eq!(visit.zhang.get(&visit.home_page()).await.status, 404);
        visit.goes().await;
        let page = visit.zhang.get(&who).await;
        assert!(page.html().contains(&visit.home_page()), "{}", page.html());
        let form = visit.zhang.get(&visit.home_page()).await;
        assert!(
            form.text().contains("先填地址") && form.text().contains("30 天后"),
            "{}",
            form.text()
        );

        for (field, value, words) in [
            ("street", " ", "请填街道"),
            ("house", "", "请填单元和门牌号"),
            ("district", "", "请选所在的区"),
            ("station", "没有这个站", "请按“用我现在的位置”"),
            ("lat", "", "请按“用我现在的位置”"),
            ("lat", "40.2", "超出了店里上门的范围"),
        ] {
            let refused = visit.place(&visit.zhang, &[(field, value)]).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(refused.text().contains(words), "{field}: {}", refused.text());
            let kept = if field == "street" { DOOR } else { STREET };
            assert!(refused.html().contains(kept), "what was typed stays");
        }
        let station = visit
            .place(&visit.zhang, &[("lat", ""), ("station", "鼓楼大街站")])
            .await;
        assert_eq!(station.status, 303, "{}", station.text());

        let kept = visit.place(&visit.zhang, &[]).await;
        let address = kept.location().unwrap().to_owned();
        assert!(address.starts_with(&format!("{who}?home=")), "{address}");
        assert!(!address.contains("39.") && !address.contains("502"), "{address}");
        let chosen = visit.zhang.get(&address).await;
        let text = chosen.text();
        assert!(text.contains("上门到东城区，离店约 3 公里，车费 ¥20"), "{text}");
        assert!(
            text.contains("刘师傅") && !text.contains("王师傅"),
            "only who goes: {text}"
        );
        assert_eq!(
            visit.wang.get(&address).await.status,
            404,
            "nobody else's address"
        );
        let times = chosen
            .attributes("href", "/shops/")
            .into_iter()
            .find(|href| href.contains("/times"));
        let times = visit.zhang.get(&times.unwrap().replace("&amp;", "&")).await;
        // Twelve o'clock is too soon: somebody must get there first.
        assert!(!times.text().contains("中午 12 点，"), "{}", times.text());
        visit.done();
    });
}

#[test]
fn the_desk_reads_the_address_only_on_the_way_and_there() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.goes().await;
        let booking = visit.booked_at_home(900).await;
        let page_at = format!("/desk/bookings/{}", booking.id);
        let own = visit.zhang.get(&format!("/bookings/{}", booking.id)).await;
        assert!(
            own.text().contains(STREET) && own.text().contains("上门，请在家等候"),
            "{}",
            own.text()
        );
        assert!(!own.text().contains("到店码"), "{}", own.text());

        let before = visit.owner.get(&page_at).await;
        let text = before.text();
        assert!(!tells_where(&before), "{text}");
        assert!(
            text.contains("东城区") && text.contains("离店约 3 公里") && text.contains("出发后显示"),
            "{text}"
        );
        let list = visit.owner.get("/desk/bookings").await;
        assert!(
            list.text().contains("上门服务") && !tells_where(&list),
            "{}",
            list.text()
        );

        let early = visit.press(&booking, "departure", &[]).await;
        assert_eq!(early.status, 409);
        assert!(
            early.text().contains("才能出发") && !tells_where(&early),
            "{}",
            early.text()
        );
        visit.app.clock.advance_minutes(250);
        let gone = visit.press(&booking, "departure", &[]).await;
        assert_eq!(gone.location(), Some(page_at.as_str()));
        let on_the_way = visit.owner.get(&page_at).await;
        let text = on_the_way.text();
        assert!(
            text.contains(STREET) && text.contains(DOOR) && text.contains("138****5678"),
            "{text}"
        );
        assert!(
            !text.contains("13812345678"),
            "the number is dialled, not read: {text}"
        );

        visit.press(&visit.now_of(&booking).await, "arrival", &[]).await;
        let there = visit.owner.get(&page_at).await;
        assert!(there.text().contains("到达后记了 0 次"), "{}", there.text());
        visit.press(&visit.now_of(&booking).await, "calls", &[]).await;
        let there = visit.owner.get(&page_at).await;
        assert!(there.text().contains("到达后记了 1 次"), "{}", there.text());
        visit.press(&visit.now_of(&booking).await, "start", &[]).await;
        assert!(tells_where(&visit.owner.get(&page_at).await));
        visit
            .press(&visit.now_of(&booking).await, "completion", &[])
            .await;
        let after = visit.owner.get(&page_at).await;
        assert!(!tells_where(&after), "{}", after.text());
        assert!(after.text().contains("已经不再显示"), "{}", after.text());
        visit.done();
    });
}

#[test]
fn the_safety_key_is_one_button_on_the_way_and_there() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.goes().await;
        let booking = visit.booked_at_home(900).await;
        let page_at = format!("/desk/bookings/{}", booking.id);
        let key = format!("{page_at}/safety");
        visit.app.clock.advance_minutes(250);
        assert!(!visit.owner.get(&page_at).await.html().contains(&key));
        visit.press(&booking, "departure", &[]).await;
        let page = visit.owner.get(&page_at).await;
        assert!(page.html().contains(&key), "{}", page.html());
        let pressed = visit.press(&visit.now_of(&booking).await, "safety", &[]).await;
        assert_eq!(pressed.status, 303, "{}", pressed.text());
        assert_eq!(visit.now_of(&booking).await.state, State::Aborted);
        let after = visit.owner.get(&page_at).await;
        assert!(!tells_where(&after), "{}", after.text());
        let centre = visit.app.centre().await;
        assert!(!tells_where(&centre.get("/console/cases").await));
        visit.done();
    });
}

#[test]
fn a_customer_reads_what_is_kept_once_somebody_is_on_the_way() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.goes().await;
        let booking = visit.booked_at_home(900).await;
        let cancellation = format!("/bookings/{}/cancellation", booking.id);
        visit.app.clock.advance_minutes(250);
        let before = visit.zhang.get(&cancellation).await;
        // Three tenths of 148 yuan.
        assert!(before.text().contains("店里留 ¥44.40"), "{}", before.text());
        visit.press(&booking, "departure", &[]).await;
        let own = visit.zhang.get(&format!("/bookings/{}", booking.id)).await;
        assert!(own.text().contains("已经出发"), "{}", own.text());
        let after = visit.zhang.get(&cancellation).await;
        // The fare of 20 yuan, and three tenths of 128.
        assert!(
            after.text().contains("退回 ¥89.60，店里留 ¥58.40"),
            "{}",
            after.text()
        );
        visit.done();
    });
}

#[test]
fn owner_and_centre_set_where_the_shop_goes() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let path = format!("/console/shops/{}/home-visits", visit.shop);
        let page = visit.owner.get(&path).await;
        assert!(page.text().contains("现在不上门"), "{}", page.text());
        let (service, liu) = (visit.service.to_string(), visit.liu.to_string());
        let right = [
            ("on", "1"),
            ("radius", "8"),
            ("districts", "110101"),
            ("districts", "110102"),
            ("base", "15.50"),
            ("base_km", "2"),
            ("per_km", "4"),
            ("pace", "5"),
            ("least", "20"),
            ("services", service.as_str()),
            ("therapists", liu.as_str()),
        ];
        for (field, value, words) in [
            ("radius", "80", "半径请填 1 到 50"),
            ("base", "很多", "车费请填"),
            ("pace", "0", "每公里请填"),
        ] {
            let mut wrong = right.to_vec();
            wrong.retain(|(name, _)| *name != field);
            wrong.push((field, value));
            let refused = visit.owner.post(&path, &wrong).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(refused.text().contains(words), "{}", refused.text());
            assert!(
                refused.html().contains(&format!("value=\"{value}\"")),
                "what was typed stays"
            );
        }
        let nobody: Vec<_> = right
            .iter()
            .filter(|(name, _)| *name != "therapists")
            .copied()
            .collect();
        assert!(
            visit
                .owner
                .post(&path, &nobody)
                .await
                .text()
                .contains("请至少选一位上门的师傅")
        );
        assert_eq!(visit.owner.post(&path, &right).await.status, 303);
        let saved = visit.owner.get(&path).await;
        assert!(
            saved
                .text()
                .contains("上门：8 公里内、东城区、西城区，车费 ¥15.50 起"),
            "{}",
            saved.text()
        );
        visit.done();
    });
}

#[test]
fn clerks_and_strangers_do_not_set_it_and_the_centre_does() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        visit.goes().await;
        let path = format!("/console/shops/{}/home-visits", visit.shop);
        let off = [
            ("radius", "8"),
            ("base", "15.50"),
            ("base_km", "2"),
            ("per_km", "4"),
            ("pace", "5"),
            ("least", "20"),
        ];
        let clerk = visit.app.staff(Role::Clerk, visit.shop).await;
        assert_eq!(clerk.get(&path).await.status, 403);
        let centre = visit.app.centre().await;
        assert!(
            centre
                .get("/console/home-visits")
                .await
                .text()
                .contains("1 家店上门")
        );
        assert_eq!(visit.owner.get("/console/home-visits").await.status, 403);
        assert_eq!(centre.post(&path, &off).await.status, 303);
        assert_eq!(
            visit.zhang.get(&visit.home_page()).await.status,
            404,
            "switched off"
        );
        let foreign = format!("/console/shops/{}/home-visits", Id::<Shop>::from_raw(5));
        assert_eq!(visit.owner.get(&foreign).await.status, 404);
        visit.done();
    });
}
