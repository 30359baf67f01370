//! Says whether two questions are the same, or nearly.
//!
//! A question becomes the set of its words: contractions opened, the frame of asking ("tell me about a time when
//! you ...") taken off, stop words left out, the rest stemmed and common synonyms made one. Question words stay,
//! but count little. Two sets are compared by the weight of what they share (Jaccard).

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// From this share of common weight on two questions are the same.
///
/// One in three words may differ ("the hardest bug you fixed" / "the hardest bug that you had to fix at work"), one
/// in two may not ("the hardest bug you fixed" / "the hardest customer you had"). Below 0.5 two probes that put
/// different words of a person into one frame would be taken for one; above 0.65 a changed question word alone
/// would make a short question new.
pub const SAME_FROM: f32 = 0.58;

/// Weight of a question word: it bends a question but does not make it.
const ASKING: f32 = 0.3;
/// Weight of a word that goes with nearly any question ("part", "work", "team").
const FAINT: f32 = 0.5;

/// What identifies a question: its normalised words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Normalised, stemmed words, sorted, each once; question words begin with `?`.
    pub tokens: Vec<String>,
}

impl Fingerprint {
    /// The fingerprint of a question.
    pub fn of(question: &str) -> Self {
        let words = words(question);
        let framed = without_frames(&words);
        let mut tokens: BTreeSet<String> = BTreeSet::new();
        for word in &framed {
            if QUESTION_WORDS.contains(word) {
                // "Which part was yours?" asks what "what was your part?" asks.
                let word = match *word {
                    "which" => "what",
                    "whom" => "who",
                    other => other,
                };
                tokens.insert(format!("?{word}"));
            } else if !STOPPED.contains(word) {
                tokens.insert(normal(word));
            }
        }
        // Nothing but small words ("And then?"): they are the question.
        if tokens.iter().all(|t| t.starts_with('?')) {
            let small: Vec<&str> =
                if framed.is_empty() { words.iter().map(String::as_str).collect() } else { framed };
            tokens.extend(small.iter().filter(|w| !QUESTION_WORDS.contains(w)).map(|w| (*w).to_owned()));
        }
        Self { tokens: tokens.into_iter().collect() }
    }

    /// True when the two ask the same thing in the same or nearly the same words.
    pub fn collides(&self, other: &Self) -> bool {
        self.tokens == other.tokens || self.similarity(other) >= SAME_FROM
    }

    /// How alike two questions are: 0 for nothing in common, 1 for the same words. Two empty ones are not alike.
    pub fn similarity(&self, other: &Self) -> f32 {
        let (mut common, mut all) = (0.0, 0.0);
        let (mut a, mut b) = (self.tokens.iter().peekable(), other.tokens.iter().peekable());
        loop {
            let order = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => x.cmp(y),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let token = if order == Ordering::Greater { b.next() } else { a.next() };
            if order == Ordering::Equal {
                b.next();
            }
            let weight = token.map_or(0.0, |t| weight(t));
            all += weight;
            if order == Ordering::Equal {
                common += weight;
            }
        }
        if all > 0.0 { common / all } else { 0.0 }
    }
}

fn weight(token: &str) -> f32 {
    if token.starts_with('?') {
        ASKING
    } else if FAINT_WORDS.contains(&token) {
        FAINT
    } else {
        1.0
    }
}

/// Lower-case words, contractions opened.
fn words(question: &str) -> Vec<String> {
    let straight: String =
        question.chars().map(|c| if matches!(c, '’' | '‘' | 'ʼ') { '\'' } else { c }).collect();
    let mut found = Vec::new();
    for word in straight.unicode_words() {
        let low = word.to_lowercase();
        match low.split_once('\'') {
            Some((head, "s")) if QUESTION_WORDS.contains(&head) => found.push(head.to_owned()),
            Some((head, "s" | "d" | "ll" | "ve" | "re" | "m")) => found.push(head.to_owned()),
            Some((head, "t")) => {
                found.push(head.trim_end_matches('n').to_owned());
                found.push("not".to_owned());
            }
            Some(_) | None => found.push(low),
        }
    }
    found
}

const QUESTION_WORDS: [&str; 8] = ["what", "why", "how", "who", "whom", "which", "when", "where"];

