//! News that comes a second time, because the process died before it noted that it had acted on them.

use super::{house::House, *};

#[test]
fn an_order_that_is_told_to_be_placed_again_changes_nothing_that_came_since() {
    for accepts in [Accepts::Manual, Accepts::Automatic] {
        House::on_every_engine(accepts, |house| {
            let paid = house.paid(house.wish(900));
            let (id, seen) = (paid.id, paid.version);
            let again = || {
                house.at(Actor::System("booking.order_placed"), move |cx, tx| {
                    actions::place(cx, tx, id)
                })
            };
            assert_eq!(again().unwrap().version, seen);
            house
                .at(house.owner, move |cx, tx| cancel(cx, tx, id, seen, Why::Full))
                .unwrap();
            let called_off = again().unwrap();
            assert_eq!(
                (called_off.state, called_off.version),
                (State::Cancelled, seen + 1)
            );
        });
    }
}
