//! The voice of this machine, with its models.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::sync::Arc;

use futures::StreamExt as _;
use models::pool::{Pool, PoolOptions};
use models::{ModelFolder, ModelSet};
use speech::local::SpeechModels;
use speech::ports::{SpeakRequest, SpeechChunk, Tts as _, Urgency};
use speech::speak::LocalVoice;

fn voice() -> LocalVoice {
    let path =
        std::env::var_os("INTERVIEWOS_MODELS").expect("INTERVIEWOS_MODELS names the folder of the models");
    let folder = ModelFolder::open(path, ModelSet::Speech).unwrap();
    let options = PoolOptions { threads: 1, ..PoolOptions::default() };
    LocalVoice::new(Arc::new(Pool::start(options, move || SpeechModels::new(folder.clone())).unwrap()))
}

async fn speak(voice: &LocalVoice, text: &str, speed: f32) -> Vec<SpeechChunk> {
    let request = SpeakRequest { text: text.to_owned(), speed, urgency: Urgency::FirstWords };
    voice.speak(request).map(Result::unwrap).collect().await
}

/// Every eighth of the sentences: 25 of them.
fn sentences() -> impl Iterator<Item = &'static str> {
    include_str!("data/interview_sentences.txt").lines().step_by(8)
}

/// The root mean square of the frames of 20 ms that are within 30 dB of the loudest, in dB of the largest sample.
fn loudness(pcm: &[i16]) -> f64 {
    let energy = |frame: &[i16]| {
        frame.iter().map(|sample| (f64::from(*sample) / 32768.0).powi(2)).sum::<f64>() / frame.len() as f64
    };
    let frames: Vec<f64> = pcm.chunks(480).map(energy).collect();
    let gate = frames.iter().copied().fold(0.0, f64::max) / 1000.0;
    let sounding: Vec<f64> = frames.into_iter().filter(|energy| *energy > gate).collect();
    10.0 * (sounding.iter().sum::<f64>() / sounding.len() as f64).log10()
}

/// Milliseconds before the first and after the last sample above a hundredth of the largest.
fn silences(pcm: &[i16]) -> (usize, usize) {
    let loud = pcm.iter().map(|sample| sample.unsigned_abs()).max().unwrap() / 100;
    let sounds = |sample: &i16| sample.unsigned_abs() > loud;
    let first = pcm.iter().position(sounds).unwrap();
    let last = pcm.iter().rposition(sounds).unwrap();
    (first / 24, (pcm.len() - 1 - last) / 24)
}

#[tokio::test]
#[ignore = "needs the speech models: make test sets them up"]
async fn sentences_are_even_trimmed_and_never_clip() {
    let voice = voice();
    assert_eq!(voice.rate(), 24_000);
    for text in sentences() {
        let pcm: Vec<i16> =
            speak(&voice, text, 1.0).await.into_iter().flat_map(|spoken| spoken.pcm).collect();
        let peak = pcm.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        let (before, after) = silences(&pcm);
        let loudness = loudness(&pcm);
        assert!(peak < 29_300, "a peak of {peak}: {text}");
        assert!((-21.0..=-19.0).contains(&loudness), "{loudness:.1} dB: {text}");
        assert!(before <= 90 && after <= 120, "{before} ms before, {after} ms after: {text}");
    }
}

#[tokio::test]
#[ignore = "needs the speech models: make test sets them up"]
async fn words_take_the_time_that_words_take() {
    let voice = voice();
    for text in sentences() {
        for speed in [0.8, 1.0, 1.3] {
            let spoken = speak(&voice, text, speed).await;
            let words: Vec<_> = spoken.iter().flat_map(|spoken| &spoken.words).collect();
            // "10 million" is said, and cut, as one.
            let written: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            assert_eq!(written.join(" "), text);
            assert!(
                words.is_sorted_by(|one, next| one.start_ms < one.end_ms && one.end_ms <= next.start_ms),
                "{text}"
            );
            let whole: usize = spoken.iter().map(|spoken| spoken.pcm.len() / 24).sum();
            assert!(words.last().unwrap().end_ms as usize <= whole);
            // Between 2 and 6 syllables a second, or so: letters tell.
            let letters = text.chars().filter(|letter| letter.is_alphanumeric()).count() as f64;
            let pace = letters / (whole as f64 / 1000.0) / f64::from(speed);
            assert!((6.0..24.0).contains(&pace), "{pace:.1} letters a second: {text}");
        }
    }
}

#[tokio::test]
#[ignore = "needs the speech models: make test sets them up"]
async fn the_first_sound_comes_before_the_rest_is_made() {
    let voice = voice();
    // How soon that is, and how much faster than real time, is measured by `make bench-speech`: machines differ.
    let text = sentences().take(4).collect::<Vec<_>>().join(" ");
    let request = SpeakRequest { text, speed: 1.0, urgency: Urgency::FirstWords };
    let mut speech = voice.speak(request);
    let (mut first, mut all) = (None, 0);
    while let Some(part) = speech.next().await {
        let samples = part.unwrap().pcm.len();
        first.get_or_insert(samples);
        all += samples;
    }
    assert!(first.is_some_and(|first| first > 0 && first * 2 < all), "{first:?} of {all} samples come first");
}
