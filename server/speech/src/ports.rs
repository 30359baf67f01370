//! What hearing, speaking and judging look like to whoever uses them: local models and remote providers alike.
//!
//! Audio to be heard is mono PCM at [`HEARING_RATE`]; times are in milliseconds from the first sample given.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::Stream;
use tokio::time::Instant;

use crate::SpeechError;

/// Samples a second of audio to be heard.
pub const HEARING_RATE: u32 = 16_000;

/// What an adapter can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abilities {
    /// Its name, for logs and for people: `moonshine`, `hibari`, `deepgram` ...
    pub name: String,
    /// Whether audio leaves this machine.
    pub remote: bool,
    /// Whether it works while audio or text still comes; otherwise it waits for the whole.
    pub streaming: bool,
    /// Whether it gives interim transcripts. Of no meaning for voices.
    pub interim: bool,
    /// Whether it knows when each word is said (measured, not estimated).
    pub word_times: bool,
    /// Languages as BCP 47 tags; empty: not known.
    pub languages: Vec<String>,
}

/// One word, and when it is said.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedWord {
    /// The word, with its punctuation.
    pub text: String,
    /// When it starts.
    pub start_ms: u32,
    /// When it ends.
    pub end_ms: u32,
}

/// What was heard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transcript {
    /// The words, as they are to be read.
    pub text: String,
    /// What the model said, where the vocabulary of the interview changed it.
    pub heard: Option<String>,
    /// When each word was said, estimated where [`Abilities::word_times`] is false; empty where not even that.
    pub words: Vec<TimedWord>,
    /// Where in the audio it starts.
    pub start_ms: u32,
    /// Where in the audio it ends.
    pub end_ms: u32,
    /// How sure the model is of it, from 0 to 1, where it tells: the mean of its readings, by their length.
    pub sure: Option<f32>,
}

/// How pressing a piece of work is. What is more pressing is done first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Somebody may have finished: the reply waits for it.
    TurnEnd,
    /// The next words to be heard by somebody who waits.
    FirstWords,
    /// Captions of somebody speaking.
    Caption,
    /// Everything else: later sentences, warming up.
    Later,
}

/// A window of audio to be written down as a whole.
#[derive(Debug, Clone)]
pub struct Window {
    /// The audio, at [`HEARING_RATE`].
    pub pcm: Arc<[i16]>,
    /// What it probably says, as far as anybody knows; changes nothing but how soon it is written down.
    pub guess: String,
    /// How pressing it is.
    pub urgency: Urgency,
    /// After this nobody wants it any more.
    pub deadline: Instant,
}

impl Window {
    /// One of which nothing is known yet.
    pub fn new(pcm: impl Into<Arc<[i16]>>, urgency: Urgency, deadline: Instant) -> Self {
        Self { pcm: pcm.into(), guess: String::new(), urgency, deadline }
    }
}

/// Writes down a whole window of audio at once. [`crate::hear::WindowedStt`] makes an [`Stt`] of it.
#[async_trait]
pub trait Transcriber: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// Writes the window down. Dropping the future gives the work up. Blank audio gives a blank text.
    async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError>;
}

/// What to know before hearing somebody.
#[derive(Debug, Clone, Default)]
pub struct HearOptions {
    /// Words that may come up: names, technologies. Adapters use it as they can.
    pub vocabulary: Arc<[String]>,
    /// How fast interim transcripts are wanted, in milliseconds; 0: the adapter's own pace.
    pub interim_every_ms: u32,
}

/// Speech to text, as a stream.
pub trait Stt: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// Opens a stream for one person. Must be called within a tokio runtime.
    fn open(&self, options: HearOptions) -> Box<dyn SttStream>;
}

