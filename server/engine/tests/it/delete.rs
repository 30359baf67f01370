//! Deleting many: what ended long ago, and all of an owner.

use std::sync::Arc;

use engine::testing::{FailingStore, MemoryStore};
use engine::{BuiltIn, EngineError, NewSession, Owner, SessionId, TurnKind};
use interview::Status;

use crate::house::{ANSWER, House, new, now, pass, turn};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// An interview that ended now.
async fn ended(house: &House) -> SessionId {
    let id = house.opened().await;
    house.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    id
}

async fn is_there(house: &House, id: SessionId) -> bool {
    house.store.load(id).await.unwrap().is_some()
}

#[tokio::test(start_paused = true)]
async fn what_ended_longer_ago_is_deleted_to_the_millisecond() {
    let house = House::built_in();
    let first = ended(&house).await;
    let at = house.engine.snapshot(first).await.unwrap().ended_at.unwrap();
    assert_eq!(at, now(&house));
    pass(1).await;
    let second = ended(&house).await;
    house.clock.jump(30 * DAY - 1);
    assert_eq!(now(&house), at + 30 * DAY);
    assert_eq!(house.engine.delete_ended(30 * DAY).await.unwrap(), 0, "thirty days are not more than thirty");
    assert!(is_there(&house, first).await);
    pass(1).await;
    assert_eq!(house.engine.delete_ended(30 * DAY).await.unwrap(), 1);
    assert!(!is_there(&house, first).await && is_there(&house, second).await);
    assert!(matches!(house.engine.snapshot(first).await, Err(EngineError::NotFound)));
    // A machine whose clock was wrong for a while deletes nothing by it.
    house.clock.jump(-100 * DAY);
    assert_eq!(house.engine.delete_ended(30 * DAY).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_has_not_ended_stays_however_old() {
    let house = House::built_in();
    let (unopened, active, paused) = (house.created().await, house.opened().await, house.opened().await);
    let over = ended(&house).await;
    let silence = house.engine.snapshot(paused).await.unwrap().plan.silence_text;
    let stop = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn({
        let (engine, stop) = (house.engine.clone(), stop.clone());
        async move { engine.run(stop).await }
    });
    pass(u64::try_from(silence.pause).unwrap() + 5_000).await;
    house.say(active, "a", ANSWER).await;
    assert_eq!(house.sound(paused).await.status, Status::Paused);
    stop.cancel();
    running.await.unwrap();
    // With another engine, which nobody runs: only the clock moves.
    let later = house.again(Arc::new(BuiltIn));
    later.clock.jump(1_000 * DAY);
    assert_eq!(later.engine.delete_ended(DAY).await.unwrap(), 1);
    assert!(!is_there(&later, over).await);
    for (id, status) in [(unopened, Status::Ready), (active, Status::Active), (paused, Status::Paused)] {
        assert_eq!(later.sound(id).await.status, status);
    }
}

#[tokio::test(start_paused = true)]
async fn followers_of_a_deleted_one_are_told() {
    let house = House::built_in();
    let (id, other) = (ended(&house).await, house.opened().await);
    let (mut live, others) =
        (house.engine.follow(id).await.unwrap(), house.engine.follow(other).await.unwrap());
    live.version.mark_unchanged();
    house.clock.jump(2 * DAY);
    assert_eq!(house.engine.delete_ended(DAY).await.unwrap(), 1);
    live.version.changed().await.unwrap();
    assert_eq!(*live.version.borrow(), 0);
    assert_ne!(*others.version.borrow(), 0);
}

#[tokio::test(start_paused = true)]
async fn many_are_deleted_in_batches() {
    let house = House::built_in();
    let mut ids = Vec::new();
    for _ in 0..250 {
        ids.push(ended(&house).await);
    }
    house.clock.jump(2 * DAY);
    assert_eq!(house.engine.delete_ended(DAY).await.unwrap(), 250);
    for id in ids {
        assert!(!is_there(&house, id).await);
    }
}

#[tokio::test(start_paused = true)]
async fn an_owner_deletes_all_of_theirs_however_many_and_nobody_elses() {
    let house = House::built_in();
    for _ in 0..255 {
        house.created().await;
    }
    let (active, over) = (house.opened().await, ended(&house).await);
    let stranger = Owner("another".to_owned());
    let theirs =
        house.engine.create(NewSession { owner: Some(stranger.clone()), ..new("quick") }).await.unwrap();
    let nobodys = house.engine.create(NewSession { owner: None, ..new("quick") }).await.unwrap();
    let mut live = house.engine.follow(active).await.unwrap();
    live.version.mark_unchanged();
    let mine = Owner("browser".to_owned());
    assert_eq!(house.engine.list(&mine).await.unwrap().len(), 200, "more than a list shows");
    assert_eq!(house.engine.delete_all(&mine).await.unwrap(), 257);
    assert!(house.engine.list(&mine).await.unwrap().is_empty());
    live.version.changed().await.unwrap();
    assert_eq!(*live.version.borrow(), 0, "whoever has one open is told");
    for id in [active, over] {
        assert!(matches!(house.engine.snapshot(id).await, Err(EngineError::NotFound)));
    }
    for id in [theirs, nobodys] {
        assert!(is_there(&house, id).await);
    }
    assert_eq!(house.engine.delete_all(&mine).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_deleted_keeps_no_other() {
    let store = Arc::new(FailingStore::new(Arc::new(MemoryStore::default())));
    let house = House::on(store.clone(), Arc::new(BuiltIn));
    let (stuck, other) = (ended(&house).await, ended(&house).await);
    store.keep(Some(stuck));
    let mine = Owner("browser".to_owned());
    assert!(matches!(house.engine.delete_all(&mine).await, Err(EngineError::Store(_))));
    assert!(is_there(&house, stuck).await && !is_there(&house, other).await);
    house.sound(stuck).await;
    store.keep(None);
    assert_eq!(house.engine.delete_all(&mine).await.unwrap(), 1);
}
