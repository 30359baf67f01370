//! One real, short request: whether a model gives words at all, and how soon.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use crate::ProviderFault;
use crate::client::ModelClient;
use crate::http;
use crate::prompts::Prompt;

/// How long all of it may take: a server may have to load the model first.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a model did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// How long its first words took.
    pub first_words: Duration,
    /// How long all of them took.
    pub whole: Duration,
}

/// Asks for a few words.
pub(crate) async fn run(model: Arc<ModelClient>) -> Result<Trial, ProviderFault> {
    let prompt = Prompt {
        system: "You answer in one short sentence.".to_owned(),
        user: "Say good morning.".to_owned(),
    };
    let began = Instant::now();
    let until = began + PATIENCE;
    let mut words = http::asked(model, prompt);
    let mut first = None;
    loop {
        match timeout_at(until, words.next()).await.map_err(|_| ProviderFault::Timeout)? {
            Some(Ok(_)) => first = first.or_else(|| Some(began.elapsed())),
            Some(Err(failed)) => return Err(failed.fault),
            None => {
                let first_words = first.ok_or(ProviderFault::Empty)?;
                return Ok(Trial { first_words, whole: began.elapsed() });
            }
        }
    }
}
