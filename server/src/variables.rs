//! What the environment says beside the settings, under the names that other programs use too.

use provider::{Descriptor, ProviderKey};

/// The providers of models, and those that only hear or speak.
pub(crate) fn providers() -> impl Iterator<Item = &'static Descriptor> {
    let speech = speech::remote::ALL.iter().map(|remote| &remote.descriptor);
    models().chain(speech.filter(|one| models().all(|known| known.name != one.name)))
}

fn models() -> impl Iterator<Item = &'static Descriptor> {
    writers::ALL.iter().map(|provider| &provider.descriptor)
}

/// A provider's key and address, as far as they are set.
#[derive(Debug, Default, Clone)]
pub(crate) struct Access {
    pub(crate) key: Option<ProviderKey>,
    pub(crate) address: Option<ProviderAddress>,
}

/// An address of a provider, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProviderAddress {
    pub(crate) base: String,
    /// The variable that says it; `None`: the server was found on this machine.
    pub(crate) variable: Option<&'static str>,
}

impl Access {
    /// What the environment of this process says: the key, and the first of these variables of the address that is set.
    pub(crate) fn of_the_process(key: &str, address: &[&'static str]) -> Self {
        Self::read(key, address, variable)
    }

    fn read(key: &str, address: &[&'static str], value: impl Fn(&str) -> Option<String>) -> Self {
        let address = address
            .iter()
            .find_map(|name| Some(ProviderAddress { base: value(name)?, variable: Some(name) }));
        Self { key: value(key).as_deref().and_then(ProviderKey::new), address }
    }

    /// This key and this address, which no variable says.
    #[cfg(test)]
    pub(crate) fn given(key: Option<ProviderKey>, base: Option<&str>) -> Self {
        Self { key, address: base.map(|base| ProviderAddress { base: base.to_owned(), variable: None }) }
    }
}

/// The value of a variable without blanks around it; `None` if nothing is left, or if it is no text.
pub(crate) fn variable(name: &str) -> Option<String> {
    trimmed(std::env::var(name).ok())
}

/// A text without blanks around it; `None` if nothing is left.
pub(crate) fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_provider_is_there_once_with_a_name_and_a_key_of_its_own() {
        let names: Vec<_> = providers().map(|one| one.name).collect();
        let all = models().chain(speech::remote::ALL.iter().map(|remote| &remote.descriptor));
        assert_eq!(BTreeSet::from_iter(all.map(|one| one.name)), BTreeSet::from_iter(names.iter().copied()));
        let keys: BTreeSet<_> = providers().map(|one| one.key).collect();
        assert_eq!(keys.len(), names.len());
    }

    #[test]
    fn the_first_address_that_is_set_counts_and_its_variable_is_known() {
        let names: &[&str] = &["FIRST_URL", "SECOND_URL", "THIRD_URL"];
        let access = Access::read("KEY", names, |name| (name > "FIRST_URL").then(|| name.to_lowercase()));
        assert!(access.key.is_some());
        let (base, variable) = ("second_url".to_owned(), Some("SECOND_URL"));
        assert_eq!(access.address, Some(ProviderAddress { base, variable }));
    }

    #[test]
    fn a_variable_is_text_or_nothing() {
        assert_eq!(trimmed(Some(" key\n".to_owned())).as_deref(), Some("key"));
        assert_eq!(trimmed(Some(" ".to_owned())), None);
        assert_eq!(variable("INTERVIEWOS_NO_SUCH_VARIABLE"), None);
    }
}
