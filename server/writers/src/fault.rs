//! What goes wrong with a provider, as codes: no words of a transcript, no address, no key.

use engine::WriterError;
use thiserror::Error;

/// Why a provider gave no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// No connection.
    #[error("unreachable")]
    Unreachable,
    /// The connection, or the next bytes, took too long.
    #[error("timeout")]
    Timeout,
    /// It answered with a status other than 200.
    #[error("http_{0}")]
    Status(u16),
    /// It said in the middle of its answer that it cannot go on.
    #[error("provider_error")]
    Provider,
    /// The answer ended before the line did.
    #[error("cut_off")]
    CutOff,
    /// It withheld the line for its own reasons (safety, recitation, ...).
    #[error("withheld")]
    Withheld,
    /// The answer ended well and held no words.
    #[error("empty")]
    Empty,
    /// The answer is not what the API speaks.
    #[error("garbage")]
    Garbage,
    /// The answer is longer than any line.
    #[error("endless")]
    Endless,
    /// The circuit breaker is open: the provider was not asked.
    #[error("breaker_open")]
    Spared,
    /// The request could not be made: the address, the model's name or the key cannot be sent.
    #[error("bad_configuration")]
    Configuration,
}

impl From<Fault> for WriterError {
    fn from(fault: Fault) -> Self {
        Self(fault.to_string())
    }
}

impl From<&reqwest::Error> for Fault {
    fn from(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_connect() {
            Self::Unreachable
        } else if error.is_builder() {
            Self::Configuration
        } else {
            Self::CutOff
        }
    }
}
