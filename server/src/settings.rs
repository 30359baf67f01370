//! Settings: defaults, then one TOML file, then `INTERVIEWOS_*`, then flags; the same names in all.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Map, Value};
use figment::{
    Figment, Metadata, Profile, Provider, providers::Format as _, providers::Serialized, providers::Toml,
};
use serde::{Deserialize, Serialize};

use crate::secrets::Hidden;

/// What environment variables that are settings begin with.
pub const ENV_PREFIX: &str = "INTERVIEWOS_";
/// The file that is read where no other is named, in the working folder or else in the data folder.
pub const FILE: &str = "interviewos.toml";

/// How the server runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The address or name to listen on.
    pub host: String,
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// Where interviews and secrets are kept.
    pub data: PathBuf,
    /// What the browser loads, as `make build` leaves it; `None`: `site` beside the executable.
    pub site: Option<PathBuf>,
    /// How much is logged: a level for the server's own parts, or filters as `tracing` reads them.
    pub log: String,
    /// Whether `X-Forwarded-Proto` and `X-Forwarded-Host` are believed.
    pub trusted_proxy: bool,
    /// How many connections are open at once; more wait.
    pub max_connections: usize,
    /// The secret of the engine API; `None`: the one kept in the data folder.
    pub ingest_secret: Option<Hidden>,
    /// Whose words the interviewer speaks with.
    pub writer: WriterChoice,
    /// The name of the model; `None`: the writer's own default.
    pub model: Option<String>,
}

/// Whose words the interviewer speaks with. The keys of models are no settings: they come from the environment
/// alone (see [`crate::writer`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[value(rename_all = "kebab-case")]
pub enum WriterChoice {
    /// A model's if the environment names one, else the built-in interviewer's.
    #[default]
    Auto,
    /// The built-in interviewer's, whatever the environment names.
    BuiltIn,
    /// Gemini's.
    Gemini,
    /// Those of an OpenAI-compatible server.
    #[serde(rename = "openai")]
    #[value(name = "openai")]
    OpenAi,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 3000,
            data: PathBuf::from("./data"),
            site: None,
            log: "info".to_owned(),
            trusted_proxy: false,
            max_connections: 512,
            ingest_secret: None,
            writer: WriterChoice::Auto,
            model: None,
        }
    }
}

/// What was said on the command line; what was not said is left out.
#[derive(Debug, Clone, Default, Serialize, clap::Args)]
pub struct Flags {
    /// Address or name to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "HOST")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Port to listen on; 0 takes a free one [default: 3000]
    #[arg(long, value_name = "PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
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
    /// How much is logged: error, warn, info, debug, trace, or filters such as `warn,engine=debug`
    #[arg(long, value_name = "LEVEL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// Believe X-Forwarded-Proto and X-Forwarded-Host: only behind a proxy that sets them
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_proxy: Option<bool>,
    /// How many connections are open at once [default: 512]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<usize>,
    /// Whose words the interviewer speaks with [default: auto, a model's if a key or a base URL is set]
    #[arg(long, value_name = "WRITER", value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writer: Option<WriterChoice>,
    /// Name of the model
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

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

impl Settings {
    /// Reads all sources. `env` are the environment's variables; those that do not begin with
    /// [`ENV_PREFIX`] are passed over.
    pub fn load(
        flags: &Flags,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let known = known();
        let mut env = Environment::read(env, &known);
        let config = flags.config.clone().or(env.config.take());
        let file = match config {
            Some(path) if path.is_file() => Some(path),
            Some(path) => {
                let what = "there is no such file; leave --config out to run without one".to_owned();
                return Err(SettingsError::File { path: path.display().to_string(), what });
            }
            None => {
                let data = flags
                    .data
                    .clone()
                    .or_else(|| env.dict.get("data").and_then(Value::as_str).map(PathBuf::from));
                let beside = data.unwrap_or_else(|| Self::default().data).join(FILE);
                [PathBuf::from(FILE), beside].into_iter().find(|p| p.is_file())
            }
        };
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(path) = &file {
            let origin = path.display().to_string();
            let toml = Toml::file_exact(path);
            let given = toml
                .data()
                .map_err(|e| SettingsError::File { path: origin.clone(), what: without_lines(&e) })?;
            for key in given.values().flat_map(Dict::keys) {
                check_key(key, &known, &origin)?;
            }
            figment = figment.merge(toml);
        }
        for key in env.dict.keys() {
            check_key(key, &known, &format!("{ENV_PREFIX}{}", key.to_uppercase()))?;
        }
        let settings: Self = figment
            .merge(env)
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|error| value_error(&error, file.as_deref()))?;
        settings.check()
    }

