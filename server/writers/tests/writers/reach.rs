//! Whether a provider is there, takes the key and knows the model.

use patience::soon;
use serde_json::json;
use tokio::net::TcpListener;
use writers::{GEMINI, ModelAvailability, OPENAI, ProviderFault, ProviderKey};

use crate::server::{FakeProvider, Play};

async fn openai(model: &str, plays: Vec<Play>) -> (ModelAvailability, FakeProvider) {
    let provider = FakeProvider::start(plays).await;
    let writer = OPENAI.model(&provider.base, model, ProviderKey::new("SECRET-KEY")).unwrap();
    (writer.reach().await, provider)
}

async fn gemini(model: &str, plays: Vec<Play>) -> (ModelAvailability, FakeProvider) {
    let provider = FakeProvider::start(plays).await;
    let writer = GEMINI.model(&provider.base, model, ProviderKey::new("SECRET-KEY")).unwrap();
    (writer.reach().await, provider)
}

fn list(models: &[(&str, &str)]) -> Play {
    let data: Vec<_> =
        models.iter().map(|(id, by)| json!({"id": id, "object": "model", "owned_by": by})).collect();
    Play::Body(json!({"object": "list", "data": data}).to_string(), 11)
}

#[tokio::test]
async fn a_server_that_has_the_model_is_ready() {
    let three = list(&[("tiny", "library"), ("small", "library"), ("llama3.2:latest", "library")]);
    let (reached, provider) = openai("small", vec![three.clone()]).await;
    assert_eq!(reached, ModelAvailability::Ready);
    let seen = provider.seen.lock().unwrap()[0].clone();
    assert!(seen.head.starts_with("GET /v1/models HTTP/1.1\r\n"), "{}", seen.head);
    assert!(seen.head.contains("authorization: Bearer SECRET-KEY\r\n"), "{}", seen.head);
    assert_eq!(openai("llama3.2", vec![three]).await.0, ModelAvailability::Ready);
    // llama.cpp has one model and takes any name for it.
    let one = list(&[("/models/smol.gguf", "llamacpp")]);
    assert_eq!(openai("default", vec![one]).await.0, ModelAvailability::Ready);

    let model = json!({"name": "models/gemini-2.5-flash", "inputTokenLimit": 9}).to_string();
    let (reached, provider) = gemini("gemini-2.5-flash", vec![Play::Body(model, 5)]).await;
    assert_eq!(reached, ModelAvailability::Ready);
    let seen = provider.seen.lock().unwrap()[0].clone();
    assert!(seen.head.starts_with("GET /v1/models/gemini-2.5-flash HTTP/1.1\r\n"), "{}", seen.head);
    assert!(seen.head.contains("x-goog-api-key: SECRET-KEY\r\n"), "{}", seen.head);
}

#[tokio::test]
async fn an_unknown_model_is_told_with_those_there_are() {
    let names = |names: &[&str]| ModelAvailability::UnknownModel {
        there: names.iter().map(|&n| n.to_owned()).collect(),
    };
    let two = list(&[("tiny\u{1b}[31m", "library"), ("small", "vllm")]);
    assert_eq!(openai("default", vec![two]).await.0, names(&["tiny[31m", "small"]));
    assert_eq!(openai("default", vec![list(&[("small", "vllm")])]).await.0, names(&["small"]));
    assert_eq!(openai("default", vec![Play::Body("{\"data\":null}".into(), 9)]).await.0, names(&[]));
    assert_eq!(openai("default", vec![Play::Status(404)]).await.0, ModelAvailability::Unlisted);

    let all = json!({"models": [{"name": "models/gemini-a"}, {"name": "models/gemini-b"}]}).to_string();
    let (reached, provider) = gemini("gemini-z", vec![Play::Status(404), Play::Body(all, 9)]).await;
    assert_eq!(reached, names(&["gemini-a", "gemini-b"]));
    assert!(provider.seen.lock().unwrap()[1].head.starts_with("GET /v1/models?pageSize=1000 "));
    assert_eq!(gemini("gemini-z", vec![Play::Status(404), Play::Status(500)]).await.0, names(&[]));
}

#[tokio::test]
async fn a_refused_key_is_told_from_other_refusals() {
    for status in [401, 403] {
        assert_eq!(openai("small", vec![Play::Status(status)]).await.0, ModelAvailability::KeyRefused);
        assert_eq!(gemini("small", vec![Play::Status(status)]).await.0, ModelAvailability::KeyRefused);
    }
    let invalid = json!({"error": {"code": 400, "details": [{"reason": "API_KEY_INVALID"}]}}).to_string();
    assert_eq!(gemini("small", vec![Play::Refusal(400, invalid)]).await.0, ModelAvailability::KeyRefused);
    for status in [302, 400, 429, 500] {
        assert_eq!(
            openai("small", vec![Play::Status(status)]).await.0,
            ModelAvailability::Failed(ProviderFault::Status(status))
        );
        assert_eq!(
            gemini("small", vec![Play::Status(status)]).await.0,
            ModelAvailability::Failed(ProviderFault::Status(status))
        );
    }
}

#[tokio::test]
async fn what_is_not_an_answer_is_a_failure() {
    for (play, fault) in [
        (Play::Body("<html>PRIVATE</html>".into(), 9), ProviderFault::Html),
        (Play::Body("{\"data\":[{\"name\":1}]}".into(), 9), ProviderFault::Garbage),
        (Play::Noise, ProviderFault::CutOff),
        (Play::CutOff("{\"data\":[".into()), ProviderFault::CutOff),
        (Play::Endless("x".repeat(100_000)), ProviderFault::Endless),
    ] {
        assert_eq!(openai("small", vec![play.clone()]).await.0, ModelAvailability::Failed(fault), "{play:?}");
    }
    assert_eq!(
        gemini("small", vec![Play::Body("[]".into(), 9)]).await.0,
        ModelAvailability::Failed(ProviderFault::Garbage)
    );
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let nobody = OPENAI.model(&format!("http://127.0.0.1:{port}/v1"), "small", None).unwrap();
    assert_eq!(nobody.reach().await, ModelAvailability::Failed(ProviderFault::Unreachable));
}

#[tokio::test]
async fn one_that_hangs_is_given_up() {
    let both = async {
        tokio::join!(
            openai("small", vec![Play::Silent]),
            gemini("small", vec![Play::Stuck("{\"name\":".into())]),
        )
    };
    let (silent, stuck) = soon("word that nobody answers", both).await;
    assert_eq!(
        (silent.0, stuck.0),
        (
            ModelAvailability::Failed(ProviderFault::Timeout),
            ModelAvailability::Failed(ProviderFault::Timeout)
        )
    );
}
