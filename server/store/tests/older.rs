//! Databases of other versions of this program: an older one is migrated and its interviews go on; a newer one is left
//! unchanged.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;
use std::sync::Arc;

use engine::testing::FakeClock;
use engine::{BuiltIn, Engine, Owner, SessionId, Snapshot, Turn, TurnKind};
use interview::{EndReason, Modality, Speaker, Status, TurnId};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};
use store::{FILE_NAME, SqliteStore};

/// A dump of what version 1 wrote, with its schema. It is a fixed file, because today's code cannot write version 1's
/// data.
const VERSION_1: &str = include_str!("fixtures/version-1.sql");
/// One minute after the last entry in the dump, in Unix milliseconds.
const LATER: i64 = 1_795_397_556_603;
const IN_THE_MIDDLE: &str = "d490d897-0cd5-4e53-a91d-113779c598da";
const ENDED: &str = "b0f2af35-5697-4983-a52e-366512072648";
const UNOPENED: &str = "94afef29-0e33-4b69-9f63-206c0b737631";
const BROWSER: &str = "5c464582-e66a-42ee-acac-6bdbca737e24";

async fn raw(folder: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}?mode=rwc", folder.join(FILE_NAME).display());
    SqliteConnection::connect(&url).await.unwrap()
}

/// A data folder as version 1 left it.
async fn older() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut file = raw(folder.path()).await;
    sqlx::query("PRAGMA journal_mode = wal").execute(&mut file).await.unwrap();
    sqlx::raw_sql(VERSION_1).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    folder
}

/// Every value of every row of the interview tables.
async fn rows(folder: &Path) -> Vec<String> {
    let mut file = raw(folder).await;
    let mut all = Vec::new();
    for table in ["interview_session", "interview_message", "interview_turn", "interview_event"] {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?) ORDER BY cid")
            .bind(table)
            .fetch_all(&mut file)
            .await
            .unwrap();
        let values: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY 1", values.join(" || ',' || "));
        let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut file).await.unwrap();
        all.extend(found.iter().map(|row| format!("{table}: {}", row.get::<String, _>(0))));
    }
    file.close().await.unwrap();
    all
}

