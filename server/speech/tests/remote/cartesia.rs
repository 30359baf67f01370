//! Speaking in Cartesia's protocol.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures::StreamExt as _;
use serde_json::{Value, json};
use speech::SpeechError;
use speech::ports::{SpeakRequest, SpeechChunk, SpeechStream, Tts as _, Urgency};
use speech::remote::Cartesia;

use crate::sockets::{Connection, Server};
use crate::{provider, soon};

fn request(text: &str) -> SpeakRequest {
    SpeakRequest { text: text.into(), speed: 0.9, urgency: Urgency::FirstWords }
}

async fn asked(there: &mut Connection) -> Value {
    serde_json::from_str(&there.text().await.0).unwrap()
}

fn chunk(context: &Value, bytes: &[u8]) -> String {
    let data = BASE64_STANDARD.encode(bytes);
    json!({ "type": "chunk", "data": data, "done": false, "status_code": 206, "context_id": context })
        .to_string()
}

fn done(context: &Value) -> String {
    json!({ "type": "done", "done": true, "status_code": 200, "context_id": context }).to_string()
}

fn times(context: &Value, words: &[(&str, f64, f64)]) -> String {
    let word: Vec<_> = words.iter().map(|w| w.0).collect();
    let start: Vec<_> = words.iter().map(|w| w.1).collect();
    let end: Vec<_> = words.iter().map(|w| w.2).collect();
    json!({ "type": "timestamps", "context_id": context, "done": false, "status_code": 206,
        "word_timestamps": { "words": word, "start": start, "end": end } })
    .to_string()
}

async fn piece(speech: &mut SpeechStream) -> Result<SpeechChunk, SpeechError> {
    soon(speech.next()).await.expect("a piece")
}

/// A second of sound as bytes.
static SECOND: [u8; 48_000] = [3; 48_000];

