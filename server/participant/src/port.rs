//! The agent's port [`agent::Room`], on a room that was joined.

use std::collections::BTreeMap;
use std::sync::Arc;

use agent::{
    AudioFrame, AudioIn, AudioOut, AudioOutSpec, Cleared, LeaveReason, Member, Playout, RoomEvent as Event,
    TextMessage, TextOptions, TextOut,
};
use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc};

use crate::audio::voice::VoiceOptions;
use crate::events::{DisconnectReason, RoomEvent, TextStreamReader};
use crate::local::AudioSource;
use crate::options::RoomError;
use crate::room_handle::{AudioStream, Room};
use crate::writers::TextStreamWriter;

/// Whole texts that may wait to be read.
const MOST_TEXTS: usize = 256;

/// A joined room behind the agent's port.
pub struct AgentRoom {
    room: Room,
    inbox: Mutex<Inbox>,
    texts: mpsc::Sender<TextMessage>,
}

struct Inbox {
    events: mpsc::Receiver<RoomEvent>,
    texts: mpsc::Receiver<TextMessage>,
    over: bool,
}

impl AgentRoom {
    /// From what [`Room::connect`] returned.
    pub fn new(room: Room, events: mpsc::Receiver<RoomEvent>) -> Self {
        let (texts, whole) = mpsc::channel(MOST_TEXTS);
        Self { room, inbox: Mutex::new(Inbox { events, texts: whole, over: false }), texts }
    }

    /// The room itself, for what the port does not have.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Reads a text to its end in a task of its own; broken ones are dropped.
    fn read(&self, mut reader: TextStreamReader) {
        let texts = self.texts.clone();
        tokio::spawn(async move {
            let Ok(text) = reader.read_all().await else { return };
            let info = reader.info().clone();
            let whole = TextMessage {
                from: info.from,
                topic: info.topic,
                stream_id: info.id,
                attributes: info.attributes,
                text,
            };
            let _gone = texts.send(whole).await;
        });
    }

    /// The agent's event for a room event, if there is one.
    fn translate(&self, event: RoomEvent) -> Option<Event> {
        Some(match event {
            RoomEvent::ParticipantConnected(member) => Event::Joined(Member {
                identity: member.identity,
                name: member.name,
                agent: member.agent,
                attributes: member.attributes,
            }),
            RoomEvent::ParticipantDisconnected(member) => Event::Left { identity: member.identity },
            RoomEvent::TrackPublished(identity, track) if track.audio => {
                Event::AudioPublished { identity, track: track.sid, muted: track.muted }
            }
            RoomEvent::TrackUnpublished(identity, track) if track.audio => {
                Event::AudioUnpublished { identity, track: track.sid }
            }
            RoomEvent::TrackMuted(identity, track) => Event::Muted { identity, track, muted: true },
            RoomEvent::TrackUnmuted(identity, track) => Event::Muted { identity, track, muted: false },
            RoomEvent::ParticipantAttributesChanged(identity, changed) => {
                Event::Attributes { identity, changed }
            }
            RoomEvent::TextStreamOpened(reader) => {
                self.read(reader);
                return None;
            }
            RoomEvent::Reconnecting => Event::Reconnecting,
            RoomEvent::Reconnected(_) => Event::Reconnected,
            RoomEvent::Disconnected(reason) => Event::Out(match reason {
                DisconnectReason::ClientInitiated => LeaveReason::Ours,
                DisconnectReason::DuplicateIdentity => LeaveReason::DuplicateIdentity,
                DisconnectReason::ServerShutdown | DisconnectReason::RoomClosed => LeaveReason::RoomClosed,
                DisconnectReason::ParticipantRemoved => LeaveReason::Removed,
                DisconnectReason::ConnectionLost | DisconnectReason::Other => LeaveReason::Lost,
            }),
            // Another room is another interview. Events about who is in it came before.
            RoomEvent::Moved(_)
            | RoomEvent::ByteStreamOpened(_)
            | RoomEvent::TrackPublished(..)
            | RoomEvent::TrackUnpublished(..)
            | RoomEvent::TrackSubscribed(..)
            | RoomEvent::TrackSubscriptionFailed(_)
            | RoomEvent::LocalTrackSubscribed
            | RoomEvent::LocalTrackMuted(_)
            | RoomEvent::LocalTrackUnpublished
            | RoomEvent::ParticipantMetadataChanged(..)
            | RoomEvent::ParticipantNameChanged(..)
            | RoomEvent::ActiveSpeakersChanged(_)
            | RoomEvent::ConnectionQualityChanged(..)
            | RoomEvent::RoomMetadataChanged(_)
            | RoomEvent::DataReceived { .. } => return None,
        })
    }
}

