//! The handle on a joined room.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use crate::audio::frame::AudioFrame;
use crate::audio::receiver::ReceiveStats;
use crate::events::{RemoteParticipant, RoomClientEvent};
use crate::local::LocalParticipant;
use crate::options::{RoomClientError, RoomOptions};
use crate::session::SessionCommand;
use crate::session::media::MOST_FRAMES;
use crate::shell::driver::Handlers;
use crate::shell::start::start;

/// Events that may wait to be read; further ones are dropped, with a warning.
const MOST_EVENTS: usize = 4_096;
/// Commands that may wait; then the caller waits.
const MOST_COMMANDS: usize = 256;

/// A joined room. It is left when it is closed, or when it and everything obtained from it are dropped.
pub struct RoomHandle {
    local: LocalParticipant,
    name: String,
    sid: String,
    server: String,
    single: bool,
}

impl RoomHandle {
    /// Joins, and waits until media can flow. The first events tell who is there already.
    pub async fn connect(
        url: &str,
        token: &str,
        options: RoomOptions,
    ) -> Result<(Self, mpsc::Receiver<RoomClientEvent>), RoomClientError> {
        let (events, inbox) = mpsc::channel(MOST_EVENTS);
        let (commands, waiting) = mpsc::channel(MOST_COMMANDS);
        let handlers = Handlers::default();
        let weak = commands.downgrade();
        let started = start(url, token, options, events, (weak, waiting), Arc::clone(&handlers)).await?;
        let local = LocalParticipant { identity: started.identity, commands, handlers };
        let room = Self {
            local,
            name: started.room,
            sid: started.sid,
            server: started.server,
            single: started.single,
        };
        Ok((room, inbox))
    }

    /// The local participant.
    pub fn local_participant(&self) -> &LocalParticipant {
        &self.local
    }

    /// The name of the room.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id (`RM_...`), as it was when we joined.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The version of the server; may be empty.
    pub fn server_version(&self) -> &str {
        &self.server
    }

    /// Whether there is one peer connection (`/rtc/v1`) rather than two.
    pub fn is_single_peer_connection(&self) -> bool {
        self.single
    }

    /// The remote participants.
    pub async fn remote_participants(&self) -> Result<Vec<RemoteParticipant>, RoomClientError> {
        self.local.ask(SessionCommand::Members).await
    }

    /// Subscribes to a track, or unsubscribes.
    pub async fn set_subscribed(&self, track: &str, subscribed: bool) -> Result<(), RoomClientError> {
        let command = SessionCommand::Subscribe(track.to_owned(), subscribed);
        self.local.commands.send(command).await.map_err(|_| RoomClientError::Closed)
    }

    /// The audio of a track as mono PCM of `rate` (8000, 12000, 16000, 24000 or 48000) samples a second, from its first
    /// packet on. Subscribes to it if necessary. A second stream of a track replaces the first.
    pub async fn audio_stream(&self, track: &str, rate: u32) -> Result<AudioStream, RoomClientError> {
        let (frames, receiver) = mpsc::channel(MOST_FRAMES);
        let stats = Arc::default();
        let (track, for_session) = (track.to_owned(), Arc::clone(&stats));
        self.local.ask(|done| SessionCommand::Listen(track, rate, frames, for_session, done)).await??;
        Ok(AudioStream { frames: receiver, stats })
    }

    /// Makes the server forget us, as if it had failed (a scenario that LiveKit's servers simulate).
    #[cfg(feature = "testing")]
    pub async fn simulate_node_failure(&self) {
        use livekit_protocol as proto;
        let scenario = Some(proto::simulate_scenario::Scenario::NodeFailure(true));
        let request = proto::signal_request::Message::Simulate(proto::SimulateScenario { scenario });
        let _gone = self.local.commands.send(SessionCommand::Signal(Box::new(request))).await;
    }

    /// Leaves, cleanly.
    pub async fn close(&self) {
        let (done, gone) = oneshot::channel();
        if self.local.commands.send(SessionCommand::Leave(done)).await.is_ok() {
            let _gone_already = gone.await;
        }
    }
}

/// The audio of one track: 20 ms every 20 ms.
pub struct AudioStream {
    frames: mpsc::Receiver<AudioFrame>,
    stats: Arc<Mutex<ReceiveStats>>,
}

impl AudioStream {
    /// The next frame; `None` once the track or the room is gone.
    pub async fn next(&mut self) -> Option<AudioFrame> {
        self.frames.recv().await
    }

    /// Counts of the track's audio so far.
    pub fn stats(&self) -> ReceiveStats {
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
