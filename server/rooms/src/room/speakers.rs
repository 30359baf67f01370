//! Who speaks, and how loudly: measured over short windows from the audio level in each packet's header.

use std::time::{Duration, Instant};

/// How long a window is.
pub(super) const WINDOW: Duration = Duration::from_millis(400);
/// Packets quieter than this, in decibels below full scale, are not speech.
const QUIETEST: u8 = 35;
/// The share of a window's packets that must be speech, in percent.
const SHARE: u32 = 40;
/// Smaller changes are not reported.
const STEP: f32 = 0.125;

/// The level of one track.
#[derive(Debug, Default)]
pub(super) struct Meter {
    packets: u32,
    loud: u32,
    /// The sum of the loud packets' levels, in decibels below full scale.
    sum: u32,
    level: f32,
}

impl Meter {
    /// Counts a packet of this level, in decibels below full scale (0 is the loudest, 127 is silence).
    pub fn packet(&mut self, below: u8) {
        self.packets += 1;
        if below <= QUIETEST {
            self.loud += 1;
            self.sum += u32::from(below);
        }
    }

    /// Ends a window. The level is smoothed over two windows.
    pub fn close(&mut self) {
        let speaks = self.loud > 0 && self.loud * 100 >= self.packets * SHARE;
        let target = if speaks {
            let mean = self.sum as f32 / self.loud as f32;
            // A window full of speech at full scale gives 1.
            10_f32.powf(-mean / 20.0)
        } else {
            0.0
        };
        self.level = if self.level == 0.0 { target } else { (self.level + target) / 2.0 };
        if target == 0.0 && self.level < 0.01 {
            self.level = 0.0;
        }
        (self.packets, self.loud, self.sum) = (0, 0, 0);
    }

    /// Resets the level at once: the track is muted or gone.
    pub fn silence(&mut self) {
        (self.packets, self.loud, self.sum, self.level) = (0, 0, 0, 0.0);
    }

    pub fn level(&self) -> f32 {
        self.level
    }
}

/// The loudest track of a participant, compared with the level last reported.
#[derive(Debug, Default)]
pub(super) struct LastReportedLevel(f32);

impl LastReportedLevel {
    /// The level to report, if it differs enough from the last one.
    pub fn update(&mut self, level: f32) -> Option<f32> {
        let level = (level / STEP).ceil() * STEP;
        (level != self.0).then(|| {
            self.0 = level;
            level
        })
    }
}

/// When windows end.
#[derive(Debug, Default)]
pub(super) struct LevelWindowTimer(Option<Instant>);

impl LevelWindowTimer {
    /// Whether a window ends now. A window runs only while there is something to measure.
    pub fn ended(&mut self, now: Instant) -> bool {
        match self.0 {
            Some(end) if now >= end => {
                self.0 = None;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Starts a window unless one is running.
    pub fn begin(&mut self, now: Instant) {
        self.0.get_or_insert(now + WINDOW);
    }

    pub fn end(&self) -> Option<Instant> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_counts_and_noise_does_not() {
        let mut meter = Meter::default();
        (0..20).for_each(|_| meter.packet(20));
        meter.close();
        assert!(
            (meter.level() - 0.1).abs() < 0.001,
            "20 dB below full scale is a tenth, not {}",
            meter.level()
        );
        (0..20).for_each(|_| meter.packet(60));
        meter.close();
        assert!(meter.level() < 0.06, "noise is no speech: {}", meter.level());
        let mut meter = Meter::default();
        (0..5).for_each(|_| meter.packet(10));
        (0..15).for_each(|_| meter.packet(127));
        meter.close();
        assert_eq!(meter.level(), 0.0, "a quarter of a window is a click");
    }

    #[test]
    fn only_changes_are_told() {
        let mut told = LastReportedLevel::default();
        assert_eq!(told.update(0.0), None);
        assert_eq!(told.update(0.1), Some(0.125));
        assert_eq!(told.update(0.12), None);
        assert_eq!(told.update(0.0), Some(0.0));
    }
}
