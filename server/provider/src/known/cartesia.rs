//! Cartesia.

use super::{Abilities, Descriptor};

/// Cartesia.
pub const CARTESIA: Descriptor = Descriptor {
    name: "cartesia",
    title: "Cartesia",
    key: "CARTESIA_API_KEY",
    address: &[],
    speech_address: &["CARTESIA_BASE_URL"],
    base: "wss://api.cartesia.ai",
    abilities: Abilities { lines: None, hearing: None, speaking: Some("sonic-3") },
};
