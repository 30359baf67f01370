//! What the providers share: one client with its connections kept warm, and a reply read as it comes.

use std::time::Duration;

use engine::{Words, WriterError};
use futures::{StreamExt as _, stream};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};

use crate::Fault;
use crate::sse::Decoder;

/// Longest silence in the middle of a reply. The interview's own deadlines are shorter where they matter.
const SILENCE: Duration = Duration::from_secs(15);
/// How long a reply that is complete may take to end, so that its connection can be used again.
const TAIL: Duration = Duration::from_millis(200);
/// Longest line, in bytes of its words.
const LONGEST: usize = 16 * 1024;
/// Most that is read of one reply, in bytes.
const MOST_READ: usize = 2 * 1024 * 1024;

/// A client for a provider at this address. Its connections are kept for the next line.
///
/// # Errors
/// [`Fault::Configuration`] if the address is not that of an HTTP server or the machine's certificates cannot be
/// read.
pub(crate) fn client(base: &str) -> Result<(Client, Url), Fault> {
    provider::client(base, SILENCE).map_err(|_| Fault::Configuration)
}

/// What one event of a reply says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Words of the line.
    pub words: String,
    /// The line is complete with them.
    pub complete: bool,
}

/// How a provider's event is read.
pub(crate) type Read = fn(&str) -> Result<Said, Fault>;

enum State {
    Asking(Box<RequestBuilder>),
    Reading(Box<Reading>),
    Over,
}

struct Reading {
    response: Response,
    decoder: Decoder,
    read: Read,
    words: usize,
    bytes: usize,
    spoken: bool,
    complete: bool,
}

/// The words of the reply to this request. Nothing is sent before the stream is polled; dropped, it closes the
/// connection.
pub(crate) fn words(request: Result<RequestBuilder, Fault>, read: Read) -> Words {
    match request {
        Ok(request) => {
            stream::unfold(State::Asking(Box::new(request)), move |state| step(state, read)).boxed()
        }
        Err(fault) => stream::iter([Err(fault.into())]).boxed(),
    }
}

async fn step(state: State, read: Read) -> Option<(Result<String, WriterError>, State)> {
    let mut reading = match state {
        State::Asking(request) => match ask(*request, read).await {
            Ok(reading) => reading,
            Err(fault) => return Some((Err(fault.into()), State::Over)),
        },
        State::Reading(reading) => reading,
        State::Over => return None,
    };
    match reading.next().await {
        Ok(Some(words)) => Some((Ok(words), State::Reading(reading))),
        Ok(None) => None,
        Err(fault) => Some((Err(fault.into()), State::Over)),
    }
}

async fn ask(request: RequestBuilder, read: Read) -> Result<Box<Reading>, Fault> {
    let response = request.send().await.map_err(|error| Fault::from(&error))?;
    let status = response.status();
    if status != StatusCode::OK {
        return Err(Fault::Status(status.as_u16()));
    }
    let decoder = Decoder::default();
    Ok(Box::new(Reading { response, decoder, read, words: 0, bytes: 0, spoken: false, complete: false }))
}

impl Reading {
    /// The next words; `None` when the line is complete.
    async fn next(&mut self) -> Result<Option<String>, Fault> {
        if self.complete {
            return self.end().await;
        }
        let mut over = false;
        loop {
            while let Some(event) = self.decoder.event() {
                let said = (self.read)(&event)?;
                self.complete = said.complete;
                if !said.words.is_empty() {
                    return self.count(said.words).map(Some);
                }
                if self.complete {
                    return self.end().await;
                }
            }
            if over {
                return Err(if self.bytes == 0 { Fault::Empty } else { Fault::CutOff });
            }
            match self.response.chunk().await {
                Ok(Some(bytes)) => {
                    self.bytes += bytes.len();
                    if self.bytes > MOST_READ {
                        return Err(Fault::Endless);
                    }
                    self.decoder.push(&bytes)?;
                }
                Ok(None) => {
                    over = true;
                    self.decoder.finish()?;
                }
                Err(error) => return Err(Fault::from(&error)),
            }
        }
    }

    fn count(&mut self, words: String) -> Result<String, Fault> {
        self.spoken |= !words.trim().is_empty();
        self.words += words.len();
        if self.words > LONGEST { Err(Fault::Endless) } else { Ok(words) }
    }

    /// The line is complete.
    async fn end(&mut self) -> Result<Option<String>, Fault> {
        if !self.spoken {
            return Err(Fault::Empty);
        }
        // A reply read to its end gives its connection back.
        let rest = async { while let Ok(Some(_)) = self.response.chunk().await {} };
        let _ = tokio::time::timeout(TAIL, rest).await;
        Ok(None)
    }
}
