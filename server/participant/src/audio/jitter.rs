//! The jitter buffer: packets in as they come, pieces of the timeline out when they are due.
//!
//! Pure: it is told the time. A packet that is not there when it is due is told apart by the sequence numbers:
//! lost (numbers are missing), never sent (timestamps jump and numbers do not: silence left out, or muted), or
//! not known yet (nothing newer is there), which is concealed for a while without giving up on it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::delay::Delay;

/// The length of a piece, in ticks, where nothing else says it: 20 ms.
const PIECE: u64 = 960;
/// Packets that may wait; beyond that the oldest is dropped.
const MOST_PACKETS: usize = 256;
/// How long a missing packet is waited for while nothing newer is there; then the stream counts as silent.
const PATIENCE: u64 = 6 * PIECE;
/// A longer gap is skipped, not filled: 0.5 s.
const LONGEST_GAP: u64 = 24_000;
/// A packet this far from the one that is due belongs to another timeline: 2 s.
const ANOTHER_TIMELINE_US: i64 = 2_000_000;
/// The longest delay.
const MOST_DELAY: Duration = Duration::from_millis(400);
/// The most audio that one packet may hold: 120 ms.
const MOST_TICKS: u64 = 5_760;

/// The decay of the loss share with each packet: it looks back some 5 s.
const KEEP: f32 = 0.996;
/// From this loss share on, one more packet is held back, because the copy of a lost packet is in the next one.
const LOSSY: f32 = 0.006;
/// Below this loss share, no longer.
const SOUND: f32 = 0.002;
const FOR_COPIES: Duration = Duration::from_millis(20);

/// A piece of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimelinePiece {
    /// A packet to decode.
    Packet(Arc<[u8]>),
    /// A lost packet. This one, the next, may hold a copy of it. With the ticks to produce.
    Copy(Arc<[u8]>, u64),
    /// Lost, or not here in time: the ticks to conceal.
    Lost(u64),
    /// Nothing was sent: the ticks of silence.
    Quiet(u64),
}

/// Counts of packets so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JitterStats {
    /// Packets that came.
    pub received: u64,
    /// Of these, too late or duplicate.
    pub discarded: u64,
    /// Packets that never came in time.
    pub lost: u64,
    /// Of these, recovered from the copy in the next packet, if it held one.
    pub recovered: u64,
}

struct BufferedPacket {
    ticks: u64,
    lasts: u64,
    payload: Arc<[u8]>,
}

/// One stream of Opus packets.
pub struct Jitter {
    delay: Delay,
    waiting: BTreeMap<u64, BufferedPacket>,
    /// The sequence number and timestamp due next. `None` while the stream is silent.
    due: Option<(u64, u64)>,
    /// The next sequence number, even while silent: older packets come too late.
    floor: u64,
    /// Ticks concealed in advance for a packet that may still come.
    concealed: u64,
    /// The last packet announced silence (it had one or two bytes).
    hushed: bool,
    /// The recent loss share, and whether it calls for more delay.
    loss: f32,
    lossy: bool,
    stats: JitterStats,
}

impl Default for Jitter {
    fn default() -> Self {
        Self::new()
    }
}

impl Jitter {
    /// An empty buffer.
    pub fn new() -> Self {
        Self {
            delay: Delay::new(MOST_DELAY),
            waiting: BTreeMap::new(),
            due: None,
            floor: 0,
            concealed: 0,
            hushed: false,
            loss: 0.0,
            lossy: false,
            stats: JitterStats::default(),
        }
    }

    /// The counts of packets.
    pub fn stats(&self) -> JitterStats {
        self.stats
    }

    /// The target delay.
    pub fn target(&self) -> Duration {
        let more = if self.lossy { FOR_COPIES } else { Duration::ZERO };
        self.delay.target() + more
    }

    fn target_us(&self) -> i64 {
        i64::try_from(self.target().as_micros()).unwrap_or(i64::MAX / 4)
    }

    /// Takes a packet. `seq` and `ticks` are extended beyond 16 and 32 bits. Packets that are not Opus are dropped.
    pub fn insert(&mut self, now: Instant, seq: u64, ticks: u64, payload: Arc<[u8]>) {
        self.stats.received += 1;
        let lasts = match opus_pure::packet::samples_48k(&payload) {
            Ok(samples) if (1..=MOST_TICKS).contains(&(samples as u64)) => samples as u64,
            Ok(_) | Err(_) => {
                self.stats.discarded += 1;
                return;
            }
        };
        if self.delay.behind(now, ticks).is_some_and(|us| us.abs() > ANOTHER_TIMELINE_US) {
            self.restart();
        }
        self.delay.arrived(now, ticks);
        if seq < self.floor || self.waiting.contains_key(&seq) {
            self.stats.discarded += 1;
            return;
        }
        self.waiting.insert(seq, BufferedPacket { ticks, lasts, payload });
        if self.waiting.len() > MOST_PACKETS {
            self.waiting.pop_first();
            self.stats.discarded += 1;
        }
    }

