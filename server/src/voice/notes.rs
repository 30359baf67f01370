//! Keeps what happens in the room: in the session's events and in what is counted. In a task of its own, so that nobody
//! who speaks waits for the disk.

use agent::interview::{Happening, TurnTimes};
use engine::{Engine, EngineError, SessionId};
use interview::Modality;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use crate::metrics::Metrics;

/// What may wait to be kept; more is left out, and that is logged.
const QUEUE: usize = 256;

/// What is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// When what happened in a spoken turn.
    Turn(TurnTimes),
    /// What happened beside turns.
    Happened(Happening),
    /// An agent was lost, for the reason with this code; another one comes after so many milliseconds, or none.
    Lost(String, Option<u64>),
}

/// What is kept of one session. Cheap to clone; ends, once all clones are dropped, when all is kept.
#[derive(Clone)]
pub struct Notes(mpsc::Sender<Note>);

impl Notes {
    /// Those of this session of this program; `tasks` holds a shutdown up until they are kept.
    pub fn start(engine: Engine, session: SessionId, metrics: Metrics, tasks: &TaskTracker) -> Self {
        let (notes, mut noted) = Self::queue();
        tasks.spawn(async move {
            while let Some(note) = noted.recv().await {
                if let Err(error) = keep(&engine, session, &metrics, &note).await
                    && !matches!(error, EngineError::NotFound)
                {
                    let (note, _) = event(&note);
                    let note = note.as_str();
                    tracing::warn!(session.id = %session, note, reason = error.code(), "a note was not kept");
                }
            }
        });
        notes
    }

    /// Those of whoever takes them off the queue, which ends when all clones are dropped.
    pub fn queue() -> (Self, mpsc::Receiver<Note>) {
        let (notes, noted) = mpsc::channel(QUEUE);
        (Self(notes), noted)
    }

    /// Keeps this.
    pub fn keep(&self, note: Note) {
        if self.0.try_send(note).is_err() {
            tracing::warn!("a note was not kept: too many wait");
        }
    }
}

/// Keeps what happened in a session of this program.
///
/// # Errors
/// If it could not be kept; it is counted all the same.
pub async fn keep(
    engine: &Engine,
    session: SessionId,
    metrics: &Metrics,
    note: &Note,
) -> Result<(), EngineError> {
    count(metrics, note);
    let (kind, data) = event(note);
    engine.note(session, &kind, data).await?;
    if matches!(note, Note::Happened(Happening::Left)) {
        // Whoever goes on does so by typing: that takes longer.
        let _over = engine.activity(session, Modality::Text).await;
    }
    Ok(())
}

fn count(metrics: &Metrics, note: &Note) {
    match note {
        Note::Turn(times) => metrics.voice_turn(times),
        Note::Happened(_) | Note::Lost(..) => metrics.voice_happened(name(note)),
    }
}

fn name(note: &Note) -> &'static str {
    match note {
        Note::Turn(_) => "turn",
        Note::Happened(Happening::Joined) => "joined",
        Note::Happened(Happening::Interrupted) => "interrupted",
        Note::Happened(Happening::Resumed) => "resumed",
        Note::Happened(Happening::HearingFailed) => "hearing_failed",
        Note::Happened(Happening::NotCaught(_)) => "not_caught",
        Note::Happened(Happening::SpeakingFailed) => "speaking_failed",
        Note::Happened(Happening::Left) => "left",
        Note::Lost(..) => "lost",
    }
}

/// The event of a session that keeps it: its kind, and its particulars without words.
fn event(note: &Note) -> (String, Value) {
    let data = match note {
        Note::Turn(times) => {
            let ms = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            json!({
                "turn": times.turn,
                "spoke_ms": ms(times.spoke),
                "endpoint_ms": ms(times.endpoint),
                "heard_ms": ms(times.heard),
                "first_words_ms": ms(times.first_words),
                "first_audio_ms": ms(times.first_audio),
                "played_ms": ms(times.played),
                "finished": times.finished,
                "pauses": times.pauses.count,
                "longest_pause_ms": ms(times.pauses.longest),
                "sure": times.sure,
            })
        }
        Note::Happened(Happening::NotCaught(why)) => json!({ "reason": why }),
        Note::Happened(_) => json!({}),
        Note::Lost(reason, again) => json!({ "reason": reason, "again_ms": again }),
    };
    (format!("voice_{}", name(note)), data)
}
