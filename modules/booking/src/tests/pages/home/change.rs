//! Changes of home visits through the doors: another time, another address, another service, and what the desk reads of it.

use super::*;

const NEW_STREET: &str = "新街口 2 号院";
const NEW_DOOR: &str = "1 单元 101";

fn slot(minute: i64) -> String {
    START.day().at(minute).ms().to_string()
}

/// The form of a door nearly 5 km north of the shop, with `changed` fields.
async fn typed(person: &Person, path: &str, changed: &[(&str, &str)]) -> Page {
    let mut fields = vec![
        ("lat", "39.9835"),
        ("lng", "116.39"),
        ("datum", "wgs84"),
        ("station", ""),
        ("district", "110102"),
        ("street", NEW_STREET),
        ("house", NEW_DOOR),
    ];
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    fields.extend(changed);
    person.post(path, &fields).await
}

/// The number of the address to which a form led.
fn home_of(sent: &Page) -> String {
    let to = sent.location().unwrap_or_else(|| panic!("{}", sent.text()));
    to.split("home=").nth(1).unwrap().to_owned()
}

/// A page that was led to.
async fn led(person: &Person, sent: &Page) -> Page {
    assert_eq!(sent.status, 303, "{}", sent.text());
    person.get(sent.location().unwrap()).await
}

impl Visit {
    async fn booked_to_change(&self, minute: i64) -> Booking {
        self.goes().await;
        self.booked_at_home(minute).await
    }

    /// A visit at eight in the evening that the shop has promised.
    async fn promised_at_home(&self) -> Booking {
        let asked = self.booked_to_change(1200).await;
        self.press(&asked, "confirmation", &[]).await;
        self.now_of(&asked).await
    }

    /// The customer asks for another door, or moves there.
    async fn wants_another_door(&self, booking: &Booking) -> Page {
        let base = format!("/bookings/{}/move", booking.id);
        let home = home_of(&typed(&self.zhang, &format!("{base}/address"), &[]).await);
        let version = self.now_of(booking).await.version.to_string();
        let at = slot(booking.minute());
        let fields = [("version", version.as_str()), ("home", &home), ("slot", &at)];
        self.zhang.post(&base, &fields).await
    }

    /// Another service, listed and done at home too.
    async fn foot_massage(&self) -> catalog::Service {
        let (shop, cx) = (
            self.shop,
            self.app.cx(Actor::Staff {
                id: Id::from_raw(1),
                shop: None,
                role: Role::Centre,
            }),
        );
        let both = terms(self.service, &[self.liu]);
        let new = catalog::NewService {
            name: "足底按摩".to_owned(),
            minutes: 90,
            price: Money::yuan(168),
            ..crate::tests::house::new_service()
        };
        let made = self.app.app.db.write(move |tx| {
            let made = catalog::create(&cx, tx, shop, &new)?;
            let listed = catalog::list(&cx, tx, made.id, made.version)?;
            let mut both = both.clone();
            both.services.push(listed.id);
            set_home_terms(&cx, tx, shop, &both)?;
            Ok(listed)
        });
        made.await.unwrap()
    }

    /// Every page of the desk that tells of the booking, and the lists in which it stands.
    async fn desk_pages(&self, booking: &Booking) -> Vec<Page> {
        let one = format!("/desk/bookings/{}", booking.id);
        let mut paths = vec![
            "/desk".to_owned(),
            "/desk/bookings".to_owned(),
            "/desk/changes".to_owned(),
            format!("/desk/orders/{}", booking.order),
            one.clone(),
        ];
        for page in [
            "change",
            "move",
            "move/address",
            "move/services",
            "therapist",
            "cancellation",
            "refusal",
        ] {
            paths.push(format!("{one}/{page}"));
        }
        let mut pages = Vec::new();
        for path in paths {
            let page = self.owner.get(&path).await;
            assert!([200, 303, 404].contains(&page.status), "{path}: {}", page.status);
            pages.push(page);
        }
        pages
    }

    /// Before somebody sets out no page of the desk says where they go, neither now nor after the change.
    async fn no_desk_page_tells_where(&self, booking: &Booking) {
        for page in self.desk_pages(booking).await {
            let html = page.html();
            let says = tells_where(&page) || html.contains(NEW_STREET) || html.contains(NEW_DOOR);
            assert!(!says, "{}", page.text());
        }
    }
}

