//! Interviews held elsewhere, for the agents of this process.

use std::sync::Arc;
use std::time::Duration;

use agent::interview::Interview;
use async_trait::async_trait;
use engine::SessionId;
use tokio::sync::mpsc::Receiver;
use tokio_util::task::TaskTracker;

use super::client::{EngineClient, EngineFault};
use super::interview::RemoteInterview;
use crate::engine_api::error::Code;
use crate::engine_api::next_turn::ApiStatus;
use crate::voice::desk::{Case, Desk};
use crate::voice::notes::{Note, Notes};

/// The waits before a note is sent again.
const AGAIN: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(5)];

/// The interviews of an InterviewOS elsewhere.
pub(super) struct RemoteDesk {
    pub(super) client: EngineClient,
    /// Holds a stop up until what happened is kept.
    pub(super) tasks: TaskTracker,
}

struct RemoteCase {
    client: EngineClient,
    session: SessionId,
    notes: Notes,
}

impl Desk for RemoteDesk {
    fn case(&self, session: SessionId) -> Arc<dyn Case> {
        let (notes, noted) = Notes::queue();
        self.tasks.spawn(send(self.client.clone(), session, noted));
        Arc::new(RemoteCase { client: self.client.clone(), session, notes })
    }
}

#[async_trait]
impl Case for RemoteCase {
    fn interview(&self) -> Arc<dyn Interview> {
        Arc::new(RemoteInterview::new(self.client.clone(), self.session, self.notes.clone()))
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
