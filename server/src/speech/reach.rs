//! Asks the providers of speech that the settings name whether they would do: for `doctor`.

use futures::future::join_all;
use speech::remote::{Provider, Reach, Reached as Connected};
use writers::{Fault, OpenAi, Reached};

use super::choice::{self, ChoiceError, Environment, Sense, Way};
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
    let mut all = Vec::new();
    for (sense, setting, ways) in [
        (Sense::Hearing, &settings.stt, choice::hearing(&settings.stt)),
        (Sense::Speaking, &settings.tts, choice::speaking(&settings.tts)),
    ] {
        match ways {
            Ok(ways) => {
                let last = ways.len().saturating_sub(1);
                let written = setting.split(',').map(str::trim).enumerate();
                let named = ways.into_iter().zip(written);
                all.extend(
                    named.map(|(way, (at, text))| Ok(Named { sense, way, text, followed: at < last })),
                );
            }
            Err(error) => all.push(Err(error)),
        }
    }
    let asked = all.into_iter().map(async |named| match named {
        Ok(named) => named.ask(environment).await.transpose(),
        Err(error) => Some(Err(error)),
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// A way that a setting names.
struct Named<'a> {
    sense: Sense,
    way: Way,
    /// As it stands in the setting.
    text: &'a str,
    /// Whether there is another way after it.
    followed: bool,
}

impl Named<'_> {
    /// `None`: it is this machine.
    async fn ask(self, environment: &Environment) -> Result<Option<ProviderCheck>, ChoiceError> {
        let Self { sense, way, text, followed } = self;
        let Way::Remote { remote, model, .. } = way else { return Ok(None) };
        let provider = environment.provider(sense, remote, model.as_deref())?;
        let Provider { name, base, model, .. } = provider.clone();
        let (knows_models, said) = match remote.reach {
            Reach::Models => (true, listed(provider).await),
            Reach::Connection { connect, knows_model } => (knows_model, connected(connect(provider).await?)),
        };
        let (way, base, of) = (text.to_owned(), without_secrets(&base), &remote.descriptor);
        let variables = [of.key, of.speech_address.first().copied().unwrap_or_default()];
        let setting = sense.setting();
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
