use serde_json::{Value, json};

use super::super::keys::Sealer;
use super::super::{ApiError, MediaId};
use super::fields::Fields;
use super::{BusinessCode, IdKind, Subject};
use crate::Secret;

/// A whole application. Names, numbers of identity and bank cards, phones and mail are sent encrypted; what is empty is
/// left out.
#[derive(Clone, Debug)]
pub struct Form {
    /// Our number of the application.
    pub business_code: BusinessCode,
    /// The administrator.
    pub contact: Super,
    /// The body in law.
    pub subject: Subject,
    /// The shop.
    pub business: Business,
    /// The rules of settlement.
    pub rules: Rules,
    /// Where the money goes.
    pub account: BankAccount,
    /// What an examiner asked for besides.
    pub addition: Option<Addition>,
}

/// The administrator (超级管理员).
#[derive(Clone, Debug)]
pub struct Super {
    /// Who it is.
    pub kind: ContactKind,
    /// The name.
    pub name: Secret<String>,
    /// The mobile phone.
    pub phone: Secret<String>,
    /// The mail address.
    pub email: Option<Secret<String>>,
    /// The person within the provider's official account, who then must sign. Sent in plain, as the document says.
    pub openid: Option<String>,
}

/// Who the administrator is (`contact_type`).
#[derive(Clone, Debug)]
pub enum ContactKind {
    /// The owner or legal representative.
    Legal,
    /// A person in charge, with papers of their own.
    InCharge {
        /// The kind of paper.
        id_kind: IdKind,
        /// Its number.
        id_number: Secret<String>,
        /// Its front.
        copy: MediaId,
        /// Its back.
        copy_back: Option<MediaId>,
        /// The first day of its validity, `2019-06-06`.
        begin: String,
        /// The last day, or `长期`.
        end: String,
        /// The letter that gives the power to act.
        letter: MediaId,
    },
}

/// The shop.
#[derive(Clone, Debug)]
pub struct Business {
    /// The short name that people see when paying: up to 64 bytes.
    pub shortname: String,
    /// The phone that people can call.
    pub service_phone: String,
    /// Where people pay: at least one.
    pub scenes: Vec<Scene>,
}

/// Where people pay (`sales_scenes_type`).
#[derive(Clone, Debug)]
pub enum Scene {
    /// In a shop.
    Store(StoreScene),
    /// In an official account.
    OfficialAccount(OfficialAccountScene),
}

/// A shop that people come to.
#[derive(Clone, Debug)]
pub struct StoreScene {
    /// Its name.
    pub name: String,
    /// The code of province and city, WeChat Pay's list.
    pub address_code: String,
    /// The address without province and city.
    pub address: String,
    /// The front.
    pub entrance: Vec<MediaId>,
    /// The inside.
    pub indoor: Vec<MediaId>,
    /// The shop's own appid.
    pub sub_appid: Option<String>,
}

/// An official account.
#[derive(Clone, Debug)]
pub struct OfficialAccountScene {
    /// The provider's appid; this one or the shop's.
    pub appid: Option<String>,
    /// The shop's appid.
    pub sub_appid: Option<String>,
    /// Its pages.
    pub pictures: Vec<MediaId>,
}

/// The rules of settlement.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The number of the rule, from WeChat Pay's list of fees by subject and trade.
    pub settlement_id: String,
    /// The trade, in words of that list.
    pub qualification_type: String,
    /// Papers that the trade needs.
    pub qualifications: Vec<MediaId>,
}

/// Where the money goes.
#[derive(Clone, Debug)]
pub struct BankAccount {
    /// Whose account.
    pub kind: BankAccountKind,
    /// The holder's name, as on the licence or the owner's papers.
    pub name: Secret<String>,
    /// The bank, from WeChat Pay's list: `工商银行`.
    pub bank: String,
    /// The code of province and city.
    pub address_code: Option<String>,
    /// The branch's number; this or its name for banks that ask for it.
    pub branch_id: Option<String>,
    /// The branch's whole name.
    pub branch: Option<String>,
    /// The number.
    pub number: Secret<String>,
}

/// Whose account (`bank_account_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankAccountKind {
    /// 对公账户
    Corporate,
    /// The owner's own card, for individuals in business only.
    Personal,
}

/// What an examiner asked for besides.
#[derive(Clone, Debug, Default)]
pub struct Addition {
    /// The legal representative's promise.
    pub commitment: Option<MediaId>,
    /// More pictures.
    pub pictures: Vec<MediaId>,
    /// More words.
    pub message: Option<String>,
}

