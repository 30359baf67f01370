//! How much of each aspect is in a story.

use interview::listen;
use interview::reading::Who;
use serde::Serialize;

use crate::aspect::Aspect;
use crate::carry::{AspectSearch, Passage, StoryFeatures};
use crate::sentence::AnswerSentence;
use crate::statement::{Book, StatementKind};
use crate::told::QuestionThread;
use crate::{Quotation, Statement, quote};

/// How much of an aspect is there. Each rests on words; what was struck says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mark", content = "statement", rename_all = "snake_case")]
pub enum AspectMark {
    /// It is said.
    Said(Statement),
    /// Part of it is said, or in passing.
    Partly(Statement),
    /// It may be there, and nobody can tell: nothing is claimed, and it is counted neither way.
    Unclear,
    /// It was not found.
    NotFound(Statement),
    /// The candidate has said that this is wrong: it is counted neither way.
    Struck,
}

impl AspectMark {
    /// What it rests on.
    pub fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Said(it) | Self::Partly(it) | Self::NotFound(it) => Some(it),
            Self::Unclear | Self::Struck => None,
        }
    }

    /// The words that carry it, where it is there.
    pub fn supporting_quotation(&self) -> Option<&Quotation> {
        match self {
            Self::Said(it) | Self::Partly(it) => it.quotes().first(),
            Self::Unclear | Self::NotFound(_) | Self::Struck => None,
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

/// What there is of each aspect in a story, as far as there are words to rest on. `hidden`: words of the answers may be
/// missing, so that nothing is said to be missing in them.
pub(crate) fn marks(
    thread: &QuestionThread<'_>,
    hidden: bool,
    book: &mut Book<'_>,
) -> Vec<(Aspect, AspectMark)> {
    let story = StoryFeatures::of(thread);
    let mark = |aspect| Some((aspect, mark(aspect, thread, &story, hidden, book)?));
    Aspect::ALL.into_iter().filter_map(mark).collect()
}

/// Whether something in it may well be a deed of theirs: then it is a story, though nobody would quote that.
pub(crate) fn may_describe_action(thread: &QuestionThread<'_>) -> bool {
    StoryFeatures::of(thread).seek(Aspect::Action).certain() >= TOUCHED
}

/// What there is of an aspect in a story. `None` where there are no words at all to rest on.
fn mark(
    aspect: Aspect,
    thread: &QuestionThread<'_>,
    story: &StoryFeatures<'_, '_>,
    hidden: bool,
    book: &mut Book<'_>,
) -> Option<AspectMark> {
    let id = format!("story.{}.{}", thread.question.seq, aspect.key());
    let statement = |text: String, on| Statement::new(StatementKind::Story, id.clone(), text, on);
    let enter = |mark: fn(Statement) -> AspectMark, text: String, on: Quotation, book: &mut Book<'_>| {
        book.accept_unless_struck(statement(text, on)).map_or(AspectMark::Struck, mark)
    };
    let sought = story.seek(aspect);
    if let Some((passage, found)) = assess_best_passage(aspect, &sought, thread.kind.tells_stories()) {
        let sentence = passage.place.sentence;
        let on = match (aspect, sentence.figures.first()) {
            // One that is long is quoted around its figure.
            (Aspect::Number, Some(figure)) if passage.span == sentence.place => {
                quote::around(sentence, figure)
            }
            _ => quote::beginning(sentence.message, passage.span.clone()),
        }?;
        // Who says "we" once and "I" afterwards has told what they did.
        let as_we = aspect == Aspect::Action
            && sentence.who() == Who::We
            && !thread.sentences().any(|one| one.deed && one.own && one.who() != Who::We);
        return Some(match found {
            AspectExtent::Said => {
                let said = statement(aspect.said().to_owned(), on).with_certainty(sought.certain());
                book.accept_unless_struck(said).map_or(AspectMark::Struck, AspectMark::Said)
            }
            AspectExtent::Partly if as_we => {
                let text = "What was done is told as \u{201c}we\u{201d}, not as \u{201c}I\u{201d}";
                enter(AspectMark::Partly, text.to_owned(), on, book)
            }
            AspectExtent::Partly | AspectExtent::Unclear => AspectMark::Unclear,
        });
    }
    let end = thread.last()?;
    let ends = if end.breaks_off { "breaks off" } else { "ends" };
    let last = quote::ending(end)?;
    // Words alone miss much of what was told.
    let missed = thread.answers().any(|run| run.reading.is_none())
        && !matches!(aspect, Aspect::Result | Aspect::Number);
    // Who was asked for it and answered has said something of it, whatever it is.
    let answered = thread.answers().any(|run| {
        run.asked.is_some_and(|ask| aspect.is_answered_by(ask))
            && run.is_answer_attempt()
            && run.reading.is_some()
            && run.sentences.iter().any(|sentence| !sentence.idle && !sentence.unknown && !sentence.lacks)
    });
    // "He got in a day early" measures it, though it has no figure.
    let counted = aspect == Aspect::Number && thread.sentences().any(mentions_amount);
    // What changed is something that came of it, and what they do since is something that they take from it.
    let changed = match aspect {
        Aspect::Result => thread.sentences().any(|sentence| sentence.change),
        Aspect::Reflection => thread.sentences().any(|sentence| listen::tells_a_change(sentence.text())),
        Aspect::Situation | Aspect::Part | Aspect::Action | Aspect::Number => false,
    };
    if hidden || missed || answered || counted || changed || sought.nothing < NOTHING {
        return Some(AspectMark::Unclear);
    }
    let text = format!("We found no {}; the story {ends} with", aspect.sought());
    Some(enter(AspectMark::NotFound, text, last, book))
}

/// Whether it says how many or how long of anything.
fn mentions_amount(sentence: &AnswerSentence<'_>) -> bool {
    let low = sentence.text().to_lowercase();
    let mut words = low.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let units = [
        "day", "week", "month", "year", "hour", "minute", "half", "twice", "double", "third", "quarter",
        "hardly", "never", "nobody", "once", "all", "every", "none", "no",
    ];
    low.contains(|c: char| c.is_ascii_digit())
        || !sentence.figures.is_empty()
        || words.any(|word| units.contains(&word.trim_end_matches('s')))
}

/// How much was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AspectExtent {
    Said,
    Partly,
    Unclear,
}

