//! Lists, deadlines, deletion.

use interview::{EndReason, Status};

use super::Factory;
use super::samples::{bare, event, message, next, owner, session, turn};
use crate::{SessionCommit, StoreError};

pub(super) async fn owners_see_their_own_newest_first(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut made = Vec::new();
    for (name, at) in [("a", 3_000), ("a", 1_000), ("b", 2_000), ("a", 9_000), ("a", 9_000)] {
        let row = session(Some(owner(name)), at);
        store.create(row.clone(), Vec::new()).await.unwrap();
        made.push(row);
    }
    store.create(session(None, 4_000), Vec::new()).await.unwrap();
    let changed = next(&made[1]);
    store.commit(bare(&changed)).await.unwrap();
    let listed = store.list(&owner("a"), 10).await.unwrap();
    let want = [&made[4], &made[3], &made[0], &changed].map(|row| row.summary.clone());
    assert_eq!(listed, want, "newest first, of two at the same time the one made later");
    assert_eq!(store.list(&owner("a"), 2).await.unwrap(), want[..2]);
    assert_eq!(store.list(&owner("b"), 10).await.unwrap().len(), 1);
    assert!(store.list(&owner("A"), 10).await.unwrap().is_empty());
    assert!(store.list(&owner(""), 10).await.unwrap().is_empty());
}

pub(super) async fn the_owner_is_told(factory: &dyn Factory) {
    let store = factory.make().await;
    let (theirs, nobodys) = (session(Some(owner("a")), 1), session(None, 2));
    store.create(theirs.clone(), Vec::new()).await.unwrap();
    store.create(nobodys.clone(), Vec::new()).await.unwrap();
    assert_eq!(store.owner(theirs.id).await.unwrap(), Some(Some(owner("a"))));
    assert_eq!(store.owner(nobodys.id).await.unwrap(), Some(None));
}

