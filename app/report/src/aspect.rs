//! What a story can hold, and how much of it is there.

use interview::reading::{Part, Probe, Who};
use serde::Serialize;

use crate::statement::{Book, Kind};
use crate::told::Told;
use crate::weigh::{CARRIES, Place, TOUCHES, best, carrier, cued, element, places};
use crate::{Quotation, Statement, quote};

/// What a story can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// What the situation was.
    Situation,
    /// Which part was theirs.
    Part,
    /// What they did.
    Action,
    /// What came of it.
    Result,
    /// A figure.
    Number,
    /// What they make of it.
    Reflection,
}

impl Aspect {
    /// All of them, in the order of a story.
    pub const ALL: [Self; 6] =
        [Self::Situation, Self::Part, Self::Action, Self::Result, Self::Number, Self::Reflection];

    /// Its name, as the head of a column.
    pub fn label(self) -> &'static str {
        match self {
            Self::Situation => "Situation",
            Self::Part => "Your part",
            Self::Action => "What you did",
            Self::Result => "Result",
            Self::Number => "Number",
            Self::Reflection => "Reflection",
        }
    }

    /// Its name in identifiers.
    pub fn key(self) -> &'static str {
        match self {
            Self::Situation => "situation",
            Self::Part => "part",
            Self::Action => "action",
            Self::Result => "result",
            Self::Number => "number",
            Self::Reflection => "reflection",
        }
    }

    /// What was looked for, after "we found no".
    pub fn sought(self) -> &'static str {
        match self {
            Self::Situation => "situation",
            Self::Part => "sentence on your own part",
            Self::Action => "step of your own",
            Self::Result => "result",
            Self::Number => "figure for it",
            Self::Reflection => "mention of what you learnt",
        }
    }

    /// The question that asks for it.
    pub fn probe(self) -> Probe {
        match self {
            Self::Situation => Probe::Context,
            Self::Part | Self::Action => Probe::OwnPart,
            Self::Result => Probe::Result,
            Self::Number => Probe::Measure,
            Self::Reflection => Probe::Learned,
        }
    }

    /// The one of this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.key() == key)
    }

    fn part(self) -> Part {
        match self {
            Self::Situation => Part::Situation,
            Self::Part => Part::OwnPart,
            Self::Action => Part::Action,
            Self::Result => Part::Result,
            Self::Number => Part::Numbers,
            Self::Reflection => Part::Reflection,
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Situation => "You say what the situation was",
            Self::Part => "You say which part was yours",
            Self::Action => "You say what you did",
            Self::Result => "You say what came of it",
            Self::Number => "You put a figure to it",
            Self::Reflection => "You say what you learnt from it",
        }
    }

    fn partly(self) -> &'static str {
        match self {
            Self::Situation => "The situation is touched on",
            Self::Part => "Your own part shows in places",
            Self::Action => "What you did is touched on",
            Self::Result => "What came of it is touched on",
            Self::Number => "There is a figure; whether it measures your work is not clear to us",
            Self::Reflection => "What you learnt from it is touched on",
        }
    }
}

/// How much of an aspect is there. Each rests on words; what was struck says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mark", content = "statement", rename_all = "snake_case")]
pub enum Mark {
    /// It is said.
    Said(Statement),
    /// Part of it is said, or in passing.
    Partly(Statement),
    /// It may be there: it is counted neither way.
    Unclear(Statement),
    /// It was not found.
    NotFound(Statement),
    /// The candidate has said that this is wrong: it is counted neither way.
    Struck,
}

impl Mark {
    /// What it rests on.
    pub fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Said(it) | Self::Partly(it) | Self::Unclear(it) | Self::NotFound(it) => Some(it),
            Self::Struck => None,
        }
    }

    /// The words that carry it, where it is there.
    pub fn carried(&self) -> Option<&Quotation> {
        match self {
            Self::Said(it) | Self::Partly(it) => it.quotes().first(),
            Self::Unclear(_) | Self::NotFound(_) | Self::Struck => None,
        }
    }

    /// True if it is said.
    pub fn is_said(&self) -> bool {
        matches!(self, Self::Said(_))
    }

    /// True if it was looked for and not found.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::NotFound(_))
    }
}

/// From here on an answer as a whole may hold it though no sentence is known to.
const MAY_HOLD: u16 = 300;