#[test]
fn what_is_wrong_with_another_address_is_said_and_nothing_typed_is_lost() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked_to_change(1200).await;
        let base = format!("/bookings/{}/move", booked.id);
        let path = format!("{base}/address");
        let times = visit.zhang.get(&base).await;
        assert!(times.html().contains(&path), "{}", times.html());
        let form = visit.zhang.get(&path).await;
        assert!(
            form.text().contains("改地址 今天晚上 8 点") && form.text().contains("先填新地址"),
            "{}",
            form.text()
        );
        for (field, value, words) in [
            ("street", " ", "请填街道"),
            ("house", "", "请填单元和门牌号"),
            ("district", "", "请选所在的区"),
            ("station", "没有这个站", "请按“用我现在的位置”"),
            ("lat", "40.2", "超出了店里上门的范围"),
        ] {
            let refused = typed(&visit.zhang, &path, &[(field, value)]).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(refused.text().contains(words), "{field}: {}", refused.text());
            let kept = if field == "street" { NEW_DOOR } else { NEW_STREET };
            assert!(refused.html().contains(kept), "{field}: what was typed stays");
        }
        assert_eq!(visit.wang.get(&path).await.status, 404);
        assert_eq!(typed(&visit.wang, &path, &[]).await.status, 404);
        let in_shop = visit.booked(800).await;
        let none = visit
            .zhang
            .get(&format!("/bookings/{}/move/address", in_shop.id))
            .await;
        assert_eq!(none.status, 404, "the customer comes to the shop");
        assert_eq!(visit.now_of(&booked).await, booked, "nothing has changed yet");
        visit.done();
    });
}

#[test]
fn a_customer_reads_what_another_address_costs_and_moves_there() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked_to_change(1200).await;
        let base = format!("/bookings/{}/move", booked.id);
        let kept = typed(&visit.zhang, &format!("{base}/address"), &[]).await;
        let to = kept.location().unwrap().to_owned();
        assert!(!to.contains("39.") && !to.contains("101"), "{to}");
        let times = led(&visit.zhang, &kept).await;
        assert!(
            times.text().contains("改地址 今天晚上 8 点")
                && times.text().contains("上门到西城区，离店约 4.9 公里，车费 ¥30"),
            "{}",
            times.text()
        );
        assert!(
            times.html().contains(&slot(1200)),
            "its own time can stay: {}",
            times.text()
        );
        let home = home_of(&kept);
        let confirm = format!(
            "{base}/confirmation?therapist=&service=&home={home}&slot={}",
            slot(1200)
        );
        let confirm = visit.zhang.get(&confirm).await;
        assert!(
            confirm
                .text()
                .contains("比原来贵 ¥10，差额上门时付，也可以在订单里付。"),
            "{}",
            confirm.text()
        );
        assert_eq!(visit.wang.get(&to).await.status, 404, "nobody else's address");
        let moved = visit.wants_another_door(&booked).await;
        let own = led(&visit.zhang, &moved).await;
        let text = own.text();
        assert!(
            text.contains("改好了，去新地址，今天晚上 8 点")
                && text.contains(NEW_STREET)
                && !text.contains(STREET),
            "{text}"
        );
        visit.no_desk_page_tells_where(&booked).await;
        let desk = visit.owner.get(&format!("/desk/bookings/{}", booked.id)).await;
        assert!(
            desk.text().contains("西城区") && desk.text().contains("离店约 4.9 公里"),
            "{}",
            desk.text()
        );
        visit.done();
    });
}

