//! Chooses the writer by settings and environment, and says which and why.

use std::net::IpAddr;
use std::sync::Arc;

use app::view::ModelView;
use engine::{BuiltIn, Judge, SystemClock, Writer};
use provider::{Descriptor, GEMINI, OPENAI};
use reqwest::Url;
use writers::{Gemini, ModelAvailability, OpenAi, ProviderFault, ProviderKey, Trial, guarded};

use crate::settings::WriterChoice;
use crate::variables::variable;

/// What other servers are asked for: those with one model take any name.
const OTHER_MODEL: &str = "default";

/// What the environment says of models, under the names that other programs use too.
#[derive(Debug, Default)]
pub struct WriterEnvironment {
    /// `GEMINI_API_KEY`.
    pub gemini_key: Option<ProviderKey>,
    /// `GEMINI_BASE_URL`: the part of the address before `/models`.
    pub gemini_base: Option<String>,
    /// `OPENAI_API_KEY`.
    pub openai_key: Option<ProviderKey>,
    /// `OPENAI_BASE_URL`: the part of the address before `/chat/completions`.
    pub openai_base: Option<String>,
}

impl WriterEnvironment {
    /// That of this process.
    pub fn of_the_process() -> Self {
        let key = |of: Descriptor| variable(of.key).as_deref().and_then(ProviderKey::new);
        let base = |of: Descriptor| of.address.iter().find_map(|name| variable(name));
        Self {
            gemini_key: key(GEMINI),
            gemini_base: base(GEMINI),
            openai_key: key(OPENAI),
            openai_base: base(OPENAI),
        }
    }

    /// Whether nothing in it names a model.
    pub fn is_empty(&self) -> bool {
        self.gemini_key.is_none() && self.openai_key.is_none() && self.openai_base.is_none()
    }
}

/// Why there is no writer; each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriterChoiceError {
    /// Gemini without a key.
    #[error(
        "the setting `writer` is gemini, and there is no key; set GEMINI_API_KEY, or set `writer` to auto"
    )]
    NoGeminiKey,
    /// OpenAI without key and address.
    #[error(
        "the setting `writer` is openai, and nothing says which; set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, or set `writer` to auto"
    )]
    NoOpenAi,
    /// An address or a model's name that cannot be used.
    #[error("{0} cannot be used; give {1}")]
    Unusable(&'static str, &'static str),
}

/// The writer in force, and why it is that one: what the server starts, `config` prints and `doctor` tries.
pub struct ChosenWriter {
    provider: WriterBackend,
    model: Option<String>,
    named: bool,
    base: Option<String>,
    why: &'static str,
}

enum WriterBackend {
    BuiltIn,
    Gemini(Gemini),
    OpenAi(OpenAi),
}

