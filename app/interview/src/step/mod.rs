//! One event after another: what each changes, and what follows.

mod brief;
mod by_words;
mod choose;
mod correct;
mod decide;
mod introduce;
mod open;
mod quiet;
mod replay;
mod right;
mod speak;
mod stay;
mod time;
mod told;

use crate::heard::{AnswerAnalysis, AnswerKind};
use crate::reading::{AnswerReading, Part, Situation};
use crate::session::{Session, SilenceResponse, Status};
use crate::{
    Effect, EndReason, Event, LinePurpose, LineSource, Message, Modality, Moment, Request, Speaker, TurnId,
    WriterFailure, listen,
};

/// An interview of this many messages is brought to its end, whatever is said: a bound on what one session costs.
const MOST_MESSAGES: usize = 400;
/// From here on a situation decides by itself.
const SURE: u16 = 300;

/// From here on a situation says surely what an answer is.
const SAYS: u16 = 450;

/// A question of theirs, or words of not knowing, may stand beside an answer of at least so many words.
const WITH_AN_ANSWER: u32 = 12;

/// A question is said again or explained so often; whoever asks still has no answer to it. Without a limit an
/// interview with somebody who asks back for ever would never end.
const MOST_AGAIN: usize = 6;

impl Session {
    /// One event, at its time. Returns what to do, in order. Events that do not fit (an answer after the end, a
    /// line that nobody asked for) change nothing and return nothing.
    pub fn step(&mut self, event: Event, now: impl Into<Moment>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.status.is_completed() {
            match event {
                // What was heard of the last words may become known after them.
                Event::Heard { turn, text } => self.cut(&turn, &text, &mut effects),
                Event::Corrected { seq, text, reading } => self.correct(seq, &text, reading, &mut effects),
                Event::Understood { seq, reading } => self.store_late_reading(seq, reading, &mut effects),
                Event::Start { .. }
                | Event::Said { .. }
                | Event::Asked { .. }
                | Event::Silence { .. }
                | Event::Activity { .. }
                | Event::Line { .. }
                | Event::StoodBy { .. }
                | Event::WriterFailed { .. }
                | Event::End { .. }
                | Event::Tick => {}
            }
            return effects;
        }
        self.pass_time(now.into());
        match event {
            Event::Start { turn, modality } => self.start(turn, modality, &mut effects),
            Event::Said { turn, text, modality, reading } => {
                if self.status != Status::Ready && !text.trim().is_empty() {
                    self.handle_answer(turn, text, modality, reading, &mut effects);
                }
            }
            Event::Asked { turn, request } => {
                if self.status != Status::Ready {
                    self.handle_request(turn, request, &mut effects);
                }
            }
            Event::Silence { turn } => self.silence(turn, &mut effects),
            Event::Activity { modality } => self.activity(modality),
            Event::Line { ask, text, took_up, source } => self.line(ask, text, took_up, source, &mut effects),
            Event::StoodBy { ask } => {
                if self.pending() == Some(ask) {
                    self.fillers += 1;
                }
            }
            Event::WriterFailed { ask, failure, shown } => {
                if self.pending() == Some(ask) {
                    self.fall_back(failure, &shown, &mut effects);
                }
            }
            Event::Heard { turn, text } => self.cut(&turn, &text, &mut effects),
            Event::Corrected { seq, text, reading } => self.correct(seq, &text, reading, &mut effects),
            Event::Understood { seq, reading } => self.store_late_reading(seq, reading, &mut effects),
            Event::End { turn } => self.end(turn, &mut effects),
            Event::Tick => self.tick(&mut effects),
        }
        effects
    }

    fn start(&mut self, turn: TurnId, modality: Modality, effects: &mut Vec<Effect>) {
        if self.status != Status::Ready {
            return;
        }
        self.modality = modality;
        self.wake(effects);
        effects.push(Effect::Entered { stage: self.stage().id.clone(), at: self.now });
        let topic = self.first_topic(self.stage());
        let opening = self.in_current_stage(LinePurpose::Opening, topic);
        self.request_line(opening, turn, false, effects);
    }

