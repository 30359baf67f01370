//! The same engine on SQLite, in real time.

use std::path::Path;
use std::sync::Arc;

use engine::{BuiltIn, EngineError};
use store::SqliteStore;

use crate::house::{ANSWER, House, said, start};

async fn house(folder: &Path) -> House {
    House::on(Arc::new(SqliteStore::open(folder).await.unwrap()), Arc::new(BuiltIn))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interviews_side_by_side_are_kept_over_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let first = Arc::new(house(folder.path()).await);
    let tasks = (0..8).map(|_| {
        let house = Arc::clone(&first);
        tokio::spawn(async move {
            let id = house.opened().await;
            let replies =
                [house.say(id, "a", ANSWER).await, house.say(id, "b", "I did it alone, in May.").await];
            (id, replies)
        })
    });
    let held: Vec<_> = futures::future::join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    drop(first);
    let again = house(folder.path()).await;
    for (id, replies) in held {
        assert_eq!(again.say(id, "a", ANSWER).await, replies[0]);
        let mut n = 0;
        while !again.sound(id).await.status.is_completed() {
            n += 1;
            again.say(id, &format!("t{n}"), ANSWER).await;
        }
        assert!(again.sound(id).await.messages.len() > 5);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_turn_at_once_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let house = house(folder.path()).await;
    let id = house.created().await;
    for turn in [start(), said("a", ANSWER)] {
        let calls = (0..20).map(|_| {
            let (engine, turn) = (house.engine.clone(), turn.clone());
            tokio::spawn(async move { engine.turn(id, turn).await.unwrap() })
        });
        let replies: Vec<_> =
            futures::future::join_all(calls).await.into_iter().map(Result::unwrap).collect();
        assert!(replies.iter().all(|reply| reply == &replies[0]));
    }
    assert_eq!(house.sound(id).await.messages.len(), 3);
    house.engine.delete(id).await.unwrap();
    assert!(matches!(house.engine.snapshot(id).await, Err(EngineError::NotFound)));
}
