//! A store that fails when it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use interview::UnixMillis;

use crate::{
    Comment, Owner, ReadingLink, SessionCommit, SessionEvent, SessionId, Store, StoreError, StoredSession,
    Summary,
};

/// Wraps a store; the commit with a given number, or the beginning of a session, fails with `Unavailable`, and nothing of it is kept; a given
/// session cannot be deleted.
pub struct FailingStore {
    inner: Arc<dyn Store>,
    commits: AtomicU64,
    fails: AtomicU64,
    kept: Mutex<Option<SessionId>>,
}

impl FailingStore {
    /// Wraps a store. Nothing fails until [`FailingStore::fail_at`].
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, commits: AtomicU64::new(0), fails: AtomicU64::new(0), kept: Mutex::new(None) }
    }

    /// This session cannot be deleted from now on (`None`: all can).
    pub fn keep(&self, id: Option<SessionId>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = id;
    }

    /// The `nth` commit from now on (1: the next one) fails.
    pub fn fail_at(&self, nth: u64) {
        self.fails.store(self.commits.load(Ordering::SeqCst) + nth, Ordering::SeqCst);
    }

    /// Counts a commit.
    fn next(&self) -> Result<(), StoreError> {
        let nth = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        if nth == self.fails.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("told to fail".to_owned()));
        }
        Ok(())
    }
}

#[async_trait]
impl Store for FailingStore {
    async fn begin(&self, whole: SessionCommit) -> Result<(), StoreError> {
        self.next()?;
        self.inner.begin(whole).await
    }
    async fn load(&self, id: SessionId) -> Result<Option<StoredSession>, StoreError> {
        self.inner.load(id).await
    }
    async fn commit(&self, change: SessionCommit) -> Result<(), StoreError> {
        self.next()?;
        self.inner.commit(change).await
    }
    async fn list(&self, owner: &Owner, limit: u32) -> Result<Vec<Summary>, StoreError> {
        self.inner.list(owner, limit).await
    }
    async fn children(&self, parent: SessionId) -> Result<Vec<Summary>, StoreError> {
        self.inner.children(parent).await
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
    async fn ended_before(&self, before: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.inner.ended_before(before, limit).await
    }
    async fn events(&self, id: SessionId) -> Result<Vec<SessionEvent>, StoreError> {
        self.inner.events(id).await
    }
    async fn strike(&self, id: SessionId, statement: &str, at: UnixMillis) -> Result<(), StoreError> {
        self.inner.strike(id, statement, at).await
    }
    async fn unstrike(&self, id: SessionId, statement: &str) -> Result<(), StoreError> {
        self.inner.unstrike(id, statement).await
    }
    async fn struck(&self, id: SessionId) -> Result<Vec<String>, StoreError> {
        self.inner.struck(id).await
    }
    async fn set_label(&self, id: SessionId, label: &str) -> Result<(), StoreError> {
        self.inner.set_label(id, label).await
    }
    async fn said(&self, owner: &Owner, words: &str) -> Result<BTreeSet<SessionId>, StoreError> {
        self.inner.said(owner, words).await
    }
    async fn commented(&self, owner: &Owner) -> Result<BTreeMap<SessionId, usize>, StoreError> {
        self.inner.commented(owner).await
    }
    async fn labels(&self, owner: &Owner) -> Result<BTreeMap<SessionId, String>, StoreError> {
        self.inner.labels(owner).await
    }
    async fn add_link(&self, link: ReadingLink) -> Result<(), StoreError> {
        self.inner.add_link(link).await
    }
    async fn link(&self, digest: &str) -> Result<Option<ReadingLink>, StoreError> {
        self.inner.link(digest).await
    }
    async fn links(&self, id: SessionId) -> Result<Vec<ReadingLink>, StoreError> {
        self.inner.links(id).await
    }
    async fn drop_link(&self, id: SessionId, digest: &str) -> Result<bool, StoreError> {
        self.inner.drop_link(id, digest).await
    }
    async fn add_comment(&self, id: SessionId, comment: Comment) -> Result<(), StoreError> {
        self.inner.add_comment(id, comment).await
    }
    async fn comments(&self, id: SessionId) -> Result<Vec<Comment>, StoreError> {
        self.inner.comments(id).await
    }
    async fn drop_comment(&self, id: SessionId, comment: &str) -> Result<bool, StoreError> {
        self.inner.drop_comment(id, comment).await
    }
    async fn judge(&self, id: SessionId, judged: &str, at: UnixMillis) -> Result<(), StoreError> {
        self.inner.judge(id, judged, at).await
    }
    async fn judged(&self, id: SessionId) -> Result<Option<String>, StoreError> {
        self.inner.judged(id).await
    }
    async fn delete(&self, id: SessionId) -> Result<bool, StoreError> {
        if *self.kept.lock().unwrap_or_else(PoisonError::into_inner) == Some(id) {
            return Err(StoreError::Unavailable("told to fail".to_owned()));
        }
        self.inner.delete(id).await
    }
    async fn ready(&self) -> Result<(), StoreError> {
        self.inner.ready().await
    }
}