/// The numbers of all migrations.
fn numbers_of_migrations() -> Vec<i64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut numbers: Vec<i64> =
        names.map(|name| name.to_string_lossy().split('_').next().unwrap().parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

async fn engine(folder: &Path) -> Engine {
    let store = SqliteStore::open(folder).await.unwrap();
    engine::testing::engine(
        Arc::new(store),
        Arc::new(BuiltIn),
        Arc::new(FakeClock::new(LATER)),
        Default::default(),
    )
}

fn id(text: &str) -> SessionId {
    SessionId::parse(text).unwrap()
}

fn said(turn: &str, text: &str) -> Turn {
    Turn { id: TurnId(turn.to_owned()), modality: Modality::Text, kind: TurnKind::Said(text.to_owned()) }
}

fn words(snapshot: &Snapshot) -> Vec<(u32, Speaker, String)> {
    snapshot.messages.iter().map(|(m, _)| (m.seq, m.speaker, m.text.clone())).collect()
}

#[tokio::test]
async fn a_folder_of_version_1_is_brought_up_to_date_with_nothing_lost() {
    let folder = older().await;
    let before = rows(folder.path()).await;
    assert_eq!(before.iter().filter(|row| row.starts_with("interview_message")).count(), 9);
    SqliteStore::open(folder.path()).await.unwrap().close().await;
    // Migrations 3 and 5 add a column to messages and migration 7 five to sessions, empty for old rows. Migration 4 adds a
    // checksum to every row.
    let after = rows(folder.path()).await;
    assert_eq!(after.len(), before.len());
    for (after, before) in after.iter().zip(&before) {
        let added = after.strip_prefix(before.as_str()).expect("every row is as it was");
        let sum = match before.split(':').next() {
            Some("interview_message") => {
                added.strip_prefix(",NULL,").and_then(|sum| sum.strip_suffix(",NULL"))
            }
            Some("interview_session") => {
                added.strip_prefix(',').and_then(|sum| sum.strip_suffix(&",NULL".repeat(5)))
            }
            Some(_) | None => added.strip_prefix(','),
        };
        assert!(sum.and_then(|sum| sum.parse::<u32>().ok()).is_some(), "{added}");
    }
    let mut file = raw(folder.path()).await;
    let done: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
        .fetch_all(&mut file)
        .await
        .unwrap();
    let all: Vec<i64> = numbers_of_migrations();
    assert_eq!(done, all);
    let plan: Vec<String> = sqlx::query(
        "EXPLAIN QUERY PLAN SELECT id FROM interview_session WHERE ended_at < 1 AND status = 'completed' \
         ORDER BY ended_at, id LIMIT 1",
    )
    .fetch_all(&mut file)
    .await
    .unwrap()
    .iter()
    .map(|row| row.get("detail"))
    .collect();
    assert!(plan.len() == 1 && plan[0].contains("interview_session_ended"), "{plan:?}");
    // A new folder has the same schema.
    let new = tempfile::tempdir().unwrap();
    SqliteStore::open(new.path()).await.unwrap().close().await;
    let schema = "SELECT coalesce(sql, name) FROM sqlite_schema WHERE name LIKE 'interview%' ORDER BY name";
    let (old, fresh): (Vec<String>, Vec<String>) = (
        sqlx::query_scalar(schema).fetch_all(&mut file).await.unwrap(),
        sqlx::query_scalar(schema).fetch_all(&mut raw(new.path()).await).await.unwrap(),
    );
    assert_eq!(old, fresh);
}

#[tokio::test]
async fn interviews_of_version_1_go_on() {
    let folder = older().await;
    let engine = engine(folder.path()).await;
    let list = engine.list(&Owner(BROWSER.to_owned())).await.unwrap();
    assert_eq!(list.iter().map(|s| s.id).collect::<Vec<_>>(), [id(IN_THE_MIDDLE)]);
    let before = engine.snapshot(id(IN_THE_MIDDLE)).await.unwrap();
    assert_eq!((before.status, before.version, before.messages.len()), (Status::Active, 4, 5));
    assert!(before.messages[3].0.text.contains("“naïve”, said the auditor’s note"));

    // The last turn, sent again, gets the same answer as before and creates nothing.
    let again =
        engine.turn(id(IN_THE_MIDDLE), said("second-answer", &before.messages[3].0.text)).await.unwrap();
    assert_eq!(again.text, before.messages[4].0.text);
    let reply = engine
        .turn(
            id(IN_THE_MIDDLE),
            said(
                "third-answer",
                "Our auditor asked for it, and I proved it with a replay of a whole quarter.",
            ),
        )
        .await
        .unwrap();
    assert_eq!(reply.seq, 7);
    let after = engine.snapshot(id(IN_THE_MIDDLE)).await.unwrap();
    assert_eq!(words(&after)[..5], words(&before)[..]);
    assert!(words(&before).iter().all(|(_, _, text)| *text != reply.text), "it asks nothing twice");
    let end = Turn { kind: TurnKind::End, ..said("end", "") };
    engine.turn(id(IN_THE_MIDDLE), end).await.unwrap();
    assert!(engine.snapshot(id(IN_THE_MIDDLE)).await.unwrap().status.is_completed());
    assert!(!engine.export(id(IN_THE_MIDDLE)).await.unwrap().events.is_empty());

    let ended = engine.snapshot(id(ENDED)).await.unwrap();
    assert_eq!((ended.status, ended.messages.len()), (Status::Completed(EndReason::Asked), 4));
    let start = Turn { kind: TurnKind::Start, ..said("start", "") };
    assert_eq!(engine.turn(id(UNOPENED), start).await.unwrap().seq, 1);
    assert_eq!(engine.delete_ended(30_000).await.unwrap(), 1, "and the old end is found");
    assert!(engine.snapshot(id(ENDED)).await.is_err());
}

#[tokio::test]
async fn a_folder_of_a_newer_version_is_left_alone() {
    let folder = older().await;
    let mut file = raw(folder.path()).await;
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations VALUES (1000000, 'later', '2030-01-01 00:00:00', 1, x'00', 1);
         ALTER TABLE interview_session RENAME COLUMN state TO states;",
    )
    .execute(&mut file)
    .await
    .unwrap();
    file.close().await.unwrap();
    let path = folder.path().join(FILE_NAME);
    let before = std::fs::read(&path).unwrap();
    let said = SqliteStore::open(folder.path()).await.err().expect("must be refused").to_string();
    assert!(
        said.contains("newer version") && said.contains("1000000") && said.contains("another data folder"),
        "{said}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before, "not a byte of it");
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    let held: u64 = names
        .iter()
        .filter(|n| n.to_string_lossy().ends_with("-wal"))
        .map(|n| std::fs::metadata(folder.path().join(n)).unwrap().len())
        .sum();
    assert_eq!(held, 0, "nothing waits in a log either");
}
