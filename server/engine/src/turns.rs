//! Takes turns: steps the rules, has lines written, commits.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use interview::reading::AnswerReading;
use interview::{Brief, Event, Millis, Modality, Request, Status, UnixMillis, WriterFailure};

use crate::cell::Cell;
use crate::digest::digest;
use crate::inner::{EngineInner, TurnQueueEntry};
use crate::live::LiveSession;
use crate::observer::{TurnTimer, TurnTrigger};
use crate::script::Script;
use crate::{Answer, EngineError, Proposal, ReaderFailure, Turn, TurnKind, TurnRecord, TurnReply, words};

/// Most lines that are asked for in one turn. The rules ask for two at most; this only bounds the loop.
const MOST_ASKS: usize = 8;
/// The code of a line that the rules themselves did not let pass.
const UNFIT: &str = "unfit";

impl EngineInner {
    /// One turn of a session, from the waiting to the answer.
    pub(crate) async fn take_turn(
        &self,
        entry: TurnQueueEntry,
        turn: Turn,
        seen: Option<u32>,
        timer: TurnTimer,
    ) -> Result<TurnReply, EngineError> {
        let cell = &entry.cell;
        let mut held = self.take_up(cell).await?;
        if answers_stale_question(&held.live, &turn, seen) {
            let stale = Err(EngineError::Stale { status: held.live.session.status() });
            return self.put_back(cell, held, stale).await;
        }
        let reading = self.understand(cell, &held.live, &turn).await;
        let result = self.run_turn(cell, &mut held.live, &timer, turn, reading, Script::default()).await;
        self.put_back(cell, held, result).await
    }

    /// The turn of a proposal, unless the session went on since.
    pub(crate) async fn take_proposal(
        &self,
        entry: TurnQueueEntry,
        proposal: Proposal,
        watch: TurnTimer,
    ) -> Result<TurnReply, EngineError> {
        let cell = &entry.cell;
        let mut held = self.take_up(cell).await?;
        let result = if held.live.settled() == proposal.settled {
            let reading = Ok(proposal.reading);
            self.run_turn(cell, &mut held.live, &watch, proposal.turn, reading, proposal.script).await
        } else {
            Err(EngineError::Stale { status: held.live.session.status() })
        };
        self.put_back(cell, held, result).await
    }

    /// Has a reply written on a copy of the session.
    pub(crate) async fn propose(&self, entry: TurnQueueEntry, turn: Turn) -> Result<Proposal, EngineError> {
        let cell = &entry.cell;
        let held = self.take_up(cell).await?;
        let mut copy = held.live.clone();
        self.put_back(cell, held, Ok(())).await?;
        let status = copy.session.status();
        if copy.turn(&turn.id).is_some() {
            return Err(EngineError::Stale { status });
        }
        fits(status, &turn.kind)?;
        let settled = copy.settled();
        let mut script = Script::default();
        let reading = self.understand(cell, &copy, &turn).await.unwrap_or_default();
        let mut ask = copy.step(event(&turn, reading.clone()), self.clock.moment());
        for _ in 0..MOST_ASKS {
            let Some(brief) = ask.take() else { break };
            let answer = match self.at_once(&brief) {
                Some(event) => event,
                // Why it failed is recorded by turns that are taken, not by trials.
                None => self.await_written_line(cell, &brief, false, |_| ()).await?.event,
            };
            script.note(&brief, &answer);
            ask = copy.step(answer, self.clock.moment());
        }
        let text = copy.reply(&turn.id).text;
        Ok(Proposal { session: cell.id, settled, turn, reading, text, script })
    }

    async fn run_turn(
        &self,
        cell: &Arc<Cell>,
        live: &mut LiveSession,
        watch: &TurnTimer,
        turn: Turn,
        reading: Result<Option<Box<AnswerReading>>, ReaderFailure>,
        script: Script,
    ) -> Result<TurnReply, EngineError> {
        if let TurnKind::Heard(text) = &turn.kind {
            return self.cut_to_heard(cell, live, watch, &turn, text).await;
        }
        let digest = digest(&turn.kind);
        if let Some(known) = live.turn(&turn.id) {
            if known.digest != digest {
                return Err(EngineError::TurnMismatch(turn.id));
            }
            let answer = known.answer.as_deref().and_then(|json| serde_json::from_str(json).ok());
            return Ok(answer.unwrap_or_else(|| live.reply(&turn.id)));
        }
        fits(live.session.status(), &turn.kind)?;
        live.record(TurnRecord { turn: turn.id.clone(), digest, reply: None, answer: None });
        let reading = reading.unwrap_or_else(|why| {
            live.unread(why, self.clock.now());
            None
        });
        let ask = live.step(event(&turn, reading), self.clock.moment());
        self.answer(cell, live, watch, ask, script).await?;
        Ok(live.reply(&turn.id))
    }

