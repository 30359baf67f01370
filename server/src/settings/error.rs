//! What is wrong with the settings, where, and what would be right.

use std::path::Path;

use super::environment::ENVIRONMENT;
use super::{ENV_PREFIX, WriterChoice};

/// Why the settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// There is no such setting.
    #[error("there is no setting `{key}` ({origin}){}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// As it was written.
        key: String,
        /// Where it was written.
        origin: String,
        /// The nearest one there is.
        nearest: Option<String>,
    },
    /// A folder to serve the pages in.
    #[error(
        "`{key}` ({origin}): pages are not served in a folder of a site; give InterviewOS a host name or a port of its own, and have the proxy in front pass every path on as it is"
    )]
    Folder {
        /// As it was written.
        key: String,
        /// Where it was written.
        origin: String,
    },
    /// A value is not right.
    #[error("the setting `{key}` ({origin}) is not right: {what}")]
    Value {
        /// Which setting.
        key: String,
        /// Where it was written.
        origin: String,
        /// What is wrong, and what would be right.
        what: String,
    },
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {what}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        what: String,
    },
}

pub(super) fn value_error(error: &figment::Error, file: Option<&Path>) -> SettingsError {
    let key = error.path.join(".");
    let origin = match error.metadata.as_ref().map(|m| m.name.as_ref()) {
        Some(ENVIRONMENT) => format!("{ENV_PREFIX}{}", key.to_uppercase()),
        Some(_) | None => file.map_or_else(|| "a default".to_owned(), |p| p.display().to_string()),
    };
    let right = match key.as_str() {
        "port" | "rooms_udp_port" => "a whole number from 0 to 65535",
        "max_connections" | "max_streams" => "a whole number, 1 or more",
        "browser_rate" | "address_rate" | "engine_rate" => {
            "a whole number of requests in a minute, 0 for no limit"
        }
        "browser_interviews" => "a whole number of interviews, 0 for no limit",
        "seed" => "a whole number, 0 or more",
        "min_free_mb" => "a whole number of megabytes, 0 for none",
        "keep_days" => "a whole number of days, 0 for ever",
        "agents" => "here or elsewhere",
        "voice_sessions" => "a whole number of people, 0 for six a core",
        "speech_threads" => "a whole number of threads, 0 for one a core",
        "speech_load" => "start or first-use",
        "arithmetic" => "exact or fast",
        "log_format" => "human or json",
        "trusted_proxy" => "true or false",
        "data" | "site" | "models" => "the path of a folder, in quotes in a file",
        "writer" => &WriterChoice::names(),
        "rooms" => "auto, embedded or off",
        "rooms_addresses" => {
            "addresses with commas between, such as 127.0.0.1,10.0.0.5 or, behind a NAT, 10.0.0.5=203.0.113.9"
        }
        "host" | "hosts" | "log" | "stt" | "tts" | "ingest_secret" | "model" | "address_header"
        | "metrics_token" => "text, in quotes in a file",
        _ => "another value",
    };
    use figment::error::Kind::{InvalidType, InvalidValue};
    let found = match (&error.kind, matches!(key.as_str(), "ingest_secret" | "metrics_token")) {
        (InvalidType(found, _) | InvalidValue(found, _), false) => format!("it is {found}; "),
        // Nothing more is known, or the value is a secret.
        (_, true | false) => String::new(),
    };
    SettingsError::Value { key, origin, what: format!("{found}give {right}") }
}

/// The message of a TOML error without the line it quotes, which may hold a secret.
pub(super) fn without_lines(error: &figment::Error) -> String {
    let text = error.kind.to_string();
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.contains('|')).collect();
    lines.join("; ")
}
