//! The interview as the voice agent sees it, on the engine of this program.

use std::sync::Arc;
use std::time::Duration;

use agent::interview::{
    AgentLine, AgentTurnReply, Beginning, ConversationPhase, Happening, Interview, InterviewError, News,
    RecordingSink, TurnTimes,
};
use async_trait::async_trait;
use engine::{Engine, EngineError, Proposal, SessionId, Snapshot, Turn, TurnKind, TurnReply};
use interview::{MAX_ANSWER, Modality, Profile, Speaker, Status, TurnId};
use speech_text::mend::Vocabulary;
use tokio::sync::{Mutex, watch};
use tokio_util::task::TaskTracker;

use super::news::{NewsMessage, NewsTracker, news_since};
use super::notes::{Note, Notes};

/// How long [`EngineInterview::next`] waits for something to happen.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most words that hearing is told of.
const MOST_WORDS: usize = 200;

/// The turn that a line answers, and the words of the line so far.
type PartialLineReceiver = watch::Receiver<Option<(TurnId, String)>>;

/// One interview, for one agent.
pub struct EngineInterview {
    engine: Engine,
    session: SessionId,
    notes: Notes,
    /// Hold a shutdown up until the sound of answers is kept; `None`: none is.
    recorders: Option<TaskTracker>,
    /// The reply that was written last for words that were not certain, with them.
    proposed: Mutex<Option<(Turn, Proposal)>>,
    told: NewsTracker,
    /// What is to be said while a line is worded; `None` until somebody asks for it.
    asides: Mutex<Option<watch::Receiver<Option<String>>>>,
    /// The words of the line that is being written; likewise.
    partial: Mutex<Option<PartialLineReceiver>>,
}

impl EngineInterview {
    /// The interview of this session; what is to be kept goes to `notes`.
    pub fn new(engine: Engine, session: SessionId, notes: Notes) -> Self {
        Self {
            engine,
            session,
            notes,
            recorders: None,
            proposed: Mutex::default(),
            told: NewsTracker::default(),
            asides: Mutex::default(),
            partial: Mutex::default(),
        }
    }

    /// The same, with the sound of answers kept where that is wanted; `tasks` holds a shutdown up until it is.
    #[must_use]
    pub fn recording(self, tasks: TaskTracker) -> Self {
        Self { recorders: Some(tasks), ..self }
    }

    async fn snapshot(&self) -> Result<Arc<Snapshot>, InterviewError> {
        self.engine.snapshot(self.session).await.map_err(to_interview_error)
    }

    async fn standing(&self) -> Result<ConversationPhase, InterviewError> {
        Ok(standing(self.snapshot().await?.status))
    }

    /// Nothing is to be said.
    async fn empty_reply(&self) -> Result<AgentTurnReply, InterviewError> {
        Ok(AgentTurnReply { line: None, standing: self.standing().await? })
    }
}

#[async_trait]
impl Interview for EngineInterview {
    async fn vocabulary(&self) -> Result<Arc<[String]>, InterviewError> {
        vocabulary(self.snapshot().await?).await.map(Arc::from).ok_or(InterviewError::Unavailable)
    }

    async fn look(&self, seq: u32) -> Result<News, InterviewError> {
        let snapshot = self.snapshot().await?;
        Ok(news(&snapshot, seq))
    }

