//! Errors of the engine API: `{"error": {"code", "message"}}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use engine::{EngineError, StorageFault, StoreError};
use http::{HeaderValue, StatusCode, header};
use protocol::engine_api::error::{Code, ErrorBody, ErrorDetail};

/// An error of the engine API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    detail: ErrorDetail,
}

impl ApiError {
    /// An error with a status, a code and a sentence.
    pub fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        Self { status, detail: ErrorDetail { code, message: message.into() } }
    }

    /// The request is not one.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::Malformed, message)
    }

    /// No such session.
    pub fn no_session() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "There is no session of this id.")
    }

    /// Nothing can be kept or read. Which file it is stands in the log alone.
    fn storage(fault: StorageFault) -> Self {
        let (status, code, message) = match fault {
            StorageFault::Full => (
                StatusCode::INSUFFICIENT_STORAGE,
                Code::DiskFull,
                "The server's disk is full; nothing said before is lost. Free some space there, then send the same again.",
            ),
            StorageFault::Low => (
                StatusCode::INSUFFICIENT_STORAGE,
                Code::DiskFull,
                "The server's disk is almost full, so no new interview is begun; those under way go on. Free some space there, then send the same again.",
            ),
            StorageFault::ReadOnly => (
                StatusCode::SERVICE_UNAVAILABLE,
                Code::ReadOnly,
                "The server cannot write to its data folder; nothing said before is lost. Make it writable, then send the same again.",
            ),
            StorageFault::Damaged => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Damaged,
                "What the server's disk holds of this session is damaged; put a backup in its place (the server's log says more).",
            ),
        };
        Self::new(status, code, message)
    }

    /// The request is understood and cannot be done.
    pub fn unprocessable(code: Code, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        let conflict = |code, message: &str| Self::new(StatusCode::CONFLICT, code, message);
        let busy = |message: &str| Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::Busy, message);
        match error {
            // No call of this API shares.
            EngineError::NotFound | EngineError::TooMany { .. } => Self::no_session(),
            EngineError::NoAnswer => Self::unprocessable(
                Code::NoAnswer,
                "No question is answered there: `answer` is the number of something that the candidate said.",
            ),
            EngineError::UnknownPlan(_) => {
                let plans: Vec<String> = interview::Plan::all().into_iter().map(|plan| plan.id).collect();
                let message = format!("There is no such plan; there are: {}.", plans.join(", "));
                Self::unprocessable(Code::UnknownPlan, message)
            }
            EngineError::BlankText => Self::unprocessable(Code::BlankText, "The text is blank."),
            EngineError::LongText { limit } => {
                Self::unprocessable(Code::TextTooLong, format!("The text is longer than {limit} characters."))
            }
            EngineError::NotStarted => {
                conflict(Code::NotStarted, "The interview was not opened yet; send `start` first.")
            }
            EngineError::AlreadyStarted => {
                conflict(Code::AlreadyStarted, "The interview was opened before, by another turn.")
            }
            EngineError::Ended => conflict(Code::SessionEnded, "The interview is over."),
            EngineError::TurnMismatch(_) => conflict(
                Code::TurnMismatch,
                "This turn id was sent before with other content; make a new one.",
            ),
            EngineError::NothingHeard => Self::unprocessable(
                Code::NothingHeard,
                "Nothing was said in that turn that begins like this; `heard` takes the turn id of a reply and the beginning of its text.",
            ),
            EngineError::NoStatement => Self::unprocessable(
                Code::NoStatement,
                "The report states nothing of that name; read it again.",
            ),
            EngineError::NotCorrectable => Self::unprocessable(
                Code::NotCorrectable,
                "There is no answer there that can be corrected: `seq` must name a spoken answer, or a typed one with no follow-up question yet.",
            ),
            EngineError::Unchanged => Self::unprocessable(
                Code::Unchanged,
                "The answer reads like this already; there is nothing to correct.",
            ),
            EngineError::Stale { .. } => {
                conflict(Code::Stale, "The session went on meanwhile; read it again.")
            }
            EngineError::Busy => busy("Too much is under way; try again in a moment."),
            EngineError::ShuttingDown => busy("The server is shutting down; try again in a moment."),
            EngineError::Store(StoreError::Storage(fault, _)) => Self::storage(fault),
            EngineError::Store(StoreError::Busy(_)) => {
                busy("Another program holds the server's database; send the same again in a moment.")
            }
            EngineError::Store(StoreError::Newer(_)) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::NewerVersion,
                "This session was made by a newer version of InterviewOS; nothing of it is lost. Update the server to go on with it.",
            ),
            // Logged where it happened; its text is nobody else's business.
            EngineError::Store(_) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Internal,
                "The server could not store this; try again.",
            ),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // What is off stays off.
        let later = self.status == StatusCode::SERVICE_UNAVAILABLE && self.detail.code != Code::VoiceOff;
        let mut response = (self.status, Json(ErrorBody { error: self.detail })).into_response();
        if later {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
