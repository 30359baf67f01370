//! What is private is not asked: age, family, health, origin, faith, politics, pay and the like, as far as it is the
//! person's own. Patients', clients' and pupils' matters are work. Known by frames: who is asked, and about what.

use std::sync::LazyLock;

use crate::check::Sentence;
use crate::listen::{Hit, Phrases, Plain};

static PRIVATE: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/private.txt")));

/// The words by which a sentence asks about something private, or presumes it.
pub(super) fn asked(sentence: &Sentence<'_>, words: &[Plain]) -> Option<String> {
    let hits = PRIVATE.find(words);
    let any = |section: &str| hits.iter().any(|hit| hit.section == section);
    // A word of care, or the assurance that it need not be told.
    if !sentence.is_question() && any("mild") {
        return None;
    }
    let (work, others) = (any("work"), any("others"));
    let fine = |hit: &Hit| {
        hits.iter().any(|other| other.section == "fine" && other.from < hit.to && hit.from < other.to)
    };
    let hit = hits.iter().filter(|hit| hit.section == "ask" && !fine(hit)).find(|hit| {
        let words = || words[hit.from..hit.to].iter().map(|word| word.word.as_str());
        // Asked how they do their work, or about others, only what is named as their own is private.
        let own = words().next() == Some("your") || words().any(|word| word == "ever");
        let theirs = words().any(|word| matches!(word, "you" | "your"));
        (!work || own) && (!others || theirs)
    })?;
    Some(words[hit.from..hit.to].iter().map(|word| word.word.as_str()).collect::<Vec<_>>().join(" "))
}
