//! How a decision becomes a line: the ask, what comes back, and what stands in for it.

use super::Wording;
use crate::reading::Probe;
use crate::session::{Decision, Here, Hush, Occasion, Pending, Session, Status};
use crate::{
    AskId, Brief, Effect, FirstTry, Line, Message, Modality, Moment, Purpose, Source, Speaker, TurnId, Unfit,
    Why, WriterFailure, bank, check::whole_statements, check_line, unfit_words,
};

impl Session {
    /// Asks the writer for the line that was decided on; what needs no writer is said at once.
    pub(super) fn ask(&mut self, decision: Decision, turn: TurnId, counted: bool, effects: &mut Vec<Effect>) {
        if self.given(&decision).is_some() {
            return self.say_own(decision, turn, effects);
        }
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
                    first_try: FirstTry::default(),
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

    /// The words in which the plan gives the line that was decided on, if it does.
    fn given(&self, decision: &Decision) -> Option<&String> {
        if matches!(decision.purpose, Purpose::Opening | Purpose::Transition) {
            return self.plan.stages[decision.stage].ask.as_ref();
        }
        self.plan.goodbye.as_ref().filter(|_| decision.purpose == Purpose::Closing)
    }

    pub(super) fn next_ask(&mut self) -> AskId {
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
            Ok(()) => {
                self.speak(pending.decision, pending.turn, Line { text, took_up }, source.into(), effects)
            }
            Err(unfit) if pending.attempt == 1 && source == Source::Model => {
                let again = Pending {
                    ask: self.next_ask(),
                    attempt: 2,
                    rejected: Some(told(&brief, &text, unfit)),
                    first_try: FirstTry { text, shown: String::new() },
                    ..pending
                };
                self.await_line(again, effects);
            }
            Err(_) => {
                self.pending = Some(pending);
                self.fall_back(WriterFailure::Unfit, "", effects);
            }
        }
    }

    /// The built-in interviewer stands in for the writer, after what the candidate has seen of its line.
    pub(super) fn fall_back(&mut self, failure: WriterFailure, shown: &str, effects: &mut Vec<Effect>) {
        let Some(pending) = self.pending.take() else { return };
        effects.push(Effect::FellBack { ask: pending.ask, failure });
        self.say_from_bank(pending, Some(failure), whole_statements(shown), effects);
    }

    /// Says a line in the built-in interviewer's words, at once.
    pub(super) fn say_own(&mut self, decision: Decision, turn: TurnId, effects: &mut Vec<Effect>) {
        let now = self.now;
        let ask = self.next_ask();
        let pending = Pending {
            ask,
            attempt: 1,
            rejected: None,
            first_try: FirstTry::default(),
            decision,
            turn,
            first_words_by: now,
            whole_by: now,
            counted: false,
        };
        self.say_from_bank(pending, None, "", effects);
    }

    /// Goes down from what was decided to what can still be said without repeating anything: another topic, the
    /// next stage, in the end goodbye.
    fn say_from_bank(
        &mut self,
        mut pending: Pending,
        failure: Option<WriterFailure>,
        shown: &str,
        effects: &mut Vec<Effect>,
    ) {
        loop {
            if let Some(text) = self.given(&pending.decision) {
                let line = Line { text: text.clone(), took_up: None };
                return self.speak(pending.decision, pending.turn, line, failure.into(), effects);
            }
            let brief = self.brief(&pending);
            if let Some(line) = bank::compose(&brief).filter(|line| check_line(&brief, &line.text).is_ok()) {
                let line = after(&brief, shown, line);
                return self.speak(pending.decision, pending.turn, line, failure.into(), effects);
            }
            let decision = &pending.decision;
            pending.decision = match decision.purpose {
                Purpose::Closing => {
                    let text =
                        format!("Thank you, {}. That brings us to the end.", self.profile.first_name());
                    let line = Line { text, took_up: None };
                    return self.speak(pending.decision, pending.turn, line, failure.into(), effects);
                }
                // Nothing needs to be said into a silence.
                Purpose::Wait | Purpose::Nudge | Purpose::Offer => return,
                Purpose::Transition => self.goodbye(crate::EndReason::Finished),
                Purpose::Question => self.advance(),
                Purpose::Probe if decision.stage > self.stage => self.advance(),
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
    pub(super) fn speak(
        &mut self,
        decision: Decision,
        turn: TurnId,
        line: Line,
        wording: Wording,
        effects: &mut Vec<Effect>,
    ) {
        let Decision { purpose, stage, topic, missing, probe, made, ends } = decision;
        if stage > self.stage {
            self.enter(stage);
            effects.push(Effect::Entered { stage: self.stage().id.clone(), at: self.now });
        }
        if purpose.asks_anew() {
            let question = line.question().to_owned();
            self.asked.push(question.clone().into());
            self.question = Some(question);
        }
        self.turn_to(purpose, topic.clone(), probe);
        let by_words = self.by_words && probe.is_some();
        let Wording { source, instead } = wording;
        let why = Why { purpose, topic, missing, took_up: line.took_up, probe, made, by_words, instead };
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

    /// Begins a stage. What was being told stays to be asked on: for this stage nothing of it was asked, nor is it covered.
    pub(super) fn enter(&mut self, stage: usize) {
        self.stage = stage;
        self.here = Here::default();
        self.occasion = Occasion {
            asked: Vec::new(),
            covered: false,
            redirected: false,
            made_smaller: false,
            made_concrete: false,
            ..std::mem::take(&mut self.occasion)
        };
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
            Purpose::Probe | Purpose::Care => {
                if topic == self.occasion.topic {
                    self.occasion.asked.extend(probe);
                } else {
                    self.turn_to(Purpose::Question, topic, None);
                }
                self.occasion.cared |= purpose == Purpose::Care;
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
}

/// A line of the built-in interviewer after words that the candidate has seen already; by itself where they do not go
/// together.
fn after(brief: &Brief, shown: &str, line: Line) -> Line {
    if shown.is_empty() {
        return line;
    }
    let text = match brief.purpose {
        // What was shown takes the place of a line that asks nothing.
        Purpose::Closing | Purpose::Wait | Purpose::Nudge => shown.to_owned(),
        Purpose::Transition => format!("{shown} {}", line.text),
        Purpose::Opening
        | Purpose::Question
        | Purpose::Probe
        | Purpose::Repeat
        | Purpose::Clarify
        | Purpose::Redirect
        | Purpose::Smaller
        | Purpose::Concrete
        | Purpose::Care
        | Purpose::Boundary
        | Purpose::Offer => format!("{shown} {}", line.question()),
    };
    if check_line(brief, &text).is_ok() { Line { text, ..line } } else { line }
}

/// What is wrong with a line, and with which of its words, for whoever writes it again.
fn told(brief: &Brief, text: &str, unfit: Unfit) -> String {
    let words = unfit_words(brief, text, unfit);
    if words.is_empty() { unfit.to_string() } else { format!("{unfit} (\"{words}\")") }
}
