//! The built-in interviewer: a bank of questions and the words around them.
//!
//! The texts are data (`bank/*.toml` of this crate); what is said when is decided here, by the brief, its seed
//! and the number of the ask alone.

mod addressed;
mod ask;
mod compose;
mod data;
mod families;
pub(crate) mod family;
pub mod fit;
mod introduced;
mod made;
mod named;
mod pasted;
mod place;
mod plain;
mod role;
mod sayable;
mod scene;
mod standing;
mod supposes;
mod wishes;
mod word_by_word;
mod written;

pub use family::family_of;

use crate::reading::{AnswerReading, Probe};
use crate::{Brief, StageKind, WriterLine};

/// Words the line that a brief asks for, from the bank and the candidate's own words, without repeating
/// anything in `brief.avoid`. `None` when nothing unused is left to ask.
pub fn compose(brief: &Brief) -> Option<WriterLine> {
    compose::compose(brief)
}

/// What is said while a spoken line is waited for: another one for each `said` before it, in an order by the seed;
/// `None` when all were said.
pub fn filler(seed: u64, said: usize) -> Option<&'static str> {
    let all = data::bank().words("filler", "line");
    let from = usize::try_from(seed % all.len().max(1) as u64).unwrap_or(0);
    (said < all.len()).then(|| all[(from + said) % all.len()].as_str())
}

/// A line of the bank, for the tool that trains which line goes with which answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankLine {
    /// What it is written for: a situation, `any`, or the class of thing that it names.
    pub place: String,
    /// What it asks for.
    pub probe: Probe,
    /// Its words; `{x}` stands for something that was told of.
    pub text: &'static str,
    /// Its words with an example for `{x}`.
    pub example: String,
}

impl BankLine {
    /// Its name in the file of [`fit`].
    pub fn name(&self) -> u64 {
        fit::name(&self.place, self.probe, self.text)
    }
}

/// All lines that may follow an answer.
pub fn lines() -> Vec<BankLine> {
    let written = written::lines().all().map(|(place, probe, text)| BankLine {
        place: place.to_owned(),
        probe,
        text,
        example: text.to_owned(),
    });
    let named = named::all().map(|(class, probe, text)| BankLine {
        place: format!("named_{class}"),
        probe,
        text,
        example: text.replace("{x}", &format!("the {}", named::example(class))),
    });
    written.chain(named).collect()
}

/// How well the line that goes best with an answer goes with it, in thousandths, of those of a kind of question. `None`
/// where that is not known.
pub fn best_fit(reading: &AnswerReading, probe: Probe) -> Option<i32> {
    let key = written::situation_key(reading, probe);
    let places = key.iter().map(String::as_str).chain(["any"]);
    let fits = places.flat_map(|place| {
        let lines = written::lines().asks(place, probe).iter();
        lines.filter_map(|line| fit::fit(reading, line.name))
    });
    fits.max()
}

/// The topics that the bank has questions for, each once, so that a plan can be checked.
pub fn topics() -> Vec<&'static str> {
    topics_where(|_| true)
}

/// Those of them that want an occasion.
pub fn topics_of_experience() -> Vec<&'static str> {
    topics_where(StageKind::tells_stories)
}

/// The topics of the kinds for which this holds. Kinds may share a topic.
fn topics_where(holds: impl Fn(StageKind) -> bool) -> Vec<&'static str> {
    let kinds = StageKind::ALL.into_iter().filter(|kind| holds(*kind));
    let mut topics = Vec::new();
    for topic in kinds.flat_map(|kind| kind.traits().topics) {
        if !topics.contains(topic) {
            topics.push(*topic);
        }
    }
    topics
}

/// What a posting asks for, in short phrases of its own, in its order.
pub fn requirements(posting: &str) -> Vec<String> {
    pasted::from_posting(posting).iter().map(|phrase| phrase.words().to_owned()).collect()
}

/// What a posting lists, item by item, whether or not it can be said in a question; without the title of the role.
pub fn wishes(posting: &str, role: &str) -> Vec<String> {
    wishes::wishes(posting, role)
}

/// What a CV says that was done, in phrases of its own, in its order.
pub fn deeds_in_cv(cv: &str) -> Vec<String> {
    pasted::deeds_of_cv(cv)
}

/// What a CV names, in short phrases of its own, in its order: places of work, deeds, tools.
pub fn named_in_cv(cv: &str) -> Vec<String> {
    pasted::from_cv(cv).iter().map(|phrase| phrase.words().to_owned()).collect()
}
