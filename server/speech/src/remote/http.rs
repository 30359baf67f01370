//! What the providers over HTTP share: one client with its connections kept warm.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, header, redirect};

use super::Provider;
use super::fault::{Manners, lost};
use crate::SpeechError;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// Longest silence in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(10);

/// A provider over HTTP.
pub(super) struct Http {
    client: Client,
    base: Url,
    provider: Provider,
    manners: Manners,
}

impl Http {
    /// # Errors
    /// [`SpeechError::Refused`] if the address is not that of an HTTP server, or the machine's certificates cannot
    /// be read.
    pub(super) fn new(provider: Provider) -> Result<Self, SpeechError> {
        let refused = || SpeechError::Refused("the provider's address is not that of an HTTP server".into());
        // A trailing slash, so that what is joined does not replace the last part.
        let base = Url::parse(&format!("{}/", provider.base.trim().trim_end_matches('/')));
        let base = base.map_err(|_| refused())?;
        let host =
            base.host_str().filter(|_| matches!(base.scheme(), "http" | "https")).ok_or_else(refused)?;
        let mut builder = Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(30))
            .pool_idle_timeout(Duration::from_secs(300))
            // A redirect would carry the key to another place.
            .redirect(redirect::Policy::none());
        if matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
            builder = builder.no_proxy();
        }
        let client = builder.build();
        let client =
            client.map_err(|_| SpeechError::Refused("the machine's certificates cannot be read".into()))?;
        Ok(Self { client, base, provider, manners: Manners::default() })
    }

    pub(super) fn provider(&self) -> &Provider {
        &self.provider
    }

    /// A request to this place, with the key.
    pub(super) fn post(&self, place: &str) -> Result<RequestBuilder, SpeechError> {
        let refused = || SpeechError::Refused("the provider's address or key cannot be sent".into());
        let mut request = self.client.post(self.base.join(place).map_err(|_| refused())?);
        if let Some(key) = &self.provider.key {
            request = request.header(header::AUTHORIZATION, key.header("Bearer ").ok_or_else(refused)?);
        }
        Ok(request)
    }

    /// Sends it, unless the provider wants to be left alone; an answer other than 200 is an error.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, SpeechError> {
        self.manners.may_ask()?;
        let response = request.send().await.map_err(|error| lost(&error))?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        let after = response.headers().get(header::RETRY_AFTER).and_then(|after| after.to_str().ok());
        Err(self.manners.status(response.status().as_u16(), after))
    }
}
