//! What a report is made of.

use std::collections::BTreeSet;

use interview::{Message, Plan, Profile};

use crate::harm::{SpokenTurnMetrics, Trouble};
use crate::judgement::JudgeReplies;

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
pub struct Performance<'a> {
    /// Who was interviewed, for what.
    pub profile: &'a Profile,
    /// The plan of the interview.
    pub plan: &'a Plan,
    /// Everything said, in order.
    pub messages: &'a [Message],
    /// How long spoken answers took.
    pub spoken: &'a [SpokenTurnMetrics],
    /// What went wrong in the room.
    pub troubles: &'a [Trouble],
    /// The names of the statements that the candidate has struck.
    pub struck: &'a BTreeSet<String>,
    /// What a model replied, if one was asked.
    pub judged: Option<&'a JudgeReplies>,
}