pub(super) async fn earlier_sessions_come_newest_first(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut states = Vec::new();
    for (n, at) in [1_000, 2_000, 3_000, 4_000].into_iter().enumerate() {
        let mut row = session(None, at);
        row.candidate = "id:one".to_owned();
        store.create(row.clone(), Vec::new()).await.unwrap();
        let mut opened = next(&row);
        opened.state = format!(r#"{{"n":{n}}}"#);
        store.commit(bare(&opened)).await.unwrap();
        states.push(opened.state);
    }
    let mut unopened = session(None, 9_000);
    unopened.candidate = "id:one".to_owned();
    store.create(unopened, Vec::new()).await.unwrap();
    store.create(session(None, 9_000), Vec::new()).await.unwrap();
    states.reverse();
    assert_eq!(store.earlier("id:one", 3).await.unwrap(), states[..3]);
    assert_eq!(store.earlier("id:one", 10).await.unwrap(), states);
    assert!(store.earlier("id:two", 3).await.unwrap().is_empty());
}

pub(super) async fn due_sessions_come_earliest_first(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut ids = Vec::new();
    for deadline in [Some(300), Some(100), None, Some(200), Some(400)] {
        let mut row = session(None, 1);
        row.deadline = deadline;
        store.create(row.clone(), Vec::new()).await.unwrap();
        ids.push(row.id);
    }
    assert_eq!(store.due(99, 10).await.unwrap(), vec![]);
    assert_eq!(store.due(300, 10).await.unwrap(), vec![ids[1], ids[3], ids[0]]);
    assert_eq!(store.due(i64::MAX, 2).await.unwrap(), vec![ids[1], ids[3]]);
}

pub(super) async fn the_next_deadline_is_the_earliest(factory: &dyn Factory) {
    let store = factory.make().await;
    assert_eq!(store.next_deadline().await.unwrap(), None);
    let mut row = session(None, 1);
    row.deadline = Some(500);
    store.create(row.clone(), Vec::new()).await.unwrap();
    store.create(session(None, 1), Vec::new()).await.unwrap();
    assert_eq!(store.next_deadline().await.unwrap(), Some(500));
    let mut over = next(&row);
    over.deadline = None;
    over.status = Status::Paused;
    over.summary.status = Status::Paused;
    store.commit(bare(&over)).await.unwrap();
    assert_eq!(store.next_deadline().await.unwrap(), None);
}

pub(super) async fn ended_sessions_come_those_that_ended_first(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut ids = Vec::new();
    for ended_at in [300, 100, 200, 400] {
        let mut row = session(Some(owner("a")), 1);
        store.create(row.clone(), Vec::new()).await.unwrap();
        row = next(&row);
        row.status = Status::Completed(EndReason::Finished);
        row.summary.status = row.status;
        row.summary.ended_at = Some(ended_at);
        row.deadline = None;
        store.commit(bare(&row)).await.unwrap();
        ids.push(row.id);
    }
    for status in [Status::Ready, Status::Active, Status::Paused] {
        let mut row = session(Some(owner("a")), 1);
        (row.status, row.summary.status) = (status, status);
        store.create(row, Vec::new()).await.unwrap();
    }
    assert_eq!(store.ended_before(100, 10).await.unwrap(), vec![], "not the one that ended at that moment");
    assert_eq!(store.ended_before(101, 10).await.unwrap(), [ids[1]]);
    assert_eq!(store.ended_before(400, 10).await.unwrap(), [ids[1], ids[2], ids[0]]);
    assert_eq!(store.ended_before(i64::MAX, 2).await.unwrap(), [ids[1], ids[2]]);
    assert!(store.delete(ids[1]).await.unwrap());
    assert_eq!(store.ended_before(i64::MAX, 10).await.unwrap(), [ids[2], ids[0], ids[3]]);
}

pub(super) async fn deleting_deletes_everything(factory: &dyn Factory) {
    let store = factory.make().await;
    let (gone, kept) = (session(Some(owner("a")), 1), session(Some(owner("a")), 2));
    for row in [&gone, &kept] {
        store.create(row.clone(), vec![event(1)]).await.unwrap();
        let change = SessionCommit {
            session: next(row),
            messages: vec![message(1, "a secret")],
            turns: vec![turn(1, Some(1))],
            events: vec![event(2)],
        };
        store.commit(change).await.unwrap();
    }
    assert!(store.delete(gone.id).await.unwrap());
    assert!(!store.delete(gone.id).await.unwrap());
    assert_eq!(store.load(gone.id).await.unwrap(), None);
    assert_eq!(store.owner(gone.id).await.unwrap(), None);
    assert!(store.events(gone.id).await.unwrap().is_empty());
    assert!(!store.due(i64::MAX, 10).await.unwrap().contains(&gone.id));
    assert_eq!(store.list(&owner("a"), 10).await.unwrap().len(), 1);
    assert_eq!(store.earlier(&gone.candidate, 10).await.unwrap().len(), 1);
    let late = next(&next(&gone));
    assert!(matches!(store.commit(bare(&late)).await, Err(StoreError::NotFound)));
    let loaded = store.load(kept.id).await.unwrap().unwrap();
    assert_eq!((loaded.messages.len(), loaded.turns.len()), (1, 1), "the other session is untouched");
    // The same id again starts from nothing.
    store.create(gone.clone(), Vec::new()).await.unwrap();
    let again = store.load(gone.id).await.unwrap().unwrap();
    assert_eq!((again.messages.len(), again.turns.len()), (0, 0));
    assert!(store.events(gone.id).await.unwrap().is_empty());
}

pub(super) async fn it_is_ready(factory: &dyn Factory) {
    factory.make().await.ready().await.unwrap();
}

pub(super) async fn what_was_said_is_found_by_its_words(factory: &dyn Factory) {
    let store = factory.make().await;
    let texts = [
        ("a", vec!["I rewrote the Settlement job, 100% of it.", "Why?"]),
        ("a", vec!["\u{c9}cole \u{2014} Stra\u{df}e, \u{65e5}\u{672c}.", "The settlement failed."]),
        ("a", vec![]),
        ("b", vec!["The settlement was theirs."]),
    ];
    let mut ids = Vec::new();
    for (name, lines) in &texts {
        let row = session(Some(owner(name)), 5_000);
        store.create(row.clone(), Vec::new()).await.unwrap();
        let messages = lines.iter().zip(1..).map(|(text, seq)| message(seq, text)).collect();
        let change = SessionCommit { session: next(&row), messages, turns: Vec::new(), events: Vec::new() };
        store.commit(change).await.unwrap();
        ids.push(row.id);
    }
    let store = factory.reopen(store).await;
    for (words, found) in [
        ("settlement", &[0, 1][..]),
        ("SETTLEMENT job", &[0]),
        ("why", &[0]),
        ("\u{e9}cole", &[1]),
        ("\u{c9}COLE", &[1]),
        ("\u{672c}", &[1]),
        ("\u{e8}cole", &[]),
        ("100%", &[0]),
        ("0% o", &[0]),
        ("set%ment", &[]),
        ("set_lement", &[]),
        ("\\", &[]),
        ("' OR 1=1 --", &[]),
        ("theirs", &[]),
    ] {
        let wanted = found.iter().map(|at| ids[*at]).collect();
        assert_eq!(store.said(&owner("a"), words).await.unwrap(), wanted, "{words}");
    }
    assert!(store.said(&owner("nobody"), "settlement").await.unwrap().is_empty());
    store.delete(ids[0]).await.unwrap();
    let left = store.said(&owner("a"), "settlement").await.unwrap();
    assert_eq!(left.into_iter().collect::<Vec<_>>(), [ids[1]], "what is deleted is not found");
}
