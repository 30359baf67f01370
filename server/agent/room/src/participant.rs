//! The agent's port [`agent::Room`], on a room that was joined.

use std::collections::BTreeMap;
use std::sync::Arc;

use agent::{
    AudioFrame, AudioIn, AudioOut, AudioOutSpec, Cleared, LeaveReason, Member, Playout, RoomEvent as Event,
    Sound, TextMessage, TextOptions, TextOut,
};
use async_trait::async_trait;
use participant::{
    AudioSource, AudioStream, DisconnectReason, Room, RoomError, RoomEvent, TextStreamReader,
    TextStreamWriter, VoiceOptions,
};
use tokio::sync::{Mutex, mpsc};

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

/// The agent's error for one of the participant's.
fn failed(error: RoomError) -> agent::RoomError {
    match error {
        RoomError::Join(why) | RoomError::Refused(why) => agent::RoomError::Refused(why),
        RoomError::Closed => agent::RoomError::Gone,
        RoomError::Timeout => agent::RoomError::Timeout,
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
        let source = self.room.local_participant().publish_audio("voice", options, spec.queue_ms).await;
        Ok(Arc::new(Voice(source.map_err(failed)?)))
    }

    async fn subscribe_audio(&self, track: &str, rate: u32) -> Result<Box<dyn AudioIn>, agent::RoomError> {
        let stream = self.room.audio_stream(track, rate).await;
        Ok(Box::new(Ear(stream.map_err(failed)?)))
    }

    async fn open_text(&self, options: TextOptions) -> Result<Box<dyn TextOut>, agent::RoomError> {
        let local = self.room.local_participant();
        let TextOptions { topic, attributes, to, on_behalf_of } = options;
        let writer = local.stream_text(&topic, attributes, to, &on_behalf_of).await;
        Ok(Box::new(Text(writer.map_err(failed)?)))
    }

    async fn set_attributes(&self, attributes: BTreeMap<String, String>) -> Result<(), agent::RoomError> {
        self.room.local_participant().set_attributes(attributes).await.map_err(failed)
    }

    async fn leave(&self) {
        self.room.close().await;
    }
}

/// Our published voice.
struct Voice(AudioSource);

#[async_trait]
impl AudioOut for Voice {
    fn rate(&self) -> u32 {
        self.0.rate()
    }

    async fn write(&self, samples: &[i16]) -> Result<(), agent::RoomError> {
        self.0.capture_frame(samples).await.map_err(failed)
    }

    fn clear(&self) -> Cleared {
        cleared(self.0.clear_buffer())
    }

    fn playout(&self) -> Playout {
        playout(self.0.playout())
    }

    async fn drained(&self) {
        self.0.wait_for_playout().await;
    }
}

pub(crate) fn cleared(cleared: participant::Cleared) -> Cleared {
    let participant::Cleared { played, dropped } = cleared;
    Cleared { played, dropped }
}

pub(crate) fn playout(account: participant::Playout) -> Playout {
    let participant::Playout { written, played, waiting, dropped } = account;
    Playout { written, played, waiting, dropped }
}

/// A subscribed track.
struct Ear(AudioStream);

#[async_trait]
impl AudioIn for Ear {
    async fn frame(&mut self) -> Option<AudioFrame> {
        let participant::AudioFrame { samples, rate, sound, packets } = self.0.next().await?;
        let sound = match sound {
            participant::Sound::Heard => Sound::Heard,
            participant::Sound::Concealed => Sound::Concealed,
            participant::Sound::Quiet => Sound::Quiet,
        };
        Some(AudioFrame { samples, rate, sound, packets })
    }
}

/// A text that is sent piece by piece.
struct Text(TextStreamWriter);

#[async_trait]
impl TextOut for Text {
    async fn write(&mut self, text: &str) -> Result<(), agent::RoomError> {
        self.0.write(text).await.map_err(failed)
    }

    async fn close(self: Box<Self>, attributes: BTreeMap<String, String>) -> Result<(), agent::RoomError> {
        self.0.close(attributes).await.map_err(failed)
    }
}
