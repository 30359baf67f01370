//! What a person sees and says of all their interviews.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use interview::Status;

use crate::inner::EngineInner;
use crate::{Engine, EngineError, Export, Owner, SessionId, StoreError, Summary};

/// That two lines of two interviews are both right, though their figures differ. It is kept in one of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettledClash {
    /// The number of the message there.
    pub line: u32,
    /// The other interview.
    pub other: SessionId,
    /// The number of the message in the other one.
    pub other_line: u32,
    /// Which of the sorts of figures in them: "years". `None` in what was kept before sorts were told apart: all of them.
    pub what: Option<String>,
}

/// What is settled is kept as what is struck is, under names that no statement of a report has.
const SETTLED: &str = "settled";

impl SettledClash {
    fn name(&self) -> String {
        let what = self.what.as_ref().map(|what| format!(".{what}")).unwrap_or_default();
        format!("{SETTLED}.{}.{}.{}{what}", self.line, self.other, self.other_line)
    }

    fn read(name: &str) -> Option<Self> {
        let mut parts = name.split('.');
        if parts.next()? != SETTLED {
            return None;
        }
        let line = parts.next()?.parse().ok()?;
        let other = SessionId::parse(parts.next()?)?;
        let other_line = parts.next()?.parse().ok()?;
        let settled = Self { line, other, other_line, what: parts.next().map(str::to_owned) };
        parts.next().is_none().then_some(settled)
    }
}

/// How many interviews are looked back at, at once.
const AT_ONCE: usize = 4;

impl Engine {
    /// The owner's latest interviews that were opened, at most so many, the last begun first, each with its report. One
    /// that is deleted meanwhile, or of which the disk holds something else than was written, is left out.
    pub async fn retrospect(&self, owner: &Owner, most: u32) -> Result<Vec<Export>, EngineError> {
        let list = self.inner.store.list(owner, most).await;
        let list = list.map_err(|e| self.inner.log_store_error("list", e))?;
        let opened = |summary: &Summary| summary.status != Status::Ready;
        let ids: Vec<SessionId> =
            list.iter().filter(|summary| opened(summary)).map(|summary| summary.id).collect();
        let mut looked = stream::iter(ids).map(|id| self.export(id)).buffered(AT_ONCE);
        let mut exports = Vec::new();
        while let Some(export) = looked.next().await {
            match export {
                Ok(export) => exports.push(export),
                Err(EngineError::NotFound | EngineError::Store(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(exports)
    }

    /// Keeps in an interview that a line of it and one of another are both right. Durable when it returns; said again it
    /// stays so.
    pub async fn settle(&self, id: SessionId, settled: &SettledClash) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        let now = self.inner.clock.now();
        self.inner.map_store_error("settle", self.inner.store.strike(id, &settled.name(), now).await)
    }

    /// What is settled in each of these interviews.
    pub async fn settled(
        &self,
        exports: &[Export],
    ) -> Result<BTreeSet<(SessionId, SettledClash)>, EngineError> {
        let mut all = BTreeSet::new();
        for id in exports.iter().map(|export| export.snapshot.id) {
            let struck =
                self.inner.store.struck(id).await.map_err(|e| self.inner.log_store_error("struck", e))?;
            all.extend(
                struck.iter().filter_map(|name| SettledClash::read(name)).map(|settled| (id, settled)),
            );
        }
        Ok(all)
    }

    /// An owner's interviews in which this was said, by either of the two.
    pub async fn said(&self, owner: &Owner, words: &str) -> Result<BTreeSet<SessionId>, EngineError> {
        Ok(self.inner.store.said(owner, words).await.map_err(|e| self.inner.log_store_error("said", e))?)
    }

    /// How many comments an owner's interviews have, where they have any.
    pub async fn commented(&self, owner: &Owner) -> Result<BTreeMap<SessionId, usize>, EngineError> {
        Ok(self.inner.store.commented(owner).await.map_err(|e| self.inner.log_store_error("commented", e))?)
    }

    /// The names that an owner has given to interviews.
    pub async fn labels(&self, owner: &Owner) -> Result<BTreeMap<SessionId, String>, EngineError> {
        Ok(self.inner.store.labels(owner).await.map_err(|e| self.inner.log_store_error("labels", e))?)
    }

    /// Names an interview for its person; an empty name takes the name away. Durable when it returns.
    pub async fn set_label(&self, id: SessionId, label: &str) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        self.inner.map_store_error("label", self.inner.store.set_label(id, label).await)
    }
}

impl EngineInner {
    /// What came of something that stands beside a session.
    pub(crate) fn map_store_error<T>(
        &self,
        what: &'static str,
        done: Result<T, StoreError>,
    ) -> Result<T, EngineError> {
        match done {
            Err(StoreError::NotFound) => Err(EngineError::NotFound),
            other => Ok(other.map_err(|e| self.log_store_error(what, e))?),
        }
    }
}
