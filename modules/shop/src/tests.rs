mod pages;

use db::{Db, Listeners, Tx, testing};
use geo::Wgs84;
use kernel::{Actor, Cx, Day, Error, Id, Lang, Role, World};

use crate::*;

const NOW: Day = Day(20_780);

fn world() -> World {
    let seed = std::sync::atomic::AtomicU64::new(1);
    World::new(
        || NOW.at(600),
        move || seed.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
    )
}

/// Runs `story` on a fresh database of each engine.
fn on_engines(story: impl Fn(&Db, &World)) {
    for engine in testing::engines() {
        let world = world();
        let db = engine.open(world.clone(), Listeners::default()).unwrap();
        db.migrate(MIGRATIONS).unwrap();
        story(&db, &world);
    }
}

fn act<T: Send + 'static>(
    db: &Db,
    cx: &Cx,
    mut f: impl FnMut(&Cx, &mut Tx) -> kernel::Result<T> + Send + 'static,
) -> kernel::Result<T> {
    let cx = cx.clone();
    db.write(move |tx| f(&cx, tx)).wait()
}

fn staff(world: &World, shop: Option<Id<kernel::Shop>>, role: Role) -> Cx {
    world.cx(
        Actor::Staff {
            id: Id::from_raw(9),
            shop,
            role,
        },
        Lang::Zh,
    )
}

fn new_shop() -> NewShop {
    NewShop {
        name: "清风堂盲人按摩（鼓楼店）".into(),
        district: District::Dongcheng,
        address: "鼓楼东大街 100 号".into(),
        walking: "鼓楼大街站 B 口出来向东走 200 米".into(),
        phone: "010-62345678".into(),
        point: Wgs84 {
            lat: 39.94,
            lng: 116.39,
        },
        introduction: "开业十年，六位师傅。".into(),
        kind: Kind::Health,
        sub_mchid: Some("1900000109".into()),
        accepts: Accepts::Manual,
        photo: String::new(),
        photo_words: "胡同里的店门".into(),
    }
}

#[test]
fn a_shop_applies_is_activated_suspended_and_comes_back() {
    on_engines(|db, world| {
        let centre = staff(world, None, Role::Centre);
        let shop = act(db, &centre, |cx, tx| create(cx, tx, &new_shop())).unwrap();
        assert_eq!(
            (shop.standing, shop.version, shop.verified_on),
            (Standing::Applied, 1, None)
        );
        assert!(act(db, &centre, |_, tx| all_active(tx)).unwrap().is_empty());

        let id = shop.id;
        let shop = act(db, &centre, move |cx, tx| activate(cx, tx, id, 1)).unwrap();
        assert_eq!((shop.standing, shop.verified_on), (Standing::Active, Some(NOW)));
        let again = act(db, &centre, move |cx, tx| activate(cx, tx, id, 1)).unwrap();
        assert_eq!(again.version, shop.version, "the same asked again has no effect");
        assert_eq!(
            act(db, &centre, |_, tx| all_active(tx)).unwrap(),
            std::slice::from_ref(&shop)
        );

        let stale = act(db, &centre, move |cx, tx| suspend(cx, tx, id, 1, "停业装修")).unwrap_err();
        assert_eq!(stale.code(), Some("shop.changed"));
        let version = shop.version;
        let blank = act(db, &centre, move |cx, tx| suspend(cx, tx, id, version, " ")).unwrap_err();
        assert_eq!(blank.code(), Some("shop.no_reason"));
        let shop = act(db, &centre, move |cx, tx| {
            suspend(cx, tx, id, version, "停业装修")
        })
        .unwrap();
        let version = shop.version;
        let no = act(db, &centre, move |cx, tx| inspect(cx, tx, id, version)).unwrap_err();
        assert_eq!(no.code(), Some("shop.bad_step"));
        let told: Vec<(Step, String)> = act(db, &centre, move |_, tx| steps(tx, id))
            .unwrap()
            .into_iter()
            .map(|step| (step.step, step.reason))
            .collect();
        assert!(told.contains(&(Step::Suspend, "停业装修".into())) && told.len() == 2);
    });
}

