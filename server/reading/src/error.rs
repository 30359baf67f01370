//! Why an answer was not read.

use models::ModelError;

/// Why an answer was not read. None of these texts holds what was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The model is not there or is broken, was late, or has too much to do.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The trained weights are not those that this program was made for.
    #[error("the weights for reading answers are broken: {0}; `make train-reading` makes them anew")]
    Weights(&'static str),
}
