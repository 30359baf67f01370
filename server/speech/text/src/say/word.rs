//! One written word: a name, letters one by one, parts in one, or as it stands.

use super::names;
use super::token::{Verbalisation, View, part};

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    Some(part(1, spoken(view.word(0)?)))
}

/// All capitals that are a word, and longer than this, are said as one; shorter ones letter by letter.
const MOST_SPELLED: usize = 5;

/// How a word is said on its own. What comes out stays as it is when it is read again.
pub(super) fn spoken(word: &str) -> String {
    if let Some(said) = names::name(word) {
        return said;
    }
    for (end, own) in [("'s", "'s"), ("s", "'s")] {
        // "the API's", "APIs": a letter cannot be said with an s but as "I's".
        if let Some(stem) = word.strip_suffix(end)
            && stem.len() > 1
            && stem.bytes().all(|b| b.is_ascii_uppercase())
        {
            return spoken(stem) + own;
        }
    }
    if let Some(stem) = word.strip_suffix("'s")
        && let Some(said) = names::name(stem)
    {
        return format!("{said}'s");
    }
    if word.len() == 1 {
        // "a" is a word; every other letter is said by its name.
        return if word == "a" { word.to_owned() } else { word.to_ascii_uppercase() };
    }
    if word.bytes().all(|b| b.is_ascii_uppercase()) {
        return capitals(word);
    }
    match parts(word) {
        parts if parts.len() > 1 => parts.into_iter().map(spoken).collect::<Vec<_>>().join(" "),
        _ => word.to_owned(),
    }
}

fn capitals(word: &str) -> String {
    let vowels = word.bytes().filter(|b| b"AEIOUY".contains(b)).count();
    if word.len() > MOST_SPELLED && vowels >= 2 || names::is_shouted(word) {
        word.to_ascii_lowercase()
    } else {
        spelled(word)
    }
}

/// Letter by letter.
pub(super) fn spelled(word: &str) -> String {
    let mut out = String::with_capacity(2 * word.len());
    for c in word.chars().filter(char::is_ascii_alphabetic) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

/// The beginnings of family names that take a second capital.
const FAMILY: [&str; 6] = ["Mc", "Mac", "De", "Le", "La", "Van"];

/// "type" and "Script" of "TypeScript", "HTTP" and "Server" of "HTTPServer".
fn parts(word: &str) -> Vec<&str> {
    let bytes = word.as_bytes();
    let upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    let mut parts = Vec::new();
    let mut from = 0;
    for at in 1..bytes.len() {
        let begins = upper(at) && (lower(at - 1) || upper(at - 1) && lower(at + 1));
        if begins && !(from == 0 && FAMILY.contains(&&word[..at])) {
            parts.push(&word[from..at]);
            from = at;
        }
    }
    parts.push(&word[from..]);
    parts
}
