//! A store that fails when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use interview::UnixMillis;

use crate::{Change, InterviewSession, Loaded, Owner, SessionEvent, SessionId, Store, StoreError, Summary};

/// Wraps a store; the commit with a given number fails with `Unavailable`, and nothing of it is kept.
pub struct FailingStore {
    inner: Arc<dyn Store>,
    commits: AtomicU64,
    fails: AtomicU64,
}

impl FailingStore {
    /// Wraps a store. Nothing fails until [`FailingStore::fail_at`].
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, commits: AtomicU64::new(0), fails: AtomicU64::new(0) }
    }

    /// The `nth` commit from now on (1: the next one) fails.
    pub fn fail_at(&self, nth: u64) {
        self.fails.store(self.commits.load(Ordering::SeqCst) + nth, Ordering::SeqCst);
    }
}

#[async_trait]
impl Store for FailingStore {
    async fn create(&self, session: InterviewSession, events: Vec<SessionEvent>) -> Result<(), StoreError> {
        self.inner.create(session, events).await
    }
    async fn load(&self, id: SessionId) -> Result<Option<Loaded>, StoreError> {
        self.inner.load(id).await
    }
    async fn commit(&self, change: Change) -> Result<(), StoreError> {
        let nth = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        if nth == self.fails.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("told to fail".to_owned()));
        }
        self.inner.commit(change).await
    }
    async fn list(&self, owner: &Owner, limit: u32) -> Result<Vec<Summary>, StoreError> {
        self.inner.list(owner, limit).await
    }
    async fn owner(&self, id: SessionId) -> Result<Option<Option<Owner>>, StoreError> {
        self.inner.owner(id).await
    }
    async fn earlier(&self, candidate: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        self.inner.earlier(candidate, limit).await
    }
    async fn due(&self, now: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.inner.due(now, limit).await
    }
    async fn next_deadline(&self) -> Result<Option<UnixMillis>, StoreError> {
        self.inner.next_deadline().await
    }
    async fn events(&self, id: SessionId) -> Result<Vec<SessionEvent>, StoreError> {
        self.inner.events(id).await
    }
    async fn delete(&self, id: SessionId) -> Result<bool, StoreError> {
        self.inner.delete(id).await
    }
    async fn ready(&self) -> Result<(), StoreError> {
        self.inner.ready().await
    }
}
