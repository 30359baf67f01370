//! Text to speech over a WebSocket, in Cartesia's protocol: a context for each speech, its sentences one after the
//! other as continuations, audio in base64, measured word times, and a cancel when the speech is given up. One
//! connection is kept for the next speech.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures::{StreamExt as _, stream};
use provider::{Descriptor, ProviderFault};
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::key::KeyHeader;
use super::reach::reach;
use super::rest::SpeechRest;
use super::socket::{Socket, address};
use super::timing::WordAligner;
use super::words::words;
use super::{Reach, Remote, SpeechProvider};
use crate::SpeechError;
use crate::audio::IncomingAudio;
use crate::ports::{Abilities, SpeakRequest, SpeechChunk, SpeechStream, Tts};
use crate::speak::sentences::whole;

pub(super) const REMOTE: Remote = Remote {
    descriptor: Descriptor {
        name: "cartesia",
        title: "Cartesia",
        key: "CARTESIA_API_KEY",
        address: &[],
        speech_address: &["CARTESIA_BASE_URL"],
        base: "wss://api.cartesia.ai",
        abilities: provider::DefaultModels { lines: None, hearing: None, speaking: Some("sonic-3") },
    },
    ear: None,
    voice: Some(|provider, voice| Ok(Arc::new(Cartesia::new(provider, voice)?))),
    usual_voice: None,
    reach: Reach::Connection {
        // The voice is not told before something is said.
        connect: |provider| {
            let voice = Cartesia::new(provider, "")?;
            Ok(Box::pin(async move { voice.reach().await }))
        },
        knows_model: false,
    },
};

/// Samples a second that are asked for.
const RATE: u32 = 24_000;
/// The version of the protocol that is meant.
const VERSION: HeaderValue = HeaderValue::from_static("2026-03-01");
/// Longest wait for the next message of a speech.
const NEXT: Duration = Duration::from_secs(6);
/// Longest wait for the end of a speech that was given up.
const END: Duration = Duration::from_millis(500);
/// It hangs up after five minutes without a message.
const IDLE: Duration = Duration::from_secs(240);
/// Most pieces that wait to be read.
const MOST_PIECES: usize = 64;
/// Most samples for each byte of the text: a letter lasts no half second.
const MOST_A_BYTE: u64 = RATE as u64 / 2;

/// Speaks through a provider that speaks Cartesia's protocol.
#[derive(Clone)]
pub struct Cartesia {
    shared: Arc<CartesiaInner>,
}

struct CartesiaInner {
    provider: SpeechProvider,
    voice: String,
    url: Url,
    rest: SpeechRest,
    contexts: AtomicU64,
    idle: Mutex<Option<(Socket, Instant)>>,
}

#[derive(Deserialize)]
struct CartesiaMessage {
    #[serde(rename = "type")]
    kind: String,
    context_id: Option<String>,
    data: Option<String>,
    status_code: Option<u16>,
    word_timestamps: Option<Timestamps>,
}

#[derive(Deserialize)]
struct Timestamps {
    words: Vec<String>,
    start: Vec<f64>,
    end: Vec<f64>,
}

impl Cartesia {
    /// Through this provider, with the voice of this id.
    ///
    /// # Errors
    /// [`SpeechError::Refused`] if its address is not that of a WebSocket server.
    pub fn new(provider: SpeechProvider, voice: &str) -> Result<Self, SpeechError> {
        let url = address(&provider.base, "tts/websocket")?;
        let (voice, rest, contexts) = (voice.to_owned(), SpeechRest::default(), AtomicU64::new(1));
        Ok(Self {
            shared: Arc::new(CartesiaInner { provider, voice, url, rest, contexts, idle: Mutex::new(None) }),
        })
    }

    /// Asks for a connection with the key, whether it wants to be asked or not; some four seconds at most. Whether it
    /// has the model and the voice it says only when it speaks.
    pub async fn reach(&self) -> Result<(), ProviderFault> {
        reach(&self.shared.url, self.shared.headers()).await
    }
}

