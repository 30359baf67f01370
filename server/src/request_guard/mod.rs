//! What every request passes on its way in and every response on its way out.

pub mod address;
pub mod buckets;
pub mod cookies;
pub mod headers;
pub mod host;
pub mod origin;
pub mod rate;
pub mod request;
pub mod shares;
pub mod size;
pub mod too_many;
pub mod visitor;

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use protocol::engine_api::error::Code;

use crate::engine_api::error::ApiError;

/// A refusal in the shape that this path speaks: JSON for the engine API, else a sentence.
pub(crate) fn refuse(path: &str, status: StatusCode, code: Code, sentence: &str) -> Response {
    if path.starts_with("/engine/") {
        return ApiError::new(status, code, sentence).into_response();
    }
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, text, format!("{sentence}\n")).into_response()
}

/// What is known of the way by which requests come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InboundTransport {
    /// This server has a certificate: every request comes over https.
    pub tls: bool,
    /// A proxy's word on the scheme and the host is believed.
    pub proxy: bool,
}

/// True where the request came over https, as far as can be known: to this server itself, or to a proxy that is
/// trusted and says so.
pub(crate) fn over_https(headers: &http::HeaderMap, way: InboundTransport) -> bool {
    let proto = headers.get("x-forwarded-proto").and_then(|v| v.to_str().ok()).unwrap_or("");
    way.tls || way.proxy && proto.split(',').next().is_some_and(|p| p.trim().eq_ignore_ascii_case("https"))
}

/// The host that a request came by, with its port where it named one: what a trusted proxy says, else its own word.
pub(crate) fn host(headers: &http::HeaderMap, way: InboundTransport) -> Option<&str> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let forwarded = text("x-forwarded-host").filter(|_| way.proxy).and_then(|h| h.split(',').next());
    forwarded.or_else(|| text(header::HOST.as_str())).map(str::trim)
}
