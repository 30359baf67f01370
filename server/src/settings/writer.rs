//! The setting `writer`: the built-in interviewer, or a provider of models by its name.

use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use writers::ModelProvider;

use crate::sentence::in_a_sentence;

/// Whose words the interviewer speaks with. The keys of models are no settings: they come from the environment
/// alone (see [`crate::writer`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WriterChoice {
    /// A model's if the environment names one, else the built-in interviewer's.
    #[default]
    Auto,
    /// The built-in interviewer's, whatever the environment names.
    BuiltIn,
    /// Those of a model of this provider.
    Model(&'static ModelProvider),
}

static ALL: LazyLock<Vec<WriterChoice>> = LazyLock::new(|| {
    let models = writers::ALL.iter().map(WriterChoice::Model);
    [WriterChoice::Auto, WriterChoice::BuiltIn].into_iter().chain(models).collect()
});
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| ALL.iter().map(|choice| choice.name()).collect());

impl WriterChoice {
    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::BuiltIn => "built-in",
            Self::Model(provider) => provider.descriptor.name,
        }
    }

    /// All names, as a sentence has them: "auto, built-in, gemini or openai".
    pub fn names() -> String {
        in_a_sentence(NAMES.iter().map(|name| (*name).to_owned()).collect(), "or")
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|choice| choice.name() == name)
    }
}

impl ValueEnum for WriterChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Auto => "A model's if the environment names one, else the built-in interviewer's",
            Self::BuiltIn => "The built-in interviewer's, whatever the environment names",
            Self::Model(provider) => provider.help,
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

impl Serialize for WriterChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for WriterChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| de::Error::unknown_variant(&name, &NAMES))
    }
}
