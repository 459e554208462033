use db::{Job, Migration};
use kernel::Lang;

use crate::Routes;

/// What a part of the business hands to the program.
pub struct Module {
    /// Its name: folder, crate and prefix of its texts.
    pub name: &'static str,
    /// Its tables.
    pub migrations: &'static [Migration],
    /// Its words, in both languages.
    pub texts: [(Lang, &'static str); 2],
    /// Its addresses.
    pub routes: Routes,
    /// What happens afterwards.
    pub jobs: Vec<Job>,
    /// Which events wake which of its jobs: (event, job).
    pub listens: Vec<(&'static str, &'static str)>,
    /// The codes of its refusals, so that a test finds each one's text.
    pub refusals: &'static [&'static str],
}

/// The part of the business that this crate itself is: sessions, preferences, the words of the components and of
/// error pages.
pub fn module() -> Module {
    Module {
        name: "web",
        migrations: db::migrations!("web": "0001_session", "0002_token"),
        texts: [
            (
                Lang::Zh,
                concat!(
                    include_str!("../texts/zh-CN.ftl"),
                    "\n",
                    include_str!("ui/zh-CN.ftl")
                ),
            ),
            (
                Lang::En,
                concat!(include_str!("../texts/en.ftl"), "\n", include_str!("ui/en.ftl")),
            ),
        ],
        routes: crate::page::routes(),
        jobs: vec![crate::sessions::sweep_job()],
        listens: Vec::new(),
        refusals: &[
            "db.key_reused",
            "web.bad_form",
            "web.too_many",
            "web.stale_form",
            "web.too_large",
            "web.no_token",
            "web.no_scope",
        ],
    }
}
