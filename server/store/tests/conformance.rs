//! Both stores pass the suite.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use engine::Store;
use engine::testing::MemoryStore;
use engine::testing::conformance::{self, Factory};
use store::SqliteStore;
use tempfile::TempDir;

struct Memory;

#[async_trait]
impl Factory for Memory {
    async fn make(&self) -> Arc<dyn Store> {
        Arc::new(MemoryStore::default())
    }

    async fn reopen(&self, store: Arc<dyn Store>) -> Arc<dyn Store> {
        store
    }
}

/// Each store has a folder of its own; the last one made is the one that is reopened.
#[derive(Default)]
struct Sqlite(Mutex<Option<TempDir>>);

#[async_trait]
impl Factory for Sqlite {
    async fn make(&self) -> Arc<dyn Store> {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        *self.0.lock().unwrap() = Some(folder);
        Arc::new(store)
    }

    async fn reopen(&self, store: Arc<dyn Store>) -> Arc<dyn Store> {
        drop(store);
        let path = self.0.lock().unwrap().as_ref().unwrap().path().to_owned();
        Arc::new(SqliteStore::open(&path).await.unwrap())
    }
}

#[tokio::test]
async fn the_memory_store_conforms() {
    conformance::run(&Memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sqlite_store_conforms() {
    conformance::run(&Sqlite::default()).await;
}
