//! A store in memory: for tests, and the plainest reading of what a store is to do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use interview::{Message, Status, UnixMillis};

use crate::{
    Comment, InterviewSession, OriginKind, Owner, ReadingLink, SessionCommit, SessionEvent, SessionId, Store,
    StoreError, StoredSession, Summary, TurnRecord,
};

#[derive(Debug, Clone)]
struct Kept {
    session: InterviewSession,
    /// The how-manieth session it was; breaks ties of the time.
    made: u64,
    messages: BTreeMap<u32, (Message, u64)>,
    turns: Vec<TurnRecord>,
    events: Vec<SessionEvent>,
    struck: Vec<String>,
    label: String,
    links: Vec<ReadingLink>,
    comments: Vec<Comment>,
    judged: Option<String>,
}

#[derive(Debug, Default)]
struct Data {
    made: u64,
    sessions: BTreeMap<SessionId, Kept>,
}

/// A store in memory. A clone is the same store.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Data>>);

impl MemoryStore {
    fn data(&self) -> MutexGuard<'_, Data> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last made first.
fn newest(data: &Data, fits: impl Fn(&Kept) -> bool) -> Vec<&Kept> {
    let mut kept: Vec<&Kept> = data.sessions.values().filter(|kept| fits(kept)).collect();
    kept.sort_by_key(|kept| std::cmp::Reverse((kept.session.summary.created_at, kept.made)));
    kept
}

fn is_take(kept: &Kept) -> bool {
    kept.session.summary.origin.as_ref().is_some_and(|origin| origin.kind == OriginKind::Take)
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self, whole: SessionCommit) -> Result<(), StoreError> {
        let SessionCommit { session, messages, turns, events } = whole;
        let mut data = self.data();
        if session.version != 1 || data.sessions.contains_key(&session.id) {
            return Err(StoreError::Conflict);
        }
        data.made += 1;
        let made = data.made;
        let kept = Kept {
            session,
            made,
            messages: messages.into_iter().map(|message| (message.seq, (message, 1))).collect(),
            turns,
            events,
            struck: Vec::new(),
            label: String::new(),
            links: Vec::new(),
            comments: Vec::new(),
            judged: None,
        };
        data.sessions.insert(kept.session.id, kept);
        Ok(())
    }

    async fn load(&self, id: SessionId) -> Result<Option<StoredSession>, StoreError> {
        Ok(self.data().sessions.get(&id).map(|kept| StoredSession {
            session: kept.session.clone(),
            messages: kept.messages.values().cloned().collect(),
            turns: kept.turns.clone(),
        }))
    }

    async fn commit(&self, change: SessionCommit) -> Result<(), StoreError> {
        let mut data = self.data();
        let SessionCommit { session, messages, turns, events } = change;
        let kept = data.sessions.get_mut(&session.id).ok_or(StoreError::NotFound)?;
        if session.version != kept.session.version + 1 {
            return Err(StoreError::Conflict);
        }
        for message in messages {
            kept.messages.insert(message.seq, (message, session.version));
        }
        for turn in turns {
            match kept.turns.iter_mut().find(|known| known.turn == turn.turn) {
                Some(known) => *known = turn,
                None => kept.turns.push(turn),
            }
        }
        kept.events.extend(events);
        kept.session = session;
        Ok(())
    }

    async fn list(&self, owner: &Owner, limit: u32) -> Result<Vec<Summary>, StoreError> {
        let data = self.data();
        let theirs = newest(&data, |kept| kept.session.owner.as_ref() == Some(owner));
        Ok(theirs.into_iter().take(limit as usize).map(|kept| kept.session.summary.clone()).collect())
    }

    async fn children(&self, parent: SessionId) -> Result<Vec<Summary>, StoreError> {
        let data = self.data();
        let of =
            |kept: &Kept| kept.session.summary.origin.as_ref().is_some_and(|origin| origin.parent == parent);
        Ok(newest(&data, of).into_iter().rev().map(|kept| kept.session.summary.clone()).collect())
    }

    async fn owner(&self, id: SessionId) -> Result<Option<Option<Owner>>, StoreError> {
        Ok(self.data().sessions.get(&id).map(|kept| kept.session.owner.clone()))
    }

    async fn earlier(&self, candidate: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        let data = self.data();
        let opened = |kept: &Kept| {
            kept.session.candidate == candidate && kept.session.status != Status::Ready && !is_take(kept)
        };
        Ok(newest(&data, opened).into_iter().take(limit as usize).map(|k| k.session.state.clone()).collect())
    }

    async fn due(&self, now: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let data = self.data();
        let mut due: Vec<(UnixMillis, SessionId)> = data
            .sessions
            .values()
            .filter_map(|kept| kept.session.deadline.map(|deadline| (deadline, kept.session.id)))
            .filter(|(deadline, _)| *deadline <= now)
            .collect();
        due.sort_unstable();
        Ok(due.into_iter().take(limit as usize).map(|(_, id)| id).collect())
    }

    async fn next_deadline(&self) -> Result<Option<UnixMillis>, StoreError> {
        Ok(self.data().sessions.values().filter_map(|kept| kept.session.deadline).min())
    }

    async fn ended_before(&self, before: UnixMillis, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let data = self.data();
        let mut ended: Vec<(UnixMillis, SessionId)> = data
            .sessions
            .values()
            .filter(|kept| kept.session.status.is_completed())
            .filter_map(|kept| kept.session.summary.ended_at.map(|at| (at, kept.session.id)))
            .filter(|(at, _)| *at < before)
            .collect();
        ended.sort_unstable();
        Ok(ended.into_iter().take(limit as usize).map(|(_, id)| id).collect())
    }

