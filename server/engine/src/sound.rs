//! The sound of spoken answers, kept where the candidate wants that: off by default, for each interview of its own. It is
//! no part of what the interview needs; whatever becomes of it, the interview goes on.

use std::sync::Arc;

use async_trait::async_trait;
use interview::{Message, Modality, Speaker, TurnId};

use crate::inner::EngineInner;
use crate::{Engine, EngineError, SessionId, StoreError};

/// The port: keeps sound. Every implementation passes `engine::testing::conformance::sounds`.
#[async_trait]
pub trait SoundStore: Send + Sync {
    /// Whether the sound of what is said from now on in a session is kept. Never, unless it was set so.
    async fn is_on(&self, id: SessionId) -> Result<bool, StoreError>;
    /// From now on it is, or is not. What was kept stays.
    async fn set_on(&self, id: SessionId, on: bool) -> Result<(), StoreError>;
    /// Begins to record a turn. `None` if none is kept in this session, or it has as much as it may.
    async fn begin(&self, id: SessionId, turn: &TurnId) -> Result<Option<Box<dyn Recording>>, StoreError>;
    /// The turns of a session whose sound was kept, each with its size in bytes, in the order of their ids.
    async fn kept(&self, id: SessionId) -> Result<Vec<(TurnId, u64)>, StoreError>;
    /// The sound of a turn: a whole Ogg Opus file.
    async fn read(&self, id: SessionId, turn: &TurnId) -> Result<Option<Vec<u8>>, StoreError>;
    /// Has the sound of these turns in another session, too, where it is whole on its own: deleting either leaves the other
    /// as it is. Turns without sound are passed over, and what the other one has already stays. Whether that one's sound is
    /// kept from now on does not change.
    async fn copy(&self, from: SessionId, to: SessionId, turns: &[TurnId]) -> Result<(), StoreError>;
    /// Deletes all sound of a session, for good, and keeps none from now on. Also if there is none.
    async fn delete(&self, id: SessionId) -> Result<(), StoreError>;
    /// The sessions of which anything is kept here.
    async fn sessions(&self) -> Result<Vec<SessionId>, StoreError>;
}

/// The sound of a turn as it comes. Dropped, nothing of it stays.
#[async_trait]
pub trait Recording: Send {
    /// Adds an Opus packet. One that is none is left out; so is what is too much for one turn.
    ///
    /// # Errors
    /// If it cannot go on: what there is of it is lost.
    async fn write(&mut self, packet: &[u8]) -> Result<(), StoreError>;
    /// The turn was taken: keeps what was written, unless that is nothing or sound is not kept any more.
    async fn keep(self: Box<Self>) -> Result<(), StoreError>;
}

