//! Gemini's streaming API.

use std::sync::Arc;

use engine::{Judge, Words, Writer};
use interview::{Brief, Line, Source};
use provider::Address;
use reqwest::header::HeaderName;
use reqwest::{Client, RequestBuilder};
use serde_json::json;

use crate::http::{self, SILENCE, Server};
use crate::prompts::Prompt;
use crate::read::{self, Read};
use crate::terms::{Agreement, Limit, Terms};
use crate::thinking::{self, MOST_TOKENS};
use crate::trial::{self, Trial};
use crate::{Fault, Key, Reached, judge, prompts, reach};

/// Carries the key: in the address it would end up in logs.
const KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// Gemini as a writer. Its lines are not checked: see [`crate::LineGuard`].
#[derive(Debug, Clone)]
pub struct Gemini(Arc<Asked>);

#[derive(Debug)]
struct Asked {
    client: Client,
    address: Address,
    model: String,
    key: Key,
    /// Most tokens of a reply.
    most_tokens: u32,
    agreement: Agreement,
}

impl Gemini {
    /// This model, at this base address (the part before `/models`; [`provider::GEMINI`]'s unless there is a reason).
    ///
    /// # Errors
    /// [`Fault::Configuration`] if the address is not one, or the model's name is not letters, digits, `.`, `-`, `_`.
    pub fn new(base: &str, model: &str, key: Key) -> Result<Self, Fault> {
        let address = Address::parse(base).map_err(|_| Fault::Configuration)?.without(&[&["models"]]);
        let client = provider::client(&address, SILENCE).map_err(|_| Fault::Configuration)?;
        let model = model.strip_prefix("models/").unwrap_or(model).to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if model.is_empty() || !model.chars().all(plain) {
            return Err(Fault::Configuration);
        }
        // How little it thinks depends on the model: the request finds the words.
        let thinking = thinking::gemini(&model).map(|_| "least");
        let terms =
            Terms { place: 0, limit: Limit::New, system: true, thinking, template: false, stream: true };
        let agreement = Agreement::new(terms, 1);
        Ok(Self(Arc::new(Asked { client, address, model, key, most_tokens: MOST_TOKENS, agreement })))
    }

    /// Asks Gemini for the model, with the key; takes five seconds at most.
    pub async fn reach(&self) -> Reached {
        let Asked { client, address, model, key, .. } = &*self.0;
        let Some(key) = key.header("") else { return Reached::Failed(Fault::Configuration) };
        reach::gemini(client, address, model, |request| request.header(KEY, key.clone())).await
    }

    /// The same model as a judge of stories.
    ///
    /// # Errors
    /// [`Fault::Configuration`] if the machine's certificates cannot be read.
    pub fn judge(&self) -> Result<Arc<dyn Judge>, Fault> {
        let Asked { address, model, key, agreement, .. } = &*self.0;
        let client = provider::client(address, judge::SILENCE).map_err(|_| Fault::Configuration)?;
        // Whole replies say what they cost.
        let agreement = Agreement::new(Terms { stream: false, ..agreement.terms() }, 1);
        let (address, model, key) = (address.clone(), model.clone(), key.clone());
        let shown = model.clone();
        let server = Asked { client, address, model, key, most_tokens: judge::MOST_TOKENS, agreement };
        Ok(Arc::new(judge::Asked { server: Arc::new(server), model: shown }))
    }

    /// Asks for a few words, as for a line.
    ///
    /// # Errors
    /// Why there were none.
    pub async fn try_out(&self) -> Result<Trial, Fault> {
        trial::run(self.0.clone()).await
    }
}

impl Server for Asked {
    fn request(&self, prompt: &Prompt, terms: &Terms) -> Result<RequestBuilder, Fault> {
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
        let key = self.key.header("").ok_or(Fault::Configuration)?;
        Ok(self.client.post(url).header(KEY, key).json(&body))
    }

    fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    fn read(&self) -> Read {
        read::gemini
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
        http::words(self.0.clone(), prompts::render(&brief))
    }
}
