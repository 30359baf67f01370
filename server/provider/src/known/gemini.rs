//! Google's Gemini.

use super::{DefaultModels, Descriptor};

/// Google's Gemini.
pub const GEMINI: Descriptor = Descriptor {
    name: "gemini",
    title: "Google",
    key: "GEMINI_API_KEY",
    address: &["GEMINI_BASE_URL"],
    speech_address: &[],
    base: "https://generativelanguage.googleapis.com/v1beta",
    abilities: DefaultModels { lines: Some("gemini-3.5-flash-lite"), hearing: None, speaking: None },
};
