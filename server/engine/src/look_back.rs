//! Looks back at an interview: makes the report of what is stored, and keeps what the candidate says to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use interview::{Message, UnixMillis};
use report::{JudgeReplies, PauseSummary, Performance, Report, SpokenTurnMetrics, Trouble, VoiceRoomFault};
use serde::Deserialize;

use crate::inner::EngineInner;
use crate::{EngineError, Export, SessionEvent, SessionId, Snapshot, StoreError};

/// When what happened in a spoken turn, as the event `voice_turn` keeps it.
#[derive(Deserialize)]
struct VoiceTurn {
    turn: String,
    spoke_ms: i64,
    played_ms: i64,
    /// Not there where an earlier version kept it.
    pauses: Option<usize>,
    longest_pause_ms: Option<i64>,
    sure: Option<u8>,
}

impl EngineInner {
    /// A session with the report on it, which is made on a thread that may take its time; without what stands beside it.
    pub(crate) async fn look_back(&self, snapshot: Arc<Snapshot>) -> Result<Export, EngineError> {
        let id = snapshot.id;
        let material = self.material(snapshot).await?;
        self.thinking(id, move || {
            let report = report::report(&material.all());
            let LookBackMaterial { snapshot, events, .. } = material;
            Export { snapshot, events, report, comments: Vec::new(), sounds: Vec::new() }
        })
        .await
    }

    /// All that a look back at this session takes.
    pub(crate) async fn material(&self, snapshot: Arc<Snapshot>) -> Result<LookBackMaterial, EngineError> {
        let id = snapshot.id;
        let events = self.store.events(id).await.map_err(|e| self.log_store_error("events", e))?;
        let struck = self.store.struck(id).await.map_err(|e| self.log_store_error("struck", e))?;
        let judged = self.judged(id).await?;
        Ok(LookBackMaterial::new(snapshot, events, struck.into_iter().collect(), judged))
    }

    /// Does this on a thread that may take its time.
    pub(crate) async fn thinking<T: Send + 'static>(
        &self,
        id: SessionId,
        think: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        tokio::task::spawn_blocking(think).await.map_err(|error| {
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
        check_statement_exists(report, statement)?;
        Ok(self.store.strike(id, statement, now).await.map_err(|e| self.log_store_error("strike", e))?)
    }

    /// Takes a strike back. A statement that is not struck stays so.
    pub(crate) async fn unstrike(
        &self,
        id: SessionId,
        report: &Report,
        statement: &str,
    ) -> Result<(), EngineError> {
        check_statement_exists(report, statement)?;
        Ok(self.store.unstrike(id, statement).await.map_err(|e| self.log_store_error("unstrike", e))?)
    }
}

/// [`EngineError::NoStatement`] unless a report has a statement of this name, struck or not.
fn check_statement_exists(report: &Report, statement: &str) -> Result<(), EngineError> {
    let mut stated = report.statements().into_iter().chain(&report.struck);
    stated.any(|known| known.id() == statement).then_some(()).ok_or(EngineError::NoStatement)
}

/// What a look back at a session takes.
pub(crate) struct LookBackMaterial {
    pub(crate) snapshot: Arc<Snapshot>,
    events: Vec<SessionEvent>,
    pub(crate) messages: Vec<Message>,
    spoken: Vec<SpokenTurnMetrics>,
    troubles: Vec<Trouble>,
    struck: BTreeSet<String>,
    judged: Option<JudgeReplies>,
}

impl LookBackMaterial {
    fn new(
        snapshot: Arc<Snapshot>,
        events: Vec<SessionEvent>,
        struck: BTreeSet<String>,
        judged: Option<JudgeReplies>,
    ) -> Self {
        Self {
            messages: snapshot.messages.iter().map(|(message, _)| message.clone()).collect(),
            spoken: events.iter().filter_map(spoken).collect(),
            troubles: events.iter().filter_map(trouble).collect(),
            snapshot,
            events,
            struck,
            judged,
        }
    }

    fn all(&self) -> Performance<'_> {
        self.of(&self.messages)
    }

    /// The same of some of its messages.
    pub(crate) fn of<'a>(&'a self, messages: &'a [Message]) -> Performance<'a> {
        Performance {
            profile: &self.snapshot.profile,
            plan: &self.snapshot.plan,
            messages,
            spoken: &self.spoken,
            troubles: &self.troubles,
            struck: &self.struck,
            judged: self.judged.as_ref(),
        }
    }
}

fn spoken(event: &SessionEvent) -> Option<SpokenTurnMetrics> {
    if event.kind != "voice_turn" {
        return None;
    }
    let VoiceTurn { turn, spoke_ms, played_ms, pauses, longest_pause_ms, sure } =
        serde_json::from_value(event.data.clone()).ok()?;
    let pauses = pauses.zip(longest_pause_ms).map(|(count, longest)| PauseSummary { count, longest });
    Some(SpokenTurnMetrics { turn, spoke: spoke_ms, replied: played_ms, pauses, sure })
}

fn trouble(event: &SessionEvent) -> Option<Trouble> {
    let what = match event.kind.as_str() {
        "voice_hearing_failed" | "voice_not_caught" => VoiceRoomFault::Hearing,
        "voice_speaking_failed" => VoiceRoomFault::Speaking,
        "voice_lost" => VoiceRoomFault::Lost,
        "voice_resumed" => VoiceRoomFault::FalseStop,
        _ => return None,
    };
    Some(Trouble { at: event.at, what })
}
