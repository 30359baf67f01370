//! Failures of providers, as codes: without words of a transcript, addresses or keys.

use thiserror::Error;

/// Why a request to a provider failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProviderFault {
    /// No connection.
    #[error("unreachable")]
    Unreachable,
    /// The connection, or the next bytes, took too long.
    #[error("timeout")]
    Timeout,
    /// It answered with a status other than 200.
    #[error("http_{0}")]
    Status(u16),
    /// It reported an error in the middle of its answer.
    #[error("provider_error")]
    Provider,
    /// The answer is incomplete.
    #[error("cut_off")]
    CutOff,
    /// It withheld the answer for its own reasons (safety, recitation, ...).
    #[error("withheld")]
    Withheld,
    /// The answer is complete and empty.
    #[error("empty")]
    Empty,
    /// The answer is a web page: a login, a proxy's error, another program.
    #[error("html")]
    Html,
    /// The answer does not follow the API.
    #[error("garbage")]
    Garbage,
    /// The answer exceeds the size limit.
    #[error("endless")]
    Endless,
    /// The circuit breaker is open: the provider was not asked.
    #[error("breaker_open")]
    Spared,
    /// The request could not be made: the address, the model's name or the key cannot be sent.
    #[error("bad_configuration")]
    Configuration,
}

impl ProviderFault {
    /// The fault in words that follow "it": `refuses the key`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Unreachable => "cannot be reached",
            Self::Timeout => "does not answer in time",
            Self::Status(401 | 403) => "refuses the key",
            Self::Status(404 | 405) => "does not know the model or the address",
            Self::Status(402) => "wants to be paid first",
            Self::Status(429) => "has had too many requests",
            Self::Status(400..=499) => "does not take the request",
            Self::Status(_) | Self::Provider => "has a fault of its own",
            Self::CutOff => "breaks off in the middle",
            Self::Withheld => "withholds its words",
            Self::Empty => "says nothing",
            Self::Html => "answers with a web page",
            Self::Garbage => "does not speak as expected",
            Self::Endless => "does not come to an end",
            Self::Spared => "is skipped after failing",
            Self::Configuration => "cannot be asked: look at its address and key",
        }
    }
}

impl From<&reqwest::Error> for ProviderFault {
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
