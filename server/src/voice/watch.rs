//! Sends an agent into the room of a session, and another one when it is lost.

use std::sync::Arc;
use std::time::Duration;

use agent::{AgentOutcome, AgentParts, LeaveReason, Options};
use agent_room::AgentRoom;
use engine::SessionId;
use participant::{RoomHandle, RoomOptions};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::crew::CrewInner;
use super::desk::InterviewCase;
use super::notes::Note;
use crate::livekit::admission::{candidate_of, interviewer};
use crate::speech::SpeechServices;

/// So many agents are lost in a row before no other is sent.
const MOST_LOST: u32 = 8;
/// The wait before another one comes, doubled each time, and the longest such wait.
const AGAIN: Duration = Duration::from_millis(250);
const AGAIN_AT_MOST: Duration = Duration::from_secs(10);
/// Whoever lasted so long was no failure from the start.
const LASTED: Duration = Duration::from_secs(60);

/// Watches over the agent of a session until it has done its work or none can.
pub(super) async fn watch(inner: Arc<CrewInner>, session: SessionId, speech: SpeechServices) {
    let span = tracing::info_span!(parent: None, "voice", session.id = %session);
    let _gone = AgentGoneGuard(Arc::clone(&inner), session);
    async {
        let case = inner.place.desk.case(session);
        let mut losses = Losses::default();
        loop {
            let began = Instant::now();
            let reason = match attend(&inner, session, &speech, &case).await {
                StayOutcome::Done(outcome) => {
                    tracing::info!(?outcome, "the interviewer has left the room");
                    if outcome != AgentOutcome::Alone || inner.release_if_unawaited(session, began) {
                        return;
                    }
                    // Somebody is on the way in while this one left.
                    continue;
                }
                StayOutcome::Lost(reason) => reason,
            };
            let wait = losses.next_agent_delay(began.elapsed());
            let again_ms = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
            tracing::warn!(reason, again_ms, "the interviewer was lost");
            case.keep(Note::Lost(reason.to_owned(), again_ms));
            let Some(wait) = wait else { return };
            tokio::select! {
                () = inner.stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
            if case.is_over().await {
                return;
            }
        }
    }
    .instrument(span)
    .await;
}

/// Says that a session has no agent any more, however its watch ends.
struct AgentGoneGuard(Arc<CrewInner>, SessionId);

impl Drop for AgentGoneGuard {
    fn drop(&mut self) {
        self.0.remove_agent(self.1);
    }
}

/// How a stay ended.
enum StayOutcome {
    /// It has done what there was to do.
    Done(AgentOutcome),
    /// It was lost, for the reason with this code.
    Lost(&'static str),
}

async fn attend(
    inner: &Arc<CrewInner>,
    session: SessionId,
    speech: &SpeechServices,
    case: &Arc<dyn InterviewCase>,
) -> StayOutcome {
    // Beside this task: a panic in it is one agent lost.
    let stop = inner.stop.child_token();
    let leave = stop.clone().drop_guard();
    let stay = stay(Arc::clone(inner), session, speech.clone(), Arc::clone(case), stop);
    let ended = tokio::spawn(stay.in_current_span()).await;
    drop(leave);
    match ended {
        Ok(Ok(outcome)) => classify_outcome(outcome),
        Ok(Err(reason)) => StayOutcome::Lost(reason),
        Err(error) => {
            tracing::error!(%error, "the interviewer broke off");
            StayOutcome::Lost("broke_off")
        }
    }
}

async fn stay(
    inner: Arc<CrewInner>,
    session: SessionId,
    speech: SpeechServices,
    case: Arc<dyn InterviewCase>,
    stop: CancellationToken,
) -> Result<AgentOutcome, &'static str> {
    let admission = interviewer(&inner.place.keys, session).ok_or("no_token")?;
    // The agent asks for the one track that it listens to.
    let options = RoomOptions { auto_subscribe_audio: false, ..RoomOptions::default() };
    let joined = tokio::select! {
        () = stop.cancelled() => return Ok(AgentOutcome::Stopped),
        joined = RoomHandle::connect(&inner.place.url, &admission.token, options) => joined,
    };
    let (room, events) = joined.map_err(|error| {
        tracing::warn!(%error, "the interviewer could not join");
        "not_joined"
    })?;
    tracing::info!("the interviewer is in the room");
    let SpeechServices { stt, tts, vad, turns, pace } = speech;
    let parts = AgentParts {
        room: Arc::new(AgentRoom::new(room, events)),
        interview: case.interview(),
        stt,
        tts,
        vad,
        turns,
        pace: pace.subscribe(),
    };
    let options = Options::new(&candidate_of(session), &format!("voice-{}", crate::ids::random()));
    Ok(agent::attend(parts, options, stop).await)
}

fn classify_outcome(outcome: AgentOutcome) -> StayOutcome {
    match outcome {
        AgentOutcome::Over | AgentOutcome::Alone | AgentOutcome::Stopped => StayOutcome::Done(outcome),
        AgentOutcome::Unreachable => StayOutcome::Lost("unreachable"),
        AgentOutcome::Unable => StayOutcome::Lost("unable"),
        AgentOutcome::Out(reason) => match reason {
            // Another one took its place, or somebody wants none there.
            LeaveReason::Ours
            | LeaveReason::DuplicateIdentity
            | LeaveReason::Removed
            | LeaveReason::RoomClosed => StayOutcome::Done(outcome),
            LeaveReason::Lost => StayOutcome::Lost("connection"),
        },
    }
}

/// Agents lost in a row.
#[derive(Debug, Default)]
struct Losses(u32);

impl Losses {
    /// One that lasted so long was lost: how long to wait before another one comes; `None`: none does.
    fn next_agent_delay(&mut self, lasted: Duration) -> Option<Duration> {
        self.0 = if lasted >= LASTED { 1 } else { self.0 + 1 };
        (self.0 <= MOST_LOST).then(|| (AGAIN * (1 << (self.0 - 1))).min(AGAIN_AT_MOST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_agent_comes_after_growing_pauses_and_in_the_end_none() {
        let mut losses = Losses::default();
        let waits: Vec<_> =
            (0..9).map(|_| losses.next_agent_delay(Duration::ZERO).map(|w| w.as_millis())).collect();
        let grown = [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000];
        assert_eq!(waits[..8], grown.map(Some));
        assert_eq!(waits[8], None);
        assert_eq!(losses.next_agent_delay(LASTED), Some(AGAIN), "one that lasted begins anew");
    }

    #[test]
    fn only_what_was_lost_is_replaced() {
        let again = |outcome| matches!(classify_outcome(outcome), StayOutcome::Lost(_));
        assert!(
            again(AgentOutcome::Out(LeaveReason::Lost))
                && again(AgentOutcome::Unreachable)
                && again(AgentOutcome::Unable)
        );
        for done in [
            AgentOutcome::Over,
            AgentOutcome::Alone,
            AgentOutcome::Stopped,
            AgentOutcome::Out(LeaveReason::DuplicateIdentity),
        ] {
            assert!(!again(done), "{done:?}");
        }
    }
}
