//! Deletes many interviews: all of an owner, or those that ended long ago.

use futures::{StreamExt as _, stream};
use interview::UnixMillis;

use crate::inner::EngineInner;
use crate::{EngineError, Owner, SessionId};

/// How many are looked up at a time.
const BATCH: u32 = 100;
/// How many are deleted at once: enough to share commits, few enough to leave room for turns.
const AT_ONCE: usize = 8;

impl EngineInner {
    /// Deletes all interviews of this owner, and says how many there were.
    pub(crate) async fn delete_all(&self, owner: &Owner) -> Result<u64, EngineError> {
        let mut deleted = 0;
        loop {
            let _under_way = self.hold_shutdown()?;
            let batch = self.store.list(owner, BATCH).await.map_err(|e| self.log_store_error("list", e))?;
            if batch.is_empty() {
                return Ok(deleted);
            }
            deleted += self.delete_each(batch.into_iter().map(|summary| summary.id).collect()).await?;
        }
    }

    /// Deletes all interviews that ended before this moment, and says how many there were.
    pub(crate) async fn delete_ended(&self, before: UnixMillis) -> Result<u64, EngineError> {
        let mut deleted = 0;
        loop {
            // A shutdown waits for one batch, not for all.
            let _under_way = self.hold_shutdown()?;
            let batch = self
                .store
                .ended_before(before, BATCH)
                .await
                .map_err(|e| self.log_store_error("ended before", e))?;
            if batch.is_empty() {
                return Ok(deleted);
            }
            deleted += self.delete_each(batch).await?;
        }
    }

    /// Deletes these the ordinary way. One that somebody else deletes meanwhile does not count.
    async fn delete_each(&self, ids: Vec<SessionId>) -> Result<u64, EngineError> {
        let mut deletions = stream::iter(ids)
            .map(|id| async move {
                match self.delete(&self.cell(id)?).await {
                    Ok(()) => Ok(1),
                    Err(EngineError::NotFound) => Ok(0),
                    Err(error) => Err(error),
                }
            })
            .buffer_unordered(AT_ONCE);
        let (mut deleted, mut failed) = (0, None);
        while let Some(outcome) = deletions.next().await {
            match outcome {
                Ok(one) => deleted += one,
                // The others that are under way are seen through; what is left is for the next time.
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(deleted), Err)
    }
}
