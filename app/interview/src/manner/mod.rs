//! How an interviewer speaks to a person, and what about: beyond the form of a line ([`crate::check_line`]), what it may
//! not say. A model's lines are held to it; the built-in interviewer's are written by it.
//!
//! Everything is told by frames of words, kept in `lists/`, and by what was said; of what is private a model that reads
//! lines has a say, too.

mod facts;
mod names;
mod person;
mod private;
mod theirs;

use std::sync::LazyLock;

pub use private::{ByWords, Found, asked_straight, by_words};

use crate::check::{Sentence, sentences};
use crate::listen::{Hit, Phrases, Plain, is_past, words_of};
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

/// How questions begin that leave open what is answered.
const OPEN: [&str; 6] = ["what", "which", "who", "where", "when", "how"];

/// The first thing that is wrong with a line, or with the beginning of one; `None` if nothing is. `likely`: how likely a
/// model takes it to ask about something private, as in [`ByWords::is_private`].
pub fn slip(brief: &Brief, text: &str, likely: Option<u16>) -> Option<Slip> {
    let private = by_words(&brief.so_far, text);
    let refused = private.by.is_private(likely);
    if refused && private.by != ByWords::Silent {
        return Some(Slip { kind: SlipKind::Private, words: private.words });
    }
    let closing = brief.purpose == Purpose::Closing || brief.stage.kind.closes();
    let opening = brief.purpose == Purpose::Opening;
    let found = sentences(text).iter().enumerate().find_map(|(at, sentence)| {
        let words = words_of(sentence.text);
        let hits = MANNER.find(&words);
        let is = |section: &str, hit: &Hit| hit.section == section && !mild(&hits, hit);
        let hit = |section: &str| hits.iter().find(|hit| is(section, hit));
        let open = words.first().is_some_and(|first| OPEN.contains(&first.word.as_str()));
        let said = |section: &str| if sentence.is_question() { None } else { hit(section) };
        let slip =
            |kind: SlipKind, hit: Option<&Hit>| hit.map(|hit| Slip { kind, words: words_in(&words, hit) });
        let begun = !opening && !brief.stage.kind.introduces();
        let leaves =
            brief.leaving.is_none() && !matches!(brief.purpose, Purpose::Transition | Purpose::Offer);
        slip(SlipKind::NotToThem, hit("third"))
            .or_else(|| {
                person::not_to_them(brief, sentence).map(|words| Slip { kind: SlipKind::NotToThem, words })
            })
            .or_else(|| slip(SlipKind::Leak, hit("leak")))
            // Who asks at the end what only others know is told so.
            .or_else(|| slip(SlipKind::Leak, hit("withheld").filter(|_| !closing)))
            .or_else(|| slip(SlipKind::Promise, hit("promise")))
            .or_else(|| slip(SlipKind::Rating, hit("rating").filter(|_| !sentence.is_question())))
            .or_else(|| slip(SlipKind::Advice, said("advice_said")))
            .or_else(|| slip(SlipKind::Sarcasm, hit("sarcasm")))
            .or_else(|| slip(SlipKind::Blame, hit("blame")))
            .or_else(|| tag(sentence).map(|words| Slip { kind: SlipKind::Leading, words }))
            .or_else(|| slip(SlipKind::Leading, hit("leading").filter(|_| sentence.is_question())))
            // "What haven't we talked about?" leaves the answer open; "Haven't you ...?" does not.
            .or_else(|| slip(SlipKind::Leading, hit("denied").filter(|_| sentence.is_question() && !open)))
            .or_else(|| slip(SlipKind::Leading, hit("presumes")))
            .or_else(|| declared(sentence, &words).map(|words| Slip { kind: SlipKind::Leading, words }))
            .or_else(|| slip(SlipKind::Stage, said("ends_said").or_else(|| hit("ends")).filter(|_| !closing)))
            // Who comes in is thanked for coming, too.
            .or_else(|| slip(SlipKind::Stage, said("thanked").filter(|_| !closing && !opening)))
            .or_else(|| slip(SlipKind::Stage, hit("leaves").filter(|_| leaves)))
            .or_else(|| slip(SlipKind::Stage, hit("opens").filter(|_| begun)))
            .or_else(|| (at == 0).then(|| not_addressed(brief, sentence, &words, &hits)).flatten())
    });
    found
        .or_else(|| facts::unsaid(brief, text).map(|words| Slip { kind: SlipKind::Unsaid, words }))
        .or_else(|| facts::echoed(brief, text).map(|words| Slip { kind: SlipKind::Echo, words }))
        // What a model alone finds comes last: it cannot say which words it means, the others can.
        .or_else(|| {
            let question = || Line { text: text.to_owned(), took_up: None }.question().to_owned();
            refused.then(|| Slip { kind: SlipKind::Private, words: question() })
        })
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
    // "..., would it not?"
    let denied = matches!(words[..], [verb, who, "not"] if TURNED.contains(&verb) && SUBJECTS.contains(&who));
    (TAGS.contains(&last.as_str()) || (turned && states) || denied).then_some(last)
}

