//! The sound of answers: whose it is, and that the interview goes on without it.

use std::sync::Arc;

use engine::testing::{FailingStore, FakeClock, MemorySounds, MemoryStore};
use engine::{
    BuiltIn, Engine, EngineError, Helpers, SessionId, SoundStore as _, Store, TurnKind, Unobserved,
};
use interview::{Modality, TurnId, WriterTimeouts};

use crate::house::{ANSWER, new, said, start, turn};

struct Room {
    engine: Engine,
    store: MemoryStore,
    sounds: MemorySounds,
}

fn room() -> Room {
    let store = MemoryStore::default();
    on(Arc::new(store.clone()), store)
}

/// With the engine on this store, which keeps everything in that one.
fn on(outer: Arc<dyn Store>, store: MemoryStore) -> Room {
    let sounds = MemorySounds::default();
    let helpers = Helpers { sounds: Some(Arc::new(sounds.clone())), ..engine::testing::seeded() };
    let clock = Arc::new(FakeClock::new(1_700_000_000_000));
    let (writer, settings) = (Arc::new(BuiltIn), WriterTimeouts::default());
    let engine = Engine::with_models(outer, writer, helpers, clock, settings, Arc::new(Unobserved));
    Room { engine, store, sounds }
}

fn spoken(id: &str) -> engine::Turn {
    engine::Turn { modality: Modality::Voice, ..said(id, ANSWER) }
}

impl Room {
    async fn record(&self, id: SessionId, name: &str) -> bool {
        let recording = self.engine.record(id, &TurnId(name.to_owned())).await.unwrap();
        let Some(mut recording) = recording else { return false };
        recording.write(b"sound").await.unwrap();
        recording.keep().await.unwrap();
        true
    }

    /// An interview with one spoken and one typed answer, and the sound of the spoken one, which is the message 2.
    async fn held(&self) -> SessionId {
        let id = self.engine.create(new("quick")).await.unwrap();
        self.engine.turn(id, start()).await.unwrap();
        self.engine.keep_sound(id, true).await.unwrap();
        assert!(self.record(id, "a").await);
        self.engine.turn(id, spoken("a")).await.unwrap();
        self.engine.turn(id, said("b", "I then led the team for a year.")).await.unwrap();
        id
    }
}

