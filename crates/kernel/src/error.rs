use std::fmt;

use crate::BadId;

/// What every action, store function and page returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no answer.
#[derive(Debug)]
pub enum Error {
    /// The business says no, in words. Not logged as an error.
    Refused(Refused),
    /// There is no such thing, or it belongs to somebody else: the two look alike from outside.
    NotFound,
    /// The person may not do this.
    Forbidden,
    /// Something broke. Logged once, at the door, with the request's number.
    Fault(anyhow::Error),
}

impl Error {
    /// A fault told in words, where no other error is behind it.
    pub fn fault(words: impl Into<String>) -> Error {
        Error::Fault(anyhow::Error::msg(words.into()))
    }

    /// The code of the refusal, when it is one.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Error::Refused(refused) => Some(refused.code),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refused) => write!(f, "refused: {}", refused.code),
            Error::NotFound => f.write_str("not found"),
            Error::Forbidden => f.write_str("forbidden"),
            Error::Fault(fault) => write!(f, "{fault:#}"),
        }
    }
}

// `Error` does not implement `std::error::Error`, so that `?` turns every other error into a fault.
impl<E> From<E> for Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    fn from(error: E) -> Error {
        if std::any::TypeId::of::<E>() == std::any::TypeId::of::<BadId>() {
            return Error::NotFound;
        }
        Error::Fault(anyhow::Error::new(error))
    }
}

/// A refusal on its way to the person: the stable code, the HTTP status and the values of its text.
///
/// Modules declare theirs with [`refusals!`](crate::refusals).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// `module.reason`, stable: clients may rely on it. Its text stands in the catalogues under [`Refused::text_key`].
    pub code: &'static str,
    /// HTTP status, 4xx.
    pub status: u16,
    /// Values that the text names.
    pub args: Vec<(&'static str, String)>,
    /// The form field that the refusal is about, if it is about one.
    pub field: Option<&'static str>,
}

impl Refused {
    /// The catalogue key of the refusal's text: `booking.time_taken` stands at `booking-time-taken`.
    pub fn text_key(&self) -> String {
        self.code.replace(['.', '_'], "-")
    }

    /// The same refusal, said of one field of the form.
    pub fn on(mut self, field: &'static str) -> Refused {
        self.field = Some(field);
        self
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        Error::Refused(refused)
    }
}

/// Declares a module's refusals: an enum whose variants carry a stable code, a status and the values of their text.
///
/// ```
/// kernel::refusals! {
///     /// Why a booking says no.
///     pub enum Refusal in "booking" {
///         /// Somebody else took the time meanwhile.
///         TimeTaken => 409 "time_taken",
///         /// The phone number cannot be one.
///         BadPhone => 422 "bad_phone" on "phone",
///         /// Longer than the shop allows.
///         TooLong { limit: i64 } => 422 "too_long",
///     }
/// }
/// let no: kernel::Error = Refusal::TooLong { limit: 5 }.into();
/// assert_eq!(no.code(), Some("booking.too_long"));
/// ```
#[macro_export]
macro_rules! refusals {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident in $module:literal {
            $(
                $(#[$vmeta:meta])*
                $variant:ident $({ $($arg:ident : $ty:ty),+ $(,)? })? => $status:literal $reason:literal $(on $field:literal)?
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis enum $name {
            $( $(#[$vmeta])* $variant $({ $(
                #[allow(missing_docs, reason = "the variant's own words say it")]
                $arg: $ty
            ),+ })? ),+
        }

        impl $name {
            /// The codes of all refusals of this module, for the test that looks for their texts.
            pub const CODES: &'static [&'static str] = &[$(concat!($module, ".", $reason)),+];
        }

        impl From<$name> for $crate::Refused {
            fn from(refusal: $name) -> $crate::Refused {
                match refusal {
                    $( $name::$variant $({ $($arg),+ })? => $crate::Refused {
                        code: concat!($module, ".", $reason),
                        status: $status,
                        args: vec![$($((stringify!($arg), $arg.to_string())),+)?],
                        field: None $(.or(Some($field)))?,
                    } ),+
                }
            }
        }

        impl From<$name> for $crate::Error {
            fn from(refusal: $name) -> $crate::Error {
                $crate::Error::Refused(refusal.into())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::Error;

    crate::refusals! {
        /// Why the test says no.
        enum Refusal in "test" {
            /// Always.
            Never => 409 "not_now",
            /// With a value.
            Limit { most: i64 } => 422 "limit" on "count",
        }
    }

    #[test]
    fn a_refusal_carries_code_status_values_and_field() {
        let Error::Refused(no) = Error::from(Refusal::Limit { most: 3 }) else {
            panic!("not a refusal")
        };
        assert_eq!((no.code, no.status, no.field), ("test.limit", 422, Some("count")));
        assert_eq!(no.args, [("most", "3".to_owned())]);
        assert_eq!(no.text_key(), "test-limit");
        assert_eq!(Refusal::CODES, ["test.not_now", "test.limit"]);
        assert_eq!(Error::from(Refusal::Never).code(), Some("test.not_now"));
    }

    #[test]
    fn a_bad_identifier_is_simply_not_found() {
        let parse = || -> crate::Result<crate::Id<crate::Shop>> { Ok("nonsense".parse()?) };
        assert!(matches!(parse(), Err(Error::NotFound)));
    }
}
