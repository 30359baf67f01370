//! What is wrong with a request.

use serde::{Deserialize, Serialize};
#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// What went wrong, for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request is not one: broken JSON, an unknown `event_type`, another content type.
    Malformed,
    /// `X-INGEST-SECRET` is missing or wrong.
    Unauthorized,
    /// The request came from another site.
    Forbidden,
    /// No such session, or no such address.
    NotFound,
    /// Another method is meant.
    MethodNotAllowed,
    /// The interview is over.
    SessionEnded,
    /// The turn id was used before with other content.
    TurnMismatch,
    /// The interview was not opened yet.
    NotStarted,
    /// The interview was opened before.
    AlreadyStarted,
    /// The session went on meanwhile; read it again.
    Stale,
    /// The request is too large.
    TooLarge,
    /// The request was not sent to its end in time.
    TooSlow,
    /// Too many requests came at once; `Retry-After` says when to come again.
    RateLimited,
    /// The text is blank.
    BlankText,
    /// The text is too long.
    TextTooLong,
    /// Something of the candidate's profile is not right.
    InvalidProfile,
    /// No plan of that id.
    UnknownPlan,
    /// Nothing was said in that turn that begins so.
    NothingHeard,
    /// The report states nothing of that name.
    NoStatement,
    /// The message may not be corrected.
    NotCorrectable,
    /// The message answers no question.
    NoAnswer,
    /// The message reads like this already.
    Unchanged,
    /// No sound is kept: the candidate has not switched that on, or there is as much as there may be.
    SoundNotKept,
    /// This server has no rooms for voice, or cannot hear and speak; go on by text.
    VoiceOff,
    /// Too much is under way; try again in a moment.
    Busy,
    /// The server's disk is full; send the same again once there is room.
    DiskFull,
    /// The server may not write to its disk; send the same again once it may.
    ReadOnly,
    /// What the server's disk holds of it is damaged.
    Damaged,
    /// A newer version of the program wrote the session; update this one.
    NewerVersion,
    /// The server failed.
    Internal,
}

/// What an error says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ErrorDetail {
    /// For a program; stable.
    pub code: Code,
    /// For a person; may change.
    pub message: String,
}

/// The body of every error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}
