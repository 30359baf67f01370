//! Settings: defaults, then one TOML file, then `INTERVIEWOS_*`, then flags; the same names in all.

mod environment;
mod error;
mod flags;
mod load;
mod origin;
mod rooms;
mod writer;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use self::error::SettingsError;
pub use self::flags::SettingsFlags;
pub use self::origin::{LoadedSettings, SettingOrigin};
pub use self::rooms::{RoomsAddress, RoomsAddresses, RoomsChoice, UDP_PORT};
pub use self::writer::WriterChoice;
use crate::secrets::Hidden;
use crate::variables::trimmed;

/// What environment variables that are settings begin with.
pub const ENV_PREFIX: &str = "INTERVIEWOS_";
/// The file that is read where no other is named, in the working folder or else in the data folder.
pub const FILE: &str = "interviewos.toml";

/// How the server runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerSettings {
    /// The address or name to listen on.
    pub host: String,
    /// Names by which browsers may come, with commas between, beside those of this machine ([`crate::request_guard::host()`]).
    pub hosts: String,
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// The certificate that the server shows, with its chain, as PEM; `None`: it speaks http.
    pub tls_cert: Option<PathBuf>,
    /// The private key of the certificate, as PEM.
    pub tls_key: Option<PathBuf>,
    /// Where interviews and secrets are kept.
    pub data: PathBuf,
    /// What the browser loads, as `make build` leaves it; `None`: `site` beside the executable.
    pub site: Option<PathBuf>,
    /// Where the models of local speech are; `None`: in the user's cache (see [`crate::speech::models_folder`]).
    pub models: Option<PathBuf>,
    /// Who hears: `local`, or providers, in the order in which they are tried (see [`crate::speech`]).
    pub stt: String,
    /// Who speaks, likewise.
    pub tts: String,
    /// Threads that hear and speak, each with models of its own; 0: one for each core.
    pub speech_threads: usize,
    /// When their models are loaded.
    pub speech_load: SpeechLoad,
    /// How local models compute on processors without VNNI instructions; with them, sums are exact anyway.
    pub arithmetic: ArithmeticChoice,
    /// How much is logged: a level for the server's own parts, or filters as `tracing` reads them. Libraries
    /// are logged down to `debug` at most, whatever the filter says: what they handle is private.
    pub log: String,
    /// Whether `X-Forwarded-Proto` and `X-Forwarded-Host` are believed.
    pub trusted_proxy: bool,
    /// Whether logs are sentences or JSON.
    pub log_format: LogFormat,
    /// The header in which the proxy in front names the client's address, such as `X-Forwarded-For`; `None`: the
    /// address is the connection's own.
    pub address_header: Option<String>,
    /// How many connections are open at once; more wait.
    pub max_connections: usize,
    /// How many interviews are followed at once (open event streams); more are told to come back.
    pub max_streams: usize,
    /// Requests of one browser to pages and server functions in a minute; 0: no limit.
    pub browser_rate: u32,
    /// Requests from one address to pages and server functions in a minute; 0: no limit.
    pub address_rate: u32,
    /// Requests with one secret to the engine API in a minute; 0: no limit.
    pub engine_rate: u32,
    /// How many interviews one browser may have at a time; 0: no limit.
    pub browser_interviews: u32,
    /// How much room is to be left on the disk (in millions of bytes): with less, no new interview is begun.
    pub min_free_mb: u64,
    /// The seed of every interview's choices; `None`: each rolls its own.
    pub seed: Option<u64>,
    /// Ended interviews are deleted after this many days; 0: never.
    pub keep_days: u32,
    /// What opens `/metrics` to other machines, as a bearer token; `None`: it is for this machine alone.
    pub metrics_token: Option<Hidden>,
    /// The secret of the engine API; `None`: the one kept in the data folder.
    pub ingest_secret: Option<Hidden>,
    /// Whose words the interviewer speaks with.
    pub writer: WriterChoice,
    /// The name of the model; `None`: the writer's own default.
    pub model: Option<String>,
    /// Where the rooms for voice are.
    pub rooms: RoomsChoice,
    /// The port that the embedded rooms receive media on, over UDP and over TCP; 0 takes a free one. `None`:
    /// [`UDP_PORT`], or a free one where that is taken.
    pub rooms_udp_port: Option<u16>,
    /// The addresses that the embedded rooms receive media on; none: the loopback and this machine's own.
    pub rooms_addresses: RoomsAddresses,
    /// Where the agents are that speak and listen in the rooms.
    pub agents: Agents,
    /// Where the InterviewOS is whose interviews the agents of `interviewos agent` attend; `None`: on this machine, at
    /// `port`.
    pub engine_url: Option<String>,
    /// How many people talk with the agents of this program at once; more are told to type. 0: six for each core.
    pub voice_sessions: usize,
}

