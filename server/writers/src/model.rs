//! A language model behind a provider's API: as a writer, as a judge of stories, and whether it can be reached.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::{Judge, LineWordStream, Writer};
use interview::{Brief, LineSource, WriterLine};
use provider::BaseAddress;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use crate::ProviderFault;
use crate::http;
use crate::judge::{self, ProviderJudge};
use crate::prompts::{self, Prompt};
use crate::reach::{self, ModelAvailability};
use crate::read::ReplyDelta;
use crate::terms::{Agreement, Terms};
use crate::trial::{self, Trial};

/// Longest silence in the middle of a reply. The interview's own deadlines are shorter where they matter.
const SILENCE: Duration = Duration::from_secs(15);
/// Most tokens of a line, and of what little thinking there is before it.
const MOST_TOKENS: u32 = 2000;

/// What is particular to a provider's API, for one model at one address.
#[async_trait]
pub(crate) trait ModelApi: Debug + Send + Sync {
    /// The name of the provider.
    fn provider(&self) -> &'static str;
    /// The name of the model.
    fn model(&self) -> &str;
    /// Where the server may be, the likeliest first; at least one.
    fn addresses(&self) -> &[BaseAddress];
    /// The terms of the first request.
    fn terms(&self) -> Terms;
    /// The request for words on these terms; of so many tokens at most, where the terms limit them.
    fn request(
        &self,
        client: &Client,
        prompt: &Prompt,
        terms: &Terms,
        most_tokens: u32,
    ) -> Result<RequestBuilder, ProviderFault>;
    /// What a value of a reply says.
    fn read(&self, value: &Value) -> Result<ReplyDelta, ProviderFault>;
    /// Whether the server has the model, as it says when asked with the key.
    async fn availability(&self, client: &Client) -> Result<ModelAvailability, ProviderFault>;
    /// The models that the server has, by the names it gives them.
    async fn models(&self, client: &Client) -> Result<Vec<String>, ProviderFault>;
}

/// A model with what its requests have in common.
#[derive(Debug)]
pub(crate) struct ModelClient {
    api: Arc<dyn ModelApi>,
    client: Client,
    /// Most tokens of a reply.
    most_tokens: u32,
    agreement: Agreement,
}

impl ModelClient {
    fn new(
        api: Arc<dyn ModelApi>,
        terms: Terms,
        silence: Duration,
        most_tokens: u32,
    ) -> Result<Self, ProviderFault> {
        let address = api.addresses().first().ok_or(ProviderFault::Configuration)?;
        let client = provider::client(address, silence).map_err(|_| ProviderFault::Configuration)?;
        let agreement = Agreement::new(terms, api.addresses().len());
        Ok(Self { api, client, most_tokens, agreement })
    }

    /// The request for words on these terms.
    pub(crate) fn request(&self, prompt: &Prompt, terms: &Terms) -> Result<RequestBuilder, ProviderFault> {
        self.api.request(&self.client, prompt, terms, self.most_tokens)
    }

    /// What a value of a reply says.
    pub(crate) fn read(&self, value: &Value) -> Result<ReplyDelta, ProviderFault> {
        self.api.read(value)
    }

    /// What was agreed with the server so far.
    pub(crate) fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The name of the model.
    pub(crate) fn model(&self) -> &str {
        self.api.model()
    }
}

/// A model of a provider as a writer. Its lines are not checked: see [`crate::LineGuard`].
#[derive(Debug, Clone)]
pub struct LanguageModel(Arc<ModelClient>);

impl LanguageModel {
    /// Behind this API.
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if the machine's certificates cannot be read.
    pub(crate) fn new(api: impl ModelApi + 'static) -> Result<Self, ProviderFault> {
        let terms = api.terms();
        Ok(Self(Arc::new(ModelClient::new(Arc::new(api), terms, SILENCE, MOST_TOKENS)?)))
    }

    /// Asks the server whether it takes the key and has the model; takes five seconds at most.
    pub async fn reach(&self) -> ModelAvailability {
        let availability = self.0.api.availability(&self.0.client);
        reach::in_time(availability).await.unwrap_or_else(ModelAvailability::from)
    }

    /// The names of the models that the server has; none if it does not say within five seconds.
    pub async fn models(&self) -> Vec<String> {
        reach::in_time(self.0.api.models(&self.0.client)).await.unwrap_or_default()
    }

    /// The same server and model as a judge of stories.
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if the machine's certificates cannot be read.
    pub fn judge(&self) -> Result<Arc<dyn Judge>, ProviderFault> {
        // Whole replies say what they cost.
        let terms = Terms { stream: false, ..self.0.agreement.terms() };
        let api = Arc::clone(&self.0.api);
        let client = ModelClient::new(api, terms, judge::SILENCE, judge::MOST_TOKENS)?;
        Ok(Arc::new(ProviderJudge(Arc::new(client))))
    }

    /// Asks for a few words, as for a line.
    ///
    /// # Errors
    /// Why there were none.
    pub async fn try_out(&self) -> Result<Trial, ProviderFault> {
        trial::run(Arc::clone(&self.0)).await
    }
}

impl Writer for LanguageModel {
    fn name(&self) -> &str {
        self.0.api.provider()
    }

    fn source(&self) -> LineSource {
        LineSource::Model
    }

    fn at_once(&self, _: &Brief) -> Option<WriterLine> {
        None
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        http::words(Arc::clone(&self.0), prompts::render(&brief))
    }
}
