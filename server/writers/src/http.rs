//! What the providers share: a request on terms that the server takes, and a reply read as it comes.

use std::sync::Arc;
use std::time::Duration;

use engine::{LineWordStream, TokenUsage, WriterError};
use futures::stream::BoxStream;
use futures::{StreamExt as _, stream};
use provider::ProviderFailure;
use reqwest::{Response, StatusCode};

use crate::ProviderFault;
use crate::client::ModelClient;
use crate::prompts::Prompt;
use crate::read::FinishReason;
use crate::reply::{ReplyBodyDecoder, ReplyPiece};
use crate::terms::Negotiation;

/// How long a reply that is complete may take to end, so that its connection can be used again.
const TAIL: Duration = Duration::from_millis(200);
/// Longest line, in bytes of its words.
const LONGEST: usize = 16 * 1024;
/// Most that is read of one reply, in bytes.
const MOST_READ: usize = 2 * 1024 * 1024;
/// Most that is read of a refusal, in bytes.
const MOST_REFUSAL: usize = 64 * 1024;

/// A failure, as the engine is told of it.
fn told(ProviderFailure { fault, rest }: ProviderFailure) -> WriterError {
    match (fault, rest) {
        (ProviderFault::Spared, _) => WriterError::Spared,
        (_, Some(rest)) => WriterError::Busy { code: fault.to_string(), rest },
        (_, None) => WriterError::Failed(fault.to_string()),
    }
}

enum ReplyStreamState {
    Asking(Arc<ModelClient>, Prompt),
    Reading(Box<ReplyReader>),
    Over,
}

struct ReplyReader {
    model: Arc<ModelClient>,
    response: Response,
    body: ReplyBodyDecoder,
    words: usize,
    bytes: usize,
    spoken: bool,
    /// The server said that the line is complete.
    complete: bool,
    /// What it has cost, as far as the server said so.
    tokens: Option<TokenUsage>,
}

/// The words of the reply to this prompt. Nothing is sent before the stream is polled; dropped, it closes the
/// connection.
pub(crate) fn words(model: Arc<ModelClient>, prompt: Result<Prompt, ProviderFault>) -> LineWordStream {
    match prompt {
        Ok(prompt) => asked(model, prompt).map(|words| words.map_err(told)).boxed(),
        Err(fault) => stream::iter([Err(told(fault.into()))]).boxed(),
    }
}

/// The same, with what goes wrong as it is.
pub(crate) fn asked(
    model: Arc<ModelClient>,
    prompt: Prompt,
) -> BoxStream<'static, Result<String, ProviderFailure>> {
    stream::unfold(ReplyStreamState::Asking(model, prompt), step).boxed()
}

/// The whole reply to this prompt, and what it cost.
pub(crate) async fn whole(
    model: Arc<ModelClient>,
    prompt: &Prompt,
) -> Result<(String, Option<TokenUsage>), ProviderFailure> {
    let mut reading = ask(model, prompt).await?;
    let mut text = String::new();
    while let Some(words) = reading.next().await? {
        text.push_str(&words);
    }
    Ok((text, reading.tokens))
}

async fn step(state: ReplyStreamState) -> Option<(Result<String, ProviderFailure>, ReplyStreamState)> {
    let mut reading = match state {
        ReplyStreamState::Asking(model, prompt) => match ask(model, &prompt).await {
            Ok(reading) => reading,
            Err(failed) => return Some((Err(failed), ReplyStreamState::Over)),
        },
        ReplyStreamState::Reading(reading) => reading,
        ReplyStreamState::Over => return None,
    };
    match reading.next().await {
        Ok(Some(words)) => Some((Ok(words), ReplyStreamState::Reading(reading))),
        Ok(None) => None,
        Err(fault) => Some((Err(fault.into()), ReplyStreamState::Over)),
    }
}

