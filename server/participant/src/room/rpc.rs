//! Remote procedure calls: who waits for which answer, until when. Pure.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use livekit_protocol as proto;

/// How long the callee may take to acknowledge a call.
const ACK_WITHIN: Duration = Duration::from_secs(7);
/// How many calls may be pending; more are refused.
const MOST_CALLS: usize = 256;
/// The longest payload, in bytes: LiveKit's limit.
pub const MOST_PAYLOAD: usize = 15 * 1024;

/// Why a call failed, with LiveKit's codes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the call failed ({code}): {message}")]
pub struct RpcError {
    /// The code. 1400 to 1599 are LiveKit's, others the callee's own.
    pub code: u32,
    /// What happened.
    pub message: String,
    /// Further data from the callee; may be empty.
    pub data: String,
}

impl RpcError {
    /// An error of the callee's own.
    pub fn new(code: u32, message: &str) -> Self {
        Self { code, message: message.to_owned(), data: String::new() }
    }

    /// The callee has no such method.
    pub fn unsupported_method() -> Self {
        Self::new(1400, "Method not supported at destination")
    }

    /// There is no participant of that identity.
    pub fn recipient_not_found() -> Self {
        Self::new(1401, "Recipient not found")
    }

    /// The payload is over 15 kB.
    pub fn request_too_large() -> Self {
        Self::new(1402, "Request payload too large")
    }

    /// The callee speaks another version.
    pub fn unsupported_version() -> Self {
        Self::new(1404, "Unsupported RPC version")
    }

    /// The callee's handler failed.
    pub fn application_error() -> Self {
        Self::new(1500, "Application error in method handler")
    }

    /// The callee did not acknowledge the call in time.
    pub fn connection_timeout() -> Self {
        Self::new(1501, "Connection timeout")
    }

    /// The callee did not answer in time.
    pub fn response_timeout() -> Self {
        Self::new(1502, "Response timeout")
    }

    /// The callee left.
    pub fn recipient_disconnected() -> Self {
        Self::new(1503, "Recipient disconnected")
    }

    /// The answer is over 15 kB.
    pub fn response_too_large() -> Self {
        Self::new(1504, "Response payload too large")
    }

    /// It could not be sent.
    pub fn send_failed() -> Self {
        Self::new(1505, "Failed to send")
    }

    /// The error in LiveKit's wire format.
    pub fn to_wire(&self) -> proto::RpcError {
        proto::RpcError { code: self.code, message: self.message.clone(), data: self.data.clone() }
    }
}

impl From<proto::RpcError> for RpcError {
    fn from(error: proto::RpcError) -> Self {
        Self { code: error.code, message: error.message, data: error.data }
    }
}

/// The outcome of a call: its answer, or why it failed.
pub type RpcOutcome = Result<String, RpcError>;

struct PendingRpc<W> {
    to: String,
    ack_by: Option<Instant>,
    answer_by: Instant,
    waits: W,
}

/// Our pending calls. `W` is what waits for the answer.
pub struct Calls<W> {
    open: BTreeMap<String, PendingRpc<W>>,
}

impl<W> Default for Calls<W> {
    fn default() -> Self {
        Self { open: BTreeMap::new() }
    }
}

impl<W> Calls<W> {
    /// Registers a call. Returns `waits` if too many are pending.
    pub fn begin(
        &mut self,
        now: Instant,
        id: String,
        to: String,
        within: Duration,
        waits: W,
    ) -> Result<(), (W, RpcError)> {
        if self.open.len() >= MOST_CALLS {
            return Err((waits, RpcError::send_failed()));
        }
        let ack_by = Some(now + ACK_WITHIN.min(within));
        self.open.insert(id, PendingRpc { to, ack_by, answer_by: now + within, waits });
        Ok(())
    }

    /// The callee acknowledged a call.
    pub fn acked(&mut self, from: &str, id: &str) {
        if let Some(call) = self.open.get_mut(id).filter(|call| call.to == from) {
            call.ack_by = None;
        }
    }

