//! A recording, heard as fast as it can be: [`recording`].

use std::time::Duration;

use super::activity::ActivityChange;
use super::ears::Ears;
use crate::SpeechError;
use crate::ports::{HEARING_RATE, SttEvent, Transcript};

/// Passed on at once, in samples.
const CHUNK: usize = HEARING_RATE as usize / 10;
/// So much may be passed on without any word coming back, in samples: well within what a stream holds.
const AHEAD: usize = 8 * HEARING_RATE as usize;
/// How long a word is waited for before going on without.
const PATIENCE: Duration = Duration::from_secs(10);

/// Passes a whole recording on to ears, no faster than they can take it, and gives the utterances in it. `tell` is
/// told of every change and event as it comes.
///
/// Errors: those of the VAD.
pub async fn recording(
    ears: &mut Ears,
    pcm: &[i16],
    mut tell: impl FnMut(Result<ActivityChange, &SttEvent>),
) -> Result<Vec<Transcript>, SpeechError> {
    let (mut finals, mut ends, mut ahead) = (Vec::new(), 0, 0);
    for chunk in pcm.chunks(CHUNK) {
        let changes = ears.hear(chunk)?;
        ahead = if ears.speaking() { ahead + chunk.len() } else { 0 };
        let mut paused = false;
        for change in changes {
            ends += usize::from(matches!(change, ActivityChange::Stopped { .. }));
            paused |= matches!(change, ActivityChange::Paused { .. });
            tell(Ok(change));
        }
        while paused || ahead > AHEAD {
            let Ok(Some(event)) = tokio::time::timeout(PATIENCE, ears.next()).await else { break };
            tell(Err(&event));
            match event {
                SttEvent::Final(transcript) => finals.push(transcript),
                // It is read again with more.
                SttEvent::Paused { .. } | SttEvent::Trouble(_) => (paused, ahead) = (false, 0),
                SttEvent::Interim { .. } => ahead = 0,
            }
        }
        ahead = ahead.min(AHEAD);
    }
    ends += usize::from(ears.finish()?);
    while finals.len() < ends {
        let Some(event) = ears.next().await else { break };
        tell(Err(&event));
        if let SttEvent::Final(transcript) = event {
            finals.push(transcript);
        }
    }
    Ok(finals)
}
