//! A room together with its participants' transports, still without sockets, clock or tasks. Datagrams and signalling
//! requests go in with their time; what to send comes out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use livekit_protocol::{
    DisconnectReason, MediaSectionsRequirement, SessionDescription, SignalTarget, TrickleRequest,
};

use crate::peer::{LinkEvent, NegotiationRequest, PeerSide, PeerTransports, Setup};
use crate::room::{JoinError, Joining, Output, Pid, RoomInstant, RoomLifecycleEvent, SfuRoom};
use crate::switch::{RoutedDatagram, Via};

/// What a session wants done, in order.
#[derive(Debug)]
pub(crate) enum SessionAction {
    /// Send this on the participant's signalling connection.
    Signal(Pid, Message),
    /// Close that connection after what was sent.
    Hang(Pid),
    /// Connectivity checks that name this user fragment are for this participant.
    Known(Pid, PeerSide, String),
    /// The participant's transports are no more.
    Gone(Pid),
    /// Send a datagram.
    Transmit { via: Via, from: SocketAddr, to: SocketAddr, contents: Vec<u8> },
    /// Tell others.
    Event(RoomLifecycleEvent),
    /// The room is over.
    Closed,
}

/// A room with its transports.
#[derive(Debug)]
pub(crate) struct RoomSession {
    pub room: SfuRoom,
    setup: Setup,
    peers: BTreeMap<Pid, PeerTransports>,
    /// The subscribers of each track.
    listeners: BTreeMap<String, BTreeSet<Pid>>,
    known: BTreeMap<(Pid, PeerSide), String>,
    /// Peers with input that has not been processed yet.
    touched: BTreeSet<Pid>,
    out: VecDeque<SessionAction>,
}

impl RoomSession {
    pub fn new(room: SfuRoom, setup: Setup) -> Self {
        Self {
            room,
            setup,
            peers: BTreeMap::new(),
            listeners: BTreeMap::new(),
            known: BTreeMap::new(),
            touched: BTreeSet::new(),
            out: VecDeque::new(),
        }
    }

    /// The next output.
    pub fn poll(&mut self) -> Option<SessionAction> {
        self.out.pop_front()
    }

    /// Admits a participant, which may bring its first offer.
    pub fn join(
        &mut self,
        at: RoomInstant,
        joining: Joining,
        offer: Option<SessionDescription>,
    ) -> Result<Pid, JoinError> {
        let single = joining.single;
        let pid = self.room.join(at, joining)?;
        self.peers.insert(pid, PeerTransports::new(at.now, &self.setup, single));
        self.touched.insert(pid);
        self.apply(at);
        if let Some(offer) = offer {
            self.offer(at, pid, &offer);
        }
        self.settle(at);
        Ok(pid)
    }

    /// Resumes a participant.
    pub fn resume(
        &mut self,
        at: RoomInstant,
        sid: &str,
        identity: &str,
        offer: Option<SessionDescription>,
    ) -> Option<Pid> {
        let pid = self.room.resume(sid, identity)?;
        if let Some(peer) = self.peers.get_mut(&pid) {
            peer.resume();
        }
        self.touched.insert(pid);
        self.apply(at);
        if let Some(offer) = offer {
            self.offer(at, pid, &offer);
        }
        self.settle(at);
        Some(pid)
    }