#[test]
fn an_owner_edits_the_own_shop_but_not_its_licence() {
    on_engines(|db, world| {
        let centre = staff(world, None, Role::Centre);
        let id = act(db, &centre, |cx, tx| create(cx, tx, &new_shop())).unwrap().id;
        let owner = staff(world, Some(id), Role::Owner);
        let renamed = NewShop {
            name: "清风堂".into(),
            ..new_shop()
        };
        let shop = act(db, &owner, move |cx, tx| edit(cx, tx, id, 1, &renamed)).unwrap();
        assert_eq!(
            (shop.name.as_str(), shop.version, shop.phone.as_str()),
            ("清风堂", 2, "01062345678")
        );

        let medical = NewShop {
            kind: Kind::Medical,
            ..new_shop()
        };
        let no = act(db, &owner, move |cx, tx| edit(cx, tx, id, 2, &medical)).unwrap_err();
        assert!(matches!(no, Error::Forbidden));
        let claim = NewShop {
            introduction: "祖传秘方，根治腰突".into(),
            ..new_shop()
        };
        let no = act(db, &owner, move |cx, tx| edit(cx, tx, id, 2, &claim)).unwrap_err();
        assert!(
            no.code().is_some_and(|code| code.starts_with("shop.claim")),
            "{no}"
        );
        let stranger = staff(world, Some(Id::from_raw(77)), Role::Owner);
        let no = act(db, &stranger, move |cx, tx| edit(cx, tx, id, 2, &new_shop())).unwrap_err();
        assert!(matches!(no, Error::NotFound));
        let therapist = staff(world, Some(id), Role::Therapist);
        let no = act(db, &therapist, move |cx, tx| edit(cx, tx, id, 2, &new_shop())).unwrap_err();
        assert!(matches!(no, Error::Forbidden));
        let no = act(db, &owner, |cx, tx| create(cx, tx, &new_shop())).unwrap_err();
        assert!(matches!(no, Error::Forbidden));
    });
}

#[test]
fn hours_follow_week_and_exceptions() {
    on_engines(|db, world| {
        let centre = staff(world, None, Role::Centre);
        let id = act(db, &centre, |cx, tx| create(cx, tx, &new_shop())).unwrap().id;
        let week: Vec<Opening> = (1..=7)
            .map(|weekday| Opening {
                weekday,
                opens: 720,
                closes: 1560,
            })
            .collect();
        act(db, &centre, move |cx, tx| set_week(cx, tx, id, &week)).unwrap();
        act(db, &centre, move |cx, tx| {
            set_exception(cx, tx, id, NOW.plus(1), None)
        })
        .unwrap();
        act(db, &centre, move |cx, tx| {
            set_exception(cx, tx, id, NOW.plus(2), Some((600, 900)))
        })
        .unwrap();
        act(db, &centre, move |cx, tx| {
            set_exception(cx, tx, id, NOW.plus(2), Some((660, 900)))
        })
        .unwrap();
        let read = act(db, &centre, move |_, tx| hours_between(tx, id, NOW, 4)).unwrap();
        assert_eq!(
            read,
            [Some((720, 1560)), None, Some((660, 900)), Some((720, 1560))]
        );
        assert_eq!(
            act(db, &centre, move |_, tx| hours_on(tx, id, NOW.plus(1))).unwrap(),
            None
        );
        let whole = act(db, &centre, move |_, tx| hours(tx, id, NOW)).unwrap();
        let of_all = act(db, &centre, move |_, tx| hours_of_all(tx, NOW)).unwrap();
        assert_eq!(of_all[&id], whole);
        assert_eq!(whole.exceptions().count(), 2);
        act(db, &centre, move |cx, tx| lift_exception(cx, tx, id, NOW.plus(1))).unwrap();
        assert_eq!(
            act(db, &centre, move |_, tx| hours_on(tx, id, NOW.plus(1))).unwrap(),
            Some((720, 1560))
        );

        let past = act(db, &centre, move |cx, tx| {
            set_exception(cx, tx, id, NOW.plus(-1), None)
        })
        .unwrap_err();
        assert_eq!(past.code(), Some("shop.past_day"));
        let bad = act(db, &centre, move |cx, tx| {
            set_week(
                cx,
                tx,
                id,
                &[Opening {
                    weekday: 1,
                    opens: 900,
                    closes: 600,
                }],
            )
        });
        assert_eq!(bad.unwrap_err().code(), Some("shop.bad_hours"));
        assert_eq!(
            act(db, &centre, move |_, tx| hours_on(tx, id, NOW)).unwrap(),
            Some((720, 1560)),
            "nothing lost"
        );
    });
}

#[test]
fn special_days_change_the_hours_and_say_why() {
    on_engines(|db, world| {
        let centre = staff(world, None, Role::Centre);
        let id = act(db, &centre, |cx, tx| create(cx, tx, &new_shop())).unwrap().id;
        let owner = staff(world, Some(id), Role::Owner);
        let week: Vec<Opening> = (1..=7)
            .map(|weekday| Opening {
                weekday,
                opens: 720,
                closes: 1560,
            })
            .collect();
        act(db, &owner, move |cx, tx| set_week(cx, tx, id, &week)).unwrap();
        let days = |first: i64, last: i64, reason: &str| SpecialDays {
            first: NOW.plus(first),
            last: NOW.plus(last),
            hours: None,
            reason: reason.to_owned(),
        };
        let set = |days: SpecialDays| act(db, &owner, move |cx, tx| set_special_days(cx, tx, id, &days));
        let code = |answer: kernel::Result<()>| answer.unwrap_err().code();
        assert_eq!(code(set(days(3, 2, ""))), Some("shop.bad_range"));
        assert_eq!(code(set(days(0, 62, ""))), Some("shop.bad_range"));
        assert_eq!(code(set(days(-1, 2, ""))), Some("shop.past_day"));
        assert!(
            code(set(days(1, 2, "专治颈椎病")))
                .unwrap()
                .starts_with("shop.claim")
        );
        set(days(1, 3, " 装修 ")).unwrap();
        let whole = act(db, &centre, move |_, tx| hours(tx, id, NOW)).unwrap();
        let told: Vec<(Day, &str)> = whole
            .exceptions()
            .map(|day| (day.day, day.reason.as_str()))
            .collect();
        assert_eq!(told, [1, 2, 3].map(|ahead| (NOW.plus(ahead), "装修")));
    });
}

