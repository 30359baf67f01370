//! What can go wrong for a page, in words for a person.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a server function did not do what it was told. Travels as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// No such interview, or someone else's.
    #[error("There is no such interview here.")]
    NotFound,
    /// Something in a form is not right; says what to do.
    #[error("{0}")]
    Invalid(String),
    /// The interview went on in between: what was sent goes by a question that is not the open one any more.
    #[error(
        "A new question came up before this arrived, so it was not taken. Read the question above, then send it again."
    )]
    Stale,
    /// The interview is over.
    #[error("This interview is over. Everything said is kept.")]
    Ended,
    /// Too much is going on.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
    /// This browser, or its address, asked more often than it may.
    #[error("That was a lot at once. Please try again in {}.", spoken(*seconds))]
    TooOften {
        /// How many seconds until it may again.
        seconds: u64,
    },
    /// The browser keeps no cookies, by which its interviews are found again.
    #[error(
        "Your browser blocks cookies for this page, so an interview could not be found again. Allow cookies for this page, then try again."
    )]
    NoCookies,
    /// Nobody can talk here, or not now; says what to do.
    #[error("{0}")]
    NoVoice(String),
    /// This browser, or its address, talks in as many interviews as it may; says what to do.
    #[error("{0}")]
    VoiceShare(String),
    /// The server was not reached.
    #[error("The server could not be reached.")]
    Unreachable,
    /// There is no room on the server's disk.
    #[error(
        "The server\u{2019}s disk is full, so this could not be kept. Nothing said before is lost. Free some space there, then send it again."
    )]
    DiskFull,
    /// There is hardly any room on the server's disk.
    #[error(
        "The server\u{2019}s disk is almost full, so no new interview can be started. Interviews under way go on. Free some space there, then try again."
    )]
    DiskLow,
    /// The server may not write to its disk.
    #[error(
        "The server cannot write to its data folder just now, so this could not be kept. Nothing said before is lost. Make the folder writable, then send it again."
    )]
    ReadOnly,
    /// What the server's disk holds of it is not what was written.
    #[error(
        "The server\u{2019}s saved copy of this is damaged. Whoever runs the server can restore a backup; its log says more."
    )]
    Damaged,
    /// A newer version of the program wrote it.
    #[error(
        "This interview was made by a newer version of InterviewOS. Nothing of it is lost: update InterviewOS to go on with it."
    )]
    Newer,
    /// The server could not do it.
    #[error("Something went wrong on the server. Nothing that was kept is lost.")]
    Failed,
}

/// "a second", "12 seconds"
fn spoken(seconds: u64) -> String {
    match seconds {
        0 | 1 => "a second".to_owned(),
        n => format!("{n} seconds"),
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            // On the server what cannot be read is what was sent; in the browser, what came back.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => {
                Self::Invalid("What was sent could not be read. Please try again.".to_owned())
            }
            #[cfg(not(feature = "ssr"))]
            ServerFnErrorErr::Deserialization(_) => Self::Failed,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::Invalid("Something was missing from what was sent. Please try again.".to_owned())
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => Self::Failed,
        }
    }
}

#[cfg(feature = "ssr")]
impl AppError {
    /// The HTTP status that says the same.
    pub fn status(&self) -> http::StatusCode {
        use http::StatusCode;
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale | Self::Ended => StatusCode::CONFLICT,
            Self::NoCookies => StatusCode::FORBIDDEN,
            Self::TooOften { .. } | Self::VoiceShare(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::NoVoice(_) | Self::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
            Self::DiskFull | Self::DiskLow => StatusCode::INSUFFICIENT_STORAGE,
            Self::ReadOnly => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed | Self::Damaged | Self::Newer => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<engine::EngineError> for AppError {
    fn from(error: engine::EngineError) -> Self {
        use engine::{EngineError, StorageFault, StoreError};
        match error {
            EngineError::NotFound => Self::NotFound,
            EngineError::UnknownPlan(_) => Self::Invalid("Please choose one of the plans.".to_owned()),
            EngineError::BlankText => Self::Invalid("Write an answer, or skip.".to_owned()),
            EngineError::LongText { limit } => Self::Invalid(format!(
                "The answer is longer than {limit} characters. Shorten it, then send it again."
            )),
            EngineError::NotCorrectable => Self::Invalid(
                "This line can no longer be corrected: a question has been asked about it since.".to_owned(),
            ),
            EngineError::Unchanged => Self::Invalid(
                "It reads like this already. Change what was misheard, then save it.".to_owned(),
            ),
            EngineError::NoAnswer => {
                Self::Invalid("There is no answer there that can be given again.".to_owned())
            }
            EngineError::TooMany { most } => Self::Invalid(format!(
                "There are already {most}, which is the limit. Remove one that is no longer needed, then try again."
            )),
            EngineError::Ended => Self::Ended,
            // It was corrected or struck meanwhile, and the page is made anew.
            EngineError::NoStatement
            | EngineError::NotStarted
            | EngineError::AlreadyStarted
            | EngineError::TurnMismatch(_)
            | EngineError::NothingHeard
            | EngineError::Stale { .. } => Self::Stale,
            EngineError::Busy | EngineError::ShuttingDown => Self::Busy,
            EngineError::Store(StoreError::Storage(StorageFault::Full, _)) => Self::DiskFull,
            EngineError::Store(StoreError::Storage(StorageFault::Low, _)) => Self::DiskLow,
            EngineError::Store(StoreError::Busy(_)) => Self::Busy,
            EngineError::Store(StoreError::Storage(StorageFault::ReadOnly, _)) => Self::ReadOnly,
            EngineError::Store(StoreError::Storage(StorageFault::Damaged, _)) => Self::Damaged,
            EngineError::Store(StoreError::Newer(_)) => Self::Newer,
            // Logged where it happened.
            EngineError::Store(_) => Self::Failed,
        }
    }
}
