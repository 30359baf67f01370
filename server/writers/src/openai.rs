//! Any server that speaks OpenAI's chat completions: OpenAI itself, Ollama, llama.cpp, vLLM, LM Studio, gateways, Azure.

use async_trait::async_trait;
use provider::{BaseAddress, OPENAI_DESCRIPTOR};
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::api::ModelApi;
use crate::model::LanguageModel;
use crate::prompts::Prompt;
use crate::reach::{self, ModelAvailability};
use crate::read::{FinishReason, ReplyDelta, end, failed, first, text, tokens};
use crate::registry::{ModelProvider, Remedy};
use crate::terms::{Limit, Terms};
use crate::{ProviderFault, ProviderKey};

/// OpenAI, and any server with the same API.
pub const OPENAI: ModelProvider = ModelProvider {
    descriptor: OPENAI_DESCRIPTOR,
    help: "Those of an OpenAI-compatible server",
    // Servers with one model take any name.
    model_elsewhere: Some("default"),
    remedy: Remedy { wrong: "OPENAI_BASE_URL", give: "an address such as http://127.0.0.1:11434/v1" },
    make: |base, model, key| LanguageModel::new(OpenAi::new(base, model, key)?),
};

/// What people paste along with an address.
const PLACES: &[&[&str]] =
    &[&["chat", "completions"], &["completions"], &["chat"], &["models"], &["responses"], &["embeddings"]];

#[derive(Debug)]
struct OpenAi {
    /// Where it may be, the likeliest first.
    addresses: Vec<BaseAddress>,
    model: String,
    key: Option<ProviderKey>,
    terms: Terms,
}

impl OpenAi {
    /// The server at this base address (the part before `/chat/completions`), with this model.
    fn new(base: &str, model: &str, key: Option<ProviderKey>) -> Result<Self, ProviderFault> {
        let base = BaseAddress::parse(base).map_err(|_| ProviderFault::Configuration)?.without(PLACES);
        let (limit, thinking) = match base.host() {
            "api.openai.com" => (Limit::New, effort(model)),
            // Ollama, vLLM, Groq and others take the word; who does not refuses it, and is not told again.
            _ => (Limit::Old, Some("none")),
        };
        let terms = Terms { place: 0, limit, system: true, thinking, template: false, stream: true };
        Ok(Self { addresses: addresses(base), model: model.to_owned(), key, terms })
    }

    fn with_key(&self, request: RequestBuilder) -> Result<RequestBuilder, ProviderFault> {
        let Some(key) = &self.key else { return Ok(request) };
        let bearer = key.header("Bearer ").ok_or(ProviderFault::Configuration)?;
        let request = request.header(AUTHORIZATION, bearer);
        // Azure wants its keys under this name.
        let azure = self.addresses.first().is_some_and(|address| address.host().ends_with(".azure.com"));
        if !azure {
            return Ok(request);
        }
        Ok(request.header("api-key", key.header("").ok_or(ProviderFault::Configuration)?))
    }

    /// The models at this address by their names, and whether it is the one model of a server that takes any name for it.
    async fn list(
        &self,
        client: &Client,
        address: &BaseAddress,
    ) -> Result<(Vec<String>, bool), ProviderFault> {
        let request = self.with_key(client.get(address.place(&["models"])))?;
        let listed = reach::json(&reach::ask(request).await?)?;
        // Ollama without a model says null.
        let models = match &listed["data"] {
            Value::Array(models) => models.as_slice(),
            Value::Null if listed.is_object() => &[],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                return Err(ProviderFault::Garbage);
            }
        };
        let ids: Vec<String> =
            models.iter().filter_map(|listed| listed["id"].as_str().and_then(reach::shown)).collect();
        if ids.is_empty() && !models.is_empty() {
            return Err(ProviderFault::Garbage);
        }
        // llama.cpp serves the one model it has under any name.
        let any = matches!(models, [one] if one["owned_by"] == "llamacpp");
        Ok((ids, any))
    }

    async fn availability_at(
        &self,
        client: &Client,
        address: &BaseAddress,
    ) -> Result<ModelAvailability, ProviderFault> {
        let (ids, any) = match self.list(client, address).await {
            Err(ProviderFault::Status(404 | 405)) => return Ok(ModelAvailability::Unlisted),
            listed => listed?,
        };
        // Ollama's names have a tag, which may be left out if it is this one.
        let same = |id: &String| *id == self.model || id.strip_suffix(":latest") == Some(&self.model);
        Ok(if any || ids.iter().any(same) {
            ModelAvailability::Ready
        } else {
            ModelAvailability::UnknownModel { there: ids }
        })
    }
}

/// Where the server may be: as said, and with or without the `/v1` that is forgotten or pasted too much.
fn addresses(base: BaseAddress) -> Vec<BaseAddress> {
    if base.ends_with("v1") {
        let shorter = base.without_last_segment();
        vec![base, shorter]
    } else if base.is_bare() {
        vec![base.with_segment("v1"), base]
    } else {
        let longer = base.with_segment("v1");
        vec![base, longer]
    }
}

#[async_trait]
impl ModelApi for OpenAi {
    fn provider(&self) -> &'static str {
        OPENAI_DESCRIPTOR.name
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn addresses(&self) -> &[BaseAddress] {
        &self.addresses
    }

    fn terms(&self) -> Terms {
        self.terms.clone()
    }

