//! What callers of the engine say and get.

use std::fmt;
use std::sync::Arc;

use interview::{
    InterviewProgress, LineSource, Message, Modality, Plan, Profile, Request, Status, TurnId, UnixMillis,
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use uuid::Uuid;

use crate::Origin;

/// Names a session; unguessable (122 random bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

impl SessionId {
    /// Reads an id. `None` if it is not one (which callers should treat as "not found").
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Whose interviews: a browser's identity, never shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Owner(pub String);

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Owner(..)")
    }
}

/// An interview to be created.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The browser it belongs to; `None` for one made through the engine API.
    pub owner: Option<Owner>,
    /// Who the person is, for the repeat guard across sessions; `None`: the owner, else the name.
    pub candidate_id: Option<String>,
    /// Who is interviewed, for what.
    pub profile: Profile,
    /// The id of the plan.
    pub plan: String,
}

/// One thing that a caller tells the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Made by the caller; the same id with the same content gets the same answer.
    pub id: TurnId,
    /// How it was said.
    pub modality: Modality,
    /// What it is.
    pub kind: TurnKind,
}

/// What a turn is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TurnKind {
    /// Opens the interview.
    Start,
    /// The candidate said this.
    Said(String),
    /// A button was pressed.
    Asked(Request),
    /// The candidate has been silent for long.
    Silence,
    /// The reply of the turn with this id was heard only so far.
    Heard(String),
    /// The interview is to end.
    End,
}

/// What a turn brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnReply {
    /// The interviewer's words; empty where nothing is said (a pause, an end before the start).
    pub text: String,
    /// The id of the stage after the turn.
    pub stage: String,
    /// The status after the turn.
    pub status: Status,
    /// The number of the reply's message (of the last message, where nothing is said; 0 if there is none).
    pub seq: u32,
    /// The turn.
    pub turn: TurnId,
    /// Whose words they are (`Bank` where nothing is said).
    pub source: LineSource,
}

/// A reply for words that are not certain yet. Drop it and nothing has happened; give it to
/// [`crate::Engine::commit`] and the turn is taken as if it had been sent then.
#[derive(Debug)]
pub struct Proposal {
    pub(crate) session: SessionId,
    pub(crate) settled: u64,
    pub(crate) turn: Turn,
    /// What was understood of it.
    pub(crate) reading: Option<Box<interview::reading::AnswerReading>>,
    pub(crate) text: String,
    pub(crate) script: crate::script::Script,
}

impl Proposal {
    /// The words that would be said; empty where nothing would be.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A session as it is stored now.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Which session.
    pub id: SessionId,
    /// Counts the commits of the session, from 1; any change makes it larger.
    pub version: u64,
    /// Where it stands.
    pub status: Status,
    /// Who is interviewed.
    pub profile: Profile,
    /// The plan it follows.
    pub plan: Plan,
    /// How far it has come.
    pub progress: InterviewProgress,
    /// Everything said, in order, each with the version that last changed it.
    pub messages: Vec<(Message, u64)>,
    /// The turn whose reply is being written, if one is.
    pub replying_to: Option<TurnId>,
    /// When it was created.
    pub created_at: UnixMillis,
    /// When it ended, if it has.
    pub ended_at: Option<UnixMillis>,
    /// What it came from, if it is a take or a fork.
    pub origin: Option<Origin>,
}

/// A line in a list of interviews.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Which session.
    pub id: SessionId,
    /// The role applied for.
    pub role: String,
    /// How far along the candidate is.
    pub seniority: interview::Seniority,
    /// The candidate's name.
    pub name: String,
    /// The title of its plan.
    pub plan: String,
    /// Where it stands.
    pub status: Status,
    /// The current stage, from 1.
    pub stage: u32,
    /// How many stages there are.
    pub stages: u32,
    /// True if anything of it was spoken.
    pub spoken: bool,
    /// When it was created.
    pub created_at: UnixMillis,
    /// When something last happened.
    pub updated_at: UnixMillis,
    /// When it ended, if it has.
    pub ended_at: Option<UnixMillis>,
    /// What it came from, if it is a take or a fork.
    pub origin: Option<Origin>,
}

/// Everything of a session, for a file that a person keeps.
#[derive(Debug, Clone)]
pub struct Export {
    /// The session with all messages.
    pub snapshot: Arc<Snapshot>,
    /// What happened beside the messages.
    pub events: Vec<crate::SessionEvent>,
    /// What can be learnt from it.
    pub report: report::Report,
    /// What readers wrote in its margin, in the order in which they did.
    pub comments: Vec<crate::Comment>,
    /// The answers whose sound was kept, in order.
    pub sounds: Vec<crate::AnswerSoundInfo>,
}

/// Follows a session while it changes.
#[derive(Debug, Clone)]
pub struct Live {
    /// The version last committed (0: deleted). Wakes at every change.
    pub version: watch::Receiver<u64>,
    /// The words of a reply that is being written, so far: turn id and text; `None` between replies.
    pub partial: watch::Receiver<Option<(TurnId, String)>>,
}
