//! Tones, and what is heard of them.

use std::sync::Arc;

use participant::{AudioSource, AudioStream, RoomHandle, VoiceOptions};

/// Samples a second that we speak with, and that we hear with.
pub(crate) const SPEAK: u32 = 24_000;
pub(crate) const HEAR: u32 = 16_000;
/// Frames of 20 ms in which a tone is looked for.
const WINDOW: usize = 5;
/// Quieter than this is silence; the tones have an RMS of 5792.
const SILENT: f64 = 600.0;
/// The share of the energy that must be at the frequency of the tone.
const PURE: f64 = 0.7;

/// What was heard of somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ReceptionCounts {
    /// Frames, or whatever the listener looks at by itself.
    pub(crate) windows: u64,
    /// Of these, silent ones.
    pub(crate) silent: u64,
    /// Of these, with another sound than theirs.
    pub(crate) wrong: u64,
    /// Messages that came from them.
    pub(crate) messages: u64,
}

impl std::ops::AddAssign for ReceptionCounts {
    fn add_assign(&mut self, other: Self) {
        self.windows += other.windows;
        self.silent += other.silent;
        self.wrong += other.wrong;
        self.messages += other.messages;
    }
}

/// Publishes a tone that sounds until the room is left, or what is returned is dropped.
pub(crate) async fn speak(room: &RoomHandle, hz: f64) -> anyhow::Result<tokio::task::JoinSet<()>> {
    let options = VoiceOptions { rate: SPEAK, dtx: false, ..VoiceOptions::default() };
    let source: AudioSource = room.local_participant().publish_audio("tone", options, 100).await?;
    let source = Arc::new(source);
    let mut task = tokio::task::JoinSet::new();
    task.spawn(async move {
        // A second of whole periods, over and over.
        let second = tone(hz);
        loop {
            for frame in second.chunks(SPEAK as usize / 50) {
                if source.capture_frame(frame).await.is_err() {
                    return;
                }
            }
        }
    });
    Ok(task)
}

/// A second of a sine at a quarter of full scale.
fn tone(hz: f64) -> Vec<i16> {
    let step = std::f64::consts::TAU * hz / f64::from(SPEAK);
    (0..SPEAK).map(|at| ((f64::from(at) * step).sin() * 8_192.0) as i16).collect()
}

/// Listens until the track is gone, and tells of every tenth of a second, with the packets lost so far.
pub(crate) async fn listen(mut stream: AudioStream, hz: f64, mut tell: impl FnMut(ReceptionCounts, u64)) {
    let (mut pcm, mut silent) = (Vec::new(), 0);
    let size = HEAR as usize / 50 * WINDOW;
    while let Some(frame) = stream.next().await {
        silent += u64::from(rms(&frame.samples) < SILENT);
        pcm.extend(frame.samples);
        if pcm.len() >= size {
            // A window that is silent in part is counted as that alone.
            let wrong = silent == 0 && purity(&pcm, hz) < PURE;
            let wrong = if wrong { WINDOW as u64 } else { 0 };
            tell(
                ReceptionCounts { windows: WINDOW as u64, silent, wrong, messages: 0 },
                stream.stats().packets.lost,
            );
            pcm.clear();
            silent = 0;
        }
    }
}

fn rms(pcm: &[i16]) -> f64 {
    (pcm.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / pcm.len().max(1) as f64).sqrt()
}

/// How much of the energy is at this frequency, 0 to 1 (Goertzel).
fn purity(pcm: &[i16], hz: f64) -> f64 {
    let w = std::f64::consts::TAU * hz / f64::from(HEAR);
    let (mut s1, mut s2, mut energy) = (0.0, 0.0, 1.0);
    for &sample in pcm {
        let s = f64::from(sample) + 2.0 * w.cos() * s1 - s2;
        (s2, s1) = (s1, s);
        energy += f64::from(sample).powi(2);
    }
    let power = s1 * s1 + s2 * s2 - 2.0 * w.cos() * s1 * s2;
    2.0 * power / (energy * pcm.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_told_from_silence_and_from_another() {
        let heard: Vec<i16> = tone(440.0).iter().step_by(3).copied().collect();
        // Every third sample at 16 kHz sounds twice as high as at 8 kHz.
        assert!((rms(&heard) - 5_792.0).abs() < 20.0);
        assert!(purity(&heard, 880.0) > 0.99 && purity(&heard, 440.0) < 0.01);
        assert!(purity(&[0; 1_600], 440.0) < 0.01 && rms(&[0; 320]) < SILENT);
    }
}
