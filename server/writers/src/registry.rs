//! What is to be known of a provider of models to choose it by a setting and to ask it for words.

use std::fmt;

use provider::Descriptor;

use crate::{LanguageModel, ProviderFault, ProviderKey};

/// Makes a model of a provider: at this base address, with this name, with the key if there is one.
///
/// # Errors
/// [`ProviderFault::Configuration`] if the address, the model's name or the key cannot be used, or the machine's
/// certificates cannot be read.
pub type MakeModel = fn(&str, &str, Option<ProviderKey>) -> Result<LanguageModel, ProviderFault>;

/// A provider of models: a row of [`ALL`](crate::ALL).
#[derive(Clone, Copy)]
pub struct ModelProvider {
    /// Its names, variables, address and default models.
    pub descriptor: Descriptor,
    /// Whose words the interviewer speaks with, for the help of a setting: `Gemini's`.
    pub help: &'static str,
    /// The model that other servers with this API are asked for where none is named; an address alone then chooses the
    /// provider. `None`: nobody else has the API.
    pub model_elsewhere: Option<&'static str>,
    /// What to look at where no model can be made.
    pub remedy: Remedy,
    /// How a model is made.
    pub make: MakeModel,
}

/// What may be wrong, and what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// What may be wrong, by its name: `OPENAI_BASE_URL`.
    pub wrong: &'static str,
    /// What to give, with an example.
    pub give: &'static str,
}

impl ModelProvider {
    /// A model of this provider.
    ///
    /// # Errors
    /// Those of [`MakeModel`].
    pub fn model(
        &self,
        base: &str,
        model: &str,
        key: Option<ProviderKey>,
    ) -> Result<LanguageModel, ProviderFault> {
        (self.make)(base, model, key)
    }
}

impl fmt::Debug for ModelProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ModelProvider").field(&self.descriptor.name).finish()
    }
}

/// The same provider by name.
impl PartialEq for ModelProvider {
    fn eq(&self, other: &Self) -> bool {
        self.descriptor.name == other.descriptor.name
    }
}

impl Eq for ModelProvider {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::Writer as _;

    use super::*;
    use crate::ALL;

    #[test]
    fn each_makes_its_default_model_and_has_its_own_names() {
        let mut names = BTreeSet::from(["auto", "built-in"]);
        for provider in ALL {
            let one = &provider.descriptor;
            assert!(names.insert(one.name) && names.insert(one.key), "{} is there already", one.name);
            assert!(!one.address.is_empty(), "{}: no variable names its address", one.name);
            let model = one.abilities.lines.expect("a default model");
            let made = provider.model(one.base, model, ProviderKey::new("k")).unwrap();
            assert_eq!(made.name(), one.name);
            let keyless = provider.model(one.base, model, None);
            assert_eq!(keyless.is_ok(), provider.model_elsewhere.is_some(), "{}", one.name);
        }
    }
}
