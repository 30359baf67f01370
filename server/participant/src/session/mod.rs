//! A session in a room as a state machine driven by injected time: signals, datagrams and commands go in; signals,
//! datagrams and events come out. No sockets, no clock, no tasks: `shell` drives it.
//!
//! The driver's loop: feed whatever came in, then call [`Session::poll`] until it is empty and wait until
//! [`Session::deadline`] or for the next input.

mod commands;
mod data;
pub mod media;
mod peer;
pub(crate) mod sdp;
mod signals;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::signal_request::Message as Request;
use tokio::sync::{mpsc, oneshot};

pub use self::commands::{SessionCommand, StreamTo};
use self::data::DataStreams;
use self::media::{PublishedVoice, TrackListener};
pub use self::peer::MediaTransport;
use self::peer::{PeerConnection, PeerEvent};
use crate::audio::frame::AudioFrame;
use crate::events::RoomClientEvent;
use crate::options::RoomClientError;
use crate::room::comeback::ReconnectVerdict;
use crate::room::members::{MemberChange, Members};
use crate::room::reliable::Reliable;
use crate::room::rpc::{Calls, RpcOutcome};

/// How long ICE may have no path before the connection counts as lost.
const PATHLESS: Duration = Duration::from_secs(4);
/// The same if the server has closed the connection: the reason follows on the signalling connection a little later.
const CLOSED: Duration = Duration::from_secs(1);
/// How long the server may be silent on every path. If nothing else is sent, it is pinged every 3 s.
const SILENT: Duration = Duration::from_secs(7);
/// If this machine stood still for this long, the server's silence proves nothing.
const STOOD_STILL: Duration = Duration::from_secs(1);
/// How long only UDP is tried. Connecting over it takes a few round trips, a fraction of this.
const UDP_ALONE: Duration = Duration::from_millis(1_200);
/// How long the server may take to answer a request.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// What the driver has to do.
pub enum Output {
    /// Send to the server.
    Signal(Box<Request>),
    /// Send a datagram, over UDP or TCP, from one of our addresses to one of the server's.
    Transmit(MediaTransport, SocketAddr, SocketAddr, Vec<u8>),
    /// An event for the user of the room.
    Event(RoomClientEvent),
    /// Call the handler of this method; the answer comes back as [`SessionCommand::Answer`].
    Invoke(Invocation),
    /// Media can flow (again).
    MediaUp,
    /// The connection is lost.
    Lost(ReconnectVerdict),
    /// Reconnect with this token from now on; `None`: with the signalling client's.
    Token(Option<String>),
    /// The server ended the session.
    Ended(crate::events::DisconnectReason),
}

/// An incoming call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The id of the call.
    pub id: String,
    /// The caller's identity.
    pub caller: String,
    /// The method.
    pub method: String,
    /// The payload.
    pub payload: String,
    /// How long the caller waits.
    pub within: Duration,
}

/// An update of ours that the server has not confirmed yet.
struct Update {
    wanted: BTreeMap<String, String>,
    by: Instant,
    done: oneshot::Sender<Result<(), RoomClientError>>,
}

/// The state of a session in a room.
pub struct Session {
    out: VecDeque<Output>,
    /// For our connection, and for the server's.
    addresses: [Vec<SocketAddr>; 2],
    auto_subscribe_audio: bool,
    single: bool,
    publisher: PeerConnection,
    /// With two connections: the one that the server sends on.
    subscriber: Option<PeerConnection>,
    /// When the connection will count as lost unless it recovers, and why.
    losing: Option<(Instant, ReconnectVerdict)>,
    /// When the server was last heard, and the last time given to us.
    heard: Instant,
    told: Instant,
    /// When TCP will be tried too, unless UDP has connected by then; and whether TCP was ever needed.
    udp_until: Option<Instant>,
    tcp: bool,
    /// There is a path, as far as is known.
    media_up: bool,
    /// Whether that was reported since the session began or was last resumed.
    told_up: bool,
    me: proto::ParticipantInfo,
    members: Members,
    /// Tracks that we subscribe to, and those of them that were reported as flowing.
    wanted: BTreeSet<String>,
    flowing: BTreeSet<String>,
    ears: BTreeMap<String, TrackListener>,
    voice: Option<PublishedVoice>,
    streams: DataStreams,
    reliable: Reliable,
    calls: Calls<oneshot::Sender<RpcOutcome>>,
    methods: BTreeSet<String>,
    updates: BTreeMap<u32, Update>,
    last_request: u32,
}

impl Session {
    /// A session that has not begun, and the offer that goes with the join request on `/rtc/v1`. Each of the two
    /// connections has its own addresses.
    pub fn new(now: Instant, addresses: [Vec<SocketAddr>; 2], auto_subscribe_audio: bool) -> (Self, Offer) {
        let publisher = PeerConnection::new(now, &addresses[0], 1);
        let mut session = Self {
            out: VecDeque::new(),
            addresses,
            auto_subscribe_audio,
            single: true,
            publisher,
            subscriber: None,
            losing: None,
            heard: now,
            told: now,
            udp_until: None,
            tcp: false,
            media_up: false,
            told_up: false,
            me: proto::ParticipantInfo::default(),
            members: Members::default(),
            wanted: BTreeSet::new(),
            flowing: BTreeSet::new(),
            ears: BTreeMap::new(),
            voice: None,
            streams: DataStreams::default(),
            reliable: Reliable::default(),
            calls: Calls::default(),
            methods: BTreeSet::new(),
            updates: BTreeMap::new(),
            last_request: 0,
        };
        let offer = session.begin_again(now);
        (session, offer)
    }

