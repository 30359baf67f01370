//! Which lines go with which answers: learnt from judgements of lines after answers (`server/reading/data/fits`). What an
//! answer leaves to be asked and what a line asks become a few numbers each; the more they agree, the better.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use interview::bank::fit::{LineFit, STEP, WIDTH};
use interview::bank::{self, BankLine};
use interview::reading::{AnswerReading, Probe};
use models::ModelFolder;
use reading::features::AnswerEncoding;
use reading::heads::{product, sigmoid};
use reading::minilm::{Embedding, MiniLm};
use reading::wants::{INPUTS, Wants, inputs};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::data::Data;
use crate::optimise::{AdamwWeights, Chance};
use crate::training::{FOLDS, TrainedHeads, TrainingExample};

/// The lines that were judged after one answer, in the words of the bank.
#[derive(Debug, Clone, Deserialize)]
pub struct GradedLines {
    /// The answer.
    pub id: String,
    /// A good interviewer could say exactly this here.
    pub good: Vec<String>,
    /// It makes sense, but is a weaker choice.
    pub ok: Vec<String>,
    /// Neither.
    pub bad: Vec<String>,
}

/// Where the judgements are in this repository.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/fits")
}

/// Reads the judgements, and the digest of their files.
///
/// # Errors
/// Which line cannot be read, and why.
pub fn read(folder: &Path) -> Result<(Vec<GradedLines>, [u8; 32])> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
    files.sort();
    let (mut judged, mut digest) = (Vec::new(), Sha256::new());
    for path in files {
        let text = std::fs::read_to_string(&path)?;
        digest.update(&text);
        for (at, line) in text.lines().enumerate() {
            let place = || format!("{}:{}", path.display(), at + 1);
            judged.push(serde_json::from_str(line).with_context(place)?);
        }
    }
    Ok((judged, digest.finalize().into()))
}

/// How well a line was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum FitGrade {
    Bad,
    Fair,
    Good,
}

impl FitGrade {
    /// What is to be learnt of it.
    fn goal(self) -> f32 {
        match self {
            Self::Bad => 0.0,
            Self::Fair => 0.35,
            Self::Good => 1.0,
        }
    }
}

/// A judgement: the answer's number, the line's, and how well they go together.
#[derive(Debug, Clone, Copy)]
struct Pair {
    answer: usize,
    line: usize,
    grade: FitGrade,
}

/// Everything that is learnt from.
pub struct FitTrainingSet {
    bank: Vec<BankLine>,
    digest: [u8; 32],
    answers: Vec<Vec<f32>>,
    lines: Vec<Vec<f32>>,
    /// Which part each answer's profession is in.
    folds: Vec<usize>,
    pairs: Vec<Pair>,
}

/// What came of it.
pub struct FitResult {
    /// For answers.
    pub wants: Wants,
    /// For the lines of the bank, by their names, in order.
    pub lines: Vec<(u64, LineFit)>,
    /// What to say of it.
    pub figures: RankingFigures,
}

/// How well lines are told apart after answers of professions that were not seen.
#[derive(Debug, Clone, Copy)]
pub struct RankingFigures {
    /// How many judgements there are.
    pub judged: usize,
    /// How often a good line is put before one that is not.
    pub before: f64,
    /// How often the line that is put first, of those judged after one answer, is a good one.
    pub first: f64,
    /// The same of a line by chance.
    pub chance: f64,
    /// How often the first is good or fair.
    pub fair: f64,
    /// The same of a line by chance.
    pub fair_chance: f64,
}

impl std::fmt::Display for RankingFigures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { before, first, chance, fair, fair_chance, .. } = self;
        write!(
            f,
            "a good line is before another {before:.3}; the first is good {first:.3} (by chance {chance:.3}), "
        )?;
        write!(f, "good or fair {fair:.3} (by chance {fair_chance:.3})")
    }
}

/// Answers by id, with what heads that have not seen their professions say of them, and which part they are in.
pub type AnswersById<'a> = BTreeMap<&'a str, (&'a AnswerEncoding, &'a [f32], usize)>;

/// The labelled answers as they are learnt from here.
pub fn answers<'a>(
    data: &'a Data,
    ready: &'a [TrainingExample],
    trained: &'a TrainedHeads,
) -> AnswersById<'a> {
    let known = data.answers.iter().zip(ready).zip(&trained.unseen);
    known
        .map(|((answer, ready), said)| (answer.id.as_str(), (ready.seen(), said.as_slice(), ready.fold)))
        .collect()
}

