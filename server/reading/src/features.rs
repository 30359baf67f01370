//! What the heads are given: for a sentence, its meaning, its neighbours', the question's and its cues; for a whole
//! answer, what its sentences were read as.

use interview::reading::{Role, Tone, Who};

use crate::cues::{self, cues};
use crate::heads::SENTENCE_OUTPUTS;
use crate::minilm::{self, unit};

/// What is known of an answer before the heads: nothing here depends on training.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The question's meaning.
    pub question: Vec<f32>,
    /// Each sentence's meaning.
    pub meanings: Vec<Vec<f32>>,
    /// Each sentence's cues.
    pub cues: Vec<[f32; cues::WIDTH]>,
    /// How many words each sentence has.
    pub words: Vec<usize>,
    /// Whether it was asked to introduce oneself, not for an experience.
    pub introduction: bool,
}

impl Seen {
    /// An answer with its sentences and their meanings.
    pub fn new(sentences: &[&str], meanings: Vec<Vec<f32>>, question: Vec<f32>, introduction: bool) -> Self {
        let words = sentences.iter().map(|sentence| sentence.split_whitespace().count()).collect();
        let cues = sentences.iter().map(|sentence| cues(sentence)).collect();
        Self { question, meanings, cues, words, introduction }
    }
}

const PLACE: usize = 6;
/// How many features a sentence has.
pub const SENTENCE: usize = 4 * minilm::WIDTH + PLACE + 3 * cues::WIDTH;

/// The features of one sentence of an answer.
pub fn sentence(seen: &Seen, at: usize) -> Vec<f32> {
    let count = seen.meanings.len();
    let (nothing, no_cues) = ([0.0; minilm::WIDTH], [0.0; cues::WIDTH]);
    let before = at.checked_sub(1);
    let after = Some(at + 1).filter(|after| *after < count);
    let meaning = |at: Option<usize>| at.map_or(&nothing[..], |at| &seen.meanings[at]);
    let cue = |at: Option<usize>| at.map_or(&no_cues[..], |at| &seen.cues[at]);
    let (at_f, count_f) = (at as f32, count as f32);
    let place = [
        at_f / count_f,
        (count_f - at_f) / count_f,
        flag(at == 0),
        flag(at + 1 == count),
        flag(count == 1),
        flag(seen.introduction),
    ];
    let mut features = Vec::with_capacity(SENTENCE);
    add(&mut features, 1.0, meaning(Some(at)));
    add(&mut features, 0.5, meaning(before));
    add(&mut features, 0.5, meaning(after));
    add(&mut features, 0.3, &seen.question);
    add(&mut features, 0.7, &place);
    add(&mut features, 0.7, cue(Some(at)));
    add(&mut features, 0.3, cue(before));
    add(&mut features, 0.3, cue(after));
    features
}

const ROLES: usize = Role::ALL.len();
const WHO: usize = Who::ALL.len();
const TONES: usize = Tone::ALL.len();
const DEEDS: usize = 7;
const SIZE: usize = 7;
/// How many features a whole answer has.
pub const ANSWER: usize =
    5 * ROLES + 2 * WHO + 3 * TONES + DEEDS + 2 * cues::WIDTH + SIZE + 2 * minilm::WIDTH;

/// The features of a whole answer, of what the sentence head said of each of its sentences (at least one).
pub fn answer(seen: &Seen, read: &[Vec<f32>]) -> Vec<f32> {
    let column = |at: usize| read.iter().map(move |sentence| sentence[at]);
    let count = read.len() as f32;
    let most = |at: usize| column(at).fold(0.0, f32::max);
    let mean = |at: usize| column(at).sum::<f32>() / count;
    let last = |at: usize| read[read.len() - 1][at];
    let (roles, who, tones) = (0..ROLES, ROLES..ROLES + WHO, ROLES + WHO..SENTENCE_OUTPUTS);
    let mut features = Vec::with_capacity(ANSWER);
    features.extend(roles.clone().map(most));
    features.extend(roles.clone().map(mean));
    features.extend(roles.clone().map(last));
    features.extend(roles.clone().map(|at| 1.0 - column(at).map(|likely| 1.0 - likely).product::<f32>()));
    features.extend(roles.map(|at| column(at).sum::<f32>().min(5.0) / 3.0));
    features.extend(who.clone().map(most));
    features.extend(who.map(mean));
    features.extend(tones.clone().map(most));
    features.extend(tones.clone().map(mean));
    features.extend(tones.map(last));
    let role = |role: Role| role as usize;
    let by = |who: Who| ROLES + who as usize;
    let went = |tone: Tone| ROLES + WHO + tone as usize;
    let both = |one: usize, other: usize| read.iter().map(move |sentence| sentence[one] * sentence[other]);
    let most_of = |one, other| both(one, other).fold(0.0, f32::max);
    features.extend([
        most_of(role(Role::Action), by(Who::I)),
        most_of(role(Role::Action), by(Who::We)),
        most_of(role(Role::Action), by(Who::Other)),
        most_of(role(Role::Result), went(Tone::Success)),
        most_of(role(Role::Result), went(Tone::Setback)),
        both(role(Role::Action), by(Who::I)).sum::<f32>().min(6.0),
        column(by(Who::Other)).sum::<f32>().min(6.0) / 3.0,
    ]);
    let cue = |at: usize| seen.cues.iter().map(move |cues| cues[at]);
    features.extend((0..cues::WIDTH).map(|at| 0.7 * cue(at).fold(0.0, f32::max)));
    features.extend((0..cues::WIDTH).map(|at| 0.7 * cue(at).sum::<f32>() / count));
    let words: usize = seen.words.iter().sum();
    let words_f = words as f32;
    features.extend([
        (count / 10.0).min(3.0),
        (words_f / 100.0).min(4.0),
        words_f.ln_1p() / 3.0,
        flag(words < 15),
        flag(words < 35),
        flag(seen.introduction),
        cue(cues::WIDTH - 3).fold(0.0, f32::max),
    ]);
    let mut whole = vec![0.0; minilm::WIDTH];
    for meaning in &seen.meanings {
        whole.iter_mut().zip(meaning).for_each(|(sum, value)| *sum += value);
    }
    add(&mut features, 0.7, &unit(whole));
    add(&mut features, 0.5, &seen.question);
    features
}

fn flag(set: bool) -> f32 {
    f32::from(u8::from(set))
}

fn add(features: &mut Vec<f32>, weight: f32, values: &[f32]) {
    features.extend(values.iter().map(|value| weight * value));
}
