//! What goes wrong with a provider, and how long it asks not to be called.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::SpeechError;
use crate::audio::Unplayable;

/// Rest when a provider that has too much to do does not say for how long.
const REST: Duration = Duration::from_secs(1);
/// Longest rest that is believed.
const LONGEST_REST: Duration = Duration::from_secs(300);

/// A failure with a short name.
pub(super) fn failed(what: &str) -> SpeechError {
    SpeechError::Failed(what.to_owned())
}

impl From<Unplayable> for SpeechError {
    fn from(why: Unplayable) -> Self {
        Self::Failed(why.to_string())
    }
}

/// The error of a request that did not get an answer.
pub(super) fn lost(error: &reqwest::Error) -> SpeechError {
    if error.is_timeout() {
        SpeechError::Late
    } else if error.is_connect() {
        failed("unreachable")
    } else if error.is_builder() {
        SpeechError::Refused("the request cannot be made: look at the address and the key".into())
    } else {
        failed("cut off")
    }
}

/// When a provider may be asked again.
#[derive(Debug, Default)]
pub(super) struct ProviderBackoff {
    until: Mutex<Option<Instant>>,
}

impl ProviderBackoff {
    /// # Errors
    /// [`SpeechError::Busy`] while the provider asks not to be called.
    pub(super) fn may_ask(&self) -> Result<(), SpeechError> {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_some_and(|until| Instant::now() < until) { Err(SpeechError::Busy) } else { Ok(()) }
    }

    /// What a status other than success means; `after` is the value of `Retry-After`, if there is one.
    pub(super) fn status(&self, status: u16, after: Option<&str>) -> SpeechError {
        let rest = after.and_then(|after| after.trim().parse().ok()).map(Duration::from_secs);
        match (status, rest) {
            (401 | 403, _) => SpeechError::Refused("the provider does not take the key".into()),
            (404, _) => SpeechError::Refused("the provider does not know the model or the address".into()),
            (429, rest) | (500..=599, rest @ Some(_)) => {
                let rest = rest.unwrap_or(REST).min(LONGEST_REST);
                *self.until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + rest);
                SpeechError::Busy
            }
            (400..=499, _) => SpeechError::Refused(format!("the provider says {status}")),
            (_, _) => SpeechError::Failed(format!("http {status}")),
        }
    }
}
