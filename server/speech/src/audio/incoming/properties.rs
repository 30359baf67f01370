//! Whatever bytes come: nothing panics, nobody hears noise at full scale, and speech comes through as it is.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

const RATE: u32 = 24_000;

/// All that is heard of these bytes, cut into pieces of this size; what was heard before it was refused, too.
fn heard(kind: &str, bytes: &[u8], piece: usize) -> (Vec<i16>, Option<Unplayable>) {
    let (mut sound, mut pcm) = (IncomingAudio::new(kind, RATE), Vec::new());
    for piece in bytes.chunks(piece.max(1)) {
        match sound.read(piece) {
            Ok(more) => pcm.extend(more),
            Err(why) => return (pcm, Some(why)),
        }
    }
    match sound.end() {
        Ok(rest) => pcm.extend(rest),
        Err(why) => return (pcm, Some(why)),
    }
    (pcm, None)
}

/// Loud, and of no tone: the sign changes nearly as often as by chance.
fn is_noise(block: &[i16]) -> bool {
    let power = block.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / block.len() as f64;
    let turns = block.windows(2).filter(|two| (two[0] < 0) != (two[1] < 0)).count();
    power.sqrt() > 0.3 * 32_768.0 && turns * 20 > block.len() * 7
}

fn has_noise(pcm: &[i16]) -> bool {
    pcm.chunks_exact(RATE as usize / 10).any(is_noise)
}

/// Half a second that moves as speech does: voiced syllables of this pitch at nearly full scale, hissing in between.
fn speech(pitch: f32, rate: u32) -> Vec<f32> {
    let mut chance = 1_u32;
    let mut hiss = move || {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        chance as f32 / u32::MAX as f32 - 0.5
    };
    let tones: Vec<(f32, f32)> = (1..=40_u8)
        .map(|number| f32::from(number) * pitch)
        .filter(|hertz| *hertz < 4_500.0_f32.min(rate as f32 * 0.45))
        .map(|hertz| {
            let near = |formant: f32, width: f32| (-((hertz - formant) / width).powi(2)).exp();
            let size = near(600.0, 300.0) + 0.4 * near(1_700.0, 400.0) + 0.15 * near(2_700.0, 500.0);
            (hertz, size)
        })
        .collect();
    let most: f32 = tones.iter().map(|(_, size)| size).sum();
    (0..rate / 2)
        .map(|at| {
            let time = at as f32 / rate as f32;
            let place = time * 5.0 % 1.0;
            if place > 0.75 {
                return hiss() * 0.3;
            }
            let tone = |(hertz, size): &(f32, f32)| (std::f32::consts::TAU * hertz * time).sin() * size;
            tones.iter().map(tone).sum::<f32>() / most * 0.95 * (place / 0.75 * std::f32::consts::PI).sin()
        })
        .collect()
}

fn short(sample: f32) -> i16 {
    (sample * 32_767.0) as i16
}

/// A RIFF file: the number of its format, bits, channels, rate, and its samples.
fn riff(kind: u16, bits: u16, channels: u16, rate: u32, data: &[u8]) -> Vec<u8> {
    let block = bits / 8 * channels;
    let mut fmt = [kind.to_le_bytes(), channels.to_le_bytes()].concat();
    fmt.extend([rate, rate * u32::from(block)].iter().flat_map(|four| four.to_le_bytes()));
    fmt.extend([block, bits].iter().flat_map(|two| two.to_le_bytes()));
    if kind == 0xfffe {
        fmt.extend([
            22, 0, bits as u8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113,
        ]);
    }
    let size = |bytes: &[u8]| (bytes.len() as u32).to_le_bytes();
    // A chunk of odd length, which is padded, stands in between.
    let list = b"LIST\x03\x00\x00\x00abc\x00";
    let (fmt_size, data_size) = (size(&fmt), size(data));
    [b"RIFF\xff\xff\xff\xffWAVEfmt ", &fmt_size[..], &fmt, list, b"data", &data_size, data].concat()
}

fn bytes_of<const N: usize>(samples: &[f32], write: impl Fn(f32) -> [u8; N]) -> Vec<u8> {
    samples.iter().flat_map(|sample| write(*sample)).collect()
}

/// The nearest code of a logarithm, by trying all.
fn logarithms(coding: Coding, samples: &[f32]) -> Vec<u8> {
    let codes: Vec<(f32, u8)> = (0..=u8::MAX).map(|byte| (coding.read(&[byte]), byte)).collect();
    let nearest = |sample: &f32| {
        let off = |(code, _): &&(f32, u8)| ((code - sample).abs() * 1e6) as u32;
        codes.iter().min_by_key(off).map_or(0, |(_, byte)| *byte)
    };
    samples.iter().map(nearest).collect()
}

