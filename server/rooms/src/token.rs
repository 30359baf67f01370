//! Access tokens: who may do what, with LiveKit's own statuses and messages.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::time::Duration;

use http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, get_current_timestamp};
use livekit_token::{AccessToken, AccessTokenError, Claims, TokenVerifier, VideoGrants};

use crate::config::Secret;

/// A refused request: the HTTP status and the text of the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LiveKitRefusal {
    /// HTTP status.
    pub status: StatusCode,
    /// LiveKit's message in this case.
    pub message: String,
}

impl LiveKitRefusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    fn unauthorised(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }
}

/// LiveKit's answer to a token without the right to join the room.
pub(crate) const NO_ACCESS: &str = "no permissions to access the room";
/// LiveKit's answer to a token without a particular right.
pub(crate) const DENIED: &str = "permissions denied";

/// How far apart the clocks of two machines may be. LiveKit's own servers let a minute pass.
pub const CLOCKS: Duration = Duration::from_secs(300);

/// Signs a token so that a server takes it whose clock is up to [`CLOCKS`] behind this machine's: it has been valid for
/// so long. `None` if it says nothing that can be signed.
pub fn sign(token: AccessToken, secret: &str) -> Option<String> {
    let mut claims = Claims::from_unverified(&token.to_jwt().ok()?).ok()?;
    claims.nbf = claims.nbf.saturating_sub(usize::try_from(CLOCKS.as_secs()).ok()?);
    jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(secret.as_bytes()),
    )
    .ok()
}

/// Takes the token from the `Authorization` header, else from the query, and verifies it. `Ok(None)`: there is no
/// token, and the route decides what that means.
pub fn authenticate(
    keys: &BTreeMap<String, Secret>,
    header: Option<&str>,
    query: Option<&str>,
) -> Result<Option<Claims>, LiveKitRefusal> {
    let token = match header {
        Some(header) => header.strip_prefix("Bearer ").ok_or_else(|| {
            LiveKitRefusal::unauthorised("invalid authorization header. Must start with Bearer ")
        })?,
        None => query.unwrap_or_default(),
    };
    if token.is_empty() {
        return Ok(None);
    }
    let invalid = || LiveKitRefusal::unauthorised("invalid authorization token");
    let unverified = Claims::from_unverified(token).map_err(|_| invalid())?;
    let secret = keys.get(&unverified.iss).ok_or_else(|| LiveKitRefusal::unauthorised("invalid API key"))?;
    let error = match TokenVerifier::with_api_key(&unverified.iss, secret.expose()).verify(token) {
        Ok(claims) => return Ok(Some(claims)),
        Err(error) => error,
    };
    let why = why(&error);
    if why != IMMATURE {
        return Err(LiveKitRefusal::unauthorised(format!("invalid authorization token: {why}")));
    }
    // It is signed as it should be, so whoever made it has the secret: what is wrong is a clock.
    let ahead_s = u64::try_from(unverified.nbf).unwrap_or(u64::MAX).saturating_sub(get_current_timestamp());
    if let Some(claims) = within_clocks(token, secret) {
        tracing::debug!(ahead_s, "a token was made by a machine whose clock is ahead of this one's");
        return Ok(Some(claims));
    }
    tracing::warn!(
        ahead_s,
        "a token was refused: the clock of the machine that made it is ahead of this one's; set both"
    );
    let said = format!("the clock of the machine that made it is {ahead_s} s ahead of this server's");
    Err(LiveKitRefusal::unauthorised(format!("invalid authorization token: {why}: {said}")))
}

/// What a token says that becomes valid within [`CLOCKS`].
fn within_clocks(token: &str, secret: &Secret) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    (validation.leeway, validation.validate_nbf) = (CLOCKS.as_secs(), true);
    let key = DecodingKey::from_secret(secret.expose().as_bytes());
    jsonwebtoken::decode(token, &key, &validation).ok().map(|data| data.claims)
}

/// What LiveKit's verifier says of a token whose time has not come.
const IMMATURE: &str = "go-jose/go-jose/jwt: validation failed, token not valid yet (nbf)";

/// The messages of LiveKit's own verifier.
fn why(error: &AccessTokenError) -> &'static str {
    let kind = error.source().map(ToString::to_string).unwrap_or_default();
    match kind.as_str() {
        "ExpiredSignature" => "go-jose/go-jose/jwt: validation failed, token is expired (exp)",
        "ImmatureSignature" => IMMATURE,
        "InvalidSignature" => "go-jose/go-jose: error in cryptographic primitive",
        _ => "go-jose/go-jose: error in token",
    }
}

