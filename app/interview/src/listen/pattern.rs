//! Phrases to look for, written as lines of text, and a matcher for them.
//!
//! A line holds words; `a|b` is one of them, `?a` may be missing, `~` stands for up to two words of any kind,
//! `^` for the beginning of a sentence and `$`, alone or among others, for the end of one. Lines stand under `[section]` heads.
//! `@name = a|b` says once what `@name` stands for among the words of a phrase.

use std::collections::BTreeMap;

use super::token::{AnswerToken, tokens};
use super::words::{KEY, LEAD_INS};

/// A word as the phrases know it: contractions opened ("don't" is "do not"), slips of the pen mended.
#[derive(Debug, Clone)]
pub(crate) struct PlainWord {
    /// The word.
    pub word: String,
    /// The token it comes from.
    pub token: usize,
    /// Which sentence it is in.
    pub sentence: usize,
    /// True at the beginning of a sentence, lead-ins not counted.
    pub first: bool,
    /// True at the end of a sentence.
    pub last: bool,
}

#[derive(Debug)]
enum PatternPart {
    Words { any: Vec<&'static str>, may_miss: bool },
    Gap,
    End,
}

#[derive(Debug)]
struct Pattern {
    section: usize,
    at_start: bool,
    parts: Vec<PatternPart>,
}

/// Words after which a clause belongs to what is told, and is not said to whoever listens: "if I don't know", "they said
/// that I can't".
const TOLD_OF: [&str; 32] = [
    "if",
    "unless",
    "when",
    "whenever",
    "what",
    "where",
    "who",
    "which",
    "that",
    "because",
    "than",
    "until",
    "while",
    "whether",
    "they",
    "he",
    "she",
    "people",
    "nobody",
    "everybody",
    "somebody",
    "whoever",
    "said",
    "says",
    "say",
    "asked",
    "asks",
    "ask",
    "told",
    "thought",
    "went",
    "things",
];

/// Whether the words from here on belong to a clause of a tale.
pub(super) fn is_in_narrated_clause(words: &[PlainWord], tokens: &[AnswerToken<'_>], from: usize) -> bool {
    let here = words[from].sentence;
    let before = |at: usize| words[at].token.checked_sub(1).map(|mark| &tokens[mark]);
    let quoted = before(from).is_some_and(|mark| matches!(mark.text, "\"" | "\u{201c}" | "'" | "\u{2018}"));
    let pause = |at: usize| before(at).is_some_and(AnswerToken::is_mark);
    // "If you could repeat that" is asked for all the same.
    let polite =
        |at: usize| words[at].word == "if" && words.get(at + 1).is_some_and(|next| next.word == "you");
    let mut clause = (0..from).rev().take_while(|at| words[*at].sentence == here && !pause(at + 1));
    quoted || clause.any(|at| TOLD_OF.contains(&words[at].word.as_str()) && !polite(at))
}

/// A set of phrases in named sections.
#[derive(Debug)]
pub(crate) struct Phrases {
    sections: Vec<&'static str>,
    patterns: Vec<Pattern>,
    by_first: BTreeMap<&'static str, Vec<usize>>,
}

/// A phrase found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PhraseHit {
    /// The section it is from.
    pub section: &'static str,
    /// Its first word.
    pub from: usize,
    /// One past its last word.
    pub to: usize,
}

impl Phrases {
    /// Reads phrases from the text of a list.
    pub fn read(text: &'static str) -> Self {
        let mut read = Self { sections: Vec::new(), patterns: Vec::new(), by_first: BTreeMap::new() };
        let mut classes: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                read.sections.push(name);
                continue;
            }
            if let Some((name, words)) = line.split_once(" = ").filter(|_| line.starts_with('@')) {
                classes.insert(name, words.split('|').collect());
                continue;
            }
            let Some(section) = read.sections.len().checked_sub(1) else { continue };
            let mut pattern = Pattern { section, at_start: false, parts: Vec::new() };
            for word in line.split_whitespace() {
                match word {
                    "^" => pattern.at_start = true,
                    "$" => pattern.parts.push(PatternPart::End),
                    "~" => pattern.parts.push(PatternPart::Gap),
                    word => {
                        let (may_miss, word) = word.strip_prefix('?').map_or((false, word), |w| (true, w));
                        let mut any = Vec::new();
                        for one in word.split('|') {
                            match classes.get(one) {
                                Some(words) => any.extend(words),
                                None => any.push(one),
                            }
                        }
                        pattern.parts.push(PatternPart::Words { any, may_miss });
                    }
                }
            }
            let index = read.patterns.len();
            // A phrase is found by its first word; leading words that may be missing lead on to the next.
            for part in &pattern.parts {
                let PatternPart::Words { any, may_miss } = part else { break };
                for word in any {
                    read.by_first.entry(word).or_default().push(index);
                }
                if !may_miss {
                    break;
                }
            }
            read.patterns.push(pattern);
        }
        read
    }

    /// All phrases found, in the order of the words.
    pub fn find(&self, words: &[PlainWord]) -> Vec<PhraseHit> {
        let mut hits = Vec::new();
        for (from, word) in words.iter().enumerate() {
            for &index in self.by_first.get(word.word.as_str()).map_or(&[][..], Vec::as_slice) {
                let pattern = &self.patterns[index];
                if pattern.at_start && !word.first {
                    continue;
                }
                if let Some(to) = longest(&pattern.parts, words, from, word.sentence) {
                    hits.push(PhraseHit { section: self.sections[pattern.section], from, to });
                }
            }
        }
        hits
    }
}

