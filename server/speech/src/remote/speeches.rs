//! OpenAI's `/audio/speech`, which many servers speak: a sentence at a time, its samples as they are made.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use provider::ProviderFault;
use reqwest::{Response, header};
use serde::Serialize;

use super::SpeechProvider;
use super::http::SpeechHttpClient;
use super::key::KeyHeader;
use super::timing::WordAligner;
use super::words::words;
use crate::SpeechError;
use crate::audio::IncomingAudio;
use crate::ports::{Abilities, SpeakRequest, SpeechChunk, SpeechStream, Tts};
use crate::speak::sentences::whole;

/// Samples a second of `pcm`.
const RATE: u32 = 24_000;
/// Longest wait for the first bytes of a sentence.
const FIRST: Duration = Duration::from_secs(8);
/// Most samples of a sentence: a minute and a half, where the longest lasts half a minute.
const MOST: u64 = 90 * RATE as u64;

/// Speaks through an OpenAI-compatible server.
#[derive(Clone)]
pub struct Speeches {
    http: Arc<SpeechHttpClient>,
    voice: String,
}

#[derive(Serialize)]
struct SpeechRequestBody<'a> {
    model: &'a str,
    input: &'a str,
    voice: &'a str,
    response_format: &'a str,
    speed: f32,
}

impl Speeches {
    /// Through this provider, with this voice of it.
    ///
    /// # Errors
    /// [`SpeechError::Refused`] if its address is not that of an HTTP server.
    pub fn new(provider: SpeechProvider, voice: &str) -> Result<Self, SpeechError> {
        Ok(Self {
            http: Arc::new(SpeechHttpClient::new(provider, KeyHeader::BEARER)?),
            voice: voice.to_owned(),
        })
    }

    async fn ask(&self, sentence: &str, speed: f32) -> Result<Response, SpeechError> {
        let model = &self.http.provider().model;
        let ask =
            SpeechRequestBody { model, input: sentence, voice: &self.voice, response_format: "pcm", speed };
        let request = self.http.post(&["audio", "speech"])?.json(&ask);
        let asked = tokio::time::timeout(FIRST, self.http.send(request)).await;
        asked.map_err(|_| SpeechError::Late)?
    }
}

/// A speech on its way.
struct RemoteSpeech {
    by: Speeches,
    request: SpeakRequest,
    sentences: VecDeque<Range<usize>>,
    samples: u64,
    reading: Option<RemoteSentence>,
    over: bool,
}

/// A sentence on its way.
struct RemoteSentence {
    response: Response,
    /// `None` once all of it has come.
    sound: Option<IncomingAudio>,
    timing: WordAligner,
    before: u64,
}

impl RemoteSentence {
    /// More of the sentence's samples; `None` when there are no more.
    async fn samples(&mut self) -> Result<Option<Vec<i16>>, SpeechError> {
        let Some(sound) = &mut self.sound else { return Ok(None) };
        match self.response.chunk().await.map_err(|error| ProviderFault::from(&error))? {
            Some(bytes) => Ok(Some(sound.read(&bytes)?)),
            None => {
                let rest = sound.end()?;
                self.sound = None;
                Ok(Some(rest))
            }
        }
    }
}

impl RemoteSpeech {
    /// The next piece; `None` when all is said.
    async fn next(&mut self) -> Result<Option<SpeechChunk>, SpeechError> {
        loop {
            let Some(reading) = &mut self.reading else {
                let Some(sentence) = self.sentences.pop_front() else { return Ok(None) };
                let text = &self.request.text[sentence.clone()];
                let response = self.by.ask(text, self.request.speed).await?;
                let mut timing = WordAligner::new(RATE, self.samples, words(text, sentence.start));
                timing.estimate(self.request.speed);
                let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
                let sound = Some(IncomingAudio::new(kind.unwrap_or(""), RATE));
                self.reading = Some(RemoteSentence { response, sound, timing, before: self.samples });
                continue;
            };
            let Some(pcm) = reading.samples().await? else {
                let now = reading.timing.samples();
                let (empty, rest) = (now == reading.before, reading.timing.rest());
                self.samples = now;
                self.reading = None;
                match rest {
                    _ if empty => return Err(ProviderFault::Empty.into()),
                    Some(rest) => return Ok(Some(rest)),
                    None => continue,
                }
            };
            if reading.timing.samples() + pcm.len() as u64 - reading.before > MOST {
                return Err(ProviderFault::Endless.into());
            }
            if !pcm.is_empty() {
                return Ok(Some(reading.timing.piece(pcm)));
            }
        }
    }
}

impl Tts for Speeches {
    fn abilities(&self) -> Abilities {
        let provider = self.http.provider();
        Abilities {
            name: provider.name.clone(),
            remote: true,
            streaming: true,
            interim: false,
            word_times: false,
            languages: provider.languages(),
        }
    }

    fn rate(&self) -> u32 {
        RATE
    }

    fn speak(&self, request: SpeakRequest) -> SpeechStream {
        let sentences = whole(&request.text).into();
        let (by, samples) = (self.clone(), 0);
        let speaking = RemoteSpeech { by, request, sentences, samples, reading: None, over: false };
        let pieces = stream::unfold(speaking, |mut speaking| async move {
            if speaking.over {
                return None;
            }
            let piece = speaking.next().await.transpose()?;
            speaking.over = piece.is_err();
            Some((piece, speaking))
        });
        pieces.boxed()
    }
}
