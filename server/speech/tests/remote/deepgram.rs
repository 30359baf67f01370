//! Hearing in Deepgram's protocol.

use std::time::Duration;

use provider::ProviderFault;
use serde_json::json;
use speech::SpeechError;
use speech::ports::{HearOptions, Stt as _, SttEvent, SttStream, Transcript};
use speech::remote::{Deepgram, SpeechProvider};

use crate::sockets::Server;
use crate::{provider, soon};

/// A result: its words with where they start and end, in seconds.
fn result(words: &[(&str, f64, f64)], to: f64, is_final: bool, from_finalize: bool) -> String {
    let text: Vec<&str> = words.iter().map(|(word, _, _)| *word).collect();
    let start = words.first().map_or(to, |(_, start, _)| *start);
    let words = words.iter().map(|(word, start, end)| {
        json!({ "word": word.to_lowercase(), "punctuated_word": word, "start": start, "end": end, "confidence": 0.9 })
    });
    json!({
        "type": "Results", "channel_index": [0, 1], "start": start, "duration": to - start,
        "is_final": is_final, "speech_final": false, "from_finalize": from_finalize,
        "channel": { "alternatives": [{ "transcript": text.join(" "), "confidence": 0.9,
            "words": words.collect::<Vec<_>>() }] },
    })
    .to_string()
}

async fn next(stream: &mut Box<dyn SttStream>) -> SttEvent {
    soon(stream.next()).await.expect("an event")
}

fn heard(event: SttEvent) -> Transcript {
    match event {
        SttEvent::Interim { transcript, .. }
        | SttEvent::Paused { transcript, .. }
        | SttEvent::Final(transcript) => transcript,
        SttEvent::Trouble(error) => panic!("{error}"),
    }
}

static SECOND: [i16; 16_000] = [7; 16_000];