    /// What is understood of what was said, with what was said before it since the last line. Nothing where nothing was
    /// said, or there is no reader.
    async fn understand(
        &self,
        cell: &Cell,
        live: &LiveSession,
        turn: &Turn,
    ) -> Result<Option<Box<AnswerReading>>, ReaderFailure> {
        let TurnKind::Said(text) = &turn.kind else { return Ok(None) };
        if live.turn(&turn.id).is_some() || live.session.status().is_completed() {
            return Ok(None);
        }
        let (question, text, introduction) = live.session.to_read(text);
        self.read_answer(cell, Answer { question, text, introduction }).await
    }

    /// What is understood of an answer; nothing where there is no reader.
    pub(crate) async fn read_answer(
        &self,
        cell: &Cell,
        answer: Answer,
    ) -> Result<Option<Box<AnswerReading>>, ReaderFailure> {
        let Some(reader) = &self.reader else { return Ok(None) };
        match reader.read(answer).await {
            Ok(reading) => Ok(Some(Box::new(reading))),
            Err(why) => {
                tracing::info!(session.id = %cell.id, reason = why.name(), "an answer goes by words alone");
                self.observer.unread(why);
                Err(why)
            }
        }
    }

    /// Cuts a reply to what was heard. Said again it brings the same again.
    async fn cut_to_heard(
        &self,
        cell: &Arc<Cell>,
        live: &mut LiveSession,
        watch: &TurnTimer,
        turn: &Turn,
        text: &str,
    ) -> Result<TurnReply, EngineError> {
        if live.session.status() == Status::Ready {
            return Err(EngineError::NotStarted);
        }
        let line = live.line_of(&turn.id).ok_or(EngineError::NothingHeard)?;
        if bare(&line.text).eq(bare(text)) {
            return Ok(live.reply(&turn.id));
        }
        // Tried on a copy first: words that do not fit leave the session as it is.
        let mut cut = live.clone();
        let ask = cut.step(event(turn, None), self.clock.moment());
        if ask.is_none() && cut.is_clean() {
            return Err(EngineError::NothingHeard);
        }
        *live = cut;
        self.answer(cell, live, watch, ask, Script::default()).await?;
        Ok(live.reply(&turn.id))
    }

    /// Has the lines written that are asked for, and commits everything. What the candidate said is committed
    /// before a reply is waited for.
    pub(crate) async fn answer(
        &self,
        cell: &Arc<Cell>,
        live: &mut LiveSession,
        watch: &TurnTimer,
        mut ask: Option<Box<Brief>>,
        mut script: Script,
    ) -> Result<(), EngineError> {
        let _clear = ClearPartial(cell);
        let before = live.stored_messages();
        for asked in 1..=MOST_ASKS {
            let Some(brief) = ask.take() else { break };
            let event = if asked == MOST_ASKS {
                words::failed(brief.ask, WriterFailure::Unfit, "")
            } else if let Some(event) = script.next(&brief).or_else(|| self.at_once(&brief)) {
                event
            } else {
                if live.has_news() {
                    self.store(cell, live, Some(brief.whole_by)).await?;
                }
                let turn = &brief.turn;
                let show = |text: &str| {
                    watch.shown();
                    cell.partial.send_replace(Some((turn.clone(), text.to_owned())));
                };
                let written = tokio::select! {
                    biased;
                    written = self.await_written_line(cell, &brief, true, show) => written?,
                    // What is being written goes by words that are being put right.
                    () = cell.corrections.wait_for_correction() => {
                        cell.partial.send_if_modified(|partial| partial.take().is_some());
                        self.note_filler_said(cell, live, &brief);
                        ask = self.make_corrections(cell, live, Some(brief)).await?;
                        continue;
                    }
                };
                let now = self.clock.now();
                self.note_filler_said(cell, live, &brief);
                for (before, code) in written.refused.into_iter().enumerate() {
                    live.line_refused(&brief, before, code, now);
                }
                if let Some(code) = written.failure {
                    live.writer_failed(brief.ask, code, now);
                }
                written.event
            };
            let refused = matches!(event, Event::Line { .. });
            ask = live.step(event, self.clock.moment());
            if refused && ask.as_ref().is_some_and(|again| again.attempt > brief.attempt) {
                live.line_refused(&brief, 0, UNFIT, self.clock.now());
            }
            if live.fell_back() && refused {
                // The rules themselves did not let the line pass.
                self.writer_failed(cell, &brief, UNFIT);
            }
        }
        live.answer_turns();
        self.store(cell, live, None).await?;
        let taken = watch.taken(live.source_since(before));
        self.observer.turn_taken(&taken);
        tracing::info!(
            session.id = %cell.id,
            turn.kind = taken.kind.name(),
            turn.source = taken.source_name(),
            turn.first_words_ms = taken.first_words.map(|time| time.as_millis() as u64),
            turn.duration_ms = taken.took.as_millis() as u64,
            "a turn was taken"
        );
        Ok(())
    }

