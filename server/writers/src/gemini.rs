//! Gemini's streaming API.

use async_trait::async_trait;
use provider::{BaseAddress, DefaultModels, Descriptor};
use reqwest::header::HeaderName;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::api::ModelApi;
use crate::model::LanguageModel;
use crate::prompts::Prompt;
use crate::reach::{self, ModelAvailability};
use crate::read::{ReplyDelta, end, failed, first, text, tokens};
use crate::registry::{ModelProvider, Remedy};
use crate::terms::{Limit, Terms};
use crate::{ProviderFault, ProviderKey};

/// Google's Gemini.
pub const GEMINI: ModelProvider = ModelProvider {
    descriptor: Descriptor {
        name: "gemini",
        title: "Google",
        key: "GEMINI_API_KEY",
        address: &["GEMINI_BASE_URL"],
        speech_address: &[],
        base: "https://generativelanguage.googleapis.com/v1beta",
        abilities: DefaultModels { lines: Some("gemini-3.5-flash-lite"), hearing: None, speaking: None },
    },
    help: "Gemini's",
    model_elsewhere: None,
    remedy: Remedy {
        wrong: "the setting `model` or GEMINI_BASE_URL",
        give: "a name such as gemini-3.5-flash-lite, and an address such as https://host/v1beta",
    },
    make: |base, model, key| {
        LanguageModel::new(Gemini::new(base, model, key.ok_or(ProviderFault::Configuration)?)?)
    },
};

/// Carries the key: in the address it would end up in logs.
const KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

#[derive(Debug)]
struct Gemini {
    /// Exactly one.
    addresses: [BaseAddress; 1],
    model: String,
    key: ProviderKey,
}

impl Gemini {
    /// This model, at this base address (the part before `/models`).
    fn new(base: &str, model: &str, key: ProviderKey) -> Result<Self, ProviderFault> {
        let address = BaseAddress::parse(base).map_err(|_| ProviderFault::Configuration)?;
        let model = model.strip_prefix("models/").unwrap_or(model).to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if model.is_empty() || !model.chars().all(plain) {
            return Err(ProviderFault::Configuration);
        }
        Ok(Self { addresses: [address.without(&[&["models"]])], model, key })
    }

    fn address(&self) -> &BaseAddress {
        let [address] = &self.addresses;
        address
    }

    fn with_key(&self, request: RequestBuilder) -> Result<RequestBuilder, ProviderFault> {
        Ok(request.header(KEY, self.key.header("").ok_or(ProviderFault::Configuration)?))
    }
}

#[async_trait]
impl ModelApi for Gemini {
    fn provider(&self) -> &'static str {
        GEMINI.descriptor.name
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn addresses(&self) -> &[BaseAddress] {
        &self.addresses
    }

    fn terms(&self) -> Terms {
        // How little it thinks depends on the model: the request finds the words.
        let thinking = thinking(&self.model).map(|_| "least");
        Terms { place: 0, limit: Limit::New, system: true, thinking, template: false, stream: true }
    }

    fn request(
        &self,
        client: &Client,
        prompt: &Prompt,
        terms: &Terms,
        most_tokens: u32,
    ) -> Result<RequestBuilder, ProviderFault> {
        let mut body = if terms.system {
            json!({
                "system_instruction": {"parts": [{"text": prompt.system}]},
                "contents": [{"role": "user", "parts": [{"text": prompt.user}]}],
            })
        } else {
            let text = format!("{}\n\n{}", prompt.system, prompt.user);
            json!({"contents": [{"role": "user", "parts": [{"text": text}]}]})
        };
        if terms.limit != Limit::None {
            body["generationConfig"]["maxOutputTokens"] = json!(most_tokens);
        }
        if let Some(thinking) = terms.thinking.and_then(|_| thinking(&self.model)) {
            body["generationConfig"]["thinkingConfig"] = thinking;
        }
        let call = if terms.stream { "streamGenerateContent" } else { "generateContent" };
        let mut url = self.address().place(&["models", &format!("{}:{call}", self.model)]);
        if terms.stream {
            url.query_pairs_mut().append_pair("alt", "sse");
        }
        Ok(self.with_key(client.post(url))?.json(&body))
    }

    fn read(&self, value: &Value) -> Result<ReplyDelta, ProviderFault> {
        read(value)
    }

    async fn availability(&self, client: &Client) -> Result<ModelAvailability, ProviderFault> {
        let request = self.with_key(client.get(self.address().place(&["models", &self.model])))?;
        match reach::ask(request).await {
            Err(ProviderFault::Status(404)) => {}
            answer => {
                let named = reach::json(&answer?)?["name"].is_string();
                return if named { Ok(ModelAvailability::Ready) } else { Err(ProviderFault::Garbage) };
            }
        }
        let there = match self.models(client).await {
            // That the model is not known is known all the same.
            Err(ProviderFault::Status(_)) => Vec::new(),
            there => there?,
        };
        Ok(ModelAvailability::UnknownModel { there })
    }

