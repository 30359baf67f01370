//! Says a sentence with the local voice, writes it down with the local ears, and keeps the sound:
//! `cargo run -p speech --release --example say_and_hear -- MODELS out.wav "Good morning."`, where `MODELS` is the folder
//! that `interviewos models fetch` fills.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use models::pool::{Pool, PoolOptions};
use models::{ModelFolder, ModelSet};
use speech::audio::MonoRecording;
use speech::local::{LocalEars, SpeechModels};
use speech::ports::{HEARING_RATE, SpeakRequest, Transcriber as _, Tts as _, Urgency, Window};
use speech::speak::LocalVoice;
use tokio::time::Instant;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [models, out, text] = &std::env::args().skip(1).collect::<Vec<_>>()[..] else {
        return Err("say which folder of models, which file to write, and which words to say".into());
    };
    let folder = ModelFolder::open(models, ModelSet::Speech)?;
    let pool = Arc::new(Pool::start(PoolOptions::default(), move || SpeechModels::new(folder.clone()))?);
    let (voice, ears) = (LocalVoice::new(Arc::clone(&pool)), LocalEars::new(pool));

    let mut speech =
        voice.speak(SpeakRequest { text: text.clone(), speed: 1.0, urgency: Urgency::FirstWords });
    let mut pcm = Vec::new();
    while let Some(sentence) = speech.next().await {
        pcm.extend(sentence?.pcm);
    }
    let recording = MonoRecording { pcm, rate: voice.rate() };
    recording.write(std::fs::File::create(out)?)?;

    let deadline = Instant::now() + Duration::from_secs(60);
    let window = Window::new(recording.at(HEARING_RATE).pcm, Urgency::Later, deadline);
    println!("{}", ears.transcribe(window).await?.text);
    Ok(())
}
