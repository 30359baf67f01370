//! What is known where a story stands.

use crate::learnt::NamedFeatures;
use crate::reading::{AnswerReading, Ask, HardEventOwner, Part, Probe, Tone, Who};

/// Where a story stands.
#[derive(Debug, Clone, Copy)]
pub struct StoryStanding<'a> {
    /// How the last answer was read.
    pub reading: &'a AnswerReading,
    /// How many words it has.
    pub words: u32,
    /// What all answers of the story hold together.
    pub told: &'a [Part],
    /// What was asked after it, in order.
    pub asked: &'a [Probe],
    /// The topic that it was asked for.
    pub topic: &'a str,
}

/// What is known of it.
pub fn story_features(standing: &StoryStanding<'_>) -> NamedFeatures {
    let StoryStanding { reading, words, told, asked, topic } = *standing;
    let mut known = NamedFeatures::default();
    let much = |thousandths: u16| f32::from(thousandths) / 1_000.0;
    known.put_flag(("any", "story"), true);
    for ask in Ask::ALL {
        let likely = reading.probes.iter().filter(|one| one.what.ask() == *ask).map(|one| one.likely).max();
        known.put(("read: asks", ask.key()), much(likely.unwrap_or(0)));
    }
    if let Some(first) = reading.probes.first() {
        known.put_flag(("read: asks first", first.what.ask().key()), true);
    }
    for part in &reading.parts {
        known.put(("read: has", part.what.key()), much(part.likely));
    }
    for part in &reading.missing {
        known.put(("read: misses", part.what.key()), much(part.likely));
    }
    for situation in &reading.situations {
        known.put(("read: is", situation.what.key()), much(situation.likely));
    }
    if let Some(first) = reading.situations.first() {
        known.put_flag(("read: is most", first.what.key()), true);
    }
    if let Some(whose) = reading.whose {
        let key = match whose {
            HardEventOwner::Own => "own",
            HardEventOwner::Other => "other",
            HardEventOwner::Minor => "minor",
        };
        known.put_flag(("read: whose", key), true);
    }
    known.put(("read", "open"), much(reading.open));
    sentences(reading, &mut known);
    for part in Part::ALL {
        known.put_flag(("told so far", part.key()), told.contains(part));
    }
    known.put_flag(("words", how_many(words)), true);
    known.put_flag(("asked", ["nothing", "once", "twice", "often"][asked.len().min(3)]), true);
    for ask in Ask::ALL {
        known.put_flag(("asked for", ask.key()), asked.iter().any(|probe| probe.ask() == *ask));
    }
    if let Some(last) = asked.last() {
        known.put_flag(("asked last for", last.ask().key()), true);
    }
    for sort in ["failure", "conflict"] {
        known.put_flag(("topic", sort), topic == sort);
    }
    known
}

fn sentences(reading: &AnswerReading, known: &mut NamedFeatures) {
    let all = &reading.sentences;
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let does =
        |sentence: &crate::reading::SentenceReading| sentence.roles.first().map(|role| role.what.key());
    if let (Some(first), Some(does)) = (does(first), does(last)) {
        known.put_flag(("begins with", first), true);
        known.put_flag(("ends with", does), true);
    }
    known.put_flag(("ends: goes", last.tone.key()), true);
    known.put_flag(("ends: acts", last.who.key()), true);
    for role in crate::reading::Role::ALL {
        known.put_flag(
            ("somewhere", role.key()),
            all.iter().any(|sentence| does(sentence) == Some(role.key())),
        );
    }
    let share = |count: usize| count as f32 / all.len() as f32;
    for who in Who::ALL {
        known.put(("acts", who.key()), share(all.iter().filter(|sentence| sentence.who == *who).count()));
    }
    for tone in Tone::ALL {
        known.put(("goes", tone.key()), share(all.iter().filter(|sentence| sentence.tone == *tone).count()));
    }
}

fn how_many(words: u32) -> &'static str {
    match words {
        0..8 => "few",
        8..16 => "a sentence",
        16..30 => "some",
        30..60 => "many",
        60..120 => "a lot",
        _ => "a page",
    }
}
