//! Forty-five slightly different chat servers: whatever a server does to the form of a reply, its words are not lost.

use std::sync::Arc;

use engine::testing::FakeClock;
use engine::{Writer, WriterError};
use futures::StreamExt as _;
use interview::LinePurpose;
use patience::soon;
use serde_json::{Value, json};
use writers::{GEMINI, OPENAI, ProviderKey, WriterBreaker};

use crate::brief::brief;
use crate::server::{FakeProvider, Play, Seen, gemini, openai};

const LINE: &str = "Four weeks, with Zoë. How did it come out?";

async fn line(writer: &dyn Writer) -> Result<String, WriterError> {
    writer.write(brief(LinePurpose::Probe)).collect::<Vec<_>>().await.into_iter().collect()
}

async fn from_openai(body: &str) -> Result<String, WriterError> {
    let provider = FakeProvider::start(vec![Play::Body(body.to_owned(), 7)]).await;
    line(&OPENAI.model(&provider.base, "m", None).unwrap()).await
}

async fn from_gemini(body: &str) -> Result<String, WriterError> {
    let provider = FakeProvider::start(vec![Play::Body(body.to_owned(), 7)]).await;
    line(&GEMINI.model(&provider.base, "gemini-3.5-flash-lite", ProviderKey::new("k")).unwrap()).await
}

/// The places of all values in a document, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                found.push(format!("{at}/{name}"));
                places(inner, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, inner) in items.iter().enumerate() {
                places(inner, &format!("{at}/{n}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The stream with one field of every event replaced, and the words that are left in it: an event whose own way to its
/// words is gone has none, all others keep theirs.
fn with_one_field(events: &[Value], place: &str, put: Option<&Value>, way: &str) -> (String, bool) {
    let mut body = String::new();
    for event in events {
        let mut event = event.clone();
        let (parent, name) = place.rsplit_once('/').unwrap();
        match (event.pointer_mut(parent), put) {
            (Some(Value::Object(fields)), Some(put)) if fields.contains_key(name) => {
                fields.insert(name.to_owned(), put.clone());
            }
            (Some(Value::Object(fields)), None) => {
                fields.remove(name);
            }
            (Some(_) | None, _) => {}
        }
        body += &format!("data: {event}\n\n");
    }
    // On the way to the words.
    (body + "data: [DONE]\n\n", way.starts_with(place))
}

#[tokio::test]
async fn any_one_field_null_missing_or_of_another_type_loses_no_words() {
    let others = [json!(null), json!(7), json!(true), json!("x"), json!([]), json!({}), json!([{"a": null}])];
    let chunk = |text: &str| {
        json!({
            "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "system_fingerprint": "f",
            "choices": [{"index": 0, "delta": {"role": "assistant", "content": text, "reasoning": "",
                "reasoning_content": "", "tool_calls": [], "refusal": ""},
                "logprobs": {"content": []}, "finish_reason": ""}],
            "usage": {"total_tokens": 7},
        })
    };
    let mut events: Vec<Value> = LINE.split_inclusive(' ').map(chunk).collect();
    let mut found = Vec::new();
    places(&events[0], "", &mut found);
    events.push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}));
    events.push(json!({"choices": [], "usage": {"total_tokens": 7}}));
    let mut held = 0;
    for place in &found {
        for put in others.iter().map(Some).chain([None]) {
            let (body, on_the_way) = with_one_field(&events, place, put, "/choices/0/delta/content");
            if !on_the_way {
                // "error" is a word of its own, and so is a reason that withholds.
                assert_eq!(from_openai(&body).await.as_deref(), Ok(LINE), "{place} {put:?}");
                held += 1;
            }
        }
    }
    assert!(held > 100, "{held}");

    let chunk = |text: &str| {
        json!({
            "candidates": [{"content": {"parts": [{"text": text, "thought": false, "thoughtSignature": "s"}],
                "role": "model"}, "index": 0, "finishReason": "", "safetyRatings": [], "tokenCount": 1}],
            "promptFeedback": {"safetyRatings": [], "blockReason": ""},
            "usageMetadata": {"totalTokenCount": 9}, "modelVersion": "m", "responseId": "r",
        })
    };
    let mut events: Vec<Value> = LINE.split_inclusive(' ').map(chunk).collect();
    let mut found = Vec::new();
    places(&events[0], "", &mut found);
    events.push(json!({"candidates": [{"finishReason": "STOP"}]}));
    for place in &found {
        for put in others.iter().map(Some).chain([None]) {
            let (body, on_the_way) =
                with_one_field(&events, place, put, "/candidates/0/content/parts/0/text");
            // A part that is a thought is none of the line, and a reason to block is one.
            let means = (place.ends_with("/thought") && put == Some(&json!(true)))
                || (place.ends_with("/blockReason") && put == Some(&json!("x")));
            if !on_the_way && !means {
                let body = body.replace("data: [DONE]\n\n", "");
                assert_eq!(from_gemini(&body).await.as_deref(), Ok(LINE), "{place} {put:?}");
            }
        }
    }
}

