//! Interviews held elsewhere, for the agents of this process.

use std::sync::Arc;

use agent::interview::Interview;
use async_trait::async_trait;
use engine::SessionId;
use protocol::engine_api::error::Code;
use protocol::engine_api::turn::ApiStatus;
use tokio::sync::mpsc::Receiver;
use tokio_util::task::TaskTracker;

use super::client::{AGAIN, EngineClient, EngineFault};
use super::interview::RemoteInterview;
use crate::voice::desk::{AgentDesk, InterviewCase};
use crate::voice::notes::{Note, Notes};

/// The interviews of an InterviewOS elsewhere.
pub(super) struct RemoteDesk {
    pub(super) client: EngineClient,
    /// Holds a stop up until what happened is kept, and what was recorded.
    pub(super) tasks: TaskTracker,
}

struct RemoteCase {
    client: EngineClient,
    session: SessionId,
    notes: Notes,
    tasks: TaskTracker,
}

impl AgentDesk for RemoteDesk {
    fn case(&self, session: SessionId) -> Arc<dyn InterviewCase> {
        let (notes, noted) = Notes::queue();
        self.tasks.spawn(send(self.client.clone(), session, noted));
        let (client, tasks) = (self.client.clone(), self.tasks.clone());
        Arc::new(RemoteCase { client, session, notes, tasks })
    }
}

#[async_trait]
impl InterviewCase for RemoteCase {
    fn interview(&self) -> Arc<dyn Interview> {
        let interview = RemoteInterview::new(self.client.clone(), self.session, self.notes.clone());
        Arc::new(interview.recording(self.tasks.clone()))
    }

    fn keep(&self, note: Note) {
        self.notes.keep(note);
    }

    async fn is_over(&self) -> bool {
        let session = self.client.session(self.session, None).await;
        session.is_ok_and(|session| session.status == ApiStatus::Completed)
    }
}

/// Sends notes one after the other.
async fn send(client: EngineClient, session: SessionId, mut noted: Receiver<Note>) {
    while let Some(note) = noted.recv().await {
        let note = (&note).into();
        let mut waits = AGAIN.into_iter();
        while let Err(fault) = client.note(session, &note).await {
            let wait = match fault {
                EngineFault::Refused(Code::NotFound) => break,
                EngineFault::Refused(_) | EngineFault::Unreachable | EngineFault::Garbage => waits.next(),
            };
            let Some(wait) = wait else {
                tracing::warn!(session.id = %session, %fault, "a note was not kept");
                break;
            };
            tokio::time::sleep(wait).await;
        }
    }
}
