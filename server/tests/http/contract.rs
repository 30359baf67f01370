//! The engine API, as callers in other languages rely on it.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, SECRET, answer, said, someone};

fn is_error(got: &(StatusCode, Value), status: u16, code: &str) {
    let (got_status, body) = got;
    assert_eq!((got_status.as_u16(), body["error"]["code"].as_str()), (status, Some(code)), "{body}");
    assert!(body["error"]["message"].as_str().is_some_and(|m| m.len() > 10 && m.ends_with('.')), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn an_interview_is_held_turn_by_turn() {
    let house = House::start().await;
    let id = house.session().await;
    let (status, opened) = house.turn(&id, "t-0", "start", "").await;
    assert_eq!(status, StatusCode::OK, "{opened}");
    assert!(opened["assistant_text"].as_str().unwrap().contains("Ada"), "{opened}");
    assert_eq!((&opened["message_seq"], &opened["turn_id"]), (&json!(1), &json!("t-0")));
    assert_eq!((&opened["status"], &opened["source"]), (&json!("active"), &json!("bank")));
    let (_, first) = house.turn(&id, "t-1", "user_turn", &said(1)).await;
    assert_eq!(first["message_seq"], json!(3), "{first}");
    let (_, again) = house.turn(&id, "t-1", "user_turn", &said(1)).await;
    assert_eq!(again, first, "the same turn gets the same answer");
    is_error(&house.turn(&id, "t-1", "user_turn", &said(2)).await, 409, "turn_mismatch");
    is_error(&house.turn(&id, "t-9", "start", "").await, 409, "already_started");
    assert_eq!(house.turn(&id, "t-0", "start", "").await.1, opened);

    let (_, session) = house.engine_get(&format!("/engine/sessions/{id}")).await;
    let messages = session["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 3);
    for (message, n) in messages.iter().zip(1..) {
        assert_eq!(message["seq"], json!(n));
        let at = message["created_at"].as_str().unwrap();
        assert!(at.len() == 24 && at.ends_with('Z') && &at[19..20] == ".", "{at}");
    }
    assert_eq!((&messages[1]["speaker"], &messages[1]["text"]), (&json!("candidate"), &json!(said(1))));
    assert_eq!((&messages[1]["turn_id"], &messages[2]["turn_id"]), (&json!("t-1"), &json!("t-1")));
    assert_eq!((&messages[1]["source"], &messages[2]["source"]), (&Value::Null, &json!("bank")));
    assert_eq!(messages[2]["text"], first["assistant_text"]);

    let heard: String = first["assistant_text"].as_str().unwrap().split_inclusive(' ').take(4).collect();
    let (status, cut) = house.turn(&id, "t-1", "heard", heard.trim()).await;
    assert_eq!(status, StatusCode::OK, "{cut}");
    let (_, session) = house.engine_get(&format!("/engine/sessions/{id}/")).await;
    let kept = session["messages"][2]["text"].as_str().unwrap();
    assert!(kept.starts_with(heard.trim()) && kept.len() <= heard.trim().len() + 4, "{kept}");
    is_error(&house.turn(&id, "t-1", "heard", "words never said").await, 422, "nothing_heard");
    is_error(&house.turn(&id, "t-77", "heard", "words").await, 422, "nothing_heard");

    let (status, quiet) = house.turn(&id, "t-2", "silence", "").await;
    assert_eq!((status, quiet["assistant_text"].is_string()), (StatusCode::OK, true), "{quiet}");
    let (_, ended) = house.turn(&id, "t-3", "end", "").await;
    assert_eq!(ended["status"], json!("completed"), "{ended}");
    is_error(&house.turn(&id, "t-4", "user_turn", &said(3)).await, 409, "session_ended");
    assert_eq!(house.turn(&id, "t-3", "end", "").await.1, ended, "said again, it is answered again");
    let (_, session) = house.engine_get(&format!("/engine/sessions/{id}/")).await;
    assert!(session["ended_at"].is_string() && session["status"] == "completed", "{session}");
}

#[tokio::test]
async fn refusals_have_stable_codes() {
    let house = House::start().await;
    let id = house.session().await;
    is_error(&house.turn(&id, "t", "user_turn", &said(1)).await, 409, "not_started");
    house.turn(&id, "t-0", "start", "").await;
    for blank in ["", " \n\t "] {
        is_error(&house.turn(&id, "t", "user_turn", blank).await, 422, "blank_text");
    }
    is_error(&house.turn(&id, "t", "user_turn", &"word ".repeat(20_000)).await, 422, "text_too_long");
    is_error(&house.turn(&id, "t", "dance", "").await, 400, "malformed");
    for turn in ["", "two words", &"x".repeat(65), "é"] {
        is_error(&house.turn(&id, turn, "user_turn", "words").await, 400, "malformed");
    }
    for unknown in ["00000000-0000-4000-8000-000000000000", "x", "../../etc/passwd"] {
        is_error(&house.turn(unknown, "t", "start", "").await, 404, "not_found");
    }
    is_error(&house.engine_get("/engine/sessions/nothing/").await, 404, "not_found");
    is_error(&house.engine_get("/engine/nowhere/").await, 404, "not_found");
    is_error(&house.engine_get("/engine/next_turn/").await, 405, "method_not_allowed");
    is_error(&house.engine_get("/engine/sessions").await, 405, "method_not_allowed");
    let with = |name: &str, value: Value| {
        let mut body = someone();
        body[name] = value;
        body
    };
    for (body, status, code) in [
        (with("candidate_name", json!(" ")), 422, "invalid_profile"),
        (with("role", json!("x".repeat(200))), 422, "invalid_profile"),
        (with("seniority", json!("wizard")), 422, "invalid_profile"),
        (with("cv", json!("x".repeat(20_001))), 422, "invalid_profile"),
        (with("candidate_id", json!("x".repeat(201))), 422, "invalid_profile"),
        (with("plan", json!("endless")), 422, "unknown_plan"),
        (with("role", json!(7)), 400, "malformed"),
        (json!([]), 400, "malformed"),
        (json!({"role": "x"}), 400, "malformed"),
    ] {
        is_error(&house.engine_post("/engine/sessions/", &body).await, status, code);
    }
    let broken = house.post("/engine/sessions/").header("x-ingest-secret", SECRET);
    let broken = broken.header("content-type", "application/json").body("{\"candidate_name\": \"PRIVATE");
    let got = answer(broken).await;
    is_error(&got, 400, "malformed");
    assert!(!got.1.to_string().contains("PRIVATE"));
    let form = house.post("/engine/sessions/").header("x-ingest-secret", SECRET).body("candidate_name=x");
    is_error(&answer(form).await, 400, "malformed");
}

#[tokio::test]
async fn optional_fields_may_be_null_or_absent_and_the_slash_too() {
    let house = House::start().await;
    let body = json!({"candidate_name": "Bo", "role": "Nurse", "seniority": null, "plan": null, "cv": null,
        "job_description": null, "candidate_id": null});
    let (status, made) = house.engine_post("/engine/sessions", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    let id = made["session_id"].as_str().unwrap();
    let body =
        json!({"session_id": id, "turn_id": "a", "event_type": "start", "text": null, "modality": "voice"});
    let (status, _) = house.engine_post("/engine/next_turn", &body).await;
    assert_eq!(status, StatusCode::OK);
    let (_, session) = house.engine_get(&format!("/engine/sessions/{id}")).await;
    assert_eq!((&session["seniority"], &session["plan"]), (&json!("mid"), &json!("standard")));
    assert_eq!(session["messages"][0]["modality"], json!("voice"));
}

#[tokio::test]
async fn a_sign_of_life_is_no_turn() {
    let house = House::start().await;
    let id = house.session().await;
    let alive = async |turn: &str| {
        let body = json!({"session_id": id, "turn_id": turn, "event_type": "activity", "modality": "voice"});
        house.engine_post("/engine/next_turn/", &body).await
    };
    let nothing = |turn: &str, seq: u32, status: &str| {
        let source = "bank";
        json!({"assistant_text": "", "stage": "self_introduction", "status": status, "message_seq": seq,
            "turn_id": turn, "source": source})
    };
    assert_eq!(alive("a").await, (StatusCode::OK, nothing("a", 0, "active")), "before the start too");
    house.turn(&id, "a", "start", "").await;
    let (_, before) = house.engine_get(&format!("/engine/sessions/{id}/")).await;
    assert_eq!(alive("a").await, (StatusCode::OK, nothing("a", 1, "active")), "whatever the turn id");
    let (_, after) = house.engine_get(&format!("/engine/sessions/{id}/")).await;
    assert_eq!(after["messages"], before["messages"]);
    assert!(after["version"].as_u64() > before["version"].as_u64(), "the deadline is another");
    house.turn(&id, "b", "end", "").await;
    is_error(&alive("c").await, 409, "session_ended");
}

#[tokio::test]
async fn nothing_is_read_without_the_secret() {
    let house = House::start().await;
    let huge = "x".repeat(2_000_000);
    for path in ["/engine/next_turn/", "/engine/next_turn", "/engine/sessions/", "/engine/nowhere"] {
        for secret in [None, Some(""), Some("wrong"), Some("what only the worker know")] {
            let request = house.post(path).body(huge.clone());
            let request = match secret {
                Some(secret) => request.header("x-ingest-secret", secret),
                None => request,
            };
            // The answer may come while the body is still being sent; a broken pipe is as good.
            if let Ok(response) = request.send().await {
                let status = response.status();
                is_error(&(status, response.json().await.unwrap()), 401, "unauthorized");
            }
        }
    }
    let get = answer(house.get("/engine/sessions/x/")).await;
    is_error(&get, 401, "unauthorized");
}

#[tokio::test]
async fn two_of_the_same_turn_at_once_make_one() {
    let house = House::start().await;
    let id = house.session().await;
    house.turn(&id, "t-0", "start", "").await;
    let answer = said(4);
    let twice = futures::future::join_all((0..6).map(|_| house.turn(&id, "t-1", "user_turn", &answer))).await;
    assert!(twice.iter().all(|(status, body)| *status == StatusCode::OK && body == &twice[0].1), "{twice:?}");
    let (_, session) = house.engine_get(&format!("/engine/sessions/{id}/")).await;
    assert_eq!(session["messages"].as_array().unwrap().len(), 3);
}
