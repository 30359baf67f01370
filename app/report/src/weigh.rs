//! How much a sentence carries of what a story can hold, by how it was read, by its words, and by where it stands.

use interview::heard::Element;
use interview::reading::{Ask, Role, Who};

use crate::aspect::Aspect;
use crate::sentence::Sentence;
use crate::told::{Run, Told};

/// From here on a sentence carries an aspect.
pub(super) const CARRIES: u16 = 600;
/// From here on a sentence touches on it.
pub(super) const TOUCHES: u16 = 400;

/// How much more the first words after a question weigh that asked for just this.
const FIRST: u16 = 450;
/// Fewer words than these begin no story.
const OPENING: u32 = 8;
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
pub(super) struct Place<'t, 'a> {
    pub(super) sentence: &'t Sentence<'a>,
    run: &'t Run<'a>,
    /// It is in the first thing told to the question.
    opens: bool,
    /// It is the first thing told in this answer.
    first: bool,
    /// Something was done in this answer before it.
    after_deed: bool,
}

impl Place<'_, '_> {
    /// It answers a line that asked for just this.
    pub(super) fn asked(self, aspect: Aspect) -> bool {
        let nothing = |role: Role| self.sentence.does(role).is_some_and(|likely| likely >= CARRIES);
        !nothing(Role::Nonanswer)
            && !nothing(Role::Filler)
            && self.run.asked.is_some_and(|ask| asks_for(ask, aspect))
    }

    /// It begins the story with something past that is neither the deed nor what came of it.
    pub(super) fn sets_the_scene(self) -> bool {
        let Self { sentence, opens, first, .. } = self;
        let tells = |aspect| weight(aspect, sentence) >= CARRIES;
        // Their own doing is a deed, also where it was not read as one.
        let other = sentence.text().to_lowercase().contains("i said") || sentence.who() == Who::I;
        opens
            && first
            && !other
            && (sentence.past || sentence.names)
            && sentence.words() > SCRAP
            && !tells(Aspect::Action)
            && !tells(Aspect::Result)
    }

    /// How much the sentence carries an aspect where it stands, in thousandths.
    fn weight(self, aspect: Aspect) -> u16 {
        let Self { sentence, run, opens, first, .. } = self;
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
            weight if asked && first && weight >= TOUCHES && !sentence.pat => (weight + FIRST).min(1_000),
            weight if asked && !scrap => weight.max(TOUCHES),
            weight => weight,
        };
        // The situation is where the story begins: before anything is done in it.
        if aspect == Aspect::Situation && !asked && (!opens || sentence.concludes || self.after_deed) {
            return 0;
        }
        // A scrap only touches on it; what somebody does every day, or had done before, is no step of this story; and what
        // was done together is not yet theirs.
        let elsewhere = match aspect {
            Aspect::Action => !sentence.deed || sentence.who() == Who::We || sentence.denies,
            Aspect::Part => sentence.who() == Who::We || sentence.denies,
            Aspect::Situation | Aspect::Result | Aspect::Number | Aspect::Reflection => false,
        };
        let scrap = scrap && !(asked && sentence.words() > 2) && aspect != Aspect::Number;
        // What came of it is over, or is so now; and where the answer stops in the middle, nothing has come of it yet.
        let unknown = aspect == Aspect::Result && (sentence.unknown || !sentence.over && !sentence.today);
        if aspect == Aspect::Result && run.sentences.last().is_some_and(|last| last.breaks_off) {
            return 0;
        }
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
        Aspect::Result if sentence.change => 900,
        Aspect::Result => {
            let result = read(Role::Result).unwrap_or_else(|| if_heard(has(Element::Result), 650));
            // What was learnt, more than what came of it.
            let learnt = sentence.does(Role::Reflection).is_some_and(|learnt| learnt > result);
            if learnt || sentence.pat { result.min(CARRIES - 1) } else { result }
        }
        Aspect::Reflection => {
            read(Role::Reflection).unwrap_or_else(|| if_heard(has(Element::Reflection), 650))
        }
        Aspect::Number if sentence.figures.is_empty() => 0,
        Aspect::Number if sentence.change => 1_000,
        // A figure says most of what came of it; one that counts people, years or what was used says little of the work.
        Aspect::Number if sentence.measures && weight(Aspect::Result, sentence) >= CARRIES => {
            800 + weight(Aspect::Result, sentence) / 5
        }
        Aspect::Number => TOUCHES,
    }
}

/// True if the words of a sentence tell of an aspect.
pub(super) fn cued(aspect: Aspect, sentence: &Sentence<'_>) -> bool {
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
pub(super) fn places<'t, 'a>(told: &'t Told<'a>) -> impl Iterator<Item = Place<'t, 'a>> {
    // Some words of doubt before it are not where the story begins.
    let begins = told.answers().position(|run| run.heard.words >= OPENING).unwrap_or(0);
    told.answers().enumerate().flat_map(move |(n, run)| {
        let first = run.sentences.iter().position(|sentence| !sentence.idle);
        let does = |sentence: &Sentence<'_>| {
            sentence.deed && !sentence.idle && weight(Aspect::Action, sentence) >= CARRIES
        };
        let done = run.sentences.iter().position(does);
        let sentences = run.sentences.iter().enumerate();
        sentences.map(move |(at, sentence)| Place {
            sentence,
            run,
            opens: n <= begins,
            first: first == Some(at),
            after_deed: done.is_some_and(|done| done < at),
        })
    })
}

/// The sentence that carries an aspect best, the first of equals, and how much it does. `but`: not this one.
pub(super) fn best<'t, 'a>(
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

/// The sentence that carries an aspect best. What says whose part it was, or what came of it, is another one than what
/// says what was done, where there is one.
pub(super) fn carrier<'t, 'a>(aspect: Aspect, told: &'t Told<'a>) -> Option<(Place<'t, 'a>, u16)> {
    let usual = best(aspect, told, None);
    let Some((done, _)) = best(Aspect::Action, told, None) else { return usual };
    let other = match aspect {
        Aspect::Part => {
            best(Aspect::Action, told, Some(done.sentence)).filter(|(place, _)| place.sentence.own)
        }
        Aspect::Result => best(Aspect::Result, told, Some(done.sentence)),
        Aspect::Situation | Aspect::Action | Aspect::Number | Aspect::Reflection => None,
    };
    other.filter(|(_, weight)| *weight >= CARRIES).or(usual)
}

/// What the words of an answer tell of an aspect.
pub(super) fn element(aspect: Aspect) -> Option<Element> {
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
