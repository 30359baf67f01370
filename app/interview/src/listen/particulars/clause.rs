//! Turns of events ("the vendor pulled out") and short sentences worth quoting.

use super::{
    super::{
        grammar::{ADVERBS, CLAUSE, FINITE, PREPOSITIONS, SUBJECTS, dangles},
        token::AnswerToken,
        words::{EVENT, is_past, particular},
    },
    candidate::ParticularCandidate,
};
use crate::heard::ParticularKind;

/// Lower-cases the first letter, unless the first word is written with capitals inside.
pub(super) fn lowered(said: &str) -> String {
    let first = said.split_whitespace().next().unwrap_or("");
    if first.chars().skip(1).any(char::is_uppercase)
        || first == "I"
        || first.starts_with("I'")
        || first.starts_with("I’")
    {
        return said.to_owned();
    }
    let mut chars = said.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// What befell them: a noun with "the" or "our" before it, and what it did.
pub(super) fn turns(tokens: &[AnswerToken<'_>]) -> Vec<ParticularCandidate> {
    (0..tokens.len()).filter_map(|i| turn(tokens, i)).collect()
}

fn turn(tokens: &[AnswerToken<'_>], at: usize) -> Option<ParticularCandidate> {
    let low = |i: usize| tokens.get(i).map_or("", |t| t.low.as_str());
    if !matches!(low(at), "the" | "our" | "my") || !opens_clause(tokens, at) {
        return None;
    }
    let verb =
        (at + 2..at + 5).find(|&i| EVENT.contains(low(i)) || matches!(low(i), "was" | "were" | "got"))?;
    let noun = &tokens[at + 1..verb];
    let plain = |t: &AnswerToken<'_>| {
        let l = t.low.as_str();
        t.is_word()
            && !PREPOSITIONS.contains(&l)
            && !CLAUSE.contains(&l)
            && !FINITE.contains(&l)
            && !SUBJECTS.contains(&l)
            && !matches!(
                l,
                "and" | "that" | "other" | "thing" | "problem" | "only" | "same" | "way" | "time" | "issue"
            )
            && !ADVERBS.contains(&l)
    };
    if !noun.iter().all(plain) || noun.iter().any(|t| is_past(&t.low) && !t.low.ends_with("ed")) {
        return None;
    }
    // "The project was cancelled" needs the participle of an event.
    let mut from_verb = verb;
    if !EVENT.contains(low(verb)) {
        from_verb = (EVENT.contains(low(verb + 1)) && low(verb + 1).ends_with('d')).then_some(verb + 1)?;
    }
    let mut last = from_verb;
    for i in from_verb + 1..from_verb + 8 {
        let Some(token) = tokens.get(i) else { break };
        let l = token.low.as_str();
        if token.is_mark() || CLAUSE.contains(&l) || matches!(l, "and" | "that" | "um" | "uh") {
            break;
        }
        if SUBJECTS.contains(&l) || FINITE.contains(&l) || (is_past(l) && i > from_verb + 1) {
            // A new clause without a mark: where the first ended is unknown.
            last = if last > from_verb { last } else { return None };
            break;
        }
        last = i;
    }
    if last + 1 - at > 10 {
        return None;
    }
    while last > from_verb && dangles(low(last)) {
        last -= 1;
    }
    let alone = matches!(
        low(from_verb),
        "left"
            | "quit"
            | "failed"
            | "broke"
            | "crashed"
            | "died"
            | "collapsed"
            | "resigned"
            | "refused"
            | "cancelled"
            | "complained"
            | "froze"
            | "stopped"
            | "disappeared"
            | "withdrew"
            | "exploded"
            | "leaked"
            | "recovered"
            | "improved"
            | "apologised"
            | "laughed"
            | "cried"
            | "closed"
            | "agreed"
            | "noticed"
            | "signed"
    );
    let particle = matches!(
        low(last),
        "out" | "down" | "off" | "up" | "away" | "through" | "back" | "apart" | "bankrupt" | "over"
    );
    let content = tokens[at..=last].iter().filter(|t| particular(&t.low)).count();
    if (last == from_verb && !alone && from_verb == verb) || (content == 0 && !particle) {
        return None;
    }
    let said = super::super::grammar::to_you(tokens, at, last)?;
    Some(ParticularCandidate {
        kind: ParticularKind::Turn,
        from: at,
        to: last,
        to_you: Some(lowered(&said)),
        bonus: 0.2,
    })
}

/// True when a clause begins with this token.
fn opens_clause(tokens: &[AnswerToken<'_>], at: usize) -> bool {
    if tokens[at].first {
        return true;
    }
    let before = &tokens[at - 1];
    // "On Friday the conveyor stopped".
    const TIMES: [&str; 19] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "later",
        "ago",
        "night",
        "day",
        "morning",
        "evening",
        "week",
        "month",
        "year",
        "point",
        "summer",
        "end",
    ];
    TIMES.contains(&before.low.as_str())
        || matches!(before.text, "," | ";" | ":" | "-" | "–" | "—")
        || matches!(
            before.low.as_str(),
            "but"
                | "because"
                | "then"
                | "so"
                | "when"
                | "until"
                | "suddenly"
                | "unfortunately"
                | "and"
                | "once"
                | "eventually"
                | "finally"
        ) && (before.low != "and"
            || at >= 2 && (tokens[at - 2].is_mark() || tokens[at - 2].sentence != before.sentence))
}

/// Words that make a sentence one to quote.
const TELLING: [&str; 16] = [
    "every",
    "everyone",
    "everybody",
    "nobody",
    "nothing",
    "never",
    "always",
    "trust",
    "truth",
    "matters",
    "worth",
    "cannot",
    "can't",
    "worse",
    "silence",
    "afraid",
];

/// Short sentences and clauses that can be quoted as a whole.
pub(super) fn sayings(tokens: &[AnswerToken<'_>]) -> Vec<ParticularCandidate> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < tokens.len() {
        let sentence = tokens[from].sentence;
        let end =
            tokens[from..].iter().position(|t| t.sentence != sentence).map_or(tokens.len(), |n| from + n);
        found.extend(saying(tokens, from, end));
        // "... and every wrong balance is somebody's rent, so ...": a general clause within a sentence.
        for i in from + 1..end {
            let general =
                matches!(tokens[i].low.as_str(), "every" | "nobody" | "nothing" | "everyone" | "everybody");
            if general && matches!(tokens[i - 1].low.as_str(), "and" | "but" | "because" | "that" | ",") {
                let until = (i..end.min(i + 21))
                    .find(|&j| tokens[j].is_mark() || tokens[j].low == "so" || tokens[j].low == "because");
                found.extend(saying(tokens, i, until.unwrap_or(end)));
            }
        }
        from = end;
    }
    found
}

fn saying(tokens: &[AnswerToken<'_>], from: usize, end: usize) -> Option<ParticularCandidate> {
    let mut from = from;
    while from < end
        && (tokens[from].is_mark()
            || matches!(tokens[from].low.as_str(), "but" | "and" | "so" | "well" | "honestly"))
    {
        from += 1;
    }
    let mut last = end.checked_sub(1)?;
    if end.saturating_sub(from) > 20 {
        return None;
    }
    if tokens.get(from..end).is_none_or(|t| t.iter().any(|t| t.text == "?")) {
        return None;
    }
    while last > from && tokens[last].is_mark() {
        last -= 1;
    }
    let words = tokens.get(from..=last)?;
    let low = |t: &AnswerToken<'_>| t.low.clone();
    let first = low(words.first()?);
    let anaphor = [
        "it", "this", "that", "these", "those", "he", "she", "they", "it's", "that's", "there", "which",
        "if", "when", "to", "in", "at", "for", "as", "or", "always", "never", "usually", "only", "then",
        "because", "what", "how",
    ];
    let personal = |l: &str| {
        matches!(
            l,
            "i" | "we"
                | "me"
                | "us"
                | "my"
                | "our"
                | "i'm"
                | "i've"
                | "we're"
                | "you"
                | "your"
                | "it"
                | "he"
                | "she"
                | "they"
                | "him"
                | "her"
                | "them"
                | "maybe"
                | "guess"
                | "basically"
                | "think"
                | "his"
                | "their"
                | "its"
        )
    };
    let finite = words
        .iter()
        .position(|t| {
            FINITE.contains(&t.low.as_str())
                || matches!(
                    t.low.as_str(),
                    "matters"
                        | "knows"
                        | "means"
                        | "beats"
                        | "comes"
                        | "costs"
                        | "isn't"
                        | "doesn't"
                        | "can't"
                        | "don't"
                )
                || is_past(&t.low)
        })
        // "Nobody reads a long message".
        .or_else(|| {
            (first == "nobody" || first == "everyone" || first == "everybody" || first == "nothing")
                .then_some(1)
                .filter(|_| words.get(1).is_some_and(|t| t.low.ends_with('s')))
        })?;
    let telling = words.iter().any(|t| TELLING.contains(&t.low.as_str()));
    let content = words.iter().filter(|t| particular(&t.low)).count();
    let sized = (4..=12).contains(&words.len());
    let marked = words.iter().any(AnswerToken::is_mark);
    if !sized
        || !telling
        || content < 2
        || finite == 0
        || finite + 1 == words.len() && !is_past(&words[finite].low)
        || marked
        || anaphor.contains(&first.as_str())
        || words.iter().any(|t| personal(&t.low))
    {
        return None;
    }
    let said = super::super::grammar::to_you(tokens, from, last)?;
    let to_you = if tokens[from].first
        && (super::super::words::STOP.contains(first.as_str()) || TELLING.contains(&first.as_str()))
    {
        lowered(&said)
    } else {
        said
    };
    Some(ParticularCandidate {
        kind: ParticularKind::Saying,
        from,
        to: last,
        to_you: Some(to_you),
        bonus: 0.5,
    })
}
