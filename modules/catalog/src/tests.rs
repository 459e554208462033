mod goods;
mod pages;

use db::{Db, Listeners, Tx, testing};
use geo::Wgs84;
use kernel::{Actor, Cx, Day, Error, Id, Lang, Money, Role, Shop, World};

use crate::*;

fn world() -> World {
    let seed = std::sync::atomic::AtomicU64::new(1);
    World::new(
        || Day(20_780).at(600),
        move || seed.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
    )
}

/// Runs `story` with a shop on a fresh database of each engine.
fn on_engines(story: impl Fn(&Db, &World, Id<Shop>)) {
    for engine in testing::engines() {
        let world = world();
        let db = engine.open(world.clone(), Listeners::default()).unwrap();
        db.migrate(shop::MIGRATIONS).unwrap();
        db.migrate(MIGRATIONS).unwrap();
        let system = world.cx(Actor::System("test"), Lang::Zh);
        let shop = act(&db, &system, |cx, tx| shop::create(cx, tx, &new_shop()))
            .unwrap()
            .id;
        story(&db, &world, shop);
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

fn staff(world: &World, shop: Option<Id<Shop>>, role: Role) -> Cx {
    world.cx(
        Actor::Staff {
            id: Id::from_raw(9),
            shop,
            role,
        },
        Lang::Zh,
    )
}

fn new_shop() -> shop::NewShop {
    shop::NewShop {
        name: "清风堂".into(),
        district: shop::District::Dongcheng,
        address: "鼓楼东大街 100 号".into(),
        walking: String::new(),
        phone: "13812345678".into(),
        point: Wgs84 {
            lat: 39.94,
            lng: 116.39,
        },
        introduction: String::new(),
        kind: shop::Kind::Health,
        sub_mchid: None,
        accepts: shop::Accepts::Automatic,
        photo: String::new(),
        photo_words: String::new(),
    }
}

fn new(name: &str, kind: Kind, yuan: i64) -> NewService {
    NewService {
        name: name.into(),
        kind,
        category: None,
        minutes: 60,
        price: Money::yuan(yuan),
        before: 0,
        after: 10,
        introduction: String::new(),
    }
}

#[test]
fn services_are_listed_in_order_and_priced_from_the_lowest() {
    on_engines(|db, world, shop| {
        let owner = staff(world, Some(shop), Role::Owner);
        for service in [
            new("全身保健按摩", Kind::FullBody, 128),
            new("足部保健", Kind::Foot, 118),
            new("拔罐", Kind::AddOn, 30),
            new("上门保健按摩", Kind::HomeVisit, 98),
        ] {
            act(db, &owner, move |cx, tx| create(cx, tx, shop, &service)).unwrap();
        }
        let names = |services: Vec<Service>| {
            services
                .into_iter()
                .map(|service| service.name)
                .collect::<Vec<_>>()
        };
        let seen = act(db, &owner, move |_, tx| services_of(tx, shop)).unwrap();
        assert_eq!(names(seen.clone()), ["全身保健按摩", "足部保健"]);
        assert_eq!(act(db, &owner, move |_, tx| all_of(tx, shop)).unwrap().len(), 4);
        assert_eq!(
            act(db, &owner, |_, tx| lowest_prices(tx)).unwrap()[&shop],
            Money::yuan(118)
        );

        let foot = seen[1].clone();
        let hidden = act(db, &owner, move |cx, tx| unlist(cx, tx, foot.id, foot.version)).unwrap();
        assert!(!hidden.listed);
        assert_eq!(
            act(db, &owner, |_, tx| lowest_prices(tx)).unwrap()[&shop],
            Money::yuan(128)
        );
        let again = act(db, &owner, move |cx, tx| unlist(cx, tx, hidden.id, 1)).unwrap();
        assert_eq!(
            again.version, hidden.version,
            "the same asked again has no effect"
        );
    });
}

#[test]
fn an_edit_needs_the_present_version_and_a_free_name() {
    on_engines(|db, world, shop| {
        let owner = staff(world, Some(shop), Role::Owner);
        let whole = act(db, &owner, move |cx, tx| {
            create(cx, tx, shop, &new("全身保健按摩", Kind::FullBody, 128))
        });
        let id = whole.unwrap().id;
        act(db, &owner, move |cx, tx| {
            create(cx, tx, shop, &new("足部保健", Kind::Foot, 118))
        })
        .unwrap();
        let dearer = act(db, &owner, move |cx, tx| {
            edit(cx, tx, id, 1, &new("全身保健按摩", Kind::FullBody, 138))
        });
        assert_eq!(dearer.unwrap().price, Money::yuan(138));
        let code = |result: kernel::Result<Service>| result.unwrap_err().code();
        let edit = move |version, service: NewService| {
            move |cx: &Cx, tx: &mut Tx| edit(cx, tx, id, version, &service)
        };
        assert_eq!(
            code(act(db, &owner, edit(1, new("全身按摩", Kind::FullBody, 1)))),
            Some("catalog.changed")
        );
        assert_eq!(
            code(act(db, &owner, edit(2, new("足部保健", Kind::Foot, 1)))),
            Some("catalog.name_used")
        );
        assert!(
            code(act(db, &owner, edit(2, new("整脊", Kind::Local, 1))))
                .unwrap()
                .starts_with("shop.claim")
        );
        let foreign = NewService {
            category: Some(Id::from_raw(5)),
            ..new("全身按摩", Kind::FullBody, 1)
        };
        assert_eq!(
            code(act(db, &owner, edit(2, foreign))),
            Some("catalog.bad_category")
        );
        let stranger = staff(world, Some(Id::from_raw(77)), Role::Owner);
        let no = act(db, &stranger, edit(2, new("全身按摩", Kind::FullBody, 1)));
        assert!(matches!(no, Err(Error::NotFound)));
    });
}

#[test]
fn headings_belong_to_a_shop_or_to_all() {
    on_engines(|db, world, shop| {
        let owner = staff(world, Some(shop), Role::Owner);
        let centre = staff(world, None, Role::Centre);
        let no = act(db, &owner, |cx, tx| create_category(cx, tx, None, "全身放松"));
        assert!(matches!(no, Err(Error::Forbidden)));
        let all = act(db, &centre, |cx, tx| create_category(cx, tx, None, "全身放松")).unwrap();
        let own = act(db, &owner, move |cx, tx| {
            create_category(cx, tx, Some(shop), "本店特色")
        })
        .unwrap();
        assert_eq!(
            act(db, &owner, move |_, tx| categories(tx, shop)).unwrap(),
            [all, own.clone()]
        );
        let under = NewService {
            category: Some(own.id),
            ..new("肩颈放松", Kind::Local, 68)
        };
        act(db, &owner, move |cx, tx| create(cx, tx, shop, &under)).unwrap();
        let id = own.id;
        let no = act(db, &owner, move |cx, tx| remove_category(cx, tx, id)).unwrap_err();
        assert_eq!(no.code(), Some("catalog.category_in_use"));
    });
}
