//! Taking part in an interview, from joining to leaving.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::agent::Agent;
use crate::parts::{AgentOutcome, AgentParts, Options};

/// Takes part in an interview by voice until it is over, the candidate has gone or `stop` is cancelled. It has left the
/// room when this returns, and what was said was brought to the interview.
pub async fn attend(parts: AgentParts, options: Options, stop: CancellationToken) -> AgentOutcome {
    let room = Arc::clone(&parts.room);
    let outcome = match Agent::begin(parts, options).await {
        Ok(agent) => agent.run(stop).await,
        Err(outcome) => outcome,
    };
    room.leave().await;
    outcome
}
