//! The suite that everything passes that keeps sound.

use interview::TurnId;

use super::samples::new_id;
use crate::{SessionId, SoundStore};

/// 20 ms of silence in Opus.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

fn turn(name: &str) -> TurnId {
    TurnId(name.to_owned())
}

/// Records a turn and keeps it. `false` if it is not to be recorded.
async fn record(sounds: &dyn SoundStore, id: SessionId, name: &str, packets: usize) -> bool {
    let Some(mut recording) = sounds.begin(id, &turn(name)).await.unwrap() else { return false };
    for _ in 0..packets {
        recording.write(&SILENCE).await.unwrap();
    }
    recording.keep().await.unwrap();
    true
}

async fn kept(sounds: &dyn SoundStore, id: SessionId) -> Vec<String> {
    let kept = sounds.kept(id).await.unwrap();
    assert!(kept.iter().all(|(_, bytes)| *bytes > 0));
    kept.into_iter().map(|(turn, _)| turn.0).collect()
}

/// Runs all checks on what keeps nothing yet.
///
/// # Panics
/// When one fails.
pub async fn run(sounds: &dyn SoundStore) {
    nothing_is_kept_unless_it_is_wanted(sounds).await;
    what_was_kept_is_read_back(sounds).await;
    what_is_dropped_leaves_nothing(sounds).await;
    what_is_deleted_is_gone_and_nobody_elses(sounds).await;
    what_is_copied_is_whole_without_the_other(sounds).await;
}

async fn nothing_is_kept_unless_it_is_wanted(sounds: &dyn SoundStore) {
    let id = new_id();
    assert!(!sounds.is_on(id).await.unwrap() && !record(sounds, id, "a", 10).await);
    sounds.set_on(id, false).await.unwrap();
    assert!(sounds.sessions().await.unwrap().is_empty(), "nothing is left of a wish to keep none");
    sounds.set_on(id, true).await.unwrap();
    sounds.set_on(id, true).await.unwrap();
    assert!(sounds.is_on(id).await.unwrap() && record(sounds, id, "b", 10).await);
    sounds.set_on(id, false).await.unwrap();
    assert!(!sounds.is_on(id).await.unwrap() && !record(sounds, id, "c", 10).await);
    sounds.set_on(id, true).await.unwrap();
    let mut under_way = sounds.begin(id, &turn("d")).await.unwrap().expect("it is on");
    under_way.write(&SILENCE).await.unwrap();
    sounds.set_on(id, false).await.unwrap();
    under_way.keep().await.unwrap();
    assert_eq!(
        kept(sounds, id).await,
        ["b"],
        "what was kept stays, and what was being said when it was switched off is not kept"
    );
    assert_eq!(sounds.sessions().await.unwrap(), [id]);
    sounds.delete(id).await.unwrap();
}

async fn what_was_kept_is_read_back(sounds: &dyn SoundStore) {
    let id = new_id();
    sounds.set_on(id, true).await.unwrap();
    // Whatever a caller names its turns.
    for name in ["../../up", "a/b", "voice-1.ogg", "\u{65e5}\u{672c}", "b"] {
        assert!(record(sounds, id, name, 120).await);
    }
    assert_eq!(kept(sounds, id).await, ["../../up", "a/b", "b", "voice-1.ogg", "\u{65e5}\u{672c}"]);
    for (turn, bytes) in sounds.kept(id).await.unwrap() {
        assert_eq!(sounds.read(id, &turn).await.unwrap().map(|read| read.len() as u64), Some(bytes));
    }
    assert_eq!(sounds.read(id, &turn("c")).await.unwrap(), None);
    assert_eq!(sounds.read(new_id(), &turn("b")).await.unwrap(), None);
    sounds.delete(id).await.unwrap();
}

async fn what_is_dropped_leaves_nothing(sounds: &dyn SoundStore) {
    let id = new_id();
    sounds.set_on(id, true).await.unwrap();
    let mut recording = sounds.begin(id, &turn("a")).await.unwrap().expect("it is on");
    for _ in 0..120 {
        recording.write(&SILENCE).await.unwrap();
    }
    drop(recording);
    assert!(record(sounds, id, "nothing in it", 0).await);
    assert!(kept(sounds, id).await.is_empty());
    assert_eq!(sounds.read(id, &turn("a")).await.unwrap(), None);
    sounds.delete(id).await.unwrap();
}

async fn what_is_deleted_is_gone_and_nobody_elses(sounds: &dyn SoundStore) {
    let (id, other) = (new_id(), new_id());
    for id in [id, other] {
        sounds.set_on(id, true).await.unwrap();
        assert!(record(sounds, id, "a", 60).await);
    }
    // One that goes on while its session is deleted does not come back.
    let mut late = sounds.begin(id, &turn("late")).await.unwrap().unwrap();
    late.write(&SILENCE).await.unwrap();
    sounds.delete(id).await.unwrap();
    for _ in 0..120 {
        if late.write(&SILENCE).await.is_err() {
            break;
        }
    }
    drop(late.keep().await);
    assert!(kept(sounds, id).await.is_empty() && !sounds.is_on(id).await.unwrap());
    assert!(!record(sounds, id, "b", 10).await);
    assert_eq!(
        (kept(sounds, other).await, sounds.sessions().await.unwrap()),
        (vec!["a".to_owned()], vec![other])
    );
    sounds.delete(id).await.unwrap();
    sounds.delete(other).await.unwrap();
}

async fn what_is_copied_is_whole_without_the_other(sounds: &dyn SoundStore) {
    let (parent, child, stranger) = (new_id(), new_id(), new_id());
    sounds.set_on(parent, true).await.unwrap();
    for (name, packets) in [("a", 60), ("b", 120), ("later", 60)] {
        assert!(record(sounds, parent, name, packets).await);
    }
    let read = async |id, name| sounds.read(id, &turn(name)).await.unwrap();
    let (a, b) = (read(parent, "a").await, read(parent, "b").await);
    assert!(a.is_some() && a != b);
    // Of some turns there is none, and an id may be longer than any file's name.
    let shared = ["a", "typed", "b", &"x".repeat(400)].map(turn);
    for _ in 0..2 {
        sounds.copy(parent, child, &shared).await.unwrap();
        assert_eq!(kept(sounds, child).await, ["a", "b"], "and once more it is the same");
    }
    assert!(!sounds.is_on(child).await.unwrap(), "that more is kept is for the person to say");
    assert!(!record(sounds, child, "c", 10).await);

    // The same turn, spoken otherwise in the other one: each has its own.
    sounds.set_on(child, true).await.unwrap();
    assert!(record(sounds, child, "b", 200).await);
    let own = read(child, "b").await;
    assert!(own != b && read(parent, "b").await == b);
    sounds.copy(parent, child, &shared).await.unwrap();
    assert_eq!(read(child, "b").await, own, "what it has stays");

    sounds.delete(parent).await.unwrap();
    assert_eq!(
        (kept(sounds, child).await, read(child, "a").await),
        (vec!["a".to_owned(), "b".to_owned()], a)
    );
    sounds.copy(parent, stranger, &shared).await.unwrap();
    sounds.copy(child, stranger, &[]).await.unwrap();
    assert_eq!(sounds.sessions().await.unwrap(), [child], "where there is nothing to copy nothing is begun");
    sounds.delete(child).await.unwrap();
    assert!(sounds.sessions().await.unwrap().is_empty());
}
