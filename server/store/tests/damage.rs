//! A real database file, damaged at random places in random ways: either the store refuses it, or every row reads back
//! as it was written.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;

use engine::testing::sample_session;
use engine::{
    InterviewSession, Origin, OriginKind, SessionCommit, SessionEvent, SessionId, Store as _, StoredSession,
    TurnRecord,
};
use interview::{LineSource, Message, Modality, Speaker, TurnId};
use store::{FILE_NAME, SqliteStore};
use uuid::Uuid;

const PAGE: usize = 4_096;

/// Numbers that are the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut n = self.0;
        n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ (n >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }

    fn bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.roll().to_le_bytes()[0]);
    }
}

/// Damages the bytes in one way that a disk, a cable or a person might, and says which.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let at = dice.below(bytes.len());
    let sector = |at: usize, bytes: &Vec<u8>| (at / 512 * 512)..(at / 512 * 512 + 512).min(bytes.len());
    match dice.below(6) {
        0 => {
            bytes[at] ^= 1 << dice.below(8);
            format!("a bit at {at}")
        }
        1 => {
            let end = (at + 1 + dice.below(64)).min(bytes.len());
            dice.bytes(&mut bytes[at..end]);
            format!("bytes {at}..{end}")
        }
        2 => {
            let range = sector(at, bytes);
            bytes[range.clone()].fill(0);
            format!("zeros at {range:?}")
        }
        3 => {
            let range = sector(at, bytes);
            dice.bytes(&mut bytes[range.clone()]);
            format!("noise at {range:?}")
        }
        4 => {
            let pages = bytes.len() / PAGE;
            let (from, to) = (dice.below(pages) * PAGE, dice.below(pages) * PAGE);
            bytes.copy_within(from..from + PAGE, to);
            format!("page {from} in the place of {to}")
        }
        _ => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
    }
}

fn session(n: u128) -> InterviewSession {
    let mut session = sample_session(SessionId(Uuid::from_u128(n + 1)), 1);
    session.summary.name = format!("Candidate {n}");
    // Every other one is a take of the first.
    session.summary.origin = (n % 2 == 1).then(|| Origin {
        kind: OriginKind::Take,
        parent: SessionId(Uuid::from_u128(1)),
        seq: 3,
        turn: TurnId("turn-1".to_owned()),
        number: 2 + u32::try_from(n / 2).unwrap(),
    });
    session
}

/// An answer with its reply and all that belongs to it.
fn turn(row: &mut InterviewSession, n: u32) -> SessionCommit {
    row.version += 1;
    let turn = TurnId(format!("turn-{n}"));
    let message = |seq, speaker, source| Message {
        seq,
        speaker,
        stage: "past_experience".to_owned(),
        modality: Modality::Text,
        text: format!(
            "{} {n}: {}",
            row.summary.name,
            "a ledger that did not balance, ".repeat(n as usize * 7 % 60)
        ),
        at: 1_700_000_000_000 + i64::from(seq),
        turn: turn.clone(),
        source,
        why: None,
        cut: false,
        reading: None,
        original: (seq % 4 == 1).then(|| "as it was heard at first".to_owned()),
    };
    let messages = vec![
        message(2 * n + 1, Speaker::Candidate, None),
        message(2 * n + 2, Speaker::Interviewer, Some(LineSource::Bank)),
    ];
    let record = TurnRecord {
        turn: turn.clone(),
        digest: format!("digest {n}"),
        reply: Some(2 * n + 2),
        answer: Some(format!("{{\"n\":{n}}}")),
    };
    let event = SessionEvent {
        at: i64::from(n),
        kind: "entered".to_owned(),
        data: serde_json::json!({ "stage": n }),
    };
    SessionCommit { session: row.clone(), messages, turns: vec![record], events: vec![event] }
}

/// Everything the store holds, in order.
async fn all(store: &SqliteStore, sessions: u128) -> Result<Vec<(StoredSession, Vec<SessionEvent>)>, String> {
    let mut all = Vec::new();
    for n in 0..sessions {
        let id = session(n).id;
        let loaded = store.load(id).await.map_err(|e| e.to_string())?;
        let events = store.events(id).await.map_err(|e| e.to_string())?;
        all.push((loaded.ok_or("an interview is missing")?, events));
    }
    Ok(all)
}

/// A store with this many sessions of this many turns.
async fn written(folder: &Path, sessions: u128, turns: u32) -> SqliteStore {
    let store = SqliteStore::open(folder).await.unwrap();
    for n in 0..sessions {
        let mut row = session(n);
        store.create(row.clone(), Vec::new()).await.unwrap();
        for n in 0..turns {
            store.commit(turn(&mut row, n)).await.unwrap();
        }
    }
    store
}