    async fn next(&self, seq: u32, known: ConversationPhase) -> Result<News, InterviewError> {
        let mut live = self.engine.follow(self.session).await.map_err(to_interview_error)?;
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            live.version.mark_unchanged();
            let news = self.look(seq).await?;
            if self.told.take_if_news(&news, seq, known) {
                return Ok(news);
            }
            let changed = tokio::time::timeout_at(until, live.version.changed()).await;
            changed.map_err(|_| InterviewError::Unavailable)?.map_err(|_| InterviewError::Unavailable)?;
        }
    }

    async fn aside(&self) -> Result<String, InterviewError> {
        let mut asides = self.asides.lock().await;
        let asides = match &mut *asides {
            Some(asides) => asides,
            none => none.insert(self.engine.asides(self.session).await.map_err(to_interview_error)?),
        };
        loop {
            asides.changed().await.map_err(|_| InterviewError::Over)?;
            if let Some(text) = asides.borrow_and_update().clone() {
                return Ok(text);
            }
        }
    }

    async fn beginning(&self) -> Result<Beginning, InterviewError> {
        let mut partial = self.partial.lock().await;
        let partial = match &mut *partial {
            Some(partial) => partial,
            none => none.insert(self.engine.follow(self.session).await.map_err(to_interview_error)?.partial),
        };
        loop {
            partial.changed().await.map_err(|_| InterviewError::Over)?;
            if let Some((turn, text)) = partial.borrow_and_update().clone() {
                return Ok(Beginning { turn: turn.0, text });
            }
        }
    }

    async fn start(&self, turn: &str) -> Result<AgentTurnReply, InterviewError> {
        match self.engine.turn(self.session, spoken(turn, TurnKind::Start)).await {
            Ok(reply) => Ok(answer(reply)),
            // Somebody did: what was said then is news.
            Err(EngineError::AlreadyStarted) => self.empty_reply().await,
            Err(error) => Err(to_interview_error(error)),
        }
    }

    async fn propose(&self, turn: &str, text: &str) -> Result<Option<String>, InterviewError> {
        let turn = spoken(turn, TurnKind::Said(truncate_answer(text)));
        let mut proposed = self.proposed.lock().await;
        *proposed = None;
        let proposal = self.engine.propose(self.session, turn.clone()).await.map_err(to_interview_error)?;
        let text = Some(proposal.text().to_owned()).filter(|text| !text.is_empty());
        *proposed = Some((turn, proposal));
        Ok(text)
    }

    async fn said(&self, turn: &str, text: &str) -> Result<AgentTurnReply, InterviewError> {
        let turn = spoken(turn, TurnKind::Said(truncate_answer(text)));
        let proposed = self.proposed.lock().await.take().filter(|(of, _)| *of == turn);
        let taken = match proposed {
            Some((_, proposal)) => match self.engine.commit(proposal).await {
                // It went on, perhaps with these very words: the turn itself knows.
                Err(EngineError::Stale { .. }) => self.engine.turn(self.session, turn).await,
                taken => taken,
            },
            None => self.engine.turn(self.session, turn).await,
        };
        match taken {
            Ok(reply) => Ok(answer(reply)),
            // Neither would be taken however often it were said.
            Err(EngineError::BlankText | EngineError::TurnMismatch(_)) => self.empty_reply().await,
            Err(error) => Err(to_interview_error(error)),
        }
    }

    async fn heard(&self, turn: &str, text: &str) -> Result<(), InterviewError> {
        let heard = TurnKind::Heard(text.to_owned());
        match self.engine.turn(self.session, spoken(turn, heard)).await {
            Ok(_) | Err(EngineError::NothingHeard) => Ok(()),
            Err(error) => Err(to_interview_error(error)),
        }
    }

    async fn activity(&self) -> Result<(), InterviewError> {
        self.engine.activity(self.session, Modality::Voice).await.map_err(to_interview_error)
    }

    fn record(&self, turn: &str) -> Option<Box<dyn RecordingSink>> {
        let (engine, turn) = (self.engine.clone(), TurnId(turn.to_owned()));
        Some(super::sound::record(engine, self.session, turn, self.recorders.as_ref()?))
    }

    async fn timed(&self, times: TurnTimes) {
        self.notes.keep(Note::Turn(times));
    }

    async fn happened(&self, happening: Happening) {
        self.notes.keep(Note::Happened(happening));
    }
}

/// Names and technologies of the answers that were corrected, then of the papers. `None` if they could not be read.
pub async fn vocabulary(snapshot: Arc<Snapshot>) -> Option<Vec<String>> {
    // Papers are long: reading them keeps nobody else waiting.
    let words = tokio::task::spawn_blocking(move || {
        let Profile { name, role, cv, job_description, .. } = &snapshot.profile;
        let corrected = snapshot.messages.iter().filter(|(message, _)| message.original.is_some());
        // What was misheard once comes first: a full list leaves none of it out.
        let texts: Vec<&str> = corrected
            .map(|(message, _)| message.text.as_str())
            .chain([name, role, cv, job_description].map(String::as_str))
            .collect();
        Vocabulary::of(&texts).own().take(MOST_WORDS).map(str::to_owned).collect()
    });
    words.await.ok()
}

fn spoken(turn: &str, kind: TurnKind) -> Turn {
    Turn { id: TurnId(turn.to_owned()), modality: Modality::Voice, kind }
}

/// No more than the engine takes.
pub(crate) fn truncate_answer(text: &str) -> String {
    match text.char_indices().nth(MAX_ANSWER) {
        Some((end, _)) => {
            tracing::warn!("the end of a very long spoken answer was left out");
            text[..end].to_owned()
        }
        None => text.to_owned(),
    }
}

fn answer(reply: TurnReply) -> AgentTurnReply {
    let line = AgentLine { seq: reply.seq, turn: reply.turn.0, text: reply.text };
    AgentTurnReply { standing: standing(reply.status), line: Some(line).filter(|line| !line.text.is_empty()) }
}

fn standing(status: Status) -> ConversationPhase {
    match status {
        Status::Ready => ConversationPhase::Ready,
        Status::Active => ConversationPhase::Active,
        Status::Paused => ConversationPhase::Paused,
        Status::Completed(_) => ConversationPhase::Over,
    }
}

fn news(snapshot: &Snapshot, seq: u32) -> News {
    let said = snapshot.messages.iter().map(|(message, _)| NewsMessage {
        seq: message.seq,
        by_candidate: message.speaker == Speaker::Candidate,
        turn: &message.turn.0,
        text: &message.text,
        corrected: message.original.is_some(),
    });
    news_since(seq, said, standing(snapshot.status), snapshot.replying_to.is_some())
}

fn to_interview_error(error: EngineError) -> InterviewError {
    match error {
        EngineError::NotFound | EngineError::Ended => InterviewError::Over,
        EngineError::Stale { .. }
        | EngineError::NotStarted
        | EngineError::AlreadyStarted
        | EngineError::TurnMismatch(_) => InterviewError::Stale,
        EngineError::UnknownPlan(_)
        | EngineError::BlankText
        | EngineError::LongText { .. }
        | EngineError::NothingHeard
        | EngineError::NoStatement
        | EngineError::NoAnswer
        | EngineError::TooMany { .. }
        | EngineError::NotCorrectable
        | EngineError::Unchanged
        | EngineError::Busy
        | EngineError::ShuttingDown
        | EngineError::Store(_) => InterviewError::Unavailable,
    }
}
