//! Calls to the server API, with a token that allows all of them.

use std::net::Ipv4Addr;
use std::sync::LazyLock;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use livekit_protocol::{
    CreateRoomRequest, DisconnectReason, MuteRoomTrackRequest, RoomParticipantIdentity, SendDataRequest,
    UpdateParticipantRequest,
};
use livekit_token::{AccessToken, VideoGrants};
use prost::Message as _;
use tokio::runtime::{Builder, Runtime};

use crate::address::MediaAddress;
use crate::config::{Config, Secret};
use crate::http::twirp;
use crate::hub::Rooms;

const SECRET: &str = "secret-of-the-key-0123456789abcdef";
const METHODS: [&str; 12] = [
    "CreateRoom",
    "ListRooms",
    "DeleteRoom",
    "UpdateRoomMetadata",
    "ListParticipants",
    "GetParticipant",
    "RemoveParticipant",
    "UpdateParticipant",
    "MutePublishedTrack",
    "UpdateSubscriptions",
    "SendData",
    "NoSuchMethod",
];
/// The statuses that LiveKit uses.
const STATUSES: [u16; 6] = [200, 400, 401, 404, 412, 429];

/// A server on the loopback, and its token.
struct TwirpFixture {
    runtime: Runtime,
    rooms: Rooms,
    headers: [HeaderMap; 2],
}

static STAGE: LazyLock<TwirpFixture> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut config = Config::new("key", Secret::new(SECRET));
    config.addresses = vec![MediaAddress::new((Ipv4Addr::LOCALHOST, 0).into())];
    let rooms = runtime.block_on(Rooms::start(config)).expect("it starts");
    let grants = VideoGrants {
        room_create: true,
        room_list: true,
        room_admin: true,
        room: "hall".into(),
        ..VideoGrants::default()
    };
    let token =
        AccessToken::with_api_key("key", SECRET).with_grants(grants).with_ttl(Duration::from_secs(86_400));
    let bearer = format!("Bearer {}", token.to_jwt().expect("a token"));
    let headers = ["application/protobuf", "application/json; charset=utf-8"].map(|kind| {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, bearer.parse().expect("it is ASCII"));
        headers.insert(CONTENT_TYPE, kind.parse().expect("it is ASCII"));
        headers
    });
    TwirpFixture { runtime, rooms, headers }
});

/// One call: the first byte chooses the method, its lowest bit the format; the rest is the body. The hall is open.
pub(super) fn call(bytes: &[u8]) {
    let Some((kind, body)) = bytes.split_first() else { return };
    let stage = &*STAGE;
    stage.runtime.block_on(async {
        let hub = &stage.rooms.0;
        let hall = CreateRoomRequest { name: "hall".into(), ..CreateRoomRequest::default() }.encode_to_vec();
        assert_eq!(stage.say("CreateRoom", 0, hall).await, 200);
        let status = stage
            .say(METHODS[usize::from(kind >> 1) % METHODS.len()], usize::from(kind & 1), body.to_vec())
            .await;
        assert!(STATUSES.contains(&status), "{status} is not LiveKit's");
        for handle in hub.all() {
            hub.run_in_room(&handle, |session, at| {
                session.with_room(at, |room| room.close(at, DisconnectReason::RoomDeleted));
            })
            .await;
        }
        while !hub.all().is_empty() {
            tokio::task::yield_now().await;
        }
    });
}

impl TwirpFixture {
    async fn say(&self, method: &str, format: usize, body: Vec<u8>) -> u16 {
        let response = twirp::call(&self.rooms, method, &self.headers[format], Bytes::from(body)).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.expect("it is short");
        if status != 200 {
            let fault: serde_json::Value = serde_json::from_slice(&body).expect("a fault is JSON");
            assert!(fault["code"].is_string() && fault["msg"].is_string(), "{fault}");
        }
        status
    }
}

pub(super) fn samples() -> Vec<Vec<u8>> {
    let (room, identity) = (|| "hall".to_owned(), || "ann".to_owned());
    let of = |method: &str, body: Vec<u8>| {
        let at = METHODS.iter().position(|name| *name == method).expect("a method");
        [vec![u8::try_from(at * 2).expect("few")], body].concat()
    };
    let person = RoomParticipantIdentity { room: room(), identity: identity(), ..Default::default() };
    let update = UpdateParticipantRequest {
        room: room(),
        identity: identity(),
        name: "A".into(),
        ..Default::default()
    };
    let mute = MuteRoomTrackRequest { room: room(), identity: identity(), muted: true, ..Default::default() };
    let data = SendDataRequest { room: room(), data: vec![1; 9], ..Default::default() };
    let create = CreateRoomRequest {
        name: "other".into(),
        metadata: "m".into(),
        empty_timeout: 9,
        ..Default::default()
    };
    let json = |method, body: &str| {
        let mut sample = of(method, body.as_bytes().to_vec());
        sample[0] |= 1;
        sample
    };
    vec![
        of("CreateRoom", create.encode_to_vec()),
        of("ListRooms", Vec::new()),
        of("GetParticipant", person.encode_to_vec()),
        of("UpdateParticipant", update.encode_to_vec()),
        of("MutePublishedTrack", mute.encode_to_vec()),
        of("SendData", data.encode_to_vec()),
        json("CreateRoom", r#"{"name":"other","emptyTimeout":9,"maxParticipants":2}"#),
        json("UpdateRoomMetadata", r#"{"room":"hall","metadata":"m"}"#),
        json("DeleteRoom", r#"{"room":"hall"}"#),
        json(
            "SendData",
            r#"{"room":"hall","data":"AQID","kind":"RELIABLE","destinationIdentities":["ann"]}"#,
        ),
    ]
}
