//! How a decision becomes a line: the ask, what comes back, and what stands in for it.

use super::stand_in;
use crate::reading::Probe;
use crate::session::{Decision, Here, Hush, Occasion, Pending, Session, Status};
use crate::{
    AskId, Brief, Effect, Exchange, Line, Message, Modality, Moment, Purpose, Source, Speaker, StageBrief,
    TurnId, Why, WriterFailure, bank, check_line,
};

/// How many of the last exchanges a writer is told.
const RECENT: usize = 4;
/// How many of the last lines a writer is told, so as to vary.
const SAID: usize = 6;

impl Session {
    /// Asks the writer for the line that was decided on; what needs no writer is said at once.
    pub(super) fn ask(&mut self, decision: Decision, turn: TurnId, counted: bool, effects: &mut Vec<Effect>) {
        match decision.purpose {
            Purpose::Repeat | Purpose::Wait | Purpose::Nudge | Purpose::Offer => {
                self.say_own(decision, turn, effects);
            }
            Purpose::Opening
            | Purpose::Question
            | Purpose::Probe
            | Purpose::Transition
            | Purpose::Clarify
            | Purpose::Redirect
            | Purpose::Smaller
            | Purpose::Concrete
            | Purpose::Care
            | Purpose::Boundary
            | Purpose::Closing => {
                let (first, whole) = match self.modality {
                    Modality::Text => (self.settings.text_first_words, self.settings.text_whole),
                    Modality::Voice => (self.settings.voice_first_words, self.settings.voice_whole),
                };
                let pending = Pending {
                    ask: self.next_ask(),
                    attempt: 1,
                    rejected: None,
                    decision,
                    turn,
                    first_words_by: self.now.saturating_add(first),
                    whole_by: self.now.saturating_add(whole),
                    counted,
                };
                self.await_line(pending, effects);
            }
        }
    }

    fn next_ask(&mut self) -> AskId {
        self.asks += 1;
        AskId(self.asks)
    }

    fn await_line(&mut self, pending: Pending, effects: &mut Vec<Effect>) {
        effects.push(Effect::Ask(Box::new(self.brief(&pending))));
        self.pending = Some(pending);
    }

    /// After a restart: asks again for a line that was asked for and never came. Empty if none was.
    pub fn resume(&mut self, now: impl Into<Moment>) -> Vec<Effect> {
        self.pass_time(now.into());
        let mut effects = Vec::new();
        if let Some(Pending { decision, turn, counted, .. }) = self.pending.take() {
            self.ask(decision, turn, counted, &mut effects);
        }
        effects
    }

    pub(super) fn line(
        &mut self,
        ask: AskId,
        text: String,
        took_up: Option<String>,
        source: Source,
        effects: &mut Vec<Effect>,
    ) {
        let Some(pending) = self.pending.take_if(|pending| pending.ask == ask) else { return };
        let brief = self.brief(&pending);
        match check_line(&brief, &text) {
            Ok(()) => self.speak(pending.decision, pending.turn, Line { text, took_up }, source, effects),
            Err(unfit) if pending.attempt == 1 && source == Source::Model => {
                let again = Pending {
                    ask: self.next_ask(),
                    attempt: 2,
                    rejected: Some(unfit.to_string()),
                    ..pending
                };
                self.await_line(again, effects);
            }
            Err(_) => {
                self.pending = Some(pending);
                self.fall_back(WriterFailure::Unfit, effects);
            }
        }
    }

    /// The built-in interviewer stands in for the writer.
    pub(super) fn fall_back(&mut self, failure: WriterFailure, effects: &mut Vec<Effect>) {
        let Some(pending) = self.pending.take() else { return };
        effects.push(Effect::FellBack { ask: pending.ask, failure });
        self.say_from_bank(pending, Some(failure), effects);
    }

    /// Says a line in the built-in interviewer's words, at once.
    pub(super) fn say_own(&mut self, decision: Decision, turn: TurnId, effects: &mut Vec<Effect>) {
        let now = self.now;
        let ask = self.next_ask();
        let pending = Pending {
            ask,
            attempt: 1,
            rejected: None,
            decision,
            turn,
            first_words_by: now,
            whole_by: now,
            counted: false,
        };
        self.say_from_bank(pending, None, effects);
    }

    /// Goes down from what was decided to what can still be said without repeating anything: another topic, the
    /// next stage, in the end goodbye.
    fn say_from_bank(
        &mut self,
        mut pending: Pending,
        failure: Option<WriterFailure>,
        effects: &mut Vec<Effect>,
    ) {
        loop {
            let brief = self.brief(&pending);
            if let Some(line) = bank::compose(&brief).filter(|line| check_line(&brief, &line.text).is_ok()) {
                return self.speak(pending.decision, pending.turn, line, stand_in(failure), effects);
            }
            let decision = &pending.decision;
            pending.decision = match decision.purpose {
                Purpose::Closing => {
                    let text =
                        format!("Thank you, {}. That brings us to the end.", self.profile.first_name());
                    let line = Line { text, took_up: None };
                    return self.speak(pending.decision, pending.turn, line, stand_in(failure), effects);
                }
                // Nothing needs to be said into a silence.
                Purpose::Wait | Purpose::Nudge | Purpose::Offer => return,
                Purpose::Transition => self.goodbye(crate::EndReason::Finished),
                Purpose::Question => self.advance(),
                Purpose::Opening
                | Purpose::Probe
                | Purpose::Repeat
                | Purpose::Clarify
                | Purpose::Redirect
                | Purpose::Smaller
                | Purpose::Concrete
                | Purpose::Care
                | Purpose::Boundary => self.next_topic(Purpose::Question),
            };
        }
    }

