//! A third port: what an engine tells those that count. Kinds, codes and durations only, never words or ids.

use std::sync::OnceLock;
use std::time::Duration;

use interview::{EndReason, LinePurpose, LineSource};
use tokio::time::Instant;

use crate::{EngineError, ReaderFailure, TurnKind};

/// Is told what the engine does, where it does it. The calls are made on the way of a turn: they must not block.
pub trait Observer: Send + Sync {
    /// A turn was taken, and is durable. The same turn sent again is answered again and not told again.
    fn turn_taken(&self, _turn: &TurnObservation) {}
    /// A turn of this kind was not taken; the code is [`EngineError::code`].
    fn turn_refused(&self, _kind: TurnTrigger, _code: &'static str) {}
    /// A writer gave no line for this purpose. The reason is a code such as `late` or `http_429`; what it can be
    /// depends on the writer.
    fn writer_failed(&self, _purpose: LinePurpose, _reason: &str) {}
    /// An answer was not read in time, or not at all: it goes by its words alone.
    fn unread(&self, _why: ReaderFailure) {}
    /// A writer that checks another's lines let one of them not pass, for the reason with this code.
    fn line_rejected(&self, _reason: &'static str) {}
    /// A writer that keeps failing is skipped from now on (`true`), or is asked again (`false`).
    fn writer_left_alone(&self, _left_alone: bool) {}
    /// An interview was created.
    fn created(&self) {}
    /// An interview ended.
    fn ended(&self, _reason: EndReason) {}
    /// The store failed at this.
    fn store_failed(&self, _doing: &'static str) {}
}

/// Nobody counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {}

/// What brought a turn about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TurnTrigger {
    /// The interview was opened.
    Start,
    /// The candidate said something.
    Said,
    /// A button was pressed.
    Asked,
    /// The caller told of a silence.
    Silence,
    /// The caller told how far a reply was heard.
    Heard,
    /// The interview was to end.
    End,
    /// A deadline came: a nudge, an offer, a pause, an end.
    Wake,
    /// A reply that a crash had left out was written.
    Resume,
}

impl TurnTrigger {
    /// Its name, for logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Said => "said",
            Self::Asked => "asked",
            Self::Silence => "silence",
            Self::Heard => "heard",
            Self::End => "end",
            Self::Wake => "wake",
            Self::Resume => "resume",
        }
    }
}

impl From<&TurnKind> for TurnTrigger {
    fn from(kind: &TurnKind) -> Self {
        match kind {
            TurnKind::Start => Self::Start,
            TurnKind::Said(_) => Self::Said,
            TurnKind::Asked(_) => Self::Asked,
            TurnKind::Silence => Self::Silence,
            TurnKind::Heard(_) => Self::Heard,
            TurnKind::End => Self::End,
        }
    }
}

/// A turn that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnObservation {
    /// What brought it about.
    pub kind: TurnTrigger,
    /// Whose words the reply is in; `None` where nothing was said.
    pub source: Option<LineSource>,
    /// From its arrival, the wait for the turns before it included, until it was durable.
    pub took: Duration,
    /// From its arrival until the first words of the reply could be seen; `None` where they came all at once.
    pub first_words: Option<Duration>,
}

impl TurnObservation {
    /// The name of whose words the reply is in, for logs and metrics: `bank`, `model`, `fallback` or `none`.
    pub fn source_name(&self) -> &'static str {
        match self.source {
            Some(LineSource::Bank) => "bank",
            Some(LineSource::Model) => "model",
            Some(LineSource::Fallback) => "fallback",
            None => "none",
        }
    }
}

/// Times a turn from its arrival on.
#[derive(Debug)]
pub(crate) struct TurnTimer {
    pub(crate) kind: TurnTrigger,
    arrived: Instant,
    shown: OnceLock<Instant>,
}

impl TurnTimer {
    pub(crate) fn start(kind: TurnTrigger) -> Self {
        Self { kind, arrived: Instant::now(), shown: OnceLock::new() }
    }

    /// Words of the reply can be seen.
    pub(crate) fn shown(&self) {
        self.shown.get_or_init(Instant::now);
    }

    /// The turn is durable.
    pub(crate) fn taken(&self, source: Option<LineSource>) -> TurnObservation {
        let first_words = self.shown.get().map(|shown| shown.duration_since(self.arrived));
        TurnObservation { kind: self.kind, source, took: self.arrived.elapsed(), first_words }
    }
}

impl EngineError {
    /// A word for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::UnknownPlan(_) => "unknown_plan",
            Self::BlankText => "blank_text",
            Self::LongText { .. } => "text_too_long",
            Self::NotStarted => "not_started",
            Self::AlreadyStarted => "already_started",
            Self::Ended => "session_ended",
            Self::TurnMismatch(_) => "turn_mismatch",
            Self::NothingHeard => "nothing_heard",
            Self::NoStatement => "no_statement",
            Self::NoAnswer => "no_answer",
            Self::TooMany { .. } => "too_many",
            Self::NotCorrectable => "not_correctable",
            Self::Unchanged => "unchanged",
            Self::Stale { .. } => "stale",
            Self::Busy => "busy",
            Self::ShuttingDown => "shutting_down",
            Self::Store(_) => "store_failed",
        }
    }
}
