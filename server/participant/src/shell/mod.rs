//! The tokio shell around the session: sockets, signalling, and the loop that drives it.

pub mod driver;
pub mod signalling;
pub mod sockets;
pub mod start;
mod streams;