/// How long the server's own tokens are valid: as long as a client may be out of reach and still come back.
const RENEWED_FOR: Duration = Duration::from_secs(600);

/// A fresh token with the same rights. Clients come back with it after the first one expired.
pub(crate) fn renew(keys: &BTreeMap<String, Secret>, claims: Claims) -> Option<String> {
    let secret = keys.get(&claims.iss)?;
    let token = AccessToken::with_api_key(&claims.iss, secret.expose())
        .with_identity(&claims.sub)
        .with_name(&claims.name)
        .with_kind(&claims.kind)
        .with_metadata(&claims.metadata)
        .with_attributes(&claims.attributes)
        .with_grants(claims.video)
        .with_ttl(RENEWED_FOR);
    sign(token, secret.expose())
}

/// The room and identity that a token is for.
#[derive(Debug, Clone)]
pub(crate) struct RoomClaims {
    pub room: String,
    pub claims: Claims,
}

/// The room that these claims allow to join, if any.
pub(crate) fn entry(claims: Option<Claims>, limit: usize) -> Result<RoomClaims, LiveKitRefusal> {
    let claims = claims.ok_or_else(|| LiveKitRefusal::unauthorised(NO_ACCESS))?;
    if claims.video == VideoGrants::default() {
        return Err(LiveKitRefusal::unauthorised(NO_ACCESS));
    }
    if !claims.video.room_join {
        return Err(LiveKitRefusal::unauthorised(DENIED));
    }
    let bad = |message: String| Err(LiveKitRefusal::new(StatusCode::BAD_REQUEST, message));
    if claims.sub.is_empty() {
        return bad("identity cannot be empty".into());
    }
    if claims.sub.len() > limit {
        return bad(format!("participant identity length exceeds limits: max length {limit}"));
    }
    if claims.video.room.is_empty() {
        return bad("no room name".into());
    }
    if claims.video.room.len() > limit {
        return bad(format!("room name length exceeds limits: max length {limit}"));
    }
    Ok(RoomClaims { room: claims.video.room.clone(), claims })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> BTreeMap<String, Secret> {
        BTreeMap::from([("key".into(), Secret::new("secret-of-the-key-0123456789abcdef"))])
    }

    fn token(secret: &str) -> AccessToken {
        AccessToken::with_api_key("key", secret).with_identity("ann").with_grants(VideoGrants {
            room_join: true,
            room: "hall".into(),
            ..VideoGrants::default()
        })
    }

    fn refused(header: Option<&str>, query: Option<&str>) -> (u16, String) {
        let refusal = authenticate(&keys(), header, query).expect_err("it was taken");
        (refusal.status.as_u16(), refusal.message)
    }

    #[test]
    fn a_good_token_comes_in_by_header_or_by_query() {
        let jwt = token("secret-of-the-key-0123456789abcdef").to_jwt().expect("a token");
        for (header, query) in [(Some(format!("Bearer {jwt}")), None), (None, Some(jwt.as_str()))] {
            let claims = authenticate(&keys(), header.as_deref(), query).expect("taken").expect("claims");
            let entry = entry(Some(claims), 256).expect("entry");
            assert_eq!((entry.room.as_str(), entry.claims.sub.as_str()), ("hall", "ann"));
        }
    }

    #[test]
    fn what_is_wrong_is_said_as_livekit_says_it() {
        let forged = token("another").to_jwt().expect("a token");
        assert_eq!(
            refused(None, Some(&forged)),
            (401, "invalid authorization token: go-jose/go-jose: error in cryptographic primitive".into())
        );
        assert_eq!(refused(None, Some("nonsense")), (401, "invalid authorization token".into()));
        assert_eq!(
            refused(Some("Basic x"), None),
            (401, "invalid authorization header. Must start with Bearer ".into())
        );
        let stranger = AccessToken::with_api_key("who", "x").with_identity("ann").to_jwt().expect("a token");
        assert_eq!(refused(None, Some(&stranger)), (401, "invalid API key".into()));
        assert!(authenticate(&keys(), None, None).expect("no token is not a fault here").is_none());
        let old = expired();
        assert_eq!(
            refused(None, Some(&old)),
            (
                401,
                "invalid authorization token: go-jose/go-jose/jwt: validation failed, token is expired (exp)"
                    .into()
            )
        );
    }

    /// Signed rightly, but it ended when the epoch began.
    fn expired() -> String {
        valid(0, 10)
    }

    /// Signed rightly, and valid from one second of the epoch to another.
    fn valid(nbf: u64, exp: u64) -> String {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
        use hmac::Mac as _;
        let head = B64.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let body = B64.encode(format!(
            r#"{{"exp":{exp},"nbf":{nbf},"iss":"key","sub":"ann","video":{{"roomJoin":true,"room":"hall"}}}}"#
        ));
        let mut mac =
            hmac::Hmac::<sha2::Sha256>::new_from_slice(b"secret-of-the-key-0123456789abcdef").expect("a key");
        mac.update(format!("{head}.{body}").as_bytes());
        format!("{head}.{body}.{}", B64.encode(mac.finalize().into_bytes()))
    }

    /// An agent makes its own tokens, by the clock of its own machine.
    #[test]
    fn a_clock_that_is_minutes_off_lets_its_agent_in_and_one_that_is_an_hour_off_is_named() {
        let now = get_current_timestamp();
        let by_a_clock = |ahead: i64| {
            let now = now.saturating_add_signed(ahead);
            valid(now, now + 600)
        };
        for ahead in [-550, -90, 0, 50, 90, 290] {
            let taken = authenticate(&keys(), None, Some(&by_a_clock(ahead)));
            assert!(taken.is_ok_and(|claims| claims.is_some()), "{ahead} s ahead");
        }
        let (status, said) = refused(None, Some(&by_a_clock(3_600)));
        assert_eq!(status, 401);
        assert!(said.starts_with(&format!("invalid authorization token: {IMMATURE}: the clock")), "{said}");
        assert!(said.contains("s ahead of this server's"), "{said}");
        // A wrong signature is no question of clocks.
        let mut forged = by_a_clock(90);
        forged.push('x');
        assert!(!refused(None, Some(&forged)).1.contains("clock"));
    }

    #[test]
    fn what_is_signed_here_has_been_valid_for_minutes() {
        let secret = "secret-of-the-key-0123456789abcdef";
        let made = token(secret).with_ttl(Duration::from_secs(600)).with_name("Ann").with_kind("agent");
        let signed = sign(made.clone(), secret).expect("a token");
        let (plain, claims) = (
            Claims::from_unverified(&made.to_jwt().expect("a token")).expect("claims"),
            authenticate(&keys(), None, Some(&signed)).expect("taken").expect("claims"),
        );
        assert_eq!(claims.nbf + 300, plain.nbf);
        assert_eq!(Claims { nbf: plain.nbf, ..claims }, plain, "all else is as it was");
        // Nothing to sign it with, or nobody it is for.
        assert_eq!(sign(AccessToken::with_api_key("key", ""), ""), None);
        let grants = VideoGrants { room_join: true, ..VideoGrants::default() };
        assert_eq!(sign(AccessToken::with_api_key("key", secret).with_grants(grants), secret), None);
    }

    #[test]
    fn a_renewed_token_opens_the_same() {
        let jwt =
            token("secret-of-the-key-0123456789abcdef").with_name("Ann").with_ttl(Duration::from_secs(5));
        let jwt = jwt.to_jwt().expect("a token");
        let old = authenticate(&keys(), None, Some(&jwt)).expect("taken").expect("claims");
        let renewed = renew(&keys(), old.clone()).expect("a token");
        let new = authenticate(&keys(), None, Some(&renewed)).expect("taken").expect("claims");
        assert_eq!((&new.sub, &new.name, &new.video), (&old.sub, &old.name, &old.video));
        assert!(new.exp > old.exp + 500, "{} after {}", new.exp, old.exp);
    }

    #[test]
    fn a_token_must_open_a_room() {
        let claims = |change: fn(&mut Claims)| {
            let jwt = token("secret-of-the-key-0123456789abcdef").with_ttl(Duration::from_secs(60)).to_jwt();
            let mut claims =
                authenticate(&keys(), None, Some(&jwt.expect("a token"))).expect("taken").expect("claims");
            change(&mut claims);
            let refusal = entry(Some(claims), 256).expect_err("it was taken");
            (refusal.status.as_u16(), refusal.message)
        };
        assert_eq!(claims(|c| c.video = VideoGrants::default()), (401, NO_ACCESS.into()));
        assert_eq!(claims(|c| c.video.room_join = false), (401, DENIED.into()));
        assert_eq!(claims(|c| c.sub = String::new()), (400, "identity cannot be empty".into()));
        assert_eq!(claims(|c| c.video.room = String::new()), (400, "no room name".into()));
        assert_eq!(
            claims(|c| c.sub = "x".repeat(257)),
            (400, "participant identity length exceeds limits: max length 256".into())
        );
        assert_eq!(entry(None, 256).expect_err("refused").message, NO_ACCESS);
    }
}
