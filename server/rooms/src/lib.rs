//! An embedded, LiveKit-compatible room server: unmodified LiveKit SDKs join its rooms, hear each other and exchange
//! data. It carries audio (Opus), no video, and does not know what the rooms are for.
//!
//! From the inside out:
//! - [`room`]: one room as a state machine driven by injected time, without sockets or tasks;
//! - `peer`: a participant's transports, around `str0m`, likewise;
//! - `session`: both together: datagrams and requests in, datagrams and messages out;
//! - `actor`, `switch`, `sockets`, `streams`, `http`: the tasks, sockets and routes around it.
//!
//! ```no_run
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! let config = rooms::Config::new("key", rooms::Secret::new("a secret of at least 32 characters"));
//! let rooms = rooms::Rooms::start(config).await?;
//! let app = axum::Router::new().merge(rooms.router());
//! # drop(app);
//! rooms.stop().await;
//! # Ok(())
//! # }
//! ```

mod actor;
mod address;
mod bucket;
mod config;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzz;
mod http;
mod hub;
mod ids;
mod join;
mod peer;
pub mod room;
mod sdp;
mod session;
mod sockets;
mod streams;
mod switch;
mod token;
mod webhooks;

pub use address::{IpFamily, MediaAddress, loopback, own_address, usual_addresses};
pub use config::{Config, RoomGate, RoomLimits, Secret, Waits, Webhook};
pub use hub::{Census, RoomServerStartError, Rooms};
pub use ids::Ids;
pub use token::{CLOCKS, LiveKitRefusal, authenticate, sign};
