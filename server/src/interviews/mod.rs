//! What a page's interview answers beside the page itself: live changes and files. Only for its own browser.

pub mod events;
pub mod export;

use axum::response::{IntoResponse, Response};
use engine::{EngineError, SessionId};
use http::{HeaderMap, StatusCode, header};

use crate::guard::visitor;
use crate::wired::Wired;

/// Why a browser does not get it.
#[derive(Debug)]
pub enum Refusal {
    /// No such interview, or someone else's: nobody can tell which.
    NotFound,
    /// What was asked for is not one of the things there are.
    Malformed(&'static str),
    /// The engine did not do it.
    Failed(EngineError),
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        if matches!(error, EngineError::NotFound) { Self::NotFound } else { Self::Failed(error) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, sentence) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "There is no such interview here.\n".to_owned()),
            Self::Malformed(sentence) => (StatusCode::BAD_REQUEST, format!("{sentence}\n")),
            Self::Failed(EngineError::Busy | EngineError::ShuttingDown) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "There is much going on just now; try again in a moment.\n".to_owned(),
            ),
            Self::Failed(_) => {
                let sentence = "Something went wrong on the server. Nothing that was kept is lost.\n";
                (StatusCode::INTERNAL_SERVER_ERROR, sentence.to_owned())
            }
        };
        (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], sentence).into_response()
    }
}

/// The interview of this id, if it belongs to the browser that asks.
async fn owned(wired: &Wired, headers: &HeaderMap, id: &str) -> Result<SessionId, Refusal> {
    let id = SessionId::parse(id).ok_or(Refusal::NotFound)?;
    let owner = visitor::known(headers, wired).ok_or(Refusal::NotFound)?;
    wired.engine.check_owner(id, &owner).await?;
    Ok(id)
}
