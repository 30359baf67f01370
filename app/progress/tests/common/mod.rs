//! Messages by hand.

use interview::{LinePurpose, LineRationale, LineSource, Message, Modality, Speaker, TurnId};

/// A question of this stage and topic, or, with `asks` false, an answer to one.
pub fn message(seq: u32, stage: &str, topic: Option<&str>, text: &str, asks: bool) -> Message {
    let why = LineRationale::new(LinePurpose::Question, topic.map(str::to_owned));
    Message {
        seq,
        speaker: if asks { Speaker::Interviewer } else { Speaker::Candidate },
        stage: stage.to_owned(),
        modality: Modality::Text,
        at: i64::from(seq) * 60_000,
        text: text.to_owned(),
        turn: TurnId(format!("turn-{seq}")),
        source: asks.then_some(LineSource::Bank),
        why: asks.then_some(why),
        cut: false,
        reading: None,
        original: None,
    }
}
