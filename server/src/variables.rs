//! What the environment says beside the settings, under the names that other programs use too.

use provider::Descriptor;

/// The providers of models, and those that only hear or speak.
pub(crate) fn providers() -> impl Iterator<Item = &'static Descriptor> {
    let speech = speech::remote::ALL.iter().map(|remote| &remote.descriptor);
    provider::ALL.iter().chain(speech.filter(|one| provider::ALL.iter().all(|known| known.name != one.name)))
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
        let all = provider::ALL.iter().chain(speech::remote::ALL.iter().map(|remote| &remote.descriptor));
        assert_eq!(BTreeSet::from_iter(all.map(|one| one.name)), BTreeSet::from_iter(names.iter().copied()));
        let keys: BTreeSet<_> = providers().map(|one| one.key).collect();
        assert_eq!(keys.len(), names.len());
    }

    #[test]
    fn a_variable_is_text_or_nothing() {
        assert_eq!(trimmed(Some(" key\n".to_owned())).as_deref(), Some("key"));
        assert_eq!(trimmed(Some(" ".to_owned())), None);
        assert_eq!(variable("INTERVIEWOS_NO_SUCH_VARIABLE"), None);
    }
}
