//! What the providers over HTTP share: one client with its connections kept warm.

use std::time::Duration;

use provider::{BaseAddress, ClientError, ProviderFailure, ProviderFault};
use reqwest::{Client, RequestBuilder, Response, StatusCode};

use super::SpeechProvider;
use super::key::KeyHeader;
use super::rest::SpeechRest;
use crate::SpeechError;

/// Longest silence in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(10);

/// What people paste along with an address.
const PASTED: &[&[&str]] = &[&["audio", "speech"], &["audio", "transcriptions"], &["chat", "completions"]];

/// A provider over HTTP.
pub(super) struct SpeechHttpClient {
    client: Client,
    address: BaseAddress,
    provider: SpeechProvider,
    key: KeyHeader,
    rest: SpeechRest,
}

impl SpeechHttpClient {
    /// A provider that takes its key like this.
    ///
    /// # Errors
    /// [`SpeechError::Refused`] if the address is not that of an HTTP server, or the machine's certificates cannot
    /// be read.
    pub(super) fn new(provider: SpeechProvider, key: KeyHeader) -> Result<Self, SpeechError> {
        let refused = |error: ClientError| {
            SpeechError::Refused(match error {
                ClientError::Address => "the provider's address is not that of an HTTP server".into(),
                ClientError::Certificates => error.to_string(),
            })
        };
        let address = BaseAddress::parse(&provider.base).map_err(refused)?.without(PASTED);
        let client = provider::client(&address, SILENCE).map_err(refused)?;
        Ok(Self { client, address, provider, key, rest: SpeechRest::default() })
    }

    pub(super) fn provider(&self) -> &SpeechProvider {
        &self.provider
    }

    /// A request to this place, with the key.
    ///
    /// # Errors
    /// [`SpeechError::Provider`] with [`ProviderFault::Configuration`] if no header can hold the key.
    pub(super) fn post(&self, place: &[&str]) -> Result<RequestBuilder, SpeechError> {
        let mut request = self.client.post(self.address.place(place));
        if let Some(key) = &self.provider.key {
            let (name, value) = self.key.with(key).ok_or(ProviderFault::Configuration)?;
            request = request.header(name, value);
        }
        Ok(request)
    }

    /// Sends it, unless the provider asked not to be called yet; an answer other than 200 is an error.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, SpeechError> {
        self.rest.may_ask()?;
        let response = request.send().await.map_err(|error| ProviderFault::from(&error))?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        Err(self.rest.failed(ProviderFailure::of_status(response.status().as_u16(), response.headers(), "")))
    }
}

/// The whole body of an answer, of at most so many bytes.
pub(super) async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, SpeechError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| ProviderFault::from(&error))? {
        body.extend_from_slice(&piece);
        if body.len() > most {
            return Err(ProviderFault::Endless.into());
        }
    }
    Ok(body)
}
