//! Dates of their own, the window of booking, and nights.

use super::{
    house::{House, code},
    *,
};

fn minutes(house: &House, day: i64) -> Vec<i64> {
    let of_day = house.free_days(vec![house.liu]);
    let times = &of_day[usize::try_from(day).unwrap()];
    let midnight = times.day.at(0);
    times
        .times
        .iter()
        .map(|time| time.starts_at.minutes_since(midnight))
        .collect()
}

#[test]
fn a_date_of_its_own_takes_the_place_of_the_week() {
    House::on_every_engine(|house| {
        let (liu, tuesday) = (house.liu, house.day.plus(1));
        let set = |times: &'static [(i64, i64)], sure| {
            house.try_as(Role::Clerk, move |cx, tx| {
                set_day(cx, tx, liu, tuesday, times, sure)
            })
        };
        assert_eq!(code(set(&[(600, 500)], true)), "scheduling.backwards");
        assert_eq!(code(set(&[(600, 900), (800, 1000)], true)), "scheduling.overlap");
        set(&[(780, 900)], false).unwrap();
        assert_eq!(minutes(house, 1), [780, 795, 810, 825, 840]);
        assert_eq!(
            code(house.claim(tuesday.at(1000), Choice::Named(liu))),
            "scheduling.closed"
        );
        house.claim(tuesday.at(780), Choice::Named(liu)).unwrap();
        assert_eq!(code(set(&[], false)), "scheduling.day_hits_bookings");
        assert_eq!(code(set(&[(1000, 1200)], false)), "scheduling.day_hits_bookings");
        // The booking takes 13:00 to 14:10: a day that ends in between does not hold it.
        assert_eq!(code(set(&[(720, 840)], false)), "scheduling.day_hits_bookings");
        set(&[(720, 1000)], false).unwrap();
        set(&[], true).unwrap();
        assert_eq!(minutes(house, 1), [] as [i64; 0]);
        house
            .try_as(Role::Clerk, move |cx, tx| usual_day(cx, tx, liu, tuesday))
            .unwrap();
        assert_eq!(minutes(house, 1).last(), Some(&1500));
        let (past, stranger) = (house.day.plus(-2), Id::from_raw(5));
        let late = house.try_as(Role::Clerk, move |cx, tx| set_day(cx, tx, liu, past, &[], true));
        assert_eq!(code(late), "scheduling.day_over");
        let unknown = house.try_as(Role::Clerk, move |cx, tx| {
            set_day(cx, tx, stranger, tuesday, &[], true)
        });
        assert!(matches!(unknown, Err(Error::NotFound)));
    });
}

#[test]
fn edge_case_29_past_midnight_hours_shifts_leave_and_window_follow_the_business_day() {
    House::on_every_engine(|house| {
        let (shop, liu, wang, monday) = (house.shop, house.liu, house.wang, house.day);
        let one_at_night = |day: Day| day.plus(1).at(60);
        // Liu goes home at midnight on Monday, Wang stays.
        house.write(move |cx, tx| set_day(cx, tx, liu, monday, &[(720, 1440)], false));
        let night = one_at_night(monday);
        assert_eq!(code(house.claim(night, Choice::Named(liu))), "scheduling.closed");
        // A leave of Tuesday, which begins at six, does not touch Monday's night.
        let leave = NewLeave {
            therapist: wang,
            from: monday.plus(1).at(360),
            to: monday.plus(2).at(360),
            reason: String::new(),
        };
        house.write(move |cx, tx| grant_leave(cx, tx, leave.clone(), false));
        house.claim(night, Choice::Named(wang)).unwrap();
        assert_eq!(
            code(house.claim(one_at_night(monday.plus(1)), Choice::Named(wang))),
            "scheduling.closed"
        );
        // The shop rests on Wednesday: Tuesday's night is served, Wednesday's is not.
        house.write(move |cx, tx| {
            let rest = shop::SpecialDays {
                first: monday.plus(2),
                last: monday.plus(2),
                hours: None,
                reason: "盘点".to_owned(),
            };
            shop::set_special_days(cx, tx, shop, &rest)
        });
        house
            .claim(one_at_night(monday.plus(1)), Choice::Named(liu))
            .unwrap();
        assert_eq!(
            code(house.claim(one_at_night(monday.plus(2)), Choice::Named(liu))),
            "scheduling.closed"
        );
        // Half past midnight, two days can be booked: the second one's night is within, the noon after it is not.
        house.clock(monday.plus(1).at(30));
        let window = Window { lead: 0, days: 2 };
        house.write(move |cx, tx| set_window(cx, tx, shop, window));
        let check = |at| house.try_write(move |cx, tx| check_window(cx, tx, shop, at));
        check(monday.plus(2).at(30)).unwrap();
        house.write(move |cx, tx| shop::lift_exception(cx, tx, shop, monday.plus(2)));
        check(one_at_night(monday.plus(2))).unwrap();
        assert_eq!(code(check(monday.plus(3).at(720))), "scheduling.too_far");
        // The changed day may still be running.
        house.write(move |cx, tx| set_day(cx, tx, liu, monday, &[(720, 1560)], true));
        assert!(house.claim(monday.at(1500), Choice::Named(liu)).is_ok());
    });
}

