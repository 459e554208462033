//! The end of a visit and what may go wrong there.

use ledger::{Account, Kind};
use scheduling::Reason;

use super::{house::House, *};

mod group;

const CENTRE: Actor = Actor::Staff {
    id: Id::from_raw(1),
    shop: None,
    role: Role::Centre,
};

impl House {
    /// Paid, with the first therapist asked for.
    fn named(&self, minute: i64) -> Booking {
        self.paid(Wish {
            therapist: Some(self.therapists[0]),
            ..self.wish(minute)
        })
    }

    /// In service since its time.
    fn in_service(&self, minute: i64) -> Booking {
        let booking = self.named(minute);
        self.pass_until(minute);
        let (id, seen) = (booking.id, booking.version);
        self.at(self.owner, move |cx, tx| {
            check_in(cx, tx, id, seen)?;
            start(cx, tx, id, seen + 1)
        })
        .unwrap()
    }

    fn lengthened(&self, booking: &Booking, minutes: i64) -> Result<Booking> {
        let (id, seen) = (booking.id, booking.version);
        self.at(self.owner, move |cx, tx| {
            lengthen(cx, tx, id, seen, Extra::Minutes(minutes), "加钟")
        })
    }

    fn completed(&self, booking: &Booking) -> Booking {
        let (id, seen) = (booking.id, booking.version);
        self.at(self.owner, move |cx, tx| complete(cx, tx, id, seen))
            .unwrap()
    }

    fn reopened(&self, booking: &Booking) -> Result<Booking> {
        let (id, seen) = (booking.id, booking.version);
        self.at(self.owner, move |cx, tx| reopen(cx, tx, id, seen, "按错了"))
    }

    fn absent(&self, booking: &Booking, fee: Fee) -> Result<Booking> {
        let (id, seen) = (booking.id, booking.version);
        self.at(self.owner, move |cx, tx| no_show(cx, tx, id, seen, fee))
    }

    fn objects(&self, booking: &Booking, words: &'static str) -> Result<Booking> {
        let (id, seen) = (booking.id, booking.version);
        self.at(self.customer, move |cx, tx| dispute(cx, tx, id, seen, words))
    }

    fn rules(&self, actor: Actor, booking: &Booking, back: Back) -> Result<Booking> {
        let (id, seen) = (booking.id, booking.version);
        self.at(actor, move |cx, tx| {
            rule(cx, tx, id, seen, back, "路上堵车，有截图")
        })
    }

    fn aborted(&self, booking: &Booking, why: Why) -> Result<Booking> {
        let (id, seen) = (booking.id, booking.version);
        self.at(self.owner, move |cx, tx| abort(cx, tx, id, seen, why, ""))
    }

    fn case(&self, booking: &Booking) -> Option<Case> {
        let id = booking.id;
        self.read(move |tx| case(tx, id))
    }

    fn for_centre(&self) -> usize {
        self.at(CENTRE, cases_for_centre).unwrap().len()
    }

    /// What the shop has earned, by the books.
    fn revenue(&self) -> i64 {
        let shop = self.shop.raw();
        self.read(move |tx| Ok(-ledger::balance(tx, Account::money("shop", shop, Kind::Revenue))?.fen()))
    }
}

#[test]
fn an_extension_is_a_line_more_that_is_paid_later_and_moves_the_clock() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let serving = house.in_service(900);
        assert_eq!(code(house.lengthened(&serving, 25)), "booking.no_extra");
        let longer = house.lengthened(&serving, 30).unwrap();
        assert_eq!((longer.length.minutes, longer.price), (90, Money(19_200)));
        assert_eq!(
            code(house.lengthened(&serving, 30)),
            "booking.changed",
            "the same form again"
        );
        let twice = house.lengthened(&longer, 15).unwrap();
        assert_eq!(
            (twice.length.minutes, twice.price),
            (105, Money(22_400)),
            "always at the first price"
        );
        let order = house.order(longer.order);
        assert_eq!(
            (order.total, order.due_now, order.rest(Money(12_800))),
            (Money(22_400), Money(12_800), Money(9_600))
        );
        // Ten minutes after are kept free still, wherever the end is.
        assert!(!house.is_free(1005) && house.is_free(1020));

        // By itself it ends two hours after its new time, not after the old one.
        house.pass_until(1005 + 119);
        assert_eq!(house.booking(longer.id).state, State::InService);
        house.pass_until(1005 + 121);
        assert_eq!(house.booking(longer.id).state, State::Completed);
        let id = longer.order;
        house
            .at(house.owner, move |cx, tx| {
                order::take_cash(cx, tx, id, "till", Money(9_600))
            })
            .unwrap();
        let order = house.order(id);
        assert_eq!(
            (order.state, order.earned),
            (order::State::Fulfilled, Money(22_400))
        );
        assert_eq!(house.revenue(), 22_400);
    });
}

