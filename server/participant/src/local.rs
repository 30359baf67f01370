//! The local participant: its voice, attributes, messages and calls. (Streams: `writers`.)

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use livekit_protocol as proto;
use tokio::sync::{mpsc, oneshot};

use crate::audio::frame::{ClearedSamples, Playout};
use crate::audio::voice::{FRAME, VoiceOptions};
use crate::options::RoomClientError;
use crate::queue::{PcmQueue, QueueClosed};
use crate::room::rpc::{RpcError, RpcOutcome};
use crate::session::media::lasts;
use crate::session::{Invocation, SessionCommand};
use crate::shell::driver::Handlers;

/// A new unique id.
#[expect(clippy::disallowed_methods, reason = "ids on the wire; nothing that is replayed depends on them")]
pub(crate) fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Ourselves.
#[derive(Clone)]
pub struct LocalParticipant {
    pub(crate) identity: String,
    pub(crate) commands: mpsc::Sender<SessionCommand>,
    pub(crate) handlers: Handlers,
}

impl LocalParticipant {
    /// Our identity.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    pub(crate) async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<T>) -> SessionCommand,
    ) -> Result<T, RoomClientError> {
        let (done, answer) = oneshot::channel();
        self.commands.send(command(done)).await.map_err(|_| RoomClientError::Closed)?;
        answer.await.map_err(|_| RoomClientError::Closed)
    }

    /// Publishes a microphone track, one at a time, and returns the source that feeds it. `queue_ms`: how much audio
    /// may wait.
    pub async fn publish_audio(
        &self,
        name: &str,
        options: VoiceOptions,
        queue_ms: u32,
    ) -> Result<AudioSource, RoomClientError> {
        let queue = Arc::new(PcmQueue::new(options.rate, queue_ms));
        let request = Box::new(proto::AddTrackRequest {
            cid: new_id(),
            name: name.to_owned(),
            r#type: proto::TrackType::Audio as i32,
            source: proto::TrackSource::Microphone as i32,
            audio_features: if options.dtx {
                Vec::new()
            } else {
                vec![proto::AudioTrackFeature::TfNoDtx as i32]
            },
            disable_red: true,
            ..Default::default()
        });
        let for_session = Arc::clone(&queue);
        let publish = self.ask(|done| SessionCommand::Publish(request, options, for_session, done));
        let sid = tokio::time::timeout(Duration::from_secs(10), publish)
            .await
            .map_err(|_| RoomClientError::Timeout)???;
        Ok(AudioSource::new(sid, options.rate, queue, self.commands.clone()))
    }

    /// Sets attributes: others stay, an empty value removes one. Waits until the server has confirmed them.
    pub async fn set_attributes(&self, attributes: BTreeMap<String, String>) -> Result<(), RoomClientError> {
        self.ask(|done| SessionCommand::Attributes(attributes, done)).await?
    }

    /// Sends a message: to everybody, or to those named.
    pub async fn publish_data(
        &self,
        payload: Vec<u8>,
        topic: &str,
        reliable: bool,
        to: Vec<String>,
    ) -> Result<(), RoomClientError> {
        let topic = topic.to_owned();
        self.ask(|done| SessionCommand::Data(reliable, to, topic, payload, done)).await?
    }

    /// Calls a method of another participant.
    pub async fn perform_rpc(&self, to: &str, method: &str, payload: &str, within: Duration) -> RpcOutcome {
        let (id, to, method, payload) = (new_id(), to.to_owned(), method.to_owned(), payload.to_owned());
        self.ask(|done| SessionCommand::Call(id, to, method, payload, within, done))
            .await
            .unwrap_or_else(|_| Err(RpcError::send_failed()))
    }

    /// Handles calls to a method from the moment this returns. The handler may take as long as the caller waits.
    pub async fn register_rpc_method<F, A>(&self, method: &str, handler: F) -> Result<(), RoomClientError>
    where
        F: Fn(Invocation) -> A + Send + Sync + 'static,
        A: Future<Output = RpcOutcome> + Send + 'static,
    {
        {
            let mut handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
            handlers.insert(method.to_owned(), Arc::new(move |invocation| Box::pin(handler(invocation))));
        }
        self.ask(|done| SessionCommand::Method(method.to_owned(), true, done)).await
    }

    /// Stops handling calls to a method.
    pub async fn unregister_rpc_method(&self, method: &str) -> Result<(), RoomClientError> {
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner).remove(method);
        self.ask(|done| SessionCommand::Method(method.to_owned(), false, done)).await
    }
}

/// Feeds our track: PCM in, on a steady clock into the room, with an account of what was played.
pub struct AudioSource {
    sid: String,
    rate: u32,
    queue: Arc<PcmQueue>,
    commands: mpsc::Sender<SessionCommand>,
}

impl AudioSource {
    /// The source that fills this outbox; the session that takes the commands empties it.
    pub(crate) fn new(
        sid: String,
        rate: u32,
        queue: Arc<PcmQueue>,
        commands: mpsc::Sender<SessionCommand>,
    ) -> Self {
        Self { sid, rate, queue, commands }
    }

    /// The id that the track had when it was published. After rejoining the room it has another.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Adds mono PCM; waits while the queue is full. Samples that still wait when [`clear_buffer`](Self::clear_buffer)
    /// is called are dropped.
    pub async fn capture_frame(&self, samples: &[i16]) -> Result<(), RoomClientError> {
        // If this is lost among too many commands, the next slot comes soon anyway.
        let begun = || drop(self.commands.try_send(SessionCommand::Speak));
        tokio::select! {
            biased;
            put = self.queue.put(samples, begun) => {
                put.map_err(|QueueClosed| RoomClientError::Refused("the track is not published any more".to_owned()))
            }
            () = self.commands.closed() => Err(RoomClientError::Closed),
        }
    }

    /// Drops what has not been played yet. Returns how much was played and how much was dropped.
    pub fn clear_buffer(&self) -> ClearedSamples {
        self.queue.clear()
    }

    /// The account so far.
    pub fn playout(&self) -> Playout {
        self.queue.account()
    }

    /// How long the waiting audio lasts.
    pub fn queued_duration(&self) -> Duration {
        lasts(self.playout().waiting, self.rate)
    }

    /// Returns once all that was captured has been played or dropped, or the room is gone.
    pub async fn wait_for_playout(&self) {
        let played = tokio::select! {
            biased;
            played = self.queue.drained() => played,
            () = self.commands.closed() => return,
        };
        if played {
            // The last packet begins to sound when it is sent.
            tokio::time::sleep(FRAME).await;
        }
    }

    /// Mutes or unmutes the track. While it is muted, what waits goes on waiting.
    pub async fn set_muted(&self, muted: bool) -> Result<(), RoomClientError> {
        let command = SessionCommand::Mute(Arc::clone(&self.queue), muted);
        self.commands.send(command).await.map_err(|_| RoomClientError::Closed)
    }

    /// Unpublishes the track. Waiting audio is dropped and counted as dropped. Another track may be published then.
    pub async fn unpublish(&self) -> Result<ClearedSamples, RoomClientError> {
        self.queue.close();
        let command = SessionCommand::Unpublish(Arc::clone(&self.queue));
        self.commands.send(command).await.map_err(|_| RoomClientError::Closed)?;
        Ok(self.clear_buffer())
    }
}
