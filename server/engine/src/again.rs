//! Answers given again, and interviews that go on differently: each is an interview of its own, with an origin.

use interview::reading::Probe;
use interview::{Message, Modality, RetakeManner, Session, TurnId, answered};

use crate::inner::EngineInner;
use crate::live::{LiveSession, first_row};
use crate::{
    EngineError, NewSession, Origin, OriginKind, SessionCommit, SessionEvent, SessionId, StoreError, Summary,
};

/// An interview as it is stored, and what it came from.
struct Stored {
    live: LiveSession,
    new: NewSession,
    candidate: String,
}

impl EngineInner {
    /// The take in which the question of this answer is asked again: the one that waits for its answer, else a new one.
    pub(crate) async fn take(
        &self,
        id: SessionId,
        answer: u32,
        manner: RetakeManner,
        first: Option<Probe>,
    ) -> Result<SessionId, EngineError> {
        let Stored { live, mut new, candidate } = self.stored(id).await?;
        let (asked, plan) = live.session.retake(answer, manner, first).ok_or(EngineError::NoAnswer)?;
        let line = turn_of(live.session.transcript(), asked.question);
        let from = |parent, seq, turn| Origin { kind: OriginKind::Take, parent, seq, turn, number: 2 };
        let mut origin = match live.origin() {
            // One more take of the same question is a take of the interview that asked it.
            Some(own) if own.kind == OriginKind::Take && asked.question == 1 => {
                Origin { number: 2, ..own.clone() }
            }
            Some(_) | None => from(id, asked.question, line),
        };
        let beside = self.siblings(&origin).await?;
        let last = beside.last();
        if let Some(open) = last.filter(|last| last.plan == plan.title && !last.status.is_completed()) {
            return Ok(open.id);
        }
        origin.number = last.and_then(|last| last.origin.as_ref()).map_or(2, |last| last.number + 1);
        new.plan.clone_from(&plan.id);
        let now = self.clock.moment();
        // What was asked there is not what follows here.
        let earlier = live.session.questions();
        let settings = self.settings;
        let session = Session::new(plan, new.profile.clone(), settings, self.seed(), earlier, now);
        self.begin(origin, new, candidate, session, (Vec::new(), Vec::new())).await
    }

    /// The interview that shares what was said before this answer and goes on from there: the one in which nothing was
    /// said yet, else a new one.
    pub(crate) async fn fork(&self, id: SessionId, answer: u32) -> Result<SessionId, EngineError> {
        let Stored { live, new, candidate } = self.stored(id).await?;
        let messages = live.session.transcript();
        let first = answered(messages, answer).ok_or(EngineError::NoAnswer)?.first;
        let seq = first.saturating_sub(1);
        let shared: Vec<Message> = messages.iter().take_while(|m| m.seq <= seq).cloned().collect();
        let session = live.session.restore_at(seq, self.clock.moment()).ok_or(EngineError::NoAnswer)?;
        let turn = turn_of(messages, seq);
        let mut origin = Origin { kind: OriginKind::Fork, parent: id, seq, turn, number: 1 };
        let beside = self.siblings(&origin).await?;
        if let Some(last) = beside.last() {
            let there = self.store.load(last.id).await.map_err(|e| self.log_store_error("load", e))?;
            if there.is_some_and(|there| there.messages.len() == shared.len()) {
                return Ok(last.id);
            }
            origin.number = last.origin.as_ref().map_or(1, |last| last.number + 1);
        }
        let events = self.store.events(id).await.map_err(|e| self.log_store_error("events", e))?;
        let events = events_of(events, &shared);
        self.begin(origin, new, candidate, session, (shared, events)).await
    }

    /// The takes of the same question, or the forks from the same line, the first made first.
    pub(crate) async fn siblings(&self, origin: &Origin) -> Result<Vec<Summary>, EngineError> {
        let mut all = self.children(origin.parent).await?;
        all.retain(|child| child.origin.as_ref().is_some_and(|other| other.is_sibling_of(origin)));
        all.sort_by_key(|child| child.origin.as_ref().map(|origin| origin.number));
        Ok(all)
    }

    /// All that came from an interview, the first made first.
    pub(crate) async fn children(&self, parent: SessionId) -> Result<Vec<Summary>, EngineError> {
        Ok(self.store.children(parent).await.map_err(|e| self.log_store_error("children", e))?)
    }

    async fn stored(&self, id: SessionId) -> Result<Stored, EngineError> {
        let loaded = self.store.load(id).await.map_err(|e| self.log_store_error("load", e))?;
        let loaded = loaded.ok_or(EngineError::NotFound)?;
        let (owner, candidate) = (loaded.session.owner.clone(), loaded.session.candidate.clone());
        let live = LiveSession::read(loaded)?;
        let (profile, plan) = (live.session.profile().clone(), live.session.plan().id.clone());
        let new = NewSession { owner, candidate_id: None, profile, plan };
        Ok(Stored { live, new, candidate })
    }

    /// Stores an interview that came from another. Asked for twice at once, it is made once.
    async fn begin(
        &self,
        origin: Origin,
        new: NewSession,
        candidate: String,
        session: Session,
        (messages, mut events): (Vec<Message>, Vec<SessionEvent>),
    ) -> Result<SessionId, EngineError> {
        let (id, parent) = (origin.id(), origin.parent);
        let now = self.clock.now();
        let kind = match origin.kind {
            OriginKind::Take => "take_created",
            OriginKind::Fork => "fork_created",
        };
        let data = serde_json::json!({ "plan": session.plan().id, "origin": origin });
        events.push(SessionEvent { at: now, kind: kind.to_owned(), data });
        let mut row = first_row(id, new, candidate, &session, (now, Some(origin)));
        row.summary.spoken = messages.iter().any(|m| m.modality == Modality::Voice);
        let deadline = row.deadline;
        // Before it is there: once it is, it has its sound, and what a crash leaves without it is swept up.
        self.share_sound(parent, id, &messages).await;
        let whole = SessionCommit { session: row, messages, turns: Vec::new(), events };
        match self.store.begin(whole).await {
            // Somebody pressed the same button at the same time.
            Err(StoreError::Conflict) => Ok(id),
            Err(error) => {
                self.unshare_sound(id).await;
                Err(self.log_store_error("begin", error).into())
            }
            Ok(()) => {
                self.observer.created();
                self.schedule_wake(deadline);
                Ok(id)
            }
        }
    }
}

fn turn_of(messages: &[Message], seq: u32) -> TurnId {
    let line = messages.iter().find(|m| m.seq == seq);
    line.map_or_else(|| TurnId(String::new()), |line| line.turn.clone())
}

/// What of the events belongs to what is shared: whatever happened until its last line, and how its turns were spoken,
/// which becomes known later.
fn events_of(events: Vec<SessionEvent>, shared: &[Message]) -> Vec<SessionEvent> {
    let last = shared.last().map_or(0, |m| m.at);
    let of_turn = |event: &SessionEvent| {
        let turn = event.data.get("turn").and_then(serde_json::Value::as_str);
        turn.map(|turn| shared.iter().any(|m| m.turn.0 == turn))
    };
    events.into_iter().filter(|event| of_turn(event).unwrap_or(event.at <= last)).collect()
}
