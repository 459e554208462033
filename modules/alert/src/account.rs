use std::{collections::HashMap, sync::Arc};

use wechat::oa::{Account, Callback};

/// The official account as this module needs it: the way out, the way in, and its templates.
pub struct OfficialAccount {
    /// Makes the calls.
    pub account: Arc<Account>,
    /// Checks and opens what WeChat pushes.
    pub callback: Callback,
    /// The templates of the account.
    pub templates: Templates,
    /// The address that messages and menu lead to, without a slash at the end.
    pub base_url: String,
}

/// The account's message templates: title (such as 新订单提醒) to template id.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Templates(HashMap<String, String>);

impl Templates {
    /// The id of the template with this title.
    pub fn id_of(&self, title: &str) -> Option<&str> {
        self.0.get(title).map(String::as_str)
    }

    /// The titles that this program sends and that are missing here; empty is well.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut titles: Vec<&str> = crate::MessageKind::ALL
            .iter()
            .map(|kind| kind.template())
            .collect();
        titles.sort_unstable();
        titles.dedup();
        titles.retain(|title| !self.0.contains_key(*title));
        titles
    }
}

impl<T: Into<String>, I: Into<String>> FromIterator<(T, I)> for Templates {
    fn from_iter<P: IntoIterator<Item = (T, I)>>(pairs: P) -> Templates {
        Templates(
            pairs
                .into_iter()
                .map(|(title, id)| (title.into(), id.into()))
                .collect(),
        )
    }
}
