//! Google's Gemini.

use super::{Abilities, Descriptor};

/// Google's Gemini.
pub const GEMINI: Descriptor = Descriptor {
    name: "gemini",
    title: "Google",
    key: "GEMINI_API_KEY",
    address: &["GEMINI_BASE_URL"],
    speech_address: &[],
    base: "https://generativelanguage.googleapis.com/v1beta",
    abilities: Abilities { lines: Some("gemini-3.5-flash-lite"), hearing: None, speaking: None },
};
