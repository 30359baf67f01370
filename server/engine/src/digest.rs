//! What identifies the content of a turn, so that the same id with other content is noticed.

use interview::Request;
use sha2::{Digest as _, Sha256};

use crate::{Owner, TurnKind};

/// The digest of what a turn says; how it was said makes no difference.
pub(crate) fn digest(kind: &TurnKind) -> String {
    let (name, content) = match kind {
        TurnKind::Start => ("start", ""),
        TurnKind::Said(text) => ("said", text.as_str()),
        TurnKind::Asked(Request::Repeat) => ("asked", "repeat"),
        TurnKind::Asked(Request::Skip) => ("asked", "skip"),
        TurnKind::Asked(Request::MoveOn) => ("asked", "move_on"),
        TurnKind::Asked(Request::Wait) => ("asked", "wait"),
        TurnKind::Silence => ("silence", ""),
        TurnKind::Heard(text) => ("heard", text.as_str()),
        TurnKind::End => ("end", ""),
    };
    let hash = Sha256::new().chain_update(name).chain_update([0]).chain_update(content).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// True if both are the same owner. Takes the same time whatever they are, and when there is none.
pub(crate) fn same_owner(stored: Option<&Owner>, given: &Owner) -> bool {
    let hash = |text: &str| Sha256::digest(text.as_bytes());
    let (left, right) = (hash(stored.map_or("", |owner| &owner.0)), hash(&given.0));
    let differing = left.iter().zip(right.iter()).fold(0_u8, |acc, (a, b)| acc | (a ^ b));
    std::hint::black_box(differing) == 0 && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_the_digest() {
        let said = |text: &str| digest(&TurnKind::Said(text.to_owned()));
        assert_eq!(said("a"), said("a"));
        assert_ne!(said("a"), said("b"));
        assert_ne!(digest(&TurnKind::Start), digest(&TurnKind::End));
        assert_ne!(said("repeat"), digest(&TurnKind::Asked(Request::Repeat)));
        assert_eq!(said("a").len(), 64);
    }

    #[test]
    fn only_the_same_owner_is_the_same() {
        let owner = |text: &str| Owner(text.to_owned());
        assert!(same_owner(Some(&owner("a")), &owner("a")));
        assert!(!same_owner(Some(&owner("a")), &owner("b")));
        assert!(!same_owner(None, &owner("")));
    }
}
