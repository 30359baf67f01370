//! The settings as variables of the environment.

use std::path::PathBuf;

use figment::value::{Dict, Empty, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::ENV_PREFIX;

/// The name of this source.
pub(super) const ENVIRONMENT: &str = "the environment";

/// Settings that are numbers and have none as their default, so that it does not tell what they are.
const NUMBERS: [&str; 2] = ["rooms_udp_port", "seed"];

/// The variables of the environment that are settings.
pub(super) struct SettingsEnvironment {
    pub(super) dict: Dict,
    pub(super) config: Option<PathBuf>,
}

impl SettingsEnvironment {
    pub(super) fn read(
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
            let number = NUMBERS.contains(&key.as_str());
            // Text stays text, so that a secret of digits is not taken for a number.
            let value = match known.get(&key) {
                // Set to nothing, it is not set, whatever the file says.
                Some(serde_json::Value::Null) if number && value.trim().is_empty() => {
                    Value::from(Empty::None)
                }
                Some(serde_json::Value::Null) if number => as_number(value),
                Some(serde_json::Value::Number(_)) => as_number(value),
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

/// A whole number, or the text that is none.
fn as_number(text: String) -> Value {
    text.trim().parse::<i64>().map_or(Value::from(text), Value::from)
}

impl Provider for SettingsEnvironment {
    fn metadata(&self) -> Metadata {
        Metadata::named(ENVIRONMENT)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.dict.clone()))
    }
}
