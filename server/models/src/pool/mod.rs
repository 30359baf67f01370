//! Threads that own the models. The most urgent work is done first, work that nobody waits for any more is skipped, and
//! a failure or panic costs one request.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::ModelError;

/// The size of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolOptions {
    /// The prefix of the threads' names.
    pub name: &'static str,
    /// The number of threads, each with its own models; 0: one for each core.
    pub threads: usize,
    /// How many requests may wait. Beyond that the least urgent one is refused.
    pub waiting: usize,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self { name: "speech", threads: 0, waiting: 64 }
    }
}

impl PoolOptions {
    /// How many threads a pool of these has.
    pub fn count(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }
}

/// Tells whether work is still wanted. Long work checks it now and then.
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Whether a caller still waits for the result.
    pub fn is_wanted(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }

    /// An error once nobody waits any more, to abort the work with.
    pub fn check(&self) -> Result<(), ModelError> {
        if self.is_wanted() { Ok(()) } else { Err(ModelError::Late) }
    }

    /// For work that is always wanted.
    pub fn always() -> Self {
        Self(Arc::default())
    }
}

/// The threads. Each owns an `M`, made by the thread itself when it first needs it and again after a panic.
///
/// A `U` tells how urgent work is: the smallest is done first.
pub struct Pool<M, U: Ord> {
    shared: Arc<PoolShared<M, U>>,
    threads: Vec<JoinHandle<()>>,
}

type PoolJob<M> = Box<dyn FnOnce(Result<&mut M, ModelError>) + Send>;
type Make<M> = Arc<dyn Fn() -> M + Send + Sync>;
type Warm<M> = Arc<dyn Fn(&mut M, &CancelToken) + Send + Sync>;

struct PoolShared<M, U: Ord> {
    queue: Mutex<PoolQueue<M, U>>,
    ready: Condvar,
    busy: AtomicUsize,
    most: usize,
    /// Set when the pool closes: warming up is not wanted any more.
    closing: Arc<AtomicBool>,
}

struct PoolQueue<M, U: Ord> {
    /// By urgency, then by arrival.
    waiting: BTreeMap<(U, u64), (Arc<AtomicBool>, PoolJob<M>)>,
    next: u64,
    closed: bool,
}