#[tokio::test(start_paused = true)]
async fn no_sound_is_kept_unless_the_candidate_says_so() {
    let room = room();
    let id = room.engine.create(new("quick")).await.unwrap();
    assert_eq!(room.engine.keeps_sound(id).await.unwrap(), Some(false));
    assert!(!room.record(id, "a").await);
    room.engine.keep_sound(id, true).await.unwrap();
    assert_eq!(room.engine.keeps_sound(id).await.unwrap(), Some(true));
    room.engine.keep_sound(id, false).await.unwrap();
    assert!(!room.record(id, "a").await);
    let unknown = SessionId(uuid::Uuid::from_u128(9));
    assert!(matches!(room.engine.keep_sound(unknown, true).await, Err(EngineError::NotFound)));
    assert!(room.sounds.sessions().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn where_there_is_no_place_for_sound_none_is_kept() {
    let house = crate::house::House::built_in();
    let id = house.opened().await;
    assert_eq!(house.engine.keeps_sound(id).await.unwrap(), None);
    assert!(matches!(house.engine.keep_sound(id, true).await, Err(EngineError::NotFound)));
    assert!(house.engine.record(id, &TurnId("a".to_owned())).await.unwrap().is_none());
    assert!(house.engine.sounds(id).await.unwrap().is_empty());
    assert!(matches!(house.engine.sound(id, 2).await, Err(EngineError::NotFound)));
    assert_eq!(house.engine.sweep_sounds().await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_sound_of_an_answer_is_found_by_its_line() {
    let room = room();
    let id = room.held().await;
    let sounds = room.engine.sounds(id).await.unwrap();
    assert_eq!(sounds.iter().map(|sound| (sound.seq, sound.bytes)).collect::<Vec<_>>(), [(2, 5)]);
    assert_eq!(room.engine.sound(id, 2).await.unwrap(), b"sound");
    // The interviewer's lines, the typed answer, and lines that there are not, have none.
    for seq in [0, 1, 3, 4, 9] {
        assert!(matches!(room.engine.sound(id, seq).await, Err(EngineError::NotFound)), "{seq}");
    }
    room.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    assert!(matches!(room.engine.keep_sound(id, true).await, Err(EngineError::Ended)));
    room.engine.keep_sound(id, false).await.unwrap();
    assert_eq!(room.engine.sounds(id).await.unwrap().len(), 1, "what was kept stays");
}

#[tokio::test(start_paused = true)]
async fn deleting_an_interview_deletes_its_sound_also_by_retention() {
    let room = room();
    for by_age in [false, true] {
        let (id, other) = (room.held().await, room.held().await);
        room.engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
        match by_age {
            false => room.engine.delete(id).await.unwrap(),
            true => assert_eq!(room.engine.delete_ended(-1).await.unwrap(), 1),
        }
        assert_eq!(room.sounds.sessions().await.unwrap(), [other]);
        room.engine.delete(other).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_deleted_keeps_its_interview_so_that_it_can_be_tried_again() {
    let room = room();
    let id = room.held().await;
    room.sounds.break_down(true);
    assert!(matches!(room.engine.delete(id).await, Err(EngineError::Store(_))));
    assert!(room.store.load(id).await.unwrap().is_some());
    // The interview itself goes on.
    room.engine.turn(id, spoken("c")).await.unwrap();
    room.sounds.break_down(false);
    room.engine.delete(id).await.unwrap();
    assert!(room.sounds.sessions().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_crash_left_of_a_deletion_is_swept_up_and_nothing_else() {
    let room = room();
    let (id, other) = (room.held().await, room.held().await);
    room.store.delete(id).await.unwrap();
    assert_eq!(room.engine.sweep_sounds().await.unwrap(), 1);
    assert_eq!(room.sounds.sessions().await.unwrap(), [other]);
}

#[tokio::test(start_paused = true)]
async fn a_fork_has_the_sound_of_what_it_shares_and_keeps_it_without_its_parent() {
    let room = room();
    let id = room.held().await;
    assert!(room.record(id, "c").await);
    room.engine.turn(id, spoken("c")).await.unwrap();
    let of = async |id| {
        room.engine.sounds(id).await.unwrap().into_iter().map(|sound| sound.seq).collect::<Vec<_>>()
    };
    assert_eq!(of(id).await, [2, 6]);
    let fork = room.engine.fork(id, 6).await.unwrap();
    assert_eq!(of(fork).await, [2], "what comes after is not shared");
    assert_eq!(room.engine.fork(id, 6).await.unwrap(), fork);
    assert_eq!(
        room.engine.keeps_sound(fork).await.unwrap(),
        Some(false),
        "it is off until it is switched on there"
    );
    let first = room.engine.fork(id, 2).await.unwrap();
    assert!(of(first).await.is_empty(), "nothing was said yet");

    // The same turn in both: what is recorded in one is not heard in the other.
    room.engine.keep_sound(fork, true).await.unwrap();
    room.engine.turn(fork, spoken("c")).await.unwrap();
    assert_eq!(of(fork).await, [2]);
    let second = room.engine.fork(fork, 6).await.unwrap();
    room.engine.delete(id).await.unwrap();
    assert_eq!((of(fork).await, of(second).await), (vec![2], vec![2]));
    assert_eq!(room.engine.sound(fork, 2).await.unwrap(), b"sound");
    room.engine.delete(fork).await.unwrap();
    assert_eq!(room.engine.sound(second, 2).await.unwrap(), b"sound", "and a fork of a fork without both");
    for left in [second, first] {
        room.engine.delete(left).await.unwrap();
    }
    assert!(room.sounds.sessions().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_fork_begins_also_where_its_sound_cannot_be_copied_and_leaves_none_where_it_does_not_begin() {
    let memory = MemoryStore::default();
    let store = Arc::new(FailingStore::new(Arc::new(memory.clone())));
    let room = on(store.clone(), memory);
    let id = room.held().await;
    store.fail_at(1);
    assert!(matches!(room.engine.fork(id, 4).await, Err(EngineError::Store(_))));
    assert_eq!(room.sounds.sessions().await.unwrap(), [id]);

    room.sounds.break_down(true);
    let fork = room.engine.fork(id, 4).await.unwrap();
    room.sounds.break_down(false);
    assert!(room.engine.sounds(fork).await.unwrap().is_empty());
    room.engine.turn(fork, spoken("on")).await.unwrap();
    assert_eq!(room.engine.sounds(id).await.unwrap().len(), 1);
}
