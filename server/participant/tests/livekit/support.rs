//! A server of its own for each test, tokens, a proxy that can be cut, and tones. The server is the embedded one,
//! or the real LiveKit server that `LIVEKIT_SERVER_BIN` names.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener, UdpSocket as StdUdp};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use livekit_token::{AccessToken, VideoGrants};
use participant::{
    AudioSource, AudioStream, FrameOutcome, RoomClientEvent, RoomHandle, RoomOptions, VoiceOptions,
};
use patience::{PATIENCE, soon};
use rooms::{Config, MediaAddress, Rooms, Secret};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub const KEY: &str = "devkey";
/// That of the scripts in `rooms/tests/python` too.
pub const SECRET: &str = "a secret for tests, long enough to sign with";

/// Lets tests share the machine, or have it alone.
static MACHINE: RwLock<()> = RwLock::const_new(());

#[expect(dead_code, reason = "held, not looked at")]
enum Place {
    Among(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

/// A server that dies with the test.
pub struct Server {
    running: Running,
    ports: [u16; 3],
    place: Place,
}

enum Running {
    Real(Child),
    /// With its own runtime, so that it can end as abruptly as a process.
    Embedded(Option<Runtime>),
}

impl Drop for Running {
    fn drop(&mut self) {
        match self {
            Self::Real(child) => {
                child.kill().ok();
                child.wait().ok();
            }
            Self::Embedded(runtime) => runtime.take().into_iter().for_each(Runtime::shutdown_background),
        }
    }
}

/// Free for both protocols, and below those that systems hand out by themselves: so nobody else gets it before the
/// server does, nor while the server is replaced.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let turn = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 12_000 + (std::process::id() as u16).wrapping_mul(97).wrapping_add(turn) % 18_000;
        let here = (Ipv4Addr::LOCALHOST, port);
        if StdListener::bind(here).is_ok() && StdUdp::bind(here).is_ok() {
            return port;
        }
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::at(Place::Among(MACHINE.read().await)).await
    }

    /// While no other test runs: what it measures stands in other processes too.
    pub async fn alone() -> Self {
        Self::at(Place::Alone(MACHINE.write().await)).await
    }

    async fn at(place: Place) -> Self {
        let ports = [free_port(), free_port(), free_port()];
        Self { running: Running::on(ports).await, ports, place }
    }

    /// Kills it and starts another in its place, which knows nothing of the rooms of the first.
    pub async fn replace(self) -> Self {
        let Self { running, ports, place } = self;
        drop(running);
        Self { running: Running::on(ports).await, ports, place }
    }

    pub fn port(&self) -> u16 {
        self.ports[0]
    }

    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port())
    }

    pub async fn join(&self, identity: &str) -> Joined {
        self.join_with(identity, RoomOptions::default()).await
    }

    pub async fn join_with(&self, identity: &str, options: RoomOptions) -> Joined {
        join(&self.url(), identity, options).await
    }
}

impl Running {
    async fn on(ports: [u16; 3]) -> Self {
        match std::env::var("LIVEKIT_SERVER_BIN").ok().filter(|path| !path.is_empty()) {
            Some(program) => Self::real(&program, ports).await,
            None => Self::embedded(ports).await,
        }
    }

    async fn embedded(ports: [u16; 3]) -> Self {
        let [port, _, udp] = ports;
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let config = Config {
            addresses: vec![MediaAddress::new(loopback(udp))],
            ..Config::new(KEY, Secret::new(SECRET))
        };
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let serve = async move {
            // The one before it may not have let go of its sockets yet.
            let rooms = once_free(|| Rooms::start(config.clone())).await;
            let listener = once_free(|| TcpListener::bind(loopback(port))).await;
            axum::serve(listener, rooms.router()).await.unwrap();
        };
        runtime.spawn(serve);
        let running = Self::Embedded(Some(runtime));
        listening(port, || ()).await;
        running
    }

    async fn real(program: &str, ports: [u16; 3]) -> Self {
        let [port, tcp, udp] = ports;
        let config = format!(
            "port: {port}\nbind_addresses: ['127.0.0.1']\nkeys: {{ {KEY}: '{SECRET}' }}\nlogging: {{ level: error }}\n\
             rtc: {{ tcp_port: {tcp}, udp_port: {udp}, node_ip: 127.0.0.1, use_external_ip: false, \
             enable_loopback_candidate: true, interfaces: {{ includes: [lo] }} }}\n"
        );
        let mut child = Command::new(program)
            .args(["--config-body", &config])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        listening(port, || assert!(child.try_wait().unwrap().is_none(), "the server ended")).await;
        Self::Real(child)
    }
}