impl ChosenWriter {
    /// Resolves the settings `writer` and `model`. `auto` takes Gemini if it has a key, else the OpenAI-compatible
    /// server if there is a key or an address, else the built-in interviewer.
    pub fn new(
        choice: WriterChoice,
        model: Option<&str>,
        environment: &WriterEnvironment,
    ) -> Result<Self, WriterChoiceError> {
        let (openai, base) = (environment.openai_key.is_some(), environment.openai_base.is_some());
        let said = "the setting `writer` says so";
        let (choice, why) = match choice {
            WriterChoice::Auto if environment.gemini_key.is_some() && (openai || base) => {
                (WriterChoice::Gemini, "GEMINI_API_KEY is set, and comes before OPENAI_*")
            }
            WriterChoice::Auto if environment.gemini_key.is_some() => {
                (WriterChoice::Gemini, "GEMINI_API_KEY is set")
            }
            WriterChoice::Auto if base => (WriterChoice::OpenAi, "OPENAI_BASE_URL is set"),
            WriterChoice::Auto if openai => (WriterChoice::OpenAi, "OPENAI_API_KEY is set"),
            WriterChoice::Auto => (WriterChoice::BuiltIn, "no key and no address of a model is set"),
            WriterChoice::BuiltIn | WriterChoice::Gemini | WriterChoice::OpenAi => (choice, said),
        };
        let named = model.is_some();
        match choice {
            WriterChoice::Auto | WriterChoice::BuiltIn => {
                Ok(Self { provider: WriterBackend::BuiltIn, model: None, named, base: None, why })
            }
            WriterChoice::Gemini => {
                let key = environment.gemini_key.clone().ok_or(WriterChoiceError::NoGeminiKey)?;
                let model = model.or(GEMINI.abilities.lines).unwrap_or_default().to_owned();
                let base = environment.gemini_base.as_deref().unwrap_or(GEMINI.base);
                let unusable = |_| {
                    WriterChoiceError::Unusable(
                        "the setting `model` or GEMINI_BASE_URL",
                        "a name such as gemini-3.5-flash-lite, and an address such as https://host/v1beta",
                    )
                };
                let gemini = Gemini::new(base, &model, key).map_err(unusable)?;
                let (provider, base) = (WriterBackend::Gemini(gemini), without_secrets(base));
                Ok(Self { provider, model: Some(model), named, base: Some(base), why })
            }
            WriterChoice::OpenAi if !openai && !base => Err(WriterChoiceError::NoOpenAi),
            WriterChoice::OpenAi => {
                let own = if base { OTHER_MODEL } else { OPENAI.abilities.lines.unwrap_or_default() };
                let (base, model) =
                    (environment.openai_base.as_deref().unwrap_or(OPENAI.base), model.unwrap_or(own));
                let unusable = |_| {
                    WriterChoiceError::Unusable(
                        "OPENAI_BASE_URL",
                        "an address such as http://127.0.0.1:11434/v1",
                    )
                };
                let openai = OpenAi::new(base, model, environment.openai_key.clone()).map_err(unusable)?;
                let (provider, base) = (WriterBackend::OpenAi(openai), without_secrets(base));
                Ok(Self { provider, model: Some(model.to_owned()), named, base: Some(base), why })
            }
        }
    }

    /// The writer's name: `built-in`, `gemini` or `openai`.
    pub fn name(&self) -> &'static str {
        match self.provider {
            WriterBackend::BuiltIn => "built-in",
            WriterBackend::Gemini(_) => "gemini",
            WriterBackend::OpenAi(_) => "openai",
        }
    }

    /// The model that is asked; the built-in interviewer has none.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// Whether the setting `model` named it; else it is this program's own default.
    pub fn model_is_named(&self) -> bool {
        self.named
    }

    /// Where the model's server is, without what may be secret in an address.
    pub fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// Why it is this one, as half a sentence.
    pub fn why(&self) -> &'static str {
        self.why
    }

    /// The writer itself.
    pub fn writer(&self) -> Arc<dyn Writer> {
        match &self.provider {
            WriterBackend::BuiltIn => Arc::new(BuiltIn),
            WriterBackend::Gemini(gemini) => Arc::new(guarded(gemini.clone(), Arc::new(SystemClock))),
            WriterBackend::OpenAi(openai) => Arc::new(guarded(openai.clone(), Arc::new(SystemClock))),
        }
    }

    /// The same model as a judge of stories; `None` for the built-in interviewer.
    pub fn judge(&self) -> Option<Arc<dyn Judge>> {
        let judge = match &self.provider {
            WriterBackend::BuiltIn => return None,
            WriterBackend::Gemini(gemini) => gemini.judge(),
            WriterBackend::OpenAi(openai) => openai.judge(),
        };
        // Whatever stands in its way stood in that of the writer, which said so.
        judge.ok()
    }

    /// The model as pages tell of it; `None` for the built-in interviewer.
    pub fn view(&self) -> Option<ModelView> {
        let url = Url::parse(self.base.as_deref()?).ok()?;
        let host = url.host_str().unwrap_or_default();
        let theirs = |of: &&Descriptor| Url::parse(of.base).is_ok_and(|base| base.host_str() == Some(host));
        let at = [GEMINI, OPENAI].iter().find(theirs).map_or(host, |of| of.title).to_owned();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        Some(ModelView { name: self.model.clone()?, at, here, trouble: None })
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
        match self.provider {
            WriterBackend::BuiltIn => None,
            WriterBackend::Gemini(_) => Some(GEMINI.key),
            WriterBackend::OpenAi(_) => Some(OPENAI.key),
        }
    }

    /// Asks the model for a few words, as for a line. `None` for the built-in interviewer.
    pub async fn try_out(&self) -> Option<Result<Trial, ProviderFault>> {
        match &self.provider {
            WriterBackend::BuiltIn => None,
            WriterBackend::Gemini(gemini) => Some(gemini.try_out().await),
            WriterBackend::OpenAi(openai) => Some(openai.try_out().await),
        }
    }

    /// Asks the model's server whether it takes the key and knows the model; five seconds at most. `None` for the
    /// built-in interviewer, which needs no server.
    pub async fn reach(&self) -> Option<ModelAvailability> {
        match &self.provider {
            WriterBackend::BuiltIn => None,
            WriterBackend::Gemini(gemini) => Some(gemini.reach().await),
            WriterBackend::OpenAi(openai) => Some(openai.reach().await),
        }
    }
}

