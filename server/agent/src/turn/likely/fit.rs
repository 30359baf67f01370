//! Fits the weights to the labelled pauses: logistic regression by Newton's method, every voice as heavy as its pauses. A
//! pause counts at every moment until it is over, as one that was the end or was not.

use std::fmt::Write as _;
use std::time::Duration;

use super::data::{CutIn, SilenceCause, TrainingPause, pauses};
use super::{EndpointWeights, weights};

const KNOWN: usize = weights::KNOWN.len();
const ALL: usize = KNOWN + weights::SILENCE.len();
/// When a pause is looked at, in hundredths of a second.
const LOOKED: [u64; 13] = [30, 36, 42, 50, 58, 67, 78, 90, 105, 125, 150, 190, 240];
/// How strongly weights are held near zero: those of what is known, and those of silence.
const HELD: (f64, f64) = (1.0, 0.3);
/// No weight is less. More silence never makes an end less likely. Synthesised voices fall wherever they stop, and their
/// sentences are made one by one, so these pauses cannot tell what the sound is worth, nor a full stop: with people both tell
/// something. These are the most that cost nothing here.
const LEAST: [(usize, f64); 2] = [(1, 0.3), (6, 0.4)];
/// There are sixteen voices; two are held out at a time.
const FOLDS: usize = 8;

type Vector = [f64; ALL];

/// What is known of a pause at one moment, and whether it was the end.
struct Sample {
    known: Vector,
    end: bool,
}

fn samples<'a>(pauses: impl Iterator<Item = &'a TrainingPause>) -> Vec<Sample> {
    let mut samples = Vec::new();
    for pause in pauses.filter(|pause| pause.is_whole()) {
        for lasted in LOOKED.map(|hundredths| Duration::from_millis(10 * hundredths)) {
            if pause.lasts().is_some_and(|lasts| lasted >= lasts) {
                break;
            }
            let mut known = [0.0; ALL];
            known[..KNOWN].copy_from_slice(&pause.known(lasted));
            known[KNOWN..].copy_from_slice(&super::silence(lasted.as_secs_f64()));
            samples.push(Sample { known, end: pause.lasts().is_none() });
        }
    }
    samples
}

fn least() -> Vector {
    let mut least = [f64::NEG_INFINITY; ALL];
    least[KNOWN..].fill(0.0);
    LEAST.into_iter().for_each(|(at, weight)| least[at] = weight);
    least
}

/// The weights that make these samples likeliest, rounded to hundredths: the same on every processor.
fn fit(samples: &[Sample]) -> Vector {
    let least = least();
    let mut weights = least.map(|least| least.max(0.0));
    for _ in 0..100 {
        let (mut slope, mut curve) = ([0.0; ALL], [[0.0; ALL]; ALL]);
        for Sample { known, end } in samples {
            let likely = 1.0 / (1.0 + (-super::weighted_sum(known, &weights)).exp());
            for (at, value) in known.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                slope[at] += (likely - f64::from(u8::from(*end))) * value;
                let bend = likely * (1.0 - likely) * value;
                curve[at].iter_mut().zip(known).for_each(|(curve, other)| *curve += bend * other);
            }
        }
        for at in 1..ALL {
            let held = if at < KNOWN { HELD.0 } else { HELD.1 };
            slope[at] += held * weights[at];
            curve[at][at] += held;
        }
        // What is at its least and would be less stays there.
        let stays: [bool; ALL] = std::array::from_fn(|at| weights[at] <= least[at] && slope[at] > 0.0);
        for at in (0..ALL).filter(|at| stays[*at]) {
            slope[at] = 0.0;
            (0..ALL).for_each(|other| (curve[at][other], curve[other][at]) = (0.0, 0.0));
            curve[at][at] = 1.0;
        }
        let step = solved(curve, slope);
        let most = step.iter().fold(0.0, |most: f64, step| most.max(step.abs()));
        for (weight, (step, least)) in weights.iter_mut().zip(step.iter().zip(&least)) {
            *weight = (*weight - step.clamp(-1.0, 1.0)).max(*least);
        }
        if most < 1e-9 {
            break;
        }
    }
    weights.map(|weight| (weight * 100.0).round() / 100.0)
}

fn split(weights: &Vector) -> EndpointWeights {
    let (mut known, mut silence) = ([0.0; KNOWN], [0.0; ALL - KNOWN]);
    known.copy_from_slice(&weights[..KNOWN]);
    silence.copy_from_slice(&weights[KNOWN..]);
    EndpointWeights { known, silence }
}

