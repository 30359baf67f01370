//! What a candidate hears of the interviewer: when it begins and ends, to the hundredth of a second.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agent::AudioIn;
use tokio::time::Instant;

/// What is quieter (mean, of a slice) is silence; a voice at a third of its level is heard still.
const SILENT: f64 = 60.0;
/// Slices of so many milliseconds.
const SLICE_MS: u32 = 10;

/// What was heard so far.
#[derive(Debug, Default)]
struct AudibleStretches {
    /// Stretches of sound, each with its last audible moment; gaps of under 150 ms belong to them.
    stretches: Vec<(Instant, Instant)>,
    alive: bool,
}

/// An ear on one track. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct AudibilityMonitor(Arc<Mutex<AudibleStretches>>);

impl AudibilityMonitor {
    fn heard(&self) -> MutexGuard<'_, AudibleStretches> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens until the track is gone.
    pub(crate) async fn listen(self, mut track: Box<dyn AudioIn>) {
        self.heard().alive = true;
        while let Some(frame) = track.frame().await {
            let now = Instant::now();
            let slice = (frame.rate * SLICE_MS / 1000) as usize;
            for (at, slice) in frame.samples.chunks(slice.max(1)).enumerate() {
                let mean: f64 = slice.iter().map(|sample| f64::from(sample.unsigned_abs())).sum::<f64>()
                    / slice.len().max(1) as f64;
                if mean >= SILENT {
                    // A frame is played from when it was given.
                    let begins = now + Duration::from_millis(u64::from(SLICE_MS) * at as u64);
                    self.audible(begins, begins + Duration::from_millis(u64::from(SLICE_MS)));
                }
            }
        }
        self.heard().alive = false;
    }

    fn audible(&self, from: Instant, to: Instant) {
        let mut heard = self.heard();
        match heard.stretches.last_mut() {
            Some((_, last)) if from.saturating_duration_since(*last) < Duration::from_millis(150) => {
                *last = to
            }
            _ => heard.stretches.push((from, to)),
        }
    }

    /// Whether the track is there.
    pub(crate) fn alive(&self) -> bool {
        self.heard().alive
    }

    /// The first audible moment from here on.
    pub(crate) fn begins_after(&self, at: Instant) -> Option<Instant> {
        self.heard()
            .stretches
            .iter()
            .find(|(from, to)| *from >= at || *to > at)
            .map(|(from, _)| (*from).max(at))
    }

    /// The last audible moment so far.
    pub(crate) fn last(&self) -> Option<Instant> {
        self.heard().stretches.last().map(|(_, to)| *to)
    }

    /// How long nothing has been audible.
    pub(crate) fn silent_for(&self, now: Instant) -> Duration {
        self.last().map_or(Duration::MAX, |last| now.saturating_duration_since(last))
    }

    /// The last audible moment before the first silence of this length that begins after here.
    pub(crate) fn stopped_after(&self, at: Instant, silence: Duration) -> Option<Instant> {
        let heard = self.heard();
        let after: Vec<_> = heard.stretches.iter().filter(|(_, to)| *to > at).collect();
        let between = after.windows(2).find(|pair| pair[1].0.saturating_duration_since(pair[0].1) >= silence);
        let last = after.last().filter(|(_, to)| to.elapsed() >= silence);
        between.map(|pair| pair[0].1).or(last.map(|(_, to)| *to))
    }

    /// The longest silence between these moments.
    pub(crate) fn longest_gap(&self, from: Instant, to: Instant) -> Duration {
        let heard = self.heard();
        let mut at = from;
        let mut longest = Duration::ZERO;
        for (begins, ends) in &heard.stretches {
            if *ends > from && *begins < to {
                longest = longest.max(begins.saturating_duration_since(at));
                at = at.max(*ends);
            }
        }
        longest.max(to.saturating_duration_since(at))
    }
}