    async fn events(&self, id: SessionId) -> Result<Vec<SessionEvent>, StoreError> {
        Ok(self.data().sessions.get(&id).map(|kept| kept.events.clone()).unwrap_or_default())
    }

    async fn strike(&self, id: SessionId, statement: &str, _at: UnixMillis) -> Result<(), StoreError> {
        let mut data = self.data();
        let kept = data.sessions.get_mut(&id).ok_or(StoreError::NotFound)?;
        if !kept.struck.iter().any(|known| known == statement) {
            kept.struck.push(statement.to_owned());
        }
        Ok(())
    }

    async fn unstrike(&self, id: SessionId, statement: &str) -> Result<(), StoreError> {
        if let Some(kept) = self.data().sessions.get_mut(&id) {
            kept.struck.retain(|known| known != statement);
        }
        Ok(())
    }

    async fn struck(&self, id: SessionId) -> Result<Vec<String>, StoreError> {
        Ok(self.data().sessions.get(&id).map(|kept| kept.struck.clone()).unwrap_or_default())
    }

    async fn set_label(&self, id: SessionId, label: &str) -> Result<(), StoreError> {
        let mut data = self.data();
        data.sessions.get_mut(&id).ok_or(StoreError::NotFound)?.label = label.to_owned();
        Ok(())
    }

    async fn said(&self, owner: &Owner, words: &str) -> Result<BTreeSet<SessionId>, StoreError> {
        let (data, words) = (self.data(), words.to_lowercase());
        let own = data.sessions.iter().filter(|(_, kept)| kept.session.owner.as_ref() == Some(owner));
        let holds = |kept: &Kept| kept.messages.values().any(|(m, _)| m.text.to_lowercase().contains(&words));
        Ok(own.filter(|(_, kept)| holds(kept)).map(|(id, _)| *id).collect())
    }

    async fn commented(&self, owner: &Owner) -> Result<BTreeMap<SessionId, usize>, StoreError> {
        let data = self.data();
        let own = data.sessions.iter().filter(|(_, kept)| kept.session.owner.as_ref() == Some(owner));
        let counted = own.map(|(id, kept)| (*id, kept.comments.len()));
        Ok(counted.filter(|(_, count)| *count > 0).collect())
    }

    async fn labels(&self, owner: &Owner) -> Result<BTreeMap<SessionId, String>, StoreError> {
        let data = self.data();
        let named = data
            .sessions
            .iter()
            .filter(|(_, kept)| kept.session.owner.as_ref() == Some(owner) && !kept.label.is_empty());
        Ok(named.map(|(id, kept)| (*id, kept.label.clone())).collect())
    }

    async fn add_link(&self, link: ReadingLink) -> Result<(), StoreError> {
        let mut data = self.data();
        let kept = data.sessions.get_mut(&link.session).ok_or(StoreError::NotFound)?;
        kept.links.retain(|known| known.expires_at > link.made_at && known.digest != link.digest);
        kept.links.push(link);
        Ok(())
    }

    async fn link(&self, digest: &str) -> Result<Option<ReadingLink>, StoreError> {
        let data = self.data();
        let mut all = data.sessions.values().flat_map(|kept| &kept.links);
        Ok(all.find(|link| link.digest == digest).cloned())
    }

    async fn links(&self, id: SessionId) -> Result<Vec<ReadingLink>, StoreError> {
        let mut links = self.data().sessions.get(&id).map(|kept| kept.links.clone()).unwrap_or_default();
        links.sort_by(|a, b| b.made_at.cmp(&a.made_at).then(a.digest.cmp(&b.digest)));
        Ok(links)
    }

    async fn drop_link(&self, id: SessionId, digest: &str) -> Result<bool, StoreError> {
        let mut data = self.data();
        let Some(kept) = data.sessions.get_mut(&id) else { return Ok(false) };
        let before = kept.links.len();
        kept.links.retain(|link| link.digest != digest);
        Ok(kept.links.len() < before)
    }

    async fn add_comment(&self, id: SessionId, comment: Comment) -> Result<(), StoreError> {
        let mut data = self.data();
        let kept = data.sessions.get_mut(&id).ok_or(StoreError::NotFound)?;
        if !kept.comments.iter().any(|known| known.id == comment.id) {
            kept.comments.push(comment);
        }
        Ok(())
    }

    async fn comments(&self, id: SessionId) -> Result<Vec<Comment>, StoreError> {
        let mut comments =
            self.data().sessions.get(&id).map(|kept| kept.comments.clone()).unwrap_or_default();
        comments.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(&b.id)));
        Ok(comments)
    }

    async fn drop_comment(&self, id: SessionId, comment: &str) -> Result<bool, StoreError> {
        let mut data = self.data();
        let Some(kept) = data.sessions.get_mut(&id) else { return Ok(false) };
        let before = kept.comments.len();
        kept.comments.retain(|known| known.id != comment);
        Ok(kept.comments.len() < before)
    }

    async fn judge(&self, id: SessionId, judged: &str, _at: UnixMillis) -> Result<(), StoreError> {
        let mut data = self.data();
        let kept = data.sessions.get_mut(&id).ok_or(StoreError::NotFound)?;
        kept.judged.get_or_insert_with(|| judged.to_owned());
        Ok(())
    }

    async fn judged(&self, id: SessionId) -> Result<Option<String>, StoreError> {
        Ok(self.data().sessions.get(&id).and_then(|kept| kept.judged.clone()))
    }

    async fn delete(&self, id: SessionId) -> Result<bool, StoreError> {
        Ok(self.data().sessions.remove(&id).is_some())
    }

    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
