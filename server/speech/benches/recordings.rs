//! What sound costs on its way to and from files: two channels mixed into one, and one rate made into another.

use std::io::Cursor;

use divan::{Bencher, black_box};
use speech::audio::{MonoRecording, at_rate};

/// What is sent in rooms, and what speech is heard at.
const SENT: u32 = 48_000;
const HEARD: u32 = 16_000;
/// 20 ms, and a second.
const LENGTHS_MS: [u32; 2] = [20, 1_000];

fn main() {
    divan::main();
}

/// A voice that swells, a little like syllables.
fn voice(ms: u32, hz: f64) -> Vec<i16> {
    let step = std::f64::consts::TAU / f64::from(SENT);
    let sample = |t: f64| (t * step * hz).sin() * 9_000.0 * (0.6 + 0.4 * (t * step * 3.0).sin());
    (0..SENT / 1_000 * ms).map(|t| sample(f64::from(t)) as i16).collect()
}

/// Two voices, one in each channel, as a WAV file of 16 bits.
fn stereo(ms: u32) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: SENT,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).expect("it is memory");
    for (left, right) in voice(ms, 150.0).into_iter().zip(voice(ms, 210.0)) {
        writer.write_sample(left).expect("it is memory");
        writer.write_sample(right).expect("it is memory");
    }
    writer.finalize().expect("it is memory");
    file.into_inner()
}

/// Reads the file and mixes its channels.
#[divan::bench(args = LENGTHS_MS)]
fn mix_two_channels_of_ms(bencher: Bencher<'_, '_>, ms: u32) {
    let file = stereo(ms);
    bencher.bench(|| MonoRecording::read(black_box(file.as_slice())).expect("it is a WAV file"));
}

/// From 48 to 16 kHz. What is set up for each call shows with 20 ms.
#[divan::bench(args = LENGTHS_MS)]
fn resample_ms(bencher: Bencher<'_, '_>, ms: u32) {
    let pcm = voice(ms, 150.0);
    bencher.bench(|| at_rate(black_box(&pcm), SENT, HEARD));
}
