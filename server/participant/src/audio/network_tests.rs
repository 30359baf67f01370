//! A voice through a network that loses, delays and reorders, on virtual time: what comes out must be complete, in
//! time, and the right tone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::frame::FrameOutcome;
use super::outbox::PcmBuffer;
use super::receiver::{ReceiveStats, Receiver};
use super::voice::{VoiceEncoder, VoiceOptions, VoicePacket};

const RATE: u32 = 16_000;

/// Reproducible pseudo-random numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Network {
    loss_percent: u64,
    /// Each packet is delayed by up to this much, independently, so that they overtake each other.
    jitter_ms: u64,
    /// Parts in a million by which the sender's clock is slow.
    drift_ppm: i64,
    /// From packet 100 on, 10 packets are held up by this much.
    spike_ms: u64,
}

struct Outcome {
    pcm: Vec<i16>,
    sounds: Vec<FrameOutcome>,
    stats: ReceiveStats,
}

/// A tone that swells, a little like syllables, so that SILK takes it for speech (and copies it).
fn swelling(hz: f64, rate: u32, seconds: u32) -> Vec<i16> {
    let step = std::f64::consts::TAU / f64::from(rate);
    let swell = |t: f64| 0.6 + 0.4 * (t * step * 3.0).sin();
    let samples = (0..rate * seconds).map(f64::from);
    samples.map(|t| ((t * step * hz).sin() * 9_000.0 * swell(t)) as i16).collect()
}

fn speak(seconds: u32, hz: f64, dtx: bool) -> Vec<VoicePacket> {
    let mut voice = VoiceEncoder::new(VoiceOptions { rate: RATE, dtx, ..VoiceOptions::default() }).unwrap();
    let mut outbox = PcmBuffer::new((RATE * seconds) as usize);
    outbox.put(&swelling(hz, RATE, seconds));
    let start = tokio::time::Instant::now().into_std();
    let slots = (0..seconds * 50).map(|slot| voice.poll(start + slot * super::voice::FRAME, &mut outbox));
    slots.flatten().flatten().collect()
}

fn listen(packets: &[VoicePacket], network: Network, seed: u64, rate: u32) -> Outcome {
    let start: Instant = tokio::time::Instant::now().into_std();
    let mut dice = Dice(seed);
    let mut arrivals: Vec<(Duration, &VoicePacket)> = Vec::new();
    for (n, packet) in packets.iter().enumerate() {
        let late = dice.roll(network.jitter_ms * 1_000 + 1);
        let lost = dice.roll(100) < network.loss_percent;
        let spike = if (100..110).contains(&n) { network.spike_ms * 1_000 } else { 0 };
        let sent = packet.ticks.cast_signed() * 1_000 / 48;
        let sent = sent + sent * network.drift_ppm / 1_000_000;
        if !lost {
            arrivals.push((Duration::from_micros(sent.cast_unsigned() + late + spike + 40_000), packet));
        }
    }
    arrivals.sort_by_key(|&(at, _)| at);
    let mut receiver = Receiver::new(rate).unwrap();
    let mut arrivals = arrivals.into_iter().peekable();
    let (mut pcm, mut sounds) = (Vec::new(), Vec::new());
    let (mut now, end) = (Duration::from_millis(7), packets.last().unwrap().ticks / 48 + 400);
    while now < Duration::from_millis(end) {
        while let Some((at, packet)) = arrivals.next_if(|&(at, _)| at <= now) {
            // Numbers start anywhere.
            let payload = Arc::clone(&packet.payload);
            receiver.insert(start + at, 70_000 + packet.seq, 9_999_999 + packet.ticks, payload);
        }
        let frame = receiver.frame(start + now);
        assert_eq!(frame.samples.len(), rate as usize / 50);
        pcm.extend(frame.samples);
        sounds.push(frame.sound);
        now += receiver.interval();
    }
    Outcome { pcm, sounds, stats: receiver.stats() }
}

