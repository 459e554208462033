//! Several whom the desk enters at once: all of them or nobody, on the telephone and at the counter.

use db::params;
use kernel::Refused;
use testkit::race::{self, RIVALS};

use super::{
    counter::{caller, entry},
    group::{group, states},
    house::House,
    *,
};
use crate::actions::{phone_booking_together, request_together, walk_in_together};

/// So many who ring or come together, without a wish for a therapist.
fn party(house: &House, people: usize) -> GroupEntry {
    let one = |place: usize| Entry {
        contact: Contact {
            name: format!("王先生同行 {}", place + 1),
            ..caller(house).contact
        },
        ..caller(house)
    };
    let mut entries: Vec<Entry> = (0..people).map(one).collect();
    if let Some(first) = entries.first_mut() {
        first.contact.name = "王先生".to_owned();
    }
    GroupEntry {
        entries,
        in_turn: false,
        one_room: false,
    }
}

impl House {
    fn ring_together(&self, actor: Actor, group: &GroupEntry, minute: i64) -> Result<Vec<Booking>> {
        let (key, at, group) = (
            self.stand.cx(Actor::Guest).token(),
            self.minute(minute),
            group.clone(),
        );
        self.at(actor, move |cx, tx| {
            phone_booking_together(cx, tx, &key, &group, at)
        })
    }

    fn walk_in_together(&self, group: &GroupEntry, at: Option<i64>) -> Result<Vec<Booking>> {
        let at = at.map(|minute| self.minute(minute));
        let (key, group) = (self.stand.cx(Actor::Guest).token(), group.clone());
        self.at(self.owner, move |cx, tx| {
            walk_in_together(cx, tx, &key, &group, at)
        })
    }

    /// How many bookings, orders, claimed slots and kept callers there are.
    fn entered(&self) -> [i64; 4] {
        self.read(|tx| {
            tx.one(
                "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM booking), (SELECT CAST(COUNT(*) AS BIGINT) FROM order_order),
                        (SELECT CAST(COUNT(*) AS BIGINT) FROM claim), (SELECT CAST(COUNT(*) AS BIGINT) FROM desk_customer)",
                params![],
                |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]),
            )
        })
    }
}

#[test]
fn a_caller_books_for_several_in_one_order_promised_at_once() {
    House::on_every_engine(Accepts::Manual, |house| {
        let both = house.ring_together(house.owner, &party(house, 2), 900).unwrap();
        assert_eq!(states(house, &both), [State::Confirmed; 2]);
        let (one, other) = (&both[0], &both[1]);
        assert_eq!((one.order, one.customer), (other.order, other.customer));
        assert!(one.therapist != other.therapist && one.bed != other.bed && one.code != other.code);
        let names = [&one.contact.name, &other.contact.name].map(String::as_str);
        assert_eq!(names, ["王先生", "王先生同行 2"], "the caller comes first");
        let order = house.order(one.order);
        assert_eq!(
            (order.state, order.total, order.due_now),
            (order::State::Placed, Money(25_600), Money::ZERO)
        );
        assert_eq!(order.title, "全身保健按摩 ×2");
        // The news of the placed order come after the desk's promise and change nothing.
        house.stand.work();
        assert_eq!(house.booking(one.id).version, one.version);
        let first = one.clone();
        let speaks = house.read(move |tx| speaks_for(tx, &first));
        assert_eq!(speaks, Some(2), "what is said is said once, for both");
        // The caller is remembered by name, and the companions are not mistaken for them.
        let known = house.at(house.owner, |cx, tx| {
            identity::known_at_desk(tx, cx.shop()?, "13912345678")
        });
        assert_eq!(known.unwrap().as_deref(), Some("王先生"));
        // Each has its own life from now on.
        let (id, seen) = (other.id, other.version);
        house
            .at(house.owner, move |cx, tx| {
                cancel(cx, tx, id, seen, Why::CustomersPlans)
            })
            .unwrap();
        assert_eq!(states(house, &both), [State::Confirmed, State::Cancelled]);
        assert_eq!(house.order(one.order).state, order::State::Placed);
    });
}

