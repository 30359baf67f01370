//! Who may join which room, as what: decided here, never by whoever asks.

use std::time::Duration;

use engine::SessionId;
use livekit_api::access_token::{AccessToken, VideoGrants};

use super::keys::Keys;

/// How long a token lets somebody in. Once in, they stay as long as they like: the room's server gives them newer
/// ones to come back with.
pub const GOOD_FOR: Duration = Duration::from_secs(600);

/// What somebody joins a room with.
#[derive(Clone, PartialEq, Eq)]
pub struct Admission {
    /// The room.
    pub room: String,
    /// Who they are in it. Whoever joins with the same one takes the place of the earlier.
    pub identity: String,
    /// Opens the room to them. Secret.
    pub token: String,
}

/// What the names of sessions' rooms begin with.
const ROOM: &str = "interview-";

/// The room of a session.
pub fn room_of(session: SessionId) -> String {
    format!("{ROOM}{session}")
}

/// The session whose room has this name, if it is one's.
pub fn session_of(room: &str) -> Option<SessionId> {
    let session = SessionId::parse(room.strip_prefix(ROOM)?)?;
    (room == room_of(session)).then_some(session)
}

/// The candidate of a session, in its room.
pub fn candidate_of(session: SessionId) -> String {
    format!("candidate-{session}")
}

/// The interviewer of a session, in its room.
pub fn interviewer_of(session: SessionId) -> String {
    format!("interviewer-{session}")
}

/// Lets the interviewer of a session into its room, as LiveKit marks agents: to speak, to listen, to send data, and to
/// say what it does (its attributes). `None` if no token can be made.
pub fn interviewer(keys: &Keys, session: SessionId) -> Option<Admission> {
    let more = VideoGrants { agent: true, can_update_own_metadata: Some(true), ..grants(session) };
    let token = |token: AccessToken| token.with_kind("agent").with_name("Interviewer");
    admit(keys, interviewer_of(session), more, token)
}

/// Lets the candidate of a session into its room: to speak (with a microphone, nothing else), to listen, and to send
/// data. `None` if no token can be made.
pub fn candidate(keys: &Keys, session: SessionId) -> Option<Admission> {
    admit(keys, candidate_of(session), grants(session), |token| token)
}

/// What both may do, in the room of a session alone.
fn grants(session: SessionId) -> VideoGrants {
    VideoGrants {
        room_join: true,
        room: room_of(session),
        can_publish: Some(true),
        can_publish_sources: vec!["microphone".to_owned()],
        can_subscribe: Some(true),
        can_publish_data: Some(true),
        can_update_own_metadata: Some(false),
        ..VideoGrants::default()
    }
}

/// A token with these rights; `more`: what else it says.
fn admit(
    keys: &Keys,
    identity: String,
    grants: VideoGrants,
    more: impl FnOnce(AccessToken) -> AccessToken,
) -> Option<Admission> {
    let room = grants.room.clone();
    let token = AccessToken::with_api_key(&keys.key, keys.secret.expose());
    let token = more(token.with_identity(&identity).with_grants(grants).with_ttl(GOOD_FOR));
    Some(Admission { room, identity, token: rooms::sign(token, keys.secret.expose())? })
}

#[cfg(test)]
mod tests {
    use livekit_api::access_token::TokenVerifier;

    use super::*;
    use crate::secrets::Hidden;

    #[test]
    fn an_interviewer_may_say_what_it_does_and_no_more() {
        let keys = Keys { key: "key".to_owned(), secret: Hidden::new("a secret of thirty-two characters") };
        let session = SessionId::parse("0191b5a0-0000-4000-8000-000000000007").unwrap();
        let admission = interviewer(&keys, session).unwrap();
        let claims =
            TokenVerifier::with_api_key("key", keys.secret.expose()).verify(&admission.token).unwrap();
        assert_eq!((&claims.sub, &claims.video.room), (&admission.identity, &admission.room));
        assert_eq!(admission.room, room_of(session), "the candidate's");
        assert_eq!(session_of(&admission.room), Some(session));
        assert_eq!((session_of("interview-x"), session_of("lobby")), (None, None));
        // Ten minutes, and five before for a server whose clock is behind.
        assert_eq!((claims.kind.as_str(), claims.exp - claims.nbf), ("agent", 900));
        let video = claims.video;
        assert!(video.room_join && video.agent && video.can_update_own_metadata());
        assert!(!video.room_admin && !video.room_create && !video.room_list && !video.hidden);
    }

    #[test]
    fn a_candidate_gets_one_room_for_minutes_and_no_more() {
        let keys = Keys { key: "key".to_owned(), secret: Hidden::new("a secret of thirty-two characters") };
        let session = SessionId::parse("0191b5a0-0000-4000-8000-000000000007").unwrap();
        let admission = candidate(&keys, session).unwrap();
        let verifier = TokenVerifier::with_api_key("key", keys.secret.expose());
        let claims = verifier.verify(&admission.token).unwrap();
        assert_eq!((&claims.sub, &claims.video.room), (&admission.identity, &admission.room));
        assert_eq!(admission.room, "interview-0191b5a0-0000-4000-8000-000000000007");
        assert_eq!(claims.exp - claims.nbf, 900, "ten minutes, and five before");
        let video = claims.video;
        assert!(video.room_join && video.can_publish_sources == ["microphone"]);
        assert!(!video.room_admin && !video.room_create && !video.room_list && !video.hidden && !video.agent);
        assert!(!video.can_update_own_metadata() && claims.kind.is_empty() && claims.name.is_empty());
        let other = SessionId::parse("0191b5a0-0000-4000-8000-000000000008").unwrap();
        let other = candidate(&keys, other).unwrap();
        assert!(other.room != admission.room && other.identity != admission.identity);
        let none = Keys { key: String::new(), secret: Hidden::new("") };
        assert!(candidate(&none, session).is_none());
    }
}
