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

use crate::peer::{Happening, Peer, Say, Setup, Side};
use crate::room::{Event, JoinError, Joining, Moment, Output, Pid, Room};
use crate::switch::{Datagram, Via};

/// What a session wants done, in order.
#[derive(Debug)]
pub(crate) enum Do {
    /// Send this on the participant's signalling connection.
    Signal(Pid, Message),
    /// Close that connection after what was sent.
    Hang(Pid),
    /// Connectivity checks that name this user fragment are for this participant.
    Known(Pid, Side, String),
    /// The participant's transports are no more.
    Gone(Pid),
    /// Send a datagram.
    Transmit { via: Via, from: SocketAddr, to: SocketAddr, contents: Vec<u8> },
    /// Tell others.
    Event(Event),
    /// The room is over.
    Closed,
}

/// A room with its transports.
#[derive(Debug)]
pub(crate) struct Session {
    pub room: Room,
    setup: Setup,
    peers: BTreeMap<Pid, Peer>,
    /// The subscribers of each track.
    listeners: BTreeMap<String, BTreeSet<Pid>>,
    known: BTreeMap<(Pid, Side), String>,
    /// Peers with input that has not been processed yet.
    touched: BTreeSet<Pid>,
    out: VecDeque<Do>,
}

impl Session {
    pub fn new(room: Room, setup: Setup) -> Self {
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
    pub fn poll(&mut self) -> Option<Do> {
        self.out.pop_front()
    }

    /// Admits a participant, which may bring its first offer.
    pub fn join(
        &mut self,
        at: Moment,
        joining: Joining,
        offer: Option<SessionDescription>,
    ) -> Result<Pid, JoinError> {
        let single = joining.single;
        let pid = self.room.join(at, joining)?;
        self.peers.insert(pid, Peer::new(at.now, &self.setup, single));
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
        at: Moment,
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
    pub fn request(&mut self, at: Moment, pid: Pid, request: Request) {
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

    fn offer(&mut self, at: Moment, pid: Pid, offer: &SessionDescription) {
        let Some(result) = self.guarded(at, pid, |peer| peer.offer(offer)) else { return };
        match result {
            Ok((answer, offered)) => {
                self.out.push_back(Do::Signal(pid, Message::Answer(answer)));
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
            SignalTarget::Publisher => Side::Inward,
            SignalTarget::Subscriber => Side::Outward,
        };
        peer.candidate(side, &init.candidate);
        self.touched.insert(pid);
    }

    /// A participant's signalling connection broke off.
    pub fn signal_lost(&mut self, at: Moment, pid: Pid) {
        self.room.signal_lost(at, pid);
        self.settle(at);
    }

    /// A datagram came for a participant.
    pub fn datagram(&mut self, at: Moment, datagram: &Datagram) {
        let Datagram { pid, side, via, from, to, ref bytes } = *datagram;
        self.guarded(at, pid, |peer| peer.receive(at.now, (side, via), from, to, bytes));
        self.touched.insert(pid);
        self.settle(at);
    }

    /// Advances time.
    pub fn tick(&mut self, at: Moment) {
        self.room.tick(at);
        self.touched
            .extend(self.peers.iter().filter(|(_, peer)| peer.deadline() <= at.now).map(|(pid, _)| *pid));
        self.settle(at);
    }

    /// When to call [`Self::tick`] next.
    pub fn deadline(&self) -> Option<Instant> {
        self.peers.values().map(Peer::deadline).chain(self.room.deadline()).min()
    }

    /// Sends a participant a message that does not concern the room.
    pub fn tell(&mut self, pid: Pid, message: Message) {
        self.out.push_back(Do::Signal(pid, message));
    }

    /// Runs a closure on the room, then performs what follows from it.
    pub fn with_room<T>(&mut self, at: Moment, act: impl FnOnce(&mut Room) -> T) -> T {
        let result = act(&mut self.room);
        self.settle(at);
        result
    }

    /// Performs what the room and the transports put out until neither has anything left.
    fn settle(&mut self, at: Moment) {
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
            self.introduce(at, pid);
        }
    }

    /// Sends what a participant's transports have to say once they have nothing left to do.
    fn introduce(&mut self, at: Moment, pid: Pid) {
        let Some(peer) = self.peers.get_mut(&pid) else { return };
        for (side, ufrag) in peer.ufrags() {
            if self.known.get(&(pid, side)) != Some(&ufrag) {
                self.known.insert((pid, side), ufrag.clone());
                self.out.push_back(Do::Known(pid, side, ufrag));
            }
        }
        if let Some(say) = peer.say(at.now) {
            let message = match say {
                Say::Offer(offer) => Message::Offer(offer),
                Say::Sections(num_audios) => {
                    Message::MediaSectionsRequirement(MediaSectionsRequirement { num_audios, num_videos: 0 })
                }
            };
            self.out.push_back(Do::Signal(pid, message));
        }
        peer.bound().iter().for_each(|track| self.room.bound(track));
    }

    fn happened(&mut self, at: Moment, pid: Pid, side: Side, happening: Happening) {
        match happening {
            Happening::Transmit { via, from, to, contents } => {
                self.out.push_back(Do::Transmit { via, from, to, contents })
            }
            Happening::Connected(connected) => {
                // An older client's publishing connection connects only when it publishes.
                let hears = self.peers.get_mut(&pid).is_some_and(Peer::connected);
                if !connected || hears {
                    self.room.media(at, pid, connected);
                }
                self.touched.insert(pid);
            }
            Happening::Media(mid, packet) => {
                let Some(track) = self.room.track_on(pid, &mid).map(str::to_owned) else { return };
                let pass = self.room.passes(pid, &track);
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
            Happening::Data { reliable, bytes } => self.room.data(pid, reliable, &bytes),
            Happening::Loss(share) => self.room.loss(pid, side == Side::Inward, share),
        }
    }

    /// Performs what the room puts out.
    fn apply(&mut self, at: Moment) {
        while let Some(output) = self.room.poll() {
            match output {
                Output::Signal(pid, message) => self.out.push_back(Do::Signal(pid, message)),
                Output::Hang(pid) => self.out.push_back(Do::Hang(pid)),
                Output::Gone(pid) => {
                    if let Some(mut peer) = self.peers.remove(&pid) {
                        for happening in peer.close(at.now) {
                            if let Happening::Transmit { via, from, to, contents } = happening {
                                self.out.push_back(Do::Transmit { via, from, to, contents });
                            }
                        }
                    }
                    self.listeners.retain(|_, listeners| {
                        listeners.remove(&pid);
                        !listeners.is_empty()
                    });
                    self.known.retain(|(known, _), _| *known != pid);
                    self.out.push_back(Do::Gone(pid));
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
                Output::Event(event) => self.out.push_back(Do::Event(event)),
                Output::Closed => self.out.push_back(Do::Closed),
            }
        }
    }

    /// Runs a closure on a participant's transports, which parse untrusted input. A panic removes that participant (an
    /// honest client comes back by itself) and affects nobody else.
    fn guarded<T>(&mut self, at: Moment, pid: Pid, act: impl FnOnce(&mut Peer) -> T) -> Option<T> {
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

    fn on_peer(&mut self, pid: Pid, act: impl FnOnce(&mut Peer)) {
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
