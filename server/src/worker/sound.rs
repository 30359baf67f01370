//! The sound of a turn, kept where the interview is held: put together here, and sent once the turn was taken.

use std::io;

use agent::interview::RecordingSink;
use engine::SessionId;
use protocol::engine_api::error::Code;
use store::{MOST_OF_ANSWER, OggOpus};
use tokio::sync::mpsc::Receiver;
use tokio_util::task::TaskTracker;

use super::client::{AGAIN, EngineClient, EngineFault};
use crate::voice::sound::{RecordingCommand, queue};

/// Begins to record a turn, if its sound is wanted there; `tasks` holds a stop up until it is kept.
pub(super) fn record(
    client: EngineClient,
    session: SessionId,
    turn: String,
    tasks: &TaskTracker,
) -> Box<dyn RecordingSink> {
    let (recording, coming) = queue();
    tasks.spawn(async move {
        if let Err(fault) = keep(&client, session, &turn, coming).await {
            tracing::warn!(session.id = %session, %fault, "the sound of an answer was not kept");
        }
    });
    recording
}

async fn keep(
    client: &EngineClient,
    session: SessionId,
    turn: &str,
    coming: Receiver<RecordingCommand>,
) -> Result<(), EngineFault> {
    match client.keeps_sound(session).await {
        Ok(true) => {}
        // An older server knows of none.
        Ok(false) | Err(EngineFault::Refused(Code::NotFound)) => return Ok(()),
        Err(fault) => return Err(fault),
    }
    match assemble_recording(coming).await {
        Ok(Some(sound)) => send(client, session, turn, sound).await,
        // It became no answer. Nothing fails in memory.
        Ok(None) | Err(_) => Ok(()),
    }
}

/// The Ogg Opus file of a turn; `None` if it became no answer, or there is nothing to hear. What is too much is left out.
async fn assemble_recording(mut coming: Receiver<RecordingCommand>) -> io::Result<Option<Vec<u8>>> {
    let (mut file, mut sound) = (OggOpus::begin()?, Vec::new());
    let most = usize::try_from(MOST_OF_ANSWER).unwrap_or(usize::MAX);
    while let Some(piece) = coming.recv().await {
        match piece {
            RecordingCommand::Packet(packet) if sound.len() < most => {
                file.packet(&packet)?;
                sound.extend(file.pages());
            }
            RecordingCommand::Packet(_) => {}
            RecordingCommand::Keep => {
                file.end()?;
                sound.extend(file.pages());
                return Ok(Some(sound).filter(|_| !file.is_empty()));
            }
        }
    }
    Ok(None)
}

/// Sends it, again after a while where that may help.
async fn send(
    client: &EngineClient,
    session: SessionId,
    turn: &str,
    sound: Vec<u8>,
) -> Result<(), EngineFault> {
    let mut waits = AGAIN.into_iter();
    loop {
        let fault = match client.put_sound(session, turn, sound.clone()).await {
            // It was switched off, or the interview deleted, meanwhile.
            Ok(()) | Err(EngineFault::Refused(Code::SoundNotKept | Code::NotFound)) => return Ok(()),
            Err(fault) => fault,
        };
        let hopeless = matches!(fault, EngineFault::Refused(Code::Malformed | Code::TooLarge));
        let Some(wait) = waits.next().filter(|_| !hopeless) else { return Err(fault) };
        tokio::time::sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use store::OggPackets;
    use tokio::sync::mpsc;

    use super::*;
    use crate::request_guard::size::SOUND_BYTES;

    #[tokio::test]
    async fn an_answer_without_end_is_no_larger_than_may_be_sent() {
        let (pieces, coming) = mpsc::channel(10_000);
        let largest: Arc<[u8]> = Arc::from([0xf8; 1_275]);
        for _ in 0..4_000 {
            pieces.try_send(RecordingCommand::Packet(Arc::clone(&largest))).unwrap();
        }
        pieces.try_send(RecordingCommand::Keep).unwrap();
        let file = assemble_recording(coming).await.unwrap().unwrap();
        assert!((3_900_000..=SOUND_BYTES).contains(&file.len()), "{} bytes", file.len());
        let mut packets = OggPackets::of(file).unwrap();
        while packets.next_packet().unwrap().is_some() {}
    }
}
