//! What an application must say (doc 4012719997), with its sensitive fields opened.

use serde_json::Value;

use super::settlement::Bank;
use crate::pay::Refused;
use crate::pay::platform::Opener;

/// What is kept of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The provider's number.
    pub business_code: String,
    /// Full name of the merchant to be.
    pub full_name: String,
    /// Where its money goes.
    pub bank: Bank,
    // Ciphertexts differ from one try to the next, so two applications are compared by what was in them.
    people: Vec<String>,
    rest: Vec<String>,
}

/// A part of the request with its path, for words about it.
struct At<'a> {
    value: &'a Value,
    path: String,
    opener: &'a Opener,
    knows: &'a dyn Fn(&str) -> bool,
}

impl<'a> At<'a> {
    fn of(&self, name: &str) -> Result<At<'a>, Refused> {
        let path = format!("{}/{name}", self.path);
        match &self.value[name] {
            value if value.is_object() => Ok(At { value, path, ..*self }),
            _ => Err(Refused::parameter(&path, "必填性规则校验失败，此字段为必填项")),
        }
    }

    fn text(&self, name: &str) -> Result<&'a str, Refused> {
        let path = format!("{}/{name}", self.path);
        self.value[name]
            .as_str()
            .ok_or_else(|| Refused::parameter(&path, "必填性规则校验失败，此字段为必填项"))
    }

    fn one_of(&self, name: &str, values: &[&str]) -> Result<&'a str, Refused> {
        let value = self.text(name)?;
        if values.contains(&value) {
            return Ok(value);
        }
        Err(Refused::parameter(
            &format!("{}/{name}", self.path),
            "取值不在有效范围内",
        ))
    }

    /// A sensitive field that reads as `valid` wants.
    fn secret(&self, name: &str, valid: fn(&str) -> bool) -> Result<String, Refused> {
        let path = format!("{}/{name}", self.path);
        let plain = self.opener.open(&path, self.text(name)?)?;
        if valid(&plain) {
            return Ok(plain);
        }
        Err(Refused::parameter(&path, "格式有误"))
    }

    fn picture(&self, name: &str) -> Result<String, Refused> {
        let id = self.text(name)?;
        if (self.knows)(id) {
            return Ok(id.to_owned());
        }
        Err(Refused::parameter(
            &format!("{}/{name}", self.path),
            "图片内容无效，请重新获取MediaID",
        ))
    }

    fn pictures(&self, name: &str) -> Result<(), Refused> {
        let path = format!("{}/{name}", self.path);
        let listed = self.value[name].as_array().filter(|list| !list.is_empty());
        let listed = listed.ok_or_else(|| Refused::parameter(&path, "必填性规则校验失败，此字段为必填项"))?;
        if listed.iter().all(|id| id.as_str().is_some_and(self.knows)) {
            return Ok(());
        }
        Err(Refused::parameter(&path, "图片内容无效，请重新获取MediaID"))
    }
}

