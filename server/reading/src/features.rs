//! What the heads are given: for a sentence, its meaning, its neighbours', the question's, its cues and its words; for a
//! sentence that is read again, what it and its neighbours were read as; for a whole answer, what its sentences were.

use std::collections::BTreeSet;

use interview::reading::{Role, Tone, Who};

use crate::cues::{self, cues};
use crate::heads::SENTENCE_OUTPUTS;
use crate::minilm::{self, unit};
use crate::words::{NgramVocabulary, grams};

/// What is known of an answer before the heads: nothing here depends on training.
#[derive(Debug, Clone)]
pub struct AnswerEncoding {
    /// The question's meaning.
    pub question: Vec<f32>,
    /// Each sentence's meaning.
    pub meanings: Vec<Vec<f32>>,
    /// Each sentence's cues.
    pub cues: Vec<[f32; cues::WIDTH]>,
    /// How many words each sentence has.
    pub words: Vec<usize>,
    /// Each sentence's words and pairs of words.
    pub grams: Vec<Vec<String>>,
    /// The question's.
    pub asked: Vec<String>,
    /// Whether it was asked to introduce oneself, not for an experience.
    pub introduction: bool,
}

impl AnswerEncoding {
    /// An answer with its sentences and their meanings, and the question with its meaning.
    pub fn new(
        sentences: &[&str],
        meanings: Vec<Vec<f32>>,
        asked: &str,
        question: Vec<f32>,
        introduction: bool,
    ) -> Self {
        Self {
            question,
            meanings,
            cues: sentences.iter().map(|sentence| cues(sentence)).collect(),
            words: sentences.iter().map(|sentence| sentence.split_whitespace().count()).collect(),
            grams: sentences.iter().map(|sentence| grams(sentence)).collect(),
            asked: grams(asked),
            introduction,
        }
    }
}

/// What a head is given.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureRow {
    /// Features that are numbers.
    pub numbers: Vec<f32>,
    /// Which words there are, by their numbers in a [`NgramVocabulary`]; most are not.
    pub words: Vec<u32>,
}

/// What is known to the heads by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadVocabularies {
    /// In answers.
    pub words: NgramVocabulary,
    /// In questions.
    pub asked: NgramVocabulary,
}

const fn sum(parts: &[usize]) -> usize {
    let (mut sum, mut at) = (0, 0);
    while at < parts.len() {
        sum += parts[at];
        at += 1;
    }
    sum
}

const PLACE: usize = 7;
/// How many numbers the features of a sentence are: its meaning, that of the one before, of the one after, of the
/// question, its place, its cues, those of the one before, of the one after.
pub const SENTENCE: [usize; 8] = {
    let (meaning, cues) = (minilm::WIDTH, cues::WIDTH);
    [meaning, meaning, meaning, meaning, PLACE, cues, cues, cues]
};
/// All of them.
pub const SENTENCE_NUMBERS: usize = sum(&SENTENCE);

/// The features of one sentence of an answer.
pub fn sentence(seen: &AnswerEncoding, at: usize, known: &HeadVocabularies) -> FeatureRow {
    let (nothing, no_cues) = ([0.0; minilm::WIDTH], [0.0; cues::WIDTH]);
    let (before, after) = (at.wrapping_sub(1), at + 1);
    let meaning = |at: usize| seen.meanings.get(at).map_or(&nothing[..], Vec::as_slice);
    let cue = |at: usize| seen.cues.get(at).map_or(&no_cues[..], |cues| &cues[..]);
    let place = place(seen, at);
    let numbers = [
        meaning(at),
        meaning(before),
        meaning(after),
        &seen.question,
        &place,
        cue(at),
        cue(before),
        cue(after),
    ];
    FeatureRow { numbers: numbers.concat(), words: known.words.numbers(&seen.grams[at]).collect() }
}

fn place(seen: &AnswerEncoding, at: usize) -> [f32; PLACE] {
    let count = seen.meanings.len();
    let (at_f, count_f) = (at as f32, count as f32);
    [
        at_f / count_f,
        (count_f - at_f) / count_f,
        flag(at == 0),
        flag(at + 1 == count),
        flag(count == 1),
        flag(seen.introduction),
        count_f.min(12.0) / 10.0,
    ]
}

/// How many numbers the features of a sentence that is read again are: the logits of what it was read as, what the two
/// before and after it, and all others, were read as, its place, its cues, its meaning.
pub const AGAIN: [usize; 5] = [SENTENCE_OUTPUTS, 5 * SENTENCE_OUTPUTS, PLACE, cues::WIDTH, minilm::WIDTH];
/// All of them.
pub const AGAIN_NUMBERS: usize = sum(&AGAIN);

/// The features of one sentence of an answer, of what all of its sentences were first read as (logits, likely).
pub fn second_reading_features(
    seen: &AnswerEncoding,
    logits: &[Vec<f32>],
    likely: &[Vec<f32>],
    at: usize,
) -> FeatureRow {
    let mut numbers = logits[at].clone();
    for near in [at.wrapping_sub(1), at + 1, at.wrapping_sub(2), at + 2] {
        match likely.get(near) {
            Some(near) => numbers.extend(near),
            None => numbers.extend([0.0; SENTENCE_OUTPUTS]),
        }
    }
    let others = likely.len().saturating_sub(1).max(1) as f32;
    numbers.extend((0..SENTENCE_OUTPUTS).map(|output| {
        let others_said = likely.iter().enumerate().filter(|(other, _)| *other != at);
        others_said.map(|(_, said)| said[output]).sum::<f32>() / others
    }));
    numbers.extend(place(seen, at));
    numbers.extend(seen.cues[at]);
    numbers.extend(&seen.meanings[at]);
    FeatureRow { numbers, words: Vec::new() }
}

