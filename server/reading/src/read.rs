//! An answer, read.

use interview::listen::{AnswerContext, listen};
use interview::reading::{
    AnswerReading, Ask, HardEventOwner, Likely, Part, Probe, Role, SentenceReading, Situation, THERE, Tone,
    Who,
};
use models::ModelFolder;

use crate::features::{self, AnswerEncoding};
use crate::heads::{Heads, WHOSE};
use crate::private::{PrivateHead, SplitLine};
use crate::split::sentences;
use crate::wants::{self, Wants};
use crate::{MiniLm, ReadError};

/// An answer in the place where it was given.
#[derive(Debug, Clone, Copy)]
pub struct AnswerInContext<'a> {
    /// What was asked.
    pub question: &'a str,
    /// What was answered.
    pub answer: &'a str,
    /// Whether it belongs to an introduction, not to an experience.
    pub introduction: bool,
}

/// How many situations and kinds of question a reading names.
const MOST: usize = 4;
/// A situation that is less likely than this says nothing.
const NOTICED: u16 = 80;
/// From here on a part that is not there is wanted.
const WANTED: u16 = 300;
/// The most sentences of an answer that are read: the first and the last of a longer one.
const LONGEST: usize = 60;

/// Reads answers, on one thread.
pub struct MiniLmReader {
    model: MiniLm,
    heads: Heads,
    wants: Wants,
    private: PrivateHead,
    /// The last question that was read, which answers to it share.
    question: Option<(String, Vec<f32>)>,
}

impl MiniLmReader {
    /// Loads the model, with the heads that come with the program.
    ///
    /// # Errors
    /// [`ReadError::Model`] where the model's files cannot be used.
    pub fn load(folder: &ModelFolder) -> Result<Self, ReadError> {
        Ok(Self::new(MiniLm::load(folder)?, Heads::shipped()?, Wants::shipped()?, PrivateHead::shipped()?))
    }

    /// With this model and these heads.
    pub fn new(model: MiniLm, heads: Heads, wants: Wants, private: PrivateHead) -> Self {
        Self { model, heads, wants, private, question: None }
    }

    /// Reads an answer. One without a word is read as saying nothing.
    ///
    /// # Errors
    /// [`ReadError::Model`] where the model fails.
    pub fn read(&mut self, asked: AnswerInContext<'_>) -> Result<AnswerReading, ReadError> {
        let ranges = sentences(asked.answer);
        let skipped = ranges.len().saturating_sub(LONGEST);
        let ranges: Vec<_> = ranges[..ranges.len().min(LONGEST / 2)]
            .iter()
            .chain(&ranges[ranges.len().min(LONGEST / 2) + skipped..])
            .cloned()
            .collect();
        let texts: Vec<&str> = ranges.iter().map(|range| &asked.answer[range.clone()]).collect();
        if texts.is_empty() {
            return Ok(nothing());
        }
        let seen = self.see(&texts, asked)?;
        let likely = self.heads.sentences.read(&seen, &self.heads.known);
        let row = features::answer(&seen, &likely.first, &likely.again, &self.heads.known);
        let whole = self.heads.answer.likely(&row);
        let sentences = ranges
            .iter()
            .zip(&likely.again)
            .map(|(range, likely)| sentence(range.start, range.end, likely))
            .collect();
        let mut reading = reading(&whole, sentences);
        reading.open = thousandths(self.heads.open.likely(&row)[0]);
        reading.wants = self.wants.of(&wants::inputs(&seen, &whole));
        // Figures are words: the interviewer's word rules find them more surely than the heads do.
        let numbers = has_numbers(asked.answer, asked.question);
        for part in reading.parts.iter_mut().filter(|part| part.what == Part::Numbers) {
            part.likely = if numbers { part.likely.max(THERE) } else { part.likely.min(THERE - 1) };
        }
        if numbers {
            reading.missing.retain(|part| part.what != Part::Numbers);
        }
        Ok(reading)
    }

    /// How likely it is that a line of the interviewer asks the candidate for something private, in thousandths.
    ///
    /// # Errors
    /// [`ReadError::Model`] where the model fails.
    pub fn private(&mut self, line: &str) -> Result<u16, ReadError> {
        let parts = SplitLine::of(line);
        let texts: Vec<&str> = parts.texts().collect();
        let mut meanings = self.model.embed(&texts)?.into_iter();
        let mut next =
            |text: &str| if text.is_empty() { Vec::new() } else { meanings.next().unwrap_or_default() };
        let (question, rest) = (next(&parts.question), next(&parts.rest));
        Ok(thousandths(self.private.likely(&parts, &question, &rest)))
    }

