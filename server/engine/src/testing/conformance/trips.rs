//! What goes in comes out.

use interview::{EndReason, LineSource, Seniority, Speaker, Status};

use super::Factory;
use super::samples::{bare, event, message, new_id, next, owner, session, turn};
use crate::{SessionCommit, StoredSession};

pub(super) async fn a_new_session_is_read_back(factory: &dyn Factory) {
    let store = factory.make().await;
    let made = session(Some(owner("o")), 5_000);
    store.create(made.clone(), vec![event(1)]).await.unwrap();
    let loaded = store.load(made.id).await.unwrap().unwrap();
    assert_eq!(loaded, StoredSession { session: made.clone(), messages: Vec::new(), turns: Vec::new() });
    assert_eq!(store.events(made.id).await.unwrap(), vec![event(1)]);
}

pub(super) async fn every_field_is_read_back(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let mut second = next(&first);
    second.summary.stage = 2;
    second.summary.spoken = true;
    second.summary.seniority = Seniority::Lead;
    second.deadline = Some(i64::MAX);
    let mut messages = vec![message(1, "I moved the ledger."), message(2, "What came of it?")];
    messages[1].cut = true;
    let mut plain = message(4, "Go on.");
    plain.seq = 3;
    plain.source = Some(LineSource::Model);
    plain.why = None;
    messages.push(plain);
    let turns = vec![turn(1, Some(2)), turn(2, None)];
    let events = vec![event(1), event(2)];
    let change = SessionCommit {
        session: second.clone(),
        messages: messages.clone(),
        turns: turns.clone(),
        events: events.clone(),
    };
    store.commit(change).await.unwrap();
    let loaded = store.load(first.id).await.unwrap().unwrap();
    assert_eq!(loaded.session, second);
    assert_eq!(loaded.messages, messages.into_iter().map(|m| (m, 2)).collect::<Vec<_>>());
    assert_eq!(loaded.turns, turns);
    assert_eq!(store.events(first.id).await.unwrap(), events);
}

pub(super) async fn every_status_is_read_back(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut row = session(None, 5_000);
    store.create(row.clone(), Vec::new()).await.unwrap();
    let over = [EndReason::Finished, EndReason::Asked, EndReason::Abandoned].map(Status::Completed);
    for (status, seniority) in
        [Status::Active, Status::Paused].into_iter().chain(over).zip(Seniority::ALL.into_iter().cycle())
    {
        row.version += 1;
        row.status = status;
        row.summary.status = status;
        row.summary.seniority = seniority;
        row.summary.ended_at = status.is_completed().then_some(77);
        store.commit(bare(&row)).await.unwrap();
        assert_eq!(store.load(row.id).await.unwrap().unwrap().session, row);
    }
}

pub(super) async fn any_text_is_read_back(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let texts = [
        "'; DROP TABLE interview_session; --",
        "日本語 naïve 👩‍🚒 \u{202e}turned",
        "tabs\tand\r\nlines\n",
        "a \u{0} within",
        "",
    ];
    let long = "x".repeat(100_000);
    let messages: Vec<_> =
        texts.iter().copied().chain([long.as_str()]).zip(1..).map(|(text, seq)| message(seq, text)).collect();
    let change = SessionCommit { messages: messages.clone(), ..bare(&next(&first)) };
    store.commit(change).await.unwrap();
    let loaded = store.load(first.id).await.unwrap().unwrap();
    assert_eq!(loaded.messages.into_iter().map(|(m, _)| m).collect::<Vec<_>>(), messages);
}

pub(super) async fn an_unknown_session_is_none(factory: &dyn Factory) {
    let store = factory.make().await;
    let unknown = new_id();
    assert_eq!(store.load(unknown).await.unwrap(), None);
    assert_eq!(store.owner(unknown).await.unwrap(), None);
    assert_eq!(store.events(unknown).await.unwrap(), Vec::new());
    assert!(!store.delete(unknown).await.unwrap());
}

pub(super) async fn amended_messages_carry_their_version(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let second = next(&first);
    let messages = vec![message(1, "one"), message(2, "two and more")];
    store.commit(SessionCommit { messages, ..bare(&second) }).await.unwrap();
    let third = next(&second);
    let mut cut = message(2, "two");
    cut.cut = true;
    let messages = vec![cut.clone(), message(3, "three")];
    store.commit(SessionCommit { messages, ..bare(&third) }).await.unwrap();
    let loaded = store.load(first.id).await.unwrap().unwrap();
    assert_eq!(loaded.messages, vec![(message(1, "one"), 2), (cut, 3), (message(3, "three"), 3)]);
    assert_eq!(loaded.messages[0].0.speaker, Speaker::Candidate);
}

pub(super) async fn a_turn_is_completed_in_place(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(None, 5_000);
    store.create(first.clone(), Vec::new()).await.unwrap();
    let second = next(&first);
    store.commit(SessionCommit { turns: vec![turn(1, None), turn(2, None)], ..bare(&second) }).await.unwrap();
    let third = next(&second);
    store.commit(SessionCommit { turns: vec![turn(1, Some(0))], ..bare(&third) }).await.unwrap();
    let loaded = store.load(first.id).await.unwrap().unwrap();
    assert_eq!(loaded.turns, vec![turn(1, Some(0)), turn(2, None)]);
}

pub(super) async fn events_come_in_order(factory: &dyn Factory) {
    let store = factory.make().await;
    let mut row = session(None, 5_000);
    store.create(row.clone(), vec![event(9), event(3)]).await.unwrap();
    for n in [7, 1] {
        row = next(&row);
        store.commit(SessionCommit { events: vec![event(n), event(n)], ..bare(&row) }).await.unwrap();
    }
    let order: Vec<i64> = store.events(row.id).await.unwrap().into_iter().map(|event| event.at).collect();
    assert_eq!(order, vec![9, 3, 7, 7, 1, 1], "in the order in which they were added");
}

pub(super) async fn everything_is_there_after_reopening(factory: &dyn Factory) {
    let store = factory.make().await;
    let first = session(Some(owner("o")), 5_000);
    store.create(first.clone(), vec![event(1)]).await.unwrap();
    let second = next(&first);
    let change = SessionCommit {
        messages: vec![message(1, "kept")],
        turns: vec![turn(1, None)],
        events: vec![event(2)],
        session: second.clone(),
    };
    store.commit(change).await.unwrap();
    let before = store.load(first.id).await.unwrap().unwrap();
    let store = factory.reopen(store).await;
    assert_eq!(store.load(first.id).await.unwrap().unwrap(), before);
    assert_eq!(store.events(first.id).await.unwrap(), vec![event(1), event(2)]);
    assert_eq!(store.next_deadline().await.unwrap(), second.deadline);
    store.commit(bare(&next(&second))).await.unwrap();
}
