//! What a model replied, and what that cost.

use serde::{Deserialize, Serialize};

/// What a model replied when it was asked to judge an interview, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeReplies {
    /// The model.
    pub model: String,
    /// Its replies. Of [`TIMES`](super::TIMES) that were asked for, those that came in time.
    pub replies: Vec<String>,
    /// What they cost, as far as the server said so.
    pub tokens: Option<TokenUsage>,
}

/// What replies of a model cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Tokens that it read.
    pub read: u64,
    /// Tokens that it wrote, thinking included.
    pub written: u64,
}

impl TokenUsage {
    /// Of two replies.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            read: self.read.saturating_add(other.read),
            written: self.written.saturating_add(other.written),
        }
    }

    /// All of them.
    pub fn all(self) -> u64 {
        self.read.saturating_add(self.written)
    }
}
