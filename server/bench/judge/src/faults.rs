//! Faults that need no judge.

use ::interview::LinePurpose;
use ::interview::listen::{figures, stems};
use ::interview::reading::{Part, Probe, Tone};

use crate::interview::{LineToGrade, question};

/// So many words of the answer in a row are an echo.
const ECHO: usize = 5;
/// A question may be said so often: once more, because that was asked for.
const AGAIN: usize = 2;

/// Number words that a question has of its own: "one moment".
const OWN: [&str; 4] = ["one", "half", "twice", "two"];
/// Praise and blame.
const VERDICTS: [&str; 9] = [
    "great",
    "perfect",
    "excellent",
    "impressive",
    "amazing",
    "well done",
    "good job",
    "wonderful",
    "fantastic",
];

/// What is wrong with the line of this number among these, if that can be told without judgement.
pub fn fault(lines: &[LineToGrade], at: usize) -> Option<&'static str> {
    let line = &lines[at];
    let low = line.text.to_lowercase();
    let told = line.answer.to_lowercase();
    let counted = |text: &str| figures(text).into_iter().map(|at| text[at].to_owned()).collect::<Vec<_>>();
    let answered = counted(&told);
    if counted(&low).iter().any(|figure| !OWN.contains(&figure.as_str()) && answered.contains(figure)) {
        return Some("a figure of the answer comes back");
    }
    let words: Vec<&str> = low.split_whitespace().collect();
    if words.windows(ECHO).any(|run| told.contains(&run.join(" "))) {
        return Some("words of the answer come back");
    }
    if line.purpose == LinePurpose::Probe && leads_with_setback(line) {
        return Some("a setback in the lead");
    }
    let whole = line.reading.tells(Part::Result);
    if line.purpose == LinePurpose::Probe && whole && line.probe == Some(Probe::Result) {
        return Some("the result was told");
    }
    if VERDICTS.iter().any(|verdict| format!(" {} ", plain(&low)).contains(&format!(" {verdict} "))) {
        return Some("a verdict");
    }
    if low.matches('?').count() > 1 {
        return Some("more than one question");
    }
    let before = lines[..at].iter().filter(|before| question(&before.text) == question(&line.text)).count();
    if before >= AGAIN || before > 0 && line.purpose.asks_anew() && line.purpose != LinePurpose::Probe {
        return Some("asked before in the same words");
    }
    None
}

/// Whether what is said before the question has a word of a sentence that tells a setback.
fn leads_with_setback(line: &LineToGrade) -> bool {
    let asked = question(&line.text).len();
    let lead = stems(&line.text[..line.text.len() - asked]);
    let setbacks = line.reading.sentences.iter().filter(|sentence| sentence.tone == Tone::Setback);
    let mut told =
        setbacks.filter_map(|at| line.answer.get(at.start as usize..at.end as usize)).flat_map(stems);
    told.any(|stem| stem != "sorri" && lead.contains(&stem))
}

/// The words alone.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