/// How much of the energy is at this frequency, 0 to 1.
fn purity(pcm: &[i16], hz: f64, rate: u32) -> f64 {
    let step = std::f64::consts::TAU * hz / f64::from(rate);
    let (mut re, mut im, mut energy) = (0.0, 0.0, 1.0);
    for (n, &sample) in pcm.iter().enumerate() {
        let (sample, angle) = (f64::from(sample), n as f64 * step);
        re += sample * angle.cos();
        im += sample * angle.sin();
        energy += sample * sample;
    }
    2.0 * (re * re + im * im) / (energy * pcm.len() as f64)
}

/// Frames of 20 ms that are nearly silent.
fn gaps(pcm: &[i16], rate: u32) -> usize {
    let loud = |frame: &[i16]| frame.iter().map(|&sample| i64::from(sample).abs()).sum::<i64>();
    pcm.chunks(rate as usize / 50).filter(|frame| loud(frame) < 100 * frame.len() as i64).count()
}

/// The share of quarter seconds in which the tone is clear.
fn clear(pcm: &[i16], hz: f64, rate: u32) -> f64 {
    let windows: Vec<&[i16]> = pcm.chunks_exact(rate as usize / 4).collect();
    windows.iter().filter(|window| purity(window, hz, rate) > 0.6).count() as f64 / windows.len() as f64
}

#[test]
fn a_good_network_is_heard_whole_and_at_once() {
    let packets = speak(5, 300.0, false);
    for rate in [16_000, 24_000, 48_000] {
        let heard = listen(&packets, Network::default(), 1, rate);
        let first = heard.sounds.iter().position(|&sound| sound == FrameOutcome::Heard).unwrap();
        assert!(first <= 3, "the first frame comes 40 ms after it was sent, and one tick: {first}");
        assert_eq!(heard.stats.packets.lost, 0);
        assert_eq!(heard.stats.packets.discarded, 0);
        assert_eq!(heard.stats.target_ms, 10);
        let body = &heard.pcm[rate as usize / 2..rate as usize * 9 / 2];
        assert_eq!(gaps(body, rate), 0);
        assert!(purity(&body[..rate as usize / 2], 300.0, rate) > 0.7);
    }
}

#[test]
fn the_clock_of_who_listens_settles_on_the_packets() {
    // Two seconds of silence that is sent, then a tone.
    let mut voice =
        VoiceEncoder::new(VoiceOptions { rate: RATE, dtx: false, ..VoiceOptions::default() }).unwrap();
    let mut outbox = PcmBuffer::new(RATE as usize * 3);
    outbox.put(&vec![0; RATE as usize * 2]);
    outbox.put(&swelling(300.0, RATE, 1));
    let start = tokio::time::Instant::now().into_std();
    let packets: Vec<VoicePacket> = (0..150_u32)
        .filter_map(|slot| voice.poll(start + slot * super::voice::FRAME, &mut outbox)?)
        .collect();
    for phase in [0, 4, 8, 12, 16, 19] {
        let mut receiver = Receiver::new(RATE).unwrap();
        let (mut now, mut next) = (Duration::from_millis(phase), 0);
        let heard = loop {
            while let Some(packet) =
                packets.get(next).filter(|_| Duration::from_millis(20 * next as u64) <= now)
            {
                let at = start + Duration::from_millis(20 * next as u64);
                receiver.insert(at, packet.seq, packet.ticks, Arc::clone(&packet.payload));
                next += 1;
            }
            if receiver.frame(start + now).samples.iter().any(|&sample| sample.abs() > 2_000) {
                break now;
            }
            now += receiver.interval();
        };
        let held = heard.as_millis() as i64 - 2_000;
        assert!((9..=13).contains(&held), "begun {phase} ms after a packet, the tone was held for {held} ms");
    }
}

