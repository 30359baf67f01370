//! A crash between the candidate's words and the reply, and two servers on one store.

use std::sync::Arc;

use engine::testing::Piece;
use engine::{BuiltIn, EngineError};
use interview::Speaker;
use tokio_util::sync::CancellationToken;

use crate::house::{ANSWER, House, QUESTIONS, fluent, opens_then, pass, said};

/// An interview in which a reply is being written for the turn `a`, by an engine that will not live to see it.
async fn halfway()
-> (House, engine::SessionId, tokio::task::JoinHandle<Result<engine::TurnReply, EngineError>>) {
    let house = House::model(&opens_then(vec![Piece::Wait(7_900), Piece::Words(QUESTIONS[1].to_owned())]));
    let id = house.opened().await;
    let engine = house.engine.clone();
    let asked = tokio::spawn(async move { engine.turn(id, said("a", ANSWER)).await });
    pass(100).await;
    (house, id, asked)
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_a_crash_left_out_is_written_at_the_next_start() {
    let (house, id, _) = halfway().await;
    let next = house.again(Arc::new(BuiltIn));
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (engine, stop) = (next.engine.clone(), stop.clone());
        async move { engine.run(stop).await }
    });
    pass(500).await;
    let snapshot = next.sound(id).await;
    assert_eq!((snapshot.messages.len(), snapshot.replying_to), (3, None));
    assert_eq!(snapshot.messages[2].0.speaker, Speaker::Interviewer);
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn whoever_looks_has_the_reply_written() {
    let (house, id, _) = halfway().await;
    let next = house.again(fluent());
    let mut live = next.engine.follow(id).await.unwrap();
    live.version.changed().await.unwrap();
    let snapshot = next.sound(id).await;
    assert_eq!((snapshot.messages.len(), snapshot.replying_to), (3, None));
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_a_crash_gets_the_one_reply() {
    let (house, id, _) = halfway().await;
    let next = house.again(Arc::new(BuiltIn));
    let reply = next.say(id, "a", ANSWER).await;
    assert_eq!(reply.seq, 3);
    assert_eq!(next.say(id, "a", ANSWER).await, reply);
    assert_eq!(next.sound(id).await.messages.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn of_two_servers_the_later_is_told_and_goes_on() {
    let (house, id, asked) = halfway().await;
    let other = house.again(Arc::new(BuiltIn));
    let reply = other.say(id, "a", ANSWER).await;
    assert!(matches!(asked.await.unwrap(), Err(EngineError::Stale { .. })), "the words came too late");
    assert_eq!(house.say(id, "a", ANSWER).await, reply, "both know the same now");
    other.say(id, "b", "I wrote the runbook as well, in the second week.").await;
    let error = house.engine.turn(id, said("c", "And I trained the team.")).await.unwrap_err();
    assert!(matches!(error, EngineError::Stale { .. }));
    house.say(id, "c", "And I trained the team.").await;
    let snapshot = house.sound(id).await;
    assert_eq!(snapshot.messages.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_restart_anywhere_makes_no_difference() {
    let one = House::built_in();
    let id = one.opened().await;
    let mut house = one;
    for n in 0..6 {
        let text = format!("{ANSWER} It was the {n}th time.");
        house = house.again(Arc::new(BuiltIn));
        let result = house.engine.turn(id, said(&format!("t{n}"), &text)).await;
        if matches!(result, Err(EngineError::Ended)) {
            break;
        }
        let reply = result.unwrap();
        assert_eq!(reply.seq, 2 * n + 3);
        house.sound(id).await;
    }
}
