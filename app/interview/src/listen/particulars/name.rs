//! Tools by their names, and proper names.

use super::{
    super::{
        elements::tool_at,
        grammar::{CLAUSE, FINITE, PREPOSITIONS},
        token::{AnswerToken, AnswerTokenKind},
        words::{MONTHS, NOT_NAMES, STOP, TECHNIQUES},
    },
    candidate::ParticularCandidate,
};
use crate::heard::ParticularKind;

/// Tools and techniques named.
pub(super) fn tools(tokens: &[AnswerToken<'_>]) -> Vec<ParticularCandidate> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let length = tool_at(tokens, i);
        if length == 0 {
            i += 1;
            continue;
        }
        let to = i + length - 1;
        let said = tokens[i..=to].iter().map(|t| t.text).collect::<Vec<_>>();
        // A technique at the start of a sentence has its capital from there.
        let plain = tokens[i].first
            && said[0].chars().skip(1).all(char::is_lowercase)
            && TECHNIQUES.contains(tokens[to].low.as_str());
        let to_you = plain
            .then(|| super::super::grammar::to_you(tokens, i, to))
            .flatten()
            .map(|s| super::clause::lowered(&s));
        found.push(ParticularCandidate { kind: ParticularKind::Tool, from: i, to, to_you, bonus: 0.3 });
        i = to + 1;
    }
    found
}

/// True if a proper name is among the words.
pub(in super::super) fn has_name(tokens: &[AnswerToken<'_>]) -> bool {
    !names(tokens).is_empty()
}

/// Proper names: capitals within a sentence.
pub(super) fn names(tokens: &[AnswerToken<'_>]) -> Vec<ParticularCandidate> {
    let words = tokens.iter().filter(|t| t.is_word() && t.low != "i").count();
    let capitals = tokens.iter().filter(|t| t.capital() && t.low != "i" && !t.first).count();
    // All in capitals, or every word with one: they mean nothing there.
    if capitals * 10 > words * 7 && words > 4 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if !names_something(tokens, i) {
            i += 1;
            continue;
        }
        let from = i;
        let mut to = i;
        loop {
            if names_something(tokens, to + 1)
                || (to > from && digits(tokens.get(to + 1)) && tokens[to + 1].text.len() <= 2)
            {
                to += 1;
            } else if matches!(tokens.get(to + 1).map_or("", |t| t.low.as_str()), "of" | "&" | "for")
                && names_something(tokens, to + 2)
            {
                to += 2;
            } else {
                break;
            }
        }
        i = to + 1;
        if let Some(candidate) = name(tokens, from, to) {
            found.push(candidate);
        }
    }
    found
}

fn digits(token: Option<&AnswerToken<'_>>) -> bool {
    token.is_some_and(|t| t.sort == AnswerTokenKind::Figure)
}

fn names_something(tokens: &[AnswerToken<'_>], i: usize) -> bool {
    let Some(token) = tokens.get(i) else { return false };
    let after_mark =
        i > 0 && matches!(tokens[i - 1].text, "\"" | "“" | ":" | "-" | "–" | "—" | "(" | "'" | "‘" | "*");
    // "React Native": the rest of a tool's name is no name.
    let of_tool = i > 0 && tokens[i - 1].capital() && !tokens[i - 1].first && tool_at(tokens, i - 1) > 0;
    let bare = token.low.strip_suffix("'s").unwrap_or(&token.low);
    token.capital()
        && !token.first
        && !after_mark
        && !of_tool
        && token.text.chars().count() > 1
        && !NOT_NAMES.contains(bare)
        && !MONTHS.contains(&bare)
        && !bare.strip_suffix("days").is_some_and(|day| NOT_NAMES.contains(format!("{day}day").as_str()))
        && !STOP.contains(bare)
        && tool_at(tokens, i) == 0
}

fn name(tokens: &[AnswerToken<'_>], from: usize, to: usize) -> Option<ParticularCandidate> {
    let back = |n: usize| from.checked_sub(n).map_or("", |i| tokens[i].low.as_str());
    // Their own name, or a title that goes with another word.
    let own = matches!(back(1), "i'm" | "am" | "i" | "im")
        || (back(1) == "is" && matches!(back(2), "name" | "this"))
        || back(1) == "called"
        || back(1) == "name's";
    let next_titled = tokens
        .get(to + 1)
        .is_some_and(|t| t.capital() && t.low != "i" && tool_at(tokens, to + 1) == 0 && !t.first);
    let titled = from > 0
        && matches!(back(1), "senior" | "junior" | "head" | "director" | "lead" | "vp")
        && tokens[from - 1].capital();
    if own || titled || next_titled {
        return None;
    }
    // "Dr. Patel" is kept whole.
    let mut first = from;
    if first >= 2 && tokens[first - 1].text == "." && matches!(back(2), "dr" | "mr" | "mrs" | "ms" | "prof") {
        first -= 2;
    } else if first >= 1
        && matches!(back(1), "dr" | "mr" | "mrs" | "ms" | "prof" | "professor" | "saint" | "st")
    {
        first -= 1;
    }
    // "The Midlands", but "the Northwind team" holds the name alone.
    let ends_there = tokens.get(to + 1).is_none_or(|t| {
        t.is_mark()
            || PREPOSITIONS.contains(&t.low.as_str())
            || FINITE.contains(&t.low.as_str())
            || CLAUSE.contains(&t.low.as_str())
            || t.low == "and"
    });
    if first == from && back(1) == "the" && ends_there {
        first -= 1;
    }
    let said = super::super::grammar::to_you(tokens, first, to)?;
    let said = if tokens[first].low == "the" { super::clause::lowered(&said) } else { said };
    let possessive = said.ends_with("'s") || said.ends_with("’s");
    if possessive || said.chars().count() > 40 {
        return None;
    }
    let bonus = if to > from { 0.5 } else { 0.2 };
    Some(ParticularCandidate { kind: ParticularKind::Name, from: first, to, to_you: Some(said), bonus })
}
