//! Sound in files: the suite that all pass, and what becomes of it on disks that fail.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use engine::testing::MemorySounds;
use engine::testing::conformance;
use engine::{Recording, SessionId, SoundStore as _, StorageFault, StoreError};
use interview::TurnId;
use store::{FileSounds, SOUND_FOLDER};
use tempfile::TempDir;
use uuid::Uuid;

/// 20 ms of silence in Opus.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

fn turn(name: &str) -> TurnId {
    TurnId(name.to_owned())
}

fn session(n: u128) -> SessionId {
    SessionId(Uuid::from_u128(n))
}

/// A session that wants its sound kept.
async fn begun(most: (u64, u64)) -> (TempDir, FileSounds, SessionId) {
    let data = tempfile::tempdir().unwrap();
    let sounds = FileSounds::new(data.path(), 0).with_most(most.0, most.1);
    let id = session(1);
    sounds.set_on(id, true).await.unwrap();
    (data, sounds, id)
}

/// Writes seconds of sound.
async fn speak(recording: &mut Box<dyn Recording>, seconds: usize) -> Result<(), StoreError> {
    for _ in 0..seconds * 50 {
        recording.write(&SILENCE).await?;
    }
    Ok(())
}

async fn record(sounds: &FileSounds, id: SessionId, name: &str, seconds: usize) -> bool {
    let Some(mut recording) = sounds.begin(id, &turn(name)).await.unwrap() else { return false };
    speak(&mut recording, seconds).await.unwrap();
    recording.keep().await.unwrap();
    true
}

fn files(data: &Path, id: SessionId) -> Vec<String> {
    let Ok(entries) = fs::read_dir(data.join(SOUND_FOLDER).join(id.to_string())) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn both_keepers_of_sound_conform() {
    conformance::sounds::run(&MemorySounds::default()).await;
    let data = tempfile::tempdir().unwrap();
    conformance::sounds::run(&FileSounds::new(data.path(), 0)).await;
    let left = fs::read_dir(data.path().join(SOUND_FOLDER)).unwrap().count();
    assert_eq!(left, 0, "what was deleted is gone from the disk");
}

#[tokio::test]
async fn nobody_else_can_read_it() {
    let (data, sounds, id) = begun((1_000_000, 1_000_000)).await;
    assert!(record(&sounds, id, "a", 2).await);
    let folder = data.path().join(SOUND_FOLDER);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join(id.to_string()))), (0o700, 0o700));
    for file in files(data.path(), id) {
        assert_eq!(mode(&folder.join(id.to_string()).join(&file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn it_is_written_as_it_comes_and_a_crash_leaves_nothing_half_written() {
    let (data, sounds, id) = begun((1_000_000, 1_000_000)).await;
    assert!(record(&sounds, id, "a", 2).await);
    let mut recording = sounds.begin(id, &turn("b")).await.unwrap().unwrap();
    speak(&mut recording, 3).await.unwrap();
    let part = data.path().join(SOUND_FOLDER).join(id.to_string()).join("62.part");
    assert!(fs::metadata(&part).unwrap().len() > 300, "most of it is there before it is over");
    // A crash runs nothing to its end.
    std::mem::forget(recording);
    let after = FileSounds::new(data.path(), 0);
    assert_eq!(after.kept(id).await.unwrap().len(), 1, "what is half written is no sound");
    after.tidy().await.unwrap();
    assert_eq!(files(data.path(), id), ["61.ogg", "on"]);
    assert!(after.is_on(id).await.unwrap() && after.read(id, &turn("a")).await.unwrap().is_some());
}

#[tokio::test]
async fn no_answer_and_no_session_takes_more_than_it_may() {
    let (_data, sounds, id) = begun((2_000, 5_000)).await;
    let mut kept = 0;
    for n in 0..20 {
        if record(&sounds, id, &format!("turn-{n}"), 30).await {
            kept += 1;
        }
    }
    let sizes: Vec<u64> = sounds.kept(id).await.unwrap().into_iter().map(|(_, bytes)| bytes).collect();
    // A page that has begun is written whole.
    assert!(sizes.iter().all(|bytes| *bytes < 2_500), "{sizes:?}");
    assert!(sizes.iter().sum::<u64>() < 5_500, "{sizes:?}");
    assert_eq!((sizes.len(), kept), (3, 3), "{sizes:?}");
}

#[tokio::test]
async fn a_disk_without_room_loses_the_sound_alone() {
    let data = tempfile::tempdir().unwrap();
    let id = session(1);
    FileSounds::new(data.path(), 0).set_on(id, true).await.unwrap();
    let full = FileSounds::new(data.path(), u64::MAX);
    let refused = full.begin(id, &turn("a")).await.err();
    let Some(StoreError::Storage(StorageFault::Low, what)) = refused else { panic!("{refused:?}") };
    assert!(what.contains("min_free_mb") && what.contains("sound"), "{what}");
    assert_eq!(files(data.path(), id), ["on"]);
    // What is there can be deleted all the same.
    full.delete(id).await.unwrap();
    assert!(files(data.path(), id).is_empty());
}

#[tokio::test]
async fn a_full_disk_in_the_middle_of_an_answer_leaves_nothing() {
    let (data, sounds, id) = begun((1_000_000, 1_000_000)).await;
    let folder = data.path().join(SOUND_FOLDER).join(id.to_string());
    // Whatever is written there is refused: there is no room on it.
    std::os::unix::fs::symlink("/dev/full", folder.join("61.part")).unwrap();
    let mut recording = sounds.begin(id, &turn("a")).await.unwrap().unwrap();
    let refused = speak(&mut recording, 5).await.err();
    let Some(StoreError::Storage(StorageFault::Full, what)) = refused else { panic!("{refused:?}") };
    assert!(what.contains("free some space"), "{what}");
    drop(recording);
    assert_eq!(files(data.path(), id), ["on"]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_says_so() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join(SOUND_FOLDER), "a file where the folder should be").unwrap();
    let sounds = FileSounds::new(data.path(), 0);
    for refused in [
        sounds.set_on(session(1), true).await,
        sounds.kept(session(1)).await.map(drop),
        sounds.sessions().await.map(drop),
    ] {
        let Err(StoreError::Unavailable(what)) = refused else { panic!("{refused:?}") };
        assert!(what.contains("sound cannot be kept in") && what.contains("belongs to"), "{what}");
    }
}
