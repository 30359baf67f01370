//! A store that fails at any commit leaves a session that goes on.

use std::sync::Arc;

use engine::testing::{FailingStore, MemoryStore};
use engine::{BuiltIn, EngineError, StoreError, TurnKind, Writer};

use crate::house::{ANSWER, House, fluent, said, start, turn};

/// Holds the same short interview with the nth commit failing; each failed turn is sent again.
async fn held(writer: Arc<dyn Writer>, nth: u64) -> (u32, Vec<String>) {
    let store = Arc::new(FailingStore::new(Arc::new(MemoryStore::default())));
    let house = House::on(store.clone(), writer);
    let id = house.created().await;
    store.fail_at(nth);
    let mut failures = 0;
    let turns = [start(), said("a", ANSWER), said("b", "I asked the auditors."), turn("end", TurnKind::End)];
    for turn in turns {
        let before = house.store.load(id).await.unwrap().unwrap();
        match house.engine.turn(id, turn.clone()).await {
            Ok(reply) => assert!(!reply.text.is_empty()),
            Err(EngineError::Store(StoreError::Unavailable(_))) => {
                failures += 1;
                // Nothing half-done is shown: the session is as it was, or holds the candidate's words.
                let after = house.sound(id).await;
                assert!(after.messages.len() <= before.messages.len() + 1);
                let reply = house.engine.turn(id, turn.clone()).await.unwrap();
                assert_eq!(house.engine.turn(id, turn).await.unwrap(), reply);
            }
            Err(error) => panic!("{error}"),
        }
        house.sound(id).await;
    }
    let snapshot = house.sound(id).await;
    assert!(snapshot.status.is_completed());
    (failures, snapshot.messages.iter().map(|(m, _)| m.turn.0.clone()).collect())
}

#[tokio::test(start_paused = true)]
async fn each_commit_may_fail_with_the_built_in_interviewer() {
    for nth in 1..=5 {
        let (failures, turns) = held(Arc::new(BuiltIn), nth).await;
        assert_eq!(failures, u32::from(nth <= 4), "a turn is one commit");
        assert_eq!(turns, ["start", "a", "a", "b", "b", "end"]);
    }
}

#[tokio::test(start_paused = true)]
async fn each_commit_may_fail_with_a_model() {
    for nth in 1..=8 {
        let (failures, turns) = held(fluent(), nth).await;
        assert_eq!(failures, u32::from(nth <= 7), "a turn is two commits, the end one");
        assert_eq!(turns, ["start", "a", "a", "b", "b", "end"]);
    }
}
