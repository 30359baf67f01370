//! From labelled answers to weights.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use interview::reading::{Ask, Part, Probe, Role, Situation, Tone, Who};
use models::ModelFolder;
use reading::features::{self, AnswerEncoding, FeatureRow, HeadVocabularies};
use reading::heads::{Heads, Net, Sentences, WHOSE, likely, sigmoid};
use reading::minilm::{Embedding, MiniLm};
use reading::split::sentences;
use reading::words::NgramVocabulary;

use crate::cut::{self, Cut};
use crate::data::{Data, TrainingAnswer, TrainingSentence};
use crate::measure::f1;
use crate::optimise::{Example, Layers, Logistic, Scale, UNKNOWN, layers, logistic, mixed};

/// How many parts the professions are dealt into: each part is read by heads that have not seen its professions.
pub const FOLDS: usize = 6;

/// A word or pair of words is known from so many sentences on, or so many questions.
const COMMON: usize = 8;

/// An answer with what the model makes of its sentences: as they were labelled, and as the program splits them; and what
/// the heads are to say of it.
pub struct TrainingExample {
    goal: Vec<f32>,
    open: [f32; 1],
    goals: Vec<Vec<f32>>,
    /// What it lacks, if it was cut.
    cut: Option<Cut>,
    /// The sentences of the labels.
    labelled: AnswerEncoding,
    /// The sentences of the program.
    split: AnswerEncoding,
    /// Which part its profession is in.
    pub fold: usize,
}

impl TrainingExample {
    /// The answer as the program sees it.
    pub fn seen(&self) -> &AnswerEncoding {
        &self.split
    }
}

