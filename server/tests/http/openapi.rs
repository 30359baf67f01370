//! The description of the engine API is true: real responses fit it, and it names every status that comes.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::response::IntoResponse as _;
use engine::{EngineError, SessionId, StorageFault, StoreError};
use reqwest::{Body, Method, StatusCode};
use serde_json::{Value, json};
use server::engine_api::body::refusal;
use server::engine_api::error::ApiError;
use server::request_guard::size::BodyReadError;
use server::request_guard::too_many;

use crate::engine_sound::{put_sound, spoken_for, too_large};
use crate::house::{House, Program, SECRET, answer, said, someone};

/// Checks a value against a schema; says where it does not fit.
fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#')).ok_or(format!("{name} is nowhere"))?;
        return fits(document, target, value, at);
    }
    if let Some(some) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let tried: Vec<_> = some.iter().map(|s| fits(document, s, value, at)).collect();
        return if tried.iter().any(Result::is_ok) {
            Ok(())
        } else {
            Err(format!("{at}: none of {tried:?}"))
        };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            return Err(format!("{at}: the schema has no type"));
        }
    };
    if !kinds.contains(&kind) {
        return Err(format!("{at}: {kind}, not {kinds:?}"));
    }
    if let Some(values) = schema["enum"].as_array().filter(|values| !values.contains(value)) {
        return Err(format!("{at}: {value} is none of {values:?}"));
    }
    for item in value.as_array().into_iter().flatten() {
        fits(document, &schema["items"], item, &format!("{at}[]"))?;
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        object.get(name).ok_or(format!("{at}: {name} is missing"))?;
    }
    for (name, field) in object {
        // An object with any names says what stands under them.
        let any = schema.get("additionalProperties").filter(|any| any.is_object());
        let described = schema["properties"].get(name).or(any);
        let described = described.ok_or(format!("{at}: {name} is not described"))?;
        fits(document, described, field, &format!("{at}.{name}"))?;
    }
    Ok(())
}

/// Checks one response, and gives the name of what it showed.
fn check(document: &Value, path: &str, method: &Method, status: StatusCode, body: &Value) -> String {
    let method = method.as_str().to_lowercase();
    let described = &document["paths"][path][&method]["responses"][status.as_str()];
    let shown = format!("{method} {path} {}", status.as_str());
    assert!(described.is_object(), "{shown} is not described: {body}");
    let schema = &described["content"]["application/json"]["schema"];
    match status {
        StatusCode::NO_CONTENT => {
            assert!(described["content"].is_null() && body.is_null(), "{shown}: {body}")
        }
        _ => fits(document, schema, body, &shown).unwrap(),
    }
    if let Some(code) = body["error"]["code"].as_str() {
        let description = described["description"].as_str().unwrap();
        assert!(description.contains(&format!("`{code}`")), "{shown}: {code} is not among {description}");
    }
    shown
}

