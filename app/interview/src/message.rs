//! What was said, by whom, when and why.

use serde::{Deserialize, Serialize};

use crate::moves::Move;
use crate::reading::{AnswerReading, Probe};
use crate::{LinePurpose, UnixMillis, heard::Element};

/// Names one turn, made by the caller so that a turn can be sent twice safely. 1 to 64 visible characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnId(pub String);

impl TurnId {
    /// Reads a caller's turn id. `None` unless it is 1 to 64 ASCII characters without space or control.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The interviewer.
    Interviewer,
    /// The person who practises.
    Candidate,
}

/// How something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Typed and read.
    #[default]
    Text,
    /// Spoken and heard.
    Voice,
}

/// Where an interviewer's line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSource {
    /// The built-in interviewer, because it is the one configured.
    Bank,
    /// A language model.
    Model,
    /// The built-in interviewer, because the model failed, was late or gave something unfit.
    Fallback,
}

/// Why a writer gave no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriterFailure {
    /// It did not answer before its deadline.
    Late,
    /// It answered with an error.
    Failed,
    /// What it wrote was unfit, twice.
    Unfit,
}

/// Why a line was said: what the page shows to a candidate who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRationale {
    /// What the line is for.
    pub purpose: LinePurpose,
    /// The topic (a key of the plan's `topics`) it belongs to, if any.
    pub topic: Option<String>,
    /// What the answer before it lacked, if that is why.
    pub missing: Option<Element>,
    /// The candidate's own words that it takes up, if any.
    pub took_up: Option<String>,
    /// What kind of question it is, if it follows what was told.
    #[serde(default)]
    pub probe: Option<Probe>,
    /// The move that it makes in an introduction, if that is what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Move>,
    /// True if it goes by words alone: no model had read the answer.
    #[serde(default)]
    pub by_words: bool,
    /// Why a writer gave no line, if the built-in interviewer's stands in for one.
    #[serde(default)]
    pub instead: Option<WriterFailure>,
}

impl LineRationale {
    /// For a purpose and, where there is one, a topic alone.
    pub fn new(purpose: LinePurpose, topic: Option<String>) -> Self {
        Self {
            purpose,
            topic,
            missing: None,
            took_up: None,
            probe: None,
            made: None,
            by_words: false,
            instead: None,
        }
    }
}

/// Longest answer, in characters.
pub const MAX_ANSWER: usize = 8_000;

/// Most characters of what a reader writes in the margin of an interview.
pub const MAX_COMMENT: usize = 2_000;

/// Most characters of the name under it.
pub const MAX_AUTHOR: usize = 80;

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number in the session: 1, 2, 3, ... without gaps.
    pub seq: u32,
    /// Who said it.
    pub speaker: Speaker,
    /// The id of the stage it was said in.
    pub stage: String,
    /// How it was said.
    pub modality: Modality,
    /// The words. After an interruption, those that were heard.
    pub text: String,
    /// When it was said.
    pub at: UnixMillis,
    /// The turn it belongs to; both messages of a turn carry the same.
    pub turn: TurnId,
    /// Where the words come from; only the interviewer's lines have it.
    pub source: Option<LineSource>,
    /// Why it was said; only the interviewer's lines have it.
    pub why: Option<LineRationale>,
    /// True once the words were cut to what was heard of them.
    #[serde(default)]
    pub cut: bool,
    /// What was understood of it and of what joined it; only answers that a model read have it.
    #[serde(default)]
    pub reading: Option<Box<AnswerReading>>,
    /// The words at first, where the candidate has corrected them; `text` is what they were corrected to.
    #[serde(default)]
    pub original: Option<String>,
}

impl Message {
    /// True if it goes on from what was answered: a question on it, or another one. What only asks the same again, waits, or
    /// says goodbye does not.
    pub fn asks_on(&self) -> bool {
        let purpose = self.why.as_ref().map(|why| why.purpose);
        purpose.is_some_and(|purpose| match purpose {
            LinePurpose::Repeat
            | LinePurpose::Wait
            | LinePurpose::Nudge
            | LinePurpose::Offer
            | LinePurpose::Closing => false,
            LinePurpose::Opening
            | LinePurpose::Question
            | LinePurpose::Probe
            | LinePurpose::Transition
            | LinePurpose::Clarify
            | LinePurpose::Redirect
            | LinePurpose::Smaller
            | LinePurpose::Concrete
            | LinePurpose::Care
            | LinePurpose::Boundary => true,
        })
    }

    /// True if it puts a question that was not put before.
    pub fn asks_anew(&self) -> bool {
        self.why.as_ref().is_some_and(|why| why.purpose.asks_anew())
    }
}

/// True if the candidate may correct the message of this number: a spoken answer at any time, a typed one while nothing has
/// been asked on it.
pub fn may_correct(messages: &[Message], seq: u32) -> bool {
    let Some(at) = messages.iter().position(|m| m.seq == seq) else { return false };
    let (answer, after) = (&messages[at], &messages[at + 1..]);
    let open = match answer.modality {
        Modality::Voice => true,
        Modality::Text => !after.iter().any(Message::asks_on),
    };
    answer.speaker == Speaker::Candidate && open
}

/// True if the message at this place puts a new question while the one before was left without an answer: it was
/// skipped.
pub fn skips_previous_question(messages: &[&Message], at: usize) -> bool {
    let (before, rest) = messages.split_at(at.min(messages.len()));
    let open = before.iter().rfind(|m| m.speaker == Speaker::Candidate || m.asks_anew());
    rest.first().is_some_and(|m| m.asks_anew()) && open.is_some_and(|m| m.speaker == Speaker::Interviewer)
}