    /// Checks what types cannot say.
    fn check(mut self) -> Result<Self, SettingsError> {
        let wrong = |key: &str, what: &str| SettingsError::Value {
            key: key.to_owned(),
            origin: "after all sources were read".to_owned(),
            what: what.to_owned(),
        };
        if self.host.trim().is_empty() {
            return Err(wrong("host", "it is empty; give an address such as 127.0.0.1 or 0.0.0.0"));
        }
        if self.data.as_os_str().is_empty() {
            return Err(wrong("data", "it is empty; give a folder such as ./data"));
        }
        if self.max_connections == 0 {
            return Err(wrong("max_connections", "it is 0; give 1 or more"));
        }
        if let Err(error) = crate::logs::filter(&self.log) {
            return Err(wrong(
                "log",
                &format!(
                    "{error}; give error, warn, info, debug or trace, or a filter such as warn,engine=debug"
                ),
            ));
        }
        if self.ingest_secret.as_ref().is_some_and(|s| s.expose().trim().is_empty()) {
            self.ingest_secret = None;
        }
        self.model = self.model.map(|model| model.trim().to_owned()).filter(|model| !model.is_empty());
        Ok(self)
    }
}

/// The names of all settings with the kind of value each takes, read off the type itself.
fn known() -> serde_json::Map<String, serde_json::Value> {
    let value = serde_json::to_value(Settings::default()).expect("settings are plain data");
    value.as_object().cloned().expect("a struct is an object")
}

fn check_key(
    key: &str,
    known: &serde_json::Map<String, serde_json::Value>,
    origin: &str,
) -> Result<(), SettingsError> {
    if known.contains_key(key) {
        return Ok(());
    }
    let near = |name: &&String| strsim::jaro_winkler(name, &key.to_lowercase().replace('-', "_"));
    let nearest = known.keys().filter(|n| near(n) > 0.7).max_by(|a, b| near(a).total_cmp(&near(b))).cloned();
    Err(SettingsError::Unknown { key: key.to_owned(), origin: origin.to_owned(), nearest })
}

fn value_error(error: &figment::Error, file: Option<&Path>) -> SettingsError {
    let key = error.path.join(".");
    let origin = match error.metadata.as_ref().map(|m| m.name.as_ref()) {
        Some(ENVIRONMENT) => format!("{ENV_PREFIX}{}", key.to_uppercase()),
        Some(_) | None => file.map_or_else(|| "a default".to_owned(), |p| p.display().to_string()),
    };
    let right = match key.as_str() {
        "port" => "a whole number from 0 to 65535",
        "max_connections" => "a whole number, 1 or more",
        "trusted_proxy" => "true or false",
        "data" | "site" => "the path of a folder, in quotes in a file",
        "writer" => "auto, built-in, gemini or openai",
        "host" | "log" | "ingest_secret" | "model" => "text, in quotes in a file",
        _ => "another value",
    };
    use figment::error::Kind::{InvalidType, InvalidValue};
    let found = match (&error.kind, key == "ingest_secret") {
        (InvalidType(found, _) | InvalidValue(found, _), false) => format!("it is {found}; "),
        // Nothing more is known, or the value is a secret.
        (_, true | false) => String::new(),
    };
    SettingsError::Value { key, origin, what: format!("{found}give {right}") }
}

/// The message of a TOML error without the line it quotes, which may hold a secret.
fn without_lines(error: &figment::Error) -> String {
    let text = error.kind.to_string();
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.contains('|')).collect();
    lines.join("; ")
}

const ENVIRONMENT: &str = "the environment";

/// The variables of the environment that are settings.
struct Environment {
    dict: Dict,
    config: Option<PathBuf>,
}

