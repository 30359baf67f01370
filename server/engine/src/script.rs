//! What was written for a proposal, to be used again when it is committed.

use std::collections::VecDeque;

use interview::reading::Probe;
use interview::{AskId, Brief, Event, LinePurpose};

/// What an ask was for: a line written for it fits another ask only if this is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AskKey {
    ask: AskId,
    attempt: u8,
    purpose: LinePurpose,
    stage: String,
    topic: Option<String>,
    probe: Option<Probe>,
}

impl AskKey {
    fn of(brief: &Brief) -> Self {
        Self {
            ask: brief.ask,
            attempt: brief.attempt,
            purpose: brief.purpose,
            stage: brief.stage.id.clone(),
            topic: brief.topic.clone(),
            probe: brief.probe,
        }
    }
}

/// The answers of a writer, in order, each with what it was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script(VecDeque<(AskKey, Event)>);

impl Script {
    /// Notes what became of an ask.
    pub(crate) fn note(&mut self, brief: &Brief, event: &Event) {
        self.0.push_back((AskKey::of(brief), event.clone()));
    }

    /// What became of this ask, if it is the one that was noted next. Otherwise (time has moved the interview
    /// elsewhere meanwhile) nothing of the script fits any more.
    pub(crate) fn next(&mut self, brief: &Brief) -> Option<Event> {
        let (wanted, event) = self.0.pop_front()?;
        if wanted == AskKey::of(brief) {
            return Some(event);
        }
        self.0.clear();
        None
    }
}
