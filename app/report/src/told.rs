//! What was told: the answers to each question, with those to the questions that followed it, sentence by sentence.

use std::collections::BTreeMap;
use std::ops::Range;

use interview::heard::{Element, Heard, Kind, Voice};
use interview::listen::{self, Heeded};
use interview::reading::{Likely, Part, Reading, Role, Who};
use interview::{Message, Purpose, Speaker, StageKind};

use crate::{Harm, Performance};

/// A question of its own, and everything said to it and to what followed it.
pub(crate) struct Told<'a> {
    pub(crate) question: &'a Message,
    /// The sort of stage it was asked in.
    pub(crate) kind: StageKind,
    /// The topic of the question; empty if it has none.
    pub(crate) topic: &'a str,
    pub(crate) runs: Vec<Run<'a>>,
}

/// What was said to one line of the interviewer's.
pub(crate) struct Run<'a> {
    /// The answer; in more than one message if it was taken up again before the next line.
    pub(crate) messages: Vec<&'a Message>,
    pub(crate) heard: Heard,
    /// What a model understood of it, if one read it.
    pub(crate) reading: Option<&'a Reading>,
    pub(crate) sentences: Vec<Sentence<'a>>,
}

/// A sentence of an answer.
pub(crate) struct Sentence<'a> {
    pub(crate) message: &'a Message,
    /// Where it is in the message, in bytes.
    pub(crate) place: Range<usize>,
    /// What it does and who acts, if a model read it.
    pub(crate) read: Option<(&'a [Likely<Role>], Who)>,
    /// What its words tell.
    pub(crate) elements: Vec<Element>,
    pub(crate) voice: Voice,
    /// Where its figures are in the message, in bytes.
    pub(crate) figures: Vec<Range<usize>>,
}

impl Run<'_> {
    /// True if it is an answer or an attempt at one, not a wish or a refusal.
    pub(crate) fn tells(&self) -> bool {
        matches!(self.heard.kind, Kind::Answer | Kind::Short | Kind::Vague)
    }
}

impl<'a> Told<'a> {
    /// What was told in answers.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &Run<'a>> {
        self.runs.iter().filter(|run| run.tells())
    }

    pub(crate) fn sentences(&self) -> impl Iterator<Item = &Sentence<'a>> {
        self.answers().flat_map(|run| &run.sentences)
    }

    /// How many words the answers have.
    pub(crate) fn words(&self) -> usize {
        self.answers().map(|run| run.heard.words as usize).sum()
    }

    /// What the system did to the answers, each once.
    pub(crate) fn harms(&self, harms: &BTreeMap<u32, Vec<Harm>>) -> Vec<Harm> {
        let messages = self.runs.iter().flat_map(|run| &run.messages);
        let mut found: Vec<Harm> = messages.filter_map(|m| harms.get(&m.seq)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How likely the answers hold this part, in thousandths; `None` where no model read them.
    pub(crate) fn likely(&self, part: Part) -> Option<u16> {
        self.answers().filter_map(|run| run.reading).map(|reading| reading.likely(part)).max()
    }

    /// The last sentence told.
    pub(crate) fn last(&self) -> Option<&Sentence<'a>> {
        self.sentences().last()
    }
}

/// True for a line that asks something of its own, not about what was told.
pub fn begins(line: &Message) -> bool {
    let purpose = line.why.as_ref().map(|why| why.purpose);
    matches!(purpose, Some(Purpose::Opening | Purpose::Question | Purpose::Transition))
}

/// True for a line after which something else is told: a question of its own, or the end.
pub(crate) fn turns_away(line: &Message) -> bool {
    begins(line) || line.why.as_ref().is_some_and(|why| why.purpose == Purpose::Closing)
}

/// What was told to the first line, with what followed it.
pub(crate) fn one<'a>(of: &Performance<'a>) -> Option<Told<'a>> {
    let question = of.messages.first().filter(|line| line.speaker == Speaker::Interviewer)?;
    let stage = of.plan.stages.iter().find(|stage| stage.id == question.stage);
    let kind = stage.map_or(StageKind::Experience, |stage| stage.kind);
    let topic = question.why.as_ref().and_then(|why| why.topic.as_deref()).unwrap_or_default();
    let pasted = format!("{}\n{}", of.profile.cv, of.profile.job_description);
    let mut told = Told { question, kind, topic, runs: Vec::new() };
    let mut line = question;
    let mut rest = of.messages;
    while let Some((next, after)) = rest.split_first() {
        if next.speaker == Speaker::Interviewer {
            (line, rest) = (next, after);
            continue;
        }
        let said = rest.iter().take_while(|m| m.speaker == Speaker::Candidate);
        let messages: Vec<&Message> = said.collect();
        rest = rest.get(messages.len()..).unwrap_or_default();
        let context = Heeded { question: &line.text, role: &of.profile.role, pasted: &pasted };
        told.runs.push(run(messages, context));
    }
    Some(told)
}

