//! The local models, wired: threads that own them, ears and a voice on these.

use std::sync::Arc;

use speech::SpeechError;
use speech::hear::{Mend, Mended, Windows};
use speech::local::{Loaded, LocalEars, LocalVad};
use speech::models::Folder;
use speech::pool::{Pool, PoolOptions};
use speech::ports::{HearOptions, Stt, Tts, TurnDetector, Vad};
use speech::speak::LocalVoice;
use speech_text::mend::Vocabulary;

use super::models_folder;
use crate::settings::Settings;

/// Hearing and speaking on this machine. Cheap to clone; models are loaded when they are first used.
#[derive(Clone)]
pub struct Local {
    /// Speech to text, mended with the vocabulary that a stream is opened with.
    pub stt: Arc<dyn Stt>,
    /// Text to speech.
    pub tts: Arc<dyn Tts>,
    /// Whether somebody speaks.
    pub vad: Arc<dyn Vad>,
    /// Whether somebody has finished.
    pub turns: Arc<dyn TurnDetector>,
}

impl Local {
    /// Starts the threads. Errors: [`SpeechError::Missing`], which says what to do, where models are not there or do
    /// not run on this machine.
    pub fn open(settings: &Settings) -> Result<Self, SpeechError> {
        let folder = Folder::open(models_folder(settings))?;
        let vad: Arc<dyn Vad> = Arc::new(LocalVad::load(&folder)?);
        let options = PoolOptions { threads: settings.speech_threads, ..PoolOptions::default() };
        let pool = Pool::start(options, move || Loaded::new(folder.clone()))
            .map_err(|error| SpeechError::Failed(format!("no threads for speech: {error}")))?;
        let pool = Arc::new(pool);
        let ears = Arc::new(LocalEars::new(Arc::clone(&pool)));
        let windows = Windows::new(Arc::clone(&ears) as _, Some(Arc::clone(&vad)));
        Ok(Self {
            stt: Arc::new(Mended::new(Arc::new(windows), mend)),
            tts: Arc::new(LocalVoice::new(pool)),
            vad,
            turns: ears,
        })
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
