//! How an interviewer speaks to a person, and what about: beyond the form of a line ([`crate::check_line`]), what it may
//! not say. A model's lines are held to it; the built-in interviewer's are written by it.
//!
//! Everything is told by frames of words, kept in `lists/`, and by what was said; of what is private a model that reads
//! lines has a say, too.

mod facts;
mod fault;
mod names;
mod person;
mod private;
mod sentence;
mod theirs;

pub use fault::{LineFault, LineFaultKind};
pub use private::{PrivacyFinding, PrivacyVerdict, judge_privacy_by_words, rephrase_as_request};

use crate::Brief;
use crate::check::{question_of, sentences};

/// The first thing that is wrong with a line, or with the beginning of one; `None` if nothing is. `likely`: how likely a
/// model takes it to ask about something private, as in [`PrivacyVerdict::is_private`].
pub fn find_fault(brief: &Brief, text: &str, likely: Option<u16>) -> Option<LineFault> {
    let private = judge_privacy_by_words(&brief.so_far, text);
    let refused = private.by.is_private(likely);
    if refused && private.by != PrivacyVerdict::Silent {
        return Some(LineFault { kind: LineFaultKind::Private, words: private.words });
    }
    sentences(text)
        .iter()
        .enumerate()
        .find_map(|(at, sentence)| sentence::find_sentence_fault(brief, sentence, at == 0))
        .or_else(|| LineFault::of(LineFaultKind::Unsaid, facts::find_unsaid_fact(brief, text)))
        .or_else(|| LineFault::of(LineFaultKind::Echo, facts::find_echo(brief, text)))
        // What a model alone finds comes last: it cannot say which words it means, the others can.
        .or_else(|| LineFault::of(LineFaultKind::Private, refused.then(|| question_of(text).to_owned())))
}

/// Whether the beginning of a line, whole sentences of it, can be said before its question is known: what is new in it
/// may lead to what nobody may ask.
pub fn may_begin(brief: &Brief, text: &str) -> bool {
    theirs::adds_nothing_new(brief, text)
}
