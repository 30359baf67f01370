//! Our voice and the tracks that we listen to, on the session's clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::signal_request::Message as Request;
use str0m::rtp::RtpPacket;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::oneshot;

use super::{Frames, Session};
use crate::audio::frame::AudioFrame;
use crate::audio::receiver::{ReceiveStats, Receiver};
use crate::audio::voice::{FRAME, VoiceEncoder};
use crate::events::RoomClientEvent;
use crate::options::RoomClientError;
use crate::queue::PcmQueue;

/// Frames that may wait for the listener: 2 s. Then frames are dropped.
pub const MOST_FRAMES: usize = 100;
/// How many missed slots are caught up on; beyond that the clock is reset.
const MAKE_UP: u32 = 5;

/// Our track.
pub struct PublishedVoice {
    request: proto::AddTrackRequest,
    info: Option<proto::TrackInfo>,
    voice: VoiceEncoder,
    queue: Arc<PcmQueue>,
    muted: bool,
    waits: Option<oneshot::Sender<Result<String, RoomClientError>>>,
}

impl PublishedVoice {
    pub fn new(
        request: proto::AddTrackRequest,
        voice: VoiceEncoder,
        queue: Arc<PcmQueue>,
        waits: oneshot::Sender<Result<String, RoomClientError>>,
    ) -> Self {
        Self { request, info: None, voice, queue, muted: false, waits: Some(waits) }
    }

    /// The id from the server; empty until then.
    pub fn sid(&self) -> &str {
        self.info.as_ref().map_or("", |info| info.sid.as_str())
    }

    /// After a move to another room the track may have another id.
    pub fn moved(&mut self, me: &proto::ParticipantInfo) {
        let Some(info) = &mut self.info else { return };
        let same = |track: &&proto::TrackInfo| {
            track.sid == info.sid || (!track.name.is_empty() && track.name == info.name)
        };
        if let Some(track) = me.tracks.iter().find(same) {
            *info = track.clone();
        }
    }

    pub fn due(&self) -> Option<Instant> {
        self.info.as_ref().filter(|_| !self.muted)?;
        self.voice.due()
    }

    pub fn is_fed_by(&self, queue: &Arc<PcmQueue>) -> bool {
        Arc::ptr_eq(&self.queue, queue)
    }

    /// Whether its publisher stopped waiting.
    pub fn is_given_up(&self) -> bool {
        self.waits.as_ref().is_some_and(oneshot::Sender::is_closed)
    }

    /// Tells its source that it is over.
    fn end(self) {
        self.queue.close();
    }

    /// The server's answer to the announcement, for a resume.
    pub fn response(&self) -> Option<proto::TrackPublishedResponse> {
        let track = self.info.clone()?;
        Some(proto::TrackPublishedResponse { cid: self.request.cid.clone(), track: Some(track) })
    }
}

/// A track that is listened to.
pub struct TrackListener {
    receiver: Receiver,
    frames: Frames,
    due: Option<Instant>,
    dropped: u64,
    stats: Arc<Mutex<ReceiveStats>>,
}

impl TrackListener {
    pub fn new(receiver: Receiver, frames: Frames, stats: Arc<Mutex<ReceiveStats>>) -> Self {
        Self { receiver, frames, due: None, dropped: 0, stats }
    }

    /// Takes a packet.
    fn hear(&mut self, now: Instant, packet: &RtpPacket) {
        self.receiver.insert(now, *packet.seq_no, packet.time.numer(), Arc::clone(&packet.payload));
        let due = *self.due.get_or_insert(now);
        // The start of speech does not wait for the next slot of silence.
        if let Some(ready) = self.receiver.ready_in(now) {
            self.due = Some(due.min(now + ready));
        }
    }

    /// When the next frame is due; from the first packet on about every 20 ms.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Delivers the frames that are due. False if nobody listens any more.
    fn tick(&mut self, now: Instant) -> bool {
        if self.due.is_none_or(|due| due > now) {
            return !self.frames.is_closed();
        }
        while let Some(due) = self.due.filter(|&due| due <= now) {
            let late = now - due > FRAME * MAKE_UP;
            let frame: AudioFrame = self.receiver.frame(now.max(due));
            self.due = Some(if late { now } else { due } + self.receiver.interval());
            match self.frames.try_send(frame) {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => self.dropped += 1,
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner) = self.receiver.stats();
        true
    }
}

impl Session {
    /// Announces our track to the server. Its section is offered once the server has given it an id.
    pub(super) fn announce(&mut self) {
        let Some(voice) = &mut self.voice else { return };
        voice.info = None;
        let request = proto::AddTrackRequest { muted: voice.muted, ..voice.request.clone() };
        self.signal(Request::AddTrack(request));
    }

