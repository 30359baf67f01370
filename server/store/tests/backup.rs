//! Backing up a database while it is written to, and checking one without changing it.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use engine::testing::sample_session;
use engine::{InterviewSession, SessionCommit, SessionId, Store, TurnRecord};
use interview::{Message, Modality, Speaker, TurnId};
use sqlx::{Connection as _, SqliteConnection};
use store::{BackupError, FILE_NAME, Interviews, Schema, SqliteStore, backup, inspect};

fn session(n: u64) -> InterviewSession {
    let id = SessionId(uuid::Uuid::from_u64_pair(n, 0));
    InterviewSession { state: state(1), ..sample_session(id, 1) }
}

/// A state that contains its own version number.
fn state(version: u64) -> String {
    format!("{version}:{}", "x".repeat(3_000))
}

/// The next turn: one message and one turn, both of the session's new version.
fn turn(session: &mut InterviewSession) -> SessionCommit {
    session.version += 1;
    session.state = state(session.version);
    let seq = u32::try_from(session.version - 1).unwrap();
    let turn = TurnId(format!("turn-{seq}"));
    let message = Message {
        seq,
        speaker: Speaker::Candidate,
        stage: "s".to_owned(),
        modality: Modality::Text,
        text: format!("answer {seq}"),
        at: 1,
        turn: turn.clone(),
        source: None,
        why: None,
        cut: false,
        reading: None,
        original: None,
    };
    let record = TurnRecord { turn, digest: "d".to_owned(), reply: None, answer: None };
    SessionCommit {
        session: session.clone(),
        messages: vec![message],
        turns: vec![record],
        events: Vec::new(),
    }
}

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

/// The names in a folder, sorted.
fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        folder.read_dir().unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every session of a database with its version, each found whole.
async fn whole(path: &Path) -> BTreeMap<String, u64> {
    let mut connection = raw(path).await;
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM interview_session").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let store = SqliteStore::open(path).await.unwrap();
    let mut versions = BTreeMap::new();
    for id in ids {
        let loaded = store.load(SessionId::parse(&id).unwrap()).await.unwrap().unwrap();
        let version = loaded.session.version;
        assert_eq!(loaded.session.state, state(version), "{id}");
        assert_eq!(loaded.messages.len() as u64, version - 1, "{id}");
        assert!(loaded.messages.iter().zip(1..).all(|((m, v), n)| m.seq == n && *v == u64::from(n) + 1));
        assert_eq!(loaded.turns.len() as u64, version - 1, "{id}");
        assert!(loaded.turns.iter().zip(1..).all(|(t, n)| t.turn.0 == format!("turn-{n}")));
        versions.insert(id, version);
    }
    store.close().await;
    versions
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_taken_while_turns_are_committed_is_consistent() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
    let (acknowledged, stop) =
        (Arc::new(Mutex::new(BTreeMap::<String, u64>::new())), Arc::new(AtomicBool::new(false)));
    let writers: Vec<_> = (1..=16)
        .map(|n| {
            let (store, acknowledged, stop) = (store.clone(), acknowledged.clone(), stop.clone());
            tokio::spawn(async move {
                let (mut turns, mut made) = (0_usize, 0);
                while !stop.load(Ordering::Relaxed) {
                    let mut session = session(n * 1_000_000 + made);
                    made += 1;
                    store.create(session.clone(), Vec::new()).await.unwrap();
                    for _ in 0..12 {
                        store.commit(turn(&mut session)).await.unwrap();
                        acknowledged.lock().unwrap().insert(session.id.to_string(), session.version);
                        turns += 1;
                    }
                }
                turns
            })
        })
        .collect();
    let enough = async || {
        while acknowledged.lock().unwrap().len() < 48 {
            tokio::task::yield_now().await;
        }
    };
    patience::soon("turns of many", enough()).await;
    let mut during = 0;
    for n in 0..3 {
        let copy = folder.path().join(format!("copy-{n}.db"));
        let before = acknowledged.lock().unwrap().clone();
        let taken = backup(folder.path(), &copy, false).await.unwrap();
        let after: u64 = acknowledged.lock().unwrap().values().sum();
        during += after - before.values().sum::<u64>();
        let versions = whole(&copy).await;
        assert_eq!(taken.interviews.all, versions.len() as u64);
        for (id, version) in before {
            let kept = versions.get(&id).copied().unwrap_or_default();
            assert!(kept >= version, "{id}: {version} was acknowledged before, the copy has {kept}");
        }
    }
    assert!(during > 0, "nothing was written while the copies were taken");
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        assert!(writer.await.unwrap() > 0);
    }
}

