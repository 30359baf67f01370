//! The texts of the bank: TOML files of this crate, parsed once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// Lists of lines by key.
pub(super) type Lists = BTreeMap<String, Vec<String>>;

/// What a topic means, and smaller or plainer ways to ask about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicWords {
    /// A sentence for "what do you mean?".
    pub(super) means: String,
    /// The question in other words.
    pub(super) again: Vec<String>,
    /// For someone who does not know.
    pub(super) smaller: Vec<String>,
    /// For someone who speaks in general terms.
    pub(super) occasion: Vec<String>,
}

/// What is asked for when something is missing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RephraseFrames {
    /// A sentence for "what do you mean?".
    pub(super) explain: String,
    /// The same wish in other words.
    pub(super) again: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Glossary {
    words: BTreeMap<String, String>,
}

/// Everything that the built-in interviewer can say.
pub(super) struct Bank {
    topics: BTreeMap<String, TopicWords>,
    frames: BTreeMap<String, RephraseFrames>,
    words: BTreeMap<String, Lists>,
    glossary: BTreeMap<String, String>,
}

impl Bank {
    /// The words around a topic, if the bank knows it.
    pub(super) fn topic(&self, topic: &str) -> Option<&TopicWords> {
        self.topics.get(topic)
    }

    /// What is asked for when this is missing.
    pub(super) fn frames(&self, key: &str) -> &RephraseFrames {
        self.frames.get(key).expect("the tests prove that every key has its frames")
    }

    /// The words for one moment.
    pub(super) fn words(&self, part: &str, key: &str) -> &[String] {
        list(self.words.get(part), key)
    }

    /// What a word means, looked up in the form it was asked about, in the singular too.
    pub(super) fn sense(&self, asked: &str) -> Option<(&str, &str)> {
        let asked = asked.to_lowercase();
        let asked = asked.trim_matches(|c: char| !c.is_alphanumeric());
        let exact = self.glossary.get_key_value(asked);
        let single = || asked.strip_suffix('s').and_then(|word| self.glossary.get_key_value(word));
        let many =
            || asked.strip_suffix("ies").and_then(|word| self.glossary.get_key_value(&format!("{word}y")));
        exact.or_else(single).or_else(many).map(|(word, sense)| (word.as_str(), sense.as_str()))
    }
}

fn list<'a>(lists: Option<&'a Lists>, key: &str) -> &'a [String] {
    lists.and_then(|lists| lists.get(key)).map_or(&[], Vec::as_slice)
}

fn read<T: for<'de> Deserialize<'de>>(name: &str, text: &str) -> T {
    toml::from_str(text)
        .unwrap_or_else(|error| panic!("bank/{name}.toml, which the tests prove to parse: {error}"))
}

/// The bank, parsed when it is first needed.
pub(super) fn bank() -> &'static Bank {
    static BANK: OnceLock<Bank> = OnceLock::new();
    BANK.get_or_init(|| Bank {
        topics: read("topics", include_str!("../../bank/topics.toml")),
        frames: read("meanings", include_str!("../../bank/meanings.toml")),
        words: read("words", include_str!("../../bank/words.toml")),
        glossary: read::<Glossary>("glossary", include_str!("../../bank/glossary.toml")).words,
    })
}
