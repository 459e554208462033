//! To the staff of one shop, the things of another do not exist: every shop-scoped address is tried.

use std::{collections::HashMap, sync::Arc};

use kernel::{Actor, Id, Lang};
use testkit::Person;

use super::config;
use crate::{
    demo::{PASSWORD, People, history, history::Stage, shops},
    modules,
    outside::Outside,
    program::{Program, world},
};

#[test]
fn a_foreign_shops_things_are_not_found() {
    let folder = std::env::temp_dir().join(format!("tuina-foreign-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut config = config();
    config.database.path = folder.join("tuina.db");
    // Nobody listens there: the program must serve without WeChat.
    config.wechat.api = "http://127.0.0.1:9".to_owned();
    let stage = Stage::open(&config, world().now()).unwrap();
    let made = shops::make(&stage, &Arc::new(People::new()), 2).unwrap();
    history::live(&stage, &made, 3).unwrap();
    let foreign = things_of(&stage, made[1].id);
    drop(stage);

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let tried = runtime.block_on(async {
        let program = Program::start(&config, world()).unwrap();
        let owner = Person::new(program.router());
        let signed_in = owner
            .post("/sign-in", &[("login", "owner1"), ("password", PASSWORD)])
            .await;
        assert_eq!(signed_in.location(), Some("/desk"), "{}", signed_in.text());
        let mut tried = 0;
        for (method, path) in shop_scoped(&config) {
            let path = fill(&path, &foreign);
            let page = match method {
                "GET" => owner.get(&path).await,
                // The fields that the forms need before they look at whose thing it is.
                _ => {
                    owner
                        .post(
                            &path,
                            &[
                                ("version", "1"),
                                ("seen", "1"),
                                ("why", "full"),
                                ("reason", "full"),
                                ("words", "谢谢"),
                                ("url", "https://example.com/"),
                                ("events", "order.placed"),
                            ],
                        )
                        .await
                }
            };
            assert!(
                matches!(page.status, 404 | 403),
                "{method} {path} gives {}: {}",
                page.status,
                page.text()
            );
            tried += 1;
        }
        tokio::task::block_in_place(|| drop(program));
        tried
    });
    assert!(tried > 50, "the addresses were found: {tried}");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Method and path of every address of desk and console that names something.
fn shop_scoped(config: &crate::config::Config) -> Vec<(&'static str, String)> {
    modules::all(&Outside::connect(config).unwrap())
        .iter()
        .flat_map(|module| module.routes.entries().to_vec())
        .filter(|entry| entry.path.starts_with("/desk/") || entry.path.starts_with("/console/"))
        .filter(|entry| entry.path.contains('{'))
        // A day of the bills belongs to nobody: an owner reads there what is the own shop's.
        .filter(|entry| entry.path != "/console/payments/bills/{day}")
        // Pictures are sent in another kind of form: the shop's own tests try a foreign shop with them.
        .filter(|entry| !(entry.method == "POST" && entry.path.ends_with("/photos")))
        .map(|entry| (entry.method, entry.path.to_owned()))
        .collect()
}

/// The things of a shop by the parameter that names them; `id` differs by address.
fn things_of(stage: &Stage, shop: Id<kernel::Shop>) -> HashMap<&'static str, String> {
    let cx = world().cx(Actor::System("test"), Lang::Zh);
    stage
        .write(move |_, tx| {
            let scope = cx.shop_named(shop)?;
            let review = review::of_shop(tx, shop, 1)?.remove(0);
            let booking = review.booking;
            let therapist = therapist::all_of(tx, shop)?[0].id;
            let leave = scheduling::NewLeave {
                therapist,
                from: cx.now(),
                to: cx.now().plus_minutes(60),
                reason: String::new(),
            };
            let leave = scheduling::ask_leave(&cx, tx, leave)?;
            let span = (cx.now(), cx.now().plus_minutes(1));
            let closing = shop::close(&cx, tx, shop, span, "停电")?;
            let mut things = HashMap::from([
                ("shop", shop.to_string()),
                ("service", catalog::all_of(tx, shop)?[0].id.to_string()),
                ("therapist", therapist.to_string()),
                ("leave", leave.to_string()),
                ("bed", scheduling::beds(tx, shop)?[0].id.to_string()),
                ("/desk/reviews", review.id.to_string()),
                ("/console/staff", identity::staff_of(tx, scope)?[0].id.to_string()),
                ("/desk/bookings", booking.to_string()),
                ("/desk/pending", booking.to_string()),
                ("/desk/closings", closing.id.to_string()),
                ("day", "2026-11-24".to_owned()),
            ]);
            // The shop may be closed at this hour; then any number will do.
            let ticket = take_ticket(tx, shop)?;
            things.insert("ticket", ticket.unwrap_or(booking.to_string()));
            let order = booking::booking(tx, booking)?.order;
            things.insert("/desk/orders", order.to_string());
            let payment = payment::payments(tx, &order::purpose(order))?.pop();
            things.insert(
                "/desk/payments",
                payment.map_or(order.to_string(), |one| one.id.to_string()),
            );
            things.insert("month", "2026-11".to_owned());
            for unknown in [
                "id",
                "photo",
                "category",
                "pause",
                "account",
                "attribute",
                "goods",
                "line",
                "given",
                "webhook",
                "delivery",
                "token",
            ] {
                things.insert(unknown, booking.to_string());
            }
            Ok(things)
        })
        .unwrap()
}

fn take_ticket(tx: &mut db::Tx, shop: Id<kernel::Shop>) -> kernel::Result<Option<String>> {
    let owner = world().cx(owner_of(shop), Lang::Zh);
    let entry = booking::Entry {
        service: catalog::all_of(tx, shop)?[0].id,
        therapist: None,
        contact: booking::Contact {
            name: "散客".to_owned(),
            phone: String::new(),
        },
        remembered: false,
        asked: true,
    };
    let ticket = booking::take_ticket(&owner, tx, "ticket", &entry);
    Ok(ticket.ok().map(|ticket| ticket.id.to_string()))
}

fn owner_of(shop: Id<kernel::Shop>) -> Actor {
    Actor::Staff {
        id: Id::from_raw(2),
        shop: Some(shop),
        role: kernel::Role::Owner,
    }
}

fn fill(path: &str, things: &HashMap<&'static str, String>) -> String {
    path.split('/')
        .map(
            |part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some("id") => {
                    let of = things
                        .iter()
                        .find(|(name, _)| name.starts_with('/') && path.starts_with(**name));
                    of.map_or(&things["id"], |(_, id)| id).clone()
                }
                Some(name) => things[name].clone(),
                None => part.to_owned(),
            },
        )
        .collect::<Vec<_>>()
        .join("/")
}
