//! A voice that says every word in the same time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use futures::StreamExt as _;
use futures::stream;
use speech::SpeechError;
use speech::ports::{Abilities, SpeakRequest, SpeechChunk, SpeechStream, TimedWord, Tts};
use tokio::time::Duration;

use super::locked;

/// Samples a second.
const RATE: u32 = 24_000;

/// Text to speech for tests: each word lasts [`Self::WORD_MS`], with nothing between.
pub struct FakeTts {
    failing: AtomicBool,
    /// What making a sentence takes, in milliseconds.
    takes_ms: AtomicU32,
    asked: Mutex<Vec<String>>,
}

impl Default for FakeTts {
    fn default() -> Self {
        Self { failing: AtomicBool::new(false), takes_ms: AtomicU32::new(60), asked: Mutex::default() }
    }
}

impl FakeTts {
    /// How long a word lasts.
    pub const WORD_MS: u32 = 300;
    /// The level of its samples.
    pub const LEVEL: i16 = 2000;

    /// Whether it fails from now on.
    pub fn fail(&self, failing: bool) {
        self.failing.store(failing, Ordering::Relaxed);
    }

    /// What it was asked to say.
    pub fn asked(&self) -> Vec<String> {
        locked(&self.asked).clone()
    }
}

impl Tts for FakeTts {
    fn abilities(&self) -> Abilities {
        Abilities {
            name: "fake".to_owned(),
            remote: false,
            streaming: false,
            interim: false,
            word_times: true,
            languages: Vec::new(),
        }
    }

    fn rate(&self) -> u32 {
        RATE
    }

    fn speak(&self, request: SpeakRequest) -> SpeechStream {
        locked(&self.asked).push(request.text.clone());
        if self.failing.load(Ordering::Relaxed) {
            let error = SpeechError::Failed("a fake voice fails as it was told".to_owned());
            return stream::iter([Err(error)]).boxed();
        }
        let takes = Duration::from_millis(u64::from(self.takes_ms.load(Ordering::Relaxed)));
        let mut pieces = Vec::new();
        let (mut at, mut word_at) = (0, 0);
        for sentence in request.text.split_inclusive(['.', '?', '!']) {
            let (mut words, mut said) = (Vec::new(), Vec::new());
            for word in sentence.split_whitespace() {
                let place = request.text[at..].find(word).map_or(at, |place| at + place);
                at = place + word.len();
                let start_ms = word_at * Self::WORD_MS;
                words.push(TimedWord { text: word.to_owned(), start_ms, end_ms: start_ms + Self::WORD_MS });
                said.push(at);
                word_at += 1;
            }
            if !words.is_empty() {
                let samples = words.len() * (Self::WORD_MS * RATE / 1000) as usize;
                pieces.push(SpeechChunk { pcm: vec![Self::LEVEL; samples], words, said });
            }
        }
        stream::iter(pieces)
            .then(move |piece| async move {
                tokio::time::sleep(takes).await;
                Ok(piece)
            })
            .boxed()
    }
}
