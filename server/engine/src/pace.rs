//! What was learnt of how long the writer takes, for typed and for spoken lines. Kept in memory: another writer, or the
//! same one after a restart, is learnt anew.

use std::sync::{Mutex, MutexGuard, PoisonError};

use interview::pace::{UsualLatency, WriterPace};
use interview::{Brief, Millis, Modality};

use crate::words::AskOutcome;

/// See the module's description.
#[derive(Debug, Default)]
pub(crate) struct Paces(Mutex<ModalityPaces>);

#[derive(Debug, Default)]
struct ModalityPaces {
    typed: WriterPace,
    spoken: WriterPace,
}

impl Paces {
    fn known(&self) -> MutexGuard<'_, ModalityPaces> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When first words are usually there. Nothing is known of spoken lines yet: typed ones take as long.
    pub(crate) fn usual(&self, modality: Modality) -> UsualLatency {
        let known = self.known();
        match modality {
            Modality::Text => known.typed.usual(),
            Modality::Voice => known.spoken.usual().or(known.typed.usual()),
        }
    }

    /// What became of a line. `patient`: it was waited for as long as anybody would.
    pub(crate) fn note(&self, brief: &Brief, written: &AskOutcome, patient: bool) {
        let mut known = self.known();
        let pace = match brief.modality {
            Modality::Text => &mut known.typed,
            Modality::Voice => &mut known.spoken,
        };
        match written.first_words {
            Some(took) => pace.note(Some(Millis::try_from(took.as_millis()).unwrap_or(Millis::MAX - 1))),
            None if !written.late => {}
            None if patient => pace.note(None),
            None => pace.given_up(),
        }
    }
}
