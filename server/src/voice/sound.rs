//! The sound of a turn, written in a task of its own: nobody who speaks waits for the disk.

use std::sync::Arc;

use agent::interview::Recording;
use engine::{Engine, EngineError, SessionId};
use interview::TurnId;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// So many packets may wait to be written, 20 seconds of them; a disk that is slower loses the sound of its turn.
const QUEUE: usize = 1_000;

enum Piece {
    Packet(Arc<[u8]>),
    Keep,
}

/// A turn that is being recorded.
struct Writing(mpsc::Sender<Piece>);

/// Begins to record a turn, if its sound is wanted; `tasks` holds a shutdown up until it is kept.
pub(super) fn record(
    engine: Engine,
    session: SessionId,
    turn: TurnId,
    tasks: &TaskTracker,
) -> Box<dyn Recording> {
    let (pieces, coming) = mpsc::channel(QUEUE);
    tasks.spawn(async move {
        if let Err(error) = write(&engine, session, &turn, coming).await {
            tracing::warn!(session.id = %session, reason = error.code(), "the sound of an answer was not kept");
        }
    });
    Box::new(Writing(pieces))
}

async fn write(
    engine: &Engine,
    session: SessionId,
    turn: &TurnId,
    mut coming: mpsc::Receiver<Piece>,
) -> Result<(), EngineError> {
    let Some(mut recording) = engine.record(session, turn).await? else { return Ok(()) };
    while let Some(piece) = coming.recv().await {
        match piece {
            Piece::Packet(packet) => recording.write(&packet).await?,
            Piece::Keep => return Ok(recording.keep().await?),
        }
    }
    // It became no answer.
    Ok(())
}

impl Recording for Writing {
    fn packet(&mut self, packet: Arc<[u8]>) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send(Piece::Packet(packet)) {
            tracing::warn!("the sound of an answer was not kept: the disk does not keep up");
            // Nobody listens at the other end of this one.
            self.0 = mpsc::channel(1).0;
        }
    }

    fn keep(self: Box<Self>) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send(Piece::Keep) {
            tracing::warn!("the sound of an answer was not kept: the disk does not keep up");
        }
    }
}