    fn handle_answer(
        &mut self,
        turn: TurnId,
        text: String,
        modality: Modality,
        reading: Option<Box<AnswerReading>>,
        effects: &mut Vec<Effect>,
    ) {
        let message = Message {
            seq: 0,
            speaker: Speaker::Candidate,
            stage: self.stage().id.clone(),
            modality,
            text,
            at: self.now,
            turn: turn.clone(),
            source: None,
            why: None,
            cut: false,
            reading: reading.clone(),
            original: None,
        };
        self.hear(message, effects);
        self.respond_to_answer(turn, reading, effects);
    }

    /// Takes down what was said.
    fn hear(&mut self, message: Message, effects: &mut Vec<Effect>) {
        self.modality = message.modality;
        self.wake(effects);
        self.record(message, effects);
    }

    /// Goes by what was said since the last line: takes it in, and decides what comes next.
    fn respond_to_answer(
        &mut self,
        turn: TurnId,
        reading: Option<Box<AnswerReading>>,
        effects: &mut Vec<Effect>,
    ) {
        let (kind, counted) = self.interpret_answer(reading, effects);
        let decision = self.decide(kind, counted);
        let decision = if kind == AnswerKind::Answer { self.carry_story_over(decision) } else { decision };
        self.request_line(decision, turn, counted, effects);
    }

    /// Takes in what was said since the last line: what kind of thing it was, and whether it costs a turn.
    fn interpret_answer(
        &mut self,
        reading: Option<Box<AnswerReading>>,
        effects: &mut Vec<Effect>,
    ) -> (AnswerKind, bool) {
        let answer = self.open_answer();
        let heard = listen::listen(
            &answer,
            listen::AnswerContext {
                question: self.question.as_deref().unwrap_or_default(),
                role: &self.profile.role,
                pasted: &format!("{}\n{}", self.profile.cv, self.profile.job_description),
            },
        );
        let kind = self.kind_here(&heard, &answer);
        // Words alone take a shouting match for sport, and "my biggest learning" for empty words: where a model has read a
        // story, it is one.
        let told = reading.as_ref().is_some_and(|reading| {
            kind == AnswerKind::OffTopic && reads_as_answer(reading)
                || kind == AnswerKind::DontKnow && says_something(reading, heard.words)
                || kind == AnswerKind::Vague
                    && self.stage().kind.tells_stories()
                    && tells_one_event(reading, &answer)
        });
        // "I don't know if I should say this" is hard to say, and "Does that count?" comes with what is to count.
        let said = kind == AnswerKind::DontKnow && listen::hook(&answer) == Some(listen::Hook::Weight)
            || kind == AnswerKind::AsksClarify
                && heard.words >= WITH_AN_ANSWER
                && listen::asks_back(&answer) == Some(listen::AskedBack::Fit);
        let kind = if told || said { AnswerKind::Answer } else { kind };
        let counts = !matches!(kind, AnswerKind::AsksRepeat | AnswerKind::AsksClarify | AnswerKind::AsksWait);
        let counted = self.count(counts, effects);
        self.by_words = reading.is_none();
        let introduction = self.stage().kind.introduces();
        let reading = reading.unwrap_or_else(|| Box::new(by_words::read_by_words(&heard, introduction)));
        if kind.is_answer() {
            self.add_to_occasion(&heard, &reading);
        }
        self.reading = Some(reading);
        self.heard = Some(AnswerAnalysis { kind, ..heard });
        (kind, counted)
    }

    fn handle_request(&mut self, turn: TurnId, request: Request, effects: &mut Vec<Effect>) {
        self.wake(effects);
        let (kind, counts) = match request {
            Request::Repeat => (AnswerKind::AsksRepeat, false),
            Request::Wait => (AnswerKind::AsksWait, false),
            Request::Skip => (AnswerKind::AsksSkip, true),
            Request::MoveOn => (AnswerKind::AsksMoveOn, true),
        };
        let counted = self.count(counts, effects);
        // A button holds no words: nothing of the last answer is to be taken up again.
        (self.heard, self.reading) = (None, None);
        let decision = self.decide(kind, counted);
        self.request_line(decision, turn, counted, effects);
    }

    fn end(&mut self, turn: TurnId, effects: &mut Vec<Effect>) {
        if let Some(pending) = self.pending.take() {
            effects.push(Effect::Cancel(pending.ask));
        }
        if self.status == Status::Ready {
            self.set_status(Status::Completed(EndReason::Asked), effects);
            return;
        }
        let closing = self.goodbye(EndReason::Asked);
        self.say_own(closing, turn, effects);
    }

