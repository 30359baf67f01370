//! The word lists, read once.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::LazyLock,
};

use rust_stemmers::{Algorithm, Stemmer};

use super::cardinal::cardinal;

/// A set of words, lower-case unless it says otherwise, from a text file. Every word of every answer is looked up
/// in most of them; nobody goes through one.
pub(crate) type StaticWordSet = LazyLock<HashSet<&'static str>>;

macro_rules! list {
    ($(#[$doc:meta])* $reach:vis $name:ident, $file:literal) => {
        $(#[$doc])*
        $reach static $name: StaticWordSet = LazyLock::new(|| include_str!($file).split_whitespace().collect());
    };
}

list!(
    /// Words without content of their own.
    pub(super) STOP, "lists/stop.txt");
list!(
    /// Words with content, but nobody's in particular.
    pub(super) GENERIC, "lists/generic.txt");
list!(
    /// Irregular past tenses.
    pub(super) PAST, "lists/past.txt");
list!(
    /// Past tenses of states and thoughts, which are no deeds.
    pub(super) STATE, "lists/state.txt");
list!(
    /// Past tenses of what befalls people.
    pub(super) EVENT, "lists/event.txt");
list!(
    /// Words of abuse.
    pub(super) ABUSE, "lists/abuse.txt");
list!(
    /// Words of quite other talk.
    pub(super) OFF_TOPIC, "lists/offtopic.txt");
list!(
    /// Past tenses of spare time, which make no work.
    pub(super) LEISURE, "lists/leisure.txt");
list!(
    /// What may stand beside a request and adds nothing to it.
    pub(crate) COURTESY, "lists/courtesy.txt");
list!(
    /// Words of which a clause is made that says only that there is none: "I do not find one right now".
    pub(super) NONE, "lists/none.txt");
list!(
    /// Words that may stand before what is really said.
    pub(super) LEAD_INS, "lists/leadins.txt");
list!(
    /// What people are and hold, as they say it of today: no deeds.
    pub(super) STATE_TODAY, "lists/statetoday.txt");
list!(
    /// Capitalised words that name no one and nothing in particular.
    pub(super) NOT_NAMES, "lists/notnames.txt");
list!(
    /// Last words of techniques, which are common nouns.
    pub(super) TECHNIQUES, "lists/techniques.txt");
list!(
    /// Words that make a noun phrase empty.
    pub(super) EMPTY, "lists/empty.txt");
list!(
    /// Verbs in the present that look like plurals.
    pub(super) THIRD_PERSON, "lists/thirdperson.txt");
list!(
    /// Verbs in their bare form that follow a noun ("the nurses give", "the teams use").
    pub(super) BARE_VERBS, "lists/bareverbs.txt");
list!(
    /// Past tenses that are none: better left unsaid.
    pub(super) MISFORMED, "lists/misformed.txt");

/// Words worth mending when misspelt, in order.
pub(super) static KEY: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("lists/typos.txt").split_whitespace().collect());

/// Stems of the words of work, study and the way through life.
pub(super) static WORK: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| include_str!("lists/work.txt").split_whitespace().map(stem).collect());

/// Names of tools and techniques by their first word, lower-cased; the longest first.
pub(super) static TOOLS: LazyLock<BTreeMap<String, Vec<Vec<String>>>> = LazyLock::new(|| {
    let mut by_first: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for entry in entries(include_str!("lists/tools.txt")) {
        let words: Vec<String> = super::token::tokens(entry).into_iter().map(|t| t.low).collect();
        if let Some(first) = words.first() {
            by_first.entry(first.clone()).or_default().push(words);
        }
    }
    for names in by_first.values_mut() {
        names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    }
    by_first
});

/// Names of tools that are everyday words unless written with a capital.
pub(super) static CASED: StaticWordSet = LazyLock::new(|| entries(include_str!("lists/cased.txt")).collect());

/// How people say that they want this work, and not only that they like what they do. Parts of words count.
pub(super) static WISHES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| entries(include_str!("lists/wishes.txt")).collect());

fn entries(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .flat_map(|l| l.split(';'))
        .map(str::trim)
        .filter(|e| !e.is_empty())
}

/// The English stem of a lower-case word.
pub(crate) fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

/// Words in "-ed" that are no past tense.
const NOT_PAST: [&str; 20] = [
    "need",
    "speed",
    "indeed",
    "hundred",
    "feed",
    "seed",
    "embed",
    "exceed",
    "proceed",
    "succeed",
    "red",
    "bed",
    "shed",
    "weed",
    "breed",
    "greed",
    "agreed-upon",
    "naked",
    "sacred",
    "wicked",
];

/// The months.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// True for the past tense of a verb, as far as the form says.
pub(crate) fn is_past(word: &str) -> bool {
    PAST.contains(word) || (word.len() > 3 && word.ends_with("ed") && !NOT_PAST.contains(&word))
}

/// True for a word that carries something: neither empty of content nor everybody's.
pub(crate) fn particular(word: &str) -> bool {
    !STOP.contains(word) && !GENERIC.contains(word) && word.chars().any(char::is_alphanumeric)
}

/// True for a word of English that the lists know in one way or another: it is no name.
pub(crate) fn is_common(word: &str) -> bool {
    STOP.contains(word)
        || GENERIC.contains(word)
        || STATE.contains(word)
        || EVENT.contains(word)
        || KEY.contains(word)
        || WORK.contains(&stem(word))
}

/// True for a word that says how many: a cardinal above one, or a magnitude.
pub(crate) fn is_number_word(word: &str) -> bool {
    const MAGNITUDES: [&str; 8] =
        ["hundred", "thousand", "million", "billion", "dozen", "hundreds", "thousands", "millions"];
    let counts = |word: &str| cardinal(word).is_some_and(|n| n > 1) || MAGNITUDES.contains(&word);
    counts(word) || word.split_once('-').is_some_and(|(a, b)| counts(a) && (counts(b) || b == "one"))
}
