//! A question that was asked, with its fingerprint: made when it is first compared, and then kept.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::check::question_of;
use crate::fingerprint::Fingerprint;

/// A question that is not to be asked again. Written as its words alone; cheap to clone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct EarlierQuestion(Arc<EarlierQuestionInner>);

#[derive(Debug)]
struct EarlierQuestionInner {
    text: String,
    // Many are read back from a store and never compared.
    fingerprint: OnceLock<Fingerprint>,
}

impl EarlierQuestion {
    /// Its words.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// True when a question with this fingerprint asks the same, or nearly.
    pub fn collides(&self, fingerprint: &Fingerprint) -> bool {
        let own = self.0.fingerprint.get_or_init(|| Fingerprint::of(question_of(&self.0.text)));
        own.collides(fingerprint)
    }
}

impl PartialEq for EarlierQuestion {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for EarlierQuestion {}

impl From<String> for EarlierQuestion {
    fn from(text: String) -> Self {
        Self(Arc::new(EarlierQuestionInner { text, fingerprint: OnceLock::new() }))
    }
}

impl From<&str> for EarlierQuestion {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<EarlierQuestion> for String {
    fn from(asked: EarlierQuestion) -> Self {
        asked.text().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_as_its_words() {
        let asked = EarlierQuestion::from("I see. What was the hardest bug you fixed?");
        let json = serde_json::to_string(&asked).unwrap();
        assert_eq!(json, "\"I see. What was the hardest bug you fixed?\"");
        let read: EarlierQuestion = serde_json::from_str(&json).unwrap();
        assert_eq!(read, asked);
        assert!(read.collides(&Fingerprint::of("Which was the hardest bug that you fixed?")));
        assert!(!read.collides(&Fingerprint::of("Who taught you most?")));
    }
}
