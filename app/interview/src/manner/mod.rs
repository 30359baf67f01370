//! How an interviewer speaks to a person, and what about: beyond the form of a line ([`crate::check_line`]), what it may
//! not say. A model's lines are held to it; the built-in interviewer's are written by it.
//!
//! Everything is told by frames of words, kept in `lists/`, and by what was said; of what is private a model that reads
//! lines has a say, too.

mod facts;
mod person;
mod private;

use std::sync::LazyLock;

use crate::check::{Sentence, sentences};
use crate::listen::{Hit, Phrases, Plain, words_of};
use crate::{Brief, Line, Purpose};

/// What is wrong with a line, and the words of it that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The kind.
    pub kind: SlipKind,
    /// The words of the line, as the rules read them.
    pub words: String,
}

/// What an interviewer does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlipKind {
    /// Asks about what is private or protected, and was not volunteered.
    Private,
    /// Greets somebody else, or speaks about the person instead of to them.
    NotToThem,
    /// Gives advice.
    Advice,
    /// Tells of its own directions.
    Leak,
    /// Rates what was said.
    Rating,
    /// Is sarcastic.
    Sarcasm,
    /// Blames.
    Blame,
    /// Puts the answer into the person's mouth.
    Leading,
    /// Promises something about the outcome.
    Promise,
    /// Ends the interview, or leaves the stage, where that is not due; or begins it again.
    Stage,
    /// States a name or a figure that was never given.
    Unsaid,
    /// Says the person's own words back in the first person, or at length.
    Echo,
}

static MANNER: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/manner.txt")));

/// From here on a line asks about something private, in thousandths of how likely a model takes that to be.
const PRIVATE: u16 = 500;
/// From here on it does where its words say so too.
const SUSPECTED: u16 = 75;

/// Whether a line is taken to ask about something private, by whether its words say so, and by how likely a model takes
/// it to be, in thousandths; `None`: no model has read it.
pub fn is_private(by_words: bool, likely: Option<u16>) -> bool {
    match likely {
        None => by_words,
        Some(likely) => likely >= PRIVATE || (by_words && likely >= SUSPECTED),
    }
}

/// The words by which a line asks about something private, if it does; where a model alone tells, its question.
/// `likely` as in [`is_private`].
pub fn asks_private(text: &str, likely: Option<u16>) -> Option<String> {
    let found =
        sentences(text).iter().find_map(|sentence| private::asked(sentence, &words_of(sentence.text)));
    let asks = is_private(found.is_some(), likely);
    let question = || Line { text: text.to_owned(), took_up: None }.question().to_owned();
    asks.then(|| found.unwrap_or_else(question))
}

