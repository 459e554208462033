use super::super::keys::Sealer;
use super::super::{ApiError, MediaId};
use super::fields::Fields;
use crate::Secret;

/// The body in law that becomes a merchant.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its licence or certificate.
    pub licence: Licence,
    /// The owner or legal representative.
    pub identity: Identity,
    /// Others who own a quarter or more, if the legal representative does not. For companies.
    pub owners: Vec<Owner>,
}

/// What a body is (`subject_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// 个体户
    Individual,
    /// 企业
    Enterprise,
    /// 事业单位
    Institution,
    /// 政府机关
    Government,
    /// 社会组织
    Other,
}

/// The paper that proves the body.
#[derive(Clone, Debug)]
pub enum Licence {
    /// A business licence (营业执照), of individuals and companies.
    Business {
        /// Its picture.
        copy: MediaId,
        /// The uniform social credit code.
        number: String,
        /// The name on it.
        name: String,
        /// The owner's or legal representative's name on it.
        legal_person: String,
    },
    /// A certificate of registration (登记证书), of all others.
    Registration(Certificate),
}

/// A certificate of registration.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Its picture.
    pub copy: MediaId,
    /// Its kind, WeChat Pay's list: `CERTIFICATE_TYPE_2395` for a private non-enterprise unit.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// The name on it.
    pub name: String,
    /// The address on it.
    pub address: String,
    /// The legal representative's name on it.
    pub legal_person: String,
    /// The first day of its validity, `2019-06-06`.
    pub begin: String,
    /// The last day, or `长期`.
    pub end: String,
    /// A letter with the body's seal, which spares verification by transfer.
    pub letter: Option<MediaId>,
}

/// The kind of an identity paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdKind {
    /// 身份证
    IdCard,
    /// A passport of another country.
    OverseaPassport,
    /// 来往内地通行证 of Hong Kong.
    HongkongPassport,
    /// 来往内地通行证 of Macao.
    MacaoPassport,
    /// 来往大陆通行证 of Taiwan.
    TaiwanPassport,
    /// 外国人居留证
    ForeignResident,
    /// 港澳居民居住证
    HongkongMacaoResident,
    /// 台湾居民居住证
    TaiwanResident,
}

/// The owner or legal representative.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The paper.
    pub document: IdDocument,
    /// Whether this person owns a quarter of the company or more; only companies say so.
    pub is_owner: Option<bool>,
}

/// An identity paper.
#[derive(Clone, Debug)]
pub enum IdDocument {
    /// An identity card of the mainland.
    Card(IdCard),
    /// Any other.
    Other {
        /// Its kind.
        kind: IdKind,
        /// Its picture, name, number and validity.
        paper: IdCard,
    },
}

/// What stands on an identity paper.
#[derive(Clone, Debug)]
pub struct IdCard {
    /// The side with the face.
    pub copy: MediaId,
    /// The other side; needed of identity cards.
    pub copy_back: Option<MediaId>,
    /// The name.
    pub name: Secret<String>,
    /// The number.
    pub number: Secret<String>,
    /// The address; companies must give it.
    pub address: Option<Secret<String>>,
    /// The first day of validity, `2019-06-06`.
    pub begin: String,
    /// The last day, or `长期`.
    pub end: String,
}

/// Somebody who owns a quarter of the company or more (最终受益人).
#[derive(Clone, Debug)]
pub struct Owner {
    /// The kind of paper.
    pub kind: IdKind,
    /// The paper.
    pub paper: IdCard,
}

impl SubjectKind {
    pub(super) fn is_individual(self) -> bool {
        self == Self::Individual
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "SUBJECT_TYPE_INDIVIDUAL",
            Self::Enterprise => "SUBJECT_TYPE_ENTERPRISE",
            Self::Institution => "SUBJECT_TYPE_INSTITUTIONS",
            Self::Government => "SUBJECT_TYPE_GOVERNMENT",
            Self::Other => "SUBJECT_TYPE_OTHERS",
        }
    }
}

