//! Chooses the writer by settings and environment, and says which and why.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use app::view::ModelView;
use engine::{BuiltIn, Judge, SystemClock, Writer};
use reqwest::Url;
use writers::{ALL, LanguageModel, ModelAvailability, ModelProvider, ProviderFault, Remedy, Trial, guarded};

use crate::sentence::in_a_sentence;
use crate::settings::WriterChoice;
use crate::variables::{Access, ProviderAddress};

/// What the environment says of models, under the names that other programs use too.
#[derive(Debug, Default)]
pub struct WriterEnvironment(BTreeMap<&'static str, Access>);

impl WriterEnvironment {
    /// That of this process.
    pub fn of_the_process() -> Self {
        let access = |one: &'static ModelProvider| {
            let of = &one.descriptor;
            (of.name, Access::of_the_process(of.key, of.address))
        };
        Self(ALL.iter().map(access).collect())
    }

    /// The same with this key and address of a provider.
    #[cfg(test)]
    pub(crate) fn with(mut self, name: &'static str, key: Option<&str>, base: Option<&str>) -> Self {
        let key = key.and_then(provider::ProviderKey::new);
        self.0.insert(name, Access::given(key, base));
        self
    }

    /// The server of this provider was found at this address.
    pub(crate) fn set_found(&mut self, name: &'static str, base: &str) {
        let found = ProviderAddress { base: base.to_owned(), variable: None };
        self.0.entry(name).or_default().address = Some(found);
    }

    /// Whether nothing in it names a model.
    pub fn is_empty(&self) -> bool {
        !ALL.iter().any(|provider| self.names(provider))
    }

    fn access(&self, provider: &ModelProvider) -> Access {
        self.0.get(provider.descriptor.name).cloned().unwrap_or_default()
    }

    /// Whether it says enough of a provider to ask it.
    fn names(&self, provider: &ModelProvider) -> bool {
        let Access { key, address } = self.access(provider);
        key.is_some() || (provider.model_elsewhere.is_some() && address.is_some())
    }

    /// The first provider that can be asked, and why it is that one.
    fn first(&self) -> Option<(&'static ModelProvider, String)> {
        let mut named = ALL.iter().filter(|provider| self.names(provider));
        let first = named.next()?;
        let address = self.access(first).address.filter(|_| first.model_elsewhere.is_some());
        let why = match address {
            None => format!("{} is set", first.descriptor.key),
            Some(ProviderAddress { variable: Some(name), .. }) => format!("{name} is set"),
            Some(ProviderAddress { variable: None, .. }) => "its server was found on this machine".to_owned(),
        };
        let family = |other: &ModelProvider| {
            let key = other.descriptor.key;
            key.strip_suffix("API_KEY").map_or(key.to_owned(), |family| format!("{family}*"))
        };
        let others: Vec<String> = named.map(family).collect();
        if others.is_empty() {
            return Some((first, why));
        }
        Some((first, format!("{why}, and comes before {}", in_a_sentence(others, "and"))))
    }
}

/// Why there is no writer; each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriterChoiceError {
    /// A provider without its key.
    #[error("the setting `writer` is {name}, and there is no key; set {key}, or set `writer` to auto")]
    NoKey {
        /// The provider.
        name: &'static str,
        /// The variable of its key.
        key: &'static str,
    },
    /// A provider of an API that others have too, without key and address.
    #[error(
        "the setting `writer` is {name}, and nothing says which; set {key}, or {address} for a server of your own, or set `writer` to auto"
    )]
    NoServer {
        /// The provider.
        name: &'static str,
        /// The variable of its key.
        key: &'static str,
        /// The variable of its address.
        address: &'static str,
    },
    /// An address or a model's name that cannot be used.
    #[error("{} cannot be used; give {}", .0.wrong, .0.give)]
    Unusable(Remedy),
}

/// The writer in force, and why it is that one: what the server starts, `config` prints and `doctor` tries.
pub struct ChosenWriter {
    /// `None`: the built-in interviewer.
    model: Option<ChosenModel>,
    named: bool,
    why: Cow<'static, str>,
}

struct ChosenModel {
    provider: &'static ModelProvider,
    model: LanguageModel,
    /// The model's name, as it was given.
    name: String,
    /// Its address, without what may be secret in it.
    base: String,
}

impl ChosenModel {
    fn new(
        provider: &'static ModelProvider,
        model: Option<&str>,
        environment: &WriterEnvironment,
    ) -> Result<Self, WriterChoiceError> {
        let of = &provider.descriptor;
        let Access { key, address } = environment.access(provider);
        let base = address.map(|address| address.base);
        let (name, variable) = (of.name, of.key);
        let own = match provider.model_elsewhere {
            None if key.is_none() => return Err(WriterChoiceError::NoKey { name, key: variable }),
            Some(_) if key.is_none() && base.is_none() => {
                let address = of.address.first().copied().unwrap_or_default();
                return Err(WriterChoiceError::NoServer { name, key: variable, address });
            }
            Some(elsewhere) if base.is_some() => Some(elsewhere),
            Some(_) | None => of.abilities.lines,
        };
        let name = model.or(own).unwrap_or_default().to_owned();
        let base = base.as_deref().unwrap_or(of.base);
        let unusable = |_| WriterChoiceError::Unusable(provider.remedy);
        let model = provider.model(base, &name, key).map_err(unusable)?;
        Ok(Self { provider, model, name, base: without_secrets(base) })
    }
}

