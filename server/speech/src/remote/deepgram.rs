//! A stream of audio to words over a WebSocket, in the protocol of Deepgram's `listen`: audio as binary messages,
//! `KeepAlive`, `Finalize` and `CloseStream` as texts, results with interims and word times. Its own end-pointing
//! is off: who listens decides when a turn ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use provider::{Descriptor, ProviderFailure, ProviderFault};
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::key::KeyHeader;
use super::listen::Listen;
use super::reach::reach;
use super::rest::SpeechRest;
use super::socket::{Socket, address};
use super::{Reach, Remote, SpeechProvider};
use crate::SpeechError;
use crate::ports::{Abilities, HEARING_RATE, HearOptions, Stt, SttEvent, SttStream};

pub(super) const REMOTE: Remote = Remote {
    descriptor: Descriptor {
        name: "deepgram",
        title: "Deepgram",
        key: "DEEPGRAM_API_KEY",
        address: &[],
        speech_address: &["DEEPGRAM_BASE_URL"],
        base: "wss://api.deepgram.com/v1",
        abilities: provider::DefaultModels { lines: None, hearing: Some("nova-3"), speaking: None },
    },
    ear: Some(|provider, _| Ok(Arc::new(Deepgram::new(provider)?))),
    voice: None,
    usual_voice: None,
    reach: Reach::Connection {
        connect: |provider| {
            let ear = Deepgram::new(provider)?;
            Ok(Box::pin(async move { ear.reach().await }))
        },
        knows_model: true,
    },
};

/// It hangs up after ten seconds without a message.
const ALIVE: Duration = Duration::from_secs(4);
/// Most audio that waits to be sent, in samples: 30 seconds.
const MOST_WAITING: usize = 30 * HEARING_RATE as usize;
/// Most calls that wait to be carried out.
const MOST_CALLS: usize = 4_096;
/// Most events that wait to be read; captions beyond are left out, each replaces the one before.
const MOST_EVENTS: usize = 256;
/// Most words that are sent along.
const MOST_TERMS: usize = 50;
/// Longest of them, in bytes.
const LONGEST_TERM: usize = 60;
/// The names that they may have: the third generation of models takes whole terms, those before weigh words.
const NAMES: [&str; 2] = ["keyterm", "keywords"];

/// Hears through a provider that speaks Deepgram's protocol.
///
/// A stream that fails says why and ends: open another, or have [`SttChain`](crate::chain::SttChain) do it, which
/// also says again what was not answered.
#[derive(Clone)]
pub struct Deepgram {
    provider: Arc<SpeechProvider>,
    url: Url,
    rest: Arc<SpeechRest>,
    /// How many of the ways to send words along were refused ([`Self::names`]); that is kept.
    refused: Arc<AtomicUsize>,
}

impl Deepgram {
    /// Through this provider.
    ///
    /// # Errors
    /// [`SpeechError::Refused`] if its address is not that of a WebSocket server, or the model speaks another protocol.
    pub fn new(provider: SpeechProvider) -> Result<Self, SpeechError> {
        if provider.model.to_lowercase().starts_with("flux") {
            let why =
                "Flux models end turns themselves, which is done here: name another, as in deepgram:nova-3";
            return Err(SpeechError::Refused(why.into()));
        }
        let url = address(&provider.base, "listen")?;
        Ok(Self { provider: provider.into(), url, rest: Arc::default(), refused: Arc::default() })
    }

    /// The names under which words are sent along, the likeliest first; in the end they are not.
    fn names(&self) -> [Option<&'static str>; 3] {
        let [third, before] = NAMES.map(Some);
        if self.provider.model.starts_with("nova-3") { [third, before, None] } else { [before, third, None] }
    }

