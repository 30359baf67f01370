//! The agent's port [`agent::Room`], on a room that was joined.

use std::collections::BTreeMap;
use std::sync::Arc;

use agent::{
    AudioFrame, AudioIn, AudioOut, AudioOutSpec, ClearedAudio, FrameOrigin, LeaveReason, Member, Playout,
    RoomEvent as Event, TextMessage, TextOptions, TextOut,
};
use async_trait::async_trait;
use participant::{
    AudioSource, AudioStream, DisconnectReason, RoomClientError, RoomClientEvent, RoomHandle,
    TextStreamReader, TextStreamWriter, VoiceOptions,
};
use tokio::sync::{Mutex, mpsc};

/// Whole texts that may wait to be read.
const MOST_TEXTS: usize = 256;

/// A joined room behind the agent's port.
pub struct AgentRoom {
    room: RoomHandle,
    inbox: Mutex<EventInbox>,
    texts: mpsc::Sender<TextMessage>,
}

struct EventInbox {
    events: mpsc::Receiver<RoomClientEvent>,
    texts: mpsc::Receiver<TextMessage>,
    over: bool,
}

impl AgentRoom {
    /// From what [`RoomHandle::connect`] returned.
    pub fn new(room: RoomHandle, events: mpsc::Receiver<RoomClientEvent>) -> Self {
        let (texts, whole) = mpsc::channel(MOST_TEXTS);
        Self { room, inbox: Mutex::new(EventInbox { events, texts: whole, over: false }), texts }
    }

    /// The room itself, for what the port does not have.
    pub fn room(&self) -> &RoomHandle {
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
    fn translate(&self, event: RoomClientEvent) -> Option<Event> {
        Some(match event {
            RoomClientEvent::ParticipantConnected(member) => Event::Joined(Member {
                identity: member.identity,
                name: member.name,
                agent: member.agent,
                attributes: member.attributes,
            }),
            RoomClientEvent::ParticipantDisconnected(member) => Event::Left { identity: member.identity },
            RoomClientEvent::TrackPublished(identity, track) if track.audio => {
                Event::AudioPublished { identity, track: track.sid, muted: track.muted }
            }
            RoomClientEvent::TrackUnpublished(identity, track) if track.audio => {
                Event::AudioUnpublished { identity, track: track.sid }
            }
            RoomClientEvent::TrackMuted(identity, track) => Event::Muted { identity, track, muted: true },
            RoomClientEvent::TrackUnmuted(identity, track) => Event::Muted { identity, track, muted: false },
            RoomClientEvent::ParticipantAttributesChanged(identity, changed) => {
                Event::Attributes { identity, changed }
            }
            RoomClientEvent::TextStreamOpened(reader) => {
                self.read(reader);
                return None;
            }
            RoomClientEvent::Reconnecting => Event::Reconnecting,
            RoomClientEvent::Reconnected(_) => Event::Reconnected,
            RoomClientEvent::Disconnected(reason) => Event::Out(match reason {
                DisconnectReason::ClientInitiated => LeaveReason::Ours,
                DisconnectReason::DuplicateIdentity => LeaveReason::DuplicateIdentity,
                DisconnectReason::ServerShutdown | DisconnectReason::RoomClosed => LeaveReason::RoomClosed,
                DisconnectReason::ParticipantRemoved => LeaveReason::Removed,
                DisconnectReason::ConnectionLost | DisconnectReason::Other => LeaveReason::Lost,
            }),
            // Another room is another interview. Events about who is in it came before.
            RoomClientEvent::Moved(_)
            | RoomClientEvent::ByteStreamOpened(_)
            | RoomClientEvent::TrackPublished(..)
            | RoomClientEvent::TrackUnpublished(..)
            | RoomClientEvent::TrackSubscribed(..)
            | RoomClientEvent::TrackSubscriptionFailed(_)
            | RoomClientEvent::LocalTrackSubscribed
            | RoomClientEvent::LocalTrackMuted(_)
            | RoomClientEvent::LocalTrackUnpublished
            | RoomClientEvent::ParticipantMetadataChanged(..)
            | RoomClientEvent::ParticipantNameChanged(..)
            | RoomClientEvent::ActiveSpeakersChanged(_)
            | RoomClientEvent::ConnectionQualityChanged(..)
            | RoomClientEvent::RoomMetadataChanged(_)
            | RoomClientEvent::DataReceived { .. } => return None,
        })
    }
}

/// The agent's error for one of the participant's.
fn failed(error: RoomClientError) -> agent::RoomError {
    match error {
        RoomClientError::Join(why) | RoomClientError::Refused(why) => agent::RoomError::Refused(why),
        RoomClientError::Closed => agent::RoomError::Gone,
        RoomClientError::Timeout => agent::RoomError::Timeout,
    }
}

#[async_trait]
impl agent::Room for AgentRoom {
    fn identity(&self) -> String {
        self.room.local_participant().identity().to_owned()
    }

