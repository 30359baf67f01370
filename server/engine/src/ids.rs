//! Where ids and seeds are made: the one place that rolls dice.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::SessionId;

/// A new id, 122 random bits.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn new_session() -> SessionId {
    SessionId(Uuid::new_v4())
}

/// The id of the interview of this number that practises something of another one by this plan.
pub(crate) fn practice(of: SessionId, plan: &str, number: u32) -> SessionId {
    let hash = Sha256::new()
        .chain_update(of.0.as_bytes())
        .chain_update(b"practice")
        .chain_update(number.to_le_bytes())
        .chain_update(plan.as_bytes())
        .finalize();
    of_hash(&hash)
}

/// An id that is made of a hash: of the same things the same.
pub(crate) fn of_hash(hash: &[u8]) -> SessionId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    SessionId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// A new secret of a reading link, 244 random bits.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn new_secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// A new seed for a session's choices.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn new_seed() -> u64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    // Each half has fixed bits, at different places.
    high ^ low
}
