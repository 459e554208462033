//! Words of this module that are kept with an order, made once where it is opened.

use std::sync::LazyLock;

use kernel::Lang;
use text::{Texts, args};

pub(crate) const ZH_CN: &str = include_str!("../texts/zh-CN.ftl");
pub(crate) const EN: &str = include_str!("../texts/en.ftl");

static OWN: LazyLock<Texts> = LazyLock::new(|| {
    let texts = Texts::builder().add(Lang::Zh, ZH_CN).add(Lang::En, EN).build();
    texts.unwrap_or_else(|faults| panic!("the catalogues of this program are checked by its tests: {faults}"))
});

/// 上门: where a home visit takes place; nobody is told more by a calendar.
pub fn at_home(lang: Lang) -> String {
    OWN.say(lang, "booking-at-home", &args![])
}

/// 上门车费: the line of an order for the way.
pub(crate) fn fare(lang: Lang) -> String {
    OWN.say(lang, "booking-fare", &args![])
}

/// 已注销用户: who a customer is after the account was deleted.
pub(crate) fn gone() -> String {
    OWN.say(Lang::Zh, "booking-gone-customer", &args![])
}
