//! Tells an answer from talk beside the point, from talk in general, and from too little.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use super::{
    parsed::ParsedAnswer,
    token::{AnswerToken, plain, tokens},
    words::{COURTESY, GENERIC, LEISURE, OFF_TOPIC, STOP, WORK, is_past, particular as is_particular, stem},
};

/// So many words tell something.
const TALE: usize = 14;

/// True when it has nothing to do with work, study or the way through life, and something speaks for other talk.
pub(super) fn off_topic(said: &ParsedAnswer<'_>) -> bool {
    if mashed(said) {
        return true;
    }
    let hits: BTreeSet<&str> =
        said.plain.iter().map(|w| w.word.as_str()).filter(|w| OFF_TOPIC.contains(w)).collect();
    let worked = said.deeds.iter().any(|d| !LEISURE.contains(said.tokens[d.verb].low.as_str()));
    let personal = said.plain.iter().any(|w| matches!(w.word.as_str(), "my" | "me"));
    // One word of a whole tale may be what the work was about: a harness of flowers for somebody's dog.
    let tale = said.plain.len() >= TALE;
    let doubtful = said.has_tool
        || said.reasons
        || worked
        || (hits.len() < 2 && (personal || tale))
        || said.plain.len() < 3;
    if hits.is_empty() || doubtful {
        return false;
    }
    let known = context_stems(said);
    !said.plain.iter().map(|w| stem(&w.word)).any(|s| WORK.contains(&s) || known.contains(&s))
}

/// Stems of the words of content of the question, the role and what was pasted.
fn context_stems(said: &ParsedAnswer<'_>) -> BTreeSet<String> {
    [said.context.question, said.context.role, said.context.pasted]
        .iter()
        .flat_map(|text| text.unicode_words())
        .map(str::to_lowercase)
        .filter(|w| !STOP.contains(w.as_str()) && !GENERIC.contains(w.as_str()))
        .map(|w| stem(&w))
        .collect()
}

/// Keys struck at random, or one word over and over.
fn mashed(said: &ParsedAnswer<'_>) -> bool {
    let words: Vec<&str> = said.tokens.iter().filter(|t| t.is_word()).map(|t| t.low.as_str()).collect();
    let first = words.first().copied().unwrap_or("");
    if words.len() >= 3 && words.iter().all(|w| *w == first) && !matches!(first, "yes" | "no") {
        return true;
    }
    let struck = words.iter().filter(|w| at_random(w)).count();
    struck > 0 && struck * 5 >= words.len() * 3
}

fn at_random(word: &str) -> bool {
    const ROWS: [&str; 8] = ["asdf", "sdfg", "dfgh", "qwer", "wert", "zxcv", "hjkl", "jkl;"];
    if !word.is_ascii() || word.len() < 4 {
        return false;
    }
    let bytes = word.as_bytes();
    let same = bytes.windows(4).any(|w| w.iter().all(|b| *b == w[0]));
    let letters = word.chars().all(|c| c.is_ascii_alphabetic());
    let mute = letters && word.len() >= 5 && !word.chars().any(|c| "aeiouy".contains(c));
    let doubled = word.len() >= 6 && letters && {
        let unit = &bytes[..2];
        bytes.chunks(2).all(|c| c == unit)
    };
    same || mute || doubled || ROWS.iter().any(|r| word.contains(r))
}

/// General talk without an occasion.
pub(super) fn vague(said: &ParsedAnswer<'_>) -> bool {
    let question = plain(said.context.question);
    let hypothetical =
        ["would you", "what if", "imagine", "how would", "suppose"].iter().any(|h| question.contains(h));
    let conditional =
        said.plain.windows(2).any(|w| matches!(w[0].word.as_str(), "i" | "we") && w[1].word == "would");
    let someone = said.plain.iter().any(|w| {
        matches!(
            w.word.as_str(),
            "i" | "we" | "you" | "people" | "communication" | "teamwork" | "everyone" | "one"
        )
    });
    let occasion = said.dated
        || said.deeds.iter().any(|d| {
            !matches!(said.tokens[d.verb].low.as_str(), "tried" | "worked" | "learned" | "learnt" | "helped")
        })
        || said.particular_figures
        || said.has_name
        || said.plain.iter().any(|w| is_past(&w.word) && !STATIVE_ADJECTIVES.contains(&w.word.as_str()));
    said.habits > 0
        && someone
        && !occasion
        && !said.has_tool
        && said.plain.len() >= 3
        && !(hypothetical && conditional)
}

/// Words that look like a past tense and tell of none.
const STATIVE_ADJECTIVES: [&str; 16] = [
    "organised",
    "organized",
    "motivated",
    "interested",
    "dedicated",
    "focused",
    "detailed",
    "experienced",
    "committed",
    "put",
    "set",
    "let",
    "read",
    "cut",
    "stressed",
    "involved",
];

/// Too little to hold on to.
pub(super) fn short(said: &ParsedAnswer<'_>) -> bool {
    let content =
        said.plain.iter().filter(|w| !STOP.contains(w.word.as_str()) && !COURTESY.contains(w.word.as_str()));
    let content: Vec<&str> = content.map(|w| w.word.as_str()).collect();
    if content.len() >= 6 {
        return false;
    }
    let script =
        said.tokens.iter().any(|t| t.is_word() && t.text.chars().next().is_none_or(|c| (c as u32) >= 0x250));
    if script {
        return content.iter().map(|w| w.chars().count()).sum::<usize>() < 6;
    }
    let particular = content.iter().filter(|w| is_particular(w) && !JUDGING.contains(*w)).count();
    let deed = said.deeds.iter().any(|d| {
        said.tokens
            .iter()
            .skip(d.verb + 1)
            .take(8)
            .take_while(|t| t.sentence == said.tokens[d.verb].sentence)
            .any(|t| is_particular(&t.low) && !JUDGING.contains(&t.low.as_str()))
    });
    let past = said
        .plain
        .iter()
        .any(|w| is_past(&w.word) && !matches!(w.word.as_str(), "was" | "were" | "had" | "did"));
    let long_enough = said.plain.len() >= 9 && (particular >= 2 || (particular == 1 && past));
    let figure = said.particular_figures || (said.dated && content.len() <= 5);
    let narrow = particular > 0 && asks_narrowly(said.context.question);
    !(deed
        || figure
        || said.has_tool
        || said.has_name
        || narrow
        || long_enough
        || (said.reasons && particular > 0))
}

/// Words that only judge.
const JUDGING: [&str; 22] = [
    "yes",
    "no",
    "ok",
    "fine",
    "cool",
    "nothing",
    "suppose",
    "guess",
    "depends",
    "alright",
    "whatever",
    "challenging",
    "tough",
    "stressful",
    "communication",
    "teamwork",
    "challenging",
    "tricky",
    "awesome",
    "terrible",
    "stuff",
    "smoothly",
];

/// A question that wants a name, a number or a place.
fn asks_narrowly(question: &str) -> bool {
    let low: Vec<String> =
        tokens(question).into_iter().filter(|t: &AnswerToken<'_>| !t.is_mark()).map(|t| t.low).collect();
    low.windows(2).any(|w| {
        matches!(
            (w[0].as_str(), w[1].as_str()),
            ("how", "many" | "long" | "much" | "often" | "big" | "old" | "far")
        ) || matches!(w[0].as_str(), "where" | "when" | "who" | "whom")
            || matches!(
                (w[0].as_str(), w[1].as_str()),
                (
                    "which" | "what",
                    "tool" | "tools" | "company" | "year" | "part" | "language" | "system" | "step" | "name"
                )
            )
    })
}
