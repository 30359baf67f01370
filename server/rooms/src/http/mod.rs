//! The HTTP side: signalling, and LiveKit's server API.

mod signal;

use axum::Router;
use axum::routing::get;

use crate::hub::Rooms;

impl Rooms {
    /// The routes of a LiveKit server, to be served at the root of whatever serves them.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/rtc", get(signal::older))
            .route("/rtc/validate", get(signal::older_validate))
            .route("/rtc/v1", get(signal::newer))
            .route("/rtc/v1/validate", get(signal::newer_validate))
            .with_state(self.clone())
    }
}