#[tokio::test]
async fn a_file_is_refused_or_reads_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = written(folder.path(), 6, 12).await;
    let expected = all(&store, 6).await.unwrap();
    store.close().await;
    let path = folder.path().join(FILE_NAME);
    let whole = std::fs::read(&path).unwrap();
    let (mut refused, mut harmless) = (0, 0);
    for seed in 0..200 {
        let mut bytes = whole.clone();
        let what = damage(&mut bytes, &mut Dice(seed));
        std::fs::write(&path, &bytes).unwrap();
        match SqliteStore::open(folder.path()).await {
            Err(error) => {
                refused += 1;
                let error = error.to_string();
                let words = ["backup", "newer version", "schema"].iter().any(|word| error.contains(word));
                assert!(words, "seed {seed}, {what}: {error}");
                assert!(std::fs::read(&path).unwrap() == bytes, "seed {seed}, {what}: it was written over");
            }
            Ok(store) => {
                harmless += 1;
                assert_eq!(
                    all(&store, 6).await,
                    Ok(expected.clone()),
                    "seed {seed}, {what}: served, and changed"
                );
                store.close().await;
            }
        }
        for ending in ["-wal", "-shm"] {
            drop(std::fs::remove_file(folder.path().join(format!("{FILE_NAME}{ending}"))));
        }
    }
    eprintln!("of 200 damages {refused} were refused, {harmless} hit nothing that is kept");
    assert!(refused > 100, "{refused}");
}

#[tokio::test]
async fn a_log_is_refused_or_loses_at_most_what_a_power_cut_may_tear() {
    let folder = tempfile::tempdir().unwrap();
    let store = written(folder.path(), 2, 10).await;
    let expected = all(&store, 2).await.unwrap();
    let names = [FILE_NAME.to_owned(), format!("{FILE_NAME}-wal")];
    let [file, log] = names.clone().map(|name| std::fs::read(folder.path().join(name)).unwrap());
    assert!(log.len() > 20 * PAGE, "{}", log.len());
    store.close().await;
    let (mut refused, mut whole, mut torn) = (0, 0, 0);
    for seed in 0..120 {
        let mut bytes = log.clone();
        let what = damage(&mut bytes, &mut Dice(seed));
        let copy = tempfile::tempdir().unwrap();
        std::fs::write(copy.path().join(&names[0]), &file).unwrap();
        std::fs::write(copy.path().join(&names[1]), &bytes).unwrap();
        let cut = bytes.len() < log.len();
        match SqliteStore::open(copy.path()).await {
            Err(_) => refused += 1,
            Ok(store) => {
                match all(&store, 2).await {
                    Ok(found) if found == expected => whole += 1,
                    // A log that was cut short cannot be told from one that was never longer.
                    _ if cut => torn += 1,
                    Ok(mut found) => {
                        torn += 1;
                        let (mut last, mut before) = (found.pop().unwrap(), expected.clone());
                        let (mut expected, _) = before.pop().unwrap();
                        assert_eq!(found, before, "seed {seed}, {what}");
                        expected.messages.truncate(18);
                        assert_eq!(last.0.messages, expected.messages, "seed {seed}, {what}");
                        assert_eq!(last.0.session.version, expected.session.version - 1);
                        last.1.clear();
                    }
                    Err(error) => panic!("seed {seed}, {what}: served, and cannot be read: {error}"),
                }
                store.close().await;
            }
        }
    }
    eprintln!("of 120 damages of a log {refused} were refused, {whole} harmless, {torn} like a power cut");
    assert!(refused > 60, "{refused}");
}

#[tokio::test]
#[ignore = "measures: how long the look at a large file takes"]
async fn a_large_file_is_looked_at_in_moments() {
    let folder = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(SqliteStore::open(folder.path()).await.unwrap());
    let mut writing = tokio::task::JoinSet::new();
    for n in 0..3_000u128 {
        let store = std::sync::Arc::clone(&store);
        writing.spawn(async move {
            let mut row = session(n);
            store.create(row.clone(), Vec::new()).await.unwrap();
            for n in 0..20 {
                store.commit(turn(&mut row, n)).await.unwrap();
            }
        });
        while writing.len() > 100 {
            writing.join_next().await;
        }
    }
    writing.join_all().await;
    std::sync::Arc::into_inner(store).unwrap().close().await;
    let bytes = std::fs::metadata(folder.path().join(FILE_NAME)).unwrap().len();
    for (what, looked) in [("checked", true), ("as it is", false)] {
        let began = tokio::time::Instant::now();
        let store = match looked {
            true => SqliteStore::open(folder.path()).await.unwrap(),
            false => SqliteStore::open_as_it_is(folder.path()).await.unwrap(),
        };
        eprintln!("{} MB opened {what} in {} ms", bytes / 1_000_000, began.elapsed().as_millis());
        store.close().await;
    }
}
