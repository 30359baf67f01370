//! What a writer is told for a line.

use crate::heard::Element;
use crate::reading::Probe;
use crate::session::{AwaitedLine, Session};
use crate::{
    Brief, Exchange, InterviewHistory, LinePurpose, Message, Modality, Speaker, Stage, StageBrief,
    UnixMillis, WriterTimeouts, bank,
};

/// How many of the last exchanges a writer is told.
const RECENT: usize = 4;
/// How many of the last lines a writer is told, so as to vary.
const SAID: usize = 6;
/// How many earlier answers a writer is told, by so many words of each.
const EARLIER: usize = 16;
const FIRST_WORDS: usize = 16;

impl Session {
    /// Everything a writer needs for a line.
    pub(super) fn brief(&self, pending: &AwaitedLine) -> Brief {
        let AwaitedLine {
            ask, attempt, rejected, first_try, decision, turn, first_words_by, whole_by, ..
        } = pending;
        let stage = &self.plan.stages[decision.stage];
        let leaving = (decision.stage > self.stage).then(|| self.stage().title.clone());
        let lines = self.transcript.iter().rev().filter(|m| m.speaker == Speaker::Interviewer);
        Brief {
            ask: *ask,
            attempt: *attempt,
            rejected: rejected.clone(),
            first_try: first_try.clone(),
            turn: turn.clone(),
            purpose: decision.purpose,
            stage: StageBrief {
                id: stage.id.clone(),
                title: stage.title.clone(),
                goal: stage.goal.clone(),
                kind: stage.kind,
                posting: stage.posting,
            },
            leaving,
            profile: self.profile.clone(),
            topic: decision.topic.clone(),
            missing: decision.missing,
            probe: decision.probe,
            made: decision.made,
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
            filler: self.filler(pending),
            patient_by: self.patient_by(*first_words_by),
            whole_by: *whole_by,
            stall: self.settings.stall,
            so_far: self.so_far(stage, decision.stage == self.stage),
        }
    }

    /// What may be said while a spoken line is waited for: another one each time, none when all were said. Nothing
    /// where it would not be what a person says: before the first question, after a word of grief, at the end.
    fn filler(&self, pending: &AwaitedLine) -> Option<String> {
        let fits = match pending.decision.purpose {
            LinePurpose::Question
            | LinePurpose::Probe
            | LinePurpose::Transition
            | LinePurpose::Smaller
            | LinePurpose::Concrete => true,
            LinePurpose::Opening
            | LinePurpose::Clarify
            | LinePurpose::Redirect
            | LinePurpose::Care
            | LinePurpose::Boundary
            | LinePurpose::Repeat
            | LinePurpose::Wait
            | LinePurpose::Nudge
            | LinePurpose::Offer
            | LinePurpose::Closing => false,
        };
        let wanted = fits && self.modality == Modality::Voice && pending.attempt == 1;
        wanted.then(|| bank::filler(self.seed, self.fillers)).flatten().map(str::to_owned)
    }

    /// Until when the first words are waited for by somebody who heard a filler.
    fn patient_by(&self, first_words_by: UnixMillis) -> UnixMillis {
        let WriterTimeouts { voice_patience, voice_first_words, .. } = self.settings;
        match self.modality {
            Modality::Text => first_words_by,
            Modality::Voice => first_words_by.saturating_add((voice_patience - voice_first_words).max(0)),
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

    /// What the interview has had so far, beyond the last exchanges.
    fn so_far(&self, stage: &Stage, here: bool) -> InterviewHistory {
        let answers = self.transcript.iter().filter(|m| m.speaker == Speaker::Candidate);
        // The last ones stand in the exchanges, whole.
        let earlier = answers.clone().rev().skip(RECENT).map(|answer| first_words(&answer.text));
        let turns = if here { self.here.turns } else { 0 };
        InterviewHistory {
            answers: answers.map(|answer| answer.text.clone()).collect(),
            earlier_answers: earlier.take(EARLIER).collect(),
            covered: self.used.clone(),
            turns_left: stage.max_turns.saturating_sub(turns),
            declined: self.declined(),
            painful: self.answers_followed_by(LinePurpose::Care).map(|care| care.to_owned()).collect(),
        }
    }

    /// The questions that brought no answer: skipped, or too hard.
    fn declined(&self) -> Vec<String> {
        let of = |purpose: LinePurpose| {
            move |message: &&Message| message.why.as_ref().is_some_and(|why| why.purpose == purpose)
        };
        let pairs = self.transcript.windows(2);
        let skipped = pairs.filter(|pair| pair.iter().all(|m| m.speaker == Speaker::Interviewer));
        let skipped = skipped.filter(|pair| {
            [LinePurpose::Question, LinePurpose::Transition].iter().any(|purpose| of(*purpose)(&&pair[1]))
        });
        let hard = self.transcript.windows(3).filter(|three| {
            three[0].speaker == Speaker::Interviewer
                && three[1].speaker == Speaker::Candidate
                && of(LinePurpose::Smaller)(&&three[2])
        });
        let lines = skipped.map(|pair| &pair[0]).chain(hard.map(|three| &three[0]));
        lines.map(|line| crate::check::question_of(&line.text).to_owned()).collect()
    }

    /// The answers that a line for this purpose followed.
    fn answers_followed_by(&self, purpose: LinePurpose) -> impl Iterator<Item = &str> {
        self.transcript.windows(2).filter_map(move |pair| {
            let care = pair[1].why.as_ref().is_some_and(|why| why.purpose == purpose);
            (care && pair[0].speaker == Speaker::Candidate).then_some(pair[0].text.as_str())
        })
    }
}

/// How a text begins: its first words.
fn first_words(text: &str) -> String {
    let mut words = text.split_whitespace();
    let first: Vec<&str> = words.by_ref().take(FIRST_WORDS).collect();
    let more = if words.next().is_some() { " ..." } else { "" };
    first.join(" ") + more
}

/// The element that a question is about, for writers that are briefed by elements.
pub(super) fn element_of(probe: Probe) -> Option<Element> {
    Some(match probe {
        Probe::OwnPart => Element::Role,
        Probe::Collaboration => Element::Team,
        Probe::FirstStep | Probe::Detail | Probe::Depth | Probe::Example | Probe::Clarify => Element::Action,
        Probe::Context | Probe::Timeline => Element::Situation,
        Probe::Task | Probe::Priorities => Element::Task,
        Probe::Scale | Probe::Measure => Element::Scale,
        Probe::Reasoning | Probe::Alternatives | Probe::TradeOff | Probe::Motivation => Element::Reasoning,
        Probe::Obstacle | Probe::HardMoment => Element::Obstacle,
        Probe::Result | Probe::Reaction | Probe::OtherSide => Element::Result,
        Probe::Learned | Probe::Differently | Probe::Transfer => Element::Reflection,
        Probe::NewTopic | Probe::CloseGently => return None,
    })
}
