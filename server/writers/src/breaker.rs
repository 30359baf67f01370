//! A circuit breaker around a writer: one that keeps failing is skipped for a while.

use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use engine::{Clock, LineWordStream, Observer, Reader, Writer, WriterError};
use futures::{Stream, StreamExt as _, stream};
use interview::{Brief, LineSource, Millis, UnixMillis, WriterLine};
use provider::{BreakerTransition, Policy, ProviderCallOutcome};

/// A deadline that is so near counts as passed: who waits for it may drop the words a little early.
const NEAR: Millis = 50;

/// Spares a writer that keeps failing, or whose lines are never fit.
pub struct WriterBreaker {
    inner: Arc<dyn Writer>,
    shared: Arc<WriterBreakerShared>,
}

impl WriterBreaker {
    /// Around this writer, with this time.
    pub fn new(inner: Arc<dyn Writer>, clock: Arc<dyn Clock>) -> Self {
        let (name, state) =
            (inner.name().to_owned(), Mutex::new(provider::CircuitBreaker::new(Policy::LINES)));
        let shared = WriterBreakerShared { clock, name, state, observer: OnceLock::new() };
        Self { inner, shared: Arc::new(shared) }
    }
}

struct WriterBreakerShared {
    clock: Arc<dyn Clock>,
    name: String,
    state: Mutex<provider::CircuitBreaker>,
    observer: OnceLock<Arc<dyn Observer>>,
}

impl WriterBreakerShared {
    fn state(&self) -> std::sync::MutexGuard<'_, provider::CircuitBreaker> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.clock.now()).unwrap_or(0))
    }

    fn admit(&self) -> Option<bool> {
        let now = self.now();
        self.state().admit(now)
    }

    fn ended(&self, end: ProviderCallOutcome, tried: bool) {
        let now = self.now();
        let change = self.state().ended(end, tried, now);
        let tell = |left_alone| {
            if let Some(observer) = self.observer.get() {
                observer.writer_left_alone(left_alone);
            }
        };
        match change {
            Some(BreakerTransition::Opened(rest)) => {
                let open_ms = u64::try_from(rest.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(writer = self.name, open_ms, "the writer keeps failing and is skipped");
                tell(true);
            }
            Some(BreakerTransition::Closed) => {
                tracing::info!(writer = self.name, "the writer works again");
                tell(false);
            }
            None => {}
        }
    }
}

impl Writer for WriterBreaker {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn source(&self) -> LineSource {
        self.inner.source()
    }

    fn at_once(&self, brief: &Brief) -> Option<WriterLine> {
        self.inner.at_once(brief)
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        let Some(tried) = self.shared.admit() else {
            return stream::iter([Err(WriterError::Spared)]).boxed();
        };
        let due = WordDeadlines { first: brief.first_words_by, whole: brief.whole_by, stall: brief.stall };
        let words = self.inner.write(brief);
        let (shared, begun_at, ended) = (self.shared.clone(), None, false);
        WatchedWordStream { words, shared, tried, due, begun_at, ended }.boxed()
    }

    fn observed_by(&self, observer: &Arc<dyn Observer>) {
        // The first one stays: one engine has one writer.
        let _ = self.shared.observer.set(observer.clone());
        self.inner.observed_by(observer);
    }

    fn read_by(&self, reader: &Arc<dyn Reader>) {
        self.inner.read_by(reader);
    }
}

/// Until when words are wanted.
struct WordDeadlines {
    first: UnixMillis,
    whole: UnixMillis,
    stall: Millis,
}

/// The words of one ask; tells the breaker how it ended.
struct WatchedWordStream {
    words: LineWordStream,
    shared: Arc<WriterBreakerShared>,
    tried: bool,
    due: WordDeadlines,
    /// When the last words came, if any did.
    begun_at: Option<UnixMillis>,
    ended: bool,
}

impl WatchedWordStream {
    fn end(&mut self, end: ProviderCallOutcome) {
        if !std::mem::replace(&mut self.ended, true) {
            self.shared.ended(end, self.tried);
        }
    }
}

impl Stream for WatchedWordStream {
    type Item = Result<String, WriterError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.words.poll_next_unpin(context);
        match &next {
            Poll::Ready(Some(Ok(_))) => self.begun_at = Some(self.shared.clock.now()),
            Poll::Ready(Some(Err(WriterError::Refused(_)))) => {}
            Poll::Ready(Some(Err(WriterError::Busy { rest, .. }))) => {
                let rest = *rest;
                self.end(ProviderCallOutcome::Busy(rest));
            }
            Poll::Ready(Some(Err(WriterError::Unfit(_) | WriterError::Failed(_) | WriterError::Spared))) => {
                self.end(ProviderCallOutcome::Badly)
            }
            Poll::Ready(None) => self.end(ProviderCallOutcome::Well),
            Poll::Pending => {}
        }
        next
    }
}

impl Drop for WatchedWordStream {
    fn drop(&mut self) {
        let due = match self.begun_at {
            Some(last) => self.due.whole.min(last.saturating_add(self.due.stall)),
            None => self.due.first.min(self.due.whole),
        };
        let late = self.shared.clock.now().saturating_add(NEAR) >= due;
        self.end(if late { ProviderCallOutcome::Badly } else { ProviderCallOutcome::Dropped });
    }
}
