//! What is wrong with one sentence of a line, by its words and by its form.

use std::sync::LazyLock;

use super::fault::{LineFault, LineFaultKind};
use super::{person, theirs};
use crate::check::LineSentence;
use crate::listen::{PhraseHit, Phrases, PlainWord, asks_the_interviewer, is_past, words_of};
use crate::{Brief, LinePurpose};

static MANNER: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/manner.txt")));

/// How questions begin that leave open what is answered.
const OPEN: [&str; 6] = ["what", "which", "who", "where", "when", "how"];

/// The first thing that is wrong with a sentence of a line; `first`: whether the line begins with it.
pub(super) fn find_sentence_fault(
    brief: &Brief,
    sentence: &LineSentence<'_>,
    first: bool,
) -> Option<LineFault> {
    let words = words_of(sentence.text);
    let hits = MANNER.find(&words);
    let seen = ExaminedSentence { brief, sentence, words, hits, asks: sentence.is_question() };
    seen.not_to_them()
        .or_else(|| seen.unfit())
        .or_else(|| seen.leading())
        .or_else(|| seen.out_of_turn())
        .or_else(|| if first { seen.not_addressed() } else { None })
}

/// A sentence of a line, and what was found in it.
struct ExaminedSentence<'a> {
    brief: &'a Brief,
    sentence: &'a LineSentence<'a>,
    words: Vec<PlainWord>,
    hits: Vec<PhraseHit>,
    /// Whether it asks with a question mark.
    asks: bool,
}

impl ExaminedSentence<'_> {
    /// It is about the person, or to somebody else.
    fn not_to_them(&self) -> Option<LineFault> {
        let named = || person::misaddressed_words(self.brief, self.sentence);
        self.phrase(&[(LineFaultKind::NotToThem, "third", true)])
            .or_else(|| LineFault::of(LineFaultKind::NotToThem, named()))
    }

    /// It says what no interviewer says, whatever the line is for.
    fn unfit(&self) -> Option<LineFault> {
        self.phrase(&[
            (LineFaultKind::Leak, "leak", true),
            // Who asks what only others know is told so.
            (LineFaultKind::Leak, "withheld", !self.closes() && !self.is_asked()),
            (LineFaultKind::Promise, "promise", true),
            (LineFaultKind::Rating, "rating", !self.asks),
            (LineFaultKind::Advice, "advice_said", !self.asks),
            (LineFaultKind::Sarcasm, "sarcasm", true),
            (LineFaultKind::Blame, "blame", true),
        ])
    }

    /// It puts the answer into the person's mouth.
    fn leading(&self) -> Option<LineFault> {
        let open = self.words.first().is_some_and(|first| OPEN.contains(&first.word.as_str()));
        let phrase = || {
            self.phrase(&[
                (LineFaultKind::Leading, "leading", self.asks),
                // "What haven't we talked about?" leaves the answer open; "Haven't you ...?" does not.
                (LineFaultKind::Leading, "denied", self.asks && !open),
                (LineFaultKind::Leading, "presumes", true),
            ])
        };
        LineFault::of(LineFaultKind::Leading, tag(self.sentence))
            .or_else(phrase)
            .or_else(|| LineFault::of(LineFaultKind::Leading, declared(self.sentence, &self.words)))
    }

    /// It ends the interview, leaves the stage or begins again, where that is not due.
    fn out_of_turn(&self) -> Option<LineFault> {
        let Brief { purpose, stage, leaving, .. } = self.brief;
        let (closes, opens) = (self.closes(), *purpose == LinePurpose::Opening);
        let leaves = leaving.is_some() || matches!(purpose, LinePurpose::Transition | LinePurpose::Offer);
        self.phrase(&[
            (LineFaultKind::Stage, "ends_said", !self.asks && !closes),
            (LineFaultKind::Stage, "ends", !closes),
            // Who comes in is thanked for coming, too.
            (LineFaultKind::Stage, "thanked", !self.asks && !closes && !opens),
            (LineFaultKind::Stage, "leaves", !leaves),
            (LineFaultKind::Stage, "opens", !opens && !stage.kind.introduces()),
        ])
    }

    /// The first of these sections of phrases that counts here and of which one is found.
    fn phrase(&self, sections: &[(LineFaultKind, &str, bool)]) -> Option<LineFault> {
        sections.iter().filter(|(_, _, counts)| *counts).find_map(|(kind, section, _)| {
            let hit = self.hits.iter().find(|hit| hit.section == *section && !self.is_mild(hit))?;
            let words = self.words[hit.from..hit.to].iter().map(|word| word.word.as_str());
            LineFault::of(*kind, Some(words.collect::<Vec<_>>().join(" ")))
        })
    }

    /// Whether a phrase that takes back lies over this one.
    fn is_mild(&self, hit: &PhraseHit) -> bool {
        self.hits.iter().any(|other| other.section == "mild" && other.from < hit.to && hit.from < other.to)
    }

    /// The candidate has just asked something.
    fn is_asked(&self) -> bool {
        self.brief.recent.last().is_some_and(|last| asks_the_interviewer(&last.answer))
    }

    fn closes(&self) -> bool {
        self.brief.purpose == LinePurpose::Closing || self.brief.stage.kind.closes()
    }

    /// A line begins with a sentence to the person: one that speaks of the speaker is one of few, and one that speaks of
    /// neither takes up what was said.
    fn not_addressed(&self) -> Option<LineFault> {
        let Self { brief, sentence, words, hits, .. } = self;
        let own = hits.iter().any(|hit| hit.section == "to_them" && words[hit.from].first);
        let them = words.iter().any(|word| matches!(word.word.as_str(), "you" | "your"));
        if own || them || sentence.asks() {
            return None;
        }
        let first =
            words.iter().find(|word| word.first && matches!(word.word.as_str(), "i" | "we" | "my" | "our"));
        if let Some(first) = first {
            return LineFault::of(LineFaultKind::Leak, Some(first.word.clone()));
        }
        let asks_on = matches!(
            brief.purpose,
            LinePurpose::Question | LinePurpose::Probe | LinePurpose::Smaller | LinePurpose::Concrete
        );
        let whole = sentence.text.ends_with(['.', '!', '…']);
        let unfit = whole && asks_on && !theirs::addresses_candidate(brief, sentence, words);
        LineFault::of(LineFaultKind::Leak, unfit.then(|| sentence.text.to_owned()))
    }
}

/// A tag that asks to be agreed with: "..., right?", "You ..., would you?"
fn tag(sentence: &LineSentence<'_>) -> Option<String> {
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

/// "You were nervous?": a statement with a question mark leaves nothing to tell but yes.
fn declared(sentence: &LineSentence<'_>, words: &[PlainWord]) -> Option<String> {
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
