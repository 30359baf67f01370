//! All of a commit or nothing, and one after the other.

use std::sync::Arc;

use super::Factory;
use super::samples::{bare, event, message, next, session, turn};
use crate::{SessionCommit, StoreError};

pub(super) async fn a_session_is_created_once(factory: &dyn Factory) {
    let store = factory.make().await;
    let made = session(None, 5_000);
    store.create(made.clone(), Vec::new()).await.unwrap();
    let mut other = made.clone();
    other.summary.name = "Someone else".to_owned();
    assert!(matches!(store.create(other, vec![event(1)]).await, Err(StoreError::Conflict)));
    assert_eq!(store.load(made.id).await.unwrap().unwrap().session, made);
    assert!(store.events(made.id).await.unwrap().is_empty());
}

pub(super) async fn a_stale_commit_is_a_conflict(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let second = next(&first);
    store.commit(bare(&second)).await.unwrap();
    assert!(matches!(store.commit(bare(&second)).await, Err(StoreError::Conflict)), "the same again");
    assert!(matches!(store.commit(bare(&first)).await, Err(StoreError::Conflict)), "an older one");
    let far = next(&next(&second));
    assert!(matches!(store.commit(bare(&far)).await, Err(StoreError::Conflict)), "one too far ahead");
}

pub(super) async fn a_commit_to_nothing_is_not_found(factory: &dyn Factory) {
    let store = factory.make().await;
    let never = next(&session(None, 5_000));
    assert!(matches!(store.commit(bare(&never)).await, Err(StoreError::NotFound)));
    assert_eq!(store.load(never.id).await.unwrap(), None);
}

pub(super) async fn a_conflict_changes_nothing(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let second = next(&first);
    store.commit(SessionCommit { messages: vec![message(1, "first")], ..bare(&second) }).await.unwrap();
    let before = store.load(first.id).await.unwrap().unwrap();
    let change = SessionCommit {
        session: second,
        messages: vec![message(1, "second"), message(2, "more")],
        turns: vec![turn(1, None)],
        events: vec![event(1)],
    };
    assert!(matches!(store.commit(change).await, Err(StoreError::Conflict)));
    assert_eq!(store.load(first.id).await.unwrap().unwrap(), before);
    assert!(store.events(first.id).await.unwrap().is_empty());
}

pub(super) async fn of_two_commits_one_wins(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let second = next(&first);
    let mut tasks = Vec::new();
    for n in 0..16_u32 {
        let (store, second) = (Arc::clone(&store), second.clone());
        tasks.push(tokio::spawn(async move {
            store
                .commit(SessionCommit { messages: vec![message(1, &n.to_string())], ..bare(&second) })
                .await
                .map(|()| n)
        }));
    }
    let mut won = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(n) => won.push(n),
            Err(StoreError::Conflict) => {}
            Err(error) => panic!("neither won nor a conflict: {error}"),
        }
    }
    let loaded = store.load(first.id).await.unwrap().unwrap();
    assert_eq!(won.len(), 1);
    assert_eq!(loaded.messages[0].0.text, won[0].to_string(), "what is kept is what was acknowledged");
}

pub(super) async fn many_commits_at_once_all_count(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut tasks = Vec::new();
    for _ in 0..40 {
        let store = Arc::clone(&store);
        tasks.push(tokio::spawn(async move {
            let mut row = session(None, 5_000);
            store.create(row.clone(), Vec::new()).await.unwrap();
            for seq in 1..=10 {
                row = next(&row);
                let change = SessionCommit {
                    messages: vec![message(seq, &format!("message {seq}"))],
                    turns: vec![turn(seq, Some(seq))],
                    events: vec![event(i64::from(seq))],
                    session: row.clone(),
                };
                store.commit(change).await.unwrap();
                // What was acknowledged is read by everyone at once.
                assert_eq!(store.load(row.id).await.unwrap().unwrap().session.version, row.version);
            }
            row
        }));
    }
    for task in tasks {
        let row = task.await.unwrap();
        let loaded = store.load(row.id).await.unwrap().unwrap();
        assert_eq!(loaded.session, row);
        assert_eq!(
            loaded.messages.iter().map(|(m, _)| m.seq).collect::<Vec<_>>(),
            (1..=10).collect::<Vec<_>>()
        );
        assert_eq!((loaded.turns.len(), store.events(row.id).await.unwrap().len()), (10, 10));
    }
}

pub(super) async fn conflicts_do_not_harm_others(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut tasks = Vec::new();
    for n in 0..32_u32 {
        let row = session(None, 5_000);
        store.create(row.clone(), Vec::new()).await.unwrap();
        let store = Arc::clone(&store);
        tasks.push(tokio::spawn(async move {
            let mut row = next(&row);
            let bad = n % 2 == 0;
            row.version += u64::from(bad);
            let result =
                store.commit(SessionCommit { messages: vec![message(1, "one")], ..bare(&row) }).await;
            (bad, row.id, result)
        }));
    }
    for task in tasks {
        let (bad, id, result) = task.await.unwrap();
        let loaded = store.load(id).await.unwrap().unwrap();
        if bad {
            assert!(matches!(result, Err(StoreError::Conflict)));
            assert_eq!((loaded.session.version, loaded.messages.len()), (1, 0));
        } else {
            result.unwrap();
            assert_eq!((loaded.session.version, loaded.messages.len()), (2, 1));
        }
    }
}

/// As a sign of life and a note do.
pub(super) async fn a_deadline_and_events_move_without_messages(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let said = next(&first);
    store.commit(SessionCommit { messages: vec![message(1, "one")], ..bare(&said) }).await.unwrap();
    let mut later = next(&said);
    later.deadline = said.deadline.map(|deadline| deadline + 7_000);
    store.commit(bare(&later)).await.unwrap();
    assert_eq!(store.next_deadline().await.unwrap(), later.deadline);
    assert!(store.due(said.deadline.unwrap(), 9).await.unwrap().is_empty(), "it is not due any more");
    let noted = next(&later);
    store.commit(SessionCommit { events: vec![event(1)], ..bare(&noted) }).await.unwrap();
    assert_eq!(store.events(first.id).await.unwrap(), [event(1)]);
    let loaded = store.load(first.id).await.unwrap().unwrap();
    assert_eq!(loaded.session, noted);
    assert_eq!(loaded.messages, [(message(1, "one"), said.version)], "a message keeps its version");
}
