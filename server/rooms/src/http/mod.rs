//! The HTTP side: signalling, and LiveKit's server API.

mod service;
mod signal;
pub(crate) mod twirp;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::hub::Rooms;

impl Rooms {
    /// The routes of a LiveKit server, to be served at the root of whatever serves them.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/rtc", get(signal::older))
            .route("/rtc/validate", get(signal::older_validate))
            .route("/rtc/v1", get(signal::newer))
            .route("/rtc/v1/validate", get(signal::newer_validate))
            .route(
                "/twirp/livekit.RoomService/{method}",
                post(twirp::room_service).layer(DefaultBodyLimit::max(self.0.config.limits.message)),
            )
            .with_state(self.clone())
    }
}