/// Puts all sentences through the model: those of the answers, then those of the answers that were cut.
///
/// # Errors
/// Those of the model.
pub fn ready(data: &Data, folder: &ModelFolder) -> Result<Vec<TrainingExample>> {
    let mut model = MiniLm::load(folder)?;
    let split = |answer: &TrainingAnswer| -> Vec<String> {
        sentences(&answer.answer).into_iter().map(|range| answer.answer[range].to_owned()).collect()
    };
    let cuts = cut::cut(&data.answers);
    let all = || {
        let whole = data.answers.iter().map(|answer| (answer, None));
        whole.chain(cuts.iter().map(|(answer, cut)| (answer, Some(*cut))))
    };
    let mut texts: BTreeSet<String> = BTreeSet::new();
    for (answer, _) in all() {
        texts.insert(answer.question.clone());
        texts.extend(answer.sentences.iter().map(|sentence| sentence.text.clone()));
        texts.extend(split(answer));
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut meanings: BTreeMap<&str, Embedding> = BTreeMap::new();
    for texts in texts.chunks(256) {
        meanings.extend(texts.iter().copied().zip(model.embed(texts)?));
    }
    let folds = folds(&data.answers);
    let seen = |answer: &TrainingAnswer, texts: &[&str]| {
        let of = texts.iter().map(|text| meanings[text].clone()).collect();
        let question = meanings[answer.question.as_str()].clone();
        AnswerEncoding::new(texts, of, &answer.question, question, answer.introduction())
    };
    Ok(all()
        .map(|(answer, cut)| {
            let labelled: Vec<&str> =
                answer.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
            let own = split(answer);
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            TrainingExample {
                goal: targets(answer),
                open: [if cut.is_none() { cut::is_open(answer) } else { 1.0 }],
                goals: sentence_targets(answer),
                cut,
                labelled: seen(answer, &labelled),
                split: seen(answer, &own),
                fold: folds[answer.profession.as_str()],
            }
        })
        .collect())
}

/// Deals professions out, always in the same way: alphabetical neighbours, which may be alike, into different parts.
fn folds(answers: &[TrainingAnswer]) -> BTreeMap<&str, usize> {
    let professions: BTreeSet<&str> = answers.iter().map(|answer| answer.profession.as_str()).collect();
    professions.into_iter().enumerate().map(|(at, profession)| (profession, at % FOLDS)).collect()
}

fn flags<T: PartialEq>(all: &[T], set: &[T]) -> Vec<f32> {
    all.iter().map(|one| f32::from(u8::from(set.contains(one)))).collect()
}

/// What the heads are to say of an answer.
pub fn targets(answer: &TrainingAnswer) -> Vec<f32> {
    let own = match (&answer.hard, &answer.no_by, &answer.bent_by) {
        (None, None, None) => UNKNOWN,
        (hard, no, bent) => {
            let own =
                hard.as_deref() == Some("own") || no.as_deref() == Some("I") || bent.as_deref() == Some("I");
            f32::from(u8::from(own))
        }
    };
    let minor = answer.hard.as_ref().map_or(UNKNOWN, |hard| f32::from(u8::from(hard == "minor")));
    let whose: [f32; WHOSE] = [own, minor];
    let kinds: Vec<Probe> = answer.probes.iter().map(|probe| probe.kind).collect();
    [
        flags(Part::ALL, &answer.present),
        flags(Part::ALL, &answer.missing),
        flags(Situation::ALL, &answer.situations),
        flags(Ask::ALL, &answer.asks()),
        flags(Probe::ALL, &kinds),
        whose.to_vec(),
    ]
    .concat()
}

/// What the heads are to say of each sentence of an answer.
fn sentence_targets(answer: &TrainingAnswer) -> Vec<Vec<f32>> {
    let of = |sentence: &TrainingSentence| {
        let (who, tone) = (flags(Who::ALL, &[sentence.who]), flags(Tone::ALL, &[sentence.tone]));
        [flags(Role::ALL, &sentence.labels), who, tone].concat()
    };
    answer.sentences.iter().map(of).collect()
}

/// How the heads are trained (chosen on the professions that a head has not seen).
mod how {
    use super::{Layers, Logistic};

    pub const SENTENCE: Logistic = Logistic { decay: 1.5, steps: 45 };
    pub const SENTENCE_FACTORS: [f32; 8] = [1.0, 0.5, 0.5, 0.3, 0.7, 0.7, 0.3, 0.3];
    pub const SENTENCE_WORD: f32 = 0.4;
    pub const SENTENCE_LAYERS: Layers = Layers {
        hidden: 64,
        rounds: 8,
        batch: 64,
        rate: 3e-3,
        decay: 0.05,
        drop_inputs: 0.2,
        drop_units: 0.2,
    };
    pub const SENTENCE_LAYERS_FACTORS: [f32; 8] = [12.0, 6.0, 6.0, 4.0, 1.0, 1.0, 0.5, 0.5];
    /// What the network with a hidden layer counts.
    pub const SENTENCE_SHARE: f32 = 0.5;
    pub const SENTENCE_SEEDS: u64 = 2;

    pub const AGAIN: Logistic = Logistic { decay: 10.0, steps: 45 };
    pub const AGAIN_FACTORS: [f32; 5] = [0.5, 1.0, 1.0, 0.3, 1.0];

    pub const ANSWER: Logistic = Logistic { decay: 10.0, steps: 50 };
    pub const ANSWER_FACTORS: [f32; 6] = [0.7, 0.5, 0.7, 1.0, 0.7, 0.7];
    pub const ANSWER_WORD: f32 = 0.25;
    pub const ANSWER_LAYERS: Layers = Layers {
        hidden: 64,
        rounds: 13,
        batch: 32,
        rate: 2e-3,
        decay: 0.2,
        drop_inputs: 0.4,
        drop_units: 0.3,
    };
    pub const ANSWER_LAYERS_FACTORS: [f32; 6] = [1.0, 0.5, 1.0, 1.0, 12.0, 8.0];
    pub const ANSWER_SHARE: f32 = 0.6;
    pub const ANSWER_SEEDS: u64 = 2;
}

/// One network of a logistic one and of some with a hidden layer.
pub(crate) fn together(plain: &Net, deep: &[Net], share: f32) -> Net {
    let each = share / deep.len() as f32;
    let all: Vec<(f32, &Net)> =
        std::iter::once((1.0 - share, plain)).chain(deep.iter().map(|net| (each, net))).collect();
    mixed(&all)
}

fn first_net(examples: &[Example<'_>], known: &HeadVocabularies) -> Net {
    let scale = |factors: &[f32], word| Scale::new(&features::SENTENCE, factors, word, known.words.len());
    let plain = logistic(examples, &scale(&how::SENTENCE_FACTORS, how::SENTENCE_WORD), how::SENTENCE);
    let scale = scale(&how::SENTENCE_LAYERS_FACTORS, 1.0);
    let deep: Vec<Net> =
        (0..how::SENTENCE_SEEDS).map(|seed| layers(examples, &scale, how::SENTENCE_LAYERS, seed)).collect();
    together(&plain, &deep, how::SENTENCE_SHARE)
}

fn again_net(examples: &[Example<'_>]) -> Net {
    logistic(examples, &Scale::new(&features::AGAIN, &how::AGAIN_FACTORS, 0.0, 0), how::AGAIN)
}

fn answer_net(examples: &[Example<'_>], known: &HeadVocabularies) -> Net {
    let words = known.words.len() + known.asked.len();
    let scale = |factors: &[f32], word| Scale::new(&features::ANSWER, factors, word, words);
    let plain = logistic(examples, &scale(&how::ANSWER_FACTORS, how::ANSWER_WORD), how::ANSWER);
    let pooled = 0..features::ANSWER[0] + features::ANSWER[1];
    let scale = scale(&how::ANSWER_LAYERS_FACTORS, 1.0).evened(pooled, examples);
    let deep: Vec<Net> =
        (0..how::ANSWER_SEEDS).map(|seed| layers(examples, &scale, how::ANSWER_LAYERS, seed)).collect();
    together(&plain, &deep, how::ANSWER_SHARE)
}

fn open_net(examples: &[Example<'_>], known: &HeadVocabularies) -> Net {
    let words = known.words.len() + known.asked.len();
    let scale = Scale::new(&features::ANSWER, &how::ANSWER_FACTORS, how::ANSWER_WORD, words);
    logistic(examples, &scale, how::ANSWER)
}

/// A network for each fold, of all examples that are not in it, and one of all of them, in as many threads as there are
/// processors; each is by itself, so that the order does not matter.
pub(crate) fn per_fold(
    examples: &[(usize, Example<'_>)],
    net: impl Fn(&[Example<'_>]) -> Net + Sync,
) -> (Vec<Net>, Net) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let fold = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if fold > FOLDS {
                return made;
            }
            let learnt = examples.iter().filter(|(of, _)| *of != fold).map(|(_, example)| *example);
            made.push((fold, net(&learnt.collect::<Vec<_>>())));
        }
    };
    let mut made: Vec<(usize, Net)> = std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(FOLDS + 1));
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("training does not panic")).collect()
    });
    made.sort_by_key(|(fold, _)| *fold);
    let mut nets: Vec<Net> = made.into_iter().map(|(_, net)| net).collect();
    let all = nets.pop().expect("one more than folds");
    (nets, all)
}

/// What heads that have not seen an answer's profession say of it, in the order of the answers; and the heads trained on
/// all of them.
pub struct TrainedHeads {
    /// For each answer the probabilities of the answer head.
    pub unseen: Vec<Vec<f32>>,
    /// For each sentence of each answer the probabilities of the sentence heads.
    pub unseen_sentences: Vec<Vec<Vec<f32>>>,
    /// How answers are read that stop too early.
    pub unfinished: Unfinished,
    /// The heads.
    pub heads: Heads,
}

/// Which answers are read as open by heads that have not seen their professions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unfinished {
    /// The share of those that were cut before their result.
    pub no_result: f64,
    /// Of those that were cut before what was done.
    pub no_action: f64,
    /// Of those whose result is told.
    pub told: f64,
}

/// From here on an answer is taken to be open.
const OPEN: f32 = 0.7;

impl Unfinished {
    fn of<'a>(ends: impl Iterator<Item = (&'a TrainingExample, f32)>) -> Self {
        let mut right = [[0.0; 2]; 3];
        for (one, open) in ends {
            let (open, known) = (open >= OPEN, one.open[0]);
            let of = match (one.cut, known) {
                (Some(Cut::Result), _) => 0,
                (Some(Cut::Action), _) => 1,
                (None, 0.0) => 2,
                (None, _) => continue,
            };
            right[of][0] += f64::from(u8::from(open));
            right[of][1] += 1.0;
        }
        let share = |[right, all]: [f64; 2]| right / f64::max(all, 1.0);
        Self { no_result: share(right[0]), no_action: share(right[1]), told: share(right[2]) }
    }
}