/// How it is learnt (chosen on professions that were not seen).
mod how {
    pub const ROUNDS: usize = 12;
    pub const BATCH: usize = 128;
    pub const RATE: f32 = 1.5e-3;
    pub const DECAY: f32 = 0.1;
    pub const DROP_ANSWER: f32 = 0.3;
    pub const DROP_LINE: f32 = 0.2;
    pub const SEEDS: u64 = 3;
    /// How much a line's meaning counts beside what it is written for.
    pub const MEANING: f32 = 3.0;
    pub const PLACE: f32 = 0.7;
}

/// What is known of a line: its meaning, what it is written for, what it asks for.
fn line_inputs(line: &BankLine, meaning: &[f32], places: &[String]) -> Vec<f32> {
    let flag = |yes: bool| how::PLACE * f32::from(u8::from(yes));
    let meaning = meaning.iter().map(|value| how::MEANING * value);
    let places = places.iter().map(|place| flag(*place == line.place));
    meaning.chain(places).chain(Probe::ALL.iter().map(|probe| flag(*probe == line.probe))).collect()
}

/// Gathers what is learnt from, of the answers by id and the judgements in this repository.
///
/// # Errors
/// Those of the model; a judgement that cannot be read, or of an answer that is not there.
pub fn material(answers: &AnswersById<'_>, models: &ModelFolder) -> Result<FitTrainingSet> {
    let (judged, digest) = read(&folder())?;
    let bank = bank::lines();
    let places: BTreeSet<String> = bank.iter().map(|line| line.place.clone()).collect();
    let places: Vec<String> = places.into_iter().collect();
    let mut model = MiniLm::load(models)?;
    let mut meanings: Vec<Embedding> = Vec::with_capacity(bank.len());
    for lines in bank.chunks(256) {
        let texts: Vec<&str> = lines.iter().map(|line| line.example.as_str()).collect();
        meanings.extend(model.embed(&texts)?);
    }
    let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in bank.iter().enumerate() {
        by_text.entry(line.text).or_default().push(at);
    }
    let mut material = FitTrainingSet {
        answers: Vec::new(),
        lines: bank.iter().zip(&meanings).map(|(line, of)| line_inputs(line, of, &places)).collect(),
        folds: Vec::new(),
        pairs: Vec::new(),
        digest,
        bank: Vec::new(),
    };
    for judged in &judged {
        let known = answers.get(judged.id.as_str());
        let (seen, likely, fold) = known.with_context(|| format!("there is no answer {}", judged.id))?;
        material.answers.push(inputs(seen, likely));
        material.folds.push(*fold);
        let answer = material.answers.len() - 1;
        for (grade, lines) in
            [(FitGrade::Good, &judged.good), (FitGrade::Fair, &judged.ok), (FitGrade::Bad, &judged.bad)]
        {
            // A line that the bank has no longer teaches nothing.
            for line in lines.iter().filter_map(|text| by_text.get(text.as_str())).flatten() {
                material.pairs.push(Pair { answer, line: *line, grade });
            }
        }
    }
    drop(by_text);
    material.bank = bank;
    Ok(material)
}

/// Weights from both sides to the numbers they have in common, and from a line to how well it goes with any answer.
#[derive(Debug, Clone)]
struct Towers {
    answers: Vec<f32>,
    lines: Vec<f32>,
    own: Vec<f32>,
    /// How many of the lines are good after an answer: the same for all lines, so that the program has no use for it.
    level: Vec<f32>,
    bias: f32,
}

impl Towers {
    fn line(&self, inputs: &[f32]) -> LineFit {
        // Casts of floats keep within what fits.
        let own = ((product(&self.own, inputs) + self.bias) * STEP * STEP).round() as i16;
        let mut asks = [0; WIDTH];
        for (ask, weights) in asks.iter_mut().zip(self.lines.chunks_exact(inputs.len())) {
            *ask = (product(weights, inputs) * STEP).round() as i8;
        }
        LineFit { own, asks }
    }

    fn score(&self, answer: &[f32], line: &[f32]) -> f32 {
        let answers = self.answers.chunks_exact(answer.len()).map(|weights| product(weights, answer));
        let lines = self.lines.chunks_exact(line.len()).map(|weights| product(weights, line));
        let agree: f32 = answers.zip(lines).map(|(one, other)| one * other).sum();
        agree + product(&self.own, line) + product(&self.level, answer) + self.bias
    }
}

impl FitTrainingSet {
    /// Learns which lines go with which answers, and says how well that is told on professions not seen.
    ///
    /// # Errors
    /// None that happens: the weights are as many as there should be.
    pub fn fit(&self) -> Result<FitResult> {
        let (folds, towers) = self.learnt();
        let figures = self.figures(&|pair| {
            folds[self.folds[pair.answer]].score(&self.answers[pair.answer], &self.lines[pair.line])
        });
        let (wants, lines) = self.shipped(&towers)?;
        Ok(FitResult { wants, lines, figures })
    }