#[tokio::test]
async fn one_event_that_cannot_be_used_costs_none_of_the_others() {
    let good = openai(LINE, "stop");
    for strange in [
        "data:\n\n",
        "data: \n\n",
        "data: null\n\n",
        "data: 7\n\n",
        "data: \"ping\"\n\n",
        "data: ping\n\n",
        "event: ping\ndata: {}\n\n",
        "data: {\"choices\":null,\"usage\":{\"total_tokens\":1}}\n\n",
        "data: {\"choices\":{}}\n\n",
        "data: {\"choices\":[null]}\n\n",
        "data: {\"choices\":[{\"delta\":null,\"finish_reason\":null}]}\n\n",
        "data: {\"error\":null}\n\n",
        "data: {\"error\":\"\"}\n\n",
        ": comment\n\n",
        "retry: 3000\n\n",
    ] {
        let body = good.replacen("data: ", &format!("{strange}data: "), 1).replace(
            "data: {\"choices\":[{\"delta\":{\"content\":\"How ",
            &format!("{strange}data: {{\"choices\":[{{\"delta\":{{\"content\":\"How "),
        );
        assert_eq!(from_openai(&body).await.as_deref(), Ok(LINE), "{strange}");
    }
}

#[tokio::test]
async fn every_end_after_words_is_an_end() {
    // Neither `finish_reason` nor `[DONE]`; the stream just ends.
    assert_eq!(from_openai(&openai(LINE, "")).await.as_deref(), Ok(LINE));
    assert_eq!(from_gemini(&gemini(LINE, "")).await.as_deref(), Ok(LINE));
    for finish in
        ["STOP", "Stop", "eos", "end_turn", "stop_sequence", "FINISH_REASON_STOP", "tool_calls", "?"]
    {
        assert_eq!(from_openai(&openai(LINE, finish)).await.as_deref(), Ok(LINE), "{finish}");
        assert_eq!(from_gemini(&gemini(LINE, finish)).await.as_deref(), Ok(LINE), "{finish}");
    }
    // A finish in every event is none.
    let every = openai(LINE, "stop").replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"");
    assert_eq!(from_openai(&every).await.as_deref(), Ok(LINE));
    // A server that keeps the connection open after the finish is not waited for.
    let stuck = openai(LINE, "stop").replace("data: [DONE]\n\n", "");
    let provider = FakeProvider::start(vec![Play::Stuck(stuck)]).await;
    let writer = OPENAI.model(&provider.base, "m", None).unwrap();
    assert_eq!(soon("a line", line(&writer)).await.as_deref(), Ok(LINE));
}