/// Tries until it can be had.
async fn once_free<T, E, F: Future<Output = Result<T, E>>>(open: impl Fn() -> F) -> T {
    loop {
        match open().await {
            Ok(opened) => return opened,
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Waits until somebody listens on this port.
async fn listening(port: u16, mut check: impl FnMut()) {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        check();
        assert!(Instant::now() < deadline, "the server does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub fn token(identity: &str) -> String {
    token_that(identity, true)
}

/// A token that lets its holder listen and not speak.
pub fn listener(identity: &str) -> String {
    token_that(identity, false)
}

fn token_that(identity: &str, may_publish: bool) -> String {
    let grants = VideoGrants {
        can_publish: Some(may_publish),
        room_join: true,
        room: "room".to_owned(),
        can_update_own_metadata: Some(true),
        agent: identity.starts_with("agent"),
        ..VideoGrants::default()
    };
    let token = AccessToken::with_api_key(KEY, SECRET).with_identity(identity).with_name("A name");
    let token = if identity.starts_with("agent") { token.with_kind("agent") } else { token };
    token.with_grants(grants).to_jwt().unwrap()
}

/// A room and what happens in it.
pub struct Joined {
    pub room: RoomHandle,
    pub events: mpsc::Receiver<RoomClientEvent>,
}

pub async fn join(url: &str, identity: &str, options: RoomOptions) -> Joined {
    let (room, events) = RoomHandle::connect(url, &token(identity), options).await.unwrap();
    Joined { room, events }
}

impl Joined {
    /// Waits for an event of a kind, over others.
    pub async fn wait<T>(&mut self, what: &str, mut pick: impl FnMut(RoomClientEvent) -> Option<T>) -> T {
        let search = async {
            loop {
                let event = self.events.recv().await.unwrap_or_else(|| panic!("the room is over: no {what}"));
                if let Some(found) = pick(event) {
                    return found;
                }
            }
        };
        soon(what, search).await
    }

    /// The audio of the next track that flows.
    pub async fn hear(&mut self, rate: u32) -> AudioStream {
        let track = self
            .wait("track", |event| match event {
                RoomClientEvent::TrackSubscribed(_, track) => Some(track),
                _ => None,
            })
            .await;
        self.room.audio_stream(&track, rate).await.unwrap()
    }

    /// The audio of somebody's track, other than `old`, by asking who is there and what they publish.
    pub async fn hear_of(&self, identity: &str, old: &str, rate: u32) -> AudioStream {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let members = self.room.remote_participants().await.unwrap();
            let theirs = members.iter().filter(|member| member.identity == identity);
            if let Some(track) = theirs.flat_map(|member| member.tracks.keys()).find(|sid| *sid != old) {
                return self.room.audio_stream(track, rate).await.unwrap();
            }
            assert!(Instant::now() < deadline, "no track of {identity}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn speak(&self, rate: u32, dtx: bool) -> Arc<AudioSource> {
        let options = VoiceOptions { rate, dtx, ..VoiceOptions::default() };
        Arc::new(self.room.local_participant().publish_audio("voice", options, 60_000).await.unwrap())
    }
}

/// Forwards TCP to a server. Connections can be cut; new ones work again.
pub struct Proxy {
    pub url: String,
    cut: Arc<Notify>,
}

impl Proxy {
    pub async fn to(port: u16) -> Self {
        Self::that(port, false).await
    }

    /// One in front of a server that knows nothing of `/rtc/v1`.
    pub async fn of_old(port: u16) -> Self {
        Self::that(port, true).await
    }

    async fn that(port: u16, old: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let cut = Arc::new(Notify::new());
        let scissors = Arc::clone(&cut);
        tokio::spawn(async move {
            loop {
                let (mut client, _) = listener.accept().await.unwrap();
                let scissors = Arc::clone(&scissors);
                tokio::spawn(async move {
                    let mut begin = [0; 11];
                    if old && client.peek(&mut begin).await.is_ok() && &begin == b"GET /rtc/v1" {
                        let mut request = vec![0; 16_384];
                        assert!(client.read(&mut request).await.unwrap() > 11);
                        let answer =
                            b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                        client.write_all(answer).await.ok();
                        return;
                    }
                    let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        () = scissors.notified() => {}
                    }
                });
            }
        });
        Self { url, cut }
    }

    /// Cuts every connection that there is.
    pub fn cut(&self) {
        self.cut.notify_waiters();
    }
}

/// A tone that swells, a little like syllables, so that Opus takes it for speech. Its RMS is 4690.
pub fn tone(hz: f64, rate: u32, seconds: f64) -> Vec<i16> {
    let step = std::f64::consts::TAU / f64::from(rate);
    let swell = |t: f64| 0.6 + 0.4 * (t * step * 3.0).sin();
    let samples = (0..(f64::from(rate) * seconds) as u32).map(f64::from);
    samples.map(|t| ((t * step * hz).sin() * 10_000.0 * swell(t)) as i16).collect()
}

/// How much of the energy is at this frequency, 0 to 1 (Goertzel).
pub fn purity(pcm: &[i16], hz: f64, rate: u32) -> f64 {
    let w = std::f64::consts::TAU * hz / f64::from(rate);
    let (mut s1, mut s2, mut energy) = (0.0, 0.0, 1.0);
    for &sample in pcm {
        let s = f64::from(sample) + 2.0 * w.cos() * s1 - s2;
        (s2, s1) = (s1, s);
        energy += f64::from(sample).powi(2);
    }
    let power = s1 * s1 + s2 * s2 - 2.0 * w.cos() * s1 * s2;
    2.0 * power / (energy * pcm.len() as f64)
}

pub fn rms(pcm: &[i16]) -> f64 {
    (pcm.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / pcm.len().max(1) as f64).sqrt()
}

/// What was heard of a tone.
#[derive(Debug, Default)]
pub struct Heard {
    pub frames: usize,
    /// Frames of 20 ms in which there is hardly anything.
    pub silent: usize,
    pub concealed: usize,
    /// The share of tenths of a second in which the tone is clear.
    pub clear: f64,
    pub rms: f64,
    /// How often this machine stood still for 20 ms meanwhile, or let this process wait for so long: then nothing can be in
    /// time.
    pub stalls: usize,
}

impl Heard {
    /// Demands that at least this share was clear and at most so many frames were silent, but for what the machine
    /// itself spoiled: around each 20 ms for which it stood still, a tenth of a second.
    pub fn expect(&self, clear: f64, silent: usize) {
        let windows = self.frames as f64 / 5.0;
        let spoiled = self.stalls as f64 * 2.0 / windows;
        assert!(self.clear >= clear - spoiled, "{self:?}");
        assert!(self.silent <= silent + 5 * self.stalls, "{self:?}");
    }
}

/// Counts for how many times 20 ms this machine stands still, until it is dropped.
struct Stalls(Arc<AtomicUsize>, JoinHandle<()>);

impl Stalls {
    fn watch() -> Self {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let task = tokio::spawn(async move {
            loop {
                let wake = Instant::now() + Duration::from_millis(5);
                tokio::time::sleep_until(wake).await;
                // Timers have a grain of a millisecond; 10 ms late is a slot that is missed.
                let late = usize::try_from(wake.elapsed().as_millis()).unwrap_or(usize::MAX);
                counter.fetch_add((late + 10) / 20, Ordering::Relaxed);
            }
        });
        Self(count, task)
    }
}

impl Drop for Stalls {
    fn drop(&mut self) {
        self.1.abort();
    }
}

/// For how long threads of this process were ready and did not run, where the kernel tells.
fn waited() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let waits = tasks.filter_map(|task| {
        let counts = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        counts.split_whitespace().nth(1)?.parse::<u64>().ok()
    });
    Duration::from_nanos(waits.sum())
}

/// As many slots of 20 ms, waited for in all, are excused at most: threads of other tests wait, too.
const MOST_WAITS: usize = 4;

/// Listens from the first loud frame on, for so many frames.
pub async fn listen(stream: &mut AudioStream, hz: f64, rate: u32, frames: usize) -> Heard {
    let mut pcm: Vec<i16> = Vec::new();
    let mut heard = Heard::default();
    let (stalls, before) = (Stalls::watch(), waited());
    let deadline = Instant::now() + PATIENCE + Duration::from_millis(20 * frames as u64);
    while heard.frames < frames {
        let frame = tokio::time::timeout_at(deadline, stream.next()).await.expect("audio in time");
        let frame = frame.expect("the track goes on");
        let loud = rms(&frame.samples) > 400.0;
        if heard.frames == 0 && !loud {
            continue;
        }
        heard.frames += 1;
        heard.silent += usize::from(!loud);
        heard.concealed += usize::from(frame.sound == FrameOutcome::Concealed);
        pcm.extend(frame.samples);
    }
    let windows: Vec<&[i16]> = pcm.chunks_exact(rate as usize / 10).collect();
    let clear = windows.iter().filter(|window| purity(window, hz, rate) > 0.7).count();
    heard.clear = clear as f64 / windows.len() as f64;
    heard.rms = rms(&pcm);
    let waits = waited().saturating_sub(before).as_millis() / 20;
    heard.stalls =
        stalls.0.load(Ordering::Relaxed) + usize::try_from(waits).unwrap_or(usize::MAX).min(MOST_WAITS);
    heard
}

/// Prints a line for people, shown with `--nocapture`.
pub fn say(what: &str) {
    writeln!(std::io::stderr(), "    {what}").ok();
}
