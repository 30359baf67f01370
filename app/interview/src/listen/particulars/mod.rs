//! Finds what of an answer can be taken up: the most particular of its own words, fit to be said back.
//!
//! Fewer is better than one that would not be English: whatever is in doubt is left out.

mod candidate;
mod clause;
mod deed;
mod name;
mod number;
mod thing;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use name::has_name;

use candidate::ParticularCandidate;

use super::parsed::ParsedAnswer;
use super::{grammar, words};
use crate::heard::{Particular, ParticularKind};

/// How many are kept.
const MOST: usize = 8;
/// How many of one sort are kept.
const MOST_OF_A_SORT: usize = 3;
/// What the last sentence counts more than the first.
const RECENCY: f32 = 0.8;

/// The particulars of an answer, the best first.
pub(super) fn particulars(said: &ParsedAnswer<'_>) -> Vec<Particular> {
    let mut found = Vec::new();
    found.extend(deed::deeds(&said.tokens, &said.deeds));
    found.extend(clause::turns(&said.tokens));
    found.extend(clause::sayings(&said.tokens));
    found.extend(number::numbers(&said.tokens));
    found.extend(name::tools(&said.tokens));
    found.extend(name::names(&said.tokens));
    found.extend(thing::things(&said.tokens));
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for token in &said.tokens {
        *counts.entry(token.low.as_str()).or_default() += 1;
    }
    let asked: BTreeSet<String> = super::token::tokens(said.context.question)
        .iter()
        .filter(|t| t.is_word())
        .map(|t| words::stem(&t.low))
        .collect();
    let last = said.tokens.last().map_or(0, |t| t.sentence).max(1) as f32;
    let mut ranked: Vec<(f32, ParticularCandidate, Particular)> = found
        .into_iter()
        .filter_map(|c| {
            let words = said.text.get(said.tokens.get(c.from)?.start..said.tokens.get(c.to)?.end)?;
            let to_you = match &c.to_you {
                Some(to_you) => to_you.clone(),
                None => grammar::to_you(&said.tokens, c.from, c.to)?,
            };
            let fit = grammar::clean(words) && to_you.split_whitespace().count() <= 12;
            let end = said.tokens[c.to].low.as_str();
            let hangs =
                grammar::dangles(end) && c.kind != ParticularKind::Tool && c.kind != ParticularKind::Name;
            // "The women weren't ..." says something of the women.
            let verb = end.contains(['\'', '’']) && !end.ends_with("'s") && !end.ends_with("’s");
            if !fit || hangs || verb {
                return None;
            }
            let mut score = base(c.kind) + c.bonus + RECENCY * said.tokens[c.from].sentence as f32 / last;
            let mut worth = 0.0;
            for token in &said.tokens[c.from..=c.to] {
                if !words::particular(&token.low) {
                    continue;
                }
                worth += if token.low.chars().count() > 6 { 1.2 } else { 1.0 };
                if asked.contains(&words::stem(&token.low)) {
                    worth -= 0.8;
                }
                if counts.get(token.low.as_str()).is_some_and(|n| *n > 3) {
                    worth -= 0.5;
                }
            }
            score += f32::min(worth, 4.0) * 0.5;
            Some((score, c.clone(), Particular { kind: c.kind, words: words.to_owned(), to_you }))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.from.cmp(&b.1.from)).then(a.1.to.cmp(&b.1.to)));
    let mut chosen: Vec<(ParticularCandidate, Particular)> = Vec::new();
    for (_, candidate, particular) in ranked {
        let alike = chosen.iter().any(|(c, p)| {
            p.to_you.to_lowercase() == particular.to_you.to_lowercase()
                || p.words.to_lowercase() == particular.words.to_lowercase()
                || (c.kind == candidate.kind && c.from <= candidate.to && candidate.from <= c.to)
        });
        let many = chosen.iter().filter(|(c, _)| c.kind == candidate.kind).count() >= MOST_OF_A_SORT;
        if !alike && !many {
            chosen.push((candidate, particular));
        }
        if chosen.len() == MOST {
            break;
        }
    }
    chosen.into_iter().map(|(_, p)| p).collect()
}

fn base(kind: ParticularKind) -> f32 {
    match kind {
        ParticularKind::Saying => 2.2,
        ParticularKind::Turn => 2.1,
        ParticularKind::Deed => 2.0,
        ParticularKind::Number => 2.0,
        ParticularKind::Name => 1.8,
        ParticularKind::Tool => 1.7,
        ParticularKind::Thing => 1.2,
    }
}