    fn request(
        &self,
        client: &Client,
        prompt: &Prompt,
        terms: &Terms,
        most_tokens: u32,
    ) -> Result<RequestBuilder, ProviderFault> {
        let messages = if terms.system {
            json!([{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}])
        } else {
            json!([{"role": "user", "content": format!("{}\n\n{}", prompt.system, prompt.user)}])
        };
        let mut body = json!({"model": self.model, "stream": terms.stream, "messages": messages});
        match terms.limit {
            Limit::Old => body["max_tokens"] = json!(most_tokens),
            Limit::New => body["max_completion_tokens"] = json!(most_tokens),
            Limit::None => {}
        }
        if let Some(effort) = terms.thinking {
            body["reasoning_effort"] = json!(effort);
        }
        if terms.template {
            body["chat_template_kwargs"] = json!({"enable_thinking": false});
        }
        let address = self.addresses.get(terms.place).ok_or(ProviderFault::Configuration)?;
        self.with_key(client.post(address.place(&["chat", "completions"])).json(&body))
    }

    fn read(&self, value: &Value) -> Result<ReplyDelta, ProviderFault> {
        read(value)
    }

    async fn availability(&self, client: &Client) -> Result<ModelAvailability, ProviderFault> {
        let mut said = Ok(ModelAvailability::Unlisted);
        for address in &self.addresses {
            said = self.availability_at(client, address).await;
            if !matches!(said, Ok(ModelAvailability::Unlisted) | Err(ProviderFault::Html)) {
                break;
            }
        }
        said
    }

    async fn models(&self, client: &Client) -> Result<Vec<String>, ProviderFault> {
        let address = self.addresses.first().ok_or(ProviderFault::Configuration)?;
        self.list(client, address).await.map(|(ids, _)| ids)
    }
}

/// A value of chat completions, as a piece of a stream or whole; also of completions, and of Ollama's own API.
fn read(value: &Value) -> Result<ReplyDelta, ProviderFault> {
    failed(value)?;
    let choice = first(&value["choices"]).unwrap_or(value);
    let delta = &choice["delta"];
    let piece = if delta.is_string() { text(delta) } else { text(&delta["content"]) };
    let piece = if piece.is_empty() { text(&choice["text"]) } else { piece };
    let message = &choice["message"];
    let streams = !piece.is_empty() || value["done"].is_boolean();
    let words = if piece.is_empty() { text(&message["content"]) } else { piece };
    let thinks = ["reasoning", "reasoning_content", "thinking"]
        .iter()
        .any(|name| [delta, message].iter().any(|of| !text(&of[*name]).is_empty()));
    let end = [&choice["finish_reason"], &choice["finishReason"], &value["done_reason"]]
        .into_iter()
        .find_map(end)
        .or_else(|| (value["done"] == true).then_some(FinishReason::Complete));
    let usage = &value["usage"];
    let tokens = tokens(&usage["prompt_tokens"], &[&usage["completion_tokens"]])
        .or_else(|| tokens(&value["prompt_eval_count"], &[&value["eval_count"]]));
    Ok(ReplyDelta { words, all: !streams, thinks, end, tokens })
}

/// The `reasoning_effort` that makes this model of OpenAI's own think little before it speaks; `None`: it is told nothing.
/// A line must begin within seconds. From OpenAI's page on reasoning, November 2026; what a family does not know it
/// refuses.
fn effort(model: &str) -> Option<&'static str> {
    if let Some(version) = model.strip_prefix("gpt-") {
        let (major, rest) =
            version.split_at(version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len()));
        return match major.parse::<u32>().ok()? {
            0..5 => None,
            5 if rest.starts_with('.') => Some("none"),
            5 => Some("minimal"),
            6.. => Some("none"),
        };
    }
    let series = model.strip_prefix('o')?;
    series.starts_with(|c: char| c.is_ascii_digit()).then_some("low")
}

#[cfg(test)]
mod tests {
    use engine::TokenUsage;

    use super::*;

    #[test]
    fn each_family_of_openai_is_told_in_its_words() {
        for (model, told) in [
            ("gpt-6-luna", Some("none")),
            ("gpt-6.1-terra", Some("none")),
            ("gpt-5.1", Some("none")),
            ("gpt-5-mini", Some("minimal")),
            ("gpt-4.1-mini", None),
            ("gpt-4o", None),
            ("o3", Some("low")),
            ("o4-mini", Some("low")),
            ("omni", None),
            ("gpt-oss-20b", None),
        ] {
            assert_eq!(effort(model), told, "{model}");
        }
    }

    #[test]
    fn words_are_found_wherever_a_server_puts_them() {
        for value in [
            json!({"choices": [{"delta": {"content": "Hm"}}]}),
            json!({"choices": [{"delta": {"content": [{"type": "text", "text": "Hm"}]}}]}),
            json!({"choices": [{"delta": {"content": {"text": "Hm"}}}]}),
            json!({"choices": {"delta": {"content": "Hm"}}}),
            json!({"choices": [{"delta": "Hm"}]}),
            json!({"choices": [{"delta": null, "message": {"content": "Hm"}}]}),
            json!({"choices": [{"text": "Hm"}]}),
            json!({"message": {"role": "assistant", "content": "Hm"}, "done": false}),
            json!({"choices": [{"index": 1, "delta": {"content": "No"}}, {"index": 0, "delta": {"content": "Hm"}}]}),
            json!({"error": null, "choices": [{"delta": {"content": "Hm", "reasoning": null}}]}),
        ] {
            assert_eq!(read(&value).unwrap().words, "Hm", "{value}");
        }
    }

    #[test]
    fn what_a_reply_cost_is_read_where_it_is_said() {
        let cost = |read, written| Some(TokenUsage { read, written });
        for (value, want) in [
            (json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}}), cost(9, 4)),
            (json!({"message": {}, "done": true, "prompt_eval_count": 7, "eval_count": 2}), cost(7, 2)),
            (json!({"choices": [], "usage": null}), None),
            (json!({"choices": [], "usage": {"prompt_tokens": 9}}), None),
        ] {
            assert_eq!(read(&value).unwrap().tokens, want, "{value}");
        }
    }
}
