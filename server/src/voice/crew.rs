//! The agents of this program at work, one for each session, wherever the interviews are held.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use engine::SessionId;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::desk::AgentDesk;
use super::{OpenSpeech, VoiceError, watch};
use crate::livekit::keys::Keys;
use crate::request_guard::shares::VoiceShare;
use crate::settings::ServerSettings;
use crate::speech::SpeechServices;

/// So many conversations a core: more, and people wait for their replies.
const EACH_CORE: usize = 6;
/// How long agents may take to leave when the program stops.
const FAREWELL: Duration = Duration::from_secs(4);
/// Somebody who was let in so long ago may still be on the way into the room; then the place is another's.
const ON_THE_WAY: Duration = Duration::from_secs(10);

/// How many people talk with this program at once, as the settings and this machine have it.
pub fn most_at_once(settings: &ServerSettings) -> usize {
    match settings.voice_sessions {
        0 => EACH_CORE * available_parallelism().map_or(1, usize::from),
        most => most,
    }
}

/// What agents work with.
pub struct Workplace {
    /// Where the interviews are held.
    pub desk: Arc<dyn AgentDesk>,
    /// Where agents find the rooms: `ws` or `wss`.
    pub url: String,
    /// Opens the rooms to them.
    pub keys: Keys,
    /// Most agents at once.
    pub most: usize,
    /// Opens hearing and speaking.
    pub open: OpenSpeech,
    /// Holds the stop up until all is done.
    pub tasks: TaskTracker,
}

/// A place that is taken.
struct AgentPlace {
    /// When a candidate was last let in.
    let_in: Instant,
    _share: VoiceShare,
}

/// The agents at work. Cheap to clone.
#[derive(Clone)]
pub struct Crew(Arc<CrewInner>);

pub(super) struct CrewInner {
    pub(super) place: Workplace,
    speech: tokio::sync::Mutex<Option<SpeechServices>>,
    /// The sessions with an agent.
    at_work: Mutex<BTreeMap<SessionId, AgentPlace>>,
    pub(super) stop: CancellationToken,
}

impl Crew {
    /// Nobody, yet.
    pub fn new(place: Workplace) -> Self {
        let (speech, at_work) = (tokio::sync::Mutex::default(), Mutex::default());
        Self(Arc::new(CrewInner { place, speech, at_work, stop: CancellationToken::new() }))
    }

    /// Opens hearing and speaking in the background, so that whoever wants to talk first does not wait for it.
    pub fn get_ready(&self) {
        let crew = self.clone();
        tokio::spawn(async move {
            if let Err(why) = crew.open().await {
                tracing::info!(%why, "interviews are typed: this program cannot hear or speak yet");
            }
        });
    }

    /// Opens hearing and speaking.
    ///
    /// # Errors
    /// Why they cannot be opened.
    pub async fn open(&self) -> Result<(), String> {
        self.0.open_speech().await.map(drop)
    }

    /// How long a reply takes at least, if that was measured and is too long to talk well.
    pub fn slow_reply_time(&self) -> Option<Duration> {
        // While it is being opened nothing has been measured.
        let speech = self.0.speech.try_lock().ok()?;
        let pace = (*speech.as_ref()?.pace.borrow())?;
        (!pace.keeps_up()).then(|| pace.reply())
    }

    /// Sends an agent into the room of this session, if none is there: the candidate is on the way, or waits. `share`
    /// gives the share of whoever asks, for as long as the agent is at work; `None`: they have all that they may.
    ///
    /// # Errors
    /// Why none can come.
    pub async fn send(
        &self,
        session: SessionId,
        share: impl FnOnce() -> Option<VoiceShare>,
    ) -> Result<(), VoiceError> {
        let inner = &self.0;
        let speech = inner.speech().await?;
        let mut at_work = inner.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.stop.is_cancelled() {
            return Err(VoiceError::Stopping);
        }
        if let Some(taken) = at_work.get_mut(&session) {
            taken.let_in = Instant::now();
            return Ok(());
        }
        if at_work.len() >= inner.place.most {
            return Err(VoiceError::Full);
        }
        let share = share().ok_or(VoiceError::Share)?;
        at_work.insert(session, AgentPlace { let_in: Instant::now(), _share: share });
        inner.place.tasks.spawn(watch::watch(Arc::clone(inner), session, speech));
        Ok(())
    }

    /// Whether this session has an agent, or is about to.
    pub fn attends(&self, session: SessionId) -> bool {
        self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&session)
    }

    /// Has all agents leave, within bounds, and keeps what is to be kept.
    pub async fn stop(&self) {
        let (inner, tasks) = (&self.0, &self.0.place.tasks);
        inner.stop.cancel();
        tasks.close();
        if tokio::time::timeout(FAREWELL, tasks.wait()).await.is_err() {
            tracing::warn!(agents = tasks.len(), "the program stops before all agents have left");
        }
    }
}

impl CrewInner {
    /// Hearing and speaking for somebody who wants to talk.
    async fn speech(self: &Arc<Self>) -> Result<SpeechServices, VoiceError> {
        self.open_speech().await.map_err(|why| {
            tracing::warn!(%why, "somebody wanted to talk, and this program cannot hear or speak");
            VoiceError::Speech
        })
    }

    /// Hearing and speaking, opened at the first call that can.
    async fn open_speech(self: &Arc<Self>) -> Result<SpeechServices, String> {
        let mut speech = self.speech.lock().await;
        if let Some(speech) = &*speech {
            return Ok(speech.clone());
        }
        let inner = Arc::clone(self);
        let opened = tokio::task::spawn_blocking(move || (inner.place.open)()).await;
        let opened = opened.unwrap_or_else(|error| Err(error.to_string()))?;
        *speech = Some(opened.clone());
        Ok(opened)
    }

    /// Whether the agent of this session, which began at this moment, may go: nobody is on the way to it.
    pub(super) fn release_if_unawaited(&self, session: SessionId, began: Instant) -> bool {
        let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        let let_in = at_work.get(&session).map(|taken| taken.let_in);
        let awaited = let_in.is_some_and(|let_in| let_in > began && let_in.elapsed() < ON_THE_WAY);
        if !awaited {
            at_work.remove(&session);
        }
        !awaited
    }

    /// The session has no agent any more.
    pub(super) fn remove_agent(&self, session: SessionId) {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
    }
}
