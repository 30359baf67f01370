//! Our side: the models of this machine, put together as the server does it.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use anyhow::Result;
use futures::StreamExt as _;
use futures::future::try_join_all;
use models::pool::{CancelToken, Pool, PoolOptions};
use models::{File, ModelFolder};
use speech::audio::{MonoRecording, at_rate};
use speech::hear::{Ears, EarsOptions, GhostFilter, MendedStt, WindowedStt};
use speech::local::{LocalEars, LocalVad, SpeechModels};
use speech::ports::{
    HEARING_RATE, HearOptions, SpeakRequest, Transcriber as _, Tts as _, Urgency, Vad, Window,
};
use speech::speak::LocalVoice;
use speech_text::mend::Vocabulary;
use tokio::time::Instant;

/// Long enough for any one piece of work on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Models on some threads, and what uses them.
pub struct Kit {
    pool: Arc<Pool<SpeechModels, Urgency>>,
    threads: usize,
    pub(crate) ears: LocalEars,
    gated: GhostFilter,
    vad: Arc<LocalVad>,
    stt: MendedStt,
}

impl Kit {
    /// Models on so many threads, not loaded yet; 0: one for each core.
    ///
    /// # Errors
    /// Voice activity detection cannot be loaded, or no thread be started.
    pub fn open(models: &ModelFolder, threads: usize) -> Result<Self> {
        let folder = models.clone();
        let options = PoolOptions { threads, ..PoolOptions::default() };
        let threads = options.count();
        let pool = Arc::new(Pool::start(options, move || SpeechModels::new(folder.clone()))?);
        let ears = LocalEars::new(Arc::clone(&pool));
        let vad = Arc::new(LocalVad::load(models)?);
        let judge = || Some(Arc::clone(&vad) as Arc<dyn Vad>);
        let windows = WindowedStt::new(Arc::new(ears.clone()), judge());
        let gated = GhostFilter::new(Arc::new(ears.clone()), judge());
        let stt = MendedStt::new(Arc::new(windows), |options| {
            let vocabulary = Vocabulary::new(options.vocabulary.iter().map(String::as_str));
            Arc::new(move |heard| Some(vocabulary.mend(heard).text))
        });
        Ok(Self { pool, threads, ears, gated, vad, stt })
    }

    /// Listens to one person, with the vocabulary of every interview and no other.
    ///
    /// # Errors
    /// Voice activity detection gives no stream.
    pub fn listen(&self, ears: EarsOptions, options: HearOptions) -> Result<Ears> {
        Ok(Ears::open(self.vad.as_ref(), &self.stt, ears, options)?)
    }

    /// A voice that has not said anything yet.
    pub fn voice(&self) -> LocalVoice {
        LocalVoice::new(Arc::clone(&self.pool))
    }

    /// Has every thread do this once, at the same time.
    pub(crate) async fn each(
        &self,
        work: impl Fn(&mut SpeechModels) -> Result<(), speech::SpeechError> + Clone + Send + 'static,
    ) -> Result<()> {
        let gate = Arc::new(Barrier::new(self.threads));
        let all = (0..self.threads).map(|_| {
            let (gate, work) = (Arc::clone(&gate), work.clone());
            self.pool.run(Urgency::Later, Instant::now() + PATIENCE, move |models, _| {
                gate.wait();
                work(models)
            })
        });
        try_join_all(all).await?;
        Ok(())
    }

    /// Loads what hears on every thread, and hears once.
    ///
    /// # Errors
    /// A model cannot be loaded.
    pub async fn warm_ears(&self, models: &ModelFolder) -> Result<()> {
        let pcm: Arc<[i16]> = reading(models, File::ReadingBeckett)?.into();
        self.each(move |models| {
            models.moonshine()?.read(&pcm, "", &CancelToken::always())?;
            models.smart_turn()?.judge(&pcm).map(drop)
        })
        .await
    }

    /// Loads what speaks on every thread, and speaks once.
    ///
    /// # Errors
    /// The model cannot be loaded.
    pub async fn warm_voice(&self) -> Result<()> {
        self.each(|models| models.hibari()?.say("let me warm up.", 1.0, &CancelToken::always()).map(drop))
            .await
    }

    /// The words of a whole recording at [`HEARING_RATE`], read as every window of a stream is.
    pub(crate) async fn read(&self, pcm: Arc<[i16]>) -> Result<String> {
        let window = Window::new(pcm, Urgency::Later, Instant::now() + PATIENCE);
        Ok(self.gated.transcribe(window).await?.text)
    }
}

/// What a voice says, at [`LocalVoice`]'s rate.
pub(crate) async fn say(voice: &LocalVoice, text: &str) -> Result<Vec<i16>> {
    let request = SpeakRequest { text: text.to_owned(), speed: 1.0, urgency: Urgency::FirstWords };
    let (mut speech, mut pcm) = (voice.speak(request), Vec::new());
    while let Some(spoken) = speech.next().await {
        pcm.extend(spoken?.pcm);
    }
    Ok(pcm)
}

/// Speech at [`HEARING_RATE`], with as much silence behind it as ends it for whoever listens.
pub(crate) fn to_be_read(pcm: &[i16], rate: u32) -> Arc<[i16]> {
    let mut pcm = at_rate(pcm, rate, HEARING_RATE);
    pcm.resize(pcm.len() + HEARING_RATE as usize * 3 / 10, 0);
    pcm.into()
}

/// A recording that comes with the models, at [`HEARING_RATE`].
pub(crate) fn reading(models: &ModelFolder, file: File) -> Result<Vec<i16>> {
    Ok(MonoRecording::read(std::fs::File::open(models.path(file))?)?.at(HEARING_RATE).pcm)
}