#[test]
fn the_desk_answers_another_address_without_reading_it() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let booked = visit.promised_at_home().await;
        let base = format!("/bookings/{}", booked.id);
        let sent = visit.wants_another_door(&booked).await;
        let own = led(&visit.zhang, &sent).await;
        assert!(
            own.text().contains("您想改到今天晚上 8 点")
                && own.text().contains("新地址在西城区，离店约 4.9 公里"),
            "{}",
            own.text()
        );
        let asked = visit.zhang.get(&format!("{base}/change")).await;
        assert!(
            asked.text().contains(NEW_STREET) && asked.text().contains("比原来贵 ¥10"),
            "whose address it is reads it: {}",
            asked.text()
        );
        visit.no_desk_page_tells_where(&booked).await;
        let list = visit.owner.get("/desk/changes").await;
        assert!(
            list.text().contains("新地址在西城区，离店约 4.9 公里"),
            "{}",
            list.text()
        );
        let one = visit
            .owner
            .get(&format!("/desk/bookings/{}/change", booked.id))
            .await;
        let text = one.text();
        for words in ["西城区", "离店约 4.9 公里，单程约 30 分钟", "¥30", "比原来贵 ¥10"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
        let stranger = visit.app.staff(Role::Owner, Id::from_raw(5)).await;
        let foreign = format!("/desk/bookings/{}/change", booked.id);
        assert_eq!(stranger.get(&foreign).await.status, 404);
        let asked = visit.now_of(&booked).await;
        let version = asked.version.to_string();
        let agrees = stranger
            .post(&format!("{foreign}/agreement"), &[("version", &version)])
            .await;
        assert_eq!(agrees.status, 404);
        let agreed = visit.press(&asked, "change/agreement", &[]).await;
        assert_eq!(agreed.status, 303, "{}", agreed.text());
        visit.no_desk_page_tells_where(&booked).await;

        visit.app.clock.advance_minutes(550);
        visit.press(&visit.now_of(&booked).await, "departure", &[]).await;
        let on_the_way = visit.owner.get(&format!("/desk/bookings/{}", booked.id)).await;
        assert!(
            on_the_way.text().contains(NEW_STREET) && !on_the_way.text().contains(STREET),
            "{}",
            on_the_way.text()
        );
        visit.done();
    });
}

#[test]
fn the_desk_enters_an_address_that_it_was_told() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let booked = visit.promised_at_home().await;
        let base = format!("/desk/bookings/{}/move", booked.id);
        let path = format!("{base}/address");
        let told = [("lat", ""), ("lng", ""), ("datum", ""), ("station", "鼓楼大街站")];
        assert!(visit.owner.get(&base).await.html().contains(&path));
        let form = visit.owner.get(&path).await;
        assert!(
            form.text().contains("改地址 张女士") && form.text().contains("按顾客说的填"),
            "{}",
            form.text()
        );
        assert!(
            !form.html().contains("name=\"lat\""),
            "where the desk stands says nothing"
        );
        for (field, value, words) in [
            ("street", " ", "请填街道"),
            ("house", "", "请填单元和门牌号"),
            ("district", "", "请选所在的区"),
            ("station", "没有这个站", "地铁站"),
            ("station", "", "地铁站"),
            ("station", "八达岭", "地铁站"),
        ] {
            let mut fields = told.to_vec();
            fields.retain(|(name, _)| *name != field);
            fields.push((field, value));
            let refused = typed(&visit.owner, &path, &fields).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(refused.text().contains(words), "{field}: {}", refused.text());
            let kept = if field == "street" { NEW_DOOR } else { NEW_STREET };
            assert!(refused.html().contains(kept), "{field}: what was typed stays");
        }
        let kept = typed(&visit.owner, &path, &told).await;
        let times = led(&visit.owner, &kept).await;
        let text = times.text();
        assert!(
            text.contains("改地址 张女士")
                && text.contains("上门到西城区")
                && text.contains("顾客同意，改约"),
            "{text}"
        );
        assert!(!text.contains("先问顾客"), "the customer has told it: {text}");
        visit.no_desk_page_tells_where(&booked).await;
        let (home, at) = (home_of(&kept), slot(1215));
        let send = async |agreed: &str| {
            let fields = [("home", home.as_str()), ("slot", &at), ("agreed", agreed)];
            visit.press(&booked, "move", &fields).await
        };
        let unsaid = send("no").await;
        assert_eq!(unsaid.status, 422);
        assert!(
            unsaid.text().contains("请说明顾客是不是已经同意"),
            "{}",
            unsaid.text()
        );
        let said = send("yes").await;
        let desk = led(&visit.owner, &said).await;
        assert!(desk.text().contains("已改地址，张女士"), "{}", desk.text());
        assert_eq!(visit.now_of(&booked).await.minute(), 1215);
        visit.no_desk_page_tells_where(&booked).await;
        let own = visit.zhang.get(&format!("/bookings/{}", booked.id)).await;
        assert!(own.text().contains(NEW_STREET), "{}", own.text());
        visit.done();
    });
}

