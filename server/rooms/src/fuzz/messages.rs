//! Input of a participant: signalling requests, descriptions, data packets.

use fuzz_kit::{glued, pieces};
use livekit_protocol::data_packet::Value;
use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::{
    AddTrackRequest, DataPacket, LeaveRequest, MuteTrackRequest, Ping, RpcRequest, SessionDescription,
    SignalRequest, SignalTarget, SubscriptionPermission, SyncState, TrackPermission, TrackSource, TrackType,
    TrickleRequest, UpdateLocalAudioTrack, UpdateParticipantMetadata, UpdateSubscription,
    UpdateTrackSettings, UserPacket, data_stream,
};
use prost::Message as _;

use super::hall::{self, HostileSession};
use crate::config::{RoomLimits, Waits};
use crate::ids::Ids;
use crate::room::{NewRoomSettings, Output, SfuRoom};
use crate::sdp::{self, SectionAnswer};

const CANDIDATE: &str = "candidate:1 1 udp 2113929471 203.0.113.100 10100 typ host";

/// A list of requests; the first byte chooses how many peer connections there are.
pub(super) fn signal(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let mut hall = HostileSession::open(kind % 2 == 0);
    for piece in pieces(rest) {
        if let Ok(SignalRequest { message: Some(request) }) = SignalRequest::decode(piece) {
            hall.ask(request);
        }
    }
    hall.check();
}

