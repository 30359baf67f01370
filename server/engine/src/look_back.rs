//! Looks back at an interview: makes the report of what is stored, and keeps what the candidate says to it.

use std::collections::BTreeSet;

use interview::UnixMillis;
use report::{Fault, Performance, Report, Spoken, Trouble};
use serde::Deserialize;

use crate::inner::Inner;
use crate::{EngineError, Export, SessionEvent, SessionId, Snapshot, StoreError};

/// When what happened in a spoken turn, as the event `voice_turn` keeps it.
#[derive(Deserialize)]
struct VoiceTurn {
    turn: String,
    spoke_ms: i64,
    played_ms: i64,
}

impl Inner {
    /// Everything of a session, with the report on it, which is made on a thread that may take its time.
    pub(crate) async fn look_back(&self, snapshot: Snapshot) -> Result<Export, EngineError> {
        let id = snapshot.id;
        let events = self.store.events(id).await.map_err(|e| self.logged("events", e))?;
        let struck = self.store.struck(id).await.map_err(|e| self.logged("struck", e))?;
        let struck: BTreeSet<String> = struck.into_iter().collect();
        let made = tokio::task::spawn_blocking(move || {
            let report = made(&snapshot, &events, &struck);
            Export { snapshot, events, report }
        });
        let made = made.await;
        made.map_err(|error| {
            tracing::error!(session.id = %id, error = %error, "a report broke off");
            StoreError::Unavailable("the report broke off inside the server".to_owned()).into()
        })
    }

    /// Keeps that a statement is struck. One that is struck already stays so.
    pub(crate) async fn strike(
        &self,
        id: SessionId,
        report: &Report,
        statement: &str,
        now: UnixMillis,
    ) -> Result<(), EngineError> {
        let mut stated = report.statements().into_iter().chain(&report.struck);
        if !stated.any(|known| known.id() == statement) {
            return Err(EngineError::NoStatement);
        }
        Ok(self.store.strike(id, statement, now).await.map_err(|e| self.logged("strike", e))?)
    }
}

fn made(snapshot: &Snapshot, events: &[SessionEvent], struck: &BTreeSet<String>) -> Report {
    let messages: Vec<_> = snapshot.messages.iter().map(|(message, _)| message.clone()).collect();
    let spoken: Vec<Spoken> = events.iter().filter_map(spoken).collect();
    let troubles: Vec<Trouble> = events.iter().filter_map(trouble).collect();
    report::report(&Performance {
        profile: &snapshot.profile,
        plan: &snapshot.plan,
        messages: &messages,
        spoken: &spoken,
        troubles: &troubles,
        struck,
    })
}

fn spoken(event: &SessionEvent) -> Option<Spoken> {
    if event.kind != "voice_turn" {
        return None;
    }
    let VoiceTurn { turn, spoke_ms, played_ms } = serde_json::from_value(event.data.clone()).ok()?;
    Some(Spoken { turn, spoke: spoke_ms, replied: played_ms })
}

fn trouble(event: &SessionEvent) -> Option<Trouble> {
    let what = match event.kind.as_str() {
        "voice_hearing_failed" | "voice_not_caught" => Fault::Hearing,
        "voice_speaking_failed" => Fault::Speaking,
        "voice_lost" => Fault::Lost,
        "voice_resumed" => Fault::FalseStop,
        _ => return None,
    };
    Some(Trouble { at: event.at, what })
}
