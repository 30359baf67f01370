//! What is known where a story stands.

use crate::learnt::Known;
use crate::reading::{Ask, Part, Probe, Reading, Tone, Who, Whose};

/// Where a story stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// How the last answer was read.
    pub reading: &'a Reading,
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
pub fn known(standing: &Standing<'_>) -> Known {
    let Standing { reading, words, told, asked, topic } = *standing;
    let mut known = Known::default();
    let much = |thousandths: u16| f32::from(thousandths) / 1_000.0;
    known.is(("any", "story"), true);
    for ask in Ask::ALL {
        let likely = reading.probes.iter().filter(|one| one.what.ask() == *ask).map(|one| one.likely).max();
        known.put(("read: asks", ask.key()), much(likely.unwrap_or(0)));
    }
    if let Some(first) = reading.probes.first() {
        known.is(("read: asks first", first.what.ask().key()), true);
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
        known.is(("read: is most", first.what.key()), true);
    }
    if let Some(whose) = reading.whose {
        let key = match whose {
            Whose::Own => "own",
            Whose::Other => "other",
            Whose::Minor => "minor",
        };
        known.is(("read: whose", key), true);
    }
    known.put(("read", "open"), much(reading.open));
    sentences(reading, &mut known);
    for part in Part::ALL {
        known.is(("told so far", part.key()), told.contains(part));
    }
    known.is(("words", how_many(words)), true);
    known.is(("asked", ["nothing", "once", "twice", "often"][asked.len().min(3)]), true);
    for ask in Ask::ALL {
        known.is(("asked for", ask.key()), asked.iter().any(|probe| probe.ask() == *ask));
    }
    if let Some(last) = asked.last() {
        known.is(("asked last for", last.ask().key()), true);
    }
    for sort in ["failure", "conflict"] {
        known.is(("topic", sort), topic == sort);
    }
    known
}

fn sentences(reading: &Reading, known: &mut Known) {
    let all = &reading.sentences;
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let does =
        |sentence: &crate::reading::SentenceReading| sentence.roles.first().map(|role| role.what.key());
    if let (Some(first), Some(does)) = (does(first), does(last)) {
        known.is(("begins with", first), true);
        known.is(("ends with", does), true);
    }
    known.is(("ends: goes", last.tone.key()), true);
    known.is(("ends: acts", last.who.key()), true);
    for role in crate::reading::Role::ALL {
        known.is(("somewhere", role.key()), all.iter().any(|sentence| does(sentence) == Some(role.key())));
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