const ROLES: usize = Role::ALL.len();
const WHO: usize = Who::ALL.len();
const TOGETHER: usize = 22;
const POOLED: usize = 8 * SENTENCE_OUTPUTS + TOGETHER;
const SIZE: usize = 9;
/// How many numbers the features of a whole answer are: what its sentences were read as again, and at first; its cues;
/// its length; its meaning; that of the question.
pub const ANSWER: [usize; 6] = [POOLED, POOLED, 2 * cues::WIDTH, SIZE, minilm::WIDTH, minilm::WIDTH];
/// All of them.
pub const ANSWER_NUMBERS: usize = sum(&ANSWER);

/// The features of a whole answer, of what each of its sentences (at least one) was read as at first, and again.
pub fn answer(
    seen: &AnswerEncoding,
    first: &[Vec<f32>],
    again: &[Vec<f32>],
    known: &HeadVocabularies,
) -> FeatureRow {
    let count = seen.meanings.len() as f32;
    let mut numbers = Vec::with_capacity(ANSWER_NUMBERS);
    pool(&mut numbers, again);
    pool(&mut numbers, first);
    let cue = |at: usize| seen.cues.iter().map(move |cues| cues[at]);
    numbers.extend((0..cues::WIDTH).map(|at| cue(at).fold(0.0, f32::max)));
    numbers.extend((0..cues::WIDTH).map(|at| cue(at).sum::<f32>() / count));
    let words: usize = seen.words.iter().sum();
    let words_f = words as f32;
    numbers.extend([
        (count / 10.0).min(3.0),
        (words_f / 100.0).min(4.0),
        words_f.ln_1p() / 3.0,
        flag(words < 8),
        flag(words < 15),
        flag(words < 35),
        flag(words < 60),
        flag(seen.introduction),
        cue(cues::WIDTH - 3).fold(0.0, f32::max),
    ]);
    let mut whole = vec![0.0; minilm::WIDTH];
    for meaning in &seen.meanings {
        whole.iter_mut().zip(meaning).for_each(|(sum, value)| *sum += value);
    }
    numbers.extend(unit(whole));
    numbers.extend(&seen.question);
    let said: BTreeSet<u32> = seen.grams.iter().flat_map(|grams| known.words.numbers(grams)).collect();
    let after = u32::try_from(known.words.len()).unwrap_or(u32::MAX);
    let asked = known.asked.numbers(&seen.asked).map(|number| after.saturating_add(number));
    FeatureRow { numbers, words: said.into_iter().chain(asked).collect() }
}

/// All sentences' readings as one row of numbers.
fn pool(numbers: &mut Vec<f32>, read: &[Vec<f32>]) {
    let column = |at: usize| read.iter().map(move |sentence| sentence[at]);
    let count = read.len() as f32;
    let outputs = || 0..SENTENCE_OUTPUTS;
    // The most and the second most.
    let two = |at: usize| {
        column(at).fold((0.0_f32, 0.0_f32), |(most, second), likely| {
            if likely > most { (likely, most) } else { (most, second.max(likely)) }
        })
    };
    let most = |at: usize| two(at).0;
    numbers.extend(outputs().map(most));
    numbers.extend(outputs().map(|at| 0.25 * ((most(at) + 0.01) / (1.01 - most(at))).ln()));
    numbers.extend(outputs().map(|at| two(at).1));
    numbers.extend(outputs().map(|at| column(at).sum::<f32>() / count));
    numbers.extend(&read[0]);
    numbers.extend(&read[read.len() - 1]);
    numbers.extend(outputs().map(|at| column(at).sum::<f32>().min(6.0) / 4.0));
    numbers.extend(outputs().map(|at| 1.0 - column(at).map(|likely| 1.0 - likely).product::<f32>()));
    let [situation, action, result] = [Role::Situation, Role::Action, Role::Result].map(|role| role as usize);
    let [i, we, other] = [Who::I, Who::We, Who::Other].map(|who| ROLES + who as usize);
    let [setback, success] = [Tone::Setback, Tone::Success].map(|tone| ROLES + WHO + tone as usize);
    let both = |one: usize, other: usize| read.iter().map(move |sentence| sentence[one] * sentence[other]);
    let most_of = |one, other| both(one, other).fold(0.0, f32::max);
    let sum_of = |one, other| both(one, other).sum::<f32>();
    let sum = |at: usize| column(at).sum::<f32>();
    let place = |at: usize| {
        let placed = column(at).enumerate().map(|(nth, likely)| likely * (nth + 1) as f32).sum::<f32>();
        placed / (count * (sum(at) + 0.1))
    };
    let together: [f32; TOGETHER] = [
        most_of(action, i),
        most_of(action, we),
        most_of(action, other),
        sum_of(action, i) / 3.0,
        sum_of(action, we) / 3.0,
        most_of(result, success),
        most_of(result, setback),
        most_of(situation, setback),
        sum_of(situation, setback) / 3.0,
        sum_of(situation, other) / 3.0,
        most_of(situation, i),
        sum(i) / 5.0,
        sum(we) / 5.0,
        sum(other) / 5.0,
        place(result),
        place(action),
        most(situation) * most(action) * most(result),
        most(situation) * most(action) * (1.0 - most(result)),
        (1.0 - most(action)) * (1.0 - most(situation)),
        most(result) * (1.0 - most(action)),
        most(success) * most(setback),
        flag(most(i) < 0.5),
    ];
    numbers.extend(together);
}

fn flag(set: bool) -> f32 {
    f32::from(u8::from(set))
}
