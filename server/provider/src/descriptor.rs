//! What a provider is called, where it is, which variables it reads and what it can do. Each stands in the file of its
//! provider: of models in the crate `writers`, of speech in `speech::remote`; one that does both, and so is in both, stands
//! in this crate. The recipes for new ones are in `README.md` of this crate.

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
