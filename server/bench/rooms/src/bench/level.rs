//! One level: so many rooms of two who speak all the time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::direct::direct;
use super::light::{Counts, LightClient, tone};
use super::machine::busy;
use super::times::{PacketTimes, percentile};
use crate::guest::{Guest, ToneParticipant};
use crate::served::{ServerUnderTest, cpu};
use crate::sound::ReceptionCounts;

/// Rooms with our participants, which encode, decode and listen; the others, one at least, have light clients.
const REAL: usize = 4;
/// How long everybody may take to come in, and to settle before it counts.
const ENTER: Duration = Duration::from_secs(60);
const SETTLE: Duration = Duration::from_secs(3);
/// The least RMS of a tone of 5792 that counts as heard.
const LOUD: f64 = 3_000.0;

/// What a level brought.
#[derive(Debug, Clone)]
pub(super) struct RoomLevelResult {
    pub(super) rooms: usize,
    /// Of these, with our participants.
    pub(super) real: usize,
    /// Cores that the server, and the load, used.
    pub(super) server: f64,
    pub(super) load: f64,
    /// The share of all cores that was busy, whoever used them.
    pub(super) machine: f64,
    /// The server's memory before anybody came and at the end, in bytes.
    pub(super) idle: u64,
    pub(super) memory: u64,
    /// Milliseconds from socket to socket, through the server and without it: median and 99th percentile.
    pub(super) through: [f64; 2],
    pub(super) direct: [f64; 2],
    pub(super) sent: u64,
    pub(super) lost: u64,
    /// RMS of what the listening light client heard.
    pub(super) rms: f64,
    /// The share of what our participants heard that was the other's tone and nothing else.
    pub(super) clear: Option<f64>,
}

impl RoomLevelResult {
    pub(super) fn people(&self) -> usize {
        self.rooms * 2
    }
}

/// The light clients of a level.
#[derive(Default)]
struct LightClientGroup {
    tasks: JoinSet<Result<()>>,
    counts: Vec<Arc<Counts>>,
    times: Vec<Arc<PacketTimes>>,
}

impl LightClientGroup {
    async fn room(
        &mut self,
        server: &ServerUnderTest,
        packets: &Arc<Vec<Arc<[u8]>>>,
        room: &str,
        listen: bool,
    ) -> Result<()> {
        let times = [Arc::new(PacketTimes::default()), Arc::new(PacketTimes::default())];
        for (at, name) in ["ann", "bob"].into_iter().enumerate() {
            let counts = Arc::new(Counts::default());
            let pair = (Arc::clone(&times[at]), Arc::clone(&times[1 - at]));
            let (url, token) = (server.url(), server.token(name, room)?);
            let light = LightClient::join(
                &url,
                &token,
                Arc::clone(packets),
                pair,
                Arc::clone(&counts),
                listen && at == 0,
            );
            self.tasks.spawn(light.await.context("a light client joins")?.run());
            self.counts.push(counts);
        }
        self.times.extend(times);
        Ok(())
    }

    fn sum(&self, what: impl Fn(&Counts) -> u64) -> u64 {
        self.counts.iter().map(|counts| what(counts)).sum()
    }

    /// An error if one of them failed.
    fn check(&mut self) -> Result<()> {
        match self.tasks.try_join_next() {
            None => Ok(()),
            Some(ended) => {
                ended?.context("a light client failed").and_then(|()| bail!("a light client ended"))
            }
        }
    }
}