impl ChosenWriter {
    /// Resolves the settings `writer` and `model`. `auto` takes the first provider that the environment says enough of, else
    /// the built-in interviewer.
    pub fn new(
        choice: WriterChoice,
        model: Option<&str>,
        environment: &WriterEnvironment,
    ) -> Result<Self, WriterChoiceError> {
        let said = Cow::Borrowed("the setting `writer` says so");
        let (provider, why) = match choice {
            WriterChoice::Auto => match environment.first() {
                Some((provider, why)) => (Some(provider), why.into()),
                None => (None, "no key and no address of a model is set".into()),
            },
            WriterChoice::BuiltIn => (None, said),
            WriterChoice::Model(provider) => (Some(provider), said),
        };
        let named = model.is_some();
        let model = provider.map(|provider| ChosenModel::new(provider, model, environment)).transpose()?;
        Ok(Self { model, named, why })
    }

    /// The writer's name: `built-in`, or that of a provider.
    pub fn name(&self) -> &'static str {
        self.model.as_ref().map_or("built-in", |chosen| chosen.provider.descriptor.name)
    }

    /// The model that is asked; the built-in interviewer has none.
    pub fn model(&self) -> Option<&str> {
        self.model.as_ref().map(|chosen| chosen.name.as_str())
    }

    /// Whether the setting `model` named it; else it is this program's own default.
    pub fn model_is_named(&self) -> bool {
        self.named
    }

    /// Where the model's server is, without what may be secret in an address.
    pub fn base(&self) -> Option<&str> {
        self.model.as_ref().map(|chosen| chosen.base.as_str())
    }

    /// Why it is this one, as half a sentence.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The writer itself.
    pub fn writer(&self) -> Arc<dyn Writer> {
        match &self.model {
            None => Arc::new(BuiltIn),
            Some(chosen) => Arc::new(guarded(chosen.model.clone(), Arc::new(SystemClock))),
        }
    }

    /// The same model as a judge of stories; `None` for the built-in interviewer.
    pub fn judge(&self) -> Option<Arc<dyn Judge>> {
        // Whatever stands in its way stood in that of the writer, which said so.
        self.model.as_ref()?.model.judge().ok()
    }

    /// The model as pages tell of it; `None` for the built-in interviewer.
    pub fn view(&self) -> Option<ModelView> {
        let chosen = self.model.as_ref()?;
        let url = Url::parse(&chosen.base).ok()?;
        let host = url.host_str().unwrap_or_default();
        let theirs = |of: &&ModelProvider| {
            Url::parse(of.descriptor.base).is_ok_and(|base| base.host_str() == Some(host))
        };
        let at = ALL.iter().find(theirs).map_or(host, |of| of.descriptor.title).to_owned();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        Some(ModelView { name: chosen.name.clone(), at, here, trouble: None })
    }

    /// Says in the log whose words they are.
    pub fn log(&self) {
        tracing::info!(
            writer = self.name(),
            model = self.model(),
            why = self.why(),
            "the interviewer's words"
        );
    }

    /// Where its key belongs; the built-in interviewer needs none.
    pub fn key_variable(&self) -> Option<&'static str> {
        self.model.as_ref().map(|chosen| chosen.provider.descriptor.key)
    }

    /// Asks the model for a few words, as for a line. `None` for the built-in interviewer.
    pub async fn try_out(&self) -> Option<Result<Trial, ProviderFault>> {
        Some(self.model.as_ref()?.model.try_out().await)
    }

    /// Asks the model's server whether it takes the key and knows the model; five seconds at most. `None` for the
    /// built-in interviewer, which needs no server.
    pub async fn reach(&self) -> Option<ModelAvailability> {
        Some(self.model.as_ref()?.model.reach().await)
    }
}

impl std::fmt::Debug for ChosenWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("ChosenWriter");
        shown.field("name", &self.name()).field("model", &self.model());
        shown.field("base", &self.base()).field("why", &self.why).finish()
    }
}

