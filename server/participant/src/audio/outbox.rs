//! The queue of samples to play, with an account of what became of them. Pure.

use std::collections::VecDeque;

use super::frame::{ClearedSamples, Playout};

/// PCM that waits, and counts of everything that was ever put in.
#[derive(Debug, Default)]
pub struct PcmBuffer {
    waiting: VecDeque<i16>,
    account: Playout,
    room: usize,
}

impl PcmBuffer {
    /// Room for this many samples.
    pub fn new(room: usize) -> Self {
        Self { room, ..Self::default() }
    }

    /// How many samples fit now.
    pub fn free(&self) -> usize {
        self.room.saturating_sub(self.waiting.len())
    }

    /// Adds as many samples as fit. Returns how many.
    pub fn put(&mut self, samples: &[i16]) -> usize {
        let len = samples.len().min(self.free());
        self.waiting.extend(&samples[..len]);
        self.account.written += len as u64;
        len
    }

    /// Counts samples that were written but dropped before they fit.
    pub fn count_dropped(&mut self, samples: usize) {
        self.account.written += samples as u64;
        self.account.dropped += samples as u64;
    }

    /// Takes samples to play now, up to the length of `frame`, and fills the rest with silence. Returns how many were
    /// taken.
    pub fn take(&mut self, frame: &mut [i16]) -> usize {
        let len = self.waiting.len().min(frame.len());
        for (to, from) in frame.iter_mut().zip(self.waiting.drain(..len)) {
            *to = from;
        }
        frame[len..].fill(0);
        self.account.played += len as u64;
        len
    }

    /// Drops everything that waits.
    pub fn clear(&mut self) -> ClearedSamples {
        let dropped = self.waiting.len() as u64;
        self.waiting.clear();
        self.account.dropped += dropped;
        ClearedSamples { played: self.account.played, dropped }
    }

    /// The account.
    pub fn account(&self) -> Playout {
        Playout { waiting: self.waiting.len() as u64, ..self.account }
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Put(usize),
        Take(usize),
        Clear,
    }

    proptest! {
        /// Whatever is done, every sample is played once, waits, or is dropped, and they stay in order.
        #[test]
        fn the_account_always_adds_up(
            steps in prop::collection::vec(
                prop_oneof![
                    (0_usize..700).prop_map(Step::Put),
                    (1_usize..500).prop_map(Step::Take),
                    Just(Step::Clear),
                ],
                1..60,
            )
        ) {
            let mut outbox = PcmBuffer::new(1_000);
            let mut next = 0_i16;
            let mut last_played = -1;
            for step in steps {
                match step {
                    Step::Put(len) => {
                        let samples: Vec<i16> = (0..len as i16).map(|n| (next + n) % 30_000).collect();
                        let put = outbox.put(&samples);
                        outbox.count_dropped(len - put);
                        next = (next + len as i16) % 30_000;
                    }
                    Step::Take(len) => {
                        let mut frame = vec![-1; len];
                        let taken = outbox.take(&mut frame);
                        for &sample in &frame[..taken] {
                            prop_assert!(i32::from(sample) != last_played);
                            last_played = i32::from(sample);
                        }
                        prop_assert!(frame[taken..].iter().all(|&sample| sample == 0));
                    }
                    Step::Clear => {
                        let before = outbox.account();
                        let cleared = outbox.clear();
                        prop_assert_eq!(cleared.dropped, before.waiting);
                        prop_assert_eq!(cleared.played, before.played);
                    }
                }
                let account = outbox.account();
                prop_assert_eq!(account.written, account.played + account.waiting + account.dropped);
                prop_assert!(account.waiting <= 1_000);
            }
        }
    }
}