impl From<RoomError> for agent::RoomError {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::Join(why) | RoomError::Refused(why) => Self::Refused(why),
            RoomError::Closed => Self::Gone,
            RoomError::Timeout => Self::Timeout,
        }
    }
}

#[async_trait]
impl agent::Room for AgentRoom {
    fn identity(&self) -> String {
        self.room.local_participant().identity().to_owned()
    }

    async fn next_event(&self) -> Option<Event> {
        let mut inbox = self.inbox.lock().await;
        let Inbox { events, texts, over } = &mut *inbox;
        while !*over {
            let event = tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.translate(event),
                    None => Some(Event::Out(LeaveReason::Lost)),
                },
                Some(text) = texts.recv() => Some(Event::Text(text)),
            };
            if event.is_some() {
                *over = matches!(event, Some(Event::Out(_)));
                return event;
            }
        }
        None
    }

    async fn publish_audio(&self, spec: AudioOutSpec) -> Result<Arc<dyn AudioOut>, agent::RoomError> {
        let options = VoiceOptions { rate: spec.rate, ..VoiceOptions::default() };
        let source = self.room.local_participant().publish_audio("voice", options, spec.queue_ms).await?;
        Ok(Arc::new(source))
    }

    async fn subscribe_audio(&self, track: &str, rate: u32) -> Result<Box<dyn AudioIn>, agent::RoomError> {
        Ok(Box::new(self.room.audio_stream(track, rate).await?))
    }

    async fn open_text(&self, options: TextOptions) -> Result<Box<dyn TextOut>, agent::RoomError> {
        let local = self.room.local_participant();
        let TextOptions { topic, attributes, to, on_behalf_of } = options;
        Ok(Box::new(local.stream_text(&topic, attributes, to, &on_behalf_of).await?))
    }

    async fn set_attributes(&self, attributes: BTreeMap<String, String>) -> Result<(), agent::RoomError> {
        Ok(self.room.local_participant().set_attributes(attributes).await?)
    }

    async fn leave(&self) {
        self.room.close().await;
    }
}

#[async_trait]
impl AudioOut for AudioSource {
    fn rate(&self) -> u32 {
        Self::rate(self)
    }

    async fn write(&self, samples: &[i16]) -> Result<(), agent::RoomError> {
        Ok(self.capture_frame(samples).await?)
    }

    fn clear(&self) -> Cleared {
        self.clear_buffer()
    }

    fn playout(&self) -> Playout {
        Self::playout(self)
    }

    async fn drained(&self) {
        self.wait_for_playout().await;
    }
}

#[async_trait]
impl AudioIn for AudioStream {
    async fn frame(&mut self) -> Option<AudioFrame> {
        self.next().await
    }
}

#[async_trait]
impl TextOut for TextStreamWriter {
    async fn write(&mut self, text: &str) -> Result<(), agent::RoomError> {
        Ok(Self::write(self, text).await?)
    }

    async fn close(self: Box<Self>, attributes: BTreeMap<String, String>) -> Result<(), agent::RoomError> {
        Ok(Self::close(*self, attributes).await?)
    }
}