#[test]
fn edge_case_17_an_extension_meets_the_next_booking() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let next = house.named(1000);
        let serving = house.in_service(900);
        let refused = house.lengthened(&serving, 45).unwrap_err();
        let Error::Refused(no) = refused else {
            panic!("not a refusal: {refused}")
        };
        assert_eq!((no.code, no.status), ("booking.next_comes", 409));
        let value = |name| no.args.iter().find(|arg| arg.0 == name).unwrap().1.clone();
        assert_eq!(
            (value("name"), value("minutes")),
            (next.contact.name, "30".to_owned())
        );
        assert_eq!(value("time"), "下午 4 点 40 分");
        assert_eq!(
            house.order(serving.order).total,
            Money(12_800),
            "nothing was added"
        );
        assert_eq!(house.lengthened(&serving, 30).unwrap().length.minutes, 90);
    });
}

#[test]
fn an_extension_ends_where_the_leave_or_a_closing_begins() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let serving = house.in_service(900);
        let leave = scheduling::NewLeave {
            therapist: serving.therapist,
            from: house.minute(1000),
            to: house.minute(1300),
            reason: String::new(),
        };
        house
            .at(house.owner, move |cx, tx| {
                scheduling::grant_leave(cx, tx, leave.clone(), false)
            })
            .unwrap();
        let refused = |minutes| match house.lengthened(&serving, minutes).unwrap_err() {
            Error::Refused(no) => (no.code, no.args),
            other => panic!("not a refusal: {other}"),
        };
        let (code, args) = refused(60);
        assert_eq!(code, "booking.leave_comes");
        let said = [("time", "下午 4 点 40 分"), ("minutes", "40")];
        assert_eq!(args, said.map(|(name, value)| (name, value.to_owned())));
        let (from, until) = (house.minute(985), house.minute(1100));
        house
            .at(house.owner, move |cx, tx| {
                close_shop(cx, tx, "key", (Some(from), until), "停电", (0, Money::ZERO))
            })
            .unwrap();
        assert_eq!(refused(30).0, "booking.closing_comes");
        assert_eq!(house.lengthened(&serving, 15).unwrap().length.minutes, 75);
    });
}

#[test]
fn an_add_on_of_the_shop_can_be_added_too() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let serving = house.in_service(900);
        let shop = house.shop;
        let cupping = house
            .at(CENTRE, move |cx, tx| {
                let new = catalog::NewService {
                    name: "拔罐".to_owned(),
                    kind: catalog::Kind::AddOn,
                    minutes: 20,
                    price: Money::yuan(38),
                    ..house::new_service()
                };
                let made = catalog::create(cx, tx, shop, &new)?;
                catalog::list(cx, tx, made.id, made.version)
            })
            .unwrap()
            .id;
        let (id, seen) = (serving.id, serving.version);
        let longer = house
            .at(house.owner, move |cx, tx| {
                lengthen(cx, tx, id, seen, Extra::AddOn(cupping), "拔罐")
            })
            .unwrap();
        assert_eq!((longer.length.minutes, longer.price), (80, Money(16_600)));
        // Minutes after it cost what minutes of the massage cost.
        assert_eq!(
            house.lengthened(&longer, 15).unwrap().price,
            Money(16_600 + 3_200)
        );
        let lines = house.read(move |tx| order::lines(tx, longer.order));
        assert_eq!(lines.last().unwrap().amount, Money(3_200));
    });
}

/// Two hundred press for the last free half hour at once: it is given to one of them.
#[test]
fn one_of_many_gets_the_last_half_hour() {
    House::on_every_engine(Accepts::Automatic, |house| {
        house.named(1000);
        let serving = house.in_service(900);
        let waiting: Vec<_> = (0..200)
            .map(|_| {
                let (cx, id, seen) = (house.stand.cx(house.owner), serving.id, serving.version);
                let add = move |tx: &mut Tx| lengthen(&cx, tx, id, seen, Extra::Minutes(30), "加钟");
                house.stand.db.write(add)
            })
            .collect();
        let won = waiting
            .into_iter()
            .filter_map(|answer| answer.wait().ok())
            .count();
        assert_eq!((won, house.order(serving.order).total), (1, Money(19_200)));
    });
}

