//! `GET /healthz`: the process answers. `GET /readyz`: interviews can be held.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use engine::{Engine, EngineError, StorageFault, StoreError};
use http::{HeaderValue, StatusCode, header};

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// After so many seconds whoever was told "not ready" may look again.
const LOOK_AGAIN: HeaderValue = HeaderValue::from_static("1");

/// Interviews can be held: the store can be read and written, and there is room for new ones.
pub async fn ready(State(engine): State<Engine>) -> Response {
    match engine.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, LOOK_AGAIN)], why(&error))
                .into_response()
        }
    }
}

/// In words that name no file.
fn why(error: &EngineError) -> &'static str {
    match error {
        EngineError::ShuttingDown => "not ready: the server is shutting down\n",
        EngineError::Store(StoreError::Busy(_)) => "not ready: another program holds the database\n",
        EngineError::Store(StoreError::Storage(fault, _)) => match fault {
            StorageFault::Full => "not ready: the disk is full\n",
            StorageFault::Low => "not ready: the disk is almost full, so no new interview is begun\n",
            StorageFault::ReadOnly => "not ready: the data folder cannot be written\n",
            StorageFault::Damaged => "not ready: the database is damaged\n",
        },
        EngineError::NotFound
        | EngineError::UnknownPlan(_)
        | EngineError::BlankText
        | EngineError::LongText { .. }
        | EngineError::NotStarted
        | EngineError::AlreadyStarted
        | EngineError::Ended
        | EngineError::TurnMismatch(_)
        | EngineError::NothingHeard
        | EngineError::NoStatement
        | EngineError::NoAnswer
        | EngineError::TooMany { .. }
        | EngineError::NotCorrectable
        | EngineError::Unchanged
        | EngineError::Stale { .. }
        | EngineError::Busy
        | EngineError::Store(_) => "not ready\n",
    }
}
