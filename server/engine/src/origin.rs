//! What an interview came from: another one.

use interview::TurnId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::SessionId;

/// What an interview came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// How it came from there.
    pub kind: OriginKind,
    /// The interview that it came from. It may be deleted by now: nothing of this one depends on it.
    pub parent: SessionId,
    /// The number of a message there: of a take, the line that put the question; of a fork, the last line shared.
    pub seq: u32,
    /// The turn of that message.
    pub turn: TurnId,
    /// Which one it is: the answer in the parent is the first take, its first retry the second. Forks count from 1.
    pub number: u32,
}

/// How an interview came from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// One question of it, answered again.
    Take,
    /// It goes on differently from one of its lines, and shares what came before.
    Fork,
}

impl Origin {
    /// The id of the interview that comes of it: asked for twice, it is made once.
    pub(crate) fn id(&self) -> SessionId {
        let kind = match self.kind {
            OriginKind::Take => [0],
            OriginKind::Fork => [1],
        };
        let hash = Sha256::new()
            .chain_update(self.parent.0.as_bytes())
            .chain_update(kind)
            .chain_update(self.seq.to_le_bytes())
            .chain_update(self.number.to_le_bytes())
            .finalize();
        crate::ids::of_hash(&hash)
    }

    /// True if both are of one question, or go on from one line.
    pub(crate) fn is_sibling_of(&self, other: &Self) -> bool {
        (self.kind, self.parent, self.seq) == (other.kind, other.parent, other.seq)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_has_an_id_of_its_own_and_always_the_same() {
        let origin = |kind, seq, number| Origin {
            kind,
            parent: SessionId(Uuid::from_u128(7)),
            seq,
            turn: TurnId("t".to_owned()),
            number,
        };
        let all = [
            origin(OriginKind::Take, 3, 2),
            origin(OriginKind::Take, 3, 3),
            origin(OriginKind::Take, 5, 2),
            origin(OriginKind::Fork, 3, 2),
        ];
        let mut ids: Vec<SessionId> = all.iter().map(Origin::id).collect();
        assert_eq!(ids, all.iter().map(|one| one.clone().id()).collect::<Vec<_>>());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all.len());
    }
}
