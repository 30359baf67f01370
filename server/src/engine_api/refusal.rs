//! How a call about a session is refused, whatever it asks for, and how the JSON is that many of them send.

use protocol::engine_api::error::ErrorBody;
use utoipa::IntoResponses;

/// For the description alone; what is answered is an `ApiError`.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it is described and never made")]
pub enum ApiRefusal {
    /// `unauthorized`: the secret is missing or wrong.
    #[response(status = 401)]
    Unauthorized(ErrorBody),
    /// `not_found`: there is no such session.
    #[response(status = 404)]
    NotFound(ErrorBody),
    /// `method_not_allowed`
    #[response(status = 405)]
    MethodNotAllowed(ErrorBody),
    /// `rate_limited`: too many requests came at once; `Retry-After` says after how many seconds to come again.
    #[response(status = 429)]
    RateLimited(ErrorBody),
    /// `internal`: the server failed; `damaged`: what its disk holds of it is damaged; `newer_version`: a newer version made it.
    #[response(status = 500)]
    Internal(ErrorBody),
    /// `busy`: try again in a moment; `read_only`: the server may not write.
    #[response(status = 503)]
    Busy(ErrorBody),
    /// `disk_full`: send the same again once there is room.
    #[response(status = 507)]
    DiskFull(ErrorBody),
}

/// How what is sent is refused: JSON no larger than a turn.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it is described and never made")]
pub enum TurnBodyRefusal {
    /// `malformed`: the request is not one.
    #[response(status = 400)]
    Malformed(ErrorBody),
    /// `too_slow`: the body was not sent to its end in time.
    #[response(status = 408)]
    TooSlow(ErrorBody),
    /// `too_large`: the body is larger than 128 KiB.
    #[response(status = 413)]
    TooLarge(ErrorBody),
}