pub(super) fn signal_samples() -> Vec<Vec<u8>> {
    let sids = || vec!["TR_abcdefghijkl".to_owned()];
    let track = AddTrackRequest {
        cid: "cid".into(),
        r#type: TrackType::Audio.into(),
        source: TrackSource::Microphone.into(),
        ..AddTrackRequest::default()
    };
    let init = serde_json::json!({ "candidate": CANDIDATE, "sdpMid": "0", "sdpMLineIndex": 0 }).to_string();
    let permission = TrackPermission { participant_identity: "ann".into(), ..TrackPermission::default() };
    let requests = [
        Request::AddTrack(track),
        Request::Offer(hall::offer()),
        Request::Trickle(TrickleRequest { candidate_init: init, ..TrickleRequest::default() }),
        Request::Mute(MuteTrackRequest { sid: "TR_abcdefghijkl".into(), muted: true }),
        Request::Subscription(UpdateSubscription {
            track_sids: sids(),
            subscribe: true,
            ..UpdateSubscription::default()
        }),
        Request::TrackSetting(UpdateTrackSettings {
            track_sids: sids(),
            disabled: true,
            ..UpdateTrackSettings::default()
        }),
        Request::SubscriptionPermission(SubscriptionPermission {
            track_permissions: vec![permission],
            ..SubscriptionPermission::default()
        }),
        Request::UpdateMetadata(UpdateParticipantMetadata {
            metadata: "m".into(),
            name: "Rude".into(),
            attributes: [("mood".to_owned(), "bad".to_owned())].into(),
            request_id: 3,
        }),
        Request::UpdateAudioTrack(UpdateLocalAudioTrack {
            track_sid: "TR_abcdefghijkl".into(),
            features: vec![1],
        }),
        Request::SyncState(SyncState { track_sids_disabled: sids(), ..SyncState::default() }),
        Request::PingReq(Ping { timestamp: 5, rtt: 20 }),
        Request::Answer(SessionDescription { r#type: "answer".into(), ..hall::offer() }),
        Request::Leave(LeaveRequest::default()),
    ];
    let encoded: Vec<Vec<u8>> = requests
        .into_iter()
        .map(|request| SignalRequest { message: Some(request) }.encode_to_vec())
        .collect();
    let mut samples: Vec<Vec<u8>> = encoded.iter().map(|one| glued(0, [one])).collect();
    samples.extend([glued(0, &encoded), glued(1, &encoded)]);
    samples
}

/// Texts separated by zero bytes: two offers, an answer, then candidates. They go to the whole server and to its own
/// SDP functions.
pub(super) fn sdp(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let mut hall = HostileSession::open(kind % 2 == 0);
    for (number, text) in text.split('\0').take(8).enumerate() {
        let count = sdp::count(text);
        assert_eq!(sdp::sections(text).len(), count);
        assert_eq!(sdp::count(&sdp::with_tracks(text, |_| SectionAnswer::Idle)), count);
        let description = |kind: &str| SessionDescription {
            r#type: kind.into(),
            sdp: text.to_owned(),
            ..SessionDescription::default()
        };
        hall.ask(match number {
            0 | 1 => Request::Offer(description("offer")),
            2 => Request::Answer(description("answer")),
            _ => Request::Trickle(TrickleRequest {
                candidate_init: serde_json::json!({ "candidate": text }).to_string(),
                target: if kind % 2 == 0 { SignalTarget::Publisher } else { SignalTarget::Subscriber }.into(),
                ..TrickleRequest::default()
            }),
        });
    }
    hall.check();
}

pub(super) fn sdp_samples() -> Vec<Vec<u8>> {
    let offer = hall::offer().sdp;
    let answer = offer.replace("a=setup:actpass", "a=setup:active");
    let all = format!("{offer}\0{offer}\0{answer}\0{CANDIDATE}\0{CANDIDATE}");
    vec![
        format!("\0{offer}").into_bytes(),
        format!("\0{all}").into_bytes(),
        format!("\x01{all}").into_bytes(),
    ]
}

/// A list of packets; the first byte chooses the channel. Every receiver must see the real sender.
pub(super) fn data(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let reliable = kind % 2 == 0;
    let (limits, at) = (RoomLimits::default(), hall::start());
    let mut room =
        SfuRoom::open(at, "hall", NewRoomSettings::default(), limits, Waits::default(), Ids::seeded(1));
    let [_, rude, _] = ["ann", "rude", "bob"]
        .map(|identity| room.join(at, hall::joining(identity, true)).expect("there is room"));
    let sid = room.participant("rude").expect("just joined").sid;
    while room.poll().is_some() {}
    for piece in pieces(rest) {
        room.data(rude, reliable, piece);
        let mut delivered = 0;
        while let Some(output) = room.poll() {
            let Output::Deliver(to, delivery) = output else { panic!("{output:?} comes of a data packet") };
            assert!(to != rude && delivery.reliable == reliable);
            assert!(delivery.packet.len() <= 2 * piece.len() + 200, "it grew to {}", delivery.packet.len());
            let packet = DataPacket::decode(&*delivery.packet).expect("it is whole");
            assert_eq!((packet.participant_identity.as_str(), &packet.participant_sid), ("rude", &sid));
            delivered += 1;
        }
        assert!(delivered <= 2, "{delivered} got it");
    }
    assert_eq!(room.participants().len(), 3);
}

pub(super) fn data_samples() -> Vec<Vec<u8>> {
    let stream_id = || "s".to_owned();
    let values = [
        Value::User(UserPacket { payload: vec![7; 20], topic: Some("t".into()), ..UserPacket::default() }),
        Value::StreamHeader(data_stream::Header {
            stream_id: stream_id(),
            topic: "lk.chat".into(),
            ..data_stream::Header::default()
        }),
        Value::StreamChunk(data_stream::Chunk {
            stream_id: stream_id(),
            content: vec![b'a'; 9],
            ..data_stream::Chunk::default()
        }),
        Value::StreamTrailer(data_stream::Trailer {
            stream_id: stream_id(),
            ..data_stream::Trailer::default()
        }),
        Value::RpcRequest(RpcRequest { id: "1".into(), method: "m".into(), ..RpcRequest::default() }),
    ];
    let packets = (1..).zip(values).map(|(sequence, value)| DataPacket {
        destination_identities: vec!["ann".into()],
        participant_identity: "bob".into(),
        sequence,
        value: Some(value),
        ..DataPacket::default()
    });
    let encoded: Vec<Vec<u8>> = packets.map(|packet| packet.encode_to_vec()).collect();
    (0..2).map(|kind| glued(kind, &encoded)).collect()
}