#[test]
fn speech_after_silence_is_ready_once_it_was_held_back() {
    let packets = speak(2, 300.0, false);
    let start = tokio::time::Instant::now().into_std();
    let mut receiver = Receiver::new(RATE).unwrap();
    let at = |ms: u64| start + Duration::from_millis(ms);
    for (slot, packet) in (0..).zip(&packets[..50]) {
        receiver.insert(at(20 * slot), packet.seq, packet.ticks, Arc::clone(&packet.payload));
        receiver.frame(at(20 * slot + 15));
    }
    assert_eq!(receiver.ready_in(at(1_000)), None, "something plays");
    (50..100).for_each(|slot| drop(receiver.frame(at(20 * slot + 15))));
    assert_eq!(receiver.ready_in(at(2_000)), None, "nothing came");
    // Half a second and a bit later.
    let (packet, later) = (&packets[50], at(1_507));
    receiver.insert(later, packet.seq, packet.ticks + 507 * 48, Arc::clone(&packet.payload));
    let ready = receiver.ready_in(later).unwrap();
    assert_eq!(ready.as_millis(), 10);
    assert_eq!(receiver.frame(later + ready).sound, FrameOutcome::Heard);
}

#[test]
fn loss_is_mended_from_copies_and_guesses() {
    let packets = speak(20, 300.0, false);
    for (loss, clear_enough) in [(1, 0.97), (5, 0.95), (20, 0.8)] {
        let network = Network { loss_percent: loss, ..Network::default() };
        let heard = listen(&packets, network, 7 + loss, RATE);
        let stats = heard.stats.packets;
        let lost = 1_000 - stats.received;
        assert!(stats.lost.abs_diff(lost) <= 1, "{stats:?}, {lost} lost");
        // After the first losses it holds back one packet more; then the copy is there, unless it is lost too.
        assert!(stats.recovered * 10 >= (lost - 3) * 7, "{loss} %: {stats:?}");
        let body = &heard.pcm[RATE as usize..RATE as usize * 19];
        let share = clear(body, 300.0, RATE);
        assert!(share >= clear_enough, "{loss} %: the tone is clear in {share:.3}");
        let silent = gaps(body, RATE);
        assert!(silent as u64 <= loss / 4, "{loss} %: {silent} silent frames of 900");
    }
}

#[test]
fn jitter_and_reordering_cost_delay_and_not_words() {
    let packets = speak(30, 300.0, false);
    let network = Network { jitter_ms: 50, ..Network::default() };
    let heard = listen(&packets, network, 3, RATE);
    // Once it has adapted, hardly anything is missing.
    let late = heard.sounds[250..1_480].iter().filter(|&&sound| sound != FrameOutcome::Heard).count();
    assert!(late <= 40, "{late} of 1230 frames were not there in time");
    assert!((40..=60).contains(&heard.stats.target_ms), "{}", heard.stats.target_ms);
    assert_eq!(gaps(&heard.pcm[RATE as usize * 2..RATE as usize * 29], RATE), 0);
}

#[test]
fn a_spike_is_waited_for_and_the_delay_goes_down_again() {
    let packets = speak(30, 300.0, false);
    let heard = listen(&packets, Network { spike_ms: 300, ..Network::default() }, 3, RATE);
    assert!(heard.stats.packets.lost <= 1, "held up is not lost: {:?}", heard.stats);
    assert!(heard.stats.shortened >= u64::from(RATE) / 5, "caught up: {:?}", heard.stats);
    // The end of what was said, and the guess at what might follow, come out within the twenty ticks that are
    // listened on.
    let tail = &heard.pcm[heard.pcm.len() - RATE as usize / 5..];
    assert!(tail[tail.len() - RATE as usize / 50..].iter().all(|&sample| sample.abs() < 200));
}

#[test]
fn clocks_that_drift_apart_are_held_together() {
    let packets = speak(60, 300.0, false);
    for drift_ppm in [-500, 500] {
        let heard = listen(&packets, Network { drift_ppm, ..Network::default() }, 3, RATE);
        // The clock follows the sender's: except at the beginning, nothing is shortened or lengthened.
        let (stats, beginning) = (heard.stats, u64::from(RATE) / 40);
        assert!(stats.lengthened + stats.shortened < beginning && stats.concealed <= 10, "{stats:?}");
        assert_eq!(heard.stats.packets.lost + heard.stats.packets.discarded, 0);
        assert_eq!(gaps(&heard.pcm[RATE as usize..RATE as usize * 59], RATE), 0);
    }
}

