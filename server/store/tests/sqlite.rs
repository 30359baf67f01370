//! What only the SQLite store does: the file, its permissions, its schema, and the errors it gives.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::testing::sample_session;
use engine::{InterviewSession, SessionCommit, SessionId, Store};
use interview::{Message, Modality, Speaker, TurnId};
use sqlx::{Connection as _, SqliteConnection};
use store::{FILE_NAME, SqliteStore};

fn session() -> InterviewSession {
    static MADE: AtomicU64 = AtomicU64::new(1);
    let id = SessionId(uuid::Uuid::from_u64_pair(MADE.fetch_add(1, Ordering::Relaxed), 0));
    InterviewSession { state: "x".repeat(4_000), ..sample_session(id, 1) }
}

fn said(session: &mut InterviewSession, text: &str) -> SessionCommit {
    session.version += 1;
    let message = Message {
        seq: u32::try_from(session.version - 1).unwrap(),
        speaker: Speaker::Candidate,
        stage: "s".to_owned(),
        modality: Modality::Text,
        text: text.to_owned(),
        at: 1,
        turn: TurnId("t".to_owned()),
        source: None,
        why: None,
        cut: false,
        reading: None,
        original: None,
    };
    SessionCommit { session: session.clone(), messages: vec![message], turns: Vec::new(), events: Vec::new() }
}

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

async fn refusal(path: &Path) -> String {
    SqliteStore::open(path).await.err().expect("must be refused").to_string()
}

#[tokio::test]
async fn the_file_is_private_and_durable() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    store.create(session(), Vec::new()).await.unwrap();
    for name in [FILE_NAME.to_owned(), format!("{FILE_NAME}-wal")] {
        let mode = std::fs::metadata(folder.path().join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    store.close().await;
    assert!(!folder.path().join(format!("{FILE_NAME}-wal")).exists(), "a clean end folds the log in");
    let mut file = raw(&folder.path().join(FILE_NAME)).await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut file).await.unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_deletion_leaves_no_words_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let mut row = session();
    store.create(row.clone(), Vec::new()).await.unwrap();
    let secret = "the vault opens with marzipan";
    store.commit(said(&mut row, secret)).await.unwrap();
    let holds = |folder: &Path| {
        std::fs::read_dir(folder).unwrap().any(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
        })
    };
    store.strike(row.id, secret, 1).await.unwrap();
    store.judge(row.id, secret, 1).await.unwrap();
    assert!(holds(folder.path()));
    assert!(store.delete(row.id).await.unwrap());
    // The write-ahead log is emptied after `delete` has answered; the next write waits for that.
    store.create(session(), Vec::new()).await.unwrap();
    assert!(!holds(folder.path()), "while the store is open");
    store.close().await;
    assert!(!holds(folder.path()), "nor after");
}

#[tokio::test]
async fn a_newer_schema_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    SqliteStore::open(folder.path()).await.unwrap().close().await;
    let file = folder.path().join(FILE_NAME);
    let mut connection = raw(&file).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', 1, x'00', 0)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let message = refusal(&file).await;
    assert!(message.contains("newer version") && message.contains("9999"), "{message}");
}

#[tokio::test]
async fn a_damaged_file_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE_NAME);
    std::fs::write(&file, "this is no database, and long enough to be looked at ".repeat(50)).unwrap();
    let message = refusal(&file).await;
    assert!(message.contains("damaged") && message.contains("backup"), "{message}");
}

#[tokio::test]
async fn a_missing_folder_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let message = refusal(&folder.path().join("nowhere").join(FILE_NAME)).await;
    assert!(message.contains("folder exists"), "{message}");
}

#[tokio::test]
async fn a_refused_row_is_said_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let mut row = session();
    store.create(row.clone(), Vec::new()).await.unwrap();
    let mut connection = raw(&folder.path().join(FILE_NAME)).await;
    sqlx::query(
        "CREATE TRIGGER refuse BEFORE INSERT ON interview_message BEGIN SELECT raise(ABORT, 'no'); END",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let before = row.clone();
    let error = store.commit(said(&mut row, "lost?")).await.unwrap_err();
    assert!(matches!(error, engine::StoreError::Unavailable(_)));
    assert_eq!(store.load(before.id).await.unwrap().unwrap().session, before);
    sqlx::query("DROP TRIGGER refuse").execute(&mut connection).await.unwrap();
    store.commit(said(&mut before.clone(), "kept")).await.unwrap();
}

