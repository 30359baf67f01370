//! Messages, texts and calls, over the data channels.

use std::time::{Duration, Instant};

use livekit_protocol as proto;
use prost::Message;
use proto::data_packet::Value;

use super::commands::CommandReply;
use super::{Invocation, Output, Session};
use crate::events::RoomClientEvent;
use crate::options::RoomClientError;
use crate::readers::{ByteStreamReader, Readers, TextStreamReader};
use crate::room::members::RemoteParticipant;
use crate::room::rpc::{MOST_PAYLOAD, RpcError, RpcOutcome};
use crate::room::streams::{DataStreamError, IncomingStreams, StreamEvent};

/// Messages that may wait to be sent before the sender of a stream has to wait.
const SMOOTH: usize = 64;

/// Incoming streams with their readers, and senders that have to wait.
#[derive(Default)]
pub struct DataStreams {
    incoming: IncomingStreams,
    readers: Readers,
    held_up: Vec<CommandReply<()>>,
}

impl Session {
    /// Sends a packet. Refused if too many wait.
    pub(super) fn send(
        &mut self,
        reliable: bool,
        to: Vec<String>,
        value: Value,
    ) -> Result<(), RoomClientError> {
        self.send_as(reliable, to, String::new(), value)
    }

    /// The same on behalf of another participant.
    pub(super) fn send_as(
        &mut self,
        reliable: bool,
        to: Vec<String>,
        on_behalf_of: String,
        value: Value,
    ) -> Result<(), RoomClientError> {
        let packet = proto::DataPacket {
            participant_identity: on_behalf_of,
            destination_identities: to,
            value: Some(value),
            ..Default::default()
        };
        let bytes = if reliable { self.reliable.number(packet) } else { packet.encode_to_vec() };
        if self.publisher.message(reliable, bytes) {
            Ok(())
        } else {
            Err(RoomClientError::Refused("too many messages wait to be sent".to_owned()))
        }
    }

    /// Handles a message of a data channel.
    pub(crate) fn message(&mut self, _now: Instant, bytes: &[u8]) {
        let Ok(packet) = proto::DataPacket::decode(bytes) else {
            tracing::debug!("a message was not understood");
            return;
        };
        if !self.reliable.is_new(&packet) {
            return;
        }
        let from = packet.participant_identity;
        match packet.value {
            Some(Value::User(user)) => {
                let topic = user.topic.unwrap_or_default();
                self.event(RoomClientEvent::DataReceived { from, topic, payload: user.payload });
            }
            Some(Value::StreamHeader(header)) => {
                let events = self.streams.incoming.header(&from, header);
                self.handle_stream_events(events);
            }
            Some(Value::StreamChunk(chunk)) => {
                let events = self.streams.incoming.chunk(&from, chunk);
                self.handle_stream_events(events);
            }
            Some(Value::StreamTrailer(trailer)) => {
                let events = self.streams.incoming.trailer(&from, trailer);
                self.handle_stream_events(events);
            }
            Some(Value::RpcRequest(request)) => self.called(from, request),
            Some(Value::RpcAck(ack)) => self.calls.acked(&from, &ack.request_id),
            Some(Value::RpcResponse(response)) => {
                if let Some((done, outcome)) = self.calls.answered(&from, response) {
                    let _unheard = done.send(outcome);
                }
            }
            // Older transcriptions, chat, metrics, DTMF: not for us.
            Some(_) | None => {}
        }
    }

    fn handle_stream_events(&mut self, events: Vec<StreamEvent>) {
        for event in events {
            match event {
                StreamEvent::Opened(info) => {
                    let text = info.file.is_none();
                    let reader = self.streams.readers.open(info);
                    self.event(if text {
                        RoomClientEvent::TextStreamOpened(TextStreamReader(reader))
                    } else {
                        RoomClientEvent::ByteStreamOpened(ByteStreamReader(reader))
                    });
                }
                StreamEvent::More(id, bytes) => {
                    // Too far behind: the reader is told that the stream is incomplete.
                    if !self.streams.readers.more(&id, bytes) {
                        self.streams.incoming.forget(&id);
                        self.streams.readers.end(&id, Err(DataStreamError::Unread));
                    }
                }
                StreamEvent::Closed(id, end) => self.streams.readers.end(&id, end),
            }
        }
    }

    /// Sends a piece of a stream. Its sender is answered once few messages wait, so that a long stream does not crowd
    /// out the others.
    pub(super) fn send_piece(&mut self, sent: Result<(), RoomClientError>, done: CommandReply<()>) {
        if sent.is_ok() && self.publisher.unsent() > SMOOTH {
            self.streams.held_up.push(done);
        } else {
            // Whoever asked may have stopped waiting.
            let _unheard = done.send(sent);
        }
    }

    /// Answers waiting senders once there is room again.
    pub(super) fn release_held_senders(&mut self) {
        if !self.streams.held_up.is_empty() && self.publisher.unsent() <= SMOOTH {
            for done in self.streams.held_up.drain(..) {
                let _unheard = done.send(Ok(()));
            }
        }
    }

    /// A participant left: its streams and pending calls end.
    pub(super) fn end_member_traffic(&mut self, member: &RemoteParticipant) {
        self.reliable.left(&member.sid);
        let events = self.streams.incoming.left(&member.identity);
        self.handle_stream_events(events);
        for (done, outcome) in self.calls.fail_calls_to(&member.identity) {
            let _unheard = done.send(outcome);
        }
    }

    fn called(&mut self, caller: String, request: proto::RpcRequest) {
        let id = request.id;
        let ack = proto::RpcAck { request_id: id.clone() };
        if self.send(true, vec![caller.clone()], Value::RpcAck(ack)).is_err() {
            return;
        }
        let refuse = if request.version != 1 {
            Some(RpcError::unsupported_version())
        } else if !self.methods.contains(&request.method) {
            Some(RpcError::unsupported_method())
        } else {
            None
        };
        if let Some(error) = refuse {
            self.answer(caller, id, Err(error));
            return;
        }
        let within = Duration::from_millis(u64::from(request.response_timeout_ms));
        let (method, payload) = (request.method, request.payload);
        self.out.push_back(Output::Invoke(Invocation { id, caller, method, payload, within }));
    }

    pub(super) fn answer(&mut self, caller: String, request_id: String, outcome: RpcOutcome) {
        let outcome = match outcome {
            Ok(payload) if payload.len() > MOST_PAYLOAD => Err(RpcError::response_too_large()),
            Ok(_) | Err(_) => outcome,
        };
        let value = match outcome {
            Ok(payload) => proto::rpc_response::Value::Payload(payload),
            Err(error) => proto::rpc_response::Value::Error(error.to_wire()),
        };
        let response = proto::RpcResponse { request_id, value: Some(value) };
        if self.send(true, vec![caller], Value::RpcResponse(response)).is_err() {
            tracing::warn!("an answer to a call could not be sent");
        }
    }
}
