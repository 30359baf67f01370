//! Finds what an answer has: its elements, its voice, its hedges, what sounds through it.

use std::{collections::BTreeSet, sync::LazyLock};

use super::{
    pattern::{PhraseHit, Phrases, PlainWord},
    token::{AnswerToken, AnswerTokenKind},
    words::{CASED, TOOLS, is_number_word},
};
use crate::heard::{Element, Feeling, NarrativeVoice};

static CUES: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/cues.txt")));

/// The cues of an answer.
pub(super) fn cues(words: &[PlainWord]) -> Vec<PhraseHit> {
    CUES.find(words)
}

/// The element that a section of the cues stands for.
fn element(section: &str) -> Option<Element> {
    Some(match section {
        "situation" => Element::Situation,
        "task" => Element::Task,
        "result" => Element::Result,
        "reasoning" => Element::Reasoning,
        "obstacle" => Element::Obstacle,
        "role" => Element::Role,
        "team" => Element::Team,
        "technology_hint" => Element::Technology,
        "date" => Element::Date,
        "reflection" => Element::Reflection,
        _ => return None,
    })
}

/// A year as people write it.
pub(super) fn is_year(token: &AnswerToken<'_>) -> bool {
    token.sort == AnswerTokenKind::Figure
        && token.text.len() == 4
        && token.text.parse::<u32>().is_ok_and(|year| (1850..2060).contains(&year))
}

/// How many tokens from here on name a tool or a technique; 0 for none.
pub(super) fn tool_at(tokens: &[AnswerToken<'_>], i: usize) -> usize {
    let token = &tokens[i];
    let listed = TOOLS.get(&token.low).map_or(0, |names| {
        names
            .iter()
            .find(|name| {
                name.len() <= tokens.len() - i && name.iter().zip(&tokens[i..]).all(|(word, token)| *word == token.low)
                    // "Lean" and "SEN" are names only with a capital.
                    && (name.len() > 1 || name[0].len() > 5 || !AMBIGUOUS.contains(&name[0].as_str()) || token.capital() && !token.first)
            })
            .map_or(0, Vec::len)
    });
    let cased = CASED.contains(token.text) && !token.first && token.is_word();
    if listed == 0 { usize::from(cased) } else { listed }
}

/// Short names that are also everyday words.
const AMBIGUOUS: [&str; 26] = [
    "lean",
    "sen",
    "agile",
    "git",
    "ruby",
    "java",
    "sas",
    "perl",
    "bash",
    "iv",
    "apache",
    "vue",
    "angular",
    "cache",
    "miro",
    "iep",
    "lambda",
    "sentry",
    "s3",
    "azure",
    "chef",
    "helm",
    "aws's",
    "shopify's",
    "churn",
    "looker",
];

/// The elements of an answer, sorted, each once.
pub(super) fn elements(
    tokens: &[AnswerToken<'_>],
    hits: &[PhraseHit],
    acted: bool,
    tooled: bool,
) -> Vec<Element> {
    let mut found: BTreeSet<Element> = hits.iter().filter_map(|h| element(h.section)).collect();
    if acted {
        found.insert(Element::Action);
    }
    if tooled {
        found.insert(Element::Technology);
    }
    for (i, token) in tokens.iter().enumerate() {
        if is_year(token) {
            found.insert(Element::Date);
        } else if token.sort == AnswerTokenKind::Figure
            || is_number_word(&token.low)
            || matches!(token.low.as_str(), "half" | "percent")
        {
            found.insert(Element::Scale);
        }
        // "At Northwind": a place.
        let named = |t: &AnswerToken<'_>| t.capital() && !matches!(t.low.as_str(), "i" | "i'm" | "i've");
        if matches!(token.low.as_str(), "at" | "in") && tokens.get(i + 1).is_some_and(named) {
            found.insert(Element::Situation);
        }
    }
    found.into_iter().collect()
}

/// Whom it is about: first by the deeds, then by the pronouns.
pub(super) fn voice(words: &[PlainWord], own_deeds: usize, common_deeds: usize) -> NarrativeVoice {
    match (own_deeds, common_deeds) {
        (0, 1..) => return NarrativeVoice::We,
        (1.., 0) => return NarrativeVoice::I,
        (0, 0) | (1.., 1..) => {}
    }
    let count = |some: &[&str]| words.iter().filter(|w| some.contains(&w.word.as_str())).count();
    let (own, common) = (count(&["i", "my", "me", "myself"]), count(&["we", "our", "us", "ourselves"]));
    if own >= 2 * common && own > 0 {
        NarrativeVoice::I
    } else if common >= 2 * own && common > 0 {
        NarrativeVoice::We
    } else {
        NarrativeVoice::Mixed
    }
}

/// How many hedges there are. "This kind of job", "the one I think of" and "a bit of bother" are none.
pub(super) fn hedges(words: &[PlainWord], hits: &[PhraseHit]) -> u32 {
    const NAMING: [&str; 15] = [
        "this", "that", "these", "those", "what", "which", "some", "any", "every", "the", "same", "other",
        "another", "right", "new",
    ];
    let word = |at: usize| words.get(at).map_or("", |word| word.word.as_str());
    let hedges = |hit: &&PhraseHit| {
        let before = hit.from.checked_sub(1).map_or("", word);
        let named = matches!(word(hit.from), "kind" | "sort") && NAMING.contains(&before);
        let of = word(hit.to) == "of" && matches!(word(hit.to - 1), "think" | "bit");
        hit.section == "hedge" && !named && !of
    };
    let places: BTreeSet<usize> = hits.iter().filter(hedges).map(|h| h.from).collect();
    u32::try_from(places.len()).unwrap_or(u32::MAX)
}

/// What sounds through it; pain before nerves.
pub(super) fn feeling(words: &[PlainWord], hits: &[PhraseHit]) -> Option<Feeling> {
    if hits.iter().any(|h| h.section == "painful") {
        return Some(Feeling::Painful);
    }
    let sorry = words.iter().filter(|w| w.word == "sorry").count();
    let restarts = words.windows(2).filter(|w| w[0].word == w[1].word && w[0].word == "i").count();
    (hits.iter().any(|h| h.section == "nervous") || sorry >= 2 || restarts >= 2).then_some(Feeling::Nervous)
}
