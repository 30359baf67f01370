//! What our participant needs by itself: some of them in a process of their own, which is this program again, called
//! with `talk`. Each speaks all the time and listens to another.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use participant::{RoomClientEvent, RoomHandle, RoomOptions};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::served::{ServerUnderTest, cpu, memory};
use crate::sound::{HEAR, listen, speak};

/// How many there are, two to a room.
const PEOPLE: usize = 10;
/// How long they may take to hear each other, and to settle before it counts.
const ENTER: Duration = Duration::from_secs(60);
const SETTLE: Duration = Duration::from_secs(3);
const TONES: [f64; 2] = [500.0, 900.0];

/// What one of them needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct ParticipantUsage {
    pub(super) people: usize,
    /// Cores that each used.
    pub(super) cores: f64,
    /// Memory of the process before anybody joined and at the end, in bytes.
    pub(super) idle: u64,
    pub(super) memory: u64,
}

impl ParticipantUsage {
    /// Memory of each, in bytes.
    pub(super) fn each(&self) -> u64 {
        self.memory.saturating_sub(self.idle) / self.people as u64
    }
}

/// Measures them for so long.
pub(super) async fn ours(seconds: u64) -> Result<ParticipantUsage> {
    let server = ServerUnderTest::start(None).await?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("talk").arg(server.url());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().context("the participants cannot be started")?;
    let process = child.id().context("it runs")?.to_string();
    let mut input = child.stdin.take().context("its input was asked for")?;
    let mut said = BufReader::new(child.stdout.take().context("its output was asked for")?).lines();
    let mut word = async |expected: &str| match timeout(ENTER, said.next_line()).await {
        Ok(Ok(Some(line))) if line == expected => Ok(()),
        Ok(line) => bail!("the participants say {line:?} instead of {expected}"),
        Err(_) => bail!("the participants do not get {expected} within {ENTER:?}"),
    };
    word("here").await?;
    let idle = memory(&process)?;
    for number in 0..PEOPLE {
        let token = server.token(&number.to_string(), &format!("talk-{}", number / 2))?;
        input.write_all(format!("{token}\n").as_bytes()).await?;
    }
    input.write_all(b"\n").await?;
    word("heard").await?;
    sleep(SETTLE).await;
    let (begin, before) = (Instant::now(), cpu(&process)?);
    sleep(Duration::from_secs(seconds)).await;
    let cores = (cpu(&process)? - before).as_secs_f64() / begin.elapsed().as_secs_f64() / PEOPLE as f64;
    let measured = ParticipantUsage { people: PEOPLE, cores, idle, memory: memory(&process)? };
    drop(input);
    timeout(ENTER, child.wait()).await.context("the participants do not end")??;
    server.stop().await?;
    Ok(measured)
}

/// Is the participants: joins with the tokens that come on standard input, a line each up to an empty one, and stays
/// until that ends.
pub(crate) async fn talk(url: String) -> Result<()> {
    let (say, mut lines) = mpsc::unbounded_channel();
    // A thread of its own: reading standard input blocks.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            drop(say.send(line));
        }
    });
    println!("here");
    let (told, mut heard) = mpsc::channel(PEOPLE);
    let mut people = JoinSet::new();
    let mut count = 0;
    while let Some(token) = lines.recv().await.filter(|line| !line.is_empty()) {
        people.spawn(one(url.clone(), token, count % 2, told.clone()));
        count += 1;
    }
    let all = async {
        for _ in 0..count {
            heard.recv().await;
        }
        println!("heard");
        // Ends when it is over.
        lines.recv().await
    };
    tokio::select! {
        _ = all => {}
        Some(done) = people.join_next() => return done?.and_then(|()| bail!("somebody was sent out")),
    }
    Ok(())
}

/// Speaks, and listens to the other; says once when that is heard.
async fn one(url: String, token: String, which: usize, told: mpsc::Sender<()>) -> Result<()> {
    let (room, mut events) = RoomHandle::connect(&url, &token, RoomOptions::default()).await?;
    let room = Arc::new(room);
    let _voice = speak(&room, TONES[which]).await?;
    let mut ears = JoinSet::new();
    while let Some(event) = events.recv().await {
        if let RoomClientEvent::TrackSubscribed(_, track) = event {
            let stream = room.audio_stream(&track, HEAR).await?;
            let mut told = Some(told.clone());
            ears.spawn(listen(stream, TONES[1 - which], move |heard, _| {
                if heard.silent + heard.wrong == 0
                    && let Some(told) = told.take()
                {
                    told.try_send(()).ok();
                }
            }));
        }
    }
    Ok(())
}