    /// Counts a turn, once for all that joins it; what was being written for it is no longer wanted.
    fn count(&mut self, counts: bool, effects: &mut Vec<Effect>) -> bool {
        let joined = self.pending.take();
        if let Some(pending) = &joined {
            effects.push(Effect::Cancel(pending.ask));
        }
        let before = joined.is_some_and(|pending| pending.counted);
        if counts && !before {
            self.here.turns += 1;
        }
        counts || before
    }

    /// What the candidate has said since the interviewer's last line.
    pub(crate) fn open_answer(&self) -> String {
        let open = self.transcript.iter().rev().take_while(|m| m.speaker == Speaker::Candidate);
        let mut parts: Vec<&str> = open.map(|m| m.text.as_str()).collect();
        parts.reverse();
        parts.join("\n")
    }

    /// The kind of what was said, given what it was said to: "yes" to an offer is a wish to go on.
    fn kind_here(&self, heard: &AnswerAnalysis, answer: &str) -> AnswerKind {
        let offered = self.last_purpose() == Some(LinePurpose::Offer);
        let asks_back = matches!(heard.kind, AnswerKind::AsksRepeat | AnswerKind::AsksClarify);
        let again = self.said_again();
        match (offered && heard.words <= 6).then(|| yes_or_no(answer)).flatten() {
            Some(true) => AnswerKind::AsksSkip,
            Some(false) => AnswerKind::AsksWait,
            // At the end a question is the candidate's own more often than one about the question.
            None if asks_back
                && self.stage().kind.closes()
                && (again > 0 || !is_about_the_question(answer)) =>
            {
                AnswerKind::Answer
            }
            None if asks_back && again >= MOST_AGAIN => AnswerKind::DontKnow,
            None => heard.kind,
        }
    }

    /// How often the open question was said again or explained.
    fn said_again(&self) -> usize {
        let lines = self.transcript.iter().rev().filter_map(|m| m.why.as_ref()).map(|why| why.purpose);
        let since = lines.take_while(|purpose| !purpose.asks_anew());
        since.filter(|purpose| matches!(purpose, LinePurpose::Repeat | LinePurpose::Clarify)).count()
    }

    fn last_purpose(&self) -> Option<LinePurpose> {
        let line = self.transcript.iter().rfind(|m| m.speaker == Speaker::Interviewer)?;
        line.why.as_ref().map(|why| why.purpose)
    }

    /// Adds what a real answer holds to the occasion.
    fn add_to_occasion(&mut self, heard: &AnswerAnalysis, reading: &AnswerReading) {
        // What they ask at the end is nothing to come back to.
        // Nor is what went wrong.
        let wrong = reading.is_setback() || self.tells_own_mistake(reading);
        let told = !wrong && !self.stage().kind.closes();
        if let Some(found) = correct::keepsake(heard).filter(|_| told) {
            self.keepsake = Some(found);
        }
        self.add_reading_to_occasion(reading);
        if !self.occasion.covered && self.covers(heard, reading) {
            self.occasion.covered = true;
            self.here.covered += 1;
        }
    }

    /// Back from a pause, or from a silence.
    fn wake(&mut self, effects: &mut Vec<Effect>) {
        self.quiet_since = self.now;
        self.hush = SilenceResponse::None;
        self.patient = false;
        if self.status != Status::Active {
            self.set_status(Status::Active, effects);
        }
    }

    fn set_status(&mut self, status: Status, effects: &mut Vec<Effect>) {
        self.status = status;
        effects.push(Effect::Became(status));
    }

    fn record(&mut self, mut message: Message, effects: &mut Vec<Effect>) {
        let last = self.transcript.last();
        message.seq = last.map_or(0, |m| m.seq) + 1;
        // A clock that was put back does not put what was said later before what was said earlier.
        message.at = last.map_or(message.at, |m| m.at.max(message.at));
        self.transcript.push(message.clone());
        effects.push(Effect::Record(message));
    }

