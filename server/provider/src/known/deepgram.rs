//! Deepgram.

use super::{Abilities, Descriptor};

/// Deepgram.
pub const DEEPGRAM: Descriptor = Descriptor {
    name: "deepgram",
    title: "Deepgram",
    key: "DEEPGRAM_API_KEY",
    address: &[],
    speech_address: &["DEEPGRAM_BASE_URL"],
    base: "wss://api.deepgram.com/v1",
    abilities: Abilities { lines: None, hearing: Some("nova-3"), speaking: None },
};
