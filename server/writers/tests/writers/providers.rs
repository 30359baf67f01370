//! The two APIs.

use std::sync::atomic::Ordering;

use engine::{Writer, WriterError};
use futures::StreamExt as _;
use interview::LinePurpose;
use patience::soon;
use writers::{GEMINI, LanguageModel, OPENAI, ProviderKey};

use crate::brief::{ANSWER, brief};
use crate::server::{FakeProvider, Play, gemini, openai};

const LINE: &str = "Four weeks, with Zoë — “王” and 🙂 aside. How did it come out?";

async fn line(writer: &dyn Writer) -> Result<String, WriterError> {
    writer.write(brief(LinePurpose::Probe)).collect::<Vec<_>>().await.into_iter().collect()
}

async fn code_of(writer: &dyn Writer) -> String {
    line(writer).await.unwrap_err().to_string()
}

fn open(base: &str) -> LanguageModel {
    OPENAI.model(base, "small", ProviderKey::new("SECRET-KEY")).unwrap()
}

fn gem(base: &str) -> LanguageModel {
    GEMINI.model(base, "gemini-3.5-flash-lite", ProviderKey::new("SECRET-KEY")).unwrap()
}

#[tokio::test]
async fn words_come_whole_however_the_bytes_are_split() {
    for piece in [1, 2, 3, 5, 64, 100_000] {
        let provider = FakeProvider::start(vec![Play::Body(openai(LINE, "stop"), piece)]).await;
        assert_eq!(line(&open(&provider.base)).await.unwrap(), LINE, "{piece}");
        let provider = FakeProvider::start(vec![Play::Body(gemini(LINE, "STOP"), piece)]).await;
        assert_eq!(line(&gem(&provider.base)).await.unwrap(), LINE, "{piece}");
    }
}

#[tokio::test]
async fn the_request_is_what_the_api_wants() {
    let provider = FakeProvider::start(vec![Play::Body(openai(LINE, "stop"), 50)]).await;
    line(&open(&provider.base)).await.unwrap();
    let seen = provider.seen.lock().unwrap()[0].clone();
    assert!(seen.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", seen.head);
    assert!(seen.head.contains("authorization: Bearer SECRET-KEY\r\n"), "{}", seen.head);
    assert_eq!((seen.body["model"].as_str(), seen.body["stream"].as_bool()), (Some("small"), Some(true)));
    assert_eq!(seen.body["messages"][0]["role"], "system");
    assert!(!seen.body["messages"][0]["content"].as_str().unwrap().contains("ledger"));
    assert!(seen.body["messages"][1]["content"].as_str().unwrap().contains(ANSWER));

    let provider = FakeProvider::start(vec![Play::Body(gemini(LINE, "STOP"), 50)]).await;
    line(&gem(&provider.base)).await.unwrap();
    let seen = provider.seen.lock().unwrap()[0].clone();
    let path = "POST /v1/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse HTTP/1.1\r\n";
    assert!(seen.head.starts_with(path), "{}", seen.head);
    assert!(seen.head.contains("x-goog-api-key: SECRET-KEY\r\n"), "{}", seen.head);
    assert_eq!(seen.body["generationConfig"]["thinkingConfig"]["thinkingLevel"], "minimal");
    assert!(seen.body["contents"][0]["parts"][0]["text"].as_str().unwrap().contains(ANSWER));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let provider = FakeProvider::start(vec![Play::Body(openai(LINE, "stop"), 50)]).await;
    let writer = open(&provider.base);
    for _ in 0..4 {
        assert_eq!(line(&writer).await.unwrap(), LINE);
    }
    assert_eq!(provider.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_goes_wrong_is_told_as_a_code() {
    let error = "data: {\"error\":{\"message\":\"PRIVATE\",\"code\":503}}\n\n";
    let plays = [
        (Play::Status(401), Play::Status(401), "http_401"),
        (Play::Status(429), Play::Status(429), "http_429"),
        (Play::Status(500), Play::Status(500), "http_500"),
        (Play::Status(302), Play::Status(302), "http_302"),
        (Play::CutOff(openai("Four weeks", "")), Play::CutOff(gemini("Four weeks", "")), "cut_off"),
        (
            Play::Body(openai("Four weeks", "length"), 9),
            Play::Body(gemini("Four weeks", "MAX_TOKENS"), 9),
            "cut_off",
        ),
        (Play::Body(openai("", "content_filter"), 9), Play::Body(gemini("No", "SAFETY"), 9), "withheld"),
        (Play::Body(openai("", "stop"), 9), Play::Body(gemini(" ", "STOP"), 9), "empty"),
        (Play::Body(String::new(), 9), Play::Body(String::new(), 9), "empty"),
        (Play::Body("data: PRIVATE\n\n".into(), 9), Play::Body("data: {\"a\n\n".into(), 9), "garbage"),
        (Play::Body(error.into(), 9), Play::Body(error.into(), 9), "provider_error"),
        (Play::Noise, Play::Noise, "cut_off"),
        (Play::Endless(openai("and so on ", "")), Play::Endless(gemini("and so on ", "")), "endless"),
    ];
    for (to_open, to_gem, code) in plays {
        let provider = FakeProvider::start(vec![to_open.clone()]).await;
        assert_eq!(code_of(&open(&provider.base)).await, code, "{to_open:?}");
        let provider = FakeProvider::start(vec![to_gem.clone()]).await;
        assert_eq!(code_of(&gem(&provider.base)).await, code, "{to_gem:?}");
    }
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(code_of(&open(&format!("http://{nobody}/v1"))).await, "unreachable");
}

#[tokio::test]
async fn dropping_the_words_closes_the_connection() {
    for play in [Play::Silent, Play::Stuck(openai("Four weeks ", ""))] {
        let begins = matches!(play, Play::Stuck(_));
        let mut provider = FakeProvider::start(vec![play]).await;
        let writer = open(&provider.base);
        let mut words = writer.write(brief(LinePurpose::Probe));
        if begins {
            assert_eq!(words.next().await.unwrap().unwrap(), "Four ");
        } else {
            let asked = async {
                while provider.seen.lock().unwrap().is_empty() {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                word = words.next() => panic!("{word:?}"),
                () = asked => {}
            }
        }
        drop(words);
        assert_eq!(soon("the end of the connection", provider.closed.recv()).await, Some(()));
    }
}

#[test]
fn nothing_prints_a_key() {
    for shown in [format!("{:?}", open("http://localhost:1/v1")), format!("{:?}", gem("http://localhost:1"))]
    {
        assert!(shown.contains("Key(..)") && !shown.contains("SECRET"), "{shown}");
    }
    assert_eq!(ProviderKey::new(" \n"), None);
}

#[test]
fn what_is_no_address_or_model_is_refused() {
    for base in ["", "localhost:11434", "ftp://x/", "http://"] {
        assert!(OPENAI.model(base, "m", None).is_err(), "{base}");
    }
    for model in ["", "a/b", "m:generate?key=1", "..x y"] {
        assert!(GEMINI.model("http://localhost:1", model, ProviderKey::new("k")).is_err(), "{model}");
    }
}
