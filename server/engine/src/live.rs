//! A session in memory, as it is stored, and the changes that wait to be committed.

use std::collections::BTreeMap;

use interview::{
    AskId, Brief, Effect, Event, LineSource, Message, Modality, Moment, Session, Speaker, Status, TurnId,
    UnixMillis,
};
use serde_json::json;

use crate::{
    EngineError, InterviewSession, NewSession, Origin, ReaderFailure, SessionCommit, SessionEvent, SessionId,
    Snapshot, StoreError, StoredSession, Summary, TurnRecord, TurnReply, state,
};

/// A session in memory. Between turns it is what is stored; a turn that fails throws it away.
#[derive(Debug, Clone)]
pub(crate) struct LiveSession {
    pub(crate) session: Session,
    row: InterviewSession,
    /// The version that last changed each message; message `seq` is at `seq - 1`.
    versions: Vec<u64>,
    turns: BTreeMap<TurnId, TurnRecord>,
    pending: UncommittedChanges,
    /// True while the rules are ahead of the store.
    dirty: bool,
    /// True if the last step made the built-in interviewer stand in for a writer.
    fell_back: bool,
    /// The version of the last commit that was more than a sign of life or a note.
    settled: u64,
}

/// What was changed since the last commit.
#[derive(Debug, Clone, Default)]
struct UncommittedChanges {
    messages: Vec<Message>,
    turns: Vec<TurnRecord>,
    events: Vec<SessionEvent>,
}

impl LiveSession {
    /// Takes up a session that was read.
    pub(crate) fn read(loaded: StoredSession) -> Result<Self, EngineError> {
        let session = state::read(&loaded.session.state).map_err(|error| {
            tracing::error!(session.id = %loaded.session.id, %error, "the stored state cannot be read");
            StoreError::from(error)
        })?;
        let (messages, versions): (Vec<_>, Vec<_>) = loaded.messages.into_iter().unzip();
        let turns = loaded.turns.into_iter().map(|turn| (turn.turn.clone(), turn)).collect();
        let session = session.with_transcript(messages);
        let settled = loaded.session.version;
        Ok(Self {
            settled,
            session,
            row: loaded.session,
            versions,
            turns,
            pending: UncommittedChanges::default(),
            dirty: false,
            fell_back: false,
        })
    }

    /// The version of the last commit that could change what is said next: any that was more than a sign of life or
    /// a note.
    pub(crate) fn settled(&self) -> u64 {
        self.settled
    }

    /// What was committed last changes nothing of what is said next.
    pub(crate) fn set_settled_version(&mut self, settled: u64) {
        self.settled = settled;
    }

    /// Where it stands, as stored (or about to be, once [`Self::change`] was made).
    pub(crate) fn stored_status(&self) -> Status {
        self.row.status
    }

