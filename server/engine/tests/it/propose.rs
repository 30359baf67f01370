//! Replies for words that are not certain yet.

use std::sync::Arc;

use engine::testing::{FakeWriter, Piece};
use engine::{EngineError, TurnKind};
use interview::LineSource;

use crate::house::{ANSWER, House, QUESTIONS, fluent, pass, said, texts, turn};

#[tokio::test(start_paused = true)]
async fn a_dropped_proposal_leaves_no_trace() {
    let house = House::model(&fluent());
    let id = house.opened().await;
    let before = house.store.load(id).await.unwrap();
    let live = house.engine.follow(id).await.unwrap();
    let proposal = house.engine.propose(id, said("a", "At Northwind I moved")).await.unwrap();
    assert_eq!(proposal.text(), QUESTIONS[1]);
    drop(proposal);
    assert_eq!(house.store.load(id).await.unwrap(), before);
    assert!(!live.version.has_changed().unwrap() && !live.partial.has_changed().unwrap());
    let reply = house.say(id, "a", ANSWER).await;
    assert_eq!((reply.text.as_str(), reply.seq), (QUESTIONS[2], 3));
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn a_committed_proposal_is_a_turn() {
    let writer = fluent();
    let house = House::model(&writer);
    let id = house.opened().await;
    let version = house.engine.snapshot(id).await.unwrap().version;
    let proposal = house.engine.propose(id, said("a", ANSWER)).await.unwrap();
    pass(700).await;
    let reply = house.engine.commit(proposal).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.source, writer.calls()), (QUESTIONS[1], LineSource::Model, 2));
    let snapshot = house.sound(id).await;
    assert_eq!(texts(&snapshot), [QUESTIONS[0], ANSWER, QUESTIONS[1]]);
    assert_eq!(snapshot.version, version + 1, "one commit holds both");
    assert_eq!(house.say(id, "a", ANSWER).await, reply, "sent again it is known");
    let error = house.engine.propose(id, said("a", ANSWER)).await.unwrap_err();
    assert!(matches!(error, EngineError::Stale { .. }), "a known turn is not proposed again");
}

#[tokio::test(start_paused = true)]
async fn a_proposal_is_stale_once_the_session_went_on() {
    let house = House::built_in();
    let id = house.opened().await;
    let proposal = house.engine.propose(id, said("a", ANSWER)).await.unwrap();
    house.say(id, "b", ANSWER).await;
    let before = house.sound(id).await;
    assert!(matches!(house.engine.commit(proposal).await, Err(EngineError::Stale { .. })));
    assert_eq!(house.sound(id).await, before);
    let proposal = house.engine.propose(id, said("c", ANSWER)).await.unwrap();
    house.engine.delete(id).await.unwrap();
    assert!(matches!(house.engine.commit(proposal).await, Err(EngineError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn the_built_in_interviewer_says_what_it_proposed() {
    let house = House::built_in();
    let id = house.opened().await;
    let proposal = house.engine.propose(id, said("a", ANSWER)).await.unwrap();
    let text = proposal.text().to_owned();
    assert!(!text.is_empty());
    assert_eq!(house.engine.commit(proposal).await.unwrap().text, text);
    let waiting =
        house.engine.propose(id, turn("w", TurnKind::Asked(interview::Request::Wait))).await.unwrap();
    let text = waiting.text().to_owned();
    assert_eq!(house.engine.commit(waiting).await.unwrap().text, text);
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn a_failing_model_is_replaced_in_a_proposal_too() {
    let opening = vec![Piece::Words(QUESTIONS[0].to_owned())];
    let writer = Arc::new(FakeWriter::new([opening, vec![Piece::Fail]]));
    let house = House::model(&writer);
    let id = house.opened().await;
    let proposal = house.engine.propose(id, said("a", ANSWER)).await.unwrap();
    let text = proposal.text().to_owned();
    let reply = house.engine.commit(proposal).await.unwrap();
    assert_eq!((reply.text, reply.source, writer.calls()), (text, LineSource::Fallback, 2));
}

#[tokio::test(start_paused = true)]
async fn time_that_moves_the_interview_on_moves_the_line_too() {
    let house = House::built_in();
    let id = house.opened().await;
    let stage = house.engine.snapshot(id).await.unwrap().plan.stages[0].clone();
    // Whoever has said nothing yet is asked on.
    let proposal = house.engine.propose(id, said("a", "I don't know.")).await.unwrap();
    // The stage's time runs out between the proposal and its commit.
    pass(u64::try_from(stage.budget).unwrap()).await;
    let stale = proposal.text().to_owned();
    let reply = house.engine.commit(proposal).await.unwrap();
    assert_ne!(reply.stage, stage.id);
    assert_ne!(reply.text, stale);
    house.sound(id).await;
}
