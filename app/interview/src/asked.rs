//! A question that was asked, with its fingerprint: made once, compared at every turn after.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::check::question_of;
use crate::fingerprint::Fingerprint;

/// A question that is not to be asked again. Written as its words alone; cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Asked(Arc<(String, Fingerprint)>);

impl Asked {
    /// Its words.
    pub fn text(&self) -> &str {
        &self.0.0
    }

    /// True when a question with this fingerprint asks the same, or nearly.
    pub fn collides(&self, fingerprint: &Fingerprint) -> bool {
        self.0.1.collides(fingerprint)
    }
}

impl From<String> for Asked {
    fn from(text: String) -> Self {
        let fingerprint = Fingerprint::of(question_of(&text));
        Self(Arc::new((text, fingerprint)))
    }
}

impl From<&str> for Asked {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Asked> for String {
    fn from(asked: Asked) -> Self {
        asked.text().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_as_its_words() {
        let asked = Asked::from("I see. What was the hardest bug you fixed?");
        let json = serde_json::to_string(&asked).unwrap();
        assert_eq!(json, "\"I see. What was the hardest bug you fixed?\"");
        let read: Asked = serde_json::from_str(&json).unwrap();
        assert_eq!(read, asked);
        assert!(read.collides(&Fingerprint::of("Which was the hardest bug that you fixed?")));
        assert!(!read.collides(&Fingerprint::of("Who taught you most?")));
    }
}
