//! Errors of local models.

/// Why work with a local model failed. None of these texts holds what was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The models are missing or broken. The text says what to do.
    #[error("{0}")]
    Missing(String),
    /// The deadline passed.
    #[error("not done in time")]
    Late,
    /// Too much work waits; try again a little later.
    #[error("too much to do at once")]
    Busy,
    /// A model failed.
    #[error("failed: {0}")]
    Failed(String),
}
