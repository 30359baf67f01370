//! How a key is sent.

use provider::ProviderKey;
use reqwest::header::{HeaderName, HeaderValue};

/// In which header a key is sent, and what stands before it there.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyHeader {
    name: &'static str,
    before: &'static str,
}

impl KeyHeader {
    /// `Authorization: Bearer KEY`.
    pub(super) const BEARER: Self = Self::new("authorization", "Bearer ");
    /// `Authorization: Token KEY`.
    pub(super) const TOKEN: Self = Self::new("authorization", "Token ");

    /// The header of this name, in small letters, with this before the key.
    pub(super) const fn new(name: &'static str, before: &'static str) -> Self {
        Self { name, before }
    }

    /// The header with this key; `None` if none can hold it.
    pub(super) fn with(self, key: &ProviderKey) -> Option<(HeaderName, HeaderValue)> {
        Some((HeaderName::from_static(self.name), key.header(self.before)?))
    }
}