#[tokio::test]
async fn a_copy_is_private_whole_and_replaces_nothing_unasked() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let mut first = session(1);
    store.create(first.clone(), Vec::new()).await.unwrap();
    store.commit(turn(&mut first)).await.unwrap();
    store.create(session(2), Vec::new()).await.unwrap();
    store.delete(session(2).id).await.unwrap();
    store.close().await;

    let to = elsewhere.path().join("kept.db");
    let taken = backup(folder.path(), &to, false).await.unwrap();
    let file = std::fs::metadata(&to).unwrap();
    assert_eq!((taken.interviews, taken.bytes), (Interviews { all: 1, ended: 0 }, file.len()));
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    assert_eq!(listed(elsewhere.path()), ["kept.db"], "nothing else is left");
    assert_eq!(listed(folder.path()), [FILE_NAME], "nor beside the database");

    let error = backup(folder.path(), &to, false).await.unwrap_err();
    assert!(matches!(error, BackupError::Exists(_)) && error.to_string().contains("--force"), "{error}");
    std::fs::write(&to, "old").unwrap();
    backup(folder.path(), &to, true).await.unwrap();
    assert_eq!(whole(&to).await, BTreeMap::from([(first.id.to_string(), 2)]));

    for (to, remedy) in [
        (folder.path().join(FILE_NAME), "the database itself"),
        (folder.path().join(format!("{FILE_NAME}-wal")), "the database itself"),
        (elsewhere.path().join("none/kept.db"), "no such folder"),
        (elsewhere.path().to_owned(), "name a file"),
    ] {
        let said = backup(folder.path(), &to, true).await.unwrap_err().to_string();
        assert!(said.contains(remedy), "{said}");
    }
    assert_eq!(whole(&folder.path().join(FILE_NAME)).await.len(), 1, "the database is as it was");
}

#[tokio::test]
async fn a_database_that_is_damaged_or_anothers_gives_no_copy() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (path, to) = (folder.path().join(FILE_NAME), elsewhere.path().join("kept.db"));
    let said = async || backup(folder.path(), &to, false).await.unwrap_err().to_string();
    assert!(said().await.contains("cannot be opened"));
    std::fs::write(&path, "").unwrap();
    assert!(said().await.contains("not a database of this program"));
    std::fs::write(&path, "no database".repeat(999)).unwrap();
    assert!(said().await.contains("damaged"));
    std::fs::remove_file(&path).unwrap();

    let store = SqliteStore::open(folder.path()).await.unwrap();
    for n in 0..60 {
        store.create(session(n), Vec::new()).await.unwrap();
    }
    store.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 20_000].fill(0xff);
    std::fs::write(&path, &bytes).unwrap();
    let error = said().await;
    assert!(error.contains("damaged"), "{error}");
    assert_eq!(listed(elsewhere.path()), [""; 0], "no half copy");
    assert!(inspect(folder.path()).await.unwrap_err().to_string().contains("damaged"));
}

#[tokio::test]
async fn what_is_wrong_inside_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join(FILE_NAME), folder.path().join("kept.db"));
    let store = SqliteStore::open(folder.path()).await.unwrap();
    store.create(session(1), Vec::new()).await.unwrap();
    store.close().await;
    let mut connection = raw(&path).await;
    // A table whose rows break its own schema.
    for sql in [
        "CREATE TABLE extra (a TEXT)",
        "INSERT INTO extra VALUES (NULL)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE extra (a TEXT NOT NULL)' WHERE name = 'extra'",
    ] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let faults = inspect(&path).await.unwrap().faults;
    assert!(faults.len() == 1 && faults[0].contains("extra.a"), "{faults:?}");
    let error = backup(&path, &to, false).await.unwrap_err();
    assert!(matches!(error, BackupError::Unsound(_)), "{error}");
    assert_eq!(listed(folder.path()), [FILE_NAME], "the copy was thrown away");
}

#[tokio::test]
async fn a_look_changes_nothing_and_tells_the_schemas_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    assert!(inspect(&path).await.unwrap_err().to_string().contains("cannot be opened"));
    assert_eq!(listed(folder.path()), [""; 0]);

    let store = SqliteStore::open(folder.path()).await.unwrap();
    store.create(session(1), Vec::new()).await.unwrap();
    let seen = inspect(folder.path()).await.unwrap();
    assert_eq!((seen.interviews, seen.faults.len()), (Some(Interviews { all: 1, ended: 0 }), 0));
    let Schema::Current(version) = seen.schema else { panic!("{seen:?}") };
    store.close().await;

    let before = std::fs::read(&path).unwrap();
    assert_eq!(inspect(folder.path()).await.unwrap().schema, Schema::Current(version));
    assert_eq!((std::fs::read(&path).unwrap(), listed(folder.path())), (before, vec![FILE_NAME.to_owned()]));

    let whole = std::fs::read(&path).unwrap();
    for (change, schema) in [
        ("UPDATE _sqlx_migrations SET success = 0 WHERE version = 1", Schema::Other(1)),
        ("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1", Schema::Other(1)),
        ("UPDATE _sqlx_migrations SET version = 99999999 WHERE version = 1", Schema::Newer(99_999_999)),
        ("DELETE FROM _sqlx_migrations WHERE version > 1", Schema::Older { is: 1, will_be: version }),
        ("DELETE FROM _sqlx_migrations", Schema::None),
        ("DROP TABLE _sqlx_migrations", Schema::Foreign),
    ] {
        std::fs::write(&path, &whole).unwrap();
        let mut connection = raw(&path).await;
        sqlx::query(change).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(inspect(folder.path()).await.unwrap().schema, schema, "{change}");
    }
    std::fs::write(&path, "").unwrap();
    let seen = inspect(folder.path()).await.unwrap();
    assert_eq!((seen.schema, seen.interviews, seen.bytes), (Schema::None, None, 0));
}
