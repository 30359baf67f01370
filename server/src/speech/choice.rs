//! Chooses who hears and who speaks, by settings and environment.
//!
//! A setting names one way, or several to be tried in order: `deepgram:nova-3,local`.

use std::sync::Arc;

use provider::{CARTESIA, DEEPGRAM, Descriptor, OPENAI};
use speech::SpeechError;
use speech::hear::Windows;
use speech::ports::{Abilities, HearOptions, Stt, SttStream, Tts, Vad};
use speech::remote::{Cartesia, Deepgram, Key, Provider, Speeches, Transcriptions};

use crate::variables::variable;

/// What the environment says of providers of speech, under the names that other programs use too.
#[derive(Debug, Default, Clone)]
pub struct Environment {
    /// `OPENAI_API_KEY`.
    pub openai_key: Option<Key>,
    /// `OPENAI_SPEECH_BASE_URL`, else `OPENAI_BASE_URL`: a server of one's own.
    pub openai_base: Option<String>,
    /// `DEEPGRAM_API_KEY`.
    pub deepgram_key: Option<Key>,
    /// `DEEPGRAM_BASE_URL`.
    pub deepgram_base: Option<String>,
    /// `CARTESIA_API_KEY`.
    pub cartesia_key: Option<Key>,
    /// `CARTESIA_BASE_URL`.
    pub cartesia_base: Option<String>,
}

impl Environment {
    /// That of this process.
    pub fn of_the_process() -> Self {
        let key = |of: Descriptor| variable(of.key).as_deref().and_then(Key::new);
        let base = |of: Descriptor| of.speech_address.iter().find_map(|name| variable(name));
        Self {
            openai_key: key(OPENAI),
            openai_base: base(OPENAI),
            deepgram_key: key(DEEPGRAM),
            deepgram_base: base(DEEPGRAM),
            cartesia_key: key(CARTESIA),
            cartesia_base: base(CARTESIA),
        }
    }
}

/// Why a way to hear or to speak cannot be; each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// No such way.
    #[error("`{way}` is none of {known}; give one of them, or several with commas between")]
    Unknown {
        /// What is named.
        way: String,
        /// The ways there are.
        known: &'static str,
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
    /// Cartesia without a voice.
    #[error("cartesia has no voice of its own; give its id, as in cartesia:sonic-3:ID")]
    NoVoice,
    /// An address that cannot be used, or missing models.
    #[error(transparent)]
    Speech(#[from] SpeechError),
}

/// One way to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hearing {
    Local,
    OpenAi { model: Option<String> },
    Deepgram { model: Option<String> },
}

/// One way to speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Speaking {
    Local,
    OpenAi { model: Option<String>, voice: Option<String> },
    Cartesia { model: Option<String>, voice: Option<String> },
}

/// The parts of one way: its name, the model, the voice.
fn parts(way: &str) -> (String, Option<String>, Option<String>) {
    let mut parts =
        way.splitn(3, ':').map(|part| Some(part.trim().to_owned()).filter(|part| !part.is_empty()));
    let name = parts.next().flatten().unwrap_or_default().to_lowercase();
    (name, parts.next().flatten(), parts.next().flatten())
}

/// The ways to hear that a setting names.
pub(super) fn hearing(setting: &str) -> Result<Vec<Hearing>, ChoiceError> {
    let one = |way: &str| {
        let (name, model, rest) = parts(way);
        match (name.as_str(), &model, &rest) {
            ("local", None, None) => Ok(Hearing::Local),
            ("openai", _, None) => Ok(Hearing::OpenAi { model }),
            ("deepgram", _, None) => Ok(Hearing::Deepgram { model }),
            _ => Err(ChoiceError::Unknown {
                way: way.trim().to_owned(),
                known: "local, openai:MODEL and deepgram:MODEL",
            }),
        }
    };
    setting.split(',').map(one).collect()
}

/// The ways to speak that a setting names.
pub(super) fn speaking(setting: &str) -> Result<Vec<Speaking>, ChoiceError> {
    let one = |way: &str| {
        let (name, model, voice) = parts(way);
        match (name.as_str(), &model) {
            ("local", None) => Ok(Speaking::Local),
            ("openai", _) => Ok(Speaking::OpenAi { model, voice }),
            ("cartesia", _) if voice.is_none() => Err(ChoiceError::NoVoice),
            ("cartesia", _) => Ok(Speaking::Cartesia { model, voice }),
            _ => Err(ChoiceError::Unknown {
                way: way.trim().to_owned(),
                known: "local, openai:MODEL:VOICE and cartesia:MODEL:VOICE",
            }),
        }
    };
    setting.split(',').map(one).collect()
}

impl Environment {
    /// The key and the address that are set for a provider.
    fn set(&self, of: &Descriptor) -> (Option<&Key>, Option<&str>) {
        match of.name {
            name if name == OPENAI.name => (self.openai_key.as_ref(), self.openai_base.as_deref()),
            name if name == DEEPGRAM.name => (self.deepgram_key.as_ref(), self.deepgram_base.as_deref()),
            name if name == CARTESIA.name => (self.cartesia_key.as_ref(), self.cartesia_base.as_deref()),
            _ => (None, None),
        }
    }

    /// The provider that a setting names for a model.
    fn provider(
        &self,
        setting: &'static str,
        usual: &Descriptor,
        model: Option<&str>,
    ) -> Result<Provider, ChoiceError> {
        let (key, base) = self.set(usual);
        // A server of one's own may want no key.
        if key.is_none() && base.is_none() {
            return Err(ChoiceError::NoKey { setting, way: usual.name, variable: usual.key });
        }
        let model = model.unwrap_or_default();
        Ok(Provider {
            name: usual.name.to_owned(),
            base: base.unwrap_or(usual.base).to_owned(),
            key: key.cloned(),
            model: model.to_owned(),
            language: Some("en".to_owned()),
        })
    }

