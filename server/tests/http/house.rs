//! A server within the test, the program beside it, and how to talk to them.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use engine::{BuiltIn, Engine, Judge, LineWordStream, NewSession, Owner, SessionId, Writer};
use futures::{StreamExt as _, stream};
use interview::{Brief, LineSource, Profile, Seniority, WriterLine};
use patience::PATIENCE;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use server::secrets::Hidden;
use server::settings::Agents;
use server::voice::OpenSpeech;
use server::{Server, ServerSettings};
use tempfile::TempDir;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const SECRET: &str = "what only the worker knows";

pub fn site() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("assets")).unwrap();
    let manifest = json!({
        "js": "/assets/app-1.js", "wasm": "/assets/app-1.wasm", "css": "/assets/app-1.css", "fonts": [],
        "favicon": "/assets/favicon-1.svg"
    });
    std::fs::write(dir.path().join("manifest.json"), manifest.to_string()).unwrap();
    for (name, text) in [
        ("app-1.css", "plain"),
        ("app-1.css.br", "brotli"),
        ("app-1.css.gz", "gzip"),
        ("favicon-1.svg", "<svg/>"),
    ] {
        std::fs::write(dir.path().join("assets").join(name), text).unwrap();
    }
    dir
}

/// A server within the test.
pub struct House {
    pub base: String,
    pub engine: Engine,
    pub client: reqwest::Client,
    pub settings: ServerSettings,
    stop: CancellationToken,
    run: JoinHandle<bool>,
    /// Gone with the last server on them; `None`: they are somebody else's.
    _dirs: Option<Arc<(TempDir, TempDir)>>,
}

impl House {
    pub async fn start() -> Self {
        Self::start_with(|_| (), Arc::new(BuiltIn)).await
    }

    pub async fn start_with(change: impl FnOnce(&mut ServerSettings), writer: Arc<dyn Writer>) -> Self {
        let (settings, data, site) = Self::settings(change);
        let server = Server::start_with(&settings, writer).await.unwrap();
        Self::run(settings, server, Some(Arc::new((data, site))))
    }

    /// One whose stories are judged by this.
    pub async fn start_with_judge(judge: Arc<dyn Judge>) -> Self {
        let (settings, data, site) = Self::settings(|_| ());
        let server = Server::start_with_models(&settings, Arc::new(BuiltIn), Some(judge)).await.unwrap();
        Self::run(settings, server, Some(Arc::new((data, site))))
    }

    /// The same on this data folder, which stays.
    pub async fn start_on(data: &Path, site: &Path, judge: Arc<dyn Judge>) -> Self {
        let settings = Self::settings_on(data, site);
        let server = Server::start_with_models(&settings, Arc::new(BuiltIn), Some(judge)).await.unwrap();
        Self::run(settings, server, None)
    }

    /// One in whose rooms an interviewer is, who hears and speaks like this.
    pub async fn start_with_speech(change: impl FnOnce(&mut ServerSettings), speech: OpenSpeech) -> Self {
        let (settings, data, site) = Self::settings(|settings| {
            settings.agents = Agents::Here;
            change(settings);
        });
        let server = Server::start_with_speech(&settings, Arc::new(BuiltIn), speech).await.unwrap();
        Self::run(settings, server, Some(Arc::new((data, site))))
    }

    fn settings(change: impl FnOnce(&mut ServerSettings)) -> (ServerSettings, TempDir, TempDir) {
        let (data, site) = (tempfile::tempdir().unwrap(), site());
        let mut settings = Self::settings_on(&data.path().join("data"), site.path());
        change(&mut settings);
        (settings, data, site)
    }

    fn settings_on(data: &Path, site: &Path) -> ServerSettings {
        ServerSettings {
            port: 0,
            data: data.to_owned(),
            site: Some(site.to_owned()),
            ingest_secret: Some(Hidden::new(SECRET)),
            // All tests come from one address and much at once; those of the limits set them.
            browser_rate: 0,
            address_rate: 0,
            engine_rate: 0,
            min_free_mb: 0,
            seed: Some(engine::testing::seed()),
            rooms_udp_port: Some(0),
            rooms_addresses: "127.0.0.1".parse().unwrap(),
            // Nobody comes into the rooms by himself; tests of voice say otherwise.
            agents: Agents::Elsewhere,
            ..ServerSettings::default()
        }
    }

