//! When a provider is not asked because it asked for that, on the clock of speech.

use provider::{Policy, ProviderFailure, Rest};
use tokio::time::Instant;

use crate::SpeechError;

/// Until when one provider is left alone.
#[derive(Debug)]
pub(super) struct SpeechRest {
    since: Instant,
    rest: Rest,
}

impl Default for SpeechRest {
    fn default() -> Self {
        Self { since: Instant::now(), rest: Rest::new(Policy::SPEECH) }
    }
}

impl SpeechRest {
    /// Whether a call may be made now.
    ///
    /// # Errors
    /// [`SpeechError::Busy`] while the provider asks not to be called.
    pub(super) fn may_ask(&self) -> Result<(), SpeechError> {
        Ok(self.rest.may_ask(self.since.elapsed())?)
    }

    /// A call failed like this: the same as an error; how long the provider asks not to be called is kept.
    pub(super) fn failed(&self, failure: impl Into<ProviderFailure>) -> SpeechError {
        let failure = failure.into();
        if self.rest.record(failure, self.since.elapsed()) { SpeechError::Busy } else { failure.fault.into() }
    }
}
