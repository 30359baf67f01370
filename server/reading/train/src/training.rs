//! From labelled answers to weights.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use interview::reading::{Ask, Part, Probe, Role, Situation, Tone, Who};
use models::Folder;
use reading::features::{self, Seen};
use reading::heads::{Heads, Net, WHOSE};
use reading::minilm::{Embedding, MiniLm};
use reading::split::sentences;

use crate::data::{Data, Labelled};
use crate::optimise::{Fit, Table, UNKNOWN, fit};

/// How many parts the professions are dealt into: each part is read by heads that have not seen its professions.
pub const FOLDS: usize = 5;

/// The head for sentences.
pub const SENTENCE: Fit = Fit { hidden: 0, decay: 1.7e-4, steps: 60 };
/// The head for whole answers.
pub const ANSWER: Fit = Fit { hidden: 0, decay: 2.8e-3, steps: 80 };

/// An answer with what the model makes of its sentences: as they were labelled, and as the program splits them.
pub struct Ready {
    /// The sentences of the labels.
    labelled: Seen,
    /// The sentences of the program.
    split: Seen,
    /// Which part its profession is in.
    pub fold: usize,
}

/// Puts all sentences through the model.
///
/// # Errors
/// Those of the model.
pub fn ready(data: &Data, folder: &Folder) -> Result<Vec<Ready>> {
    let mut model = MiniLm::load(folder)?;
    let split = |answer: &Labelled| -> Vec<String> {
        sentences(&answer.answer).into_iter().map(|range| answer.answer[range].to_owned()).collect()
    };
    let mut texts: BTreeSet<String> = BTreeSet::new();
    for answer in &data.answers {
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
    let seen = |answer: &Labelled, texts: &[&str]| {
        let of = texts.iter().map(|text| meanings[text].clone()).collect();
        Seen::new(texts, of, meanings[answer.question.as_str()].clone(), answer.introduction())
    };
    Ok(data
        .answers
        .iter()
        .map(|answer| {
            let labelled: Vec<&str> =
                answer.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
            let own = split(answer);
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            Ready {
                labelled: seen(answer, &labelled),
                split: seen(answer, &own),
                fold: folds[answer.profession.as_str()],
            }
        })
        .collect())
}

/// Deals professions out, always in the same way: alphabetical neighbours, which may be alike, into different parts.
fn folds(answers: &[Labelled]) -> BTreeMap<&str, usize> {
    let professions: BTreeSet<&str> = answers.iter().map(|answer| answer.profession.as_str()).collect();
    professions.into_iter().enumerate().map(|(at, profession)| (profession, at % FOLDS)).collect()
}

fn flags<T: PartialEq>(all: &[T], set: &[T]) -> Vec<f32> {
    all.iter().map(|one| f32::from(u8::from(set.contains(one)))).collect()
}

/// What the heads are to say of an answer.
pub fn targets(answer: &Labelled) -> Vec<f32> {
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

fn sentence_net(data: &Data, ready: &[Ready], learn: impl Fn(&Ready) -> bool) -> Net {
    let (mut rows, mut goals) = (Vec::new(), Vec::new());
    for (answer, ready) in data.answers.iter().zip(ready).filter(|(_, ready)| learn(ready)) {
        for (at, sentence) in answer.sentences.iter().enumerate() {
            rows.push(features::sentence(&ready.labelled, at));
            let (who, tone) = (flags(Who::ALL, &[sentence.who]), flags(Tone::ALL, &[sentence.tone]));
            goals.push([flags(Role::ALL, &sentence.labels), who, tone].concat());
        }
    }
    fit(&Table::new(&rows), &Table::new(&goals), SENTENCE)
}

/// The features of an answer as the program will see them, read by this head for sentences.
fn answer_features(ready: &Ready, sentence: &Net) -> Vec<f32> {
    let count = ready.split.meanings.len();
    let read: Vec<Vec<f32>> =
        (0..count).map(|at| sentence.likely(&features::sentence(&ready.split, at))).collect();
    features::answer(&ready.split, &read)
}

/// What heads that have not seen an answer's profession say of it, in the order of the answers; and the heads trained on
/// all of them.
pub struct Trained {
    /// For each answer the probabilities of the answer head.
    pub unseen: Vec<Vec<f32>>,
    /// For each sentence of each answer the probabilities of the sentence head.
    pub unseen_sentences: Vec<Vec<Vec<f32>>>,
    /// The heads.
    pub heads: Heads,
}

/// Trains. The answer head learns from sentences that were read by heads that had not seen them, as it will later be.
pub fn train(data: &Data, ready: &[Ready]) -> Trained {
    // Two at a time: each fold is by itself.
    let mut nets: Vec<Net> = Vec::new();
    std::thread::scope(|scope| {
        let fold = |fold: usize| move || sentence_net(data, ready, |one| one.fold != fold);
        let running: Vec<_> = (0..FOLDS + 1).map(|at| scope.spawn(fold(at))).collect();
        nets = running.into_iter().map(|thread| thread.join().expect("training does not panic")).collect();
    });
    let sentence = nets.pop().expect("one more than folds");
    let rows: Vec<Vec<f32>> = ready.iter().map(|one| answer_features(one, &nets[one.fold])).collect();
    let goals: Vec<Vec<f32>> = data.answers.iter().map(targets).collect();
    let learn = |learn: &dyn Fn(&Ready) -> bool| {
        let chosen = || ready.iter().enumerate().filter(|(_, one)| learn(one)).map(|(at, _)| at);
        let rows: Vec<Vec<f32>> = chosen().map(|at| rows[at].clone()).collect();
        let goals: Vec<Vec<f32>> = chosen().map(|at| goals[at].clone()).collect();
        fit(&Table::new(&rows), &Table::new(&goals), ANSWER)
    };
    let mut unseen = vec![Vec::new(); ready.len()];
    for fold in 0..FOLDS {
        let net = learn(&|one| one.fold != fold);
        for (at, _) in ready.iter().enumerate().filter(|(_, one)| one.fold == fold) {
            unseen[at] = net.likely(&rows[at]);
        }
    }
    let unseen_sentences = ready
        .iter()
        .map(|one| {
            let net = &nets[one.fold];
            (0..one.labelled.meanings.len())
                .map(|at| net.likely(&features::sentence(&one.labelled, at)))
                .collect()
        })
        .collect();
    let answer = learn(&|_| true);
    Trained { unseen, unseen_sentences, heads: Heads { sentence, answer, data: data.digest } }
}
