//! Speech started, paused, went on, stopped: out of a VAD's probabilities, frame by frame. Pure.

use crate::ports::HEARING_RATE;

/// When something counts as speech, and when as its end. Times are in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivityOptions {
    /// A frame this likely to be speech is taken for it.
    pub start: f32,
    /// Once there is speech, it goes on until frames are less likely than this.
    pub stop: f32,
    /// So much speech makes it certain that somebody speaks: shorter sounds are clicks.
    pub least_ms: u32,
    /// The same in a pause, where somebody has just spoken.
    pub resume_ms: u32,
    /// So much silence is a pause.
    pub pause_ms: u32,
    /// So much silence is the end.
    pub stop_ms: u32,
}

impl Default for ActivityOptions {
    fn default() -> Self {
        Self { start: 0.5, stop: 0.35, least_ms: 120, resume_ms: 60, pause_ms: 200, stop_ms: 1200 }
    }
}

/// What changed. Times are in samples from the first frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityChange {
    /// Somebody speaks.
    Started {
        /// Since then: a little before it became certain.
        at: u64,
    },
    /// Whoever speaks makes a pause.
    Paused {
        /// When the speech before it ended.
        at: u64,
    },
    /// It goes on after a pause.
    Resumed {
        /// Since then.
        at: u64,
    },
    /// Nobody speaks any more.
    Stopped {
        /// When the last speech ended.
        at: u64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ActivityState {
    Quiet,
    Speaking,
    Paused,
}

/// See the module's description.
#[derive(Debug, Clone)]
pub struct Activity {
    options: ActivityOptions,
    state: ActivityState,
    /// Samples that were judged.
    now: u64,
    /// Where frames that may be speech began without a frame below [`ActivityOptions::stop`] since.
    maybe: Option<u64>,
    /// Where the last speech ended.
    spoke: u64,
}

impl Activity {
    /// Nobody speaks yet.
    pub fn new(options: ActivityOptions) -> Self {
        Self { options, state: ActivityState::Quiet, now: 0, maybe: None, spoke: 0 }
    }

    /// Whether somebody speaks, or makes a pause.
    pub fn speaking(&self) -> bool {
        self.state != ActivityState::Quiet
    }

    /// Whether whoever speaks makes a pause.
    pub fn paused(&self) -> bool {
        self.state == ActivityState::Paused
    }

    /// Whether the last frame may have been speech.
    pub fn may_be_speech(&self) -> bool {
        self.maybe.is_some()
    }

    /// The next frame: how likely it is to be speech, and its length in samples.
    pub fn frame(&mut self, likely: f32, samples: usize) -> Option<ActivityChange> {
        let start = self.now;
        self.now += samples as u64;
        // Nobody's number is likelier than anybody's silence.
        let likely = if likely.is_nan() { 0.0 } else { likely };
        if likely < self.options.stop {
            self.maybe = None;
        } else if self.maybe.is_none()
            && (likely >= self.options.start || self.state == ActivityState::Speaking)
        {
            self.maybe = Some(start);
        }
        let options = self.options;
        let lasts = |ms: u32| u64::from(ms) * u64::from(HEARING_RATE) / 1000;
        let sounding = self.maybe.map_or(0, |since| self.now - since);
        match self.state {
            ActivityState::Quiet => {
                let at = self.maybe.filter(|_| sounding >= lasts(options.least_ms))?;
                (self.state, self.spoke) = (ActivityState::Speaking, self.now);
                Some(ActivityChange::Started { at })
            }
            ActivityState::Speaking => {
                if likely >= options.stop {
                    self.spoke = self.now;
                }
                if self.now - self.spoke < lasts(options.pause_ms) {
                    return None;
                }
                self.state = ActivityState::Paused;
                Some(ActivityChange::Paused { at: self.spoke })
            }
            ActivityState::Paused => {
                if let Some(at) = self.maybe.filter(|_| sounding >= lasts(options.resume_ms)) {
                    (self.state, self.spoke) = (ActivityState::Speaking, self.now);
                    return Some(ActivityChange::Resumed { at });
                }
                // Not while it may be going on.
                if self.now - self.spoke < lasts(options.stop_ms) || self.maybe.is_some() {
                    return None;
                }
                self.state = ActivityState::Quiet;
                Some(ActivityChange::Stopped { at: self.spoke })
            }
        }
    }

    /// Whoever spoke is taken to have stopped; what comes next is a new start.
    pub fn stop(&mut self) {
        (self.state, self.maybe) = (ActivityState::Quiet, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of 32 ms, one a letter: `#` speech, `+` may be (0.4), `.` silence.
    fn changes(frames: &str) -> Vec<ActivityChange> {
        let mut activity = Activity::new(ActivityOptions::default());
        let likely = |frame| match frame {
            '#' => 0.9,
            '+' => 0.4,
            _ => 0.05,
        };
        frames.chars().filter_map(|frame| activity.frame(likely(frame), 512)).collect()
    }

    #[test]
    fn speech_starts_where_it_began_and_stops_where_it_ended() {
        let said = format!("...####{}{}", "#".repeat(10), ".".repeat(45));
        let end = 17 * 512;
        assert_eq!(
            changes(&said),
            [
                ActivityChange::Started { at: 3 * 512 },
                ActivityChange::Paused { at: end },
                ActivityChange::Stopped { at: end }
            ]
        );
    }

    #[test]
    fn clicks_are_not_speech_and_short_dips_are_no_pauses() {
        assert_eq!(changes("..#...##..###....#..."), []);
        assert_eq!(changes("+++++++++++"), []);
        assert_eq!(changes("####......####"), [ActivityChange::Started { at: 0 }]);
        assert_eq!(changes("####.++++++++++++++++++"), [ActivityChange::Started { at: 0 }]);
    }

    #[test]
    fn a_pause_ends_with_speech_but_not_with_a_click() {
        let started = ActivityChange::Started { at: 0 };
        let paused = ActivityChange::Paused { at: 4 * 512 };
        assert_eq!(changes("####.......#....#..."), [started, paused]);
        let resumed = ActivityChange::Resumed { at: 12 * 512 };
        assert_eq!(changes("####........##"), [started, paused, resumed]);
        // A click does not put the end off.
        let clicked = format!("####{}#{}", ".".repeat(20), ".".repeat(16));
        assert_eq!(changes(&clicked), [started, paused]);
        assert_eq!(changes(&(clicked + ".")), [started, paused, ActivityChange::Stopped { at: 4 * 512 }]);
    }

    #[test]
    fn what_may_be_speech_is_told_before_it_is_certain() {
        let mut activity = Activity::new(ActivityOptions::default());
        let stirs = [0.1, 0.9, 0.4, 0.9, 0.2].map(|likely| {
            assert_eq!(activity.frame(likely, 512), None);
            activity.may_be_speech()
        });
        assert_eq!(stirs, [false, true, true, true, false]);
    }

    #[test]
    fn told_to_stop_it_starts_anew() {
        let mut activity = Activity::new(ActivityOptions::default());
        assert_eq!((0..4).filter_map(|_| activity.frame(1.0, 512)).count(), 1);
        assert!(activity.speaking());
        activity.stop();
        assert!(!activity.speaking() && !activity.paused());
        let again: Vec<_> = (0..4).filter_map(|_| activity.frame(1.0, 512)).collect();
        assert_eq!(again, [ActivityChange::Started { at: 4 * 512 }]);
    }
}
