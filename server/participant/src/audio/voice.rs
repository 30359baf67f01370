//! The voice that we publish: every 20 ms it takes samples from the outbox and encodes a packet to send.

use std::sync::Arc;
use std::time::{Duration, Instant};

use opus_pure::{Application, MAX_PACKET_BYTES, OpusEncoder, Signal};

use super::outbox::PcmBuffer;

/// 20 ms: the length of every packet.
pub const FRAME: Duration = Duration::from_millis(20);
/// The same in RTP ticks.
const FRAME_TICKS: u64 = 960;
/// How many missed slots are caught up on; older ones are skipped, with their time.
const MAKE_UP: u32 = 5;
/// The packet loss that the encoder prepares for, in percent: decides whether it spends bits on copies (FEC).
const EXPECTED_LOSS: i32 = 10;

/// How the voice is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoiceOptions {
    /// Samples a second of the PCM: 8000, 12000, 16000, 24000 or 48000.
    pub rate: u32,
    /// Bits a second, 6000 to 128000.
    pub bitrate: u32,
    /// Forward error correction: each packet holds a coarse copy of the one before.
    pub fec: bool,
    /// Discontinuous transmission: silence is not sent.
    pub dtx: bool,
}

impl Default for VoiceOptions {
    fn default() -> Self {
        Self { rate: 24_000, bitrate: 32_000, fec: true, dtx: true }
    }
}

/// A packet to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoicePacket {
    /// Its number, from 0.
    pub seq: u64,
    /// Its time in RTP ticks, from 0.
    pub ticks: u64,
    /// Opus.
    pub payload: Arc<[u8]>,
    /// The first after silence.
    pub marker: bool,
    /// How loud it is, in decibels below full scale as RTP says it: -127 to 0.
    pub level: i8,
}

/// Encodes on the clock.
pub struct VoiceEncoder {
    encoder: OpusEncoder,
    dtx: bool,
    frame: Vec<i16>,
    packet: Vec<u8>,
    due: Option<Instant>,
    seq: u64,
    ticks: u64,
    /// The last slot held speech.
    speaking: bool,
    /// The last packet was silence; further ones are left out. (Opus itself makes a full one every 0.4 s.)
    hushed: bool,
    /// The last slot was left out.
    left_out: bool,
    skipped: u64,
}

impl VoiceEncoder {
    /// An encoder for mono PCM. `None` if Opus does not support the rate.
    pub fn new(options: VoiceOptions) -> Option<Self> {
        let rate = i32::try_from(options.rate).ok()?;
        let mut encoder = OpusEncoder::new(rate, 1, Application::Voip).ok()?;
        encoder.bitrate_bps = i32::try_from(options.bitrate.clamp(6_000, 128_000)).ok()?;
        // Measured: complexity 5 costs half of 9 and sounds alike at these rates.
        encoder.complexity = 5;
        encoder.signal_type = Some(Signal::Voice);
        encoder.use_inband_fec = options.fec;
        encoder.packet_loss_perc = if options.fec { EXPECTED_LOSS } else { 0 };
        encoder.use_dtx = options.dtx;
        Some(Self {
            encoder,
            dtx: options.dtx,
            frame: vec![0; options.rate as usize / 50],
            packet: vec![0; MAX_PACKET_BYTES],
            due: None,
            seq: 0,
            ticks: 0,
            speaking: false,
            hushed: false,
            left_out: false,
            skipped: 0,
        })
    }

    /// When the next packet is due; `None` before the first [`poll`](Self::poll).
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Slots that were skipped because we were polled too late.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The next slot, if it is due, and what to send in it, if anything. Call until it returns `None`: it catches up.
    pub fn poll(&mut self, now: Instant, outbox: &mut PcmBuffer) -> Option<Option<VoicePacket>> {
        let mut due = *self.due.get_or_insert(now);
        if now < due {
            if !self.left_out || outbox.is_empty() {
                return None;
            }
            // During silence that is not sent, speech does not wait for the next slot but starts now.
            let early = due - now;
            self.ticks -= u64::try_from(early.as_micros() * 48 / 1_000).unwrap_or(0).min(FRAME_TICKS);
            due = now;
        }
        let late = now - due;
        if late > FRAME * MAKE_UP {
            let slots = u32::try_from(late.as_millis() / FRAME.as_millis()).unwrap_or(u32::MAX);
            self.skipped += u64::from(slots);
            self.ticks += u64::from(slots) * FRAME_TICKS;
            due += FRAME * slots;
        }
        self.due = Some(due + FRAME);
        let speaking = outbox.take(&mut self.frame) > 0;
        let spoke = std::mem::replace(&mut self.speaking, speaking);
        let marker = speaking && !spoke;
        let ticks = self.ticks;
        self.ticks += FRAME_TICKS;
        let packet = self.encode(ticks, marker);
        self.left_out = packet.is_none();
        Some(packet)
    }

    fn encode(&mut self, ticks: u64, marker: bool) -> Option<VoicePacket> {
        let len = self.encoder.encode_s16(&self.frame, self.frame.len(), &mut self.packet).ok()?;
        let silence = self.dtx && len <= 2;
        if std::mem::replace(&mut self.hushed, silence) && silence {
            return None;
        }
        let seq = self.seq;
        self.seq += 1;
        let payload = Arc::from(&self.packet[..len]);
        Some(VoicePacket { seq, ticks, payload, marker, level: level(&self.frame) })
    }
}

