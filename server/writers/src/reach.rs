//! Whether a provider can be reached, takes the key and knows the model: asked before any interview needs it.

use std::time::Duration;

use provider::{BaseAddress, ProviderFailure};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::ProviderFault;

/// How long a provider may take to say so.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
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
async fn ask(request: RequestBuilder) -> Result<Vec<u8>, ProviderFault> {
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

/// At most [`PATIENCE`] for all of it.
async fn in_time(asked: impl Future<Output = Result<ModelAvailability, ProviderFault>>) -> ModelAvailability {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(reached)) => reached,
        Ok(Err(fault)) => fault.into(),
        Err(_) => ModelAvailability::Failed(ProviderFault::Timeout),
    }
}

/// A body that is JSON.
fn json(body: &[u8]) -> Result<Value, ProviderFault> {
    let text = body.trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Err(ProviderFault::Html);
    }
    serde_json::from_slice(text).map_err(|_| ProviderFault::Garbage)
}

/// A name fit to be shown.
fn shown(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    (!name.trim().is_empty()).then_some(name)
}

/// The models, as it names them, and whether it is the one model of a server that takes any name for it.
async fn list(request: RequestBuilder) -> Result<(Vec<String>, bool), ProviderFault> {
    let listed = json(&ask(request).await?)?;
    // Ollama without a model says null.
    let models = match &listed["data"] {
        Value::Array(models) => models.as_slice(),
        Value::Null if listed.is_object() => &[],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            return Err(ProviderFault::Garbage);
        }
    };
    let ids: Vec<String> = models.iter().filter_map(|listed| listed["id"].as_str().and_then(shown)).collect();
    if ids.is_empty() && !models.is_empty() {
        return Err(ProviderFault::Garbage);
    }
    // llama.cpp serves the one model it has under any name.
    let any = matches!(models, [one] if one["owned_by"] == "llamacpp");
    Ok((ids, any))
}

/// Asks an OpenAI-compatible server; `request` makes a request with the key.
pub(crate) async fn openai(request: RequestBuilder, model: &str) -> ModelAvailability {
    in_time(async {
        let (ids, any) = match list(request).await {
            Err(ProviderFault::Status(404 | 405)) => return Ok(ModelAvailability::Unlisted),
            listed => listed?,
        };
        // Ollama's names have a tag, which may be left out if it is this one.
        let same = |id: &String| id == model || id.strip_suffix(":latest") == Some(model);
        Ok(if any || ids.iter().any(same) {
            ModelAvailability::Ready
        } else {
            ModelAvailability::UnknownModel { there: ids }
        })
    })
    .await
}

/// The models of an OpenAI-compatible server; none if it does not say.
pub(crate) async fn models(request: RequestBuilder) -> Vec<String> {
    match tokio::time::timeout(PATIENCE, list(request)).await {
        Ok(Ok((ids, _))) => ids,
        Ok(Err(_)) | Err(_) => Vec::new(),
    }
}

/// Asks Gemini at this address; `key` adds the key to a request.
pub(crate) async fn gemini(
    client: &Client,
    address: &BaseAddress,
    model: &str,
    key: impl Fn(RequestBuilder) -> RequestBuilder,
) -> ModelAvailability {
    in_time(async {
        match ask(key(client.get(address.place(&["models", model])))).await {
            Err(ProviderFault::Status(404)) => {}
            answer => {
                let named = json(&answer?)?["name"].is_string();
                return if named { Ok(ModelAvailability::Ready) } else { Err(ProviderFault::Garbage) };
            }
        }
        let mut url = address.place(&["models"]);
        url.query_pairs_mut().append_pair("pageSize", "1000");
        let listed = match ask(key(client.get(url))).await {
            // That the model is not known is known all the same.
            Err(ProviderFault::Status(_)) => Value::Null,
            answer => json(&answer?)?,
        };
        let there = listed["models"].as_array().into_iter().flatten();
        let name = |model: &Value| {
            let name = model["name"].as_str()?;
            shown(name.strip_prefix("models/").unwrap_or(name))
        };
        Ok(ModelAvailability::UnknownModel { there: there.filter_map(name).collect() })
    })
    .await
}
