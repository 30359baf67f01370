//! Whether a provider can be reached, takes the key and knows the model: asked before any interview needs it.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::Deserialize;

use crate::Fault;

/// How long a provider may take to say so.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// Most that is read of what it says, in bytes: some list hundreds of models, with descriptions.
const MOST_READ: usize = 4 * 1024 * 1024;
/// Longest name of a model that is repeated, in characters.
const LONGEST_NAME: usize = 120;

/// What a provider says when asked for the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
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
    Failed(Fault),
}

/// What was asked: the answer's body, or what else it came to.
enum Answer {
    Body(Vec<u8>),
    Status(StatusCode, Vec<u8>),
}

async fn ask(request: RequestBuilder) -> Result<Answer, Fault> {
    let mut response = request.send().await.map_err(|error| Fault::from(&error))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| Fault::from(&error))? {
        body.extend_from_slice(&piece);
        if body.len() > MOST_READ {
            return Err(Fault::Endless);
        }
    }
    Ok(if status == StatusCode::OK { Answer::Body(body) } else { Answer::Status(status, body) })
}

/// At most [`PATIENCE`] for all of it.
async fn in_time(asked: impl Future<Output = Result<Reached, Fault>>) -> Reached {
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(reached)) => reached,
        Ok(Err(fault)) => Reached::Failed(fault),
        Err(_) => Reached::Failed(Fault::Timeout),
    }
}

fn refused(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// A name fit to be shown.
fn shown(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    (!name.trim().is_empty()).then_some(name)
}

#[derive(Deserialize)]
struct Listed {
    // Ollama without a model says null.
    data: Option<Vec<ListedModel>>,
}

#[derive(Deserialize)]
struct ListedModel {
    id: String,
    owned_by: Option<String>,
}

/// Asks an OpenAI-compatible server; `request` makes a request with the key.
pub(crate) async fn openai(request: RequestBuilder, model: &str) -> Reached {
    in_time(async {
        let body = match ask(request).await? {
            Answer::Body(body) => body,
            Answer::Status(status, _) if refused(status) => return Ok(Reached::KeyRefused),
            Answer::Status(StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, _) => {
                return Ok(Reached::Unlisted);
            }
            Answer::Status(status, _) => return Err(Fault::Status(status.as_u16())),
        };
        let listed: Listed = serde_json::from_slice(&body).map_err(|_| Fault::Garbage)?;
        let models = listed.data.unwrap_or_default();
        // Ollama's names have a tag, which may be left out if it is this one.
        let same = |id: &str| id == model || id.strip_suffix(":latest") == Some(model);
        // llama.cpp serves the one model it has under any name.
        let any = |one: &[ListedModel]| matches!(one, [one] if one.owned_by.as_deref() == Some("llamacpp"));
        if any(&models) || models.iter().any(|listed| same(&listed.id)) {
            return Ok(Reached::Ready);
        }
        Ok(Reached::UnknownModel { there: models.iter().filter_map(|listed| shown(&listed.id)).collect() })
    })
    .await
}

#[derive(Deserialize)]
struct GeminiModel {
    name: String,
}

#[derive(Deserialize)]
struct GeminiModels {
    #[serde(default)]
    models: Vec<GeminiModel>,
}

/// Whether a refusal is for the key: Gemini answers 400 to one that is not valid.
fn bad_key(body: &[u8]) -> bool {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let details = body["error"]["details"].as_array();
    details.is_some_and(|details| details.iter().any(|detail| detail["reason"] == "API_KEY_INVALID"))
}

/// Asks Gemini at the address `models` (with a slash at its end); `key` adds the key to a request.
pub(crate) async fn gemini(
    client: &Client,
    models: &Url,
    model: &str,
    key: impl Fn(RequestBuilder) -> RequestBuilder,
) -> Reached {
    in_time(async {
        let url = models.join(model).map_err(|_| Fault::Configuration)?;
        match ask(key(client.get(url))).await? {
            Answer::Body(body) => {
                let read: Result<GeminiModel, _> = serde_json::from_slice(&body);
                return read.map(|_| Reached::Ready).map_err(|_| Fault::Garbage);
            }
            Answer::Status(StatusCode::NOT_FOUND, _) => {}
            Answer::Status(status, body) if refused(status) || bad_key(&body) => {
                return Ok(Reached::KeyRefused);
            }
            Answer::Status(status, _) => return Err(Fault::Status(status.as_u16())),
        }
        let mut url = models.clone();
        url.path_segments_mut().map_err(|()| Fault::Configuration)?.pop_if_empty();
        url.set_query(Some("pageSize=1000"));
        let there = match ask(key(client.get(url))).await? {
            Answer::Body(body) => {
                serde_json::from_slice::<GeminiModels>(&body).map_err(|_| Fault::Garbage)?
            }
            // That the model is not known is known all the same.
            Answer::Status(..) => GeminiModels { models: Vec::new() },
        };
        let name = |model: &GeminiModel| shown(model.name.strip_prefix("models/").unwrap_or(&model.name));
        Ok(Reached::UnknownModel { there: there.models.iter().filter_map(name).collect() })
    })
    .await
}
