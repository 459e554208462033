use serde::Deserialize;

/// An answer of WeChat Pay that says no (doc 4012081670 and the error table of each interface).
///
/// Judge by [`ApiError::code`]: the HTTP statuses differ a little between interfaces.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code:?} (HTTP {status}): {message}")]
pub struct ApiError {
    /// The HTTP status; 0 if the call was refused here, before anything was sent.
    pub status: u16,
    /// What kind of error.
    pub code: Code,
    /// WeChat's own words, in Chinese.
    pub message: String,
    /// The header `Request-ID`, which WeChat's support asks for.
    pub request_id: Option<String>,
}

/// What to do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Too many calls: the same call again, later.
    Retry,
    /// The order is not in the state we thought: query it.
    Query,
    /// The answer is no.
    Refuse,
    /// The configuration is wrong: a person has to look.
    Alarm,
}

impl ApiError {
    /// What to do.
    pub fn class(&self) -> Class {
        self.code.class()
    }

    /// A refusal before anything was sent.
    pub(crate) fn local(message: &str) -> Self {
        Self {
            status: 0,
            code: Code::Local,
            message: message.to_owned(),
            request_id: None,
        }
    }

    /// Whether the code says that the server failed, whatever the HTTP status.
    pub(super) fn is_servers(&self) -> bool {
        matches!(
            self.code,
            Code::SystemError | Code::SystemErrorOld | Code::BankError
        )
    }

    /// Reads the answer's body; `None` if it is not an error of WeChat Pay.
    pub(super) fn read(answer: &http::Response<Vec<u8>>) -> Option<Self> {
        #[derive(Deserialize)]
        struct Body {
            code: String,
            #[serde(default)]
            message: String,
        }
        let body: Body = serde_json::from_slice(answer.body()).ok()?;
        let request_id = answer.headers().get("Request-ID").and_then(|id| id.to_str().ok());
        Some(Self {
            status: answer.status().as_u16(),
            code: Code::from_text(&body.code),
            message: body.message,
            request_id: request_id.map(str::to_owned),
        })
    }
}

macro_rules! codes {
    ($($text:literal $name:ident $class:ident $doc:literal;)*) => {
        /// The error codes of WeChat Pay API v3.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $doc] $name,)*
            /// Refused by this crate: the request breaks a rule that WeChat Pay publishes.
            Local,
            /// Any other code.
            Other(String),
        }

        impl Code {
            /// From the answer's `code`.
            pub fn from_text(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    other => Self::Other(other.to_owned()),
                }
            }

            /// As WeChat Pay writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Local => "LOCAL",
                    Self::Other(text) => text,
                }
            }

            fn class(&self) -> Class {
                match self {
                    $(Self::$name => Class::$class,)*
                    Self::Local | Self::Other(_) => Class::Refuse,
                }
            }
        }
    };
}

codes! {
    "PARAM_ERROR" ParamError Refuse "A parameter is wrong.";
    "INVALID_REQUEST" InvalidRequest Refuse "The request breaks a rule, or its key serial is wrong.";
    "APPID_MCHID_NOT_MATCH" AppidMchidNotMatch Alarm "The appid is not linked to the merchant.";
    "MCH_NOT_EXISTS" MchNotExists Alarm "The merchant does not exist.";
    "ORDER_CLOSED" OrderClosed Query "The order is closed.";
    "ORDER_PAID" OrderPaid Query "The order is paid.";
    "ORDER_NOT_EXIST" OrderNotExist Query "The order does not exist.";
    "RESOURCE_NOT_EXISTS" ResourceNotExists Query "The thing asked for does not exist.";
    "SIGN_ERROR" SignError Alarm "The request's signature is wrong.";
    "NO_AUTH" NoAuth Alarm "The merchant may not use this interface.";
    "OUT_TRADE_NO_USED" OutTradeNoUsed Query "The number was used with other parameters, or is paid.";
    "RULE_LIMIT" RuleLimit Refuse "A rule of risk or business forbids it.";
    "ACCOUNT_ERROR" AccountError Refuse "The payer's account is abnormal.";
    "ACCOUNTERROR" AccountErrorOld Refuse "The payer's account is abnormal.";
    "USER_ACCOUNT_ABNORMAL" UserAccountAbnormal Refuse "The payer closed the account; refund another way.";
    "NOT_ENOUGH" NotEnough Refuse "The balance, or what is left to share, is not enough.";
    "NO_STATEMENT_EXIST" NoStatementExist Refuse "There is no bill: nothing was traded that day.";
    "STATEMENT_CREATING" StatementCreating Retry "The bill is not ready; ask again after ten o'clock.";
    "RESOURCE_ALREADY_EXISTS" ResourceAlreadyExists Query "An application with this number is under way.";
    "OPENID_MISMATCH" OpenidMismatch Refuse "The openid is not of this appid.";
    "INVALID_TRANSACTIONID" InvalidTransactionId Refuse "The transaction id is wrong.";
    "TRADE_ERROR" TradeError Refuse "The trade failed.";
    "REQUEST_BLOCKED" RequestBlocked Alarm "The request was blocked.";
    "FREQUENCY_LIMITED" FrequencyLimited Retry "Too many calls.";
    "RATELIMIT_EXCEEDED" RatelimitExceeded Retry "Too many calls.";
    "FREQUENCY_LIMIT_EXCEED" FrequencyLimitExceed Retry "Too many calls.";
    "SYSTEMERROR" SystemErrorOld Retry "The system failed; the outcome is unknown.";
    "SYSTEM_ERROR" SystemError Retry "The system failed; the outcome is unknown.";
    "BANK_ERROR" BankError Retry "The bank failed; the outcome is unknown.";
    "USER_PAYING" UserPaying Query "The person is entering the password.";
}