/// Cancels the work when the caller stops waiting.
struct GiveUp(Arc<AtomicBool>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<M: 'static, U: Ord + Copy + Send + 'static> Pool<M, U> {
    /// Starts the threads. `make` makes what each of them owns when it is first needed.
    pub fn start(
        options: PoolOptions,
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::launch(options, Arc::new(make), None)
    }

    /// The same, but before its first request each thread makes what it owns and runs `warm` on it. Requests wait
    /// meanwhile; this call does not.
    pub fn start_warm(
        options: PoolOptions,
        make: impl Fn() -> M + Send + Sync + 'static,
        warm: impl Fn(&mut M, &CancelToken) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::launch(options, Arc::new(make), Some(Arc::new(warm)))
    }

    fn launch(options: PoolOptions, make: Make<M>, warm: Option<Warm<M>>) -> std::io::Result<Self> {
        let count = options.count();
        let queue = Mutex::new(PoolQueue { waiting: BTreeMap::new(), next: 0, closed: false });
        let shared = Arc::new(PoolShared {
            queue,
            ready: Condvar::new(),
            busy: AtomicUsize::new(0),
            most: options.waiting,
            closing: Arc::default(),
        });
        let threads = (0..count)
            .map(|number| {
                let (shared, make, warm) = (Arc::clone(&shared), Arc::clone(&make), warm.clone());
                std::thread::Builder::new()
                    .name(format!("{}-{number}", options.name))
                    .spawn(move || serve(&shared, make.as_ref(), warm))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { shared, threads })
    }

    /// Runs work on a thread and returns its result. Dropping the future cancels the work: it is not started, or
    /// [`CancelToken`] tells it.
    ///
    /// Errors: [`ModelError::Late`] at the deadline, [`ModelError::Busy`] if more urgent work fills the queue,
    /// [`ModelError::Failed`] if the work panicked, and those of the work itself.
    pub async fn run<T: Send + 'static, E: From<ModelError> + Send + 'static>(
        &self,
        urgency: U,
        deadline: Instant,
        work: impl FnOnce(&mut M, &CancelToken) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (answer, answered) = oneshot::channel();
        let given_up = Arc::new(AtomicBool::new(false));
        let _guard = GiveUp(Arc::clone(&given_up));
        let wanted = CancelToken(Arc::clone(&given_up));
        let work: PoolJob<M> = Box::new(move |models| {
            let _ = match models {
                Ok(models) => answer.send(work(models, &wanted)),
                Err(error) => answer.send(Err(error.into())),
            };
        });
        self.shared.add(urgency, given_up, work)?;
        match tokio::time::timeout_at(deadline, answered).await {
            Err(_) => Err(ModelError::Late.into()),
            // Only a panic drops the sender without a result.
            Ok(Err(_)) => Err(ModelError::Failed("a model broke down over this request".to_owned()).into()),
            Ok(Ok(answer)) => answer,
        }
    }

    /// How many threads there are, and how many are busy.
    pub fn busy(&self) -> (usize, usize) {
        (self.threads.len(), self.shared.busy.load(Ordering::Relaxed))
    }

    /// How many requests wait.
    pub fn waiting(&self) -> usize {
        self.shared.lock().waiting.len()
    }
}

impl<M, U: Ord> Drop for Pool<M, U> {
    /// Waits for running work; waiting work is refused.
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        let waiting = {
            let mut queue = self.shared.lock();
            queue.closed = true;
            std::mem::take(&mut queue.waiting)
        };
        for (given_up, work) in waiting.into_values() {
            given_up.store(true, Ordering::Relaxed);
            work(Err(ModelError::Busy));
        }
        self.shared.ready.notify_all();
        for thread in self.threads.drain(..) {
            // Threads catch the panics of their work, so joining succeeds.
            let _ = thread.join();
        }
    }
}

impl<M, U: Ord> PoolShared<M, U> {
    fn lock(&self) -> MutexGuard<'_, PoolQueue<M, U>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, urgency: U, given_up: Arc<AtomicBool>, work: PoolJob<M>) -> Result<(), ModelError> {
        let gives_way = {
            let mut queue = self.lock();
            if queue.waiting.len() >= self.most {
                queue.waiting.retain(|_, (given_up, _)| !given_up.load(Ordering::Relaxed));
            }
            let full = queue.waiting.len() >= self.most;
            if full && queue.waiting.last_key_value().is_none_or(|((last, _), _)| *last <= urgency) {
                return Err(ModelError::Busy);
            }
            let gives_way = if full { queue.waiting.pop_last() } else { None };
            let number = queue.next;
            queue.next += 1;
            queue.waiting.insert((urgency, number), (given_up, work));
            gives_way
        };
        self.ready.notify_one();
        if let Some((_, (_, work))) = gives_way {
            work(Err(ModelError::Busy));
        }
        Ok(())
    }

    /// The next work that is still wanted. `None` when the pool closes.
    fn next(&self) -> Option<PoolJob<M>> {
        let mut queue = self.lock();
        loop {
            match queue.waiting.pop_first() {
                Some((_, (given_up, _))) if given_up.load(Ordering::Relaxed) => {}
                Some((_, (_, work))) => return Some(work),
                None if queue.closed => return None,
                None => queue = self.ready.wait(queue).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn serve<M, U: Ord>(shared: &PoolShared<M, U>, make: &dyn Fn() -> M, warm: Option<Warm<M>>) {
    let mut models = None;
    if let Some(warm) = warm {
        let wanted = CancelToken(Arc::clone(&shared.closing));
        attempt(shared, &mut models, |models| warm(models.get_or_insert_with(make), &wanted));
    }
    while let Some(work) = shared.next() {
        attempt(shared, &mut models, |models| work(Ok(models.get_or_insert_with(make))));
    }
}

/// Runs a closure on a thread's models. If it panics, they are dropped.
fn attempt<M, U: Ord>(shared: &PoolShared<M, U>, models: &mut Option<M>, work: impl FnOnce(&mut Option<M>)) {
    shared.busy.fetch_add(1, Ordering::Relaxed);
    if catch_unwind(AssertUnwindSafe(|| work(models))).is_err() {
        tracing::error!("a model broke down; it is loaded anew when it is next needed");
        *models = None;
    }
    shared.busy.fetch_sub(1, Ordering::Relaxed);
}

#[cfg(test)]
mod tests;
