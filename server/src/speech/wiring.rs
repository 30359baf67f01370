//! Hearing and speaking, wired: the local models' threads, and providers where settings name them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use models::pool::{CancelToken, Pool, PoolOptions};
use models::{ModelFolder, ModelSet};
use speech::SpeechError;
use speech::chain::{ChainTimeouts, SttChain, TtsChain};
use speech::hear::{Mend, MendedStt, WindowedStt};
use speech::local::{LocalEars, LocalVad, Model, ModelTimings, SpeechModels};
use speech::ports::{HearOptions, Stt, Tts, TurnDetector, Urgency, Vad};
use speech::speak::LocalVoice;
use speech_text::mend::Vocabulary;
use tokio::sync::watch;
use tokio::time::Instant;

use super::choice::{self, SpeechBackend, SpeechChoiceError, SpeechEnvironment};
use super::models_folder;
use crate::settings::{ServerSettings, SpeechLoad};

/// Hearing and speaking. Cheap to clone.
#[derive(Clone)]
pub struct SpeechServices {
    /// Speech to text, mended with the vocabulary that a stream is opened with.
    pub stt: Arc<dyn Stt>,
    /// Text to speech.
    pub tts: Arc<dyn Tts>,
    /// Whether somebody speaks.
    pub vad: Arc<dyn Vad>,
    /// Whether somebody has finished.
    pub turns: Arc<dyn TurnDetector>,
    /// How long the local models take here, once that was measured: only where this machine both hears and speaks.
    pub pace: Arc<watch::Sender<Option<ModelTimings>>>,
}

/// Where models are loaded at their first use, their pace is measured so long after that: the opening is spoken by then.
const AFTER_FIRST_USE: Duration = Duration::from_secs(4);
/// ... and given up after so long, when somebody always waits for the models.
const MEASURED_WITHIN: Duration = Duration::from_secs(120);

impl SpeechServices {
    /// Wires what the settings `stt` and `tts` name. The local models are needed in any case: who speaks when is
    /// always decided here. They are loaded beside whatever else is done, from now on or on their first use, as the
    /// setting `speech_load` says; this does not wait for them. Errors: those of the choice, and
    /// [`SpeechError::Missing`], which says what to do, where models are not there or do not run on this machine.
    pub fn open(
        settings: &ServerSettings,
        environment: &SpeechEnvironment,
    ) -> Result<Self, SpeechChoiceError> {
        let (hearing, speaking) = (choice::hearing(&settings.stt)?, choice::speaking(&settings.tts)?);
        let folder =
            ModelFolder::open(models_folder(settings), ModelSet::Speech).map_err(SpeechError::from)?;
        let folder = folder.computed(settings.arithmetic.into());
        let vad: Arc<dyn Vad> = Arc::new(LocalVad::load(&folder)?);
        let options = PoolOptions { threads: settings.speech_threads, ..PoolOptions::default() };
        let make = move || SpeechModels::new(folder.clone());
        let pace = Arc::new(watch::Sender::new(None));
        let models = needed(&hearing, &speaking);
        let measures = models.len() == ALL;
        let pool = match settings.speech_load {
            SpeechLoad::FirstUse => Pool::start(options, make),
            SpeechLoad::Start => {
                let (pace, cold) = (Arc::clone(&pace), AtomicUsize::new(options.count()));
                Pool::start_warm(options, make, move |loaded, wanted| {
                    warm(loaded, &models, wanted);
                    // The last one measures: loading beside it would show.
                    if cold.fetch_sub(1, Ordering::Relaxed) == 1 && measures {
                        measure(loaded, &pace, wanted);
                    }
                })
            }
        };
        let pool = pool.map_err(|error| SpeechError::Failed(format!("no threads for speech: {error}")))?;
        let pool = Arc::new(pool);
        if measures
            && settings.speech_load == SpeechLoad::FirstUse
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(measure_later(Arc::downgrade(&pool), Arc::clone(&pace)));
        }
        let ears = Arc::new(LocalEars::new(Arc::clone(&pool)));
        let local_ear =
            || -> Arc<dyn Stt> { Arc::new(WindowedStt::new(Arc::clone(&ears) as _, Some(Arc::clone(&vad)))) };
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
            _ => Arc::new(SttChain::new(stt, ChainTimeouts::default())?),
        };
        let tts: Arc<dyn Tts> = match tts.as_slice() {
            [one] => Arc::clone(one),
            _ => Arc::new(TtsChain::new(tts, ChainTimeouts::default())?),
        };
        Ok(Self { stt: Arc::new(MendedStt::new(stt, mend)), tts, vad, turns: ears, pace })
    }
}

