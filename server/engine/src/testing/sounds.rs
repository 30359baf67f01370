//! Sound in memory: for tests, and the plainest reading of what is to be done with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use interview::TurnId;

use crate::{Recording, SessionId, SoundStore, StoreError};

#[derive(Debug, Default)]
struct Data {
    on: BTreeSet<SessionId>,
    kept: BTreeMap<(SessionId, TurnId), Vec<u8>>,
    broken: bool,
}

/// Keeps sound in memory; packets are put together without a container. A clone is the same.
#[derive(Debug, Clone, Default)]
pub struct MemorySounds(Arc<Mutex<Data>>);

impl MemorySounds {
    /// Whether everything fails from now on.
    pub fn break_down(&self, broken: bool) {
        self.lock().broken = broken;
    }

    fn lock(&self) -> MutexGuard<'_, Data> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn data(&self) -> Result<MutexGuard<'_, Data>, StoreError> {
        let data = self.lock();
        if data.broken {
            return Err(StoreError::Unavailable("there is no sound here now".to_owned()));
        }
        Ok(data)
    }
}

#[async_trait]
impl SoundStore for MemorySounds {
    async fn is_on(&self, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.data()?.on.contains(&id))
    }

    async fn set_on(&self, id: SessionId, on: bool) -> Result<(), StoreError> {
        let mut data = self.data()?;
        if on {
            data.on.insert(id)
        } else {
            data.on.remove(&id)
        };
        Ok(())
    }

    async fn begin(&self, id: SessionId, turn: &TurnId) -> Result<Option<Box<dyn Recording>>, StoreError> {
        let on = self.data()?.on.contains(&id);
        let (all, key) = (self.clone(), (id, turn.clone()));
        Ok(on.then(|| Box::new(MemoryRecording { all, key, bytes: Vec::new() }) as Box<dyn Recording>))
    }

    async fn kept(&self, id: SessionId) -> Result<Vec<(TurnId, u64)>, StoreError> {
        let data = self.data()?;
        let kept = data.kept.iter().filter(|((session, _), _)| *session == id);
        Ok(kept.map(|((_, turn), bytes)| (turn.clone(), bytes.len() as u64)).collect())
    }

    async fn read(&self, id: SessionId, turn: &TurnId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.data()?.kept.get(&(id, turn.clone())).cloned())
    }

    async fn copy(&self, from: SessionId, to: SessionId, turns: &[TurnId]) -> Result<(), StoreError> {
        let mut data = self.data()?;
        for turn in turns {
            if let Some(bytes) = data.kept.get(&(from, turn.clone())).cloned() {
                data.kept.entry((to, turn.clone())).or_insert(bytes);
            }
        }
        Ok(())
    }

    async fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        let mut data = self.data()?;
        data.on.remove(&id);
        data.kept.retain(|(session, _), _| *session != id);
        Ok(())
    }

    async fn sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        let data = self.data()?;
        let kept = data.kept.keys().map(|(session, _)| *session);
        let all: BTreeSet<SessionId> = data.on.iter().copied().chain(kept).collect();
        Ok(all.into_iter().collect())
    }
}

struct MemoryRecording {
    all: MemorySounds,
    key: (SessionId, TurnId),
    bytes: Vec<u8>,
}

#[async_trait]
impl Recording for MemoryRecording {
    async fn write(&mut self, packet: &[u8]) -> Result<(), StoreError> {
        self.bytes.extend_from_slice(packet);
        Ok(())
    }

    async fn keep(self: Box<Self>) -> Result<(), StoreError> {
        let mut data = self.all.data()?;
        // What was deleted meanwhile stays deleted.
        if data.on.contains(&self.key.0) && !self.bytes.is_empty() {
            data.kept.insert(self.key, self.bytes);
        }
        Ok(())
    }
}
