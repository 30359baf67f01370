//! Input from the server, and from other participants through it.

use fuzz_kit::{glued, pieces};
use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value;
use proto::data_stream as stream;
use proto::signal_response::Message as Response;

use super::stay::{self, Stay};
use crate::events::RoomClientEvent;
use crate::session::{Offer, Output, sdp};

const CANDIDATE: &str = "candidate:1 1 udp 2113929471 203.0.113.100 10100 typ host";

/// A list of responses; the first byte chooses how many peer connections there are.
pub(super) fn signal(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let mut stay = Stay::begin(kind % 2 == 0);
    for piece in pieces(rest) {
        if let Ok(proto::SignalResponse { message: Some(message) }) = proto::SignalResponse::decode(piece) {
            stay.session.handle_signal(stay.now, message);
            stay.after(piece.len());
        }
    }
    stay.check();
}

pub(super) fn signal_samples() -> Vec<Vec<u8>> {
    let (answer, offer) = stay::answer_and_offer();
    let description = |kind: &str, sdp: String| Offer { r#type: kind.into(), sdp, ..Offer::default() };
    let track = proto::TrackInfo { sid: "TR_me".into(), ..Default::default() };
    let messages = [
        Response::Update(proto::ParticipantUpdate { participants: vec![stay::ada()] }),
        Response::TrackPublished(proto::TrackPublishedResponse { cid: "cid".into(), track: Some(track) }),
        Response::MediaSectionsRequirement(proto::MediaSectionsRequirement { num_audios: 2, num_videos: 0 }),
        Response::Answer(description("answer", answer)),
        Response::Offer(description("offer", offer)),
        Response::Trickle(proto::TrickleRequest {
            candidate_init: sdp::candidate_json(CANDIDATE),
            ..Default::default()
        }),
        Response::SpeakersChanged(proto::SpeakersChanged {
            speakers: vec![proto::SpeakerInfo { sid: "PA_ada".into(), level: 0.5, active: true }],
        }),
        Response::ConnectionQuality(proto::ConnectionQualityUpdate {
            updates: vec![proto::ConnectionQualityInfo {
                participant_sid: "PA_ada".into(),
                quality: 2,
                ..Default::default()
            }],
        }),
        Response::Mute(proto::MuteTrackRequest { sid: "TR_me".into(), muted: true }),
        Response::RequestResponse(proto::RequestResponse { request_id: 1, reason: 2, ..Default::default() }),
        Response::RoomUpdate(proto::RoomUpdate { room: Some(proto::Room::default()) }),
        Response::TrackUnpublished(proto::TrackUnpublishedResponse { track_sid: "TR_me".into() }),
        Response::Leave(proto::LeaveRequest { action: 2, ..Default::default() }),
    ];
    let encoded: Vec<Vec<u8>> = messages
        .into_iter()
        .map(|message| proto::SignalResponse { message: Some(message) }.encode_to_vec())
        .collect();
    let mut samples: Vec<Vec<u8>> = encoded.iter().map(|one| glued(0, [one])).collect();
    samples.extend([glued(0, &encoded), glued(1, &encoded)]);
    samples
}

/// Texts separated by zero bytes: an answer, two offers, and candidates. `M0` and `M1` in them stand for the sections
/// that we offered.
pub(super) fn sdp(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let mut stay = Stay::begin(kind % 2 == 0);
    for (number, text) in text.split('\0').take(8).enumerate() {
        let text = stay.named(text);
        assert!(sdp::tracks(&text).len() <= text.matches("m=").count());
        assert_eq!(sdp::candidate(&sdp::candidate_json(&text)).unwrap_or_default(), text);
        let length = text.len();
        let description = |kind: &str, sdp: String| Offer { r#type: kind.into(), sdp, ..Offer::default() };
        let message = match number {
            0 => Response::Answer(description("answer", text)),
            1 | 2 => Response::Offer(description("offer", text)),
            _ => Response::Trickle(proto::TrickleRequest {
                candidate_init: sdp::candidate_json(&text),
                target: i32::from(kind % 2 == 1),
                ..Default::default()
            }),
        };
        stay.session.handle_signal(stay.now, message);
        stay.after(length);
    }
    stay.check();
}

pub(super) fn sdp_samples() -> Vec<Vec<u8>> {
    let (answer, offer) = stay::answer_and_offer();
    let all = format!("{answer}\0{offer}\0{offer}\0{CANDIDATE}\0{CANDIDATE}");
    vec![
        format!("\0{answer}").into_bytes(),
        format!("\0{all}").into_bytes(),
        format!("\x01{all}").into_bytes(),
    ]
}

/// A list of packets of the data channels. No event may report anything that was not in them.
pub(super) fn data(bytes: &[u8]) {
    let Some((_, rest)) = bytes.split_first() else { return };
    let mut stay = Stay::begin(true);
    for piece in pieces(rest) {
        stay.session.message(stay.now, piece);
        for output in stay.after(piece.len()) {
            match output {
                Output::Event(RoomClientEvent::DataReceived { payload, .. }) => {
                    assert!(payload.len() <= piece.len())
                }
                Output::Invoke(invocation) => {
                    assert!(invocation.method == "m" && invocation.payload.len() <= piece.len());
                }
                Output::Event(RoomClientEvent::TextStreamOpened(reader)) => {
                    assert!(reader.info().topic.len() <= piece.len());
                }
                Output::Event(RoomClientEvent::ByteStreamOpened(reader)) => {
                    assert!(reader.info().topic.len() <= piece.len());
                }
                Output::Event(event) => panic!("{event:?} comes of a data packet"),
                Output::Lost(_) | Output::Ended(_) => panic!("a data packet ended the stay"),
                Output::Signal(_) | Output::Transmit(..) | Output::Token(_) | Output::MediaUp => {}
            }
        }
    }
    stay.check();
}

pub(super) fn data_samples() -> Vec<Vec<u8>> {
    let stream_id = || "s".to_owned();
    let text = stream::header::ContentHeader::TextHeader(stream::TextHeader::default());
    let values = [
        Value::User(proto::UserPacket {
            payload: vec![7; 20],
            topic: Some("t".into()),
            ..Default::default()
        }),
        Value::StreamHeader(stream::Header {
            stream_id: stream_id(),
            topic: "lk.chat".into(),
            content_header: Some(text),
            ..Default::default()
        }),
        Value::StreamChunk(stream::Chunk {
            stream_id: stream_id(),
            content: "mäh".as_bytes()[..2].to_vec(),
            ..Default::default()
        }),
        Value::StreamChunk(stream::Chunk {
            stream_id: stream_id(),
            chunk_index: 1,
            content: "mäh".as_bytes()[2..].to_vec(),
            ..Default::default()
        }),
        Value::StreamTrailer(stream::Trailer { stream_id: stream_id(), ..Default::default() }),
        Value::RpcRequest(proto::RpcRequest {
            id: "1".into(),
            method: "m".into(),
            response_timeout_ms: 900,
            version: 1,
            ..Default::default()
        }),
        Value::RpcAck(proto::RpcAck { request_id: "2".into() }),
        Value::RpcResponse(proto::RpcResponse { request_id: "2".into(), value: None }),
    ];
    let packets = (1..).zip(values).map(|(sequence, value)| proto::DataPacket {
        participant_identity: "ada".into(),
        participant_sid: "PA_ada".into(),
        sequence,
        value: Some(value),
        ..Default::default()
    });
    vec![glued(0, packets.map(|packet| packet.encode_to_vec()))]
}
