//! Voice: the interviewer in the room. Whoever lets a candidate into a room has an agent expected there: it joins at
//! once, is watched and replaced if it is lost, and leaves when the interview or the candidate has gone.
//!
//! [`interview`] is the interview as the agent sees it, [`notes`] keeps what happens, [`watch`] sends agents and stands
//! in for those that are lost, [`loopback`] is how they reach the embedded rooms, [`admit`] lets candidates in.

pub mod admit;
pub mod interview;
pub mod loopback;
pub mod notes;
mod watch;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use engine::{Engine, SessionId};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::livekit::Livekit;
use crate::metrics::Metrics;
use crate::settings::{Agents, Settings, SpeechLoad};
use crate::speech::{Environment, Speech};

/// So many conversations a core: more, and people wait for their replies.
const EACH_CORE: usize = 6;
/// How long agents may take to leave when the server stops.
const FAREWELL: Duration = Duration::from_secs(4);
/// Somebody who was let in so long ago may still be on the way into the room.
const ON_THE_WAY: Duration = Duration::from_secs(30);

/// Why nobody can talk just now; each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// There is no place for one more.
    #[error(
        "As many people are talking with this server as it can listen to. Please type your answers, or try again in a \
         few minutes."
    )]
    Full,
    /// Hearing and speaking do not work; the log says why.
    #[error(
        "This server cannot hear and speak yet: whoever runs it finds out why with `interviewos doctor` (mostly, models \
         are missing: `interviewos models fetch` gets them). Until then please type your answers."
    )]
    Speech,
    /// The server stops.
    #[error("The server is shutting down. Please try again in a moment.")]
    Stopping,
}

/// Opens hearing and speaking; what it says when it cannot goes to the log.
pub type OpenSpeech = Box<dyn Fn() -> Result<Speech, String> + Send + Sync>;

/// The agents at work. Cheap to clone.
#[derive(Clone)]
pub struct Voice(Arc<Inner>);

struct Inner {
    engine: Engine,
    livekit: Livekit,
    metrics: Metrics,
    agents: Agents,
    /// Where agents find the rooms.
    url: String,
    /// Most agents at once.
    most: usize,
    open: OpenSpeech,
    speech: tokio::sync::Mutex<Option<Speech>>,
    /// The sessions with an agent, and when a candidate was last let in.
    at_work: Mutex<BTreeMap<SessionId, Instant>>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Ends the listener on the loopback.
    closing: CancellationToken,
}

/// How many people talk with this program at once, as the settings and this machine have it.
pub fn most_at_once(settings: &Settings) -> usize {
    match settings.voice_sessions {
        0 => EACH_CORE * available_parallelism().map_or(1, usize::from),
        most => most,
    }
}

impl Voice {
    /// With the speech that settings and environment name, opened when somebody first wants to talk or with
    /// [`get_ready`](Self::get_ready); from then on its models are loaded.
    ///
    /// # Errors
    /// If the loopback cannot be listened on.
    pub async fn start(
        settings: &Settings,
        engine: Engine,
        livekit: Livekit,
        metrics: Metrics,
    ) -> io::Result<Self> {
        let own = Settings { speech_load: SpeechLoad::Start, ..settings.clone() };
        let environment = Environment::of_the_process();
        let open = move || Speech::open(&own, &environment).map_err(|error| error.to_string());
        Self::with_speech(settings, engine, livekit, metrics, Box::new(open)).await
    }

    /// The same, with this speech.
    ///
    /// # Errors
    /// If the loopback cannot be listened on.
    pub async fn with_speech(
        settings: &Settings,
        engine: Engine,
        livekit: Livekit,
        metrics: Metrics,
        open: OpenSpeech,
    ) -> io::Result<Self> {
        let closing = CancellationToken::new();
        let url = match (livekit.elsewhere(), settings.agents) {
            (Some(url), _) => url.as_str().trim_end_matches('/').to_owned(),
            (None, Agents::Elsewhere) => String::new(),
            (None, Agents::Here) => {
                let address = loopback::serve(livekit.router(), &metrics, closing.clone()).await?;
                format!("ws://{address}")
            }
        };
        let inner = Inner {
            engine,
            livekit,
            metrics,
            agents: settings.agents,
            url,
            most: most_at_once(settings),
            open,
            speech: tokio::sync::Mutex::default(),
            at_work: Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            closing,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Opens hearing and speaking in the background, so that whoever wants to talk first does not wait for it.
    pub fn get_ready(&self) {
        let inner = Arc::clone(&self.0);
        match inner.agents {
            Agents::Elsewhere => return,
            Agents::Here => {}
        }
        tokio::spawn(async move {
            if let Err(why) = inner.open_speech().await {
                tracing::info!(%why, "interviews are typed: this server cannot hear or speak yet");
            }
        });
    }

    /// Has an agent come into the room of this session, if none is there: the candidate is on the way.
    ///
    /// # Errors
    /// Why none can come; where agents are elsewhere, none is sent.
    pub async fn expect(&self, session: SessionId) -> Result<(), VoiceError> {
        let inner = &self.0;
        match inner.agents {
            Agents::Elsewhere => return Ok(()),
            Agents::Here => {}
        }
        let speech = inner.speech().await?;
        let mut at_work = inner.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.stop.is_cancelled() {
            return Err(VoiceError::Stopping);
        }
        if let Some(let_in) = at_work.get_mut(&session) {
            *let_in = Instant::now();
            return Ok(());
        }
        if at_work.len() >= inner.most {
            return Err(VoiceError::Full);
        }
        at_work.insert(session, Instant::now());
        inner.tasks.spawn(watch::watch(Arc::clone(inner), session, speech));
        Ok(())
    }

    /// Has all agents leave, within bounds, and keeps what is to be kept.
    pub async fn stop(&self) {
        let inner = &self.0;
        inner.stop.cancel();
        inner.tasks.close();
        if tokio::time::timeout(FAREWELL, inner.tasks.wait()).await.is_err() {
            tracing::warn!(agents = inner.tasks.len(), "the server stops before all agents have left");
        }
        inner.closing.cancel();
    }
}

impl Inner {
    /// Hearing and speaking for somebody who wants to talk.
    async fn speech(self: &Arc<Self>) -> Result<Speech, VoiceError> {
        self.open_speech().await.map_err(|why| {
            tracing::warn!(%why, "somebody wanted to talk, and this server cannot hear or speak");
            VoiceError::Speech
        })
    }

    /// Hearing and speaking, opened at the first call that can.
    async fn open_speech(self: &Arc<Self>) -> Result<Speech, String> {
        let mut speech = self.speech.lock().await;
        if let Some(speech) = &*speech {
            return Ok(speech.clone());
        }
        let inner = Arc::clone(self);
        let opened = tokio::task::spawn_blocking(move || (inner.open)()).await;
        let opened = opened.unwrap_or_else(|error| Err(error.to_string()))?;
        *speech = Some(opened.clone());
        Ok(opened)
    }

    /// Whether the agent of this session, which began at this moment, may go: nobody is on the way to it.
    fn may_go(&self, session: SessionId, began: Instant) -> bool {
        let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        let let_in = at_work.get(&session).copied();
        let awaited = let_in.is_some_and(|let_in| let_in > began && let_in.elapsed() < ON_THE_WAY);
        if !awaited {
            at_work.remove(&session);
        }
        !awaited
    }

    /// The session has no agent any more.
    fn has_gone(&self, session: SessionId) {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
    }
}