#[tokio::test]
async fn a_speech_is_one_context_with_measured_words() {
    let mut server = Server::start().await;
    let voice = Cartesia::new(provider(&server.base), "voice-id").unwrap();
    let mut speech = voice.speak(request("Hello there. I use C++."));
    let talk = async {
        let mut there = server.connection().await;
        assert!(there.asked.starts_with("/v1/tts/websocket "), "{}", there.asked);
        assert!(there.asked.contains("cartesia-version") && there.asked.contains("Bearer very-secret"));
        let (first, last) = (asked(&mut there).await, asked(&mut there).await);
        assert_eq!((&first["transcript"], &first["continue"]), (&json!("Hello there. "), &json!(true)));
        assert_eq!((&last["transcript"], &last["continue"]), (&json!("I use C++."), &json!(false)));
        assert_eq!((&first["context_id"], &first["voice"]["id"]), (&last["context_id"], &json!("voice-id")));
        assert_eq!(
            first["output_format"],
            json!({ "container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000 })
        );
        assert_eq!((&first["add_timestamps"], &first["language"]), (&json!(true), &json!("en")));
        let context = first["context_id"].clone();
        there.say(&times(&context, &[("Hello", 0.1, 0.4), ("there.", 0.5, 0.9), ("I", 1.1, 1.2)])).await;
        there.say(&chunk(&context, &SECOND[..24_001])).await;
        there.say(&chunk(&context, &SECOND[24_001..])).await;
        there
            .say(r#"{"type":"flush_done","done":false,"flush_done":true,"flush_id":1,"status_code":206}"#)
            .await;
        there.say(&times(&context, &[("use", 1.3, 1.5), ("C++.", 1.6, 1.9)])).await;
        there.say(&chunk(&context, &SECOND)).await;
        there.say(&done(&context)).await;
        there
    };
    let listen = async {
        let mut pieces = Vec::new();
        while let Some(piece) = soon(speech.next()).await {
            pieces.push(piece.unwrap());
        }
        pieces
    };
    let (mut there, pieces) = tokio::join!(talk, listen);
    assert_eq!(pieces.iter().map(|piece| piece.pcm.len()).sum::<usize>(), 48_000);
    let said: Vec<_> = pieces
        .iter()
        .flat_map(|p| p.words.iter().zip(&p.said))
        .map(|(w, s)| (w.text.as_str(), w.start_ms, *s))
        .collect();
    assert_eq!(
        said,
        [("Hello", 100, 5), ("there.", 500, 12), ("I", 1_100, 14), ("use", 1_300, 18), ("C++.", 1_600, 23)]
    );
    assert_eq!(pieces[0].words.len(), 1, "words come with their audio");

    // The next speech takes the same connection.
    let mut again = voice.speak(request("Again."));
    let (first, ()) = tokio::join!(piece(&mut again), async {
        let context = asked(&mut there).await["context_id"].clone();
        there.say(&chunk(&context, &SECOND)).await;
    });
    assert_eq!(first.unwrap().pcm.len(), 24_000);
}

#[tokio::test]
async fn a_speech_that_is_given_up_is_cancelled_and_its_rest_not_heard() {
    let mut server = Server::start().await;
    let voice = Cartesia::new(provider(&server.base), "v").unwrap();
    let mut speech = voice.speak(request("A long story."));
    let ((mut there, old), first) = tokio::join!(
        async {
            let mut there = server.connection().await;
            let context = asked(&mut there).await["context_id"].clone();
            there.say(&chunk(&context, &SECOND)).await;
            (there, context)
        },
        piece(&mut speech)
    );
    assert_eq!(first.unwrap().pcm.len(), 24_000);
    drop(speech);
    let cancel = asked(&mut there).await;
    assert_eq!((&cancel["cancel"], &cancel["context_id"]), (&json!(true), &old));
    // Whoever waits for its end gives the connection back, and is gone.
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    there.say(&done(&old)).await;
    soon(async {
        while tasks() >= before {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut next = voice.speak(request("Next."));
    let (first, ()) = tokio::join!(piece(&mut next), async {
        let context = asked(&mut there).await["context_id"].clone();
        assert_ne!(context, old);
        there.say(&chunk(&old, &[9; 4_800])).await;
        there.say(&chunk(&context, &SECOND)).await;
    });
    assert_eq!(first.unwrap().pcm.len(), 24_000, "what is left of the old one is not heard");
}

#[tokio::test]
async fn what_is_no_speech_is_an_error() {
    let context = json!("1");
    for (said, wanted) in [
        (vec!["{not json".to_owned()], "the provider does not speak as expected (garbage)"),
        (
            vec![json!({ "type": "chunk", "data": "!!", "context_id": "1" }).to_string()],
            "the provider does not speak as expected (garbage)",
        ),
        (vec![done(&context)], "the provider says nothing (empty)"),
        (vec![chunk(&context, &[1; 3]), done(&context)], "the provider breaks off in the middle (cut_off)"),
        (vec![chunk(&context, &[1; 4])], "the provider breaks off in the middle (cut_off)"),
        (
            vec![
                json!({ "type": "error", "status_code": 429, "context_id": "1", "message": "private" })
                    .to_string(),
            ],
            "too much to do at once",
        ),
        (
            vec![json!({ "type": "error", "status_code": 400, "title": "private" }).to_string()],
            "the provider does not take the request (http_400)",
        ),
        (vec![chunk(&context, &[0; 1_000_000])], "the provider does not come to an end (endless)"),
    ] {
        let mut server = Server::start().await;
        let mut speech = Cartesia::new(provider(&server.base), "v").unwrap().speak(request("Hi."));
        let talk = async {
            let mut there = server.connection().await;
            asked(&mut there).await;
            for text in &said {
                there.say(text).await;
            }
        };
        let listen = async {
            loop {
                if let Err(error) = piece(&mut speech).await {
                    break error;
                }
            }
        };
        let ((), error) = tokio::join!(talk, listen);
        assert_eq!(error.to_string(), wanted, "{said:?}");
        assert!(soon(speech.next()).await.is_none());
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_given_up() {
    let mut server = Server::start().await;
    let mut speech = Cartesia::new(provider(&server.base), "v").unwrap().speak(request("Hi."));
    let (error, _there) = tokio::join!(piece(&mut speech), async {
        let mut there = server.connection().await;
        asked(&mut there).await;
        tokio::time::pause();
        there
    });
    assert_eq!(error.unwrap_err(), SpeechError::Late);
}

#[tokio::test]
async fn a_kept_connection_that_has_gone_is_replaced() {
    let mut server = Server::start().await;
    let voice = Cartesia::new(provider(&server.base), "v").unwrap();
    for _ in 0..2 {
        let mut speech = voice.speak(request("Hi."));
        let (first, ()) = tokio::join!(piece(&mut speech), async {
            let mut there = server.connection().await;
            let context = asked(&mut there).await["context_id"].clone();
            there.say(&chunk(&context, &SECOND)).await;
            there.say(&done(&context)).await;
        });
        assert_eq!(first.unwrap().pcm.len(), 24_000);
        while soon(speech.next()).await.is_some() {}
    }
}