#[tokio::test]
async fn other_forms_of_a_reply_are_read() {
    let message = json!({"role": "assistant", "content": LINE, "refusal": null});
    let whole = json!({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]});
    let parts = json!([{"type": "text", "text": "Four weeks, with Zoë."}, {"type": "text", "text": " How did it come out?"}]);
    for body in [
        whole.to_string(),
        serde_json::to_string_pretty(&whole).unwrap(),
        json!({"choices": [{"message": {"content": parts}}]}).to_string(),
        json!({"choices": [{"text": LINE}]}).to_string(),
        format!("data: {whole}\n\n"),
        // Events without the empty line between them; Ollama's own form, JSON by the line.
        openai(LINE, "stop").replace("\n\n", "\n"),
        LINE.split_inclusive(' ')
            .map(|w| format!("{}\n", json!({"message": {"content": w}, "done": false})))
            .collect::<String>()
            + &json!({"message": {"content": ""}, "done": true, "done_reason": "stop"}).to_string(),
        // The whole line said again at the end.
        openai(LINE, "").to_owned() + &format!("data: {whole}\n\ndata: [DONE]\n\n"),
    ] {
        assert_eq!(from_openai(&body).await.as_deref(), Ok(LINE), "{body}");
    }
    let candidate = |text: &str| json!({"candidates": [{"content": {"parts": [{"text": text}]}}]});
    let list: Vec<Value> = LINE.split_inclusive(' ').map(candidate).collect();
    assert_eq!(from_gemini(&json!(list).to_string()).await.as_deref(), Ok(LINE));
    assert_eq!(from_gemini(&candidate(LINE).to_string()).await.as_deref(), Ok(LINE));
    for page in ["<!DOCTYPE html><html>PRIVATE</html>", "\n<html><body>Log in</body></html>"] {
        assert_eq!(from_openai(page).await.unwrap_err().to_string(), "html");
        assert_eq!(from_gemini(page).await.unwrap_err().to_string(), "html");
    }
}

/// A server that refuses with 400 what is not fit, and how many requests it took.
async fn negotiated(
    fit: fn(&Seen) -> bool,
    status: u16,
    says: &'static str,
) -> (Result<String, WriterError>, usize) {
    let provider = FakeProvider::start(vec![Play::Picky(fit, status, says, openai(LINE, "stop"))]).await;
    let clock = Arc::new(FakeClock::new(0));
    let writer = WriterBreaker::new(Arc::new(OPENAI.model(&provider.base, "m", None).unwrap()), clock);
    let first = line(&writer).await;
    let before = provider.seen.lock().unwrap().len();
    // What was agreed is remembered, and none of it was a failure.
    for _ in 0..3 {
        if first.is_ok() {
            assert_eq!(line(&writer).await.as_deref(), Ok(LINE));
        }
    }
    if first.is_ok() {
        assert_eq!(provider.seen.lock().unwrap().len(), before + 3, "{says}");
    }
    (first, before)
}

