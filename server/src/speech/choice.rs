//! Chooses who hears and who speaks, by settings and environment.
//!
//! A setting names one way, or several to be tried in order: `deepgram:nova-3,local`. The ways are this machine
//! (`local`) and the rows of [`ALL`].

use std::collections::BTreeMap;
use std::sync::Arc;

use speech::SpeechError;
use speech::ports::{Stt, Tts, Vad};
use speech::remote::{ALL, Remote, SpeechProvider};

use crate::sentence::in_a_sentence;
use crate::variables::Access;

/// The name of this machine among the ways.
const LOCAL: &str = "local";

/// What the environment says of providers of speech, under the names that other programs use too.
#[derive(Debug, Default, Clone)]
pub struct SpeechEnvironment(BTreeMap<&'static str, Access>);

impl SpeechEnvironment {
    /// That of this process.
    pub fn of_the_process() -> Self {
        let access = |remote: &'static Remote| {
            let of = &remote.descriptor;
            (of.name, Access::of_the_process(of.key, of.speech_address))
        };
        Self(ALL.iter().map(access).collect())
    }

    /// The same with this key and address of a provider.
    #[cfg(test)]
    pub(crate) fn with(
        mut self,
        name: &'static str,
        key: Option<provider::ProviderKey>,
        base: Option<&str>,
    ) -> Self {
        self.0.insert(name, Access::given(key, base));
        self
    }
}

/// What a provider is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Hearing,
    Speaking,
}

impl Sense {
    /// The setting that chooses.
    pub(super) fn setting(self) -> &'static str {
        match self {
            Self::Hearing => "stt",
            Self::Speaking => "tts",
        }
    }

    /// Whether a provider has it.
    fn is_of(self, remote: &Remote) -> bool {
        match self {
            Self::Hearing => remote.ear.is_some(),
            Self::Speaking => remote.voice.is_some(),
        }
    }

    /// The model that is meant where none is named.
    fn usual_model(self, remote: &Remote) -> Option<&'static str> {
        match self {
            Self::Hearing => remote.descriptor.abilities.hearing,
            Self::Speaking => remote.descriptor.abilities.speaking,
        }
    }

    /// How a provider is named in the setting.
    fn shape(self, remote: &Remote) -> String {
        match self {
            Self::Hearing => format!("{}:MODEL", remote.descriptor.name),
            Self::Speaking => format!("{}:MODEL:VOICE", remote.descriptor.name),
        }
    }
}

/// Why a way to hear or to speak cannot be; each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpeechChoiceError {
    /// No such way.
    #[error("`{way}` is none of {known}; give one of them, or several with commas between")]
    Unknown {
        /// What is named.
        way: String,
        /// The ways there are.
        known: String,
    },
    /// A provider without its key.
    #[error("the setting `{setting}` names {way}, and there is no key; set {variable}, or take it out")]
    NoKey {
        /// Which setting.
        setting: &'static str,
        /// The provider.
        way: &'static str,
        /// Where the key belongs.
        variable: &'static str,
    },
    /// A provider that has no voice of its own, and none is named.
    #[error("{way} has no voice of its own; give its id, as in {way}:{model}:ID")]
    NoVoice {
        /// The provider.
        way: &'static str,
        /// A model of it.
        model: &'static str,
    },
    /// An address that cannot be used, or missing models.
    #[error(transparent)]
    Speech(#[from] SpeechError),
}

/// One way to hear or to speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SpeechBackend {
    /// This machine.
    Local,
    /// A provider, with the model and the voice that are named.
    Remote { remote: &'static Remote, model: Option<String>, voice: Option<String> },
}

/// The ways there are, as a sentence names them: "local, openai:MODEL and deepgram:MODEL".
pub(super) fn ways(sense: Sense, last: &str) -> String {
    let remote = ALL.iter().filter(|remote| sense.is_of(remote)).map(|remote| sense.shape(remote));
    in_a_sentence(std::iter::once(LOCAL.to_owned()).chain(remote).collect(), last)
}

