//! The agent's port over LiveKit's official SDK (the crate `livekit`): a second implementation, behind the feature
//! `livekit-sdk`, for whoever wants the client that LiveKit itself maintains.
//!
//! Off by default, for its build downloads libwebrtc (C++, some hundred megabytes). Where it cannot, it does not
//! link: with `DOCS_RS=1` set the build script does nothing, and types and lints are checked all the same, which
//! `make check` does. **No test of this repository runs it.**
//!
//! What maps to what: [`SdkRoom::join`] is `Room::connect` without automatic subscription; `subscribe_audio` is
//! `set_subscribed` and, once `TrackSubscribed` came, a `NativeAudioStream`; `publish_audio` is `publish_track` of a
//! `LocalAudioTrack` on a `NativeAudioSource`; `open_text` is `stream_text`; `set_attributes` and `leave` (`close`) are
//! the same.
//!
//! What differs from [`AgentRoom`](crate::AgentRoom):
//! - **Playout.** The SDK's source does not say what of its queue was played. So the queue is ours, and every 10 ms a
//!   task hands the SDK that much: what was handed over counts as played. `clear` is exact to 10 ms. A tick that comes
//!   late delays the voice; nothing is lost. While nothing waits, silence is handed over, which DTX leaves out.
//! - **Concealment.** The SDK fills gaps itself and does not say so: a frame is [`FrameOrigin::Heard`](agent::FrameOrigin), or
//!   `Quiet` while its publisher is muted, never `Concealed`. There is no account of its jitter buffer.
//! - **Packets.** Bitrate and in-band FEC are the SDK's choice (it may use RED); the queue and the rate are ours.
//! - **Queues.** Events wait in the SDK without a bound, texts too; here 256 whole texts wait at most.
//! - **Ends.** A text begun after the room has closed is refused here, for the SDK would panic.

mod audio;
mod events;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use agent::{
    AudioIn, AudioOut, AudioOutSpec, LeaveReason, RoomError, RoomEvent as Event, TextMessage, TextOptions,
    TextOut,
};
use async_trait::async_trait;
use livekit::data_stream::api::{StreamTextOptions, StreamWriter as _, TextStreamWriter};
use livekit::prelude::{ConnectionState, RemoteTrack, RemoteTrackPublication, Room, RoomEvent, RoomOptions};
use tokio::sync::{Mutex, mpsc};

use self::audio::{SdkAudioIn, SdkVoiceGuard};

/// Whole texts that may wait to be read.
const MOST_TEXTS: usize = 256;
/// How long the server may take to send a track that was asked for.
const TRACK_WITHIN: Duration = Duration::from_secs(10);

/// A room that was joined with the official SDK, behind the agent's port.
pub struct SdkRoom {
    room: Room,
    inbox: Mutex<SdkEventInbox>,
    texts: mpsc::Sender<TextMessage>,
    voice: std::sync::Mutex<Option<SdkVoiceGuard>>,
}

struct SdkEventInbox {
    events: mpsc::UnboundedReceiver<RoomEvent>,
    texts: mpsc::Receiver<TextMessage>,
    /// Further events that came of one SDK event.
    waiting: VecDeque<Event>,
    over: bool,
}

impl SdkRoom {
    /// Joins the token's room. Tracks are not subscribed to automatically.
    ///
    /// # Errors
    /// If the server cannot be reached, or refuses. The message does not hold the token.
    pub async fn join(url: &str, token: &str) -> Result<Self, RoomError> {
        let mut options = RoomOptions::default();
        options.auto_subscribe = false;
        let joined = Room::connect(url, token, options).await;
        // The SDK may repeat the address, with the token in it.
        let (room, events) =
            joined.map_err(|error| RoomError::Refused(error.to_string().replace(token, "(token)")))?;
        let (texts, whole) = mpsc::channel(MOST_TEXTS);
        let inbox = SdkEventInbox { events, texts: whole, waiting: VecDeque::new(), over: false };
        Ok(Self { room, inbox: Mutex::new(inbox), texts, voice: std::sync::Mutex::new(None) })
    }

    /// The SDK's own room, for what the port does not have.
    pub fn room(&self) -> &Room {
        &self.room
    }

    fn voice(&self) -> std::sync::MutexGuard<'_, Option<SdkVoiceGuard>> {
        self.voice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ensure_connected(&self) -> Result<(), RoomError> {
        match self.room.connection_state() {
            ConnectionState::Connected | ConnectionState::Reconnecting => Ok(()),
            ConnectionState::Disconnected => Err(RoomError::Gone),
        }
    }

