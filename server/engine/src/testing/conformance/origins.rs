//! Takes and forks: interviews that came from another.

use std::sync::Arc;

use super::Factory;
use super::samples::{bare, event, message, next, owner, session, turn, turn_id};
use crate::{InterviewSession, Origin, OriginKind, SessionCommit, SessionId, StoreError};

fn child(kind: OriginKind, parent: SessionId, number: u32) -> InterviewSession {
    let mut child = session(Some(owner("a")), 6_000 + i64::from(number));
    child.summary.origin = Some(Origin { kind, parent, seq: 3, turn: turn_id(2), number });
    child
}

pub(super) async fn what_an_interview_came_from_is_read_back(factory: &dyn Factory) {
    let store = factory.make().await;
    let parent = session(Some(owner("a")), 5_000);
    let (take, fork) = (child(OriginKind::Take, parent.id, 2), child(OriginKind::Fork, parent.id, 1));
    for made in [&parent, &take, &fork] {
        store.create(made.clone(), Vec::new()).await.unwrap();
    }
    let later = next(&take);
    store.commit(bare(&later)).await.unwrap();
    let store = factory.reopen(store).await;
    for made in [&parent, &later, &fork] {
        assert_eq!(store.load(made.id).await.unwrap().unwrap().session, *made);
    }
    let listed = store.list(&owner("a"), 9).await.unwrap();
    assert_eq!(listed.iter().filter(|summary| summary.origin.is_some()).count(), 2, "and lists tell it");
}

pub(super) async fn a_fork_begins_whole_or_not_at_all(factory: &dyn Factory) {
    let store = factory.make().await;
    let parent = session(None, 5_000);
    let fork = child(OriginKind::Fork, parent.id, 1);
    let messages = vec![message(1, "one"), message(2, "two"), message(3, "three")];
    let whole = SessionCommit {
        session: fork.clone(),
        messages: messages.clone(),
        turns: vec![turn(1, Some(2))],
        events: vec![event(1), event(2)],
    };
    store.begin(whole.clone()).await.unwrap();
    let other = SessionCommit { messages: vec![message(1, "someone else")], ..whole };
    assert!(matches!(store.begin(other).await, Err(StoreError::Conflict)), "it is made once");
    let loaded = store.load(fork.id).await.unwrap().unwrap();
    assert_eq!(loaded.session, fork);
    assert_eq!(loaded.messages, messages.into_iter().map(|message| (message, 1)).collect::<Vec<_>>());
    assert_eq!(loaded.turns, [turn(1, Some(2))]);
    assert_eq!(store.events(fork.id).await.unwrap(), [event(1), event(2)]);
    // Of many that begin the same at once, one does.
    let twin = child(OriginKind::Fork, parent.id, 2);
    let begun = (0..8_u32).map(|n| {
        let (store, twin) = (Arc::clone(&store), twin.clone());
        let whole = SessionCommit { messages: vec![message(1, &n.to_string())], ..bare(&twin) };
        tokio::spawn(async move { store.begin(whole).await.is_ok() })
    });
    let mut made = 0;
    for one in begun.collect::<Vec<_>>() {
        made += u32::from(one.await.unwrap());
    }
    assert_eq!((made, store.load(twin.id).await.unwrap().unwrap().messages.len()), (1, 1));
}

pub(super) async fn children_outlive_their_parent(factory: &dyn Factory) {
    let store = factory.make().await;
    let (parent, stranger) = (session(None, 5_000), session(None, 5_000));
    let (first, second) = (child(OriginKind::Take, parent.id, 2), child(OriginKind::Take, parent.id, 3));
    let other = child(OriginKind::Take, stranger.id, 2);
    for made in [&parent, &stranger, &first, &other, &second] {
        store.create(made.clone(), Vec::new()).await.unwrap();
    }
    let of = [&first, &second].map(|made| made.summary.clone());
    assert_eq!(store.children(parent.id).await.unwrap(), of, "the first made first, and of no other");
    assert!(store.children(first.id).await.unwrap().is_empty());
    let kept = store.load(second.id).await.unwrap();
    assert!(store.delete(parent.id).await.unwrap());
    assert_eq!(store.children(parent.id).await.unwrap(), of, "they do not go with their parent");
    assert!(store.delete(first.id).await.unwrap());
    assert_eq!(store.children(parent.id).await.unwrap(), of[1..], "and each goes by itself");
    assert_eq!(store.load(second.id).await.unwrap(), kept);
}

pub(super) async fn takes_are_not_among_the_earlier(factory: &dyn Factory) {
    let store = factory.make().await;
    let parent = next(&session(None, 5_000)).id;
    let mut expected = Vec::new();
    for (kind, number) in [(OriginKind::Fork, 1), (OriginKind::Take, 2), (OriginKind::Take, 3)] {
        let made = InterviewSession { candidate: "id:one".to_owned(), ..child(kind, parent, number) };
        store.create(made.clone(), Vec::new()).await.unwrap();
        let mut opened = next(&made);
        opened.state = format!(r#"{{"number":{number}}}"#);
        store.commit(bare(&opened)).await.unwrap();
        expected.extend((kind == OriginKind::Fork).then_some(opened.state));
    }
    assert_eq!(store.earlier("id:one", 9).await.unwrap(), expected);
}