/// The parts of one way: its name, the model, the voice.
fn parts(way: &str) -> (String, Option<String>, Option<String>) {
    let mut parts =
        way.splitn(3, ':').map(|part| Some(part.trim().to_owned()).filter(|part| !part.is_empty()));
    let name = parts.next().flatten().unwrap_or_default().to_lowercase();
    (name, parts.next().flatten(), parts.next().flatten())
}

/// The ways to hear that a setting names.
pub(super) fn hearing(setting: &str) -> Result<Vec<SpeechBackend>, SpeechChoiceError> {
    named(Sense::Hearing, setting)
}

/// The ways to speak that a setting names.
pub(super) fn speaking(setting: &str) -> Result<Vec<SpeechBackend>, SpeechChoiceError> {
    named(Sense::Speaking, setting)
}

fn named(sense: Sense, setting: &str) -> Result<Vec<SpeechBackend>, SpeechChoiceError> {
    setting.split(',').map(|way| one(sense, way)).collect()
}

fn one(sense: Sense, way: &str) -> Result<SpeechBackend, SpeechChoiceError> {
    let (name, model, voice) = parts(way);
    let unknown = || SpeechChoiceError::Unknown { way: way.trim().to_owned(), known: ways(sense, "and") };
    if name == LOCAL {
        let bare = model.is_none() && (sense == Sense::Speaking || voice.is_none());
        return if bare { Ok(SpeechBackend::Local) } else { Err(unknown()) };
    }
    let there = ALL.iter().find(|remote| remote.descriptor.name == name && sense.is_of(remote));
    let remote = there.ok_or_else(unknown)?;
    match sense {
        Sense::Hearing if voice.is_some() => Err(unknown()),
        Sense::Speaking if voice.is_none() && remote.usual_voice.is_none() => {
            Err(SpeechChoiceError::NoVoice {
                way: remote.descriptor.name,
                model: sense.usual_model(remote).unwrap_or_default(),
            })
        }
        Sense::Hearing | Sense::Speaking => Ok(SpeechBackend::Remote { remote, model, voice }),
    }
}

impl SpeechEnvironment {
    fn access(&self, remote: &Remote) -> Access {
        self.0.get(remote.descriptor.name).cloned().unwrap_or_default()
    }

    /// The variable that says a provider's address, or would say it.
    pub(super) fn address_variable(&self, remote: &Remote) -> &'static str {
        let said = self.access(remote).address.and_then(|address| address.variable);
        said.or(remote.descriptor.speech_address.first().copied()).unwrap_or_default()
    }

    /// Who is asked, and for which model.
    pub(super) fn provider(
        &self,
        sense: Sense,
        remote: &Remote,
        model: Option<&str>,
    ) -> Result<SpeechProvider, SpeechChoiceError> {
        let of = &remote.descriptor;
        let Access { key, address } = self.access(remote);
        // A server of one's own may want no key.
        if key.is_none() && address.is_none() {
            return Err(SpeechChoiceError::NoKey {
                setting: sense.setting(),
                way: of.name,
                variable: of.key,
            });
        }
        Ok(SpeechProvider {
            name: of.name.to_owned(),
            base: address.map_or_else(|| of.base.to_owned(), |address| address.base),
            key,
            model: model.or(sense.usual_model(remote)).unwrap_or_default().to_owned(),
            language: Some("en".to_owned()),
        })
    }

    /// A remote way to hear; `None`: this machine.
    pub(super) fn ear(
        &self,
        way: &SpeechBackend,
        vad: &Arc<dyn Vad>,
    ) -> Result<Option<Arc<dyn Stt>>, SpeechChoiceError> {
        let SpeechBackend::Remote { remote, model, .. } = way else { return Ok(None) };
        let provider = self.provider(Sense::Hearing, remote, model.as_deref())?;
        Ok(remote.ear.map(|make| make(provider, vad)).transpose()?)
    }

    /// A remote way to speak; `None`: this machine.
    pub(super) fn voice(&self, way: &SpeechBackend) -> Result<Option<Arc<dyn Tts>>, SpeechChoiceError> {
        let SpeechBackend::Remote { remote, model, voice } = way else { return Ok(None) };
        let provider = self.provider(Sense::Speaking, remote, model.as_deref())?;
        let voice = voice.as_deref().or(remote.usual_voice).unwrap_or_default();
        Ok(remote.voice.map(|make| make(provider, voice)).transpose()?)
    }
}