    async fn next_event(&self) -> Option<Event> {
        let mut inbox = self.inbox.lock().await;
        let EventInbox { events, texts, over } = &mut *inbox;
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
        Ok(Arc::new(SourceAudioOut(source.map_err(failed)?)))
    }

    async fn subscribe_audio(&self, track: &str, rate: u32) -> Result<Box<dyn AudioIn>, agent::RoomError> {
        let stream = self.room.audio_stream(track, rate).await;
        Ok(Box::new(TrackAudioIn(stream.map_err(failed)?)))
    }

    async fn open_text(&self, options: TextOptions) -> Result<Box<dyn TextOut>, agent::RoomError> {
        let local = self.room.local_participant();
        let TextOptions { topic, attributes, to, on_behalf_of } = options;
        let writer = local.stream_text(&topic, attributes, to, &on_behalf_of).await;
        Ok(Box::new(StreamTextOut(writer.map_err(failed)?)))
    }

    async fn set_attributes(&self, attributes: BTreeMap<String, String>) -> Result<(), agent::RoomError> {
        self.room.local_participant().set_attributes(attributes).await.map_err(failed)
    }

    async fn leave(&self) {
        self.room.close().await;
    }
}

/// Our published voice.
struct SourceAudioOut(AudioSource);

#[async_trait]
impl AudioOut for SourceAudioOut {
    fn rate(&self) -> u32 {
        self.0.rate()
    }

    async fn write(&self, samples: &[i16]) -> Result<(), agent::RoomError> {
        self.0.capture_frame(samples).await.map_err(failed)
    }

    fn clear(&self) -> ClearedAudio {
        cleared(self.0.clear_buffer())
    }

    fn playout(&self) -> Playout {
        playout(self.0.playout())
    }

    async fn drained(&self) {
        self.0.wait_for_playout().await;
    }
}

pub(crate) fn cleared(cleared: participant::ClearedSamples) -> ClearedAudio {
    let participant::ClearedSamples { played, dropped } = cleared;
    ClearedAudio { played, dropped }
}

pub(crate) fn playout(account: participant::Playout) -> Playout {
    let participant::Playout { written, played, waiting, dropped } = account;
    Playout { written, played, waiting, dropped }
}

/// A subscribed track.
struct TrackAudioIn(AudioStream);

#[async_trait]
impl AudioIn for TrackAudioIn {
    async fn frame(&mut self) -> Option<AudioFrame> {
        let participant::AudioFrame { samples, rate, sound, packets } = self.0.next().await?;
        let sound = match sound {
            participant::FrameOutcome::Heard => FrameOrigin::Heard,
            participant::FrameOutcome::Concealed => FrameOrigin::Concealed,
            participant::FrameOutcome::Quiet => FrameOrigin::Quiet,
        };
        Some(AudioFrame { samples, rate, sound, packets })
    }
}

/// A text that is sent piece by piece.
struct StreamTextOut(TextStreamWriter);

#[async_trait]
impl TextOut for StreamTextOut {
    async fn write(&mut self, text: &str) -> Result<(), agent::RoomError> {
        self.0.write(text).await.map_err(failed)
    }

    async fn close(self: Box<Self>, attributes: BTreeMap<String, String>) -> Result<(), agent::RoomError> {
        self.0.close(attributes).await.map_err(failed)
    }
}