impl CartesiaInner {
    fn kept(&self) -> Option<Socket> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        kept.filter(|(_, since)| since.elapsed() < IDLE).map(|(socket, _)| socket)
    }

    fn keep(&self, socket: Socket) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some((socket, Instant::now()));
    }

    async fn open(&self) -> Result<Socket, SpeechError> {
        Socket::open(&self.url, self.headers()?, &self.rest).await
    }

    fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, ProviderFault> {
        let mut headers = vec![(HeaderName::from_static("cartesia-version"), VERSION)];
        if let Some(key) = &self.provider.key {
            headers.push(KeyHeader::BEARER.with(key).ok_or(ProviderFault::Configuration)?);
        }
        Ok(headers)
    }

    fn asks(&self, request: &SpeakRequest, context: &str) -> Vec<Message> {
        let sentences = whole(&request.text);
        let last = sentences.len().saturating_sub(1);
        let ask = |(number, sentence): (usize, std::ops::Range<usize>)| {
            // Sentences are joined as they are sent: the space between them is said too.
            let space = if number < last { " " } else { "" };
            let mut ask = json!({
                "context_id": context,
                "model_id": self.provider.model,
                "transcript": format!("{}{space}", &request.text[sentence]),
                "voice": { "mode": "id", "id": self.voice },
                "output_format": { "container": "raw", "encoding": "pcm_s16le", "sample_rate": RATE },
                "generation_config": { "speed": request.speed },
                "add_timestamps": true,
                "continue": number < last,
            });
            if let Some(language) = &self.provider.language {
                ask["language"] = json!(language.split('-').next());
            }
            Message::text(ask.to_string())
        };
        sentences.into_iter().enumerate().map(ask).collect()
    }

    /// A connection on which the speech was asked for: the kept one, or, if that has gone meanwhile, a new one.
    async fn ask(
        &self,
        request: &SpeakRequest,
        context: &str,
    ) -> Result<(Socket, Option<String>), SpeechError> {
        let asks = self.asks(request, context);
        if let Some(mut socket) = self.kept() {
            let mut sent = Ok(());
            for ask in &asks {
                sent = sent.and(socket.send(ask.clone()).await);
            }
            if sent.is_ok()
                && let Ok(Ok(first)) = timeout(NEXT, socket.text()).await
            {
                return Ok((socket, Some(first)));
            }
        }
        let mut socket = self.open().await?;
        for ask in asks {
            socket.send(ask).await?;
        }
        Ok((socket, None))
    }

    /// Speaks; `false` if nobody listens any more.
    async fn speak(
        &self,
        request: &SpeakRequest,
        tell: &mpsc::Sender<Result<SpeechChunk, SpeechError>>,
    ) -> Result<(), SpeechError> {
        let context = self.contexts.fetch_add(1, Ordering::Relaxed).to_string();
        let asked = tokio::select! {
            asked = self.ask(request, &context) => asked,
            () = tell.closed() => return Ok(()),
        };
        let (mut socket, mut first) = asked?;
        let (mut sound, mut timing) =
            (IncomingAudio::new("", RATE), WordAligner::new(RATE, 0, words(&request.text, 0)));
        let most = (request.text.len() as u64 + 20) * MOST_A_BYTE;
        loop {
            let text = match first.take() {
                Some(text) => text,
                None => tokio::select! {
                    text = timeout(NEXT, socket.text()) => text.map_err(|_| ProviderFault::Timeout)??,
                    () = tell.closed() => return self.give_up(socket, &context).await,
                },
            };
            let answer: CartesiaMessage = serde_json::from_str(&text).map_err(|_| ProviderFault::Garbage)?;
            // What is left of a speech that was given up.
            if answer.context_id.as_ref().is_some_and(|of| *of != context) {
                continue;
            }
            let piece = match answer.kind.as_str() {
                "chunk" => {
                    let bytes = BASE64_STANDARD.decode(answer.data.unwrap_or_default());
                    let pcm = sound.read(&bytes.map_err(|_| ProviderFault::Garbage)?)?;
                    (!pcm.is_empty()).then(|| timing.piece(pcm))
                }
                "timestamps" => {
                    let Some(said) = answer.word_timestamps else {
                        return Err(ProviderFault::Garbage.into());
                    };
                    for ((word, start), end) in said.words.iter().zip(said.start).zip(said.end) {
                        timing.measured(word, millis(start), millis(end));
                    }
                    None
                }
                "error" => {
                    let status = answer.status_code.unwrap_or(500);
                    return Err(self.rest.failed(ProviderFault::Status(status)));
                }
                "done" => {
                    let pcm = sound.end()?;
                    let last = (!pcm.is_empty()).then(|| timing.piece(pcm));
                    if timing.samples() == 0 {
                        return Err(ProviderFault::Empty.into());
                    }
                    for piece in last.into_iter().chain(timing.rest()) {
                        let _ = tell.send(Ok(piece)).await;
                    }
                    self.keep(socket);
                    return Ok(());
                }
                _ => None,
            };
            if timing.samples() > most {
                return Err(ProviderFault::Endless.into());
            }
            if let Some(piece) = piece
                && tell.send(Ok(piece)).await.is_err()
            {
                return self.give_up(socket, &context).await;
            }
        }
    }

    /// Nobody listens any more: the provider is told, and the connection kept if it comes to an end.
    async fn give_up(&self, mut socket: Socket, context: &str) -> Result<(), SpeechError> {
        socket.send(Message::text(json!({ "context_id": context, "cancel": true }).to_string())).await?;
        let ended = async {
            while let Ok(text) = socket.text().await {
                let answer: Option<CartesiaMessage> = serde_json::from_str(&text).ok();
                if answer.is_none_or(|answer| answer.kind == "done" || answer.kind == "error") {
                    return true;
                }
            }
            false
        };
        // Late words of this context are known by its name, so a slow end does no harm.
        if timeout(END, ended).await.unwrap_or(true) {
            self.keep(socket);
        }
        Ok(())
    }
}

fn millis(seconds: f64) -> u32 {
    // In range.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let millis = (seconds * 1000.0).round().clamp(0.0, 1e9) as u32;
    millis
}

impl Tts for Cartesia {
    fn abilities(&self) -> Abilities {
        let provider = &self.shared.provider;
        Abilities {
            name: provider.name.clone(),
            remote: true,
            streaming: true,
            interim: false,
            word_times: true,
            languages: provider.languages(),
        }
    }

    fn rate(&self) -> u32 {
        RATE
    }

    fn speak(&self, request: SpeakRequest) -> SpeechStream {
        let shared = self.shared.clone();
        let start = move || {
            let (tell, pieces) = mpsc::channel(MOST_PIECES);
            tokio::spawn(async move {
                if request.text.contains(char::is_alphanumeric)
                    && let Err(error) = shared.speak(&request, &tell).await
                {
                    let _ = tell.send(Err(error)).await;
                }
            });
            stream::unfold(pieces, |mut pieces| async { pieces.recv().await.map(|piece| (piece, pieces)) })
        };
        stream::once(async move { start() }).flatten().boxed()
    }
}