/// Where the longest match of the parts from a word on ends.
fn longest(parts: &[PatternPart], words: &[PlainWord], from: usize, sentence: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(from) };
    let here = words.get(from).filter(|w| w.sentence == sentence);
    match part {
        PatternPart::End => {
            let ended = from.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|w| w.last);
            ended.then_some(()).and_then(|()| longest(rest, words, from, sentence))
        }
        PatternPart::Gap => (0..=2)
            .filter(|n| words.get(from + n).is_none_or(|w| w.sentence == sentence) && from + n <= words.len())
            .filter_map(|n| longest(rest, words, from + n, sentence))
            .max(),
        PatternPart::Words { any, may_miss } => {
            let with = here
                .filter(|w| any.contains(&w.word.as_str()))
                .and_then(|_| longest(rest, words, from + 1, sentence));
            let ended =
                any.contains(&"$") && from.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|w| w.last);
            let without = (*may_miss || ended).then(|| longest(rest, words, from, sentence)).flatten();
            with.max(without)
        }
    }
}

/// The words of a text as [`Phrases`] know them.
pub(crate) fn words_of(text: &str) -> Vec<PlainWord> {
    plain_words(&tokens(text))
}

/// The words of a text as the phrases know them.
pub(super) fn plain_words(tokens: &[AnswerToken<'_>]) -> Vec<PlainWord> {
    let mut words: Vec<PlainWord> = Vec::new();
    let mut begun = None;
    for (index, token) in tokens.iter().enumerate().filter(|(_, t)| !t.is_mark()) {
        let next = tokens[index + 1..].iter().find(|token| !token.text.trim().is_empty());
        let opened = match (token.low.as_str(), next.map(|next| next.low.as_str())) {
            // "id rather not", and not the id of something.
            ("id", Some("rather" | "like" | "love" | "prefer" | "say" | "have" | "want" | "be")) => {
                open("i'd")
            }
            ("its", Some("not")) => open("it's"),
            (low, _) => open(low),
        };
        for word in opened {
            let lead_in = LEAD_INS.contains(word.as_str());
            let first = begun != Some(token.sentence);
            if first && !lead_in {
                begun = Some(token.sentence);
            }
            words.push(PlainWord { word, token: index, sentence: token.sentence, first, last: false });
        }
    }
    for i in 0..words.len() {
        words[i].last = words.get(i + 1).is_none_or(|next| next.sentence != words[i].sentence);
    }
    words
}

/// Opens a contraction and mends common slips; a word stays what it is otherwise.
fn open(word: &str) -> Vec<String> {
    let fixed: &[&str] = match word {
        "don't" | "dont" | "don´t" => &["do", "not"],
        "doesn't" | "doesnt" => &["does", "not"],
        "didn't" | "didnt" => &["did", "not"],
        "can't" | "cant" | "cannot" => &["can", "not"],
        "won't" | "wont" => &["will", "not"],
        "couldn't" | "couldnt" => &["could", "not"],
        "wouldn't" | "wouldnt" => &["would", "not"],
        "shouldn't" | "shouldnt" => &["should", "not"],
        "isn't" | "isnt" => &["is", "not"],
        "aren't" | "arent" => &["are", "not"],
        "wasn't" | "wasnt" => &["was", "not"],
        "weren't" | "werent" => &["were", "not"],
        "haven't" | "havent" => &["have", "not"],
        "hasn't" | "hasnt" => &["has", "not"],
        "hadn't" | "hadnt" => &["had", "not"],
        "i'm" | "im" => &["i", "am"],
        "i'd" => &["i", "would"],
        "i've" | "ive" => &["i", "have"],
        "let's" | "lets" => &["let", "us"],
        "it's" => &["it", "is"],
        "that's" | "thats" => &["that", "is"],
        "what's" | "whats" | "wats" => &["what", "is"],
        "who's" => &["who", "is"],
        "there's" | "theres" => &["there", "is"],
        "name's" => &["name", "is"],
        "how's" => &["how", "is"],
        "u" | "ya" => &["you"],
        "ur" => &["your"],
        "pls" | "plz" | "plese" | "pleas" => &["please"],
        "sec" | "secs" => &["second"],
        "min" | "mins" => &["minute"],
        "wat" | "wut" => &["what"],
        "idk" => &["i", "do", "not", "know"],
        "dunno" => &["do", "not", "know"],
        "gimme" => &["give", "me"],
        "lemme" => &["let", "me"],
        "wanna" => &["want", "to"],
        "gotta" => &["got", "to"],
        "ques" | "quesion" | "qestion" => &["question"],
        "repeate" | "reapeat" => &["repeat"],
        "knwo" | "kno" => &["know"],
        "skp" | "skipp" => &["skip"],
        "sory" | "srry" | "soz" => &["sorry"],
        _ => &[],
    };
    if !fixed.is_empty() {
        return fixed.iter().map(|&w| w.to_owned()).collect();
    }
    for (tail, full) in [("'re", "are"), ("'ve", "have"), ("'ll", "will"), ("'d", "would")] {
        if let Some(head) = word.strip_suffix(tail)
            && !head.is_empty()
        {
            return vec![head.to_owned(), full.to_owned()];
        }
    }
    vec![mended(word)]
}

/// A word that is one slip away from a key word of requests is taken for it.
fn mended(word: &str) -> String {
    if word.len() >= 5 && word.len() <= 14 && word.is_ascii() && !KEY.contains(word) {
        let near = KEY.iter().find(|key| {
            key.len() >= 6 && key.len().abs_diff(word.len()) <= 1 && one_slip(word.as_bytes(), key.as_bytes())
        });
        if let Some(key) = near {
            return (*key).to_owned();
        }
    }
    word.to_owned()
}

/// True when one letter was dropped, doubled, changed or swapped with its neighbour.
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&a[front..], &b[front..]);
    match (ra.len(), rb.len()) {
        (0, 0) => true,
        (x, y) if x == y => {
            ra[1..] == rb[1..] || (x >= 2 && ra[0] == rb[1] && ra[1] == rb[0] && ra[2..] == rb[2..])
        }
        (x, y) if x == y + 1 => ra[1..] == *rb,
        (x, y) if x + 1 == y => *ra == rb[1..],
        _ => false,
    }
}
