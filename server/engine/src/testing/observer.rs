//! An observer that writes down what it is told.

use std::sync::{Mutex, PoisonError};

use interview::{EndReason, LinePurpose};

use crate::{Observer, TurnObservation, TurnTrigger};

/// Keeps a line of everything that it is told.
#[derive(Debug, Default)]
pub struct NotingObserver(Mutex<Vec<String>>);

impl NotingObserver {
    /// What it was told since it was last asked, in order.
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

impl Observer for NotingObserver {
    fn turn_taken(&self, turn: &TurnObservation) {
        let shown = turn.first_words.map(|time| format!(", shown after {} ms", time.as_millis()));
        let (kind, source) = (turn.kind.name(), turn.source_name());
        let shown = shown.unwrap_or_default();
        self.note(format!("{kind} by {source} in {} ms{shown}", turn.took.as_millis()));
    }
    fn turn_refused(&self, kind: TurnTrigger, code: &'static str) {
        self.note(format!("{} refused: {code}", kind.name()));
    }
    fn writer_failed(&self, purpose: LinePurpose, reason: &str) {
        self.note(format!("writer failed at {purpose:?}: {reason}"));
    }
    fn line_rejected(&self, reason: &'static str) {
        self.note(format!("rejected: {reason}"));
    }
    fn writer_left_alone(&self, left_alone: bool) {
        self.note(format!("left alone: {left_alone}"));
    }
    fn created(&self) {
        self.note("created".to_owned());
    }
    fn ended(&self, reason: EndReason) {
        self.note(format!("ended: {reason:?}"));
    }
    fn store_failed(&self, doing: &'static str) {
        self.note(format!("store failed: {doing}"));
    }
}
