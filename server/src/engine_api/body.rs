//! Reads the body of a request.

use axum::body::Bytes;
use axum::extract::Request;
use http::{StatusCode, header};
use protocol::engine_api::error::Code;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::request_guard::size::{self, BodyReadError};

/// Reads a JSON body of at most `limit` bytes.
pub async fn json<T: DeserializeOwned>(request: Request, limit: usize) -> Result<T, ApiError> {
    let bytes = read_body_of_type("application/json", request, limit).await?;
    serde_json::from_slice(&bytes).map_err(|error| ApiError::malformed(describe_json_error(&error)))
}

/// Reads a body of this content type, of at most `limit` bytes.
pub async fn read_body_of_type(kind: &str, request: Request, limit: usize) -> Result<Bytes, ApiError> {
    let sent = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if !sent.split(';').next().is_some_and(|sent| sent.trim().eq_ignore_ascii_case(kind)) {
        return Err(ApiError::malformed(format!("The content type must be {kind}.")));
    }
    size::read(request, limit).await.map_err(|unread| refusal(unread, limit))
}

/// What is said of a body that was not read.
pub fn refusal(unread: BodyReadError, limit: usize) -> ApiError {
    match unread {
        BodyReadError::TooLarge => {
            let message = format!("The body is larger than {limit} bytes.");
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, message)
        }
        BodyReadError::TooSlow => {
            let message = "The body was not there in time; send it again.";
            ApiError::new(StatusCode::REQUEST_TIMEOUT, Code::TooSlow, message)
        }
        BodyReadError::Broken => ApiError::malformed("The body ended before its end; send it again."),
    }
}

/// What is wrong, without the value itself where it could be what somebody said.
fn describe_json_error(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Data => {
            let text = error.to_string();
            let named = ["missing field", "unknown variant"].iter().any(|known| text.starts_with(known));
            let what = text.split(" at line ").next().unwrap_or("");
            let what = if named { what } else { "a value is of another type than it must be" };
            format!("The JSON does not fit ({place}): {what}.")
        }
        serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof
        | serde_json::error::Category::Io => {
            format!("The body is not JSON ({place}).")
        }
    }
}
