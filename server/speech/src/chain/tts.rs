//! Several voices as one.

use std::sync::Arc;

use futures::{StreamExt as _, stream};
use provider::ProviderFault;
use tokio::time::timeout;

use super::ChainTimeouts;
use super::health::{Health, next};
use crate::SpeechError;
use crate::ports::{Abilities, SpeakRequest, SpeechChunk, SpeechStream, TimedWord, Tts};
use crate::speak::sentences::sentence_at;

/// Speaks with the first voice that can. Where one fails in the middle, the next begins again with the sentence in
/// which it failed.
#[derive(Clone)]
pub struct TtsChain {
    voices: Arc<[(Arc<dyn Tts>, Health)]>,
    patience: ChainTimeouts,
}

impl TtsChain {
    /// Of these voices, the preferred first.
    ///
    /// # Errors
    /// [`SpeechError::Refused`] if there are none, or if they make audio at different rates.
    pub fn new(voices: Vec<Arc<dyn Tts>>, patience: ChainTimeouts) -> Result<Self, SpeechError> {
        let rate = voices.first().map(|voice| voice.rate());
        if rate.is_none() || voices.iter().any(|voice| Some(voice.rate()) != rate) {
            return Err(SpeechError::Refused("a chain needs voices, all at the same rate".into()));
        }
        let voices = voices.into_iter().map(|voice| {
            let health = Health::new(voice.abilities());
            (voice, health)
        });
        Ok(Self { voices: voices.collect(), patience })
    }
}

/// A speech on its way.
struct ChainSpeech {
    chain: TtsChain,
    request: SpeakRequest,
    tried: Vec<bool>,
    now: Option<(usize, SpeechStream)>,
    /// Where in the text the voice of now began.
    from: usize,
    /// How many bytes are said.
    said: usize,
    /// How many samples there were, and how many before the voice of now began.
    samples: u64,
    before: u64,
    over: bool,
}

impl ChainSpeech {
    async fn next(&mut self) -> Option<Result<SpeechChunk, SpeechError>> {
        let mut last = SpeechError::Busy;
        while !self.over {
            let Some((at, speech)) = &mut self.now else {
                let healths = self.chain.voices.iter().map(|(_, health)| health);
                let Some(at) = next(healths, &self.tried) else {
                    self.over = true;
                    return Some(Err(last));
                };
                self.tried[at] = true;
                self.from = sentence_at(&self.request.text, self.said);
                self.before = self.samples;
                let text = self.request.text[self.from..].to_owned();
                let request = SpeakRequest { text, ..self.request.clone() };
                self.now = Some((at, self.chain.voices[at].0.speak(request)));
                continue;
            };
            let health = &self.chain.voices[*at].1;
            let silent = self.samples == self.before;
            let patience = if silent { self.chain.patience.first } else { self.chain.patience.piece };
            let asked = timeout(patience, speech.next()).await;
            let left = self.request.text[self.said..].contains(char::is_alphanumeric);
            match asked {
                Ok(Some(Ok(piece))) => return Some(Ok(self.shifted(piece))),
                Ok(None) if !(silent && left) => {
                    health.record_success();
                    self.over = true;
                    return None;
                }
                Ok(None) => last = health.ended(ProviderFault::Empty, "no audio"),
                Ok(Some(Err(error))) => last = error,
                Err(_) => last = SpeechError::Late,
            }
            health.failed();
            self.now = None;
            // The last word's sound was made, if not its end.
            if !self.request.text[self.said..].contains(char::is_alphanumeric) {
                self.over = true;
            }
        }
        None
    }

    /// A piece as part of the whole.
    fn shifted(&mut self, mut piece: SpeechChunk) -> SpeechChunk {
        let rate = u64::from(self.chain.rate());
        let shift = u32::try_from(self.before * 1000 / rate).unwrap_or(u32::MAX);
        for TimedWord { start_ms, end_ms, .. } in &mut piece.words {
            (*start_ms, *end_ms) = (start_ms.saturating_add(shift), end_ms.saturating_add(shift));
        }
        for said in &mut piece.said {
            *said = (*said + self.from).min(self.request.text.len());
            self.said = self.said.max(*said);
        }
        self.samples += piece.pcm.len() as u64;
        piece
    }
}

impl Tts for TtsChain {
    fn abilities(&self) -> Abilities {
        let all: Vec<Abilities> = self.voices.iter().map(|(voice, _)| voice.abilities()).collect();
        Abilities {
            name: all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(">"),
            remote: all.iter().any(|one| one.remote),
            streaming: all.iter().all(|one| one.streaming),
            interim: false,
            word_times: all.iter().all(|one| one.word_times),
            languages: all.first().map(|one| one.languages.clone()).unwrap_or_default(),
        }
    }

    fn rate(&self) -> u32 {
        self.voices.first().map_or(0, |(voice, _)| voice.rate())
    }

    fn speak(&self, request: SpeakRequest) -> SpeechStream {
        let (chain, tried) = (self.clone(), vec![false; self.voices.len()]);
        let (from, said, samples, before) = (0, 0, 0, 0);
        let speaking =
            ChainSpeech { chain, request, tried, now: None, from, said, samples, before, over: false };
        stream::unfold(speaking, |mut speaking| async move { Some((speaking.next().await?, speaking)) })
            .boxed()
    }
}
