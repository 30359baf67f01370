//! Text to speech on the threads of the pool.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use futures::stream;
use tokio::time::Instant;

use super::cache::Cache;
use super::finish::{Finished, finish};
use super::pause_after;
use super::sentences::pieces;
use super::words::SpokenText;
use crate::SpeechError;
use crate::local::SpeechModels;
use crate::local::hibari::{RATE, SynthesisedSpeech};
use crate::ports::{Abilities, SpeakRequest, SpeechChunk, SpeechStream, TimedWord, Tts, Urgency};
use models::pool::{CancelToken, Pool};

/// The speeds that can be asked for.
pub const SPEEDS: RangeInclusive<f32> = 0.8..=1.3;
/// The most bytes of a request: a quarter of an hour of speech.
pub const LONGEST_REQUEST: usize = 16_000;
/// Bytes of speech that are kept for when it is said again: about three minutes.
const KEPT: usize = 8 << 20;
/// How long to wait for the first piece, and for each later one, before giving up.
const FIRST_PATIENCE: Duration = Duration::from_secs(20);
const LATER_PATIENCE: Duration = Duration::from_secs(30);

/// Says words, a sentence or so at once.
pub trait Synthesiser {
    /// The sound of a text of words and punctuation, and where in it each word is said.
    fn say(&mut self, text: &str, speed: f32, wanted: &CancelToken)
    -> Result<SynthesisedSpeech, SpeechError>;
}

impl Synthesiser for SpeechModels {
    fn say(
        &mut self,
        text: &str,
        speed: f32,
        wanted: &CancelToken,
    ) -> Result<SynthesisedSpeech, SpeechError> {
        self.hibari()?.say(text, speed, wanted)
    }
}

/// The voice of this machine. Cheap to clone; all clones share what they keep.
pub struct LocalVoice<M = SpeechModels> {
    inner: Arc<LocalVoiceInner<M>>,
}

struct LocalVoiceInner<M> {
    pool: Arc<Pool<M, Urgency>>,
    cache: Cache<Finished>,
}

impl<M> Clone for LocalVoice<M> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<M: Synthesiser + 'static> LocalVoice<M> {
    /// A voice on these threads.
    pub fn new(pool: Arc<Pool<M, Urgency>>) -> Self {
        Self { inner: Arc::new(LocalVoiceInner { pool, cache: Cache::new(KEPT) }) }
    }
}

impl<M: Synthesiser + 'static> Tts for LocalVoice<M> {
    fn abilities(&self) -> Abilities {
        Abilities {
            name: "hibari".to_owned(),
            remote: false,
            streaming: false,
            interim: false,
            // The network says itself how long each phoneme lasts.
            word_times: true,
            languages: vec!["en-US".to_owned()],
        }
    }

    fn rate(&self) -> u32 {
        RATE
    }

    /// The first piece is a short one, so that it is heard soon; within the request, pauses are part of the sound. A text
    /// with nothing to say gives an empty stream. The stream ends after an error.
    fn speak(&self, request: SpeakRequest) -> SpeechStream {
        let begin = LocalSpeechState::Asked { inner: Arc::clone(&self.inner), request };
        Box::pin(stream::unfold(begin, |talk| async move {
            let mut going = match talk {
                LocalSpeechState::Over => return None,
                LocalSpeechState::Asked { inner, request } => match LocalSpeech::plan(inner, request) {
                    Ok(going) => going,
                    Err(error) => return Some((Err(error), LocalSpeechState::Over)),
                },
                LocalSpeechState::Going(going) => going,
            };
            match going.next().await? {
                Ok(spoken) => Some((Ok(spoken), LocalSpeechState::Going(going))),
                Err(error) => Some((Err(error), LocalSpeechState::Over)),
            }
        }))
    }
}

enum LocalSpeechState<M> {
    Asked { inner: Arc<LocalVoiceInner<M>>, request: SpeakRequest },
    Going(LocalSpeech<M>),
    Over,
}

/// A request that is being said.
struct LocalSpeech<M> {
    inner: Arc<LocalVoiceInner<M>>,
    speed: f32,
    urgency: Urgency,
    patience: Duration,
    left: VecDeque<PendingPiece>,
    /// Samples so far.
    said: usize,
}

/// A piece that is still to be said.
struct PendingPiece {
    line: SpokenText,
    /// The written words: their text, how many bytes of the request are said with them, and the spoken words of each.
    words: Vec<(String, usize, std::ops::Range<usize>)>,
    /// Silence after it, at the voice's own pace.
    pause: Duration,
}

