//! The room server as a process of its own, so that its processor time, memory and files are its own: this program,
//! called with `serve`, or `interviewos` (`program.rs`). Seen from outside through `/proc` and over HTTP.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::routing::get;
use livekit_token::{AccessToken, VideoGrants};
use rooms::{Config, MediaAddress, Rooms, Secret, Waits};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::program::SoakProgramData;

const KEY: &str = "bench";
const SECRET: &str = "known to the bench alone, and long enough";
/// How long the server waits for somebody to resume, and for a room that everybody left. Shorter than is usual, so
/// that much of it happens in a run.
const RESUME: Duration = Duration::from_secs(4);
const DEPARTURE: Duration = Duration::from_secs(2);

/// Serves rooms on the loopback until standard input ends; `announce`: the address that clients are told for media.
pub(crate) async fn serve(announce: Option<IpAddr>) -> Result<()> {
    let config = Config {
        addresses: vec![MediaAddress { bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), announce }],
        tcp: false,
        waits: waits(),
        ..Config::new(KEY, Secret::new(SECRET))
    };
    let rooms = Rooms::start(config).await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{} {}", listener.local_addr()?, rooms.addresses()[0]);
    let tasks = async || tokio::runtime::Handle::current().metrics().num_alive_tasks().to_string();
    let router = rooms.router().route("/tasks", get(tasks));
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own: reading standard input blocks.
    std::thread::spawn(move || {
        drop(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        drop(end);
    });
    tokio::select! {
        served = axum::serve(listener, router) => served?,
        _ = ended => {}
    }
    rooms.stop().await;
    Ok(())
}

fn waits() -> Waits {
    Waits { resume: RESUME, departure: DEPARTURE, ..Waits::default() }
}

/// A room, and what somebody comes in with as whoever runs the rooms lets them in.
pub(crate) struct RoomPass {
    pub(crate) room: String,
    pub(crate) identity: String,
    pub(crate) token: String,
}

/// The running server.
pub(crate) struct ServerUnderTest {
    child: Child,
    process: u32,
    /// What tokens are signed with: the key and its secret.
    keys: (String, String),
    /// How long it waits.
    pub(crate) waits: Waits,
    /// If it is `interviewos`: where it keeps what it keeps.
    pub(crate) program: Option<SoakProgramData>,
    /// Where it takes signalling.
    pub(crate) address: SocketAddr,
    /// Where it tells clients to send media.
    pub(crate) media: SocketAddr,
}

impl ServerUnderTest {
    pub(crate) async fn start(announce: Option<IpAddr>) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").args(announce.map(|ip| ip.to_string()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().context("the server cannot be started")?;
        let process = child.id().context("it runs")?;
        let mut said = String::new();
        let stdout = child.stdout.take().context("its output was asked for")?;
        timeout(Duration::from_secs(20), BufReader::new(stdout).read_line(&mut said)).await??;
        let mut addresses = said.split_whitespace().map(str::parse);
        let (Some(Ok(address)), Some(Ok(media))) = (addresses.next(), addresses.next()) else {
            bail!("the server did not get ready");
        };
        let keys = (KEY.to_owned(), SECRET.to_owned());
        Ok(Self { child, process, keys, waits: waits(), program: None, address, media })
    }

    /// `interviewos`, which is running.
    pub(crate) fn of(
        child: Child,
        program: SoakProgramData,
        keys: (String, String),
        [address, media]: [SocketAddr; 2],
    ) -> Result<Self> {
        let process = child.id().context("it runs")?;
        Ok(Self { child, process, keys, waits: Waits::default(), program: Some(program), address, media })
    }

    /// A token for somebody in a room.
    pub(crate) fn token(&self, identity: &str, room: &str) -> Result<String> {
        let grants = VideoGrants {
            room_join: true,
            room: room.to_owned(),
            can_update_own_metadata: Some(true),
            ..VideoGrants::default()
        };
        let token = AccessToken::with_api_key(&self.keys.0, &self.keys.1);
        token.with_identity(identity).with_grants(grants).to_jwt().context("a token can be made")
    }

    /// A room for somebody: on our own server of this name, in the program that of a new interview, as its candidate.
    pub(crate) async fn hall(&self, room: &str, identity: &str) -> Result<RoomPass> {
        if self.program.is_some() {
            return self.interview().await;
        }
        let (room, identity) = (room.to_owned(), identity.to_owned());
        Ok(RoomPass { token: self.token(&identity, &room)?, room, identity })
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Processor time so far, in the kernel's hundredths of a second.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        cpu(&self.process.to_string())
    }

    /// Resident memory, in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        memory(&self.process.to_string())
    }

    /// Open files.
    pub(crate) fn files(&self) -> Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.process))?.count())
    }

    /// Tasks that are alive. The program does not tell of those: its open connections.
    pub(crate) async fn tasks(&self) -> Result<usize> {
        if self.program.is_none() {
            return Ok(self.ask("GET /tasks", "", "").await?.trim().parse()?);
        }
        let metrics = self.ask("GET /metrics", "", "").await?;
        let count = metrics.lines().find_map(|line| line.strip_prefix("interviewos_connections_open "));
        Ok(count.context("the program counts its connections")?.trim().parse()?)
    }

    /// Open rooms, as LiveKit's server API tells.
    pub(crate) async fn rooms(&self) -> Result<usize> {
        let grants = VideoGrants { room_list: true, ..VideoGrants::default() };
        let token = AccessToken::with_api_key(&self.keys.0, &self.keys.1).with_grants(grants).to_jwt()?;
        let headers = format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n");
        let answer = self.ask("POST /twirp/livekit.RoomService/ListRooms", &headers, "{}").await?;
        let answer: serde_json::Value = serde_json::from_str(&answer)?;
        Ok(answer["rooms"].as_array().map_or(0, Vec::len))
    }

    /// One request, and the body of its answer, which must be a good one.
    pub(crate) async fn ask(&self, what: &str, headers: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.address).await?;
        let (host, length) = (self.address, body.len());
        let request = format!(
            "{what} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await??;
        let (head, body) = answer.split_once("\r\n\r\n").context("an answer has a head")?;
        if !head.starts_with("HTTP/1.1 20") {
            bail!("the server answered {what} with {}", head.lines().next().unwrap_or_default());
        }
        Ok(body.to_owned())
    }

    /// Has it end, and waits.
    pub(crate) async fn stop(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        if self.program.is_some() {
            self.child.start_kill()?;
        }
        timeout(Duration::from_secs(10), self.child.wait()).await??;
        Ok(())
    }
}

/// Resident memory of a process (`self` for this one), in bytes.
pub(crate) fn memory(process: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1_024)
}

/// Processor time of a process.
pub(crate) fn cpu(process: &str) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, after) = stat.rsplit_once(')').context("no name in the stat line")?;
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// In mebibytes, to be read.
pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1_048_576.0)
}
