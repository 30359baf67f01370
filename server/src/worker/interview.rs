//! An interview that is held elsewhere, as the voice agent sees it: by the engine API.

use std::sync::Arc;
use std::time::Duration;

use agent::interview::{
    AgentLine, AgentTurnReply, ConversationPhase, Happening, Interview, InterviewError, News, RecordingSink,
    TurnTimes,
};
use async_trait::async_trait;
use engine::SessionId;
use protocol::engine_api::error::Code;
use protocol::engine_api::session::{ApiSession, ApiSpeaker};
use protocol::engine_api::turn::{ApiModality, ApiStatus, EventType, NextTurn, TurnTaken};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::client::{EngineClient, EngineFault};
use crate::voice::interview::truncate_answer;
use crate::voice::news::{NewsMessage, NewsTracker, news_since};
use crate::voice::notes::{Note, Notes};

/// How long [`RemoteInterview::next`] waits for something to happen.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two questions for news when the first brought none: an engine that stops does not wait any more.
const PAUSE: Duration = Duration::from_millis(200);

/// One interview, for one agent.
pub struct RemoteInterview {
    client: EngineClient,
    session: SessionId,
    notes: Notes,
    /// Hold a stop up until the sound of answers is kept; `None`: none is.
    recorders: Option<TaskTracker>,
    told: NewsTracker,
}

impl RemoteInterview {
    /// The interview of this session; what is to be kept goes to `notes`.
    pub fn new(client: EngineClient, session: SessionId, notes: Notes) -> Self {
        Self { client, session, notes, recorders: None, told: NewsTracker::default() }
    }

    /// The same, with the sound of answers kept where that is wanted; `tasks` holds a stop up until it is.
    #[must_use]
    pub fn recording(self, tasks: TaskTracker) -> Self {
        Self { recorders: Some(tasks), ..self }
    }

    async fn turn(
        &self,
        turn: &str,
        event_type: EventType,
        text: Option<String>,
    ) -> Result<TurnTaken, EngineFault> {
        let (session_id, turn_id) = (self.session.to_string(), turn.to_owned());
        let modality = Some(ApiModality::Voice);
        self.client.turn(&NextTurn { session_id, turn_id, event_type, text, modality }).await
    }

    /// Nothing is to be said.
    async fn empty_reply(&self) -> Result<AgentTurnReply, InterviewError> {
        let session = self.client.session(self.session, None).await.map_err(to_interview_error)?;
        Ok(AgentTurnReply { line: None, standing: standing(&session) })
    }
}

#[async_trait]
impl Interview for RemoteInterview {
    async fn vocabulary(&self) -> Result<Arc<[String]>, InterviewError> {
        self.client.vocabulary(self.session).await.map(Arc::from).map_err(to_interview_error)
    }

    async fn look(&self, seq: u32) -> Result<News, InterviewError> {
        Ok(news(&self.client.session(self.session, None).await.map_err(to_interview_error)?, seq))
    }

    async fn next(&self, seq: u32, known: ConversationPhase) -> Result<News, InterviewError> {
        let until = Instant::now() + PATIENCE;
        let mut version = None;
        while Instant::now() < until {
            let session = self.client.session(self.session, version).await.map_err(to_interview_error)?;
            let news = news(&session, seq);
            if self.told.take_if_news(&news, seq, known) {
                return Ok(news);
            }
            if version.replace(session.version) == Some(session.version) {
                tokio::time::sleep(PAUSE).await;
            }
        }
        Err(InterviewError::Unavailable)
    }

    async fn start(&self, turn: &str) -> Result<AgentTurnReply, InterviewError> {
        match self.turn(turn, EventType::Start, None).await {
            Ok(taken) => Ok(answer(taken)),
            // Somebody did: what was said then is news.
            Err(EngineFault::Refused(Code::AlreadyStarted)) => self.empty_reply().await,
            Err(fault) => Err(to_interview_error(fault)),
        }
    }

    async fn propose(&self, _turn: &str, _text: &str) -> Result<Option<String>, InterviewError> {
        // The engine API takes turns only.
        Ok(None)
    }

    async fn said(&self, turn: &str, text: &str) -> Result<AgentTurnReply, InterviewError> {
        match self.turn(turn, EventType::UserTurn, Some(truncate_answer(text))).await {
            Ok(taken) => Ok(answer(taken)),
            // Neither would be taken however often it were said.
            Err(EngineFault::Refused(Code::BlankText | Code::TurnMismatch)) => self.empty_reply().await,
            Err(fault) => Err(to_interview_error(fault)),
        }
    }

    async fn heard(&self, turn: &str, text: &str) -> Result<(), InterviewError> {
        match self.turn(turn, EventType::Heard, Some(text.to_owned())).await {
            Ok(_) | Err(EngineFault::Refused(Code::NothingHeard)) => Ok(()),
            Err(fault) => Err(to_interview_error(fault)),
        }
    }

    async fn activity(&self) -> Result<(), InterviewError> {
        self.turn("activity", EventType::Activity, None).await.map(drop).map_err(to_interview_error)
    }

    fn record(&self, turn: &str) -> Option<Box<dyn RecordingSink>> {
        let client = self.client.clone();
        Some(super::sound::record(client, self.session, turn.to_owned(), self.recorders.as_ref()?))
    }

    async fn timed(&self, times: TurnTimes) {
        self.notes.keep(Note::Turn(times));
    }

    async fn happened(&self, happening: Happening) {
        self.notes.keep(Note::Happened(happening));
    }
}

fn answer(taken: TurnTaken) -> AgentTurnReply {
    let line = AgentLine { seq: taken.message_seq, turn: taken.turn_id, text: taken.assistant_text };
    AgentTurnReply {
        standing: conversation_phase(taken.status),
        line: Some(line).filter(|line| !line.text.is_empty()),
    }
}

fn conversation_phase(status: ApiStatus) -> ConversationPhase {
    match status {
        ApiStatus::Active => ConversationPhase::Active,
        ApiStatus::Paused => ConversationPhase::Paused,
        ApiStatus::Completed => ConversationPhase::Over,
    }
}

fn standing(session: &ApiSession) -> ConversationPhase {
    if session.opened { conversation_phase(session.status) } else { ConversationPhase::Ready }
}

fn news(session: &ApiSession, seq: u32) -> News {
    let said = session.messages.iter().map(|message| NewsMessage {
        seq: message.seq,
        by_candidate: message.speaker == ApiSpeaker::Candidate,
        turn: &message.turn_id,
        text: &message.text,
        corrected: message.original.is_some(),
    });
    news_since(seq, said, standing(session), session.replying_to.is_some())
}

fn to_interview_error(fault: EngineFault) -> InterviewError {
    match fault {
        EngineFault::Refused(Code::NotFound | Code::SessionEnded) => InterviewError::Over,
        EngineFault::Refused(Code::Stale | Code::NotStarted | Code::AlreadyStarted | Code::TurnMismatch) => {
            InterviewError::Stale
        }
        EngineFault::Refused(_) | EngineFault::Unreachable | EngineFault::Garbage => {
            InterviewError::Unavailable
        }
    }
}
