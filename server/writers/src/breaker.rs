//! A circuit breaker around a writer: one that keeps failing is left alone for a while.

use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};

use engine::{Clock, Observer, Words, Writer, WriterError};
use futures::{Stream, StreamExt as _, stream};
use interview::{Brief, Line, Millis, Source, UnixMillis};

use crate::Fault;

/// So many failures in a row open the breaker.
const FAILURES: u32 = 3;
/// How long it is open the first time.
const FIRST: Millis = 30_000;
/// How long it is open at most; each failed try doubles the time until then.
const LONGEST: Millis = 300_000;
/// A deadline that is so near counts as passed: who waits for it may drop the words a little early.
const NEAR: Millis = 50;

/// Spares a writer that keeps failing.
pub struct Breaker {
    inner: Arc<dyn Writer>,
    shared: Arc<Shared>,
}

impl Breaker {
    /// Around this writer, with this time.
    pub fn new(inner: Arc<dyn Writer>, clock: Arc<dyn Clock>) -> Self {
        let (name, state) = (inner.name().to_owned(), Mutex::new(State::Closed { failures: 0 }));
        let shared = Shared { clock, name, state, observer: OnceLock::new() };
        Self { inner, shared: Arc::new(shared) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Asks go through.
    Closed { failures: u32 },
    /// Nobody is asked before this moment; the next pause is as long as this one was, doubled.
    Open { until: UnixMillis, pause: Millis },
    /// One ask is through, to see.
    Trying { pause: Millis },
}

struct Shared {
    clock: Arc<dyn Clock>,
    name: String,
    state: Mutex<State>,
    observer: OnceLock<Arc<dyn Observer>>,
}

/// How an ask ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Well,
    Badly,
    /// Given up by the one who asked, before it was due: says nothing about the writer.
    Dropped,
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an ask may go through now; `Some(true)` if it is the one that tries.
    fn admit(&self) -> Option<bool> {
        let mut state = self.state();
        match *state {
            State::Closed { .. } => Some(false),
            State::Open { until, pause } if self.clock.now() >= until => {
                *state = State::Trying { pause };
                Some(true)
            }
            State::Open { .. } | State::Trying { .. } => None,
        }
    }

    fn ended(&self, end: End, tried: bool) {
        let mut state = self.state();
        let now = self.clock.now();
        let tell = |left_alone| {
            if let Some(observer) = self.observer.get() {
                observer.writer_left_alone(left_alone);
            }
        };
        let open = |pause: Millis| {
            tracing::warn!(writer = self.name, open_ms = pause, "the writer keeps failing and is left alone");
            tell(true);
            State::Open { until: now.saturating_add(pause), pause }
        };
        *state = match (*state, end) {
            (State::Closed { .. }, End::Well) => State::Closed { failures: 0 },
            (State::Closed { failures }, End::Badly) if failures + 1 >= FAILURES => open(FIRST),
            (State::Closed { failures }, End::Badly) => State::Closed { failures: failures + 1 },
            (State::Trying { .. }, End::Well) if tried => {
                tracing::info!(writer = self.name, "the writer works again");
                tell(false);
                State::Closed { failures: 0 }
            }
            (State::Trying { pause }, End::Badly) if tried => open((pause * 2).min(LONGEST)),
            (State::Trying { pause }, End::Dropped) if tried => State::Open { until: now, pause },
            // An ask from before the breaker opened ends late.
            (state, End::Well | End::Badly | End::Dropped) => state,
        };
    }
}

impl Writer for Breaker {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn source(&self) -> Source {
        self.inner.source()
    }

    fn at_once(&self, brief: &Brief) -> Option<Line> {
        self.inner.at_once(brief)
    }

    fn write(&self, brief: Brief) -> Words {
        let Some(tried) = self.shared.admit() else {
            return stream::iter([Err(Fault::Spared.into())]).boxed();
        };
        let (first, whole) = (brief.first_words_by, brief.whole_by);
        let words = self.inner.write(brief);
        Watched { words, shared: self.shared.clone(), tried, first, whole, begun: false, ended: false }
            .boxed()
    }

    fn observed_by(&self, observer: &Arc<dyn Observer>) {
        // The first one stays: one engine has one writer.
        let _ = self.shared.observer.set(observer.clone());
        self.inner.observed_by(observer);
    }
}

/// The words of one ask; tells the breaker how it ended.
struct Watched {
    words: Words,
    shared: Arc<Shared>,
    tried: bool,
    first: UnixMillis,
    whole: UnixMillis,
    begun: bool,
    ended: bool,
}

impl Watched {
    fn end(&mut self, end: End) {
        if !std::mem::replace(&mut self.ended, true) {
            self.shared.ended(end, self.tried);
        }
    }
}

impl Stream for Watched {
    type Item = Result<String, WriterError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.words.poll_next_unpin(context);
        match &next {
            Poll::Ready(Some(Ok(_))) => self.begun = true,
            Poll::Ready(Some(Err(_))) => self.end(End::Badly),
            Poll::Ready(None) => self.end(End::Well),
            Poll::Pending => {}
        }
        next
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let due = if self.begun { self.whole } else { self.first.min(self.whole) };
        let late = self.shared.clock.now().saturating_add(NEAR) >= due;
        self.end(if late { End::Badly } else { End::Dropped });
    }
}