#[test]
fn who_may_enter_an_address_at_the_desk_and_for_which_booking() {
    Visit::on_each_engine(Accepts::Manual, async |visit| {
        let booked = visit.promised_at_home().await;
        let one = format!("/desk/bookings/{}/move", booked.id);
        let address = format!("{one}/address");
        let therapist = visit.app.staff(Role::Therapist, visit.shop).await;
        assert_eq!(therapist.get(&address).await.status, 403);
        assert_eq!(typed(&therapist, &address, &[]).await.status, 403);
        let clerk = visit.app.staff(Role::Clerk, visit.shop).await;
        let kept = home_of(&typed(&clerk, &address, &[]).await);
        let stranger = visit.app.staff(Role::Owner, Id::from_raw(5)).await;
        for path in [&one, &address, &format!("{one}/services")] {
            assert_eq!(stranger.get(path).await.status, 404, "{path}");
        }
        assert_eq!(typed(&stranger, &address, &[]).await.status, 404);
        let (version, at) = (booked.version.to_string(), slot(1200));
        let fields = [
            ("version", version.as_str()),
            ("home", &kept),
            ("slot", &at),
            ("agreed", "yes"),
        ];
        assert_eq!(stranger.post(&one, &fields).await.status, 404);

        // Neither another booking's nor the customer's own number leads anywhere at the desk, nor the desk's at the customer's.
        let own = format!("/bookings/{}/move", booked.id);
        let typed_by_zhang = home_of(&typed(&visit.zhang, &format!("{own}/address"), &[]).await);
        let other = visit.booked_at_home(900).await;
        let other = format!("/desk/bookings/{}/move", other.id);
        for (person, path, home) in [
            (&visit.owner, &other, &kept),
            (&visit.owner, &one, &typed_by_zhang),
            (&visit.zhang, &own, &kept),
        ] {
            let page = person.get(&format!("{path}?home={home}")).await;
            assert_eq!(page.status, 404, "{path}");
        }
        let in_shop = visit.booked(780).await;
        let none = format!("/desk/bookings/{}/move/address", in_shop.id);
        assert_eq!(visit.owner.get(&none).await.status, 404);
        visit.done();
    });
}

#[test]
fn the_desk_proposes_another_service_and_the_customer_answers() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked_to_change(1200).await;
        let feet = visit.foot_massage().await;
        let desk = format!("/desk/bookings/{}", booked.id);
        let own = format!("/bookings/{}", booked.id);
        let services = visit.owner.get(&format!("{desk}/move/services")).await;
        for words in ["换服务 张女士", "足底按摩，90 分钟，¥168"] {
            assert!(services.text().contains(words), "{words}: {}", services.text());
        }
        let to = format!("{desk}/move?therapist=&service={}", feet.id);
        let times = visit.owner.get(&to).await;
        let text = times.text();
        assert!(
            text.contains("换服务 张女士")
                && text.contains("足底按摩，90 分钟，¥168")
                && text.contains("比原来贵 ¥40"),
            "{text}"
        );
        let (service, at) = (feet.id.to_string(), slot(1200));
        let fields = [
            ("service", service.as_str()),
            ("slot", &at),
            ("agreed", "no"),
            ("note", "今天送热敷"),
        ];
        let stranger = visit.app.staff(Role::Owner, Id::from_raw(5)).await;
        assert_eq!(stranger.get(&to).await.status, 404);
        assert_eq!(stranger.post(&format!("{desk}/move"), &fields).await.status, 404);
        let long = "长".repeat(61);
        let wrong = [fields[0], fields[1], fields[2], ("note", long.as_str())];
        let refused = visit.press(&booked, "move", &wrong).await;
        assert!(
            refused.status == 422 && refused.html().contains(&long) && refused.text().contains("足底按摩"),
            "{}",
            refused.text()
        );
        let sent = visit.press(&booked, "move", &fields).await;
        let waits = led(&visit.owner, &sent).await;
        assert!(waits.text().contains("已发给顾客，等答复"), "{}", waits.text());

        let offer = visit.zhang.get(&format!("{own}/change")).await;
        let text = offer.text();
        for words in [
            "店里想改您的预约",
            "刘师傅，全身保健按摩",
            "刘师傅，足底按摩",
            "¥168",
            "比原来贵 ¥40，差额上门时付",
            "店里说：今天送热敷",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert_eq!(visit.wang.get(&format!("{own}/change")).await.status, 404);
        let version = visit.now_of(&booked).await.version.to_string();
        let answer = async |person: &Person, what: &str| {
            let path = format!("{own}/change/{what}");
            person.post(&path, &[("version", &version)]).await
        };
        assert_eq!(answer(&visit.wang, "agreement").await.status, 404);
        let agreed = answer(&visit.zhang, "agreement").await;
        let after = led(&visit.zhang, &agreed).await;
        assert!(after.text().contains("足底按摩"), "{}", after.text());
        let now = visit.now_of(&booked).await;
        assert_eq!((now.service, now.length.minutes), (feet.id, 90));
        assert_eq!(answer(&visit.zhang, "refusal").await.status, 409);
        visit.done();
    });
}