#[test]
fn a_holiday_entered_by_hand_is_followed_by_the_shops_rule() {
    on_engines(|db, world| {
        let centre = staff(world, None, Role::Centre);
        let id = act(db, &centre, |cx, tx| create(cx, tx, &new_shop())).unwrap().id;
        let owner = staff(world, Some(id), Role::Owner);
        let week: Vec<Opening> = (1..=7)
            .map(|weekday| Opening {
                weekday,
                opens: 720,
                closes: 1560,
            })
            .collect();
        act(db, &owner, move |cx, tx| set_week(cx, tx, id, &week)).unwrap();
        let code = |answer: kernel::Result<()>| answer.unwrap_err().code();
        let festival = NOW.plus(7);
        let enter = |cx: &Cx| {
            act(db, cx, move |cx, tx| {
                enter_holiday(cx, tx, festival, DayKind::Off, "店庆假")
            })
        };
        assert!(matches!(enter(&owner), Err(Error::Forbidden)));
        enter(&centre).unwrap();
        let on = |day| act(db, &centre, move |_, tx| hours_on(tx, id, day)).unwrap();
        assert_eq!(
            on(festival),
            Some((720, 1560)),
            "the shop keeps its week until it says otherwise"
        );
        let closed = HolidayRule {
            holidays: OnHolidays::Closed,
            work_like: None,
        };
        act(db, &owner, move |cx, tx| set_holiday_rule(cx, tx, id, closed)).unwrap();
        assert_eq!(on(festival), None);
        let of_all = act(db, &centre, move |_, tx| hours_of_all(tx, NOW)).unwrap();
        assert_eq!(of_all[&id].on(festival), None);
        let other = HolidayRule {
            holidays: OnHolidays::Other((600, 1080)),
            work_like: Some(1),
        };
        act(db, &owner, move |cx, tx| set_holiday_rule(cx, tx, id, other)).unwrap();
        assert_eq!(on(festival), Some((600, 1080)));
        let bad = HolidayRule {
            holidays: OnHolidays::Other((600, 500)),
            work_like: None,
        };
        assert_eq!(
            code(act(db, &owner, move |cx, tx| set_holiday_rule(cx, tx, id, bad))),
            Some("shop.bad_hours")
        );
        act(db, &centre, move |cx, tx| lift_holiday(cx, tx, festival)).unwrap();
        assert_eq!(on(festival), Some((720, 1560)));
    });
}

#[test]
fn the_first_picture_replaces_the_scene_and_the_next_one_takes_over() {
    on_engines(|db, world| {
        let centre = staff(world, None, Role::Centre);
        let id = act(db, &centre, |cx, tx| create(cx, tx, &new_shop())).unwrap().id;
        let picture = Picture {
            jpeg: vec![1, 2, 3],
            width: 40,
            height: 30,
        };
        let add = move |words: &'static str| {
            let picture = picture.clone();
            move |cx: &Cx, tx: &mut Tx| add_photo(cx, tx, id, words, &picture)
        };
        let first = act(db, &centre, add("店门口")).unwrap();
        let second = act(db, &centre, add("两张按摩床")).unwrap();
        let no = act(db, &centre, add(" ")).unwrap_err();
        assert_eq!(no.code(), Some("shop.no_picture_words"));
        let read = act(db, &centre, move |_, tx| shop(tx, id)).unwrap();
        assert_eq!(
            (read.photo.clone(), read.photo_words.as_str()),
            (first.to_string(), "店门口")
        );
        assert_eq!(
            read.photo_address(&|path| path.to_owned()),
            format!("/photos/{first}")
        );
        assert_eq!(act(db, &centre, move |_, tx| jpeg(tx, first)).unwrap(), [1, 2, 3]);
        act(db, &centre, move |cx, tx| remove_photo(cx, tx, id, first)).unwrap();
        let read = act(db, &centre, move |_, tx| shop(tx, id)).unwrap();
        assert_eq!(
            (read.photo, read.photo_words.as_str()),
            (second.to_string(), "两张按摩床")
        );
        assert!(matches!(
            act(db, &centre, move |_, tx| jpeg(tx, first)),
            Err(Error::NotFound)
        ));
    });
}

#[test]
fn a_change_is_announced() {
    on_engines(|db, world| {
        let mut news = db.changes();
        let centre = staff(world, None, Role::Centre);
        let id = act(db, &centre, |cx, tx| create(cx, tx, &new_shop())).unwrap().id;
        let heard: Vec<String> = (0..2)
            .map(|_| news.blocking_recv().unwrap().to_string())
            .collect();
        assert_eq!(heard, ["shops".to_owned(), format!("shop/{id}")]);
    });
}
