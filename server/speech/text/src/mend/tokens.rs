//! A text as tokens: what stands between spaces, without the punctuation around it, and how it sounds.

use std::ops::Range;

use super::sounds::PhonemeIndex;
use super::words::{self, WordFamiliarity};

/// A token.
#[derive(Debug, Clone)]
pub(super) struct MendToken {
    /// Where it is, without the punctuation around it and without an `'s` at its end.
    pub at: Range<usize>,
    /// The same with the `'s`.
    pub with_s: Range<usize>,
    /// Its letters and digits (and `+`, `#`), small.
    pub norm: String,
    /// How it sounds.
    pub sounds: Vec<PhonemeIndex>,
    /// How it may sound as well: capitals as a word where they were read by their names.
    pub other: Option<Vec<PhonemeIndex>>,
    /// Whether it is written in capitals and read by their names.
    pub initials: bool,
    /// The least known word in it.
    pub known: WordFamiliarity,
    /// Its digits, in order.
    pub digits: String,
    /// Whether it says a number in words.
    pub number: bool,
    /// Whether it begins a sentence.
    pub first: bool,
    /// Whether nothing but a space stands between it and the next.
    pub flows: bool,
}

/// A character that belongs to a word.
fn inner(c: char) -> bool {
    c.is_alphanumeric()
}

/// The letters and digits of a term or a token, small.
pub(super) fn norm(text: &str) -> String {
    let kept = text.chars().filter(|c| inner(*c) || matches!(c, '+' | '#'));
    kept.flat_map(char::to_lowercase).collect()
}

/// The tokens of a text, at most `most` of them.
pub(super) fn tokens(text: &str, most: usize) -> Vec<MendToken> {
    let mut tokens: Vec<MendToken> = Vec::new();
    let mut first = true;
    let mut at = 0;
    for piece in text.split(char::is_whitespace) {
        let start = at;
        at = start + piece.len() + text[start + piece.len()..].chars().next().map_or(0, char::len_utf8);
        if piece.is_empty() {
            continue;
        }
        if tokens.len() == most {
            break;
        }
        let Some(from) = piece.find(inner) else {
            // A dash on its own, say: nothing flows over it.
            if let Some(last) = tokens.last_mut() {
                last.flows = false;
            }
            continue;
        };
        if from > 0
            && let Some(last) = tokens.last_mut()
        {
            last.flows = false;
        }
        let last =
            piece.char_indices().rfind(|(_, c)| inner(*c)).map_or(piece.len(), |(i, c)| i + c.len_utf8());
        // "C++" and "C#" end in what is punctuation elsewhere.
        let to = last
            + ending(&piece[from..last], &piece[last..])
            + piece[last..].bytes().take_while(|b| matches!(b, b'+' | b'#')).count();
        let core = &piece[from..to];
        let owner = ["'s", "’s"].into_iter().find(|s| core.len() > s.len() && core.ends_with(s));
        let short = &core[..core.len() - owner.map_or(0, str::len)];
        let mut token = read(short);
        token.at = start + from..start + from + short.len();
        token.with_s = start + from..start + to;
        token.first = first;
        token.flows = to == piece.len();
        first = piece[to..].contains(['.', '?', '!']);
        tokens.push(token);
    }
    if let Some(last) = tokens.last_mut() {
        last.flows = false;
    }
    tokens
}

/// How much of what follows a token belongs to it: the last point of "D.B." where more follows.
fn ending(core: &str, after: &str) -> usize {
    let dotted = core.contains('.') && core.split('.').all(|part| part.chars().count() == 1);
    usize::from(dotted && after.len() > 1 && after.starts_with('.'))
}

