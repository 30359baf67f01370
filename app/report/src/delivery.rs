//! How it was spoken, as far as it was measured.

use std::collections::BTreeMap;

use interview::{Message, Millis, Modality, Speaker};
use serde::Serialize;

use crate::measure::spoke;
use crate::statement::{Book, Kind};
use crate::{Harm, Performance, Quotation, Statement, wire};

/// How the spoken answers were spoken. What was typed, and what the system harmed, is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// It, in a sentence or two, with how the longest answer begins.
    pub statement: Statement,
    /// How many answers are counted.
    pub answers: usize,
    /// How many spoken answers are not, and why.
    #[serde(serialize_with = "wire::left_out")]
    pub left_out: Vec<(u32, Harm)>,
    /// Words a minute.
    pub words_a_minute: usize,
    /// The longest answer, in milliseconds.
    pub longest_ms: Millis,
    /// "Um", "er" and the like, as far as hearing wrote them down.
    pub fillers: usize,
    /// Of a hundred words said in those exchanges, how many were the candidate's.
    pub share: usize,
}

/// Less speech than this says nothing, in milliseconds.
const LEAST: Millis = 20_000;
const FILLERS: [&str; 9] = ["um", "uh", "uhm", "umm", "er", "erm", "hmm", "mm", "ah"];

pub(crate) fn delivery(
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
    book: &mut Book<'_>,
) -> Option<Delivery> {
    let mut left_out = Vec::new();
    let mut counted: Vec<(&Message, Millis)> = Vec::new();
    let spoken = |m: &&Message| m.speaker == Speaker::Candidate && m.modality == Modality::Voice;
    for message in of.messages.iter().filter(spoken) {
        match (harms.get(&message.seq).and_then(|harms| harms.first()), spoke(of, message)) {
            (Some(harm), _) => left_out.push((message.seq, *harm)),
            (None, Some(spoke)) if spoke > 0 => counted.push((message, spoke)),
            (None, _) => {}
        }
    }
    let total: Millis = counted.iter().map(|(_, spoke)| spoke).sum();
    if total < LEAST {
        return None;
    }
    let words = |m: &Message| m.text.split_whitespace().count();
    let said: usize = counted.iter().map(|(message, _)| words(message)).sum();
    let asked: usize = of.messages.iter().filter(|m| m.speaker == Speaker::Interviewer).map(words).sum();
    let per_minute =
        |words: usize, spoke: Millis| words * 60_000 / usize::try_from(spoke.max(1)).unwrap_or(1);
    let fillers = counted
        .iter()
        .flat_map(|(message, _)| message.text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| FILLERS.contains(&word.to_lowercase().as_str()))
        .count();
    let (longest, longest_ms) =
        counted.iter().copied().max_by_key(|(m, spoke)| (*spoke, std::cmp::Reverse(m.seq)))?;
    let first = interview::listen::sentences(&longest.text).into_iter().next()?;
    let on = Quotation::at(longest, first)?;
    let words_a_minute = per_minute(said, total);
    let fillers_said = match fillers {
        0 => String::new(),
        1 => " One filler was heard.".to_owned(),
        n => format!(" {n} fillers were heard."),
    };
    let text = format!(
        "{words_a_minute} words a minute.{fillers_said} The longest answer took {}; it begins",
        length(longest_ms)
    );
    Some(Delivery {
        statement: book.enter(Statement::new(Kind::Delivery, "delivery", text, on))?,
        answers: counted.len(),
        left_out,
        words_a_minute,
        longest_ms,
        fillers,
        share: said * 100 / (said + asked).max(1),
    })
}

/// "45 s", "2 min 40 s".
pub fn length(ms: Millis) -> String {
    let seconds = (ms + 500) / 1_000;
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s} s"),
        (m, 0) => format!("{m} min"),
        (m, s) => format!("{m} min {s} s"),
    }
}
