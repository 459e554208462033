use crate::TransportError;

/// Why a call to the official account's API did not give an answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// WeChat answered with an error code. HTTP status is 200 for these too.
    #[error("WeChat refused with {} {message}", .code.number())]
    Api {
        /// What kind of error.
        code: ErrorCode,
        /// WeChat's own words; ends with `rid: …`, which its support asks for.
        message: String,
    },
    /// There is no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// There is an answer, but not what the document promises.
    #[error("the answer cannot be understood (HTTP {status}): {what}")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// What is wrong, without the contents.
        what: String,
    },
    /// Found wrong before anything was sent.
    #[error("not sent, since {0}")]
    Invalid(&'static str),
}

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Try again later; nothing is wrong with the request.
    Retry,
    /// The access token is dead. [`super::Account`] has already tried a new one when this is seen.
    RefreshToken,
    /// The answer is no for this person or this request; say so and stop.
    Refuse,
    /// The account or its configuration is wrong: a person has to look.
    Alarm,
}

impl Error {
    pub(super) fn api(number: i64, message: &str) -> Self {
        Self::Api {
            code: ErrorCode::from_number(number),
            message: message.to_owned(),
        }
    }

    /// What to do.
    pub fn class(&self) -> Class {
        match self {
            Self::Api { code, .. } => code.class(),
            Self::Transport(_) => Class::Retry,
            Self::Unreadable {
                status: 500..=599, ..
            } => Class::Retry,
            Self::Unreadable { .. } => Class::Alarm,
            Self::Invalid(_) => Class::Refuse,
        }
    }

    /// Whether the call may have had its effect in spite of the error. To be asked before a message without
    /// a dedup number is sent again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Transport(TransportError::Unknown(_)) | Self::Unreadable { .. } => true,
            Self::Api { code, .. } => *code == ErrorCode::SystemBusy,
            Self::Transport(TransportError::NotSent(_)) | Self::Invalid(_) => false,
        }
    }
}

macro_rules! error_codes {
    ($($number:literal $name:ident $class:ident $text:literal;)*) => {
        /// The error codes of the official account's API that a program can act upon
        /// (`developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = $text] $name,)*
            /// Any other number.
            Other(i64),
        }

        impl ErrorCode {
            /// From `errcode`.
            pub fn from_number(number: i64) -> Self {
                match number {
                    $($number => Self::$name,)*
                    other => Self::Other(other),
                }
            }

            /// As WeChat writes it.
            pub fn number(self) -> i64 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// What to do about it. An unknown number asks for a person.
            pub fn class(self) -> Class {
                match self {
                    $(Self::$name => Class::$class,)*
                    Self::Other(_) => Class::Alarm,
                }
            }
        }
    };
}

error_codes! {
    -1 SystemBusy Retry "The system is busy.";
    40001 InvalidCredential RefreshToken "The access token is not the latest, or the secret is wrong.";
    40002 InvalidGrantType Alarm "grant_type is wrong.";
    40003 InvalidOpenid Refuse "The openid does not belong to this account.";
    40007 InvalidMediaId Refuse "The media id is unknown or expired.";
    40013 InvalidAppid Alarm "The appid is wrong.";
    40014 InvalidAccessToken RefreshToken "The access token is wrong.";
    40029 InvalidOauthCode Refuse "The OAuth code is wrong.";
    40030 InvalidRefreshToken Refuse "The OAuth refresh token is wrong.";
    40033 InvalidCharacter Refuse "The request holds a character that is not allowed.";
    40037 InvalidTemplateId Alarm "The template id is wrong.";
    40125 InvalidSecret Alarm "The app secret is wrong.";
    40163 OauthCodeUsed Refuse "The OAuth code was used already.";
    40164 IpNotListed Alarm "The calling address is not on the account's IP whitelist.";
    40243 SecretFrozen Alarm "The app secret is frozen.";
    41001 MissingAccessToken RefreshToken "No access token was sent.";
    41002 MissingAppid Alarm "No appid was sent.";
    41004 MissingSecret Alarm "No secret was sent.";
    41008 MissingOauthCode Refuse "No OAuth code was sent.";
    42001 AccessTokenExpired RefreshToken "The access token has expired.";
    42002 RefreshTokenExpired Refuse "The OAuth refresh token has expired.";
    42003 OauthCodeExpired Refuse "The OAuth code has expired.";
    42007 AuthorizationRevoked Refuse "The person changed the password or took the consent back.";
    43004 NotFollowing Refuse "The person does not follow the account.";
    43019 Blocked Refuse "The person is on the account's block list.";
    43101 ConsentMissing Refuse "The person did not accept this subscription notice.";
    43116 TemplateNotAllowed Alarm "The template is not allowed for this account.";
    44002 EmptyBody Alarm "The request body is empty.";
    45002 TooLong Refuse "The contents are too long.";
    45009 DailyQuota Alarm "The day's quota of this interface is used up.";
    45011 MinuteQuota Retry "Too many calls in this minute.";
    45015 WindowClosed Refuse "The time in which customer-service messages are allowed is over.";
    45047 CountUsedUp Refuse "The number of customer-service messages is used up.";
    45065 MassMessageRepeated Refuse "A mass message with this clientmsgid was sent already.";
    45066 MassMessageTooFast Retry "Mass messages follow each other too fast.";
    45067 ClientMessageIdTooLong Refuse "The clientmsgid is too long.";
    47001 BadJson Alarm "The request body cannot be parsed.";
    47003 BadTemplateField Refuse "A template field does not fit its rules.";
    48001 NoPermission Alarm "The account has no permission for this interface.";
    48002 MessagesRefused Refuse "The person turned the account's messages off.";
    48004 InterfaceBanned Alarm "The interface is banned for this account.";
    48006 ClearQuotaUsedUp Alarm "Quotas were cleared ten times this month already.";
    50001 UnauthorizedInterface Refuse "The person did not grant this interface.";
    50002 UserLimited Refuse "The account or the person is limited.";
    50005 UserNotFollowing Refuse "The person does not follow the account (OAuth).";
    61004 IpNotRegistered Alarm "The calling address is not registered.";
    61451 KefuInvalidParameter Refuse "A parameter of the customer-service interface is wrong.";
    61452 KefuInvalidAccount Refuse "The customer-service account is wrong.";
    61453 KefuAccountExists Refuse "The customer-service account exists already.";
    61500 BadDate Refuse "The date is wrong.";
    65301 NoMenu Refuse "No such conditional menu.";
    65303 NoDefaultMenu Alarm "A conditional menu needs a default menu first.";
    65305 TooManyConditionalMenus Alarm "There are too many conditional menus.";
    65320 PrivateMatchRule Alarm "Menus can no longer be matched by private attributes.";
}