    fn run(settings: ServerSettings, server: Server, dirs: Option<Arc<(TempDir, TempDir)>>) -> Self {
        let (base, engine, stop) = (
            format!("{}://{}", server.scheme(), server.address()),
            server.engine(),
            CancellationToken::new(),
        );
        let run = tokio::spawn(server.run(stop.clone()));
        Self { base, engine, client: client(), settings, stop, run, _dirs: dirs }
    }

    /// Tells the server to stop, without waiting.
    pub fn begin_stop(&self) {
        self.stop.cancel();
    }

    /// Stops the server; true if everything was finished.
    pub async fn stop(self) -> bool {
        self.stop.cancel();
        self.run.await.unwrap()
    }

    /// Stops the server and starts one on the same data.
    pub async fn restart(self) -> Self {
        self.stop.cancel();
        let (settings, dirs) = (self.settings.clone(), self._dirs.clone());
        drop((self.client, self.engine));
        assert!(self.run.await.unwrap());
        let server = Server::start_with(&settings, Arc::new(BuiltIn)).await.unwrap();
        Self::run(settings, server, dirs)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// A request to the engine API, with the secret.
    pub async fn engine_post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.post(path).header("X-INGEST-SECRET", SECRET).json(body)).await
    }

    pub async fn engine_get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.get(path).header("X-INGEST-SECRET", SECRET)).await
    }

    /// A session made through the engine API.
    pub async fn session(&self) -> String {
        let (status, body) = self.engine_post("/engine/sessions/", &someone()).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["session_id"].as_str().unwrap().to_owned()
    }

    pub async fn turn(&self, session: &str, turn: &str, event: &str, text: &str) -> (StatusCode, Value) {
        let body = json!({"session_id": session, "turn_id": turn, "event_type": event, "text": text});
        self.engine_post("/engine/next_turn/", &body).await
    }

    /// A browser that has visited, and an interview of its own.
    pub async fn visitor(&self) -> (Visitor, SessionId) {
        let visitor = Visitor::of(&self.get("/").send().await.unwrap());
        let id = self.interview_of(&visitor).await;
        (visitor, id)
    }

    /// One more interview of this browser.
    pub async fn interview_of(&self, visitor: &Visitor) -> SessionId {
        let profile = Profile::new("Ada Byron", "Backend engineer", Seniority::Senior, "", "").unwrap();
        let new = NewSession {
            owner: Some(visitor.owner.clone()),
            candidate_id: None,
            profile,
            plan: "standard".into(),
        };
        self.engine.create(new).await.unwrap()
    }
}

/// A browser as it is known by its cookie.
pub struct Visitor {
    pub cookie: String,
    pub owner: Owner,
}

impl Visitor {
    pub fn of(response: &Response) -> Self {
        let set = response.headers()["set-cookie"].to_str().unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        let owner = Owner(cookie[cookie.len() - 36..].to_owned());
        Self { cookie, owner }
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        // The certificates of tests are signed by nobody.
        .danger_accept_invalid_certs(true)
        .build()
        .unwrap()
}

pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

pub fn someone() -> Value {
    json!({"candidate_name": "Ada Byron", "role": "Backend engineer", "seniority": "senior"})
}

/// An answer unlike all others.
pub fn said(n: usize) -> String {
    format!(
        "In release {n} our billing service lost {n} invoices a day. I traced it to a retry without an idempotency key, \
         added one, and replayed the queue with Kafka; within {} weeks not one was lost.",
        n % 7 + 2
    )
}

/// The built-in interviewer, as slow as a model: each word after a pause.
pub struct SlowWriter(pub Duration);

impl Writer for SlowWriter {
    fn name(&self) -> &str {
        "slow"
    }

    fn source(&self) -> LineSource {
        LineSource::Model
    }

