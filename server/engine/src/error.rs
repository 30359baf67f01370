//! What can go wrong for a caller.

use interview::{Status, TurnId};

/// Why the engine did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No such session (or not this owner's).
    #[error("there is no such interview")]
    NotFound,
    /// No plan of that id.
    #[error("there is no plan `{0}`")]
    UnknownPlan(String),
    /// The words are blank.
    #[error("the text is blank")]
    BlankText,
    /// The words are too long.
    #[error("the text is longer than {limit} characters")]
    LongText {
        /// The limit.
        limit: usize,
    },
    /// The interview was not opened yet.
    #[error("the interview has not been started")]
    NotStarted,
    /// The interview was opened before, by another turn.
    #[error("the interview was started before")]
    AlreadyStarted,
    /// The interview is over.
    #[error("the interview is over")]
    Ended,
    /// The turn id was used before, with other content.
    #[error("the turn {0:?} was sent before with other content")]
    TurnMismatch(TurnId),
    /// `heard` names a turn that has no reply, or words that are not the beginning of it.
    #[error("nothing was said in that turn that begins like this")]
    NothingHeard,
    /// The report states nothing of that name.
    #[error("the report states nothing of that name")]
    NoStatement,
    /// There is no answer of that number that may be corrected: it is the interviewer's, or it was typed and something
    /// has been asked on it.
    #[error("there is no answer there that may be corrected")]
    NotCorrectable,
    /// The answer reads like this already.
    #[error("the answer reads like this already")]
    Unchanged,
    /// There is no answer of that number that can be given again.
    #[error("there is no answer there that can be given again")]
    NoAnswer,
    /// There are as many links to the interview, or comments on it, as there may be.
    #[error("there are {most} already, and no more are kept")]
    TooMany {
        /// How many there may be.
        most: usize,
    },
    /// Someone else changed the session in between; the caller should read it again.
    #[error("the interview went on meanwhile")]
    Stale {
        /// Where it stands now.
        status: Status,
    },
    /// Too much is under way; try again in a moment.
    #[error("too much is going on; try again in a moment")]
    Busy,
    /// The server is shutting down.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// The store failed; logged where it happened.
    #[error("the interview could not be stored")]
    Store(#[from] crate::StoreError),
}
