//! Voice: the interviewer in the room. Whoever lets a candidate into a room has an agent expected there: it joins at
//! once, is watched and replaced if it is lost, and leaves when the interview or the candidate has gone.
//!
//! [`crew`] are the agents at work, [`watch`] sends each and stands in for those that are lost. [`desk`] is where the
//! interviews are held that they attend: here ([`interview`] is one as the agent sees it, [`notes`] keeps what happens,
//! [`news`] tells what is new, [`sound`] has the sound of answers kept), or elsewhere (`crate::worker`). [`loopback`] is how they reach the embedded rooms,
//! [`admit`] lets candidates in, and `usher` closes the room when the interview has ended or was deleted.

pub mod admit;
pub mod crew;
pub mod desk;
pub mod interview;
pub mod loopback;
pub mod news;
pub mod notes;
pub(crate) mod sound;
mod usher;
mod watch;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, SessionId};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::crew::{Crew, most_at_once};
use self::desk::EngineDesk;
use crate::livekit::Livekit;
use crate::metrics::Metrics;
use crate::request_guard::shares::VoiceShare;
use crate::settings::{Agents, ServerSettings, SpeechLoad};
use crate::speech::{SpeechEnvironment, SpeechServices};

/// Why nobody can talk just now; each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// There is no place for one more.
    #[error(
        "As many people are talking with this server as it can listen to. Please type your answers, or try again in a \
         few minutes."
    )]
    Full,
    /// Whoever asks has all the places that one browser, or one address, may have.
    #[error(
        "As many interviews are being held by voice from this browser, or from its network, as may be at a time. Please \
         leave the voice of another one, or type your answers."
    )]
    Share,
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
pub type OpenSpeech = Box<dyn Fn() -> Result<SpeechServices, String> + Send + Sync>;

/// Opens the speech that settings and environment name; its models are loaded then.
pub fn open_speech(settings: &ServerSettings) -> OpenSpeech {
    let own = ServerSettings { speech_load: SpeechLoad::Start, ..settings.clone() };
    let environment = SpeechEnvironment::of_the_process();
    Box::new(move || SpeechServices::open(&own, &environment).map_err(|error| error.to_string()))
}

/// The agents of this server, if they are here. Cheap to clone.
#[derive(Clone)]
pub struct VoiceAgents {
    /// `None`: agents elsewhere come by themselves.
    crew: Option<Crew>,
    /// Ends the listener on the loopback.
    closing: CancellationToken,
}

impl VoiceAgents {
    /// With this speech, opened when somebody first wants to talk or with [`get_ready`](Self::get_ready).
    ///
    /// # Errors
    /// If the loopback cannot be listened on.
    pub async fn start(
        settings: &ServerSettings,
        engine: Engine,
        livekit: &Livekit,
        metrics: Metrics,
        open: OpenSpeech,
    ) -> io::Result<Self> {
        let closing = CancellationToken::new();
        match settings.agents {
            Agents::Elsewhere => return Ok(Self { crew: None, closing }),
            Agents::Here => {}
        }
        let url = match livekit.external_url() {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => {
                let address = loopback::serve(livekit.router(), &metrics, closing.clone()).await?;
                format!("ws://{address}")
            }
        };
        let tasks = TaskTracker::new();
        let desk = Arc::new(EngineDesk { engine, metrics, tasks: tasks.clone() });
        let (keys, most) = (livekit.keys().clone(), most_at_once(settings));
        let crew = Crew::new(crew::Workplace { desk, url, keys, most, open, tasks });
        Ok(Self { crew: Some(crew), closing })
    }

    /// Opens hearing and speaking in the background, so that whoever wants to talk first does not wait for it.
    pub fn get_ready(&self) {
        if let Some(crew) = &self.crew {
            crew.get_ready();
        }
    }

    /// How long a reply takes at least, where the agents are here and this machine is too slow to talk well.
    pub fn slow_reply_time(&self) -> Option<Duration> {
        self.crew.as_ref()?.slow_reply_time()
    }

    /// Has an agent come into the room of this session, if none is there: the candidate is on the way. `share`: as
    /// [`Crew::send`] has it.
    ///
    /// # Errors
    /// Why none can come; where agents are elsewhere, none is sent.
    pub async fn expect(
        &self,
        session: SessionId,
        share: impl FnOnce() -> Option<VoiceShare>,
    ) -> Result<(), VoiceError> {
        match &self.crew {
            Some(crew) => crew.send(session, share).await,
            None => Ok(()),
        }
    }

    /// Whether an agent of this program is in the room of this session, or about to be.
    pub fn attends(&self, session: SessionId) -> bool {
        self.crew.as_ref().is_some_and(|crew| crew.attends(session))
    }

    /// Has all agents leave, within bounds, and keeps what is to be kept.
    pub async fn stop(&self) {
        if let Some(crew) = &self.crew {
            crew.stop().await;
        }
        self.closing.cancel();
    }
}