/// The solution of these linear equations, by elimination: the matrix is symmetric and positive.
fn solved(mut matrix: [[f64; ALL]; ALL], mut right: Vector) -> Vector {
    for at in 0..ALL {
        let (pivot, value) = (matrix[at], right[at]);
        for below in at + 1..ALL {
            let factor = matrix[below][at] / pivot[at];
            matrix[below].iter_mut().zip(&pivot).for_each(|(one, above)| *one -= factor * above);
            right[below] -= factor * value;
        }
    }
    for at in (0..ALL).rev() {
        let known: f64 = (at + 1..ALL).map(|other| matrix[at][other] * right[other]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}

/// What came of pauses.
#[derive(Default)]
struct EndpointTally {
    waits: Vec<f64>,
    /// Pauses, and those of them that were cut short.
    sentences: (usize, usize),
    hesitations: (usize, usize),
    others: (usize, usize),
}

impl EndpointTally {
    fn add(&mut self, pause: &TrainingPause, weights: &EndpointWeights) {
        let reply = pause.reply(weights);
        let (all, cut) = match pause.why {
            SilenceCause::End => return self.waits.extend(reply.map(|wait| wait.as_secs_f64())),
            SilenceCause::Sentence => &mut self.sentences,
            SilenceCause::Hesitation => &mut self.hesitations,
            SilenceCause::Comma | SilenceCause::Gap => &mut self.others,
        };
        *all += 1;
        *cut += usize::from(reply == Err(CutIn));
    }

    fn mean(&self) -> f64 {
        self.waits.iter().sum::<f64>() / self.waits.len() as f64
    }

    fn at(&self, share: f64) -> f64 {
        let mut waits = self.waits.clone();
        waits.sort_by(f64::total_cmp);
        waits[((waits.len() as f64 * share).ceil() as usize).saturating_sub(1)]
    }

    fn cut_ins(&self) -> usize {
        self.sentences.1 + self.hesitations.1 + self.others.1
    }

    fn row(&self, name: &str) -> String {
        let of = |(all, cut): (usize, usize)| format!("{cut} of {all}");
        format!(
            "| {name} | {:.2} / {:.2} / {:.2} | {} | {} | {} |\n",
            self.mean(),
            self.at(0.5),
            self.at(0.95),
            of(self.sentences),
            of(self.hesitations),
            of(self.others),
        )
    }
}

/// How pauses fare by weights that have not seen their voices.
fn held_out(pauses: &[TrainingPause]) -> (EndpointTally, String) {
    let mut all = EndpointTally::default();
    let mut table = String::from(
        "| voices held out | wait, mean / p50 / p95 (s) | cut in: between sentences | hesitating | else |\n|---|---|---|---|---|\n",
    );
    for fold in 0..FOLDS {
        let out = |pause: &&TrainingPause| pause.voice % FOLDS == fold;
        let weights = split(&fit(&samples(pauses.iter().filter(|pause| !out(pause)))));
        let mut some = EndpointTally::default();
        for pause in pauses.iter().filter(out) {
            some.add(pause, &weights);
            all.add(pause, &weights);
        }
        table += &some.row(&format!("{fold}, {}", fold + FOLDS));
    }
    table += &all.row("all");
    (all, table)
}

fn source(weights: &Vector) -> String {
    let EndpointWeights { known, silence } = split(weights);
    let mut out = String::from("//! Made by `make train-turns`.\n");
    for (about, name, weights) in [
        ("What is known of a pause, in the order of `super::pause_features`.", "KNOWN", known.as_slice()),
        ("How much more likely the end is after each stretch of silence.", "SILENCE", silence.as_slice()),
    ] {
        let list: Vec<String> = weights.iter().map(|weight| format!("{weight:?}")).collect();
        let (many, list) = (list.len(), list.join(", "));
        let _infallible = write!(out, "\n/// {about}\npub(super) const {name}: [f64; {many}] = [{list}];\n");
    }
    out
}

/// `make train-turns` runs this, too: with `TRAIN` set it writes the weights.
#[test]
fn the_weights_are_those_that_the_pauses_give() {
    let pauses = pauses();
    let made = source(&fit(&samples(pauses.iter())));
    if std::env::var_os("TRAIN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/turn/likely/weights.rs"), made).unwrap();
    } else {
        assert_eq!(
            made,
            include_str!("weights.rs"),
            "the pauses or the features have changed: make train-turns"
        );
    }
}

/// The rules that the weights replaced waited 0.99 s (0.91 at the median, 1.72 at p95) for 76 cut-ins.
#[test]
fn voices_held_out_are_waited_for_less_and_not_cut_in_on_more() {
    let (all, table) = held_out(&pauses());
    println!("{table}");
    assert!(all.mean() < 0.87 && all.at(0.5) < 0.8, "{table}");
    assert!(all.cut_ins() <= 76, "{table}");
    assert_eq!(all.others.1, 0, "nobody is cut in on at a comma\n{table}");
}
