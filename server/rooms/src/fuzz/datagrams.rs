//! Input of the media sockets: connectivity checks, DTLS, RTP, RTCP, and look-alikes.

use std::net::SocketAddr;

use fuzz_kit::{glued, pieces};
use livekit_protocol::signal_request::Message as Request;
use tokio::sync::mpsc;

use super::hall::{self, HERE, HostileSession};
use crate::peer::PeerSide;
use crate::switch::{RoutedDatagram, Switch, Via, stun_receiver_ufrag};

/// A list of datagrams. The first byte of each chooses how it arrives; the rest goes to the switch, where Ann and the
/// hostile client are registered, and to the hostile client's transports, which await their first datagram.
pub(super) fn datagrams(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let mut hall = HostileSession::open(kind % 2 == 0);
    hall.ask(Request::Offer(hall::offer()));
    let switch = Switch::default();
    let (sender, mut room) = mpsc::channel(4);
    switch.register_route((1, hall.ann, PeerSide::Inward), "ann".into(), sender.clone());
    switch.register_route((1, hall.rude, PeerSide::Inward), "rude".into(), sender);
    let to = SocketAddr::from(HERE);
    for piece in pieces(rest) {
        let Some((how, bytes)) = piece.split_first() else { continue };
        let via = if how & 1 == 0 { Via::Udp } else { Via::Tcp };
        let side = if how & 2 == 0 { PeerSide::Inward } else { PeerSide::Outward };
        let from = SocketAddr::from(([127, 0, 0, 1], 9_000 + u16::from(how >> 2)));
        assert!(stun_receiver_ufrag(bytes).is_none_or(|name| name.len() < bytes.len()));
        if switch.pass(via, from, to, bytes)
            && let Ok(passed) = room.try_recv()
        {
            assert!(passed.bytes == bytes && passed.from == from && passed.via == via);
        }
        let datagram = RoutedDatagram { pid: hall.rude, side, via, from, to, bytes: bytes.to_vec() };
        hall.session.datagram(hall.at, &datagram);
        hall.pass();
    }
    assert!(hall.session.room.participant("rude").is_some(), "datagrams cost somebody its place");
    hall.check();
}

/// A connectivity check for this user fragment.
fn check(name: &str) -> Vec<u8> {
    let username = format!("{name}:them");
    let mut attributes = vec![0x80, 0x22, 0, 3, b'a', b'b', b'c', 0, 0, 6];
    attributes.extend(u16::try_from(username.len()).expect("short").to_be_bytes());
    attributes.extend(username.as_bytes());
    attributes.resize(attributes.len().next_multiple_of(4), 0);
    // MESSAGE-INTEGRITY and FINGERPRINT, both wrong.
    attributes.extend([&[0, 8, 0, 20][..], &[9; 20], &[0x80, 0x28, 0, 4], &[9; 4]].concat());
    let mut packet = vec![0, 1];
    packet.extend(u16::try_from(attributes.len()).expect("short").to_be_bytes());
    packet.extend([0x21, 0x12, 0xa4, 0x42]);
    packet.extend([7; 12]);
    packet.extend(attributes);
    packet
}

pub(super) fn samples() -> Vec<Vec<u8>> {
    // Opus with an audio level; a receiver's report; the beginning of a DTLS handshake.
    let rtp = [&[0x90, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0xbe, 0xde, 0, 1, 0x10, 0x80, 0, 0][..], &[1; 20]]
        .concat();
    let rtcp = [&[0x81, 201, 0, 7, 0, 0, 0, 2][..], &[0; 24]].concat();
    let dtls = [&[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 1][..], &[0; 19]].concat();
    let all: Vec<Vec<u8>> =
        [check("ann"), check("rude"), dtls, rtp, rtcp].iter().map(|one| [&[0], &one[..]].concat()).collect();
    (0..2).map(|kind| glued(kind, &all)).collect()
}
