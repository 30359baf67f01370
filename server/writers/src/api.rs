//! What is particular to a provider's API.

use std::fmt::Debug;

use async_trait::async_trait;
use provider::BaseAddress;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use crate::ProviderFault;
use crate::prompts::Prompt;
use crate::reach::ModelAvailability;
use crate::read::ReplyDelta;
use crate::terms::Terms;

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
