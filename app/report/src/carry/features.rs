//! What is known of a sentence and of a story, by name: what is learnt from, and what is weighed.

use interview::heard::Element;
use interview::learnt::NamedFeatures;
use interview::reading::{Part, Role, Tone, Who};

use crate::aspect::Aspect;
use crate::carry::place::SentencePlace;
use crate::sentence::AnswerSentence;
use crate::told::QuestionThread;

/// Words that tell something of what a sentence does; a name for those that tell the same.
const CUES: &[(&str, &[&str])] = &[
    ("because", &["because", "cause", "since"]),
    ("so i", &["so i", "so i'd"]),
    ("so we", &["so we"]),
    ("so the", &["so the", "so they", "so he", "so she", "so now"]),
    ("learnt", &["learnt", "learned", "lesson", "taught", "learning", "takeaway"]),
    ("next time", &["next time", "in future", "in hindsight", "looking back", "if i did it", "do it again"]),
    ("would have", &["would have", "should have", "should've", "would've", "could have"]),
    ("i'd", &["i'd", "i would"]),
    ("realised", &["realised", "realized", "understood", "i think", "i believe", "i see now"]),
    ("now i", &["now i", "since then", "ever since", "from then", "these days", "nowadays"]),
    ("always", &["always", "usually", "normally", "every", "often", "generally", "typically", "tend to"]),
    ("try", &["i try", "i like", "i love", "i enjoy", "i prefer", "i'm good", "i am good"]),
    ("important", &["important", "matters", "key", "worth"]),
    ("in the end", &["in the end", "end of", "finally", "eventually", "ended up", "turned out", "at last"]),
    (
        "result",
        &["result", "outcome", "led to", "which meant", "that meant", "as a result", "because of that"],
    ),
    ("down", &["down", "reduced", "cut", "dropped", "fell", "less", "fewer", "saved", "halved", "lower"]),
    ("up", &["up", "increased", "grew", "rose", "more", "doubled", "higher", "improved", "better", "faster"]),
    ("worked", &["worked", "passed", "won", "got it", "fixed", "finished", "delivered", "launched", "live"]),
    ("failed", &["failed", "lost", "wrong", "broke", "missed", "complaint", "complaints", "late"]),
    ("thanked", &["thanked", "happy", "pleased", "delighted", "said thank", "praised", "feedback", "stayed"]),
    ("still", &["still", "to this day", "adopted", "uses it", "use it", "kept"]),
    ("my job", &["my job", "my part", "my role", "my task", "my responsibility", "responsible", "in charge"]),
    ("i was the", &["i was the", "it was me", "just me", "only me", "i was in", "i led", "i ran", "i owned"]),
    ("myself", &["myself", "on my own", "alone", "by me", "mine", "personally"]),
    ("decided", &["decided", "chose", "suggested", "proposed", "insisted", "offered", "volunteered"]),
    ("did", &["i did", "i made", "i built", "i wrote", "i set", "i put", "i took", "i got", "i changed"]),
    ("spoke", &["i asked", "i told", "i said", "i rang", "i called", "i talked", "i spoke", "i explained"]),
    ("went", &["i went", "i sat", "i came", "i stayed", "i started", "i began"]),
    ("found", &["i found", "i noticed", "i saw", "i looked", "i checked", "i heard"]),
    ("asked me", &["asked me", "told me", "gave me", "rang me", "called me", "asked us", "wanted us"]),
    ("had to", &["had to", "needed", "supposed to", "meant to", "wanted", "deadline", "goal", "target"]),
    ("problem", &["problem", "issue", "trouble", "struggling", "short of", "nobody", "no one", "behind"]),
    ("there was", &["there was", "there were", "we had", "i had", "was a", "were a"]),
    ("one day", &["one day", "last year", "last month", "last week", "ago", "one time", "once", "one of"]),
    ("when", &["when i", "when we", "when the", "while", "at the time", "back then"]),
    ("was working", &["was working", "were working", "i was at", "i worked", "was doing", "was on"]),
    ("they", &["they", "he", "she", "them", "his", "her"]),
    ("we", &["we", "us", "our"]),
    ("but", &["but", "however", "although", "though"]),
    ("felt", &["felt", "feel", "proud", "scared", "nervous", "hard", "difficult", "stress"]),
    ("percent", &["percent", "per cent", "%"]),
    ("money", &["pounds", "euros", "dollars", "quid", "\u{a3}", "\u{20ac}", "$", "grand", "k"]),
    ("counted", &["people", "patients", "customers", "users", "orders", "calls", "families", "children"]),
    ("rate", &["per", "a week", "a day", "a month", "a year", "an hour", "each"]),
    ("time", &["minutes", "hours", "days", "weeks", "months", "years", "seconds"]),
    ("years old", &["years old", "i'm", "years of", "for ten years", "since"]),
    ("staff", &["staff", "team of", "of us", "colleagues", "employees"]),
    ("from to", &["from"]),
    ("only", &["only", "just", "about", "around", "nearly", "almost"]),
    ("never", &["never", "not", "n't", "no"]),
    ("hedge", &["kind of", "sort of", "i guess", "maybe", "probably", "i suppose", "quite"]),
    (
        "went well",
        &["went well", "it was fine", "all good", "it was good", "worked out", "was okay", "was ok"],
    ),
];