/// The same without the look at the version: the claim alone still gives it to one.
#[test]
fn without_the_version_the_claims_still_give_it_to_one() {
    House::on_every_engine(Accepts::Automatic, |house| {
        house.named(1000);
        let serving = house.in_service(900);
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let (cx, holder) = (house.stand.cx(house.owner), serving.id.of());
                house
                    .stand
                    .db
                    .write(move |tx| scheduling::lengthen(&cx, tx, holder, 30))
            })
            .collect();
        let won = waiting
            .into_iter()
            .filter_map(|answer| answer.wait().ok())
            .count();
        assert_eq!(won, 1);
    });
}

#[test]
fn edge_case_10_another_therapist_takes_over_in_mid_service() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let serving = house.in_service(900);
        let (liu, wang) = (house.therapists[0], house.therapists[1]);
        house.pass_until(925);
        let (id, seen) = (serving.id, serving.version);
        let give = |words: &'static str| {
            house.at(house.owner, move |cx, tx| {
                hand_over(cx, tx, id, seen, wang, words)
            })
        };
        assert_eq!(code(give("  ")), "booking.no_words");
        let given = give("刘师傅手抽筋").unwrap();
        assert_eq!((given.therapist, given.reason), (wang, Reason::Manual));
        let shares = house.read(move |tx| {
            let now = booking(tx, id)?;
            shares_of(tx, &now)
        });
        assert_eq!(shares, [(liu, 25), (wang, 35)]);
        // The claims follow: Liu can be had again, Wang cannot.
        let service = house.service.clone();
        let now = house.now();
        let free = |who| {
            let service = service.clone();
            house
                .read(move |tx| free_times(tx, now, &service, Some(who)))
                .iter()
                .flat_map(|day| &day.times)
                .next()
                .unwrap()
                .starts_at
                .minutes_since(house.minute(0))
        };
        assert_eq!((free(liu), free(wang)), (945, 975));
        // Minutes more are Wang's.
        let longer = house.lengthened(&given, 15).unwrap();
        let shares = house.read(move |tx| shares_of(tx, &longer));
        assert_eq!(shares, [(liu, 25), (wang, 50)]);
        let words = house.read(move |tx| steps(tx, id));
        assert!(
            words
                .iter()
                .any(|step| step.step == Step::HandOver && step.words == "刘师傅手抽筋")
        );
    });
}

#[test]
fn nobody_takes_over_who_has_a_booking_of_their_own() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let wang = house.therapists[1];
        house.paid(Wish {
            therapist: Some(wang),
            ..house.wish(945)
        });
        let serving = house.in_service(900);
        let (id, seen) = (serving.id, serving.version);
        let refused = house.at(house.owner, move |cx, tx| {
            hand_over(cx, tx, id, seen, wang, "不舒服")
        });
        assert_eq!(code(refused), "scheduling.time_taken");
        let could = house.at(house.owner, move |cx, tx| {
            let now = booking(tx, id)?;
            could_take_over(cx, tx, &now)
        });
        assert_eq!(could.unwrap(), []);
        assert_eq!(house.booking(id).therapist, house.therapists[0]);
    });
}

#[test]
fn edge_case_12_a_no_show_with_a_deposit() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let (service, deposit) = (house.service.id, catalog::Prepay::Deposit(Money::yuan(50)));
        house
            .at(CENTRE, move |cx, tx| {
                catalog::set_prepay(cx, tx, service, deposit)
            })
            .unwrap();
        let [first, second, third] = [900, 1000, 1100].map(|minute| house.named(minute));
        house.pass_until(1115);
        // The deposit is the most that may be kept; nobody keeps more, and nothing is kept by itself.
        assert_eq!(
            code(house.absent(&first, Fee::Part(Money(5_001)))),
            "booking.too_much"
        );
        house.absent(&first, Fee::All).unwrap();
        house.absent(&second, Fee::Part(Money(2_000))).unwrap();
        house.absent(&third, Fee::Later).unwrap();
        let told = |booking: &Booking| {
            let order = house.order(booking.order);
            (order.state, order.kept.fen(), house.refunds(booking.order))
        };
        assert_eq!(told(&first), (order::State::Cancelled, 5_000, 0));
        assert_eq!(told(&second), (order::State::Cancelled, 2_000, 3_000));
        assert_eq!(told(&third), (order::State::Placed, 0, 0));
        assert!(house.is_free(1200), "its time is free, whatever is decided");
        assert_eq!(house.revenue(), 7_000);

        // It stands on the shop's list; after two days also on the centre's; the shop can still decide.
        let open = house
            .at(house.owner, |cx, tx| open_cases(tx, cx.shop()?))
            .unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!(house.for_centre(), 0);
        house.stand.pass(48 * HOUR_MS);
        assert_eq!(house.for_centre(), 1);
        let (id, seen) = (third.id, house.booking(third.id).version);
        let decide = move |cx: &Cx, tx: &mut Tx| decide_fee(cx, tx, id, seen, Fee::Waive);
        house.at(house.owner, decide).unwrap();
        assert_eq!(told(&third), (order::State::Cancelled, 0, 5_000));
        assert_eq!(code(house.at(house.owner, decide)), "booking.changed");
        assert_eq!((house.for_centre(), house.revenue()), (0, 7_000));
    });
}

