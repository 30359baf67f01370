//! The voice of this machine, with its models.

use std::sync::Arc;

use futures::StreamExt as _;
use models::pool::{Pool, PoolOptions};
use models::{Folder, Set};
use speech::local::Loaded;
use speech::ports::{SpeakRequest, Spoken, Tts as _, Urgency};
use speech::speak::LocalVoice;
use tokio::time::Instant;

fn voice() -> LocalVoice {
    let path =
        std::env::var_os("INTERVIEWOS_MODELS").expect("INTERVIEWOS_MODELS names the folder of the models");
    let folder = Folder::open(path, Set::Speech).unwrap();
    let options = PoolOptions { threads: 1, ..PoolOptions::default() };
    LocalVoice::new(Arc::new(Pool::start(options, move || Loaded::new(folder.clone())).unwrap()))
}

async fn speak(voice: &LocalVoice, text: &str, speed: f32) -> Vec<Spoken> {
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
async fn the_first_sound_comes_soon() {
    let voice = voice();
    speak(&voice, "Let me warm up.", 1.0).await;
    let (mut firsts, mut busy, mut spoken) = (Vec::new(), 0.0, 0.0);
    for text in sentences() {
        let request = SpeakRequest { text: text.to_owned(), speed: 1.0, urgency: Urgency::FirstWords };
        let began = Instant::now();
        let mut speech = voice.speak(request);
        let mut first = None;
        while let Some(part) = speech.next().await {
            first.get_or_insert_with(|| began.elapsed());
            spoken += part.unwrap().pcm.len() as f64 / 24_000.0;
        }
        firsts.push(first.unwrap().as_secs_f64() * 1000.0);
        busy += began.elapsed().as_secs_f64();
    }
    firsts.sort_by(f64::total_cmp);
    let at = |share: f64| firsts[((firsts.len() - 1) as f64 * share) as usize];
    println!("first sound: p50 {:.0} ms, p95 {:.0} ms, worst {:.0} ms", at(0.5), at(0.95), at(1.0));
    println!("{:.0} times faster than real time", spoken / busy);
    assert!(spoken > busy, "slower than real time");
}