    /// Logs and tells that a writer gave no line, once, where it is known.
    fn writer_failed(&self, cell: &Cell, brief: &Brief, reason: &str) {
        let (writer, purpose) = (self.writer.name(), brief.purpose);
        tracing::warn!(session.id = %cell.id, writer, ask = brief.ask.0, ?purpose, reason, "the writer failed");
        self.observer.writer_failed(purpose, reason);
        self.standing.record_failure(reason);
    }

    fn at_once(&self, brief: &Brief) -> Option<Event> {
        let line = self.writer.at_once(brief)?;
        let source = self.writer.source();
        Some(Event::Line { ask: brief.ask, text: line.text, took_up: line.took_up, source })
    }

    /// What a writer that must be waited for makes of an ask; given up when the session is deleted. `aloud`: somebody
    /// waits for it in silence, so that a filler can be said.
    async fn await_written_line(
        &self,
        cell: &Cell,
        brief: &Brief,
        aloud: bool,
        show: impl Fn(&str),
    ) -> Result<words::AskOutcome, EngineError> {
        let (first, patience) =
            [brief.first_words_by, brief.patient_by].map(|by| words::until(&*self.clock, by)).into();
        let millis = |time: Duration| Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX);
        let usual = self.paces.usual(brief.modality);
        let told = brief.filler.is_some() && aloud && cell.aside.receiver_count() > 0;
        let after = Some(usual).filter(|_| told).and_then(|u| u.filler_at(millis(first), millis(patience)));
        let say = || drop(cell.aside.send_replace(brief.filler.clone()));
        let filler = after.map(|after| words::Filler {
            after: Duration::from_millis(u64::try_from(after).unwrap_or(0)),
            say: &say,
        });
        // Nobody waits yet for what is only proposed.
        let patient = filler.is_some() || !aloud || brief.patient_by == brief.first_words_by;
        let waited = if patient { brief.patient_by } else { brief.first_words_by };
        // Somebody who typed watches the page: a writer that is always late is not waited for that long each time.
        let typed = brief.modality == Modality::Text;
        let worth = Some(usual.worth_waiting(millis(first))).filter(|worth| typed && *worth < millis(first));
        let asked = Brief {
            first_words_by: worth.map_or(waited, |worth| self.clock.now().saturating_add(worth)),
            ..brief.clone()
        };
        let patient = patient && worth.is_none();
        tokio::select! {
            biased;
            () = cell.gone.cancelled() => Err(EngineError::NotFound),
            written = words::write(&*self.writer, &*self.clock, &asked, filler, show) => {
                self.paces.note(brief, &written, patient);
                match &written.failure {
                    Some(reason) => self.writer_failed(cell, brief, reason),
                    None => self.standing.record_success(),
                }
                Ok(written)
            }
        }
    }

    /// Has the rules know if the filler of this ask was said: no other is the same.
    fn note_filler_said(&self, cell: &Cell, live: &mut LiveSession, brief: &Brief) {
        if brief.filler.is_some() && *cell.aside.borrow() == brief.filler {
            live.step(Event::StoodBy { ask: brief.ask }, self.clock.moment());
        }
    }

    /// Commits what has changed, and shows it.
    pub(crate) async fn store(
        &self,
        cell: &Cell,
        live: &mut LiveSession,
        wanted_by: Option<UnixMillis>,
    ) -> Result<(), EngineError> {
        let over = live.stored_status().is_completed();
        let change = live.change(self.clock.now(), wanted_by);
        let deadline = change.session.deadline;
        self.store.commit(change).await.map_err(|e| self.log_store_error("commit", e))?;
        live.mark_committed();
        if let Status::Completed(reason) = live.stored_status()
            && !over
        {
            self.observer.ended(reason);
        }
        cell.publish(live.snapshot());
        self.schedule_wake(deadline);
        Ok(())
    }

    /// Has a session woken at a deadline that was committed, if it is nearer than all others.
    pub(crate) fn schedule_wake(&self, deadline: Option<UnixMillis>) {
        if deadline.is_some_and(|deadline| deadline < self.next_wake.load(Ordering::SeqCst)) {
            self.nearer.notify_one();
        }
    }

    /// Gives the session a tick if its time has come, or (`put_back`) if its clock was put back.
    pub(crate) async fn wake(&self, cell: &Arc<Cell>, put_back: bool) -> Result<(), EngineError> {
        let watch = TurnTimer::start(TurnTrigger::Wake);
        let mut held = self.take_up(cell).await?;
        let now = self.clock.moment();
        let due = |deadline: Option<UnixMillis>| deadline.is_some_and(|deadline| deadline <= now.wall);
        let looked_at = put_back && held.live.deadline().is_some();
        let result = if due(held.live.deadline()) || looked_at {
            let ask = held.live.step(Event::Tick, now);
            match (ask, held.live.is_clean()) {
                (None, true) if due(held.live.session.next_deadline()) => {
                    tracing::error!(session.id = %cell.id, "a session is due and nothing follows");
                    Err(EngineError::Busy)
                }
                // The time was not the candidate's: what is due is put off.
                (None, true) => self.store_without_settling(cell, &mut held.live).await,
                (ask, _) => self.answer(cell, &mut held.live, &watch, ask, Script::default()).await,
            }
        } else {
            Ok(())
        };
        self.put_back(cell, held, result).await
    }
}

