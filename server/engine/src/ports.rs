//! The ports: what keeps interviews, what words them, what reads answers and what judges stories.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use interview::reading::AnswerReading;
use interview::{Brief, LineSource, Message, Status, TurnId, UnixMillis, WriterLine};
use report::{Judgeable, TokenUsage};
use serde::{Deserialize, Serialize};

use crate::{Comment, Observer, Owner, ReadingLink, SessionId, SoundStore, Summary};

/// The main row of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct InterviewSession {
    /// Its id.
    pub id: SessionId,
    /// The browser it belongs to, if any.
    pub owner: Option<Owner>,
    /// Who the person is, for the repeat guard across sessions.
    pub candidate: String,
    /// Counts its commits, from 1.
    pub version: u64,
    /// Where it stands.
    pub status: Status,
    /// What lists show; kept beside the state so that a list needs no state.
    pub summary: Summary,
    /// When to wake it, if nothing happens before.
    pub deadline: Option<UnixMillis>,
    /// The rules' state (JSON of `interview::Session`).
    pub state: String,
}

/// A turn that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnRecord {
    /// Its id.
    pub turn: TurnId,
    /// A digest of its content, so that the same id with other content is noticed.
    pub digest: String,
    /// The number of the reply's message; `None` while the reply is being written.
    pub reply: Option<u32>,
    /// The answer given, to give it again; `None` while the reply is being written.
    pub answer: Option<String>,
}

/// Something that happened in a session beside its messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionEvent {
    /// When.
    pub at: UnixMillis,
    /// What: `entered`, `became`, `writer_failed`, `fell_back`, ...
    pub kind: String,
    /// The particulars; never words of the transcript.
    pub data: serde_json::Value,
}

/// A session read back.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSession {
    /// Its main row.
    pub session: InterviewSession,
    /// Its messages in order, each with the version that last changed it.
    pub messages: Vec<(Message, u64)>,
    /// Its turns.
    pub turns: Vec<TurnRecord>,
}

/// What one commit changes. All of it becomes durable, or nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionCommit {
    /// The main row as it is after the commit; its `version` is one more than the stored one must be.
    pub session: InterviewSession,
    /// Messages added or, with a `seq` that exists, replaced.
    pub messages: Vec<Message>,
    /// Turns added or replaced.
    pub turns: Vec<TurnRecord>,
    /// Events added.
    pub events: Vec<SessionEvent>,
}

/// What is wrong with the place where interviews are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageFault {
    /// There is no room left.
    Full,
    /// There is less room than is to be left: nothing new is begun.
    Low,
    /// It may be read and not written.
    ReadOnly,
    /// What is there is not what was written.
    Damaged,
}

/// Why a store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The stored version is not the one the change was made from.
    #[error("the session was changed by someone else")]
    Conflict,
    /// No such session.
    #[error("no such session")]
    NotFound,
    /// What is stored cannot be read, or nothing can be written: says why and the remedy, for whoever runs the server.
    #[error("{1}")]
    Storage(StorageFault, String),
    /// A newer version of the program wrote what is stored, in a way that this one does not know: says the remedy.
    #[error("{0}")]
    Newer(String),
    /// Another program holds the store: try again in a moment. Says which and the remedy.
    #[error("{0}")]
    Busy(String),
    /// The store cannot work now for another reason (closed, overloaded): says what and the remedy.
    #[error("{0}")]
    Unavailable(String),
}

