//! The state of one interview, and what can be asked of it.

use serde::{Deserialize, Serialize};

use crate::heard::{AnswerAnalysis, Element};
use crate::moment::ObservedRun;
use crate::moves::Move;
use crate::reading::{AnswerReading, Part, Probe};
use crate::{
    AskId, EarlierQuestion, FirstTry, LinePurpose, Message, Millis, Modality, Moment, Plan, Profile, Stage,
    Topic, TurnId, UnixMillis,
};

/// Why an interview ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// All stages were gone through.
    Finished,
    /// The candidate, or the caller, ended it.
    Asked,
    /// Nothing happened for so long that it was closed; the transcript is kept.
    Abandoned,
}

/// Where an interview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Created, not yet opened.
    Ready,
    /// Under way.
    Active,
    /// Silent for long; goes on with the next word.
    Paused,
    /// Over, for this reason.
    Completed(EndReason),
}

impl Status {
    /// True once the interview is over.
    pub fn is_completed(self) -> bool {
        matches!(self, Self::Completed(_))
    }
}

/// How long a writer is waited for, by modality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriterTimeouts {
    /// To the first words, typed.
    pub text_first_words: Millis,
    /// To the last word, typed.
    pub text_whole: Millis,
    /// To the first words, spoken.
    pub voice_first_words: Millis,
    /// To the first words, spoken, where a filler was said meanwhile.
    #[serde(default = "patience")]
    pub voice_patience: Millis,
    /// To the last word, spoken.
    pub voice_whole: Millis,
    /// From a word to the next, once a line has begun.
    #[serde(default = "stall")]
    pub stall: Millis,
}

/// How long somebody waits who was told that the other one thinks.
fn patience() -> Millis {
    5_000
}

/// How long a line that has begun may stand still.
fn stall() -> Millis {
    4_000
}

impl Default for WriterTimeouts {
    fn default() -> Self {
        Self {
            text_first_words: 8_000,
            text_whole: 20_000,
            voice_first_words: 2_500,
            voice_patience: patience(),
            voice_whole: 10_000,
            stall: stall(),
        }
    }
}

/// How far an interview has come, for the page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct InterviewProgress {
    /// The current stage, from 0.
    pub stage: usize,
    /// How many stages there are.
    pub stages: usize,
    /// How much is done, 0 to 1; never goes back.
    pub done: f32,
    /// About how much time is left of the plan.
    pub left: Millis,
}

/// One interview: what the rules know of it. Everything but the transcript is written by serde; the transcript
/// is kept message by message and given back with [`Session::with_transcript`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub(crate) plan: Plan,
    pub(crate) profile: Profile,
    pub(crate) settings: WriterTimeouts,
    pub(crate) seed: u64,
    /// Questions of the candidate's earlier interviews, newest first.
    pub(crate) earlier: Vec<EarlierQuestion>,
    pub(crate) status: Status,
    pub(crate) modality: Modality,
    /// What the wall clock showed at the last event.
    pub(crate) now: UnixMillis,
    /// What had been observed by then; `None` in sessions written before this was kept.
    #[serde(default)]
    pub(crate) watched: Option<ObservedRun>,
    /// Since when nothing real was said or done; nudges and offers do not count, nor the time that they take to be
    /// heard.
    pub(crate) quiet_since: UnixMillis,
    pub(crate) hush: SilenceResponse,
    /// The candidate asked for time to think: silence is given longer.
    pub(crate) patient: bool,
    /// The current stage, from 0.
    pub(crate) stage: usize,
    pub(crate) here: StageProgress,
    pub(crate) occasion: Occasion,
    /// Topics asked about so far, in any stage.
    pub(crate) used: Vec<Topic>,
    /// The question that is open now.
    pub(crate) question: Option<String>,
    /// The new questions asked so far, oldest first.
    pub(crate) asked: Vec<EarlierQuestion>,
    /// What the last answer held.
    pub(crate) heard: Option<AnswerAnalysis>,
    /// What was understood of the last answer.
    #[serde(default)]
    pub(crate) reading: Option<Box<AnswerReading>>,
    /// True if that goes by words alone.
    #[serde(default)]
    pub(crate) by_words: bool,
    /// The candidate's words worth coming back to at the end, for writers that are told them.
    pub(crate) keepsake: Option<String>,
    /// How many asks there were.
    pub(crate) asks: u32,
    /// How many fillers were said.
    #[serde(default)]
    pub(crate) fillers: usize,
    pub(crate) pending: Option<AwaitedLine>,
    #[serde(skip)]
    pub(crate) transcript: Vec<Message>,
}

/// How far a silence has been answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SilenceResponse {
    None,
    Nudged,
    Offered,
}

/// What counts in the current stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StageProgress {
    pub(crate) turns: u32,
    pub(crate) covered: u32,
    /// Active time spent: what was observed of it; a silence counts until it is answered.
    pub(crate) active: Millis,
}

/// The topic being told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Occasion {
    pub(crate) topic: Option<Topic>,
    /// What all answers to it were read to hold together.
    #[serde(default)]
    pub(crate) parts: Vec<Part>,
    /// How many sentences of them tell what the candidate did.
    #[serde(default)]
    pub(crate) deeds: u32,
    /// How many words those sentences have.
    #[serde(default)]
    pub(crate) deed_words: u32,
    /// Something of it went wrong.
    #[serde(default)]
    pub(crate) setback: bool,
    /// It is a slip of their own.
    #[serde(default)]
    pub(crate) slip: bool,
    /// The questions that followed it.
    #[serde(default)]
    pub(crate) asked: Vec<Probe>,
    /// A hard event was met with a word of care.
    #[serde(default)]
    pub(crate) cared: bool,
    pub(crate) covered: bool,
    pub(crate) redirected: bool,
    pub(crate) made_smaller: bool,
    pub(crate) made_concrete: bool,
}

