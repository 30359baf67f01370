//! A provider's API with the connections to its server, and what was agreed with it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use crate::ProviderFault;
use crate::api::ModelApi;
use crate::prompts::Prompt;
use crate::reach::{self, ModelAvailability};
use crate::read::ReplyDelta;
use crate::terms::{Agreement, Terms};

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
    /// A client of its own, on these terms at first. A reply that is silent for `silence` fails.
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if there is no address, or the machine's certificates cannot be read.
    pub(crate) fn new(
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

    /// What it speaks with.
    pub(crate) fn api(&self) -> &Arc<dyn ModelApi> {
        &self.api
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

    /// Whether the server takes the key and has the model; within five seconds.
    pub(crate) async fn availability(&self) -> Result<ModelAvailability, ProviderFault> {
        reach::in_time(self.api.availability(&self.client)).await
    }

    /// The models that the server has; within five seconds.
    pub(crate) async fn models(&self) -> Result<Vec<String>, ProviderFault> {
        reach::in_time(self.api.models(&self.client)).await
    }
}