#[test]
fn a_shops_window_stays_within_the_centres_bounds() {
    House::on_every_engine(|house| {
        let shop = house.shop;
        let set = |role, lead, days| {
            house.try_as(role, move |cx, tx| {
                set_window(cx, tx, shop, Window { lead, days })
            })
        };
        let check = |at| house.try_write(move |cx, tx| check_window(cx, tx, shop, at));
        check(house.at(601)).unwrap();
        check(house.day.plus(13).at(900)).unwrap();
        assert_eq!(code(check(house.day.plus(14).at(900))), "scheduling.too_far");
        assert!(matches!(set(Role::Therapist, 30, 7), Err(Error::Forbidden)));
        assert_eq!(code(set(Role::Owner, 30, 31)), "scheduling.bad_days");
        assert_eq!(code(set(Role::Owner, 1441, 7)), "scheduling.bad_lead");
        set(Role::Owner, 30, 7).unwrap();
        assert_eq!(code(check(house.at(629))), "scheduling.too_soon");
        check(house.at(630)).unwrap();
        check(house.day.plus(6).at(900)).unwrap();
        assert_eq!(code(check(house.day.plus(7).at(900))), "scheduling.too_far");

        let closer = Bounds {
            usual: Window { lead: 0, days: 3 },
            most_lead: 10,
            most_days: 5,
        };
        let own = house.try_as(Role::Owner, move |cx, tx| set_bounds(cx, tx, closer));
        assert!(matches!(own, Err(Error::Forbidden)));
        house.write(move |cx, tx| set_bounds(cx, tx, closer));
        assert_eq!(
            house.read(move |tx| window(tx, shop)),
            Window { lead: 10, days: 5 }
        );
        let torn = Bounds {
            most_days: 2,
            ..closer
        };
        assert_eq!(
            code(house.try_write(move |cx, tx| set_bounds(cx, tx, torn))),
            "scheduling.bad_bounds"
        );
    });
}

#[test]
fn free_times_follow_holidays_and_special_days_of_the_shop() {
    House::on_every_engine(|house| {
        let (shop, tuesday) = (house.shop, house.day.plus(1));
        house.write(move |cx, tx| {
            shop::enter_holiday(cx, tx, tuesday, shop::DayKind::Off, "中秋")?;
            let rule = shop::HolidayRule {
                holidays: shop::OnHolidays::Other((840, 960)),
                work_like: None,
            };
            shop::set_holiday_rule(cx, tx, shop, rule)
        });
        assert_eq!(minutes(house, 1), [840, 855, 870, 885, 900]);
        house.write(move |cx, tx| shop::set_exception(cx, tx, shop, tuesday, None));
        assert_eq!(minutes(house, 1), [] as [i64; 0]);
        house.clock(tuesday.at(600));
        let query = house.query(vec![house.liu]);
        let next = house.read(move |tx| next_free(tx, &query)).unwrap();
        assert_eq!(
            next.starts_at,
            tuesday.plus(1).at(720),
            "the next free time is the day after"
        );
    });
}