impl IdKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::IdCard => "IDENTIFICATION_TYPE_IDCARD",
            Self::OverseaPassport => "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
            Self::HongkongPassport => "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
            Self::MacaoPassport => "IDENTIFICATION_TYPE_MACAO_PASSPORT",
            Self::TaiwanPassport => "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
            Self::ForeignResident => "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
            Self::HongkongMacaoResident => "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
            Self::TaiwanResident => "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
        }
    }
}

impl Subject {
    pub(super) fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Result<Fields<'k>, ApiError> {
        let mut owners = Vec::new();
        for owner in &self.owners {
            let fields = Fields::new(sealer).text("ubo_id_doc_type", owner.kind.as_str());
            owners.push(owner.paper.put(fields, &OWNER)?.json());
        }
        let fields = Fields::new(sealer)
            .text("subject_type", self.kind.as_str())
            .object("identity_info", Some(self.identity.fields(sealer)?))
            .list("ubo_info_list", owners);
        Ok(match &self.licence {
            Licence::Business {
                copy,
                number,
                name,
                legal_person,
            } => fields.object(
                "business_license_info",
                Some(
                    Fields::new(sealer)
                        .picture("license_copy", Some(copy))
                        .text("license_number", number)
                        .text("merchant_name", name)
                        .text("legal_person", legal_person),
                ),
            ),
            Licence::Registration(certificate) => fields
                .object("certificate_info", Some(certificate.fields(sealer)))
                .picture("certificate_letter_copy", certificate.letter.as_ref()),
        })
    }
}

impl Certificate {
    fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Fields<'k> {
        Fields::new(sealer)
            .picture("cert_copy", Some(&self.copy))
            .text("cert_type", &self.kind)
            .text("cert_number", &self.number)
            .text("merchant_name", &self.name)
            .text("company_address", &self.address)
            .text("legal_person", &self.legal_person)
            .text("period_begin", &self.begin)
            .text("period_end", &self.end)
    }
}

impl Identity {
    fn fields<'k>(&self, sealer: &'k Sealer<'k>) -> Result<Fields<'k>, ApiError> {
        let fields = Fields::new(sealer).text("id_holder_type", "LEGAL");
        let fields = match &self.document {
            IdDocument::Card(card) => fields
                .text("id_doc_type", IdKind::IdCard.as_str())
                .object("id_card_info", Some(card.put(Fields::new(sealer), &CARD)?)),
            IdDocument::Other { kind, paper } => fields
                .text("id_doc_type", kind.as_str())
                .object("id_doc_info", Some(paper.put(Fields::new(sealer), &DOCUMENT)?)),
        };
        Ok(match self.is_owner {
            Some(is_owner) => fields.truth("owner", is_owner),
            None => fields,
        })
    }
}

/// What the fields of a paper are called: picture, back, name, number, address, begin, end.
type Names = [&'static str; 7];

const CARD: Names = [
    "id_card_copy",
    "id_card_national",
    "id_card_name",
    "id_card_number",
    "id_card_address",
    "card_period_begin",
    "card_period_end",
];
const DOCUMENT: Names = [
    "id_doc_copy",
    "id_doc_copy_back",
    "id_doc_name",
    "id_doc_number",
    "id_doc_address",
    "doc_period_begin",
    "doc_period_end",
];
const OWNER: Names = [
    "ubo_id_doc_copy",
    "ubo_id_doc_copy_back",
    "ubo_id_doc_name",
    "ubo_id_doc_number",
    "ubo_id_doc_address",
    "ubo_period_begin",
    "ubo_period_end",
];

impl IdCard {
    fn put<'k>(&self, fields: Fields<'k>, names: &Names) -> Result<Fields<'k>, ApiError> {
        let [copy, back, name, number, address, begin, end] = names;
        Ok(fields
            .picture(copy, Some(&self.copy))
            .picture(back, self.copy_back.as_ref())
            .sealed(name, Some(&self.name))?
            .sealed(number, Some(&self.number))?
            .sealed(address, self.address.as_ref())?
            .text(begin, &self.begin)
            .text(end, &self.end))
    }
}