/// Where an aspect is in a story, and how much of it. With what stands before a deed, a story says how things stood.
fn place_of<'t, 'a>(
    aspect: Aspect,
    told: &'t Told<'a>,
    whole: Option<u16>,
) -> Option<(Place<'t, 'a>, Found)> {
    let usual = carrier(aspect, told).map(|(place, weight)| (place, found(aspect, place, weight, whole)));
    if aspect != Aspect::Situation || usual.as_ref().is_some_and(|(_, found)| *found == Found::Said) {
        return usual;
    }
    let done = best(Aspect::Action, told, None).is_some_and(|(_, weight)| weight >= CARRIES);
    let opening = places(told).find(|place| place.sets_the_scene()).filter(|_| done);
    opening.map(|place| (place, Found::Said)).or(usual)
}

/// What there is of an aspect in a story. `hidden`: words of the answers may be missing, so that nothing is said to be
/// missing in them. `None` where there are no words at all to rest on.
pub(crate) fn mark(aspect: Aspect, told: &Told<'_>, hidden: bool, book: &mut Book<'_>) -> Option<Mark> {
    let id = format!("story.{}.{}", told.question.seq, aspect.key());
    let statement = |text: String, on| Statement::new(Kind::Story, id.clone(), text, on);
    let enter = |found: Found, text: String, on: Quotation, book: &mut Book<'_>| match book
        .enter(statement(text, on))
    {
        Some(entered) => match found {
            Found::Said => Mark::Said(entered),
            Found::Partly => Mark::Partly(entered),
            Found::Unclear => Mark::Unclear(entered),
            Found::Nothing => Mark::NotFound(entered),
        },
        None => Mark::Struck,
    };
    // Figures are there or not; of all else the answer as a whole is a witness beside its sentences.
    let likely = told.likely(aspect.part()).filter(|_| aspect != Aspect::Number);
    if let Some((place, found)) = place_of(aspect, told, likely) {
        let sentence = place.sentence;
        let on = match (aspect, sentence.figures.first()) {
            (Aspect::Number, Some(figure)) => quote::around(sentence, figure),
            _ => quote::whole(sentence),
        }?;
        let text = match found {
            Found::Said => aspect.said().to_owned(),
            Found::Partly if aspect == Aspect::Action && sentence.who() == Who::We => {
                "What was done is told as \u{201c}we\u{201d}, not as \u{201c}I\u{201d}".to_owned()
            }
            Found::Partly => aspect.partly().to_owned(),
            Found::Unclear | Found::Nothing => {
                format!("It is not clear to us whether this is a {}", aspect.sought())
            }
        };
        return Some(enter(found, text, on, book));
    }
    let end = told.last()?;
    let ends = if end.breaks_off { "breaks off" } else { "ends" };
    let last = quote::ending(end)?;
    let heard = told.answers().any(|run| element(aspect).is_some_and(|element| run.heard.has(element)));
    // Words alone miss much of what was told; a figure, mostly, is what came of something.
    let missed = told.answers().any(|run| run.reading.is_none())
        && match aspect {
            Aspect::Situation | Aspect::Part | Aspect::Action => true,
            Aspect::Result => told.sentences().any(|sentence| !sentence.figures.is_empty()),
            Aspect::Number | Aspect::Reflection => false,
        };
    if hidden || heard || missed || likely.is_some_and(|whole| whole >= MAY_HOLD) {
        let text =
            format!("Whether there is a {} is not clear to us; the story {ends} with", aspect.sought());
        return Some(enter(Found::Unclear, text, last, book));
    }
    let text = format!("We found no {}; the story {ends} with", aspect.sought());
    Some(enter(Found::Nothing, text, last, book))
}

/// How much was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Said,
    Partly,
    Unclear,
    Nothing,
}

/// What a sentence of this weight is good for. To be certain of anything takes two of four witnesses: the sentence as it
/// was read, its words, the answer as a whole, and the question that asked for just this.
fn found(aspect: Aspect, place: Place<'_, '_>, weight: u16, whole: Option<u16>) -> Found {
    let (asked, cued) = (place.asked(aspect), cued(aspect, place.sentence));
    let carries = weight >= CARRIES;
    let Some(whole) = whole else {
        return if carries || asked && cued { Found::Said } else { Found::Partly };
    };
    let (held, may_hold) = (whole >= TOUCHES, whole >= MAY_HOLD);
    // What is taken from something has no words of its own.
    let theirs = !matches!(aspect, Aspect::Part | Aspect::Action) || carries;
    let asked_and_told = asked && theirs && (held || cued || aspect == Aspect::Reflection);
    if carries && (held || asked) || asked_and_told {
        return Found::Said;
    }
    // "If I did it again, I would ...": the words are certain where the rest is not.
    let surely = place.sentence.supposes || cued && (carries || aspect == Aspect::Reflection);
    if surely || may_hold || asked { Found::Partly } else { Found::Unclear }
}