    async fn models(&self, client: &Client) -> Result<Vec<String>, ProviderFault> {
        let mut url = self.address().place(&["models"]);
        url.query_pairs_mut().append_pair("pageSize", "1000");
        let listed = reach::json(&reach::ask(self.with_key(client.get(url))?).await?)?;
        let there = listed["models"].as_array().into_iter().flatten();
        let name = |model: &Value| {
            let name = model["name"].as_str()?;
            reach::shown(name.strip_prefix("models/").unwrap_or(name))
        };
        Ok(there.filter_map(name).collect())
    }
}

/// A value of Gemini's `generateContent` and `streamGenerateContent`.
fn read(value: &Value) -> Result<ReplyDelta, ProviderFault> {
    failed(value)?;
    // Some gateways wrap each value.
    let value = if value["response"].is_object() { &value["response"] } else { value };
    let candidate = first(&value["candidates"]).unwrap_or(&Value::Null);
    let words = text(&candidate["content"]);
    let blocked = value["promptFeedback"]["blockReason"].as_str().unwrap_or_default();
    if words.is_empty() && !blocked.is_empty() && !blocked.ends_with("UNSPECIFIED") {
        return Err(ProviderFault::Withheld);
    }
    let end = [&candidate["finishReason"], &candidate["finish_reason"]].into_iter().find_map(end);
    let usage = &value["usageMetadata"];
    let written = [&usage["candidatesTokenCount"], &usage["thoughtsTokenCount"]];
    let tokens = tokens(&usage["promptTokenCount"], &written);
    Ok(ReplyDelta { words, all: false, thinks: false, end, tokens })
}

/// The `thinkingConfig` that makes this model think little before it speaks; `None`: it is told nothing. A line must begin
/// within seconds. From Google's page on thinking, November 2026; what a family does not know it refuses.
fn thinking(model: &str) -> Option<Value> {
    let version = model.strip_prefix("gemini-")?;
    let lite = version.contains("flash-lite");
    if version.starts_with("2.5") {
        // 2.5 counts tokens; Pro cannot do with fewer than these.
        let budget = if version.starts_with("2.5-pro") { 128 } else { 0 };
        return Some(json!({ "thinkingBudget": budget }));
    }
    let third = version.chars().next().is_some_and(|digit| ('3'..='9').contains(&digit));
    // From 3 on there are levels; all have `low`, only the light ones are sure to have less.
    (third || version.ends_with("-latest"))
        .then(|| json!({ "thinkingLevel": if lite { "minimal" } else { "low" } }))
}

#[cfg(test)]
mod tests {
    use engine::TokenUsage;

    use super::*;

    #[test]
    fn each_family_of_gemini_is_told_in_its_words() {
        let level = |level: &str| Some(json!({ "thinkingLevel": level }));
        let budget = |tokens: u32| Some(json!({ "thinkingBudget": tokens }));
        for (model, told) in [
            ("gemini-3.5-flash-lite", level("minimal")),
            ("gemini-flash-lite-latest", level("minimal")),
            ("gemini-3.8-flash", level("low")),
            ("gemini-3.1-pro-preview", level("low")),
            ("gemini-flash-latest", level("low")),
            ("gemini-2.5-flash", budget(0)),
            ("gemini-2.5-flash-lite", budget(0)),
            ("gemini-2.5-pro", budget(128)),
            ("gemini-2.0-flash", None),
            ("gemma-3-27b-it", None),
        ] {
            assert_eq!(thinking(model), told, "{model}");
        }
    }

    #[test]
    fn words_are_found_wherever_a_server_puts_them() {
        for value in [
            json!({"candidates": [{"content": {"parts": [{"text": "thought", "thought": true}, {"text": "Hm"}]}}]}),
            json!({"candidates": [{"content": {"parts": {"text": "Hm"}}}]}),
            json!({"candidates": {"content": "Hm"}}),
            json!({"response": {"candidates": [{"content": {"parts": [{"text": "Hm", "thought": null}]}}]}}),
        ] {
            assert_eq!(read(&value).unwrap().words, "Hm", "{value}");
        }
    }

    #[test]
    fn what_a_reply_cost_is_read() {
        let cost = |read, written| Some(TokenUsage { read, written });
        let value = json!({"usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 3}});
        assert_eq!(read(&value).unwrap().tokens, cost(9, 7));
    }
}
