//! Whether a provider can be reached, takes the key and knows the model: asked before any interview needs it.

use std::time::Duration;

use provider::ProviderFailure;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

use crate::ProviderFault;

/// How long a provider may take to say so.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most that is read of what it says, in bytes: some list hundreds of models, with descriptions.
const MOST_READ: usize = 4 * 1024 * 1024;
/// Longest name of a model that is repeated, in characters.
const LONGEST_NAME: usize = 120;

/// What a provider says when asked for the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelAvailability {
    /// It takes the key and knows the model.
    Ready,
    /// It refuses the key, or wants one where there is none.
    KeyRefused,
    /// It does not know the model.
    UnknownModel {
        /// The models it has, as it names them; may be none.
        there: Vec<String>,
    },
    /// It answers, and does not say which models it has.
    Unlisted,
    /// It cannot be reached, or what it says cannot be understood: no connection, too slow, garbage, another status.
    Failed(ProviderFault),
}

impl From<ProviderFault> for ModelAvailability {
    fn from(fault: ProviderFault) -> Self {
        if fault.refuses_key() { Self::KeyRefused } else { Self::Failed(fault) }
    }
}

/// The body of the answer.
pub(crate) async fn ask(request: RequestBuilder) -> Result<Vec<u8>, ProviderFault> {
    let mut response = request.send().await.map_err(|error| ProviderFault::from(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| ProviderFault::from(&error))? {
        body.extend_from_slice(&piece);
        if body.len() > MOST_READ {
            return Err(ProviderFault::Endless);
        }
    }
    if status == StatusCode::OK {
        return Ok(body);
    }
    let said = String::from_utf8_lossy(&body);
    Err(ProviderFailure::of_status(status.as_u16(), &headers, &said).fault)
}

/// What comes of it within five seconds.
pub(crate) async fn in_time<T>(
    asked: impl Future<Output = Result<T, ProviderFault>>,
) -> Result<T, ProviderFault> {
    tokio::time::timeout(PATIENCE, asked).await.map_err(|_| ProviderFault::Timeout)?
}

/// A body that is JSON.
pub(crate) fn json(body: &[u8]) -> Result<Value, ProviderFault> {
    let text = body.trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Err(ProviderFault::Html);
    }
    serde_json::from_slice(text).map_err(|_| ProviderFault::Garbage)
}

/// A name fit to be shown.
pub(crate) fn shown(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    (!name.trim().is_empty()).then_some(name)
}
