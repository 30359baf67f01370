//! OpenAI's `/audio/transcriptions`, which many servers speak: a window of audio as a WAV file, its words as JSON.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use provider::ProviderFault;
use reqwest::multipart::{Form, Part};

use super::SpeechProvider;
use super::detail::{Detail, TranscriptionResult};
use super::http::{SpeechHttpClient, read};
use super::key::KeyHeader;
use crate::SpeechError;
use crate::audio::MonoRecording;
use crate::ports::{Abilities, HEARING_RATE, Transcriber, Transcript, Window};

/// Most that is read of an answer, in bytes.
const MOST_READ: usize = 256 * 1024;
/// Longest list of words that is sent along, in bytes: Whisper reads 224 tokens of it.
const LONGEST_PROMPT: usize = 800;

/// Writes windows of audio down through an OpenAI-compatible server.
#[derive(Clone)]
pub struct Transcriptions {
    http: Arc<SpeechHttpClient>,
    prompt: Option<Arc<str>>,
    /// Whether the server has refused to tell more than the words.
    plain: Arc<AtomicBool>,
}

impl Transcriptions {
    /// Through this provider.
    ///
    /// # Errors
    /// [`SpeechError::Refused`] if its address is not that of an HTTP server.
    pub fn new(provider: SpeechProvider) -> Result<Self, SpeechError> {
        Ok(Self {
            http: Arc::new(SpeechHttpClient::new(provider, KeyHeader::BEARER)?),
            prompt: None,
            plain: Arc::default(),
        })
    }

    /// The same, told of these words, which may come up; the first 800 bytes of them.
    #[must_use]
    pub fn knowing(&self, words: &[String]) -> Self {
        let mut prompt = String::new();
        for word in words {
            if prompt.len() + word.len() + 2 > LONGEST_PROMPT {
                break;
            }
            if !prompt.is_empty() {
                prompt.push_str(", ");
            }
            prompt.push_str(word);
        }
        let prompt = (!prompt.is_empty()).then(|| prompt.into());
        Self { prompt, ..self.clone() }
    }

    fn form(&self, pcm: &[i16], detail: Detail) -> Result<Form, SpeechError> {
        let mut wav = Cursor::new(Vec::new());
        let recording = MonoRecording { pcm: pcm.to_vec(), rate: HEARING_RATE };
        let unwritten = || SpeechError::Failed("the recording cannot be written".to_owned());
        recording.write(&mut wav).map_err(|_| unwritten())?;
        let file = Part::bytes(wav.into_inner()).file_name("audio.wav");
        let file = file.mime_str("audio/wav").map_err(|_| unwritten())?;
        let provider = self.http.provider();
        let mut form = Form::new().part("file", file).text("model", provider.model.clone());
        for (name, value) in detail.fields() {
            form = form.text(*name, *value);
        }
        if let Some(language) = &provider.language {
            // It takes ISO 639: "en", not "en-GB".
            form = form.text("language", language.split('-').next().unwrap_or_default().to_owned());
        }
        if let Some(prompt) = &self.prompt {
            form = form.text("prompt", prompt.to_string());
        }
        Ok(form)
    }

    async fn ask(&self, pcm: &[i16]) -> Result<TranscriptionResult, SpeechError> {
        let known = self.plain.load(Ordering::Relaxed);
        let detail = if known { Detail::Words } else { Detail::of(&self.http.provider().model) };
        match self.ask_for(pcm, detail).await {
            // A server that does not know what else was asked for refuses all of it.
            Err(error) if error.is_refusal() && detail != Detail::Words => {
                let answer = self.ask_for(pcm, Detail::Words).await?;
                self.plain.store(true, Ordering::Relaxed);
                Ok(answer)
            }
            other => other,
        }
    }

    async fn ask_for(&self, pcm: &[i16], detail: Detail) -> Result<TranscriptionResult, SpeechError> {
        let request = self.http.post(&["audio", "transcriptions"])?.multipart(self.form(pcm, detail)?);
        let body = read(self.http.send(request).await?, MOST_READ).await?;
        TranscriptionResult::parse(&body).ok_or(ProviderFault::Garbage.into())
    }
}

#[async_trait]
impl Transcriber for Transcriptions {
    fn abilities(&self) -> Abilities {
        let provider = self.http.provider();
        Abilities {
            name: provider.name.clone(),
            remote: true,
            streaming: false,
            interim: false,
            word_times: false,
            languages: provider.languages(),
        }
    }

    async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError> {
        let rate = u64::from(HEARING_RATE);
        let millis = window.pcm.len() as u64 * 1000 / rate;
        let TranscriptionResult { text, sure } = if window.pcm.iter().all(|sample| *sample == 0) {
            TranscriptionResult::default()
        } else {
            let asked = tokio::time::timeout_at(window.deadline, self.ask(&window.pcm));
            asked.await.map_err(|_| SpeechError::Late)??
        };
        Ok(Transcript {
            text,
            sure,
            end_ms: u32::try_from(millis).unwrap_or(u32::MAX),
            ..Transcript::default()
        })
    }
}
