//! Sets of names: what a message may say of a few known things.

/// An enum whose variants have names. A name is the same in JSON, as the value of an attribute and in TypeScript. What serde
/// would derive makes more of the browser's wasm.
macro_rules! named {
    (
        $(#[$about:meta])*
        pub enum $set:ident {
            $($(#[$of:meta])* $variant:ident = $name:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(test, derive(::ts_rs::TS))]
        pub enum $set {
            $($(#[$of])* #[cfg_attr(test, ts(rename = $name))] $variant,)+
        }

        impl $set {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The one of this name.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl ::serde::Serialize for $set {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $set {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = String::deserialize(deserializer)?;
                Self::named(&name).ok_or_else(|| ::serde::de::Error::custom("an unknown name"))
            }
        }
    };
}
