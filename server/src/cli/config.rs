//! `interviewos config`: the settings in force and where each comes from.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::{Failure, loaded, say};
use crate::ServerStartError;
use crate::livekit;
use crate::settings::{FILE, LoadedSettings, SettingOrigin, SettingsFlags, UDP_PORT};
use crate::site;
use crate::speech::models_folder;
use crate::variables::{providers, variable};
use crate::writer::{ChosenWriter, WriterChoiceError, WriterEnvironment, without_secrets};

/// What follows from the settings and from what the environment says beside them.
struct InForce {
    writer: Result<ChosenWriter, WriterChoiceError>,
    rooms: Result<livekit::ChosenRooms, livekit::RoomsChoiceError>,
}

/// Prints them. A choice of writer or rooms that cannot be is told at the end, as `serve` tells it.
pub(super) fn run(flags: &SettingsFlags, as_json: bool) -> Result<ExitCode, Failure> {
    let loaded = loaded(flags)?;
    let settings = &loaded.settings;
    let (models, livekit) =
        (WriterEnvironment::of_the_process(), livekit::LivekitEnvironment::of_the_process());
    let force = InForce {
        writer: ChosenWriter::new(settings.writer, settings.model.as_deref(), &models),
        rooms: livekit::ChosenRooms::new(settings.rooms, &livekit),
    };
    say(&if as_json { json(&loaded, &force) } else { text(&loaded, &force) })?;
    force.writer?;
    force.rooms.map_err(ServerStartError::from)?;
    Ok(ExitCode::SUCCESS)
}

/// A line: the name, the value, where it is from.
type ConfigLine = (String, String, String);

fn text(loaded: &LoadedSettings, force: &InForce) -> String {
    let read = match &loaded.file {
        Some(file) => format!("# settings file: {}\n\n", file.display()),
        None => format!(
            "# settings file: none; there is no {FILE} here nor in {}\n\n",
            loaded.settings.data.display()
        ),
    };
    let mut in_force = Vec::new();
    if let Ok(chosen) = &force.writer {
        let from = chosen.why().to_owned();
        in_force.push(("writer in force".to_owned(), chosen.name().to_owned(), from));
        if let (Some(model), Some(base)) = (chosen.model(), chosen.base()) {
            let from = if chosen.model_is_named() { "the setting `model`" } else { "default of this writer" };
            in_force.push(("model in force".to_owned(), model.to_owned(), from.to_owned()));
            in_force.push(("asked at".to_owned(), base.to_owned(), String::new()));
        }
    }
    if let Ok(rooms) = &force.rooms {
        in_force.push(("rooms in force".to_owned(), rooms.name().to_owned(), rooms.why.to_owned()));
    }
    let settings = table(&settings_lines(loaded));
    [read, settings, "\n".to_owned(), table(&variables_lines()), "\n".to_owned(), table(&in_force)].concat()
}

fn table(lines: &[ConfigLine]) -> String {
    let widest =
        |of: fn(&ConfigLine) -> &String| lines.iter().map(|l| of(l).chars().count()).max().unwrap_or(0);
    // A long path pushes its own comment aside, not all of them.
    let (names, values) = (widest(|line| &line.0), widest(|line| &line.1).min(40));
    let line = |(name, value, from): &ConfigLine| match from.as_str() {
        "" => format!("{name:<names$} = {value}\n"),
        from => format!("{name:<names$} = {value:<values$}  # {from}\n"),
    };
    lines.iter().map(line).collect()
}

