//! Somebody in a room by our own participant, over a wire that can be cut: plays a tone, says something every second,
//! listens to those it knows the tones of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, bail};
use participant::testing::Weather;
use participant::{RoomClientEvent, RoomHandle, RoomOptions};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::network::TcpFaultProxy;
use crate::served::ServerUnderTest;
use crate::sound::{HEAR, ReceptionCounts, listen, speak};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(25);

/// What a guest has seen.
#[derive(Debug, Default)]
pub(crate) struct GuestObservations {
    pub(crate) heard: BTreeMap<String, ReceptionCounts>,
    pub(crate) resumed: u64,
    pub(crate) rejoined: u64,
    pub(crate) ended: bool,
    /// Packets lost, by track.
    lost: BTreeMap<String, u64>,
}

/// Somebody in a room.
pub(crate) struct Guest {
    room: Arc<RoomHandle>,
    pub(crate) proxy: TcpFaultProxy,
    seen: Arc<Mutex<GuestObservations>>,
    tasks: JoinSet<()>,
}

/// A participant that plays a tone.
#[derive(Clone)]
pub(crate) struct ToneParticipant<'a> {
    /// Says so, and in which room.
    pub(crate) token: String,
    /// The tone that it plays, in hertz.
    pub(crate) hz: f64,
    /// Those that it listens to, with their tones.
    pub(crate) others: &'a [(&'a str, f64)],
}

impl Guest {
    pub(crate) async fn enter(
        server: &ServerUnderTest,
        who: ToneParticipant<'_>,
        weather: Option<Arc<Weather>>,
    ) -> Result<Self> {
        let proxy = TcpFaultProxy::to(server.address).await?;
        let options = RoomOptions { weather, ..RoomOptions::default() };
        let (room, events) = RoomHandle::connect(&proxy.url(), &who.token, options).await?;
        let (room, seen) = (Arc::new(room), Arc::default());
        let mut tasks = JoinSet::new();
        let pitches = who.others.iter().map(|&(name, hz)| (name.to_owned(), hz)).collect();
        tasks.spawn(follow(Arc::clone(&room), events, pitches, Arc::clone(&seen)));
        tasks.spawn(tell(Arc::clone(&room)));
        let mut voice = speak(&room, who.hz).await?;
        tasks.spawn(async move { while voice.join_next().await.is_some() {} });
        Ok(Self { room, proxy, seen, tasks })
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, GuestObservations> {
        lock(&self.seen)
    }

    /// Packets lost so far of all that is heard.
    pub(crate) fn lost(&self) -> u64 {
        self.seen().lost.values().sum()
    }

    /// Waits until the others are heard, for two seconds each in all, from now on.
    pub(crate) async fn hears(&self, who: &str, when: &str) -> Result<()> {
        self.seen().heard.remove(who);
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let heard = self.seen().heard.get(who).copied().unwrap_or_default();
            if heard.windows >= 100 + heard.silent + heard.wrong {
                return Ok(());
            }
        }
        let heard = self.seen().heard.get(who).copied();
        bail!("{when}: {who} is not heard within {PATIENCE:?}: {heard:?}")
    }

    /// Waits until the connection came back so often: by a resume, or by joining anew.
    pub(crate) async fn back(&self, resumed: u64, rejoined: u64) -> Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let (again, anew, ended) = {
                let seen = self.seen();
                (seen.resumed, seen.rejoined, seen.ended)
            };
            if ended {
                bail!("the stay is over instead of coming back");
            }
            if again + anew >= resumed + rejoined && anew >= rejoined {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("it did not come back within {PATIENCE:?}")
    }

    /// Leaves, cleanly.
    pub(crate) async fn leave(mut self) {
        self.room.close().await;
        self.tasks.shutdown().await;
    }
}

fn lock(seen: &Mutex<GuestObservations>) -> MutexGuard<'_, GuestObservations> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says something every second.
async fn tell(room: Arc<RoomHandle>) {
    let local = room.local_participant().clone();
    drop(room);
    let mut clock = tokio::time::interval(Duration::from_secs(1));
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        // While it reconnects it may be refused.
        drop(local.publish_data(b"here".to_vec(), "count", true, Vec::new()).await);
    }
}

async fn follow(
    room: Arc<RoomHandle>,
    mut events: mpsc::Receiver<RoomClientEvent>,
    pitches: BTreeMap<String, f64>,
    seen: Arc<Mutex<GuestObservations>>,
) {
    let mut ears = JoinSet::new();
    while let Some(event) = events.recv().await {
        #[expect(clippy::wildcard_enum_match_arm, reason = "all else is not looked at")]
        match event {
            RoomClientEvent::TrackSubscribed(who, track) => {
                while ears.try_join_next().is_some() {}
                let Some(&hz) = pitches.get(&who) else { continue };
                let Ok(stream) = room.audio_stream(&track, HEAR).await else { continue };
                let seen = Arc::clone(&seen);
                ears.spawn(listen(stream, hz, move |heard, lost| {
                    let mut seen = lock(&seen);
                    *seen.heard.entry(who.clone()).or_default() += heard;
                    seen.lost.insert(track.clone(), lost);
                }));
            }
            RoomClientEvent::DataReceived { from, topic, .. } if topic == "count" => {
                lock(&seen).heard.entry(from).or_default().messages += 1;
            }
            RoomClientEvent::Reconnected(true) => lock(&seen).resumed += 1,
            RoomClientEvent::Reconnected(false) => lock(&seen).rejoined += 1,
            RoomClientEvent::Disconnected(_) => lock(&seen).ended = true,
            _ => {}
        }
    }
}
