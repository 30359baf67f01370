//! The engine, as its callers see it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use interview::reading::Probe;
use interview::{Millis, Modality, Plan, RetakeManner, Session, Speaker, WriterTimeouts};
use report::Report;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::cell::Cell;
use crate::digest::same_owner;
use crate::inner::{EngineInner, check_text, check_words};
use crate::live::first_row;
use crate::observer::TurnTimer;
use crate::{
    Clock, Compared, EngineError, Export, Helpers, Judging, Live, NewSession, Observer, Owner, Proposal,
    SessionEvent, SessionId, Snapshot, StorageFault, Store, StoreError, Summary, Turn, TurnReply, Unobserved,
    Writer, ids, state,
};

/// Most interviews in a list.
const MOST_LISTED: u32 = 200;
/// Whose questions are not asked again: those of this many earlier interviews.
const EARLIER_SESSIONS: u32 = 3;
/// Most questions that are not asked again.
const EARLIER_QUESTIONS: usize = 150;

/// Takes the events of sessions, steps the rules, has lines written, stores, answers. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<EngineInner>,
}

impl Engine {
    /// An engine on these ports.
    pub fn new(
        store: Arc<dyn Store>,
        writer: Arc<dyn Writer>,
        clock: Arc<dyn Clock>,
        settings: WriterTimeouts,
    ) -> Self {
        Self::observed(store, writer, clock, settings, Arc::new(Unobserved))
    }

    /// The same, with an observer.
    pub fn observed(
        store: Arc<dyn Store>,
        writer: Arc<dyn Writer>,
        clock: Arc<dyn Clock>,
        settings: WriterTimeouts,
        observer: Arc<dyn Observer>,
    ) -> Self {
        Self::with_models(store, writer, Helpers::default(), clock, settings, observer)
    }

    /// The same, with a reader of answers and lines and a judge of stories.
    pub fn with_models(
        store: Arc<dyn Store>,
        writer: Arc<dyn Writer>,
        helpers: Helpers,
        clock: Arc<dyn Clock>,
        settings: WriterTimeouts,
        observer: Arc<dyn Observer>,
    ) -> Self {
        writer.observed_by(&observer);
        if let Some(reader) = &helpers.reader {
            writer.read_by(reader);
        }
        Self { inner: Arc::new(EngineInner::new(store, writer, helpers, clock, settings, observer)) }
    }

    /// The name of the writer in use.
    pub fn writer_name(&self) -> &str {
        self.inner.writer.name()
    }

    /// Why the writer's words are not used at present, as a code: three lines in a row had to be replaced, the last that
    /// was asked for because of this. `None` while they are used.
    pub fn writer_trouble(&self) -> Option<String> {
        self.inner.standing.trouble()
    }

    /// How many sessions are in memory.
    pub fn in_memory(&self) -> usize {
        self.inner.cells.len()
    }

    /// Creates an interview; durable when it returns.
    pub async fn create(&self, new: NewSession) -> Result<SessionId, EngineError> {
        self.create_as(ids::new_session(), new).await
    }

    /// Creates an interview that practises something of another one of the same person. Until it is answered, asked for
    /// again it is the same.
    pub async fn create_practice(&self, of: SessionId, new: NewSession) -> Result<SessionId, EngineError> {
        for number in 1.. {
            let id = ids::practice(of, &new.plan, number);
            let there = self.inner.store.load(id).await.map_err(|e| self.inner.log_store_error("load", e))?;
            match there {
                None => return self.create_as(id, new).await,
                Some(there) => {
                    let over = there.session.summary.status.is_completed();
                    let said = there.messages.iter().any(|(m, _)| m.speaker == Speaker::Candidate);
                    if !over && !said {
                        return Ok(id);
                    }
                }
            }
        }
        Err(EngineError::NotFound)
    }

    /// Creates the interview of this id. Asked for twice at once, it is made once.
    async fn create_as(&self, id: SessionId, new: NewSession) -> Result<SessionId, EngineError> {
        let inner = &self.inner;
        let _under_way = inner.hold_shutdown()?;
        let plan = Plan::named(&new.plan).ok_or_else(|| EngineError::UnknownPlan(new.plan.clone()))?;
        let candidate = candidate(&new);
        let mut earlier = Vec::new();
        let states = inner.store.earlier(&candidate, EARLIER_SESSIONS).await;
        let states = match states.map_err(|e| inner.log_store_error("earlier", e)) {
            // An interview that is lost is no reason to hold no other.
            Err(StoreError::Storage(StorageFault::Damaged, _)) => Vec::new(),
            states => states?,
        };
        for state in states {
            match state::read(&state) {
                Ok(session) => earlier.extend(session.questions()),
                Err(error) => tracing::warn!(%error, "an earlier state cannot be read"),
            }
        }
        earlier.truncate(EARLIER_QUESTIONS);
        let now = inner.clock.moment();
        let session = Session::new(plan, new.profile.clone(), inner.settings, inner.seed(), earlier, now);
        let row = first_row(id, new, candidate, &session, (now.wall, None));
        let data = serde_json::json!({ "plan": session.plan().id });
        let events = vec![SessionEvent { at: now.wall, kind: "created".to_owned(), data }];
        match inner.store.create(row, events).await {
            Err(StoreError::Conflict) => Ok(id),
            Err(error) => Err(inner.log_store_error("create", error).into()),
            Ok(()) => {
                inner.observer.created();
                Ok(id)
            }
        }
    }

