//! Why a piece of speech work was not done.

use models::ModelError;
use provider::ProviderFault;

use crate::audio::Unplayable;

/// Why a request to hear, speak or judge failed. None of these texts holds what was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// The models are not there, or are broken. The text says what to do.
    #[error("{0}")]
    Missing(String),
    /// It was not done by its deadline.
    #[error("not done in time")]
    Late,
    /// There is more to do than can be done; ask again a little later.
    #[error("too much to do at once")]
    Busy,
    /// Some of what was said was let go before anybody could write it down.
    #[error("more was said than could be written down in time: some of it is lost")]
    Lost,
    /// What was asked cannot be done at all: another request is needed.
    #[error("cannot be done: {0}")]
    Refused(String),
    /// A provider failed, or refused what was asked of it.
    #[error("the provider {words} ({code})", words = .0.in_words(), code = .0)]
    Provider(ProviderFault),
    /// What came as sound cannot be played.
    #[error("failed: {0}")]
    Unplayable(Unplayable),
    /// Something on this machine failed: a model, or what it is run with.
    #[error("failed: {0}")]
    Failed(String),
}

impl SpeechError {
    /// Whether the same request would fail again: only another one, or other settings, help.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Missing(_) | Self::Refused(_) => true,
            Self::Provider(fault) => fault.is_refusal(),
            Self::Late | Self::Busy | Self::Lost | Self::Unplayable(_) | Self::Failed(_) => false,
        }
    }
}

/// A provider that is slow is late, and one that has too much to do is busy, as a model of this machine is.
impl From<ProviderFault> for SpeechError {
    fn from(fault: ProviderFault) -> Self {
        match fault {
            ProviderFault::Timeout => Self::Late,
            ProviderFault::Spared | ProviderFault::Status(429) => Self::Busy,
            ProviderFault::Unreachable
            | ProviderFault::Status(_)
            | ProviderFault::Provider
            | ProviderFault::CutOff
            | ProviderFault::Withheld
            | ProviderFault::Empty
            | ProviderFault::Html
            | ProviderFault::Garbage
            | ProviderFault::Endless
            | ProviderFault::Configuration => Self::Provider(fault),
        }
    }
}

impl From<Unplayable> for SpeechError {
    fn from(why: Unplayable) -> Self {
        match why {
            Unplayable::Torn => Self::Provider(ProviderFault::CutOff),
            Unplayable::Coded(_) | Unplayable::Text | Unplayable::Unknown | Unplayable::Noise => {
                Self::Unplayable(why)
            }
        }
    }
}

impl From<ModelError> for SpeechError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Missing(what) => Self::Missing(what),
            ModelError::Late => Self::Late,
            ModelError::Busy => Self::Busy,
            ModelError::Failed(what) => Self::Failed(what),
        }
    }
}
