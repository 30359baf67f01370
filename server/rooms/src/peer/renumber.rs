//! Renumbers a forwarded track's packets, so that the receiver sees one unbroken stream.

use std::time::Instant;

/// The RTP clock of Opus: ticks a second.
const RATE: u128 = 48_000;
/// A jump of more packets than this is a restart, not a loss.
const JUMP: u64 = 500;

/// How one source maps onto the outgoing stream.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    source: u32,
    /// The first sequence number of this source; older packets come too late.
    first: u64,
    /// The newest sequence number.
    newest: u64,
    add_number: u64,
    add_time: u32,
    last_time: u32,
    last_at: Instant,
}

/// Numbers outgoing packets. Losses stay visible as gaps, so that a receiver can conceal them; packets held back on
/// purpose leave no gap.
#[derive(Debug)]
pub(super) struct Renumber {
    next: u64,
    anchor: Option<Anchor>,
    held: bool,
}

impl Renumber {
    /// Starts at this number; its low 16 bits go on the wire.
    pub fn new(start: u16) -> Self {
        Self { next: u64::from(start), anchor: None, held: false }
    }

    /// Notes that a packet was held back.
    pub fn hold(&mut self) {
        self.held = true;
    }

    /// The sequence number and timestamp for a packet of `source`. `None` if it comes too late.
    pub fn packet(&mut self, now: Instant, source: u32, number: u64, time: u32) -> Option<(u64, u32)> {
        let anchor = match self.anchor {
            Some(anchor) if anchor.source == source => {
                if number < anchor.first && anchor.first - number < JUMP {
                    return None;
                }
                let jumped = number.abs_diff(anchor.newest) > JUMP;
                if self.held || jumped {
                    // The source's clock ran on. After a jump of its sequence numbers it may have been reset.
                    let add_time = if jumped { self.after(&anchor, now, time) } else { anchor.add_time };
                    Anchor {
                        first: number,
                        newest: number,
                        add_number: self.next.wrapping_sub(number),
                        add_time,
                        ..anchor
                    }
                } else {
                    anchor
                }
            }
            Some(anchor) => Anchor {
                source,
                first: number,
                newest: number,
                add_number: self.next.wrapping_sub(number),
                add_time: self.after(&anchor, now, time),
                ..anchor
            },
            None => Anchor {
                source,
                first: number,
                newest: number,
                add_number: self.next.wrapping_sub(number),
                add_time: 0,
                last_time: time,
                last_at: now,
            },
        };
        self.held = false;
        let (out, out_time) = (number.wrapping_add(anchor.add_number), time.wrapping_add(anchor.add_time));
        self.next = self.next.max(out + 1);
        let newest = number >= anchor.newest;
        self.anchor = Some(Anchor {
            newest: anchor.newest.max(number),
            last_time: if newest { out_time } else { anchor.last_time },
            last_at: if newest { now } else { anchor.last_at },
            ..anchor
        });
        Some((out, out_time))
    }

    /// What to add to `time`, so that it continues after the last packet as much later as our clock says.
    fn after(&self, last: &Anchor, now: Instant, time: u32) -> u32 {
        let samples = now.saturating_duration_since(last.last_at).as_micros() * RATE / 1_000_000;
        let elapsed = u32::try_from(samples).unwrap_or(u32::MAX).max(960);
        last.last_time.wrapping_add(elapsed).wrapping_sub(time)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "an anchor for virtual time")]
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn losses_stay_and_what_was_held_leaves_no_gap() {
        let now = start();
        let mut renumber = Renumber::new(100);
        assert_eq!(renumber.packet(now, 1, 7, 0), Some((100, 0)));
        assert_eq!(renumber.packet(now, 1, 9, 1920), Some((102, 1920)), "a loss stays visible");
        assert_eq!(renumber.packet(now, 1, 8, 960), Some((101, 960)), "what comes late has its place");
        renumber.hold();
        assert_eq!(renumber.packet(now, 1, 12, 4800), Some((103, 4800)), "nobody misses what was held back");
        assert_eq!(renumber.packet(now, 1, 11, 3840), None, "and nothing may come before it");
    }

    #[test]
    fn another_source_goes_on_where_the_last_one_was() {
        let now = start();
        let mut renumber = Renumber::new(5);
        assert_eq!(renumber.packet(now, 1, 7, 1000), Some((5, 1000)));
        let later = now + Duration::from_millis(100);
        assert_eq!(renumber.packet(later, 2, 60_000, 77), Some((6, 5800)));
        assert_eq!(renumber.packet(later, 2, 60_001, 77 + 960), Some((7, 6760)));
    }

    proptest! {
        /// Whatever comes in, no number goes out twice for different packets of one source in order.
        #[test]
        fn numbers_only_rise_while_the_source_is_in_order(steps in prop::collection::vec((1_u64..1200, any::<bool>(), 1_u32..3), 1..100)) {
            let now = start();
            let mut renumber = Renumber::new(u16::MAX);
            let (mut number, mut time, mut last) = (40_000_u64, u32::MAX - 5000, None);
            for (step, held, source) in steps {
                number += step;
                time = time.wrapping_add(960);
                if held {
                    renumber.hold();
                    continue;
                }
                let (out, _) = renumber.packet(now, source, number, time).expect("in order");
                prop_assert!(last.is_none_or(|last| out > last), "{out} after {last:?}");
                last = Some(out);
            }
        }
    }
}
