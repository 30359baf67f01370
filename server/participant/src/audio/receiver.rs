//! One track that we hear: packets in, 20 ms of PCM out every 20 ms, whatever the network does.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opus_pure::{MAX_PACKET_SAMPLES, OpusDecoder};

use super::delay::TICKS;
use super::frame::{AudioFrame, FrameOutcome};
use super::jitter::{Jitter, JitterStats, TimelinePiece};
use super::stretch;
use super::voice::FRAME;

/// The interval between frames changes by at most this much, in microseconds, so that the clock settles where packets
/// have just been held back long enough.
const NUDGE_US: i64 = 1_000;
/// Speech is shortened once packets are taken this much later than the target, in microseconds. More than 20 ms, by
/// which it varies anyway, because frames begin anywhere within packets.
const TOO_LATE_US: i64 = 25_000;
/// Speech is lengthened once packets are taken this much too early, in microseconds.
const TOO_EARLY_US: i64 = 5_000;
/// Frames between two changes of length, so that speech stays natural. None if it is very late.
const REST: u32 = 3;
const VERY_LATE_US: i64 = 120_000;

/// The unit of Opus' concealment, in ticks: 2.5 ms. A gap may have any length (the sender chooses the timestamps), but
/// the decoder panics if it is asked for a fraction of this.
const UNIT: u64 = TICKS / 400;

/// Counts of a track's audio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceiveStats {
    /// Its packets.
    pub packets: JitterStats,
    /// Frames delivered.
    pub frames: u64,
    /// Of these, concealed.
    pub concealed: u64,
    /// Of these, silence because nothing was sent.
    pub quiet: u64,
    /// Samples taken out to catch up.
    pub shortened: u64,
    /// Samples put in to wait.
    pub lengthened: u64,
    /// The target delay, in milliseconds.
    pub target_ms: u32,
}

/// Decodes one track.
pub struct Receiver {
    jitter: Jitter,
    decoder: OpusDecoder,
    rate: u32,
    pcm: VecDeque<i16>,
    /// Room for the longest packet.
    scratch: Vec<i16>,
    /// The packets decoded since the last frame.
    packets: Vec<Arc<[u8]>>,
    rest: u32,
    /// How much longer than the target the last packet was held back, in microseconds.
    surplus: i64,
    stats: ReceiveStats,
}

impl Receiver {
    /// Decodes to mono PCM of `rate` samples a second. `None` if Opus does not support the rate.
    pub fn new(rate: u32) -> Option<Self> {
        let decoder = OpusDecoder::new(i32::try_from(rate).ok()?, 1).ok()?;
        Some(Self {
            jitter: Jitter::new(),
            decoder,
            rate,
            pcm: VecDeque::new(),
            scratch: vec![0; MAX_PACKET_SAMPLES],
            packets: Vec::new(),
            rest: 0,
            surplus: 0,
            stats: ReceiveStats::default(),
        })
    }

    /// The counts so far.
    pub fn stats(&self) -> ReceiveStats {
        let target_ms = u32::try_from(self.jitter.target().as_millis()).unwrap_or(u32::MAX);
        ReceiveStats { packets: self.jitter.stats(), target_ms, ..self.stats }
    }

    /// Takes a packet; sequence number and timestamp are extended.
    pub fn insert(&mut self, now: Instant, seq: u64, ticks: u64, payload: Arc<[u8]>) {
        self.jitter.insert(now, seq, ticks, payload);
    }

    /// While silent and with a packet waiting: how long until it may be played.
    pub fn ready_in(&self, now: Instant) -> Option<Duration> {
        self.jitter.ready_in(now)
    }

    /// How long after the last frame to ask for the next: 20 ms, a little less or a little more.
    pub fn interval(&self) -> Duration {
        let nudge = (self.surplus / 4).clamp(-NUDGE_US, NUDGE_US);
        Duration::from_micros((FRAME.as_micros() as i64 - nudge).cast_unsigned())
    }

    /// The frame that is due now. Call it every [`interval`](Self::interval).
    pub fn frame(&mut self, now: Instant) -> AudioFrame {
        let wanted = self.rate as usize / 50;
        self.surplus = 0;
        self.rest = self.rest.saturating_sub(1);
        let mut sound = FrameOutcome::Heard;
        while self.pcm.len() < wanted {
            let piece = self.jitter.next(now);
            sound = self.decode(now, piece);
        }
        self.stats.frames += 1;
        match sound {
            FrameOutcome::Heard => {}
            FrameOutcome::Concealed => self.stats.concealed += 1,
            FrameOutcome::Quiet => self.stats.quiet += 1,
        }
        let packets = std::mem::take(&mut self.packets);
        AudioFrame { samples: self.pcm.drain(..wanted).collect(), rate: self.rate, sound, packets }
    }

    fn decode(&mut self, now: Instant, piece: TimelinePiece) -> FrameOutcome {
        let (made, sound) = match piece {
            TimelinePiece::Packet(payload) => {
                let room = self.samples(TICKS * 120 / 1000);
                let made = self.decoder.decode_s16(&payload, room, &mut self.scratch);
                self.packets.push(payload);
                (made, FrameOutcome::Heard)
            }
            TimelinePiece::Copy(payload, ticks) => {
                let (len, whole) = (self.samples(ticks), self.samples(ticks.next_multiple_of(UNIT)));
                let made = self.decoder.decode_fec_s16(&payload, whole, &mut self.scratch);
                (made.map(|made| made.min(len)), FrameOutcome::Heard)
            }
            TimelinePiece::Lost(ticks) => {
                let (len, whole) = (self.samples(ticks), self.samples(ticks.next_multiple_of(UNIT)));
                let made = self.decoder.decode_s16(&[], whole, &mut self.scratch);
                (made.map(|made| made.min(len)), FrameOutcome::Concealed)
            }
            TimelinePiece::Quiet(ticks) => {
                self.pcm.extend(std::iter::repeat_n(0, self.samples(ticks)));
                return FrameOutcome::Quiet;
            }
        };
        match made {
            Ok(len) if len > 0 => {
                let mut frame = self.scratch[..len].to_vec();
                self.fit(now, &mut frame);
                self.pcm.extend(frame);
                sound
            }
            // The packet is not Opus after all: 20 ms of silence, and the decoder goes on.
            Ok(_) | Err(_) => {
                self.pcm.extend(std::iter::repeat_n(0, self.rate as usize / 50));
                FrameOutcome::Concealed
            }
        }
    }

    /// Shortens or lengthens what was just decoded, when the timeline is late or early.
    fn fit(&mut self, now: Instant, frame: &mut Vec<i16>) {
        let decoded = frame.len() as u64 * TICKS / u64::from(self.rate);
        let Some(surplus) = self.jitter.surplus(now, decoded) else { return };
        self.surplus = surplus;
        let may = self.rest == 0 || surplus > VERY_LATE_US;
        if !may || (-TOO_EARLY_US..=TOO_LATE_US).contains(&surplus) {
            return;
        }
        self.rest = REST;
        if surplus > 0 {
            self.stats.shortened += stretch::shorten(frame, self.rate) as u64;
        } else {
            self.stats.lengthened += stretch::lengthen(frame, self.rate) as u64;
        }
    }

    fn samples(&self, ticks: u64) -> usize {
        usize::try_from(ticks * u64::from(self.rate) / TICKS).expect("ticks of one packet")
    }
}
