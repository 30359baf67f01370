//! The sound of a turn, kept in a task of its own: nobody who speaks waits for the disk, or for another machine.

use std::sync::Arc;

use agent::interview::RecordingSink;
use engine::{Engine, EngineError, SessionId};
use interview::TurnId;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// So many packets may wait to be kept, 20 seconds of them; who is slower loses the sound of the turn.
const QUEUE: usize = 1_000;

/// What comes of a turn that is being recorded. Nothing more comes of one that became no answer.
pub(crate) enum RecordingCommand {
    /// The next packet.
    Packet(Arc<[u8]>),
    /// It was taken: it is to be kept.
    Keep,
}

/// A turn that is being recorded.
struct Writing(mpsc::Sender<RecordingCommand>);

/// A recording whose pieces come out at the other end.
pub(crate) fn queue() -> (Box<dyn RecordingSink>, mpsc::Receiver<RecordingCommand>) {
    let (pieces, coming) = mpsc::channel(QUEUE);
    (Box::new(Writing(pieces)), coming)
}

/// Begins to record a turn, if its sound is wanted; `tasks` holds a shutdown up until it is kept.
pub(super) fn record(
    engine: Engine,
    session: SessionId,
    turn: TurnId,
    tasks: &TaskTracker,
) -> Box<dyn RecordingSink> {
    let (recording, coming) = queue();
    tasks.spawn(async move {
        if let Err(error) = write(&engine, session, &turn, coming).await {
            tracing::warn!(session.id = %session, reason = error.code(), "the sound of an answer was not kept");
        }
    });
    recording
}

async fn write(
    engine: &Engine,
    session: SessionId,
    turn: &TurnId,
    mut coming: mpsc::Receiver<RecordingCommand>,
) -> Result<(), EngineError> {
    let Some(mut recording) = engine.record(session, turn).await? else { return Ok(()) };
    while let Some(piece) = coming.recv().await {
        match piece {
            RecordingCommand::Packet(packet) => recording.write(&packet).await?,
            RecordingCommand::Keep => return Ok(recording.keep().await?),
        }
    }
    // It became no answer.
    Ok(())
}

impl RecordingSink for Writing {
    fn packet(&mut self, packet: Arc<[u8]>) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send(RecordingCommand::Packet(packet)) {
            tracing::warn!("the sound of an answer was not kept: it comes faster than it can be");
            // Nobody listens at the other end of this one.
            self.0 = mpsc::channel(1).0;
        }
    }

    fn keep(self: Box<Self>) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send(RecordingCommand::Keep) {
            tracing::warn!("the sound of an answer was not kept: it comes faster than it can be");
        }
    }
}
