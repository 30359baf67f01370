//! The terms that may have been meant: those of every interview, and those of this one.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::sounds::{LONGEST, PhonemeIndex, by_arpabet};
use super::tokens::{norm, sounds, tokens};
use super::words;

/// What a term is about: terms and words of one field vouch for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermField {
    /// Running things.
    Cloud,
    /// Keeping and moving data.
    Data,
    /// Pages and services.
    Web,
    /// Writing programs.
    Code,
    /// Models that learn.
    Learn,
    /// Working together.
    Work,
    /// Not known: it came with the interview.
    Own,
}

impl TermField {
    /// The field with this name.
    fn named(name: &str) -> Self {
        match name {
            "cloud" => Self::Cloud,
            "data" => Self::Data,
            "web" => Self::Web,
            "code" => Self::Code,
            "learn" => Self::Learn,
            "work" => Self::Work,
            _ => Self::Own,
        }
    }
}

/// A term.
#[derive(Debug, Clone)]
pub(super) struct Term {
    /// As it is written.
    pub text: String,
    /// Its letters and digits, small.
    pub norm: String,
    /// Its digits, in order.
    pub digits: String,
    /// What it is about.
    pub field: TermField,
    /// Whether this interview's papers have it.
    pub own: bool,
    /// Whether it is said letter by letter.
    pub initials: bool,
    /// Words it is heard as, one by one between spaces; with whether nobody means anything else by them.
    pub heard: Vec<(String, bool)>,
    /// The ways to say it.
    pub said: Vec<Vec<PhonemeIndex>>,
}

impl Term {
    /// A term written like this; `None` if it cannot be one: nothing to say, or too much.
    fn new(text: &str, field: TermField, said: Vec<Vec<PhonemeIndex>>) -> Option<Self> {
        let norm = norm(text);
        let said: Vec<_> = said.into_iter().filter(|s| !s.is_empty() && s.len() <= LONGEST).collect();
        let words = tokens(text, 5);
        if norm.is_empty() || said.is_empty() || words.is_empty() || words.len() > 4 {
            return None;
        }
        let initials = text.len() <= 5 && text.chars().all(|c| c.is_uppercase() || c == 's');
        let digits = text.chars().filter(char::is_ascii_digit).collect();
        Some(Self {
            text: text.to_owned(),
            norm,
            digits,
            field,
            own: field == TermField::Own,
            initials,
            heard: Vec::new(),
            said,
        })
    }

    /// How many sounds its shortest way to be said has.
    pub(super) fn shortest(&self) -> usize {
        self.said.iter().map(Vec::len).min().unwrap_or(0)
    }

    /// A term of this interview's papers.
    pub(super) fn own(text: &str) -> Option<Self> {
        Self::new(text, TermField::Own, vec![sounds(text)])
    }
}

/// The terms of every interview, read once for all vocabularies.
pub(super) static USUAL: LazyLock<Vec<Arc<Term>>> =
    LazyLock::new(|| include_str!("data/terms.txt").lines().filter_map(line).map(Arc::new).collect());

fn line(line: &str) -> Option<Term> {
    if line.starts_with('#') {
        return None;
    }
    let mut parts = line.split('|');
    let (text, field, ways) = (parts.next()?, parts.next()?, parts.next()?);
    let ways = if ways.is_empty() { text } else { ways };
    let mut term = Term::new(text, TermField::named(field), ways.split(',').map(said).collect())?;
    let sure = parts.next().unwrap_or_default();
    for (list, sure) in [(ways, false), (sure, true)] {
        let ways = list.split(',').map(|way| way.trim().to_lowercase());
        term.heard.extend(ways.filter(|way| !way.is_empty() && !way.contains('[')).map(|way| (way, sure)));
    }
    Some(term)
}

/// Reads how a term is said, as `data/terms.txt` has it.
fn said(way: &str) -> Vec<PhonemeIndex> {
    let mut out = Vec::new();
    let mut rest = way.trim();
    while !rest.is_empty() {
        if let Some((names, after)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            out.extend(names.split_whitespace().filter_map(by_arpabet));
            rest = after.trim_start();
            continue;
        }
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        if word.len() == 1 {
            word.chars().for_each(|c| words::letter(c, &mut out));
        } else {
            words::sounds(&word.to_lowercase(), &mut out);
        }
        rest = after.trim_start();
    }
    out
}

/// Words that show what is talked about, with the fields of each.
pub(super) static VOUCHING: LazyLock<HashMap<&'static str, Vec<TermField>>> = LazyLock::new(|| {
    let lines = include_str!("data/fields.txt").lines().filter(|line| !line.starts_with('#'));
    let fields = lines.filter_map(|line| line.split_once(':'));
    let mut vouching: HashMap<_, Vec<_>> = HashMap::new();
    for (name, words) in fields {
        for word in words.split_whitespace() {
            vouching.entry(word).or_default().push(TermField::named(name));
        }
    }
    vouching
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_what_can_be_read() {
        let lines = || include_str!("data/terms.txt").lines().filter(|line| !line.starts_with('#'));
        let written = lines().filter(|line| !line.is_empty()).count();
        assert_eq!(USUAL.len(), written);
        for line in lines() {
            for inside in line.split('[').skip(1) {
                let names = inside.split(']').next().unwrap_or_default();
                assert!(names.split_whitespace().all(|name| by_arpabet(name).is_some()), "{line}");
            }
            let field = line.split('|').nth(1).unwrap_or("cloud");
            assert_ne!(TermField::named(field), TermField::Own, "{line}");
        }
        assert!(VOUCHING.values().flatten().all(|field| *field != TermField::Own));
    }
}
