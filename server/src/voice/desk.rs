//! The ports [`AgentDesk`] and [`InterviewCase`]: what agents need to know of interviews, wherever those are held.

use std::sync::Arc;

use agent::interview::Interview;
use async_trait::async_trait;
use engine::{Engine, SessionId};
use tokio_util::task::TaskTracker;

use super::interview::EngineInterview;
use super::notes::{Note, Notes};
use crate::metrics::{GaugeGuard, Metrics};

/// Where the interviews are held that agents attend.
pub trait AgentDesk: Send + Sync {
    /// The interview of this session, for as long as agents attend it.
    fn case(&self, session: SessionId) -> Arc<dyn InterviewCase>;
}

/// One interview that is attended, perhaps by one agent after another.
#[async_trait]
pub trait InterviewCase: Send + Sync {
    /// As one agent sees it.
    fn interview(&self) -> Arc<dyn Interview>;
    /// Keeps what happens.
    fn keep(&self, note: Note);
    /// Whether it is over; false if that cannot be told now.
    async fn is_over(&self) -> bool;
}

/// The interviews of this program.
pub(super) struct EngineDesk {
    pub(super) engine: Engine,
    pub(super) metrics: Metrics,
    /// Holds a shutdown up until what happened is kept, and what was recorded.
    pub(super) tasks: TaskTracker,
}

struct EngineCase {
    engine: Engine,
    session: SessionId,
    notes: Notes,
    tasks: TaskTracker,
    _counted: GaugeGuard,
}

impl AgentDesk for EngineDesk {
    fn case(&self, session: SessionId) -> Arc<dyn InterviewCase> {
        let (engine, metrics) = (self.engine.clone(), self.metrics.clone());
        let counted = metrics.voice_session();
        let notes = Notes::start(engine.clone(), session, metrics, &self.tasks);
        let tasks = self.tasks.clone();
        Arc::new(EngineCase { engine, session, notes, tasks, _counted: counted })
    }
}

#[async_trait]
impl InterviewCase for EngineCase {
    fn interview(&self) -> Arc<dyn Interview> {
        let interview = EngineInterview::new(self.engine.clone(), self.session, self.notes.clone());
        Arc::new(interview.recording(self.tasks.clone()))
    }

    fn keep(&self, note: Note) {
        self.notes.keep(note);
    }

    async fn is_over(&self) -> bool {
        self.engine.snapshot(self.session).await.is_ok_and(|snapshot| snapshot.status.is_completed())
    }
}
