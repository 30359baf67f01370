//! Why a piece of speech work was not done.

use models::ModelError;

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
    /// A model or a provider failed.
    #[error("failed: {0}")]
    Failed(String),
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
