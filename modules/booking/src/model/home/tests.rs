use proptest::prelude::*;

use super::*;

const SHOP: Wgs84 = Wgs84 {
    lat: 39.94,
    lng: 116.39,
};

fn terms() -> HomeTerms {
    HomeTerms {
        on: true,
        services: vec![Id::from_raw(1)],
        therapists: vec![Id::from_raw(2)],
        ..HomeTerms::default()
    }
}

/// So many kilometres north of the shop.
fn north(km: f64) -> Place {
    Place {
        district: District::Dongcheng,
        point: Wgs84 {
            lat: SHOP.lat + km / 111.195,
            lng: SHOP.lng,
        },
    }
}

#[test]
fn the_fare_grows_with_each_kilometre_that_is_begun() {
    let trip = |km| terms().trip(SHOP, north(km)).unwrap();
    let seen: Vec<_> = [0.05, 2.95, 3.05, 3.95, 4.05]
        .map(|km| (trip(km).metres, trip(km).travel, trip(km).fare.fen()))
        .into();
    assert_eq!(
        seen,
        [
            (100, 15, 2_000),
            (3_000, 20, 2_000),
            (3_100, 20, 2_500),
            (4_000, 25, 2_500),
            (4_100, 25, 3_000)
        ]
    );
}

#[test]
fn an_address_outside_is_refused() {
    let outside = Err(Refusal::OutsideArea);
    assert!(terms().trip(SHOP, north(4.95)).is_ok());
    assert_eq!(terms().trip(SHOP, north(5.05)), outside);
    let in_chaoyang = HomeTerms {
        districts: vec![District::Chaoyang],
        ..terms()
    };
    assert_eq!(in_chaoyang.trip(SHOP, north(1.0)), outside);
    let anywhere = HomeTerms {
        radius_km: None,
        districts: vec![District::Dongcheng],
        ..terms()
    };
    assert!(anywhere.trip(SHOP, north(29.0)).is_ok());
    assert_eq!(
        anywhere.trip(SHOP, north(31.0)),
        outside,
        "over three hours on the way"
    );
}

#[test]
fn terms_make_sense_before_they_are_switched_on() {
    let wrong = |change: fn(&mut HomeTerms)| {
        let mut terms = terms();
        change(&mut terms);
        terms.check().unwrap_err()
    };
    assert_eq!(terms().check(), Ok(()));
    assert_eq!(HomeTerms::default().check(), Ok(()));
    assert_eq!(
        wrong(|terms| terms.radius_km = Some(0)),
        Refusal::BadRadius { most: 50 }
    );
    assert_eq!(
        wrong(|terms| terms.base = Money(-1)),
        Refusal::BadFare { most: 500 }
    );
    assert_eq!(wrong(|terms| terms.pace = 0), Refusal::BadPace);
    assert_eq!(wrong(|terms| terms.radius_km = None), Refusal::NoArea);
    assert_eq!(wrong(|terms| terms.services.clear()), Refusal::NoHomeService);
    assert_eq!(wrong(|terms| terms.therapists.clear()), Refusal::NobodyGoes);
}

#[test]
fn an_address_is_two_short_lines_and_is_never_printed() {
    assert_eq!(
        Address::read(" 鼓楼东大街\n1 号 ", "3 单元 502"),
        Ok(("鼓楼东大街 1 号".to_owned(), "3 单元 502".to_owned()))
    );
    assert_eq!(Address::read(" ", "502"), Err(Refusal::BadStreet { most: 60 }));
    assert_eq!(
        Address::read("鼓楼东大街", &"号".repeat(61)),
        Err(Refusal::BadHouse { most: 60 })
    );
    let address = Address {
        id: Id::from_raw(1),
        customer: Id::from_raw(2),
        kept_for: KeptFor::Choosing,
        place: north(1.0),
        street: "鼓楼东大街".to_owned(),
        house: "502".to_owned(),
    };
    let printed = format!("{address:?}");
    assert!(!printed.contains("鼓楼") && !printed.contains("502") && !printed.contains("39."));
}

#[test]
fn absent_is_who_neither_opens_nor_answers_twice() {
    let arrived = Instant(1_795_000_000_000);
    let after = |minutes, calls| check_absence(arrived, calls, arrived.plus_minutes(minutes));
    assert_eq!(after(14, 2), Err(Refusal::NotLateYet { minutes: 15 }));
    assert_eq!(after(15, 1), Err(Refusal::NotCalled { needed: 2, calls: 1 }));
    assert_eq!(after(15, 2), Ok(()));
}

proptest! {
    #[test]
    fn further_is_never_cheaper_nor_quicker(near in 0.0..5.0f64, more in 0.0..2.0f64) {
        let terms = HomeTerms { radius_km: Some(50), ..terms() };
        let (near, far) = (terms.trip(SHOP, north(near)).unwrap(), terms.trip(SHOP, north(near + more)).unwrap());
        prop_assert!(near.fare <= far.fare && near.travel <= far.travel && near.metres <= far.metres);
        prop_assert_eq!(far.travel % SLOT_MINUTES, 0);
    }
}
