//! What is private is not asked: age, family, health, origin, faith, politics, pay and the like, as far as it is the
//! person's own and they have not told of it. Patients', clients' and pupils' matters are work. Known by frames: who is
//! asked, and about what.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::check::{LineSentence, sentences};
use crate::listen::{PhraseHit, Phrases, PlainWord, words_of};
use crate::{InterviewHistory, WriterLine};

static PRIVATE: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/private.txt")));

/// From here on a line asks about something private, in thousandths of how likely a model takes that to be.
const LIKELY: u16 = 500;
/// From here on it does where its words say so too.
const SUSPECTED: u16 = 75;

/// Within so many words before it stands whose something is.
const OWNED: usize = 4;

/// What the words of a line say about whether it asks about something private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrivacyVerdict {
    /// Nothing.
    Silent,
    /// It asks about the work side of what the person told of themselves: it may be asked.
    Volunteered,
    /// It does, but the words may be mistaken.
    Suspected,
    /// It does, whatever a model thinks.
    Sure,
}

impl PrivacyVerdict {
    /// Whether a line is taken to be private, with how likely a model takes it to be so, in thousandths; `None`: no model
    /// has read it.
    pub fn is_private(self, likely: Option<u16>) -> bool {
        match self {
            Self::Silent => likely.is_some_and(|likely| likely >= LIKELY),
            Self::Volunteered => false,
            Self::Suspected => likely.is_none_or(|likely| likely >= SUSPECTED),
            Self::Sure => true,
        }
    }
}

/// What the words of a line say, and which of them do; none where they say nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyFinding {
    /// What they say.
    pub by: PrivacyVerdict,
    /// The words.
    pub words: String,
}

/// What the words of a line say about whether it asks about something private, after what the person has told.
pub fn judge_privacy_by_words(so_far: &InterviewHistory, text: &str) -> PrivacyFinding {
    let told = PrivateDisclosures::of(so_far);
    let mut found = PrivacyFinding { by: PrivacyVerdict::Silent, words: String::new() };
    let mut cared = false;
    for sentence in sentences(text) {
        let words = words_of(sentence.text);
        let hits = PRIVATE.find(&words);
        let judged = judge_sentence(&sentence, &words, &hits, &told, cared);
        cared |= is_care(&sentence, &hits) && hits.iter().any(is_matter);
        if judged.by > found.by {
            found = judged;
        }
    }
    found
}

/// A line as a model is to read it: what one says one would like to know is what one asks. "I wonder what you left out."
/// is read as "Tell me what you left out."
pub fn rephrase_as_request(text: &str) -> String {
    const QUESTION: [&str; 10] =
        ["what", "who", "which", "when", "where", "why", "how", "whether", "whose", "about"];
    let line = WriterLine { text: text.to_owned(), took_up: None };
    let asked = line.question();
    let words = words_of(asked);
    let wish =
        PRIVATE.find(&words).into_iter().filter(|hit| hit.section == "wish").min_by_key(|hit| hit.from);
    let low = asked.to_ascii_lowercase();
    let frame =
        wish.and_then(|wish| words.get(wish.to - 1)).filter(|word| QUESTION.contains(&word.word.as_str()));
    // The frame ends before its question word, which is found again in the text as it stands.
    let at = frame.and_then(|word| {
        low.match_indices(&word.word).map(|(at, _)| at).find(|at| {
            let before = low[..*at].chars().next_back();
            before.is_some_and(char::is_whitespace)
        })
    });
    match at.and_then(|at| asked.get(at..)) {
        Some(rest) => text.replacen(asked, &format!("Tell me {rest}"), 1),
        None => text.to_owned(),
    }
}

/// What a person told of their own that is private, as the words by which it would be asked about.
struct PrivateDisclosures {
    /// All of it.
    all: BTreeSet<String>,
    /// What was told as something painful: one may be sorry about it, and not ask.
    painful: BTreeSet<String>,
}

impl PrivateDisclosures {
    fn of(so_far: &InterviewHistory) -> Self {
        let matters = |text: &String| {
            // "My daughter was ill" is asked about as "your daughter".
            let turned: Vec<PlainWord> = words_of(text).into_iter().map(turn_to_second_person).collect();
            let hits = PRIVATE.find(&turned);
            // Their own: "my parental leave", "I was on parental leave"; the leave of a patient's mother is not.
            let own = |hit: &&PhraseHit| {
                let near = &turned[hit.from.saturating_sub(OWNED)..hit.to];
                near.iter().any(|word| matches!(word.word.as_str(), "you" | "your"))
            };
            let told = hits.iter().filter(|hit| is_matter(hit) && !is_fine(&hits, hit)).filter(own);
            told.flat_map(|hit| content(&turned[hit.from..hit.to])).collect::<Vec<_>>()
        };
        Self {
            all: so_far.answers.iter().flat_map(matters).collect(),
            painful: so_far.painful.iter().flat_map(matters).collect(),
        }
    }

