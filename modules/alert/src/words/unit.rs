//! The sentences and fields, word for word.

use super::*;

fn zhang() -> Facts {
    Facts {
        customer: "张女士".into(),
        day: Day(20_780),
        minute: 900,
        service: "全身保健按摩".into(),
        minutes: 60,
        therapist: "李强".into(),
        more: 20,
        wanted: None,
        together: None,
        home: None,
    }
}

#[test]
fn a_group_is_one_sentence() {
    let group = Facts {
        together: Some(Together::People(3)),
        ..zhang()
    };
    let (text, speech) = alert(Kind::Request, &group, Day(20_780));
    assert!(
        text.starts_with("新订单待确认：张女士等 3 个人，今天下午 3 点，"),
        "{text}"
    );
    assert!(
        speech.starts_with("新订单，张女士等三个人，今天下午三点，"),
        "{speech}"
    );
    let in_turn = Facts {
        together: Some(Together::Services(2)),
        ..zhang()
    };
    let (text, speech) = alert(Kind::Order, &in_turn, Day(20_780));
    assert!(text.starts_with("新订单：张女士 2 项，"), "{text}");
    assert!(speech.starts_with("新订单，张女士两项，"), "{speech}");
}

#[test]
fn of_a_home_visit_district_and_distance_are_told_and_no_more() {
    let visit = Facts {
        home: Some((District::Chaoyang, 3_100)),
        ..zhang()
    };
    let (text, speech) = alert(Kind::Order, &visit, Day(20_780));
    assert_eq!(
        text,
        "新订单：张女士，今天下午 3 点，上门，朝阳区，离店约 3.1 公里，全身保健按摩 60 分钟，李师傅"
    );
    assert_eq!(
        speech,
        "新订单，张女士，今天下午三点，上门，朝阳区，离店约三点一公里，全身保健按摩六十分钟，李师傅"
    );
}

fn about_bookings() -> impl Iterator<Item = &'static Kind> {
    Kind::ALL.iter().filter(|kind| **kind != Kind::Disconnected)
}

#[test]
fn the_catalogues_have_every_word_in_both_languages() {
    OWN.missing();
    let (text, speech) = disconnected("till.example.com");
    assert!(
        text.contains("till.example.com") && !speech.contains("example"),
        "{text} {speech}"
    );
    for kind in about_bookings() {
        let (text, speech) = alert(*kind, &zhang(), Day(20_780));
        assert!(
            text.contains("张女士") && speech.contains("张女士"),
            "{kind}: {text} / {speech}"
        );
        assert!(
            !speech.chars().any(|sign| sign.is_ascii_digit()),
            "{kind} speaks figures: {speech}"
        );
    }
    assert_eq!(OWN.missing(), Vec::<String>::new());
}

#[test]
fn an_order_is_spoken_as_people_speak() {
    let (text, speech) = alert(Kind::Order, &zhang(), Day(20_780));
    assert_eq!(
        speech,
        "新订单，张女士，今天下午三点，全身保健按摩六十分钟，李师傅"
    );
    assert_eq!(
        text,
        "新订单：张女士，今天下午 3 点，全身保健按摩 60 分钟，李师傅"
    );
    for kind in about_bookings() {
        let (_, speech) = alert(*kind, &zhang(), Day(20_780));
        let at = speech.find("三点").unwrap();
        assert!(
            speech[..at].chars().count() <= 28,
            "{kind}: the answer comes late in {speech}"
        );
    }
}

fn told() -> Told {
    Told {
        shop: "清风堂盲人按摩（鼓楼大街地铁站旗舰店）东城区".into(),
        address: "鼓楼东大街 100 号\n向东走".into(),
        number: "20261122-123456".into(),
        facts: zhang(),
        starts_at: Day(20_780).at(900),
        price: Money(12_800),
        code: "802117".into(),
        why: None,
    }
}

#[test]
fn a_message_about_a_home_visit_speaks_of_the_home() {
    let mut visit = told();
    visit.facts.home = Some((District::Chaoyang, 3_100));
    let last = |kind| fields(kind, &visit, visit.starts_at)[3].1.clone();
    assert_eq!(last(MessageKind::Departed), "李师傅已出发，请留意电话");
    assert_eq!(last(MessageKind::ReminderHours), "师傅上门，请在家等候");
    assert_eq!(last(MessageKind::Missed), "师傅到了，没有见到您");
}

#[test]
fn every_field_fits_its_kind() {
    let mut told = told();
    for kind in MessageKind::ALL {
        for (name, value) in fields(*kind, &told, told.starts_at) {
            let most = if name.starts_with("character_string") {
                32
            } else {
                20
            };
            assert!(
                (1..=most).contains(&value.chars().count()) && !value.contains('\n'),
                "{kind} {name}: {value}"
            );
        }
    }
    told.facts.wanted = Some(Wanted {
        starts_at: Day(20_780).at(990),
        day: Day(20_780),
        minute: 990,
        therapist: "王芳".into(),
        service: "足底".into(),
        door: None,
    });
    let asked = fields(MessageKind::ChangeAsked, &told, told.starts_at);
    assert_eq!(
        (asked[1].1.as_str(), asked[2].1.as_str()),
        ("足底", "2026年11月23日 16:30")
    );
    assert_eq!(
        alert(Kind::Change, &told.facts, Day(20_780)).1,
        "改约，张女士，今天下午三点，想改到今天下午四点半，足底，王师傅，请答复"
    );
    let offered = offer_fields(&told.shop, "全身保健按摩", told.starts_at);
    assert!(
        offered
            .iter()
            .all(|(_, value)| (1..=20).contains(&value.chars().count()))
    );
    assert_eq!(offered[3].1, "为您留十分钟，请点开预约");
    let closed = closing_fields(&told.shop, "足底", (told.starts_at, 3));
    assert_eq!(
        (closed[1].1.as_str(), closed[3].1.as_str()),
        ("3 个预约", "店里临时停业，钱全部退回")
    );
    let booked = fields(MessageKind::Booked, &told, told.starts_at);
    assert_eq!(booked[0].1, "清风堂盲人按摩（鼓楼大街地铁站旗舰店）…");
    assert_eq!(booked[2].1, "2026年11月23日 15:00");
}

#[test]
fn every_reason_has_words_of_its_own() {
    for why in booking::Why::ALL {
        assert_ne!(reason(Some(why.code())), reason(None), "{why}");
    }
    assert_ne!(reason(Some("no_show")), reason(None));
    assert_eq!(reason(Some("something_new")), reason(None));
}
