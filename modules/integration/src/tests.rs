//! Through the front door.

mod calendars;
mod door;
mod home;
mod house;
mod listener;
mod pages;
mod party;
mod roster;
mod steps;
mod tickets;
mod told;
mod webhooks;

use house::{House, program};
use testkit::on_each_engine;

/// The OpenAPI document is kept beside the code, so that a change of the contract is seen in review.
#[test]
fn the_document_is_the_one_that_is_kept() {
    let file = tidy::root().join("docs/api/openapi.json");
    let now = format!(
        "{}\n",
        serde_json::to_string_pretty(&crate::openapi(&testkit::texts(&program().0))).unwrap()
    );
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        now == kept,
        "docs/api/openapi.json is not what the addresses say; run with UPDATE=1 and read the diff"
    );
}

/// Every reference of the document leads somewhere, and every name is used once.
#[test]
fn the_document_holds_together() {
    let document = crate::openapi(&testkit::texts(&program().0));
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
    let mut names: Vec<&str> = text
        .split("\"operationId\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert!(all >= 30 && names.len() == all, "{names:?}");
}

#[test]
fn the_house_stands() {
    on_each_engine(program, |app| async move {
        let house = House::new(app).await;
        assert_eq!(house.booked(0).await.state, booking::State::Confirmed);
        assert_eq!(house.app.missing_texts(), Vec::<String>::new());
    });
}