impl std::fmt::Debug for ChosenWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { provider: _, model, named: _, base, why } = self;
        let mut shown = f.debug_struct("Chosen");
        shown.field("name", &self.name()).field("model", model).field("base", base).field("why", why).finish()
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
    use super::*;

    fn chosen(
        choice: WriterChoice,
        gemini: bool,
        key: bool,
        base: Option<&str>,
    ) -> Result<String, WriterChoiceError> {
        let environment = WriterEnvironment {
            gemini_key: ProviderKey::new("g").filter(|_| gemini),
            gemini_base: None,
            openai_key: ProviderKey::new("o").filter(|_| key),
            openai_base: base.map(str::to_owned),
        };
        ChosenWriter::new(choice, None, &environment).map(|chosen| chosen.writer().name().to_owned())
    }

    #[test]
    fn what_is_in_force_says_what_it_is_and_why() {
        let environment = |gemini: bool, base: Option<&str>| WriterEnvironment {
            gemini_key: ProviderKey::new("g").filter(|_| gemini),
            gemini_base: None,
            openai_key: ProviderKey::new("SECRET"),
            openai_base: base.map(str::to_owned),
        };
        let auto = |model, environment| ChosenWriter::new(WriterChoice::Auto, model, &environment).unwrap();
        let both = auto(None, environment(true, None));
        assert_eq!(
            (both.name(), both.model(), both.base()),
            ("gemini", GEMINI.abilities.lines, Some(GEMINI.base))
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
        assert_eq!((hosted.model(), hosted.why()), (OPENAI.abilities.lines, "OPENAI_API_KEY is set"));
        let elsewhere = WriterEnvironment {
            gemini_base: Some("http://me:SECRET@127.0.0.1:9/v1beta/models/".to_owned()),
            ..environment(true, None)
        };
        let elsewhere = auto(None, elsewhere);
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
    fn what_is_configured_is_chosen() {
        use WriterChoice::{Auto, BuiltIn, Gemini, OpenAi};
        let local = Some("http://127.0.0.1:11434/v1");
        for (choice, gemini, key, base, name) in [
            (Auto, false, false, None, "built-in"),
            (Auto, true, true, local, "gemini"),
            (Auto, false, true, None, "openai"),
            (Auto, false, false, local, "openai"),
            (BuiltIn, true, true, local, "built-in"),
            (Gemini, true, true, local, "gemini"),
            (OpenAi, true, true, None, "openai"),
        ] {
            assert_eq!(chosen(choice, gemini, key, base).as_deref(), Ok(name));
        }
        assert_eq!(chosen(Gemini, false, true, None), Err(WriterChoiceError::NoGeminiKey));
        assert_eq!(chosen(OpenAi, true, false, None), Err(WriterChoiceError::NoOpenAi));
        assert!(matches!(chosen(Auto, false, false, Some("nowhere")), Err(WriterChoiceError::Unusable(..))));
    }
}
