//! Callers and walk-in customers: remembered only where they agreed, and by one shop only.

use db::Tx;
use kernel::{Actor, Customer, Cx, Id, Lang, Result, Role};

use crate::{Caller, customer_at_desk, forget_at_desk, is_remembered, known_at_desk, openid_of};

const PHONE: &str = "13812345678";

fn desk(shop: i64) -> Actor {
    Actor::Staff {
        id: Id::from_raw(9),
        shop: Some(Id::from_raw(shop)),
        role: Role::Clerk,
    }
}

/// Lets a desk do something, on both engines.
fn on_each_engine(test: impl Fn(&dyn Fn(i64, &str, bool) -> Id<Customer>, &db::Db)) {
    for engine in db::testing::engines() {
        let clock = kernel::World::new(|| kernel::Instant(1_795_312_800_000), {
            let seed = std::sync::atomic::AtomicU64::new(1);
            move || seed.fetch_add(1, std::sync::atomic::Ordering::SeqCst)
        });
        let db = engine.open(clock, db::Listeners::default()).unwrap();
        db.migrate(crate::module().migrations).unwrap();
        let meet = |shop, phone: &str, agreed| {
            let (cx, phone) = (db.world().cx(desk(shop), Lang::Zh), phone.to_owned());
            at(&db, &cx, move |cx, tx| {
                let caller = Caller {
                    name: "张女士",
                    phone: &phone,
                    agreed,
                };
                customer_at_desk(cx, tx, cx.shop()?, &caller)
            })
        };
        test(&meet, &db);
    }
}

fn at<T: Send + 'static>(
    db: &db::Db,
    cx: &Cx,
    mut f: impl FnMut(&Cx, &mut Tx) -> Result<T> + Send + 'static,
) -> T {
    let cx = cx.clone();
    db.write(move |tx| f(&cx, tx)).wait().unwrap()
}

#[test]
fn who_agreed_is_found_again_by_the_number_and_only_at_this_shop() {
    on_each_engine(|meet, db| {
        let first = meet(1, PHONE, true);
        assert_eq!(meet(1, PHONE, true), first);
        assert_eq!(meet(1, PHONE, false), first, "who agreed once stays known");
        assert_ne!(
            meet(2, PHONE, true),
            first,
            "another shop has a record of its own"
        );
        let cx = db.world().cx(desk(1), Lang::Zh);
        let name = at(db, &cx, |cx, tx| known_at_desk(tx, cx.shop()?, PHONE));
        assert_eq!(name.as_deref(), Some("张女士"));
        let openid = at(db, &cx, move |_, tx| openid_of(tx, first));
        assert_eq!(openid, None, "WeChat is never asked to reach them");
    });
}

#[test]
fn who_did_not_agree_leaves_no_number_behind() {
    on_each_engine(|meet, db| {
        let passing = meet(1, PHONE, false);
        assert_eq!(meet(1, "", false), passing);
        assert_eq!(
            meet(1, "", true),
            passing,
            "without a number nobody is remembered"
        );
        let cx = db.world().cx(desk(1), Lang::Zh);
        let name = at(db, &cx, |cx, tx| known_at_desk(tx, cx.shop()?, PHONE));
        assert_eq!(name, None);
        assert!(!at(db, &cx, move |cx, tx| is_remembered(tx, cx.shop()?, passing)));
    });
}

#[test]
fn a_consent_can_be_taken_back() {
    on_each_engine(|meet, db| {
        let known = meet(1, PHONE, true);
        let stranger = db.world().cx(desk(2), Lang::Zh);
        at(db, &stranger, move |cx, tx| forget_at_desk(tx, cx.shop()?, known));
        let cx = db.world().cx(desk(1), Lang::Zh);
        assert!(at(db, &cx, move |cx, tx| is_remembered(tx, cx.shop()?, known)));
        at(db, &cx, move |cx, tx| forget_at_desk(tx, cx.shop()?, known));
        at(db, &cx, move |cx, tx| forget_at_desk(tx, cx.shop()?, known));
        assert_eq!(at(db, &cx, |cx, tx| known_at_desk(tx, cx.shop()?, PHONE)), None);
    });
}
