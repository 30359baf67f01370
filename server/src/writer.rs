//! Chooses the writer by settings and environment, and says which in the log.

use std::sync::Arc;

use engine::{BuiltIn, SystemClock, Writer};
use writers::{GEMINI, Gemini, Key, OPENAI, OpenAi, guarded};

use crate::settings::WriterChoice;

/// The model of Gemini that is used unless another is named.
const GEMINI_MODEL: &str = "gemini-3.5-flash-lite";
/// The model of OpenAI itself that is used unless another is named.
const OPENAI_MODEL: &str = "gpt-6-luna";
/// What other servers are asked for: those with one model take any name.
const OTHER_MODEL: &str = "default";

/// What the environment says of models, under the names that other programs use too.
#[derive(Debug, Default)]
pub struct Environment {
    /// `GEMINI_API_KEY`.
    pub gemini_key: Option<Key>,
    /// `OPENAI_API_KEY`.
    pub openai_key: Option<Key>,
    /// `OPENAI_BASE_URL`: the part of the address before `/chat/completions`.
    pub openai_base: Option<String>,
}

impl Environment {
    /// That of this process.
    pub fn of_the_process() -> Self {
        let read = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        Self {
            gemini_key: read("GEMINI_API_KEY").as_deref().and_then(Key::new),
            openai_key: read("OPENAI_API_KEY").as_deref().and_then(Key::new),
            openai_base: read("OPENAI_BASE_URL"),
        }
    }
}

/// Why there is no writer; each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
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

/// The writer for this choice. `auto` takes Gemini if it has a key, else the OpenAI-compatible server if there is
/// a key or an address, else the built-in interviewer.
pub fn choose(
    choice: WriterChoice,
    model: Option<&str>,
    environment: &Environment,
) -> Result<Arc<dyn Writer>, ChoiceError> {
    let openai = environment.openai_key.is_some() || environment.openai_base.is_some();
    let choice = match choice {
        WriterChoice::Auto if environment.gemini_key.is_some() => WriterChoice::Gemini,
        WriterChoice::Auto if openai => WriterChoice::OpenAi,
        WriterChoice::Auto => WriterChoice::BuiltIn,
        WriterChoice::BuiltIn | WriterChoice::Gemini | WriterChoice::OpenAi => choice,
    };
    match choice {
        WriterChoice::Auto | WriterChoice::BuiltIn => {
            tracing::info!(writer = "built-in", "the interviewer's words");
            Ok(Arc::new(BuiltIn))
        }
        WriterChoice::Gemini => {
            let key = environment.gemini_key.clone().ok_or(ChoiceError::NoGeminiKey)?;
            let model = model.unwrap_or(GEMINI_MODEL);
            let unusable =
                |_| ChoiceError::Unusable("the setting `model`", "a name such as gemini-3.5-flash-lite");
            let gemini = Gemini::new(GEMINI, model, key).map_err(unusable)?;
            tracing::info!(writer = "gemini", model, "the interviewer's words");
            Ok(Arc::new(guarded(gemini, Arc::new(SystemClock))))
        }
        WriterChoice::OpenAi if !openai => Err(ChoiceError::NoOpenAi),
        WriterChoice::OpenAi => {
            let base = environment.openai_base.as_deref().unwrap_or(OPENAI);
            let own = if environment.openai_base.is_some() { OTHER_MODEL } else { OPENAI_MODEL };
            let model = model.unwrap_or(own);
            let unusable =
                |_| ChoiceError::Unusable("OPENAI_BASE_URL", "an address such as http://127.0.0.1:11434/v1");
            let writer = OpenAi::new(base, model, environment.openai_key.clone()).map_err(unusable)?;
            tracing::info!(writer = "openai", model, "the interviewer's words");
            Ok(Arc::new(guarded(writer, Arc::new(SystemClock))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(
        choice: WriterChoice,
        gemini: bool,
        key: bool,
        base: Option<&str>,
    ) -> Result<String, ChoiceError> {
        let environment = Environment {
            gemini_key: Key::new("g").filter(|_| gemini),
            openai_key: Key::new("o").filter(|_| key),
            openai_base: base.map(str::to_owned),
        };
        choose(choice, None, &environment).map(|writer| writer.name().to_owned())
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
        assert_eq!(chosen(Gemini, false, true, None), Err(ChoiceError::NoGeminiKey));
        assert_eq!(chosen(OpenAi, true, false, None), Err(ChoiceError::NoOpenAi));
        assert!(matches!(chosen(Auto, false, false, Some("nowhere")), Err(ChoiceError::Unusable(..))));
    }
}