/// What a stream tells.
#[derive(Debug, Clone, PartialEq)]
pub enum SttEvent {
    /// The words of this utterance so far: all of it, from its first word; replaces the interim before.
    Interim {
        /// What was heard so far.
        transcript: Transcript,
        /// How many bytes of its text will not change any more.
        settled: usize,
    },
    /// The answer to [`SttStream::pause`] (number by number): the best reading of the utterance up to the pause.
    Paused {
        /// Which pause, counted from 1 in this stream.
        pause: u32,
        /// What was heard up to it.
        transcript: Transcript,
    },
    /// The answer to [`SttStream::commit`]: the utterance is over, the next begins at the next sample. Each commit has
    /// exactly one, in order; where its words cannot be had, it holds what is known of them, which may be nothing.
    Final(Transcript),
    /// Some work failed; the audio is kept and tried again with the next work, unless it is a refusal
    /// ([`SpeechError::is_refusal`]) or `Lost`.
    Trouble(SpeechError),
}

/// A stream of one person's speech being written down.
#[async_trait]
pub trait SttStream: Send {
    /// Takes more audio, at once. Silence may be left out; then say how much with `skipped_ms`.
    fn hear(&mut self, pcm: &[i16], skipped_ms: u32);
    /// A pause has started here: a [`SttEvent::Paused`] is wanted soon. Hearing more makes it void, if it has not
    /// come yet. Returns the number of the pause.
    fn pause(&mut self) -> u32;
    /// The utterance ends here: a [`SttEvent::Final`] comes, at once if a pause at this point was answered.
    fn commit(&mut self);
    /// Throws away what was heard since the last commit.
    fn discard(&mut self);
    /// From now on interim transcripts are wanted this often, in milliseconds; 0: as the stream was opened. For a
    /// moment in which the next words matter. An adapter that has a pace of its own keeps it.
    fn pace(&mut self, _interim_every_ms: u32) {}
    /// The next event; waits for it. `None` once the stream cannot go on (an event said why). Safe to drop.
    async fn next(&mut self) -> Option<SttEvent>;
}

/// What to say, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeakRequest {
    /// One sentence or several, as they are to be read; the adapter makes them speakable.
    pub text: String,
    /// How fast, where 1.0 is the voice's own pace: 0.8 to 1.3.
    pub speed: f32,
    /// How pressing its first sentence is; the rest is [`Urgency::Later`].
    pub urgency: Urgency,
}

/// A stretch of speech.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeechChunk {
    /// Mono PCM at [`Tts::rate`].
    pub pcm: Vec<i16>,
    /// The words of the request that are said in it, as they were written there, with times from the first sample
    /// of the whole speech.
    pub words: Vec<TimedWord>,
    /// For each of the words, how many bytes of the request's text are said once it has been said.
    pub said: Vec<usize>,
}

/// Speech as it is made, in order. Dropping it gives the rest up.
pub type SpeechStream = Pin<Box<dyn Stream<Item = Result<SpeechChunk, SpeechError>> + Send>>;

/// Text to speech.
pub trait Tts: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// Samples a second of what it makes.
    fn rate(&self) -> u32;
    /// Speaks. Nothing is done before the stream is first polled.
    fn speak(&self, request: SpeakRequest) -> SpeechStream;
}

/// Voice activity detection. Cheap: done where it is asked for.
pub trait Vad: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// Opens a stream for one person.
    fn open(&self) -> Result<Box<dyn VadStream>, SpeechError>;
}

/// A stream of one person's audio, judged frame by frame.
pub trait VadStream: Send {
    /// Samples of one frame, at [`HEARING_RATE`].
    fn frame(&self) -> usize;
    /// How likely it is, from 0 to 1, that this frame holds speech. The frame is exactly [`frame`](Self::frame)
    /// samples long.
    fn judge(&mut self, frame: &[i16]) -> Result<f32, SpeechError>;
    /// Forgets what was heard before.
    fn reset(&mut self);
}

/// How likely it is that somebody has finished.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// From 0 to 1.
    pub finished: f32,
    /// What it cost, from asking to answer.
    pub took: Duration,
}

/// End-of-turn detection.
#[async_trait]
pub trait TurnDetector: Send + Sync {
    /// What it can do.
    fn abilities(&self) -> Abilities;
    /// The most audio that is looked at, in samples at [`HEARING_RATE`].
    fn longest(&self) -> usize;
    /// Judges the end of this audio, which ends in a pause. Dropping the future gives the work up.
    async fn judge(&self, pcm: &[i16], deadline: Instant) -> Result<Judgement, SpeechError>;
}
