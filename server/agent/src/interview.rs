//! The port [`Interview`]: the interview as the agent sees it. The agent decides nothing about it: it brings what was
//! said, and says what comes back.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
pub use protocol::engine_api::voice::NotCaught;

/// A line of the interviewer's, to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentLine {
    /// The number of its message in the session, from 1.
    pub seq: u32,
    /// The turn that it belongs to.
    pub turn: String,
    /// The words; never blank.
    pub text: String,
}

/// The beginning of a line that is still being written: it is kept, whatever follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// The turn that the line belongs to.
    pub turn: String,
    /// All words of it so far.
    pub text: String,
}

/// How an interview stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationPhase {
    /// Nobody has opened it.
    Ready,
    /// Under way.
    Active,
    /// Paused by a long silence; the next words go on with it.
    Paused,
    /// Over.
    Over,
}

/// Where an interview is, from some message on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// How it stands.
    pub standing: ConversationPhase,
    /// The lines of the interviewer's after that message that the candidate has not answered, in order.
    pub lines: Vec<AgentLine>,
    /// Whether the candidate has said something after that message: what was to be said before is out of date.
    pub answered: bool,
    /// Whether an answer waits for its reply, which is being written.
    pub replying: bool,
    /// Another number once answers were corrected: hearing may have words to learn. 0 while none was.
    pub corrections: u64,
    /// The number of the last message.
    pub seq: u32,
}

/// What came of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentTurnReply {
    /// What is to be said; `None` where nothing is.
    pub line: Option<AgentLine>,
    /// How the interview stands after it.
    pub standing: ConversationPhase,
}

/// Why the interview did not take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InterviewError {
    /// The interview is over, or there is none any more.
    #[error("the interview is over")]
    Over,
    /// The session went on meanwhile: look where it is, and say it again if it still counts.
    #[error("the session went on meanwhile")]
    Stale,
    /// It cannot be reached, or cannot be kept, now.
    #[error("the interview cannot be reached now")]
    Unavailable,
}

/// When what happened in one spoken turn: times from the end of the candidate's speech.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TurnTimes {
    /// The turn.
    pub turn: String,
    /// How long the candidate spoke, from first to last sound.
    pub spoke: Duration,
    /// Until the turn was taken to be over.
    pub endpoint: Duration,
    /// Until its words were known.
    pub heard: Duration,
    /// Until the first words of the reply were there.
    pub first_words: Duration,
    /// Until the first of its audio was there.
    pub first_audio: Duration,
    /// Until the first of its audio was sent to the room.
    pub played: Duration,
    /// How likely the end was held to be, in percent; `None` where nobody judged.
    pub finished: Option<u8>,
    /// The candidate's pauses within the answer.
    pub pauses: NoticedPauses,
    /// How sure hearing was of the words, in percent; `None` where it does not tell.
    pub sure: Option<u8>,
}

/// The pauses of a speaker that are long enough to be noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticedPauses {
    /// How many.
    pub count: u32,
    /// The longest.
    pub longest: Duration,
}

impl NoticedPauses {
    /// A shorter one is a breath between sentences.
    pub const LEAST: Duration = Duration::from_secs(1);

    /// There was one of this length.
    pub fn add(&mut self, pause: Duration) {
        if pause >= Self::LEAST {
            self.count += 1;
            self.longest = self.longest.max(pause);
        }
    }
}

/// What the interviewer says of it.
pub fn apology(why: NotCaught) -> &'static str {
    match why {
        NotCaught::Unsure | NotCaught::TooMany | NotCaught::Language => {
            "I did not catch that; I understand English only."
        }
        NotCaught::Nothing | NotCaught::TooFew | NotCaught::Loop | NotCaught::Invention => {
            "I did not catch that. Could you say it again?"
        }
        NotCaught::Failed => "I am sorry, I could not hear that. Could you say it again, or type it?",
        NotCaught::Part => "I am sorry, I missed a part of what you said.",
    }
}

/// What happened in the room beside turns, for the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The agent is in the room.
    Joined,
    /// The interviewer was interrupted.
    Interrupted,
    /// What seemed an interruption was none: the interviewer went on.
    Resumed,
    /// Hearing failed, and what was said may be lost.
    HearingFailed,
    /// Somebody spoke, and it became no answer, or not all of it.
    NotCaught(NotCaught),
    /// Speaking failed: a line was shown and not said.
    SpeakingFailed,
    /// The agent has left.
    Left,
}

/// The sound of one answer, which is kept as it comes. Nothing in it waits. Dropped, nothing of it is kept.
pub trait RecordingSink: Send {
    /// The next Opus packet.
    fn packet(&mut self, packet: Arc<[u8]>);
    /// The answer was taken: it is kept.
    fn keep(self: Box<Self>);
}

/// One interview, seen by the agent. One caller, one call at a time; only [`next`](Self::next) runs beside others.
#[async_trait]
pub trait Interview: Send + Sync {
    /// Words that may come up: names, technologies. There may be others once answers were corrected.
    async fn vocabulary(&self) -> Result<Arc<[String]>, InterviewError>;
    /// Where it is, from the message after `seq` on; at once.
    async fn look(&self, seq: u32) -> Result<News, InterviewError>;
    /// The same, once there is something after `seq`, or it stands otherwise than `standing`, or is being replied to
    /// where it was not, or answers were corrected. Safe to drop. [`InterviewError::Unavailable`] after a while; then ask again.
    async fn next(&self, seq: u32, standing: ConversationPhase) -> Result<News, InterviewError>;
    /// A word to be said while a reply is written that takes long; waits for the next one. It is no line of the
    /// interview. Safe to drop; called again when one was given. As it is here, none ever comes.
    async fn aside(&self) -> Result<String, InterviewError> {
        std::future::pending().await
    }
    /// The words so far of a reply that is being written, at each change; waits for the next one. They are fit to be
    /// said. Safe to drop; called again when one was given. As it is here, none ever comes.
    async fn beginning(&self) -> Result<Beginning, InterviewError> {
        std::future::pending().await
    }
    /// Opens it, if nobody has.
    async fn start(&self, turn: &str) -> Result<AgentTurnReply, InterviewError>;
    /// Has the reply to these words written without taking the turn; the next [`said`](Self::said) of the same turn
    /// and words has it at once. `None`: not done here, or nothing would be said.
    async fn propose(&self, turn: &str, text: &str) -> Result<Option<String>, InterviewError>;
    /// The candidate has said this. The same turn with the same words may be said again, and brings the same.
    async fn said(&self, turn: &str, text: &str) -> Result<AgentTurnReply, InterviewError>;
    /// Only this much of the line of a turn was heard.
    async fn heard(&self, turn: &str, text: &str) -> Result<(), InterviewError>;
    /// Somebody is speaking or cannot be heard: restarts the silence timer.
    async fn activity(&self) -> Result<(), InterviewError>;
    /// Where the sound of a turn goes that somebody begins to speak; at once. As it is here, nowhere.
    fn record(&self, _turn: &str) -> Option<Box<dyn RecordingSink>> {
        None
    }
    /// Keeps the times of a turn.
    async fn timed(&self, times: TurnTimes);
    /// Keeps what happened.
    async fn happened(&self, happening: Happening);
}
