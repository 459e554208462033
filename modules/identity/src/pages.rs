//! Sign-in, the customer's own page, and the accounts of staff.

use db::Tx;
use kernel::{Actor, Cx, Error, Id, Refused, Result, Role, Shop, Staff};
use serde::{Deserialize, Serialize};
use text::args;
use web::{
    Allow, Answer, Ask, Form, Path, Query, Response, Routes, html,
    ui::{Choice, Entry, Surface, Tone, button, csrf, field, list, preferences, section, state},
};

use crate::{NewStaff, Password, Refusal, StaffAccount, actions, store, wechat_door};

pub(crate) fn routes() -> Routes {
    Routes::new("identity")
        .get("/wechat/sign-in", Allow::Anyone, wechat_door::begin)
        .get("/wechat/sign-in/return", Allow::Anyone, wechat_door::finish)
        .get("/desk/wechat", Allow::Desk, wechat_door::begin_binding)
        .get("/sign-in", Allow::Anyone, show_sign_in)
        .post("/sign-in", Allow::Anyone, sign_in)
        .get("/me", Allow::Customer, me)
        .post("/me", Allow::Customer, save_me)
        .get("/console/staff", Allow::Console, show_staff)
        .post("/console/staff", Allow::Console, create_staff)
        .get("/console/staff/{id}/password", Allow::Console, show_password)
        .post("/console/staff/{id}/password", Allow::Console, reset_password)
        .post("/console/staff/{id}/closure", Allow::Console, close_account)
        .post("/console/staff/{id}/opening", Allow::Console, open_account)
}

#[derive(Deserialize, Default)]
struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    to: Option<String>,
}

#[derive(Deserialize)]
struct To {
    to: Option<String>,
}

async fn show_sign_in(ask: Ask, Query(query): Query<To>) -> Answer {
    Ok(sign_in_page(
        &ask,
        &SignInForm {
            to: query.to,
            ..SignInForm::default()
        },
        None,
    ))
}

fn sign_in_page(ask: &Ask, form: &SignInForm, no: Option<&Refused>) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = ask.label("identity-sign-in-title");
    ask.page(Surface::Desk, &title, |frame, page| {
        page.bare().errors(&errors).body(html! {
            form method="post" action="/sign-in" novalidate {
                (csrf(frame))
                @if let Some(to) = &form.to { (field::hidden("to", to)) }
                (field::text("login", &ask.label("identity-login")).value(&form.login).autocomplete("username").errors(&errors))
                (field::password("password", &ask.label("identity-password")).autocomplete("current-password").errors(&errors))
                (button::submit(&ask.label("identity-sign-in")))
            }
        })
    })
}

/// A password is checked outside any transaction: it takes some tens of milliseconds by intention.
async fn sign_in(ask: Ask, Form(form): Form<SignInForm>) -> Answer {
    ask.limit("sign-in", &form.login, 10)?;
    let login = form.login.trim().to_owned();
    let known = ask.read(move |_, tx| store::password_of(tx, &login)).await?;
    let plain = form.password.clone();
    let right = ask
        .blocking(move |_, _| match known {
            Some((id, password)) => Ok(password.is(&plain).then_some(id)),
            None => {
                // Takes as long as a wrong password, so that names cannot be found out by the clock.
                let _ = Password::hash("nobody has this password");
                Ok(None)
            }
        })
        .await?;
    let Some(id) = right else {
        let no = Refused::from(Refusal::WrongPassword);
        return Ok(ask.refused(&no, sign_in_page(&ask, &form, Some(&no))));
    };
    let (account, begun) = ask.write(move |cx, tx| begin_shift(cx, tx, id)).await?;
    let home = if account.role == Role::Centre {
        "/console"
    } else {
        "/desk"
    };
    let to = form
        .to
        .as_deref()
        .filter(|path| web::is_local(path))
        .unwrap_or(home);
    Ok(begun.set(&ask.app, ask.see(to)))
}

fn begin_shift(cx: &Cx, tx: &mut Tx, id: Id<Staff>) -> Result<(StaffAccount, web::sessions::Begun)> {
    let account = store::staff_account(tx, id)?;
    let begun = web::sessions::begin(cx, tx, account.actor(), &account.name)?;
    Ok((account, begun))
}

#[derive(Deserialize, Serialize, Default)]
struct MeForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
}

async fn me(ask: Ask) -> Answer {
    let id = ask.customer()?;
    let customer = ask.read(move |_, tx| store::customer(tx, id)).await?;
    let form = ask.kept().await.unwrap_or(MeForm {
        name: customer.name.or(customer.nickname).unwrap_or_default(),
        phone: customer.phone.unwrap_or_default(),
    });
    Ok(me_page(&ask, &form, None))
}

