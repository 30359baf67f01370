//! How a client connects: the query of `/rtc` and the join request of `/rtc/v1`.

use std::collections::HashMap;
use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::GzDecoder;
use http::StatusCode;
use livekit_protocol::wrapped_join_request::Compression;
use livekit_protocol::{AddTrackRequest, ClientInfo, JoinRequest, SessionDescription, WrappedJoinRequest};
use livekit_token::Claims;
use prost::Message as _;
use serde::Deserialize;

use crate::config::RoomLimits;
use crate::token::{LiveKitRefusal, NO_ACCESS, RoomClaims};

/// The query of a signalling request. Everything in it is optional, nothing in it is trusted.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct RtcQuery {
    pub access_token: Option<String>,
    join_request: Option<String>,
    publish: Option<String>,
    attributes: Option<String>,
    reconnect: Option<String>,
    sid: Option<String>,
    auto_subscribe: Option<String>,
    sdk: Option<String>,
    protocol: Option<String>,
    version: Option<String>,
    client_protocol: Option<String>,
}

/// An authorised connection: who joins, which room, and with what.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub room: String,
    pub claims: Claims,
    /// One peer connection for both directions (`/rtc/v1`), or two (`/rtc`).
    pub single: bool,
    pub client: ClientInfo,
    pub auto_subscribe: bool,
    pub tracks: Vec<AddTrackRequest>,
    pub offer: Option<SessionDescription>,
    /// The participant to resume.
    pub resume: Option<String>,
}

fn bad(message: &str) -> LiveKitRefusal {
    LiveKitRefusal::new(StatusCode::BAD_REQUEST, message)
}

fn is_true(value: &str) -> bool {
    value == "1" || value == "true"
}

/// Reads the request of a connection that `entry` allows. `/rtc/v1` needs a join request, `/rtc` may have one.
pub(crate) fn arrival(
    query: &RtcQuery,
    entry: RoomClaims,
    v1: bool,
    limits: &RoomLimits,
) -> Result<Arrival, LiveKitRefusal> {
    match query.join_request.as_deref().filter(|request| !request.is_empty()) {
        Some(encoded) => from_request(join_request(encoded, limits.join_request)?, entry, limits),
        None if v1 => Err(bad("join_request is required")),
        None => from_query(query, entry, limits),
    }
}

fn from_request(
    request: JoinRequest,
    entry: RoomClaims,
    limits: &RoomLimits,
) -> Result<Arrival, LiveKitRefusal> {
    let RoomClaims { room, mut claims } = entry;
    let settings = request.connection_settings.unwrap_or_default();
    apply_own_metadata(&mut claims, request.metadata, request.participant_attributes)?;
    check_limits(&claims, limits)?;
    Ok(Arrival {
        room,
        claims,
        single: true,
        client: request.client_info.unwrap_or_default(),
        auto_subscribe: settings.auto_subscribe,
        tracks: request.add_track_requests,
        offer: request.publisher_offer,
        resume: request.reconnect.then_some(request.participant_sid),
    })
}

fn from_query(query: &RtcQuery, entry: RoomClaims, limits: &RoomLimits) -> Result<Arrival, LiveKitRefusal> {
    let RoomClaims { room, mut claims } = entry;
    if let Some(publish) = query.publish.as_deref().filter(|publish| !publish.is_empty()) {
        if !claims.video.can_publish() {
            return Err(LiveKitRefusal::new(StatusCode::UNAUTHORIZED, NO_ACCESS));
        }
        claims.video.can_subscribe = Some(false);
        claims.sub = format!("{}#{publish}", claims.sub);
    }
    let attributes = match query.attributes.as_deref().filter(|attributes| !attributes.is_empty()) {
        // LiveKit ignores what it cannot read here.
        Some(encoded) => lenient()
            .decode(encoded)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default(),
        None => HashMap::new(),
    };
    apply_own_metadata(&mut claims, String::new(), attributes)?;
    check_limits(&claims, limits)?;
    let number =
        |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok()).unwrap_or_default();
    Ok(Arrival {
        room,
        claims,
        single: false,
        client: ClientInfo {
            sdk: sdk_number(query.sdk.as_deref().unwrap_or_default()),
            version: query.version.clone().unwrap_or_default(),
            protocol: number(&query.protocol),
            client_protocol: number(&query.client_protocol),
            ..ClientInfo::default()
        },
        auto_subscribe: query.auto_subscribe.as_deref().filter(|v| !v.is_empty()).is_none_or(is_true),
        tracks: Vec::new(),
        offer: None,
        resume: query
            .reconnect
            .as_deref()
            .is_some_and(is_true)
            .then(|| query.sid.clone().unwrap_or_default()),
    })
}

