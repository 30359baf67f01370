//! What a page's interview answers beside the page itself: live changes, files and sound. Only for its own browser.

pub mod events;
pub mod export;
pub mod sound;
mod zip;

use app::AppError;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::{EngineError, Owner, SessionId, StoreError};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::request_guard::{rate, visitor};
use crate::wired::Wired;

/// The routes.
pub fn router(wired: &Wired) -> Router<Wired> {
    Router::new()
        .route("/interview/{id}/events", get(events::handle))
        .route("/interview/{id}/export", get(export::handle))
        .route("/interview/{id}/sound/{seq}", get(sound::handle))
        .route_layer(from_fn_with_state(wired.clone(), rate::limit))
}

/// How long those wait, in seconds, for whom there is no place.
const COME_BACK: HeaderValue = HeaderValue::from_static("10");

/// Why a browser does not get it.
#[derive(Debug)]
pub enum BrowserRefusal {
    /// No such interview, or someone else's: nobody can tell which.
    NotFound,
    /// What was asked for is not one of the things there are.
    Malformed(&'static str),
    /// As many interviews are followed as can be, or as this browser may.
    Full,
    /// The engine did not do it.
    Failed(EngineError),
}

impl From<EngineError> for BrowserRefusal {
    fn from(error: EngineError) -> Self {
        if matches!(error, EngineError::NotFound) { Self::NotFound } else { Self::Failed(error) }
    }
}

impl IntoResponse for BrowserRefusal {
    fn into_response(self) -> Response {
        let (status, sentence) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "There is no such interview here.\n".to_owned()),
            Self::Malformed(sentence) => (StatusCode::BAD_REQUEST, format!("{sentence}\n")),
            Self::Full => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many interviews are being followed just now; close some of them, or come back in a moment.\n"
                    .to_owned(),
            ),
            Self::Failed(EngineError::Busy | EngineError::ShuttingDown) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The server is busy; try again in a moment.\n".to_owned(),
            ),
            Self::Failed(error @ EngineError::Store(StoreError::Storage(..) | StoreError::Newer(_))) => {
                let error = AppError::from(error);
                (error.status(), format!("{error}\n"))
            }
            Self::Failed(_) => {
                let sentence = "Something went wrong on the server. Nothing that was kept is lost.\n";
                (StatusCode::INTERNAL_SERVER_ERROR, sentence.to_owned())
            }
        };
        let kind = HeaderValue::from_static("text/plain; charset=utf-8");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], sentence).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, COME_BACK);
        }
        response
    }
}

/// The interview of this id, if it belongs to the browser that asks; and which browser that is.
async fn find_owned_interview(
    wired: &Wired,
    headers: &HeaderMap,
    id: &str,
) -> Result<(SessionId, Owner), BrowserRefusal> {
    let id = SessionId::parse(id).ok_or(BrowserRefusal::NotFound)?;
    let owner = visitor::owner_from_cookie(headers, wired).ok_or(BrowserRefusal::NotFound)?;
    wired.engine.check_owner(id, &owner).await?;
    Ok((id, owner))
}