/// Keeps interviews. Every implementation passes `engine::testing::conformance`.
#[async_trait]
pub trait Store: Send + Sync {
    /// Adds a session (version 1) with what there is of it from the beginning: all of it, or nothing. Durable when it
    /// returns.
    async fn begin(&self, whole: SessionCommit) -> Result<(), StoreError>;
    /// Adds a session (version 1) of which nothing was said, with its first events.
    async fn create(&self, session: InterviewSession, events: Vec<SessionEvent>) -> Result<(), StoreError> {
        self.begin(SessionCommit { session, messages: Vec::new(), turns: Vec::new(), events }).await
    }
    /// Reads a session.
    async fn load(&self, id: SessionId) -> Result<Option<StoredSession>, StoreError>;
    /// Commits a change. Durable when it returns.
    async fn commit(&self, change: SessionCommit) -> Result<(), StoreError>;
    /// The interviews of an owner, newest first, at most `limit`.
    async fn list(&self, owner: &Owner, limit: u32) -> Result<Vec<Summary>, StoreError>;
    /// The sessions of an owner in which one of the two said this, whatever the case of its letters.
    async fn said(&self, owner: &Owner, words: &str) -> Result<BTreeSet<SessionId>, StoreError>;
    /// The takes and forks of an interview, the first made first; also after it was deleted.
    async fn children(&self, parent: SessionId) -> Result<Vec<Summary>, StoreError>;
    /// Whose session it is (`Some(None)`: nobody's browser). `None` if there is no such session.
    async fn owner(&self, id: SessionId) -> Result<Option<Option<Owner>>, StoreError>;
    /// The states (JSON) of the candidate's last sessions that were opened, newest first, at most `limit`. Takes, which
    /// ask what was asked before, are not among them.
    async fn earlier(&self, candidate: &str, limit: u32) -> Result<Vec<String>, StoreError>;
    /// Sessions whose deadline is not after `now`, earliest first, at most `limit`.
    async fn due(&self, now: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError>;
    /// The earliest deadline of any session.
    async fn next_deadline(&self) -> Result<Option<UnixMillis>, StoreError>;
    /// Sessions that ended before this moment, those that ended first coming first, at most `limit`. One that has
    /// not ended is never among them.
    async fn ended_before(&self, before: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError>;
    /// What happened in a session beside its messages, in order.
    async fn events(&self, id: SessionId) -> Result<Vec<SessionEvent>, StoreError>;
    /// Keeps that the candidate has struck a statement of the report on a session, at this moment. Struck again it stays
    /// struck, as of the first time. Durable when it returns.
    async fn strike(&self, id: SessionId, statement: &str, at: UnixMillis) -> Result<(), StoreError>;
    /// Takes a strike back: the statement counts again. Nothing happens if it was not struck. Durable when it returns.
    async fn unstrike(&self, id: SessionId, statement: &str) -> Result<(), StoreError>;
    /// The statements struck of a session, the first struck first.
    async fn struck(&self, id: SessionId) -> Result<Vec<String>, StoreError>;
    /// Keeps what a model replied when it was asked to judge a session, at this moment. What was kept first stays. Durable
    /// when it returns.
    async fn judge(&self, id: SessionId, judged: &str, at: UnixMillis) -> Result<(), StoreError>;
    /// What was kept by [`Self::judge`].
    async fn judged(&self, id: SessionId) -> Result<Option<String>, StoreError>;
    /// Names a session for its person; an empty name takes the name away. Durable when it returns.
    async fn set_label(&self, id: SessionId, label: &str) -> Result<(), StoreError>;
    /// The names that an owner has given to sessions.
    async fn labels(&self, owner: &Owner) -> Result<BTreeMap<SessionId, String>, StoreError>;
    /// Keeps a link to its session. Those of the session that have expired by then are dropped. Durable when it returns.
    async fn add_link(&self, link: ReadingLink) -> Result<(), StoreError>;
    /// The link with this digest, expired or not.
    async fn link(&self, digest: &str) -> Result<Option<ReadingLink>, StoreError>;
    /// The links to a session, the last made first; expired ones may be among them.
    async fn links(&self, id: SessionId) -> Result<Vec<ReadingLink>, StoreError>;
    /// Drops a link to a session. `false` if there was none. Durable when it returns.
    async fn drop_link(&self, id: SessionId, digest: &str) -> Result<bool, StoreError>;
    /// Keeps a comment on a session. One whose id the session has already is not kept again. Durable when it returns.
    async fn add_comment(&self, id: SessionId, comment: Comment) -> Result<(), StoreError>;
    /// The comments on a session, in the order in which they were written.
    async fn comments(&self, id: SessionId) -> Result<Vec<Comment>, StoreError>;
    /// How many comments the sessions of an owner have, where they have any.
    async fn commented(&self, owner: &Owner) -> Result<BTreeMap<SessionId, usize>, StoreError>;
    /// Drops a comment on a session. `false` if there was none. Durable when it returns.
    async fn drop_comment(&self, id: SessionId, comment: &str) -> Result<bool, StoreError>;
    /// Deletes all of a session, with what stands beside it. `false` if there was none.
    async fn delete(&self, id: SessionId) -> Result<bool, StoreError>;
    /// Ok if it can read and write now.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// What goes wrong with a line. Told as a code, never with words of the transcript; codes are kept in the session's
/// record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriterError {
    /// A try was not fit to be said, for the reason with this code, and the line is being written once more: its words
    /// may follow. After all others nothing follows.
    #[error("{0}")]
    Refused(&'static str),
    /// Words came, and no try was fit to be said; the last one for the reason with this code.
    #[error("{0}")]
    Unfit(&'static str),
    /// The writer, or the way to it, failed with this code.
    #[error("{0}")]
    Failed(String),
    /// It failed, and asks not to be called for a while.
    #[error("{code}")]
    Busy {
        /// With which code it failed.
        code: String,
        /// For how long.
        rest: Duration,
    },
    /// It was not asked, because it keeps failing.
    #[error("breaker_open")]
    Spared,
}

/// The words of a line as they come. Concatenated they are the line; a piece without words says that it is being written.
pub type LineWordStream = BoxStream<'static, Result<String, WriterError>>;

/// Words the interviewer's lines. Dropping the stream cancels the work.
pub trait Writer: Send + Sync {
    /// Its name, for logs and the page: `built-in`, `gemini`, ...
    fn name(&self) -> &str;
    /// Whose words its lines are.
    fn source(&self) -> LineSource;
    /// The line at once, from a writer that need not be waited for; `None` from all others.
    fn at_once(&self, brief: &Brief) -> Option<WriterLine>;
    /// The line as it is being written. What comes is fit to be shown.
    fn write(&self, brief: Brief) -> LineWordStream;
    /// From now on this observer is to be told what only the writer knows ([`Observer::line_rejected`],
    /// [`Observer::writer_left_alone`]). One that wraps another passes it on.
    fn observed_by(&self, _observer: &Arc<dyn Observer>) {}
    /// From now on this reader can be asked about its lines. One that wraps another passes it on.
    fn read_by(&self, _reader: &Arc<dyn Reader>) {}
}

/// An answer to be read: all that was said since the interviewer's last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question that is open.
    pub question: String,
    /// The words.
    pub text: String,
    /// Whether it belongs to an introduction, not to an experience.
    pub introduction: bool,
}

/// Why an answer or a line was not read; the interview goes on by its words alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderFailure {
    /// It would have kept the candidate waiting.
    Late,
    /// There is no model, or it failed.
    Failed,
}

impl ReaderFailure {
    /// Its name in events and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Failed => "failed",
        }
    }
}