    /// The piece to play now.
    pub fn next(&mut self, now: Instant) -> TimelinePiece {
        let Some((seq, ticks)) = self.due else { return self.begin(now) };
        let Some((&first, held)) = self.waiting.first_key_value() else { return self.starved() };
        let gap = held.ticks.saturating_sub(ticks);
        if first == seq {
            // The sequence numbers are consecutive and the timestamps are not: nothing was sent in between.
            return if gap > 0 && !self.absorb(gap) { self.silence(now) } else { self.take() };
        }
        if gap > LONGEST_GAP {
            return self.silence(now);
        }
        // What was concealed in advance replaced the packets that are now known to be lost.
        let missing = first - seq;
        let skipped = gap.min(self.concealed);
        self.concealed = 0;
        let gap = gap - skipped;
        if gap == 0 {
            self.lose(missing);
            return self.take();
        }
        if gap <= held.lasts {
            let copy = Arc::clone(&held.payload);
            self.due = Some((first, held.ticks));
            self.floor = first;
            self.lose(missing);
            self.stats.recovered += 1;
            return TimelinePiece::Copy(copy, gap);
        }
        let piece = PIECE.min(gap);
        let next = if missing > 1 { seq + 1 } else { seq };
        self.lose(next - seq);
        self.due = Some((next, ticks + skipped + piece));
        self.floor = next;
        TimelinePiece::Lost(piece)
    }

    /// How much longer than the target the packet just taken (of `decoded` ticks) was held back, in microseconds.
    /// Negative: not long enough. `None` while silent.
    pub fn surplus(&self, now: Instant, decoded: u64) -> Option<i64> {
        let (_, ticks) = self.due?;
        let behind = self.delay.behind(now, ticks.wrapping_sub(decoded))?;
        Some(behind - self.target_us())
    }

    /// While silent and with a packet waiting: how long until it has been held back for the target delay.
    pub fn ready_in(&self, now: Instant) -> Option<Duration> {
        let held = self.waiting.first_key_value().filter(|_| self.due.is_none())?.1;
        let left = self.target_us() - self.delay.behind(now, held.ticks).unwrap_or(0);
        Some(Duration::from_micros(u64::try_from(left).unwrap_or(0)))
    }

    /// Starts, or restarts after silence, once the first packet was held back long enough.
    fn begin(&mut self, now: Instant) -> TimelinePiece {
        let Some((&seq, held)) = self.waiting.first_key_value() else { return TimelinePiece::Quiet(PIECE) };
        let behind = self.delay.behind(now, held.ticks).unwrap_or(0);
        // A tick comes every 20 ms: half of that early is nearer than half late.
        if behind + 10_000 < self.target_us() {
            return TimelinePiece::Quiet(PIECE);
        }
        self.due = Some((seq, held.ticks));
        self.floor = seq;
        self.take()
    }

    fn lose(&mut self, packets: u64) {
        self.stats.lost += packets;
        for _ in 0..packets.min(MOST_PACKETS as u64) {
            self.loss = self.loss * KEEP + (1.0 - KEEP);
        }
        self.lossy |= self.loss >= LOSSY;
    }

    fn take(&mut self) -> TimelinePiece {
        self.loss *= KEEP;
        self.lossy &= self.loss >= SOUND;
        let (seq, held) = self.waiting.pop_first().expect("the callers have seen a packet");
        self.due = Some((seq + 1, held.ticks + held.lasts));
        self.floor = seq + 1;
        self.concealed = 0;
        self.hushed = held.payload.len() <= 2;
        TimelinePiece::Packet(held.payload)
    }

    fn starved(&mut self) -> TimelinePiece {
        if self.hushed || self.concealed >= PATIENCE {
            self.concealed = 0;
            self.due = None;
            return TimelinePiece::Quiet(PIECE);
        }
        self.concealed += PIECE;
        TimelinePiece::Lost(PIECE)
    }

    /// Whether a gap was concealed already, as when the last packets before silence were waited for.
    fn absorb(&mut self, gap: u64) -> bool {
        gap <= self.concealed
    }

    fn silence(&mut self, now: Instant) -> TimelinePiece {
        self.concealed = 0;
        self.due = None;
        self.begin(now)
    }

    fn restart(&mut self) {
        self.delay.rebase();
        self.waiting.clear();
        self.due = None;
        self.floor = 0;
        self.concealed = 0;
    }
}
