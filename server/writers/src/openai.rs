//! Any server that speaks OpenAI's chat completions: OpenAI itself, Ollama, llama.cpp, vLLM, LM Studio, gateways, Azure.

use std::sync::Arc;

use engine::{Judge, LineWordStream, Writer};
use interview::{Brief, LineSource, WriterLine};
use provider::BaseAddress;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder};
use serde_json::json;

use crate::http::{self, LanguageModelServer, SILENCE};
use crate::prompts::Prompt;
use crate::read::{self, ReplyValueParser};
use crate::terms::{Agreement, Limit, Terms};
use crate::thinking::{self, MOST_TOKENS};
use crate::trial::{self, Trial};
use crate::{ModelAvailability, ProviderFault, ProviderKey, judge, prompts, reach};

/// What people paste along with an address.
const PLACES: &[&[&str]] =
    &[&["chat", "completions"], &["completions"], &["chat"], &["models"], &["responses"], &["embeddings"]];

/// An OpenAI-compatible server as a writer. Its lines are not checked: see [`crate::LineGuard`].
#[derive(Debug, Clone)]
pub struct OpenAi(Arc<OpenAiServer>);

#[derive(Debug)]
struct OpenAiServer {
    client: Client,
    /// Where it may be, the likeliest first.
    addresses: Vec<BaseAddress>,
    model: String,
    key: Option<ProviderKey>,
    /// Most tokens of a reply.
    most_tokens: u32,
    agreement: Agreement,
}

impl OpenAi {
    /// The server at this base address (the part before `/chat/completions`), with this model.
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if the address is not one, or the machine's certificates cannot be read.
    pub fn new(base: &str, model: &str, key: Option<ProviderKey>) -> Result<Self, ProviderFault> {
        let base = BaseAddress::parse(base).map_err(|_| ProviderFault::Configuration)?.without(PLACES);
        let client = provider::client(&base, SILENCE).map_err(|_| ProviderFault::Configuration)?;
        let (limit, thinking) = match base.host() {
            "api.openai.com" => (Limit::New, thinking::openai(model)),
            // Ollama, vLLM, Groq and others take the word; who does not refuses it, and is not told again.
            _ => (Limit::Old, Some("none")),
        };
        let addresses = addresses(base);
        let terms = Terms { place: 0, limit, system: true, thinking, template: false, stream: true };
        let agreement = Agreement::new(terms, addresses.len());
        let most_tokens = MOST_TOKENS;
        Ok(Self(Arc::new(OpenAiServer {
            client,
            addresses,
            model: model.to_owned(),
            key,
            most_tokens,
            agreement,
        })))
    }

    /// Asks the server for its models, with the key; takes five seconds at most.
    pub async fn reach(&self) -> ModelAvailability {
        let mut said = ModelAvailability::Unlisted;
        for address in &self.0.addresses {
            said = match self.0.with_key(self.0.client.get(address.place(&["models"]))) {
                Ok(request) => reach::openai(request, &self.0.model).await,
                Err(fault) => ModelAvailability::Failed(fault),
            };
            if said != ModelAvailability::Unlisted && said != ModelAvailability::Failed(ProviderFault::Html) {
                break;
            }
        }
        said
    }

    /// The names of the models that it has; none if it does not say.
    pub async fn models(&self) -> Vec<String> {
        let Some(address) = self.0.addresses.first() else { return Vec::new() };
        match self.0.with_key(self.0.client.get(address.place(&["models"]))) {
            Ok(request) => reach::models(request).await,
            Err(_) => Vec::new(),
        }
    }

    /// The same server and model as a judge of stories.
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if the machine's certificates cannot be read.
    pub fn judge(&self) -> Result<Arc<dyn Judge>, ProviderFault> {
        let OpenAiServer { addresses, model, key, agreement, .. } = &*self.0;
        let address = addresses.first().ok_or(ProviderFault::Configuration)?;
        let client = provider::client(address, judge::SILENCE).map_err(|_| ProviderFault::Configuration)?;
        // Whole replies say what they cost.
        let agreement = Agreement::new(Terms { stream: false, ..agreement.terms() }, addresses.len());
        let (addresses, model, key) = (addresses.clone(), model.clone(), key.clone());
        let shown = model.clone();
        let server =
            OpenAiServer { client, addresses, model, key, most_tokens: judge::MOST_TOKENS, agreement };
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

impl OpenAiServer {
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
}

impl LanguageModelServer for OpenAiServer {
    fn request(&self, prompt: &Prompt, terms: &Terms) -> Result<RequestBuilder, ProviderFault> {
        let messages = if terms.system {
            json!([{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}])
        } else {
            json!([{"role": "user", "content": format!("{}\n\n{}", prompt.system, prompt.user)}])
        };
        let mut body = json!({"model": self.model, "stream": terms.stream, "messages": messages});
        match terms.limit {
            Limit::Old => body["max_tokens"] = json!(self.most_tokens),
            Limit::New => body["max_completion_tokens"] = json!(self.most_tokens),
            Limit::None => {}
        }
        if let Some(effort) = terms.thinking {
            body["reasoning_effort"] = json!(effort);
        }
        if terms.template {
            body["chat_template_kwargs"] = json!({"enable_thinking": false});
        }
        let address = self.addresses.get(terms.place).ok_or(ProviderFault::Configuration)?;
        self.with_key(self.client.post(address.place(&["chat", "completions"])).json(&body))
    }

    fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    fn read(&self) -> ReplyValueParser {
        read::openai
    }
}

impl Writer for OpenAi {
    fn name(&self) -> &str {
        "openai"
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