/// An answer whose sound was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerSoundInfo {
    /// The number of its message.
    pub seq: u32,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Engine {
    /// Whether the sound of answers that are spoken from now on in a session is kept; `None` where there is no place for any.
    pub async fn keeps_sound(&self, id: SessionId) -> Result<Option<bool>, EngineError> {
        let Some(sounds) = &self.inner.sounds else { return Ok(None) };
        Ok(Some(self.inner.map_store_error("sound", sounds.is_on(id).await)?))
    }

    /// Has the sound of answers that are spoken from now on kept, or no more. What was kept stays.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is no such session, or no place for sound; [`EngineError::Ended`] if it is to be
    /// kept and nothing more is said.
    pub async fn keep_sound(&self, id: SessionId, on: bool) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        let sounds = self.inner.sounds()?;
        if self.snapshot(id).await?.status.is_completed() && on {
            return Err(EngineError::Ended);
        }
        self.inner.map_store_error("sound", sounds.set_on(id, on).await)?;
        // Deleted meanwhile: nothing may stay of it.
        if self.inner.map_store_error("owner", self.inner.store.owner(id).await)?.is_none() {
            self.inner.map_store_error("sound", sounds.delete(id).await)?;
            return Err(EngineError::NotFound);
        }
        Ok(())
    }

    /// Begins to record a turn of a session. `None` if its sound is not to be kept.
    pub async fn record(
        &self,
        id: SessionId,
        turn: &TurnId,
    ) -> Result<Option<Box<dyn Recording>>, EngineError> {
        let Some(sounds) = &self.inner.sounds else { return Ok(None) };
        self.inner.map_store_error("sound", sounds.begin(id, turn).await)
    }

    /// The answers of a session whose sound was kept, in order.
    pub async fn sounds(&self, id: SessionId) -> Result<Vec<AnswerSoundInfo>, EngineError> {
        let Some(sounds) = &self.inner.sounds else { return Ok(Vec::new()) };
        let kept = self.inner.map_store_error("sound", sounds.kept(id).await)?;
        if kept.is_empty() {
            return Ok(Vec::new());
        }
        let snapshot = self.snapshot(id).await?;
        let spoken = snapshot.messages.iter().map(|(message, _)| message).filter(|m| is_spoken(m));
        let sounds = spoken.filter_map(|message| {
            let (_, bytes) = kept.iter().find(|(turn, _)| *turn == message.turn)?;
            Some(AnswerSoundInfo { seq: message.seq, bytes: *bytes })
        });
        Ok(sounds.collect())
    }

    /// The sound of the answer of this number: an Ogg Opus file. [`EngineError::NotFound`] if there is none.
    pub async fn sound(&self, id: SessionId, seq: u32) -> Result<Vec<u8>, EngineError> {
        let sounds = self.inner.sounds()?;
        let snapshot = self.snapshot(id).await?;
        let message = snapshot.messages.iter().map(|(message, _)| message).find(|m| m.seq == seq);
        let message = message.filter(|message| is_spoken(message)).ok_or(EngineError::NotFound)?;
        let read = self.inner.map_store_error("sound", sounds.read(id, &message.turn).await)?;
        read.ok_or(EngineError::NotFound)
    }

    /// Deletes the sound of sessions that are no more: of those whose deletion a crash has cut short. Returns how many there
    /// were.
    pub async fn sweep_sounds(&self) -> Result<usize, EngineError> {
        let Some(sounds) = &self.inner.sounds else { return Ok(0) };
        let mut swept = 0;
        for id in self.inner.map_store_error("sound", sounds.sessions().await)? {
            if self.inner.map_store_error("owner", self.inner.store.owner(id).await)?.is_none() {
                self.inner.map_store_error("sound", sounds.delete(id).await)?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

impl EngineInner {
    fn sounds(&self) -> Result<&Arc<dyn SoundStore>, EngineError> {
        self.sounds.as_ref().ok_or(EngineError::NotFound)
    }

    /// Gives an interview that is about to begin the sound of what it shares with another. It does without what cannot be
    /// copied.
    pub(crate) async fn share_sound(&self, from: SessionId, to: SessionId, shared: &[Message]) {
        let Some(sounds) = &self.sounds else { return };
        let turns: Vec<TurnId> = shared.iter().filter(|m| is_spoken(m)).map(|m| m.turn.clone()).collect();
        if !turns.is_empty()
            && let Err(error) = sounds.copy(from, to, &turns).await
        {
            self.log_store_error("copy sound", error);
        }
    }

    /// Takes back what was shared with an interview that did not begin, unless it did so meanwhile.
    pub(crate) async fn unshare_sound(&self, id: SessionId) {
        if let Ok(None) = self.store.owner(id).await {
            // What cannot be deleted now is swept up at the next start.
            let _left = self.delete_sound(id).await;
        }
    }

    /// Deletes all sound of a session, before the session itself: what cannot be deleted keeps its session, so that it can
    /// be tried again.
    pub(crate) async fn delete_sound(&self, id: SessionId) -> Result<(), StoreError> {
        match &self.sounds {
            Some(sounds) => sounds.delete(id).await.map_err(|e| self.log_store_error("delete sound", e)),
            None => Ok(()),
        }
    }
}

fn is_spoken(message: &Message) -> bool {
    message.speaker == Speaker::Candidate && message.modality == Modality::Voice
}