fn sdk_number(name: &str) -> i32 {
    livekit_protocol::client_info::Sdk::from_str_name(&name.to_ascii_uppercase()).unwrap_or_default().into()
}

/// A client may bring its own metadata and attributes only if it may also change them later.
fn apply_own_metadata(
    claims: &mut Claims,
    metadata: String,
    attributes: HashMap<String, String>,
) -> Result<(), LiveKitRefusal> {
    if (!metadata.is_empty() || !attributes.is_empty()) && !claims.video.can_update_own_metadata() {
        return Err(LiveKitRefusal::new(StatusCode::UNAUTHORIZED, NO_ACCESS));
    }
    if !metadata.is_empty() {
        claims.metadata = metadata;
    }
    claims.attributes.extend(attributes.into_iter().filter(|(_, value)| !value.is_empty()));
    Ok(())
}

fn check_limits(claims: &Claims, limits: &RoomLimits) -> Result<(), LiveKitRefusal> {
    if claims.metadata.len() > limits.metadata {
        return Err(bad("metadata size exceeds limits"));
    }
    let attributes: usize = claims.attributes.iter().map(|(key, value)| key.len() + value.len()).sum();
    if attributes > limits.metadata {
        return Err(bad("attribute size exceeds limits"));
    }
    if claims.name.len() > limits.name {
        return Err(bad("name length exceeds limits"));
    }
    Ok(())
}

/// URL-safe base64, with padding or without.
fn lenient() -> GeneralPurpose {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&alphabet::URL_SAFE, config)
}

/// Unwraps a join request, which may inflate to `limit` bytes at most.
fn join_request(encoded: &str, limit: usize) -> Result<JoinRequest, LiveKitRefusal> {
    let wrapped = lenient().decode(encoded).map_err(|_| bad("cannot base64 decode wrapped join request"))?;
    let wrapped = WrappedJoinRequest::decode(wrapped.as_slice())
        .map_err(|_| bad("cannot unmarshal wrapped join request"))?;
    let bytes = match wrapped.compression() {
        Compression::None => wrapped.join_request,
        Compression::Gzip => inflate(&wrapped.join_request, limit)?,
    };
    if bytes.len() > limit {
        return Err(bad("join request too large"));
    }
    JoinRequest::decode(bytes.as_slice()).map_err(|_| bad("cannot unmarshal join request"))
}

