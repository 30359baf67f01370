//! What can be wrong with a line.

/// What is wrong with a line, and the words of it that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// The kind.
    pub kind: LineFaultKind,
    /// The words of the line, as the rules read them.
    pub words: String,
}

impl LineFault {
    /// A slip of this kind, if there are words of it.
    pub(super) fn of(kind: LineFaultKind, words: Option<String>) -> Option<Self> {
        words.map(|words| Self { kind, words })
    }
}

/// What an interviewer does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineFaultKind {
    /// Asks about what is private or protected, and was not volunteered.
    Private,
    /// Greets somebody else, or speaks about the person instead of to them.
    NotToThem,
    /// Gives advice.
    Advice,
    /// Tells of its own directions.
    Leak,
    /// Rates what was said.
    Rating,
    /// Is sarcastic.
    Sarcasm,
    /// Blames.
    Blame,
    /// Puts the answer into the person's mouth.
    Leading,
    /// Promises something about the outcome.
    Promise,
    /// Ends the interview, or leaves the stage, where that is not due; or begins it again.
    Stage,
    /// States a name or a figure that was never given.
    Unsaid,
    /// Says the person's own words back in the first person, or at length.
    Echo,
}