/// What the next line will be; takes effect when the line is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) purpose: LinePurpose,
    /// The stage that the line belongs to.
    pub(crate) stage: usize,
    pub(crate) topic: Option<Topic>,
    pub(crate) missing: Option<Element>,
    #[serde(default)]
    pub(crate) probe: Option<Probe>,
    #[serde(default)]
    pub(crate) made: Option<Move>,
    /// The interview ends with the line, for this reason.
    pub(crate) ends: Option<EndReason>,
}

/// A line that is being waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AwaitedLine {
    pub(crate) ask: AskId,
    pub(crate) attempt: u8,
    pub(crate) rejected: Option<String>,
    #[serde(default)]
    pub(crate) first_try: FirstTry,
    pub(crate) decision: Decision,
    pub(crate) turn: TurnId,
    pub(crate) first_words_by: UnixMillis,
    pub(crate) whole_by: UnixMillis,
    /// The turn was counted; what joins it is not counted again.
    pub(crate) counted: bool,
}

impl Session {
    /// A new interview, not yet opened. `earlier` are the questions of the candidate's last interviews, newest
    /// first; `seed` decides every choice of the built-in interviewer.
    pub fn new(
        plan: Plan,
        profile: Profile,
        settings: WriterTimeouts,
        seed: u64,
        earlier: Vec<String>,
        now: impl Into<Moment>,
    ) -> Self {
        let now = now.into();
        Self {
            plan,
            profile,
            settings,
            seed,
            earlier: earlier.into_iter().map(EarlierQuestion::from).collect(),
            status: Status::Ready,
            modality: Modality::Text,
            now: now.wall,
            watched: Some(now.into()),
            quiet_since: now.wall,
            hush: SilenceResponse::None,
            patient: false,
            stage: 0,
            here: StageProgress::default(),
            occasion: Occasion::default(),
            used: Vec::new(),
            question: None,
            asked: Vec::new(),
            heard: None,
            reading: None,
            by_words: false,
            keepsake: None,
            asks: 0,
            fillers: 0,
            pending: None,
            transcript: Vec::new(),
        }
    }

    /// Gives the transcript back to a session that was read.
    #[must_use]
    pub fn with_transcript(mut self, transcript: Vec<Message>) -> Self {
        self.transcript = transcript;
        self
    }

    /// What the wall clock showed at the last event.
    pub fn seen_at(&self) -> UnixMillis {
        self.now
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The current stage.
    pub fn stage(&self) -> &Stage {
        &self.plan.stages[self.stage]
    }

    /// The plan it follows.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Who is interviewed.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Everything said.
    pub fn transcript(&self) -> &[Message] {
        &self.transcript
    }

    /// What is to be read when these words are said now: the open question, all that will have been said since the last
    /// line, and whether it belongs to an introduction.
    pub fn to_read(&self, text: &str) -> (String, String, bool) {
        let before = self.open_answer();
        let all = if before.is_empty() { text.to_owned() } else { format!("{before}\n{text}") };
        let introduction = self.stage().kind.introduces();
        (self.question.clone().unwrap_or_default(), all, introduction)
    }

    /// The ask that is under way, if a writer is waited for.
    pub fn pending(&self) -> Option<AskId> {
        self.pending.as_ref().map(|pending| pending.ask)
    }

    /// The turn that waits for a line, if one does.
    pub fn replying_to(&self) -> Option<&TurnId> {
        self.pending.as_ref().map(|pending| &pending.turn)
    }

    /// How the candidate last spoke.
    pub fn modality(&self) -> Modality {
        self.modality
    }

    /// The new questions asked so far, newest first (for the repeat guard of later interviews).
    pub fn questions(&self) -> Vec<String> {
        self.asked.iter().rev().map(|asked| asked.text().to_owned()).collect()
    }

    /// True if a new question was put after the message of this number: whoever had read only so far answers
    /// another one.
    pub fn asked_after(&self, seq: u32) -> bool {
        self.transcript.iter().rev().take_while(|m| m.seq > seq).any(Message::asks_anew)
    }

    /// How far it has come.
    pub fn progress(&self) -> InterviewProgress {
        let total: Millis = self.plan.stages.iter().map(|stage| stage.budget).sum();
        let before: Millis = self.plan.stages[..self.stage].iter().map(|stage| stage.budget).sum();
        let stage = self.stage();
        let share = |part: f32, whole: f32| (part / whole.max(1.0)).clamp(0.0, 1.0);
        let here = match self.status {
            Status::Completed(EndReason::Finished) => 1.0,
            Status::Ready | Status::Active | Status::Paused | Status::Completed(_) => {
                let turns = share(self.here.turns as f32, stage.max_turns as f32);
                let covered = share(self.here.covered as f32, (stage.cover + 1) as f32);
                turns.max(covered).max(share(self.here.active as f32, stage.budget as f32))
            }
        };
        let done = share(before as f32 + here * stage.budget as f32, total as f32);
        let left = (total as f32 * (1.0 - done)) as Millis;
        InterviewProgress { stage: self.stage, stages: self.plan.stages.len(), done, left }
    }
}
