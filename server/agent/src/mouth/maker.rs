//! Makes lines into sound, each in a task of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::StreamExt as _;
use speech::SpeechError;
use speech::ports::{SpeakRequest, SpeechChunk, Tts, Urgency};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

/// What was made of a line.
#[derive(Debug)]
pub enum SynthesisUpdate {
    /// More of it.
    More(u64, SpeechChunk),
    /// All of it, or why there is no more.
    All(u64, Result<(), SpeechError>),
}

/// Makes lines into sound.
#[derive(Clone)]
pub struct Maker {
    tts: Arc<dyn Tts>,
    made: mpsc::Sender<SynthesisUpdate>,
    ids: Arc<AtomicU64>,
}

/// A line that is being made. Dropping it gives the work up.
pub struct SynthesisHandle {
    id: u64,
    go: Option<oneshot::Sender<()>>,
    task: AbortHandle,
}

impl Maker {
    /// With this voice; what is made goes there.
    pub fn new(tts: Arc<dyn Tts>, made: mpsc::Sender<SynthesisUpdate>) -> Self {
        Self { tts, made, ids: Arc::default() }
    }

    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.tts.rate()
    }

    /// Makes the first piece of a line; the rest once [`SynthesisHandle::go_on`] says so.
    pub fn make(&self, text: &str, speed: f32) -> SynthesisHandle {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let request = SpeakRequest { text: text.to_owned(), speed, urgency: Urgency::FirstWords };
        let (go, wanted) = oneshot::channel();
        let (mut speech, made) = (self.tts.speak(request), self.made.clone());
        let task = tokio::spawn(async move {
            let mut wanted = Some(wanted);
            let all = loop {
                match speech.next().await {
                    None => break Ok(()),
                    Some(Err(error)) => break Err(error),
                    Some(Ok(spoken)) => {
                        if made.send(SynthesisUpdate::More(id, spoken)).await.is_err() {
                            return;
                        }
                    }
                }
                if let Some(wanted) = wanted.take()
                    && wanted.await.is_err()
                {
                    return;
                }
            };
            let _gone = made.send(SynthesisUpdate::All(id, all)).await;
        });
        SynthesisHandle { id, go: Some(go), task: task.abort_handle() }
    }
}

impl SynthesisHandle {
    /// Which.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// All of it is wanted.
    pub fn go_on(&mut self) {
        if let Some(go) = self.go.take() {
            let _done = go.send(());
        }
    }
}

impl Drop for SynthesisHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}