fn me_page(ask: &Ask, form: &MeForm, no: Option<&Refused>) -> Response {
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    ask.page(Surface::Customer, &ask.label("identity-me-title"), |frame, page| {
        page.errors(&errors).body(html! {
            form method="post" action="/me" novalidate {
                (csrf(frame))
                (field::text("name", &ask.label("identity-name")).value(&form.name).autocomplete("name").errors(&errors))
                (field::tel("phone", &ask.label("identity-phone")).value(&form.phone).autocomplete("tel").errors(&errors))
                (button::submit(&ask.label("identity-save")))
            }
            p { a href="/wechat/sign-in?scope=profile&to=/me" { (ask.label("identity-use-profile")) } }
            (section("look", &ask.label("identity-look"), preferences(frame, "/preferences")))
            (button::post(frame, "/sign-out", &ask.label("identity-sign-out")).quiet())
            p { a href="/me/deletion" { (ask.label("identity-to-deletion")) } }
        })
    })
}

async fn save_me(ask: Ask, Form(form): Form<MeForm>) -> Answer {
    let id = ask.customer()?;
    let checked = check_contact(&form);
    let saved = match checked {
        Ok((name, phone)) => {
            ask.write(move |cx, tx| actions::remember_contact(cx, tx, id, &name, &phone))
                .await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(ask.see_saying("/me", &ask.label("identity-saved"))),
        Err(Error::Refused(no)) => Ok(ask.refused(&no, me_page(&ask, &form, Some(&no)))),
        Err(other) => Err(other.into()),
    }
}

fn check_contact(form: &MeForm) -> Result<(String, String)> {
    crate::model::check_name(&form.name)?;
    let phone = text::phone::Phone::mobile(&form.phone).map_err(|_| Refusal::BadPhone)?;
    Ok((form.name.trim().to_owned(), phone.number))
}

#[derive(Deserialize, Serialize, Default, Clone)]
struct StaffForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    role: String,
    shop: Option<Id<Shop>>,
}

