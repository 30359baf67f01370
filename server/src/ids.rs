//! Where the server's own ids come from: those of browsers and of requests.

use uuid::Uuid;

/// 122 random bits.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn random() -> Uuid {
    Uuid::new_v4()
}
