//! Gemini's streaming API.

use engine::{Words, Writer};
use interview::{Brief, Line, Source};
use reqwest::header::HeaderName;
use reqwest::{Client, RequestBuilder, Url};
use serde::Deserialize;
use serde_json::json;

use crate::http::{self, Said};
use crate::thinking::{self, MOST_TOKENS};
use crate::{Fault, Key, Reached, prompts, reach};

/// Where Gemini is.
pub const GEMINI: &str = "https://generativelanguage.googleapis.com/v1beta";

/// Carries the key: in the address it would end up in logs.
const KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// Gemini as a writer. Its lines are not checked: see [`crate::Guard`].
#[derive(Debug, Clone)]
pub struct Gemini {
    client: Client,
    url: Url,
    models: Url,
    model: String,
    key: Key,
    config: serde_json::Value,
}

impl Gemini {
    /// This model, at this base address (the part before `/models`; [`GEMINI`] unless there is a reason).
    ///
    /// # Errors
    /// [`Fault::Configuration`] if the address is not one, or the model's name is not letters, digits, `.`, `-`, `_`.
    pub fn new(base: &str, model: &str, key: Key) -> Result<Self, Fault> {
        let (client, base) = http::client(base)?;
        let model = model.strip_prefix("models/").unwrap_or(model);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if model.is_empty() || !model.chars().all(plain) {
            return Err(Fault::Configuration);
        }
        let url = base.join(&format!("models/{model}:streamGenerateContent?alt=sse"));
        let url = url.map_err(|_| Fault::Configuration)?;
        let models = base.join("models/").map_err(|_| Fault::Configuration)?;
        let mut config = json!({"maxOutputTokens": MOST_TOKENS});
        if let Some(thinking) = thinking::gemini(model) {
            config["thinkingConfig"] = thinking;
        }
        Ok(Self { client, url, models, model: model.to_owned(), key, config })
    }

    /// Asks Gemini for the model, with the key; takes five seconds at most.
    pub async fn reach(&self) -> Reached {
        let Some(key) = self.key.header("") else { return Reached::Failed(Fault::Configuration) };
        reach::gemini(&self.client, &self.models, &self.model, |request| request.header(KEY, key.clone()))
            .await
    }

    fn request(&self, brief: &Brief) -> Result<RequestBuilder, Fault> {
        let prompt = prompts::render(brief)?;
        let body = json!({
            "system_instruction": {"parts": [{"text": prompt.system}]},
            "contents": [{"role": "user", "parts": [{"text": prompt.user}]}],
            "generationConfig": self.config,
        });
        let key = self.key.header("").ok_or(Fault::Configuration)?;
        Ok(self.client.post(self.url.clone()).header(KEY, key).json(&body))
    }
}

impl Writer for Gemini {
    fn name(&self) -> &str {
        "gemini"
    }

    fn source(&self) -> Source {
        Source::Model
    }

    fn at_once(&self, _: &Brief) -> Option<Line> {
        None
    }

    fn write(&self, brief: Brief) -> Words {
        http::words(self.request(&brief), read)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    #[serde(default)]
    candidates: Vec<Candidate>,
    prompt_feedback: Option<Feedback>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
    /// A summary of the model's thinking, not a part of the line.
    #[serde(default)]
    thought: bool,
}

fn read(event: &str) -> Result<Said, Fault> {
    let chunk: Chunk = serde_json::from_str(event).map_err(|_| Fault::Garbage)?;
    if chunk.error.is_some() {
        return Err(Fault::Provider);
    }
    if chunk.prompt_feedback.and_then(|feedback| feedback.block_reason).is_some() {
        return Err(Fault::Withheld);
    }
    let Some(candidate) = chunk.candidates.into_iter().next() else { return Ok(Said::default()) };
    let parts = candidate.content.map(|content| content.parts).unwrap_or_default();
    let words = parts.into_iter().filter(|part| !part.thought).filter_map(|part| part.text).collect();
    match candidate.finish_reason.as_deref() {
        None | Some("") => Ok(Said { words, complete: false }),
        Some("STOP") => Ok(Said { words, complete: true }),
        Some("MAX_TOKENS") => Err(Fault::CutOff),
        Some(_) => Err(Fault::Withheld),
    }
}
