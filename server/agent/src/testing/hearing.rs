//! Hearing that reads what a [`Person`](super::Person) says out of the samples themselves: a word is a stretch of
//! samples of one value, its number in a list of all words said.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use speech::SpeechError;
use speech::ports::{
    Abilities, HEARING_RATE, HearOptions, Judgement, Stt, SttEvent, SttStream, Transcript, TurnDetector, Vad,
    VadStream,
};
use tokio::sync::Notify;
use tokio::time::{Duration, Instant, sleep_until};

use super::locked;

/// The value of samples that sound like a voice and hold no words: a cough.
pub const NOISE: i16 = 700;
/// The value of the first word's samples; anything from [`NOISE`] on sounds like a voice.
const FIRST: i16 = 1000;
/// Samples of a frame of the VAD.
const FRAME: usize = 512;

/// VAD, speech to text and end of turn for tests. Cheap to clone.
#[derive(Clone, Default)]
pub struct FakeHearing {
    inner: Arc<Inner>,
}

struct Inner {
    words: Mutex<Vec<String>>,
    /// What a reading takes, in milliseconds.
    takes_ms: AtomicU32,
    /// How likely any end is held to be, in percent; over 100: it cannot be told.
    finished: AtomicU32,
    deaf: AtomicBool,
    dead: AtomicBool,
    /// What was heard is let go of unread.
    loses: AtomicBool,
    /// How sure it is of all words, in percent; over 100: it does not tell.
    sure: AtomicU32,
    opened: AtomicU32,
    /// The words that the last stream was told of.
    vocabulary: Mutex<Arc<[String]>>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            words: Mutex::default(),
            takes_ms: AtomicU32::new(120),
            finished: AtomicU32::new(95),
            deaf: AtomicBool::new(false),
            dead: AtomicBool::new(false),
            loses: AtomicBool::new(false),
            sure: AtomicU32::new(u32::MAX),
            opened: AtomicU32::new(0),
            vocabulary: Mutex::new(Arc::from([])),
        }
    }
}

impl FakeHearing {
    /// The value of a new word's samples.
    pub(super) fn learn(&self, word: &str) -> i16 {
        let mut words = locked(&self.inner.words);
        words.push(word.to_owned());
        FIRST + i16::try_from(words.len() - 1).expect("a test says fewer words")
    }

    /// A word turns out to be none.
    pub fn unlearn(&self, word: &str) {
        locked(&self.inner.words).iter_mut().filter(|known| *known == word).for_each(String::clear);
    }

