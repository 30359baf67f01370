//! What a writer is asked for, and what it gives back.

use serde::{Deserialize, Serialize};

use crate::{
    EarlierQuestion, LinePurpose, Millis, Modality, Profile, StageKind, TurnId, UnixMillis,
    heard::{AnswerAnalysis, Element},
    moves::Move,
    reading::{AnswerReading, Probe},
};

/// Numbers the asks of one session, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskId(pub u32);

/// The stage that the line will belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageBrief {
    /// The stage's id in the plan.
    pub id: String,
    /// Its title, as the page shows it.
    pub title: String,
    /// What it wants to find out, in a sentence.
    pub goal: String,
    /// Its kind, which decides the part of the bank that fits.
    pub kind: StageKind,
    /// True if its main questions are on the posting, line by line.
    #[serde(default)]
    pub posting: bool,
}

/// What a main question is about: a key such as `ownership` or `conflict`, known to plan and bank.
pub type Topic = String;

/// A question and what was answered to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The interviewer's line.
    pub question: String,
    /// What the candidate said to it.
    pub answer: String,
}

/// What an interview has had so far, beyond its last exchanges.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InterviewHistory {
    /// All that the candidate said, oldest first.
    pub answers: Vec<String>,
    /// How the answers before the last exchanges begin, newest first.
    pub earlier_answers: Vec<String>,
    /// Topics that were asked about.
    pub covered: Vec<Topic>,
    /// How many answers this stage still has room for.
    pub turns_left: u32,
    /// Questions that brought no answer: skipped, or too hard.
    pub declined: Vec<String>,
    /// Answers that told of something painful: they are not asked about again.
    pub painful: Vec<String>,
}

/// What a second try has to know of the first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FirstTry {
    /// What it said.
    pub text: String,
    /// What of it the candidate has seen or heard: the line goes on after it.
    pub shown: String,
}

/// Everything that a writer needs to word the interviewer's next line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// Which ask this is.
    pub ask: AskId,
    /// 1 for the first try, 2 for the retry after an unfit line.
    pub attempt: u8,
    /// Why the first try was not used, in words for a model; `None` on the first.
    pub rejected: Option<String>,
    /// The words of the first try, and of it what was let out already and stays; empty on the first.
    pub first_try: FirstTry,
    /// The turn that the line answers.
    pub turn: TurnId,
    /// What the line is for.
    pub purpose: LinePurpose,
    /// The stage the line belongs to (after a transition: the new one).
    pub stage: StageBrief,
    /// Title of the stage that ends with this line, on a transition or where the next one stays with what was told.
    pub leaving: Option<String>,
    /// Who is interviewed, for what.
    pub profile: Profile,
    /// The topic to ask about: the new one of a `Question` or `Transition`, else the one being told.
    pub topic: Option<Topic>,
    /// What to probe for.
    pub missing: Option<Element>,
    /// For a probe: what kind of question it is to be.
    pub probe: Option<Probe>,
    /// For a probe in an introduction: which move it makes.
    #[serde(default)]
    pub made: Option<Move>,
    /// What was understood of the last answer.
    pub reading: Option<Box<AnswerReading>>,
    /// What the last answer holds; `None` before the first.
    pub heard: Option<AnswerAnalysis>,
    /// The question that is open now, as it was asked (without acknowledgement).
    pub question: Option<String>,
    /// The last exchanges, oldest first, at most four, the answer being replied to included.
    pub recent: Vec<Exchange>,
    /// Questions of this session and of the candidate's last ones, newest first: ask none of them again, nor nearly.
    pub avoid: Vec<EarlierQuestion>,
    /// The last few lines of the interviewer, newest first, so that openings and frames vary.
    pub said: Vec<String>,
    /// One particular thing from anywhere in the interview worth coming back to at the end, in the candidate's words.
    pub keepsake: Option<String>,
    /// How the line will be given.
    pub modality: Modality,
    /// The session's seed: the built-in writer chooses by it and by `ask`, never by chance.
    pub seed: u64,
    /// The writer's first words are wanted before this moment.
    pub first_words_by: UnixMillis,
    /// What may be said meanwhile, once, if they are late; no part of the line, and never kept. `None`: nothing.
    pub filler: Option<String>,
    /// They are waited for until this moment where that is said.
    pub patient_by: UnixMillis,
    /// The whole line is wanted before this moment.
    pub whole_by: UnixMillis,
    /// Once words have begun, so long a silence ends the line.
    pub stall: Millis,
    /// What the interview has had so far.
    pub so_far: InterviewHistory,
}

/// What a writer gives: the words of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriterLine {
    /// The whole line: acknowledgement, bridge, question.
    pub text: String,
    /// The candidate's own words that it takes up, if it does.
    pub took_up: Option<String>,
}

impl WriterLine {
    /// The part of the line that asks: the sentence that ends in a question mark, or the last sentence
    /// when the request is an imperative ("Tell me about ..."). Empty for an empty line.
    pub fn question(&self) -> &str {
        crate::check::question_of(&self.text)
    }
}