fn inflate(packed: &[u8], limit: usize) -> Result<Vec<u8>, LiveKitRefusal> {
    let mut bytes = Vec::new();
    // Reading one byte more than allowed tells too large from just fitting.
    let mut reader = GzDecoder::new(packed).take(limit as u64 + 1);
    reader.read_to_end(&mut bytes).map_err(|_| bad("cannot read decompressed join request"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression as Level;
    use flate2::write::GzEncoder;
    use livekit_token::VideoGrants;
    use proptest::prelude::*;

    use super::*;

    fn entry(own: bool) -> RoomClaims {
        let video =
            VideoGrants { room_join: true, can_update_own_metadata: Some(own), ..VideoGrants::default() };
        RoomClaims { room: "hall".into(), claims: Claims { sub: "ann".into(), video, ..Claims::default() } }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Level::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn wrap(compression: Compression, join_request: Vec<u8>) -> String {
        let wrapped = WrappedJoinRequest { compression: compression.into(), join_request };
        base64::engine::general_purpose::URL_SAFE.encode(wrapped.encode_to_vec())
    }

    fn query(join_request: String) -> RtcQuery {
        RtcQuery { join_request: Some(join_request), ..RtcQuery::default() }
    }

    #[test]
    fn a_join_request_comes_plain_or_packed() {
        let request = JoinRequest {
            publisher_offer: Some(SessionDescription { sdp: "v=0".into(), id: 7, ..Default::default() }),
            ..JoinRequest::default()
        };
        for (compression, bytes) in [
            (Compression::None, request.encode_to_vec()),
            (Compression::Gzip, gzip(&request.encode_to_vec())),
        ] {
            let arrival =
                arrival(&query(wrap(compression, bytes)), entry(false), true, &RoomLimits::default());
            let arrival = arrival.expect("taken");
            assert!(arrival.single && arrival.resume.is_none());
            assert_eq!(arrival.offer.expect("an offer").id, 7);
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_inflated() {
        let bomb = gzip(&vec![0; 64 << 20]);
        assert!(bomb.len() < 100_000, "the bomb itself is small: {}", bomb.len());
        let refusal =
            arrival(&query(wrap(Compression::Gzip, bomb)), entry(false), true, &RoomLimits::default());
        assert_eq!(refusal.expect_err("refused").message, "join request too large");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let said = |request: &str| {
            arrival(&query(request.into()), entry(false), true, &RoomLimits::default())
                .expect_err("refused")
                .message
        };
        assert_eq!(said("§"), "cannot base64 decode wrapped join request");
        assert_eq!(said("////"), "cannot base64 decode wrapped join request");
        assert_eq!(said("_____w=="), "cannot unmarshal wrapped join request");
        assert_eq!(said(&wrap(Compression::Gzip, b"no".to_vec())), "cannot read decompressed join request");
        assert_eq!(said(&wrap(Compression::None, vec![0xff; 3])), "cannot unmarshal join request");
        assert_eq!(said(""), "join_request is required");
    }

    #[test]
    fn own_metadata_needs_the_right_to_it() {
        let request = JoinRequest { metadata: "mine".into(), ..JoinRequest::default() };
        let wrapped = query(wrap(Compression::None, request.encode_to_vec()));
        let refusal = arrival(&wrapped, entry(false), true, &RoomLimits::default()).expect_err("refused");
        assert_eq!((refusal.status.as_u16(), refusal.message.as_str()), (401, NO_ACCESS));
        let taken = arrival(&wrapped, entry(true), true, &RoomLimits::default()).expect("taken");
        assert_eq!(taken.claims.metadata, "mine");
    }

    #[test]
    fn the_older_route_speaks_by_its_query() {
        let query = RtcQuery {
            reconnect: Some("1".into()),
            sid: Some("PA_x".into()),
            auto_subscribe: Some("0".into()),
            sdk: Some("js".into()),
            ..RtcQuery::default()
        };
        let arrival = arrival(&query, entry(false), false, &RoomLimits::default()).expect("taken");
        assert_eq!(arrival.resume.as_deref(), Some("PA_x"));
        assert!(!arrival.single && !arrival.auto_subscribe);
        assert_eq!(arrival.client.sdk(), livekit_protocol::client_info::Sdk::Js);
    }

    proptest! {
        #[test]
        fn no_request_makes_it_panic(text in "[A-Za-z0-9_=-]{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let limits = RoomLimits::default();
            drop(arrival(&query(text), entry(true), true, &limits));
            drop(arrival(&query(wrap(Compression::None, bytes.clone())), entry(true), true, &limits));
            drop(arrival(&query(wrap(Compression::Gzip, bytes)), entry(true), true, &limits));
        }
    }
}