#[test]
fn a_no_show_is_disputed_and_the_centre_decides() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let bookings = [900, 1000, 1100].map(|minute| house.named(minute));
        house.pass_until(1115);
        let cases = [Back::Nothing, Back::Part(Money(1_000)), Back::All];
        for (booking, (back, kept)) in bookings.iter().zip(cases.into_iter().zip([3_840, 2_840, 0])) {
            let absent = house.absent(booking, Fee::All).unwrap();
            assert_eq!(code(house.rules(CENTRE, &absent, back)), "booking.no_case");
            assert_eq!(code(house.objects(&absent, " ")), "booking.no_words");
            let disputed = house.objects(&absent, "我到了，门锁着").unwrap();
            assert_eq!(code(house.objects(&disputed, "再说一次")), "booking.no_dispute");
            assert!(matches!(
                house.rules(house.owner, &disputed, back),
                Err(Error::Forbidden)
            ));
            assert_eq!(
                code(house.rules(CENTRE, &disputed, Back::Part(Money(3_841)))),
                "booking.too_much"
            );
            let ruled = house.rules(CENTRE, &disputed, back).unwrap();
            assert_eq!(code(house.rules(CENTRE, &disputed, back)), "booking.changed");
            let order = house.order(booking.order);
            assert_eq!((order.kept.fen(), order.earned.fen()), (kept, kept));
            assert_eq!(house.refunds(booking.order), 12_800 - kept);
            let id = ruled.id;
            let last = house.read(move |tx| steps(tx, id)).remove(0);
            assert_eq!((last.step, last.words.as_str()), (Step::Rule, "路上堵车，有截图"));
        }
        assert_eq!(house.revenue(), 3_840 + 2_840);
        house.stand.work();
    });
}

#[test]
fn a_dispute_comes_in_time_and_also_before_the_shop_has_decided() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let bookings = [900, 1000].map(|minute| house.named(minute));
        house.pass_until(1015);
        let [first, second] = bookings.map(|booking| house.absent(&booking, Fee::Later).unwrap());
        let (id, seen) = (first.id, first.version);
        let other = house.at(house.other, move |cx, tx| dispute(cx, tx, id, seen, "x"));
        assert!(matches!(other, Err(Error::NotFound)));
        let disputed = house.objects(&first, "我在路上打过电话").unwrap();
        house.rules(CENTRE, &disputed, Back::All).unwrap();
        let order = house.order(disputed.order);
        assert_eq!(
            (order.state, house.refunds(disputed.order)),
            (order::State::Cancelled, 12_800)
        );
        house.stand.pass(48 * HOUR_MS);
        assert_eq!(code(house.objects(&second, "太晚了")), "booking.no_dispute");
        // Nobody decided for two days: the centre may.
        house.rules(CENTRE, &second, Back::Nothing).unwrap();
        assert_eq!(house.order(second.order).kept, Money(3_840));
    });
}

#[test]
fn who_says_that_they_are_late_is_waited_for() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let booking = house.named(900);
        let (id, seen) = (booking.id, booking.version);
        let say = |minutes| house.at(house.customer, move |cx, tx| say_late(cx, tx, id, seen, minutes));
        assert_eq!(code(say(20)), "booking.not_late", "three hours before");
        house.pass_until(890);
        assert_eq!(code(say(45)), "booking.no_minutes");
        let late = say(20).unwrap();
        assert_eq!((late.state, late.version), (State::Confirmed, seen + 1));
        assert_eq!(say(20).unwrap().version, seen + 1, "said again it is said once");
        house.pass_until(924);
        assert_eq!(code(house.absent(&late, Fee::All)), "booking.not_late_yet");
        assert_eq!(house.booking(id).state, State::Confirmed);
        house.pass_until(925);
        assert_eq!(house.absent(&late, Fee::All).unwrap().state, State::NoShow);
    });
}