    /// Begins a take: an interview in which the question is asked again that the message `answer` answers. Until it is
    /// answered, asked again it is the same take. Nothing of the interview changes by it. [`EngineError::NoAnswer`] if the
    /// message is no answer.
    pub async fn take(
        &self,
        id: SessionId,
        answer: u32,
        manner: RetakeManner,
    ) -> Result<SessionId, EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        self.inner.take(id, answer, manner, None).await
    }

    /// Begins a take that practises one thing: its interviewer is strict, and asks first for what this probe asks for, if
    /// that is missing. As [`take`](Self::take) for the rest.
    pub async fn practise(&self, id: SessionId, answer: u32, first: Probe) -> Result<SessionId, EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        self.inner.take(id, answer, RetakeManner::Strict, Some(first)).await
    }

    /// Begins a fork: an interview that shares all that was said before the message `answer`, and goes on from there. Until
    /// something is said in it, asked again it is the same fork. Nothing of the interview changes by it.
    /// [`EngineError::NoAnswer`] if the message is no answer.
    pub async fn fork(&self, id: SessionId, answer: u32) -> Result<SessionId, EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        self.inner.fork(id, answer).await
    }

    /// The takes and forks that came from an interview, the first made first; also after it was deleted.
    pub async fn children(&self, id: SessionId) -> Result<Vec<Summary>, EngineError> {
        self.inner.children(id).await
    }

    /// A take beside another one of the same question: the one of the number `with`, else the one before it.
    /// [`EngineError::NotFound`] if it is no take.
    pub async fn compare(&self, id: SessionId, with: Option<u32>) -> Result<Compared, EngineError> {
        self.inner.compare(id, with).await
    }

    /// Takes a turn: returns the reply once it is durable. The work goes on if the caller goes away.
    pub async fn turn(&self, id: SessionId, turn: Turn) -> Result<TurnReply, EngineError> {
        Ok(self.take_turn_with_cell(id, turn, None).await?.0)
    }

    /// Takes a turn of somebody who has read up to the message `seen`, if that is told, and gives back the session as it
    /// is then. An answer to a question that another has taken the place of, or a wish to skip it, is not taken:
    /// [`EngineError::Stale`].
    pub async fn turn_after(
        &self,
        id: SessionId,
        turn: Turn,
        seen: Option<u32>,
    ) -> Result<Arc<Snapshot>, EngineError> {
        let (_, cell) = self.take_turn_with_cell(id, turn, seen).await?;
        self.inner.committed_snapshot(&cell).await
    }

    /// Takes a turn: the reply, and the cell of the session.
    async fn take_turn_with_cell(
        &self,
        id: SessionId,
        turn: Turn,
        seen: Option<u32>,
    ) -> Result<(TurnReply, Arc<Cell>), EngineError> {
        let watch = TurnTimer::start((&turn.kind).into());
        let kind = watch.kind;
        let entry = check_text(&turn.kind).and_then(|()| self.inner.enter(id));
        let entry = self.inner.report_refusal(kind, entry)?;
        let (inner, cell) = (Arc::clone(&self.inner), Arc::clone(&entry.cell));
        let work = async move { inner.report_refusal(kind, inner.take_turn(entry, turn, seen, watch).await) };
        Ok((self.inner.spawn(work).await?, cell))
    }

    /// Takes a turn and returns as soon as the session has changed by it: whoever follows it sees the reply as it is
    /// written.
    pub async fn begin_turn(&self, id: SessionId, turn: Turn) -> Result<(), EngineError> {
        let mut live = self.follow(id).await?;
        tokio::select! {
            taken = self.turn(id, turn) => taken.map(drop),
            _ = live.version.changed() => Ok(()),
        }
    }

    /// Has a reply written for words that are not certain yet, without changing anything.
    /// [`EngineError::Stale`] if the turn was taken already.
    pub async fn propose(&self, id: SessionId, turn: Turn) -> Result<Proposal, EngineError> {
        check_text(&turn.kind)?;
        let entry = self.inner.enter(id)?;
        self.inner.propose(entry, turn).await
    }

    /// Takes a proposed turn. [`EngineError::Stale`] if the session went on since it was proposed; signs of life and
    /// notes, which make new versions too, do not count. Should time alone have moved the interview elsewhere (to the
    /// next stage), the line is written anew.
    pub async fn commit(&self, proposal: Proposal) -> Result<TurnReply, EngineError> {
        let watch = TurnTimer::start((&proposal.turn.kind).into());
        let kind = watch.kind;
        let entry = self.inner.report_refusal(kind, self.inner.enter(proposal.session))?;
        let inner = Arc::clone(&self.inner);
        let work =
            async move { inner.report_refusal(kind, inner.take_proposal(entry, proposal, watch).await) };
        self.inner.spawn(work).await
    }

    /// The candidate is speaking, cannot be heard, or is still listening to a line: restarts the silence timer, as is
    /// due for this modality. Changes nothing unless the interview is under way; returns at once while a reply is being
    /// written, from which silence will count anyway. Durable where a deadline moves by a second or more; call it as
    /// often as there is something to tell. [`EngineError::Ended`] after the end.
    pub async fn activity(&self, id: SessionId, modality: Modality) -> Result<(), EngineError> {
        let entry = self.inner.enter(id)?;
        let inner = Arc::clone(&self.inner);
        self.inner.spawn(async move { inner.activity(entry, modality).await }).await
    }

    /// Keeps what happened beside the messages, at this moment: a kind such as `voice_turn`, and its particulars, which
    /// never hold words of the transcript. Waits for the turn under way. Also after the end.
    pub async fn note(&self, id: SessionId, kind: &str, data: serde_json::Value) -> Result<(), EngineError> {
        let event = SessionEvent { at: self.inner.clock.now(), kind: kind.to_owned(), data };
        let entry = self.inner.enter(id)?;
        let inner = Arc::clone(&self.inner);
        self.inner.spawn(async move { inner.note(entry, event).await }).await
    }

    /// The session as it is stored now: one value for all who look at it.
    pub async fn snapshot(&self, id: SessionId) -> Result<Arc<Snapshot>, EngineError> {
        let cell = self.inner.cell(id)?;
        self.inner.committed_snapshot(&cell).await
    }

    /// Ok if the session belongs to this owner, else [`EngineError::NotFound`]. The span of the caller is told
    /// which session it is about, if it has a field for that. The store is asked only about a session that is not in
    /// memory.
    pub async fn check_owner(&self, id: SessionId, owner: &Owner) -> Result<(), EngineError> {
        let known = self.inner.cells.get_existing(id).and_then(|cell| cell.owner());
        let stored = match known {
            Some(owner) => owner,
            None => self
                .inner
                .store
                .owner(id)
                .await
                .map_err(|e| self.inner.log_store_error("owner", e))?
                .flatten(),
        };
        if !same_owner(stored.as_ref(), owner) {
            return Err(EngineError::NotFound);
        }
        tracing::Span::current().record("session.id", tracing::field::display(id));
        Ok(())
    }

    /// The owner's interviews, newest first.
    pub async fn list(&self, owner: &Owner) -> Result<Vec<Summary>, EngineError> {
        Ok(self
            .inner
            .store
            .list(owner, MOST_LISTED)
            .await
            .map_err(|e| self.inner.log_store_error("list", e))?)
    }

    /// How many interviews the owner has; counted up to `most`.
    pub async fn count(&self, owner: &Owner, most: u32) -> Result<usize, EngineError> {
        let list = self.inner.store.list(owner, most).await;
        Ok(list.map_err(|e| self.inner.log_store_error("list", e))?.len())
    }

    /// Everything of a session.
    pub async fn export(&self, id: SessionId) -> Result<Export, EngineError> {
        let export = self.look_back(id).await?;
        // Words are exported also where the sound cannot be had.
        let sounds = self.sounds(id).await.unwrap_or_default();
        Ok(Export { comments: self.comments(id).await?, sounds, ..export })
    }

    async fn look_back(&self, id: SessionId) -> Result<Export, EngineError> {
        self.inner.understand_late(id).await;
        self.inner.look_back(self.snapshot(id).await?).await
    }

    /// The report on a session: the same for what is stored, however often it is made. Where there is a model that was not
    /// asked yet it is asked now, and what it says stands in a later report.
    pub async fn report(&self, id: SessionId) -> Result<Report, EngineError> {
        Ok(self.report_so_far(id).await?.0)
    }

    /// The same, and whether a model's part of it is still to come.
    pub async fn report_so_far(&self, id: SessionId) -> Result<(Report, Judging), EngineError> {
        let export = self.look_back(id).await?;
        let judging = self.inner.have_judged(&export);
        Ok((export.report, judging))
    }

    /// Corrects an answer to these words, also after the end; those that were heard at first are kept beside. What was
    /// understood of it is made anew, and the report and later questions go by it: a reply that is being written is begun
    /// again. Durable when it returns; the same correction again changes nothing.
    ///
    /// # Errors
    /// [`EngineError::NotCorrectable`] if it is no answer, or was typed and something was asked on it;
    /// [`EngineError::Unchanged`] if it reads like this already and was never corrected.
    pub async fn correct(&self, id: SessionId, seq: u32, text: &str) -> Result<(), EngineError> {
        let text = text.trim().to_owned();
        check_words(&text)?;
        let entry = self.inner.enter(id)?;
        let inner = Arc::clone(&self.inner);
        self.inner.spawn(async move { inner.correct(entry, seq, text).await }).await
    }

    /// Strikes a statement of the report: it is kept, and no longer counted. Durable when it returns; struck again it
    /// stays struck. [`EngineError::NoStatement`] if the report states nothing of that name.
    pub async fn strike(&self, id: SessionId, statement: &str) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        let report = self.look_back(id).await?.report;
        self.inner.strike(id, &report, statement, self.inner.clock.now()).await
    }

    /// Takes a strike back: the statement counts again. Durable when it returns. [`EngineError::NoStatement`] if the report
    /// has nothing of that name, struck or not.
    pub async fn unstrike(&self, id: SessionId, statement: &str) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        let report = self.look_back(id).await?.report;
        self.inner.unstrike(id, &report, statement).await
    }

    /// Deletes all of a session. A reply that is being written for it is given up.
    pub async fn delete(&self, id: SessionId) -> Result<(), EngineError> {
        let cell = self.inner.cell(id)?;
        let inner = Arc::clone(&self.inner);
        self.inner.spawn(async move { inner.delete(&cell).await }).await
    }

    /// Deletes all interviews of an owner, however many. Returns how many there were. One that is begun meanwhile
    /// may be among them.
    pub async fn delete_all(&self, owner: &Owner) -> Result<u64, EngineError> {
        let (inner, owner) = (Arc::clone(&self.inner), owner.clone());
        self.inner.spawn(async move { inner.delete_all(&owner).await }).await
    }

    /// Deletes all interviews that ended longer ago than this (milliseconds). Those that have not ended stay,
    /// however old. Returns how many there were.
    pub async fn delete_ended(&self, longer_ago: Millis) -> Result<u64, EngineError> {
        let before = self.inner.clock.now().saturating_sub(longer_ago);
        let inner = Arc::clone(&self.inner);
        self.inner.spawn(async move { inner.delete_ended(before).await }).await
    }

    /// Follows a session.
    pub async fn follow(&self, id: SessionId) -> Result<Live, EngineError> {
        let cell = self.inner.cell(id)?;
        self.inner.committed_snapshot(&cell).await?;
        Ok(Live { version: cell.version.subscribe(), partial: cell.partial.subscribe() })
    }

    /// What is to be said aloud while a line of this session is worded: wakes at every such word. While somebody holds
    /// this, a spoken line that is late is waited for longer, with a filler; the words are no part of the interview.
    pub async fn asides(&self, id: SessionId) -> Result<watch::Receiver<Option<String>>, EngineError> {
        let cell = self.inner.cell(id)?;
        self.inner.committed_snapshot(&cell).await?;
        Ok(cell.aside.subscribe())
    }

    /// Ok if interviews can be held now.
    pub async fn ready(&self) -> Result<(), EngineError> {
        if self.inner.stopping.load(Ordering::SeqCst) {
            return Err(EngineError::ShuttingDown);
        }
        Ok(self.inner.store.ready().await?)
    }

    /// Wakes sessions at their deadlines until `stop`; then waits for the turns under way.
    pub async fn run(&self, stop: CancellationToken) {
        self.inner.run(stop).await;
    }
}

/// Who the person is, for the repeat guard. The sorts are kept apart, so that nobody can name another's browser.
fn candidate(new: &NewSession) -> String {
    match (&new.candidate_id, &new.owner) {
        (Some(id), _) => format!("id:{id}"),
        (None, Some(owner)) => format!("owner:{}", owner.0),
        (None, None) => format!("name:{}", new.profile.name.to_lowercase()),
    }
}
