//! Where each setting comes from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use figment::{Metadata, Source};

use super::environment::ENVIRONMENT;
use super::{ENV_PREFIX, ServerSettings};

/// The name of the command line as a source.
pub(super) const COMMAND_LINE: &str = "the command line";

/// The settings in force, with where they come from.
#[derive(Debug, Clone)]
pub struct LoadedSettings {
    /// The settings.
    pub settings: ServerSettings,
    /// Where each of them comes from, by its name; every setting is there.
    pub origins: BTreeMap<String, SettingOrigin>,
    /// The settings file that was read, if there was one.
    pub file: Option<PathBuf>,
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingOrigin {
    /// Nobody gave it.
    Default,
    /// This file.
    File(PathBuf),
    /// The variable of this name.
    Variable(String),
    /// The flag of this name, with its dashes.
    Flag(String),
}

impl SettingOrigin {
    /// The origin of a key, by what figment remembers of the source of its value.
    pub(super) fn of(key: &str, metadata: Option<&Metadata>) -> Self {
        match metadata.map(|source| (source.name.as_ref(), &source.source)) {
            Some((COMMAND_LINE, _)) => Self::Flag(format!("--{}", key.replace('_', "-"))),
            Some((ENVIRONMENT, _)) => Self::Variable(format!("{ENV_PREFIX}{}", key.to_uppercase())),
            Some((_, Some(Source::File(path)))) => Self::File(path.clone()),
            Some(_) | None => Self::Default,
        }
    }
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}
