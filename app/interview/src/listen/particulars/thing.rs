//! Things: noun phrases of the answer's own, "the settlement report".

use super::{
    super::{
        grammar::{ADVERBS, CLAUSE, DETERMINERS, FINITE, PREPOSITIONS, SUBJECTS},
        token::AnswerToken,
        words::{BARE_VERBS, EMPTY, GENERIC, STOP, THIRD_PERSON, is_number_word, is_past, particular},
    },
    candidate::ParticularCandidate,
};
use crate::heard::ParticularKind;

/// The noun phrases of an answer.
pub(super) fn things(tokens: &[AnswerToken<'_>]) -> Vec<ParticularCandidate> {
    (0..tokens.len()).filter_map(|i| thing(tokens, i)).collect()
}

fn thing(tokens: &[AnswerToken<'_>], at: usize) -> Option<ParticularCandidate> {
    let determiner = tokens[at].low.as_str();
    if !matches!(determiner, "the" | "a" | "an" | "our" | "my" | "this") {
        return None;
    }
    let before = at.checked_sub(1).map_or("", |i| tokens[i].low.as_str());
    let indefinite = matches!(determiner, "a" | "an");
    // What somebody is or has is no thing to stay with, nor is a way of being.
    let predicate = [
        "is", "was", "am", "are", "were", "be", "been", "being", "as", "became", "become", "i'm", "it's",
        "that's", "we're", "like", "not", "such",
    ];
    if predicate.contains(&before)
        || (indefinite
            && matches!(
                before,
                "have"
                    | "has"
                    | "having"
                    | "had"
                    | "i've"
                    | "with"
                    | "quite"
                    | "got"
                    | "half"
                    | "what"
                    | "such"
                    | "per"
                    | "without"
                    | "also"
                    | "just"
                    | "really"
                    | "of"
                    | "for"
            ))
        || (at >= 2 && ADVERBS.contains(&before) && predicate.contains(&tokens[at - 2].low.as_str()))
    {
        return None;
    }
    let mut to = noun_phrase(tokens, at + 1)?;
    // "The head of nursing": the head alone would be half of it.
    if tokens.get(to + 1).is_some_and(|t| t.low == "of") {
        let mut next = to + 2;
        if tokens.get(next).is_some_and(|t| matches!(t.low.as_str(), "the" | "our" | "my")) {
            next += 1;
        }
        to = noun_phrase(tokens, next)?;
    }
    let words = &tokens[at + 1..=to];
    let content = words.iter().filter(|t| particular(&t.low)).count();
    let head = words.last()?.low.as_str();
    let enough = match words.len() {
        1 => content == 1 && head.chars().count() >= 5 && !indefinite && determiner != "this",
        2..=4 => content >= 1 && (!indefinite || content >= 2),
        _ => false,
    };
    let empty = words.iter().any(|t| EMPTY.contains(t.low.as_str()) || is_number_word(&t.low));
    let time = matches!(
        head,
        "day"
            | "days"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "morning"
            | "night"
            | "evening"
            | "afternoon"
            | "time"
            | "hour"
            | "moment"
            | "end"
            | "beginning"
            | "spring"
            | "summer"
            | "autumn"
            | "winter"
    );
    if !enough || empty || time {
        return None;
    }
    let said = super::super::grammar::to_you(tokens, at, to)?;
    let said = match determiner {
        "a" | "an" | "this" => {
            let (_, rest) = said.split_once(' ')?;
            format!("the {rest}")
        }
        _ => super::clause::lowered(&said),
    };
    let bonus = if words.len() == 1 { -0.7 } else { 0.3 } - if indefinite { 0.3 } else { 0.0 };
    Some(ParticularCandidate { kind: ParticularKind::Thing, from: at, to, to_you: Some(said), bonus })
}

/// The last word of the noun phrase that begins here; `None` if its end is in doubt.
fn noun_phrase(tokens: &[AnswerToken<'_>], from: usize) -> Option<usize> {
    let mut i = from;
    while let Some(token) = tokens.get(i) {
        let low = token.low.as_str();
        let closed = PREPOSITIONS.contains(&low)
            || CLAUSE.contains(&low)
            || FINITE.contains(&low)
            || SUBJECTS.contains(&low)
            || DETERMINERS.contains(&low)
            || ADVERBS.contains(&low) && i > from
            || low == "instead"
            || BARE_VERBS.contains(low)
            || THIRD_PERSON.contains(low)
            || STOP.contains(low) && !EMPTY.contains(low);
        if token.is_mark() || closed {
            break;
        }
        if low.ends_with("ly") && low.len() > 4 {
            // "The fully automated line", "the vendor suddenly": too many ways to read it.
            if i == from {
                return None;
            }
            break;
        }
        if i > from
            && (low.ends_with("ing")
                && !matches!(
                    low,
                    "meeting"
                        | "training"
                        | "building"
                        | "briefing"
                        | "hearing"
                        | "testing"
                        | "planning"
                        | "nursing"
                        | "accounting"
                        | "engineering"
                        | "marketing"
                        | "reporting"
                        | "pricing"
                        | "filing"
                        | "onboarding"
                        | "screening"
                        | "routing"
                        | "billing"
                        | "warning"
                        | "morning"
                )
                || is_past(low))
        {
            break;
        }
        i += 1;
        if i - from > 4 {
            return None;
        }
    }
    let last = i.checked_sub(1).filter(|&l| l >= from)?;
    let head = tokens[last].low.as_str();
    let participle = (head.ends_with("ed") || is_past(head)) && last == from;
    let adjective = head.ends_with("ful")
        || head.ends_with("ous")
        || head.ends_with("able") && head != "table" && head != "cable"
        || head.ends_with("ible")
        || head.ends_with("est")
            && !matches!(
                head,
                "test"
                    | "request"
                    | "interest"
                    | "guest"
                    | "forest"
                    | "arrest"
                    | "chest"
                    | "quest"
                    | "harvest"
            );
    let possessive = head.ends_with("'s") || head.ends_with("s'");
    let judged = GENERIC.contains(head)
        && matches!(
            head,
            "new"
                | "old"
                | "big"
                | "small"
                | "good"
                | "bad"
                | "hard"
                | "whole"
                | "first"
                | "last"
                | "only"
                | "best"
                | "worst"
                | "main"
                | "right"
                | "wrong"
                | "second"
                | "third"
        );
    // "The senior" before a figure or a name would be torn from it.
    let torn = tokens.get(last + 1).is_some_and(|t| {
        t.low == "and" || t.low == "by" || t.text == "-" || t.text == "/" || t.text == "'" || t.text == "’"
    });
    (!participle && !adjective && !possessive && !judged && !torn).then_some(last)
}
