//! Many want one time at once.

use db::params;
use kernel::Result;

use super::{
    house::{House, MASSAGE},
    *,
};

const CUSTOMERS: i64 = 200;

/// Lets everybody ask at once; how many got the time, and the codes of the others' refusals.
fn all_at_once(
    house: &House,
    ask: impl Fn(&Cx, &mut Tx, i64) -> Result<()> + Clone + Send + 'static,
) -> (i64, Vec<&'static str>) {
    let waiting: Vec<_> = (1..=CUSTOMERS)
        .map(|customer| {
            let (cx, ask) = (house.cx(), ask.clone());
            house.db.write(move |tx| ask(&cx, tx, customer))
        })
        .collect();
    let (mut won, mut refused) = (0, Vec::new());
    for answer in waiting {
        match answer.wait() {
            Ok(()) => won += 1,
            Err(error) => refused.push(
                error
                    .code()
                    .unwrap_or_else(|| panic!("not a clear refusal: {error}")),
            ),
        }
    }
    (won, refused)
}

#[test]
fn edge_case_05_one_of_two_hundred_gets_the_last_time() {
    House::on_every_engine(|house| {
        let (shop, liu, starts_at) = (house.shop, house.liu, house.at(900));
        let (won, refused) = all_at_once(house, move |cx, tx, customer| {
            let choice = Choice::Named(liu);
            let holder = Id::from_raw(customer);
            claim(
                cx,
                tx,
                &Wanted {
                    shop,
                    choice,
                    starts_at,
                    length: MASSAGE,
                    holder,
                },
            )
            .map(drop)
        });
        assert_eq!((won, refused.len()), (1, 199));
        assert!(
            refused.iter().all(|code| *code == "scheduling.time_taken"),
            "{refused:?}"
        );
    });
}

#[test]
fn two_therapists_serve_two_of_two_hundred() {
    House::on_every_engine(|house| {
        let (shop, liu, wang, starts_at) = (house.shop, house.liu, house.wang, house.at(900));
        let (won, _) = all_at_once(house, move |cx, tx, customer| {
            let choice = Choice::Rotation(vec![liu, wang]);
            let holder = Id::from_raw(customer);
            claim(
                cx,
                tx,
                &Wanted {
                    shop,
                    choice,
                    starts_at,
                    length: MASSAGE,
                    holder,
                },
            )
            .map(drop)
        });
        assert_eq!(won, 2);
    });
}

/// The key of the claims alone decides, even for writers who never looked whether the time is free.
#[test]
fn the_key_refuses_those_who_did_not_look() {
    House::on_every_engine(|house| {
        let (shop, liu) = (house.shop, house.liu);
        let (won, _) = all_at_once(house, move |cx, tx, customer| {
            let span = store::Span {
                id: cx.id(),
                resource: liu.raw(),
                from: 1000,
                to: 1014,
            };
            match store::claim(tx, shop, Id::from_raw(customer), &span)? {
                true => Ok(()),
                false => Err(Refusal::TimeTaken.into()),
            }
        });
        assert_eq!(won, 1);
        let rows: i64 = house.read(|tx| {
            tx.one("SELECT CAST(COUNT(*) AS BIGINT) FROM claim", params![], |row| {
                row.get(0)
            })
        });
        assert_eq!(rows, 14);
    });
}

/// The negative twin: whoever looks in one transaction and writes in the next, without the key, books twice.
#[test]
fn looking_first_and_writing_later_without_the_key_books_twice() {
    House::on_every_engine(|house| {
        let (shop, liu) = (house.shop, house.liu);
        let looked: Vec<bool> = (0..20)
            .map(|_| house.read(move |tx| Ok(store::spans(tx, shop, 1000, 1014)?.is_empty())))
            .collect();
        let mut won = 0;
        for (customer, free) in (1i64..).zip(looked) {
            if free {
                house.write(move |cx, tx| {
                    tx.run(
                        "INSERT INTO span (id, shop_id, resource_id, from_slot, to_slot, holder_id)
                         VALUES ($1, $2, $3, 1000, 1014, $4)",
                        params![cx.id::<Holder>(), shop, liu, customer],
                    )
                });
                won += 1;
            }
        }
        assert!(won > 1, "the guard is what keeps this from happening");
    });
}