    /// The line is there: it is said, and what was decided takes effect.
    fn speak(
        &mut self,
        decision: Decision,
        turn: TurnId,
        line: Line,
        source: Source,
        effects: &mut Vec<Effect>,
    ) {
        let Decision { purpose, stage, topic, missing, probe, ends } = decision;
        if stage > self.stage {
            self.stage = stage;
            self.here = Here::default();
            effects.push(Effect::Entered { stage: self.stage().id.clone(), at: self.now });
        }
        if purpose.asks_anew() {
            let question = line.question().to_owned();
            self.asked.push(question.clone().into());
            self.question = Some(question);
        }
        self.turn_to(purpose, topic.clone(), probe);
        let by_words = self.by_words && probe.is_some();
        let why = Why { purpose, topic, missing, took_up: line.took_up, probe, by_words };
        self.record(
            Message {
                seq: 0,
                speaker: Speaker::Interviewer,
                stage: self.stage().id.clone(),
                modality: self.modality,
                text: line.text.trim().to_owned(),
                at: self.now,
                turn,
                source: Some(source),
                why: Some(why),
                cut: false,
                reading: None,
                original: None,
            },
            effects,
        );
        match purpose {
            Purpose::Nudge => self.hush = Hush::Nudged,
            Purpose::Offer => self.hush = Hush::Offered,
            Purpose::Wait => self.patient = true,
            Purpose::Opening
            | Purpose::Question
            | Purpose::Probe
            | Purpose::Transition
            | Purpose::Repeat
            | Purpose::Clarify
            | Purpose::Redirect
            | Purpose::Smaller
            | Purpose::Concrete
            | Purpose::Care
            | Purpose::Boundary
            | Purpose::Closing => {
                self.quiet_since = self.now;
                self.hush = Hush::None;
            }
        }
        if let Some(reason) = ends {
            self.become_(Status::Completed(reason), effects);
        }
    }

    /// The occasion after a line: a new one, or the same with one more thing tried.
    fn turn_to(&mut self, purpose: Purpose, topic: Option<String>, probe: Option<Probe>) {
        match purpose {
            Purpose::Opening | Purpose::Question | Purpose::Transition | Purpose::Boundary => {
                if let Some(topic) = &topic
                    && !self.used.contains(topic)
                {
                    self.used.push(topic.clone());
                }
                self.occasion = Occasion { topic, ..Occasion::default() };
            }
            Purpose::Probe => self.occasion.asked.extend(probe),
            Purpose::Care => {
                self.occasion.cared = true;
                self.occasion.asked.extend(probe);
            }
            Purpose::Redirect => self.occasion.redirected = true,
            Purpose::Smaller => self.occasion.made_smaller = true,
            Purpose::Concrete => self.occasion.made_concrete = true,
            Purpose::Repeat
            | Purpose::Clarify
            | Purpose::Wait
            | Purpose::Nudge
            | Purpose::Offer
            | Purpose::Closing => {}
        }
    }

    /// Everything a writer needs for a line.
    fn brief(&self, pending: &Pending) -> Brief {
        let Pending { ask, attempt, rejected, decision, turn, first_words_by, whole_by, .. } = pending;
        let stage = &self.plan.stages[decision.stage];
        let leaving = (decision.stage > self.stage).then(|| self.stage().title.clone());
        let lines = self.transcript.iter().rev().filter(|m| m.speaker == Speaker::Interviewer);
        Brief {
            ask: *ask,
            attempt: *attempt,
            rejected: rejected.clone(),
            turn: turn.clone(),
            purpose: decision.purpose,
            stage: StageBrief {
                id: stage.id.clone(),
                title: stage.title.clone(),
                goal: stage.goal.clone(),
                kind: stage.kind,
            },
            leaving,
            profile: self.profile.clone(),
            topic: decision.topic.clone(),
            missing: decision.missing,
            probe: decision.probe,
            reading: self.reading.clone(),
            keepsake: self.keepsake.clone(),
            heard: self.heard.clone(),
            question: self.question.clone(),
            recent: self.recent(),
            avoid: self.asked.iter().rev().chain(&self.earlier).cloned().collect(),
            said: lines.take(SAID).map(|m| m.text.clone()).collect(),
            modality: self.modality,
            seed: self.seed,
            first_words_by: *first_words_by,
            whole_by: *whole_by,
        }
    }

    /// The last exchanges, oldest first.
    fn recent(&self) -> Vec<Exchange> {
        let mut exchanges: Vec<Exchange> = Vec::new();
        let mut question = "";
        let mut open = false;
        for message in &self.transcript {
            match message.speaker {
                Speaker::Interviewer => {
                    question = &message.text;
                    open = false;
                }
                Speaker::Candidate => match exchanges.last_mut().filter(|_| open) {
                    Some(last) => {
                        last.answer.push('\n');
                        last.answer.push_str(&message.text);
                    }
                    None => {
                        exchanges
                            .push(Exchange { question: question.to_owned(), answer: message.text.clone() });
                        open = true;
                    }
                },
            }
        }
        exchanges.split_off(exchanges.len().saturating_sub(RECENT))
    }
}
