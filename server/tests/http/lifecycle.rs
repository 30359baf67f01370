//! A server from its start to its end.

use patience::StandStill;
use reqwest::StatusCode;

use crate::house::{House, WordByWord, said};

/// More than a line has.
const ALL_WORDS: usize = 1_000;

#[tokio::test]
async fn a_stop_lets_a_running_turn_finish() {
    let _still = StandStill::begin();
    let writer = WordByWord::new();
    let house = House::start_with(|_| (), writer.clone()).await;
    let id = house.session().await;
    assert_eq!(house.turn(&id, "t-0", "start", "").await.0, StatusCode::OK);
    writer.hold_back();
    let answer = said(1);
    let running = house.turn(&id, "t-1", "user_turn", &answer);
    let stop = async {
        writer.begins(2).await;
        house.begin_stop();
        // Nothing new is taken from a moment on, while the turn still runs.
        let ask = || house.client.get(format!("{}/healthz", house.base)).header("connection", "close").send();
        while ask().await.is_ok() {}
        writer.let_through(ALL_WORDS);
    };
    let ((status, reply), ()) = tokio::join!(running, stop);
    assert_eq!(status, StatusCode::OK, "{reply}");
    assert_eq!(reply["source"], "model");
    let house = house.restart().await;
    let (_, session) = house.engine_get(&format!("/engine/sessions/{id}/")).await;
    let last = session["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["text"], &last["seq"]), (&reply["assistant_text"], &reply["message_seq"]));
    let (_, again) = house.turn(&id, "t-1", "user_turn", &answer).await;
    assert_eq!(again["assistant_text"], reply["assistant_text"]);
}

#[tokio::test]
async fn a_turn_goes_on_when_its_caller_goes_away() {
    let _still = StandStill::begin();
    let writer = WordByWord::new();
    let house = House::start_with(|_| (), writer.clone()).await;
    let id = house.session().await;
    house.turn(&id, "t-0", "start", "").await;
    writer.hold_back();
    let answer = said(1);
    tokio::select! {
        (status, reply) = house.turn(&id, "t-1", "user_turn", &answer) => panic!("{status}: {reply}"),
        () = writer.begins(2) => {}
    }
    let again = house.turn(&id, "t-1", "user_turn", &answer);
    let ((status, reply), ()) = tokio::join!(again, async { writer.let_through(ALL_WORDS) });
    writer.begins(2).await;
    assert_eq!((status, &reply["message_seq"]), (StatusCode::OK, &serde_json::json!(3)));
    let (_, session) = house.engine_get(&format!("/engine/sessions/{id}/")).await;
    assert_eq!(session["messages"].as_array().unwrap().len(), 3, "{session}");
}

#[tokio::test]
async fn it_says_whether_it_is_well() {
    let house = House::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(house.get(path).send().await.unwrap().status(), StatusCode::OK, "{path}");
    }
}
