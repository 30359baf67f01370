//! Numbers with what they count: "four million rows".

use super::{
    super::{
        elements::is_year,
        grammar::{CLAUSE, DETERMINERS, FINITE, PREPOSITIONS, SUBJECTS},
        token::{AnswerToken, AnswerTokenKind},
        words::{STOP, is_number_word, is_past},
    },
    candidate::ParticularCandidate,
};
use crate::heard::ParticularKind;

/// What everybody has two or three of.
const EMPTY: [&str; 22] = [
    "things",
    "reasons",
    "ways",
    "times",
    "points",
    "options",
    "others",
    "questions",
    "parts",
    "sides",
    "kinds",
    "types",
    "examples",
    "aspects",
    "cases",
    "steps",
    "years'",
    "ones",
    "bits",
    "areas",
    "factors",
    "seconds'",
];
/// Plurals without an "s".
const PLURALS: [&str; 10] =
    ["people", "children", "men", "women", "staff", "percent", "kids", "police", "sheep", "data"];

/// Numbers that say how many of what.
pub(super) fn numbers(tokens: &[AnswerToken<'_>]) -> Vec<ParticularCandidate> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if !counts(&tokens[i]) {
            i += 1;
            continue;
        }
        let from = i;
        while i + 1 < tokens.len() && (counts(&tokens[i + 1]) || half(tokens, i + 1)) {
            i += if half(tokens, i + 1) { 3 } else { 1 };
        }
        // "Two or three payouts" are not three.
        let range =
            from > 1 && matches!(tokens[from - 1].low.as_str(), "or" | "to") && counts(&tokens[from - 2]);
        if let Some(candidate) = counted(tokens, from, i).filter(|_| !range) {
            i = candidate.to;
            found.push(candidate);
        }
        i += 1;
    }
    found
}

fn counts(token: &AnswerToken<'_>) -> bool {
    (token.sort == AnswerTokenKind::Figure
        && !is_year(token)
        && !token.text.contains(['/', ':'])
        && token.low != "1")
        || is_number_word(&token.low)
}

/// "... and a half".
fn half(tokens: &[AnswerToken<'_>], i: usize) -> bool {
    tokens.get(i..i + 3).is_some_and(|t| t[0].low == "and" && t[1].low == "a" && t[2].low == "half")
}

fn counted(tokens: &[AnswerToken<'_>], first: usize, last: usize) -> Option<ParticularCandidate> {
    let low = |i: usize| tokens.get(i).map_or("", |t| t.low.as_str());
    let mut from = first;
    // "A hundred patients".
    if from > 0
        && low(from - 1) == "a"
        && matches!(low(from), "hundred" | "thousand" | "million" | "billion" | "dozen")
    {
        from -= 1;
        if from > 0 && low(from - 1) == "half" {
            from -= 1;
        }
    }
    let mut i = last + 1;
    let share = tokens[last].text.ends_with('%') || matches!(low(i), "percent");
    if low(i) == "percent" {
        i += 1;
    }
    let masses = matches!(low(last), "hundreds" | "thousands" | "millions");
    let money = tokens[first].text.starts_with(['£', '$', '€']);
    if low(i) == "of" && (share || masses) {
        i += 1;
        if matches!(low(i), "the" | "our" | "my" | "all") {
            i += 1;
        }
    } else if masses {
        return None;
    }
    if share && matches!(low(i), "fewer" | "more" | "less") {
        i += 1;
    }
    // The noun: at most two words before a plural.
    let noun = (i..i + 3).take_while(|&j| fits_before_noun(tokens, j)).find(|&j| plural(low(j)));
    let to = match noun {
        Some(noun) if !EMPTY.contains(&low(noun)) => noun,
        Some(_) => return None,
        None if money && last > first => last,
        None => return None,
    };
    let of_them = matches!(low(to + 1), "of" | "old") && matches!(low(to + 2), "us" | "them" | "");
    let words = to + 1 - from;
    if !(2..=6).contains(&words) || of_them || low(to).ends_with('\'') {
        return None;
    }
    // Lengths of time and shares are said by everyone, what was counted by few.
    let bonus = if matches!(low(to), "years" | "months" | "hours" | "minutes" | "days" | "weeks") {
        0.3
    } else {
        0.6
    };
    let to_you = (tokens[from].first && tokens[from].is_word())
        .then(|| super::super::grammar::to_you(tokens, from, to))
        .flatten()
        .map(|said| super::clause::lowered(&said));
    Some(ParticularCandidate { kind: ParticularKind::Number, from, to, to_you, bonus })
}

fn fits_before_noun(tokens: &[AnswerToken<'_>], i: usize) -> bool {
    tokens.get(i).is_some_and(|t| {
        let low = t.low.as_str();
        t.is_word()
            && !PREPOSITIONS.contains(&low)
            && !CLAUSE.contains(&low)
            && !DETERMINERS.contains(&low)
            && !FINITE.contains(&low)
            && !SUBJECTS.contains(&low)
            && !matches!(low, "and" | "that" | "them" | "us" | "later" | "ago" | "am" | "pm")
            && (!is_past(low) || low.ends_with("ed"))
            && (!STOP.contains(low) || matches!(low, "more" | "other"))
    })
}

fn plural(word: &str) -> bool {
    PLURALS.contains(&word)
        || (word.len() > 3
            && word.ends_with('s')
            && !["ss", "us", "is", "'s", "ous"].iter().any(|e| word.ends_with(e))
            && !matches!(
                word,
                "always" | "perhaps" | "besides" | "makes" | "takes" | "gives" | "needs" | "goes" | "does"
            ))
}
