//! Hearing and speaking, wired: the local models' threads, and providers where settings name them.

use std::sync::Arc;

use speech::SpeechError;
use speech::chain::{Patience, SttChain, TtsChain};
use speech::hear::{Mend, Mended, Windows};
use speech::local::{Loaded, LocalEars, LocalVad};
use speech::models::Folder;
use speech::pool::{Pool, PoolOptions};
use speech::ports::{HearOptions, Stt, Tts, TurnDetector, Vad};
use speech::speak::LocalVoice;
use speech_text::mend::Vocabulary;

use super::choice::{self, ChoiceError, Environment};
use super::models_folder;
use crate::settings::Settings;

/// Hearing and speaking. Cheap to clone; models are loaded when they are first used.
#[derive(Clone)]
pub struct Speech {
    /// Speech to text, mended with the vocabulary that a stream is opened with.
    pub stt: Arc<dyn Stt>,
    /// Text to speech.
    pub tts: Arc<dyn Tts>,
    /// Whether somebody speaks.
    pub vad: Arc<dyn Vad>,
    /// Whether somebody has finished.
    pub turns: Arc<dyn TurnDetector>,
}

impl Speech {
    /// Wires what the settings `stt` and `tts` name. The local models are needed in any case: who speaks when is
    /// always decided here. Errors: those of the choice, and [`SpeechError::Missing`], which says what to do, where
    /// models are not there or do not run on this machine.
    pub fn open(settings: &Settings, environment: &Environment) -> Result<Self, ChoiceError> {
        let (hearing, speaking) = (choice::hearing(&settings.stt)?, choice::speaking(&settings.tts)?);
        let folder = Folder::open(models_folder(settings))?;
        let vad: Arc<dyn Vad> = Arc::new(LocalVad::load(&folder)?);
        let options = PoolOptions { threads: settings.speech_threads, ..PoolOptions::default() };
        let pool = Pool::start(options, move || Loaded::new(folder.clone()))
            .map_err(|error| SpeechError::Failed(format!("no threads for speech: {error}")))?;
        let pool = Arc::new(pool);
        let ears = Arc::new(LocalEars::new(Arc::clone(&pool)));
        let local_ear =
            || -> Arc<dyn Stt> { Arc::new(Windows::new(Arc::clone(&ears) as _, Some(Arc::clone(&vad)))) };
        let mut stt = Vec::new();
        for way in &hearing {
            stt.push(environment.ear(way, &vad)?.unwrap_or_else(local_ear));
        }
        let voice = LocalVoice::new(pool);
        let mut tts = Vec::new();
        for way in &speaking {
            tts.push(environment.voice(way)?.unwrap_or_else(|| Arc::new(voice.clone())));
        }
        let stt: Arc<dyn Stt> = match stt.as_slice() {
            [one] => Arc::clone(one),
            _ => Arc::new(SttChain::new(stt, Patience::default())?),
        };
        let tts: Arc<dyn Tts> = match tts.as_slice() {
            [one] => Arc::clone(one),
            _ => Arc::new(TtsChain::new(tts, Patience::default())?),
        };
        Ok(Self { stt: Arc::new(Mended::new(stt, mend)), tts, vad, turns: ears })
    }
}

/// Repairs with the words that may come up.
fn mend(options: &HearOptions) -> Mend {
    let vocabulary = Vocabulary::new(options.vocabulary.iter().map(String::as_str));
    Arc::new(move |heard: &str| {
        let mended = vocabulary.mend(heard);
        (!mended.changes.is_empty()).then_some(mended.text)
    })
}
