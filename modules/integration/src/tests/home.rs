//! What other programs learn of a home visit.

use booking::{Booking, HomeTerms, Place};
use kernel::{Id, Money};
use testkit::{START, on_each_engine};

use super::house::{House, problem, program};

impl House {
    /// A confirmed visit at a customer's, three hours after one o'clock. The way costs nothing, so nothing is due before it.
    async fn booked_at_home(&self) -> Booking {
        let (shop, service, wish) = (self.shop, self.service, self.wish(3));
        let terms = HomeTerms {
            on: true,
            base: Money::ZERO,
            per_km: Money::ZERO,
            services: vec![service],
            therapists: vec![self.therapist],
            ..HomeTerms::default()
        };
        self.write(self.owner_of(shop), move |cx, tx| {
            booking::set_home_terms(cx, tx, shop, &terms)
        })
        .await;
        let held = self
            .write(self.customer, move |cx, tx| {
                let service = catalog::service(tx, service)?;
                let place = Place {
                    district: shop::District::Dongcheng,
                    point: geo::Wgs84 {
                        lat: 39.95,
                        lng: 116.39,
                    },
                };
                let door = ("鼓楼东大街 1 号院", "3 单元 502");
                let address = booking::keep_address(cx, tx, &service, place, door)?;
                booking::request_at_home(cx, tx, "at home", &wish, &[], address.id)
            })
            .await;
        self.app.run_jobs().await;
        self.booking(held.id).await
    }

    async fn sets_out(&self, id: Id<Booking>) {
        let seen = self.booking(id).await.version;
        self.write(self.owner_of(self.shop), move |cx, tx| {
            booking::depart(cx, tx, id, seen)
        })
        .await;
    }
}

#[test]
fn a_home_visit_is_shown_as_one_and_never_where_it_goes() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        let visit = house.booked_at_home().await;
        let own = house.own().await;
        let list = format!("/api/v1/shops/{}/bookings", house.shop);
        let one = format!("{list}/{}", visit.id);
        let phone_in = async |when: &str| {
            let (page, listed) = (own.get(&one).await, own.get(&list).await);
            for page in [&page, &listed] {
                assert!(
                    !page.html().contains("大街 1 号院") && !page.html().contains("502"),
                    "{when}: {}",
                    page.html()
                );
            }
            let told = page.json()["booking"].clone();
            assert_eq!(
                (told["at_home"].as_bool(), told["bed"].as_str()),
                (Some(true), Some(""))
            );
            assert_eq!(
                listed.json()["items"][0]["customer_phone"],
                told["customer_phone"]
            );
            told["customer_phone"].as_str().unwrap().to_owned()
        };
        assert_eq!(phone_in("before").await, "");
        house.app.clock.advance_ms(START.day().at(15 * 60 + 30) - START);
        let tag = format!("\"v{}\"", visit.version);
        let comes = own
            .post(&format!("{one}/check-in"), &[("if-match", &tag)], "")
            .await;
        assert_eq!(
            problem(&comes, 409),
            "booking.not_now",
            "nobody comes to the shop"
        );
        house.sets_out(visit.id).await;
        assert_eq!(phone_in("on the way").await, "13812345678");
        let (id, seen) = (visit.id, house.booking(visit.id).await.version);
        house
            .write(house.owner_of(house.shop), move |cx, tx| {
                booking::cancel(cx, tx, id, seen, booking::Why::Full).map(drop)
            })
            .await;
        assert_eq!(phone_in("after").await, "");
    });
}

#[test]
fn a_calendar_says_that_it_is_at_a_home_and_not_at_which() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        house.booked_at_home().await;
        let owner = house.app.signed_in(house.owner_of(house.shop), "店主").await;
        let give = format!("/console/shops/{}/calendars/{}", house.shop, house.therapist);
        let shown = owner.post(&give, &[]).await;
        let addresses = shown.attributes("value", "http");
        let address = addresses.iter().find(|value| value.ends_with(".ics")).unwrap();
        let path = address.strip_prefix(testkit::BASE_URL).unwrap();
        let text = house.app.guest().get(path).await.html().to_owned();
        assert!(text.contains("LOCATION:上门服务\r\n"), "{text}");
        assert!(!text.contains("大街 1 号院") && !text.contains("502"), "{text}");
    });
}
