//! How much is decoded at once, how often, and how much is held.

use crate::ports::HEARING_RATE;

const SECOND: u64 = HEARING_RATE as u64;

/// Lengths are in samples at [`HEARING_RATE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowLimits {
    /// Milliseconds between two interims, where the caller does not say.
    pub interim_every_ms: u32,
    /// So much new voice makes a new interim worth its work; after the first, as much as there is from one to the next,
    /// if that is less.
    pub draft_least: u64,
    /// An interim decodes so much at most, once there is a pause to start in; twice as much without one.
    pub draft_longest: u64,
    /// So much of what an interim decodes was decoded before, where it starts anew.
    pub draft_overlap: u64,
    /// While somebody speaks, a whole window is decoded at least so often.
    pub whole_every: u64,
    /// A whole window of this length is long enough for its words to be right: the next starts further on.
    pub whole_enough: u64,
    /// So much at least two windows have in common.
    pub whole_overlap: u64,
    /// A window of this length is followed by one further on, even if there is no pause to start in.
    pub whole_longest: u64,
    /// Audio that is held of an utterance at most: if decoding falls back further, the oldest is lost.
    pub kept: u64,
    /// Ended utterances that may wait for their last reading.
    pub closing: usize,
    /// How often a failed reading that somebody waits for is tried again, and how long after the first failure, in
    /// milliseconds (twice as long after the second, and so on). Then what is known must do.
    pub tries: u32,
    /// See [`Self::tries`].
    pub again_ms: u64,
}

impl Default for WindowLimits {
    fn default() -> Self {
        Self {
            interim_every_ms: 500,
            draft_least: SECOND / 5,
            draft_longest: 5 * SECOND,
            draft_overlap: SECOND * 3 / 2,
            whole_every: 7 * SECOND,
            whole_enough: 9 * SECOND,
            whole_overlap: 5 * SECOND,
            whole_longest: 18 * SECOND,
            kept: 30 * SECOND,
            closing: 3,
            tries: 4,
            again_ms: 200,
        }
    }
}

/// Windows are at least this share of what they are on a machine that keeps up.
const LEAST_SHARE: f32 = 0.34;
/// What a window that was (nearly) too late, and one that took less than a third of its time, change.
const SHORTER: f32 = 0.6;
const LONGER: f32 = 1.15;

/// How long windows are on this machine just now, as a share of the limits. A machine that is slow, or busy with others,
/// cannot read eighteen seconds in time, however often it tries; it can read six, one after the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WindowScale(f32);

impl WindowScale {
    pub(super) const WHOLE: Self = Self(1.0);

    /// A window was not read in time.
    pub(super) fn late(&mut self) {
        self.0 = (self.0 * SHORTER).max(LEAST_SHARE);
    }

    /// A window was read in so much of the time that it had, in milliseconds. More than half of it is nearly too late.
    pub(super) fn read(&mut self, took: u64, within: u64) {
        if took * 3 < within {
            self.0 = (self.0 * LONGER).min(1.0);
        } else if took * 2 > within {
            self.late();
        }
    }

    /// The limits on this machine.
    pub(super) fn of(self, limits: &WindowLimits) -> WindowLimits {
        let part = |samples: u64| (samples as f64 * f64::from(self.0)) as u64;
        WindowLimits {
            draft_longest: part(limits.draft_longest),
            draft_overlap: part(limits.draft_overlap),
            whole_every: part(limits.whole_every),
            whole_enough: part(limits.whole_enough),
            whole_overlap: part(limits.whole_overlap),
            whole_longest: part(limits.whole_longest),
            ..*limits
        }
    }
}
