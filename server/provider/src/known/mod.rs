//! The known providers of models: each is a file here and a row in [`ALL`]. `config`, `doctor` and the choice of writer
//! use them. Those that only hear or speak are rows of `speech::remote::ALL`, each beside its protocol. The recipes for
//! new ones are in `README.md` of this crate.

mod gemini;
mod openai;

pub use gemini::GEMINI;
pub use openai::OPENAI;

/// The default model for each thing that a provider can do; `None`: it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultModels {
    /// Word the interviewer's lines.
    pub lines: Option<&'static str>,
    /// Hear.
    pub hearing: Option<&'static str>,
    /// Speak.
    pub speaking: Option<&'static str>,
}

/// A provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptor {
    /// Its name in settings, logs and codes.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The variable of its key.
    pub key: &'static str,
    /// The variables of its address; the first that is set counts. Those for speech may differ.
    pub address: &'static [&'static str],
    /// The variables of its address for speech.
    pub speech_address: &'static [&'static str],
    /// Its default address.
    pub base: &'static str,
    /// What it can do.
    pub abilities: DefaultModels,
}

/// All of them.
pub const ALL: &[Descriptor] = &[GEMINI, OPENAI];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_is_known_by_its_own_name_and_key() {
        let names: BTreeSet<_> = ALL.iter().map(|one| one.name).collect();
        let keys: BTreeSet<_> = ALL.iter().map(|one| one.key).collect();
        assert_eq!((names.len(), keys.len()), (ALL.len(), ALL.len()));
        for one in ALL {
            let DefaultModels { lines, hearing, speaking } = one.abilities;
            assert!(lines.or(hearing).or(speaking).is_some(), "{} can do nothing", one.name);
            assert!(lines.is_none() || !one.address.is_empty(), "{}", one.name);
            assert!(hearing.or(speaking).is_none() || !one.speech_address.is_empty(), "{}", one.name);
        }
    }
}