/// The first thing that is wrong with a line, or with the beginning of one; `None` if nothing is. `likely`: how likely a
/// model takes it to ask about something private, as in [`is_private`].
pub fn slip(brief: &Brief, text: &str, likely: Option<u16>) -> Option<Slip> {
    if let Some(words) = asks_private(text, likely) {
        return Some(Slip { kind: SlipKind::Private, words });
    }
    let closing = brief.purpose == Purpose::Closing || brief.stage.kind.closes();
    let found = sentences(text).iter().enumerate().find_map(|(at, sentence)| {
        let words = words_of(sentence.text);
        let hits = MANNER.find(&words);
        let is = |section: &str, hit: &Hit| hit.section == section && !mild(&hits, hit);
        let hit = |section: &str| hits.iter().find(|hit| is(section, hit));
        let said = |section: &str| if sentence.is_question() { None } else { hit(section) };
        let slip =
            |kind: SlipKind, hit: Option<&Hit>| hit.map(|hit| Slip { kind, words: words_in(&words, hit) });
        let begun = brief.purpose != Purpose::Opening && !brief.stage.kind.introduces();
        let leaves = !matches!(brief.purpose, Purpose::Transition | Purpose::Offer);
        slip(SlipKind::NotToThem, hit("third"))
            .or_else(|| {
                person::not_to_them(brief, sentence).map(|words| Slip { kind: SlipKind::NotToThem, words })
            })
            .or_else(|| slip(SlipKind::Leak, hit("leak")))
            .or_else(|| slip(SlipKind::Promise, hit("promise")))
            .or_else(|| slip(SlipKind::Rating, hit("rating").filter(|_| !sentence.is_question())))
            .or_else(|| slip(SlipKind::Advice, said("advice_said")))
            .or_else(|| slip(SlipKind::Sarcasm, hit("sarcasm")))
            .or_else(|| slip(SlipKind::Blame, hit("blame")))
            .or_else(|| tag(sentence).map(|words| Slip { kind: SlipKind::Leading, words }))
            .or_else(|| slip(SlipKind::Leading, hit("leading").filter(|_| sentence.is_question())))
            .or_else(|| slip(SlipKind::Stage, said("ends_said").or_else(|| hit("ends")).filter(|_| !closing)))
            .or_else(|| slip(SlipKind::Stage, hit("leaves").filter(|_| leaves)))
            .or_else(|| slip(SlipKind::Stage, hit("opens").filter(|_| begun)))
            .or_else(|| (at == 0).then(|| not_addressed(sentence, &words, &hits)).flatten())
    });
    found
        .or_else(|| facts::unsaid(brief, text).map(|words| Slip { kind: SlipKind::Unsaid, words }))
        .or_else(|| facts::echoed(brief, text).map(|words| Slip { kind: SlipKind::Echo, words }))
}

/// A tag that asks to be agreed with: "..., right?", "You ..., would you?"
fn tag(sentence: &Sentence<'_>) -> Option<String> {
    const TAGS: [&str; 9] = ["right", "correct", "yes", "no", "eh", "agreed", "okay", "true", "surely"];
    const TURNED: [&str; 14] = [
        "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will",
        "would",
    ];
    const SUBJECTS: [&str; 9] = ["you", "it", "that", "this", "they", "he", "she", "there", "we"];
    let asked = sentence.text.trim_end_matches(['"', '”', ')']).strip_suffix('?')?;
    let (_, last) = asked.rsplit_once(',')?;
    let last = last.trim().to_lowercase();
    let words: Vec<&str> = last.split_whitespace().collect();
    // "You would never do that, would you?"; but "Say a word about it, would you?" asks politely.
    let turned = matches!(words[..], [verb, who] if TURNED.contains(&verb) && SUBJECTS.contains(&who));
    let first = sentence.text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let states =
        SUBJECTS.contains(&first.as_str()) || matches!(first.as_str(), "so" | "your" | "the" | "nobody");
    (TAGS.contains(&last.as_str()) || (turned && states)).then_some(last)
}

/// Whether a phrase that takes back lies over this one.
fn mild(hits: &[Hit], hit: &Hit) -> bool {
    hits.iter().any(|other| other.section == "mild" && other.from < hit.to && hit.from < other.to)
}

fn words_in(words: &[Plain], hit: &Hit) -> String {
    words[hit.from..hit.to].iter().map(|word| word.word.as_str()).collect::<Vec<_>>().join(" ")
}

/// A line begins with a sentence to the person: one that speaks of the speaker is one of few.
fn not_addressed(sentence: &Sentence<'_>, words: &[Plain], hits: &[Hit]) -> Option<Slip> {
    let first =
        words.iter().find(|word| word.first && matches!(word.word.as_str(), "i" | "we" | "my" | "our"))?;
    let own = hits.iter().any(|hit| hit.section == "to_them" && words[hit.from].first);
    let them = words.iter().any(|word| matches!(word.word.as_str(), "you" | "your"));
    let told = !own && !them && !sentence.asks();
    told.then(|| Slip { kind: SlipKind::Leak, words: first.word.clone() })
}
