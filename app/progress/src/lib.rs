//! What shows over several interviews of one person: how often stories held what a story can hold, what they claimed beside
//! what they showed, and what is due to be practised.
//!
//! Pure functions of what is stored, as the report is: the same interviews always give the same, in whatever order they
//! come. Nothing reads a clock; whoever asks says what time it is.
#![warn(clippy::disallowed_methods)]

mod course;
mod ledger;
mod schedule;

use interview::{Message, Plan, Speaker, UnixMillis};
use report::Report;

pub use course::{Course, Direction, LEAST, MOST_SHOWN, OverallCourse, StoryFraction, courses};
pub use ledger::{Claim, ClaimKind, FigureDiscrepancy, Ledger, LedgerQuote, ledger};
pub use schedule::{DuePractice, LastPractice, PracticeTarget, due};

/// What an interview is among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterviewKind {
    /// One of its own.
    Whole,
    /// One question of another, answered again: practice, and compared with no whole interview.
    Take,
    /// It goes on from a line of another one that is there too: what both share is counted there alone.
    Fork,
}

/// An interview, with what was learnt from it.
#[derive(Debug, Clone)]
pub struct ReportedInterview<'a> {
    /// When it was begun.
    pub at: UnixMillis,
    /// True once it is over.
    pub over: bool,
    /// What it is among the others.
    pub kind: InterviewKind,
    /// The plan it follows.
    pub plan: &'a Plan,
    /// Everything said in it alone, in order.
    pub messages: Vec<&'a Message>,
    /// The report on it, without what its person has struck.
    pub report: &'a Report,
}

impl ReportedInterview<'_> {
    /// True if a model read the answers of its stories, most of them at least; else words alone were gone by, which find
    /// less.
    fn was_read(&self) -> bool {
        let answers = || self.messages.iter().filter(|m| m.speaker == Speaker::Candidate);
        answers().filter(|m| m.reading.is_some()).count() * 2 > answers().count()
    }
}

/// The places of interviews, the first begun first; of two begun at once the one that was given first.
fn in_order(held: &[ReportedInterview<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..held.len()).collect();
    order.sort_by_key(|at| held[*at].at);
    order
}
