//! What is told of a proposed change of a booking.

use booking::{Step as BookingStep, StepTaken, Why};

use super::{Kind, MessageKind};

/// What has happened to a proposed change of a booking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChangeTurn {
    /// The customer asks the shop.
    Asked,
    /// The shop asks the customer.
    Offered,
    /// The booking has become it.
    Moved,
    /// Whoever wanted it took it back; of a customer's wish nobody has to hear that.
    TakenBack { by_shop: bool },
    /// The customer did not agree to what the shop proposed.
    RefusedByCustomer,
    /// The shop did not agree to what the customer asked.
    RefusedByShop,
    /// Nobody answered.
    Unanswered,
}

impl ChangeTurn {
    /// Reads the steps of a booking, the latest first.
    pub(super) fn of(steps: &[StepTaken]) -> Option<ChangeTurn> {
        let by_customer = |step: &StepTaken| step.actor.starts_with("customer:");
        let last = steps.first()?;
        Some(match last.step {
            BookingStep::ProposeMove if by_customer(last) => ChangeTurn::Asked,
            BookingStep::ProposeMove => ChangeTurn::Offered,
            BookingStep::Move => ChangeTurn::Moved,
            // Agreed to before it was promised: both in one.
            BookingStep::Confirm if steps.get(1).is_some_and(|step| step.step == BookingStep::Move) => {
                ChangeTurn::Moved
            }
            BookingStep::DropMove => match last.why {
                Some(Why::MoveWithdrawn) => ChangeTurn::TakenBack {
                    by_shop: !by_customer(last),
                },
                Some(Why::MoveRefused) if by_customer(last) => ChangeTurn::RefusedByCustomer,
                Some(Why::MoveRefused) => ChangeTurn::RefusedByShop,
                _ => ChangeTurn::Unanswered,
            },
            _ => return None,
        })
    }

    /// What the desk must hear of it, unless it did it itself.
    pub(super) const fn alert(self) -> Option<Kind> {
        match self {
            ChangeTurn::Asked => Some(Kind::Change),
            ChangeTurn::Moved => Some(Kind::Moved),
            ChangeTurn::RefusedByCustomer | ChangeTurn::Unanswered => Some(Kind::Stays),
            ChangeTurn::Offered | ChangeTurn::TakenBack { .. } | ChangeTurn::RefusedByShop => None,
        }
    }

    /// The messages to shop and customer.
    pub(super) const fn messages(self) -> [Option<MessageKind>; 2] {
        let (to_shop, to_customer) = match self {
            ChangeTurn::Asked => (Some(MessageKind::ChangeAsked), None),
            ChangeTurn::Offered => (None, Some(MessageKind::ChangeOffered)),
            ChangeTurn::Moved => (Some(MessageKind::MovedToShop), Some(MessageKind::Moved)),
            ChangeTurn::TakenBack { by_shop: false } => (None, None),
            ChangeTurn::TakenBack { by_shop: true } | ChangeTurn::RefusedByShop => {
                (None, Some(MessageKind::Stays))
            }
            ChangeTurn::RefusedByCustomer => (Some(MessageKind::StaysToShop), None),
            ChangeTurn::Unanswered => (Some(MessageKind::StaysToShop), Some(MessageKind::Stays)),
        };
        [to_shop, to_customer]
    }
}