    fn holds(&self, words: &[PlainWord], painful_too: bool) -> bool {
        let mut matter = content(words).peekable();
        let told = |word: String| self.all.contains(&word) && (painful_too || !self.painful.contains(&word));
        matter.peek().is_some() && matter.all(told)
    }
}

/// The words of a first person as they are said to it.
fn turn_to_second_person(mut word: PlainWord) -> PlainWord {
    let to_you = match word.word.as_str() {
        "i" | "me" | "we" | "us" => "you",
        "my" | "our" => "your",
        "mine" | "ours" => "yours",
        _ => return word,
    };
    to_you.clone_into(&mut word.word);
    word
}

/// The words of a frame that say what it is about.
fn content(words: &[PlainWord]) -> impl Iterator<Item = String> {
    const SMALL: [&str; 48] = [
        "you", "your", "yours", "do", "did", "does", "are", "were", "was", "is", "have", "had", "has", "be",
        "been", "will", "would", "could", "can", "might", "a", "an", "the", "to", "of", "in", "on", "at",
        "for", "with", "from", "about", "and", "or", "so", "then", "ever", "still", "already", "how", "what",
        "who", "which", "when", "where", "own", "after", "that",
    ];
    words.iter().filter(|word| !SMALL.contains(&word.word.as_str())).map(|word| word.word.clone())
}

fn is_matter(hit: &PhraseHit) -> bool {
    matches!(hit.section, "ask" | "sure")
}

fn is_fine(hits: &[PhraseHit], hit: &PhraseHit) -> bool {
    hits.iter().any(|other| other.section == "fine" && other.from < hit.to && hit.from < other.to)
}

/// A word of care, which asks nothing.
fn is_care(sentence: &LineSentence<'_>, hits: &[PhraseHit]) -> bool {
    !sentence.is_question() && hits.iter().any(|hit| hit.section == "sorry")
}

/// Whether a sentence is a word of care.
pub(super) fn cares(sentence: &LineSentence<'_>, words: &[PlainWord]) -> bool {
    is_care(sentence, &PRIVATE.find(words))
}

/// What the words of a sentence say. `cared`: a sentence before it is a word of care about something private.
fn judge_sentence(
    sentence: &LineSentence<'_>,
    words: &[PlainWord],
    hits: &[PhraseHit],
    told: &PrivateDisclosures,
    cared: bool,
) -> PrivacyFinding {
    let any = |section: &str| hits.iter().any(|hit| hit.section == section);
    let found = |by: PrivacyVerdict, hit: Option<&PhraseHit>| {
        let words = hit.map_or(&[][..], |hit| &words[hit.from..hit.to]);
        let words = words.iter().map(|word| word.word.as_str()).collect::<Vec<_>>().join(" ");
        PrivacyFinding { by, words }
    };
    // The assurance that it need not be told.
    if !sentence.is_question() && any("assure") {
        return found(PrivacyVerdict::Silent, None);
    }
    // "I am sorry that you lost your baby. Would you like to try again?"
    let after = hits.iter().find(|hit| hit.section == "after");
    if cared && after.is_some() {
        return found(PrivacyVerdict::Sure, after);
    }
    let (work, others) = (any("work"), any("others"));
    let meant = hits.iter().filter(|hit| is_matter(hit) && !is_fine(hits, hit)).filter(|hit| {
        let words = || words[hit.from..hit.to].iter().map(|word| word.word.as_str());
        // Asked how they do their work, or about others, only what is named as their own is private.
        let own = words().next() == Some("your") || words().any(|word| word == "ever");
        let theirs = words().any(|word| matches!(word, "you" | "your"));
        (!work || own || hit.section == "sure") && (!others || theirs)
    });
    let care = is_care(sentence, hits);
    // Whoever told of a leave has not told of the next one.
    let ahead = any("ahead") && !care;
    let (known, new): (Vec<&PhraseHit>, Vec<&PhraseHit>) =
        meant.partition(|hit| !ahead && told.holds(&words[hit.from..hit.to], care));
    if let Some(hit) = new.iter().find(|hit| hit.section == "sure").or_else(|| new.first()) {
        // To be sorry about what nobody told presumes it.
        let sure = hit.section == "sure" || care;
        return found(if sure { PrivacyVerdict::Sure } else { PrivacyVerdict::Suspected }, Some(hit));
    }
    if !known.is_empty() && !care && any("side") {
        return found(PrivacyVerdict::Volunteered, known.first().copied());
    }
    found(PrivacyVerdict::Silent, None)
}