#[test]
fn who_does_not_fit_together_is_told_how_many_would_and_nothing_is_left() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let before = house.entered();
        let rings = |group: GroupEntry, minute| house.ring_together(house.owner, &group, minute);
        let no = rings(party(house, 3), 900).unwrap_err();
        let Error::Refused(refused) = &no else {
            panic!("{no}")
        };
        assert_eq!(refused.code, "booking.not_all_free");
        let expected = Refused::from(Refusal::NotAllFree { count: 3, fit: 2 });
        assert_eq!(format!("{refused:?}"), format!("{expected:?}"));
        let mut same = party(house, 2);
        for one in &mut same.entries {
            one.therapist = Some(house.therapists[0]);
        }
        assert_eq!(code(rings(same, 900)), "booking.not_all_free");
        let mut unasked = party(house, 2);
        unasked.entries[1].asked = false;
        assert_eq!(code(rings(unasked, 900)), "booking.not_asked");
        let room = GroupEntry {
            one_room: true,
            ..party(house, 2)
        };
        assert_eq!(code(rings(room, 900)), "scheduling.no_room");
        assert_eq!(code(rings(party(house, 1), 900)), "booking.not_several");
        assert_eq!(code(rings(party(house, 7), 900)), "booking.not_several");
        assert_eq!(code(rings(party(house, 0), 900)), "booking.not_several");
        assert_eq!(code(rings(party(house, 2), 700)), "scheduling.past");
        assert_eq!(code(rings(party(house, 2), 1540)), "scheduling.closed");
        assert_eq!(
            code(rings(party(house, 2), 600 + 20 * 1440)),
            "scheduling.too_far"
        );
        assert!(house.is_free(900));
        assert_eq!(house.entered(), before, "nothing claimed, opened or remembered");
        // Who takes any yields to who is asked for by name.
        let mut named = party(house, 2);
        named.entries[1].therapist = Some(house.therapists[0]);
        let booked = rings(named, 900).unwrap();
        assert_eq!(
            [booked[0].therapist, booked[1].therapist],
            [house.therapists[1], house.therapists[0]]
        );
    });
}

#[test]
fn the_nearest_times_for_all_are_those_at_which_all_are_booked() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let alone = caller(house);
        let (key, at) = (house.stand.cx(Actor::Guest).token(), house.minute(900));
        house
            .at(house.owner, move |cx, tx| phone_booking(cx, tx, &key, &alone, at))
            .unwrap();
        let nearest = |in_turn: bool| {
            let (service, now) = (house.service.clone(), house.now());
            house.read(move |tx| {
                let item = Item {
                    service: service.clone(),
                    therapist: None,
                };
                let items = vec![item; 2];
                let of = Several {
                    items: &items,
                    in_turn,
                    one_room: false,
                };
                nearest_together(tx, now, of, at)
            })
        };
        let minutes: Vec<i64> = nearest(false)
            .iter()
            .map(|at| at.minutes_since(house.minute(0)))
            .collect();
        assert_eq!(minutes, [815, 830, 970], "not while one of both is busy");
        assert_eq!(nearest(true).len(), 3, "one after the other the second serves");
        assert_eq!(
            code(house.ring_together(house.owner, &party(house, 2), 835)),
            "booking.not_all_free"
        );
        for minute in [830, 970] {
            house
                .ring_together(house.owner, &party(house, 2), minute)
                .unwrap();
        }
    });
}

#[test]
fn several_who_stand_there_are_checked_in_or_hear_how_many_could_begin() {
    House::on_every_engine(Accepts::Manual, |house| {
        let fits = |people: usize| {
            let (service, now) = (house.service.clone(), house.now());
            house.read(move |tx| {
                let item = Item {
                    service: service.clone(),
                    therapist: None,
                };
                let items = vec![item; people];
                let of = Several {
                    items: &items,
                    in_turn: false,
                    one_room: false,
                };
                let first = earliest_together(tx, now, of)?.map(|time| time.starts_at);
                Ok((fit_now(tx, now, of)?, first))
            })
        };
        assert_eq!(fits(3), (2, None), "three are too many for two therapists, ever");
        assert_eq!(fits(2), (2, Some(house.now().plus_minutes(5))));
        assert_eq!(
            code(house.walk_in_together(&party(house, 3), None)),
            "booking.not_all_free"
        );
        let both = house.walk_in_together(&party(house, 2), None).unwrap();
        assert_eq!(states(house, &both), [State::CheckedIn; 2]);
        let paid = house.order(both[0].order);
        assert_eq!(
            (paid.state, paid.due_now, paid.total),
            (order::State::Placed, Money::ZERO, Money(25_600))
        );
        assert_eq!(fits(2), (0, Some(house.minute(795))));
        assert_eq!(
            code(house.walk_in_together(&party(house, 2), None)),
            "booking.not_all_free"
        );
        let later = house.walk_in_together(&party(house, 2), Some(795)).unwrap();
        assert_eq!(states(house, &later), [State::Confirmed; 2], "not yet time");
        // Both are served, and cash over the desk pays for both.
        for one in &both {
            let (id, seen) = (one.id, one.version);
            house
                .at(house.owner, move |cx, tx| {
                    let begun = start(cx, tx, id, seen)?;
                    complete(cx, tx, id, begun.version)
                })
                .unwrap();
        }
        let order = both[0].order;
        house
            .at(house.owner, move |cx, tx| {
                order::take_cash(cx, tx, order, "cash", Money(25_600))
            })
            .unwrap();
        let done = house.order(order);
        assert_eq!(
            (done.state, done.earned),
            (order::State::Fulfilled, Money(25_600))
        );
    });
}

#[test]
fn one_who_stays_for_several_services_has_them_one_after_the_other() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let group = GroupEntry {
            in_turn: true,
            ..party(house, 2)
        };
        let both = house.walk_in_together(&group, None).unwrap();
        assert_eq!(
            states(house, &both),
            [State::CheckedIn, State::Confirmed],
            "the second is checked in when its time is near"
        );
        assert_eq!(
            [both[0].starts_at, both[1].starts_at],
            [725, 795].map(|at| house.minute(at))
        );
    });
}