impl Form {
    pub(super) fn json(&self, sealer: &Sealer<'_>) -> Result<Value, ApiError> {
        self.check().map_err(ApiError::local)?;
        let fields = Fields::new(sealer)
            .text("business_code", self.business_code.as_str())
            .object("contact_info", Some(self.contact.fields(sealer)?))
            .object("subject_info", Some(self.subject.fields(sealer)?))
            .object("business_info", Some(self.business.fields(sealer)))
            .object("settlement_info", Some(self.rules.fields(sealer)))
            .object("bank_account_info", Some(self.account.fields(sealer)?))
            .object(
                "addition_info",
                self.addition.as_ref().map(|addition| addition.fields(sealer)),
            );
        Ok(fields.json())
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.business.scenes.is_empty() {
            return Err("a shop has at least one place where people pay");
        }
        if self.account.kind == BankAccountKind::Personal && !self.subject.kind.is_individual() {
            return Err("only an individual in business may have a personal account");
        }
        Ok(())
    }
}

impl Super {
    fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Result<Fields<'k>, ApiError> {
        let fields = Fields::new(sealer)
            .sealed("contact_name", Some(&self.name))?
            .sealed("mobile_phone", Some(&self.phone))?
            .sealed("contact_email", self.email.as_ref())?
            .some("openid", self.openid.as_ref());
        match &self.kind {
            ContactKind::Legal => Ok(fields.text("contact_type", "LEGAL")),
            ContactKind::InCharge {
                id_kind,
                id_number,
                copy,
                copy_back,
                begin,
                end,
                letter,
            } => Ok(fields
                .text("contact_type", "SUPER")
                .text("contact_id_doc_type", id_kind.as_str())
                .sealed("contact_id_number", Some(id_number))?
                .picture("contact_id_doc_copy", Some(copy))
                .picture("contact_id_doc_copy_back", copy_back.as_ref())
                .text("contact_period_begin", begin)
                .text("contact_period_end", end)
                .picture("business_authorization_letter", Some(letter))),
        }
    }
}

impl Business {
    fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Fields<'k> {
        let mut kinds = Vec::new();
        let mut sales = Fields::new(sealer);
        for scene in &self.scenes {
            kinds.push(json!(scene.as_str()));
            sales = match scene {
                Scene::Store(store) => sales.object(
                    "biz_store_info",
                    Some(
                        Fields::new(sealer)
                            .text("biz_store_name", &store.name)
                            .text("biz_address_code", &store.address_code)
                            .text("biz_store_address", &store.address)
                            .pictures("store_entrance_pic", &store.entrance)
                            .pictures("indoor_pic", &store.indoor)
                            .some("biz_sub_appid", store.sub_appid.as_ref()),
                    ),
                ),
                Scene::OfficialAccount(account) => sales.object(
                    "mp_info",
                    Some(
                        Fields::new(sealer)
                            .some("mp_appid", account.appid.as_ref())
                            .some("mp_sub_appid", account.sub_appid.as_ref())
                            .pictures("mp_pics", &account.pictures),
                    ),
                ),
            };
        }
        Fields::new(sealer)
            .text("merchant_shortname", &self.shortname)
            .text("service_phone", &self.service_phone)
            .object("sales_info", Some(sales.list("sales_scenes_type", kinds)))
    }
}

impl Scene {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Store(_) => "SALES_SCENES_STORE",
            Self::OfficialAccount(_) => "SALES_SCENES_MP",
        }
    }
}

impl Rules {
    fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Fields<'k> {
        Fields::new(sealer)
            .text("settlement_id", &self.settlement_id)
            .text("qualification_type", &self.qualification_type)
            .pictures("qualifications", &self.qualifications)
    }
}

impl BankAccount {
    fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Result<Fields<'k>, ApiError> {
        let kind = match self.kind {
            BankAccountKind::Corporate => "BANK_ACCOUNT_TYPE_CORPORATE",
            BankAccountKind::Personal => "BANK_ACCOUNT_TYPE_PERSONAL",
        };
        Fields::new(sealer)
            .text("bank_account_type", kind)
            .sealed("account_name", Some(&self.name))?
            .text("account_bank", &self.bank)
            .some("bank_address_code", self.address_code.as_ref())
            .some("bank_branch_id", self.branch_id.as_ref())
            .some("bank_name", self.branch.as_ref())
            .sealed("account_number", Some(&self.number))
    }
}

impl Addition {
    fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Fields<'k> {
        Fields::new(sealer)
            .picture("legal_person_commitment", self.commitment.as_ref())
            .pictures("business_addition_pics", &self.pictures)
            .some("business_addition_msg", self.message.as_ref())
    }
}
