//! Reads the settings from all sources.

use std::path::PathBuf;

use figment::value::{Dict, Map, Value};
use figment::{
    Figment, Metadata, Profile, Provider, providers::Format as _, providers::Serialized, providers::Toml,
};

use super::environment::SettingsEnvironment;
use super::error::{value_error, without_lines};
use super::origin::{COMMAND_LINE, LoadedSettings, SettingOrigin};
use super::{ENV_PREFIX, FILE, ServerSettings, SettingsError, SettingsFlags};

impl ServerSettings {
    /// Reads all sources. `env` are the environment's variables; those that do not begin with
    /// [`ENV_PREFIX`] are passed over.
    pub fn load(
        flags: &SettingsFlags,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        Self::load_with_origins(flags, env).map(|loaded| loaded.settings)
    }

    /// The same, and where each setting comes from.
    pub fn load_with_origins(
        flags: &SettingsFlags,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<LoadedSettings, SettingsError> {
        let known = known();
        let mut env = SettingsEnvironment::read(env, &known);
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
        if flags.base_path.as_ref().is_some_and(|path| path != "/") {
            check_key(FOLDERS[0], &known, "--base-path")?;
        }
        for key in env.dict.keys() {
            check_key(key, &known, &format!("{ENV_PREFIX}{}", key.to_uppercase()))?;
        }
        let figment = figment.merge(env).merge(CommandLine(flags));
        let settings: Self = figment.extract().map_err(|error| value_error(&error, file.as_deref()))?;
        let origin = |key: &String| SettingOrigin::of(key, figment.find_metadata(key));
        let origins = known.keys().map(|key| (key.clone(), origin(key))).collect();
        Ok(LoadedSettings { settings: settings.check(&origins)?, origins, file })
    }
}

/// The flags that were given.
struct CommandLine<'a>(&'a SettingsFlags);

impl Provider for CommandLine<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(COMMAND_LINE)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Serialized::defaults(self.0).data()
    }
}

/// The names of all settings with the kind of value each takes, read off the type itself.
fn known() -> serde_json::Map<String, serde_json::Value> {
    let value = serde_json::to_value(ServerSettings::default()).expect("settings are plain data");
    value.as_object().cloned().expect("a struct is an object")
}

/// What other programs call the folder of a site that they are served in.
const FOLDERS: [&str; 5] = ["base_path", "base_url", "root_path", "path_prefix", "public_path"];

fn check_key(
    key: &str,
    known: &serde_json::Map<String, serde_json::Value>,
    origin: &str,
) -> Result<(), SettingsError> {
    if known.contains_key(key) {
        return Ok(());
    }
    if FOLDERS.contains(&key) {
        return Err(SettingsError::Folder { key: key.to_owned(), origin: origin.to_owned() });
    }
    let near = |name: &&String| strsim::jaro_winkler(name, &key.to_lowercase().replace('-', "_"));
    let nearest = known.keys().filter(|n| near(n) > 0.7).max_by(|a, b| near(a).total_cmp(&near(b))).cloned();
    Err(SettingsError::Unknown { key: key.to_owned(), origin: origin.to_owned(), nearest })
}

#[cfg(test)]
mod tests {
    use super::super::{ArithmeticChoice, SpeechLoad, WriterChoice};
    use super::*;