/// Reads an application.
///
/// # Errors
/// PARAM_ERROR naming the first field that is wrong.
pub fn read(request: &Value, opener: &Opener, knows: &dyn Fn(&str) -> bool) -> Result<Form, Refused> {
    check_nothing_empty(request, "")?;
    let root = At {
        value: request,
        path: String::new(),
        opener,
        knows,
    };
    let business_code = root.text("business_code")?.to_owned();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if business_code.len() > 124 || !business_code.bytes().all(allowed) {
        return Err(Refused::parameter(
            "/business_code",
            "只能由数字、字母或下划线组成",
        ));
    }
    let mut people = contact(&root.of("contact_info")?)?;
    let subject = root.of("subject_info")?;
    let kind = subject.one_of(
        "subject_type",
        &["SUBJECT_TYPE_INDIVIDUAL", "SUBJECT_TYPE_ENTERPRISE"],
    )?;
    let license = subject.of("business_license_info")?;
    license.picture("license_copy")?;
    let number = license.text("license_number")?;
    if !matches!(number.len(), 15 | 18) || !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Refused::parameter(
            "/subject_info/business_license_info/license_number",
            "须为15位或18位",
        ));
    }
    let full_name = license.text("merchant_name")?.to_owned();
    license.text("legal_person")?;
    let person = identity(&subject.of("identity_info")?, kind)?;
    let business = root.of("business_info")?;
    let short_name = business.text("merchant_shortname")?;
    business.text("service_phone")?;
    scenes(&business.of("sales_info")?)?;
    let settlement = root.of("settlement_info")?;
    let rule = settlement.text("settlement_id")?;
    settlement.text("qualification_type")?;
    let bank = bank(&root.of("bank_account_info")?, kind, &person[0], &full_name)?;
    people.extend(person);
    Ok(Form {
        rest: vec![
            kind.to_owned(),
            number.to_owned(),
            short_name.to_owned(),
            rule.to_owned(),
        ],
        business_code,
        full_name,
        bank,
        people,
    })
}

/// Parameters that are not needed must not be there at all.
fn check_nothing_empty(value: &Value, path: &str) -> Result<(), Refused> {
    let empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => {
            for (place, entry) in list.iter().enumerate() {
                check_nothing_empty(entry, &format!("{path}/{place}"))?;
            }
            list.is_empty()
        }
        Value::Object(fields) => {
            for (name, entry) in fields {
                check_nothing_empty(entry, &format!("{path}/{name}"))?;
            }
            fields.is_empty()
        }
        Value::Bool(_) | Value::Number(_) => false,
    };
    if empty {
        return Err(Refused::parameter(path, "不需要的参数请勿上传空值"));
    }
    Ok(())
}

fn contact(contact: &At<'_>) -> Result<Vec<String>, Refused> {
    let kind = contact.one_of("contact_type", &["LEGAL", "SUPER"])?;
    let mut told = vec![
        contact.secret("contact_name", is_name)?,
        contact.secret("mobile_phone", |phone| {
            phone.len() == 11 && phone.starts_with('1') && phone.bytes().all(|byte| byte.is_ascii_digit())
        })?,
    ];
    if contact.value.get("contact_email").is_some() {
        told.push(contact.secret("contact_email", |mail| mail.contains('@'))?);
    }
    if kind == "SUPER" {
        contact.text("contact_id_doc_type")?;
        told.push(contact.secret("contact_id_number", is_id_number)?);
        contact.picture("contact_id_doc_copy")?;
        contact.text("contact_period_begin")?;
        contact.text("contact_period_end")?;
        contact.picture("business_authorization_letter")?;
    }
    Ok(told)
}

/// Name and number of the owner.
fn identity(identity: &At<'_>, subject: &str) -> Result<Vec<String>, Refused> {
    identity.one_of("id_doc_type", &["IDENTIFICATION_TYPE_IDCARD"])?;
    if identity.value.get("id_holder_type").is_some() {
        identity.one_of("id_holder_type", &["LEGAL", "SUPER"])?;
    }
    let card = identity.of("id_card_info")?;
    card.picture("id_card_copy")?;
    card.picture("id_card_national")?;
    let told = vec![
        card.secret("id_card_name", is_name)?,
        card.secret("id_card_number", is_id_number)?,
    ];
    // Companies tell where their legal person lives.
    if subject == "SUBJECT_TYPE_ENTERPRISE" {
        card.secret("id_card_address", |address| !address.is_empty())?;
    }
    card.text("card_period_begin")?;
    card.text("card_period_end")?;
    Ok(told)
}

