//! What a line may name: a customer, a manager, a release. A noun of a fixed list that the candidate used as one thing
//! of theirs can stand in a line that is right for every noun of its class.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::word_by_word::{AnswerWord, answer_words};
use crate::reading::{AnswerReading, Probe, Tone};

/// Something that was told of, as a line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NounMention {
    /// Its class: the lines that can take it up.
    pub(super) class: &'static str,
    /// As it is named to the candidate: "your manager", "the customers".
    pub(super) phrase: String,
}

#[derive(Deserialize)]
struct Class {
    nouns: Vec<String>,
    #[serde(flatten)]
    asks: BTreeMap<Probe, ProbeLines>,
}

#[derive(Deserialize)]
struct ProbeLines {
    lines: Vec<String>,
}

/// The classes, and which noun belongs to which.
struct NounLexicon {
    classes: BTreeMap<String, Class>,
    /// Singulars and plurals; whether it is a plural.
    nouns: BTreeMap<String, (String, bool)>,
}

fn lexicon() -> &'static NounLexicon {
    static LEXICON: OnceLock<NounLexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let text = include_str!("../../bank/lines/named.toml");
        let classes: BTreeMap<String, Class> =
            toml::from_str(text).unwrap_or_else(|error| panic!("bank/lines/named.toml: {error}"));
        let mut nouns = BTreeMap::new();
        for (class, entries) in &classes {
            for noun in &entries.nouns {
                let (one, many) = noun.split_once('/').map_or_else(
                    || (noun.clone(), plural(noun)),
                    |(one, many)| (one.to_owned(), many.to_owned()),
                );
                nouns.insert(many, (class.clone(), true));
                nouns.insert(one, (class.clone(), false));
            }
        }
        NounLexicon { classes, nouns }
    })
}

fn plural(noun: &str) -> String {
    let vowel_before_y = |stem: &str| stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    match noun.strip_suffix('y') {
        Some(stem) if !vowel_before_y(stem) => format!("{stem}ies"),
        Some(_) | None if ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end)) => format!("{noun}es"),
        Some(_) | None => format!("{noun}s"),
    }
}

/// The lines that take something of this class up, with `{x}` for it.
pub(super) fn asks(class: &str, probe: Probe) -> &'static [String] {
    let lines = lexicon().classes.get(class).and_then(|class| class.asks.get(&probe));
    lines.map_or(&[], |lines| lines.lines.as_slice())
}

/// Every line that takes something up: its class, what it asks for, its words.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Probe, &'static str)> {
    lexicon().classes.iter().flat_map(|(name, class)| {
        let asks = class.asks.iter();
        asks.flat_map(move |(probe, lines)| {
            lines.lines.iter().map(move |line| (name.as_str(), *probe, line.as_str()))
        })
    })
}

/// The class of a noun in the singular.
pub(super) fn class_of(noun: &str) -> Option<&'static str> {
    let (class, many) = lexicon().nouns.get(noun)?;
    (!many).then_some(class.as_str())
}

/// Classes of whom a question can ask what they said.
const REPLYING: [&str; 7] = ["person", "superior", "colleague", "learner", "patient", "group", "institution"];

/// Whether a noun, of one or of many, is somebody who can say something.
pub(super) fn can_reply(noun: &str) -> bool {
    lexicon().nouns.get(noun).is_some_and(|(class, _)| REPLYING.contains(&class.as_str()))
}

/// A noun that stands for all of its class.
pub(super) fn example(class: &str) -> &'static str {
    let first = lexicon().classes.get(class).and_then(|class| class.nouns.first());
    first.map_or("", |noun| noun.split('/').next().unwrap_or(noun))
}

/// How many words may stand between "my" or "the" and the noun.
const BETWEEN: usize = 2;

/// What an answer tells of and a line may name, what was told last first. Nothing of a sentence that tells a setback.
pub(super) fn named(answer: &str, reading: &AnswerReading) -> Vec<NounMention> {
    let mut found: Vec<NounMention> = Vec::new();
    let sore = |at: usize| {
        let here = |sentence: &&crate::reading::SentenceReading| {
            (sentence.start as usize..sentence.end as usize).contains(&at)
        };
        reading.sentences.iter().find(here).is_some_and(|sentence| sentence.tone == Tone::Setback)
    };
    let words = answer_words(answer);
    for (at, word) in words.iter().enumerate() {
        let Some((class, many)) = lexicon().nouns.get(&word.lower) else { continue };
        if sore(word.start) || !ends_phrase(word, words.get(at + 1)) {
            continue;
        }
        let Some(whose) = determiner(&words[..at], *many) else { continue };
        let phrase = format!("{whose} {}", word.lower);
        found.retain(|known| known.phrase != phrase);
        found.insert(0, NounMention { class, phrase });
    }
    found
}

