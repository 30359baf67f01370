//! The model that reads answers and the interviewer's lines, wired: a thread of its own behind the engine's port.

use std::time::Duration;

use async_trait::async_trait;
use engine::{Answer, Reader, ReaderFailure};
use interview::reading::AnswerReading;
use models::pool::{CancelToken, Pool, PoolOptions};
use models::{ModelError, ModelFolder, ModelSet};
use reading::{AnswerInContext, ReadError};
use tokio::time::Instant;

use crate::settings::ServerSettings;
use crate::speech::models_folder;

/// An answer or a line is waited for so long at most: what takes longer keeps the candidate waiting.
const LATEST: Duration = Duration::from_millis(300);
/// An answer that nobody waits for is read within this time, or not at all.
const LEISURE: Duration = Duration::from_secs(5);
/// More answers than this do not wait: the last of them would be late.
const WAITING: usize = 16;

/// Every answer is as pressing as every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct EqualUrgency;

/// The thread with the model; `None` inside: it could not be loaded.
pub struct LocalReader {
    pool: Pool<Option<reading::MiniLmReader>, EqualUrgency>,
}

impl LocalReader {
    /// Starts the thread, which loads the model in the background. `None` where the model is not there: the log says
    /// what to do.
    pub fn start(settings: &ServerSettings) -> Option<Self> {
        let folder = match ModelFolder::open(models_folder(settings), ModelSet::Reading) {
            Ok(folder) => folder.computed(settings.arithmetic.into()),
            Err(why) => {
                tracing::warn!(%why, "answers are understood by their words alone");
                return None;
            }
        };
        let options = PoolOptions { name: "reading", threads: 1, waiting: WAITING };
        let make = move || match reading::MiniLmReader::load(&folder) {
            Ok(reader) => Some(reader),
            Err(why) => {
                tracing::warn!(%why, "answers are understood by their words alone");
                None
            }
        };
        let pool = Pool::start_warm(options, make, |reader, _: &CancelToken| {
            // The first use takes longer than the next; nobody waits for this one.
            let warm =
                AnswerInContext { question: "What did you do?", answer: "I began.", introduction: false };
            if let Some(Err(error)) = reader.as_mut().map(|reader| reader.read(warm)) {
                tracing::warn!(%error, "the model that reads answers failed");
            }
        });
        pool.map_err(|error| tracing::warn!(%error, "there is no thread for reading answers"))
            .ok()
            .map(|pool| Self { pool })
    }

    /// Has something done with the model.
    async fn ask<T: Send + 'static>(
        &self,
        within: Duration,
        work: impl FnOnce(&mut reading::MiniLmReader) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReaderFailure> {
        let work =
            move |reader: &mut Option<reading::MiniLmReader>, _: &CancelToken| -> Result<T, ReadError> {
                work(reader.as_mut().ok_or_else(|| ModelError::Failed("it is not loaded".to_owned()))?)
            };
        self.pool.run(EqualUrgency, Instant::now() + within, work).await.map_err(|error| match error {
            ReadError::Model(ModelError::Late | ModelError::Busy) => ReaderFailure::Late,
            ReadError::Model(ModelError::Missing(_) | ModelError::Failed(_)) | ReadError::Weights(_) => {
                ReaderFailure::Failed
            }
        })
    }
}

impl LocalReader {
    async fn read_within(&self, within: Duration, answer: Answer) -> Result<AnswerReading, ReaderFailure> {
        let Answer { question, text, introduction } = answer;
        let work = move |reader: &mut reading::MiniLmReader| {
            reader.read(AnswerInContext { question: &question, answer: &text, introduction })
        };
        self.ask(within, work).await
    }
}

#[async_trait]
impl Reader for LocalReader {
    async fn read(&self, answer: Answer) -> Result<AnswerReading, ReaderFailure> {
        self.read_within(LATEST, answer).await
    }

    async fn read_at_leisure(&self, answer: Answer) -> Result<AnswerReading, ReaderFailure> {
        self.read_within(LEISURE, answer).await
    }

    async fn private(&self, line: String) -> Result<u16, ReaderFailure> {
        self.ask(LATEST, move |reader| reader.private(&line)).await
    }
}