/// Loudness in decibels below full scale, -127 (silence) to 0.
fn level(frame: &[i16]) -> i8 {
    let power: f64 = frame.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / frame.len() as f64;
    let decibels = 10.0 * (power / f64::from(i16::MAX).powi(2)).log10();
    decibels.clamp(-127.0, 0.0) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn tone(rate: u32, len: usize) -> Vec<i16> {
        let step = std::f64::consts::TAU * 330.0 / f64::from(rate);
        (0..len).map(|n| ((n as f64 * step).sin() * 8_000.0) as i16).collect()
    }

    #[test]
    fn a_packet_every_20_ms_whatever_the_rate_and_the_account_follows() {
        for rate in [8_000, 12_000, 16_000, 24_000, 48_000] {
            let mut voice =
                VoiceEncoder::new(VoiceOptions { rate, dtx: false, ..VoiceOptions::default() }).unwrap();
            let mut outbox = PcmBuffer::new(rate as usize);
            outbox.put(&tone(rate, rate as usize / 2));
            let start = start();
            let mut sent = Vec::new();
            for ms in (0..400).step_by(5) {
                while let Some(packet) = voice.poll(start + Duration::from_millis(ms), &mut outbox) {
                    sent.push(packet.unwrap());
                }
            }
            assert_eq!(sent.len(), 20);
            assert_eq!(outbox.account().played, u64::from(rate) * 400 / 1000);
            for (n, packet) in sent.iter().enumerate() {
                assert_eq!((packet.seq, packet.ticks), (n as u64, n as u64 * 960));
                assert_eq!(opus_pure::packet::samples_48k(&packet.payload).unwrap(), 960);
                assert!((-17..=-14).contains(&packet.level), "{}", packet.level);
            }
        }
        assert!(VoiceEncoder::new(VoiceOptions { rate: 44_100, ..VoiceOptions::default() }).is_none());
    }

    #[test]
    fn a_short_delay_is_made_up_and_a_long_one_skipped_with_its_time() {
        let mut voice = VoiceEncoder::new(VoiceOptions { dtx: false, ..VoiceOptions::default() }).unwrap();
        let mut outbox = PcmBuffer::new(48_000);
        outbox.put(&tone(24_000, 48_000));
        let start = start();
        let mut times = |voice: &mut VoiceEncoder, ms: u64| {
            let mut ticks = Vec::new();
            while let Some(packet) = voice.poll(start + Duration::from_millis(ms), &mut outbox) {
                ticks.push(packet.unwrap().ticks / 960);
            }
            ticks
        };
        assert_eq!(times(&mut voice, 0), [0]);
        assert_eq!(times(&mut voice, 85), [1, 2, 3, 4]);
        // A second is gone: 50 slots, of which the last is sent now.
        assert_eq!(times(&mut voice, 1_085), [54]);
        assert_eq!(voice.skipped(), 49);
        assert_eq!(voice.due(), Some(start + Duration::from_millis(1_100)));
    }

    #[test]
    fn silence_is_left_out_and_speech_after_it_is_marked() {
        let mut voice = VoiceEncoder::new(VoiceOptions::default()).unwrap();
        let mut outbox = PcmBuffer::new(240_000);
        let start = start();
        let mut slot = 0_u32;
        let mut run = |voice: &mut VoiceEncoder, outbox: &mut PcmBuffer, slots: u32| {
            let mut sent = Vec::new();
            for _ in 0..slots {
                sent.extend(voice.poll(start + FRAME * slot, outbox).unwrap());
                slot += 1;
            }
            sent
        };
        outbox.put(&tone(24_000, 24_000));
        assert_eq!(run(&mut voice, &mut outbox, 50).len(), 50);
        let quiet = run(&mut voice, &mut outbox, 200).len();
        assert!((8..60).contains(&quiet), "{quiet} packets for 4 s of silence");
        outbox.put(&tone(24_000, 4_800));
        let again = run(&mut voice, &mut outbox, 10);
        assert_eq!(again.len(), 10);
        assert!(again[0].marker && again[1..].iter().all(|packet| !packet.marker));
        assert_eq!(again[0].ticks, 250 * 960, "time passed while nothing was sent");
    }

    #[test]
    fn speech_after_silence_does_not_wait_for_the_next_slot() {
        let mut voice = VoiceEncoder::new(VoiceOptions::default()).unwrap();
        let mut outbox = PcmBuffer::new(240_000);
        let start = start();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let slots = (0..100).filter(|slot| matches!(voice.poll(at(20 * slot), &mut outbox), Some(Some(_))));
        let sent = slots.last().unwrap();
        assert!(sent < 99, "the last slot was left out");
        assert!(voice.poll(at(1_987), &mut outbox).is_none());
        outbox.put(&tone(24_000, 4_800));
        let first = voice.poll(at(1_987), &mut outbox).unwrap().unwrap();
        assert_eq!((first.ticks, first.marker), (1_987 * 48, true));
        // From here on a packet every 20 ms.
        assert!(voice.poll(at(2_000), &mut outbox).is_none());
        assert_eq!(voice.due(), Some(at(2_007)));
        assert_eq!(voice.poll(at(2_007), &mut outbox).unwrap().unwrap().ticks, 2_007 * 48);
    }
}
