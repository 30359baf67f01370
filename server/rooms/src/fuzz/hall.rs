//! A room with an honest participant, in which a target lets a hostile one act.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use livekit_protocol::{ClientInfo, Ping, SessionDescription};
use livekit_token::{Claims, VideoGrants};
use prost::Message as _;
use str0m::crypto::from_feature_flags;
use str0m::media::{Direction, MediaKind};
use str0m::{Candidate, Rtc};

use crate::config::{RoomLimits, Waits};
use crate::ids::Ids;
use crate::peer::Setup;
use crate::room::{Joining, NewRoomSettings, Pid, RoomInstant, SfuRoom};
use crate::session::{RoomSession, SessionAction};

/// The most bytes that others are sent about one participant: metadata, attributes, and tracks with their names.
const TOLD: usize = 160_000;
/// The most messages that one input may make the server send to somebody else.
const SAID: usize = 2_000;

/// The server's media address.
pub(super) const HERE: ([u8; 4], u16) = ([127, 0, 0, 1], 7_000);

/// Made once: generating a certificate takes longer than everything else.
static SETUP: LazyLock<Setup> = LazyLock::new(|| {
    let crypto = Arc::new(from_feature_flags());
    let certificate = crypto.dtls_provider.generate_certificate().expect("a certificate");
    let here = Candidate::host(SocketAddr::from(HERE), "udp").expect("a candidate");
    Setup { candidates: vec![here], certificate, crypto, limits: RoomLimits::default() }
});

#[expect(clippy::disallowed_methods, reason = "an anchor for virtual time")]
pub(super) fn start() -> RoomInstant {
    RoomInstant { now: Instant::now(), unix_ms: 0 }
}

/// Ann, who is honest, and a hostile participant.
pub(super) struct HostileSession {
    pub session: RoomSession,
    pub at: RoomInstant,
    pub ann: Pid,
    pub rude: Pid,
    said: usize,
}

impl HostileSession {
    /// Both have joined; the hostile one with one peer connection or with two.
    pub fn open(single: bool) -> Self {
        let at = start();
        let (settings, limits) = (NewRoomSettings::default(), RoomLimits::default());
        let room = SfuRoom::open(at, "hall", settings, limits, Waits::default(), Ids::seeded(1));
        let mut session = RoomSession::new(room, SETUP.clone());
        let mut enter = |identity: &str, single| {
            session.join(at, joining(identity, single), None).expect("there is room")
        };
        let (ann, rude) = (enter("ann", true), enter("rude", single));
        let mut hall = Self { session, at, ann, rude, said: 0 };
        hall.carry_out();
        hall
    }

    /// The hostile one sends a request, a tenth of a second after the last one.
    pub fn ask(&mut self, request: Request) {
        self.pass();
        self.session.request(self.at, self.rude, request);
        self.carry_out();
    }

    /// A tenth of a second passes.
    pub fn pass(&mut self) {
        self.at.now += Duration::from_millis(100);
        if self.session.deadline().is_some_and(|deadline| deadline <= self.at.now) {
            self.session.tick(self.at);
        }
        self.carry_out();
    }

    /// Performs what the session puts out, and inspects what is sent to Ann.
    fn carry_out(&mut self) -> Vec<Message> {
        let mut heard = Vec::new();
        while let Some(what) = self.session.poll() {
            match what {
                SessionAction::Signal(pid, message) if pid == self.ann => heard.push(message),
                SessionAction::Hang(pid) | SessionAction::Gone(pid) => {
                    assert_ne!(pid, self.ann, "Ann had to leave")
                }
                SessionAction::Closed => panic!("the room was closed"),
                SessionAction::Signal(..)
                | SessionAction::Known(..)
                | SessionAction::Transmit { .. }
                | SessionAction::Event(_) => {}
            }
        }
        self.said += heard.len();
        heard
    }

    /// What must hold after any input: Ann is still here and answered, her client was not flooded, and what the room
    /// stores about the other is bounded.
    pub fn check(mut self) {
        self.pass();
        assert!(self.said < SAID, "{} messages to Ann", self.said);
        let ping = Ping { timestamp: 7, rtt: 0 };
        self.session.request(self.at, self.ann, Request::PingReq(ping));
        let heard = self.carry_out();
        let answered =
            |message: &Message| matches!(message, Message::PongResp(pong) if pong.last_ping_timestamp == 7);
        assert!(heard.iter().any(answered), "Ann's ping got no answer");
        let told: usize = self.session.room.participants().iter().map(|other| other.encoded_len()).sum();
        assert!(told < TOLD, "{told} bytes are told of two participants");
    }
}

/// A participant with the rights of an ordinary token.
pub(super) fn joining(identity: &str, single: bool) -> Joining {
    let video =
        VideoGrants { room_join: true, can_update_own_metadata: Some(true), ..VideoGrants::default() };
    Joining {
        claims: Claims { sub: identity.into(), video, ..Claims::default() },
        client: ClientInfo::default(),
        auto_subscribe: true,
        single,
        tracks: Vec::new(),
    }
}

/// An honest first offer: data channels, a microphone called `cid`, and places for two tracks.
pub(super) fn offer() -> SessionDescription {
    let mut rtc = Rtc::builder().set_crypto_provider(Arc::clone(&SETUP.crypto)).build(start().now);
    let here = SocketAddr::from(([127, 0, 0, 1], 9_999));
    rtc.add_local_candidate(Candidate::host(here, "udp").expect("a candidate"));
    let mut api = rtc.sdp_api();
    api.add_channel("_reliable".into());
    api.add_media(MediaKind::Audio, Direction::SendOnly, Some("stream".into()), Some("cid".into()), None);
    for _ in 0..2 {
        api.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
    }
    let (offer, _) = api.apply().expect("something changed");
    SessionDescription { r#type: "offer".into(), sdp: offer.to_sdp_string(), id: 1, ..Default::default() }
}