/// Every scene that is named has its own part.
fn scenes(sales: &At<'_>) -> Result<(), Refused> {
    let named = sales.value["sales_scenes_type"].as_array();
    let named = named.ok_or_else(|| {
        Refused::parameter(
            "/business_info/sales_info/sales_scenes_type",
            "必填性规则校验失败，此字段为必填项",
        )
    })?;
    for scene in named {
        match scene.as_str().unwrap_or_default() {
            "SALES_SCENES_STORE" => {
                let store = sales.of("biz_store_info")?;
                store.text("biz_store_name")?;
                store.text("biz_address_code")?;
                store.text("biz_store_address")?;
                store.pictures("store_entrance_pic")?;
                store.pictures("indoor_pic")?;
            }
            "SALES_SCENES_MP" => {
                let account = sales.of("mp_info")?;
                account
                    .text("mp_appid")
                    .or_else(|_| account.text("mp_sub_appid"))?;
                account.pictures("mp_pics")?;
            }
            "SALES_SCENES_MINI_PROGRAM" => {
                let program = sales.of("mini_program_info")?;
                program
                    .text("mini_program_appid")
                    .or_else(|_| program.text("mini_program_sub_appid"))?;
            }
            "SALES_SCENES_WEB" => {
                sales.of("web_info")?.text("domain")?;
            }
            "SALES_SCENES_APP" => {
                let app = sales.of("app_info")?;
                app.text("app_appid").or_else(|_| app.text("app_sub_appid"))?;
                app.pictures("app_pics")?;
            }
            _ => {
                let path = "/business_info/sales_info/sales_scenes_type";
                return Err(Refused::parameter(path, "取值不在有效范围内"));
            }
        }
    }
    Ok(())
}

/// A personal account is the owner's, a corporate one the merchant's; companies have only the latter.
fn bank(bank: &At<'_>, subject: &str, owner: &str, full_name: &str) -> Result<Bank, Refused> {
    let allowed: &[&str] = if subject == "SUBJECT_TYPE_INDIVIDUAL" {
        &["BANK_ACCOUNT_TYPE_CORPORATE", "BANK_ACCOUNT_TYPE_PERSONAL"]
    } else {
        &["BANK_ACCOUNT_TYPE_CORPORATE"]
    };
    let kind = bank.one_of("bank_account_type", allowed)?;
    let (holder, account_type) = if kind == "BANK_ACCOUNT_TYPE_PERSONAL" {
        (owner, "ACCOUNT_TYPE_PRIVATE")
    } else {
        (full_name, "ACCOUNT_TYPE_BUSINESS")
    };
    let account_name = bank.secret("account_name", is_name)?;
    if account_name != holder {
        return Err(Refused::parameter(
            "/bank_account_info/account_name",
            "与主体名称或经营者姓名不一致",
        ));
    }
    Ok(Bank {
        account_type: account_type.to_owned(),
        account_bank: bank.text("account_bank")?.to_owned(),
        bank_name: bank.value["bank_name"].as_str().map(str::to_owned),
        bank_branch_id: bank.value["bank_branch_id"].as_str().map(str::to_owned),
        account_number: bank.secret("account_number", is_account_number)?,
        account_name,
    })
}

fn is_name(name: &str) -> bool {
    (2..=128).contains(&name.chars().count())
}

/// The number of a bank account.
pub fn is_account_number(number: &str) -> bool {
    (8..=32).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The 18 characters of an identity card, whose last one checks the others (GB 11643).
fn is_id_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let digits: Option<Vec<u32>> = number.chars().take(17).map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() == 17 && number.len() == 18) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = CHECKS[usize::try_from(sum % 11).expect("below eleven")];
    number.as_bytes()[17].to_ascii_uppercase() == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_character_of_an_identity_number_checks_the_others() {
        // The example of GB 11643-1999.
        assert!(is_id_number("11010519491231002X"));
        assert!(is_id_number("11010519491231002x"));
        for wrong in [
            "110105194912310021",
            "11010519491231003X",
            "1101051949123100",
            "一",
        ] {
            assert!(!is_id_number(wrong), "{wrong}");
        }
    }
}
