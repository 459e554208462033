//! Applications of shops to become sub-merchants (特约商户进件), for service providers: individuals in business (个体户),
//! companies and other bodies. Micro merchants are not offered by WeChat Pay (doc 4012719997; wechatpay-skills,
//! 特约商户进件.md).
//!
//! The way: upload pictures ([`super::Pay::upload_picture`]), submit the form, show the administrator the link that a query
//! brings, and query until the sub-merchant's number is there. A refused form is submitted again under the same code.

mod calls;
mod fields;
mod form;
mod settlement;
mod subject;

pub use calls::{Applied, Applyment, ApplymentState, BusinessCode, Rejection};
pub use form::{
    Addition, BankAccount, BankAccountKind, Business, ContactKind, Form, OfficialAccountScene, Rules, Scene,
    StoreScene, Super,
};
pub use settlement::{
    AccountType, AuditResult, ModifySettlement, SettlementAccount, SettlementChange, VerifyResult,
};
pub use subject::{Certificate, IdCard, IdDocument, IdKind, Identity, Licence, Owner, Subject, SubjectKind};
