//! The settings as variables of the environment.

use std::path::PathBuf;

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::ENV_PREFIX;

/// The name of this source.
pub(super) const ENVIRONMENT: &str = "the environment";

/// The variables of the environment that are settings.
pub(super) struct Environment {
    pub(super) dict: Dict,
    pub(super) config: Option<PathBuf>,
}

impl Environment {
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
