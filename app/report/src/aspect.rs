//! What a story can hold, and how much of it is there.

use interview::heard::Element;
use interview::reading::{Ask, Part, Probe, Role, Who};
use serde::Serialize;

use crate::statement::{Book, Kind};
use crate::told::{Run, Sentence, Told};
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

/// From here on a sentence carries an aspect.
const CARRIES: u16 = 600;
/// From here on a sentence touches on it.
const TOUCHES: u16 = 400;
/// From here on an answer as a whole may hold it though no sentence is known to.
const MAY_HOLD: u16 = 300;

/// How much more the first words after a question weigh that asked for just this.
const FIRST: u16 = 450;
/// Fewer words than these carry little by themselves.
const SCRAP: usize = 4;

/// What a line of this sort asks for: who is asked for something and tells, tells of that.
fn asks_for(ask: Ask, aspect: Aspect) -> bool {
    match ask {
        Ask::OwnPart => matches!(aspect, Aspect::Part | Aspect::Action),
        Ask::Detail => aspect == Aspect::Action,
        Ask::Context => aspect == Aspect::Situation,
        Ask::Result => aspect == Aspect::Result,
        Ask::Learned => aspect == Aspect::Reflection,
        Ask::Example
        | Ask::Reasoning
        | Ask::Hard
        | Ask::OtherSide
        | Ask::Motivation
        | Ask::NewTopic
        | Ask::CloseGently => false,
    }
}

/// A sentence where it stands.
#[derive(Clone, Copy)]
struct Place<'t, 'a> {
    sentence: &'t Sentence<'a>,
    run: &'t Run<'a>,
    /// It is in the first thing told to the question.
    opens: bool,
    /// It is the first thing told in this answer.
    first: bool,
}

impl Place<'_, '_> {
    /// It answers a line that asked for just this.
    fn asked(self, aspect: Aspect) -> bool {
        let nothing = |role: Role| self.sentence.does(role).is_some_and(|likely| likely >= CARRIES);
        !nothing(Role::Nonanswer)
            && !nothing(Role::Filler)
            && self.run.asked.is_some_and(|ask| asks_for(ask, aspect))
    }

    /// It begins the story with something past that is neither the deed nor what came of it.
    fn sets_the_scene(self) -> bool {
        let Self { sentence, opens, first, .. } = self;
        let tells = |aspect| weight(aspect, sentence) >= CARRIES;
        // Their own doing is a deed, also where it was not read as one.
        let other = sentence.text().to_lowercase().contains("i said") || sentence.who() == Who::I;
        opens
            && first
            && !other
            && sentence.past
            && sentence.words() > SCRAP
            && !tells(Aspect::Action)
            && !tells(Aspect::Result)
    }

    /// How much the sentence carries an aspect where it stands, in thousandths.
    fn weight(self, aspect: Aspect) -> u16 {
        let Self { sentence, opens, first, .. } = self;
        if sentence.idle {
            return 0;
        }
        if sentence.supposes {
            return if aspect == Aspect::Reflection { weight(aspect, sentence).max(CARRIES) } else { 0 };
        }
        let asked = self.asked(aspect);
        let scrap = sentence.words() < SCRAP;
        // What is said first answers the question.
        let weight = match weight(aspect, sentence) {
            weight if asked && first && weight >= TOUCHES => (weight + FIRST).min(1_000),
            weight if asked && !scrap => weight.max(TOUCHES),
            weight => weight,
        };
        // The situation is where the story begins.
        if aspect == Aspect::Situation && !asked && (!opens || sentence.concludes) {
            return 0;
        }
        // A scrap only touches on it; what somebody does every day, or had done before, is no step of this story; and what
        // was done together is not yet theirs.
        let elsewhere = match aspect {
            Aspect::Action => !sentence.deed || sentence.who() == Who::We && !sentence.own,
            Aspect::Part => sentence.who() == Who::We && !sentence.own,
            Aspect::Situation | Aspect::Result | Aspect::Number | Aspect::Reflection => false,
        };
        let scrap = scrap && !(asked && sentence.words() > 2) && aspect != Aspect::Number;
        let unknown = aspect == Aspect::Result && sentence.unknown;
        if scrap || elsewhere || unknown { weight.min(CARRIES - 1) } else { weight }
    }
}

