//! Tokens of clients.

use livekit_token::{AccessToken, VideoGrants};

/// What the servers of the tests sign with; the key is `key`.
pub const SECRET: &str = "a secret for tests, long enough to sign with";

/// Lets its holder into a room, to do there what anyone may.
pub fn token(identity: &str, room: &str) -> String {
    let grants = VideoGrants {
        room_join: true,
        room: room.into(),
        can_update_own_metadata: Some(true),
        ..VideoGrants::default()
    };
    AccessToken::with_api_key("key", SECRET)
        .with_identity(identity)
        .with_grants(grants)
        .to_jwt()
        .expect("a token")
}
