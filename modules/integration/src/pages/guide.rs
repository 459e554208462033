//! The page that explains the API to people who write programs.

use web::{
    Answer, Ask, Markup, html,
    ui::{Surface, section, table},
};

use crate::{
    api,
    model::{ANNOUNCED, Scope},
};

/// `GET /api`
pub(super) async fn show(ask: Ask) -> Answer {
    let table = api::table();
    let title = ask.label("integration-api-title");
    let base = ask.app.settings.base_url.clone();
    let example = format!(
        "curl -H 'Authorization: Bearer tuina_…' -H 'Accept-Language: {}' \\\n  {base}/api/v1/shops?limit=2",
        ask.lang().tag()
    );
    let writing = format!(
        "curl -X POST -H 'Authorization: Bearer tuina_…' -H 'If-Match: \"v3\"' \\\n  \
         {base}/api/v1/shops/SHOP/bookings/BOOKING/confirmation"
    );
    Ok(ask.page(Surface::Customer, &title, |_, page| {
        page.wide()
            .answer(&ask.label("integration-api-answer"))
            .body(html! {
                p { a href="/api/v1/openapi.json" { (ask.label("integration-api-document")) } }
                (section("start", &ask.label("integration-api-start"), html! {
                    p { (ask.label("integration-api-start-words")) }
                    pre tabindex="0" { code { (example) } }
                    p { (ask.label("integration-api-write-words")) }
                    pre tabindex="0" { code { (writing) } }
                    p { (ask.label("integration-api-desk-words")) }
                    p { (ask.label("integration-api-page-words")) }
                    p { (ask.label("integration-api-problem")) }
                }))
                (section("endpoints", &ask.label("integration-api-endpoints-heading"), endpoints(&ask, &table)))
                (section("scopes", &ask.label("integration-scopes"), scopes(&ask)))
                (section("webhooks", &ask.label("integration-hooks"), html! {
                    p { (ask.label("integration-api-hook-words")) }
                    (events(&ask))
                }))
            })
    }))
}

fn endpoints(ask: &Ask, all: &api::Table) -> Markup {
    let heads = ["what", "address", "scope"].map(|word| ask.label(&format!("integration-api-{word}")));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let caption = ask.label("integration-api-endpoints");
    let mut table = table::table(&caption).head(&heads);
    for one in all.endpoints() {
        table = table.row(vec![
            html! { (ask.label(&one.text_key())) },
            html! { code { (one.method) " " (one.path) } },
            html! { code { (one.scope) } },
        ]);
    }
    html! { (table) }
}

fn scopes(ask: &Ask) -> Markup {
    html! {
        ul {
            @for scope in Scope::ALL { li { code { (scope) } " " (ask.label(&scope.text_key())) } }
        }
    }
}

fn events(ask: &Ask) -> Markup {
    html! {
        ul {
            @for (event, _) in ANNOUNCED {
                li { code { (event) } " " (ask.label(&format!("integration-event-{}", event.replace(['.', '_'], "-")))) }
            }
        }
    }
}
