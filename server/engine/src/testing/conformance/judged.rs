//! What a model replied when it was asked to judge an interview.

use super::Factory;
use super::samples::{bare, new_id, next, session};
use crate::StoreError;

pub(super) async fn what_was_judged_first_stays(factory: &dyn Factory) {
    let store = factory.make().await;
    let (row, other) = (session(None, 5_000), session(None, 5_000));
    for made in [&row, &other] {
        store.create(made.clone(), Vec::new()).await.unwrap();
    }
    assert_eq!(store.judged(row.id).await.unwrap(), None);
    let first = "{\"model\": \"\u{1f469}\u{200d}\u{1f692} it\u{2019}s\"}";
    for (judged, at) in [(first, 9), ("{}", 10)] {
        store.judge(row.id, judged, at).await.unwrap();
    }
    let store = factory.reopen(store).await;
    assert_eq!(store.judged(row.id).await.unwrap().as_deref(), Some(first));
    assert_eq!(store.judged(other.id).await.unwrap(), None, "and of no other session");
    assert!(store.delete(row.id).await.unwrap());
    assert_eq!(store.judged(row.id).await.unwrap(), None, "it goes with the session");
    store.create(row.clone(), Vec::new()).await.unwrap();
    assert_eq!(store.judged(row.id).await.unwrap(), None);
    let nobody = new_id();
    assert!(matches!(store.judge(nobody, "{}", 9).await, Err(StoreError::NotFound)));
    assert_eq!(store.judged(nobody).await.unwrap(), None);
}

pub(super) async fn a_judgement_moves_nothing_else(factory: &dyn Factory) {
    let store = factory.make().await;
    let row = session(None, 5_000);
    store.create(row.clone(), Vec::new()).await.unwrap();
    let before = store.load(row.id).await.unwrap();
    store.judge(row.id, "{}", 9).await.unwrap();
    assert_eq!(store.load(row.id).await.unwrap(), before);
    store.commit(bare(&next(&row))).await.unwrap();
}