    /// With the words of the options under this name.
    fn url(&self, options: &HearOptions, name: Option<&str>) -> Url {
        let mut url = self.url.clone();
        let mut query = url.query_pairs_mut();
        let rate = HEARING_RATE.to_string();
        for (name, value) in [
            ("model", self.provider.model.as_str()),
            ("encoding", "linear16"),
            ("sample_rate", &rate),
            ("channels", "1"),
            ("interim_results", "true"),
            ("endpointing", "false"),
            ("punctuate", "true"),
            ("smart_format", "true"),
        ] {
            query.append_pair(name, value);
        }
        if let Some(language) = &self.provider.language {
            query.append_pair("language", language);
        }
        for (name, term) in name.into_iter().flat_map(|name| terms(options).map(move |term| (name, term))) {
            query.append_pair(name, term);
        }
        drop(query);
        url
    }

    /// Asks for a connection with the key and the model, whether it wants to be asked or not; some four seconds at most.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn reach(&self) -> Result<(), ProviderFault> {
        reach(&self.url(&HearOptions::default(), None), self.headers()).await
    }

    fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, ProviderFault> {
        let Some(key) = &self.provider.key else { return Ok(Vec::new()) };
        Ok(vec![KeyHeader::TOKEN.with(key).ok_or(ProviderFault::Configuration)?])
    }
}

impl Stt for Deepgram {
    fn abilities(&self) -> Abilities {
        Abilities {
            name: self.provider.name.clone(),
            remote: true,
            streaming: true,
            interim: true,
            word_times: true,
            languages: self.provider.languages(),
        }
    }

    fn open(&self, options: HearOptions) -> Box<dyn SttStream> {
        let (calls, called) = mpsc::channel(MOST_CALLS);
        let (tell, events) = mpsc::channel(MOST_EVENTS);
        let waiting = Arc::new(AtomicUsize::new(0));
        let (by, left) = (self.clone(), waiting.clone());
        tokio::spawn(async move {
            let failed = match by.open_socket(&options).await {
                Ok(socket) => DeepgramDriver {
                    socket,
                    called,
                    tell: tell.clone(),
                    waiting: left,
                    listen: Listen::default(),
                }
                .run()
                .await
                .err(),
                Err(error) => Some(error),
            };
            if let Some(error) = failed {
                let _ = tell.send(SttEvent::Trouble(error)).await;
            }
        });
        Box::new(DeepgramStream { calls: Some(calls), events, waiting, pauses: 0, lost: false })
    }
}

impl Deepgram {
    /// What is refused because of the words sent along is asked for with them under another name, and without them.
    async fn open_socket(&self, options: &HearOptions) -> Result<Socket, SpeechError> {
        let (headers, names) = (self.headers()?, self.names());
        let known = self.refused.load(Ordering::Relaxed).min(names.len() - 1);
        let from = if terms(options).next().is_none() { names.len() - 1 } else { known };
        for (at, name) in names.iter().enumerate().skip(from) {
            self.rest.may_ask()?;
            match Socket::shake_hands(&self.url(options, *name), headers.clone()).await {
                Err(ProviderFailure { fault: ProviderFault::Status(400 | 422), .. }) if name.is_some() => {}
                Err(failure) => return Err(self.rest.failed(failure)),
                Ok(socket) => {
                    if at > known && from == known {
                        tracing::info!(
                            by = self.provider.name,
                            kept = name.is_some(),
                            "key terms were refused"
                        );
                        self.refused.store(at, Ordering::Relaxed);
                    }
                    return Ok(socket);
                }
            }
        }
        Err(ProviderFault::Configuration.into())
    }
}

/// The words that are sent along.
fn terms(options: &HearOptions) -> impl Iterator<Item = &String> {
    let fit = |term: &&String| !term.is_empty() && term.len() <= LONGEST_TERM;
    options.vocabulary.iter().filter(fit).take(MOST_TERMS)
}

enum DeepgramCommand {
    Hear(Vec<i16>, u32),
    Pause(u32),
    Commit,
    Discard,
}

struct DeepgramStream {
    /// `None` once more was said than could be sent.
    calls: Option<mpsc::Sender<DeepgramCommand>>,
    events: mpsc::Receiver<SttEvent>,
    waiting: Arc<AtomicUsize>,
    pauses: u32,
    lost: bool,
}

