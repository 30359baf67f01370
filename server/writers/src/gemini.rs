//! Gemini's streaming API.

use std::sync::Arc;

use engine::{Judge, LineWordStream, Writer};
use interview::{Brief, LineSource, WriterLine};
use provider::BaseAddress;
use reqwest::header::HeaderName;
use reqwest::{Client, RequestBuilder};
use serde_json::json;

use crate::http::{self, LanguageModelServer, SILENCE};
use crate::prompts::Prompt;
use crate::read::{self, ReplyValueParser};
use crate::terms::{Agreement, Limit, Terms};
use crate::thinking::{self, MOST_TOKENS};
use crate::trial::{self, Trial};
use crate::{ModelAvailability, ProviderFault, ProviderKey, judge, prompts, reach};

/// Carries the key: in the address it would end up in logs.
const KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// Gemini as a writer. Its lines are not checked: see [`crate::LineGuard`].
#[derive(Debug, Clone)]
pub struct Gemini(Arc<GeminiServer>);

#[derive(Debug)]
struct GeminiServer {
    client: Client,
    address: BaseAddress,
    model: String,
    key: ProviderKey,
    /// Most tokens of a reply.
    most_tokens: u32,
    agreement: Agreement,
}

impl Gemini {
    /// This model, at this base address (the part before `/models`; [`provider::GEMINI`]'s unless there is a reason).
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if the address is not one, or the model's name is not letters, digits, `.`,
    /// `-`, `_`.
    pub fn new(base: &str, model: &str, key: ProviderKey) -> Result<Self, ProviderFault> {
        let address =
            BaseAddress::parse(base).map_err(|_| ProviderFault::Configuration)?.without(&[&["models"]]);
        let client = provider::client(&address, SILENCE).map_err(|_| ProviderFault::Configuration)?;
        let model = model.strip_prefix("models/").unwrap_or(model).to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if model.is_empty() || !model.chars().all(plain) {
            return Err(ProviderFault::Configuration);
        }
        // How little it thinks depends on the model: the request finds the words.
        let thinking = thinking::gemini(&model).map(|_| "least");
        let terms =
            Terms { place: 0, limit: Limit::New, system: true, thinking, template: false, stream: true };
        let agreement = Agreement::new(terms, 1);
        Ok(Self(Arc::new(GeminiServer { client, address, model, key, most_tokens: MOST_TOKENS, agreement })))
    }

    /// Asks Gemini for the model, with the key; takes five seconds at most.
    pub async fn reach(&self) -> ModelAvailability {
        let GeminiServer { client, address, model, key, .. } = &*self.0;
        let Some(key) = key.header("") else {
            return ModelAvailability::Failed(ProviderFault::Configuration);
        };
        reach::gemini(client, address, model, |request| request.header(KEY, key.clone())).await
    }

    /// The same model as a judge of stories.
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if the machine's certificates cannot be read.
    pub fn judge(&self) -> Result<Arc<dyn Judge>, ProviderFault> {
        let GeminiServer { address, model, key, agreement, .. } = &*self.0;
        let client = provider::client(address, judge::SILENCE).map_err(|_| ProviderFault::Configuration)?;
        // Whole replies say what they cost.
        let agreement = Agreement::new(Terms { stream: false, ..agreement.terms() }, 1);
        let (address, model, key) = (address.clone(), model.clone(), key.clone());
        let shown = model.clone();
        let server = GeminiServer { client, address, model, key, most_tokens: judge::MOST_TOKENS, agreement };
        Ok(Arc::new(judge::ProviderJudge { server: Arc::new(server), model: shown }))
    }

    /// Asks for a few words, as for a line.
    ///
    /// # Errors
    /// Why there were none.
    pub async fn try_out(&self) -> Result<Trial, ProviderFault> {
        trial::run(self.0.clone()).await
    }
}

impl LanguageModelServer for GeminiServer {
    fn request(&self, prompt: &Prompt, terms: &Terms) -> Result<RequestBuilder, ProviderFault> {
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
            body["generationConfig"]["maxOutputTokens"] = json!(self.most_tokens);
        }
        if let Some(thinking) = terms.thinking.and_then(|_| thinking::gemini(&self.model)) {
            body["generationConfig"]["thinkingConfig"] = thinking;
        }
        let call = if terms.stream { "streamGenerateContent" } else { "generateContent" };
        let mut url = self.address.place(&["models", &format!("{}:{call}", self.model)]);
        if terms.stream {
            url.query_pairs_mut().append_pair("alt", "sse");
        }
        let key = self.key.header("").ok_or(ProviderFault::Configuration)?;
        Ok(self.client.post(url).header(KEY, key).json(&body))
    }

    fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    fn read(&self) -> ReplyValueParser {
        read::gemini
    }
}

impl Writer for Gemini {
    fn name(&self) -> &str {
        "gemini"
    }

    fn source(&self) -> LineSource {
        LineSource::Model
    }

    fn at_once(&self, _: &Brief) -> Option<WriterLine> {
        None
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        http::words(self.0.clone(), prompts::render(&brief))
    }
}
