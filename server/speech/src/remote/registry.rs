//! What is to be known of a provider of speech to choose it by a setting and to ask whether it would do.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use provider::{Descriptor, ProviderFault};

use super::SpeechProvider;
use crate::SpeechError;
use crate::ports::{Stt, Tts, Vad};

/// Makes what hears through a provider. The activity detector is this machine's: it tells a provider that takes whole
/// windows of audio where they end.
///
/// # Errors
/// [`SpeechError::Refused`] if the address or the model cannot be used.
pub type MakeEar = fn(SpeechProvider, &Arc<dyn Vad>) -> Result<Arc<dyn Stt>, SpeechError>;

/// Makes what speaks through a provider, with this voice of it.
///
/// # Errors
/// [`SpeechError::Refused`] if the address cannot be used.
pub type MakeVoice = fn(SpeechProvider, &str) -> Result<Arc<dyn Tts>, SpeechError>;

/// Asks a provider for a connection as for speech, on which nothing is said.
///
/// # Errors
/// [`SpeechError::Refused`] if the address or the model cannot be used.
pub type Connect = fn(SpeechProvider) -> Result<Connecting, SpeechError>;

/// A request for a connection, over within some four seconds; the error says why there is none.
pub type Connecting = BoxFuture<'static, Result<(), ProviderFault>>;

/// A provider of speech: a row of [`ALL`](super::ALL).
#[derive(Clone, Copy)]
pub struct Remote {
    /// Its names, variables, address and default models.
    pub descriptor: Descriptor,
    /// How it hears, if it does.
    pub ear: Option<MakeEar>,
    /// How it speaks, if it does.
    pub voice: Option<MakeVoice>,
    /// The voice that is taken where none is named; `None`: one must be named.
    pub usual_voice: Option<&'static str>,
    /// How it is asked whether it would do.
    pub reach: Reach,
}

/// How a provider is asked whether it would do, before anybody needs it.
#[derive(Clone, Copy)]
pub enum Reach {
    /// For the list of its models, as any OpenAI-compatible server.
    Models,
    /// For a connection.
    Connection {
        /// Asks for it.
        connect: Connect,
        /// Whether it refuses by then a model that it does not have.
        knows_model: bool,
    },
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Remote").field(&self.descriptor.name).finish()
    }
}

/// The same provider by name.
impl PartialEq for Remote {
    fn eq(&self, other: &Self) -> bool {
        self.descriptor.name == other.descriptor.name
    }
}

impl Eq for Remote {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::ALL;

    #[test]
    fn each_can_do_what_its_descriptor_says_and_has_its_own_names() {
        let mut names = BTreeSet::from(["local"]);
        for remote in ALL {
            let one = &remote.descriptor;
            assert!(names.insert(one.name) && names.insert(one.key), "{} is there already", one.name);
            assert!(!one.speech_address.is_empty(), "{}: no variable names its address", one.name);
            assert_eq!(remote.ear.is_some(), one.abilities.hearing.is_some(), "{}", one.name);
            assert_eq!(remote.voice.is_some(), one.abilities.speaking.is_some(), "{}", one.name);
            assert!(remote.ear.is_some() || remote.voice.is_some(), "{} can do nothing", one.name);
            assert!(remote.usual_voice.is_none() || remote.voice.is_some(), "{}", one.name);
        }
    }
}
