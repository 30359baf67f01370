//! Deeds: "I moved the ledger to double entry".

use super::{
    super::{
        deeds::Deed,
        grammar::{ADVERBS, CLAUSE, DETERMINERS, FINITE, PREPOSITIONS, SUBJECTS, dangles, to_you},
        token::{AnswerToken, abbreviated},
        words::{MISFORMED, STOP, is_past, particular},
    },
    candidate::ParticularCandidate,
};
use crate::heard::ParticularKind;

/// Longest deed, in words, that is easily said back.
const LONGEST: usize = 12;

/// Verbs that take a clause with "that".
const WITH_THAT: [&str; 22] = [
    "realised",
    "realized",
    "noticed",
    "discovered",
    "found",
    "decided",
    "showed",
    "proved",
    "suggested",
    "proposed",
    "insisted",
    "argued",
    "explained",
    "agreed",
    "convinced",
    "persuaded",
    "made",
    "ensured",
    "checked",
    "confirmed",
    "suspected",
    "demonstrated",
];

/// The deeds of an answer that can be said after "you".
pub(super) fn deeds(tokens: &[AnswerToken<'_>], deeds: &[Deed]) -> Vec<ParticularCandidate> {
    deeds.iter().filter(|d| d.sayable && !d.we).filter_map(|d| phrase(tokens, d.verb)).collect()
}

fn phrase(tokens: &[AnswerToken<'_>], verb: usize) -> Option<ParticularCandidate> {
    let end = end_of_clause(tokens, verb)?;
    let mut last = end;
    // Too long: cut before a preposition, which leaves a whole.
    if last + 1 - verb > LONGEST {
        last = (verb + 3..verb + LONGEST).rev().find(|&i| {
            PREPOSITIONS.contains(&tokens[i].low.as_str())
                && tokens[i].low != "of"
                && !dangles(&tokens[i - 1].low)
        })? - 1;
    }
    while last > verb && dangles(&tokens[last].low) {
        last -= 1;
    }
    let rest = tokens.get(verb + 1..=last)?;
    let whole = rest.iter().any(|t| !STOP.contains(t.low.as_str()));
    let content = tokens[verb..=last].iter().filter(|t| particular(&t.low)).count();
    let rest_content = rest.iter().filter(|t| particular(&t.low)).count();
    if !whole || content == 0 || rest_content == 0 {
        return None;
    }
    // "Told the manager that ..." cut short says too little.
    let pronoun = rest
        .first()
        .is_some_and(|t| matches!(t.low.as_str(), "it" | "this" | "that" | "them" | "these" | "those"));
    let bonus = if pronoun { -0.8 } else { 0.0 } + if rest_content > 1 { 0.3 } else { 0.0 };
    let first = tokens[verb].low.as_str();
    let speaks = matches!(first, "told" | "asked" | "showed" | "gave" | "sent" | "let");
    let cut_short = speaks && rest.len() <= 3 && !rest.iter().any(|t| PREPOSITIONS.contains(&t.low.as_str()));
    let object_missing = matches!(first, "gave" | "told" | "asked" | "sent" | "made") && rest[0].low == "to";
    if cut_short || object_missing || tokens[verb..=last].iter().any(|t| MISFORMED.contains(t.low.as_str())) {
        return None;
    }
    let to_you = tokens[verb]
        .first
        .then(|| to_you(tokens, verb, last))
        .flatten()
        .map(|said| super::clause::lowered(&said));
    Some(ParticularCandidate { kind: ParticularKind::Deed, from: verb, to: last, to_you, bonus })
}

/// The last token of the clause that the verb begins; `None` if it cannot be made out.
fn end_of_clause(tokens: &[AnswerToken<'_>], verb: usize) -> Option<usize> {
    let mut that = false;
    let mut i = verb + 1;
    // "Had to call ...": the verb has three words.
    if tokens[verb].low == "had" {
        i = verb + 3;
    }
    // Far beyond what can be said back it matters no more where the clause ends.
    while let Some(token) = tokens.get(i).filter(|_| i < verb + 3 * LONGEST) {
        let low = token.low.as_str();
        let before = tokens[i - 1].low.as_str();
        let next = tokens.get(i + 1).map_or("", |t| t.low.as_str());
        // "Met Dr. Patel": that full stop ends nothing.
        if token.text == "."
            && abbreviated(before)
            && tokens.get(i + 1).is_some_and(|t| t.sentence == token.sentence)
        {
            i += 1;
            continue;
        }
        if token.is_mark() {
            break;
        }
        if low == "and" || low == "or" {
            if goes_on_with_verb(tokens, i + 1) {
                break;
            }
        } else if low == "that" && i > verb {
            let demonstrative =
                !SUBJECTS.contains(&next) && !DETERMINERS.contains(&next) && PREPOSITIONS.contains(&before);
            if WITH_THAT.contains(&tokens[verb].low.as_str()) {
                that = true;
            } else if !demonstrative {
                break;
            }
        } else if (CLAUSE.contains(&low) && !(low == "how" && next == "to"))
            || (matches!(low, "before" | "after") && SUBJECTS.contains(&next))
            || matches!(low, "except" | "etc" | "um" | "uh" | "like")
        {
            break;
        } else if !that {
            if SUBJECTS.contains(&low) {
                break;
            }
            if FINITE.contains(&low) && low != "be" {
                // A clause without "that" ("made sure the door was shut"): where it begins is unknown.
                return None;
            }
            let adjective = DETERMINERS.contains(&before)
                || ADVERBS.contains(&before)
                || before == "more"
                || before == "and";
            if is_past(low) && i > verb + 1 && !adjective && !particular_noun(low) {
                break;
            }
        }
        i += 1;
    }
    (i - 1 > verb).then_some(i - 1)
}

/// Past forms that are nouns at least as often.
fn particular_noun(low: &str) -> bool {
    matches!(
        low,
        "cost"
            | "cut"
            | "set"
            | "bid"
            | "bit"
            | "split"
            | "spread"
            | "cast"
            | "felt"
            | "ground"
            | "lead"
            | "thought"
            | "shot"
            | "read"
            | "put"
            | "hit"
            | "left"
            | "found"
            | "met"
            | "lent"
            | "saw"
            | "spoke"
            | "rose"
            | "wound"
            | "fed"
            | "stuck"
            | "unneeded"
    ) && !matches!(low, "found" | "met" | "saw" | "left" | "lent" | "fed")
}

/// True when what follows "and" is another deed or another subject, not another object.
fn goes_on_with_verb(tokens: &[AnswerToken<'_>], from: usize) -> bool {
    let at = |i: usize| tokens.get(i).map_or("", |t| t.low.as_str());
    let first = at(from);
    if first.is_empty()
        || is_past(first)
        || SUBJECTS.contains(&first)
        || FINITE.contains(&first)
        || CLAUSE.contains(&first)
        || ADVERBS.contains(&first)
        || first.ends_with("ly")
        || first.ends_with("ing")
        || matches!(
            first,
            "it" | "that"
                | "this"
                | "there"
                | "not"
                | "in"
                | "at"
                | "after"
                | "for"
                | "to"
                | "one"
                | "by"
                | "so"
                | "with"
                | "stuff"
                | "things"
                | "everything"
                | "all"
                | "such"
        )
    {
        return true;
    }
    // "... and the vendor left".
    (from..from + 6)
        .take_while(|&i| tokens.get(i).is_some_and(|t| !t.is_mark()) && !PREPOSITIONS.contains(&at(i)))
        .any(|i| is_past(at(i)) && !DETERMINERS.contains(&at(i - 1)) || FINITE.contains(&at(i)))
}