    /// New connections, to join again as the same participant. Published and subscribed tracks stay.
    pub fn begin_again(&mut self, now: Instant) -> Offer {
        self.publisher = PeerConnection::new(now, &self.addresses[0], 1);
        self.subscriber = None;
        self.media_up = false;
        self.told_up = false;
        self.losing = None;
        self.flowing.clear();
        self.reliable.begin_again();
        self.begin_with_udp(now);
        let (id, sdp) = self.publisher.offer().expect("a new connection has channels to offer");
        Offer { r#type: "offer".to_owned(), sdp, id, ..Offer::default() }
    }

    /// The server admitted us. `single`: on `/rtc/v1`, with one peer connection.
    pub fn joined(&mut self, now: Instant, join: proto::JoinResponse, single: bool) {
        self.single = single;
        if !single {
            self.publisher = PeerConnection::new(now, &self.addresses[0], 0);
            self.subscriber = Some(PeerConnection::new(now, &self.addresses[1], 0));
        }
        self.begin_with_udp(now);
        self.me = join.participant.unwrap_or_default();
        let changes = self.members.replace(&join.other_participants);
        self.trickle();
        if !single {
            self.negotiate();
        }
        self.announce();
        // From an earlier session: those tracks must be subscribed to again, under their new ids.
        self.wanted.retain(|sid| self.members.track(sid).is_some());
        if !self.wanted.is_empty() {
            self.subscribe(self.wanted.iter().cloned().collect(), true);
        }
        self.changed(now, changes);
    }

    /// UDP first; TCP at once if it was needed before.
    fn begin_with_udp(&mut self, now: Instant) {
        self.udp_until = Some(now + if self.tcp { Duration::ZERO } else { UDP_ALONE });
    }

    /// UDP did not connect in time.
    fn allow_tcp(&mut self) {
        self.udp_until = None;
        self.tcp = true;
        self.publisher.allow_tcp(&self.addresses[0]);
        if let Some(subscriber) = &mut self.subscriber {
            subscriber.allow_tcp(&self.addresses[1]);
        }
    }

    /// The session was resumed: report our state and restart ICE. Media goes on flowing meanwhile, if it can.
    pub fn resume(&mut self, response: &proto::ReconnectResponse) {
        self.told_up = false;
        self.losing = None;
        let state = self.sync_state();
        self.signal(Request::SyncState(state));
        for bytes in self.reliable.after(response.last_message_seq) {
            self.publisher.message(true, bytes);
        }
        self.publisher.restart_ice();
        self.negotiate();
        self.trickle();
    }

    /// Our identity.
    pub fn identity(&self) -> &str {
        &self.me.identity
    }

    /// The next output.
    pub fn poll(&mut self, now: Instant) -> Option<Output> {
        if self.out.is_empty() {
            self.poll_peers(now);
            self.release_held_senders();
        }
        self.out.pop_front()
    }

    /// When to call [`time`](Self::time) at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        let voice = self.voice.as_ref().filter(|_| self.media_up && self.publisher.can_speak());
        [
            self.publisher.deadline(),
            self.subscriber.as_ref().and_then(PeerConnection::deadline),
            self.calls.deadline(),
            self.updates.values().map(|update| update.by).min(),
            self.losing.map(|(at, _)| at),
            self.udp_until,
            self.media_up.then_some(self.told + STOOD_STILL / 2),
            self.ears.values().filter_map(TrackListener::due).min(),
            voice.and_then(PublishedVoice::due),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Advances time.
    pub fn time(&mut self, now: Instant) {
        self.publisher.time(now);
        if let Some(subscriber) = &mut self.subscriber {
            subscriber.time(now);
        }
        self.check_for_silence(now);
        if self.udp_until.is_some_and(|until| now >= until) {
            self.allow_tcp();
        }
        if let Some((_, why)) = self.losing.take_if(|(at, _)| now >= *at) {
            self.out.push_back(Output::Lost(why));
        }
        for (done, outcome) in self.calls.expired(now) {
            // The caller may have stopped waiting.
            let _unheard = done.send(outcome);
        }
        let late: Vec<u32> =
            self.updates.iter().filter(|(_, update)| update.by <= now).map(|(&id, _)| id).collect();
        for id in late {
            self.confirm(id, Err(RoomClientError::Timeout));
        }
        self.speak(now);
        self.listen(now);
    }

    /// ICE itself takes 20 s to notice that nothing arrives any more.
    fn check_for_silence(&mut self, now: Instant) {
        if now.saturating_duration_since(self.told) > STOOD_STILL {
            self.heard = now;
        }
        self.told = now;
        if self.media_up && now.saturating_duration_since(self.heard) >= SILENT {
            self.media_up = false;
            if !self.tcp {
                self.udp_until = Some(now);
            }
            self.losing = Some((now, ReconnectVerdict::Unreachable));
        }
    }

    /// Takes a datagram from the server to one of our addresses.
    pub fn datagram(
        &mut self,
        now: Instant,
        way: MediaTransport,
        from: SocketAddr,
        to: SocketAddr,
        bytes: &[u8],
    ) {
        let peer = match &mut self.subscriber {
            // Our address tells which connection it is for: the server sends both from one address.
            Some(subscriber) if self.addresses[1].contains(&to) => subscriber,
            Some(_) | None => &mut self.publisher,
        };
        peer.datagram(now, way, from, to, bytes);
        self.heard = now;
    }

    /// Leaves: sends the server a leave message.
    pub fn leave(&mut self) {
        self.signal(Request::Leave(proto::LeaveRequest {
            reason: proto::DisconnectReason::ClientInitiated as i32,
            action: proto::leave_request::Action::Disconnect as i32,
            ..Default::default()
        }));
        self.publisher.close();
        if let Some(subscriber) = &mut self.subscriber {
            subscriber.close();
        }
    }

    fn poll_peers(&mut self, now: Instant) {
        while let Some(event) = self.publisher.poll() {
            self.peer_event(now, event);
        }
        while let Some(event) = self.subscriber.as_mut().and_then(PeerConnection::poll) {
            self.peer_event(now, event);
        }
    }

    fn peer_event(&mut self, now: Instant, event: PeerEvent) {
        match event {
            PeerEvent::Transmit(way, from, to, bytes) => {
                self.out.push_back(Output::Transmit(way, from, to, bytes));
            }
            PeerEvent::Connected => self.check_media(now),
            PeerEvent::Path(true) => {
                self.losing = None;
                self.check_media(now);
            }
            PeerEvent::Path(false) => {
                self.media_up = false;
                // This path is gone; perhaps the other works.
                if !self.tcp {
                    self.udp_until = Some(now);
                }
                self.losing.get_or_insert((now + PATHLESS, ReconnectVerdict::Unreachable));
            }
            PeerEvent::Closed => self.losing = Some((now + CLOSED, ReconnectVerdict::Stale)),
            PeerEvent::Rtp(track, packet) => self.receive_packet(now, track, &packet),
            PeerEvent::Message(bytes) => self.message(now, &bytes),
        }
    }

    /// With two connections ours counts: the server's comes only with the first track.
    fn check_media(&mut self, now: Instant) {
        if self.publisher.is_connected() {
            self.media_up = true;
            self.heard = now;
            self.udp_until = None;
            if !std::mem::replace(&mut self.told_up, true) {
                self.out.push_back(Output::MediaUp);
            }
        }
    }

    fn signal(&mut self, request: Request) {
        self.out.push_back(Output::Signal(Box::new(request)));
    }

    fn event(&mut self, event: RoomClientEvent) {
        self.out.push_back(Output::Event(event));
    }

    fn next_request(&mut self) -> u32 {
        self.last_request += 1;
        self.last_request
    }

    fn confirm(&mut self, id: u32, result: Result<(), RoomClientError>) {
        if let Some(update) = self.updates.remove(&id) {
            let _unheard = update.done.send(result);
        }
    }

    fn changed(&mut self, now: Instant, changes: Vec<MemberChange>) {
        for change in changes {
            let event = match change {
                MemberChange::Joined(member) => RoomClientEvent::ParticipantConnected(member),
                MemberChange::Left(member) => {
                    self.end_member_traffic(&member);
                    RoomClientEvent::ParticipantDisconnected(member)
                }
                MemberChange::Published(identity, track) => {
                    if track.audio && self.auto_subscribe_audio && self.wanted.insert(track.sid.clone()) {
                        self.subscribe(vec![track.sid.clone()], true);
                    }
                    RoomClientEvent::TrackPublished(identity, track)
                }
                MemberChange::Unpublished(identity, track) => {
                    self.wanted.remove(&track.sid);
                    self.flowing.remove(&track.sid);
                    self.ears.remove(&track.sid);
                    RoomClientEvent::TrackUnpublished(identity, track)
                }
                MemberChange::Muted(identity, sid, true) => RoomClientEvent::TrackMuted(identity, sid),
                MemberChange::Muted(identity, sid, false) => RoomClientEvent::TrackUnmuted(identity, sid),
                MemberChange::Attributes(identity, changed) => {
                    RoomClientEvent::ParticipantAttributesChanged(identity, changed)
                }
                MemberChange::Metadata(identity, metadata) => {
                    RoomClientEvent::ParticipantMetadataChanged(identity, metadata)
                }
                MemberChange::Name(identity, name) => RoomClientEvent::ParticipantNameChanged(identity, name),
            };
            self.event(event);
        }
        self.check_flow(now);
    }
}

/// An SDP offer or answer on the wire.
pub type Offer = proto::SessionDescription;

/// Where to deliver the frames of a track.
pub type Frames = mpsc::Sender<AudioFrame>;
