//! Looks after rooms that a candidate was let into: one that comes late finds the interviewer all the same, and when the
//! interview has ended or was deleted, the room is closed.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::{Engine, EngineError, SessionId};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::VoiceAgents;
use crate::livekit::Livekit;
use crate::livekit::admission::{GOOD_FOR, candidate_of, interviewer_of};
use crate::request_guard::shares::VoiceShare;

/// How often it is looked whether the candidate has come.
const LOOK: Duration = Duration::from_secs(2);
/// How long the last words may take once the interview is over.
const LAST_WORDS: Duration = Duration::from_secs(45);

/// Those at work, one a session. Cheap to clone.
#[derive(Clone)]
pub(super) struct Ushers {
    at_work: Arc<Mutex<BTreeSet<SessionId>>>,
    stop: CancellationToken,
}

impl Ushers {
    /// Nobody, yet; all go at `stop`.
    pub(super) fn new(stop: CancellationToken) -> Self {
        Self { at_work: Arc::default(), stop }
    }

    /// Sends one to the room of this session, if none is there.
    pub(super) fn attend(&self, engine: &Engine, livekit: &Livekit, voice: &VoiceAgents, session: SessionId) {
        let new = self.at_work.lock().unwrap_or_else(PoisonError::into_inner).insert(session);
        if !new {
            return;
        }
        let (ushers, usher) = (
            self.clone(),
            Usher { engine: engine.clone(), livekit: livekit.clone(), voice: voice.clone(), session },
        );
        tokio::spawn(async move {
            ushers.stop.run_until_cancelled(usher.attend()).await;
            ushers.at_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
        });
    }
}

struct Usher {
    engine: Engine,
    livekit: Livekit,
    voice: VoiceAgents,
    session: SessionId,
}

impl Usher {
    /// Until the room is closed, or nobody has been there for as long as a token is good.
    async fn attend(&self) {
        let (mut seen, mut came) = (Instant::now(), false);
        while seen.elapsed() < GOOD_FOR {
            let Ok(mut live) = self.engine.follow(self.session).await else { return self.close().await };
            loop {
                live.version.mark_unchanged();
                match self.engine.snapshot(self.session).await {
                    Ok(snapshot) if snapshot.status.is_completed() => {
                        self.last_words().await;
                        return self.close().await;
                    }
                    Err(EngineError::NotFound) => return self.close().await,
                    Ok(_) | Err(_) => {}
                }
                if self.livekit.is_in(self.session, &candidate_of(self.session)).await {
                    let late = !std::mem::replace(&mut came, true) && !self.voice.attends(self.session);
                    seen = Instant::now();
                    if late {
                        // They came after the place had been given back; if there is none, they are told when they ask.
                        self.voice.expect(self.session, || Some(VoiceShare::default())).await.ok();
                    }
                } else if seen.elapsed() >= GOOD_FOR {
                    return;
                }
                let pause = if came { LOOK * 8 } else { LOOK };
                match timeout(pause, live.version.changed()).await {
                    Ok(Ok(())) | Err(_) => {}
                    Ok(Err(_)) => break,
                }
            }
        }
    }

    /// Waits until the interviewer has said goodbye.
    async fn last_words(&self) {
        let (over, interviewer) = (Instant::now(), interviewer_of(self.session));
        // One of this program, or of a worker elsewhere.
        while over.elapsed() < LAST_WORDS
            && (self.voice.attends(self.session) || self.livekit.is_in(self.session, &interviewer).await)
        {
            tokio::time::sleep(LOOK / 8).await;
        }
    }

    async fn close(&self) {
        self.livekit.close(self.session).await;
    }
}
