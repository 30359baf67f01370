//! Chains: what fails in the middle of a turn goes on with the next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use speech::SpeechError;
use speech::chain::{ChainTimeouts, SttChain, TtsChain};
use speech::ports::{
    Abilities, HearOptions, SpeakRequest, SpeechChunk, SpeechStream, Stt, SttEvent, SttStream, TimedWord,
    Transcript, Tts, Urgency,
};
use speech::remote::{Deepgram, Speeches};

use crate::fake::{Fake, Play};
use crate::sockets::Server;
use crate::{provider, soon};

fn abilities(name: &str) -> Abilities {
    Abilities {
        name: name.into(),
        remote: false,
        streaming: true,
        interim: true,
        word_times: true,
        languages: Vec::new(),
    }
}

/// How a voice fails, and after how many words.
#[derive(Clone, Copy)]
enum Fails {
    Never,
    After(usize),
    Silent(usize),
    EndsEmpty,
}

/// A voice that says each word in 100 ms, until it fails.
struct Voice {
    name: &'static str,
    fails: Arc<Mutex<VecDeque<Fails>>>,
    asked: Arc<Mutex<Vec<String>>>,
    rate: u32,
}

impl Voice {
    fn new(name: &'static str, fails: &[Fails]) -> Arc<Self> {
        let fails = Arc::new(Mutex::new(fails.iter().copied().collect()));
        Arc::new(Self { name, fails, asked: Arc::default(), rate: 24_000 })
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Tts for Voice {
    fn abilities(&self) -> Abilities {
        abilities(self.name)
    }

    fn rate(&self) -> u32 {
        self.rate
    }

    fn speak(&self, request: SpeakRequest) -> SpeechStream {
        self.asked.lock().unwrap().push(request.text.clone());
        let fails = self.fails.lock().unwrap().pop_front().unwrap_or(Fails::Never);
        let mut pieces = Vec::new();
        for (at, word) in request.text.split_whitespace().enumerate() {
            let end = word.as_ptr() as usize - request.text.as_ptr() as usize + word.len();
            let start_ms = at as u32 * 100;
            let word = TimedWord { text: word.to_owned(), start_ms, end_ms: start_ms + 90 };
            pieces.push(Ok(SpeechChunk { pcm: vec![1; 2_400], words: vec![word], said: vec![end] }));
        }
        match fails {
            Fails::Never => stream::iter(pieces).boxed(),
            Fails::After(words) => {
                pieces.truncate(words);
                pieces.push(Err(SpeechError::Failed("broke".into())));
                stream::iter(pieces).boxed()
            }
            Fails::Silent(words) => {
                pieces.truncate(words);
                stream::iter(pieces).chain(stream::pending()).boxed()
            }
            Fails::EndsEmpty => stream::empty().boxed(),
        }
    }
}

const STORY: &str = "One two three. Four five six. Seven eight.";

fn request() -> SpeakRequest {
    SpeakRequest { text: STORY.into(), speed: 1.0, urgency: Urgency::FirstWords }
}

async fn spoken(chain: &TtsChain) -> (Vec<(String, u32, usize)>, usize, Option<SpeechError>) {
    let (mut words, mut samples, mut speech) = (Vec::new(), 0, chain.speak(request()));
    while let Some(piece) = speech.next().await {
        match piece {
            Ok(piece) => {
                samples += piece.pcm.len();
                words.extend(
                    piece.words.into_iter().zip(piece.said).map(|(w, said)| (w.text, w.start_ms, said)),
                );
            }
            Err(error) => return (words, samples, Some(error)),
        }
    }
    (words, samples, None)
}

#[tokio::test(start_paused = true)]
async fn a_speech_goes_on_with_the_sentence_that_failed() {
    for fails in [Fails::After(5), Fails::Silent(5)] {
        let (first, second) = (Voice::new("first", &[fails]), Voice::new("second", &[]));
        let chain = TtsChain::new(vec![first.clone(), second.clone()], ChainTimeouts::default()).unwrap();
        let (words, samples, error) = spoken(&chain).await;
        assert_eq!(error, None);
        assert_eq!(second.asked(), ["Four five six. Seven eight."]);
        let texts: Vec<_> = words.iter().map(|(text, _, _)| text.as_str()).collect();
        assert_eq!(
            texts,
            ["One", "two", "three.", "Four", "five", "Four", "five", "six.", "Seven", "eight."]
        );
        assert_eq!(samples, 24_000);
        for (at, (text, start_ms, said)) in words.iter().enumerate() {
            assert_eq!(*start_ms, at as u32 * 100);
            assert!(STORY[..*said].ends_with(text), "{text} {said}");
        }
    }
}

#[tokio::test]
async fn what_is_no_sound_is_said_by_the_next() {
    let page = b"<!doctype html><title>Sign in</title>".to_vec();
    for body in [[b"ID3\x04\x00", &[0x55; 9_000][..]].concat(), page] {
        let fake = Fake::start(vec![Play::Body("audio/pcm", body, 999)]).await;
        let second = Voice::new("second", &[]);
        let first = Arc::new(Speeches::new(provider(&fake.base), "alloy").unwrap());
        let chain = TtsChain::new(vec![first, second.clone()], ChainTimeouts::default()).unwrap();
        let (words, samples, error) = soon(spoken(&chain)).await;
        assert_eq!((words.len(), samples, error), (8, 8 * 2_400, None));
        assert_eq!(second.asked(), [STORY]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_voice_that_is_ill_is_left_alone_longer_each_time() {
    let first = Voice::new("first", &[Fails::After(0), Fails::EndsEmpty, Fails::Silent(0), Fails::Never]);
    let second = Voice::new("second", &[]);
    let chain = TtsChain::new(vec![first.clone(), second.clone()], ChainTimeouts::default()).unwrap();
    for rest in [15, 30, 60] {
        assert_eq!(spoken(&chain).await.2, None);
        assert_eq!(first.asked().len(), 1);
        tokio::time::advance(Duration::from_secs(rest - 3)).await;
        spoken(&chain).await;
        assert_eq!(first.asked().len(), 0, "still ill");
        tokio::time::advance(Duration::from_secs(3)).await;
    }
    second.asked();
    assert_eq!(spoken(&chain).await.0.len(), 8);
    assert_eq!((first.asked().len(), second.asked().len()), (1, 0), "it is well again");
}

#[tokio::test(start_paused = true)]
async fn where_all_fail_the_last_error_is_told_once() {
    let first = Voice::new("first", &[Fails::After(1)]);
    let second = Voice::new("second", &[Fails::Silent(0)]);
    let chain = TtsChain::new(vec![first, second], ChainTimeouts::default()).unwrap();
    let mut speech = chain.speak(request());
    assert!(speech.next().await.unwrap().is_ok());
    assert_eq!(speech.next().await, Some(Err(SpeechError::Late)));
    assert_eq!(speech.next().await, None);
    // One of this machine is no provider.
    let chain =
        TtsChain::new(vec![Voice::new("mute", &[Fails::EndsEmpty])], ChainTimeouts::default()).unwrap();
    assert_eq!(spoken(&chain).await.2, Some(SpeechError::Failed("no audio".into())));
}

#[test]
fn chains_that_cannot_work_are_refused() {
    let mut slow = Voice::new("slow", &[]);
    Arc::get_mut(&mut slow).unwrap().rate = 16_000;
    assert!(TtsChain::new(vec![Voice::new("fast", &[]), slow], ChainTimeouts::default()).is_err());
    assert!(TtsChain::new(Vec::new(), ChainTimeouts::default()).is_err());
    assert!(SttChain::new(Vec::new(), ChainTimeouts::default()).is_err());
}

/// An ear that says how many samples and how much silence it heard.
struct Ear {
    name: &'static str,
    deaf: bool,
    opened: Arc<Mutex<usize>>,
}

impl Ear {
    fn new(name: &'static str, deaf: bool) -> Arc<Self> {
        Arc::new(Self { name, deaf, opened: Arc::default() })
    }
}

impl Stt for Ear {
    fn abilities(&self) -> Abilities {
        abilities(self.name)
    }

    fn open(&self, _: HearOptions) -> Box<dyn SttStream> {
        *self.opened.lock().unwrap() += 1;
        let (at_ms, from_ms, samples, pauses) = (0, 0, 0, 0);
        Box::new(EarStream {
            name: self.name,
            deaf: self.deaf,
            at_ms,
            from_ms,
            samples,
            pauses,
            events: VecDeque::new(),
        })
    }
}

struct EarStream {
    name: &'static str,
    deaf: bool,
    at_ms: u32,
    from_ms: u32,
    samples: usize,
    pauses: u32,
    events: VecDeque<SttEvent>,
}

impl EarStream {
    fn transcript(&self) -> Transcript {
        let text = format!("{} heard {}", self.name, self.samples);
        let words = vec![TimedWord { text: "heard".into(), start_ms: self.from_ms, end_ms: self.at_ms }];
        Transcript { text, words, start_ms: self.from_ms, end_ms: self.at_ms, ..Transcript::default() }
    }
}

#[async_trait]
impl SttStream for EarStream {
    fn hear(&mut self, pcm: &[i16], skipped_ms: u32) {
        self.at_ms += skipped_ms + pcm.len() as u32 / 16;
        self.samples += pcm.len();
    }

    fn pause(&mut self) -> u32 {
        self.pauses += 1;
        let (pause, transcript) = (self.pauses, self.transcript());
        self.events.push_back(SttEvent::Paused { pause, transcript });
        pause
    }

    fn commit(&mut self) {
        self.events.push_back(SttEvent::Final(self.transcript()));
        (self.from_ms, self.samples) = (self.at_ms, 0);
    }

    fn discard(&mut self) {
        (self.from_ms, self.samples) = (self.at_ms, 0);
    }

    async fn next(&mut self) -> Option<SttEvent> {
        match self.events.pop_front() {
            Some(event) if !self.deaf => Some(event),
            _ => std::future::pending().await,
        }
    }
}

static SECOND: [i16; 16_000] = [5; 16_000];

#[tokio::test(start_paused = true)]
async fn a_deaf_ear_is_replaced_and_all_said_again() {
    let (deaf, good) = (Ear::new("deaf", true), Ear::new("good", false));
    let chain = SttChain::new(vec![deaf.clone(), good.clone()], ChainTimeouts::default()).unwrap();
    let mut stream = chain.open(HearOptions::default());
    stream.hear(&SECOND, 500);
    stream.hear(&SECOND, 0);
    assert_eq!(stream.pause(), 1);
    let before = tokio::time::Instant::now();
    let Some(SttEvent::Paused { pause: 1, transcript }) = stream.next().await else { panic!() };
    assert_eq!(before.elapsed(), ChainTimeouts::default().settle);
    assert_eq!(
        (transcript.text.as_str(), transcript.start_ms, transcript.end_ms),
        ("good heard 32000", 0, 2_500)
    );
    stream.commit();
    assert!(matches!(stream.next().await, Some(SttEvent::Final(_))));
    // The next utterance goes to the good one at once, and its times go on.
    stream.hear(&SECOND, 1_000);
    stream.commit();
    let Some(SttEvent::Final(last)) = stream.next().await else { panic!() };
    assert_eq!((last.text.as_str(), last.start_ms, last.end_ms), ("good heard 16000", 2_500, 4_500));
    assert_eq!((*deaf.opened.lock().unwrap(), *good.opened.lock().unwrap()), (1, 1));
    // Another one that opens while the first is ill is not kept waiting.
    let mut other = chain.open(HearOptions::default());
    other.hear(&SECOND, 0);
    other.commit();
    assert!(matches!(other.next().await, Some(SttEvent::Final(_))));
    assert_eq!(*deaf.opened.lock().unwrap(), 1);
    // Once it may be well, it is preferred again, from the next utterance on.
    tokio::time::advance(Duration::from_secs(16)).await;
    stream.hear(&SECOND, 0);
    assert_eq!(*deaf.opened.lock().unwrap(), 2);
    stream.commit();
    let Some(SttEvent::Final(last)) = stream.next().await else { panic!() };
    assert_eq!((last.text.as_str(), last.start_ms, last.end_ms), ("good heard 16000", 4_500, 5_500));
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_owed_are_all_given() {
    let chain =
        SttChain::new(vec![Ear::new("deaf", true), Ear::new("good", false)], ChainTimeouts::default())
            .unwrap();
    let mut stream = chain.open(HearOptions::default());
    for seconds in 1..=3 {
        for _ in 0..seconds {
            stream.hear(&SECOND, 0);
        }
        stream.commit();
    }
    stream.hear(&SECOND, 0);
    for (seconds, start_ms) in [(1, 0), (2, 1_000), (3, 3_000)] {
        let Some(SttEvent::Final(heard)) = stream.next().await else { panic!() };
        assert_eq!((heard.text, heard.start_ms), (format!("good heard {}", seconds * 16_000), start_ms));
    }
    stream.discard();
    stream.hear(&SECOND, 0);
    stream.commit();
    let Some(SttEvent::Final(heard)) = stream.next().await else { panic!() };
    assert_eq!((heard.text.as_str(), heard.start_ms), ("good heard 16000", 7_000));
}

#[tokio::test(start_paused = true)]
async fn where_nobody_is_left_the_trouble_is_told() {
    let chain = SttChain::new(vec![Ear::new("deaf", true)], ChainTimeouts::default()).unwrap();
    let mut stream = chain.open(HearOptions::default());
    stream.hear(&SECOND, 0);
    stream.commit();
    assert_eq!(stream.next().await, Some(SttEvent::Trouble(SpeechError::Late)));
}

#[tokio::test]
async fn a_provider_that_hangs_up_in_the_middle_loses_nothing() {
    let mut server = Server::start().await;
    let remote = Arc::new(Deepgram::new(provider(&server.base)).unwrap());
    let chain = SttChain::new(vec![remote, Ear::new("good", false)], ChainTimeouts::default()).unwrap();
    let mut stream = chain.open(HearOptions::default());
    let there = server.connection().await;
    stream.hear(&SECOND, 0);
    drop(there);
    stream.hear(&SECOND, 0);
    stream.commit();
    let Some(SttEvent::Final(heard)) = soon(stream.next()).await else { panic!() };
    assert_eq!(heard.text, "good heard 32000");
}
