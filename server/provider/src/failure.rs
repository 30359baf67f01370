//! What a status, an error of HTTP or an error of a WebSocket comes to: here alone, for all providers.

use std::time::Duration;

use reqwest::header::HeaderMap;
use tungstenite::Error;
use tungstenite::error::ProtocolError;

use crate::ProviderFault;
use crate::retry_after::asked_rest;

/// A fault, and for how long the provider asks not to be called, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderFailure {
    /// What went wrong.
    pub fault: ProviderFault,
    /// The pause that it asks for.
    pub rest: Option<Duration>,
}

impl ProviderFailure {
    /// What a status other than the one of success means. `body`: what came with it, as far as it was read.
    pub fn of_status(status: u16, headers: &HeaderMap, body: &str) -> Self {
        // Gemini answers 400 to a key that is not valid.
        let bad_key = status == 400 && body.contains("API_KEY_INVALID");
        let fault = ProviderFault::Status(if bad_key { 401 } else { status });
        Self { fault, rest: asked_rest(status, headers, body) }
    }

    /// Why a WebSocket could not be opened.
    pub fn of_handshake(error: &Error) -> Self {
        match error {
            Error::Http(response) => Self::of_status(response.status().as_u16(), response.headers(), ""),
            Error::Io(_) | Error::Tls(_) => ProviderFault::Unreachable.into(),
            Error::Url(_) => ProviderFault::Configuration.into(),
            Error::ConnectionClosed
            | Error::AlreadyClosed
            | Error::Capacity(_)
            | Error::Protocol(_)
            | Error::WriteBufferFull(_)
            | Error::Utf8(_)
            | Error::AttackAttempt
            | Error::HttpFormat(_) => ProviderFault::Garbage.into(),
        }
    }
}

impl From<ProviderFault> for ProviderFailure {
    fn from(fault: ProviderFault) -> Self {
        Self { fault, rest: None }
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

/// Why an open WebSocket failed; for one that could not be opened see [`ProviderFailure::of_handshake`].
impl From<&Error> for ProviderFault {
    fn from(error: &Error) -> Self {
        match error {
            Error::Capacity(_) => Self::Endless,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::CutOff,
            Error::Protocol(_) | Error::Utf8(_) => Self::Garbage,
            Error::ConnectionClosed
            | Error::AlreadyClosed
            | Error::Io(_)
            | Error::Tls(_)
            | Error::WriteBufferFull(_)
            | Error::AttackAttempt
            | Error::Url(_)
            | Error::Http(_)
            | Error::HttpFormat(_) => Self::CutOff,
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderValue, RETRY_AFTER};

    use super::*;

    #[test]
    fn a_status_is_a_fault_and_a_rest_where_one_is_asked_for() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("7"));
        let of = |status| ProviderFailure::of_status(status, &headers, "");
        let rest = Some(Duration::from_secs(7));
        for (status, rest) in [(429, rest), (503, rest), (404, None), (302, None)] {
            assert_eq!(of(status), ProviderFailure { fault: ProviderFault::Status(status), rest });
        }
        let body = r#"{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}"#;
        assert!(ProviderFailure::of_status(400, &HeaderMap::new(), body).fault.refuses_key());
        let body = r#"{"error":{"details":[{"retryDelay":"7s"}]}}"#;
        assert_eq!(ProviderFailure::of_status(429, &HeaderMap::new(), body).rest, rest);
    }

    #[test]
    fn a_socket_that_cannot_be_opened_is_told_from_one_that_breaks() {
        let gone = || Error::Io(std::io::ErrorKind::ConnectionRefused.into());
        assert_eq!(ProviderFailure::of_handshake(&gone()).fault, ProviderFault::Unreachable);
        assert_eq!(ProviderFault::from(&gone()), ProviderFault::CutOff);
        let reset = Error::Protocol(ProtocolError::ResetWithoutClosingHandshake);
        assert_eq!(ProviderFailure::of_handshake(&reset).fault, ProviderFault::Garbage);
        assert_eq!(ProviderFault::from(&reset), ProviderFault::CutOff);
    }
}