#[cfg(test)]
mod tests {
    use provider::ProviderKey;

    use super::*;

    fn remote(name: &str, model: Option<&str>, voice: Option<&str>) -> SpeechBackend {
        let remote = ALL.iter().find(|remote| remote.descriptor.name == name).unwrap();
        SpeechBackend::Remote { remote, model: model.map(str::to_owned), voice: voice.map(str::to_owned) }
    }

    #[test]
    fn ways_are_read_in_order_with_their_models_and_voices() {
        assert_eq!(hearing("local"), Ok(vec![SpeechBackend::Local]));
        let both = vec![remote("deepgram", Some("nova-3"), None), SpeechBackend::Local];
        assert_eq!(hearing("deepgram:nova-3, Local"), Ok(both));
        assert_eq!(hearing("openai"), Ok(vec![remote("openai", None, None)]));
        let cartesia = remote("cartesia", Some("sonic-3"), Some("id:1"));
        assert_eq!(speaking("cartesia:sonic-3:id:1,local"), Ok(vec![cartesia, SpeechBackend::Local]));
        assert_eq!(speaking("openai::nova"), Ok(vec![remote("openai", None, Some("nova"))]));
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        for wrong in ["", "whisper", "local,", "local:tiny", "deepgram:a:b", "cartesia"] {
            let said = hearing(wrong).unwrap_err().to_string();
            assert!(said.contains("is none of local, openai:MODEL"), "{wrong}: {said}");
            assert!(said.contains("deepgram:MODEL") && !said.contains("cartesia:"), "{wrong}: {said}");
        }
        for wrong in ["hibari", "deepgram:nova-3:voice"] {
            let said = speaking(wrong).unwrap_err().to_string();
            assert!(said.contains("cartesia:MODEL:VOICE") && !said.contains("deepgram:MODEL"), "{said}");
        }
        let said = speaking("cartesia").unwrap_err().to_string();
        assert_eq!(said, "cartesia has no voice of its own; give its id, as in cartesia:sonic-3:ID");
    }

    #[test]
    fn every_provider_can_be_chosen_for_all_it_can_do() {
        for one in ALL {
            let name = one.descriptor.name;
            let (heard, spoken) = (hearing(&format!("{name}:m")), speaking(&format!("{name}:m:v")));
            assert_eq!((heard.is_ok(), spoken.is_ok()), (one.ear.is_some(), one.voice.is_some()), "{name}");
            let environment = SpeechEnvironment::default().with(name, ProviderKey::new("k"), None);
            for way in spoken.into_iter().flatten() {
                assert_eq!(environment.voice(&way).unwrap().unwrap().abilities().name, name);
            }
        }
    }

    #[test]
    fn providers_want_a_key_or_an_address_and_keys_stay_hidden() {
        let none = SpeechEnvironment::default();
        let way = remote("openai", None, None);
        let Err(said) = none.voice(&way) else { panic!("there is no key") };
        assert!(said.to_string().contains("set OPENAI_API_KEY"), "{said}");
        let own = none.clone().with("openai", None, Some("http://127.0.0.1:8000/v1"));
        assert_eq!(own.voice(&way).unwrap().unwrap().abilities().name, "openai");
        let bad = none.clone().with("openai", None, Some("nowhere"));
        assert!(bad.voice(&way).is_err());
        let key = none.with("cartesia", ProviderKey::new("SECRET"), None);
        assert!(key.voice(&remote("cartesia", None, Some("id"))).unwrap().unwrap().abilities().remote);
        assert!(!format!("{key:?}").contains("SECRET"));
    }
}