/// What a token without its surroundings is.
fn read(core: &str) -> MendToken {
    let mut token = MendToken {
        at: 0..0,
        with_s: 0..0,
        norm: norm(core),
        sounds: Vec::new(),
        other: None,
        initials: false,
        known: WordFamiliarity::Glue,
        digits: core.chars().filter(char::is_ascii_digit).collect(),
        number: false,
        first: false,
        flows: true,
    };
    let joined = core.replace(['\'', '’'], "");
    // "don't" and "we've" are as common as what they are made of.
    if joined.len() < core.len() && core.split(['\'', '’']).next().is_some_and(|w| usual(&w.to_lowercase()))
    {
        token.known = WordFamiliarity::Common;
        words::sounds(&joined.to_lowercase(), &mut token.sounds);
        return token;
    }
    let letters = core.chars().filter(|c| c.is_alphabetic());
    let capitals = letters.clone().count() > 1 && letters.clone().all(char::is_uppercase);
    for part in joined.split(|c| !inner(c)) {
        let runs = runs(part);
        // "CubeFlow": whoever writes so means a name.
        if runs.iter().filter(|(_, kind)| matches!(kind, RunKind::Word)).count() > 1 {
            token.known = WordFamiliarity::Not;
        }
        for (run, kind) in runs {
            let known = match kind {
                RunKind::Digits => {
                    words::digits(run, &mut token.sounds);
                    WordFamiliarity::Common
                }
                RunKind::Word => {
                    let small = run.to_lowercase();
                    let known = said(run, &small, &mut token.sounds);
                    token.number |= words::number(&small);
                    known
                }
            };
            token.known = token.known.max(known);
        }
    }
    token.initials = capitals && token.known == WordFamiliarity::Not;
    if capitals && letters.clone().count() > 2 {
        let mut other = Vec::new();
        words::sounds(&letters.collect::<String>().to_lowercase(), &mut other);
        token.other = Some(other).filter(|other| *other != token.sounds);
    }
    if core.ends_with('+') {
        for _ in core.bytes().rev().take_while(|b| *b == b'+').take(2) {
            words::sounds("plus", &mut token.sounds);
        }
    } else if core.ends_with('#') {
        words::sounds("sharp", &mut token.sounds);
    }
    token
}

fn usual(word: &str) -> bool {
    words::known(word) <= WordFamiliarity::Usual || word.len() <= 1
}

/// How a run of letters sounds, and how known it is.
fn said(run: &str, small: &str, out: &mut Vec<PhonemeIndex>) -> WordFamiliarity {
    let capitals = run.chars().filter(|c| c.is_uppercase()).count();
    let length = run.chars().count();
    let known = words::known(small);
    match length {
        1 if matches!(run, "a" | "A" | "I" | "i") => {
            words::sounds(small, out);
            return WordFamiliarity::Glue;
        }
        1 => {
            run.chars().for_each(|c| words::letter(c, out));
            return WordFamiliarity::Not;
        }
        _ => {}
    }
    let vowels = small.chars().any(|c| "aeiouy".contains(c));
    if known > WordFamiliarity::Usual && (!vowels || (capitals == length && length <= 4)) {
        run.chars().for_each(|c| words::letter(c, out));
        return WordFamiliarity::Not;
    }
    words::sounds(small, out);
    known
}

enum RunKind {
    Word,
    Digits,
}

/// Splits where digits meet letters, and where a small letter meets a capital ("GraphQL", "CubeFlow").
fn runs(part: &str) -> Vec<(&str, RunKind)> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in part.char_indices().chain([(part.len(), ' ')]) {
        let cut = before.is_some_and(|b| {
            at == part.len()
                || b.is_ascii_digit() != c.is_ascii_digit()
                || (b.is_lowercase() && c.is_uppercase())
        });
        if cut {
            let kind =
                if before.is_some_and(|b| b.is_ascii_digit()) { RunKind::Digits } else { RunKind::Word };
            runs.push((&part[start..at], kind));
            start = at;
        }
        before = Some(c);
    }
    runs
}

/// How a term that is written like this sounds.
pub(super) fn sounds(text: &str) -> Vec<PhonemeIndex> {
    tokens(text, 8).into_iter().flat_map(|token| token.sounds).collect()
}
