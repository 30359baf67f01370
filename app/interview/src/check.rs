//! Checks a line before anyone sees it.

mod asking;
mod sentences;

use crate::Brief;
use crate::fingerprint::Fingerprint;
use asking::{asks_by_imperative, sets_the_scene};

pub(crate) use sentences::{LineSentence, question_of, sentences, whole_statements};

/// What is wrong with a line, in words that a model can mend it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineDefect {
    /// Nothing was said.
    #[error("the line was empty")]
    Empty,
    /// Too many words to hold in the head.
    #[error("the line was too long; say it in at most 70 words")]
    TooLong,
    /// No question where one is due.
    #[error("the line asked nothing; ask exactly one question")]
    NoQuestion,
    /// More than one question.
    #[error("the line asked more than one question; ask exactly one")]
    ManyQuestions,
    /// The question was asked before, in these or nearly these words.
    #[error("the question was asked before; ask something else")]
    Repeats,
}

/// Longest line, in words.
const MAX_WORDS: usize = 70;

/// Checks a writer's line against its brief.
pub fn check_line(brief: &Brief, text: &str) -> Result<(), LineDefect> {
    let text = text.trim();
    if text.is_empty() {
        return Err(LineDefect::Empty);
    }
    if text.split_whitespace().count() > MAX_WORDS {
        return Err(LineDefect::TooLong);
    }
    let asks = brief.purpose.asks();
    let sentences = sentences(text);
    let questions = asked_in(&sentences);
    if asks && questions == 0 && !sentences.iter().any(|s| asks_by_imperative(s.text)) {
        return Err(LineDefect::NoQuestion);
    }
    if questions > usize::from(asks) {
        return Err(LineDefect::ManyQuestions);
    }
    if brief.purpose.asks_anew() && repeated(brief, question_of(text)).is_some() {
        return Err(LineDefect::Repeats);
    }
    Ok(())
}

/// The earlier question that this one repeats.
fn repeated(brief: &Brief, question: &str) -> Option<String> {
    let asked = Fingerprint::of(question);
    brief.avoid.iter().find(|earlier| earlier.collides(&asked)).map(|earlier| earlier.text().to_owned())
}

/// The words that make a line unfit in this way, where some do and others do not: its second question, the earlier one that it
/// repeats.
pub fn unfit_words(brief: &Brief, text: &str, unfit: LineDefect) -> String {
    let sentences = sentences(text.trim());
    let words = match unfit {
        LineDefect::Empty | LineDefect::TooLong | LineDefect::NoQuestion => "",
        // What was asked before, so that another question can be found.
        LineDefect::Repeats => return repeated(brief, question_of(text)).unwrap_or_default(),
        LineDefect::ManyQuestions => {
            let mut asking =
                sentences.iter().filter(|sentence| sentence.asks()).map(|sentence| sentence.text);
            let first = asking.next().unwrap_or_default();
            // Where one is due, the first is in order, unless it is two in one.
            if brief.purpose.asks() { asking.next().unwrap_or(first) } else { first }
        }
    };
    words.to_owned()
}

/// How many questions a line asks. A request counts once something was asked before it; one that only sets the scene
/// ("Take one day.", "Start with the alarm.") does not.
fn asked_in(sentences: &[LineSentence<'_>]) -> usize {
    let mut asked = 0;
    for sentence in sentences {
        let questions = sentence.questions();
        let request = questions == 0 && asks_by_imperative(sentence.text) && !sets_the_scene(sentence.text);
        asked += questions + usize::from(request && asked > 0);
    }
    asked
}
