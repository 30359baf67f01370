//! The HTTP client of everything that asks a provider.

use std::time::Duration;

use reqwest::{Client, Url, redirect};

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

/// A client for a provider at this address, and the address with a slash after it, so that what is joined does not
/// replace its last part. Its connections are kept for the next request; an answer that is silent for `silence` is lost.
pub fn client(base: &str, silence: Duration) -> Result<(Client, Url), ClientError> {
    let url = Url::parse(&format!("{}/", base.trim().trim_end_matches('/')));
    let url = url.map_err(|_| ClientError::Address)?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"));
    let host = host.ok_or(ClientError::Address)?;
    let mut builder = Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(silence)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(300))
        // A redirect would carry the key to another place.
        .redirect(redirect::Policy::none());
    if matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
        builder = builder.no_proxy();
    }
    Ok((builder.build().map_err(|_| ClientError::Certificates)?, url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_an_http_server_will_do() {
        let base = |text: &str| client(text, CONNECT).map(|(_, base)| base.to_string());
        assert_eq!(base(" http://h:1/v1// ").as_deref(), Ok("http://h:1/v1/"));
        assert_eq!(base("https://h").as_deref(), Ok("https://h/"));
        for wrong in ["", "h", "ws://h", "file:///x", "http://"] {
            assert_eq!(base(wrong), Err(ClientError::Address), "{wrong}");
        }
    }
}
