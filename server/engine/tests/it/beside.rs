//! Signs of life and notes: what is committed beside turns.

use std::sync::Arc;

use engine::testing::{FakeWriter, Piece};
use engine::{EngineError, TurnKind};
use interview::{Modality, Status};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::house::{ANSWER, House, QUESTIONS, fluent, now, opens_then, pass, said, turn};

#[tokio::test(start_paused = true)]
async fn whoever_speaks_for_long_is_not_nudged() {
    let house = House::built_in();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (engine, stop) = (house.engine.clone(), stop.clone());
        async move { engine.run(stop).await }
    });
    let id = house.opened().await;
    let silence = house.engine.snapshot(id).await.unwrap().plan.silence_voice;
    for _ in 0..60 {
        house.engine.activity(id, Modality::Voice).await.unwrap();
        pass(2_000).await;
    }
    assert_eq!(house.sound(id).await.messages.len(), 1, "two minutes of speech");
    // And whoever falls silent is.
    pass(u64::try_from(silence.nudge).unwrap()).await;
    assert_eq!(house.sound(id).await.messages.len(), 2);
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_sign_of_life_is_durable_where_it_moves_something() {
    let house = House::built_in();
    let id = house.opened().await;
    let silence = house.engine.snapshot(id).await.unwrap().plan.silence_voice;
    let version = async || house.sound(id).await.version;
    let before = version().await;
    house.engine.activity(id, Modality::Voice).await.unwrap();
    assert_eq!(version().await, before + 1, "the microphone is taken up");
    assert_eq!(house.store.next_deadline().await.unwrap(), Some(now(&house) + silence.nudge));
    pass(999).await;
    house.engine.activity(id, Modality::Voice).await.unwrap();
    assert_eq!(version().await, before + 1, "nothing worth a commit");
    pass(1).await;
    house.engine.activity(id, Modality::Voice).await.unwrap();
    assert_eq!(version().await, before + 2);
    assert_eq!(house.store.next_deadline().await.unwrap(), Some(now(&house) + silence.nudge));
    let stored = house.store.load(id).await.unwrap().unwrap();
    assert_eq!((stored.messages.len(), stored.turns.len()), (1, 1), "no turn, no message");
}

#[tokio::test(start_paused = true)]
async fn a_sign_of_life_changes_nothing_where_nothing_is_under_way() {
    let house = House::built_in();
    let id = house.created().await;
    house.engine.activity(id, Modality::Voice).await.unwrap();
    assert_eq!(house.sound(id).await.version, 1);
    let id = house.opened().await;
    for silence in ["a", "b", "c"] {
        house.engine.turn(id, turn(silence, TurnKind::Silence)).await.unwrap();
    }
    let paused = house.sound(id).await;
    assert_eq!(paused.status, Status::Paused);
    house.engine.activity(id, Modality::Voice).await.unwrap();
    assert_eq!(house.sound(id).await, paused);
    house.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    assert!(matches!(house.engine.activity(id, Modality::Voice).await, Err(EngineError::Ended)));
}

#[tokio::test(start_paused = true)]
async fn nobody_who_shows_life_waits_for_a_writer() {
    let writer = opens_then(vec![Piece::Wait(3_000), Piece::Words(QUESTIONS[1].to_owned())]);
    let house = House::model(&writer);
    let id = house.opened().await;
    let saying = tokio::spawn({
        let engine = house.engine.clone();
        async move { engine.turn(id, said("a", ANSWER)).await }
    });
    pass(500).await;
    let before = now(&house);
    house.engine.activity(id, Modality::Voice).await.unwrap();
    assert_eq!(now(&house), before, "at once");
    saying.await.unwrap().unwrap();
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn a_proposal_outlives_signs_of_life_and_notes() {
    let writer: Arc<FakeWriter> = fluent();
    let house = House::model(&writer);
    let id = house.opened().await;
    let proposal = house.engine.propose(id, said("a", ANSWER)).await.unwrap();
    house.engine.activity(id, Modality::Voice).await.unwrap();
    house.engine.note(id, "voice_interrupted", json!({})).await.unwrap();
    let reply = house.engine.commit(proposal).await.unwrap();
    assert_eq!((reply.text.as_str(), writer.calls()), (QUESTIONS[1], 2), "nothing was written anew");
    // After a turn it is another matter.
    let proposal = house.engine.propose(id, said("b", ANSWER)).await.unwrap();
    house.say(id, "c", ANSWER).await;
    house.engine.note(id, "voice_joined", json!({})).await.unwrap();
    assert!(matches!(house.engine.commit(proposal).await, Err(EngineError::Stale { .. })));
    house.sound(id).await;
}

#[tokio::test(start_paused = true)]
async fn notes_are_kept_in_order_also_after_the_end() {
    let house = House::built_in();
    let id = house.opened().await;
    house.engine.note(id, "voice_joined", json!({ "n": 1 })).await.unwrap();
    house.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    let ended = house.sound(id).await;
    pass(5_000).await;
    house.engine.note(id, "voice_left", json!({ "n": 2 })).await.unwrap();
    let after = house.sound(id).await;
    assert_eq!(
        (&after.messages, after.status, after.ended_at),
        (&ended.messages, ended.status, ended.ended_at)
    );
    let export = house.engine.export(id).await.unwrap();
    let notes: Vec<_> = export.events.iter().filter(|e| e.kind.starts_with("voice_")).collect();
    assert_eq!(notes.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["voice_joined", "voice_left"]);
    assert_eq!((notes[1].at, &notes[1].data), (now(&house), &json!({ "n": 2 })));
    house.engine.delete(id).await.unwrap();
    assert!(matches!(house.engine.note(id, "voice_left", json!({})).await, Err(EngineError::NotFound)));
}
