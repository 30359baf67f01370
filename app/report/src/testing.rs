//! Messages by hand.

use interview::{Message, Modality, Purpose, Source, Speaker, TurnId, Why};

/// An answer.
pub(crate) fn said(seq: u32, text: &str) -> Message {
    Message {
        seq,
        speaker: Speaker::Candidate,
        stage: "past_experience".to_owned(),
        modality: Modality::Text,
        text: text.to_owned(),
        at: i64::from(seq) * 60_000,
        turn: TurnId(format!("turn-{seq}")),
        source: None,
        why: None,
        cut: false,
        reading: None,
        original: None,
    }
}

/// A new question.
pub(crate) fn asked(seq: u32, text: &str) -> Message {
    let why = Why::new(Purpose::Question, Some("ownership".to_owned()));
    Message { speaker: Speaker::Interviewer, source: Some(Source::Bank), why: Some(why), ..said(seq, text) }
}
