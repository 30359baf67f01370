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
    /// It answered with a status other than the one of success.
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
    /// The provider was not asked: its circuit breaker is open, or it asked not to be called yet.
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
            Self::Status(500..) | Self::Provider => "has a fault of its own",
            Self::CutOff => "breaks off in the middle",
            Self::Withheld => "withholds its words",
            Self::Empty => "says nothing",
            Self::Html => "answers with a web page",
            Self::Status(..400) | Self::Garbage => "does not speak as expected",
            Self::Endless => "does not come to an end",
            Self::Spared => "is skipped after failing",
            Self::Configuration => "cannot be asked: look at its address and key",
        }
    }

    /// Whether it refuses the key, or wants one where there is none.
    pub fn refuses_key(self) -> bool {
        matches!(self, Self::Status(401 | 403))
    }

    /// Whether the same request would fail again: only another one, another key or another address helps.
    pub fn is_refusal(self) -> bool {
        match self {
            Self::Configuration => true,
            Self::Status(status) => (400..500).contains(&status) && status != 429,
            Self::Unreachable
            | Self::Timeout
            | Self::Provider
            | Self::CutOff
            | Self::Withheld
            | Self::Empty
            | Self::Html
            | Self::Garbage
            | Self::Endless
            | Self::Spared => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_wants_another_request_and_the_rest_may_pass() {
        for status in [400, 401, 403, 404, 422] {
            assert!(ProviderFault::Status(status).is_refusal(), "{status}");
        }
        for status in [200, 302, 429, 500, 503] {
            assert!(!ProviderFault::Status(status).is_refusal(), "{status}");
        }
        assert!(ProviderFault::Configuration.is_refusal() && !ProviderFault::Unreachable.is_refusal());
        assert_eq!(ProviderFault::Status(302).in_words(), ProviderFault::Garbage.in_words());
    }
}