/// Whether a phrase that takes back lies over this one.
fn mild(hits: &[Hit], hit: &Hit) -> bool {
    hits.iter().any(|other| other.section == "mild" && other.from < hit.to && hit.from < other.to)
}

fn words_in(words: &[Plain], hit: &Hit) -> String {
    words[hit.from..hit.to].iter().map(|word| word.word.as_str()).collect::<Vec<_>>().join(" ")
}

/// "You were nervous?": a statement with a question mark leaves nothing to tell but yes.
fn declared(sentence: &Sentence<'_>, words: &[Plain]) -> Option<String> {
    const SUBJECTS: [&str; 20] = [
        "you",
        "it",
        "that",
        "this",
        "they",
        "he",
        "she",
        "there",
        "we",
        "i",
        "the",
        "your",
        "his",
        "her",
        "their",
        "nobody",
        "everyone",
        "everybody",
        "someone",
        "somebody",
    ];
    const ASKING: [&str; 9] = ["what", "who", "whom", "whose", "which", "when", "where", "why", "how"];
    const AUXILIARIES: [&str; 15] = [
        "did", "do", "does", "is", "are", "was", "were", "have", "has", "had", "would", "could", "can",
        "will", "should",
    ];
    let from = words.iter().rposition(|word| word.first)?;
    let at = |i: usize| words.get(i).map_or("", |word| word.word.as_str());
    if !sentence.is_question() || !SUBJECTS.contains(&at(from)) {
        return None;
    }
    let rest = &words[from + 1..];
    // "It was Amina who ...": what follows asks nothing.
    let cleft = at(from) == "it" && matches!(at(from + 1), "is" | "was");
    let open = rest.iter().enumerate().any(|(i, word)| {
        let word = word.word.as_str();
        let relative = cleft && matches!(word, "who" | "which" | "whose" | "where" | "when");
        let turned = i > 0 && AUXILIARIES.contains(&word) && (SUBJECTS.contains(&at(from + i + 2)));
        (ASKING.contains(&word) && !relative) || turned || word == "whether"
    });
    let verb = rest.iter().any(|word| AUXILIARIES.contains(&word.word.as_str()) || is_past(&word.word));
    let lead = || words[from..words.len().min(from + 3)].iter().map(|word| word.word.as_str());
    (verb && !open).then(|| lead().collect::<Vec<_>>().join(" "))
}

/// A line begins with a sentence to the person: one that speaks of the speaker is one of few, and one that speaks of
/// neither takes up what was said.
fn not_addressed(brief: &Brief, sentence: &Sentence<'_>, words: &[Plain], hits: &[Hit]) -> Option<Slip> {
    let slip = |words: &str| Some(Slip { kind: SlipKind::Leak, words: words.to_owned() });
    let own = hits.iter().any(|hit| hit.section == "to_them" && words[hit.from].first);
    let them = words.iter().any(|word| matches!(word.word.as_str(), "you" | "your"));
    if own || them || sentence.asks() {
        return None;
    }
    let first =
        words.iter().find(|word| word.first && matches!(word.word.as_str(), "i" | "we" | "my" | "our"));
    if let Some(first) = first {
        return slip(&first.word);
    }
    let asks_on =
        matches!(brief.purpose, Purpose::Question | Purpose::Probe | Purpose::Smaller | Purpose::Concrete);
    let whole = sentence.text.ends_with(['.', '!', '…']);
    if whole && asks_on && !theirs::is_to_them(brief, sentence, words) { slip(sentence.text) } else { None }
}

/// Whether the beginning of a line, whole sentences of it, can be said before its question is known: what is new in it
/// may lead to what nobody may ask.
pub fn may_begin(brief: &Brief, text: &str) -> bool {
    theirs::leads_nowhere_new(brief, text)
}
