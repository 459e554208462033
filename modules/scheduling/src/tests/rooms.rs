//! Rooms, and beds at rest.

use super::{
    house::{House, MASSAGE, code},
    *,
};

#[test]
fn people_who_come_together_get_one_room() {
    House::on_every_engine(|house| {
        let (shop, liu, wang) = (house.shop, house.liu, house.wang);
        let beds = house.beds();
        let (single, double) = house.write(move |cx, tx| {
            let double = add_room(cx, tx, shop, " 双人间 ")?;
            let single = add_room(cx, tx, shop, "单间")?;
            let third = add_bed(cx, tx, shop, "三号床")?;
            put_bed_in_room(cx, tx, shop, beds[0], Some(single))?;
            put_bed_in_room(cx, tx, shop, beds[1], Some(double))?;
            put_bed_in_room(cx, tx, shop, third, Some(double))?;
            Ok((single, double))
        });
        let used = house.try_write(move |cx, tx| add_room(cx, tx, shop, "双人间"));
        assert_eq!(code(used), "scheduling.room_name");
        let starts_at = house.at(900);
        let one = move |holder, choice| Wanted {
            shop,
            choice,
            starts_at,
            length: MASSAGE,
            holder: Id::from_raw(holder),
        };
        let two = [
            one(1, Choice::Named(liu)),
            one(2, Choice::Rotation(vec![liu, wang])),
        ];
        let wanted = two.clone();
        let claimed = house.write(move |cx, tx| claim_together(cx, tx, &wanted, true));
        let rooms: Vec<_> = claimed
            .iter()
            .map(|claimed| {
                let bed = claimed.bed.unwrap();
                house.read(move |tx| bed_of(tx, bed)).room
            })
            .collect();
        assert_eq!(rooms, [Some(double), Some(double)]);
        assert_ne!(claimed[0].bed, claimed[1].bed);
        assert_eq!(claimed[1].therapist, wang, "the other one is busy");

        // One bed of the double room rests: the single one has no place for two, and nothing is claimed by halves.
        house.write(|_, tx| release(tx, Id::from_raw(1)).and_then(|()| release(tx, Id::from_raw(2))));
        let rests = NewPause {
            bed: claimed[0].bed.unwrap(),
            from: starts_at,
            to: starts_at.plus_minutes(60),
            reason: "换床单".to_owned(),
        };
        house.write(move |cx, tx| pause_bed(cx, tx, shop, &rests));
        let again = [one(3, Choice::Named(wang)), one(4, Choice::Named(liu))];
        let no = house.try_write(move |cx, tx| claim_together(cx, tx, &again, true));
        assert_eq!(code(no), "scheduling.no_room");
        let spans = house.read(|tx| store::spans_of(tx, Id::from_raw(3)));
        assert!(spans.is_empty());
        // One person alone can ask for a room too.
        let alone = one(5, Choice::Named(wang));
        let claimed = house.write(move |cx, tx| claim_in(cx, tx, &alone, Some(single)));
        let bed = claimed.bed.unwrap();
        assert_eq!(house.read(move |tx| bed_of(tx, bed)).room, Some(single));
    });
}

fn bed_of(tx: &mut Tx, id: Id<Bed>) -> kernel::Result<Bed> {
    crate::bed(tx, id)
}

#[test]
fn a_bed_at_rest_is_not_filled_and_what_is_on_it_is_told() {
    House::on_every_engine(|house| {
        let (shop, liu, wang) = (house.shop, house.liu, house.wang);
        let beds = house.beds();
        house.claim_for(1, house.at(900), Choice::Named(liu)).unwrap();
        let pause = |bed, from, to| NewPause {
            bed,
            from: house.at(from),
            to: house.at(to),
            reason: "换床单".to_owned(),
        };
        let set = |new: NewPause| house.try_as(Role::Clerk, move |cx, tx| pause_bed(cx, tx, shop, &new));
        assert_eq!(code(set(pause(beds[0], 900, 900))), "scheduling.backwards");
        assert_eq!(code(set(pause(beds[0], 0, 60))), "scheduling.past");
        assert_eq!(set(pause(beds[0], 840, 1200)).unwrap().len(), 1);
        assert_eq!(set(pause(beds[1], 1000, 1200)).unwrap().len(), 0);
        let free = house.free(vec![wang]);
        assert!(
            free.contains(&house.at(900)),
            "on the second bed, until it rests too"
        );
        assert!(!free.contains(&house.at(1005)) && free.contains(&house.at(1200)));
        assert_eq!(
            code(house.claim(house.at(1020), Choice::Named(wang))),
            "scheduling.time_taken"
        );
        house.write(move |cx, tx| {
            for pause in store::pauses(tx, shop, cx.now())? {
                lift_pause(cx, tx, shop, pause.id)?;
            }
            Ok(())
        });
        house.claim(house.at(1020), Choice::Named(wang)).unwrap();
        let unknown = house.try_write(move |cx, tx| lift_pause(cx, tx, shop, Id::from_raw(1)));
        assert!(matches!(unknown, Err(Error::NotFound)));
    });
}