/// Measures one level on a server of its own.
pub(super) async fn level(rooms: usize, seconds: u64) -> Result<RoomLevelResult> {
    let server = ServerUnderTest::start(None).await?;
    let idle = server.memory()?;
    let real = rooms.saturating_sub(1).min(REAL);
    let packets = Arc::new(tone()?);
    let mut guests = Vec::new();
    for room in 0..real {
        let name = format!("real-{room}");
        for (identity, hz, others) in [("ann", 500.0, [("bob", 900.0)]), ("bob", 900.0, [("ann", 500.0)])] {
            let who = ToneParticipant { token: server.token(identity, &name)?, hz, others: &others };
            guests.push((others[0].0, Guest::enter(&server, who, None).await?));
        }
    }
    let mut crowd = LightClientGroup::default();
    for room in real..rooms {
        crowd.room(&server, &packets, &format!("light-{room}"), room == real).await?;
    }
    let (control, straight) = (Arc::new(Counts::default()), Arc::new(PacketTimes::default()));
    let without = direct(Arc::clone(&control), Arc::clone(&straight)).await?;

    let begin = Instant::now();
    while crowd.counts.iter().any(|counts| !counts.hears.load(Ordering::Relaxed)) {
        crowd.check()?;
        if begin.elapsed() > ENTER {
            bail!("not everybody was heard within {ENTER:?}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (other, guest) in &guests {
        guest.hears(other, "before it counts").await?;
    }
    tokio::time::sleep(SETTLE).await;

    let measuring = |on: bool| {
        crowd
            .counts
            .iter()
            .chain([&control])
            .for_each(|counts| counts.measuring.store(on, Ordering::Relaxed));
    };
    for (_, guest) in &guests {
        guest.seen().heard.clear();
    }
    let lost_before = guests.iter().map(|(_, guest)| guest.lost()).collect::<Vec<_>>();
    let (from, before) = (Instant::now(), (server.cpu()?, cpu("self")?, busy()?));
    measuring(true);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let (took, after) = (from.elapsed(), (server.cpu()?, cpu("self")?, busy()?));
    let memory = server.memory()?;
    measuring(false);
    // What is under way arrives, and is counted by its time alone.
    tokio::time::sleep(Duration::from_millis(300)).await;
    crowd.check()?;

    let mut ears: Vec<ReceptionCounts> = Vec::new();
    for (other, guest) in &guests {
        ears.push(guest.seen().heard.get(*other).copied().unwrap_or_default());
    }
    let clear = ears.iter().map(|ear| ear.windows - (ear.silent + ear.wrong).min(ear.windows)).sum::<u64>()
        as f64
        / ears.iter().map(|ear| ear.windows).sum::<u64>().max(1) as f64;
    if ears.iter().any(|ear| ear.windows < seconds * 25 || ear.silent + ear.wrong > ear.windows / 2) {
        bail!("with {rooms} rooms our participants do not hear each other: {ears:?}");
    }
    let samples = crowd.sum(|counts| counts.samples.load(Ordering::Relaxed));
    let energy = crowd.sum(|counts| counts.energy.load(Ordering::Relaxed));
    let rms = (energy as f64 * 1_048_576.0 / samples.max(1) as f64).sqrt();
    if rms < LOUD {
        bail!("with {rooms} rooms a light client hears an RMS of {rms:.0} instead of 5792");
    }
    let mut through: Vec<u64> = crowd.times.iter().flat_map(|times| times.took()).collect();
    let mut alone = straight.took();
    let sent = crowd.sum(|counts| counts.sent.load(Ordering::Relaxed));
    let unheard = sent.saturating_sub(through.len() as u64);
    let lost: u64 = guests.iter().zip(lost_before).map(|((_, guest), before)| guest.lost() - before).sum();
    let cores = |from: Duration, to: Duration| (to - from).as_secs_f64() / took.as_secs_f64();
    let figures = RoomLevelResult {
        rooms,
        real,
        server: cores(before.0, after.0),
        load: cores(before.1, after.1),
        machine: after.2.since(&before.2),
        idle,
        memory,
        through: [percentile(&mut through, 0.5), percentile(&mut through, 0.99)],
        direct: [percentile(&mut alone, 0.5), percentile(&mut alone, 0.99)],
        sent: sent + real as u64 * 2 * seconds * 50,
        lost: unheard + lost,
        rms,
        clear: (real > 0).then_some(clear),
    };
    drop((crowd, without));
    for (_, guest) in guests {
        guest.leave().await;
    }
    server.stop().await?;
    Ok(figures)
}