    fn at_once(&self, _: &Brief) -> Option<WriterLine> {
        None
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        let text = BuiltIn.at_once(&brief).map(|line| line.text).unwrap_or_default();
        let words: Vec<String> = text.split_inclusive(' ').map(str::to_owned).collect();
        let pause = self.0;
        stream::iter(words)
            .then(move |word| async move {
                tokio::time::sleep(pause).await;
                Ok(word)
            })
            .boxed()
    }
}

/// The built-in interviewer, who writes a word for each that is let through.
pub struct WordByWord {
    through: Arc<Semaphore>,
    begun: watch::Sender<usize>,
}

impl WordByWord {
    /// One whose words all get through, for now.
    pub fn new() -> Arc<Self> {
        let through = Arc::new(Semaphore::new(Semaphore::MAX_PERMITS));
        Arc::new(Self { through, begun: watch::Sender::new(0) })
    }

    /// From now on no word gets through but those that are let.
    pub fn hold_back(&self) {
        self.through.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub fn let_through(&self, words: usize) {
        self.through.add_permits(words);
    }

    /// Waits until so many lines were begun, of all that are.
    pub async fn begins(&self, lines: usize) {
        let mut begun = self.begun.subscribe();
        patience::soon("a line is begun", begun.wait_for(|begun| *begun >= lines)).await.unwrap();
        assert_eq!(*self.begun.borrow(), lines);
    }
}

impl Writer for WordByWord {
    fn name(&self) -> &str {
        "word by word"
    }

    fn source(&self) -> LineSource {
        LineSource::Model
    }

    fn at_once(&self, _: &Brief) -> Option<WriterLine> {
        None
    }

    fn write(&self, brief: Brief) -> LineWordStream {
        self.begun.send_modify(|begun| *begun += 1);
        let text = BuiltIn.at_once(&brief).map(|line| line.text).unwrap_or_default();
        let words: Vec<String> = text.split_inclusive(' ').map(str::to_owned).collect();
        let through = Arc::clone(&self.through);
        stream::iter(words)
            .then(move |word| {
                let through = Arc::clone(&through);
                async move {
                    through.acquire().await.unwrap().forget();
                    Ok(word)
                }
            })
            .boxed()
    }
}

/// The program itself.
pub struct Program {
    pub child: Child,
    pub base: String,
    pub ready: String,
}

impl Program {
    pub fn command(args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_interviewos"));
        command.args(args).stdin(Stdio::null());
        let theirs = |name: &str| name.starts_with("INTERVIEWOS_") || name.starts_with("LIVEKIT_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| theirs(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        // No fixed port, also for media.
        command.env("INTERVIEWOS_ROOMS_UDP_PORT", "0").env("INTERVIEWOS_ROOMS_ADDRESSES", "127.0.0.1");
        // Whoever does not talk needs no models.
        command.env("INTERVIEWOS_SPEECH_LOAD", "first-use");
        command.env("INTERVIEWOS_AGENTS", "elsewhere");
        // However full this machine's disk is.
        command.env("INTERVIEWOS_MIN_FREE_MB", "0");
        command.env("INTERVIEWOS_SEED", engine::testing::seed().to_string());
        command
    }

    /// Starts it on a free port and waits until it is ready.
    pub fn start(data: &Path, site: &Path, stderr: Stdio, more: &[&str]) -> Self {
        let (data, site) = (data.to_str().unwrap(), site.to_str().unwrap());
        let mut args = vec!["serve", "--port", "0", "--data", data, "--site", site];
        args.extend_from_slice(more);
        let mut command = Self::command(&args);
        command.env("INTERVIEWOS_INGEST_SECRET", SECRET).stderr(stderr);
        Self::begin(command)
    }

    /// Starts this command, which is or becomes the program, and waits until it is ready.
    pub fn begin(mut command: Command) -> Self {
        command.stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let base = ready
            .split_whitespace()
            .find(|w| w.starts_with("http://"))
            .unwrap_or_else(|| panic!("not ready: {ready}"));
        Self { base: base.to_owned(), child, ready }
    }

    /// As a power cut would: without a word of warning.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