/// The words of a sentence as they are looked for: small letters, a blank around each, and no marks.
fn plain(text: &str) -> String {
    let mut plain = String::from(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '\u{2019}' => plain.push('\''),
            '\'' => plain.push(c),
            '%' | '\u{a3}' | '\u{20ac}' | '$' => plain.extend([' ', c, ' ']),
            c if c.is_alphanumeric() => plain.push(c),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    plain.push(' ');
    plain
}

/// What a sentence says by itself.
fn add_sentence_features(sentence: &AnswerSentence<'_>, known: &mut NamedFeatures) {
    if let Some(read) = sentence.read {
        for likely in &read.roles {
            known.put(("does", likely.what.key()), f32::from(likely.likely) / 1_000.0);
        }
        known.put_flag(("does most", read.roles.first().map_or("nothing", |first| first.what.key())), true);
        known.put_flag(("acts", read.who.key()), true);
        known.put_flag(("went", read.tone.key()), true);
    }
    known.put_flag(("not read", "sentence"), sentence.read.is_none());
    known.put_flag(("acts at first", "we"), sentence.who() == Who::We);
    for element in &sentence.elements {
        known.put_flag(("words", named(*element)), true);
    }
    let is = [
        ("own", sentence.own),
        ("past", sentence.past),
        ("deed", sentence.deed),
        ("denies", sentence.denies),
        ("over", sentence.over),
        ("today", sentence.today),
        ("breaks off", sentence.breaks_off),
        ("unknown", sentence.unknown),
        ("names", sentence.names),
        ("concludes", sentence.concludes),
        ("supposes", sentence.supposes),
        ("lacks", sentence.lacks),
        ("change", sentence.change),
        ("pat", sentence.pat),
        ("measures", sentence.measures),
        ("figure", !sentence.figures.is_empty()),
        ("figures", sentence.figures.len() > 1),
    ];
    for (name, it_is) in is {
        known.put_flag(("is", name), it_is);
    }
    known.put_flag(("long", length_bucket(sentence.words())), true);
    let words = plain(sentence.text());
    for (name, cues) in CUES {
        let says = |cue: &&str| words.match_indices(*cue).any(|(at, _)| is_whole_word(&words, at, cue.len()));
        known.put_flag(("says", name), cues.iter().any(says));
    }
}

/// Whether what stands there is a word of its own, or the end of one that is short for "not".
fn is_whole_word(words: &str, at: usize, long: usize) -> bool {
    let ends = words[at + long..].starts_with([' ', '\'']);
    ends && (words[..at].ends_with(' ') || words[at..].starts_with("n't"))
}

fn named(element: Element) -> &'static str {
    match element {
        Element::Situation => "situation",
        Element::Task => "task",
        Element::Action => "action",
        Element::Result => "result",
        Element::Reasoning => "reasoning",
        Element::Obstacle => "obstacle",
        Element::Role => "role",
        Element::Team => "team",
        Element::Scale => "scale",
        Element::Technology => "technology",
        Element::Date => "date",
        Element::Reflection => "reflection",
    }
}

