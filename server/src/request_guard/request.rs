//! Logs each request, ends those that take too long, and answers for those that panic.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt as _;
use http::{HeaderName, HeaderValue, StatusCode};
use protocol::engine_api::error::Code;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::refuse;
use crate::ids;
use crate::metrics::Metrics;

/// How long a request may take until its response begins.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The pattern of the files that a browser loads.
const ASSETS: &str = "/assets/{*file}";
/// What is asked for so often, and says so little, that it is logged only where it fails.
const QUIET: [&str; 6] = [ASSETS, "/favicon.svg", "/favicon.ico", "/healthz", "/readyz", "/metrics"];

/// Runs a request. The log names it by an id, its method, the pattern of its path (never the path itself),
/// its status and how long it took until the answer began; endpoints and the engine add the session.
pub async fn run(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let id = ids::random().simple().to_string();
    let path = request.uri().path().to_owned();
    let pattern = match request.extensions().get::<MatchedPath>() {
        Some(pattern) => pattern.as_str(),
        // A service of its own, which tells no pattern.
        None if path.starts_with("/assets/") => ASSETS,
        None => "(none)",
    };
    let pattern = pattern.to_owned();
    let span = tracing::info_span!(
        "request",
        request.id = id,
        request.method = %request.method(),
        request.route = pattern,
        session.id = tracing::field::Empty
    );
    let began = Instant::now();
    let mut response = answer(path, request, next).instrument(span.clone()).await;
    let (status, took) = (response.status(), began.elapsed());
    metrics.answered(&pattern, status, took);
    let (code, duration_ms) = (status.as_u16(), took.as_millis() as u64);
    let quiet = QUIET.contains(&pattern.as_str()) && !status.is_client_error();
    let _entered = span.entered();
    match (status.is_server_error(), quiet) {
        (true, _) => tracing::error!(response.status = code, response.duration_ms = duration_ms, "answered"),
        (false, false) => {
            tracing::info!(response.status = code, response.duration_ms = duration_ms, "answered")
        }
        (false, true) => {
            tracing::debug!(response.status = code, response.duration_ms = duration_ms, "answered")
        }
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

async fn answer(path: String, request: Request, next: Next) -> Response {
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(REQUEST_TIMEOUT, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            let sentence = "Something went wrong on the server. Nothing that was kept is lost.";
            refuse(&path, StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, sentence)
        }
        Err(_) => {
            let sentence = "This took too long. Please try again in a moment.";
            refuse(&path, StatusCode::SERVICE_UNAVAILABLE, Code::Busy, sentence)
        }
    }
}

/// Adds the session to what the log says of this request. (Where a browser asks, the check of whose session it
/// is does that.)
pub fn note_session(id: engine::SessionId) {
    tracing::Span::current().record("session.id", tracing::field::display(id));
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn broken() -> &'static str {
        panic!("Zanzibar")
    }

    async fn answered(path: &str) -> (u16, String) {
        let routes = Router::new()
            .route("/slow", get(std::future::pending::<&'static str>))
            .route("/engine/slow", get(std::future::pending::<&'static str>))
            .route("/broken", get(broken))
            .route("/engine/broken", get(broken))
            .layer(from_fn_with_state(Metrics::new("none", 0.0), run));
        let response = routes.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert!(response.headers().contains_key("x-request-id"));
        let status = response.status().as_u16();
        (status, String::from_utf8(to_bytes(response.into_body(), 1000).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_ended_in_the_shape_of_its_path() {
        let began = Instant::now();
        let (status, text) = answered("/slow").await;
        assert_eq!((status, began.elapsed().as_secs()), (503, REQUEST_TIMEOUT.as_secs()));
        assert!(text.starts_with("This took too long."), "{text}");
        let (status, text) = answered("/engine/slow").await;
        assert!(status == 503 && text.starts_with(r#"{"error":{"code":"busy""#), "{text}");
    }

    #[tokio::test]
    async fn what_panics_is_answered_without_a_word_of_it() {
        for (path, begins) in
            [("/broken", "Something went wrong"), ("/engine/broken", r#"{"error":{"code":"internal""#)]
        {
            let (status, text) = answered(path).await;
            assert!(status == 500 && text.starts_with(begins) && !text.contains("Zanzibar"), "{text}");
        }
    }
}
