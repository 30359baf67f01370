//! The HTTP client of everything that asks a provider.

use std::time::Duration;

use reqwest::{Client, redirect};

use crate::Address;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// Why there can be no client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The address is not that of an HTTP server.
    #[error("the address is not that of an HTTP server")]
    Address,
    /// What the machine trusts is not known.
    #[error("the machine's certificates cannot be read")]
    Certificates,
}

/// A client for a provider at this address. Its connections are kept for the next request; an answer that is silent for
/// `silence` is lost.
///
/// # Errors
/// [`ClientError::Certificates`] if what the machine trusts cannot be read.
pub fn client(address: &Address, silence: Duration) -> Result<Client, ClientError> {
    let mut builder = Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(silence)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(300))
        // A redirect would carry the key to another place.
        .redirect(redirect::Policy::none());
    if matches!(address.host(), "localhost" | "127.0.0.1" | "[::1]") {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|_| ClientError::Certificates)
}