/// The same sound in every way of writing it: content type, bytes, how far off it may be.
fn every_way(samples: &[f32], rate: u32) -> Vec<(String, Vec<u8>, f32)> {
    let two = |sample: f32| short(sample).to_le_bytes();
    let four = |sample: f32| ((f64::from(sample) * 2_147_483_647.0) as i32).to_le_bytes();
    let three = |sample: f32| [four(sample)[1], four(sample)[2], four(sample)[3]];
    let stereo: Vec<f32> = samples.iter().flat_map(|sample| [*sample, *sample]).collect();
    let wave = |kind, bits, data: &[u8]| riff(kind, bits, 1, rate, data);
    let wav = || "audio/wav".to_owned();
    vec![
        (format!("audio/pcm;rate={rate}"), bytes_of(samples, two), 0.001),
        (format!("audio/L16; rate={rate}; channels=2"), bytes_of(&stereo, two), 0.001),
        (format!("audio/L16;rate={rate}"), bytes_of(samples, |sample| short(sample).to_be_bytes()), 0.001),
        (wav(), wave(1, 8, &bytes_of(samples, |sample| [(sample * 127.0 + 128.0) as u8])), 0.02),
        (wav(), wave(1, 16, &bytes_of(samples, two)), 0.001),
        (wav(), wave(1, 24, &bytes_of(samples, three)), 0.001),
        (wav(), wave(1, 32, &bytes_of(samples, four)), 0.001),
        (wav(), wave(3, 32, &bytes_of(samples, f32::to_le_bytes)), 0.001),
        (wav(), wave(3, 64, &bytes_of(samples, |sample| f64::from(sample).to_le_bytes())), 0.001),
        (wav(), wave(0xfffe, 16, &bytes_of(samples, two)), 0.001),
        (wav(), wave(7, 8, &logarithms(Coding::MuLaw, samples)), 0.04),
        (wav(), wave(6, 8, &logarithms(Coding::ALaw, samples)), 0.04),
        ("audio/mpeg".to_owned(), riff(1, 16, 2, rate, &bytes_of(&stereo, two)), 0.001),
        (format!("audio/pcmu;rate={rate}"), logarithms(Coding::MuLaw, samples), 0.04),
    ]
}

#[test]
fn speech_comes_through_in_every_rate_and_format() {
    for (pitch, rate) in [(95.0, 8_000), (120.0, 16_000), (210.0, 22_050), (160.0, RATE), (230.0, 48_000)] {
        let samples = speech(pitch, rate);
        let mut converter = Converter::new(rate, RATE);
        let mut wanted = if rate == RATE { samples.clone() } else { converter.push(&samples) };
        if rate != RATE {
            wanted.extend(converter.finish());
        }
        for (number, (kind, bytes, off)) in every_way(&samples, rate).into_iter().enumerate() {
            let (pcm, refused) = heard(&kind, &bytes, 1_021);
            assert_eq!((refused, pcm.len()), (None, wanted.len()), "{kind} at {rate}, {number}");
            let error = pcm.iter().zip(&wanted).map(|(is, be)| (f32::from(*is) / 32_768.0 - be).abs());
            let worst = error.fold(0.0, f32::max);
            assert!(worst <= off, "{kind} at {rate}, {number}: {worst}");
        }
    }
}

#[test]
fn a_header_written_before_its_samples_were_made_says_nothing_of_their_length() {
    let samples = bytes_of(&speech(120.0, RATE), |sample| short(sample).to_le_bytes());
    let whole = riff(1, 16, 1, RATE, &samples);
    let at = whole.len() - samples.len() - 4;
    for size in [0, 0x7fff_ffff_u32, u32::MAX] {
        let mut file = whole.clone();
        file[at..at + 4].copy_from_slice(&size.to_le_bytes());
        assert_eq!(heard("", &file, 999).0.len(), samples.len() / 2);
    }
    let tail = [&whole[..], b"LIST\x04\x00\x00\x00abcd"].concat();
    assert_eq!(heard("", &tail, 999).0.len(), samples.len() / 2, "what follows is no sound");
}

#[test]
fn what_is_compressed_is_refused_by_name() {
    let noise = |start: &[u8]| [start, &[0x5a; 9_000]].concat();
    let mut mp3 = Vec::new();
    for _ in 0..30 {
        // 64 kbit/s at 24 kHz: frames of 192 bytes.
        mp3.extend([&[0xff, 0xf3, 0x84, 0xc4][..], &[0x5a; 188]].concat());
    }
    for (kind, bytes, name) in [
        ("audio/pcm", noise(b"ID3\x04\x00"), "MP3"),
        ("audio/pcm", mp3, "MP3"),
        ("audio/pcm", noise(b"OggS\x00\x02"), "Ogg"),
        ("audio/wav", noise(b"fLaC\x00"), "FLAC"),
        ("", noise(b"\x00\x00\x00\x20ftypM4A "), "MP4"),
        ("", noise(b"\x1a\x45\xdf\xa3\x9f"), "WebM"),
        ("audio/mpeg", vec![0; 9_000], "MP3"),
        ("", riff(0x55, 16, 1, RATE, &[0; 999]), "MP3"),
        ("", riff(2, 16, 1, RATE, &[0; 999]), "ADPCM"),
    ] {
        assert_eq!(heard(kind, &bytes, 100), (Vec::new(), Some(Unplayable::Coded(name))), "{kind} {name}");
    }
}

