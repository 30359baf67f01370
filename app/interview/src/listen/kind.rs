//! Decides what kind of thing was said.
//!
//! A request counts only when it is what the utterance is: its phrase, courtesies, and little else. Whoever tells
//! of a deed answers, whatever words are in it.

use std::sync::LazyLock;

use super::{
    parsed::ParsedAnswer,
    pattern::{PhraseHit, Phrases, is_in_narrated_clause},
    substance::{off_topic, short, vague},
    words::{ABUSE, COURTESY, STOP},
};
use crate::heard::AnswerKind;

static REQUESTS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/requests.txt")));

/// Longest utterance, in words, that can be a request.
const REQUEST_WORDS: usize = 45;
/// Longest utterance, in words, that can be an attempt to change the rules: such texts are pasted.
const TRICK_WORDS: usize = 600;

/// Longest question back that does not begin as one.
const ASKED_BACK: usize = 6;

/// Past tenses of missing the question, which are no deeds.
const MISSING: [&str; 10] =
    ["missed", "lost", "caught", "zoned", "drifted", "asked", "misheard", "repeated", "followed", "failed"];

/// The kinds a request can be, the weightiest first, with how many words of content may stand beside it.
const REQUEST_KINDS: [(&str, AnswerKind, usize); 9] = [
    ("trick", AnswerKind::Trick, 8),
    ("hostile", AnswerKind::Hostile, 5),
    ("stop", AnswerKind::AsksStop, 4),
    ("repeat", AnswerKind::AsksRepeat, 5),
    ("skip", AnswerKind::AsksSkip, 6),
    ("move_on", AnswerKind::AsksMoveOn, 4),
    ("wait", AnswerKind::AsksWait, 1),
    ("clarify", AnswerKind::AsksClarify, 6),
    ("dont_know", AnswerKind::DontKnow, 2),
];

/// The kind, and what a question back is about.
pub(super) fn kind(said: &ParsedAnswer<'_>) -> (AnswerKind, Option<String>) {
    if said.plain.is_empty() {
        let asks = said.tokens.iter().any(|t| t.text == "?");
        return (if asks { AnswerKind::AsksRepeat } else { AnswerKind::Short }, None);
    }
    if let Some(kind) = request(said) {
        let about = (kind == AnswerKind::AsksClarify).then(|| about(said)).flatten();
        return (kind, about);
    }
    if off_topic(said) {
        return (AnswerKind::OffTopic, None);
    }
    if vague(said) {
        return (AnswerKind::Vague, None);
    }
    if short(said) {
        // "Why do you ask?": whoever asks back wants an answer first.
        let begins = said.plain.first().map_or("", |w| w.word.as_str());
        let asks_back = matches!(
            begins,
            "what"
                | "why"
                | "how"
                | "who"
                | "which"
                | "when"
                | "where"
                | "is"
                | "are"
                | "do"
                | "does"
                | "did"
                | "can"
                | "could"
                | "may"
                | "should"
                | "will"
                | "would"
        );
        let asked = said.tokens.iter().rev().find(|t| t.text != "\n").is_some_and(|t| t.text == "?");
        // "About the dogs?", "Went ahead with what?": what they ask back about stands in their words.
        let few = said.plain.len() <= ASKED_BACK;
        let about = few && (asked || said.plain.last().is_some_and(|last| last.word == "what"));
        let kind = if asks_back && asked || about { AnswerKind::AsksClarify } else { AnswerKind::Short };
        return (kind, None);
    }
    (AnswerKind::Answer, None)
}

