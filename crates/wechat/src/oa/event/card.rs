/// What happened to a coupon or a member's card. The interfaces behind them have ended or are ending; the pushes are still
/// in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CardEvent {
    /// `card_pass_check`: WeChat's review let it pass.
    Passed,
    /// `card_not_pass_check`: WeChat's review refused it.
    NotPassed,
    /// `user_get_card`
    Taken,
    /// `user_gifting_card`
    Given,
    /// `user_del_card`
    Deleted,
    /// `user_consume_card`
    Used,
    /// `user_pay_from_pay_cell`
    Paid,
    /// `user_view_card`
    Viewed,
    /// `user_enter_session_from_card`
    ChatEntered,
    /// `update_member_card`
    MemberUpdated,
    /// `submit_membercard_user_info`
    MemberActivated,
    /// `card_sku_remind`
    RunningOut,
    /// `card_pay_order`
    Ordered,
    /// Another `card_…`.
    Other(String),
}

impl CardEvent {
    /// `None` for events that are not about cards.
    pub(super) fn from_text(name: &str) -> Option<Self> {
        Some(match name {
            "card_pass_check" => Self::Passed,
            "card_not_pass_check" => Self::NotPassed,
            "user_get_card" => Self::Taken,
            "user_gifting_card" => Self::Given,
            "user_del_card" => Self::Deleted,
            "user_consume_card" => Self::Used,
            "user_pay_from_pay_cell" => Self::Paid,
            "user_view_card" => Self::Viewed,
            "user_enter_session_from_card" => Self::ChatEntered,
            "update_member_card" => Self::MemberUpdated,
            "submit_membercard_user_info" => Self::MemberActivated,
            "card_sku_remind" => Self::RunningOut,
            "card_pay_order" => Self::Ordered,
            other if other.starts_with("card_") => Self::Other(other.to_owned()),
            _ => return None,
        })
    }
}