impl DeepgramStream {
    fn call(&mut self, call: DeepgramCommand) {
        if self.calls.as_ref().is_some_and(|calls| calls.try_send(call).is_err()) {
            self.calls = None;
            self.lost = true;
        }
    }
}

#[async_trait]
impl SttStream for DeepgramStream {
    fn hear(&mut self, pcm: &[i16], skipped_ms: u32) {
        if self.waiting.fetch_add(pcm.len(), Ordering::Relaxed) + pcm.len() > MOST_WAITING {
            self.lost |= self.calls.take().is_some();
        }
        self.call(DeepgramCommand::Hear(pcm.to_vec(), skipped_ms));
    }

    fn pause(&mut self) -> u32 {
        self.pauses += 1;
        self.call(DeepgramCommand::Pause(self.pauses));
        self.pauses
    }

    fn commit(&mut self) {
        self.call(DeepgramCommand::Commit);
    }

    fn discard(&mut self) {
        self.call(DeepgramCommand::Discard);
    }

    async fn next(&mut self) -> Option<SttEvent> {
        let event = self.events.recv().await;
        if matches!(event, Some(SttEvent::Trouble(_))) {
            (self.calls, self.lost) = (None, false);
        }
        match event {
            // The provider was too slow to take what was said.
            None if std::mem::take(&mut self.lost) => Some(SttEvent::Trouble(SpeechError::Late)),
            event => event,
        }
    }
}

/// What drives a stream.
struct DeepgramDriver {
    socket: Socket,
    called: mpsc::Receiver<DeepgramCommand>,
    tell: mpsc::Sender<SttEvent>,
    waiting: Arc<AtomicUsize>,
    listen: Listen,
}

impl DeepgramDriver {
    async fn run(mut self) -> Result<(), SpeechError> {
        let mut alive = Instant::now() + ALIVE;
        loop {
            let due = self.listen.due().unwrap_or(alive).min(alive);
            tokio::select! {
                call = self.called.recv() => {
                    let Some(call) = call else {
                        let _ = self.socket.send(Message::text(r#"{"type":"CloseStream"}"#)).await;
                        self.socket.close().await;
                        return Ok(());
                    };
                    self.call(call).await?;
                    alive = Instant::now() + ALIVE;
                }
                text = self.socket.text() => {
                    let events = self.listen.message(&text?, Instant::now())?;
                    self.tell(events).await;
                }
                () = tokio::time::sleep_until(due) => {
                    let now = Instant::now();
                    let events = self.listen.late(now);
                    self.tell(events).await;
                    if now >= alive {
                        self.socket.send(Message::text(r#"{"type":"KeepAlive"}"#)).await?;
                        alive = now + ALIVE;
                    }
                }
            }
        }
    }

    async fn call(&mut self, call: DeepgramCommand) -> Result<(), SpeechError> {
        let now = Instant::now();
        let events = match call {
            DeepgramCommand::Hear(pcm, skipped_ms) => {
                self.waiting.fetch_sub(pcm.len(), Ordering::Relaxed);
                self.listen.hear(pcm.len(), skipped_ms);
                if self.listen.hears_nothing() {
                    return Err(ProviderFault::Timeout.into());
                }
                let bytes: Vec<u8> = pcm.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                // An empty message would end the stream.
                if !bytes.is_empty() {
                    self.socket.send(Message::binary(bytes)).await?;
                }
                return Ok(());
            }
            DeepgramCommand::Pause(number) => self.listen.pause(number, now),
            DeepgramCommand::Commit => self.listen.commit(now),
            DeepgramCommand::Discard => {
                self.listen.discard();
                return Ok(());
            }
        };
        if self.listen.unsettled() {
            self.socket.send(Message::text(r#"{"type":"Finalize"}"#)).await?;
        }
        self.tell(events).await;
        Ok(())
    }

    async fn tell(&self, events: Vec<SttEvent>) {
        for event in events {
            if matches!(event, SttEvent::Interim { .. }) {
                let _ = self.tell.try_send(event);
            } else {
                // Nobody listens any more: the calls say so next.
                let _ = self.tell.send(event).await;
            }
        }
    }
}
