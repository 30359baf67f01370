//! Sends an agent into the room of a session, and another one when it is lost.

use std::sync::Arc;
use std::time::Duration;

use agent::{LeaveReason, Options, Outcome, Parts};
use agent_room::AgentRoom;
use engine::SessionId;
use participant::{Room, RoomOptions};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::crew::Inner;
use super::desk::Case;
use super::notes::Note;
use crate::livekit::admission::{candidate_of, interviewer};
use crate::speech::Speech;

/// So many agents are lost in a row before no other is sent.
const MOST_LOST: u32 = 8;
/// The wait before another one comes, doubled each time, and the longest such wait.
const AGAIN: Duration = Duration::from_millis(250);
const AGAIN_AT_MOST: Duration = Duration::from_secs(10);
/// Whoever lasted so long was no failure from the start.
const LASTED: Duration = Duration::from_secs(60);

/// Watches over the agent of a session until it has done its work or none can.
pub(super) async fn watch(inner: Arc<Inner>, session: SessionId, speech: Speech) {
    let span = tracing::info_span!(parent: None, "voice", session.id = %session);
    let _gone = Gone(Arc::clone(&inner), session);
    async {
        let case = inner.place.desk.case(session);
        let mut losses = Losses::default();
        loop {
            let began = Instant::now();
            let reason = match attend(&inner, session, &speech, &case).await {
                End::Done(outcome) => {
                    tracing::info!(?outcome, "the interviewer has left the room");
                    if outcome != Outcome::Alone || inner.may_go(session, began) {
                        return;
                    }
                    // Somebody is on the way in while this one left.
                    continue;
                }
                End::Lost(reason) => reason,
            };
            let wait = losses.another(began.elapsed());
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
struct Gone(Arc<Inner>, SessionId);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.has_gone(self.1);
    }
}

/// How a stay ended.
enum End {
    /// It has done what there was to do.
    Done(Outcome),
    /// It was lost, for the reason with this code.
    Lost(&'static str),
}

async fn attend(inner: &Arc<Inner>, session: SessionId, speech: &Speech, case: &Arc<dyn Case>) -> End {
    // Beside this task: a panic in it is one agent lost.
    let stop = inner.stop.child_token();
    let leave = stop.clone().drop_guard();
    let stay = stay(Arc::clone(inner), session, speech.clone(), Arc::clone(case), stop);
    let ended = tokio::spawn(stay.in_current_span()).await;
    drop(leave);
    match ended {
        Ok(Ok(outcome)) => told(outcome),
        Ok(Err(reason)) => End::Lost(reason),
        Err(error) => {
            tracing::error!(%error, "the interviewer broke off");
            End::Lost("broke_off")
        }
    }
}

async fn stay(
    inner: Arc<Inner>,
    session: SessionId,
    speech: Speech,
    case: Arc<dyn Case>,
    stop: CancellationToken,
) -> Result<Outcome, &'static str> {
    let admission = interviewer(&inner.place.keys, session).ok_or("no_token")?;
    // The agent asks for the one track that it listens to.
    let options = RoomOptions { auto_subscribe_audio: false, ..RoomOptions::default() };
    let joined = tokio::select! {
        () = stop.cancelled() => return Ok(Outcome::Stopped),
        joined = Room::connect(&inner.place.url, &admission.token, options) => joined,
    };
    let (room, events) = joined.map_err(|error| {
        tracing::warn!(%error, "the interviewer could not join");
        "not_joined"
    })?;
    tracing::info!("the interviewer is in the room");
    let Speech { stt, tts, vad, turns, pace } = speech;
    let parts = Parts {
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

fn told(outcome: Outcome) -> End {
    match outcome {
        Outcome::Over | Outcome::Alone | Outcome::Stopped => End::Done(outcome),
        Outcome::Unreachable => End::Lost("unreachable"),
        Outcome::Unable => End::Lost("unable"),
        Outcome::Out(reason) => match reason {
            // Another one took its place, or somebody wants none there.
            LeaveReason::Ours
            | LeaveReason::DuplicateIdentity
            | LeaveReason::Removed
            | LeaveReason::RoomClosed => End::Done(outcome),
            LeaveReason::Lost => End::Lost("connection"),
        },
    }
}

/// Agents lost in a row.
#[derive(Debug, Default)]
struct Losses(u32);

impl Losses {
    /// One that lasted so long was lost: how long to wait before another one comes; `None`: none does.
    fn another(&mut self, lasted: Duration) -> Option<Duration> {
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
        let waits: Vec<_> = (0..9).map(|_| losses.another(Duration::ZERO).map(|w| w.as_millis())).collect();
        let grown = [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000];
        assert_eq!(waits[..8], grown.map(Some));
        assert_eq!(waits[8], None);
        assert_eq!(losses.another(LASTED), Some(AGAIN), "one that lasted begins anew");
    }

    #[test]
    fn only_what_was_lost_is_replaced() {
        let again = |outcome| matches!(told(outcome), End::Lost(_));
        assert!(
            again(Outcome::Out(LeaveReason::Lost)) && again(Outcome::Unreachable) && again(Outcome::Unable)
        );
        for done in
            [Outcome::Over, Outcome::Alone, Outcome::Stopped, Outcome::Out(LeaveReason::DuplicateIdentity)]
        {
            assert!(!again(done), "{done:?}");
        }
    }
}
