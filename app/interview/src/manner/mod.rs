//! How an interviewer speaks to a person, and what about: beyond the form of a line ([`crate::check_line`]), what it may
//! not say. A model's lines are held to it; the built-in interviewer's are written by it.
//!
//! Everything is told by frames of words, kept in `lists/`, and by what was said: no line is judged by a model here.

mod facts;
mod person;
mod private;

use std::sync::LazyLock;

use crate::check::{Sentence, sentences};
use crate::listen::{Hit, Phrases, Plain, words_of};
use crate::{Brief, Purpose, StageKind};

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

/// The first thing that is wrong with a line, or with the beginning of one; `None` if nothing is.
pub fn slip(brief: &Brief, text: &str) -> Option<Slip> {
    let closing = brief.purpose == Purpose::Closing || brief.stage.kind == StageKind::Closing;
    let found = sentences(text).iter().enumerate().find_map(|(at, sentence)| {
        let words = words_of(sentence.text);
        let hits = MANNER.find(&words);
        let is = |section: &str, hit: &Hit| hit.section == section && !mild(&hits, hit);
        let hit = |section: &str| hits.iter().find(|hit| is(section, hit));
        let said = |section: &str| if sentence.is_question() { None } else { hit(section) };
        let slip =
            |kind: SlipKind, hit: Option<&Hit>| hit.map(|hit| Slip { kind, words: words_in(&words, hit) });
        let begun = brief.purpose != Purpose::Opening && brief.stage.kind != StageKind::Introduction;
        let leaves = !matches!(brief.purpose, Purpose::Transition | Purpose::Offer);
        private::asked(sentence, &words)
            .map(|words| Slip { kind: SlipKind::Private, words })
            .or_else(|| slip(SlipKind::NotToThem, hit("third")))
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

/// A tag that asks to be agreed with: "..., right?"
fn tag(sentence: &Sentence<'_>) -> Option<String> {
    const TAGS: [&str; 9] = ["right", "correct", "yes", "no", "eh", "agreed", "okay", "true", "surely"];
    let asked = sentence.text.trim_end_matches(['"', '”', ')']).strip_suffix('?')?;
    let (_, last) = asked.rsplit_once(',')?;
    let last = last.trim().to_lowercase();
    TAGS.contains(&last.as_str()).then_some(last)
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
