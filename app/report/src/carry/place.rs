//! The sentences of a story, each where it stands.

use interview::heard::Element;
use interview::reading::{Ask, Role, Tone, Who};

use crate::aspect::Aspect;
use crate::sentence::AnswerSentence;
use crate::told::{LineResponse, QuestionThread};

/// From here on a sentence is read as something done, in thousandths.
const DONE: u16 = 600;
/// Fewer words than these begin no story.
const OPENING: u32 = 8;

/// How much each thing is done, in the order of [`Role::ALL`].
pub(super) type RoleMaxima = [u16; Role::ALL.len()];

/// A sentence where it stands in a story.
#[derive(Clone, Copy)]
pub(crate) struct SentencePlace<'t, 'a> {
    pub(crate) sentence: &'t AnswerSentence<'a>,
    pub(crate) run: &'t LineResponse<'a>,
    /// The number of its answer from 0 on; some words of doubt before the story are no answer.
    pub(super) answer: usize,
    /// Its answer is the last one.
    pub(super) ends: bool,
    /// It is the first, or the last, thing told in its answer.
    pub(super) first: bool,
    pub(super) last: bool,
    /// How much of its answer stands before it, from 0 to 1.
    pub(super) so_far: f32,
    /// Something was done in its answer before it.
    pub(super) after_deed: bool,
    /// Something that went well is told after it.
    pub(super) success_follows: bool,
    /// The sentences beside it in its answer.
    pub(super) before: Option<&'t AnswerSentence<'a>>,
    pub(super) after: Option<&'t AnswerSentence<'a>>,
    /// The most that any sentence of the story does of each thing.
    pub(super) most: RoleMaxima,
}

impl SentencePlace<'_, '_> {
    /// False where it cannot carry this, whatever else is known of it.
    pub(super) fn may_carry(&self, aspect: Aspect) -> bool {
        let Self { sentence, run, .. } = self;
        let breaks_off = || run.sentences.last().is_some_and(|last| last.breaks_off);
        !sentence.idle
            // What would be done is no more than what they make of it.
            && (!sentence.supposes || aspect == Aspect::Reflection)
            && match aspect {
                Aspect::Number => !sentence.figures.is_empty(),
                // Where the answer stops in the middle, nothing has come of it yet.
                Aspect::Result => !breaks_off() && self.tells(Element::Result),
                Aspect::Reflection => self.tells(Element::Reflection),
                Aspect::Situation | Aspect::Part | Aspect::Action => true,
            }
    }

    /// Where no model has read it, words have to tell of it: what was asked for may still not be told.
    fn tells(&self, element: Element) -> bool {
        let sentence = self.sentence;
        let ends = !sentence.figures.is_empty() || sentence.concludes || sentence.today;
        let otherwise = if element == Element::Result { ends } else { sentence.supposes };
        sentence.read.is_some() || sentence.elements.contains(&element) || otherwise
    }

    /// What its answer was asked for, where the line before it followed what was told.
    pub(crate) fn asked(&self) -> Option<Ask> {
        self.run.asked
    }
}

/// The sentences of a story, in order.
pub(super) fn places<'t, 'a>(told: &'t QuestionThread<'a>) -> Vec<SentencePlace<'t, 'a>> {
    let begins = told.answers().position(|run| run.heard.words >= OPENING).unwrap_or(0);
    let answers = told.answers().count();
    let most = most(told);
    let success = |sentence: &&AnswerSentence<'_>| sentence.tone() == Some(Tone::Success);
    let mut successes = told.sentences().filter(success).count();
    let mut places = Vec::new();
    for (n, run) in told.answers().enumerate() {
        let first = run.sentences.iter().position(|sentence| !sentence.idle);
        let last = run.sentences.iter().rposition(|sentence| !sentence.idle);
        let done = run.sentences.iter().position(is_own_action);
        let count = run.sentences.len();
        for (at, sentence) in run.sentences.iter().enumerate() {
            successes -= usize::from(success(&sentence));
            places.push(SentencePlace {
                sentence,
                run,
                answer: n.saturating_sub(begins),
                ends: n + 1 == answers,
                first: first == Some(at),
                last: last == Some(at),
                so_far: at as f32 / count as f32,
                after_deed: done.is_some_and(|done| done < at),
                success_follows: successes > 0,
                before: at.checked_sub(1).and_then(|before| run.sentences.get(before)),
                after: run.sentences.get(at + 1),
                most,
            });
        }
    }
    places
}

/// True for something that they did on that occasion.
fn is_own_action(sentence: &AnswerSentence<'_>) -> bool {
    let read = sentence.role_likelihood(Role::Action).is_none_or(|likely| likely >= DONE);
    sentence.deed && !sentence.idle && read && sentence.who() != Who::We
}

fn most(thread: &QuestionThread<'_>) -> RoleMaxima {
    let mut most = [0; Role::ALL.len()];
    for sentence in thread.sentences().filter(|sentence| !sentence.idle) {
        for (most, role) in most.iter_mut().zip(Role::ALL) {
            *most = (*most).max(sentence.role_likelihood(*role).unwrap_or(0));
        }
    }
    most
}