async fn ask(model: Arc<ModelClient>, prompt: &Prompt) -> Result<Box<ReplyReader>, ProviderFailure> {
    let mut tries = Negotiation::new(model.agreement());
    let response = loop {
        let request = model.request(prompt, tries.terms())?;
        let response = request.send().await.map_err(|error| ProviderFault::from(&error))?;
        let status = response.status();
        if status == StatusCode::OK {
            break response;
        }
        let headers = response.headers().clone();
        let refusal = refusal(response).await;
        if !tries.refused(status.as_u16(), &refusal) {
            return Err(ProviderFailure::of_status(status.as_u16(), &headers, &refusal));
        }
        tracing::info!(
            status = status.as_u16(),
            "the model's server refuses something of the request; without it"
        );
    };
    tries.taken();
    let body = ReplyBodyDecoder::default();
    Ok(Box::new(ReplyReader {
        model,
        response,
        body,
        words: 0,
        bytes: 0,
        spoken: false,
        complete: false,
        tokens: None,
    }))
}

/// What a refusal says: read for what it names, never kept or shown.
async fn refusal(mut response: Response) -> String {
    let mut body = Vec::new();
    while let Ok(Ok(Some(piece))) = tokio::time::timeout(TAIL, response.chunk()).await {
        body.extend_from_slice(&piece);
        if body.len() > MOST_REFUSAL {
            break;
        }
    }
    String::from_utf8_lossy(&body).into_owned()
}

impl ReplyReader {
    /// The next words; `None` when the line is complete.
    async fn next(&mut self) -> Result<Option<String>, ProviderFault> {
        let mut over = false;
        loop {
            while let Some(piece) = self.body.next() {
                let ReplyPiece::Value(value) = piece else {
                    return self.end().await;
                };
                let said = self.model.read(&value)?;
                self.tokens = said.tokens.or(self.tokens);
                if said.thinks {
                    self.model.agreement().thinks();
                }
                match said.end {
                    Some(FinishReason::Complete) => self.complete = true,
                    Some(FinishReason::CutOff) => return Err(ProviderFault::CutOff),
                    Some(FinishReason::Withheld) => return Err(ProviderFault::Withheld),
                    None => {}
                }
                // Some servers say the whole line again at its end.
                if !(said.words.is_empty() || said.all && self.spoken) {
                    return self.count(said.words).map(Some);
                }
            }
            if over {
                return match (self.spoken, self.body.is_strange()) {
                    // An orderly end after words is complete, whatever was left unsaid.
                    (true, _) => Ok(None),
                    (false, true) => Err(ProviderFault::Garbage),
                    (false, false) => Err(ProviderFault::Empty),
                };
            }
            let chunk = self.response.chunk();
            let chunk = if self.complete {
                let Ok(chunk) = tokio::time::timeout(TAIL, chunk).await else { return self.done() };
                chunk
            } else {
                chunk.await
            };
            match chunk {
                Ok(Some(bytes)) => {
                    self.bytes += bytes.len();
                    if self.bytes > MOST_READ {
                        return Err(ProviderFault::Endless);
                    }
                    self.body.push(&bytes)?;
                }
                Ok(None) => {
                    over = true;
                    self.body.finish()?;
                }
                Err(_) if self.complete => return self.done(),
                Err(error) => return Err(ProviderFault::from(&error)),
            }
        }
    }

    fn count(&mut self, words: String) -> Result<String, ProviderFault> {
        self.spoken |= !words.trim().is_empty();
        self.words += words.len();
        if self.words > LONGEST { Err(ProviderFault::Endless) } else { Ok(words) }
    }

    fn done(&self) -> Result<Option<String>, ProviderFault> {
        if self.spoken { Ok(None) } else { Err(ProviderFault::Empty) }
    }

    /// The line is complete.
    async fn end(&mut self) -> Result<Option<String>, ProviderFault> {
        // A reply read to its end gives its connection back.
        let rest = async { while let Ok(Some(_)) = self.response.chunk().await {} };
        let _ = tokio::time::timeout(TAIL, rest).await;
        self.done()
    }
}
