//! What somebody is saying: how far it is, how long it has been voiced, and what is known of its words.

use std::time::Duration;

use tokio::time::Instant;

use super::TurnHypothesis;
use super::credible::CredibilityEvidence;
use super::pause::AnswerPause;
use crate::interview::NoticedPauses;

/// How far it is.
#[derive(Clone, Debug)]
pub(super) enum AnswerPhase {
    Speaking,
    Paused(AnswerPause),
}

/// Words, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LatestHypothesis {
    /// The words.
    pub(super) text: String,
    /// How sure hearing is of them, from 0 to 1, where it tells.
    pub(super) sure: Option<f32>,
}

impl From<TurnHypothesis<'_>> for LatestHypothesis {
    fn from(heard: TurnHypothesis<'_>) -> Self {
        Self { text: heard.text.trim().to_owned(), sure: heard.sure }
    }
}

/// See the module's description.
#[derive(Clone, Debug)]
pub(super) struct OngoingAnswer {
    pub(super) turn: String,
    pub(super) began: Instant,
    /// It may be nothing but listening, noise or echo: our voice was to be heard when it began.
    pub(super) doubtful: bool,
    pub(super) phase: AnswerPhase,
    /// The newest reading of it: what there is if no better one comes.
    pub(super) newest: LatestHypothesis,
    /// Hearing let go of some of it unread.
    pub(super) missed: bool,
    /// How long it was voiced before the voice that sounds now, and since when that does.
    voiced: Duration,
    voice: Option<Instant>,
    /// Its pauses, after each of which it went on.
    pub(super) pauses: NoticedPauses,
}

impl OngoingAnswer {
    /// One that begins at this moment; nothing is voiced yet.
    pub(super) fn new(turn: String, began: Instant, doubtful: bool) -> Self {
        Self {
            turn,
            began,
            doubtful,
            phase: AnswerPhase::Speaking,
            newest: LatestHypothesis::default(),
            missed: false,
            voiced: Duration::ZERO,
            voice: None,
            pauses: NoticedPauses::default(),
        }
    }

    /// A voice sounds from this moment on.
    pub(super) fn note_voice_start(&mut self, at: Instant) {
        if let AnswerPhase::Paused(pause) = &self.phase {
            self.pauses.add(at.saturating_duration_since(pause.ended));
        }
        self.voice.get_or_insert(at);
    }

    /// No voice sounds from this moment on.
    pub(super) fn note_voice_end(&mut self, at: Instant) {
        self.voiced += self.voice.take().map_or(Duration::ZERO, |since| at.saturating_duration_since(since));
    }

    /// How long it was voiced up to this moment.
    pub(super) fn voiced(&self, now: Instant) -> Duration {
        self.voiced + self.voice.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// How long somebody was certainly heard in it: all of it, or, while it is doubtful, what came after our own voice
    /// had fallen silent (`None`: it has not).
    pub(super) fn certain(&self, now: Instant, silent_since: Option<Instant>) -> Duration {
        let voiced = self.voiced(now);
        match (self.doubtful, silent_since) {
            (false, _) => voiced,
            (true, Some(silent)) => now.saturating_duration_since(silent.max(self.began)).min(voiced),
            (true, None) => Duration::ZERO,
        }
    }

    /// Since when a voice sounds, if one does.
    pub(super) fn sounds_since(&self) -> Option<Instant> {
        self.voice
    }

    /// Whether it has lasted so long, or has more bytes of words.
    pub(super) fn is_as_long_as(&self, (time, words): (Duration, usize), now: Instant) -> bool {
        self.began + time <= now || self.newest.text.len() > words
    }

    /// What its words are judged by, up to this moment.
    pub(super) fn evidence(&self, until: Instant) -> CredibilityEvidence<'_> {
        CredibilityEvidence { text: &self.newest.text, sure: self.newest.sure, voiced: self.voiced(until) }
    }

    /// When it was over, if it is over now.
    pub(super) fn ended(&self, now: Instant) -> Instant {
        match &self.phase {
            AnswerPhase::Speaking => now,
            AnswerPhase::Paused(pause) => pause.ended,
        }
    }
}

/// An answer that is over, whose last words are awaited.
#[derive(Clone, Debug)]
pub(super) struct ClosingAnswer {
    pub(super) answer: OngoingAnswer,
    pub(super) ended: Instant,
    /// Since when they are awaited.
    pub(super) since: Instant,
    /// It was ended while somebody was speaking: they go on.
    pub(super) goes_on: bool,
}
