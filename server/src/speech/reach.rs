//! Asks the providers of speech that the settings name whether they would do: for `doctor`.

use futures::future::join_all;
use provider::{CARTESIA, DEEPGRAM, Descriptor, OPENAI};
use speech::remote::{Cartesia, Deepgram, Provider, Reached as Connected};
use writers::{Fault, OpenAi, Reached};

use super::choice::{self, ChoiceError, Environment, Hearing, Speaking};
use crate::settings::Settings;
use crate::writer::without_secrets;

/// A provider that a setting names, and what came of asking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderCheck {
    /// The setting: `stt` or `tts`.
    pub setting: &'static str,
    /// How the setting names it: `deepgram:nova-3`.
    pub way: String,
    /// The provider's name.
    pub name: String,
    /// Its address, without what may be secret in it.
    pub base: String,
    /// What it is asked for.
    pub model: String,
    /// Whether it says which models it has when it is asked like this.
    pub knows_models: bool,
    /// The variables of its key and of its address.
    pub variables: [&'static str; 2],
    /// What it says.
    pub said: Reached,
    /// Whether there is another way after it in the setting.
    pub followed: bool,
}

/// Asks all of them at once, each for five seconds at most, with what is said to nobody. In the order of the settings,
/// first who hears.
pub async fn ask(settings: &Settings, environment: &Environment) -> Vec<Result<ProviderCheck, ChoiceError>> {
    let hearing: Result<Vec<Way<'_>>, _> = choice::hearing(&settings.stt)
        .map(|ways| ways.into_iter().map(|way| Way::Hearing(way, environment)).collect());
    let speaking: Result<Vec<Way<'_>>, _> = choice::speaking(&settings.tts)
        .map(|ways| ways.into_iter().map(|way| Way::Speaking(way, environment)).collect());
    let mut all = Vec::new();
    for (ways, setting) in [(hearing, &settings.stt), (speaking, &settings.tts)] {
        match ways {
            Ok(ways) => {
                let last = ways.len().saturating_sub(1);
                let written = setting.split(',').map(str::trim).enumerate();
                all.extend(ways.into_iter().zip(written).map(|(way, (at, text))| Ok((way, text, at < last))));
            }
            Err(error) => all.push(Err(error)),
        }
    }
    let asked = all.into_iter().map(async |way| match way {
        Ok((way, text, followed)) => way.ask(text, followed).await.transpose(),
        Err(error) => Some(Err(error)),
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// The variables of a provider's key and of its address for speech.
fn variables(of: &Descriptor) -> [&'static str; 2] {
    [of.key, of.speech_address.first().copied().unwrap_or_default()]
}

enum Way<'a> {
    Hearing(Hearing, &'a Environment),
    Speaking(Speaking, &'a Environment),
}

impl Way<'_> {
    /// `None`: it is this machine.
    async fn ask(self, way: &str, followed: bool) -> Result<Option<ProviderCheck>, ChoiceError> {
        let (setting, provider) = match &self {
            Self::Hearing(way, environment) => ("stt", environment.heard_by(way)?),
            Self::Speaking(way, environment) => ("tts", environment.spoken_by(way)?),
        };
        let Some(provider) = provider else { return Ok(None) };
        let Provider { name, base, model, .. } = provider.clone();
        let (variables, knows_models, said) = match self {
            Self::Hearing(Hearing::Local, _) | Self::Speaking(Speaking::Local, _) => return Ok(None),
            Self::Hearing(Hearing::OpenAi { .. }, _) | Self::Speaking(Speaking::OpenAi { .. }, _) => {
                (variables(&OPENAI), true, listed(provider).await)
            }
            Self::Hearing(Hearing::Deepgram { .. }, _) => {
                let said = Deepgram::new(provider)?.reach().await;
                (variables(&DEEPGRAM), true, connected(said))
            }
            Self::Speaking(Speaking::Cartesia { voice, .. }, _) => {
                let said = Cartesia::new(provider, voice.as_deref().unwrap_or_default())?.reach().await;
                (variables(&CARTESIA), false, connected(said))
            }
        };
        let (way, base) = (way.to_owned(), without_secrets(&base));
        Ok(Some(ProviderCheck { setting, way, name, base, model, knows_models, variables, said, followed }))
    }
}

/// Asks an OpenAI-compatible server for its models, as for a writer's.
async fn listed(Provider { base, key, model, .. }: Provider) -> Reached {
    match OpenAi::new(&base, &model, key) {
        Ok(server) => server.reach().await,
        Err(fault) => Reached::Failed(fault),
    }
}

fn connected(said: Connected) -> Reached {
    match said {
        Connected::Ready => Reached::Ready,
        Connected::KeyRefused => Reached::KeyRefused,
        Connected::Status(status) => Reached::Failed(Fault::Status(status)),
        Connected::Late => Reached::Failed(Fault::Timeout),
        Connected::Unreachable => Reached::Failed(Fault::Unreachable),
        Connected::NoWebSocket => Reached::Failed(Fault::Garbage),
        Connected::Unusable => Reached::Failed(Fault::Configuration),
    }
}