#[derive(Deserialize)]
struct NewPassword {
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
struct OfShop {
    shop: Option<Id<Shop>>,
}

async fn show_staff(ask: Ask, Query(query): Query<OfShop>) -> Answer {
    let form = ask.kept().await.unwrap_or(StaffForm {
        shop: query.shop,
        ..StaffForm::default()
    });
    staff_page(&ask, &form, None).await
}

/// The shop whose accounts are kept: the owner's own, or the one the centre chose.
fn shop_kept(ask: &Ask, chosen: Option<Id<Shop>>) -> Option<Id<Shop>> {
    match ask.actor() {
        Actor::Staff { shop: Some(own), .. } => Some(own),
        _ => chosen,
    }
}

async fn staff_page(ask: &Ask, form: &StaffForm, no: Option<&Refused>) -> Answer {
    let shop = shop_kept(ask, form.shop);
    let accounts = ask
        .read(move |cx, tx| match shop {
            Some(shop) => store::staff_of(tx, cx.shop_named(shop)?),
            None => store::staff_of_centre(tx),
        })
        .await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let roles: &[Role] = if shop.is_some() {
        &[Role::Owner, Role::Clerk, Role::Therapist]
    } else {
        &[Role::Centre]
    };
    let answer = ask.say("identity-staff-count", &args![count => accounts.len()]);
    let response = ask.page(Surface::Console, &ask.label("identity-staff-title"), |frame, page| {
        let mut entries = list::entries().level(2);
        for account in &accounts {
            entries = entries.entry(staff_entry(ask, frame, account));
        }
        page.answer(&answer).errors(&errors).body(html! {
            (entries)
            (section("new", &ask.label("identity-staff-new"), html! {
                form method="post" action="/console/staff" novalidate {
                    (csrf(frame))
                    @if let Some(shop) = shop { (field::hidden("shop", &shop.to_string())) }
                    (field::text("name", &ask.label("identity-name")).value(&form.name).errors(&errors))
                    (field::text("login", &ask.label("identity-login")).hint(&ask.label("identity-login-hint")).value(&form.login).errors(&errors))
                    (field::password("password", &ask.label("identity-new-password")).autocomplete("new-password").errors(&errors))
                    (roles_field(ask, roles, form, &errors))
                    (button::submit(&ask.label("identity-staff-create")))
                }
            }))
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

fn roles_field(ask: &Ask, roles: &[Role], form: &StaffForm, errors: &web::ui::Errors<'_>) -> web::Markup {
    let labels: Vec<(Role, String)> = roles
        .iter()
        .map(|role| (*role, ask.label(&format!("identity-role-{role}"))))
        .collect();
    let legend = ask.label("identity-role");
    let mut radios = field::radios("role", &legend);
    for (role, label) in &labels {
        radios = radios.option(Choice::new(role.code(), label));
    }
    let value = if form.role.is_empty() {
        roles.last().map_or("", |role| role.code())
    } else {
        &form.role
    };
    html! { (radios.value(value).errors(errors)) }
}

fn staff_entry<'a>(ask: &Ask, frame: &web::ui::Frame<'_>, account: &'a StaffAccount) -> Entry<'a> {
    let (tone, word, path, verb) = if account.active {
        (Tone::Good, "identity-active", "closure", "identity-close")
    } else {
        (Tone::Plain, "identity-shut", "opening", "identity-open")
    };
    let action = format!("/console/staff/{}/{path}", account.id);
    let password = format!("/console/staff/{}/password", account.id);
    let line = format!(
        "{} · {}",
        ask.label(&format!("identity-role-{}", account.role)),
        account.login
    );
    Entry::text(&account.name)
        .badge(html! { (state::badge(tone, &ask.label(word))) })
        .line(&line)
        .action(html! {
            (button::link(&password, &ask.label("identity-reset-password")).about(&account.name).quiet())
            (button::post(frame, &action, &ask.label(verb)).about(&account.name).secondary())
        })
}

async fn show_password(ask: Ask, Path(id): Path<Id<Staff>>) -> Answer {
    password_page(&ask, id, None).await
}

async fn password_page(ask: &Ask, id: Id<Staff>, no: Option<&Refused>) -> Answer {
    let account = ask.read(move |cx, tx| actions::kept(cx, tx, id)).await?;
    let errors = no.map_or_else(|| ask.errors(), |no| ask.errors_of(no));
    let title = format!("{} {}", ask.label("identity-reset-password"), account.name);
    let (action, back) = (format!("/console/staff/{id}/password"), list_address(&account));
    let response = ask.page(Surface::Console, &title, |frame, page| {
        page.back(&back, &ask.label("identity-staff-title")).errors(&errors).body(html! {
            form method="post" action=(action) novalidate {
                (csrf(frame))
                (field::password("password", &ask.label("identity-new-password")).autocomplete("new-password").errors(&errors))
                (button::submit(&ask.label("identity-reset-password")).about(&account.name))
            }
        })
    });
    Ok(match no {
        Some(no) => ask.refused(no, response),
        None => response,
    })
}

async fn create_staff(ask: Ask, Form(both): Form<StaffWithPassword>) -> Answer {
    let form = both.staff.clone();
    let role = form
        .role
        .parse::<Role>()
        .map_err(|_| Error::from(Refusal::BadRole));
    let plain = both.password.clone();
    let password = ask.blocking(move |_, _| Password::hash(&plain)).await;
    let shop = shop_kept(&ask, form.shop);
    let created = match (role, password) {
        (Ok(role), Ok(password)) => {
            let new = NewStaff {
                shop,
                role,
                name: form.name.clone(),
                login: form.login.trim().to_owned(),
                password,
                openid: None,
            };
            ask.write(move |cx, tx| actions::create_staff(cx, tx, &new)).await
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match created {
        Ok(account) => {
            let said = ask.say("identity-staff-created", &args![name => account.name.as_str()]);
            Ok(ask.see_saying(&list_address(&account), &said))
        }
        Err(Error::Refused(no)) => staff_page(&ask, &form, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

#[derive(Deserialize)]
struct StaffWithPassword {
    #[serde(flatten)]
    staff: StaffForm,
    #[serde(default)]
    password: String,
}

fn list_address(account: &StaffAccount) -> String {
    account.shop.map_or("/console/staff".to_owned(), |shop| {
        format!("/console/staff?shop={shop}")
    })
}

async fn reset_password(ask: Ask, Path(id): Path<Id<Staff>>, Form(form): Form<NewPassword>) -> Answer {
    let reset = match ask.blocking(move |_, _| Password::hash(&form.password)).await {
        Ok(password) => {
            ask.write(move |cx, tx| actions::reset_password(cx, tx, id, &password))
                .await
        }
        Err(error) => Err(error),
    };
    match reset {
        Ok(account) => {
            let said = ask.say("identity-password-reset", &args![name => account.name.as_str()]);
            Ok(ask.see_saying(&list_address(&account), &said))
        }
        Err(Error::Refused(no)) => password_page(&ask, id, Some(&no)).await,
        Err(other) => Err(other.into()),
    }
}

async fn close_account(ask: Ask, Path(id): Path<Id<Staff>>) -> Answer {
    switch_account(ask, id, false, "identity-closed").await
}

async fn open_account(ask: Ask, Path(id): Path<Id<Staff>>) -> Answer {
    switch_account(ask, id, true, "identity-opened").await
}

async fn switch_account(ask: Ask, id: Id<Staff>, active: bool, said: &str) -> Answer {
    let account = ask
        .write(move |cx, tx| actions::set_active(cx, tx, id, active))
        .await?;
    let said = ask.say(said, &args![name => account.name.as_str()]);
    Ok(ask.see_saying(&list_address(&account), &said))
}
