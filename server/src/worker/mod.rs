//! Voice workers: agents in a process of their own. They find candidates in the rooms by asking the room server, and
//! hold the interviews by the engine API of an InterviewOS elsewhere.
//!
//! [`client`] asks that engine, [`interview`] is one interview as the agent sees it, `desk` all of them; `sound` has the
//! sound of answers kept there.

pub mod client;
mod desk;
pub mod interview;
mod sound;

use std::collections::BTreeMap;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use engine::SessionId;
use protocol::engine_api::error::Code;
use protocol::engine_api::turn::ApiStatus;
use reqwest::Url;
use rooms::loopback;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::client::{EngineClient, EngineFault};
use self::desk::RemoteDesk;
use crate::livekit::admission::{candidate_of, interviewer_of, session_of};
use crate::livekit::choice::RoomServer;
use crate::livekit::keys::Keys;
use crate::livekit::service::{RoomService, ServiceError};
use crate::livekit::{ChosenRooms, LivekitEnvironment, RoomsChoiceError};
use crate::request_guard::shares::VoiceShare;
use crate::secrets::{self, Hidden, SecretError};
use crate::settings::ServerSettings;
use crate::voice::crew::{self, Crew, most_at_once};
use crate::voice::{OpenSpeech, VoiceError};

/// How often the room server is asked who waits.
const LOOK: Duration = Duration::from_millis(250);
/// How often, while it does not answer.
const LOOK_IN_VAIN: Duration = Duration::from_secs(2);
/// A candidate who waits although somebody was sent is looked after again after so long.
const AGAIN: Duration = Duration::from_secs(10);
/// A room that has an interviewer is looked into again after so long: another worker may be lost.
const ATTENDED: Duration = Duration::from_secs(2);

/// Why no worker can start; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Which rooms cannot be told.
    #[error(transparent)]
    Rooms(#[from] RoomsChoiceError),
    /// The setting says that there are no rooms.
    #[error("the setting `rooms` is off, and there is nowhere to talk; leave it out, or set LIVEKIT_URL")]
    NoRooms,
    /// The address is none.
    #[error("`engine_url` is no address of an InterviewOS; give one such as http://127.0.0.1:3000")]
    Address,
    /// A secret that is kept cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is no secret of the engine API.
    #[error(
        "the secret of the engine API is not known here; set INTERVIEWOS_INGEST_SECRET to that of the server (the file ingest-secret of its data folder), or name that folder with --data if it is on this machine"
    )]
    NoSecret,
    /// There are no keys of the rooms.
    #[error(
        "the key of the rooms is not known here; set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to those of the server, or name its data folder with --data if it is on this machine"
    )]
    NoKeys,
    /// The engine API refuses the secret.
    #[error(
        "the InterviewOS at `engine_url` refuses the secret; set INTERVIEWOS_INGEST_SECRET to the one that it has (the file ingest-secret of its data folder)"
    )]
    WrongSecret,
    /// Nobody could hear or speak.
    #[error("{0}")]
    Speech(String),
}

/// Agents in this process.
pub struct Worker {
    client: EngineClient,
    rooms: RoomService,
    crew: Crew,
    /// Where the interviews are held, and the rooms are.
    addresses: (String, String),
}

/// Where an InterviewOS is that holds the interviews.
pub fn engine_url(settings: &ServerSettings) -> String {
    // On a machine without IPv4, or where the server listens for IPv6 alone, this machine has another address.
    let newer =
        settings.host.parse::<Ipv6Addr>().is_ok_and(|host| host.is_loopback()) || loopback().is_ipv6();
    let here = if newer { "[::1]" } else { "127.0.0.1" };
    settings.engine_url.clone().unwrap_or_else(|| format!("http://{here}:{}", settings.port))
}

/// The secret of its engine API; that of the data folder where none is set.
///
/// # Errors
/// If there is none, or it cannot be read.
pub fn secret(settings: &ServerSettings) -> Result<Hidden, WorkerError> {
    match &settings.ingest_secret {
        Some(secret) => Ok(secret.clone()),
        None => secrets::kept_ingest_secret(&settings.data)?.ok_or(WorkerError::NoSecret),
    }
}

/// Where the rooms are, and their keys: at a LiveKit server, or embedded in that InterviewOS.
fn rooms(settings: &ServerSettings, environment: &LivekitEnvironment) -> Result<(Url, Keys), WorkerError> {
    match ChosenRooms::new(settings.rooms, environment)?.place {
        RoomServer::Off => Err(WorkerError::NoRooms),
        RoomServer::Elsewhere(url, keys) => Ok((url, keys)),
        RoomServer::Embedded(keys) => {
            let url = Url::parse(&engine_url(settings).replacen("http", "ws", 1));
            let keys = match keys {
                Some(keys) => keys,
                None => Keys::load_existing(&settings.data)?.ok_or(WorkerError::NoKeys)?,
            };
            Ok((url.map_err(|_| WorkerError::Address)?, keys))
        }
    }
}

