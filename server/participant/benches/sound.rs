//! What sound costs a participant: the jitter buffer, decoding, and making speech longer or shorter, for packets that come
//! out of order or not at all; and encoding what is said.

use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::{Bencher, black_box, counter::ItemsCount};
use participant::VoiceOptions;
use participant::audio::jitter::Jitter;
use participant::audio::outbox::PcmBuffer;
use participant::audio::receiver::Receiver;
use participant::audio::stretch;
use participant::audio::voice::{FRAME, VoiceEncoder, VoicePacket};

/// What a voice is sent at.
const RATE: u32 = 48_000;
/// What speech is heard at.
const HEARD: u32 = 16_000;
/// 10 s of packets of 20 ms.
const PACKETS: u32 = 500;
/// Of a hundred packets so many are lost, and each is late by up to so much, on its own: they overtake each other.
const LOSS: u64 = 5;
const LATE_US: u64 = 40_000;

fn main() {
    divan::main();
}

/// A packet, and when it comes.
struct Arrival {
    at: Duration,
    packet: VoicePacket,
}

/// A tone that swells, a little like syllables, so that Opus takes it for speech.
fn voice(rate: u32, samples: u32) -> Vec<i16> {
    let step = std::f64::consts::TAU / f64::from(rate);
    let sample = |t: f64| (t * step * 150.0).sin() * 9_000.0 * (0.6 + 0.4 * (t * step * 3.0).sin());
    (0..samples).map(|t| sample(f64::from(t)) as i16).collect()
}

fn encoder() -> VoiceEncoder {
    let options = VoiceOptions { rate: RATE, dtx: false, ..VoiceOptions::default() };
    VoiceEncoder::new(options).expect("Opus knows the rate")
}

fn start() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// The packets of 10 s of speech, in the order in which a bad network delivers them.
fn arrivals() -> Vec<Arrival> {
    let (mut encoder, start) = (encoder(), start());
    let mut outbox = PcmBuffer::new((PACKETS * RATE / 50) as usize);
    outbox.put(&voice(RATE, PACKETS * RATE / 50));
    let mut dice = 7_u64;
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    let mut arrivals = Vec::new();
    for slot in 0..PACKETS {
        let packet =
            encoder.poll(start + FRAME * slot, &mut outbox).flatten().expect("it speaks all the time");
        let (late, lost) = (roll(LATE_US), roll(100) < LOSS);
        if !lost {
            arrivals.push(Arrival { at: FRAME * slot + Duration::from_micros(late), packet });
        }
    }
    arrivals.sort_by_key(|arrival| arrival.at);
    let overtakes = |pair: &[Arrival]| pair[0].packet.seq > pair[1].packet.seq;
    assert!(arrivals.len() < PACKETS as usize && arrivals.windows(2).any(overtakes), "it is a bad network");
    arrivals
}

/// Plays 10 s to a listener: what has come is put in, and every 20 ms something is taken out.
fn play<T>(
    arrivals: &[Arrival],
    listener: &mut T,
    put: impl Fn(&mut T, Duration, &VoicePacket),
    take: impl Fn(&mut T, Duration),
) {
    let mut coming = arrivals.iter().peekable();
    for slot in 0..PACKETS {
        let now = FRAME * slot + Duration::from_millis(7);
        while let Some(arrival) = coming.next_if(|arrival| arrival.at <= now) {
            put(listener, arrival.at, &arrival.packet);
        }
        take(listener, now);
    }
}

/// The jitter buffer alone, for 10 s of packets.
#[divan::bench]
fn jitter_buffer_10_s(bencher: Bencher<'_, '_>) {
    let (arrivals, start) = (arrivals(), start());
    bencher.counter(ItemsCount::new(PACKETS)).with_inputs(Jitter::new).bench_values(|mut jitter| {
        play(
            &arrivals,
            &mut jitter,
            |jitter, at, one| jitter.insert(start + at, one.seq, one.ticks, Arc::clone(&one.payload)),
            |jitter, now| {
                black_box(jitter.next(start + now));
            },
        );
        jitter
    });
}

/// The same with Opus, concealment and what keeps the delay.
#[divan::bench]
fn receive_10_s(bencher: Bencher<'_, '_>) {
    let (arrivals, start) = (arrivals(), start());
    let receiver = || Receiver::new(HEARD).expect("Opus knows the rate");
    bencher.counter(ItemsCount::new(PACKETS)).with_inputs(receiver).bench_values(|mut receiver| {
        play(
            &arrivals,
            &mut receiver,
            |receiver, at, one| receiver.insert(start + at, one.seq, one.ticks, Arc::clone(&one.payload)),
            |receiver, now| {
                black_box(receiver.frame(start + now));
            },
        );
        receiver
    });
}

#[divan::bench]
fn encode_10_s(bencher: Bencher<'_, '_>) {
    let (samples, start) = (voice(RATE, PACKETS * RATE / 50), start());
    let ready = || {
        let mut outbox = PcmBuffer::new(samples.len());
        outbox.put(&samples);
        (encoder(), outbox)
    };
    bencher.counter(ItemsCount::new(PACKETS)).with_inputs(ready).bench_values(|(mut encoder, mut outbox)| {
        for slot in 0..PACKETS {
            black_box(encoder.poll(start + FRAME * slot, &mut outbox));
        }
        encoder
    });
}

/// What keeps the delay: a pitch period is taken out of 20 ms, or put in.
#[divan::bench(args = [HEARD, RATE])]
fn shorten_20_ms_at_rate(bencher: Bencher<'_, '_>, rate: u32) {
    let frame = voice(rate, rate / 50);
    bencher.with_inputs(|| frame.clone()).bench_values(|mut frame| {
        stretch::shorten(&mut frame, rate);
        frame
    });
}

#[divan::bench(args = [HEARD, RATE])]
fn lengthen_20_ms_at_rate(bencher: Bencher<'_, '_>, rate: u32) {
    let frame = voice(rate, rate / 50);
    bencher.with_inputs(|| frame.clone()).bench_values(|mut frame| {
        stretch::lengthen(&mut frame, rate);
        frame
    });
}