    /// What it came from, if it is a take or a fork.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        self.row.summary.origin.as_ref()
    }

    /// How many messages are stored.
    pub(crate) fn stored_messages(&self) -> usize {
        self.versions.len()
    }

    /// True if the last step made the built-in interviewer stand in for a writer.
    pub(crate) fn fell_back(&self) -> bool {
        self.fell_back
    }

    /// Whose words the interviewer's last line is in, of those after the first `before` messages.
    pub(crate) fn source_since(&self, before: usize) -> Option<LineSource> {
        let new = self.session.transcript().get(before..)?;
        new.iter().rfind(|m| m.speaker == Speaker::Interviewer)?.source
    }

    /// When it is to be woken, as stored.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        self.row.deadline
    }

    pub(crate) fn turn(&self, id: &TurnId) -> Option<&TurnRecord> {
        self.turns.get(id)
    }

    /// Adds or completes a turn.
    pub(crate) fn record(&mut self, turn: TurnRecord) {
        self.turns.insert(turn.turn.clone(), turn.clone());
        match self.pending.turns.iter_mut().find(|known| known.turn == turn.turn) {
            Some(known) => *known = turn,
            None => self.pending.turns.push(turn),
        }
    }

    /// One event for the rules; gives back the ask that follows from it.
    pub(crate) fn step(&mut self, event: Event, now: Moment) -> Option<Box<Brief>> {
        self.dirty = true;
        let effects = self.session.step(event, now);
        self.note(effects, now.wall)
    }

    /// Asks again for a line that was asked for and never came.
    pub(crate) fn resume(&mut self, now: Moment) -> Option<Box<Brief>> {
        self.dirty = true;
        let effects = self.session.resume(now);
        self.note(effects, now.wall)
    }

    fn note(&mut self, effects: Vec<Effect>, now: UnixMillis) -> Option<Box<Brief>> {
        self.fell_back = effects.iter().any(|effect| matches!(effect, Effect::FellBack { .. }));
        let mut ask: Option<Box<Brief>> = None;
        for effect in effects {
            let (at, kind, data) = match effect {
                Effect::Record(message) | Effect::Amend(message) => {
                    match self.pending.messages.iter_mut().find(|known| known.seq == message.seq) {
                        Some(known) => *known = message,
                        None => self.pending.messages.push(message),
                    }
                    continue;
                }
                Effect::Ask(brief) => {
                    ask = Some(brief);
                    continue;
                }
                Effect::Cancel(cancelled) => {
                    ask = ask.filter(|brief| brief.ask != cancelled);
                    continue;
                }
                Effect::Entered { stage, at } => (at, "entered", json!({ "stage": stage })),
                Effect::Became(status) => (now, "became", json!({ "status": status })),
                Effect::FellBack { ask, failure } => {
                    (now, "fell_back", json!({ "ask": ask, "failure": failure }))
                }
            };
            self.pending.events.push(SessionEvent { at, kind: kind.to_owned(), data });
        }
        ask
    }

    /// Records that a try was not fit to be said, and why; `before` tries of this ask were refused before it.
    pub(crate) fn line_refused(&mut self, brief: &Brief, before: usize, code: &str, at: UnixMillis) {
        let attempt = usize::from(brief.attempt) + before;
        let data = json!({ "ask": brief.ask, "attempt": attempt, "reason": code });
        self.pending.events.push(SessionEvent { at, kind: "line_refused".to_owned(), data });
    }

    /// Records why a writer gave no line.
    pub(crate) fn writer_failed(&mut self, ask: AskId, code: String, at: UnixMillis) {
        let data = json!({ "ask": ask, "reason": code });
        self.pending.events.push(SessionEvent { at, kind: "writer_failed".to_owned(), data });
    }

    /// Records that an answer was not read, and why.
    pub(crate) fn unread(&mut self, why: ReaderFailure, at: UnixMillis) {
        let data = json!({ "reason": why.name() });
        self.pending.events.push(SessionEvent { at, kind: "read_by_words".to_owned(), data });
    }

    /// Records what happened beside the messages.
    pub(crate) fn keep(&mut self, event: SessionEvent) {
        self.dirty = true;
        self.pending.events.push(event);
    }

    /// True while the rules are ahead of the store.
    pub(crate) fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// The last change is durable.
    pub(crate) fn mark_committed(&mut self) {
        self.dirty = false;
    }

    /// True if a reply is due: a line was asked for and never came, or a turn has no answer.
    pub(crate) fn is_waiting(&self) -> bool {
        self.session.pending().is_some() || self.turns.values().any(|turn| turn.reply.is_none())
    }

    /// True if messages or turns wait to be committed, which must not be lost while a line is written.
    pub(crate) fn has_news(&self) -> bool {
        !self.pending.messages.is_empty() || !self.pending.turns.is_empty()
    }

    /// True if nothing waits to be committed.
    pub(crate) fn is_clean(&self) -> bool {
        self.pending.messages.is_empty() && self.pending.turns.is_empty() && self.pending.events.is_empty()
    }

    /// Completes the turns that wait for a reply with the last line that answers them.
    pub(crate) fn answer_turns(&mut self) {
        let waiting: Vec<TurnRecord> = self.turns.values().filter(|t| t.reply.is_none()).cloned().collect();
        for mut turn in waiting {
            let reply = self.reply(&turn.turn);
            turn.reply = Some(reply.seq);
            turn.answer = Some(serde_json::to_string(&reply).expect("a reply is plain data"));
            self.record(turn);
        }
    }

    /// The last line of the interviewer in this turn.
    pub(crate) fn line_of(&self, turn: &TurnId) -> Option<&Message> {
        let fits = |m: &&Message| m.speaker == Speaker::Interviewer && &m.turn == turn;
        self.session.transcript().iter().rfind(fits)
    }

    /// What this turn brought, as things stand.
    pub(crate) fn reply(&self, turn: &TurnId) -> TurnReply {
        let line = self.line_of(turn);
        let last = self.session.transcript().last().map_or(0, |m| m.seq);
        TurnReply {
            text: line.map_or_else(String::new, |m| m.text.clone()),
            stage: self.session.stage().id.clone(),
            status: self.session.status(),
            seq: line.map_or(last, |m| m.seq),
            turn: turn.clone(),
            source: line.and_then(|m| m.source).unwrap_or(LineSource::Bank),
        }
    }

    /// What a commit is to make durable; the session here is then at that version.
    /// `wanted_by` is the moment by which a line is waited for, if one is.
    pub(crate) fn change(&mut self, now: UnixMillis, wanted_by: Option<UnixMillis>) -> SessionCommit {
        let UncommittedChanges { messages, turns, events } = std::mem::take(&mut self.pending);
        self.row.version += 1;
        self.settled = self.row.version;
        for message in &messages {
            let index = usize::try_from(message.seq).unwrap_or(usize::MAX).saturating_sub(1);
            match self.versions.get_mut(index) {
                Some(version) => *version = self.row.version,
                None => self.versions.push(self.row.version),
            }
        }
        let deadline = [self.session.next_deadline(), wanted_by].into_iter().flatten().min();
        self.row.deadline = if self.session.status().is_completed() { None } else { deadline };
        self.row.status = self.session.status();
        self.row.state = state::write(&self.session);
        let summary = &mut self.row.summary;
        summary.spoken |= messages.iter().any(|m| m.modality == Modality::Voice);
        summary.updated_at = now.max(summary.updated_at);
        summary.ended_at = summary.ended_at.or(self.session.status().is_completed().then_some(now));
        refresh_summary(summary, &self.session);
        SessionCommit { session: self.row.clone(), messages, turns, events }
    }

    /// The session as it is stored.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let messages = self.session.transcript().iter().cloned().zip(self.versions.iter().copied());
        Snapshot {
            id: self.row.id,
            version: self.row.version,
            status: self.session.status(),
            profile: self.session.profile().clone(),
            plan: self.session.plan().clone(),
            progress: self.session.progress(),
            messages: messages.collect(),
            replying_to: self.session.replying_to().cloned(),
            created_at: self.row.summary.created_at,
            ended_at: self.row.summary.ended_at,
            origin: self.row.summary.origin.clone(),
        }
    }
}

/// Brings what lists show up to date.
fn refresh_summary(summary: &mut Summary, session: &Session) {
    let progress = session.progress();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    summary.status = session.status();
    summary.stages = count(progress.stages);
    summary.stage = count(progress.stage + 1).min(summary.stages);
}

/// The main row of an interview that begins; `origin`: what it came from.
pub(crate) fn first_row(
    id: SessionId,
    new: NewSession,
    candidate: String,
    session: &Session,
    (now, origin): (UnixMillis, Option<Origin>),
) -> InterviewSession {
    let mut summary = Summary {
        id,
        role: new.profile.role,
        seniority: new.profile.seniority,
        name: new.profile.name,
        plan: session.plan().title.clone(),
        status: Status::Ready,
        stage: 1,
        stages: 1,
        spoken: false,
        created_at: now,
        updated_at: now,
        ended_at: None,
        origin,
    };
    refresh_summary(&mut summary, session);
    InterviewSession {
        id,
        owner: new.owner,
        candidate,
        version: 1,
        status: session.status(),
        summary,
        deadline: session.next_deadline(),
        state: state::write(session),
    }
}