/// What is known by name: what is common in these answers.
fn known(ready: &[TrainingExample]) -> HeadVocabularies {
    let ready = || ready.iter().filter(|one| one.cut.is_none());
    let said = ready().flat_map(|one| one.labelled.grams.iter().map(Vec::as_slice));
    let asked = ready().map(|one| one.labelled.asked.as_slice());
    HeadVocabularies {
        words: NgramVocabulary::common(said, COMMON),
        asked: NgramVocabulary::common(asked, COMMON),
    }
}

/// Trains. The heads that learn from what sentences were read as learn from readings by heads that had not seen them, as
/// it will later be.
pub fn train(data: &Data, ready: &[TrainingExample]) -> TrainedHeads {
    let known = known(ready);
    let of_sentences = |rows: &[Vec<FeatureRow>], learn: &(dyn Fn(&[Example<'_>]) -> Net + Sync)| {
        let mut examples = Vec::new();
        // An answer that was cut teaches nothing of its sentences: they are those of the whole one.
        for (one, rows) in ready.iter().zip(rows).filter(|(one, _)| one.cut.is_none()) {
            examples.extend(rows.iter().zip(&one.goals).map(|(row, goal)| (one.fold, Example { row, goal })));
        }
        per_fold(&examples, learn)
    };

    let rows: Vec<Vec<FeatureRow>> = ready
        .iter()
        .map(|one| {
            let all = 0..one.labelled.meanings.len();
            all.map(|at| features::sentence(&one.labelled, at, &known)).collect()
        })
        .collect();
    let (first, first_all) = of_sentences(&rows, &|examples| first_net(examples, &known));

    let rows: Vec<Vec<FeatureRow>> = ready
        .iter()
        .zip(&rows)
        .map(|(one, rows)| {
            let logits: Vec<Vec<f32>> = rows.iter().map(|row| first[one.fold].logits(row)).collect();
            let likely = likely(&logits);
            (0..rows.len())
                .map(|at| features::second_reading_features(&one.labelled, &logits, &likely, at))
                .collect()
        })
        .collect();
    let (again, again_all) = of_sentences(&rows, &again_net);
    let unseen_sentences = ready[..data.answers.len()]
        .iter()
        .zip(&rows)
        .map(|(one, rows)| rows.iter().map(|row| again[one.fold].likely(row)).collect())
        .collect();

    let sentences: Vec<Sentences> =
        first.into_iter().zip(again).map(|(first, again)| Sentences { first, again }).collect();
    let rows_of = |of: &dyn Fn(&TrainingExample) -> &AnswerEncoding| -> Vec<FeatureRow> {
        let row = |one: &TrainingExample| {
            let read = sentences[one.fold].read(of(one), &known);
            features::answer(of(one), &read.first, &read.again, &known)
        };
        ready.iter().map(row).collect()
    };
    // Answers are split a little differently by the program and by hand: learning from both makes it matter less.
    let (rows, by_hand) = (rows_of(&|one| &one.split), rows_of(&|one| &one.labelled));
    let (mut examples, mut of_ends) = (Vec::new(), Vec::new());
    for (at, one) in ready.iter().enumerate() {
        for rows in [&rows, &by_hand] {
            of_ends.push((one.fold, Example { row: &rows[at], goal: &one.open }));
            if one.cut.is_none() {
                examples.push((one.fold, Example { row: &rows[at], goal: &one.goal }));
            }
        }
    }
    let (answer, mut answer_all) = per_fold(&examples, |examples| answer_net(examples, &known));
    let (open, open_all) = per_fold(&of_ends, |examples| open_net(examples, &known));

    let mut unseen: Vec<Vec<f32>> =
        ready.iter().zip(&rows).map(|(one, row)| answer[one.fold].logits(row)).collect();
    unseen.truncate(data.answers.len());
    let goals: Vec<&[f32]> = ready.iter().map(|one| one.goal.as_slice()).collect();
    let from = thresholds(&unseen, &goals, |_| true);
    for (part, logit) in from.into_iter().enumerate() {
        answer_all.direct[part * (answer_all.inputs + 1) + answer_all.inputs] -= logit;
    }
    let from: Vec<Vec<f32>> =
        (0..FOLDS).map(|fold| thresholds(&unseen, &goals, |at| ready[at].fold != fold)).collect();
    for (said, one) in unseen.iter_mut().zip(ready) {
        said.iter_mut().zip(&from[one.fold]).for_each(|(logit, from)| *logit -= from);
        said.iter_mut().for_each(|logit| *logit = sigmoid(*logit));
    }
    let sentences = Sentences { first: first_all, again: again_all };
    let ends = ready.iter().zip(&rows).map(|(one, row)| open[one.fold].likely(row)[0]);
    let unfinished = Unfinished::of(ready.iter().zip(ends));
    TrainedHeads {
        unseen,
        unseen_sentences,
        unfinished,
        heads: Heads { known, sentences, answer: answer_all, open: open_all, data: data.digest },
    }
}

/// The logit of each part from which on it is best said to be there, by what is said of some answers. Neighbouring
/// thresholds count too, so that no chance peak is taken.
fn thresholds(said: &[Vec<f32>], goals: &[&[f32]], some: impl Fn(usize) -> bool) -> Vec<f32> {
    const NEAR: usize = 2;
    let grid: Vec<f32> = (0_u8..=16).map(|at| 0.25 + 0.025 * f32::from(at)).collect();
    let logits: Vec<f32> = grid.iter().map(|likely| (likely / (1.0 - likely)).ln()).collect();
    let best = |part: usize| {
        let pairs = |logit: f32| {
            let some = (0..said.len()).filter(|at| some(*at));
            some.map(move |at| (goals[at][part] > 0.5, said[at][part] >= logit))
        };
        let values: Vec<f64> = logits.iter().map(|logit| f1(pairs(*logit))).collect();
        let smooth = |at: usize| -> f64 {
            let near = (0..=2 * NEAR).map(|near| (at + near).saturating_sub(NEAR).min(values.len() - 1));
            near.map(|at| values[at]).sum()
        };
        let best = (0..values.len())
            .max_by(|one, other| smooth(*one).total_cmp(&smooth(*other)).then(other.cmp(one)));
        logits[best.unwrap_or(0)]
    };
    (0..Part::ALL.len()).map(best).collect()
}

/// What heads say of answers as the program would read them.
pub fn said(heads: &Heads, ready: &[TrainingExample]) -> Vec<Vec<f32>> {
    let say = |one: &TrainingExample| {
        let read = heads.sentences.read(&one.split, &heads.known);
        heads.answer.likely(&features::answer(&one.split, &read.first, &read.again, &heads.known))
    };
    ready.iter().map(say).collect()
}