#[tokio::test]
async fn what_a_server_refuses_is_left_out_or_renamed_and_remembered() {
    let no_system =
        |seen: &Seen| seen.body["messages"].as_array().unwrap().iter().all(|m| m["role"] != "system");
    type Wants = fn(&Seen) -> bool;
    let cases: [(Wants, &'static str); 6] = [
        (|seen| seen.body.get("max_tokens").is_none(), "Unsupported parameter: 'max_tokens'"),
        (|seen| seen.body.get("max_completion_tokens").is_some(), "use max_completion_tokens"),
        (no_system, "{\"error\":\"role must be user\"}"),
        (|seen| seen.body.get("reasoning_effort").is_none(), "Unknown argument: reasoning_effort"),
        (|seen| seen.body["stream"] != true, "stream is not supported"),
        (
            |seen| seen.body.get("reasoning_effort").is_none() && seen.body.get("max_tokens").is_none(),
            "extra inputs are not permitted: reasoning_effort, max_tokens",
        ),
    ];
    for (fit, says) in cases {
        for status in [400, 422] {
            let (line, requests) = negotiated(fit, status, says).await;
            assert_eq!(line.as_deref(), Ok(LINE), "{says}");
            assert!(requests <= 4, "{says}: {requests}");
        }
    }
    // Without a word of what it is.
    for (fit, _) in cases {
        let (line, requests) = negotiated(fit, 400, "bad request").await;
        assert!(line.as_deref() == Ok(LINE) && requests <= 8, "{requests}");
    }
    let (line, _) = negotiated(|_| false, 400, "no").await;
    assert_eq!(line.unwrap_err().to_string(), "http_400");
}

#[tokio::test]
async fn addresses_are_put_right_and_queries_kept() {
    let asks = |base: &'static str, path: &'static str| async move {
        // Anything but the right place is not there.
        let provider = FakeProvider::start(vec![Play::Picky(
            |seen| seen.head.starts_with("POST /v1/chat/completions") || seen.head.contains("api-version"),
            404,
            "404 page not found",
            openai(LINE, "stop"),
        )])
        .await;
        let root = provider.base.trim_end_matches("/v1").to_owned();
        let writer = OPENAI.model(&format!("{root}{base}"), "m", None).unwrap();
        assert_eq!(line(&writer).await.as_deref(), Ok(LINE), "{base}");
        let last = provider.seen.lock().unwrap().last().unwrap().head.clone();
        assert!(last.starts_with(&format!("POST {path} HTTP/1.1\r\n")), "{base}: {last}");
    };
    let right = "/v1/chat/completions";
    for base in [
        "",
        "/",
        "/v1",
        "/v1/",
        "/v1/chat/completions",
        "/v1/chat/completions/",
        "/v1/models",
        "/chat/completions",
    ] {
        asks(base, right).await;
    }
    asks(
        "/openai/deployments/d?api-version=2024-10-21",
        "/openai/deployments/d/chat/completions?api-version=2024-10-21",
    )
    .await;
    // One that has no `/v1` at all.
    let provider = FakeProvider::start(vec![Play::Picky(
        |seen| seen.head.starts_with("POST /chat/completions"),
        404,
        "not found",
        openai(LINE, "stop"),
    )])
    .await;
    let writer = OPENAI.model(&provider.base, "m", None).unwrap();
    assert_eq!(line(&writer).await.as_deref(), Ok(LINE));
    // A model that is not there is no wrong address.
    let provider =
        FakeProvider::start(vec![Play::Refusal(404, "{\"error\":\"model 'm' not found\"}".to_owned())]).await;
    let writer = OPENAI.model(&provider.base, "m", None).unwrap();
    assert_eq!(line(&writer).await.unwrap_err().to_string(), "http_404");
    assert_eq!(provider.seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn thinking_is_asked_off() {
    let thinks =
        "data: {\"choices\":[{\"delta\":{\"reasoning\":\"Hm\"}}]}\n\n".to_owned() + &openai(LINE, "stop");
    let provider = FakeProvider::start(vec![Play::Body(thinks, 7)]).await;
    let writer = OPENAI.model(&provider.base, "m", None).unwrap();
    for _ in 0..2 {
        assert_eq!(line(&writer).await.as_deref(), Ok(LINE));
    }
    let seen = provider.seen.lock().unwrap();
    assert_eq!(seen[0].body["reasoning_effort"], "none");
    // One that thinks all the same is told in the other way too.
    assert_eq!(seen[0].body.get("chat_template_kwargs"), None);
    assert_eq!(seen[1].body["chat_template_kwargs"]["enable_thinking"], false);
}

#[tokio::test]
async fn a_server_that_says_when_to_come_again_is_not_asked_before() {
    let google = json!({"error": {"code": 429, "details": [{"retryDelay": "120s"}]}}).to_string();
    for play in [Play::Rest(429, "120"), Play::Rest(503, "120"), Play::Refusal(429, google)] {
        let provider = FakeProvider::start(vec![play, Play::Body(openai(LINE, "stop"), 7)]).await;
        let clock = Arc::new(FakeClock::new(0));
        let writer =
            WriterBreaker::new(Arc::new(OPENAI.model(&provider.base, "m", None).unwrap()), clock.clone());
        assert!(matches!(line(&writer).await, Err(WriterError::Busy { .. })));
        for _ in 0..4 {
            clock.jump(29_000);
            assert_eq!(line(&writer).await, Err(WriterError::Spared));
        }
        assert_eq!(provider.seen.lock().unwrap().len(), 1);
        clock.jump(4_000);
        assert_eq!(line(&writer).await.as_deref(), Ok(LINE));
    }
}