#[tokio::test]
async fn every_status_and_body_is_as_described() {
    let house = House::start().await;
    let document: Value = house.get("/openapi.json").send().await.unwrap().json().await.unwrap();
    let id = house.session().await;
    let turn = |event: &str, text: &str| json!({"session_id": id, "turn_id": format!("t-{event}"), "event_type": event, "text": text});
    let mut ended = turn("end", "");
    ended["turn_id"] = json!("t-after");
    let mut stranger = turn("start", "");
    stranger["session_id"] = json!("x");
    let (sessions, next, one) = ("/engine/sessions/", "/engine/next_turn/", "/engine/sessions/{id}/");
    let voice = "/engine/sessions/{id}/voice/";
    let (vocabulary, notes) = ("/engine/sessions/{id}/vocabulary/", "/engine/sessions/{id}/notes/");
    let report = "/engine/sessions/{id}/report/";
    let (corrections, strikes) = ("/engine/sessions/{id}/corrections/", "/engine/sessions/{id}/strikes/");
    let (takes, forks) = ("/engine/sessions/{id}/takes/", "/engine/sessions/{id}/forks/");
    let sound = "/engine/sessions/{id}/sound/";
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let mut spoken = turn("user_turn", "I also wrote the report on it.");
    (spoken["turn_id"], spoken["modality"]) = (json!("t-spoken"), json!("voice"));
    let large = json!({"candidate_name": "x".repeat(600_000)});
    // Path as described, method, body, secret.
    let asked: Vec<(&str, &Method, Value, &str)> = vec![
        (sessions, &post, someone(), SECRET),
        (sessions, &post, json!({}), SECRET),
        (sessions, &post, someone(), "wrong"),
        (sessions, &post, large.clone(), SECRET),
        (sessions, &post, json!({"candidate_name": "", "role": ""}), SECRET),
        (sessions, &post, json!({"candidate_name": "x", "role": "y", "plan": "z"}), SECRET),
        (next, &post, turn("user_turn", &said(1)), SECRET),
        (next, &post, turn("start", ""), SECRET),
        (next, &post, turn("user_turn", &said(1)), SECRET),
        (next, &post, spoken, SECRET),
        (corrections, &post, json!({"seq": 4, "text": said(3)}), SECRET),
        (corrections, &post, json!({"seq": 4, "text": " "}), SECRET),
        (next, &post, turn("user_turn", &said(2)), SECRET),
        (next, &post, turn("silence", ""), SECRET),
        (next, &post, turn("activity", ""), SECRET),
        (next, &post, turn("dance", ""), SECRET),
        (next, &post, turn("start", ""), "wrong"),
        (next, &post, stranger, SECRET),
        (next, &post, turn("heard", "never"), SECRET),
        (next, &post, large.clone(), SECRET),
        (one, &get, Value::Null, SECRET),
        (voice, &post, Value::Null, SECRET),
        (voice, &post, Value::Null, "wrong"),
        (vocabulary, &get, Value::Null, SECRET),
        (vocabulary, &get, Value::Null, "wrong"),
        (report, &get, Value::Null, SECRET),
        (report, &get, Value::Null, "wrong"),
        (corrections, &post, json!({"seq": 1, "text": "What?"}), SECRET),
        (corrections, &post, json!({"seq": 1}), SECRET),
        (corrections, &post, large.clone(), SECRET),
        (corrections, &post, json!({"seq": 1, "text": "What?"}), "wrong"),
        (strikes, &post, json!({"statement": "keep.nothing"}), SECRET),
        (strikes, &post, json!({}), SECRET),
        (strikes, &post, large.clone(), SECRET),
        (strikes, &post, json!({"statement": "keep.nothing"}), "wrong"),
        (takes, &post, json!({"answer": 4, "manner": "strict"}), SECRET),
        (takes, &post, json!({"answer": 1}), SECRET),
        (takes, &post, json!({"answer": 4, "manner": "kind"}), SECRET),
        (takes, &post, large.clone(), SECRET),
        (takes, &post, json!({"answer": 4}), "wrong"),
        (forks, &post, json!({"answer": 4}), SECRET),
        (forks, &post, json!({"answer": 1}), SECRET),
        (forks, &post, json!({}), SECRET),
        (forks, &post, large.clone(), SECRET),
        (forks, &post, json!({"answer": 4}), "wrong"),
        (notes, &post, json!({"kind": "joined"}), SECRET),
        (notes, &post, json!({"kind": "danced"}), SECRET),
        (notes, &post, large, SECRET),
        (notes, &post, json!({"kind": "joined"}), "wrong"),
        (sound, &get, Value::Null, SECRET),
        (sound, &get, Value::Null, "wrong"),
        (sound, &put, Value::Null, SECRET),
        (sound, &put, Value::Null, "wrong"),
        (next, &post, turn("end", ""), SECRET),
        (next, &post, ended, SECRET),
        (voice, &post, Value::Null, SECRET),
        (one, &get, Value::Null, SECRET),
        (one, &get, Value::Null, "wrong"),
    ];
    let mut shown = BTreeSet::new();
    for (path, method, body, secret) in asked {
        let request =
            house.request(method.clone(), &path.replace("{id}", &id)).header("x-ingest-secret", secret);
        let response = request.json(&body).send().await.unwrap();
        let status = response.status();
        let body = response.bytes().await.unwrap();
        let body = if status == StatusCode::NO_CONTENT { b"null" } else { body.as_ref() };
        shown.insert(check(&document, path, method, status, &serde_json::from_slice(body).unwrap()));
    }
    for (path, described) in [
        ("", one),
        ("vocabulary/", vocabulary),
        ("report/", report),
        ("sound/", sound),
        ("?newer_than=x", one),
    ] {
        let id = if path.starts_with('?') { id.as_str() } else { "x" };
        let (status, body) = house.engine_get(&format!("/engine/sessions/{id}/{path}")).await;
        shown.insert(check(&document, described, &get, status, &body));
    }
    // What is stated is struck.
    let mut applicant = someone();
    applicant["job_description"] = json!("We look for:\n- Experience with Kafka");
    let (_, made) = house.engine_post(sessions, &applicant).await;
    let other = made["session_id"].as_str().unwrap().to_owned();
    for (event, text) in [("start", String::new()), ("user_turn", said(4))] {
        let turn = json!({"session_id": other, "turn_id": event, "event_type": event, "text": text});
        let (status, body) = house.engine_post(next, &turn).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    let (_, stated) = house.engine_get(&format!("/engine/sessions/{other}/report/")).await;
    let strike = json!({"statement": stated["statements"][0]["id"].as_str().expect("something is stated")});
    let struck = house.post(&format!("/engine/sessions/{other}/strikes/"));
    let struck = struck.header("x-ingest-secret", SECRET).json(&strike).send().await.unwrap();
    shown.insert(check(&document, strikes, &post, struck.status(), &Value::Null));
    for (path, name, body) in [
        (corrections, "corrections", json!({"seq": 2, "text": "I led it."})),
        (strikes, "strikes", json!({"statement": "keep.figure"})),
        (takes, "takes", json!({"answer": 2})),
        (forks, "forks", json!({"answer": 2})),
    ] {
        let (status, body) = house.engine_post(&format!("/engine/sessions/x/{name}/"), &body).await;
        shown.insert(check(&document, path, &post, status, &body));
    }
    let (status, body) = house.engine_post("/engine/sessions/x/notes/", &json!({"kind": "left"})).await;
    shown.insert(check(&document, notes, &post, status, &body));
    let (status, body) = house.engine_post("/engine/sessions/x/voice/", &Value::Null).await;
    shown.insert(check(&document, voice, &post, status, &body));
    // The sound of an answer: not wanted, of nobody, too large, and kept.
    let mine = house.session().await;
    for (id, on, body) in [
        (mine.as_str(), false, Body::from("none")),
        ("x", true, Body::from("none")),
        (mine.as_str(), true, too_large()),
    ] {
        house.engine.keep_sound(SessionId::parse(&mine).unwrap(), on).await.unwrap();
        let (status, body) = answer(put_sound(&house, id, "t", body)).await;
        shown.insert(check(&document, sound, &put, status, &body));
    }
    let kept = put_sound(&house, &mine, "t", spoken_for(2)).send().await.unwrap();
    shown.insert(check(&document, sound, &put, kept.status(), &Value::Null));
    let nowhere = house.post(&format!("/engine/sessions/{}/voice/", house.session().await));
    let (status, body) = answer(nowhere.header("x-ingest-secret", SECRET).header("host", "no host")).await;
    shown.insert(check(&document, voice, &post, status, &body));
    let all = [
        (sessions, &post),
        (next, &post),
        (one, &get),
        (voice, &post),
        (vocabulary, &get),
        (report, &get),
        (corrections, &post),
        (strikes, &post),
        (takes, &post),
        (forks, &post),
        (notes, &post),
        (sound, &get),
        (sound, &put),
    ];
    for (path, method) in all {
        // Another method than the described one is answered as described there.
        let request =
            house.request(Method::DELETE, &path.replace("{id}", &id)).header("x-ingest-secret", SECRET);
        let response = request.send().await.unwrap();
        let status = response.status();
        shown.insert(check(&document, path, method, status, &response.json().await.unwrap()));
        // What needs a broken server is shown by the errors themselves.
        for error in [
            EngineError::Busy,
            EngineError::ShuttingDown,
            EngineError::Store(StoreError::Unavailable("/kept/here".into())),
            EngineError::Store(StoreError::Busy("/kept/here".into())),
            EngineError::Store(StoreError::Newer("/kept/here".into())),
            EngineError::Store(StoreError::Storage(StorageFault::Full, "/kept/here".into())),
            EngineError::Store(StoreError::Storage(StorageFault::Low, "/kept/here".into())),
            EngineError::Store(StoreError::Storage(StorageFault::ReadOnly, "/kept/here".into())),
            EngineError::Store(StoreError::Storage(StorageFault::Damaged, "/kept/here".into())),
        ] {
            let response = ApiError::from(error).into_response();
            let status = response.status();
            let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("/kept/here"), "no inside text");
            shown.insert(check(&document, path, method, status, &serde_json::from_slice(&bytes).unwrap()));
        }
        // What takes long, or many requests, is seen in other tests.
        let slow =
            (*method != get && path != voice).then(|| refusal(BodyReadError::TooSlow, 1).into_response());
        for response in slow.into_iter().chain([too_many::engine(Duration::from_millis(1))]) {
            let status = response.status();
            let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
            shown.insert(check(&document, path, method, status, &serde_json::from_slice(&bytes).unwrap()));
        }
    }
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(!operation["security"].as_array().unwrap().is_empty());
            described.extend(
                operation["responses"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|status| format!("{method} {path} {status}")),
            );
        }
    }
    assert_eq!(shown, described);
}

#[tokio::test]
async fn the_program_prints_the_same_description() {
    let house = House::start().await;
    let served: Value = house.get("/openapi.json").send().await.unwrap().json().await.unwrap();
    let printed = Program::command(&["openapi"]).output().unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&printed.stdout).unwrap(), served);
    assert_eq!(served["components"]["securitySchemes"]["ingest_secret"]["name"], "X-INGEST-SECRET");
}
