//! The pronouncing dictionaries, packed: two of 90,000 words each in a few megabytes, read once and shared by all
//! threads.
//!
//! They are misaki's American ones (Apache-2.0), as Hibari ships them.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};

use super::tagger::Tagger;
use crate::SpeechError;
use models::{File, ModelFolder};

/// The most bytes that one of the files may have once it is unpacked; they have 3 to 6 million.
const LARGEST: u64 = 32 << 20;

/// What is known about words: how they sound, and which part of speech they are.
pub(super) struct Dictionary {
    /// The words that somebody has checked.
    pub(super) gold: PronunciationTable,
    /// More words, checked less.
    pub(super) silver: PronunciationTable,
    /// Tells the parts of speech.
    pub(super) tagger: Tagger,
}

impl Dictionary {
    /// The dictionary of this folder: the one that is loaded already, if another thread has it.
    pub(super) fn of(folder: &ModelFolder) -> Result<Arc<Self>, SpeechError> {
        static LOADED: Mutex<Vec<(PathBuf, Weak<Dictionary>)>> = Mutex::new(Vec::new());
        // Held while loading, so that threads which start together load it once.
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.retain(|(_, dictionary)| dictionary.strong_count() > 0);
        let root = folder.root();
        if let Some(found) =
            loaded.iter().find(|(path, _)| path == root).and_then(|(_, found)| found.upgrade())
        {
            return Ok(found);
        }
        let dictionary = Arc::new(Self {
            gold: PronunciationTable::pack(unpack(&folder.path(File::HibariGold))?),
            silver: PronunciationTable::pack(unpack(&folder.path(File::HibariSilver))?),
            tagger: Tagger::new(unpack(&folder.path(File::HibariTagger))?),
        });
        loaded.push((root.to_owned(), Arc::downgrade(&dictionary)));
        Ok(dictionary)
    }
}

/// Reads a packed JSON file.
fn unpack<T: DeserializeOwned>(path: &Path) -> Result<T, SpeechError> {
    let broken = |error: &dyn fmt::Display| {
        let path = path.display();
        SpeechError::Missing(format!("{path} cannot be read: {error}; `interviewos models fetch` gets it"))
    };
    let file = std::fs::File::open(path).map_err(|error| broken(&error))?;
    let mut text = String::new();
    GzDecoder::new(file).take(LARGEST).read_to_string(&mut text).map_err(|error| broken(&error))?;
    serde_json::from_str(&text).map_err(|error| broken(&error))
}

/// A map of the file in its order, without building a map.
pub(super) struct Pairs<V>(pub(super) Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each<V>(std::marker::PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Each<V> {
            type Value = Pairs<V>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs<V>, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Each(std::marker::PhantomData))
    }
}

/// How a word of the file sounds.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawPronunciation {
    One(String),
    /// By part of speech; `None`: it is spelt out.
    ByTag(BTreeMap<String, Option<String>>),
}

/// How a word sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pronunciation<'a> {
    /// In one way.
    One(&'a str),
    /// By part of speech, and `DEFAULT`.
    ByTag(&'a BTreeMap<String, Option<String>>),
}

/// Words and their sounds: one long text, and where each word begins in it.
pub(super) struct PronunciationTable {
    text: String,
    /// Sorted by word: where it begins, how long it is, and how long the sounds are that follow it.
    places: Vec<(u32, u8, u8)>,
    by_tag: BTreeMap<String, BTreeMap<String, Option<String>>>,
}

impl PronunciationTable {
    pub(super) fn pack(Pairs(mut pairs): Pairs<RawPronunciation>) -> Self {
        pairs.sort_by(|one, other| one.0.cmp(&other.0));
        let mut words =
            Self { text: String::new(), places: Vec::with_capacity(pairs.len()), by_tag: BTreeMap::new() };
        for (word, sounds) in pairs {
            match sounds {
                RawPronunciation::ByTag(tags) => {
                    words.by_tag.insert(word, tags);
                }
                RawPronunciation::One(sounds) => {
                    // A word that long is no word; the files have none.
                    if let (Ok(start), Ok(word_bytes), Ok(sounds_bytes)) = (
                        u32::try_from(words.text.len()),
                        u8::try_from(word.len()),
                        u8::try_from(sounds.len()),
                    ) {
                        words.text.push_str(&word);
                        words.text.push_str(&sounds);
                        words.places.push((start, word_bytes, sounds_bytes));
                    }
                }
            }
        }
        words.text.shrink_to_fit();
        words.places.shrink_to_fit();
        words
    }

    fn exact(&self, word: &str) -> Option<Pronunciation<'_>> {
        if let Some(tags) = self.by_tag.get(word) {
            return Some(Pronunciation::ByTag(tags));
        }
        let word_at = |(start, bytes, _): &(u32, u8, u8)| {
            let start = *start as usize;
            &self.text[start..start + usize::from(*bytes)]
        };
        let found = self.places.binary_search_by(|place| word_at(place).cmp(word)).ok()?;
        let (start, word_bytes, sounds_bytes) = self.places[found];
        let start = start as usize + usize::from(word_bytes);
        Some(Pronunciation::One(&self.text[start..start + usize::from(sounds_bytes)]))
    }

    /// How a word sounds. A word in small letters also stands for the same with a capital, and the other way round,
    /// unless that one has an entry of its own.
    pub(super) fn get(&self, word: &str) -> Option<Pronunciation<'_>> {
        let found = self.exact(word);
        if found.is_some() || word.chars().nth(1).is_none() {
            return found;
        }
        let small = word.to_lowercase();
        let capital = capitalised(&small);
        if word == small && capital != word {
            self.exact(&capital)
        } else if word == capital {
            self.exact(&small)
        } else {
            None
        }
    }
}

/// A word in small letters, with a capital in front.
fn capitalised(small: &str) -> String {
    let mut letters = small.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(json: &str) -> PronunciationTable {
        PronunciationTable::pack(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn words_are_found_with_and_without_their_capital() {
        let words = words(r#"{"zoo": "zˈu", "Anna": "ˈænə", "May": "mˈA", "may": "mA", "A": "ˈA"}"#);
        assert_eq!(words.get("zoo"), Some(Pronunciation::One("zˈu")));
        assert_eq!(words.get("Zoo"), Some(Pronunciation::One("zˈu")));
        assert_eq!(words.get("ZOO"), None);
        assert_eq!(words.get("anna"), Some(Pronunciation::One("ˈænə")));
        assert_eq!(words.get("May"), Some(Pronunciation::One("mˈA")));
        assert_eq!(words.get("may"), Some(Pronunciation::One("mA")));
        assert_eq!(words.get("a"), None);
        assert_eq!(words.get(""), None);
    }

    #[test]
    fn a_word_may_sound_in_several_ways() {
        let words = words(r#"{"live": {"DEFAULT": "lˈIv", "VERB": "lˈɪv", "NOUN": null}}"#);
        let Some(Pronunciation::ByTag(tags)) = words.get("live") else { panic!("one sound only") };
        assert_eq!(tags["VERB"].as_deref(), Some("lˈɪv"));
        assert_eq!(tags["NOUN"], None);
    }
}
