//! OpenAI, and any server with the same API: it is here because it words lines, hears and speaks.

use crate::{DefaultModels, Descriptor};

/// OpenAI, and any server with the same API.
pub const OPENAI_DESCRIPTOR: Descriptor = Descriptor {
    name: "openai",
    title: "OpenAI",
    key: "OPENAI_API_KEY",
    address: &["OPENAI_BASE_URL"],
    speech_address: &["OPENAI_SPEECH_BASE_URL", "OPENAI_BASE_URL"],
    base: "https://api.openai.com/v1",
    abilities: DefaultModels {
        lines: Some("gpt-6-luna"),
        hearing: Some("gpt-4o-mini-transcribe"),
        speaking: Some("gpt-4o-mini-tts"),
    },
};
