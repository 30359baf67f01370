//! The HTTP client for all providers.

use std::time::Duration;

use reqwest::{Client, redirect};

use crate::BaseAddress;

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// Why no client can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The address is not that of an HTTP server.
    #[error("the address is not that of an HTTP server")]
    Address,
    /// The machine's root certificates cannot be read.
    #[error("the machine's certificates cannot be read")]
    Certificates,
}

/// A client for a provider at this address. It keeps connections for the next request. A response that is silent for
/// `silence` fails.
///
/// # Errors
/// [`ClientError::Certificates`] if what the machine trusts cannot be read.
pub fn client(address: &BaseAddress, silence: Duration) -> Result<Client, ClientError> {
    let mut builder = Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(silence)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(300))
        // A redirect would carry the key elsewhere.
        .redirect(redirect::Policy::none());
    if matches!(address.host(), "localhost" | "127.0.0.1" | "[::1]") {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|_| ClientError::Certificates)
}
