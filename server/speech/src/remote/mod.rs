//! Providers of hearing and speech elsewhere, behind the same ports as the local models.
//!
//! - [`Transcriptions`] and [`Speeches`]: whatever speaks OpenAI's `/audio/transcriptions` and `/audio/speech`;
//! - [`Deepgram`]: a stream of audio to words over a WebSocket, in Deepgram's protocol;
//! - [`Cartesia`]: text to speech with measured word times over a WebSocket, in Cartesia's protocol.
//!
//! A provider is one file with its [`Remote`] and one row in [`ALL`]: help, `config`, `doctor` and the choice of who hears
//! and who speaks are made from these. The recipe is `server/provider/README.md`.
//!
//! What they share: an address that can be set, a [`ProviderKey`] that is never printed, time limits and size limits on
//! everything that comes, and manners: a provider that says when to come again is not asked before. A future or a
//! stream that is dropped gives its request up. No error holds a word that was said, an address or a key.

mod cartesia;
mod deepgram;
mod detail;
mod http;
mod key;
mod listen;
mod openai;
mod reach;
mod registry;
mod rest;
mod socket;
mod speeches;
mod timing;
mod transcriptions;
mod words;

pub use cartesia::Cartesia;
pub use deepgram::Deepgram;
pub use provider::ProviderKey;
pub use registry::{Connect, Connecting, MakeEar, MakeVoice, Reach, Remote};
pub use speeches::Speeches;
pub use transcriptions::Transcriptions;

/// The providers of speech, in the order in which help names them.
pub const ALL: &[Remote] = &[openai::REMOTE, deepgram::REMOTE, cartesia::REMOTE];

/// Where a provider is, and what is asked of it.
#[derive(Debug, Clone)]
pub struct SpeechProvider {
    /// A name for logs and people.
    pub name: String,
    /// Its address: `https://api.openai.com/v1`, `wss://api.deepgram.com/v1`, `wss://api.cartesia.ai` ...
    pub base: String,
    /// Its key, if it wants one.
    pub key: Option<ProviderKey>,
    /// The model, as the provider names it.
    pub model: String,
    /// The language as a BCP 47 tag; `None`: the provider's own choice.
    pub language: Option<String>,
}

impl SpeechProvider {
    fn languages(&self) -> Vec<String> {
        self.language.iter().cloned().collect()
    }
}
