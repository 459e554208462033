//! The form that says with which account a therapist signs in.

use identity::StaffAccount;
use kernel::{Error, Id, Refused, Result, Role, Staff};
use serde::Deserialize;
use text::args;
use web::{
    Answer, Ask, Form, Path, Response, html,
    ui::{Choice, Surface, Tone, button, csrf, field, state},
};

use super::{House, InShop, address, therapist_here};
use crate::{Refusal, Therapist, actions};

const NONE: &str = "none";

/// What was chosen.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct AccountForm {
    account: String,
    version: i64,
}

impl AccountForm {
    fn of(therapist: &Therapist) -> AccountForm {
        AccountForm {
            account: therapist
                .account
                .map_or_else(|| NONE.to_owned(), |account| account.to_string()),
            version: therapist.version,
        }
    }

    fn read(&self) -> Result<Option<Id<Staff>>> {
        if self.account == NONE {
            return Ok(None);
        }
        let account = self.account.parse().map_err(|_| Refusal::BadAccount)?;
        Ok(Some(account))
    }
}

pub(super) async fn show(ask: Ask, Path((shop, id)): InShop) -> Answer {
    account_page(&ask, shop, id, None).await
}

pub(super) async fn save(ask: Ask, Path((shop, id)): InShop, Form(form): Form<AccountForm>) -> Answer {
    let tied = match form.read() {
        Ok(account) => {
            let version = form.version;
            let tied = ask.write(move |cx, tx| {
                therapist_here(cx, tx, shop, id)?;
                actions::tie(cx, tx, id, version, account)
            });
            tied.await
        }
        Err(error) => Err(error),
    };
    match tied {
        Ok(therapist) => {
            let key = match therapist.account {
                Some(_) => "therapist-said-tied",
                None => "therapist-said-untied",
            };
            let said = ask.say(key, &args![name => therapist.name.as_str()]);
            Ok(ask.see_saying(&address(shop), &said))
        }
        Err(Error::Refused(no)) => account_page(&ask, shop, id, Some((form, no))).await,
        Err(other) => Err(other.into()),
    }
}

/// The page, and what was refused with what had been chosen.
async fn account_page(
    ask: &Ask,
    shop: Id<kernel::Shop>,
    id: Id<Therapist>,
    refused: Option<(AccountForm, Refused)>,
) -> Answer {
    let (house, accounts) = ask
        .read(move |cx, tx| {
            let scope = cx.shop_named(shop)?;
            let mut accounts = identity::staff_of(tx, scope)?;
            accounts.retain(|account| account.role == Role::Therapist && account.active);
            Ok((House::find(cx, tx, shop)?, accounts))
        })
        .await?;
    let therapist = house.therapist(id)?;
    let form = match &refused {
        // The person now sees how it is, so sending the form again is a decision about this.
        Some((form, _)) => AccountForm {
            version: therapist.version,
            ..form.clone()
        },
        None => ask.kept().await.unwrap_or_else(|| AccountForm::of(therapist)),
    };
    let no = refused.as_ref().map(|(_, no)| no);
    let response = form_page(ask, &house, (therapist, &accounts), &form, no);
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn form_page(
    ask: &Ask,
    house: &House,
    (therapist, accounts): (&Therapist, &[StaffAccount]),
    form: &AccountForm,
    no: Option<&Refused>,
) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let name = therapist.name.as_str();
    let title = ask.say("therapist-account-title", &args![name => name]);
    let now = accounts
        .iter()
        .find(|account| Some(account.id) == therapist.account);
    let answer = match now {
        Some(account) => ask.say(
            "therapist-account-answer",
            &args![login => account.login.as_str()],
        ),
        None => ask.label("therapist-account-answer-none"),
    };
    let back = house.address();
    let action = format!("{back}/{}/account", therapist.id);
    let (legend, none) = (
        ask.label("therapist-account"),
        ask.label("therapist-account-none"),
    );
    let labels: Vec<(String, String)> = accounts
        .iter()
        .map(|account| (account.id.to_string(), label_of(ask, house, therapist, account)))
        .collect();
    let mut options = field::radios("account", &legend).option(Choice::new(NONE, &none));
    for (id, label) in &labels {
        options = options.option(Choice::new(id, label));
    }
    let version = form.version.to_string();
    ask.page(Surface::Console, &title, |frame, page| {
        page.answer(&answer).back(&back, &ask.label("therapist-list")).errors(&errors).body(html! {
            @if accounts.is_empty() {
                (state::notice(Tone::Plain, &ask.label("therapist-account-make")).body(html! {
                    a href={ "/console/staff?shop=" (house.shop.id) } { (ask.label("therapist-account-staff")) }
                }))
            }
            form method="post" action=(action) novalidate {
                (csrf(frame))
                (field::hidden("version", &version))
                (options.value(&form.account).errors(&errors))
                (button::submit(&ask.label("therapist-account-save")).about(name))
            }
        })
    })
}

/// 小刘（liu8），and whose it is already.
fn label_of(ask: &Ask, house: &House, therapist: &Therapist, account: &StaffAccount) -> String {
    let whose = house
        .therapists
        .iter()
        .find(|other| other.account == Some(account.id) && other.id != therapist.id);
    let values = args![
        name => account.name.as_str(),
        login => account.login.as_str(),
        whose => whose.map(|other| other.name.as_str()).unwrap_or_default(),
    ];
    let key = match whose {
        Some(_) => "therapist-account-taken",
        None => "therapist-account-line",
    };
    ask.say(key, &values)
}
