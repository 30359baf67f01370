//! Asks the providers of speech that the settings name whether they would do: for `doctor`.

use futures::future::join_all;
use speech::remote::{Reach, SpeechProvider};
use writers::{ModelAvailability, OPENAI};

use super::choice::{self, Sense, SpeechBackend, SpeechChoiceError, SpeechEnvironment};
use crate::settings::ServerSettings;
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
    pub said: ModelAvailability,
    /// Whether there is another way after it in the setting.
    pub followed: bool,
}

/// Asks all of them at once, each for five seconds at most, with what is said to nobody. In the order of the settings,
/// first who hears.
pub async fn ask(
    settings: &ServerSettings,
    environment: &SpeechEnvironment,
) -> Vec<Result<ProviderCheck, SpeechChoiceError>> {
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
                all.extend(named.map(|(way, (at, text))| {
                    Ok(SpeechSettingEntry { sense, way, text, followed: at < last })
                }));
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
struct SpeechSettingEntry<'a> {
    sense: Sense,
    way: SpeechBackend,
    /// As it stands in the setting.
    text: &'a str,
    /// Whether there is another way after it.
    followed: bool,
}

impl SpeechSettingEntry<'_> {
    /// `None`: it is this machine.
    async fn ask(self, environment: &SpeechEnvironment) -> Result<Option<ProviderCheck>, SpeechChoiceError> {
        let Self { sense, way, text, followed } = self;
        let SpeechBackend::Remote { remote, model, .. } = way else { return Ok(None) };
        let provider = environment.provider(sense, remote, model.as_deref())?;
        let SpeechProvider { name, base, model, .. } = provider.clone();
        let (knows_models, said) = match remote.reach {
            Reach::Models => (true, listed(provider).await),
            Reach::Connection { connect, knows_model } => {
                let asked = connect(provider)?.await;
                (knows_model, asked.map_or_else(ModelAvailability::from, |()| ModelAvailability::Ready))
            }
        };
        let (way, base, of) = (text.to_owned(), without_secrets(&base), &remote.descriptor);
        let variables = [of.key, environment.address_variable(remote)];
        let setting = sense.setting();
        Ok(Some(ProviderCheck { setting, way, name, base, model, knows_models, variables, said, followed }))
    }
}

/// Asks an OpenAI-compatible server for its models, as for a writer's.
async fn listed(SpeechProvider { base, key, model, .. }: SpeechProvider) -> ModelAvailability {
    match OPENAI.model(&base, &model, key) {
        Ok(server) => server.reach().await,
        Err(fault) => fault.into(),
    }
}