fn request(said: &ParsedAnswer<'_>) -> Option<AnswerKind> {
    let words = &said.plain;
    if words.len() > TRICK_WORDS {
        return None;
    }
    let hits = REQUESTS.find(words).into_iter();
    let hits: Vec<PhraseHit> =
        hits.filter(|hit| addressed(said, *hit) && !is_part_of_story(said, *hit)).collect();
    let mut covered = vec![false; words.len()];
    for hit in &hits {
        covered[hit.from..hit.to].fill(true);
        if matches!(hit.section, "dont_know" | "clarify" | "skip" | "repeat") {
            // "I can't think of a time when I failed": what it is about belongs to it, up to the next clause.
            for i in hit.to..words.len() {
                let word = &words[i];
                let turns = matches!(
                    word.word.as_str(),
                    "but" | "so" | "because" | "and" | "maybe" | "perhaps" | "if"
                );
                if word.sentence != words[hit.to - 1].sentence || turns || pause_before(said, word.token) {
                    break;
                }
                covered[i] = true;
            }
        }
    }
    for (i, word) in words.iter().enumerate() {
        covered[i] |= ABUSE.contains(word.word.as_str());
    }
    let abusive = words.iter().any(|w| ABUSE.contains(w.word.as_str()));
    let rest: Vec<&str> = words
        .iter()
        .zip(&covered)
        .filter(|(w, c)| !**c && !STOP.contains(w.word.as_str()) && !COURTESY.contains(w.word.as_str()))
        .map(|(w, _)| w.word.as_str())
        .collect();
    let told = said.deeds.iter().any(|deed| {
        let verb = said.tokens[deed.verb].low.as_str();
        let free = words.iter().zip(&covered).any(|(w, c)| w.token == deed.verb && !*c);
        free && !MISSING.contains(&verb)
    });
    for (section, kind, may_stand) in REQUEST_KINDS {
        let found = hits.iter().any(|h| h.section == section && fits(said, *h))
            || (kind == AnswerKind::Hostile && abusive);
        let long = words.len() > REQUEST_WORDS && kind != AnswerKind::Trick;
        if !found || told || long {
            continue;
        }
        // "A kid had seconds. Shut up, I know.": said of what they told, and not to anybody.
        let beside = kind == AnswerKind::Hostile
            && !abusive
            && hits
                .iter()
                .filter(|h| h.section == section)
                .all(|h| words[h.from].sentence > words[0].sentence)
            && words.iter().any(|w| w.sentence == words[0].sentence && rest.contains(&w.word.as_str()));
        if beside {
            continue;
        }
        // A pasted order begins with the order; what follows it does not make it an answer.
        let pasted = kind == AnswerKind::Trick
            && hits.iter().any(|h| h.section == section && words[h.from].sentence <= 1);
        if rest.len() <= may_stand || pasted {
            return Some(if kind == AnswerKind::AsksWait && later(&hits, "dont_know", "wait") {
                AnswerKind::DontKnow
            } else {
                kind
            });
        }
    }
    None
}

fn later(hits: &[PhraseHit], one: &str, other: &str) -> bool {
    let last = |section| hits.iter().filter(|h| h.section == section).map(|h| h.to).max();
    last(one).is_some_and(|a| last(other).is_none_or(|b| a > b))
}

fn pause_before(said: &ParsedAnswer<'_>, token: usize) -> bool {
    token
        .checked_sub(1)
        .is_some_and(|i| said.tokens[i].is_mark() && !matches!(said.tokens[i].text, "\"" | "“" | "”" | "'"))
}

/// Whether what could be a request is part of what they tell.
fn is_part_of_story(said: &ParsedAnswer<'_>, hit: PhraseHit) -> bool {
    let words = &said.plain;
    let next = words.get(hit.to).filter(|word| word.sentence == words[hit.from].sentence);
    let next = next.map_or("", |word| word.word.as_str());
    let last = words[hit.to - 1].word.as_str();
    let told = matches!(hit.section, "dont_know" | "repeat" | "clarify" | "skip" | "hostile" | "stop");
    if told && is_in_narrated_clause(words, &said.tokens, hit.from) {
        return true;
    }
    match hit.section {
        // "I don't understand people from Kerry", "I can't hear a seat belt": something of their work.
        "repeat" | "clarify"
            if matches!(last, "understand" | "understood" | "follow" | "hear" | "hearing") =>
        {
            !next.is_empty() && !ASKED.contains(&next)
        }
        "dont_know" => knows_otherwise(said, hit),
        _ => false,
    }
}