#[test]
fn speech_that_is_read_in_the_wrong_way_is_never_heard_as_noise() {
    for (pitch, rate) in [(95.0, 8_000), (120.0, 16_000), (210.0, RATE), (160.0, 48_000)] {
        let samples = speech(pitch, rate);
        for (kind, bytes, _) in every_way(&samples, rate) {
            // As bare samples, and from every other byte on.
            for from in [44, 45, 46, 47] {
                let (pcm, _) = heard("audio/pcm", &bytes[from..], 4_096);
                assert!(!has_noise(&pcm), "{kind} at {rate} from {from}");
            }
        }
    }
}

/// Text that servers send in place of sound.
fn page() -> impl Strategy<Value = Vec<u8>> {
    let words = "[ -~\n]{0,3000}";
    prop_oneof![
        words.prop_map(|words| format!("<!DOCTYPE html><html><body>{words}</body></html>")),
        words.prop_map(|words| serde_json::json!({ "error": { "message": words } }).to_string()),
        words.prop_map(|words| format!("\u{feff}{{\"audio\": \"{words}\"}}")),
        words.prop_map(|words| format!("data: {words}\n\n")),
        "[A-Za-z0-9+/]{40,9000}={0,2}".prop_map(|text| text),
        "[\u{4e00}-\u{4eff}。、\n]{20,2000}".prop_map(|text| text),
    ]
    .prop_map(String::into_bytes)
}

fn kind() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "audio/pcm",
        "audio/L16;rate=16000",
        "audio/wav",
        "application/octet-stream",
        "audio/pcm;rate=0",
        "audio/pcm;rate=99999999999;channels=0",
        "audio/pcm;channels=65535",
        "audio/basic",
        "audio/mpeg",
        "text/html; charset=utf-8",
        ";;=;rate",
    ])
}

/// Made once.
static SPEECH: LazyLock<Vec<f32>> = LazyLock::new(|| speech(120.0, RATE));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_never_panic_and_never_become_noise(
        bytes in prop::collection::vec(any::<u8>(), 0..20_000),
        header in prop::sample::select(vec![0, 4, 8, 12, 20, 36, 44, 56]),
        bits in prop::sample::select(vec![0_u16, 8, 16, 24, 32, 64]),
        kind in kind(),
        piece in 1..9_000_usize,
    ) {
        let whole = riff(1, bits, 1, RATE, &bytes);
        let bytes = if header == 0 { bytes } else { [&whole[..header.min(whole.len())], &bytes].concat() };
        let (pcm, _) = heard(kind, &bytes, piece);
        prop_assert!(!has_noise(&pcm));
    }

    #[test]
    fn a_header_with_a_wrong_byte_never_panics_and_never_becomes_noise(
        at in 0..68_usize, byte: u8, piece in 1..9_000_usize,
    ) {
        let samples = bytes_of(&SPEECH, |sample| short(sample).to_le_bytes());
        let mut file = riff(1, 16, 1, RATE, &samples);
        file[at] = byte;
        let (pcm, _) = heard("audio/wav", &file, piece);
        prop_assert!(!has_noise(&pcm));
    }

    #[test]
    fn white_noise_and_text_are_not_heard_at_all(
        noise in prop::collection::vec(any::<u8>(), 9_600..20_000), page in page(), piece in 1..9_000_usize,
    ) {
        prop_assert_eq!(heard("audio/pcm", &noise, piece), (Vec::new(), Some(Unplayable::Noise)));
        prop_assert_eq!(heard("audio/pcm", &page, piece), (Vec::new(), Some(Unplayable::Text)));
    }

    #[test]
    fn noise_in_the_middle_of_speech_is_not_heard(
        noise in prop::collection::vec(any::<u8>(), 9_600..20_000), before in 0..12_000_usize,
    ) {
        let samples = bytes_of(&SPEECH[..before], |sample| short(sample).to_le_bytes());
        let (pcm, refused) = heard("audio/pcm", &[samples, noise].concat(), 4_001);
        // A fiftieth of a second of it is lost in what is judged with it.
        prop_assert!(pcm.len() <= before + RATE as usize / 50);
        prop_assert_eq!(refused, Some(Unplayable::Noise));
    }

    #[test]
    fn the_cuts_change_nothing(piece in 100..9_000_usize, rate in prop::sample::select(vec![16_000, RATE])) {
        let samples = bytes_of(&SPEECH, f32::to_le_bytes);
        let file = riff(3, 32, 1, rate, &samples);
        prop_assert_eq!(heard("", &file, piece), heard("", &file, file.len()));
    }
}
