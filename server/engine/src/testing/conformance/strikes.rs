//! Statements of the report that were struck.

use super::Factory;
use super::samples::{bare, new_id, next, session};
use crate::StoreError;

pub(super) async fn what_is_struck_stays_struck(factory: &dyn Factory) {
    let store = factory.make().await;
    let (row, other) = (session(None, 5_000), session(None, 5_000));
    for made in [&row, &other] {
        store.create(made.clone(), Vec::new()).await.unwrap();
    }
    assert!(store.struck(row.id).await.unwrap().is_empty());
    for (statement, at) in [("story.4.result", 9), ("keep.figure", 10), ("story.4.result", 11)] {
        store.strike(row.id, statement, at).await.unwrap();
    }
    let struck = ["story.4.result", "keep.figure"];
    assert_eq!(store.struck(row.id).await.unwrap(), struck, "each once, the first struck first");
    let store = factory.reopen(store).await;
    assert_eq!(store.struck(row.id).await.unwrap(), struck);
    assert!(store.struck(other.id).await.unwrap().is_empty(), "and of no other session");
    assert!(store.delete(row.id).await.unwrap());
    assert!(store.struck(row.id).await.unwrap().is_empty(), "it goes with the session");
    store.create(row.clone(), Vec::new()).await.unwrap();
    assert!(store.struck(row.id).await.unwrap().is_empty());
}

pub(super) async fn a_strike_taken_back_counts_for_nothing(factory: &dyn Factory) {
    let store = factory.make().await;
    let (row, other) = (session(None, 5_000), session(None, 5_000));
    for made in [&row, &other] {
        store.create(made.clone(), Vec::new()).await.unwrap();
        for (statement, at) in [("story.4.result", 9), ("keep.figure", 10)] {
            store.strike(made.id, statement, at).await.unwrap();
        }
    }
    for _ in 0..2 {
        store.unstrike(row.id, "story.4.result").await.unwrap();
        store.unstrike(row.id, "story.9.result").await.unwrap();
    }
    store.unstrike(new_id(), "keep.figure").await.unwrap();
    let store = factory.reopen(store).await;
    assert_eq!(store.struck(row.id).await.unwrap(), ["keep.figure"]);
    assert_eq!(store.struck(other.id).await.unwrap().len(), 2, "and of no other session");
    store.strike(row.id, "story.4.result", 11).await.unwrap();
    assert_eq!(store.struck(row.id).await.unwrap(), ["keep.figure", "story.4.result"]);
}

pub(super) async fn a_strike_moves_nothing_else(factory: &dyn Factory) {
    let store = factory.make().await;
    let row = session(None, 5_000);
    store.create(row.clone(), Vec::new()).await.unwrap();
    let before = store.load(row.id).await.unwrap();
    store.strike(row.id, "keep.figure", 9).await.unwrap();
    assert_eq!(store.load(row.id).await.unwrap(), before);
    store.commit(bare(&next(&row))).await.unwrap();
}

pub(super) async fn a_strike_on_nothing_is_not_found(factory: &dyn Factory) {
    let store = factory.make().await;
    let id = new_id();
    assert!(matches!(store.strike(id, "keep.figure", 9).await, Err(StoreError::NotFound)));
    assert!(store.struck(id).await.unwrap().is_empty());
}
