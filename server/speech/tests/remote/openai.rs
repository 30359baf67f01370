//! The OpenAI-compatible ways to hear and to speak.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use patience::{PATIENCE, StandStill};
use speech::SpeechError;
use speech::ports::{SpeakRequest, SpeechChunk, SpeechStream, Transcriber as _, Tts as _, Urgency, Window};
use speech::remote::{SpeechProvider, Speeches, Transcriptions};
use tokio::time::Instant;

use crate::fake::{Fake, Play};
use crate::{provider, soon};

fn window(samples: usize, within: Duration) -> Window {
    let pcm: Arc<[i16]> = (0..samples).map(|at| (at % 100) as i16 + 1).collect();
    Window::new(pcm, Urgency::TurnEnd, Instant::now() + within)
}

const LONG: Duration = PATIENCE;

#[tokio::test]
async fn a_window_is_sent_as_a_file_and_its_words_come_back() {
    let fake =
        Fake::start(vec![Play::Body("application/json", br#"{"text":" Hello there. "}"#.to_vec(), 5)]).await;
    let hears =
        Transcriptions::new(provider(&fake.base)).unwrap().knowing(&["Kubernetes".into(), "Siobhan".into()]);
    let heard = soon(hears.transcribe(window(16_000, LONG))).await.unwrap();
    assert_eq!((heard.text.as_str(), heard.start_ms, heard.end_ms), ("Hello there.", 0, 1_000));
    let seen = fake.seen().remove(0);
    assert!(seen.head.starts_with("post /v1/audio/transcriptions http/1.1"), "{}", seen.head);
    assert!(seen.head.contains("authorization: bearer very-secret"), "{}", seen.head);
    let body = String::from_utf8_lossy(&seen.body);
    for part in [
        "name=\"model\"\r\n\r\nnova-3",
        "name=\"language\"\r\n\r\nen\r\n",
        "Kubernetes, Siobhan",
        "audio/wav",
        "RIFF",
    ] {
        assert!(body.contains(part), "{part}");
    }
    assert!(seen.body.len() > 32_000);
}

#[tokio::test]
async fn how_sure_whisper_is_comes_with_its_words() {
    let body = br#"{"text":" Hello.","segments":[{"start":0.0,"end":1.0,"text":" Hello.","avg_logprob":-0.5,"no_speech_prob":0.1}]}"#;
    let fake = Fake::start(vec![Play::Body("application/json", body.to_vec(), 7)]).await;
    let whisper = SpeechProvider { model: "whisper-1".into(), ..provider(&fake.base) };
    let heard = soon(Transcriptions::new(whisper).unwrap().transcribe(window(16_000, LONG))).await.unwrap();
    assert_eq!(heard.text, "Hello.");
    assert!(heard.sure.is_some_and(|sure| (sure - 0.607).abs() < 0.01), "{:?}", heard.sure);
    let seen = fake.seen().remove(0);
    assert!(String::from_utf8_lossy(&seen.body).contains("verbose_json"));
}

#[tokio::test]
async fn a_server_that_tells_nothing_but_words_is_asked_for_nothing_else_again() {
    let words = Play::Body("application/json", br#"{"text":"Hello."}"#.to_vec(), 99);
    let fake = Fake::start(vec![Play::Status(400, ""), words]).await;
    let whisper = SpeechProvider { model: "whisper-1".into(), ..provider(&fake.base) };
    let hears = Transcriptions::new(whisper).unwrap();
    for _ in 0..2 {
        let heard = soon(hears.transcribe(window(16_000, LONG))).await.unwrap();
        assert_eq!((heard.text.as_str(), heard.sure), ("Hello.", None));
    }
    let asked: Vec<bool> =
        fake.seen().iter().map(|seen| String::from_utf8_lossy(&seen.body).contains("verbose_json")).collect();
    assert_eq!(asked, [true, false, false]);
}

#[tokio::test]
async fn silence_is_not_sent() {
    let fake = Fake::start(vec![Play::Noise]).await;
    let hears = Transcriptions::new(provider(&fake.base)).unwrap();
    let window = Window { pcm: vec![0; 1600].into(), ..window(0, LONG) };
    assert_eq!(soon(hears.transcribe(window)).await.unwrap().text, "");
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn what_is_no_answer_is_an_error_without_words() {
    for (play, wanted) in [
        (
            Play::Body("application/json", b"{\"txt\":1}".to_vec(), 99),
            "the provider does not speak as expected (garbage)",
        ),
        (
            Play::Body("text/html", b"<html>private words".to_vec(), 99),
            "the provider does not speak as expected (garbage)",
        ),
        (
            Play::CutOff("application/json", b"{\"text\":\"private".to_vec()),
            "the provider breaks off in the middle (cut_off)",
        ),
        (
            Play::Endless("application/json", vec![b' '; 50_000]),
            "the provider does not come to an end (endless)",
        ),
        (Play::Noise, "the provider breaks off in the middle (cut_off)"),
        (Play::Status(401, ""), "the provider refuses the key (http_401)"),
        (Play::Status(404, ""), "the provider does not know the model or the address (http_404)"),
        (Play::Status(400, ""), "the provider does not take the request (http_400)"),
        (Play::Status(500, ""), "the provider has a fault of its own (http_500)"),
        (
            Play::Status(302, "location: http://127.0.0.1:1/"),
            "the provider does not speak as expected (http_302)",
        ),
    ] {
        let fake = Fake::start(vec![play.clone()]).await;
        let hears = Transcriptions::new(provider(&fake.base)).unwrap();
        let error = soon(hears.transcribe(window(1_600, LONG))).await.unwrap_err();
        assert_eq!(error.to_string(), wanted, "{play:?}");
    }
}

#[tokio::test]
async fn a_silent_provider_is_given_up_at_the_deadline() {
    let still = StandStill::begin();
    let mut fake = Fake::start(vec![Play::Silent]).await;
    let hears = Transcriptions::new(provider(&fake.base)).unwrap();
    let within = Duration::from_millis(150);
    let asked = async {
        while fake.seen().is_empty() {
            tokio::task::yield_now().await;
        }
        still.pass(within + Duration::from_millis(1)).await;
    };
    let (heard, ()) = tokio::join!(hears.transcribe(window(1_600, within)), asked);
    assert_eq!(heard.unwrap_err(), SpeechError::Late);
    soon(fake.closed.recv()).await.expect("the connection is closed");
}

#[tokio::test]
async fn a_busy_provider_is_left_alone_as_long_as_it_says() {
    let well = Play::Body("application/json", b"{\"text\":\"yes\"}".to_vec(), 99);
    let fake =
        Fake::start(vec![Play::Status(429, "retry-after: 30"), Play::Status(503, "retry-after: 40"), well])
            .await;
    let hears = Transcriptions::new(provider(&fake.base)).unwrap();
    let ask = || async { soon(hears.transcribe(window(1_600, LONG))).await.map(|heard| heard.text) };
    for (rest, requests) in [(30, 1), (40, 2)] {
        assert_eq!(ask().await, Err(SpeechError::Busy));
        assert_eq!(ask().await, Err(SpeechError::Busy));
        assert_eq!(fake.seen().len(), requests, "it is asked once, then left alone");
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(rest)).await;
        tokio::time::resume();
    }
    assert_eq!(ask().await, Ok("yes".into()));
}

fn request(text: &str) -> SpeakRequest {
    SpeakRequest { text: text.into(), speed: 1.1, urgency: Urgency::FirstWords }
}

async fn all(mut speech: SpeechStream) -> (Vec<SpeechChunk>, Option<SpeechError>) {
    let mut pieces = Vec::new();
    while let Some(piece) = soon(speech.next()).await {
        match piece {
            Ok(piece) => pieces.push(piece),
            Err(error) => return (pieces, Some(error)),
        }
    }
    (pieces, None)
}

#[tokio::test]
async fn sentences_are_spoken_one_after_the_other() {
    let sound: Vec<u8> = (0..48_001_u32).map(|at| (at % 251) as u8).take(48_000).collect();
    let fake = Fake::start(vec![Play::Body("audio/pcm", sound.clone(), 4_001)]).await;
    let speaks = Speeches::new(provider(&fake.base), "alloy").unwrap();
    let text = "Hello there, Dr. Who.  How are you? Fine!";
    let (pieces, error) = all(speaks.speak(request(text))).await;
    assert_eq!(error, None);
    let pcm: Vec<i16> = pieces.iter().flat_map(|piece| piece.pcm.clone()).collect();
    let wanted: Vec<i16> = sound.chunks(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect();
    assert_eq!(pcm, wanted.repeat(3), "no sample is lost where bytes are cut");
    let words: Vec<_> = pieces.iter().flat_map(|piece| piece.words.clone()).collect();
    assert_eq!(
        words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(),
        text.split_whitespace().collect::<Vec<_>>()
    );
    assert!(words.windows(2).all(|two| two[0].start_ms <= two[1].start_ms), "{words:?}");
    assert!(words[4].start_ms >= 1_000 && words.last().unwrap().end_ms <= 3_000, "{words:?}");
    let said: Vec<usize> = pieces.iter().flat_map(|piece| piece.said.clone()).collect();
    assert_eq!(said, [5, 12, 16, 21, 26, 30, 35, 41]);
    let seen = fake.seen();
    assert_eq!(seen.len(), 3);
    let body: serde_json::Value = serde_json::from_slice(&seen[1].body).unwrap();
    assert_eq!(
        (body["input"].as_str(), body["response_format"].as_str()),
        (Some("How are you?"), Some("pcm"))
    );
    assert_eq!(body["voice"], "alloy");
}

#[tokio::test]
async fn what_is_no_speech_is_an_error() {
    let sound = vec![1; 4_800];
    for (play, samples, wanted) in [
        (Play::CutOff("audio/pcm", sound.clone()), 2_400, "the provider breaks off in the middle (cut_off)"),
        (
            Play::Body("audio/pcm", vec![1; 4_801], 999),
            2_400,
            "the provider breaks off in the middle (cut_off)",
        ),
        (
            Play::Body("application/json", b"{\"error\":\"private words\"}".to_vec(), 99),
            0,
            "failed: text in place of sound",
        ),
        (
            Play::Body("audio/pcm", b"{\"error\":\"private words\"}".to_vec(), 99),
            0,
            "failed: text in place of sound",
        ),
        (Play::Body("audio/mpeg", sound.clone(), 99), 0, "failed: sound as MP3, which is not played"),
        (
            Play::Body("audio/pcm", [b"OggS", &sound[..]].concat(), 99),
            0,
            "failed: sound as Ogg, which is not played",
        ),
        (Play::Body("audio/pcm", noise(), 999), 0, "failed: noise in place of sound"),
        (Play::Body("audio/pcm", Vec::new(), 99), 0, "the provider says nothing (empty)"),
        (Play::Status(500, ""), 0, "the provider has a fault of its own (http_500)"),
        (Play::Status(429, ""), 0, "too much to do at once"),
        (Play::Noise, 0, "the provider breaks off in the middle (cut_off)"),
    ] {
        let fake = Fake::start(vec![play.clone()]).await;
        let speaks = Speeches::new(provider(&fake.base), "alloy").unwrap();
        let (pieces, error) = all(speaks.speak(request("One. Two."))).await;
        assert_eq!(error.unwrap().to_string(), wanted, "{play:?}");
        assert_eq!(pieces.iter().map(|piece| piece.pcm.len()).sum::<usize>(), samples, "{play:?}");
    }
}

/// Bytes by chance.
fn noise() -> Vec<u8> {
    std::iter::successors(Some(7_u32), |seed| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)))
        .map(|seed| (seed >> 24) as u8)
        .take(9_600)
        .collect()
}

#[tokio::test]
async fn a_file_is_read_whatever_it_is_called() {
    // A tone of 441 Hz as a RIFF file of floats at 44 100 Hz, under the name of another kind.
    let tone = (0..44_100_u16).map(|at| (f32::from(at % 100) / 100.0 * std::f32::consts::TAU).sin() * 0.5);
    let mut file = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x03\x00\x01\x00".to_vec();
    file.extend([44_100_u32, 4 * 44_100].iter().flat_map(|four| four.to_le_bytes()));
    file.extend(b"\x04\x00\x20\x00data\xff\xff\xff\xff");
    file.extend(tone.flat_map(f32::to_le_bytes));
    let fake = Fake::start(vec![Play::Body("audio/mpeg", file, 4_001)]).await;
    let (pieces, error) =
        all(Speeches::new(provider(&fake.base), "alloy").unwrap().speak(request("One."))).await;
    assert_eq!(error, None);
    let pcm: Vec<i16> = pieces.iter().flat_map(|piece| piece.pcm.clone()).collect();
    assert_eq!(pcm.len(), 24_000);
    let turns = pcm.windows(2).filter(|two| (two[0] < 0) != (two[1] < 0)).count();
    assert!((870..=894).contains(&turns), "{turns}");
}

#[tokio::test]
async fn endless_speech_is_cut_and_unwanted_speech_is_given_up() {
    let mut fake = Fake::start(vec![Play::Endless("audio/pcm", vec![1; 60_000])]).await;
    let speaks = Speeches::new(provider(&fake.base), "alloy").unwrap();
    let (_, error) = all(speaks.speak(request("One."))).await;
    assert_eq!(error.unwrap().to_string(), "the provider does not come to an end (endless)");
    soon(fake.closed.recv()).await.expect("the connection is closed");
    let mut speech = speaks.speak(request("Two."));
    soon(speech.next()).await.unwrap().unwrap();
    drop(speech);
    soon(fake.closed.recv()).await.expect("the connection is closed");
}

#[tokio::test]
async fn nothing_is_asked_before_the_speech_is_polled_and_nothing_for_no_words() {
    let fake = Fake::start(vec![Play::Silent]).await;
    let speaks = Speeches::new(provider(&fake.base), "alloy").unwrap();
    drop(speaks.speak(request("One.")));
    let (pieces, error) = all(speaks.speak(request("  \n"))).await;
    assert_eq!((pieces, error), (Vec::new(), None));
    assert!(fake.seen().is_empty());
    assert!(Speeches::new(provider("ftp://x"), "alloy").is_err());
}