    /// Who is asked for a remote way to hear, and for what; `None`: this machine.
    pub(super) fn heard_by(&self, way: &Hearing) -> Result<Option<Provider>, ChoiceError> {
        let (usual, model) = match way {
            Hearing::Local => return Ok(None),
            Hearing::OpenAi { model } => (OPENAI, model),
            Hearing::Deepgram { model } => (DEEPGRAM, model),
        };
        self.provider("stt", &usual, model.as_deref().or(usual.abilities.hearing)).map(Some)
    }

    /// Who is asked for a remote way to speak, and for what; `None`: this machine.
    pub(super) fn spoken_by(&self, way: &Speaking) -> Result<Option<Provider>, ChoiceError> {
        let (usual, model) = match way {
            Speaking::Local => return Ok(None),
            Speaking::OpenAi { model, .. } => (OPENAI, model),
            Speaking::Cartesia { model, .. } => (CARTESIA, model),
        };
        self.provider("tts", &usual, model.as_deref().or(usual.abilities.speaking)).map(Some)
    }

    /// A remote way to hear.
    pub(super) fn ear(&self, way: &Hearing, vad: &Arc<dyn Vad>) -> Result<Option<Arc<dyn Stt>>, ChoiceError> {
        let Some(provider) = self.heard_by(way)? else { return Ok(None) };
        Ok(match way {
            Hearing::Local => None,
            Hearing::OpenAi { .. } => {
                let transcriptions = Transcriptions::new(provider)?;
                Some(Arc::new(Knowing { transcriptions, vad: Arc::clone(vad) }))
            }
            Hearing::Deepgram { .. } => Some(Arc::new(Deepgram::new(provider)?)),
        })
    }

    /// A remote way to speak.
    pub(super) fn voice(&self, way: &Speaking) -> Result<Option<Arc<dyn Tts>>, ChoiceError> {
        let Some(provider) = self.spoken_by(way)? else { return Ok(None) };
        Ok(match way {
            Speaking::Local => None,
            Speaking::OpenAi { voice, .. } => {
                Some(Arc::new(Speeches::new(provider, voice.as_deref().unwrap_or("alloy"))?))
            }
            Speaking::Cartesia { voice, .. } => {
                Some(Arc::new(Cartesia::new(provider, voice.as_deref().unwrap_or_default())?))
            }
        })
    }
}

/// Transcriptions that are told of the words of each stream.
struct Knowing {
    transcriptions: Transcriptions,
    vad: Arc<dyn Vad>,
}

impl Knowing {
    fn windows(&self, words: &[String]) -> Windows {
        Windows::new(Arc::new(self.transcriptions.knowing(words)), Some(Arc::clone(&self.vad)))
    }
}

impl Stt for Knowing {
    fn abilities(&self) -> Abilities {
        self.windows(&[]).abilities()
    }

    fn open(&self, options: HearOptions) -> Box<dyn SttStream> {
        self.windows(&options.vocabulary).open(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_read_in_order_with_their_models_and_voices() {
        let model = |name: &str| Some(name.to_owned());
        assert_eq!(hearing("local"), Ok(vec![Hearing::Local]));
        let both = vec![Hearing::Deepgram { model: model("nova-3") }, Hearing::Local];
        assert_eq!(hearing("deepgram:nova-3, Local"), Ok(both));
        assert_eq!(hearing("openai"), Ok(vec![Hearing::OpenAi { model: None }]));
        let cartesia = Speaking::Cartesia { model: model("sonic-3"), voice: model("id:1") };
        assert_eq!(speaking("cartesia:sonic-3:id:1,local"), Ok(vec![cartesia, Speaking::Local]));
        let openai = Speaking::OpenAi { model: None, voice: model("nova") };
        assert_eq!(speaking("openai::nova"), Ok(vec![openai]));
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        for wrong in ["", "whisper", "local,", "local:tiny", "deepgram:a:b"] {
            let said = hearing(wrong).unwrap_err().to_string();
            assert!(said.contains("local, openai:MODEL and deepgram:MODEL"), "{wrong}: {said}");
        }
        assert!(speaking("hibari").unwrap_err().to_string().contains("cartesia:MODEL:VOICE"));
        assert_eq!(speaking("cartesia"), Err(ChoiceError::NoVoice));
    }

    #[test]
    fn providers_want_a_key_or_an_address_and_keys_stay_hidden() {
        let none = Environment::default();
        let way = Speaking::OpenAi { model: None, voice: None };
        let Err(said) = none.voice(&way) else { panic!("there is no key") };
        assert!(said.to_string().contains("set OPENAI_API_KEY"), "{said}");
        let own = Environment { openai_base: Some("http://127.0.0.1:8000/v1".to_owned()), ..none.clone() };
        assert_eq!(own.voice(&way).unwrap().unwrap().abilities().name, "openai");
        let bad = Environment { openai_base: Some("nowhere".to_owned()), ..none.clone() };
        assert!(bad.voice(&way).is_err());
        let key = Environment { cartesia_key: Key::new("SECRET"), ..none };
        let way = Speaking::Cartesia { model: None, voice: Some("id".to_owned()) };
        assert!(key.voice(&way).unwrap().unwrap().abilities().remote);
        assert!(!format!("{key:?}").contains("SECRET"));
    }
}