/// The frames of asking, the longest first where one begins another.
const FRAMES: [&[&str]; 39] = [
    &["can", "you", "tell", "me"],
    &["could", "you", "tell", "me"],
    &["would", "you", "tell", "me"],
    &["please", "tell", "me", "about"],
    &["please", "tell", "me"],
    &["tell", "me", "a", "little", "about"],
    &["tell", "me", "a", "bit", "about"],
    &["tell", "me", "more", "about"],
    &["tell", "me", "about"],
    &["tell", "me"],
    &["walk", "me", "through"],
    &["talk", "me", "through"],
    &["take", "me", "through"],
    &["take", "me", "back", "to"],
    &["give", "me", "an", "example", "of"],
    &["give", "an", "example", "of"],
    &["describe", "to", "me"],
    &["describe"],
    &["think", "of"],
    &["think", "back", "to"],
    &["tell", "us", "about"],
    &["i", "would", "like", "to", "hear", "about"],
    &["i", "like", "to", "hear", "about"],
    &["like", "to", "hear"],
    &["can", "you", "remember"],
    &["do", "you", "remember"],
    &["can", "you", "think", "of"],
    &["let", "stay", "with"],
    &["you", "said"],
    &["you", "mentioned"],
    &["a", "time", "when"],
    &["a", "situation", "where"],
    &["a", "situation", "when"],
    &["a", "time", "you"],
    &["an", "occasion", "when"],
    &["the", "last", "time", "when"],
    &["example", "of"],
    &["say", "more", "about"],
    &["what", "was", "it", "like", "to"],
];

/// The words without the frames of asking.
fn without_frames(words: &[String]) -> Vec<&str> {
    let mut kept = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let frame = FRAMES
            .iter()
            .filter(|f| f.len() <= words.len() - i && f.iter().zip(&words[i..]).all(|(a, b)| a == b))
            .map(|f| f.len())
            .max();
        match frame {
            Some(length) => i += length,
            None => {
                kept.push(words[i].as_str());
                i += 1;
            }
        }
    }
    kept
}

/// [`STOP`], for looking up.
static STOPPED: LazyLock<HashSet<&str>> = LazyLock::new(|| HashSet::from(STOP));

/// Words that carry nothing of a question.
const STOP: [&str; 107] = [
    "a",
    "an",
    "the",
    "this",
    "that",
    "these",
    "those",
    "there",
    "here",
    "it",
    "its",
    "i",
    "me",
    "my",
    "you",
    "your",
    "yours",
    "yourself",
    "we",
    "us",
    "our",
    "they",
    "them",
    "their",
    "he",
    "she",
    "his",
    "her",
    "him",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "am",
    "do",
    "does",
    "did",
    "done",
    "have",
    "has",
    "had",
    "will",
    "would",
    "shall",
    "should",
    "can",
    "could",
    "may",
    "might",
    "must",
    "to",
    "of",
    "in",
    "on",
    "at",
    "by",
    "for",
    "with",
    "about",
    "into",
    "from",
    "as",
    "and",
    "or",
    "but",
    "so",
    "if",
    "then",
    "than",
    "ever",
    "please",
    "just",
    "really",
    "actually",
    "exactly",
    "some",
    "any",
    "one",
    "time",
    "times",
    "occasion",
    "situation",
    "example",
    "moment",
    "now",
    "today",
    "also",
    "too",
    "very",
    "when",
    "where",
    "anything",
    "bit",
    "little",
    "up",
    "out",
    "s",
    "let",
    "get",
    "got",
    "personally",
    "particular",
    "specific",
    "something",
];

/// Stems of words that go with nearly any question.
const FAINT_WORDS: [&str; 24] = [
    "part", "thing", "work", "team", "peopl", "way", "project", "make", "go", "first", "happen", "job",
    "come", "end", "back", "most", "last", "say", "take", "recent", "find", "else", "big", "your",
];

/// A word's stem, with the commonest synonyms made one.
fn normal(word: &str) -> String {
    let word = match word {
        "hardest" | "toughest" | "tough" | "difficult" | "trickiest" | "tricky" | "harder"
        | "challenging" => "hard",
        "biggest" | "greatest" | "largest" | "main" => "big",
        "proudest" => "proud",
        "failed" | "failure" | "failing" | "failures" => "fail",
        "led" | "leading" => "lead",
        "colleagues" | "coworker" | "coworkers" | "teammate" | "teammates" | "colleague" => "colleague",
        "boss" | "supervisor" | "managers" => "manager",
        "mistakes" | "error" | "errors" => "mistake",
        "conflicts" | "disagreement" | "disagreements" | "disagreed" | "disagree" | "argument" => "conflict",
        "solved" | "solve" | "solving" | "resolved" | "resolve" | "resolving" => "fix",
        "learnt" => "learn",
        "made" => "make",
        "went" | "gone" => "go",
        "came" => "come",
        "told" | "tell" => "say",
        "said" => "say",
        "took" | "taken" => "take",
        "found" => "find",
        "knew" | "known" => "know",
        "chose" | "chosen" | "choice" => "choose",
        "felt" => "feel",
        "dealt" | "handled" | "handle" | "handling" => "deal",
        "decision" | "decisions" => "decide",
        "gave" | "given" => "give",
        "brought" => "bring",
        "built" => "build",
        "taught" => "teach",
        "difference" | "differently" => "different",
        "company" | "firm" => "company",
        "thought" => "think",
        "bugs" | "defect" => "bug",
        "clients" | "client" | "customers" => "customer",
        "success" | "successful" => "succeed",
        "started" | "began" | "begin" | "beginning" => "start",
        "involved" => "involve",
        "assignment" => "task",
        other => other,
    };
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}