/// The words alone, without case and punctuation: a recogniser's differ from the line's in both.
fn bare(text: &str) -> impl Iterator<Item = String> {
    let letters =
        |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    text.split_whitespace().map(letters).filter(|word: &String| !word.is_empty())
}

/// Takes away the words in progress when the turn is over, however it ends.
struct ClearPartial<'c>(&'c Cell);

impl Drop for ClearPartial<'_> {
    fn drop(&mut self) {
        self.0.partial.send_if_modified(|partial| partial.take().is_some());
    }
}

/// True if the turn goes by a question that is not the open one any more, and was not taken before.
fn answers_stale_question(live: &LiveSession, turn: &Turn, seen: Option<u32>) -> bool {
    let answers = match &turn.kind {
        TurnKind::Said(_) | TurnKind::Asked(Request::Skip | Request::MoveOn) => true,
        TurnKind::Start
        | TurnKind::Asked(Request::Repeat | Request::Wait)
        | TurnKind::Silence
        | TurnKind::Heard(_)
        | TurnKind::End => false,
    };
    let over = live.session.status().is_completed();
    answers && !over && live.turn(&turn.id).is_none() && seen.is_some_and(|seq| live.session.asked_after(seq))
}

/// Whether this can happen where the session stands.
fn fits(status: Status, kind: &TurnKind) -> Result<(), EngineError> {
    match (status, kind) {
        (Status::Completed(_), TurnKind::Heard(_)) => Ok(()),
        (Status::Completed(_), _) => Err(EngineError::Ended),
        (Status::Ready, TurnKind::Start | TurnKind::End) => Ok(()),
        (Status::Ready, _) => Err(EngineError::NotStarted),
        (Status::Active | Status::Paused, TurnKind::Start) => Err(EngineError::AlreadyStarted),
        (Status::Active | Status::Paused, _) => Ok(()),
    }
}

/// The turn as an event for the rules.
fn event(turn: &Turn, reading: Option<Box<AnswerReading>>) -> Event {
    let (id, modality) = (turn.id.clone(), turn.modality);
    match &turn.kind {
        TurnKind::Start => Event::Start { turn: id, modality },
        TurnKind::Said(text) => Event::Said { turn: id, text: text.clone(), modality, reading },
        TurnKind::Asked(request) => Event::Asked { turn: id, request: *request },
        TurnKind::Silence => Event::Silence { turn: id },
        TurnKind::Heard(text) => Event::Heard { turn: id, text: text.clone() },
        TurnKind::End => Event::End { turn: id },
    }
}
