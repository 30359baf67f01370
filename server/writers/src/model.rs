//! A language model behind a provider's API: as a writer, as a judge of stories, and whether it can be reached.

use std::sync::Arc;
use std::time::Duration;

use engine::{Judge, LineWordStream, Writer};
use interview::{Brief, LineSource, WriterLine};

use crate::ProviderFault;
use crate::api::ModelApi;
use crate::client::ModelClient;
use crate::http;
use crate::judge::{self, ProviderJudge};
use crate::prompts;
use crate::reach::ModelAvailability;
use crate::terms::Terms;
use crate::trial::{self, Trial};

/// Longest silence in the middle of a reply. The interview's own deadlines are shorter where they matter.
const SILENCE: Duration = Duration::from_secs(15);
/// Most tokens of a line, and of what little thinking there is before it.
const MOST_TOKENS: u32 = 2000;

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
        self.0.availability().await.unwrap_or_else(ModelAvailability::from)
    }

    /// The names of the models that the server has; none if it does not say within five seconds.
    pub async fn models(&self) -> Vec<String> {
        self.0.models().await.unwrap_or_default()
    }

    /// The same server and model as a judge of stories.
    ///
    /// # Errors
    /// [`ProviderFault::Configuration`] if the machine's certificates cannot be read.
    pub fn judge(&self) -> Result<Arc<dyn Judge>, ProviderFault> {
        // Whole replies say what they cost.
        let terms = Terms { stream: false, ..self.0.agreement().terms() };
        let api = Arc::clone(self.0.api());
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
        self.0.api().provider()
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