#[test]
fn silence_that_is_not_sent_is_quiet_and_not_lost() {
    let mut voice = VoiceEncoder::new(VoiceOptions { rate: RATE, ..VoiceOptions::default() }).unwrap();
    let mut outbox = PcmBuffer::new(RATE as usize * 10);
    let start = tokio::time::Instant::now().into_std();
    let step = std::f64::consts::TAU * 300.0 / f64::from(RATE);
    let tone: Vec<i16> = (0..RATE).map(|n| ((f64::from(n) * step).sin() * 9_000.0) as i16).collect();
    let mut packets = Vec::new();
    for slot in 0..300_u32 {
        if slot == 0 || slot == 200 {
            outbox.put(&tone);
        }
        packets.extend(voice.poll(start + slot * super::voice::FRAME, &mut outbox).flatten());
    }
    assert!(packets.len() < 160, "{} packets", packets.len());
    let heard = listen(&packets, Network { jitter_ms: 15, ..Network::default() }, 5, RATE);
    assert_eq!(heard.stats.packets.lost, 0, "{:?}", heard.stats);
    assert!(heard.stats.quiet > 100, "{:?}", heard.stats);
    // Both seconds of speech are there whole.
    let loud = heard.pcm.chunks(RATE as usize / 50).filter(|frame| frame.iter().any(|&s| s.abs() > 4_000));
    let loud = loud.count();
    assert!((98..=104).contains(&loud), "{loud} loud frames");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever arrives, in whatever order, there are 20 ms of audio every 20 ms and memory stays bounded.
    #[test]
    fn anything_at_all_may_arrive(
        packets in prop::collection::vec(
            (any::<u16>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..40), 0_u64..60),
            0..200,
        )
    ) {
        let start: Instant = tokio::time::Instant::now().into_std();
        let mut receiver = Receiver::new(RATE).unwrap();
        let mut now = Duration::ZERO;
        for (seq, ticks, payload, pause) in packets {
            now += Duration::from_millis(pause);
            receiver.insert(start + now, u64::from(seq), u64::from(ticks), Arc::from(payload));
            prop_assert_eq!(receiver.frame(start + now).samples.len(), RATE as usize / 50);
        }
    }
}

#[test]
fn the_copy_in_the_next_packet_is_better_than_a_guess() {
    for rate in [16_000, 24_000, 48_000] {
        let mut voice =
            VoiceEncoder::new(VoiceOptions { rate, dtx: false, ..VoiceOptions::default() }).unwrap();
        let mut outbox = PcmBuffer::new(rate as usize * 3);
        outbox.put(&swelling(300.0, rate, 3));
        let start = tokio::time::Instant::now().into_std();
        let slots = (0..150_u32).map(|slot| voice.poll(start + slot * super::voice::FRAME, &mut outbox));
        let packets: Vec<VoicePacket> = slots.flatten().flatten().collect();
        let (mut with_copies, mut guessed) = (0.0, 0.0);
        for lost in (60..140).step_by(9) {
            let mut decoders = [(); 3].map(|()| opus_pure::OpusDecoder::new(16_000, 1).unwrap());
            let mut pcm = [(); 3].map(|()| vec![0_i16; 5_760]);
            for packet in &packets[..lost] {
                for (decoder, pcm) in decoders.iter_mut().zip(&mut pcm) {
                    decoder.decode_s16(&packet.payload, 1_920, pcm).unwrap();
                }
            }
            decoders[0].decode_s16(&packets[lost].payload, 320, &mut pcm[0]).unwrap();
            decoders[1].decode_fec_s16(&packets[lost + 1].payload, 320, &mut pcm[1]).unwrap();
            decoders[2].decode_s16(&[], 320, &mut pcm[2]).unwrap();
            let [whole, copy, guess] = &pcm;
            let off = |other: &[i16]| -> f64 {
                let pairs = whole[..320].iter().zip(&other[..320]);
                pairs.map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum()
            };
            with_copies += off(copy);
            guessed += off(guess);
        }
        assert!(with_copies < guessed * 0.75, "{rate} Hz: {with_copies:.0} against {guessed:.0}");
    }
}