/// The models that these ways need. Who has finished is always decided here.
fn needed(hearing: &[SpeechBackend], speaking: &[SpeechBackend]) -> Vec<Model> {
    let (ear, voice) = (hearing.contains(&SpeechBackend::Local), speaking.contains(&SpeechBackend::Local));
    // The first that is heard of an interview is the voice.
    let all = [(Model::Hibari, voice), (Model::SmartTurn, true), (Model::Moonshine, ear)];
    all.into_iter().filter(|(_, needed)| *needed).map(|(model, _)| model).collect()
}

/// How many models there are if this machine both hears and speaks.
const ALL: usize = 3;

/// Loads the models of one thread. What cannot be loaded is told again to whoever needs it.
fn warm(loaded: &mut SpeechModels, models: &[Model], wanted: &CancelToken) {
    let begun = Instant::now();
    for model in models {
        if let Err(error) = loaded.warm(*model, wanted) {
            if wanted.is_wanted() {
                tracing::warn!(%error, "a model of local speech cannot be loaded");
            }
            return;
        }
    }
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(took_ms, "the models of local speech are loaded on one thread");
}

/// Measures once the models are in use, between what is more urgent.
async fn measure_later(
    pool: Weak<Pool<SpeechModels, Urgency>>,
    pace: Arc<watch::Sender<Option<ModelTimings>>>,
) {
    tokio::time::sleep(AFTER_FIRST_USE).await;
    let Some(pool) = pool.upgrade() else { return };
    let job = move |loaded: &mut SpeechModels, wanted: &CancelToken| {
        measure(loaded, &pace, wanted);
        Ok::<_, SpeechError>(())
    };
    if let Err(error) = pool.run(Urgency::Later, Instant::now() + MEASURED_WITHIN, job).await {
        tracing::info!(%error, "the pace of local speech was not measured");
    }
}

/// Measures how long the models take, and says whether people can talk with this machine.
fn measure(loaded: &mut SpeechModels, pace: &watch::Sender<Option<ModelTimings>>, wanted: &CancelToken) {
    let measured = ModelTimings::measure(loaded, wanted).and_then(|first| {
        if first.keeps_up() {
            return Ok(first);
        }
        // Other work on the machine looks like a slow one: it is asked again before anybody is told.
        let again = ModelTimings::measure(loaded, wanted)?;
        Ok(if again.reply() < first.reply() { again } else { first })
    });
    match measured {
        Ok(measured) => tell(pace, measured),
        Err(error) if wanted.is_wanted() => {
            tracing::warn!(%error, "the pace of local speech cannot be measured")
        }
        Err(_) => {}
    }
}

fn tell(pace: &watch::Sender<Option<ModelTimings>>, measured: ModelTimings) {
    pace.send_replace(Some(measured));
    if measured.keeps_up() {
        return tracing::info!(pace = %measured, "local speech keeps up with real time");
    }
    tracing::warn!(
        pace = %measured,
        "this machine is slow at speech, and the page says so: whoever talks waits for each reply; `interviewos doctor` says what can be done"
    );
}

/// Repairs with the words that may come up.
fn mend(options: &HearOptions) -> Mend {
    let vocabulary = Vocabulary::new(options.vocabulary.iter().map(String::as_str));
    Arc::new(move |heard: &str| {
        let mended = vocabulary.mend(heard);
        (!mended.changes.is_empty()).then_some(mended.text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_settings_need_is_loaded() {
        let of = |stt, tts| needed(&choice::hearing(stt).unwrap(), &choice::speaking(tts).unwrap());
        use Model::{Hibari, Moonshine, SmartTurn};
        assert_eq!(of("local", "local"), [Hibari, SmartTurn, Moonshine]);
        assert_eq!(of("deepgram,local", "openai"), [SmartTurn, Moonshine]);
        assert_eq!(of("deepgram", "cartesia::id,local"), [Hibari, SmartTurn]);
        assert_eq!(of("openai", "openai"), [SmartTurn]);
    }

    #[test]
    fn missing_models_are_told_whenever_they_are_to_be_loaded() {
        let empty = tempfile::tempdir().unwrap();
        for speech_load in [SpeechLoad::Start, SpeechLoad::FirstUse] {
            let models = Some(empty.path().to_owned());
            let settings = ServerSettings { models, speech_load, ..ServerSettings::default() };
            let Err(error) = SpeechServices::open(&settings, &SpeechEnvironment::default()) else {
                panic!("no models")
            };
            assert!(error.to_string().contains("interviewos models fetch"), "{error}");
        }
    }
}
