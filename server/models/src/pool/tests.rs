//! A pool of one thread, which is kept busy while requests queue up and then released.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use futures::future::join_all;
use patience::{PATIENCE, StandStill};
use proptest::prelude::*;
use tokio::runtime::Runtime;
use tokio::time::Instant;

use super::{Pool, PoolOptions};
use crate::ModelError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    TurnEnd,
    FirstWords,
    Caption,
    Later,
}

const ALL: [Urgency; 4] = [Urgency::TurnEnd, Urgency::FirstWords, Urgency::Caption, Urgency::Later];

/// The result of work that succeeded.
fn well<T>(answer: T) -> Result<T, ModelError> {
    Ok(answer)
}

fn far() -> Instant {
    Instant::now() + PATIENCE
}

fn pool(waiting: usize) -> Arc<Pool<u32, Urgency>> {
    Arc::new(Pool::start(PoolOptions { threads: 1, waiting, ..PoolOptions::default() }, || 0).unwrap())
}

/// Keeps the one thread busy until the sender is dropped.
async fn hold(pool: &Arc<Pool<u32, Urgency>>) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (begun, at_work) = tokio::sync::oneshot::channel();
    let pool = Arc::clone(pool);
    tokio::spawn(async move {
        let work = move |_: &mut u32, _: &super::CancelToken| {
            begun.send(()).unwrap();
            let _ = held.recv();
            well(())
        };
        pool.run(Urgency::TurnEnd, far(), work).await.unwrap();
    });
    at_work.await.unwrap();
    release
}