/// Whether it is something of their work that they do not know, remember or have: "I don't know who chose July".
fn knows_otherwise(said: &ParsedAnswer<'_>, hit: PhraseHit) -> bool {
    let words = &said.plain;
    let here = words[hit.from].sentence;
    let at =
        |at: usize| words.get(at).filter(|word| word.sentence == here).map_or("", |word| word.word.as_str());
    // "A button I don't know": what is said to whoever listens begins a clause, where marks tell clauses apart.
    let marked = said.tokens.iter().any(|token| token.is_mark());
    let begins = words[hit.from].first || pause_before(said, words[hit.from].token);
    let starts = hit.from.checked_sub(1).is_some_and(|before| {
        let before = at(before);
        STARTERS.contains(&before) || COURTESY.contains(before)
    });
    if marked && !begins && !starts {
        return true;
    }
    let verb = (hit.from..hit.to).find(|verb| {
        matches!(at(*verb), "know" | "sure" | "remember" | "recall" | "think" | "say" | "dunno")
    });
    let Some(verb) = verb else { return false };
    let (next, then) = (at(verb + 1), at(verb + 2));
    let asks = ["who", "where", "why", "when", "how", "if", "whether", "that", "what", "there", "which"]
        .contains(&next);
    // "What to say", "how to put it", "what you mean", "what else to add".
    let of_answers = then.is_empty() || matches!(then, "to" | "you" | "else") || at(verb + 3) == "to";
    let theirs = matches!(next, "my" | "his" | "her" | "our" | "their");
    let of_work = next == "about" && !matches!(then, "" | "that" | "this" | "it");
    // "I can't remember a rule": only of examples somebody has none.
    let thing = matches!(next, "a" | "an") && !EXAMPLES.contains(&then);
    asks && !of_answers || theirs || of_work || thing
}

/// Words before "I don't know" with which it still begins what is said.
const STARTERS: [&str; 26] = [
    "and", "but", "so", "well", "honestly", "um", "uh", "uhh", "hm", "hmm", "gosh", "oh", "no", "sorry",
    "maybe", "or", "just", "really", "actually", "though", "because", "think", "then", "okay", "still",
    "yet",
];

/// What follows "I don't understand" where it is the question that is not understood.
const ASKED: [&str; 16] = [
    "the",
    "your",
    "this",
    "that",
    "it",
    "you",
    "what",
    "question",
    "sorry",
    "fully",
    "completely",
    "correctly",
    "well",
    "properly",
    "how",
    "because",
];
/// What somebody has none of.
const EXAMPLES: [&str; 18] = [
    "time",
    "example",
    "situation",
    "instance",
    "occasion",
    "moment",
    "case",
    "story",
    "good",
    "single",
    "specific",
    "particular",
    "thing",
    "real",
    "clear",
    "concrete",
    "day",
    "better",
];

/// False for the words of a request that belong to a tale: "they asked me to repeat the question".
fn addressed(said: &ParsedAnswer<'_>, hit: PhraseHit) -> bool {
    let words = &said.plain;
    let back = |n: usize| {
        hit.from
            .checked_sub(n)
            .and_then(|i| words.get(i))
            .filter(|w| w.sentence == words[hit.from].sentence)
            .map_or("", |w| w.word.as_str())
    };
    match back(1) {
        "to" => matches!(back(2), "you" | "like" | "want" | "able" | "possible" | "prefer"),
        "they" | "he" | "she" | "who" | "had" | "has" | "always" | "never" | "when" | "if" | "that"
            if hit.section != "trick" =>
        {
            matches!(hit.section, "hostile" | "dont_know" | "clarify") && back(1) == "that"
                || (back(1) == "if" && matches!(words[hit.from].word.as_str(), "you" | "we" | "i"))
        }
        "they" | "he" | "she" | "who" | "had" | "has" | "always" | "never" | "when" => false,
        _ => true,
    }
}

