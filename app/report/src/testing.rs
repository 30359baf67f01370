//! Messages by hand, and the interview they make.

use std::collections::BTreeSet;

use interview::{
    LinePurpose, LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId,
};

use crate::{Performance, SpokenTurnMetrics};

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
    let why = LineRationale::new(LinePurpose::Question, Some("ownership".to_owned()));
    Message {
        speaker: Speaker::Interviewer,
        source: Some(LineSource::Bank),
        why: Some(why),
        ..said(seq, text)
    }
}

/// A line for a purpose.
pub(crate) fn line(seq: u32, purpose: LinePurpose, text: &str) -> Message {
    Message { why: Some(LineRationale::new(purpose, Some("ownership".to_owned()))), ..asked(seq, text) }
}

/// What comes of an interview of these messages, with these papers.
pub(crate) fn with<T>(
    (cv, posting): (&str, &str),
    messages: &[Message],
    spoken: &[SpokenTurnMetrics],
    look: impl FnOnce(&Performance<'_>) -> T,
) -> T {
    let profile = Profile::new("Ada", "Engineer", Seniority::Mid, cv, posting).unwrap();
    let (plan, struck) = (Plan::named("standard").unwrap(), BTreeSet::new());
    let (profile, plan, struck) = (&profile, &plan, &struck);
    look(&Performance { profile, plan, messages, spoken, troubles: &[], struck, judged: None })
}
