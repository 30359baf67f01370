//! The engine API: `/engine/...`, for workers in any language.

pub mod body;
pub mod correct;
pub mod create_session;
pub mod error;
pub mod fork;
pub mod get_session;
pub mod next_turn;
pub mod notes;
pub mod openapi;
mod refusal;
pub mod report;
pub mod sound;
pub mod strike;
pub mod take;
mod told;
pub mod vocabulary;
pub mod voice;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use engine::SessionId;
use http::StatusCode;
use protocol::engine_api::error::Code;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::request_guard::request::note_session;
use crate::request_guard::too_many;
use crate::wired::Wired;
use error::ApiError;

/// The header that holds the secret.
pub const SECRET_HEADER: &str = "x-ingest-secret";

/// The session that a request names; its log says so, too.
fn parse_session_id(id: &str) -> Result<SessionId, ApiError> {
    let id = SessionId::parse(id).ok_or_else(ApiError::no_session)?;
    note_session(id);
    Ok(id)
}

/// The endpoints, described.
fn documented_routes() -> OpenApiRouter<Wired> {
    let endpoints = [
        routes!(create_session::handle),
        routes!(get_session::handle),
        routes!(next_turn::handle),
        routes!(voice::handle),
        routes!(vocabulary::handle),
        routes!(notes::handle),
        routes!(sound::get_sound_setting, sound::put_sound),
        routes!(report::handle),
        routes!(correct::handle),
        routes!(strike::handle),
        routes!(take::handle),
        routes!(fork::handle),
    ];
    endpoints.into_iter().fold(OpenApiRouter::with_openapi(openapi::frame()), with_and_without_slash)
}

/// Every endpoint answers with and without the last slash; the one with it is described.
fn with_and_without_slash(
    router: OpenApiRouter<Wired>,
    endpoint: UtoipaMethodRouter<Wired>,
) -> OpenApiRouter<Wired> {
    let (_, paths, methods) = &endpoint;
    let twins: Vec<String> = paths.paths.keys().map(|path| path.trim_end_matches('/').to_owned()).collect();
    let methods = methods.clone();
    twins.into_iter().fold(router.routes(endpoint), |router, path| router.route(&path, methods.clone()))
}

/// The routes below `/engine/`. None answers anything but 401 without the secret.
pub fn router(wired: &Wired) -> Router<Wired> {
    let (router, _) = documented_routes().split_for_parts();
    router
        .method_not_allowed_fallback(wrong_method)
        .route("/engine/{*rest}", axum::routing::any(no_such_address))
        .layer(from_fn_with_state(wired.clone(), check_secret))
}

/// Compares the secret before anything of the request is read, and counts.
async fn check_secret(State(wired): State<Wired>, request: Request, next: Next) -> Response {
    let presented = request.headers().get(SECRET_HEADER);
    let is_right = || presented.is_some_and(|presented| wired.secret.matches(presented.as_bytes()));
    match wired.limits.secret(request.headers(), request.extensions(), is_right) {
        Ok(true) => next.run(request).await,
        Ok(false) => {
            let message = "The header X-INGEST-SECRET is missing or wrong.";
            ApiError::new(StatusCode::UNAUTHORIZED, Code::Unauthorized, message).into_response()
        }
        Err(wait) => too_many::engine(wait),
    }
}

async fn wrong_method() -> ApiError {
    let message = "This address takes another method; see /openapi.json.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, message)
}

async fn no_such_address() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, Code::NotFound, "There is no such address; see /openapi.json.")
}
