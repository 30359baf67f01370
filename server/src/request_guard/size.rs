//! No request is larger than it can have reason to be, and none is sent for ever.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures::StreamExt as _;
use http::{StatusCode, header};
use protocol::engine_api::error::Code;

use super::refuse;

/// Most bytes of a turn sent to the engine API.
pub const TURN_BYTES: usize = 128 * 1024;
/// Most bytes of anything that may hold a CV and a job description: 20 000 characters each, of up to four
/// bytes, each byte written as three (`%C3`) in a form.
pub const PROFILE_BYTES: usize = 512 * 1024;
/// Most bytes of the sound of an answer: what is kept of one, and what its file has around it.
pub const SOUND_BYTES: usize = 4 * 1024 * 1024;
/// How long a client may take to send a body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyReadError {
    /// It is longer than it may be.
    TooLarge,
    /// It was not there within [`BODY_TIMEOUT`].
    TooSlow,
    /// It ended before its end, or is no body.
    Broken,
}

/// Reads a body of at most `limit` bytes.
pub async fn read(request: Request, limit: usize) -> Result<Bytes, BodyReadError> {
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(BodyReadError::TooLarge);
    }
    let all = async {
        let mut read = Vec::new();
        let mut pieces = request.into_body().into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| BodyReadError::Broken)?;
            if read.len() + piece.len() > limit {
                return Err(BodyReadError::TooLarge);
            }
            read.extend_from_slice(&piece);
        }
        Ok(Bytes::from(read))
    };
    tokio::time::timeout(BODY_TIMEOUT, all).await.unwrap_or(Err(BodyReadError::TooSlow))
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
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(BodyReadError::TooLarge) => {
            let sentence = "What was sent is too large. Go back, where it still stands, and shorten it: 20,000 characters are the most for a CV.";
            refuse(&path, StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, sentence)
        }
        Err(BodyReadError::TooSlow) => {
            let sentence = "Sending this took too long. Please try again.";
            refuse(&path, StatusCode::REQUEST_TIMEOUT, Code::TooSlow, sentence)
        }
        Err(BodyReadError::Broken) => {
            let sentence = "Only a part of this arrived. Please try again.";
            refuse(&path, StatusCode::BAD_REQUEST, Code::Malformed, sentence)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;
    use tokio::time::Instant;

    fn sent(pause: Duration, pieces: usize) -> Request {
        let pieces = stream::iter(0..pieces).then(move |_| async move {
            tokio::time::sleep(pause).await;
            Ok::<_, std::io::Error>("x".repeat(10))
        });
        Request::new(Body::from_stream(pieces))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_dribbles_is_not_waited_for() {
        let began = Instant::now();
        assert_eq!(read(sent(Duration::from_secs(1), 10), 1_000).await.unwrap().len(), 100);
        assert_eq!(read(sent(Duration::from_secs(1), 10), 99).await, Err(BodyReadError::TooLarge));
        let began = began + began.elapsed();
        assert_eq!(read(sent(Duration::from_secs(1), 1_000), 100_000).await, Err(BodyReadError::TooSlow));
        assert_eq!(began.elapsed(), BODY_TIMEOUT);
        let broken = Body::from_stream(stream::iter([Ok("x"), Err(std::io::Error::other("gone"))]));
        assert_eq!(read(Request::new(broken), 1_000).await, Err(BodyReadError::Broken));
    }
}
