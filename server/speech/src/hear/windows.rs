//! A stream of speech out of a model that writes down whole windows: [`WindowedStt`].

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Duration, Instant, sleep_until};

use super::gate::GhostFilter;
use super::hearing::{DecodeJob, WindowScheduler};
use super::limits::WindowLimits;
use crate::SpeechError;
use crate::ports::{Abilities, HearOptions, Stt, SttEvent, SttStream, Transcriber, Transcript, Vad, Window};

/// Makes an [`Stt`] of any [`Transcriber`]: windows grow until words are right, what is right stays, and what a second
/// of speech costs does not depend on how long somebody speaks. At most one window of a stream is decoded at a time.
///
/// Word times are guessed from the length of the words and from where it is loud enough for a voice.
#[derive(Clone)]
pub struct WindowedStt {
    transcriber: Arc<dyn Transcriber>,
    limits: WindowLimits,
}

impl WindowedStt {
    /// Streams of this model's windows. What it makes up over noise is left out: see [`GhostFilter`]; with a `vad` that is
    /// judged by voice, without one by loudness alone.
    pub fn new(transcriber: Arc<dyn Transcriber>, vad: Option<Arc<dyn Vad>>) -> Self {
        Self { transcriber: Arc::new(GhostFilter::new(transcriber, vad)), limits: WindowLimits::default() }
    }

    /// With other limits.
    pub fn with_limits(mut self, limits: WindowLimits) -> Self {
        self.limits = limits;
        self
    }
}

impl Stt for WindowedStt {
    fn abilities(&self) -> Abilities {
        Abilities { streaming: true, interim: true, word_times: false, ..self.transcriber.abilities() }
    }

    fn open(&self, options: HearOptions) -> Box<dyn SttStream> {
        let shared = Arc::new(WindowStreamShared {
            state: Mutex::new(WindowStreamState {
                hearing: WindowScheduler::new(self.limits, &options),
                over: false,
            }),
            work: Notify::new(),
            news: Notify::new(),
        });
        let task = tokio::spawn(serve(Arc::clone(&shared), Arc::clone(&self.transcriber)));
        Box::new(WindowStream { shared, task: task.abort_handle() })
    }
}

struct WindowStreamShared {
    state: Mutex<WindowStreamState>,
    /// There may be other work.
    work: Notify,
    /// There may be an event.
    news: Notify,
}

struct WindowStreamState {
    hearing: WindowScheduler,
    /// The task has ended.
    over: bool,
}

impl WindowStreamShared {
    fn lock(&self) -> MutexGuard<'_, WindowStreamState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct WindowStream {
    shared: Arc<WindowStreamShared>,
    task: AbortHandle,
}

impl WindowStream {
    fn tell<T>(&self, what: impl FnOnce(&mut WindowScheduler) -> T) -> T {
        let told = what(&mut self.shared.lock().hearing);
        self.shared.work.notify_one();
        self.shared.news.notify_one();
        told
    }
}

#[async_trait]
impl SttStream for WindowStream {
    fn hear(&mut self, pcm: &[i16], skipped_ms: u32) {
        self.tell(|hearing| hearing.hear(pcm, skipped_ms));
    }

    fn pause(&mut self) -> u32 {
        self.tell(WindowScheduler::pause)
    }

    fn commit(&mut self) {
        self.tell(WindowScheduler::commit);
    }

    fn discard(&mut self) {
        self.tell(WindowScheduler::discard);
    }

    fn pace(&mut self, interim_every_ms: u32) {
        self.tell(|hearing| hearing.pace(interim_every_ms));
    }

    async fn next(&mut self) -> Option<SttEvent> {
        loop {
            {
                let mut state = self.shared.lock();
                match state.hearing.event() {
                    Some(event) => return Some(event),
                    None if state.over => return None,
                    None => {}
                }
            }
            self.shared.news.notified().await;
        }
    }
}

impl Drop for WindowStream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Tells that the task has ended, however it did.
struct TaskEndGuard(Arc<WindowStreamShared>);

impl Drop for TaskEndGuard {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.news.notify_one();
    }
}

/// Work under way: its number, and what will come of it.
type Running = (u64, BoxFuture<'static, Result<Transcript, SpeechError>>);

async fn serve(shared: Arc<WindowStreamShared>, transcriber: Arc<dyn Transcriber>) {
    let _over = TaskEndGuard(Arc::clone(&shared));
    let opened = Instant::now();
    let now = || u64::try_from(opened.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut running: Option<Running> = None;
    loop {
        let (dropped, wake) = {
            let hearing = &mut shared.lock().hearing;
            let time = now();
            // What is not wanted any more is given up by dropping it.
            let dropped = running.take_if(|(id, _)| hearing.outstanding() != Some(*id));
            if running.is_none()
                && let Some(job) = hearing.work(time)
            {
                let DecodeJob { pcm, guess, urgency, .. } = job;
                let window = Window { pcm, guess, urgency, deadline: Instant::now() + job.within };
                running = Some((job.id, read(Arc::clone(&transcriber), window)));
            }
            (dropped, hearing.wake(time))
        };
        drop(dropped);
        let wake = wake.map_or(opened + FAR, |at| opened + Duration::from_millis(at));
        let answer = async {
            match &mut running {
                Some((_, answer)) => answer.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            answer = answer => {
                if let Some((id, _)) = running.take() {
                    shared.lock().hearing.answered(id, now(), answer);
                    shared.news.notify_one();
                }
            }
            () = shared.work.notified() => {}
            () = sleep_until(wake) => {}
        }
    }
}

/// For "wake me when something happens".
const FAR: Duration = Duration::from_secs(1 << 30);

/// A reading that always comes to an end: by its deadline, and with an error where the model panics.
fn read(
    transcriber: Arc<dyn Transcriber>,
    window: Window,
) -> BoxFuture<'static, Result<Transcript, SpeechError>> {
    let deadline = window.deadline;
    async move {
        if window.pcm.is_empty() {
            return Ok(Transcript::default());
        }
        let answer = AssertUnwindSafe(async move { transcriber.transcribe(window).await }).catch_unwind();
        match tokio::time::timeout_at(deadline, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(SpeechError::Failed("the model broke down over a window".to_owned())),
            Err(_) => Err(SpeechError::Late),
        }
    }
    .boxed()
}