/// How much a sentence carries an aspect, in thousandths. Where a model has read it, words alone only touch on it.
fn weight(aspect: Aspect, sentence: &Sentence<'_>) -> u16 {
    let has = |element| sentence.elements.contains(&element);
    let if_heard = |heard: bool, weight: u16| if heard { weight } else { 0 };
    let read =
        |role: Role| sentence.does(role).map(|likely| likely.max(if_heard(cued(aspect, sentence), TOUCHES)));
    match aspect {
        Aspect::Situation => read(Role::Situation)
            .unwrap_or_else(|| if_heard(has(Element::Situation), 700).max(if_heard(has(Element::Date), 500))),
        Aspect::Part => match sentence.read {
            // What is done or to be done says whose it was only if it is theirs.
            Some((_, Who::I)) => {
                let done =
                    [Role::Action, Role::Result, Role::Task].map(|role| sentence.does(role).unwrap_or(0));
                done.into_iter().max().unwrap_or(0)
            }
            Some((_, Who::We | Who::Other | Who::None)) => 0,
            None => if_heard(has(Element::Role), 700).max(if_heard(has(Element::Action), 620)),
        },
        Aspect::Action => match (sentence.does(Role::Action), sentence.who()) {
            (Some(likely), Who::I) => likely,
            (Some(likely), Who::We | Who::None) => likely.min(CARRIES - 1),
            (Some(_), Who::Other) => 0,
            (None, _) => if_heard(has(Element::Action), 700),
        },
        Aspect::Result => read(Role::Result).unwrap_or_else(|| if_heard(has(Element::Result), 650)),
        Aspect::Reflection => {
            read(Role::Reflection).unwrap_or_else(|| if_heard(has(Element::Reflection), 650))
        }
        Aspect::Number if sentence.figures.is_empty() => 0,
        // A figure says most of what came of it; one that counts people or years says little of the work itself.
        Aspect::Number if weight(Aspect::Result, sentence) >= CARRIES => {
            800 + weight(Aspect::Result, sentence) / 5
        }
        Aspect::Number if weight(Aspect::Action, sentence) >= CARRIES => 700,
        Aspect::Number => TOUCHES,
    }
}

/// True if the words of a sentence tell of an aspect.
fn cued(aspect: Aspect, sentence: &Sentence<'_>) -> bool {
    element(aspect).is_some_and(|element| sentence.elements.contains(&element))
}

/// What a sentence is worth as a quotation, if it carries as much as another: neither a scrap nor a page.
fn fitness(sentence: &Sentence<'_>) -> u8 {
    match sentence.words() {
        6..=28 => 2,
        4..=40 => 1,
        _ => 0,
    }
}

/// The sentences of a story, each where it stands.
fn places<'t, 'a>(told: &'t Told<'a>) -> impl Iterator<Item = Place<'t, 'a>> {
    told.answers().enumerate().flat_map(|(n, run)| {
        let first = run.sentences.iter().position(|sentence| !sentence.idle);
        let sentences = run.sentences.iter().enumerate();
        sentences.map(move |(at, sentence)| Place { sentence, run, opens: n == 0, first: first == Some(at) })
    })
}

/// The sentence that carries an aspect best, the first of equals, and how much it does. `but`: not this one.
fn best<'t, 'a>(
    aspect: Aspect,
    told: &'t Told<'a>,
    but: Option<&Sentence<'a>>,
) -> Option<(Place<'t, 'a>, u16)> {
    let mut best: Option<(Place<'t, 'a>, u16)> = None;
    for place in places(told).filter(|place| but.is_none_or(|but| !std::ptr::eq(but, place.sentence))) {
        let weight = place.weight(aspect);
        // Tenths: what differs by less is decided by whether it was asked for, and by how well it reads.
        let key = |place: Place<'_, '_>, weight| (weight / 100, place.asked(aspect), fitness(place.sentence));
        if weight >= TOUCHES && best.is_none_or(|(known, most)| key(place, weight) > key(known, most)) {
            best = Some((place, weight));
        }
    }
    best
}

/// The sentence that carries an aspect best. What says whose part it was is another one than what says what was done,
/// where there is one.
fn carrier<'t, 'a>(aspect: Aspect, told: &'t Told<'a>) -> Option<(Place<'t, 'a>, u16)> {
    if aspect == Aspect::Part
        && let Some((done, _)) = best(Aspect::Action, told, None)
        && let Some(other) = best(Aspect::Action, told, Some(done.sentence))
            .filter(|(place, weight)| *weight >= CARRIES && place.sentence.own)
    {
        return Some(other);
    }
    best(aspect, told, None)
}

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
    let last = quote::whole(told.last()?)?;
    let heard = told.answers().any(|run| element(aspect).is_some_and(|element| run.heard.has(element)));
    // Words alone miss much of what was told; a figure, mostly, is what came of something.
    let missed = told.answers().any(|run| run.reading.is_none())
        && match aspect {
            Aspect::Situation | Aspect::Part | Aspect::Action => true,
            Aspect::Result => told.sentences().any(|sentence| !sentence.figures.is_empty()),
            Aspect::Number | Aspect::Reflection => false,
        };
    if hidden || heard || missed || likely.is_some_and(|whole| whole >= MAY_HOLD) {
        let text = format!("Whether there is a {} is not clear to us; the story ends with", aspect.sought());
        return Some(enter(Found::Unclear, text, last, book));
    }
    let text = format!("We found no {}; the story ends with", aspect.sought());
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

/// The figure in what came of a story, if it has one.
pub(crate) fn figure_of_result(told: &Told<'_>) -> Option<Quotation> {
    let told = told.sentences().filter(|s| !s.idle && !s.supposes && weight(Aspect::Result, s) >= CARRIES);
    told.filter_map(|sentence| quote::around(sentence, sentence.figures.first()?)).last()
}

/// What the words of an answer tell of an aspect.
fn element(aspect: Aspect) -> Option<Element> {
    match aspect {
        Aspect::Situation => Some(Element::Situation),
        Aspect::Part => Some(Element::Role),
        Aspect::Action => Some(Element::Action),
        Aspect::Result => Some(Element::Result),
        Aspect::Reflection => Some(Element::Reflection),
        // Figures are found, or they are not there.
        Aspect::Number => None,
    }
}
