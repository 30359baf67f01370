//! A server from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

use crate::house::{House, SlowWriter, said};

#[tokio::test]
async fn a_stop_lets_a_running_turn_finish() {
    let house = House::start_with(|_| (), Arc::new(SlowWriter(Duration::from_millis(40)))).await;
    let id = house.session().await;
    assert_eq!(house.turn(&id, "t-0", "start", "").await.0, StatusCode::OK);
    let answer = said(1);
    let running = house.turn(&id, "t-1", "user_turn", &answer);
    let stop = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        house.begin_stop();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let refused =
            house.client.get(format!("{}/healthz", house.base)).header("connection", "close").send().await;
        assert!(refused.is_err(), "nothing new is taken");
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
    let house = House::start_with(|_| (), Arc::new(SlowWriter(Duration::from_millis(20)))).await;
    let id = house.session().await;
    house.turn(&id, "t-0", "start", "").await;
    let answer = said(1);
    let left =
        tokio::time::timeout(Duration::from_millis(100), house.turn(&id, "t-1", "user_turn", &answer)).await;
    assert!(left.is_err());
    let (status, reply) = house.turn(&id, "t-1", "user_turn", &answer).await;
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