    /// A participant's signalling request.
    pub fn request(&mut self, at: RoomInstant, pid: Pid, request: Request) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "all else is for the room, which names them all")]
        match request {
            Request::Offer(offer) => self.offer(at, pid, &offer),
            Request::Answer(answer) => {
                if let Some(Err(error)) = self.guarded(at, pid, |peer| peer.answer(&answer)) {
                    tracing::debug!(%error, "an answer was not taken");
                }
                self.touched.insert(pid);
            }
            Request::Trickle(trickle) => self.trickle(pid, &trickle),
            other => self.room.request(at, pid, other),
        }
        self.settle(at);
    }

    fn offer(&mut self, at: RoomInstant, pid: Pid, offer: &SessionDescription) {
        let Some(result) = self.guarded(at, pid, |peer| peer.offer(offer)) else { return };
        match result {
            Ok((answer, offered)) => {
                self.out.push_back(SessionAction::Signal(pid, Message::Answer(answer)));
                self.room.offered(pid, &offered);
                self.touched.insert(pid);
            }
            Err(error) => {
                // Its connection cannot be made or continued, so there is nothing left to do for it.
                tracing::debug!(%error, "an offer was not taken");
                self.room.remove(at, pid, DisconnectReason::JoinFailure);
            }
        }
    }

    fn trickle(&mut self, pid: Pid, trickle: &TrickleRequest) {
        #[derive(serde::Deserialize)]
        struct Init {
            candidate: String,
        }
        let Some(peer) = self.peers.get_mut(&pid) else { return };
        let Ok(init) = serde_json::from_str::<Init>(&trickle.candidate_init) else { return };
        let side = match trickle.target() {
            SignalTarget::Publisher => PeerSide::Inward,
            SignalTarget::Subscriber => PeerSide::Outward,
        };
        peer.candidate(side, &init.candidate);
        self.touched.insert(pid);
    }

    /// A participant's signalling connection broke off.
    pub fn signal_lost(&mut self, at: RoomInstant, pid: Pid) {
        self.room.signal_lost(at, pid);
        self.settle(at);
    }

    /// A datagram came for a participant.
    pub fn datagram(&mut self, at: RoomInstant, datagram: &RoutedDatagram) {
        let RoutedDatagram { pid, side, via, from, to, ref bytes } = *datagram;
        self.guarded(at, pid, |peer| peer.receive(at.now, (side, via), from, to, bytes));
        self.touched.insert(pid);
        self.settle(at);
    }

    /// Advances time.
    pub fn tick(&mut self, at: RoomInstant) {
        self.room.tick(at);
        self.touched
            .extend(self.peers.iter().filter(|(_, peer)| peer.deadline() <= at.now).map(|(pid, _)| *pid));
        self.settle(at);
    }

    /// When to call [`Self::tick`] next.
    pub fn deadline(&self) -> Option<Instant> {
        self.peers.values().map(PeerTransports::deadline).chain(self.room.deadline()).min()
    }

    /// Sends a participant a message that does not concern the room.
    pub fn tell(&mut self, pid: Pid, message: Message) {
        self.out.push_back(SessionAction::Signal(pid, message));
    }

    /// Runs a closure on the room, then performs what follows from it.
    pub fn with_room<T>(&mut self, at: RoomInstant, act: impl FnOnce(&mut SfuRoom) -> T) -> T {
        let result = act(&mut self.room);
        self.settle(at);
        result
    }

    /// Performs what the room and the transports put out until neither has anything left.
    fn settle(&mut self, at: RoomInstant) {
        let mut happenings = Vec::new();
        loop {
            self.apply(at);
            let Some(pid) = self.touched.pop_first() else {
                if self.room.wants_tick() {
                    self.room.tick(at);
                    continue;
                }
                break;
            };
            self.guarded(at, pid, |peer| peer.drain(at.now, &mut happenings));
            for (side, happening) in happenings.drain(..) {
                self.happened(at, pid, side, happening);
            }
            self.send_negotiation(at, pid);
        }
    }

    /// Sends what a participant's transports have to say once they have nothing left to do.
    fn send_negotiation(&mut self, at: RoomInstant, pid: Pid) {
        let Some(peer) = self.peers.get_mut(&pid) else { return };
        for (side, ufrag) in peer.ufrags() {
            if self.known.get(&(pid, side)) != Some(&ufrag) {
                self.known.insert((pid, side), ufrag.clone());
                self.out.push_back(SessionAction::Known(pid, side, ufrag));
            }
        }
        if let Some(say) = peer.next_request(at.now) {
            let message = match say {
                NegotiationRequest::Offer(offer) => Message::Offer(offer),
                NegotiationRequest::Sections(num_audios) => {
                    Message::MediaSectionsRequirement(MediaSectionsRequirement { num_audios, num_videos: 0 })
                }
            };
            self.out.push_back(SessionAction::Signal(pid, message));
        }
        peer.bound().iter().for_each(|track| self.room.note_subscriber_ready(track));
    }

    fn happened(&mut self, at: RoomInstant, pid: Pid, side: PeerSide, happening: LinkEvent) {
        match happening {
            LinkEvent::Transmit { via, from, to, contents } => {
                self.out.push_back(SessionAction::Transmit { via, from, to, contents })
            }
            LinkEvent::Connected(connected) => {
                // An older client's publishing connection connects only when it publishes.
                let hears = self.peers.get_mut(&pid).is_some_and(PeerTransports::connected);
                if !connected || hears {
                    self.room.media(at, pid, connected);
                }
                self.touched.insert(pid);
            }
            LinkEvent::Media(mid, packet) => {
                let Some(track) = self.room.track_on(pid, &mid).map(str::to_owned) else { return };
                let pass = self.room.is_forwarded(pid, &track);
                if pass && let Some(level) = packet.header.ext_vals.audio_level {
                    self.room.level(at, pid, &track, level.unsigned_abs());
                }
                for listener in self.listeners.get(&track).into_iter().flatten() {
                    if let Some(peer) = self.peers.get_mut(listener) {
                        peer.forward(at.now, &track, &packet, pass);
                        self.touched.insert(*listener);
                    }
                }
            }
            LinkEvent::Data { reliable, bytes } => self.room.data(pid, reliable, &bytes),
            LinkEvent::Loss(share) => self.room.loss(pid, side == PeerSide::Inward, share),
        }
    }

    /// Performs what the room puts out.
    fn apply(&mut self, at: RoomInstant) {
        while let Some(output) = self.room.poll() {
            match output {
                Output::Signal(pid, message) => self.out.push_back(SessionAction::Signal(pid, message)),
                Output::Hang(pid) => self.out.push_back(SessionAction::Hang(pid)),
                Output::Gone(pid) => {
                    if let Some(mut peer) = self.peers.remove(&pid) {
                        for happening in peer.close(at.now) {
                            if let LinkEvent::Transmit { via, from, to, contents } = happening {
                                self.out.push_back(SessionAction::Transmit { via, from, to, contents });
                            }
                        }
                    }
                    self.listeners.retain(|_, listeners| {
                        listeners.remove(&pid);
                        !listeners.is_empty()
                    });
                    self.known.retain(|(known, _), _| *known != pid);
                    self.out.push_back(SessionAction::Gone(pid));
                }
                Output::Subscribe(pid, wire) => {
                    self.listeners.entry(wire.track.clone()).or_default().insert(pid);
                    self.on_peer(pid, |peer| peer.subscribe(wire));
                }
                Output::Unsubscribe(pid, track) => {
                    if let Some(listeners) = self.listeners.get_mut(&track) {
                        listeners.remove(&pid);
                        if listeners.is_empty() {
                            self.listeners.remove(&track);
                        }
                    }
                    self.on_peer(pid, |peer| peer.unsubscribe(&track));
                }
                Output::Pause(pid, track, paused) => self.on_peer(pid, |peer| peer.pause(&track, paused)),
                Output::Deliver(pid, delivery) => {
                    self.on_peer(pid, |peer| peer.send(delivery.reliable, &delivery.packet));
                }
                Output::Event(event) => self.out.push_back(SessionAction::Event(event)),
                Output::Closed => self.out.push_back(SessionAction::Closed),
            }
        }
    }

    /// Runs a closure on a participant's transports, which parse untrusted input. A panic removes that participant (an
    /// honest client comes back by itself) and affects nobody else.
    fn guarded<T>(
        &mut self,
        at: RoomInstant,
        pid: Pid,
        act: impl FnOnce(&mut PeerTransports) -> T,
    ) -> Option<T> {
        let peer = self.peers.get_mut(&pid)?;
        // Anything half-done is within the transports, and they are dropped.
        let result = catch_unwind(AssertUnwindSafe(|| act(peer)));
        if result.is_err() {
            tracing::error!("a transport failed, and its participant has to come back");
            self.peers.remove(&pid);
            self.room.remove(at, pid, DisconnectReason::MediaFailure);
        }
        result.ok()
    }

    fn on_peer(&mut self, pid: Pid, act: impl FnOnce(&mut PeerTransports)) {
        if let Some(peer) = self.peers.get_mut(&pid) {
            act(peer);
            self.touched.insert(pid);
        }
    }
}

#[cfg(test)]
mod bot;
#[cfg(test)]
mod tests;
