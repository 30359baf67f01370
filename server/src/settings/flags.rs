//! The settings as flags of the command line.

use std::path::PathBuf;

use serde::Serialize;

use super::{Agents, ArithmeticChoice, LogFormat, RoomsAddresses, RoomsChoice, SpeechLoad, WriterChoice};

/// What was said on the command line; what was not said is left out.
#[derive(Debug, Clone, Default, Serialize, clap::Args)]
pub struct SettingsFlags {
    /// Address or name to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "HOST")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// A folder of a site to be served in, which is not possible: the error says what is
    #[arg(long, value_name = "PATH", hide = true)]
    #[serde(skip)]
    pub base_path: Option<String>,
    /// Host names that browsers may use, separated by commas, such as practise.example; this machine's own names always
    /// work, and so do plain IP addresses when it listens for other machines [default: none]
    #[arg(long, value_name = "NAMES")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<String>,
    /// Port to listen on; 0 takes a free one [default: 3000]
    #[arg(long, value_name = "PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// PEM file of a certificate with its chain, to answer https:// with; browsers give a microphone to that and to
    /// localhost alone
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file of the certificate's private key
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_key: Option<PathBuf>,
    /// Folder for interviews and secrets, created at need [default: ./data]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// TOML file with settings [default: interviewos.toml here or in the data folder, if there is one]
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// What the browser loads [default: `site` beside the executable]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<PathBuf>,
    /// Folder of the models of local speech [default: interviewos/models in ~/.cache]
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models: Option<PathBuf>,
    /// Who hears.
    #[arg(long, value_name = "WAYS", help = crate::speech::hearing_help())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stt: Option<String>,
    /// Who speaks.
    #[arg(long, value_name = "WAYS", help = crate::speech::speaking_help())]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tts: Option<String>,
    /// Threads that hear and speak, each with models of its own; 0: one for each core [default: 0]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speech_threads: Option<usize>,
    /// When the models of local speech are loaded: from the start on, in the background, or when somebody first wants to
    /// talk [default: start]
    #[arg(long, value_name = "WHEN", value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speech_load: Option<SpeechLoad>,
    /// How local models compute on a processor without VNNI instructions: exact (as on all others) or fast (a little
    /// differently); `interviewos doctor` says what it costs [default: exact]
    #[arg(long, value_name = "HOW", value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arithmetic: Option<ArithmeticChoice>,
    /// How much is logged: error, warn, info, debug, trace, or filters such as `warn,engine=debug`
    #[arg(long, value_name = "LEVEL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// Believe X-Forwarded-Proto and X-Forwarded-Host: only behind a proxy that sets them
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_proxy: Option<bool>,
    /// Write logs as sentences or as JSON [default: human]
    #[arg(long, value_name = "FORMAT", value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// Header in which the proxy in front names the client's address, such as X-Forwarded-For
    #[arg(long, value_name = "HEADER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_header: Option<String>,
    /// How many connections are open at once [default: 4096]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<usize>,
    /// How many interviews are followed at once [default: 2048]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_streams: Option<usize>,
    /// Requests of one browser in a minute; 0: no limit [default: 240]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser_rate: Option<u32>,
    /// Requests from one address in a minute; 0: no limit [default: 1200]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_rate: Option<u32>,
    /// Requests with one secret to the engine API in a minute; 0: no limit [default: 12000]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_rate: Option<u32>,
    /// How many interviews one browser may have at a time; 0: no limit [default: 100]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser_interviews: Option<u32>,
    /// How many megabytes are to be left on the disk: with less, no new interview is begun [default: 100]
    #[arg(long, value_name = "MB")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_free_mb: Option<u64>,
    /// Seed for choosing questions, so that the same answers lead to the same questions: for demonstrations
    /// and tests [default: none, every interview is different]
    #[arg(long, value_name = "NUMBER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Delete ended interviews after this many days; 0: never [default: 0]
    #[arg(long, value_name = "DAYS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
    /// Who words the interviewer's lines [default: auto, a model if a key or a base URL is set]
    #[arg(long, value_name = "WRITER", value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writer: Option<WriterChoice>,
    /// Name of the model
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Where the rooms for voice are [default: auto, embedded unless LIVEKIT_URL names a LiveKit server]
    #[arg(long, value_name = "ROOMS", value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rooms: Option<RoomsChoice>,
    /// Port of the embedded rooms' media, UDP and TCP; 0 takes a free one [default: 7882, or a free one if it is
    /// taken]
    #[arg(long, value_name = "PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rooms_udp_port: Option<u16>,
    /// Addresses of the embedded rooms' media, such as 10.0.0.5 or, behind a NAT, 10.0.0.5=203.0.113.9 [default: the
    /// loopback and this machine's own]
    #[arg(long, value_name = "IP,...")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rooms_addresses: Option<RoomsAddresses>,
    /// Where the agents are that speak and listen: here, or elsewhere (in processes of their own) [default: here]
    #[arg(long, value_name = "WHERE", value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agents: Option<Agents>,
    /// Address of the InterviewOS server whose interviews `interviewos agent` takes part in [default: this machine, at
    /// the port]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_url: Option<String>,
    /// How many people talk with this program at once; more are told to type; 0: six for each core [default: 0]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice_sessions: Option<usize>,
}