impl<M: Synthesiser + 'static> LocalSpeech<M> {
    /// Errors: [`SpeechError::Refused`] where the request is out of bounds.
    fn plan(inner: Arc<LocalVoiceInner<M>>, request: SpeakRequest) -> Result<Self, SpeechError> {
        let SpeakRequest { text, speed, urgency } = request;
        if !SPEEDS.contains(&speed) {
            return Err(SpeechError::Refused("the speed of speech goes from 0.8 to 1.3".to_owned()));
        }
        if text.len() > LONGEST_REQUEST {
            let what = format!("at most {LONGEST_REQUEST} bytes are said at once; give less");
            return Err(SpeechError::Refused(what));
        }
        let mut left: VecDeque<PendingPiece> = VecDeque::new();
        for piece in pieces(&text) {
            let start = piece.bytes.start;
            let written = &text[piece.bytes];
            let end = start + written.trim_end().len();
            let line = SpokenText::of(written);
            if line.is_blank() {
                if let Some((_, said, _)) = left.back_mut().and_then(|part| part.words.last_mut()) {
                    *said = end;
                }
                continue;
            }
            let mut words: Vec<_> = line
                .groups(written)
                .into_iter()
                .map(|group| {
                    (written[group.written.clone()].to_owned(), start + group.written.end, group.spoken)
                })
                .collect();
            // What is not said after the last word (an emoji, say) counts as said with it.
            if let Some((_, said, _)) = words.last_mut() {
                *said = end;
            }
            left.push_back(PendingPiece { line, words, pause: pause_after(written, piece.end) });
        }
        if let Some(last) = left.back_mut() {
            last.pause = Duration::ZERO;
        }
        Ok(Self { inner, speed, urgency, patience: FIRST_PATIENCE, left, said: 0 })
    }

    async fn next(&mut self) -> Option<Result<SpeechChunk, SpeechError>> {
        let part = self.left.pop_front()?;
        let finished = match self.make(&part.line).await {
            Ok(finished) => finished,
            Err(error) => return Some(Err(error)),
        };
        (self.urgency, self.patience) = (Urgency::Later, LATER_PATIENCE);
        let ms = |samples: usize| u32::try_from(samples as u64 * 1000 / u64::from(RATE)).unwrap_or(u32::MAX);
        let (mut words, mut said) = (Vec::new(), Vec::new());
        for (text, bytes, spoken) in part.words {
            let places = finished.words.get(spoken).unwrap_or_default().iter();
            let mut places = places.filter(|place| place.start < place.end);
            // A word that the voice has no sound for takes no time, right after the one before it.
            let here = words.last().map_or(ms(self.said), |word: &TimedWord| word.end_ms);
            let (start_ms, end_ms) = match places.next() {
                None => (here, here),
                Some(first) => {
                    let last = places.next_back().unwrap_or(first);
                    (ms(self.said + first.start), ms(self.said + last.end))
                }
            };
            words.push(TimedWord { text, start_ms, end_ms });
            said.push(bytes);
        }
        let mut pcm = finished.pcm.clone();
        let pause = part.pause.as_secs_f32() / self.speed;
        pcm.resize(pcm.len() + (pause * RATE as f32) as usize, 0);
        self.said += pcm.len();
        Some(Ok(SpeechChunk { pcm, words, said }))
    }

    async fn make(&self, line: &SpokenText) -> Result<Arc<Finished>, SpeechError> {
        let key = (line.spoken.clone(), (self.speed * 1000.0).round() as u32);
        if let Some(finished) = self.inner.cache.get(&key) {
            return Ok(finished);
        }
        let (text, speed, deadline) = (line.spoken.clone(), self.speed, Instant::now() + self.patience);
        let work = move |models: &mut M, wanted: &CancelToken| -> Result<_, SpeechError> {
            Ok(finish(models.say(&text, speed, wanted)?))
        };
        let finished = Arc::new(self.inner.pool.run(self.urgency, deadline, work).await?);
        let bytes = finished.pcm.len() * 2 + finished.words.len() * size_of::<std::ops::Range<usize>>();
        self.inner.cache.offer(&key, &finished, bytes);
        Ok(finished)
    }
}

#[cfg(test)]
#[path = "local_voice_tests.rs"]
mod tests;