    fn load(toml: &str, env: &[(&str, &str)], flags: SettingsFlags) -> Result<ServerSettings, SettingsError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.toml");
        std::fs::write(&path, toml).unwrap();
        let flags = SettingsFlags { config: Some(path), ..flags };
        ServerSettings::load(&flags, env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))).map_err(
            |error| {
                let SettingsError::Unknown { key, origin, nearest } = error else { return error };
                SettingsError::Unknown { key, origin: origin.rsplit('/').next().unwrap().to_owned(), nearest }
            },
        )
    }

    #[test]
    fn a_folder_to_be_served_in_is_refused_with_what_is_possible() {
        let error = load("base_path = '/practise'", &[], SettingsFlags::default()).unwrap_err();
        assert!(error.to_string().contains("a host name or a port of its own"), "{error}");
        let flags =
            |path: &str| SettingsFlags { base_path: Some(path.to_owned()), ..SettingsFlags::default() };
        let error = load("", &[], flags("/practise")).unwrap_err();
        assert!(matches!(&error, SettingsError::Folder { origin, .. } if origin == "--base-path"), "{error}");
        assert!(load("", &[], flags("/")).is_ok(), "the root is where it is");
    }

    #[test]
    fn each_source_overrides_the_one_before() {
        let toml = "port = 1\nhost = 'a'\nlog = 'warn'\ntrusted_proxy = true";
        let only_file = load(toml, &[], SettingsFlags::default()).unwrap();
        assert_eq!((only_file.port, only_file.host.as_str(), only_file.log.as_str()), (1, "a", "warn"));
        assert_eq!(only_file.data, ServerSettings::default().data);
        let env = [("INTERVIEWOS_PORT", "2"), ("INTERVIEWOS_HOST", "b"), ("PATH", "x")];
        let flags = SettingsFlags { port: Some(3), ..SettingsFlags::default() };
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
        assert_eq!(
            load("prot = 1", &[], SettingsFlags::default()),
            Err(unknown("prot", "s.toml", Some("port")))
        );
        assert_eq!(
            load("", &[("INTERVIEWOS_TRUSTED_PROXIES", "1")], SettingsFlags::default()),
            Err(unknown("trusted_proxies", "INTERVIEWOS_TRUSTED_PROXIES", Some("trusted_proxy")))
        );
        assert_eq!(
            load("[jukebox]\ncoin = 'x'", &[], SettingsFlags::default()),
            Err(unknown("jukebox", "s.toml", None))
        );
        assert_eq!(
            unknown("prot", "s.toml", Some("port")).to_string(),
            "there is no setting `prot` (s.toml); did you mean `port`?"
        );
    }

    #[test]
    fn a_bad_value_says_what_would_be_right() {
        let said =
            load("", &[("INTERVIEWOS_PORT", "http")], SettingsFlags::default()).unwrap_err().to_string();
        assert_eq!(
            said,
            "the setting `port` (INTERVIEWOS_PORT) is not right: it is string \"http\"; give a whole number from 0 to 65535"
        );
        assert!(
            load("port = 70000", &[], SettingsFlags::default())
                .unwrap_err()
                .to_string()
                .contains("0 to 65535")
        );
        assert!(
            load("log = 'engine=loud'", &[], SettingsFlags::default())
                .unwrap_err()
                .to_string()
                .contains("warn,engine=debug")
        );
        assert!(
            load("max_connections = 0", &[], SettingsFlags::default())
                .unwrap_err()
                .to_string()
                .contains("1 or more")
        );
        assert!(
            load("port = ", &[], SettingsFlags::default())
                .unwrap_err()
                .to_string()
                .contains("cannot be read")
        );
        let flags =
            SettingsFlags { config: Some(PathBuf::from("/nowhere.toml")), ..SettingsFlags::default() };
        assert!(ServerSettings::load(&flags, []).unwrap_err().to_string().contains("no such file"));
    }

    #[test]
    fn a_secret_is_text_and_never_shown() {
        let read = load("", &[("INTERVIEWOS_INGEST_SECRET", "0012345")], SettingsFlags::default()).unwrap();
        assert_eq!(read.ingest_secret.as_ref().unwrap().expose(), "0012345");
        assert!(!format!("{read:?}").contains("12345"));
        assert!(!serde_json::to_string(&read).unwrap().contains("12345"));
        for toml in ["ingest_secret = 998877", "ingest_secret = '998877"] {
            let error = load(toml, &[], SettingsFlags::default()).unwrap_err().to_string();
            assert!(!error.contains("998877"), "{error}");
        }
        assert_eq!(load("ingest_secret = ' '", &[], SettingsFlags::default()).unwrap().ingest_secret, None);
    }

    #[test]
    fn who_hears_and_who_speaks_are_among_those_there_are() {
        let read = load("stt = 'deepgram:nova-3, local'", &[], SettingsFlags::default()).unwrap();
        assert_eq!((read.stt.as_str(), read.tts.as_str()), ("deepgram:nova-3, local", "local"));
        let error = load("stt = 'whisper'", &[], SettingsFlags::default()).unwrap_err().to_string();
        assert!(
            error.starts_with("the setting `stt` (") && error.contains("s.toml) is not right"),
            "{error}"
        );
        assert!(
            error.contains("`whisper` is none of local, openai:MODEL")
                && error.ends_with("give one of them, or several with commas between"),
            "{error}"
        );
        let error =
            load("", &[("INTERVIEWOS_TTS", "local,")], SettingsFlags::default()).unwrap_err().to_string();
        assert!(
            error.contains("`tts` (INTERVIEWOS_TTS)") && error.contains("cartesia:MODEL:VOICE"),
            "{error}"
        );
        let flags = SettingsFlags { tts: Some("cartesia:sonic-3".to_owned()), ..SettingsFlags::default() };
        let error = load("", &[], flags).unwrap_err().to_string();
        assert!(error.contains("(--tts)") && error.contains("give its id"), "{error}");
    }

    #[test]
    fn models_of_speech_are_loaded_at_the_start_or_when_they_are_needed() {
        let read = |toml: &str| load(toml, &[], SettingsFlags::default());
        assert_eq!(read("").unwrap().speech_load, SpeechLoad::Start);
        assert_eq!(read("speech_load = 'first-use'").unwrap().speech_load, SpeechLoad::FirstUse);
        let error = read("speech_load = 'later'").unwrap_err().to_string();
        assert!(error.ends_with("give start or first-use"), "{error}");
    }

    #[test]
    fn arithmetic_is_exact_unless_it_is_to_be_fast() {
        let read = |toml: &str| load(toml, &[], SettingsFlags::default());
        assert_eq!(read("").unwrap().arithmetic, ArithmeticChoice::Exact);
        assert_eq!(read("arithmetic = 'fast'").unwrap().arithmetic, ArithmeticChoice::Fast);
        let error = read("arithmetic = 'rough'").unwrap_err().to_string();
        assert!(error.ends_with("give exact or fast"), "{error}");
    }

    #[test]
    fn a_writer_is_one_of_those_there_are() {
        let toml = "writer = 'openai'\nmodel = ' small '";
        let read = load(toml, &[], SettingsFlags::default()).unwrap();
        assert_eq!((read.writer.name(), read.model.as_deref()), ("openai", Some("small")));
        let read = load(toml, &[("INTERVIEWOS_WRITER", "built-in")], SettingsFlags::default()).unwrap();
        assert_eq!(read.writer, WriterChoice::BuiltIn);
        let error = load("writer = 'claud'", &[], SettingsFlags::default()).unwrap_err().to_string();
        assert!(error.contains("give auto, built-in, gemini"), "{error}");
        assert!(error.ends_with(&WriterChoice::names()), "{error}");
    }

    #[test]
    fn each_setting_says_where_it_comes_from() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.toml");
        std::fs::write(&path, "port = 1\nhost = 'a'\nmodel = ' '\nmetrics_token = 'x'").unwrap();
        let load = |env: &[(&str, &str)], flags: SettingsFlags| {
            let flags = SettingsFlags { config: Some(path.clone()), ..flags };
            ServerSettings::load_with_origins(
                &flags,
                env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
            )
            .unwrap()
        };
        let file = || SettingOrigin::File(path.clone());
        let variable = || SettingOrigin::Variable("INTERVIEWOS_PORT".to_owned());
        let flag = || SettingOrigin::Flag("--port".to_owned());
        let port = || SettingsFlags { port: Some(3), ..SettingsFlags::default() };
        // The same key from each source, alone and above the others.
        let env = [("INTERVIEWOS_PORT", "2")];
        for (env, flags, origin) in [
            (&[][..], SettingsFlags::default(), file()),
            (&env[..], SettingsFlags::default(), variable()),
            (&[][..], port(), flag()),
            (&env[..], port(), flag()),
        ] {
            let loaded = load(env, flags);
            assert_eq!(loaded.origins["port"], origin);
            assert_eq!(loaded.file, Some(path.clone()));
            for (key, origin) in [
                ("host", file()),
                ("metrics_token", file()),
                ("model", file()),
                ("data", SettingOrigin::Default),
                ("site", SettingOrigin::Default),
            ] {
                assert_eq!(loaded.origins[key], origin, "{key}");
            }
        }
        // A value that is the default's all the same comes from where it was given.
        let loaded = load(&[("INTERVIEWOS_TRUSTED_PROXY", "false")], SettingsFlags::default());
        let given = SettingOrigin::Variable("INTERVIEWOS_TRUSTED_PROXY".to_owned());
        assert_eq!((loaded.settings.trusted_proxy, &loaded.origins["trusted_proxy"]), (false, &given));
        let flags = SettingsFlags {
            trusted_proxy: Some(false),
            writer: Some(WriterChoice::Auto),
            ..SettingsFlags::default()
        };
        let loaded = load(&[], flags);
        assert_eq!(loaded.origins["trusted_proxy"], SettingOrigin::Flag("--trusted-proxy".to_owned()));
        assert_eq!(loaded.origins["writer"], SettingOrigin::Flag("--writer".to_owned()));
        let names = known();
        assert!(loaded.origins.keys().eq(names.keys()), "every setting has an origin");
    }

    #[test]
    fn the_default_file_is_found_in_the_data_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE), "port = 77").unwrap();
        let flags = SettingsFlags { data: Some(dir.path().to_owned()), ..SettingsFlags::default() };
        assert_eq!(ServerSettings::load(&flags, []).unwrap().port, 77);
    }
}
