//! Input before admission: tokens and join requests.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use axum::extract::Query;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use flate2::write::GzEncoder;
use http::Uri;
use livekit_protocol::wrapped_join_request::Compression;
use livekit_protocol::{AddTrackRequest, ClientInfo, JoinRequest, TrackType, WrappedJoinRequest};
use livekit_token::{AccessToken, Claims, VideoGrants};
use prost::Message as _;

use super::hall;
use crate::config::{RoomLimits, Secret};
use crate::join::{RtcQuery, arrival};
use crate::token::{RoomClaims, authenticate, entry};

/// The longest request line that the HTTP server accepts.
const LINE: usize = 60_000;
const SECRET: &str = "secret-of-the-key-0123456789abcdef";

fn let_in() -> RoomClaims {
    let joining = hall::joining("ann", true);
    RoomClaims { room: "hall".into(), claims: joining.claims }
}

/// A query (its first byte chooses the route), or the content of a `join_request`, plain or compressed.
pub(super) fn join(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let text = match kind % 4 {
        0 | 1 => String::from_utf8_lossy(rest).into_owned(),
        2 => format!("join_request={}", wrap(Compression::None, rest.to_vec())),
        _ => format!("join_request={}", wrap(Compression::Gzip, rest.to_vec())),
    };
    if text.len() > LINE {
        return;
    }
    let Ok(uri) = Uri::try_from(format!("/rtc?{text}")) else { return };
    let Ok(Query(query)) = Query::<RtcQuery>::try_from_uri(&uri) else { return };
    let limits = RoomLimits::default();
    let Ok(arrival) = arrival(&query, let_in(), kind % 4 != 0, &limits) else { return };
    assert!(arrival.claims.sub.starts_with("ann"), "it is somebody else: {}", arrival.claims.sub);
    assert!(arrival.claims.metadata.len() <= limits.metadata);
    assert!(arrival.offer.is_none_or(|offer| offer.sdp.len() <= limits.join_request));
}

fn wrap(compression: Compression, join_request: Vec<u8>) -> String {
    let wrapped = WrappedJoinRequest { compression: compression.into(), join_request };
    URL_SAFE.encode(wrapped.encode_to_vec())
}

pub(super) fn join_samples() -> Vec<Vec<u8>> {
    let request = JoinRequest {
        client_info: Some(ClientInfo { version: "2.23.0".into(), protocol: 17, ..ClientInfo::default() }),
        add_track_requests: vec![AddTrackRequest {
            cid: "cid".into(),
            r#type: TrackType::Audio.into(),
            ..AddTrackRequest::default()
        }],
        publisher_offer: Some(hall::offer()),
        participant_attributes: [("mood".to_owned(), "fine".to_owned())].into(),
        metadata: "mine".into(),
        ..JoinRequest::default()
    };
    let plain = request.encode_to_vec();
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&plain).expect("memory");
    let packed = packed.finish().expect("memory");
    let of = |kind: u8, bytes: &[u8]| [&[kind], bytes].concat();
    let query = format!("join_request={}", wrap(Compression::Gzip, packed.clone()));
    vec![
        of(0, b"access_token=x.y.z&auto_subscribe=1&sdk=js&version=2.23.0&protocol=17&client_protocol=1"),
        of(0, b"reconnect=1&sid=PA_abcdefghijkl&publish=&attributes=eyJtb29kIjoiZmluZSJ9"),
        of(1, query.as_bytes()),
        of(2, &plain),
        of(3, &packed),
    ]
}

/// A token in a header or in the query; or, as a third kind, the claims themselves, signed validly.
pub(super) fn token(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let keys = BTreeMap::from([("key".to_owned(), Secret::new(SECRET))]);
    let text = String::from_utf8_lossy(rest);
    let claims = match kind % 3 {
        0 => authenticate(&keys, Some(&text), None),
        1 => authenticate(&keys, None, Some(&text)),
        _ => Ok(serde_json::from_slice::<Claims>(rest).ok()),
    };
    let Ok(claims) = claims else { return };
    if kind % 3 < 2
        && let Some(claims) = &claims
    {
        // The only token that was ever signed.
        assert_eq!((claims.sub.as_str(), claims.video.room.as_str()), ("ann", "hall"), "a token was forged");
    }
    if let Ok(entry) = entry(claims, 256) {
        assert!((1..=256).contains(&entry.claims.sub.len()) && (1..=256).contains(&entry.room.len()));
    }
}

pub(super) fn token_samples() -> Vec<Vec<u8>> {
    let grants = VideoGrants {
        room_join: true,
        room: "hall".into(),
        can_publish_sources: vec!["microphone".into()],
        ..VideoGrants::default()
    };
    let token = AccessToken::with_api_key("key", SECRET)
        .with_identity("ann")
        .with_name("Ann")
        .with_grants(grants)
        .with_ttl(Duration::from_secs(86_400))
        .to_jwt()
        .expect("a token");
    let claims = r#"{"exp":9999999999,"nbf":0,"iss":"key","sub":"ann","name":"Ann","kind":"agent","metadata":"m",
        "attributes":{"a":"b"},"video":{"roomJoin":true,"room":"hall","canPublish":true,"hidden":false}}"#;
    vec![
        format!("\0Bearer {token}").into_bytes(),
        format!("\x01{token}").into_bytes(),
        format!("\x02{claims}").into_bytes(),
    ]
}