#[tokio::test]
async fn another_writer_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
    let row = session();
    let mut other = raw(&folder.path().join(FILE_NAME)).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let writing = tokio::spawn({
        let (store, row) = (Arc::clone(&store), row.clone());
        async move { store.create(row, Vec::new()).await }
    });
    // A moment for it to try, far from the two seconds that it waits.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(!writing.is_finished());
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    writing.await.unwrap().unwrap();
    assert!(store.load(row.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_log_without_its_file_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (file, log) = (folder.path().join(FILE_NAME), folder.path().join(format!("{FILE_NAME}-wal")));
    let store = SqliteStore::open(folder.path()).await.unwrap();
    store.create(session(), Vec::new()).await.unwrap();
    let written = std::fs::read(&log).unwrap();
    store.close().await;
    for leave in [|path: &Path| std::fs::remove_file(path), |path: &Path| std::fs::write(path, "")] {
        leave(&file).unwrap();
        std::fs::write(&log, &written).unwrap();
        let message = refusal(folder.path()).await;
        assert!(message.contains("missing or empty") && message.contains("backup"), "{message}");
        assert_eq!(std::fs::read(&log).unwrap(), written, "it is all that is left");
    }
}

#[tokio::test]
async fn a_file_without_its_end_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let store = SqliteStore::open(folder.path()).await.unwrap();
    for _ in 0..20 {
        store.create(session(), Vec::new()).await.unwrap();
    }
    store.close().await;
    let whole = std::fs::read(&path).unwrap();
    for (what, bytes) in [
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("another header", [&[0x5a_u8; 100], &whole[100..]].concat()),
        ("another first page", [&whole[..100], &[0x5a_u8; 3_996], &whole[4_096..]].concat()),
    ] {
        std::fs::write(&path, &bytes).unwrap();
        let message = refusal(folder.path()).await;
        assert!(message.contains("damaged") && message.contains("backup"), "{what}: {message}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{what}: nothing is written over it");
    }
}

/// Overwrites the start of a file that another connection has open.
fn overwrite(path: &Path, bytes: &[u8]) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    std::io::Write::write_all(&mut file, bytes).unwrap();
}

#[tokio::test]
async fn one_damaged_interview_keeps_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let (mut hurt, mut whole) = (session(), session());
    for row in [&mut hurt, &mut whole] {
        store.create(row.clone(), Vec::new()).await.unwrap();
        for n in 0..40 {
            store.commit(said(row, &format!("{n} {}", "word ".repeat(300)))).await.unwrap();
        }
    }
    store.close().await;
    // Damage that is there at the start is refused. This damage happens while the server runs.
    let store = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
    // Damages only the pages that hold messages of this one session and of no other.
    let mut bytes = std::fs::read(&path).unwrap();
    let id = |row: &InterviewSession| row.id.to_string().into_bytes();
    let holds = |page: &[u8], id: &[u8]| page.windows(id.len()).filter(|window| *window == id).count();
    let (mine, others) = (id(&hurt), id(&whole));
    let mut damaged = 0;
    for page in bytes.chunks_mut(4_096).skip(1) {
        if holds(page, &mine) >= 2 && holds(page, &others) == 0 {
            page.fill(0x5a);
            damaged += 1;
        }
    }
    assert!(damaged > 3, "{damaged}");
    overwrite(&path, &bytes);
    let is_damaged = |error| matches!(error, engine::StoreError::Storage(engine::StorageFault::Damaged, _));
    assert!(is_damaged(store.load(hurt.id).await.unwrap_err()));
    // A delete must read the damaged pages and fails. The other requests in the same transaction still succeed.
    let (deleted, ready, committed) =
        tokio::join!(store.delete(hurt.id), store.ready(), store.commit(said(&mut whole, "and on")));
    assert!(is_damaged(deleted.unwrap_err()));
    ready.unwrap();
    committed.unwrap();
    assert_eq!(store.load(whole.id).await.unwrap().unwrap().messages.len(), 41);
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_said_to_be_busy() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let mut other = raw(&folder.path().join(FILE_NAME)).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    // How many seconds that is, the connection's options say; here they pass.
    let both = async { tokio::join!(store.create(session(), Vec::new()), store.ready()) };
    let (created, ready) = patience::soon("word that it is busy", both).await;
    assert!(matches!(created.unwrap_err(), engine::StoreError::Busy(_)));
    let ready = ready.unwrap_err();
    assert!(matches!(ready, engine::StoreError::Busy(_)), "{ready}");
    assert!(ready.to_string().contains("another program"), "{ready}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    store.create(session(), Vec::new()).await.unwrap();
    store.ready().await.unwrap();
}

#[tokio::test]
async fn readiness_is_a_write_that_reaches_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let log = folder.path().join(format!("{FILE_NAME}-wal"));
    let before = std::fs::metadata(&log).unwrap().len();
    store.ready().await.unwrap();
    assert!(std::fs::metadata(&log).unwrap().len() > before);
}

#[tokio::test]
async fn with_too_little_room_nothing_new_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let mut row = session();
    store.create(row.clone(), Vec::new()).await.unwrap();
    let store = store.with_least_free(u64::MAX);
    let low = |error| matches!(error, engine::StoreError::Storage(engine::StorageFault::Low, _));
    assert!(low(store.create(session(), Vec::new()).await.unwrap_err()));
    assert!(low(store.ready().await.unwrap_err()));
    store.commit(said(&mut row, "and on")).await.unwrap();
}

#[tokio::test]
async fn files_that_others_can_read_are_taken_from_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    SqliteStore::open(folder.path()).await.unwrap().close().await;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    store.create(session(), Vec::new()).await.unwrap();
    for entry in folder.path().read_dir().unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
    }
}
