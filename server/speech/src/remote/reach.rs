//! Whether a provider over WebSockets can be reached and takes what it is asked with: asked before anybody needs it. A
//! connection is opened as it would be for speech, and closed again; nothing is said on it, so that it costs nothing.

use provider::ProviderFault;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};

use super::socket::Socket;

/// Asks for a connection, for some four seconds at most.
///
/// # Errors
/// Why there is none.
pub(super) async fn reach(
    url: &Url,
    headers: Result<Vec<(HeaderName, HeaderValue)>, ProviderFault>,
) -> Result<(), ProviderFault> {
    let socket = Socket::shake_hands(url, headers?).await.map_err(|failure| failure.fault)?;
    socket.close().await;
    Ok(())
}
