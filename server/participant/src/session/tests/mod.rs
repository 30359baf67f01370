//! A session against a minimal server (str0m on the other side), on virtual time and without sockets.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one message among all others")]

mod connection;
mod messages;
mod tracks;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value;
use proto::signal_request::Message as Request;
use proto::signal_response::Message as Response;
use str0m::change::SdpOffer;
use str0m::channel::ChannelId;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Rtc};

use super::{MediaTransport, Offer, Output, Session};
use crate::events::RoomClientEvent;
use crate::room::comeback::ReconnectVerdict;

const OURS: &str = "127.0.0.1:4000";
const THEIRS: &str = "127.0.0.1:5000";

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// The server's half of the connection.
struct World {
    now: Instant,
    session: Session,
    server: Rtc,
    channels: Vec<(ChannelId, String)>,
    /// Messages that the server got.
    messages: Vec<proto::DataPacket>,
    requests: Vec<Request>,
    events: Vec<RoomClientEvent>,
    ups: usize,
    lost: Vec<ReconnectVerdict>,
    token: Option<String>,
    /// Datagrams sent over TCP.
    streamed: usize,
}

impl World {
    fn new() -> (Self, Offer) {
        let now = tokio::time::Instant::now().into_std();
        let (session, offer) = Session::new(now, [vec![address(OURS)], Vec::new()], true);
        let mut server = Rtc::builder().set_rtp_mode(true).build(now);
        server.add_local_candidate(Candidate::host(address(THEIRS), "udp").unwrap());
        let world = Self {
            now,
            session,
            server,
            channels: Vec::new(),
            messages: Vec::new(),
            requests: Vec::new(),
            events: Vec::new(),
            ups: 0,
            lost: Vec::new(),
            token: None,
            streamed: 0,
        };
        (world, offer)
    }

    /// In the room, with media flowing.
    fn joined() -> Self {
        let (mut world, offer) = Self::new();
        let me = info("me", "PA_me");
        let other_participants = vec![with_track(info("ada", "PA_ada"), "TR_ada")];
        let join = proto::JoinResponse { participant: Some(me), other_participants, ..Default::default() };
        world.session.joined(world.now, join, true);
        world.answer(&offer);
        world.run(2_000);
        assert_eq!(world.ups, 1);
        world
    }

    fn answer(&mut self, offer: &Offer) {
        let parsed = SdpOffer::from_sdp_string(&offer.sdp).unwrap();
        let sdp = self.server.sdp_api().accept_offer(parsed).unwrap().to_sdp_string();
        let answer = Offer { r#type: "answer".to_owned(), sdp, id: offer.id, ..Offer::default() };
        self.session.handle_signal(self.now, Response::Answer(answer));
    }

    /// Lets so many milliseconds pass, in steps of five.
    fn run(&mut self, ms: u64) {
        for _ in 0..ms / 5 {
            self.now += Duration::from_millis(5);
            self.session.time(self.now);
            self.server.handle_input(Input::Timeout(self.now)).unwrap();
            self.exchange();
        }
    }

    fn exchange(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(output) = self.session.poll(self.now) {
                quiet = false;
                match output {
                    Output::Signal(request) => self.requests.push(*request),
                    Output::Transmit(way, from, to, bytes) => {
                        if way == MediaTransport::Tcp {
                            self.streamed += 1;
                            continue;
                        }
                        let receive = Receive::new(Protocol::Udp, from, to, &bytes).unwrap();
                        self.server.handle_input(Input::Receive(self.now, receive)).unwrap();
                    }
                    Output::Event(event) => self.events.push(event),
                    Output::MediaUp => self.ups += 1,
                    Output::Lost(why) => self.lost.push(why),
                    Output::Token(token) => self.token = token,
                    Output::Invoke(_) | Output::Ended(_) => {}
                }
            }
            loop {
                match self.server.poll_output().unwrap() {
                    str0m::Output::Timeout(_) => break,
                    str0m::Output::Transmit(out) => {
                        quiet = false;
                        self.session.datagram(
                            self.now,
                            MediaTransport::Udp,
                            out.source,
                            out.destination,
                            &out.contents,
                        );
                    }
                    str0m::Output::Event(Event::ChannelOpen(id, label)) => self.channels.push((id, label)),
                    str0m::Output::Event(Event::ChannelData(data)) => {
                        self.messages.push(proto::DataPacket::decode(data.data.as_slice()).unwrap());
                    }
                    str0m::Output::Event(_) => {}
                }
            }
            if quiet {
                return;
            }
        }
    }

    /// The requests to the server since the last call.
    fn asked(&mut self) -> Vec<Request> {
        self.exchange();
        std::mem::take(&mut self.requests)
    }

    fn offers(&mut self) -> Vec<Offer> {
        let offers = self.asked().into_iter();
        offers
            .filter_map(|request| if let Request::Offer(offer) = request { Some(offer) } else { None })
            .collect()
    }

    fn require(&mut self, num_audios: u32) {
        let required = proto::MediaSectionsRequirement { num_audios, num_videos: 0 };
        self.session.handle_signal(self.now, Response::MediaSectionsRequirement(required));
    }

    /// The server sends a message of Ada's.
    fn say(&mut self, sequence: u32, value: Value) {
        let packet = proto::DataPacket {
            participant_identity: "ada".to_owned(),
            participant_sid: "PA_ada".to_owned(),
            sequence,
            value: Some(value),
            ..Default::default()
        };
        let id = self.channels.iter().find(|(_, label)| label == "_reliable").unwrap().0;
        assert!(self.server.channel(id).unwrap().write(true, &packet.encode_to_vec()).unwrap());
        self.run(100);
    }
}

fn info(identity: &str, sid: &str) -> proto::ParticipantInfo {
    proto::ParticipantInfo {
        identity: identity.to_owned(),
        sid: sid.to_owned(),
        state: proto::participant_info::State::Active as i32,
        version: 1,
        ..Default::default()
    }
}

fn with_track(mut info: proto::ParticipantInfo, sid: &str) -> proto::ParticipantInfo {
    info.tracks.push(proto::TrackInfo {
        sid: sid.to_owned(),
        r#type: proto::TrackType::Audio as i32,
        ..Default::default()
    });
    info
}

fn user(payload: &[u8]) -> Value {
    Value::User(proto::UserPacket { payload: payload.to_vec(), ..Default::default() })
}
