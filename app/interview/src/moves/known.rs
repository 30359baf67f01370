//! What is known where an introduction stands, beyond what is known where any story does.

use crate::StageKind;
use crate::learnt::{FeatureName, NamedFeatures};
use crate::listen::{
    Hook, NarrativeTense, declines, ends_in_own_deed, hook, narrative_tense, plays_down, speaks_of_you,
    tells_a_change,
};
use crate::next::{self, StoryStanding};

/// The numbers that say which lines go with an answer.
const WANTS: [&str; 24] = [
    "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23",
];
/// One of those numbers is mostly smaller than this.
const WANTED: f32 = 64.0;

/// Words that say what sort of thing is said of oneself, wherever they stand.
const SIGNS: &[(FeatureName, &[&str])] = &[
    (("says", "like"), &["like", "love", "enjoy", "enjoyed", "loved", "liked", "fun", "favourite"]),
    (("says", "want"), &["want", "wanted", "hope", "hoping", "wish", "dream", "looking", "ready"]),
    (("says", "why"), &["because", "cause", "reason", "why", "since"]),
    (("says", "change"), &["left", "moved", "switched", "changed", "decided", "quit", "joined", "retrained"]),
    (
        ("says", "start"),
        &["started", "began", "first", "trained", "studied", "degree", "apprenticeship", "school"],
    ),
    (("says", "then"), &["then", "after", "later", "next", "until", "eventually"]),
    (("says", "now"), &["now", "currently", "today", "moment"]),
    (("says", "always"), &["always", "usually", "never", "every", "tend", "people", "person"]),
    (("says", "good"), &["good", "best", "strong", "proud", "won", "award", "promoted"]),
    (
        ("says", "hard"),
        &["hard", "difficult", "struggled", "ill", "died", "lost", "redundant", "failed", "worst"],
    ),
    (("says", "unsure"), &["dunno", "maybe", "suppose", "guess", "sure", "think", "probably"]),
    (("says", "we"), &["we", "us", "our"]),
    (("says", "years"), &["years", "year", "months"]),
    (("says", "you"), &["you", "your"]),
    (("says", "not"), &["not", "don't", "dont", "didn't", "no", "nothing", "can't", "isn't"]),
];

/// What is known of it. `said`: the words of the last answer.
pub fn introduction_features(standing: &StoryStanding<'_>, said: &str) -> NamedFeatures {
    let mut known = next::story_features(standing);
    let kinds = StageKind::ALL.iter().filter(|kind| kind.introduces());
    for topic in kinds.flat_map(|kind| kind.traits().topics).filter(|topic| **topic == standing.topic) {
        known.put_flag(("topic", topic), true);
        // What a follow-up brings differs from what a topic begins with.
        known.put_flag(("topic, not followed up", topic), standing.asked.is_empty());
    }
    for (name, number) in WANTS.iter().zip(&standing.reading.wants) {
        known.put(("wants more", name), f32::from(*number).max(0.0) / WANTED);
        known.put(("wants less", name), (-f32::from(*number)).max(0.0) / WANTED);
    }
    known.put_flag(("tells", "event"), narrative_tense(said) == Some(NarrativeTense::Event));
    known.put_flag(("tells", "habit"), narrative_tense(said) == Some(NarrativeTense::Habit));
    known.put_flag(("tells", "change"), tells_a_change(said));
    known.put_flag(("ends", "own deed"), ends_in_own_deed(said));
    known.put_flag(("ends", "weight"), hook(said) == Some(Hook::Weight));
    known.put_flag(("ends", "hint"), hook(said) == Some(Hook::Hint));
    known.put_flag(("tone", "modest"), plays_down(said));
    known.put_flag(("tone", "declines"), declines(said));
    known.put_flag(("of", "you"), speaks_of_you(said));
    let commas = said.matches([',', ';']).count() + said.matches(" and ").count();
    known.put_flag(("list", ["none", "short", "some", "long"][commas.div_ceil(2).min(3)]), true);
    let low = said.to_lowercase();
    let words: Vec<&str> = low.split(|c: char| !(c.is_alphanumeric() || c == '\'')).collect();
    for (name, signs) in SIGNS {
        known.put_flag(*name, words.iter().any(|word| signs.contains(word)));
    }
    known
}
