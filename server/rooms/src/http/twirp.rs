//! Twirp, the protocol of LiveKit's server API: a POST with a protobuf or JSON body, and errors as JSON.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use livekit_token::Claims;
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::service::Service;
use crate::hub::Rooms;
use crate::token::{DENIED, authenticate};

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/protobuf";

/// An error of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TwirpFault {
    /// The token does not allow it.
    Denied,
    /// What the call is about does not exist.
    NotFound(&'static str),
    /// The request makes no sense, or is too large in some part.
    Invalid(String),
    /// This server does not do it, or not now.
    Refused(&'static str),
    /// There is no such method.
    NoMethod(String),
    /// The body cannot be read.
    Malformed,
    /// A limit of the server is reached.
    Exhausted(&'static str),
}

impl IntoResponse for TwirpFault {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Denied => (StatusCode::UNAUTHORIZED, "unauthenticated", DENIED.to_owned()),
            Self::NotFound(what) => (StatusCode::NOT_FOUND, "not_found", what.to_owned()),
            Self::Invalid(what) => (StatusCode::BAD_REQUEST, "invalid_argument", what),
            Self::Refused(why) => (StatusCode::PRECONDITION_FAILED, "failed_precondition", why.to_owned()),
            Self::NoMethod(path) => {
                (StatusCode::NOT_FOUND, "bad_route", format!("no handler for path {path:?}"))
            }
            Self::Malformed => {
                (StatusCode::BAD_REQUEST, "malformed", "the request could not be decoded".to_owned())
            }
            Self::Exhausted(why) => (StatusCode::TOO_MANY_REQUESTS, "resource_exhausted", why.to_owned()),
        };
        let body = serde_json::json!({ "code": code, "msg": message }).to_string();
        (status, [(CONTENT_TYPE, JSON)], body).into_response()
    }
}

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TwirpFormat {
    Json,
    Protobuf,
}

impl TwirpFormat {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim();
        [(JSON, Self::Json), (PROTOBUF, Self::Protobuf)]
            .into_iter()
            .find(|(name, _)| kind.eq_ignore_ascii_case(name))
            .map(|(_, format)| format)
    }
}

/// A call: the caller's rights, and the body.
pub(super) struct TwirpCall {
    pub claims: Claims,
    format: TwirpFormat,
    body: Bytes,
}

impl TwirpCall {
    /// The request.
    pub fn read<Q: Message + Default + DeserializeOwned>(&self) -> Result<Q, TwirpFault> {
        match self.format {
            TwirpFormat::Json => serde_json::from_slice(&self.body).map_err(|_| TwirpFault::Malformed),
            TwirpFormat::Protobuf => Q::decode(self.body.clone()).map_err(|_| TwirpFault::Malformed),
        }
    }

    /// The answer, in the format of the request.
    pub fn answer<R: Message + Serialize>(&self, response: &R) -> Result<Response, TwirpFault> {
        Ok(match self.format {
            TwirpFormat::Json => {
                let body = serde_json::to_string(response).map_err(|_| TwirpFault::Malformed)?;
                ([(CONTENT_TYPE, JSON)], body).into_response()
            }
            TwirpFormat::Protobuf => ([(CONTENT_TYPE, PROTOBUF)], response.encode_to_vec()).into_response(),
        })
    }
}

pub(super) async fn room_service(
    State(rooms): State<Rooms>,
    Path(method): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    call(&rooms, &method, &headers, body).await
}

/// Answers a call to this method.
pub(crate) async fn call(rooms: &Rooms, method: &str, headers: &HeaderMap, body: Bytes) -> Response {
    let header = headers.get(AUTHORIZATION).map(|header| header.to_str().unwrap_or_default());
    let claims = match authenticate(&rooms.0.config.keys, header, None) {
        Ok(claims) => claims.unwrap_or_default(),
        Err(refusal) => return refusal.into_response(),
    };
    let Some(format) = TwirpFormat::of(headers) else {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        return TwirpFault::NoMethod(format!("{method} with Content-Type {kind}")).into_response();
    };
    let call = TwirpCall { claims, format, body };
    Service(&rooms.0).call(method, &call).await.unwrap_or_else(IntoResponse::into_response)
}