    /// What comes with the program.
    fn shipped(&self, towers: &Towers) -> Result<(Wants, Vec<(u64, LineFit)>)> {
        let wants = Wants::new(towers.answers.clone(), self.digest)?;
        let lines =
            self.bank.iter().zip(&self.lines).map(|(line, inputs)| (line.name(), towers.line(inputs)));
        let mut lines: Vec<(u64, LineFit)> = lines.collect();
        lines.sort_by_key(|(name, _)| *name);
        Ok((wants, lines))
    }

    /// SHA-256 of the judgements.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// How well the numbers that come with the program put the judged lines in order; and how much they agree with those
    /// trained anew, as a correlation.
    ///
    /// # Errors
    /// Where the shipped weights cannot be read.
    pub fn compare(&self, wants: &Wants) -> Result<(RankingFigures, f64)> {
        let anew = self.towers(&self.pairs);
        let said: Vec<Vec<i8>> = self.answers.iter().map(|inputs| wants.of(inputs)).collect();
        let ours = |pair: &Pair| {
            let reading = AnswerReading { wants: said[pair.answer].clone(), ..AnswerReading::default() };
            let line = bank::fit::fit(&reading, self.bank[pair.line].name());
            // A line without numbers comes last.
            line.unwrap_or(i32::MIN / 2) as f32 / 1000.0
        };
        let theirs = |pair: &Pair| {
            let (answer, line) = (&self.answers[pair.answer], &self.lines[pair.line]);
            anew.score(answer, line) - product(&anew.level, answer)
        };
        let pairs: Vec<(f64, f64)> =
            self.pairs.iter().map(|pair| (f64::from(ours(pair)), f64::from(theirs(pair)))).collect();
        Ok((self.figures(&ours), correlation(&pairs)))
    }

    /// What is learnt of all parts but one, for each; and of all.
    fn learnt(&self) -> (Vec<Towers>, Towers) {
        let next = std::sync::atomic::AtomicUsize::new(0);
        let work = || {
            let mut made = Vec::new();
            loop {
                let fold = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if fold > FOLDS {
                    return made;
                }
                let pairs = self.pairs.iter().filter(|pair| self.folds[pair.answer] != fold);
                made.push((fold, self.towers(&pairs.copied().collect::<Vec<_>>())));
            }
        };
        let mut made: Vec<(usize, Towers)> = std::thread::scope(|scope| {
            let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running.into_iter().flat_map(|thread| thread.join().expect("training does not panic")).collect()
        });
        made.sort_by_key(|(fold, _)| *fold);
        let mut towers: Vec<Towers> = made.into_iter().map(|(_, towers)| towers).collect();
        let all = towers.pop().expect("one more than folds");
        (towers, all)
    }

    /// Towers of several beginnings, side by side: each has its share of the numbers in common.
    fn towers(&self, pairs: &[Pair]) -> Towers {
        let share = WIDTH / how::SEEDS as usize;
        let wide = self.lines.first().map_or(0, Vec::len);
        let (own, level) = (vec![0.0; wide], vec![0.0; INPUTS]);
        let mut all = Towers { answers: Vec::new(), lines: Vec::new(), own, level, bias: 0.0 };
        for seed in 0..how::SEEDS {
            // What is left over goes to the last.
            let width = if seed + 1 == how::SEEDS { WIDTH - all.answers.len() / INPUTS } else { share };
            let one = self.tower(pairs, width, seed);
            // The mean of their scores: half of the division goes to each side.
            let even = 1.0 / (how::SEEDS as f32);
            all.answers.extend(one.answers.iter().map(|weight| weight * even.sqrt()));
            all.lines.extend(one.lines.iter().map(|weight| weight * even.sqrt()));
            add(&mut all.own, even, &one.own);
            add(&mut all.level, even, &one.level);
            all.bias += one.bias * even;
        }
        all
    }

