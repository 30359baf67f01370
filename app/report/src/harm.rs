//! What the system did wrong, and to which answers.

use std::collections::BTreeMap;

use interview::{Message, Millis, Modality, Speaker, UnixMillis};
use serde::Serialize;

/// When something went wrong in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// When.
    pub at: UnixMillis,
    /// What.
    pub what: VoiceRoomFault,
}

/// What can go wrong in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceRoomFault {
    /// Hearing failed: words may be lost.
    Hearing,
    /// Speaking failed: a line was shown and not said.
    Speaking,
    /// The interviewer was lost for a while.
    Lost,
    /// The interviewer stopped for what was no interruption.
    FalseStop,
}

/// How a spoken answer was spoken and heard, and how long its reply took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpokenTurnMetrics {
    /// The turn.
    pub turn: String,
    /// How long the candidate spoke.
    pub spoke: Millis,
    /// From the end of the answer to the first sound of the reply.
    pub replied: Millis,
    /// The pauses in it, where they were measured.
    pub pauses: Option<PauseSummary>,
    /// How sure hearing was of the words, in percent, where it told.
    pub sure: Option<u8>,
}

/// Pauses of a second or more within an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PauseSummary {
    /// How many.
    pub count: usize,
    /// The longest, in milliseconds; 0 if there was none.
    #[serde(rename = "longest_ms")]
    pub longest: Millis,
}

/// What the system did to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// Words of it may be missing.
    HeardBadly,
    /// The connection was lost around it.
    Dropout,
    /// The interviewer began to speak before it was over.
    CutInOn,
    /// The question was not said to its end, or not aloud.
    QuestionBroken,
    /// The interviewer's reply came late.
    LateLine,
}

impl Harm {
    /// What happened, for the candidate.
    pub fn words(self) -> &'static str {
        match self {
            Self::HeardBadly => "heard badly",
            Self::Dropout => "the connection was lost",
            Self::CutInOn => "the interviewer cut in",
            Self::QuestionBroken => "the question was not heard to its end",
            Self::LateLine => "the reply came late",
        }
    }

    /// True if what was not found in the answer may have been said all the same.
    pub fn hides_words(self) -> bool {
        match self {
            Self::HeardBadly | Self::Dropout | Self::CutInOn => true,
            Self::QuestionBroken | Self::LateLine => false,
        }
    }
}

/// A reply that takes longer than this is late, in milliseconds.
const LATE: Millis = 5_000;
/// Words of which hearing is less sure than this, in percent, are wrong as often as not.
const SURE: u8 = 55;
/// A line cut to fewer words than this was stopped because the candidate was still talking.
const BARELY_BEGUN: usize = 3;

/// The harm done to each answer, by the number of its message.
pub(crate) fn harms(
    messages: &[Message],
    spoken: &[SpokenTurnMetrics],
    troubles: &[Trouble],
) -> BTreeMap<u32, Vec<Harm>> {
    let mut harms: BTreeMap<u32, Vec<Harm>> = BTreeMap::new();
    let mut add = |message: &Message, harm| {
        let known = harms.entry(message.seq).or_default();
        if !known.contains(&harm) {
            known.push(harm);
        }
    };
    let answered = |after: UnixMillis| {
        let is =
            |m: &&Message| m.speaker == Speaker::Candidate && m.modality == Modality::Voice && m.at >= after;
        messages.iter().find(is)
    };
    for trouble in troubles {
        // A message is kept when it was said: what goes wrong before that concerns it, or the question to it.
        let Some(answer) = answered(trouble.at) else { continue };
        add(
            answer,
            match trouble.what {
                VoiceRoomFault::Hearing => Harm::HeardBadly,
                VoiceRoomFault::Lost => Harm::Dropout,
                VoiceRoomFault::Speaking | VoiceRoomFault::FalseStop => Harm::QuestionBroken,
            },
        );
    }
    for pair in messages.windows(2) {
        let (answer, line) = (&pair[0], &pair[1]);
        let spoke = answer.speaker == Speaker::Candidate && answer.modality == Modality::Voice;
        let few = line.text.split_whitespace().count() < BARELY_BEGUN;
        if spoke && line.speaker == Speaker::Interviewer && line.cut && few {
            add(answer, Harm::CutInOn);
        }
    }
    for turn in spoken {
        let of = |m: &&Message| m.speaker == Speaker::Candidate && m.turn.0 == turn.turn;
        let Some(answer) = messages.iter().rfind(of) else { continue };
        if turn.replied > LATE {
            add(answer, Harm::LateLine);
        }
        // What was corrected is sure.
        if turn.sure.is_some_and(|sure| sure < SURE) && answer.original.is_none() {
            add(answer, Harm::HeardBadly);
        }
    }
    // In whatever order it was noted.
    harms.values_mut().for_each(|harms| harms.sort_unstable());
    harms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{asked, said};

    fn spoken(seq: u32, text: &str) -> Message {
        Message { modality: Modality::Voice, ..said(seq, text) }
    }

    #[test]
    fn what_fails_before_an_answer_is_kept_harms_that_answer() {
        let messages = [asked(1, "How?"), spoken(2, "Well"), asked(3, "And?"), spoken(4, "Then")];
        let trouble = |at, what| Trouble { at, what };
        let troubles = [
            trouble(messages[1].at, VoiceRoomFault::Hearing),
            trouble(messages[1].at + 1, VoiceRoomFault::Lost),
            trouble(messages[3].at + 1, VoiceRoomFault::Hearing),
        ];
        let harms = harms(&messages, &[], &troubles);
        assert_eq!(harms, BTreeMap::from([(2, vec![Harm::HeardBadly]), (4, vec![Harm::Dropout])]));
    }

    #[test]
    fn a_line_that_had_barely_begun_cut_in() {
        let cut = |text: &str| Message { cut: true, ..asked(3, text) };
        let with = |line| harms(&[asked(1, "How?"), spoken(2, "Well"), line], &[], &[]);
        assert_eq!(with(cut("And")), BTreeMap::from([(2, vec![Harm::CutInOn])]));
        assert!(with(cut("And what did you do then?")).is_empty(), "that one was interrupted");
        assert!(with(asked(3, "And?")).is_empty());
    }

    #[test]
    fn a_reply_after_seconds_is_late() {
        let turn = |replied| SpokenTurnMetrics {
            turn: said(2, "").turn.0,
            spoke: 9_000,
            replied,
            ..SpokenTurnMetrics::default()
        };
        let with = |replied| harms(&[spoken(2, "Well")], &[turn(replied)], &[]);
        assert_eq!(with(LATE + 1), BTreeMap::from([(2, vec![Harm::LateLine])]));
        assert!(with(LATE).is_empty());
    }

    #[test]
    fn words_that_hearing_was_not_sure_of_were_heard_badly_until_they_are_corrected() {
        let heard =
            |sure| SpokenTurnMetrics { turn: said(2, "").turn.0, sure, ..SpokenTurnMetrics::default() };
        let with = |sure, answer| harms(&[answer], &[heard(sure)], &[]);
        assert_eq!(with(Some(SURE - 1), spoken(2, "Well")), BTreeMap::from([(2, vec![Harm::HeardBadly])]));
        assert!(with(Some(SURE), spoken(2, "Well")).is_empty());
        assert!(with(None, spoken(2, "Well")).is_empty(), "not every way of hearing tells");
        let corrected = Message { original: Some("Wall".to_owned()), ..spoken(2, "Well") };
        assert!(with(Some(SURE - 1), corrected).is_empty());
    }
}
