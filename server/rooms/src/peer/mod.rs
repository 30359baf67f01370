//! A participant's transports: one peer connection for both directions, or two for older clients.

mod dual;
mod link;
mod places;
mod renumber;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use livekit_protocol::SessionDescription;
use str0m::media::{Mid, Pt};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};

use crate::room::{ForwardedTrack, OfferedSection};
use crate::sdp::{self, MediaSectionKind, Section};
use crate::switch::Via;
use dual::OutwardConnection;
use link::PeerLink;
pub(crate) use link::{LinkEvent, Setup};
use places::SectionAssignments;
use renumber::Renumber;

/// The longest section name (`mid`) that RTP can carry, in bytes. `str0m` truncates longer ones.
const MID: usize = 16;

/// Which of a participant's peer connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PeerSide {
    /// The one whose offers the client makes.
    Inward,
    /// The one whose offers the server makes, for older clients.
    Outward,
}

/// A description that the client sent cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OfferError {
    #[error("the description has more media sections than are allowed")]
    TooLarge,
    #[error("the description cannot be used: {0}")]
    Unusable(String),
}

/// A track on its way to this participant.
#[derive(Debug)]
struct OutgoingTrack {
    mid: Mid,
    opus: Option<Pt>,
    numbers: Renumber,
}

/// What the server must say to a client next.
#[derive(Debug)]
pub(crate) enum NegotiationRequest {
    /// An offer for the older clients' second connection.
    Offer(SessionDescription),
    /// Ask the client for this many more audio sections.
    Sections(u32),
}

/// A participant's transports.
#[derive(Debug)]
pub(crate) struct PeerTransports {
    inward: PeerLink,
    outward: Option<OutwardConnection>,
    places: SectionAssignments,
    outgoing: BTreeMap<String, OutgoingTrack>,
    paused: BTreeSet<String>,
    /// Tracks that can flow now, not yet reported to the room.
    bound: Vec<String>,
    /// A connection's user fragment may have changed.
    renamed: bool,
    sections: usize,
}

impl PeerTransports {
    pub fn new(now: Instant, setup: &Setup, single: bool) -> Self {
        Self {
            inward: PeerLink::new(now, setup),
            outward: (!single).then(|| OutwardConnection::new(PeerLink::new(now, setup))),
            places: SectionAssignments::default(),
            outgoing: BTreeMap::new(),
            paused: BTreeSet::new(),
            bound: Vec::new(),
            renamed: true,
            sections: setup.limits.sections,
        }
    }

    /// The user fragments that connectivity checks for this participant name. Empty if they cannot have changed since
    /// the last call.
    pub fn ufrags(&mut self) -> Vec<(PeerSide, String)> {
        if !std::mem::take(&mut self.renamed) {
            return Vec::new();
        }
        let outward = self.outward.as_mut().map(|outward| (PeerSide::Outward, outward.link.ufrag()));
        [(PeerSide::Inward, self.inward.ufrag())].into_iter().chain(outward).collect()
    }

    /// Answers an offer, and says which sections the client sends on.
    pub fn offer(
        &mut self,
        offer: &SessionDescription,
    ) -> Result<(SessionDescription, Vec<OfferedSection>), OfferError> {
        if sdp::count(&offer.sdp) > self.sections {
            return Err(OfferError::TooLarge);
        }
        let sections = sdp::sections(&offer.sdp);
        if sections.iter().any(|section| section.mid.len() > MID) {
            return Err(OfferError::Unusable("the name of a section is too long".into()));
        }
        let single = self.outward.is_none();
        let placed = if single { self.places.offer(&sections) } else { Vec::new() };
        // A reused section needs a new SSRC before the answer is written.
        for place in placed.iter().filter(|place| place.fresh) {
            let mut api = self.inward.rtc.direct_api();
            let (ssrc, rtx) = (api.new_ssrc(), api.new_ssrc());
            let mid = Mid::from(place.mid.as_str());
            let has_rtx = api.stream_tx_by_mid(mid, None).is_some_and(|stream| stream.rtx().is_some());
            api.reset_stream_tx(mid, None, ssrc, has_rtx.then_some(rtx));
        }
        self.renamed = true;
        let answer = self.inward.accept_offer(&offer.sdp).map_err(OfferError::Unusable)?;
        for place in placed {
            let outgoing = self.outgoing_on(Mid::from(place.mid.as_str()), PeerSide::Inward);
            self.outgoing.insert(place.track.clone(), outgoing);
            self.bound.push(place.track);
        }
        let answer = SessionDescription {
            r#type: "answer".into(),
            sdp: if single {
                sdp::with_tracks(&answer, |mid| self.places.section_answer(mid))
            } else {
                answer
            },
            id: offer.id,
            mid_to_track_id: self
                .places
                .tracks()
                .map(|(mid, track)| (mid.to_owned(), track.to_owned()))
                .collect(),
        };
        Ok((answer, sections.into_iter().filter(|section| section.sends).map(offered).collect()))
    }

    /// Applies the answer to our offer.
    pub fn answer(&mut self, answer: &SessionDescription) -> Result<(), OfferError> {
        if sdp::count(&answer.sdp) > self.sections {
            return Err(OfferError::TooLarge);
        }
        let Some(outward) = &mut self.outward else { return Ok(()) };
        self.renamed = true;
        for (track, mid) in outward.answer(answer).map_err(OfferError::Unusable)? {
            let outgoing = self.outgoing_on(mid, PeerSide::Outward);
            self.outgoing.insert(track.clone(), outgoing);
            self.bound.push(track);
        }
        Ok(())
    }

