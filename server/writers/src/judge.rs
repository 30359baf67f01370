//! A model as a judge of stories: asked once a time, for all of its reply at once.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::{Judge, JudgeRequest, Opinion};

use crate::client::ModelClient;
use crate::http;
use crate::prompts;

/// Longest silence of a server that reads and thinks before it gives its first byte; the engine waits no longer.
pub(crate) const SILENCE: Duration = Duration::from_secs(60);
/// Most tokens of a reply, and of what little thinking there is before it.
pub(crate) const MOST_TOKENS: u32 = 6_000;

/// A provider's model, asked to judge.
pub(crate) struct ProviderJudge(pub(crate) Arc<ModelClient>);

#[async_trait]
impl Judge for ProviderJudge {
    fn model(&self) -> &str {
        self.0.api().model()
    }

    async fn judge(&self, stories: &JudgeRequest) -> Result<Opinion, String> {
        let prompt = prompts::judge(stories);
        match http::whole(Arc::clone(&self.0), &prompt).await {
            Ok((text, tokens)) => Ok(Opinion { text, tokens }),
            Err(failed) => Err(failed.fault.to_string()),
        }
    }
}