/// Words after which a noun before them is whole: "the customer who", not "the customer service".
const AFTER: &[&str] = &[
    "who",
    "that",
    "which",
    "and",
    "or",
    "but",
    "so",
    "because",
    "when",
    "while",
    "after",
    "before",
    "until",
    "if",
    "as",
    "than",
    "then",
    "with",
    "without",
    "in",
    "on",
    "at",
    "to",
    "for",
    "from",
    "of",
    "about",
    "by",
    "into",
    "over",
    "through",
    "was",
    "were",
    "is",
    "are",
    "had",
    "has",
    "have",
    "did",
    "didn't",
    "wasn't",
    "weren't",
    "would",
    "could",
    "wouldn't",
    "couldn't",
    "can",
    "will",
    "said",
    "told",
    "came",
    "went",
    "got",
    "wanted",
    "asked",
    "knew",
    "took",
    "made",
    "gave",
    "saw",
    "felt",
    "thought",
    "kept",
    "left",
    "i",
    "we",
    "he",
    "she",
    "they",
    "it",
    "you",
    "myself",
    "ourselves",
    "there",
    "again",
    "back",
    "up",
    "down",
    "out",
    "off",
    "every",
    "each",
    "last",
    "this",
    "two",
    "three",
    "just",
    "also",
    "still",
    "never",
    "always",
    "not",
    "now",
    "today",
    "yesterday",
];

/// Whether a noun is not the first half of another.
fn ends_phrase(noun: &AnswerWord, next: Option<&AnswerWord>) -> bool {
    noun.stop || next.is_none_or(|next| AFTER.contains(&next.lower.as_str()) || next.lower.ends_with("ed"))
}

/// Whether a noun with "a" after these words is what somebody is: "I was a nurse", "as a nurse".
fn is_somebody(before: &[AnswerWord]) -> bool {
    let back = |count: usize| before.len().checked_sub(count).map(|at| before[at].lower.as_str());
    match back(1) {
        Some("am" | "i'm" | "he's" | "she's" | "as" | "be" | "been" | "being" | "become" | "became") => true,
        Some("was" | "is") => matches!(back(2), Some("i" | "he" | "she" | "who")),
        _ => false,
    }
}

/// How to name a noun after these words, if they make it one of the candidate's own telling.
fn determiner(before: &[AnswerWord], many: bool) -> Option<&'static str> {
    let mut between = 0;
    for (at, word) in before.iter().enumerate().rev() {
        if word.stop {
            break;
        }
        match word.lower.as_str() {
            "my" | "our" => return Some("your"),
            "a" | "an" if is_somebody(&before[..at]) => return None,
            "the" | "a" | "an" | "this" | "that" | "these" | "those" | "one" | "two" | "three" | "some"
            | "both" => return Some("the"),
            "no" | "any" | "every" | "each" | "another" | "other" | "his" | "her" | "their" | "its"
            | "your" | "whose" | "like" => return None,
            short if AFTER.contains(&short) || between == BETWEEN => break,
            _ => between += 1,
        }
    }
    // "Customers complained": a plural needs no article. What stands between might make it another thing.
    (many && between == 0).then_some("the")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{asks, lexicon, named};
    use crate::reading::{AnswerReading, SentenceReading, Tone};

    fn reading(answer: &str, tone: Tone) -> AnswerReading {
        let sentence = SentenceReading {
            start: 0,
            end: u32::try_from(answer.len()).unwrap(),
            roles: Vec::new(),
            who: crate::reading::Who::I,
            tone,
        };
        AnswerReading { sentences: vec![sentence], ..AnswerReading::default() }
    }

    fn phrases(answer: &str) -> Vec<String> {
        named(answer, &reading(answer, Tone::Neutral)).into_iter().map(|named| named.phrase).collect()
    }

    #[test]
    fn a_thing_is_named_as_it_was_told() {
        assert_eq!(phrases("I went to my manager and he said no."), ["your manager"]);
        assert_eq!(
            phrases("There was a very difficult customer, and then the report"),
            ["the report", "the customer"]
        );
        assert_eq!(phrases("Customers complained about our website."), ["your website", "the customers"]);
        assert_eq!(phrases("I told my line manager."), ["your manager"]);
    }

    #[test]
    fn what_is_another_thing_or_none_is_not_named() {
        assert_eq!(phrases("I work in customer service."), [""; 0]);
        assert_eq!(phrases("There was no customer, and his manager was away."), [""; 0]);
        assert_eq!(phrases("I was the customer support lead."), [""; 0]);
        assert_eq!(phrases("I was a nurse, and as a teacher I know it."), [""; 0]);
        let sore = "The patient died.";
        assert_eq!(named(sore, &reading(sore, Tone::Setback)), []);
    }

    #[test]
    fn every_class_has_lines_and_every_line_one_place() {
        for (name, class) in &lexicon().classes {
            assert!(class.nouns.len() >= 5 && class.asks.len() >= 6, "{name}");
            for line in class.asks.values().flat_map(|lines| &lines.lines) {
                assert_eq!(line.matches("{x}").count(), 1, "{name}: {line}");
                assert!(!line.contains("{x}'"), "{name}: {line}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(answer in "[ a-zA-Z'’.,äß-]{0,80}") {
            for one in named(&answer, &reading(&answer, Tone::Neutral)) {
                prop_assert!(one.phrase.starts_with("the ") || one.phrase.starts_with("your "));
                prop_assert!(answer.to_lowercase().contains(one.phrase.split(' ').next_back().unwrap_or("?")));
                prop_assert!(lexicon().classes.contains_key(one.class));
                let _ = asks(one.class, crate::reading::Probe::Result);
            }
        }
    }
}