/// Conditions of single kinds that a phrase cannot tell.
fn fits(said: &ParsedAnswer<'_>, hit: PhraseHit) -> bool {
    let words = &said.plain;
    let next =
        words.get(hit.to).filter(|w| w.sentence == words[hit.from].sentence).map_or("", |w| w.word.as_str());
    match hit.section {
        // "I want to stop smoking", "I have to go into detail".
        "stop" => {
            matches!(
                next,
                "" | "now"
                    | "because"
                    | "please"
                    | "sorry"
                    | "thanks"
                    | "thank"
                    | "and"
                    | "but"
                    | "i"
                    | "if"
                    | "soon"
                    | "today"
                    | "here"
                    | "this"
                    | "my"
                    | "it"
                    | "as"
                    | "for"
                    | "early"
                    | "right"
                    | "altogether"
                    | "then"
            ) && (next != "my" || pause_before(said, words[hit.to].token))
        }
        // "I don't know if you know Kafka": a lead-in.
        "dont_know" => {
            let begins_tale =
                matches!(next, "if" | "whether") && words.iter().skip(hit.to).any(|w| w.word == "but");
            // "I know I haven't got loads of experience": who grants something knows what to say.
            let grants =
                hit.from >= 2 && words[hit.from - 1].word == "know" && words[hit.from - 2].word == "i";
            !begins_tale && !grants
        }
        // "Sorry." at the end of an answer is an apology, and so is "No. Sorry."
        "repeat" if hit.to - hit.from == 1 && words[hit.from].word == "sorry" => {
            words.len() <= 3 && words.iter().all(|word| word.word != "no")
                || question_mark_after(said, words[hit.from].token)
        }
        "clarify" => {
            // A question word at the beginning asks only with a question mark, or all by itself.
            words.len() <= 25
                && (question_mark_after(said, words[hit.to - 1].token)
                    || words[hit.from].sentence == words[0].sentence && !said.deeds.iter().any(|d| !d.we))
        }
        _ => true,
    }
}

fn question_mark_after(said: &ParsedAnswer<'_>, token: usize) -> bool {
    let sentence = said.tokens[token].sentence;
    said.tokens[token..].iter().take_while(|t| t.sentence == sentence).any(|t| t.text == "?")
}

/// What "what do you mean by ...?" is about, as said.
fn about(said: &ParsedAnswer<'_>) -> Option<String> {
    let words = &said.plain;
    let at = |i: usize| words.get(i).map_or("", |w| w.word.as_str());
    let is_about = (0..words.len()).find_map(|i| match at(i) {
        "by" | "with" if i > 0 && matches!(at(i - 1), "mean" | "meant" | "understand" | "exactly") => {
            Some((i + 1, ""))
        }
        "does" if at(i.wrapping_sub(1)) == "what" => Some((i + 1, "mean")),
        "say" if at(i.wrapping_sub(1)) == "you" && i >= 2 && at(i - 2) == "when" => Some((i + 1, "")),
        "define" => Some((i + 1, "")),
        "explain" | "clarify" => Some((i + 1, "")),
        _ => None,
    });
    let (from, until) = is_about?;
    let sentence = words.get(from)?.sentence;
    let phrase: Vec<usize> = words
        .iter()
        .skip(from)
        .take_while(|w| w.sentence == sentence && (until.is_empty() || w.word != until))
        .map(|w| w.token)
        .collect();
    let skip = |t: &&usize| {
        matches!(
            said.tokens[**t].low.as_str(),
            "the" | "a" | "an" | "that" | "word" | "term" | "exactly" | "saying" | "what" | "you" | "mean"
        )
    };
    let kept: Vec<usize> = phrase.iter().skip_while(skip).copied().collect();
    let (first, mut last) = (*kept.first()?, *kept.last()?);
    // What follows a mark belongs to something else: "by ownership, sorry?".
    if let Some(mark) = (first..=last).find(|&t| said.tokens[t].is_mark()) {
        last = mark.checked_sub(1)?;
    }
    while last > first
        && matches!(
            said.tokens[last].low.as_str(),
            "here" | "exactly" | "please" | "to" | "me" | "in" | "this" | "context"
        )
    {
        last -= 1;
    }
    let words = said.text.get(said.tokens[first].start..said.tokens[last].end)?;
    let low = super::token::plain(words);
    let pointless = [
        "question",
        "it",
        "this",
        "that",
        "me",
        "you",
        "mean",
        "please",
        "what you mean",
        "you mean",
        "again",
        "more",
        "to me",
    ];
    (last - first < 6
        && !pointless.contains(&low.as_str())
        && !low.contains("question")
        && super::grammar::clean(words))
    .then(|| words.to_owned())
}
