//! Commands to the session.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::data_packet::Value;
use proto::signal_request::Message as Request;
use tokio::sync::oneshot;

use super::media::{PublishedVoice, TrackListener};
use super::{ANSWER_WITHIN, Frames, Session, Update};
use crate::audio::receiver::{ReceiveStats, Receiver};
use crate::audio::voice::{VoiceEncoder, VoiceOptions};
use crate::events::{RemoteParticipant, StreamInfo};
use crate::options::RoomClientError;
use crate::queue::PcmQueue;
use crate::room::rpc::{MOST_PAYLOAD, RpcError, RpcOutcome};
use crate::room::streams;

/// Reports the outcome of a command.
pub type CommandReply<T> = oneshot::Sender<Result<T, RoomClientError>>;

/// A request to the session.
pub enum SessionCommand {
    /// Publish our voice; answered with the track's id.
    Publish(Box<proto::AddTrackRequest>, VoiceOptions, Arc<PcmQueue>, CommandReply<String>),
    /// Unpublish it.
    Unpublish(Arc<PcmQueue>),
    /// Mute or unmute it.
    Mute(Arc<PcmQueue>, bool),
    /// There is audio to send again: look at once.
    Speak,
    /// Deliver the frames of a track, and update these counts.
    Listen(String, u32, Frames, Arc<Mutex<ReceiveStats>>, CommandReply<()>),
    /// Subscribe to a track, or unsubscribe.
    Subscribe(String, bool),
    /// Set our attributes.
    Attributes(BTreeMap<String, String>, CommandReply<()>),
    /// Send a message: reliably or not, to whom, on which topic.
    Data(bool, Vec<String>, String, Vec<u8>, CommandReply<()>),
    /// Open a stream.
    OpenStream(Box<StreamInfo>, StreamTo, CommandReply<()>),
    /// A chunk of a stream: its index and its bytes.
    Chunk(StreamTo, u64, Vec<u8>, CommandReply<()>),
    /// The end of a stream.
    CloseStream(StreamTo, BTreeMap<String, String>, CommandReply<()>),
    /// Call a method: call id, callee, method, payload, timeout.
    Call(String, String, String, String, Duration, oneshot::Sender<RpcOutcome>),
    /// The answer of a handler: caller, call id, outcome.
    Answer(String, String, RpcOutcome),
    /// Register or unregister a method; answered once it is done.
    Method(String, bool, oneshot::Sender<()>),
    /// Who is in the room.
    Members(oneshot::Sender<Vec<RemoteParticipant>>),
    /// Send the server a raw request, for tests.
    #[cfg(feature = "testing")]
    Signal(Box<Request>),
    /// Leave; answered when it is done.
    Leave(oneshot::Sender<()>),
}

/// A stream's addressing: its id, its sender, its receivers.
#[derive(Clone, Debug, Default)]
pub struct StreamTo {
    pub id: String,
    pub on_behalf_of: String,
    pub to: Vec<String>,
}

fn tell<T>(done: oneshot::Sender<T>, outcome: T) {
    // The caller may have stopped waiting.
    let _unheard = done.send(outcome);
}

impl Session {
    /// Performs a command. [`SessionCommand::Leave`] is the driver's.
    pub fn command(&mut self, now: Instant, command: SessionCommand) {
        match command {
            SessionCommand::Publish(request, options, queue, done) => {
                self.publish(*request, options, queue, done)
            }
            SessionCommand::Unpublish(queue) => self.unpublish(&queue),
            SessionCommand::Mute(queue, muted) => {
                if self.voice.as_ref().is_some_and(|voice| voice.is_fed_by(&queue)) {
                    self.set_muted(muted);
                }
            }
            // The driver calls `time` after each command.
            SessionCommand::Speak => {}
            SessionCommand::Listen(track, rate, frames, stats, done) => {
                tell(done, self.open_ear(track, rate, frames, stats));
            }
            SessionCommand::Subscribe(track, true) => {
                if self.wanted.insert(track.clone()) {
                    self.subscribe(vec![track], true);
                }
            }
            SessionCommand::Subscribe(track, false) => {
                self.flowing.remove(&track);
                self.ears.remove(&track);
                if self.wanted.remove(&track) {
                    self.subscribe(vec![track], false);
                }
            }
            SessionCommand::Attributes(attributes, done) => self.set_attributes(now, attributes, done),
            SessionCommand::Data(reliable, to, topic, payload, done) => {
                let topic = (!topic.is_empty()).then_some(topic);
                let user = proto::UserPacket { payload, topic, ..Default::default() };
                tell(done, self.send(reliable, to, Value::User(user)));
            }
            SessionCommand::OpenStream(info, stream, done) => {
                let header = Value::StreamHeader(streams::header(&info));
                tell(done, self.send_as(true, stream.to, stream.on_behalf_of, header));
            }
            SessionCommand::Chunk(stream, chunk_index, content, done) => {
                let stream_id = stream.id;
                let chunk =
                    proto::data_stream::Chunk { stream_id, chunk_index, content, ..Default::default() };
                let sent = self.send_as(true, stream.to, stream.on_behalf_of, Value::StreamChunk(chunk));
                self.send_piece(sent, done);
            }
            SessionCommand::CloseStream(stream, attributes, done) => {
                let attributes = attributes.into_iter().collect();
                let trailer =
                    proto::data_stream::Trailer { stream_id: stream.id, attributes, ..Default::default() };
                tell(done, self.send_as(true, stream.to, stream.on_behalf_of, Value::StreamTrailer(trailer)));
            }
            SessionCommand::Call(id, to, method, payload, within, done) => {
                self.call(now, id, to, (method, payload), within, done);
            }
            SessionCommand::Answer(caller, id, outcome) => self.answer(caller, id, outcome),
            SessionCommand::Method(method, handled, done) => {
                if handled {
                    self.methods.insert(method);
                } else {
                    self.methods.remove(&method);
                }
                tell(done, ());
            }
            SessionCommand::Members(done) => {
                let _unheard = done.send(self.members.all().cloned().collect());
            }
            #[cfg(feature = "testing")]
            SessionCommand::Signal(request) => self.signal(*request),
            SessionCommand::Leave(done) => tell(done, ()),
        }
    }

