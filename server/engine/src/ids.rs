//! Where ids and seeds are made: the one place that rolls dice.

use uuid::Uuid;

use crate::SessionId;

/// A new id, 122 random bits.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn new_session() -> SessionId {
    SessionId(Uuid::new_v4())
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