    /// Cuts the reply of a turn to the words that were heard, if they are its beginning.
    fn cut(&mut self, turn: &TurnId, heard: &str, effects: &mut Vec<Effect>) {
        let of_turn = |m: &&mut Message| m.speaker == Speaker::Interviewer && m.turn == *turn;
        let Some(message) = self.transcript.iter_mut().rev().find(of_turn) else { return };
        let Some(end) = heard_until(&message.text, heard) else { return };
        if end < message.text.trim_end().len() {
            message.text.truncate(end);
            message.cut = true;
            effects.push(Effect::Amend(message.clone()));
        }
    }
}

/// Where in a line the heard words end; `None` unless they are its beginning. Compared word by word, without
/// case and punctuation, because a recogniser's or a player's words differ in both.
fn heard_until(line: &str, heard: &str) -> Option<usize> {
    let bare = |word: &str| {
        word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let mut wanted = heard.split_whitespace().map(bare).filter(|w| !w.is_empty()).peekable();
    wanted.peek()?;
    let mut end = 0;
    for word in line.split_inclusive(char::is_whitespace) {
        let start = end;
        end = start + word.len();
        let said = bare(word);
        if said.is_empty() {
            continue;
        }
        if wanted.next()? != said {
            return None;
        }
        if wanted.peek().is_none() {
            return Some(start + word.trim_end().len());
        }
    }
    None
}

/// Whether an answer was read to tell of something that happened, was done or came of it, or to say anything else about
/// the question: a view, a wish. Only what a model has read is named so.
fn reads_as_answer(reading: &AnswerReading) -> bool {
    let there = [Part::Situation, Part::Action, Part::Result].iter().any(|part| reading.has(*part));
    let beside = [Situation::OffTopic, Situation::Blank, Situation::Dodge];
    let says =
        reading.situations.first().is_some_and(|first| first.likely >= SAYS && !beside.contains(&first.what));
    !reading.wants.is_empty() && says || there && reading.situation() != Some(Situation::OffTopic)
}

/// Whether an answer of some length was read to say something: "If I can't teach it, I don't know it."
fn says_something(reading: &AnswerReading, words: u32) -> bool {
    let beside = [Situation::Blank, Situation::Dodge, Situation::OffTopic];
    let among = reading.situations.iter().take(2).any(|one| beside.contains(&one.what));
    words >= WITH_AN_ANSWER && !reading.wants.is_empty() && !reading.situations.is_empty() && !among
}

/// Whether an answer was read to tell of one thing that happened.
fn tells_one_event(reading: &AnswerReading, answer: &str) -> bool {
    let general = [Situation::Generality, Situation::ListOfDuties, Situation::Blank, Situation::Dodge];
    let event = listen::narrative_tense(answer) == Some(listen::NarrativeTense::Event);
    let read = reading.tells(Part::Situation) && !reading.wants.is_empty();
    event && read && !reading.situation().is_some_and(|first| general.contains(&first))
}

/// Whether a question back is about the question that was asked: "What do you mean?", not "Would I be outside?".
fn is_about_the_question(answer: &str) -> bool {
    const ABOUT: [&str; 9] =
        ["mean", "repeat", "again", "question", "understand", "pardon", "explain", "clarify", "catch"];
    let mut words =
        answer.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).filter(|w| !w.is_empty());
    let few = words.clone().count() <= 1;
    few || words.any(|word| ABOUT.contains(&word.as_str()))
}

/// A plain yes (true) or no (false) to an offer.
fn yes_or_no(answer: &str) -> Option<bool> {
    let first = answer.split(|c: char| !c.is_alphabetic()).find(|w| !w.is_empty())?.to_lowercase();
    match first.as_str() {
        "yes" | "yeah" | "yep" | "yup" | "sure" | "please" | "ok" | "okay" | "fine" => Some(true),
        "no" | "nope" | "nah" | "not" => Some(false),
        _ => None,
    }
}

/// Whose words a line is in, and why a writer's are not, if it stands in for them.
#[derive(Debug, Clone, Copy)]
struct LineAuthorship {
    source: LineSource,
    instead: Option<WriterFailure>,
}

impl From<LineSource> for LineAuthorship {
    fn from(source: LineSource) -> Self {
        Self { source, instead: None }
    }
}

impl From<Option<WriterFailure>> for LineAuthorship {
    fn from(instead: Option<WriterFailure>) -> Self {
        Self { source: if instead.is_some() { LineSource::Fallback } else { LineSource::Bank }, instead }
    }
}
