//! What our own voice says, written down by our own ears: whether it is understood, and whether words are said when they
//! are said to be.

mod support;

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use speech::SpeechError;
use speech::audio::at_rate;
use speech::local::{Loaded, LocalEars};
use speech::pool::{Pool, PoolOptions};
use speech::ports::{HEARING_RATE, SpeakRequest, Transcriber as _, Tts as _, Urgency, Window, Word};
use speech::speak::LocalVoice;
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(60);

struct Both {
    ears: LocalEars,
    voice: LocalVoice,
}

impl Both {
    fn open() -> Self {
        let folder = support::models();
        let pool = Pool::start(PoolOptions::default(), move || Loaded::new(folder.clone()));
        let pool = Arc::new(pool.unwrap());
        Self { ears: LocalEars::new(Arc::clone(&pool)), voice: LocalVoice::new(pool) }
    }

    async fn say(&self, text: &str) -> Result<(Vec<i16>, Vec<Word>), SpeechError> {
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
        let window = Window { pcm: pcm.into(), urgency: Urgency::Later, deadline };
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

/// Cuts speech where a word is said to end, and counts the words that are heard in what is left.
#[tokio::test]
#[ignore = "needs the speech models: make test sets them up"]
async fn words_are_said_when_they_are_said_to_be() {
    let both = Both::open();
    let (mut counts, mut cuts) = ([0; 5], 0);
    for text in sentences().step_by(10) {
        let (pcm, words) = both.say(text).await.unwrap();
        for part in [2, 3] {
            let last = words.len() * part / 4;
            if last < 3 || last + 1 >= words.len() {
                continue;
            }
            let end = words[last].end_ms as usize * 24;
            let written: Vec<&str> = words[..=last].iter().map(|word| word.text.as_str()).collect();
            let (said, heard) = (said(&written.join(" ")), said(&both.hear(&pcm[..end]).await.unwrap()));
            let more = support::words(&heard).len() as i64 - support::words(&said).len() as i64;
            counts[(more.clamp(-2, 2) + 2) as usize] += 1;
            cuts += 1;
            if more != 0 {
                println!("{more}: {said} / {heard}");
            }
        }
    }
    println!(
        "of {cuts} cuts: two words short or more {}, one {}, to the word {}, one more {}, two {}",
        counts[0], counts[1], counts[2], counts[3], counts[4]
    );
    assert!(cuts > 20 && counts[2] * 100 >= cuts * 80, "{counts:?} of {cuts}");
}
