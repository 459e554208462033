/// Declares an enum stored and sent as a short stable code.
///
/// ```
/// kernel::coded! {
///     /// How a shop stands with the centre.
///     pub enum Standing {
///         /// Shown to customers.
///         Active = "active",
///         /// Hidden for now.
///         Suspended = "suspended",
///     }
/// }
/// assert_eq!(Standing::Active.code(), "active");
/// assert_eq!("suspended".parse::<Standing>().ok(), Some(Standing::Suspended));
/// ```
#[macro_export]
macro_rules! coded {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $code:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        $vis enum $name { $( $(#[$vmeta])* $variant ),+ }

        impl $name {
            /// Every variant, in the order declared.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;
            fn from_str(text: &str) -> Result<Self, $crate::UnknownCode> {
                match text {
                    $($code => Ok($name::$variant),)+
                    _ => Err($crate::UnknownCode { kind: stringify!($name), code: text.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.code())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <String as $crate::serde::Deserialize>::deserialize(from)?;
                text.parse().map_err($crate::serde::de::Error::custom)
            }
        }
    };
}

/// A code that its enum does not know: a form sent nonsense, or the database holds what this program did not write.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// The enum's name.
    pub kind: &'static str,
    /// What was there instead.
    pub code: String,
}

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no {} has the code {:?}", self.kind, self.code)
    }
}

impl std::error::Error for UnknownCode {}

#[cfg(test)]
mod tests {
    crate::coded! {
        /// For the test.
        enum Fruit {
            /// Red.
            Apple = "apple",
            /// Yellow.
            Pear = "pear",
        }
    }

    #[test]
    fn codes_round_trip_and_unknown_ones_are_refused() {
        assert!(Fruit::ALL.iter().all(|f| f.code().parse() == Ok(*f)));
        let unknown = "plum".parse::<Fruit>().unwrap_err();
        assert_eq!(unknown.to_string(), r#"no Fruit has the code "plum""#);
        assert_eq!(serde_json::to_string(&Fruit::Pear).unwrap(), "\"pear\"");
    }
}
