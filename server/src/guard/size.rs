//! No request is larger than it can have reason to be.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{StatusCode, header};

use super::refuse;
use crate::engine_api::error::Code;

/// Most bytes of a turn sent to the engine API.
pub const TURN_BYTES: usize = 128 * 1024;
/// Most bytes of anything that may hold a CV and a job description: 20 000 characters each, of up to four
/// bytes, each byte written as three (`%C3`) in a form.
pub const PROFILE_BYTES: usize = 512 * 1024;

/// Reads a body of at most `limit` bytes. `None` if it is longer, or ends before its end.
pub async fn read(request: Request, limit: usize) -> Option<Bytes> {
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return None;
    }
    to_bytes(request.into_body(), limit).await.ok()
}

/// Reads the body of a page's request whole before it is looked at.
pub async fn limit(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let length = parts.headers.get(header::CONTENT_LENGTH).cloned();
    let mut to_read = Request::new(body);
    if let Some(length) = length {
        to_read.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    match read(to_read, PROFILE_BYTES).await {
        Some(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        None => {
            let sentence =
                "What was sent is too large. Please shorten it: 20 000 characters are the most for a CV.";
            refuse(&path, StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, sentence)
        }
    }
}