/// Everything told, by question, in order.
pub(crate) fn told<'a>(of: &Performance<'a>) -> Vec<Told<'a>> {
    let pasted = format!("{}\n{}", of.profile.cv, of.profile.job_description);
    let mut all: Vec<Told<'a>> = Vec::new();
    let mut at = 0;
    while let Some(line) = of.messages.get(at) {
        at += 1;
        if line.speaker == Speaker::Candidate {
            continue;
        }
        if begins(line) {
            let stage = of.plan.stages.iter().find(|stage| stage.id == line.stage);
            let kind = stage.map_or(StageKind::Experience, |stage| stage.kind);
            let topic = line.why.as_ref().and_then(|why| why.topic.as_deref()).unwrap_or_default();
            all.push(Told { question: line, kind, topic, runs: Vec::new() });
        }
        let messages: Vec<&Message> =
            of.messages[at..].iter().take_while(|m| m.speaker == Speaker::Candidate).collect();
        at += messages.len();
        if let (Some(told), false) = (all.last_mut(), messages.is_empty()) {
            let context = Heeded { question: &line.text, role: &of.profile.role, pasted: &pasted };
            told.runs.push(run(messages, context));
        }
    }
    all
}

fn run<'a>(messages: Vec<&'a Message>, context: Heeded<'_>) -> Run<'a> {
    let words: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    let heard = listen::listen(&words.join("\n"), context);
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, message) in messages.iter().enumerate() {
        let end = start + message.text.len();
        // A reading is of all that was said so far.
        let last = messages[at..].iter().rev().find_map(|later| later.reading.as_deref());
        let read =
            last.map(|reading| pieces(message, start..end, reading)).filter(|pieces| !pieces.is_empty());
        sentences.extend(read.unwrap_or_else(|| {
            let places = listen::sentences(&message.text).into_iter();
            places.map(|place| Sentence::of(message, place, None)).collect()
        }));
        start = end + 1;
    }
    let reading = messages.iter().rev().find_map(|message| message.reading.as_deref());
    Run { messages, heard, reading, sentences }
}

/// The sentences of a reading that are in this message, which is at this place of what was read. None if the reading is
/// of other words.
fn pieces<'a>(message: &'a Message, at: Range<usize>, reading: &'a Reading) -> Vec<Sentence<'a>> {
    let mut found = Vec::new();
    for sentence in &reading.sentences {
        let (from, to) = (sentence.start as usize, sentence.end as usize);
        if to <= at.start || from >= at.end || from >= to {
            continue;
        }
        let place = from.max(at.start) - at.start..to.min(at.end) - at.start;
        if message.text.get(place.clone()).is_none() {
            return Vec::new();
        }
        found.push(Sentence::of(message, place, Some((&sentence.roles, sentence.who))));
    }
    found
}

impl<'a> Sentence<'a> {
    fn of(message: &'a Message, place: Range<usize>, read: Option<(&'a [Likely<Role>], Who)>) -> Self {
        let text = message.text.get(place.clone()).unwrap_or_default();
        let heard = listen::listen(text, Heeded { question: "", role: "", pasted: "" });
        let figures = listen::figures(text).into_iter();
        let figures = figures.map(|figure| place.start + figure.start..place.start + figure.end).collect();
        Self { message, place, read, elements: heard.elements, voice: heard.voice, figures }
    }

    /// How likely it does this, in thousandths; `None` where no model read it.
    pub(crate) fn does(&self, role: Role) -> Option<u16> {
        let (roles, _) = self.read?;
        Some(roles.iter().find(|known| known.what == role).map_or(0, |known| known.likely))
    }

    /// Who acts in it, as far as can be told.
    pub(crate) fn who(&self) -> Who {
        match (self.read, self.voice) {
            (Some((_, who)), _) => who,
            (None, Voice::I) => Who::I,
            (None, Voice::We) => Who::We,
            (None, Voice::Mixed) => Who::None,
        }
    }

    /// How many words it has.
    pub(crate) fn words(&self) -> usize {
        self.message.text.get(self.place.clone()).map_or(0, |text| text.split_whitespace().count())
    }
}
