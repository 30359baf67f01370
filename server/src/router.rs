//! All routes, and what every request passes.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;

use crate::engine_api::{self, openapi};
use crate::livekit::Livekit;
use crate::metrics;
use crate::request_guard::{headers, host, rate, request};
use crate::wired::Wired;
use crate::{files, health, interviews, pages};

/// Everything that this server answers.
pub fn router(wired: Wired) -> Router {
    let rooms = wired.livekit.as_ref().map(Livekit::router).unwrap_or_default();
    Router::new()
        .merge(rooms.with_state(()))
        .merge(engine_api::router(&wired))
        .merge(files::router(&wired))
        .merge(pages::router(&wired))
        .merge(interviews::router(&wired))
        .route("/openapi.json", get(openapi::handle).layer(from_fn_with_state(wired.clone(), rate::limit)))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::endpoint::handle))
        .layer(from_fn_with_state(wired.clone(), host::check))
        .layer(from_fn_with_state(wired.metrics.clone(), request::run))
        .layer(from_fn(headers::add))
        .with_state(wired)
}