/// Reads answers, and lines before they are said: says what is in them, and decides nothing.
#[async_trait]
pub trait Reader: Send + Sync {
    /// What an answer holds, within a fraction of a second.
    async fn read(&self, answer: Answer) -> Result<AnswerReading, ReaderFailure>;
    /// The same where nobody waits: however long it takes, within reason.
    async fn read_at_leisure(&self, answer: Answer) -> Result<AnswerReading, ReaderFailure> {
        self.read(answer).await
    }
    /// How likely it is that a line of the interviewer asks the candidate about something private, in thousandths, within
    /// a fraction of a second ([`interview::manner::PrivacyVerdict::is_private`]).
    async fn private(&self, line: String) -> Result<u16, ReaderFailure>;
}

/// The stories of an interview, to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeRequest {
    /// The role that they were told for.
    pub role: String,
    /// The stories, in order.
    pub told: Vec<Judgeable>,
}

/// What a model replied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Its words, as they came: nothing of them is believed that `report` does not find in the transcript.
    pub text: String,
    /// What it cost, if the server says so.
    pub tokens: Option<TokenUsage>,
}

/// Judges the stories of interviews that are over: a model, asked for a judgement of each as data.
#[async_trait]
pub trait Judge: Send + Sync {
    /// The model's name, for the page.
    fn model(&self) -> &str;
    /// What it replies; may take as long as it takes. Dropped, it gives up.
    ///
    /// # Errors
    /// Why it did not, as a code.
    async fn judge(&self, stories: &JudgeRequest) -> Result<Opinion, String>;
}

/// What an engine may have beside its store and its writer. Without models interviews go by words alone, and reports by what
/// was read; without a place for sound none is kept.
#[derive(Clone, Default)]
pub struct Helpers {
    /// Reads answers, and the writer's lines before they are said.
    pub reader: Option<Arc<dyn Reader>>,
    /// Judges stories.
    pub judge: Option<Arc<dyn Judge>>,
    /// Keeps the sound of answers.
    pub sounds: Option<Arc<dyn SoundStore>>,
    /// The seed of every interview's choices: the same answers then meet the same questions. `None`: each rolls its own.
    pub seed: Option<u64>,
}