    fn outgoing_on(&mut self, mid: Mid, side: PeerSide) -> OutgoingTrack {
        let link = self.link(side);
        let start = link.rtc.direct_api().new_ssrc();
        // In the lower half, so that packets from before and after both fit.
        let start = u16::try_from(*start & 0x7fff).unwrap_or_default();
        OutgoingTrack { mid, opus: link.opus(mid), numbers: Renumber::new(start.max(512)) }
    }

    fn link(&mut self, side: PeerSide) -> &mut PeerLink {
        match (&mut self.outward, side) {
            (Some(outward), PeerSide::Outward) => &mut outward.link,
            (Some(_), PeerSide::Inward) | (None, PeerSide::Inward | PeerSide::Outward) => &mut self.inward,
        }
    }

    /// The connection that carries media to this participant.
    fn downlink(&mut self) -> &mut PeerLink {
        self.link(PeerSide::Outward)
    }

    /// Starts sending a track.
    pub fn subscribe(&mut self, wire: ForwardedTrack) {
        match &mut self.outward {
            Some(outward) => outward.want(wire),
            None => self.places.want(wire),
        }
    }

    /// Stops sending a track.
    pub fn unsubscribe(&mut self, track: &str) {
        match &mut self.outward {
            Some(outward) => outward.unwant(track),
            None => self.places.unwant(track),
        }
        self.outgoing.remove(track);
        self.paused.remove(track);
    }

    /// Holds a track back, or lets it pass again, as the participant asks.
    pub fn pause(&mut self, track: &str, paused: bool) {
        if !paused {
            self.paused.remove(track);
        } else if self.paused.len() < self.sections {
            self.paused.insert(track.to_owned());
        }
    }

    /// The client resumed after its signalling broke off: pending offers and questions are void.
    pub fn resume(&mut self) {
        if let Some(outward) = &mut self.outward {
            outward.restart();
        }
    }

    /// The next message to the client, if one is due.
    pub fn next_request(&mut self, now: Instant) -> Option<NegotiationRequest> {
        match &mut self.outward {
            Some(outward) => {
                let offer = outward.offer()?;
                self.renamed = true;
                Some(NegotiationRequest::Offer(offer))
            }
            None => self.places.question(now).map(NegotiationRequest::Sections),
        }
    }

    /// Takes the tracks that have become able to flow.
    pub fn bound(&mut self) -> Vec<String> {
        if self.downlink().connected { std::mem::take(&mut self.bound) } else { Vec::new() }
    }

    /// Whether the connection that carries media to the participant is up.
    pub fn connected(&mut self) -> bool {
        self.downlink().connected
    }

    /// Forwards a packet of a track. With `pass` false it is held back.
    pub fn forward(&mut self, now: Instant, track: &str, packet: &RtpPacket, pass: bool) {
        let paused = self.paused.contains(track);
        let Some(outgoing) = self.outgoing.get_mut(track) else { return };
        if !pass || paused || packet.payload.is_empty() {
            outgoing.numbers.hold();
            return;
        }
        let header = &packet.header;
        let Some(pt) = outgoing.opus else { return };
        let Some((number, time)) =
            outgoing.numbers.packet(now, *header.ssrc, *packet.seq_no, header.timestamp)
        else {
            return;
        };
        let mid = outgoing.mid;
        let ext_vals = ExtensionValues {
            audio_level: header.ext_vals.audio_level,
            voice_activity: header.ext_vals.voice_activity,
            ..ExtensionValues::default()
        };
        let write = RtpWrite::new(pt, number.into(), time, now, Arc::clone(&packet.payload))
            .marker(header.marker)
            .ext_vals(ext_vals);
        if let Some(stream) = self.downlink().rtc.direct_api().stream_tx_by_mid(mid, None) {
            stream.write_rtp(write);
        }
    }

    /// Sends a data packet.
    pub fn send(&mut self, reliable: bool, packet: &Arc<[u8]>) {
        self.downlink().send(reliable, packet);
    }

    /// Receives a datagram for one of the connections.
    pub fn receive(
        &mut self,
        now: Instant,
        (side, via): (PeerSide, Via),
        from: SocketAddr,
        to: SocketAddr,
        bytes: &[u8],
    ) {
        self.link(side).receive(now, via, from, to, bytes);
    }

    /// Adds a candidate of the client, as written in SDP. With ICE-lite candidates only help, so unreadable ones are
    /// skipped.
    pub fn candidate(&mut self, side: PeerSide, line: &str) {
        if let Ok(candidate) = str0m::Candidate::from_sdp_string(line) {
            self.link(side).rtc.add_remote_candidate(candidate);
        }
    }

    /// Runs the connections until they have nothing left to do.
    pub fn drain(&mut self, now: Instant, out: &mut Vec<(PeerSide, LinkEvent)>) {
        let mut happenings = Vec::new();
        self.inward.drain(now, &mut happenings);
        out.extend(happenings.drain(..).map(|happening| (PeerSide::Inward, happening)));
        if let Some(outward) = &mut self.outward {
            outward.link.drain(now, &mut happenings);
            out.extend(happenings.into_iter().map(|happening| (PeerSide::Outward, happening)));
        }
    }

    /// Closes the connections, telling the other side.
    pub fn close(&mut self, now: Instant) -> Vec<LinkEvent> {
        let mut out = Vec::new();
        self.inward.close(now, &mut out);
        if let Some(outward) = &mut self.outward {
            outward.link.close(now, &mut out);
        }
        out
    }

    /// When to call `drain` next.
    pub fn deadline(&self) -> Instant {
        let outward = self.outward.as_ref().map(|outward| outward.link.deadline);
        let links = outward.into_iter().fold(self.inward.deadline, Instant::min);
        self.places.deadline().map_or(links, |places| links.min(places))
    }
}

fn offered(section: Section) -> OfferedSection {
    OfferedSection { mid: section.mid, audio: section.kind == MediaSectionKind::Audio, cid: section.track }
}
