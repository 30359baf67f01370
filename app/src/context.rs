//! What the server hands to pages and server functions, as Leptos contexts: an [`AppContext`] and, for the
//! browser that asks, an [`engine::Owner`].

use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use engine::{Engine, Owner, SessionId};
use http::request::Parts;
use serde::Deserialize;

use crate::AppError;
use crate::view::{About, ModelServerOffer, VoiceTicket};

/// The addresses of what a page loads, as the bundler's `manifest.json` names them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Assets {
    /// The JavaScript module that loads the wasm.
    pub js: String,
    /// The wasm.
    pub wasm: String,
    /// The JavaScript module that voice is driven by; loaded when voice starts.
    #[serde(default)]
    pub voice: String,
    /// The JavaScript module that plays an interview once more.
    #[serde(default)]
    pub replay: String,
    /// The JavaScript module by which the words of an answer follow its sound.
    #[serde(default)]
    pub heard: String,
    /// The style sheet.
    pub css: String,
    /// The fonts that every page needs.
    #[serde(default)]
    pub fonts: Vec<String>,
    /// The picture of the tab.
    pub favicon: String,
}

/// What every page and server function has at hand.
#[derive(Clone)]
pub struct AppContext {
    /// The engine.
    pub engine: Engine,
    /// What pages load.
    pub assets: Assets,
    /// What pages say about this server.
    pub about: About,
    /// How many interviews one browser may have at a time; 0: no limit.
    pub most_interviews: u32,
    /// Lets people talk; `None`: interviews are by text.
    pub voice: Option<Arc<dyn VoiceDoor>>,
    /// A model's server that runs on this machine and is not used, once that is known.
    pub offer: Arc<OnceLock<Option<ModelServerOffer>>>,
    returned: Arc<Mutex<Vec<KeptForm>>>,
}

impl AppContext {
    /// The context of a server. Make it once and clone it.
    pub fn new(engine: Engine, assets: Assets, about: About) -> Self {
        let (voice, offer, returned) = (None, Arc::default(), Arc::default());
        Self { engine, assets, about, most_interviews: 0, voice, offer, returned }
    }

    /// The same, where one browser may have so many interviews at a time; 0: no limit.
    #[must_use]
    pub fn with_most(mut self, interviews: u32) -> Self {
        self.most_interviews = interviews;
        self
    }

    /// The same, where people may talk.
    #[must_use]
    pub fn with_voice(mut self, door: Arc<dyn VoiceDoor>) -> Self {
        self.about.voice = true;
        self.voice = Some(door);
        self
    }
}

impl AppContext {
    /// What pages say about this server just now.
    pub(crate) fn about_now(&self) -> About {
        let slow = self.voice.as_ref().and_then(|door| door.slow());
        let mut about =
            About { slow_s: slow.map(|reply| reply.as_secs_f32().ceil() as u32), ..self.about.clone() };
        if let Some(model) = &mut about.model {
            model.trouble = self.engine.writer_trouble();
        }
        about.offer = self.offer.get().cloned().flatten();
        about
    }
}

/// What comes of asking for a ticket.
pub type AdmissionFuture<'a> = Pin<Box<dyn Future<Output = Result<VoiceTicket, AppError>> + Send + 'a>>;

/// Lets candidates into the rooms that voice takes place in.
pub trait VoiceDoor: Send + Sync {
    /// Lets the candidate of a session into its room, where the interviewer then is too. The caller has checked whose
    /// session it is, that of `browser`; `request` says by which host it came, and from where.
    fn admit<'a>(&'a self, session: SessionId, browser: &'a Owner, request: &'a Parts)
    -> AdmissionFuture<'a>;
    /// The origin (`wss://host`) of the rooms where they are on a server elsewhere: pages may connect to it.
    fn elsewhere(&self) -> Option<&str>;
    /// How long a reply takes at least, where this machine is too slow at speech to talk well.
    fn slow(&self) -> Option<Duration>;
}

/// How many returned forms are kept; the oldest goes first.
const MOST_RETURNED: usize = 64;

/// A form that could not be taken, kept until the page that shows it again is rendered: what was typed goes
/// into no address and is not lost.
struct KeptForm {
    owner: Owner,
    key: String,
    form: String,
}

impl AppContext {
    /// Keeps a form of this owner, as JSON, under a key.
    pub(crate) fn return_form(&self, owner: &Owner, key: &str, form: String) {
        let mut kept = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|r| !(r.owner == *owner && r.key == key));
        if kept.len() >= MOST_RETURNED {
            kept.remove(0);
        }
        kept.push(KeptForm { owner: owner.clone(), key: key.to_owned(), form });
    }

    /// Gives a kept form back, once.
    pub(crate) fn take_form(&self, owner: &Owner, key: &str) -> Option<String> {
        let mut kept = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|r| r.owner == *owner && r.key == key)?;
        Some(kept.remove(at).form)
    }
}