#[test]
fn edge_case_31_completed_by_mistake_is_opened_again_and_the_books_are_right() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let serving = house.in_service(900);
        house.pass_until(910);
        let done = house.completed(&serving);
        assert_eq!(house.revenue(), 12_800);
        let again = house.reopened(&done).unwrap();
        assert_eq!(again.state, State::InService);
        assert_eq!(code(house.reopened(&done)), "booking.changed");
        let order = house.order(done.order);
        assert_eq!((order.state, order.earned), (order::State::Placed, Money::ZERO));
        assert_eq!(house.revenue(), 0);
        let longer = house.lengthened(&again, 15).unwrap();
        let order = longer.order;
        house
            .at(house.owner, move |cx, tx| {
                order::take_cash(cx, tx, order, "till", Money(3_200))
            })
            .unwrap();
        house.pass_until(970);
        let done = house.completed(&longer);
        assert_eq!(house.order(order).state, order::State::Fulfilled);
        assert_eq!(house.revenue(), 16_000, "earned once, to the fen");
        let id = done.id;
        let steps = house.read(move |tx| steps(tx, id));
        let reopened = steps.iter().find(|step| step.step == Step::Reopen).unwrap();
        assert_eq!(
            (reopened.words.as_str(), reopened.actor.starts_with("owner:")),
            ("按错了", true)
        );

        house.pass_until(970 + 120);
        assert_eq!(code(house.reopened(&done)), "booking.long_over");
    });
}

#[test]
fn what_is_reviewed_is_over_and_what_is_opened_again_ends_by_itself() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let first = house.completed(&house.in_service(900));
        let id = first.id;
        house.at(house.customer, move |cx, tx| seal(cx, tx, id)).unwrap();
        assert_eq!(code(house.reopened(&first)), "booking.reviewed");

        let second = house.completed(&house.in_service(1000));
        house.pass_until(1100);
        let again = house.reopened(&second).unwrap();
        house.pass_until(1100 + 119);
        assert_eq!(house.booking(again.id).state, State::InService);
        house.pass_until(1100 + 121);
        assert_eq!(house.booking(again.id).state, State::Completed);
        assert_eq!(house.revenue(), 2 * 12_800);
    });
}

#[test]
fn edge_case_16_unsafe_leaving_pays_the_therapist_and_is_a_case() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let serving = house.in_service(900);
        house.pass_until(915);
        assert_eq!(code(house.aborted(&serving, Why::Full)), "booking.no_reason");
        let aborted = house.aborted(&serving, Why::Unsafe).unwrap();
        assert_eq!(aborted.state, State::Aborted);
        assert_eq!(
            house.aborted(&serving, Why::Unsafe).unwrap().version,
            aborted.version
        );
        assert_eq!(house.order(aborted.order).state, order::State::Fulfilled);
        assert_eq!((house.revenue(), house.refunds(aborted.order)), (12_800, 0));
        assert!(house.is_free(930), "the rest of the time is free");
        let case = house.case(&aborted).unwrap();
        assert_eq!(
            (case.kind, case.state, house.for_centre()),
            (CaseKind::Unsafe, CaseState::Referred, 1)
        );
        house.rules(CENTRE, &aborted, Back::Nothing).unwrap();
        assert_eq!(
            (house.for_centre(), house.case(&aborted).unwrap().state),
            (0, CaseState::Closed)
        );
    });
}

#[test]
fn the_reason_of_breaking_off_decides_about_the_money() {
    House::on_every_engine(Accepts::Automatic, |house| {
        let cases = [
            (Why::CustomerUnwell, 3_200),
            (Why::CustomerStops, 12_800),
            (Why::ShopTrouble, 0),
        ];
        for (minute, (why, kept)) in [900, 1000, 1100].into_iter().zip(cases) {
            let serving = house.in_service(minute);
            house.pass_until(minute + 15);
            house.aborted(&serving, why).unwrap();
            assert_eq!(house.refunds(serving.order), 12_800 - kept, "{why}");
            assert!(house.case(&serving).is_none());
        }
        assert_eq!(house.revenue(), 16_000);

        // Before the service has begun: as calling off late.
        let booking = house.named(1200);
        house.pass_until(1190);
        let (id, seen) = (booking.id, booking.version);
        let here = house
            .at(house.owner, move |cx, tx| check_in(cx, tx, id, seen))
            .unwrap();
        house.aborted(&here, Why::CustomerStops).unwrap();
        assert_eq!(house.order(here.order).kept, Money(3_840));
        assert!(house.is_free(1200));
    });
}
