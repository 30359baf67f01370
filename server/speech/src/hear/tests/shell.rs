//! The task around the state machine: it drops what is not wanted, survives what panics, and ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use super::script::{MS, Script};
use crate::SpeechError;
use crate::hear::WindowedStt;
use crate::ports::{
    Abilities, HearOptions, Stt, SttEvent, SttStream, Transcriber, Transcript, Urgency, Window,
};

/// What the model does with a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    Slow,
    Panics,
    Hangs,
}

struct Model {
    script: Script,
    mood: fn(usize) -> Mood,
    begun: AtomicUsize,
    dropped: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Model {
    fn new(script: &Script, mood: fn(usize) -> Mood) -> Arc<Self> {
        let zero = AtomicUsize::default;
        let script = script.clone();
        Arc::new(Self { script, mood, begun: zero(), dropped: zero(), at_once: zero(), most_at_once: zero() })
    }
}

struct Running<'a>(&'a Model, bool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, Ordering::SeqCst);
        if !self.1 {
            self.0.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[async_trait]
impl Transcriber for Model {
    fn abilities(&self) -> Abilities {
        Abilities {
            name: "fake".to_owned(),
            remote: false,
            streaming: false,
            interim: false,
            word_times: false,
            languages: Vec::new(),
        }
    }

    async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError> {
        let number = self.begun.fetch_add(1, Ordering::SeqCst);
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        let mut running = Running(self, false);
        let took = match (self.mood)(number) {
            Mood::Well => Duration::from_millis(60),
            Mood::Slow if window.urgency == Urgency::TurnEnd => Duration::from_secs(2),
            Mood::Slow => Duration::from_secs(1),
            Mood::Hangs => Duration::from_secs(3600),
            Mood::Panics => panic!("as it was told to"),
        };
        tokio::time::sleep(took).await;
        running.1 = true;
        Ok(self.script.read(&window.pcm, 0))
    }
}

fn open(model: &Arc<Model>) -> Box<dyn SttStream> {
    let windows = WindowedStt::new(Arc::clone(model) as Arc<dyn Transcriber>, None);
    assert!(windows.abilities().interim && windows.abilities().streaming);
    windows.open(HearOptions::default())
}

async fn say(stream: &mut dyn SttStream, pcm: &[i16]) {
    for chunk in pcm.chunks(20 * MS) {
        stream.hear(chunk, 0);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The end, the interims before it and the troubles.
async fn last(stream: &mut dyn SttStream) -> (Transcript, usize, Vec<SpeechError>) {
    let (mut interims, mut troubles) = (0, Vec::new());
    loop {
        match stream.next().await.expect("the stream goes on") {
            SttEvent::Final(transcript) => return (transcript, interims, troubles),
            SttEvent::Trouble(error) => troubles.push(error),
            SttEvent::Interim { .. } => interims += 1,
            SttEvent::Paused { .. } => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn interims_come_while_speech_does() {
    let script = Script::new(2, 10, 6);
    let model = Model::new(&script, |_| Mood::Well);
    let mut stream = open(&model);
    let mut interims = Vec::new();
    for chunk in script.pcm.chunks(20 * MS) {
        stream.hear(chunk, 0);
        // Waiting for an event may be given up at any time.
        if let Ok(event) = tokio::time::timeout(Duration::from_millis(20), stream.next()).await {
            interims.push(event);
        }
    }
    assert!(interims.len() > 12, "{}", interims.len());
    stream.commit();
    assert_eq!(last(stream.as_mut()).await.0.text, script.text());
    assert_eq!(model.most_at_once.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_model_is_never_asked_twice_at_once() {
    let script = Script::new(6, 20, 6);
    let model = Model::new(&script, |_| Mood::Slow);
    let mut stream = open(&model);
    say(stream.as_mut(), &script.pcm).await;
    stream.commit();
    assert_eq!(last(stream.as_mut()).await.0.text, script.text());
    assert_eq!(model.most_at_once.load(Ordering::SeqCst), 1);
    assert!(model.begun.load(Ordering::SeqCst) < 25);
}

#[tokio::test(start_paused = true)]
async fn a_panic_costs_one_window() {
    let script = Script::new(7, 8, 6);
    let model = Model::new(&script, |number| if number % 3 == 1 { Mood::Panics } else { Mood::Well });
    let mut stream = open(&model);
    say(stream.as_mut(), &script.pcm).await;
    stream.commit();
    let (transcript, interims, troubles) = last(stream.as_mut()).await;
    assert_eq!(transcript.text, script.text());
    assert!(interims > 0 || !troubles.is_empty());
    assert!(troubles.iter().all(|error| matches!(error, SpeechError::Failed(_))));
}

#[tokio::test(start_paused = true)]
async fn a_model_that_hangs_is_given_up_at_its_deadline() {
    let script = Script::new(7, 4, 6);
    let model = Model::new(&script, |number| if number < 2 { Mood::Hangs } else { Mood::Well });
    let mut stream = open(&model);
    say(stream.as_mut(), &script.pcm).await;
    stream.commit();
    assert_eq!(last(stream.as_mut()).await.0.text, script.text());
    assert!(model.dropped.load(Ordering::SeqCst) >= 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_wanted_any_more_is_dropped() {
    let script = Script::new(12, 6, 6);
    let model = Model::new(&script, |_| Mood::Hangs);
    let mut stream = open(&model);
    stream.hear(&script.pcm, 0);
    tokio::time::sleep(Duration::from_millis(5)).await;
    let counts = || (model.begun.load(Ordering::SeqCst), model.dropped.load(Ordering::SeqCst));
    assert_eq!(counts(), (1, 0));
    // A pause goes before captions; more speech before the pause.
    stream.pause();
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(counts(), (2, 1));
    stream.hear(&script.pcm[..320], 0);
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(counts().1, 2);
    stream.discard();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (begun, dropped) = counts();
    assert_eq!(begun, dropped);
    // Nobody listens any more.
    stream.hear(&script.pcm, 0);
    tokio::time::sleep(Duration::from_millis(5)).await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(5)).await;
    let (now_begun, now_dropped) = counts();
    assert_eq!((now_begun, now_dropped), (begun + 1, dropped + 1));
}