    /// AdamW on a few judgements at a time, some of whose inputs are left out by chance.
    fn tower(&self, pairs: &[Pair], width: usize, seed: u64) -> Towers {
        let wide = self.lines.first().map_or(0, Vec::len);
        let mut chance = Chance::new(seed + 1);
        let mut answers =
            AdamwWeights::new(chance.around(width * INPUTS, 0.5 / (INPUTS as f32).sqrt()), how::DECAY);
        let mut lines =
            AdamwWeights::new(chance.around(width * wide, 0.5 / (wide as f32).sqrt()), how::DECAY);
        let mut own = AdamwWeights::new(vec![0.0; wide], how::DECAY);
        let mut level = AdamwWeights::new(vec![0.0; INPUTS], how::DECAY);
        let mut bias = AdamwWeights::new(vec![-1.4], 0.0);
        let steps = how::ROUNDS * pairs.len().div_ceil(how::BATCH);
        let mut step = 0;
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        for _ in 0..how::ROUNDS {
            chance.shuffle(&mut order);
            for batch in order.chunks(how::BATCH) {
                for pair in batch.iter().map(|at| pairs[*at]) {
                    let answer = dropped(&self.answers[pair.answer], how::DROP_ANSWER, &mut chance);
                    let line = dropped(&self.lines[pair.line], how::DROP_LINE, &mut chance);
                    let wanted: Vec<f32> = answers
                        .weights
                        .chunks_exact(INPUTS)
                        .map(|weights| product(weights, &answer))
                        .collect();
                    let asked: Vec<f32> =
                        lines.weights.chunks_exact(wide).map(|weights| product(weights, &line)).collect();
                    let alone = product(&own.weights, &line) + product(&level.weights, &answer);
                    let logit = product(&wanted, &asked) + alone + bias.weights[0];
                    let error = (sigmoid(logit) - pair.grade.goal()) / batch.len() as f32;
                    add(&mut own.slopes, error, &line);
                    add(&mut level.slopes, error, &answer);
                    bias.slopes[0] += error;
                    for (slopes, asked) in answers.slopes.chunks_exact_mut(INPUTS).zip(&asked) {
                        add(slopes, error * asked, &answer);
                    }
                    for (slopes, wanted) in lines.slopes.chunks_exact_mut(wide).zip(&wanted) {
                        add(slopes, error * wanted, &line);
                    }
                }
                step += 1;
                let done = step as f32 / steps as f32;
                let rate = how::RATE * 0.5 * (1.0 + (std::f32::consts::PI * done).cos());
                for learnt in [&mut answers, &mut lines, &mut own, &mut level, &mut bias] {
                    learnt.step(rate, step);
                }
            }
        }
        Towers {
            answers: answers.weights,
            lines: lines.weights,
            own: own.weights,
            level: level.weights,
            bias: bias.weights[0],
        }
    }

    /// How well such scores put the lines after each answer in order.
    fn figures(&self, score: &dyn Fn(&Pair) -> f32) -> RankingFigures {
        let mut scored: Vec<(f32, Pair)> = self.pairs.iter().map(|pair| (score(pair), *pair)).collect();
        let mut by_answer: BTreeMap<usize, Vec<(f32, FitGrade)>> = BTreeMap::new();
        for (score, pair) in &scored {
            by_answer.entry(pair.answer).or_default().push((*score, pair.grade));
        }
        let (mut first, mut fair, mut chance, mut fair_chance) = (0.0, 0.0, 0.0, 0.0);
        for lines in by_answer.values() {
            let share = |from: FitGrade| {
                lines.iter().filter(|(_, grade)| *grade >= from).count() as f64 / lines.len() as f64
            };
            let best = lines.iter().max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, grade)| *grade);
            first += f64::from(u8::from(best == Some(FitGrade::Good)));
            fair += f64::from(u8::from(best >= Some(FitGrade::Fair)));
            chance += share(FitGrade::Good);
            fair_chance += share(FitGrade::Fair);
        }
        scored.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (mut others, mut before, mut good) = (0.0, 0.0, 0.0);
        for (_, pair) in &scored {
            if pair.grade == FitGrade::Good {
                before += others;
                good += 1.0;
            } else {
                others += 1.0;
            }
        }
        let count = by_answer.len().max(1) as f64;
        RankingFigures {
            judged: self.pairs.len(),
            before: before / (good * others),
            first: first / count,
            chance: chance / count,
            fair: fair / count,
            fair_chance: fair_chance / count,
        }
    }
}

/// Pearson's correlation of pairs.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len().max(1) as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (one, other) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
    let both = mean(&|pair| (pair.0 - one) * (pair.1 - other));
    both / (mean(&|pair| (pair.0 - one).powi(2)) * mean(&|pair| (pair.1 - other).powi(2))).sqrt()
}

fn dropped(inputs: &[f32], share: f32, chance: &mut Chance) -> Vec<f32> {
    let kept = 1.0 / (1.0 - share);
    inputs.iter().map(|input| if chance.next() < share { 0.0 } else { input * kept }).collect()
}

fn add(to: &mut [f32], times: f32, values: &[f32]) {
    to.iter_mut().zip(values).for_each(|(to, value)| *to += times * value);
}