    /// The meanings of sentences and question.
    fn see(&mut self, texts: &[&str], asked: AnswerInContext<'_>) -> Result<AnswerEncoding, ReadError> {
        let known = self.question.as_ref().filter(|(text, _)| text == asked.question);
        let (meanings, question) = match known {
            Some((_, question)) => (self.model.embed(texts)?, question.clone()),
            None => {
                let all: Vec<&str> = texts.iter().copied().chain([asked.question]).collect();
                let mut meanings = self.model.embed(&all)?;
                let question = meanings.pop().unwrap_or_default();
                self.question = Some((asked.question.to_owned(), question.clone()));
                (meanings, question)
            }
        };
        Ok(AnswerEncoding::new(texts, meanings, asked.question, question, asked.introduction))
    }
}

/// Whether an answer tells a figure, a date or a length of time.
pub fn has_numbers(answer: &str, question: &str) -> bool {
    listen(answer, AnswerContext { question, role: "", pasted: "" }).has_numbers()
}

fn thousandths(likely: f32) -> u16 {
    (likely * 1000.0).round().clamp(0.0, 1000.0) as u16
}

/// The items with their probabilities, the likeliest first.
fn ranked<T: Copy>(items: &[T], likely: &[f32]) -> Vec<Likely<T>> {
    let mut ranked: Vec<Likely<T>> = items
        .iter()
        .zip(likely)
        .map(|(what, likely)| Likely { what: *what, likely: thousandths(*likely) })
        .collect();
    // Stable: where two are alike, the first one leads.
    ranked.sort_by_key(|one| std::cmp::Reverse(one.likely));
    ranked
}

fn sentence(start: usize, end: usize, likely: &[f32]) -> SentenceReading {
    let (roles, rest) = likely.split_at(Role::ALL.len());
    let (who, tones) = rest.split_at(Who::ALL.len());
    let mut roles = ranked(Role::ALL, roles);
    let there = roles.iter().take_while(|role| role.likely >= THERE).count();
    roles.truncate(there.max(1));
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    SentenceReading {
        start: place(start),
        end: place(end),
        roles,
        who: ranked(Who::ALL, who)[0].what,
        tone: ranked(Tone::ALL, tones)[0].what,
    }
}

fn reading(whole: &[f32], sentences: Vec<SentenceReading>) -> AnswerReading {
    let mut rest = whole;
    let mut next = |count: usize| {
        let (these, after) = rest.split_at(count);
        rest = after;
        these
    };
    let (there, missing) = (next(Part::ALL.len()), next(Part::ALL.len()));
    let (situations, asks, kinds) =
        (next(Situation::ALL.len()), next(Ask::ALL.len()), next(Probe::ALL.len()));
    let whose = next(WHOSE);
    let parts = Part::ALL.iter().zip(there);
    let parts: Vec<Likely<Part>> =
        parts.map(|(what, likely)| Likely { what: *what, likely: thousandths(*likely) }).collect();
    let is_there = |part: Part| parts.iter().any(|one| one.what == part && one.likely >= THERE);
    let mut missing = ranked(Part::ALL, missing);
    missing.retain(|one| one.likely >= WANTED && !is_there(one.what));
    let mut situations = ranked(Situation::ALL, situations);
    situations.truncate(MOST);
    let noticed = situations.iter().take_while(|one| one.likely >= NOTICED).count();
    situations.truncate(noticed.max(1));
    let kinds = ranked(Probe::ALL, kinds);
    let probes = ranked(Ask::ALL, asks).into_iter().take(MOST).filter_map(|ask| {
        let best = kinds.iter().find(|kind| kind.what.ask() == ask.what)?;
        Some(Likely { what: best.what, likely: ask.likely })
    });
    let concerns = |one: &Likely<Situation>| {
        matches!(one.what, Situation::HardEvent | Situation::SaidNo | Situation::RuleBent)
    };
    let whose = situations.iter().any(concerns).then_some(match (whose[0] >= 0.5, whose[1] >= 0.5) {
        (_, true) => HardEventOwner::Minor,
        (true, false) => HardEventOwner::Own,
        (false, false) => HardEventOwner::Other,
    });
    let (probes, handles, wants) = (probes.collect(), Vec::new(), Vec::new());
    AnswerReading { parts, situations, whose, missing, probes, handles, sentences, wants, open: 0 }
}

/// What is read in no words at all.
fn nothing() -> AnswerReading {
    let parts = Part::ALL.iter().map(|what| Likely { what: *what, likely: 0 }).collect();
    let situations = vec![Likely { what: Situation::Blank, likely: 1000 }];
    let probes = vec![Likely { what: Probe::CloseGently, likely: 1000 }];
    AnswerReading { parts, situations, probes, ..AnswerReading::default() }
}