impl Worker {
    /// With this speech, which is open when this returns unless it is to be opened at the first use (`get_ready`).
    ///
    /// # Errors
    /// What is missing or wrong. An engine or a room server that cannot be reached is waited for.
    pub async fn start(
        settings: &ServerSettings,
        environment: &LivekitEnvironment,
        open: OpenSpeech,
        get_ready: bool,
    ) -> Result<Self, WorkerError> {
        let engine = engine_url(settings);
        let client = EngineClient::new(&engine, &secret(settings)?).ok_or(WorkerError::Address)?;
        let (url, keys) = rooms(settings, environment)?;
        match client.reach().await {
            Ok(()) => {}
            Err(EngineFault::Refused(Code::Unauthorized)) => return Err(WorkerError::WrongSecret),
            Err(fault) => {
                tracing::warn!(%fault, engine, "the interviews cannot be held now; it is waited for")
            }
        }
        let rooms = RoomService::new(&url, keys.clone()).map_err(|_| WorkerError::Address)?;
        let tasks = TaskTracker::new();
        let desk = Arc::new(RemoteDesk { client: client.clone(), tasks: tasks.clone() });
        let url = url.as_str().trim_end_matches('/').to_owned();
        let addresses = (engine, url.clone());
        let crew = Crew::new(crew::Workplace { desk, url, keys, most: most_at_once(settings), open, tasks });
        if get_ready {
            crew.open().await.map_err(WorkerError::Speech)?;
        }
        Ok(Self { client, rooms, crew, addresses })
    }

    /// Where the interviews are held, and where the rooms are.
    pub fn addresses(&self) -> (&str, &str) {
        (&self.addresses.0, &self.addresses.1)
    }

    /// Looks after candidates until `stop`; then all agents leave.
    pub async fn run(self, stop: CancellationToken) {
        let (mut rest, mut in_vain, mut off) = (BTreeMap::new(), false, false);
        loop {
            let looked = tokio::select! {
                () = stop.cancelled() => break,
                looked = self.attend_waiting_candidates(&mut rest) => looked,
            };
            match &looked {
                Ok(()) if in_vain => tracing::info!("the room server answers again"),
                Err(fault) if !in_vain => {
                    tracing::warn!(%fault, rooms = self.addresses.1, "the room server is waited for");
                }
                Ok(()) | Err(_) => {}
            }
            in_vain = looked.is_err();
            match self.rooms.clock_skew() {
                Some(apart) if !off => {
                    tracing::warn!(
                        rooms = self.addresses.1,
                        "the room server answers, and {apart}: set both"
                    );
                }
                Some(_) | None => {}
            }
            off = self.rooms.clock_skew().is_some();
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(if in_vain { LOOK_IN_VAIN } else { LOOK }) => {}
            }
        }
        self.crew.stop().await;
    }

    /// Sends agents to candidates who wait for one. `rest`: who needs no look before when.
    async fn attend_waiting_candidates(
        &self,
        rest: &mut BTreeMap<SessionId, Instant>,
    ) -> Result<(), ServiceError> {
        rest.retain(|_, until| Instant::now() < *until);
        for room in self.rooms.list_rooms().await? {
            let Some(session) = session_of(&room) else { continue };
            if rest.contains_key(&session) || self.crew.attends(session) {
                continue;
            }
            let there = self.rooms.list_participants(&room).await?;
            if there.contains(&interviewer_of(session)) {
                rest.insert(session, Instant::now() + ATTENDED);
                continue;
            }
            if !there.contains(&candidate_of(session)) {
                continue;
            }
            rest.insert(session, Instant::now() + AGAIN);
            // Rooms may be those of another InterviewOS.
            match self.client.session(session, None).await {
                Ok(known) if known.status != ApiStatus::Completed => {}
                Ok(_) | Err(EngineFault::Refused(Code::NotFound)) => continue,
                Err(fault) => {
                    tracing::warn!(session.id = %session, %fault, "the interview cannot be held now");
                    continue;
                }
            }
            match self.crew.send(session, || Some(VoiceShare::default())).await {
                // Another worker may have a place.
                Ok(()) | Err(VoiceError::Full | VoiceError::Share | VoiceError::Stopping) => {}
                Err(error @ VoiceError::Speech) => tracing::warn!(session.id = %session, %error),
            }
        }
        Ok(())
    }
}
