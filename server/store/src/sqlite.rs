//! The store on SQLite.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use engine::{
    Comment, Owner, ReadingLink, SessionCommit, SessionEvent, SessionId, StorageFault, Store, StoreError,
    StoredSession, Summary,
};
use interview::UnixMillis;
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::disk;
use crate::error::{low_space_message, unavailable};
use crate::margin::{self, MarginWrite};
use crate::open::{self, OpenError};
use crate::read;
use crate::search;
use crate::write::{Write, WriteJob, write_all};

/// The most writes that wait.
const MOST_WAITING: usize = 512;
/// The most reading connections.
const READERS: u32 = 4;
/// How long a reader waits for a connection.
const READ_WAIT: Duration = Duration::from_secs(10);

/// Keeps interviews in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    readers: SqlitePool,
    jobs: mpsc::Sender<WriteJob>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// How many bytes must stay free on the disk.
    least_free: u64,
}

impl SqliteStore {
    /// Opens the database; creates it (mode 0600) and migrates its schema if necessary. `path` is the file, or the
    /// folder that holds [`crate::FILE_NAME`]. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When it cannot be made, opened or brought up to date, or any of it is damaged; the message names the remedy.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let path = open::file(path);
        open::check_log(&path)?;
        open::make_file(&path)?;
        if let Some(network) = disk::network_disk(&path) {
            tracing::warn!(
                file = %path.display(),
                file_system = %network,
                "the database lies on a disk over a network, where SQLite cannot keep it safe: name a folder on a disk of \
                 this machine with --data"
            );
        }
        open::check(&path).await?;
        Self::opened(path).await
    }

    /// The same without a check for damage: quick, and the intact part of a damaged file can be read.
    ///
    /// # Errors
    /// When it cannot be made, opened or brought up to date; the message names the remedy.
    pub async fn open_as_it_is(path: &Path) -> Result<Self, OpenError> {
        let path = open::file(path);
        open::check_log(&path)?;
        open::make_file(&path)?;
        Self::opened(path).await
    }

    async fn opened(path: PathBuf) -> Result<Self, OpenError> {
        let connection = open::migrated(&path).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(READ_WAIT)
            .connect_with(open::options(&path).pragma("query_only", "ON"))
            .await
            .map_err(|e| OpenError::new(&e, &path))?;
        let (jobs, waiting) = mpsc::channel(MOST_WAITING);
        let writer = tokio::spawn(write_all(connection, path.clone(), waiting));
        Ok(Self { path, readers, jobs, writer: Mutex::new(Some(writer)), least_free: 0 })
    }

    /// The same store, with this many bytes to stay free on the disk: with less, no new session is created.
    #[must_use]
    pub fn with_least_free(self, least_free: u64) -> Self {
        Self { least_free, ..self }
    }

    /// Ok if there is room for a new session. If the free space is unknown, there is.
    fn has_room(&self) -> Result<(), StoreError> {
        match disk::free(&self.path) {
            Some(free) if free < self.least_free => {
                Err(StoreError::Storage(StorageFault::Low, low_space_message(&self.path)))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Finishes waiting writes, merges the log into the file and closes it.
    pub async fn close(self) {
        let Self { readers, jobs, writer, .. } = self;
        readers.close().await;
        drop(jobs);
        if let Some(writer) = writer.into_inner() {
            drop(writer.await);
        }
    }

    async fn write(&self, write: Write) -> Result<bool, StoreError> {
        let closed = || StoreError::Unavailable("the database is closed".to_owned());
        let (done, outcome) = oneshot::channel();
        self.jobs.send(WriteJob { write, done }).await.map_err(|_| closed())?;
        outcome.await.map_err(|_| closed())?
    }

    async fn write_margin(&self, beside: MarginWrite) -> Result<bool, StoreError> {
        self.write(Write::Beside(Box::new(beside))).await
    }

    fn explained(&self, error: &sqlx::Error) -> StoreError {
        unavailable(error, &self.path)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self, whole: SessionCommit) -> Result<(), StoreError> {
        self.has_room()?;
        self.write(Write::Create(Box::new(whole))).await.map(drop)
    }
    async fn load(&self, id: SessionId) -> Result<Option<StoredSession>, StoreError> {
        read::load(&self.readers, id).await.map_err(|e| self.explained(&e))
    }
    async fn commit(&self, change: SessionCommit) -> Result<(), StoreError> {
        self.write(Write::Commit(Box::new(change))).await.map(drop)
    }
    async fn list(&self, owner: &Owner, limit: u32) -> Result<Vec<Summary>, StoreError> {
        read::list(&self.readers, owner, limit).await.map_err(|e| self.explained(&e))
    }
    async fn said(&self, owner: &Owner, words: &str) -> Result<BTreeSet<SessionId>, StoreError> {
        search::said(&self.readers, owner, words).await.map_err(|e| self.explained(&e))
    }
    async fn children(&self, parent: SessionId) -> Result<Vec<Summary>, StoreError> {
        read::children(&self.readers, parent).await.map_err(|e| self.explained(&e))
    }
    async fn owner(&self, id: SessionId) -> Result<Option<Option<Owner>>, StoreError> {
        read::owner(&self.readers, id).await.map_err(|e| self.explained(&e))
    }
    async fn earlier(&self, candidate: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        read::earlier(&self.readers, candidate, limit).await.map_err(|e| self.explained(&e))
    }
    async fn due(&self, now: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        read::due(&self.readers, now, limit).await.map_err(|e| self.explained(&e))
    }
    async fn next_deadline(&self) -> Result<Option<UnixMillis>, StoreError> {
        read::next_deadline(&self.readers).await.map_err(|e| self.explained(&e))
    }
    async fn ended_before(&self, before: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        read::ended_before(&self.readers, before, limit).await.map_err(|e| self.explained(&e))
    }
    async fn events(&self, id: SessionId) -> Result<Vec<SessionEvent>, StoreError> {
        read::events(&self.readers, id).await.map_err(|e| self.explained(&e))
    }
    async fn strike(&self, id: SessionId, statement: &str, at: UnixMillis) -> Result<(), StoreError> {
        self.write_margin(MarginWrite::Strike(id, statement.to_owned(), at)).await.map(drop)
    }
    async fn unstrike(&self, id: SessionId, statement: &str) -> Result<(), StoreError> {
        self.write_margin(MarginWrite::Unstrike(id, statement.to_owned())).await.map(drop)
    }
    async fn struck(&self, id: SessionId) -> Result<Vec<String>, StoreError> {
        read::struck(&self.readers, id).await.map_err(|e| self.explained(&e))
    }
    async fn set_label(&self, id: SessionId, label: &str) -> Result<(), StoreError> {
        self.write_margin(MarginWrite::Label(id, label.to_owned())).await.map(drop)
    }
    async fn labels(&self, owner: &Owner) -> Result<BTreeMap<SessionId, String>, StoreError> {
        margin::labels(&self.readers, owner).await.map_err(|e| self.explained(&e))
    }
    async fn add_link(&self, link: ReadingLink) -> Result<(), StoreError> {
        self.write_margin(MarginWrite::Link(link)).await.map(drop)
    }
    async fn link(&self, digest: &str) -> Result<Option<ReadingLink>, StoreError> {
        margin::link_of(&self.readers, digest).await.map_err(|e| self.explained(&e))
    }
    async fn links(&self, id: SessionId) -> Result<Vec<ReadingLink>, StoreError> {
        margin::links(&self.readers, id).await.map_err(|e| self.explained(&e))
    }
    async fn drop_link(&self, id: SessionId, digest: &str) -> Result<bool, StoreError> {
        self.write_margin(MarginWrite::DropLink(id, digest.to_owned())).await
    }
    async fn add_comment(&self, id: SessionId, comment: Comment) -> Result<(), StoreError> {
        self.write_margin(MarginWrite::Comment(id, comment)).await.map(drop)
    }
    async fn comments(&self, id: SessionId) -> Result<Vec<Comment>, StoreError> {
        margin::comments(&self.readers, id).await.map_err(|e| self.explained(&e))
    }
    async fn commented(&self, owner: &Owner) -> Result<BTreeMap<SessionId, usize>, StoreError> {
        margin::commented(&self.readers, owner).await.map_err(|e| self.explained(&e))
    }
    async fn drop_comment(&self, id: SessionId, comment: &str) -> Result<bool, StoreError> {
        self.write_margin(MarginWrite::DropComment(id, comment.to_owned())).await
    }
    async fn judge(&self, id: SessionId, judged: &str, at: UnixMillis) -> Result<(), StoreError> {
        self.write_margin(MarginWrite::Judged(id, judged.to_owned(), at)).await.map(drop)
    }
    async fn judged(&self, id: SessionId) -> Result<Option<String>, StoreError> {
        read::judged(&self.readers, id).await.map_err(|e| self.explained(&e))
    }
    async fn delete(&self, id: SessionId) -> Result<bool, StoreError> {
        self.write(Write::Delete(id)).await
    }
    async fn ready(&self) -> Result<(), StoreError> {
        read::next_deadline(&self.readers).await.map_err(|e| self.explained(&e))?;
        self.write(Write::Probe).await.map(drop)?;
        self.has_room()
    }
}
