//! Makes speech a little shorter or longer without a click: one pitch period is taken out or put in, cross-faded.
//!
//! This lets the jitter buffer's delay follow its target, and keeps two drifting clocks together.

/// Shortest and longest period that is looked for, in parts of a second: 2.5 ms and 10 ms.
const SHORTEST: u32 = 400;
const LONGEST: u32 = 100;

/// Removes one period from `frame` (20 ms at `rate`). Returns how many samples.
pub fn shorten(frame: &mut Vec<i16>, rate: u32) -> usize {
    let Some(lag) = period(frame, rate) else { return 0 };
    for at in 0..lag {
        frame[at] = fade(frame[at], frame[at + lag], at, lag);
    }
    frame.drain(lag..2 * lag);
    lag
}

/// Inserts one period into `frame` (20 ms at `rate`). Returns how many samples.
pub fn lengthen(frame: &mut Vec<i16>, rate: u32) -> usize {
    let Some(lag) = period(frame, rate) else { return 0 };
    let bridge: Vec<i16> = (0..lag).map(|at| fade(frame[lag + at], frame[at], at, lag)).collect();
    frame.splice(lag..lag, bridge);
    lag
}

/// From `from` to `to`, `at` of `len` samples on the way.
fn fade(from: i16, to: i16, at: usize, len: usize) -> i16 {
    let (at, len) = (at as i64, len as i64);
    let mixed = (i64::from(from) * (len - at) + i64::from(to) * at) / len;
    i16::try_from(mixed).expect("between two samples")
}

/// The lag at which the beginning of the frame is most like itself; `None` when the frame is too short.
fn period(frame: &[i16], rate: u32) -> Option<usize> {
    let (shortest, longest) = ((rate / SHORTEST) as usize, (rate / LONGEST) as usize);
    if frame.len() < 2 * longest {
        return None;
    }
    // Compared over the length of the longest lag, at every second sample: enough to find a pitch.
    let like = |lag: usize| {
        let (mut product, mut energy) = (0_f64, 1_f64);
        for at in (0..longest).step_by(2) {
            let (a, b) = (f64::from(frame[at]), f64::from(frame[at + lag]));
            product += a * b;
            energy += b * b;
        }
        product / energy.sqrt()
    };
    let lags = (shortest..=longest).map(|lag| (lag, like(lag)));
    lags.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(lag, _)| lag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f64, rate: u32, len: usize) -> Vec<i16> {
        let step = std::f64::consts::TAU * hz / f64::from(rate);
        (0..len).map(|n| ((n as f64 * step).sin() * 10_000.0) as i16).collect()
    }

    /// The largest step from one sample to the next.
    fn roughest(samples: &[i16]) -> i32 {
        samples.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max().unwrap()
    }

    #[test]
    fn a_tone_stays_smooth_shorter_and_longer() {
        for (rate, hz) in [(16_000, 200.0), (16_000, 331.0), (48_000, 150.0), (24_000, 1_000.0)] {
            let whole = tone(hz, rate, rate as usize / 50);
            let steps = roughest(&whole);
            let mut less = whole.clone();
            let gone = shorten(&mut less, rate);
            assert_eq!(less.len() + gone, whole.len());
            assert!(gone > 0 && roughest(&less) <= steps * 5 / 4, "{hz} Hz, shorter: {}", roughest(&less));
            let mut more = whole.clone();
            let come = lengthen(&mut more, rate);
            assert_eq!(more.len(), whole.len() + come);
            assert!(come > 0 && roughest(&more) <= steps * 5 / 4, "{hz} Hz, longer: {}", roughest(&more));
        }
    }

    #[test]
    fn silence_and_short_frames_do_no_harm() {
        let mut silence = vec![0; 320];
        assert!(shorten(&mut silence, 16_000) >= 40);
        assert!(silence.iter().all(|&sample| sample == 0));
        let mut short = vec![5; 100];
        assert_eq!(lengthen(&mut short, 16_000), 0);
        assert_eq!(short.len(), 100);
    }
}