#[test]
fn a_customer_says_no_to_another_service_and_keeps_the_first() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked(1200).await;
        let feet = visit.foot_massage().await;
        let (service, at) = (feet.id.to_string(), slot(1200));
        let fields = [("service", service.as_str()), ("slot", &at), ("agreed", "no")];
        visit.press(&booked, "move", &fields).await;
        let own = format!("/bookings/{}", booked.id);
        let offer = visit.zhang.get(&format!("{own}/change")).await;
        assert!(
            offer.text().contains("比原来贵 ¥40，差额到店付"),
            "{}",
            offer.text()
        );
        let version = visit.now_of(&booked).await.version.to_string();
        let refused = visit
            .zhang
            .post(&format!("{own}/change/refusal"), &[("version", &version)])
            .await;
        let after = led(&visit.zhang, &refused).await;
        assert!(!after.text().contains("足底按摩"), "{}", after.text());
        assert_eq!(visit.now_of(&booked).await.service, visit.service);
        let foreign = format!(
            "/desk/bookings/{}/move?service={}",
            booked.id,
            Id::<catalog::Service>::from_raw(7)
        );
        assert_eq!(visit.owner.get(&foreign).await.status, 404);
        visit.done();
    });
}

#[test]
fn a_home_visit_moves_to_a_time_that_leaves_room_for_the_way() {
    Visit::on_each_engine(Accepts::Automatic, async |visit| {
        let booked = visit.booked_to_change(1200).await;
        let base = format!("/bookings/{}/move", booked.id);
        let times = visit.zhang.get(&base).await;
        assert!(
            times.text().contains("改约 今天晚上 8 点") && times.text().contains("晚上 9 点，1 位师傅，有空"),
            "{}",
            times.text()
        );
        assert!(
            !times.html().contains(&format!("value=\"{}\"", slot(720))),
            "somebody must get there first"
        );
        let version = booked.version.to_string();
        let fields = |minute| [("version", version.clone()), ("slot", slot(minute))];
        let send = async |person: &Person, minute| {
            let fields = fields(minute);
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            person.post(&base, &fields).await
        };
        assert_eq!(visit.wang.get(&base).await.status, 404);
        assert_eq!(send(&visit.wang, 1260).await.status, 404);
        let soon = send(&visit.zhang, 725).await;
        assert!([409, 422].contains(&soon.status), "{}", soon.status);
        let moved = send(&visit.zhang, 1260).await;
        let own = led(&visit.zhang, &moved).await;
        assert!(
            own.text().contains("改好了，今天晚上 9 点") && own.text().contains(STREET),
            "{}",
            own.text()
        );
        assert_eq!(visit.now_of(&booked).await.minute(), 1260);
        // Four hours before, calling off costs something: now it is the telephone.
        visit.app.clock.advance_minutes(430);
        for path in [base.clone(), format!("{base}/address")] {
            let late = visit.zhang.get(&path).await;
            assert!(
                late.text().contains("改约请给店里打电话") && late.html().contains("tel:"),
                "{}",
                late.text()
            );
        }
        visit.done();
    });
}
