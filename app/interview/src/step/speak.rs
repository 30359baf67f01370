//! How a decision becomes a line: the ask, what comes back, and what stands in for it.

use super::LineAuthorship;
use crate::reading::Probe;
use crate::session::{AwaitedLine, Decision, Occasion, Session, SilenceResponse, StageProgress, Status};
use crate::{
    AskId, Brief, Effect, FirstTry, LineDefect, LinePurpose, LineRationale, LineSource, Message, Modality,
    Moment, Speaker, TurnId, WriterFailure, WriterLine, bank, check::whole_statements, check_line,
    unfit_words,
};

impl Session {
    /// Asks the writer for the line that was decided on; what needs no writer is said at once.
    pub(super) fn request_line(
        &mut self,
        decision: Decision,
        turn: TurnId,
        counted: bool,
        effects: &mut Vec<Effect>,
    ) {
        if self.scripted_line(&decision).is_some() {
            return self.say_own(decision, turn, effects);
        }
        match decision.purpose {
            LinePurpose::Repeat | LinePurpose::Wait | LinePurpose::Nudge | LinePurpose::Offer => {
                self.say_own(decision, turn, effects);
            }
            LinePurpose::Opening
            | LinePurpose::Question
            | LinePurpose::Probe
            | LinePurpose::Transition
            | LinePurpose::Clarify
            | LinePurpose::Redirect
            | LinePurpose::Smaller
            | LinePurpose::Concrete
            | LinePurpose::Care
            | LinePurpose::Boundary
            | LinePurpose::Closing => {
                let (first, whole) = match self.modality {
                    Modality::Text => (self.settings.text_first_words, self.settings.text_whole),
                    Modality::Voice => (self.settings.voice_first_words, self.settings.voice_whole),
                };
                let pending = AwaitedLine {
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
    fn scripted_line(&self, decision: &Decision) -> Option<&String> {
        if matches!(decision.purpose, LinePurpose::Opening | LinePurpose::Transition) {
            return self.plan.stages[decision.stage].ask.as_ref();
        }
        self.plan.goodbye.as_ref().filter(|_| decision.purpose == LinePurpose::Closing)
    }

    pub(super) fn next_ask(&mut self) -> AskId {
        self.asks += 1;
        AskId(self.asks)
    }

    fn await_line(&mut self, pending: AwaitedLine, effects: &mut Vec<Effect>) {
        effects.push(Effect::Ask(Box::new(self.brief(&pending))));
        self.pending = Some(pending);
    }

    /// After a restart: asks again for a line that was asked for and never came. Empty if none was.
    pub fn resume(&mut self, now: impl Into<Moment>) -> Vec<Effect> {
        self.pass_time(now.into());
        let mut effects = Vec::new();
        if let Some(AwaitedLine { decision, turn, counted, .. }) = self.pending.take() {
            self.request_line(decision, turn, counted, &mut effects);
        }
        effects
    }

    pub(super) fn line(
        &mut self,
        ask: AskId,
        text: String,
        took_up: Option<String>,
        source: LineSource,
        effects: &mut Vec<Effect>,
    ) {
        let Some(pending) = self.pending.take_if(|pending| pending.ask == ask) else { return };
        let brief = self.brief(&pending);
        match check_line(&brief, &text) {
            Ok(()) => self.speak(
                pending.decision,
                pending.turn,
                WriterLine { text, took_up },
                source.into(),
                effects,
            ),
            Err(unfit) if pending.attempt == 1 && source == LineSource::Model => {
                let again = AwaitedLine {
                    ask: self.next_ask(),
                    attempt: 2,
                    rejected: Some(explain_rejection(&brief, &text, unfit)),
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
        let pending = AwaitedLine {
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
        mut pending: AwaitedLine,
        failure: Option<WriterFailure>,
        shown: &str,
        effects: &mut Vec<Effect>,
    ) {
        loop {
            if let Some(text) = self.scripted_line(&pending.decision) {
                let line = WriterLine { text: text.clone(), took_up: None };
                return self.speak(pending.decision, pending.turn, line, failure.into(), effects);
            }
            let brief = self.brief(&pending);
            if let Some(line) = bank::compose(&brief).filter(|line| check_line(&brief, &line.text).is_ok()) {
                let line = append_to_shown(&brief, shown, line);
                return self.speak(pending.decision, pending.turn, line, failure.into(), effects);
            }
            let decision = &pending.decision;
            pending.decision = match decision.purpose {
                LinePurpose::Closing => {
                    let text =
                        format!("Thank you, {}. That brings us to the end.", self.profile.first_name());
                    let line = WriterLine { text, took_up: None };
                    return self.speak(pending.decision, pending.turn, line, failure.into(), effects);
                }
                // Nothing needs to be said into a silence.
                LinePurpose::Wait | LinePurpose::Nudge | LinePurpose::Offer => return,
                LinePurpose::Transition => self.goodbye(crate::EndReason::Finished),
                LinePurpose::Question => self.advance(),
                LinePurpose::Probe if decision.stage > self.stage => self.advance(),
                LinePurpose::Opening
                | LinePurpose::Probe
                | LinePurpose::Repeat
                | LinePurpose::Clarify
                | LinePurpose::Redirect
                | LinePurpose::Smaller
                | LinePurpose::Concrete
                | LinePurpose::Care
                | LinePurpose::Boundary => self.next_topic(LinePurpose::Question),
            };
        }
    }

    /// The line is there: it is said, and what was decided takes effect.
    pub(super) fn speak(
        &mut self,
        decision: Decision,
        turn: TurnId,
        line: WriterLine,
        wording: LineAuthorship,
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
        self.update_occasion(purpose, topic.clone(), probe);
        let by_words = self.by_words && probe.is_some();
        let LineAuthorship { source, instead } = wording;
        let why =
            LineRationale { purpose, topic, missing, took_up: line.took_up, probe, made, by_words, instead };
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
            LinePurpose::Nudge => self.hush = SilenceResponse::Nudged,
            LinePurpose::Offer => self.hush = SilenceResponse::Offered,
            LinePurpose::Wait => self.patient = true,
            LinePurpose::Opening
            | LinePurpose::Question
            | LinePurpose::Probe
            | LinePurpose::Transition
            | LinePurpose::Repeat
            | LinePurpose::Clarify
            | LinePurpose::Redirect
            | LinePurpose::Smaller
            | LinePurpose::Concrete
            | LinePurpose::Care
            | LinePurpose::Boundary
            | LinePurpose::Closing => {
                self.quiet_since = self.now;
                self.hush = SilenceResponse::None;
            }
        }
        if let Some(reason) = ends {
            self.set_status(Status::Completed(reason), effects);
        }
    }

    /// Begins a stage. What was being told stays to be asked on: for this stage nothing of it was asked, nor is it covered.
    pub(super) fn enter(&mut self, stage: usize) {
        self.stage = stage;
        self.here = StageProgress::default();
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
    fn update_occasion(&mut self, purpose: LinePurpose, topic: Option<String>, probe: Option<Probe>) {
        match purpose {
            LinePurpose::Opening
            | LinePurpose::Question
            | LinePurpose::Transition
            | LinePurpose::Boundary => {
                if let Some(topic) = &topic
                    && !self.used.contains(topic)
                {
                    self.used.push(topic.clone());
                }
                self.occasion = Occasion { topic, ..Occasion::default() };
            }
            LinePurpose::Probe | LinePurpose::Care => {
                if topic == self.occasion.topic {
                    self.occasion.asked.extend(probe);
                } else {
                    self.update_occasion(LinePurpose::Question, topic, None);
                }
                self.occasion.cared |= purpose == LinePurpose::Care;
            }
            LinePurpose::Redirect => self.occasion.redirected = true,
            LinePurpose::Smaller => self.occasion.made_smaller = true,
            LinePurpose::Concrete => self.occasion.made_concrete = true,
            LinePurpose::Repeat
            | LinePurpose::Clarify
            | LinePurpose::Wait
            | LinePurpose::Nudge
            | LinePurpose::Offer
            | LinePurpose::Closing => {}
        }
    }
}

/// A line of the built-in interviewer after words that the candidate has seen already; by itself where they do not go
/// together.
fn append_to_shown(brief: &Brief, shown: &str, line: WriterLine) -> WriterLine {
    if shown.is_empty() {
        return line;
    }
    let text = match brief.purpose {
        // What was shown takes the place of a line that asks nothing.
        LinePurpose::Closing | LinePurpose::Wait | LinePurpose::Nudge => shown.to_owned(),
        LinePurpose::Transition => format!("{shown} {}", line.text),
        LinePurpose::Opening
        | LinePurpose::Question
        | LinePurpose::Probe
        | LinePurpose::Repeat
        | LinePurpose::Clarify
        | LinePurpose::Redirect
        | LinePurpose::Smaller
        | LinePurpose::Concrete
        | LinePurpose::Care
        | LinePurpose::Boundary
        | LinePurpose::Offer => format!("{shown} {}", line.question()),
    };
    if check_line(brief, &text).is_ok() { WriterLine { text, ..line } } else { line }
}

/// What is wrong with a line, and with which of its words, for whoever writes it again.
fn explain_rejection(brief: &Brief, text: &str, unfit: LineDefect) -> String {
    let words = unfit_words(brief, text, unfit);
    if words.is_empty() { unfit.to_string() } else { format!("{unfit} (\"{words}\")") }
}