impl Environment {
    fn read(
        vars: impl IntoIterator<Item = (String, String)>,
        known: &serde_json::Map<String, serde_json::Value>,
    ) -> Self {
        let mut read = Self { dict: Dict::new(), config: None };
        for (name, value) in vars {
            let Some(key) = name.strip_prefix(ENV_PREFIX).map(str::to_lowercase) else { continue };
            if key == "config" {
                read.config = Some(PathBuf::from(value)).filter(|p| !p.as_os_str().is_empty());
                continue;
            }
            // Text stays text, so that a secret of digits is not taken for a number.
            let value = match known.get(&key) {
                Some(serde_json::Value::Number(_)) => {
                    value.trim().parse::<i64>().map_or(Value::from(value), Value::from)
                }
                Some(serde_json::Value::Bool(_)) => {
                    value.trim().parse::<bool>().map_or(Value::from(value), Value::from)
                }
                Some(_) | None => Value::from(value),
            };
            read.dict.insert(key, value);
        }
        read
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named(ENVIRONMENT)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.dict.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str, env: &[(&str, &str)], flags: Flags) -> Result<Settings, SettingsError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.toml");
        std::fs::write(&path, toml).unwrap();
        let flags = Flags { config: Some(path), ..flags };
        Settings::load(&flags, env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))).map_err(|error| {
            let SettingsError::Unknown { key, origin, nearest } = error else { return error };
            SettingsError::Unknown { key, origin: origin.rsplit('/').next().unwrap().to_owned(), nearest }
        })
    }

    #[test]
    fn each_source_overrides_the_one_before() {
        let toml = "port = 1\nhost = 'a'\nlog = 'warn'\ntrusted_proxy = true";
        let only_file = load(toml, &[], Flags::default()).unwrap();
        assert_eq!((only_file.port, only_file.host.as_str(), only_file.log.as_str()), (1, "a", "warn"));
        assert_eq!(only_file.data, Settings::default().data);
        let env = [("INTERVIEWOS_PORT", "2"), ("INTERVIEWOS_HOST", "b"), ("PATH", "x")];
        let flags = Flags { port: Some(3), ..Flags::default() };
        let all = load(toml, &env, flags).unwrap();
        assert_eq!(
            (all.port, all.host.as_str(), all.log.as_str(), all.trusted_proxy),
            (3, "b", "warn", true)
        );
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest() {
        let unknown = |key: &str, origin: &str, nearest: Option<&str>| SettingsError::Unknown {
            key: key.to_owned(),
            origin: origin.to_owned(),
            nearest: nearest.map(str::to_owned),
        };
        assert_eq!(load("prot = 1", &[], Flags::default()), Err(unknown("prot", "s.toml", Some("port"))));
        assert_eq!(
            load("", &[("INTERVIEWOS_TRUSTED_PROXIES", "1")], Flags::default()),
            Err(unknown("trusted_proxies", "INTERVIEWOS_TRUSTED_PROXIES", Some("trusted_proxy")))
        );
        assert_eq!(
            load("[speech]\nvoice = 'x'", &[], Flags::default()),
            Err(unknown("speech", "s.toml", None))
        );
        assert_eq!(
            unknown("prot", "s.toml", Some("port")).to_string(),
            "there is no setting `prot` (s.toml); did you mean `port`?"
        );
    }

    #[test]
    fn a_bad_value_says_what_would_be_right() {
        let said = load("", &[("INTERVIEWOS_PORT", "http")], Flags::default()).unwrap_err().to_string();
        assert_eq!(
            said,
            "the setting `port` (INTERVIEWOS_PORT) is not right: it is string \"http\"; give a whole number from 0 to 65535"
        );
        assert!(load("port = 70000", &[], Flags::default()).unwrap_err().to_string().contains("0 to 65535"));
        assert!(
            load("log = 'engine=loud'", &[], Flags::default())
                .unwrap_err()
                .to_string()
                .contains("warn,engine=debug")
        );
        assert!(
            load("max_connections = 0", &[], Flags::default()).unwrap_err().to_string().contains("1 or more")
        );
        assert!(load("port = ", &[], Flags::default()).unwrap_err().to_string().contains("cannot be read"));
        let flags = Flags { config: Some(PathBuf::from("/nowhere.toml")), ..Flags::default() };
        assert!(Settings::load(&flags, []).unwrap_err().to_string().contains("no such file"));
    }

    #[test]
    fn a_secret_is_text_and_never_shown() {
        let read = load("", &[("INTERVIEWOS_INGEST_SECRET", "0012345")], Flags::default()).unwrap();
        assert_eq!(read.ingest_secret.as_ref().unwrap().expose(), "0012345");
        assert!(!format!("{read:?}").contains("12345"));
        assert!(!serde_json::to_string(&read).unwrap().contains("12345"));
        for toml in ["ingest_secret = 998877", "ingest_secret = '998877"] {
            let error = load(toml, &[], Flags::default()).unwrap_err().to_string();
            assert!(!error.contains("998877"), "{error}");
        }
        assert_eq!(load("ingest_secret = ' '", &[], Flags::default()).unwrap().ingest_secret, None);
    }

    #[test]
    fn a_writer_is_one_of_four() {
        let toml = "writer = 'openai'\nmodel = ' small '";
        let read = load(toml, &[], Flags::default()).unwrap();
        assert_eq!((read.writer, read.model.as_deref()), (WriterChoice::OpenAi, Some("small")));
        let read = load(toml, &[("INTERVIEWOS_WRITER", "built-in")], Flags::default()).unwrap();
        assert_eq!(read.writer, WriterChoice::BuiltIn);
        let error = load("writer = 'claud'", &[], Flags::default()).unwrap_err().to_string();
        assert!(error.contains("give auto, built-in, gemini or openai"), "{error}");
    }

    #[test]
    fn the_default_file_is_found_in_the_data_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), "port = 77").unwrap();
        let flags = Flags { data: Some(dir.path().to_owned()), ..Flags::default() };
        assert_eq!(Settings::load(&flags, []).unwrap().port, 77);
    }
}