    /// How likely all ends are held to be from now on, in percent; `None`: it cannot be told.
    pub fn finished(&self, percent: Option<u32>) {
        self.inner.finished.store(percent.unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    /// Whether nothing can be written down from now on, though it is tried.
    pub fn deaf(&self, deaf: bool) {
        self.inner.deaf.store(deaf, Ordering::Relaxed);
    }

    /// Whether streams end from now on.
    pub fn dead(&self, dead: bool) {
        self.inner.dead.store(dead, Ordering::Relaxed);
    }

    /// What is being said is let go of unread, as by a machine that is too slow.
    pub fn lose(&self) {
        self.inner.loses.store(true, Ordering::Relaxed);
    }

    /// How sure it is of its words from now on, in percent; `None`: it does not tell.
    pub fn sure(&self, percent: Option<u32>) {
        self.inner.sure.store(percent.unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    /// How long a reading takes from now on.
    pub fn takes(&self, time: Duration) {
        self.inner.takes_ms.store(u32::try_from(time.as_millis()).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    /// How many streams were opened.
    pub fn opened(&self) -> u32 {
        self.inner.opened.load(Ordering::Relaxed)
    }

    /// The words that the last stream was told of.
    pub fn vocabulary(&self) -> Vec<String> {
        locked(&self.inner.vocabulary).to_vec()
    }

    fn abilities() -> Abilities {
        Abilities {
            name: "fake".to_owned(),
            remote: false,
            streaming: true,
            interim: true,
            word_times: false,
            languages: Vec::new(),
        }
    }
}

impl Vad for FakeHearing {
    fn abilities(&self) -> Abilities {
        Self::abilities()
    }

    fn open(&self) -> Result<Box<dyn VadStream>, SpeechError> {
        Ok(Box::new(Level))
    }
}

struct Level;

impl VadStream for Level {
    fn frame(&self) -> usize {
        FRAME
    }

    fn judge(&mut self, frame: &[i16]) -> Result<f32, SpeechError> {
        let loud = frame.iter().filter(|sample| **sample >= NOISE).count();
        Ok(loud as f32 / frame.len().max(1) as f32)
    }

    fn reset(&mut self) {}
}

#[async_trait]
impl TurnDetector for FakeHearing {
    fn abilities(&self) -> Abilities {
        Self::abilities()
    }

    fn longest(&self) -> usize {
        8 * HEARING_RATE as usize
    }

    async fn judge(&self, _pcm: &[i16], _deadline: Instant) -> Result<Judgement, SpeechError> {
        let took = Duration::from_millis(60);
        tokio::time::sleep(took).await;
        match self.inner.finished.load(Ordering::Relaxed) {
            percent @ 0..=100 => Ok(Judgement { finished: percent as f32 / 100.0, took }),
            _ => Err(SpeechError::Late),
        }
    }
}

impl Stt for FakeHearing {
    fn abilities(&self) -> Abilities {
        Self::abilities()
    }

    fn open(&self, options: HearOptions) -> Box<dyn SttStream> {
        self.inner.opened.fetch_add(1, Ordering::Relaxed);
        *locked(&self.inner.vocabulary) = Arc::clone(&options.vocabulary);
        let every = if options.interim_every_ms == 0 { 500 } else { options.interim_every_ms };
        Box::new(Stream {
            inner: Arc::clone(&self.inner),
            usual: every,
            every,
            said: Vec::new(),
            last: 0,
            new: false,
            lost: false,
            pauses: 0,
            interim_at: None,
            due: VecDeque::new(),
            changed: Notify::new(),
        })
    }
}

/// So often an utterance that is over is tried; then what is known of it, which is nothing, must do.
const TRIES: u32 = 3;
/// The time between two tries.
const AGAIN: Duration = Duration::from_millis(400);

enum Due {
    Paused(u32),
    /// Its words, and how often they were tried in vain.
    Final(String, u32),
}

struct Stream {
    inner: Arc<Inner>,
    usual: u32,
    every: u32,
    said: Vec<i16>,
    last: i16,
    /// There are words that no interim told.
    new: bool,
    /// It is to be told that some was lost.
    lost: bool,
    pauses: u32,
    interim_at: Option<Instant>,
    due: VecDeque<(Instant, Due)>,
    changed: Notify,
}

impl Stream {
    fn text(&self) -> String {
        let words = locked(&self.inner.words);
        let said: Vec<&str> = self
            .said
            .iter()
            .filter_map(|value| words.get(usize::try_from(value - FIRST).ok()?))
            .map(String::as_str)
            .filter(|word| !word.is_empty())
            .collect();
        said.join(" ")
    }

    fn takes(&self) -> Duration {
        Duration::from_millis(u64::from(self.inner.takes_ms.load(Ordering::Relaxed)))
    }

    fn transcript(&self, text: String) -> Transcript {
        let sure = match self.inner.sure.load(Ordering::Relaxed) {
            percent @ 0..=100 => Some(percent as f32 / 100.0),
            _ => None,
        };
        Transcript { text, sure, ..Transcript::default() }
    }
}

#[async_trait]
impl SttStream for Stream {
    fn hear(&mut self, pcm: &[i16], _skipped_ms: u32) {
        for sample in pcm {
            if *sample >= FIRST && *sample != self.last {
                self.said.push(*sample);
                self.new = true;
            }
            self.last = *sample;
        }
        if self.inner.loses.swap(false, Ordering::Relaxed) {
            self.said.clear();
            self.lost = true;
        }
        // More voice makes a pause void.
        if pcm.iter().any(|sample| *sample >= NOISE) {
            self.due.retain(|(_, due)| matches!(due, Due::Final(..)));
        }
        if self.new && self.interim_at.is_none() {
            self.interim_at = Some(Instant::now() + Duration::from_millis(u64::from(self.every)));
        }
        self.changed.notify_one();
    }

    fn pause(&mut self) -> u32 {
        self.pauses += 1;
        self.due.push_back((Instant::now() + self.takes(), Due::Paused(self.pauses)));
        self.changed.notify_one();
        self.pauses
    }

    fn commit(&mut self) {
        let text = self.text();
        self.due.retain(|(_, due)| matches!(due, Due::Final(..)));
        self.due.push_back((Instant::now() + self.takes(), Due::Final(text, 0)));
        self.said.clear();
        (self.new, self.interim_at) = (false, None);
        self.changed.notify_one();
    }

    fn discard(&mut self) {
        self.due.retain(|(_, due)| matches!(due, Due::Final(..)));
        self.said.clear();
        (self.new, self.interim_at) = (false, None);
    }

    fn pace(&mut self, interim_every_ms: u32) {
        self.every = if interim_every_ms == 0 { self.usual } else { interim_every_ms };
        let soon = Instant::now() + Duration::from_millis(u64::from(self.every));
        self.interim_at = self.interim_at.map(|at| at.min(soon));
        self.changed.notify_one();
    }

    async fn next(&mut self) -> Option<SttEvent> {
        loop {
            if self.inner.dead.load(Ordering::Relaxed) {
                return None;
            }
            if std::mem::take(&mut self.lost) {
                return Some(SttEvent::Trouble(SpeechError::Lost));
            }
            let due = self.due.front().map(|(at, _)| *at);
            let at = [due, self.interim_at].into_iter().flatten().min();
            tokio::select! {
                () = async {
                    match at {
                        Some(at) => sleep_until(at).await,
                        None => std::future::pending().await,
                    }
                } => {}
                () = self.changed.notified() => continue,
            }
            let failed = self.inner.deaf.load(Ordering::Relaxed);
            let trouble = || SttEvent::Trouble(SpeechError::Failed("deaf, as it was told".to_owned()));
            if due == at {
                let Some((_, due)) = self.due.pop_front() else { continue };
                return Some(match due {
                    // The port promises one `Final` for each commit, whatever becomes of hearing.
                    Due::Final(_, tries) if failed && tries + 1 >= TRIES => {
                        SttEvent::Final(self.transcript(String::new()))
                    }
                    Due::Final(text, tries) if failed => {
                        self.due.push_front((Instant::now() + AGAIN, Due::Final(text, tries + 1)));
                        trouble()
                    }
                    Due::Paused(_) if failed => trouble(),
                    Due::Paused(pause) => {
                        SttEvent::Paused { pause, transcript: self.transcript(self.text()) }
                    }
                    Due::Final(text, _) => SttEvent::Final(self.transcript(text)),
                });
            }
            (self.interim_at, self.new) = (None, false);
            if failed {
                return Some(trouble());
            }
            return Some(SttEvent::Interim { transcript: self.transcript(self.text()), settled: 0 });
        }
    }
}
