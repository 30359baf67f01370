//! Why a model did not answer.

/// Why work with a local model was not done. None of these texts holds what was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The models are not there, or are broken. The text says what to do.
    #[error("{0}")]
    Missing(String),
    /// It was not done by its deadline.
    #[error("not done in time")]
    Late,
    /// There is more to do than can be done; ask again a little later.
    #[error("too much to do at once")]
    Busy,
    /// A model failed.
    #[error("failed: {0}")]
    Failed(String),
}