    pub(super) fn published(&mut self, published: proto::TrackPublishedResponse) {
        let Some(voice) = self.voice.as_mut().filter(|voice| voice.request.cid == published.cid) else {
            return;
        };
        let Some(track) = published.track else { return };
        if let Some(waits) = voice.waits.take() {
            let _unheard = waits.send(Ok(track.sid.clone()));
        }
        voice.info = Some(track);
        self.publisher.publish(published.cid);
        self.negotiate();
    }

    /// The server does not let us publish.
    pub(super) fn publishing_refused(&mut self, cid: &str, why: String) {
        if let Some(mut voice) = self.voice.take_if(|voice| voice.request.cid == cid) {
            if let Some(waits) = voice.waits.take() {
                let _unheard = waits.send(Err(RoomClientError::Refused(why)));
            }
            voice.end();
        }
    }

    /// The server unpublished our track.
    pub(super) fn unpublished(&mut self, sid: &str) {
        if let Some(voice) = self.voice.take_if(|voice| voice.sid() == sid) {
            voice.end();
            self.publisher.unpublish();
            self.negotiate();
            self.event(RoomClientEvent::LocalTrackUnpublished);
        }
    }

    /// Unpublishes our track. The server sees it from the section, which is offered as unused.
    pub(super) fn unpublish(&mut self, queue: &Arc<PcmQueue>) {
        if let Some(voice) = self.voice.take_if(|voice| voice.is_fed_by(queue)) {
            voice.end();
            self.publisher.unpublish();
            self.negotiate();
        }
    }

    pub(super) fn set_muted(&mut self, muted: bool) {
        let Some(voice) = self.voice.as_mut().filter(|voice| voice.muted != muted) else { return };
        voice.muted = muted;
        if let Some(info) = &mut voice.info {
            info.muted = muted;
            let sid = info.sid.clone();
            self.signal(Request::Mute(proto::MuteTrackRequest { sid, muted }));
        }
    }

    pub(super) fn muted_by_server(&mut self, mute: &proto::MuteTrackRequest) {
        let ours =
            self.voice.as_ref().is_some_and(|voice| voice.sid() == mute.sid && voice.muted != mute.muted);
        if ours {
            self.set_muted(mute.muted);
            self.event(RoomClientEvent::LocalTrackMuted(mute.muted));
        }
    }

    /// Sends the due packets of our voice. While there is no path, or it is muted, audio waits: nothing is lost.
    pub(super) fn speak(&mut self, now: Instant) {
        let Some(voice) = self.voice.as_mut().filter(|voice| voice.info.is_some() && !voice.muted) else {
            return;
        };
        if !self.media_up || !self.publisher.can_speak() {
            return;
        }
        let (queue, publisher, voice) = (&voice.queue, &mut self.publisher, &mut voice.voice);
        let moved = queue.with(|outbox| {
            let mut moved = false;
            while let Some(slot) = voice.poll(now, outbox) {
                moved = true;
                if let Some(packet) = slot {
                    publisher.speak(now, &packet);
                }
            }
            moved
        });
        if moved {
            queue.taken();
            // str0m sends written packets when it is given the time.
            self.publisher.time(now);
        }
    }

    pub(super) fn listen(&mut self, now: Instant) {
        self.ears.retain(|_, ear| ear.tick(now));
    }

    pub(super) fn receive_packet(&mut self, now: Instant, track: Option<String>, packet: &RtpPacket) {
        let Some(ear) = track.and_then(|track| self.ears.get_mut(&track)) else { return };
        // A padding packet, with which a server probes bandwidth, is empty.
        if packet.payload.is_empty() {
            return;
        }
        ear.hear(now, packet);
    }

    /// Reports tracks that have started to flow.
    pub(super) fn check_flow(&mut self, _now: Instant) {
        let peer = self.subscriber.as_ref().unwrap_or(&self.publisher);
        let new: Vec<String> =
            peer.tracks().values().filter(|sid| self.wanted.contains(*sid)).cloned().collect();
        for sid in new {
            let Some((member, _)) = self.members.track(&sid) else { continue };
            let identity = member.identity.clone();
            if self.flowing.insert(sid.clone()) {
                self.event(RoomClientEvent::TrackSubscribed(identity, sid));
            }
        }
    }
}

/// How long so many samples last at this rate.
pub fn lasts(samples: u64, rate: u32) -> Duration {
    Duration::from_nanos(samples.saturating_mul(1_000_000_000) / u64::from(rate.max(1)))
}