/// Where the agents are that speak and listen in the rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Agents {
    /// In this program.
    #[default]
    Here,
    /// In processes of their own, which know of the rooms by themselves.
    Elsewhere,
}

/// When the models of local speech are loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[value(rename_all = "kebab-case")]
pub enum SpeechLoad {
    /// From the start on, beside everything else: whoever speaks first does not wait for them.
    #[default]
    Start,
    /// When somebody first wants to talk: nobody pays for what is not used.
    FirstUse,
}

/// How local models compute on processors whose 8-bit sums are not exact by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ArithmeticChoice {
    /// Exactly: every processor hears, speaks, judges and reads alike.
    #[default]
    Exact,
    /// As fast as the processor can; answers then differ a little from those of other processors.
    Fast,
}

impl From<ArithmeticChoice> for models::Int8Arithmetic {
    fn from(arithmetic: ArithmeticChoice) -> Self {
        match arithmetic {
            ArithmeticChoice::Exact => Self::Exact,
            ArithmeticChoice::Fast => Self::Fast,
        }
    }
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line an event, for people.
    #[default]
    Human,
    /// One JSON object an event, for programs.
    Json,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            hosts: String::new(),
            port: 3000,
            tls_cert: None,
            tls_key: None,
            data: PathBuf::from("./data"),
            site: None,
            models: None,
            stt: "local".to_owned(),
            tts: "local".to_owned(),
            speech_threads: 0,
            speech_load: SpeechLoad::Start,
            arithmetic: ArithmeticChoice::Exact,
            log: "info".to_owned(),
            trusted_proxy: false,
            log_format: LogFormat::Human,
            address_header: None,
            max_connections: 4_096,
            max_streams: 2_048,
            browser_rate: 240,
            address_rate: 1_200,
            engine_rate: 12_000,
            browser_interviews: 100,
            min_free_mb: 100,
            seed: None,
            keep_days: 0,
            metrics_token: None,
            ingest_secret: None,
            writer: WriterChoice::Auto,
            model: None,
            rooms: RoomsChoice::Auto,
            rooms_udp_port: None,
            rooms_addresses: RoomsAddresses::default(),
            agents: Agents::Here,
            engine_url: None,
            voice_sessions: 0,
        }
    }
}

impl ServerSettings {
    /// Checks what types cannot say.
    fn check(mut self, origins: &BTreeMap<String, SettingOrigin>) -> Result<Self, SettingsError> {
        let wrong = |key: &str, what: &str| SettingsError::Value {
            key: key.to_owned(),
            origin: origins.get(key).map(ToString::to_string).unwrap_or_default(),
            what: what.to_owned(),
        };
        if self.host.trim().is_empty() {
            return Err(wrong("host", "it is empty; give an address such as 127.0.0.1 or 0.0.0.0"));
        }
        if self.data.as_os_str().is_empty() {
            return Err(wrong("data", "it is empty; give a folder such as ./data"));
        }
        if self.models.as_ref().is_some_and(|models| models.as_os_str().is_empty()) {
            return Err(wrong("models", "it is empty; give a folder, or leave it out"));
        }
        if self.max_connections == 0 {
            return Err(wrong("max_connections", "it is 0; give 1 or more"));
        }
        if self.max_streams == 0 {
            return Err(wrong("max_streams", "it is 0; give 1 or more"));
        }
        if let Err(error) = crate::speech::check_hearing(&self.stt) {
            return Err(wrong("stt", &error.to_string()));
        }
        if let Err(error) = crate::speech::check_speaking(&self.tts) {
            return Err(wrong("tts", &error.to_string()));
        }
        self.address_header = trimmed(self.address_header);
        if let Some(header) = &self.address_header
            && http::HeaderName::try_from(header).is_err()
        {
            return Err(wrong("address_header", "it is no header's name; give one such as X-Forwarded-For"));
        }
        if let Err(error) = crate::logs::filter(&self.log) {
            return Err(wrong(
                "log",
                &format!(
                    "{error}; give error, warn, info, debug or trace, or a filter such as warn,engine=debug"
                ),
            ));
        }
        self.ingest_secret = self.ingest_secret.filter(|secret| !secret.expose().trim().is_empty());
        self.metrics_token = self.metrics_token.filter(|token| !token.expose().trim().is_empty());
        self.model = trimmed(self.model);
        self.engine_url = trimmed(self.engine_url);
        Ok(self)
    }
}
