//! A writer that follows a script.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{StreamExt as _, stream};
use interview::{Brief, LineSource, Millis, WriterLine};

use crate::{LineWordStream, Writer, WriterError};

/// What a [`FakeWriter`] does next within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Waits so long (milliseconds).
    Wait(Millis),
    /// Gives these words. `{n}` becomes the number of the ask, so that lines can differ.
    Words(String),
    /// Fails.
    Fail,
    /// Gives words for ever, a few at a time.
    Endless,
}

/// A model writer that writes scripted lines: the next script at every call, the last one for ever.
#[derive(Debug)]
pub struct FakeWriter {
    scripts: Mutex<VecDeque<Vec<Piece>>>,
    calls: AtomicUsize,
    dropped: Arc<AtomicUsize>,
}

impl FakeWriter {
    /// A writer of these lines. None: it writes nothing at all.
    pub fn new(scripts: impl IntoIterator<Item = Vec<Piece>>) -> Self {
        Self {
            scripts: Mutex::new(scripts.into_iter().collect()),
            calls: AtomicUsize::new(0),
            dropped: Arc::default(),
        }
    }

    /// A writer that gives this line after this time, whole.
    pub fn after(wait: Millis, line: &str) -> Self {
        Self::new([vec![Piece::Wait(wait), Piece::Words(line.to_owned())]])
    }

    /// How often a line was asked for.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// How many lines were given up before their end.
    pub fn dropped(&self) -> usize {
        self.dropped.load(Ordering::SeqCst)
    }
}

/// Counts a stream that is dropped before its end.
struct Watched {
    pieces: VecDeque<Piece>,
    ended: bool,
    dropped: Arc<AtomicUsize>,
}

impl Watched {
    fn end(&mut self) {
        self.ended = true;
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.ended {
            self.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Writer for FakeWriter {
    fn name(&self) -> &str {
        "fake"
    }

    fn source(&self) -> LineSource {
        LineSource::Model
    }

    fn at_once(&self, _brief: &Brief) -> Option<WriterLine> {
        None
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let mut scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
        let script = if scripts.len() > 1 { scripts.pop_front() } else { scripts.front().cloned() };
        let pieces = VecDeque::from(script.unwrap_or_default());
        let state = Watched { pieces, ended: false, dropped: Arc::clone(&self.dropped) };
        stream::unfold(state, move |mut state| async move {
            loop {
                match state.pieces.pop_front() {
                    Some(Piece::Wait(wait)) => {
                        tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())).await;
                    }
                    Some(Piece::Words(words)) => {
                        return Some((Ok(words.replace("{n}", &brief.ask.0.to_string())), state));
                    }
                    Some(Piece::Fail) => {
                        state.end();
                        return Some((Err(WriterError::Failed("told to fail".to_owned())), state));
                    }
                    Some(Piece::Endless) => {
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        state.pieces.push_front(Piece::Endless);
                        return Some((Ok("and ".to_owned()), state));
                    }
                    None => {
                        state.end();
                        return None;
                    }
                }
            }
        })
        .boxed()
    }
}
