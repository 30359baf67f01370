//! What the tests with real models share: where the models are, the readings that come with them, word errors.
#![allow(dead_code, reason = "each test file uses a part of it")]

use models::{File, ModelFolder, ModelSet};

/// The folder of the models.
pub fn models() -> ModelFolder {
    let path = std::env::var_os("INTERVIEWOS_MODELS")
        .expect("INTERVIEWOS_MODELS names the folder of the speech models");
    ModelFolder::open(path, ModelSet::Speech).expect("the speech models are there")
}

/// A reading at 16 kHz.
pub fn reading(folder: &ModelFolder, file: File) -> Vec<i16> {
    let (rate, samples) = wav(&std::fs::read(folder.path(file)).expect("the reading can be read"));
    match rate {
        16_000 => samples,
        48_000 => third(&samples),
        other => panic!("a reading at {other} Hz"),
    }
}

/// The rate and the samples of a mono wave file of 16 bits.
pub fn wav(bytes: &[u8]) -> (u32, Vec<i16>) {
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let (mut at, mut rate) = (12, 0);
    loop {
        let length = word(at + 4) as usize;
        match &bytes[at..at + 4] {
            b"fmt " => rate = word(at + 12),
            b"data" => {
                let data = &bytes[at + 8..(at + 8 + length).min(bytes.len())];
                return (
                    rate,
                    data.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect(),
                );
            }
            _ => {}
        }
        at += 8 + length + length % 2;
    }
}

/// Every third sample, after a windowed sinc has taken away what that cannot hold.
pub fn third(samples: &[i16]) -> Vec<i16> {
    const HALF: i32 = 48;
    let taps: Vec<f32> = (-HALF..=HALF)
        .map(|at| {
            let x = at as f32 * std::f32::consts::PI / 3.0;
            let sinc = if at == 0 { 1.0 } else { x.sin() / x };
            let window = 0.5 + 0.5 * (at as f32 * std::f32::consts::PI / (HALF + 1) as f32).cos();
            sinc * window / 3.0
        })
        .collect();
    (0..samples.len() as i32 / 3)
        .map(|at| {
            let sum: f32 = taps
                .iter()
                .zip(at * 3 - HALF..)
                .map(|(tap, from)| tap * f32::from(*samples.get(from as usize).unwrap_or(&0)))
                .sum();
            sum.round().clamp(-32_768.0, 32_767.0) as i16
        })
        .collect()
}

/// The words of a text, without case and punctuation.
pub fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| letter.is_whitespace() || letter == '-' || letter == '—')
        .map(|word| {
            word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        })
        .filter(|word: &String| !word.is_empty())
        .collect()
}

/// Word errors (wrong, lost, added) and words that were said.
pub fn word_errors(said: &str, heard: &str) -> (usize, usize) {
    let (said, heard) = (words(said), words(heard));
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (i, word) in said.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in heard.iter().enumerate() {
            let wrong = diagonal + usize::from(word != other);
            diagonal = row[j + 1];
            row[j + 1] = wrong.min(row[j] + 1).min(diagonal + 1);
        }
    }
    (row[heard.len()], said.len())
}

/// The opening of "A Tale of Two Cities" as it is read.
pub const TWO_CITIES: &str = "It was the best of times, it was the worst of times, it was the age of wisdom, it was \
    the age of foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of light, \
    it was the season of darkness, it was the spring of hope, it was the winter of despair. We had everything before \
    us, we had nothing before us, we were all going direct to heaven, we were all going direct the other way. In \
    short, the period was so far like the present period, that some of its noisiest authorities insisted on its being \
    received, for good or for evil, in the superlative degree of comparison only.";

/// The reading from Beckett's "Worstward Ho".
pub const BECKETT: &str = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.";

/// The middle of the quietest fifth of a second between these samples, or the end where that comes before.
pub fn pause(pcm: &[i16], from: usize, to: usize) -> usize {
    if to >= pcm.len() {
        return pcm.len();
    }
    let energy = |at: usize| pcm[at..at + 3_200].iter().map(|sample| i64::from(*sample).pow(2)).sum::<i64>();
    (from..to - 3_200).step_by(320).min_by_key(|at| energy(*at)).expect("there is some audio") + 1_600
}