fn length_bucket(words: usize) -> &'static str {
    match words {
        0..4 => "scrap",
        4..8 => "short",
        8..16 => "usual",
        16..30 => "long",
        _ => "page",
    }
}

/// What is known of a sentence where it stands in a story.
pub(super) fn of_place(place: &SentencePlace<'_, '_>) -> NamedFeatures {
    let mut known = NamedFeatures::default();
    add_sentence_features(place.sentence, &mut known);
    let setback = place.sentence.tone() == Some(Tone::Setback);
    known.put_flag(("stands", "first"), place.first);
    known.put_flag(("stands", "last"), place.last);
    known.put_flag(("stands", "in the first answer"), place.answer == 0);
    known.put_flag(("stands", "in a later answer"), place.answer > 0);
    known.put_flag(("stands", "in the last answer"), place.ends);
    known.put_flag(("stands", "first of all"), place.first && place.answer == 0);
    known.put_flag(("stands", "last of all"), place.last && place.ends);
    known.put_flag(("stands", "after a deed"), place.after_deed);
    known.put_flag(("stands", "after a deed, last"), place.after_deed && place.last);
    known.put(("stands", "so far in"), place.so_far);
    known.put_flag(("stands", "alone"), place.first && place.last);
    known.put_flag(("stands", "before a success"), place.success_follows);
    known.put_flag(("stands", "a setback before a success"), place.success_follows && setback);
    known.put_flag(("stands", "a setback, last"), !place.success_follows && setback);
    if let Some(ask) = place.asked() {
        known.put_flag(("asked for", ask.key()), true);
        known.put_flag(("asked for, first", ask.key()), place.first);
    }
    for (name, beside) in [("before it", place.before), ("after it", place.after)] {
        let Some(read) = beside.and_then(|sentence| sentence.read) else { continue };
        for likely in &read.roles {
            known.put((name, likely.what.key()), f32::from(likely.likely) / 1_000.0);
        }
        known.put_flag((name, read.tone.key()), true);
    }
    for (role, most) in Role::ALL.iter().zip(place.most) {
        let much = place.sentence.role_likelihood(*role).unwrap_or(0);
        known.put_flag(("does it most of all", role.key()), much > 0 && much == most);
    }
    if let Some(reading) = place.run.reading {
        for part in Part::ALL {
            known.put(("its answer has", part.key()), f32::from(reading.likely(*part)) / 1_000.0);
        }
    }
    known
}

/// What is known of a story as a whole: what speaks for and against there being anything to find.
pub(super) fn of_story(thread: &QuestionThread<'_>) -> NamedFeatures {
    let mut known = NamedFeatures::default();
    known.put_flag(("nothing", "ever"), true);
    known.put_flag(("nothing, not read", "story"), thread.answers().any(|run| run.reading.is_none()));
    for part in Part::ALL {
        if let Some(likely) = thread.part_likelihood(*part) {
            known.put(("nothing, has", part.key()), f32::from(likely) / 1_000.0);
        }
    }
    for aspect in Aspect::ALL {
        let asked = thread.answers().any(|run| run.asked.is_some_and(|ask| aspect.is_asked_by(ask)));
        known.put_flag(("nothing, asked for", aspect.key()), asked);
    }
    let open = thread.answers().filter_map(|run| run.reading).last().map_or(0, |reading| reading.open);
    known.put(("nothing", "open"), f32::from(open) / 1_000.0);
    let sentences = thread.sentences().filter(|sentence| !sentence.idle).count();
    known.put_flag(("nothing, sentences", count_bucket(sentences)), true);
    known.put_flag(("nothing, words", count_bucket(thread.words() / 10)), true);
    known.put_flag(("nothing", "more than one answer"), thread.answers().count() > 1);
    known
}

fn count_bucket(count: usize) -> &'static str {
    match count {
        0..2 => "one",
        2..4 => "few",
        4..8 => "some",
        8..14 => "many",
        _ => "a lot",
    }
}
