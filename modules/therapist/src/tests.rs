mod pages;

use std::sync::LazyLock;

use catalog::{NewService, Service};
use db::{Db, Listeners, Tx, testing};
use geo::Wgs84;
use kernel::{Actor, Cx, Day, Error, Id, Lang, Money, Role, Shop, World};

use crate::*;

const NOW: Day = Day(20_780);

fn world() -> World {
    let seed = std::sync::atomic::AtomicU64::new(1);
    World::new(
        || NOW.at(600),
        move || seed.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
    )
}

/// Runs `story` with a shop on a fresh database of each engine.
fn on_engines(story: impl Fn(&Db, &World, Id<Shop>)) {
    for engine in testing::engines() {
        let world = world();
        let db = engine.open(world.clone(), Listeners::default()).unwrap();
        for migrations in [
            shop::MIGRATIONS,
            catalog::MIGRATIONS,
            identity::module().migrations,
            MIGRATIONS,
        ] {
            db.migrate(migrations).unwrap();
        }
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

fn staff(world: &World, shop: Id<Shop>, role: Role) -> Cx {
    world.cx(
        Actor::Staff {
            id: Id::from_raw(9),
            shop: Some(shop),
            role,
        },
        Lang::Zh,
    )
}

fn new(number: i64, name: &str) -> NewTherapist {
    NewTherapist {
        number,
        name: name.into(),
        gender: Gender::Female,
        level: Level::Intermediate,
        introduction: "手法细致。".into(),
        skills: "肩颈、足部".into(),
        portrait: String::new(),
        shows_blind: true,
    }
}

fn service(db: &Db, cx: &Cx, shop: Id<Shop>, name: &'static str) -> Service {
    let new = NewService {
        name: name.into(),
        kind: catalog::Kind::Local,
        category: None,
        minutes: 45,
        price: Money::yuan(98),
        before: 0,
        after: 5,
        introduction: String::new(),
    };
    act(db, cx, move |cx, tx| catalog::create(cx, tx, shop, &new)).unwrap()
}

#[test]
fn who_named_nothing_offers_everything() {
    on_engines(|db, world, shop| {
        let owner = staff(world, shop, Role::Owner);
        let hire = |number, name: &'static str| {
            act(db, &owner, move |cx, tx| create(cx, tx, shop, &new(number, name)))
                .unwrap()
                .id
        };
        let (liu, zhang) = (hire(2, "刘长河"), hire(1, "张晓燕"));
        let (neck, foot) = (
            service(db, &owner, shop, "肩颈放松"),
            service(db, &owner, shop, "足部保健"),
        );
        let only = foot.id;
        act(db, &owner, move |cx, tx| offer_only(cx, tx, liu, &[only])).unwrap();
        let who = |service: &Service| {
            let service = service.id;
            act(db, &owner, move |_, tx| who_offers(tx, service)).unwrap()
        };
        assert_eq!(who(&neck), [zhang]);
        assert_eq!(who(&foot), [zhang, liu]);
        let named = act(db, &owner, move |_, tx| offered_at(tx, shop)).unwrap();
        assert_eq!((named.len(), &named[&liu][..]), (1, &[only][..]));
        let left = act(db, &owner, move |cx, tx| let_go(cx, tx, zhang, 1)).unwrap();
        assert!(!left.active);
        assert_eq!(who(&neck), []);
        let staying = act(db, &owner, move |_, tx| of_shop(tx, shop)).unwrap();
        assert_eq!(
            staying.iter().map(|therapist| therapist.id).collect::<Vec<_>>(),
            [liu]
        );
        let no = act(db, &owner, move |cx, tx| {
            offer_only(cx, tx, liu, &[Id::from_raw(4)])
        })
        .unwrap_err();
        assert_eq!(no.code(), Some("therapist.bad_service"));
    });
}

#[test]
fn a_number_is_used_once_and_a_version_once() {
    on_engines(|db, world, shop| {
        let owner = staff(world, shop, Role::Owner);
        let liu = act(db, &owner, move |cx, tx| create(cx, tx, shop, &new(1, "刘长河")))
            .unwrap()
            .id;
        let zhang = act(db, &owner, move |cx, tx| create(cx, tx, shop, &new(2, "张晓燕")))
            .unwrap()
            .id;
        let no = act(db, &owner, move |cx, tx| create(cx, tx, shop, &new(2, "王五一"))).unwrap_err();
        assert_eq!(no.code(), Some("therapist.number_used"));
        let no = act(db, &owner, move |cx, tx| {
            edit(cx, tx, zhang, 1, &new(1, "张晓燕"))
        })
        .unwrap_err();
        assert_eq!(no.code(), Some("therapist.number_used"));
        let edited = act(db, &owner, move |cx, tx| edit(cx, tx, liu, 1, &new(1, "刘长江"))).unwrap();
        assert_eq!((edited.name.as_str(), edited.version), ("刘长江", 2));
        let no = act(db, &owner, move |cx, tx| edit(cx, tx, liu, 1, &new(1, "刘长河"))).unwrap_err();
        assert_eq!(no.code(), Some("therapist.changed"));
        let stranger = staff(world, Id::from_raw(77), Role::Owner);
        let no = act(db, &stranger, move |cx, tx| {
            edit(cx, tx, liu, 2, &new(1, "刘长河"))
        });
        assert!(matches!(no, Err(Error::NotFound)));
    });
}

#[test]
fn consent_keeps_its_day_and_is_taken_back_at_once() {
    on_engines(|db, world, shop| {
        let owner = staff(world, shop, Role::Owner);
        let liu = act(db, &owner, move |cx, tx| create(cx, tx, shop, &new(1, "刘长河"))).unwrap();
        let (id, day) = (liu.id, liu.blind_shown);
        assert_eq!(day, Some(NOW));
        act(db, &owner, move |cx, tx| take_back(cx, tx, id)).unwrap();
        let read = act(db, &owner, move |_, tx| therapist(tx, id)).unwrap();
        assert_eq!((read.blind_shown, read.version), (None, 2));
        act(db, &owner, move |cx, tx| take_back(cx, tx, id)).unwrap();
        assert_eq!(
            act(db, &owner, move |_, tx| therapist(tx, id)).unwrap().version,
            2
        );
    });
}

/// An account of a shop; `login` is also the person's name.
fn account(
    cx: &Cx,
    tx: &mut Tx,
    shop: Id<Shop>,
    role: Role,
    login: &str,
) -> kernel::Result<identity::StaffAccount> {
    static PASSWORD: LazyLock<identity::Password> =
        LazyLock::new(|| identity::Password::hash("correct horse").unwrap());
    let new = identity::NewStaff {
        shop: Some(shop),
        role,
        name: login.to_owned(),
        login: login.to_owned(),
        password: PASSWORD.clone(),
        openid: None,
    };
    identity::create_staff(cx, tx, &new)
}

#[test]
fn an_account_is_one_therapists() {
    on_engines(|db, world, shop| {
        let owner = staff(world, shop, Role::Owner);
        let system = world.cx(Actor::System("test"), Lang::Zh);
        let (liu, wang) = act(db, &owner, move |cx, tx| {
            Ok((
                create(cx, tx, shop, &new(8, "刘长河"))?,
                create(cx, tx, shop, &new(9, "王小雨"))?,
            ))
        })
        .unwrap();
        let [mine, clerks, foreign] = act(db, &system, move |cx, tx| {
            let other = shop::create(cx, tx, &new_shop())?.id;
            Ok([
                account(cx, tx, shop, Role::Therapist, "liu8")?.id,
                account(cx, tx, shop, Role::Clerk, "chen")?.id,
                account(cx, tx, other, Role::Therapist, "li1")?.id,
            ])
        })
        .unwrap();
        let tied = |cx: &Cx, whom: &Therapist, seen: i64, account: Option<_>| {
            let whom = whom.id;
            act(db, cx, move |cx, tx| tie(cx, tx, whom, seen, account))
        };
        for wrong in [clerks, foreign, Id::from_raw(4)] {
            let no = tied(&owner, &liu, liu.version, Some(wrong)).unwrap_err();
            assert_eq!(no.code(), Some("therapist.bad_account"));
        }
        let now = tied(&owner, &liu, liu.version, Some(mine)).unwrap();
        assert_eq!((now.account, now.version), (Some(mine), liu.version + 1));
        let found = db.read(move |tx| of_account(tx, mine)).wait().unwrap();
        assert_eq!(found.map(|person| person.id), Some(liu.id));
        let no = tied(&owner, &wang, wang.version, Some(mine)).unwrap_err();
        assert_eq!(no.code(), Some("therapist.account_used"));
        let no = tied(&owner, &liu, liu.version, None).unwrap_err();
        assert_eq!(no.code(), Some("therapist.changed"));
        let himself = staff(world, shop, Role::Therapist);
        assert!(matches!(
            tied(&himself, &wang, wang.version, None),
            Err(Error::Forbidden)
        ));
        assert_eq!(tied(&owner, &liu, now.version, None).unwrap().account, None);
        tied(&owner, &wang, wang.version, Some(mine)).unwrap();
    });
}
