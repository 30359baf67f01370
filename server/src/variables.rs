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
    pub(crate) base: Option<String>,
}

impl Access {
    /// What the environment of this process says: the key, and the first of these variables of the address that is set.
    pub(crate) fn of_the_process(key: &str, address: &[&str]) -> Self {
        let key = variable(key).as_deref().and_then(ProviderKey::new);
        Self { key, base: address.iter().find_map(|name| variable(name)) }
    }
}

/// "a, b and c", where `last` is "and".
pub(crate) fn listed(mut names: Vec<String>, last: &str) -> String {
    let end = names.pop().unwrap_or_default();
    if names.is_empty() { end } else { format!("{} {last} {end}", names.join(", ")) }
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
    fn names_are_listed_as_a_sentence_has_them() {
        let names = |names: &[&str]| listed(names.iter().map(|name| (*name).to_owned()).collect(), "and");
        assert_eq!(
            ["a", "a and b", "a, b and c"],
            [names(&["a"]), names(&["a", "b"]), names(&["a", "b", "c"])]
        );
    }

    #[test]
    fn a_variable_is_text_or_nothing() {
        assert_eq!(trimmed(Some(" key\n".to_owned())).as_deref(), Some("key"));
        assert_eq!(trimmed(Some(" ".to_owned())), None);
        assert_eq!(variable("INTERVIEWOS_NO_SUCH_VARIABLE"), None);
    }
}