    fn publish(
        &mut self,
        request: proto::AddTrackRequest,
        options: VoiceOptions,
        queue: Arc<PcmQueue>,
        done: CommandReply<String>,
    ) {
        // A track whose publisher no longer waits for the server's answer is dropped.
        self.voice.take_if(|voice| voice.is_given_up());
        if self.voice.is_some() {
            return tell(done, Err(RoomClientError::Refused("a voice is published already".to_owned())));
        }
        let Some(voice) = VoiceEncoder::new(options) else {
            return tell(
                done,
                Err(RoomClientError::Refused(format!("Opus does not know {} Hz", options.rate))),
            );
        };
        self.voice = Some(PublishedVoice::new(request, voice, queue, done));
        self.announce();
    }

    fn open_ear(
        &mut self,
        track: String,
        rate: u32,
        frames: Frames,
        stats: Arc<Mutex<ReceiveStats>>,
    ) -> Result<(), RoomClientError> {
        if self.members.track(&track).is_none_or(|(_, track)| !track.audio) {
            return Err(RoomClientError::Refused("there is no such audio track".to_owned()));
        }
        let Some(receiver) = Receiver::new(rate) else {
            return Err(RoomClientError::Refused(format!("Opus does not know {rate} Hz")));
        };
        if self.wanted.insert(track.clone()) {
            self.subscribe(vec![track.clone()], true);
        }
        self.ears.insert(track, TrackListener::new(receiver, frames, stats));
        Ok(())
    }

    fn set_attributes(&mut self, now: Instant, wanted: BTreeMap<String, String>, done: CommandReply<()>) {
        let has = |name: &String| self.me.attributes.get(name).map(String::as_str).unwrap_or_default();
        if self.updates.is_empty() && wanted.iter().all(|(name, value)| has(name) == value) {
            return tell(done, Ok(()));
        }
        let request_id = self.next_request();
        // Fields that are left out or empty stay as they are. Our copy of the other fields may be out of date.
        self.signal(Request::UpdateMetadata(proto::UpdateParticipantMetadata {
            attributes: wanted.clone().into_iter().collect(),
            request_id,
            ..Default::default()
        }));
        self.updates.insert(request_id, Update { wanted, by: now + ANSWER_WITHIN, done });
    }

    fn call(
        &mut self,
        now: Instant,
        id: String,
        to: String,
        (method, payload): (String, String),
        within: Duration,
        done: oneshot::Sender<RpcOutcome>,
    ) {
        if payload.len() > MOST_PAYLOAD {
            return tell(done, Err(RpcError::request_too_large()));
        }
        if self.members.get(&to).is_none() {
            return tell(done, Err(RpcError::recipient_not_found()));
        }
        let response_timeout_ms = u32::try_from(within.as_millis()).unwrap_or(u32::MAX);
        let request = proto::RpcRequest {
            id: id.clone(),
            method,
            payload,
            response_timeout_ms,
            version: 1,
            ..Default::default()
        };
        match self.calls.begin(now, id.clone(), to.clone(), within, done) {
            Ok(()) => {}
            Err((done, error)) => return tell(done, Err(error)),
        }
        if self.send(true, vec![to.clone()], Value::RpcRequest(request)).is_err() {
            let error = Some(proto::rpc_response::Value::Error(RpcError::send_failed().to_wire()));
            let failed = proto::RpcResponse { request_id: id, value: error };
            if let Some((done, outcome)) = self.calls.answered(&to, failed) {
                tell(done, outcome);
            }
        }
    }
}
