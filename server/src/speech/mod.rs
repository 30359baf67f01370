//! Speech: where the local models are, who hears and who speaks.

mod choice;
mod reach;
mod wiring;

use std::path::{Path, PathBuf};

use models::Processor;

use self::choice::Sense;
pub use self::choice::{SpeechChoiceError, SpeechEnvironment};
pub use self::reach::{ProviderCheck, ask};
pub use self::wiring::SpeechServices;
use crate::settings::ServerSettings;

/// Whether a value of the setting `stt` names ways that there are.
pub fn check_hearing(stt: &str) -> Result<(), SpeechChoiceError> {
    choice::hearing(stt).map(drop)
}

/// The same of the setting `tts`.
pub fn check_speaking(tts: &str) -> Result<(), SpeechChoiceError> {
    choice::speaking(tts).map(drop)
}

/// The help of the setting `stt`.
pub fn hearing_help() -> String {
    let ways = choice::ways(Sense::Hearing, "or");
    format!("Who hears: {ways}; with commas between, the next when one fails [default: local]")
}

/// The help of the setting `tts`.
pub fn speaking_help() -> String {
    format!("Who speaks: {}, likewise [default: local]", choice::ways(Sense::Speaking, "or"))
}

/// Logs what the local models compute with: the processor, its instruction sets, and whether their sums are exact, by
/// themselves or by the setting.
pub fn log_processor(settings: &ServerSettings) {
    let exact = models::Int8Arithmetic::from(settings.arithmetic).is_exact();
    tracing::info!(processor = %Processor::here(), exact, "this machine computes");
}

/// The folder of the models: the one that is set, else one in the cache of the user, which all checkouts share;
/// where there is no such cache, in the data folder.
pub fn models_folder(settings: &ServerSettings) -> PathBuf {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    place(settings, variable("XDG_CACHE_HOME"), variable("HOME"))
}

fn place(settings: &ServerSettings, cache: Option<PathBuf>, home: Option<PathBuf>) -> PathBuf {
    // XDG wants what is not absolute ignored.
    let absolute = |path: &PathBuf| path.is_absolute();
    let cache = cache.filter(absolute).or_else(|| Some(home.filter(absolute)?.join(".cache")));
    match (&settings.models, cache) {
        (Some(models), _) => models.clone(),
        (None, Some(cache)) => cache.join("interviewos").join("models"),
        (None, None) => Path::new(&settings.data).join("models"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_are_where_it_is_set_or_in_a_cache_or_with_the_data() {
        let (some, path) = (|path: &str| Some(PathBuf::from(path)), |path: &str| PathBuf::from(path));
        let mut settings = ServerSettings { data: path("kept"), ..ServerSettings::default() };
        let home = some("/home/ada");
        assert_eq!(place(&settings, some("/cache"), home.clone()), path("/cache/interviewos/models"));
        assert_eq!(place(&settings, some("near"), home.clone()), path("/home/ada/.cache/interviewos/models"));
        assert_eq!(place(&settings, None, some("")), path("kept/models"));
        settings.models = some("mine");
        assert_eq!(place(&settings, some("/cache"), home), path("mine"));
    }
}