    /// The callee answered. Answers from other participants are ignored.
    pub fn answered(&mut self, from: &str, answer: proto::RpcResponse) -> Option<(W, RpcOutcome)> {
        self.open.get(&answer.request_id).filter(|call| call.to == from)?;
        let call = self.open.remove(&answer.request_id)?;
        let outcome = match answer.value {
            Some(proto::rpc_response::Value::Payload(payload)) => Ok(payload),
            Some(proto::rpc_response::Value::Error(error)) => Err(error.into()),
            // Compressed answers go only to clients that announce support for them.
            Some(proto::rpc_response::Value::CompressedPayload(_)) | None => {
                Err(RpcError::unsupported_version())
            }
        };
        Some((call.waits, outcome))
    }

    /// Fails the calls to a participant that left.
    pub fn fail_calls_to(&mut self, identity: &str) -> Vec<(W, RpcOutcome)> {
        self.end(|call| (call.to == identity).then(RpcError::recipient_disconnected))
    }

    /// The calls that have timed out.
    pub fn expired(&mut self, now: Instant) -> Vec<(W, RpcOutcome)> {
        self.end(|call| {
            if call.ack_by.is_some_and(|by| by <= now) {
                Some(RpcError::connection_timeout())
            } else {
                (call.answer_by <= now).then(RpcError::response_timeout)
            }
        })
    }

    /// When the next call times out.
    pub fn deadline(&self) -> Option<Instant> {
        self.open.values().map(|call| call.ack_by.unwrap_or(call.answer_by).min(call.answer_by)).min()
    }

    fn end(&mut self, why: impl Fn(&PendingRpc<W>) -> Option<RpcError>) -> Vec<(W, RpcOutcome)> {
        let ended: Vec<(String, RpcError)> =
            self.open.iter().filter_map(|(id, call)| Some((id.clone(), why(call)?))).collect();
        ended.into_iter().filter_map(|(id, error)| Some((self.open.remove(&id)?.waits, Err(error)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(id: &str, payload: &str) -> proto::RpcResponse {
        let value = Some(proto::rpc_response::Value::Payload(payload.to_owned()));
        proto::RpcResponse { request_id: id.to_owned(), value }
    }

    #[test]
    fn a_call_is_acked_answered_or_runs_out_of_time() {
        let now = tokio::time::Instant::now().into_std();
        let mut calls = Calls::default();
        for (id, within) in [("a", 10), ("b", 10), ("c", 20), ("d", 2)] {
            let within = Duration::from_secs(within);
            calls.begin(now, id.to_owned(), "ada".to_owned(), within, id).unwrap();
        }
        assert_eq!(calls.deadline(), Some(now + Duration::from_secs(2)));
        calls.acked("ada", "a");
        calls.acked("eve", "b");
        calls.acked("ada", "c");
        assert_eq!(calls.answered("eve", answer("a", "stolen")), None);
        assert_eq!(calls.answered("ada", answer("a", "yes")), Some(("a", Ok("yes".to_owned()))));
        assert_eq!(calls.answered("ada", answer("a", "again")), None);
        let gone = calls.expired(now + Duration::from_secs(7));
        let timeout = || Err(RpcError::connection_timeout());
        assert_eq!(gone, [("b", timeout()), ("d", timeout())]);
        let late = calls.expired(now + Duration::from_secs(20));
        assert_eq!(late, [("c", Err(RpcError::response_timeout()))]);
        assert_eq!(calls.deadline(), None);
    }

    #[test]
    fn who_leaves_does_not_answer_and_only_so_many_calls_are_open() {
        let now = tokio::time::Instant::now().into_std();
        let mut calls = Calls::default();
        let long = Duration::from_secs(10);
        for n in 0..MOST_CALLS {
            let to = if n == 0 { "bob" } else { "ada" };
            calls.begin(now, n.to_string(), to.to_owned(), long, n).unwrap();
        }
        assert!(calls.begin(now, "more".to_owned(), "ada".to_owned(), long, 0).is_err());
        assert_eq!(calls.fail_calls_to("bob"), [(0, Err(RpcError::recipient_disconnected()))]);
    }
}