/// How certain words have to be those that a fair reader would quote, from 0 to 1, to be quoted; and to be quoted with
/// doubt. In stories of writers whom the weights have not seen, seven in eight of what is quoted are such words.
const QUOTED: f32 = 0.65;
/// The same where no story was asked for: what people say of themselves is full of words that could be part of one.
const QUOTED_UNASKED: f32 = 0.8;
const DOUBTED: f32 = 0.55;
/// How certain words have to be where no model has read them, to be quoted.
const BY_WORDS: f32 = 0.55;
/// How certain words have to be that answer a question for just that, to be quoted.
const ANSWERED: f32 = 0.4;
/// How certain words have to be to be no accident.
const TOUCHED: f32 = 0.45;
/// How likely there has to be nothing, to say that nothing was found.
const NOTHING: f32 = 0.6;

/// What the likeliest sentence is good for; `None` if more likely nothing is.
fn assess_best_passage<'s, 't, 'a>(
    aspect: Aspect,
    sought: &'s AspectSearch<'t, 'a>,
    asked_for: bool,
) -> Option<(&'s Passage<'t, 'a>, AspectExtent)> {
    let passage = sought.best.as_ref()?;
    let place = &passage.place;
    let (quoted, doubted) = match (asked_for, place.sentence.read.is_some()) {
        (true, true) => (QUOTED, DOUBTED),
        // Words alone are right as often from lower on, and less is to be had of them.
        (true, false) => (BY_WORDS, TOUCHED),
        (false, read) => (QUOTED_UNASKED, if read { DOUBTED } else { TOUCHED }),
    };
    // What answers the very question is less in doubt.
    let quoted = if place.asked().is_some_and(|ask| aspect.is_answered_by(ask)) { ANSWERED } else { quoted };
    let together = matches!(aspect, Aspect::Action | Aspect::Part) && place.sentence.who() == Who::We;
    let found = match sought.certain() {
        certain if certain >= quoted && !together => AspectExtent::Said,
        certain if certain >= doubted.min(quoted) => AspectExtent::Partly,
        _ => AspectExtent::Unclear,
    };
    Some((passage, found))
}