async fn until(ready: impl Fn() -> bool) {
    while !ready() {
        tokio::task::yield_now().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// The most urgent request runs first, and requests of one urgency run in the order they came. A request whose
    /// caller has gone is never started.
    #[test]
    fn the_most_pressing_is_done_first(asked in proptest::collection::vec((0..4_usize, any::<bool>()), 0..20)) {
        Runtime::new().unwrap().block_on(async {
            let (pool, done) = (pool(64), Arc::new(Mutex::new(Vec::new())));
            let release = hold(&pool).await;
            let mut kept = Vec::new();
            let mut given_up = Vec::new();
            for (number, (urgency, wanted)) in asked.iter().enumerate() {
                let (own, done) = (Arc::clone(&pool), Arc::clone(&done));
                let urgency = ALL[*urgency];
                let work = move |_: &mut u32, _: &super::CancelToken| { done.lock().unwrap().push(number); well(()) };
                let task = tokio::spawn(async move { own.run(urgency, far(), work).await });
                until(|| pool.waiting() == number + 1).await;
                if *wanted { kept.push(task) } else { given_up.push(task) }
            }
            for task in &given_up {
                task.abort();
            }
            for task in given_up {
                assert!(task.await.unwrap_err().is_cancelled());
            }
            drop(release);
            for answer in join_all(kept).await {
                answer.unwrap().unwrap();
            }
            let mut expected: Vec<usize> = (0..asked.len()).filter(|number| asked[*number].1).collect();
            expected.sort_by_key(|number| asked[*number].0);
            assert_eq!(*done.lock().unwrap(), expected);
        });
    }
}

#[tokio::test]
async fn when_it_is_full_the_least_pressing_gives_way() {
    let pool = pool(2);
    let release = hold(&pool).await;
    let ask = |urgency| {
        let pool = Arc::clone(&pool);
        tokio::spawn(async move { pool.run(urgency, far(), |_, _| well(())).await })
    };
    let (caption, later) = (ask(Urgency::Caption), ask(Urgency::Later));
    until(|| pool.waiting() == 2).await;
    assert_eq!(ask(Urgency::Later).await.unwrap(), Err(ModelError::Busy), "nothing less pressing waits");
    let turn_end = ask(Urgency::TurnEnd);
    assert_eq!(later.await.unwrap(), Err(ModelError::Busy), "it was the least pressing");
    drop(release);
    assert_eq!((caption.await.unwrap(), turn_end.await.unwrap()), (Ok(()), Ok(())));
}

#[tokio::test]
async fn given_up_work_makes_room() {
    let pool = pool(1);
    let release = hold(&pool).await;
    let other = Arc::clone(&pool);
    let forgotten = tokio::spawn(async move { other.run(Urgency::TurnEnd, far(), |_, _| well(())).await });
    until(|| pool.waiting() == 1).await;
    forgotten.abort();
    assert!(forgotten.await.unwrap_err().is_cancelled());
    let other = Arc::clone(&pool);
    let asked = tokio::spawn(async move { other.run(Urgency::Later, far(), |_, _| well(())).await });
    tokio::task::yield_now().await;
    drop(release);
    assert_eq!(asked.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn late_work_is_told_that_nobody_waits() {
    let still = StandStill::begin();
    let pool = pool(4);
    let (told, stopped) = mpsc::channel();
    let (begun, at_work) = tokio::sync::oneshot::channel();
    let soon = Instant::now() + Duration::from_millis(20);
    let work = move |_: &mut u32, wanted: &super::CancelToken| {
        begun.send(()).unwrap();
        while wanted.is_wanted() {
            std::thread::yield_now();
        }
        told.send(wanted.check()).unwrap();
        Ok(())
    };
    let late = async {
        at_work.await.unwrap();
        still.pass(Duration::from_millis(21)).await;
    };
    assert_eq!(tokio::join!(pool.run(Urgency::Caption, soon, work), late).0, Err(ModelError::Late));
    assert_eq!(stopped.recv().unwrap(), Err(ModelError::Late));
    assert_eq!(pool.run(Urgency::Caption, far(), |_, _| well(7)).await, Ok(7));
}

#[tokio::test]
async fn a_panic_costs_one_request_and_the_models_are_loaded_anew() {
    let made = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&made);
    let make = move || count.fetch_add(1, Ordering::Relaxed);
    let pool = Pool::start(PoolOptions { threads: 1, waiting: 4, ..PoolOptions::default() }, make).unwrap();
    assert_eq!(made.load(Ordering::Relaxed), 0, "nothing is loaded before it is needed");
    let number = |models: &mut u32, _: &super::CancelToken| well(*models);
    assert_eq!(pool.run(Urgency::Later, far(), number).await, Ok(0));
    assert_eq!(pool.run(Urgency::Later, far(), number).await, Ok(0), "the same models serve again");
    let broken =
        pool.run(Urgency::Later, far(), |_, _| -> Result<(), _> { panic!("a tensor of a wrong shape") });
    assert!(matches!(broken.await, Err(ModelError::Failed(_))));
    assert_eq!(pool.run(Urgency::Later, far(), number).await, Ok(1));
    until(|| pool.busy() == (1, 0)).await;
}

#[tokio::test]
async fn closing_waits_for_what_is_being_done_and_refuses_the_rest() {
    let pool = Pool::start(PoolOptions { threads: 1, waiting: 4, ..PoolOptions::default() }, || 0).unwrap();
    let (begun, at_work) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let (done, was_done) = mpsc::channel();
    let long = move |_: Result<&mut u32, ModelError>| {
        begun.send(()).unwrap();
        let _ = held.recv();
        done.send(()).unwrap();
    };
    pool.shared.add(Urgency::Later, Arc::default(), Box::new(long)).unwrap();
    at_work.recv().unwrap();
    let (answer, answered) = mpsc::channel();
    let waiting = move |models: Result<&mut u32, ModelError>| answer.send(models.map(|_| ())).unwrap();
    pool.shared.add(Urgency::Later, Arc::default(), Box::new(waiting)).unwrap();
    let closing = std::thread::spawn(move || drop(pool));
    assert_eq!(answered.recv().unwrap(), Err(ModelError::Busy), "refused while the other is being done");
    assert!(was_done.try_recv().is_err() && !closing.is_finished());
    drop(release);
    closing.join().unwrap();
    was_done.try_recv().unwrap();
}

#[tokio::test]
async fn warm_threads_are_ready_before_the_first_request_and_whoever_starts_them_does_not_wait() {
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let warm = move |models: &mut u32, _: &super::CancelToken| {
        let _ = held.lock().unwrap().recv();
        *models += 1;
    };
    let pool = Pool::start_warm(PoolOptions { threads: 2, waiting: 4, ..PoolOptions::default() }, || 6, warm)
        .unwrap();
    let asked = pool.run(Urgency::FirstWords, far(), |models: &mut u32, _| well(*models));
    let mut asked = std::pin::pin!(asked);
    assert!(futures::poll!(asked.as_mut()).is_pending(), "both threads still load");
    drop(release);
    assert_eq!(asked.await, Ok(7));
    until(|| pool.busy() == (2, 0)).await;
}

#[tokio::test]
async fn a_panic_while_warming_costs_nothing_and_closing_gives_warming_up() {
    let broken = |_: &mut u32, _: &super::CancelToken| panic!("a tensor of a wrong shape");
    let options = PoolOptions { threads: 1, waiting: 4, ..PoolOptions::default() };
    let pool = Pool::start_warm(options, || 3, broken).unwrap();
    assert_eq!(pool.run(Urgency::Later, far(), |models: &mut u32, _| well(*models)).await, Ok(3));

    let (begun, at_work) = mpsc::channel();
    let endless = move |_: &mut u32, wanted: &super::CancelToken| {
        begun.send(()).unwrap();
        while wanted.is_wanted() {
            std::thread::yield_now();
        }
    };
    let pool = Pool::<_, Urgency>::start_warm(options, || 3, endless).unwrap();
    at_work.recv().unwrap();
    drop(pool);
}
