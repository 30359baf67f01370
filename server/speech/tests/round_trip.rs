//! What our own voice says, written down by our own ears: whether it is understood, and whether words are said when they
//! are said to be.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use models::pool::{Pool, PoolOptions};
use patience::PATIENCE;
use speech::SpeechError;
use speech::audio::at_rate;
use speech::hear::GhostFilter;
use speech::local::{LocalEars, LocalVad, SpeechModels};
use speech::ports::{HEARING_RATE, SpeakRequest, TimedWord, Transcriber as _, Tts as _, Urgency, Window};
use speech::speak::LocalVoice;
use tokio::time::Instant;

struct Both {
    ears: GhostFilter,
    voice: LocalVoice,
}

impl Both {
    fn open() -> Self {
        let folder = support::models();
        let vad = LocalVad::load(&folder).unwrap();
        let pool = Pool::start(PoolOptions::default(), move || SpeechModels::new(folder.clone()));
        let pool = Arc::new(pool.unwrap());
        // As every window of a stream is read.
        let ears = GhostFilter::new(Arc::new(LocalEars::new(Arc::clone(&pool))), Some(Arc::new(vad)));
        Self { ears, voice: LocalVoice::new(pool) }
    }

    async fn say(&self, text: &str) -> Result<(Vec<i16>, Vec<TimedWord>), SpeechError> {
        let request = SpeakRequest { text: text.to_owned(), speed: 1.0, urgency: Urgency::FirstWords };
        let mut speech = self.voice.speak(request);
        let (mut pcm, mut words) = (Vec::new(), Vec::new());
        while let Some(spoken) = speech.next().await {
            let spoken = spoken?;
            pcm.extend(spoken.pcm);
            words.extend(spoken.words);
        }
        Ok((pcm, words))
    }

    async fn hear(&self, pcm: &[i16]) -> Result<String, SpeechError> {
        let mut pcm = at_rate(pcm, self.voice.rate(), HEARING_RATE);
        // As a pause after it would be.
        pcm.resize(pcm.len() + HEARING_RATE as usize * 3 / 10, 0);
        let deadline = Instant::now() + PATIENCE;
        let window = Window::new(pcm, Urgency::Later, deadline);
        Ok(self.ears.transcribe(window).await?.text)
    }
}

/// A text in the words that are said for it: "45%" and "forty-five percent" are the same.
fn said(text: &str) -> String {
    speech_text::say::words(text).text.to_lowercase().replace("alright", "all right")
}

fn sentences() -> impl Iterator<Item = &'static str> {
    include_str!("data/interview_sentences.txt").lines()
}

/// Every third of the sentences; `make bench-speech` says and hears all of them.
#[tokio::test]
#[ignore = "needs the speech models: make test sets them up"]
async fn what_our_voice_says_is_understood() {
    let both = Both::open();
    assert_eq!(sentences().count(), 200);
    let heard: Vec<(&str, String)> = stream::iter(sentences().step_by(3))
        .map(|text| {
            let both = &both;
            async move {
                let (pcm, _) = both.say(text).await?;
                Ok::<_, SpeechError>((text, both.hear(&pcm).await?))
            }
        })
        .buffered(2)
        .try_collect()
        .await
        .unwrap();
    let (mut wrong, mut words) = (0, 0);
    for (text, heard) in heard {
        let (errors, count) = support::word_errors(&said(text), &said(&heard));
        if errors > 0 {
            println!("{errors}: {}\n   {}", said(text), said(&heard));
        }
        wrong += errors;
        words += count;
    }
    let rate = wrong as f64 / words as f64 * 100.0;
    println!("{wrong} of {words} words wrong: {rate:.1} %");
    assert!(words > 600 && rate <= 3.0, "{rate:.1} %");
}

/// Cuts speech where a word is said to end: the words before are all in the first part, and the next word is whole in
/// the second. What the model makes up to complete a sentence that breaks off does not count.
#[tokio::test]
#[ignore = "needs the speech models: make test sets them up"]
async fn words_are_said_when_they_are_said_to_be() {
    let both = Both::open();
    let (mut first, mut second, mut cuts) = (0, 0, 0);
    for text in sentences().step_by(10) {
        let (pcm, words) = both.say(text).await.unwrap();
        for part in [2, 3] {
            let next = words.len() * part / 4 + 1;
            if next < 4 || next + 2 > words.len() {
                continue;
            }
            let cut = words[next - 1].end_ms as usize * 24;
            let of = |words: &[TimedWord]| {
                let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                support::words(&said(&words.join(" ")))
            };
            let (before, after) = (of(&words[..next]), of(&words[next..]));
            let heard_before = support::words(&said(&both.hear(&pcm[..cut]).await.unwrap()));
            let heard_after = support::words(&said(&both.hear(&pcm[cut..]).await.unwrap()));
            let (whole, begun) = (heard_before.starts_with(&before), heard_after.first() == after.first());
            first += usize::from(whole);
            second += usize::from(begun);
            cuts += 1;
            if !whole || !begun {
                println!("{whole} {begun}: {before:?} | {after:?}\n  {heard_before:?} | {heard_after:?}");
            }
        }
    }
    println!("of {cuts} cuts, {first} have all words before them, and {second} the next one whole");
    // The model mishears a few words at a cut: 24 and 25 of 28. Before the silence was left out, with cuts 100 ms earlier
    // it was 18 and 10, 100 ms later 27 and 9.
    assert!(cuts > 20 && first * 100 >= cuts * 75 && second * 100 >= cuts * 75);
}
