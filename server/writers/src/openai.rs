//! Any server that speaks OpenAI's chat completions: OpenAI itself, Ollama, llama.cpp, vLLM, ...

use engine::{Words, Writer};
use interview::{Brief, Line, Source};
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder, Url};
use serde::Deserialize;
use serde_json::json;

use crate::http::{self, Said};
use crate::thinking::{self, MOST_TOKENS};
use crate::{Fault, Key, Reached, prompts, reach};

/// Where OpenAI itself is.
pub const OPENAI: &str = "https://api.openai.com/v1";

/// An OpenAI-compatible server as a writer. Its lines are not checked: see [`crate::Guard`].
#[derive(Debug, Clone)]
pub struct OpenAi {
    client: Client,
    url: Url,
    models: Url,
    model: String,
    key: Option<Key>,
    /// The name of the limit on tokens: newer models of OpenAI refuse the one that all others know.
    limit: &'static str,
    /// How much OpenAI's own models reason; other servers may not know the word.
    effort: Option<&'static str>,
}

impl OpenAi {
    /// The server at this base address (the part before `/chat/completions`), with this model.
    ///
    /// # Errors
    /// [`Fault::Configuration`] if the address is not one.
    pub fn new(base: &str, model: &str, key: Option<Key>) -> Result<Self, Fault> {
        let (client, base) = http::client(base)?;
        let (limit, effort) = match base.host_str() {
            Some("api.openai.com") => ("max_completion_tokens", thinking::openai(model)),
            Some(_) | None => ("max_tokens", None),
        };
        let url = base.join("chat/completions").map_err(|_| Fault::Configuration)?;
        let models = base.join("models").map_err(|_| Fault::Configuration)?;
        Ok(Self { client, url, models, model: model.to_owned(), key, limit, effort })
    }

    /// Asks the server for its models, with the key; takes five seconds at most.
    pub async fn reach(&self) -> Reached {
        match self.with_key(self.client.get(self.models.clone())) {
            Ok(request) => reach::openai(request, &self.model).await,
            Err(fault) => Reached::Failed(fault),
        }
    }

    fn with_key(&self, request: RequestBuilder) -> Result<RequestBuilder, Fault> {
        let Some(key) = &self.key else { return Ok(request) };
        Ok(request.header(AUTHORIZATION, key.header("Bearer ").ok_or(Fault::Configuration)?))
    }

    fn request(&self, brief: &Brief) -> Result<RequestBuilder, Fault> {
        let prompt = prompts::render(brief)?;
        let mut body = json!({
            "model": self.model,
            "stream": true,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
        });
        body[self.limit] = json!(MOST_TOKENS);
        if let Some(effort) = self.effort {
            body["reasoning_effort"] = json!(effort);
        }
        self.with_key(self.client.post(self.url.clone()).json(&body))
    }
}

impl Writer for OpenAi {
    fn name(&self) -> &str {
        "openai"
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
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
}

fn read(event: &str) -> Result<Said, Fault> {
    if event.trim() == "[DONE]" {
        return Ok(Said { words: String::new(), complete: true });
    }
    let chunk: Chunk = serde_json::from_str(event).map_err(|_| Fault::Garbage)?;
    if chunk.error.is_some() {
        return Err(Fault::Provider);
    }
    // Chunks without choices carry the usage.
    let Some(choice) = chunk.choices.into_iter().next() else { return Ok(Said::default()) };
    let words = choice.delta.and_then(|delta| delta.content).unwrap_or_default();
    match choice.finish_reason.as_deref() {
        None | Some("") => Ok(Said { words, complete: false }),
        Some("stop") => Ok(Said { words, complete: true }),
        Some("length") => Err(Fault::CutOff),
        Some(_) => Err(Fault::Withheld),
    }
}