#[test]
fn several_sent_twice_are_entered_once_and_only_by_the_own_desk() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let rings = |actor: Actor, group: GroupEntry| {
            let at = house.minute(900);
            house.at(actor, move |cx, tx| {
                phone_booking_together(cx, tx, "one form", &group, at)
            })
        };
        let foreign = Actor::Staff {
            id: Id::from_raw(5),
            shop: Some(Id::from_raw(6)),
            role: Role::Owner,
        };
        for stranger in [foreign, house.customer, Actor::Guest] {
            let refused = rings(stranger, party(house, 2));
            assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        }
        let first = rings(house.owner, party(house, 2)).unwrap();
        assert_eq!(rings(house.owner, party(house, 2)).unwrap(), first);
        assert_eq!(code(rings(house.owner, party(house, 3))), "db.key_reused");
        // Numbers in the line, one for each.
        let takes = |actor: Actor| {
            let group = party(house, 3);
            house.at(actor, move |cx, tx| take_tickets(cx, tx, "numbers", &group))
        };
        assert!(matches!(takes(foreign), Err(Error::NotFound)));
        let taken = takes(house.owner).unwrap();
        let numbers: Vec<String> = taken.iter().map(Ticket::name).collect();
        assert_eq!(numbers, ["A1", "A2", "A3"]);
        assert_eq!(takes(house.owner).unwrap(), taken);
        let mut unasked = party(house, 2);
        unasked.entries[1].asked = false;
        let no = house.at(house.owner, move |cx, tx| take_tickets(cx, tx, "more", &unasked));
        assert_eq!(code(no), "booking.not_asked");
        assert_eq!(
            house.takes_ticket(&entry(house)).unwrap().name(),
            "A4",
            "half of them took no number"
        );
    });
}

/// Two hundred want the two places of one time: desks for pairs and threes who ring, customers for pairs and threes, and some
/// who come alone. Both places are given away, and nobody gets half of what they asked for. The claim is the one of
/// customers' groups, whose negative twin stands in [`super::race`].
#[test]
fn two_hundred_at_desks_and_in_wechat_want_the_last_places_of_a_group() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (mut orders, mut desks) = (0, 0);
        let rounds = race::rounds("the last places at the desk", &house.stand.db, (20, 3), |round| {
            let at = house.minute(1_440 * (1 + round / 9) + 735 + 75 * (round % 9));
            let asking = (0..RIVALS).map(|number| {
                let turn = number + round;
                let people = 2 + (turn % 3 / 2) as usize;
                house.stand.clock.pass(1);
                let who = match turn % 2 {
                    0 => Actor::Staff {
                        id: Id::from_raw(100 + number),
                        shop: Some(house.shop),
                        role: Role::Clerk,
                    },
                    _ => house.newcomer(&format!("round {round} customer {number}")),
                };
                let (cx, rings) = (house.stand.cx(who), party(house, people));
                let wish = group(house, at.minutes_since(house.minute(0)), people);
                let key = cx.token();
                move |tx: &mut Tx| match (turn % 2, turn % 7) {
                    (0, 6) => phone_booking(&cx, tx, &key, &rings.entries[0], at).map(|one| vec![one]),
                    (0, _) => phone_booking_together(&cx, tx, &key, &rings, at).map_err(taken),
                    _ => request_together(&cx, tx, &key, &wish),
                }
            });
            let won = race::won(race::at_once(&house.stand.db, asking), "scheduling.time_taken");
            let mut sizes: Vec<usize> = won.iter().map(Vec::len).collect();
            sizes.sort_unstable();
            assert!(
                [vec![2], vec![1, 1]].contains(&sizes),
                "round {round}: two places went to {sizes:?}"
            );
            orders += won.len() as i64;
            let desk = won.iter().flatten().filter(|one| one.state == State::Confirmed);
            desks += desk.count() as i64;
        });
        let [bookings, opened, claims, _] = house.entered();
        // Fourteen slots of an hour and ten minutes, of a therapist and a bed.
        assert_eq!(
            [bookings, opened, claims],
            [2 * rounds, orders, 2 * rounds * 2 * 14]
        );
        // Who asks first comes first there; on PostgreSQL it may be anybody.
        if house.stand.db.engine() == db::EngineName::Sqlite {
            assert!(
                (1..2 * rounds).contains(&desks),
                "now the desk won, now a customer"
            );
        }
    });
}

/// What a group at the desk hears of a time that is gone, as everybody else hears it.
fn taken(no: Error) -> Error {
    match no.code() {
        Some("booking.not_all_free") => scheduling::Refusal::TimeTaken.into(),
        _ => no,
    }
}

impl House {
    fn newcomer(&self, openid: &str) -> Actor {
        let openid = openid.to_owned();
        let known = self.at(Actor::Guest, move |cx, tx| {
            identity::greet_customer(cx, tx, &openid)
        });
        Actor::Customer(known.unwrap().id)
    }
}