fn settings_lines(loaded: &LoadedSettings) -> Vec<ConfigLine> {
    let line = |(key, value): (&String, &Value)| {
        let shown = match value {
            Value::Null => unset(key, loaded),
            Value::String(_) if is_secret(key) => "set, hidden".to_owned(),
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        (key.clone(), shown, loaded.origins.get(key).map(ToString::to_string).unwrap_or_default())
    };
    values(loaded).iter().map(line).collect()
}

/// Every setting as plain data; secrets hide themselves.
fn values(loaded: &LoadedSettings) -> Map<String, Value> {
    let value = serde_json::to_value(&loaded.settings).expect("settings are plain data");
    value.as_object().cloned().expect("a struct is an object")
}

fn is_secret(key: &str) -> bool {
    matches!(key, "ingest_secret" | "metrics_token")
}

/// What it means that a setting is not set.
fn unset(key: &str, loaded: &LoadedSettings) -> String {
    match key {
        "site" => format!("not set: {}", site::beside_the_executable().display()),
        "models" => format!("not set: {}", models_folder(&loaded.settings).display()),
        "ingest_secret" => {
            let file = loaded.settings.data.join("ingest-secret");
            let kept = if file.exists() { "kept in" } else { "made on the first start, kept in" };
            format!("not set: {kept} {}", file.display())
        }
        "metrics_token" => "not set: for this machine alone".to_owned(),
        "model" => "not set: the writer's own".to_owned(),
        "address_header" => "not set: the connection's own".to_owned(),
        "engine_url" => format!("not set: {}", crate::worker::engine_url(&loaded.settings)),
        "rooms_udp_port" => format!("not set: {UDP_PORT}, or a free one if it is taken"),
        "rooms_addresses" => "not set: the loopback and this machine's own".to_owned(),
        _ => "not set".to_owned(),
    }
}

/// What comes from the environment alone, and whether it is secret: models, providers of speech and a LiveKit server.
fn named_variables() -> impl Iterator<Item = (&'static str, bool)> {
    let of_providers = providers().flat_map(|one| {
        let own = one.address.iter().filter(|name| !one.speech_address.contains(name));
        let addresses = own.chain(one.speech_address.iter().rev()).map(|name| (*name, false));
        std::iter::once((one.key, true)).chain(addresses)
    });
    of_providers.chain([("LIVEKIT_URL", false), ("LIVEKIT_API_KEY", true), ("LIVEKIT_API_SECRET", true)])
}

/// What may be shown of a variable.
enum VariableDisplay {
    Unset,
    Hidden,
    Address(String),
}

fn variables() -> impl Iterator<Item = (&'static str, VariableDisplay)> {
    named_variables().map(|(name, secret)| {
        let shown = match variable(name) {
            None => VariableDisplay::Unset,
            Some(_) if secret => VariableDisplay::Hidden,
            Some(address) => VariableDisplay::Address(without_secrets(&address)),
        };
        (name, shown)
    })
}

fn variables_lines() -> Vec<ConfigLine> {
    let line = |(name, shown): (&str, VariableDisplay)| {
        let (value, from) = match shown {
            VariableDisplay::Unset => ("not set".to_owned(), ""),
            VariableDisplay::Hidden => ("set, hidden".to_owned(), "environment"),
            VariableDisplay::Address(address) => (address, "environment"),
        };
        (name.to_owned(), value, from.to_owned())
    };
    variables().map(line).collect()
}

fn variables_json() -> Map<String, Value> {
    let value = |(name, shown): (&str, VariableDisplay)| {
        let value = match shown {
            VariableDisplay::Unset => Value::Null,
            VariableDisplay::Hidden => json!("(hidden)"),
            VariableDisplay::Address(address) => json!(address),
        };
        (name.to_owned(), value)
    };
    variables().map(value).collect()
}

fn json(loaded: &LoadedSettings, force: &InForce) -> String {
    let InForce { writer, rooms } = force;
    let setting = |(key, value): (&String, &Value)| {
        let (kind, name) = match loaded.origins.get(key) {
            Some(SettingOrigin::File(path)) => ("file", Some(path.display().to_string())),
            Some(SettingOrigin::Variable(name)) => ("environment", Some(name.clone())),
            Some(SettingOrigin::Flag(name)) => ("flag", Some(name.clone())),
            Some(SettingOrigin::Default) | None => ("default", None),
        };
        (key.clone(), json!({"value": value, "from": kind, "name": name}))
    };
    let settings: Map<String, Value> = values(loaded).iter().map(setting).collect();
    let writer = match writer {
        Ok(chosen) => json!({
            "name": chosen.name(), "model": chosen.model(), "base": chosen.base(), "why": chosen.why(),
        }),
        Err(error) => json!({"error": error.to_string()}),
    };
    let rooms = match rooms {
        Ok(rooms) => json!({"place": rooms.name(), "why": rooms.why}),
        Err(error) => json!({"error": error.to_string()}),
    };
    let whole = json!({
        "file": loaded.file.as_ref().map(|file| file.display().to_string()),
        "settings": settings,
        "environment": variables_json(),
        "writer": writer,
        "rooms": rooms,
    });
    format!("{whole:#}\n")
}