#[tokio::test]
async fn an_utterance_is_heard_with_its_pauses_and_times() {
    let mut server = Server::start().await;
    let ear = Deepgram::new(provider(&server.base)).unwrap();
    let vocabulary = vec!["Kubernetes".to_owned(), "Siobhan Murphy".to_owned()].into();
    let mut stream = ear.open(HearOptions { vocabulary, interim_every_ms: 0 });
    let mut there = server.connection().await;
    for part in [
        "/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000&channels=1&interim_results=true",
        "endpointing=false",
        "language=en-GB",
        "keyterm=Kubernetes&keyterm=Siobhan+Murphy",
        "authorization\": \"Token very-secret",
    ] {
        // The fake prints a secret header as it came.
        assert!(there.asked.contains(part) || part.starts_with("auth"), "{part}: {}", there.asked);
    }
    assert!(there.asked.contains("very-secret"));

    stream.hear(&SECOND, 0);
    there.say(&result(&[("I", 0.1, 0.3), ("like", 0.4, 0.8)], 1.0, false, false)).await;
    let SttEvent::Interim { transcript, settled } = next(&mut stream).await else { panic!() };
    assert_eq!((transcript.text.as_str(), settled), ("I like", 0));
    there.say(&result(&[("I", 0.1, 0.3), ("like", 0.4, 0.8)], 1.0, true, false)).await;
    // Two seconds of silence were left out.
    stream.hear(&SECOND, 2_000);
    there.say(&result(&[("Kafka.", 1.5, 1.9)], 2.0, false, false)).await;
    let SttEvent::Interim { transcript, settled } = next(&mut stream).await else { panic!() };
    assert_eq!((transcript.text.as_str(), settled), ("I like Kafka.", 6));
    assert_eq!((transcript.words[1].start_ms, transcript.words[2].start_ms), (400, 3_500));
    assert_eq!(stream.pause(), 1);
    let (text, audio) = there.text().await;
    assert_eq!((text.as_str(), audio), (r#"{"type":"Finalize"}"#, 64_000));
    there.say(&result(&[("Kafka.", 1.5, 1.9)], 2.0, true, true)).await;
    let SttEvent::Paused { pause: 1, transcript } = next(&mut stream).await else { panic!() };
    assert_eq!(
        (transcript.text.as_str(), transcript.start_ms, transcript.end_ms),
        ("I like Kafka.", 0, 4_000)
    );
    // The pause was answered, so the commit is at once; nothing more is asked.
    stream.commit();
    assert_eq!(heard(next(&mut stream).await).text, "I like Kafka.");

    stream.hear(&SECOND, 0);
    stream.commit();
    assert_eq!(there.text().await.0, r#"{"type":"Finalize"}"#);
    there.say(&result(&[("Really.", 2.2, 2.9)], 3.0, true, true)).await;
    let last = heard(next(&mut stream).await);
    assert_eq!((last.text.as_str(), last.start_ms, last.words[0].start_ms), ("Really.", 4_000, 4_200));
    drop(stream);
    assert_eq!(there.text().await.0, r#"{"type":"CloseStream"}"#);
}

#[tokio::test]
async fn how_sure_it_is_is_the_mean_of_its_words() {
    let mut server = Server::start().await;
    let mut stream = Deepgram::new(provider(&server.base)).unwrap().open(HearOptions::default());
    let mut there = server.connection().await;
    let mut sure = async |message: String| {
        stream.hear(&SECOND, 0);
        there.say(&message).await;
        stream.commit();
        loop {
            if let SttEvent::Final(transcript) = next(&mut stream).await {
                return transcript.sure.map(|sure| (sure * 100.0).round());
            }
        }
    };
    let two = result(&[("I", 0.1, 0.3), ("like", 0.4, 0.8)], 1.0, true, true);
    assert_eq!(sure(two).await, Some(90.0));
    let unlike = result(&[("Yes", 1.1, 1.3), ("sir", 1.4, 1.8)], 2.0, true, true).replacen("0.9", "0.4", 2);
    assert_eq!(sure(unlike).await, Some(60.0), "the geometric mean of 0.4 and 0.9, or all of it");
    let not_told =
        result(&[("No", 2.1, 2.3)], 3.0, true, true).replace("\"confidence\":0.9", "\"confidence\":0.0");
    assert_eq!(sure(not_told).await, None, "nought is no figure");
}

#[tokio::test]
async fn a_provider_that_never_settles_is_taken_at_its_last_word() {
    let mut server = Server::start().await;
    let mut stream = Deepgram::new(provider(&server.base)).unwrap().open(HearOptions::default());
    let mut there = server.connection().await;
    stream.hear(&SECOND, 0);
    there.say(&result(&[("Maybe", 0.2, 0.6)], 0.8, false, false)).await;
    assert_eq!(heard(next(&mut stream).await).text, "Maybe");
    stream.commit();
    assert_eq!(heard(next(&mut stream).await).text, "Maybe");
    // What comes too late belongs to no utterance.
    stream.hear(&SECOND, 0);
    there.say(&result(&[("Maybe", 0.2, 0.6), ("not", 0.7, 0.9)], 1.0, true, true)).await;
    there.say(&result(&[("Yes", 1.2, 1.5)], 1.8, false, false)).await;
    assert_eq!(heard(next(&mut stream).await).text, "Yes");
}

#[tokio::test]
async fn a_pause_that_was_none_and_what_is_thrown_away_are_not_answered() {
    let mut server = Server::start().await;
    let mut stream = Deepgram::new(provider(&server.base)).unwrap().open(HearOptions::default());
    let mut there = server.connection().await;
    stream.hear(&SECOND, 0);
    assert_eq!(stream.pause(), 1);
    stream.hear(&SECOND, 0);
    there.text().await;
    there.say(&result(&[("Well", 0.2, 0.6)], 1.0, true, true)).await;
    let SttEvent::Interim { transcript, settled: 4 } = next(&mut stream).await else { panic!() };
    assert_eq!(transcript.text, "Well");
    stream.discard();
    stream.commit();
    let last = heard(next(&mut stream).await);
    assert_eq!((last.text.as_str(), last.start_ms), ("", 2_000));
}

#[tokio::test]
async fn streams_that_fail_say_why_and_end() {
    for (text, wanted) in [
        (Some("{not json"), "the provider does not speak as expected (garbage)"),
        (Some(r#"{"type":"Results","channel":[1]}"#), "the provider does not speak as expected (garbage)"),
        (
            Some(r#"{"type":"Error","description":"private words"}"#),
            "the provider has a fault of its own (provider_error)",
        ),
        (None, "the provider breaks off in the middle (cut_off)"),
    ] {
        let mut server = Server::start().await;
        let mut stream = Deepgram::new(provider(&server.base)).unwrap().open(HearOptions::default());
        let mut there = server.connection().await;
        stream.hear(&SECOND, 0);
        match text {
            Some(text) => there.say(text).await,
            None => drop(there),
        }
        let SttEvent::Trouble(error) = next(&mut stream).await else { panic!() };
        assert_eq!(error.to_string(), wanted);
        assert_eq!(soon(stream.next()).await, None);
        // Nothing of this may panic or grow.
        stream.hear(&SECOND, 0);
        stream.commit();
        assert_eq!(soon(stream.next()).await, None);
    }
}

#[tokio::test]
async fn a_refusal_is_understood() {
    for (answer, wanted) in [
        ("HTTP/1.1 429 No\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n", SpeechError::Busy),
        ("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", SpeechError::Provider(ProviderFault::Status(401))),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SpeechError::Provider(ProviderFault::Status(200))),
        ("nonsense\r\n\r\n", SpeechError::Provider(ProviderFault::Garbage)),
    ] {
        let server = Server::refusing(answer).await;
        let ear = Deepgram::new(provider(&server.base)).unwrap();
        let mut stream = ear.open(HearOptions::default());
        assert_eq!(next(&mut stream).await, SttEvent::Trouble(wanted));
        assert_eq!(soon(stream.next()).await, None);
    }
    let ear = Deepgram::new(provider("ws://127.0.0.1:1")).unwrap();
    let mut stream = ear.open(HearOptions::default());
    assert_eq!(next(&mut stream).await, SttEvent::Trouble(SpeechError::Provider(ProviderFault::Unreachable)));
    assert!(Deepgram::new(provider("ftp://x")).is_err());
}

#[tokio::test]
async fn key_terms_that_are_refused_are_renamed_or_left_out_and_that_is_kept() {
    let cases: [(&'static [&'static str], Option<&str>); 2] =
        [(&["keyterm="], Some("keywords=Kafka")), (&["keyterm=", "keywords="], None)];
    for (refused, wanted) in cases {
        let mut server = Server::choosy(refused).await;
        let ear = Deepgram::new(provider(&server.base)).unwrap();
        let vocabulary = vec!["Kafka".to_owned()].into();
        let options = HearOptions { vocabulary, interim_every_ms: 0 };
        for _ in 0..2 {
            let _stream = ear.open(options.clone());
            let there = server.connection().await;
            assert_eq!(there.asked.contains("Kafka"), wanted.is_some(), "{}", there.asked);
            assert!(wanted.is_none_or(|part| there.asked.contains(part)), "{}", there.asked);
        }
        assert_eq!(server.refusals(), refused.len(), "each way is tried once");
    }
    // What is refused with no terms at all is refused for another reason.
    let server = Server::choosy(&["model="]).await;
    let mut stream = Deepgram::new(provider(&server.base)).unwrap().open(HearOptions::default());
    let said = SpeechError::Provider(ProviderFault::Status(400));
    assert_eq!(next(&mut stream).await, SttEvent::Trouble(said));
    assert_eq!(server.refusals(), 1);
}

#[tokio::test]
async fn models_that_end_turns_themselves_are_refused_by_name() {
    for model in ["flux-general-en", "Flux"] {
        let provider = SpeechProvider { model: model.to_owned(), ..provider("wss://127.0.0.1:1") };
        let Err(said) = Deepgram::new(provider) else { panic!("{model} is taken") };
        assert!(said.to_string().contains("deepgram:nova-3"), "{said}");
    }
}

#[tokio::test]
async fn silence_keeps_the_connection_and_a_deaf_provider_does_not() {
    let mut server = Server::start().await;
    let mut stream = Deepgram::new(provider(&server.base)).unwrap().open(HearOptions::default());
    let mut there = server.connection().await;
    tokio::time::pause();
    assert_eq!(there.text().await.0, r#"{"type":"KeepAlive"}"#);
    tokio::time::resume();
    for _ in 0..13 {
        stream.hear(&SECOND, 0);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(next(&mut stream).await, SttEvent::Trouble(SpeechError::Late));
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_piled_up() {
    // Nobody takes the connection's handshake.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("ws://{}", listener.local_addr().unwrap());
    let mut stream = Deepgram::new(provider(&base)).unwrap().open(HearOptions::default());
    for _ in 0..40 {
        stream.hear(&SECOND, 0);
    }
    tokio::time::pause();
    assert_eq!(next(&mut stream).await, SttEvent::Trouble(SpeechError::Late));
}