    fn publication(&self, track: &str) -> Option<RemoteTrackPublication> {
        let participants = self.room.remote_participants();
        let mut publications = participants.values().flat_map(|member| member.track_publications());
        publications.find(|(sid, _)| sid.as_str() == track).map(|(_, publication)| publication)
    }
}

fn refused(error: &livekit::RoomError) -> RoomError {
    match error {
        livekit::RoomError::AlreadyClosed => RoomError::Gone,
        livekit::RoomError::Engine(_)
        | livekit::RoomError::Internal(_)
        | livekit::RoomError::Rtc(_)
        | livekit::RoomError::TrackAlreadyPublished
        | livekit::RoomError::Request { .. } => RoomError::Refused(error.to_string()),
    }
}

#[async_trait]
impl agent::Room for SdkRoom {
    fn identity(&self) -> String {
        self.room.local_participant().identity().into()
    }

    async fn next_event(&self) -> Option<Event> {
        let mut inbox = self.inbox.lock().await;
        let SdkEventInbox { events, texts, waiting, over } = &mut *inbox;
        while !*over {
            if let Some(event) = waiting.pop_front() {
                *over = matches!(event, Event::Out(_));
                return Some(event);
            }
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => waiting.extend(self.translate(event)),
                    None => waiting.push_back(Event::Out(LeaveReason::Lost)),
                },
                Some(text) = texts.recv() => waiting.push_back(Event::Text(text)),
            }
        }
        None
    }

    async fn publish_audio(&self, spec: AudioOutSpec) -> Result<Arc<dyn AudioOut>, RoomError> {
        self.ensure_connected()?;
        let (source, voice) = audio::publish(&self.room, spec).await.map_err(|error| refused(&error))?;
        self.voice().replace(voice);
        Ok(Arc::new(source))
    }

    async fn subscribe_audio(&self, track: &str, rate: u32) -> Result<Box<dyn AudioIn>, RoomError> {
        self.ensure_connected()?;
        let publication = self
            .publication(track)
            .ok_or_else(|| RoomError::Refused("there is no such audio track".to_owned()))?;
        // Subscribe to events before asking, so that the answer is not missed.
        let mut events = self.room.subscribe();
        publication.set_subscribed(true);
        let comes = async {
            while publication.track().is_none() {
                if events.recv().await.is_none() {
                    return Err(RoomError::Gone);
                }
            }
            Ok(publication.track())
        };
        match tokio::time::timeout(TRACK_WITHIN, comes).await.map_err(|_| RoomError::Timeout)?? {
            Some(RemoteTrack::Audio(track)) => Ok(Box::new(SdkAudioIn::new(track, rate)?)),
            Some(RemoteTrack::Video(_)) | None => {
                Err(RoomError::Refused("there is no such audio track".to_owned()))
            }
        }
    }

    async fn open_text(&self, options: TextOptions) -> Result<Box<dyn TextOut>, RoomError> {
        self.ensure_connected()?;
        let TextOptions { topic, attributes, to, on_behalf_of } = options;
        let mut stream = StreamTextOptions::new_with_topic(topic)
            .with_attributes(attributes.into_iter().collect())
            .with_destination_identities(to.into_iter().map(Into::into).collect());
        if !on_behalf_of.is_empty() {
            stream = stream.with_sender_identity(on_behalf_of);
        }
        let writer = self.room.local_participant().stream_text(stream).await;
        Ok(Box::new(SdkTextOut(writer.map_err(|error| RoomError::Refused(error.to_string()))?)))
    }

    async fn set_attributes(&self, attributes: BTreeMap<String, String>) -> Result<(), RoomError> {
        self.ensure_connected()?;
        let set = self.room.local_participant().set_attributes(attributes.into_iter().collect()).await;
        set.map_err(|error| refused(&error))
    }

    async fn leave(&self) {
        self.voice().take();
        if let Err(error) = self.room.close().await {
            tracing::debug!(%error, "the room was left already");
        }
    }
}

/// A text stream of the SDK's.
struct SdkTextOut(TextStreamWriter);

#[async_trait]
impl TextOut for SdkTextOut {
    async fn write(&mut self, text: &str) -> Result<(), RoomError> {
        self.0.write(text).await.map_err(|error| RoomError::Refused(error.to_string()))
    }

    async fn close(self: Box<Self>, attributes: BTreeMap<String, String>) -> Result<(), RoomError> {
        let attributes = (!attributes.is_empty()).then(|| attributes.into_iter().collect());
        let closed = self.0.close_with_options(None, attributes).await;
        closed.map_err(|error| RoomError::Refused(error.to_string()))
    }
}
