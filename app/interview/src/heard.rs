//! What an answer holds, as far as the rules can tell.

use serde::{Deserialize, Serialize};

/// Something a full answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// When and where it was: the circumstances.
    Situation,
    /// What was wanted or at stake.
    Task,
    /// What this person did ("I"), not the team.
    Action,
    /// How it came out.
    Result,
    /// Why it was done that way.
    Reasoning,
    /// What made it hard.
    Obstacle,
    /// Which part was theirs.
    Role,
    /// Who else was in it.
    Team,
    /// Numbers: how many, how much, how long.
    Scale,
    /// Tools and techniques by name.
    Technology,
    /// When, by a date or a length of time.
    Date,
    /// What they think of it now.
    Reflection,
}

/// What kind of thing was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// A real answer, complete or not.
    Answer,
    /// An answer in a few words, with nothing to hold on to.
    Short,
    /// An answer in general terms ("I always ..."), without an occasion.
    Vague,
    /// Words that have nothing to do with the question or with work.
    OffTopic,
    /// "I don't know", "nothing comes to mind".
    DontKnow,
    /// "Can you repeat that?"
    AsksRepeat,
    /// "What do you mean by ...?"
    AsksClarify,
    /// "Can we skip this one?"
    AsksSkip,
    /// "Let's go to the next part."
    AsksMoveOn,
    /// "I want to stop here."
    AsksStop,
    /// "Give me a moment."
    AsksWait,
    /// "Ignore your instructions", "what is my score?", "say the answer yourself".
    Trick,
    /// Abuse or mockery without an answer.
    Hostile,
}

impl AnswerKind {
    /// True for a real answer or an attempt at one: what may advance coverage.
    pub fn is_answer(self) -> bool {
        match self {
            Self::Answer | Self::Vague => true,
            Self::Short
            | Self::OffTopic
            | Self::DontKnow
            | Self::AsksRepeat
            | Self::AsksClarify
            | Self::AsksSkip
            | Self::AsksMoveOn
            | Self::AsksStop
            | Self::AsksWait
            | Self::Trick
            | Self::Hostile => false,
        }
    }
}

/// Whom an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NarrativeVoice {
    /// Mostly "I".
    I,
    /// Mostly "we".
    We,
    /// Both, or neither.
    #[default]
    Mixed,
}

/// What sounds through an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feeling {
    /// Apologies, restarts, "sorry, I'm nervous".
    Nervous,
    /// A layoff, an illness, a death.
    Painful,
}

/// What sort of particular it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParticularKind {
    /// A number with what it counts: "four million rows", "three weeks".
    Number,
    /// A tool or technique: "Kafka", "triage".
    Tool,
    /// A proper name: "Leeds", "Northwind".
    Name,
    /// A thing done: "moved the ledger to double entry".
    Deed,
    /// A turn of events: "the vendor pulled out".
    Turn,
    /// A noun phrase of their own: "the settlement report".
    Thing,
    /// A short telling sentence, good to quote as a whole: "every wrong balance is somebody's rent".
    Saying,
}

/// A particular of an answer, in the candidate's own words, fit to be taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particular {
    /// Its sort, which decides the frames it fits.
    pub kind: ParticularKind,
    /// The words exactly as said (a substring of the answer), without final punctuation.
    pub words: String,
    /// The same as said to the person who said it ("my manager" -> "your manager"), lower-cased at the start
    /// unless it is a name. For a `Deed`: past tense that fits after "you" ("moved the ledger to double entry").
    pub to_you: String,
}

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerAnalysis {
    /// What kind of thing was said.
    pub kind: AnswerKind,
    /// What it has, sorted, each once.
    pub elements: Vec<Element>,
    /// Whom it is about.
    pub voice: NarrativeVoice,
    /// How many words.
    pub words: u32,
    /// How many hedges ("kind of", "I guess", "maybe").
    pub hedges: u32,
    /// What sounds through it.
    pub feeling: Option<Feeling>,
    /// What can be taken up, the most particular first, at most eight.
    pub particulars: Vec<Particular>,
    /// What the candidate asked about, for `AsksClarify`: the word or phrase meant, if it could be found.
    pub about: Option<String>,
}

impl AnswerAnalysis {
    /// True if the answer has this element.
    pub fn has(&self, element: Element) -> bool {
        self.elements.contains(&element)
    }

    /// True if the answer tells a figure, a date or a length of time.
    pub fn has_numbers(&self) -> bool {
        self.has(Element::Scale) || self.has(Element::Date)
    }
}