/// An address without the places where secrets may stand: the user, what follows `?` and what follows `#`.
pub fn without_secrets(address: &str) -> String {
    let Ok(mut url) = Url::parse(address.trim()) else { return "not an address".to_owned() };
    let hidden = !url.username().is_empty() || url.password().is_some();
    url.set_query(url.query().map(|_| "hidden"));
    url.set_fragment(None);
    if hidden && (url.set_password(None).is_err() || url.set_username("hidden").is_err()) {
        return "not an address".to_owned();
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use writers::{GEMINI, OPENAI, ProviderKey};

    use super::*;

    fn chosen(
        choice: WriterChoice,
        gemini: bool,
        key: bool,
        base: Option<&str>,
    ) -> Result<String, WriterChoiceError> {
        let environment = WriterEnvironment::default().with("gemini", gemini.then_some("g"), None).with(
            "openai",
            key.then_some("o"),
            base,
        );
        ChosenWriter::new(choice, None, &environment).map(|chosen| chosen.writer().name().to_owned())
    }

    #[test]
    fn what_is_in_force_says_what_it_is_and_why() {
        let environment = |gemini: bool, base: Option<&str>| {
            let environment = WriterEnvironment::default().with("openai", Some("SECRET"), base);
            environment.with("gemini", gemini.then_some("g"), None)
        };
        let auto = |model, environment| ChosenWriter::new(WriterChoice::Auto, model, &environment).unwrap();
        let both = auto(None, environment(true, None));
        assert_eq!(
            (both.name(), both.model(), both.base()),
            ("gemini", GEMINI.descriptor.abilities.lines, Some(GEMINI.descriptor.base))
        );
        assert!(both.why().contains("before OPENAI_*"));
        let seen = |chosen: &ChosenWriter| chosen.view().map(|model| (model.at, model.here));
        assert_eq!(seen(&both), Some(("Google".to_owned(), false)));
        let own =
            auto(Some("small"), environment(false, Some("http://me:SECRET@10.0.0.1:1/v1?key=SECRET#SECRET")));
        assert_eq!((own.name(), own.model(), own.model_is_named()), ("openai", Some("small"), true));
        assert_eq!(own.base(), Some("http://hidden@10.0.0.1:1/v1?hidden"));
        assert!(!format!("{own:?}").contains("SECRET"));
        assert_eq!(seen(&own), Some(("10.0.0.1".to_owned(), false)));
        for here in ["http://localhost:11434/v1", "http://127.0.0.1:1/v1", "http://[::1]:1/v1"] {
            assert!(auto(None, environment(false, Some(here))).view().unwrap().here, "{here}");
        }
        let hosted = auto(None, environment(false, None));
        assert_eq!(seen(&hosted), Some(("OpenAI".to_owned(), false)));
        assert_eq!(
            (hosted.model(), hosted.why()),
            (OPENAI.descriptor.abilities.lines, "OPENAI_API_KEY is set")
        );
        let base = Some("http://me:SECRET@127.0.0.1:9/v1beta/models/");
        let elsewhere = auto(None, environment(true, None).with("gemini", Some("g"), base));
        assert_eq!(elsewhere.base(), Some("http://hidden@127.0.0.1:9/v1beta/models/"));
        assert_eq!(seen(&elsewhere), Some(("127.0.0.1".to_owned(), true)));
        let none = ChosenWriter::new(WriterChoice::BuiltIn, None, &environment(true, None)).unwrap();
        assert_eq!(seen(&none), None);
        assert_eq!(
            (none.name(), none.model(), none.why()),
            ("built-in", None, "the setting `writer` says so")
        );
    }

    #[test]
    fn why_names_the_variable_that_says_the_address() {
        let why = |variable| {
            let address = Some(ProviderAddress { base: "http://127.0.0.1:1/v1".to_owned(), variable });
            let access = |key| Access { key, address: address.clone() };
            let environment = WriterEnvironment(BTreeMap::from([("openai", access(None))]));
            let gemini = WriterEnvironment(BTreeMap::from([("gemini", access(ProviderKey::new("g")))]));
            [environment, gemini].map(|environment| environment.first().unwrap().1)
        };
        assert_eq!(why(Some("SECOND_URL")), ["SECOND_URL is set", "GEMINI_API_KEY is set"]);
        assert_eq!(why(None), ["its server was found on this machine", "GEMINI_API_KEY is set"]);
    }

    #[test]
    fn what_is_configured_is_chosen() {
        use WriterChoice::{Auto, BuiltIn};
        let [gemini, openai] = ["gemini", "openai"].map(|name| WriterChoice::named(name).unwrap());
        let local = Some("http://127.0.0.1:11434/v1");
        for (choice, with_gemini, key, base, name) in [
            (Auto, false, false, None, "built-in"),
            (Auto, true, true, local, "gemini"),
            (Auto, false, true, None, "openai"),
            (Auto, false, false, local, "openai"),
            (BuiltIn, true, true, local, "built-in"),
            (gemini, true, true, local, "gemini"),
            (openai, true, true, None, "openai"),
        ] {
            assert_eq!(chosen(choice, with_gemini, key, base).as_deref(), Ok(name));
        }
        let said = |choice, gemini, key| chosen(choice, gemini, key, None).unwrap_err().to_string();
        assert_eq!(
            said(gemini, false, true),
            "the setting `writer` is gemini, and there is no key; set GEMINI_API_KEY, or set `writer` to auto"
        );
        assert_eq!(
            said(openai, true, false),
            "the setting `writer` is openai, and nothing says which; set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, or set `writer` to auto"
        );
        assert!(matches!(chosen(Auto, false, false, Some("nowhere")), Err(WriterChoiceError::Unusable(..))));
    }
}
