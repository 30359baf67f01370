//! `GET /healthz`: the process answers. `GET /readyz`: interviews can be held.

use axum::extract::State;
use engine::Engine;
use http::StatusCode;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Interviews can be held: the store can be read and written.
pub async fn ready(State(engine): State<Engine>) -> (StatusCode, &'static str) {
    match engine.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}
