//! The head that tells whether a line of the interviewer asks something private: its labelled lines, training, figures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use interview::InterviewHistory;
use interview::manner::{self, PrivacyVerdict};
use models::ModelFolder;
use reading::features::FeatureRow;
use reading::heads::{Net, sigmoid};
use reading::minilm::{Embedding, MiniLm};
use reading::private::{self, PrivateHead, SplitLine};
use reading::words::{NgramVocabulary, grams};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::data::Data;
use crate::measure::{Figure, figure};
use crate::optimise::{Example, Layers, Logistic, Scale, layers, logistic};
use crate::training::{FOLDS, per_fold, together};

/// A line, and whether it asks something private.
#[derive(Debug, Clone, Deserialize)]
struct LabelledLine {
    text: String,
    private: bool,
    /// Who wrote it, from 1.
    by: usize,
}

/// Templates of lines and what they are filled with.
#[derive(Debug, Clone, Deserialize)]
struct LineTemplates {
    about: Vec<String>,
    asks: Vec<String>,
    private: BTreeMap<String, Fillings>,
    fine: BTreeMap<String, Fillings>,
}

#[derive(Debug, Clone, Deserialize)]
struct Fillings {
    about: Vec<String>,
    asks: Vec<String>,
}

/// A line that is learnt from.
struct TrainingLine {
    text: String,
    parts: SplitLine,
    private: bool,
    /// Which head has not seen it: lines of one author are all in one fold.
    fold: usize,
    kind: TrainingLineSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TrainingLineSource {
    /// Labelled by hand: what counts in the figures, by author.
    Written(usize),
    /// Made of frames.
    Framed,
    /// Asked by an interviewer in the labelled answers: nothing private.
    Asked,
}

/// All labelled lines.
pub struct TrainingLineSet {
    lines: Vec<TrainingLine>,
    /// SHA-256 of them.
    pub digest: [u8; 32],
}

/// In how many frames each filling is put.
const FRAMED: usize = 3;
/// This author knew what a head got wrong, wrote lines against it, and wrote the frames. No threshold goes by them.
const AGAINST: usize = 3;

/// How the head is trained (chosen on lines that a head has not seen).
mod how {
    use super::{Layers, Logistic};

    pub const HEAD: Logistic = Logistic { decay: 1.0, steps: 150 };
    pub const FACTORS: [f32; 3] = [5.0, 3.0, 1.0];
    pub const WORD: f32 = 1.0;
    pub const LAYERS: Layers = Layers {
        hidden: 32,
        rounds: 8,
        batch: 64,
        rate: 3e-3,
        decay: 0.05,
        drop_inputs: 0.2,
        drop_units: 0.2,
    };
    pub const LAYERS_FACTORS: [f32; 3] = [12.0, 6.0, 1.0];
    /// What the networks with a hidden layer count, and how many there are.
    pub const SHARE: f32 = 0.5;
    pub const SEEDS: u64 = 2;
    /// Of the fine lines that are nearly private, so many may be refused, by words and head.
    pub const NEAR_REFUSED: f64 = 0.03;
    /// Of what interviewers ask otherwise.
    pub const ASKED_REFUSED: f64 = 0.01;
    /// A word is known from so many lines on.
    pub const COMMON: usize = 4;
}

/// Reads the labelled lines.
///
/// # Errors
/// Which line cannot be read, and why.
pub fn read(folder: &Path, data: &Data) -> Result<TrainingLineSet> {
    let text = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).with_context(|| path.display().to_string())
    };
    let (written, frames) = (text("private.jsonl")?, text("frames.json")?);
    // What is asked on in stories told bit by bit is much alike.
    let whole = data.answers.iter().filter(|answer| answer.story.is_none());
    let asked: BTreeSet<&str> = whole
        .flat_map(|answer| answer.probes.iter().map(|probe| probe.line.as_str()).chain([&*answer.question]))
        .collect();
    let mut digest = Sha256::new_with_prefix(&written);
    digest.update(&frames);
    asked.iter().for_each(|line| digest.update(line));
    let mut lines = Vec::new();
    for (at, line) in written.lines().enumerate() {
        let LabelledLine { text, private, by } =
            serde_json::from_str(line).with_context(|| format!("private.jsonl, line {}", at + 1))?;
        lines.push(line_of(text, private, (by - 1) % FOLDS, TrainingLineSource::Written(by)));
    }
    let frames = serde_json::from_str(&frames).context("frames.json")?;
    let framed = framed(&frames).into_iter();
    lines
        .extend(framed.map(|(text, private)| {
            line_of(text, private, (AGAINST - 1) % FOLDS, TrainingLineSource::Framed)
        }));
    let asked = asked.into_iter().enumerate();
    lines.extend(
        asked.map(|(at, text)| line_of(text.to_owned(), false, at % FOLDS, TrainingLineSource::Asked)),
    );
    Ok(TrainingLineSet { lines, digest: digest.finalize().into() })
}

fn line_of(text: String, private: bool, fold: usize, kind: TrainingLineSource) -> TrainingLine {
    TrainingLine { parts: SplitLine::of(&text), text, private, fold, kind }
}

/// The lines that frames make, and whether they are private.
fn framed(frames: &LineTemplates) -> Vec<(String, bool)> {
    let mut made = Vec::new();
    for (all, private) in [(&frames.private, true), (&frames.fine, false)] {
        for Fillings { about, asks } in all.values() {
            for (these, frames) in [(about, &frames.about), (asks, &frames.asks)] {
                for (at, filling) in these.iter().enumerate() {
                    for nth in 0..FRAMED {
                        let frame = &frames[(at * FRAMED + nth * 5) % frames.len()];
                        let before = frame.split("{}").next().unwrap_or_default();
                        let begins = before.trim().is_empty() || before.ends_with(". ");
                        let filled = if begins { capital(filling) } else { filling.clone() };
                        made.push((frame.replace("{}", &filled), private));
                    }
                }
            }
        }
    }
    made
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The head, and the figures of heads that had not seen a line.
pub struct TrainedPrivateHead {
    /// The head.
    pub head: PrivateHead,
    /// How well heads do on lines of an author they had not seen, with the words and without.
    pub figures: Vec<Figure>,
    /// The lines that such heads judge wrongly, with the words.
    pub wrong: Vec<String>,
}

/// Trains the head.
///
/// # Errors
/// Those of the model.
pub fn train(all: &TrainingLineSet, folder: &ModelFolder) -> Result<TrainedPrivateHead> {
    let lines = &all.lines;
    let meanings = meanings(lines, &mut MiniLm::load(folder)?)?;
    let said: Vec<Vec<String>> = lines.iter().map(|line| grams(&line.parts.question)).collect();
    let words = NgramVocabulary::common(said.iter().map(Vec::as_slice), how::COMMON);
    let meaning = |text: &str| meanings.get(text).map_or(&[][..], Vec::as_slice);
    let row = |line: &TrainingLine| {
        private::features(&line.parts, meaning(&line.parts.question), meaning(&line.parts.rest), &words)
    };
    let rows: Vec<FeatureRow> = lines.iter().map(row).collect();
    let goals: Vec<[f32; 1]> = lines.iter().map(|line| [f32::from(u8::from(line.private))]).collect();
    let examples: Vec<(usize, Example<'_>)> = rows
        .iter()
        .zip(&goals)
        .zip(lines)
        .map(|((row, goal), line)| (line.fold, Example { row, goal }))
        .collect();
    let (nets, mut net) = per_fold(&examples, |examples| net(examples, words.len()));
    let seen = |(line, row): (&TrainingLine, &FeatureRow)| HeldOutJudgement {
        kind: line.kind,
        private: line.private,
        by_words: manner::judge_privacy_by_words(&told(&line.text), &line.text).by,
        logit: nets[line.fold].logits(row)[0],
    };
    let judged: Vec<HeldOutJudgement> = lines.iter().zip(&rows).map(seen).collect();
    let from = threshold(&judged);
    net.direct[net.inputs] -= from;
    let wrong = lines.iter().zip(&judged).filter(|(line, judged)| judged.is_refused(from) != line.private);
    let told = |(line, judged): (&TrainingLine, &HeldOutJudgement)| {
        let what = if line.private { "private, let pass" } else { "fine, refused" };
        let by = match line.kind {
            TrainingLineSource::Written(by) => format!(" by {by}"),
            TrainingLineSource::Framed => " by frames".to_owned(),
            TrainingLineSource::Asked => String::new(),
        };
        format!("{what}{by}: {} ({:.2})", line.text, judged.logit - from)
    };
    let wrong = wrong.map(told).collect();
    Ok(TrainedPrivateHead {
        head: PrivateHead { words, net, data: all.digest },
        figures: figures(&judged, from),
        wrong,
    })
}

/// One network of a logistic one and of some with a hidden layer. So many words are known.
fn net(examples: &[Example<'_>], words: usize) -> Net {
    let scale = |factors: &[f32]| Scale::new(&private::BLOCKS, factors, how::WORD, words);
    let plain = logistic(examples, &scale(&how::FACTORS), how::HEAD);
    let scale = scale(&how::LAYERS_FACTORS);
    let deep: Vec<Net> = (0..how::SEEDS).map(|seed| layers(examples, &scale, how::LAYERS, seed)).collect();
    together(&plain, &deep, how::SHARE)
}

/// Puts all lines through the model.
fn meanings(lines: &[TrainingLine], model: &mut MiniLm) -> Result<BTreeMap<String, Embedding>> {
    let texts: BTreeSet<&str> = lines.iter().flat_map(|line| line.parts.texts()).collect();
    let texts: Vec<&str> = texts.into_iter().collect();
    let mut meanings = BTreeMap::new();
    for texts in texts.chunks(256) {
        meanings.extend(texts.iter().map(|text| (*text).to_owned()).zip(model.embed(texts)?));
    }
    Ok(meanings)
}

/// What was told before a line that says so: who wrote "You mentioned that your father was ill" had them tell of it.
fn told(line: &str) -> InterviewHistory {
    const SAYS_SO: [&str; 6] =
        ["you mentioned", "you said", "you told", "you were telling", "i am sorry about", "i'm sorry about"];
    let low = line.to_lowercase().replace('\u{2019}', "'");
    if !SAYS_SO.iter().any(|says| low.contains(says)) {
        return InterviewHistory::default();
    }
    let told = format!(" {low} ").replace(" your ", " my ").replace(" you ", " I ");
    // One may be sorry for what hurts, and not ask about it.
    let painful = if low.contains("sorry") { vec![told.clone()] } else { Vec::new() };
    InterviewHistory { answers: vec![told], painful, ..InterviewHistory::default() }
}

/// What is made of a line by a head that has not seen it.
struct HeldOutJudgement {
    kind: TrainingLineSource,
    private: bool,
    by_words: PrivacyVerdict,
    logit: f32,
}

impl HeldOutJudgement {
    /// Whether it is refused, by head and words.
    fn is_refused(&self, from: f32) -> bool {
        self.by_words.is_private(Some((sigmoid(self.logit - from) * 1000.0) as u16))
    }

    fn is_near(&self) -> bool {
        matches!(self.kind, TrainingLineSource::Written(by) if by != AGAINST)
    }
}

/// The lowest logit from which on lines can be refused without too many fine ones among them.
fn threshold(judged: &[HeldOutJudgement]) -> f32 {
    let fits = |from: f32| {
        let refused = |of: &dyn Fn(&HeldOutJudgement) -> bool| {
            let fine = || judged.iter().filter(|line| !line.private && of(line));
            share(fine().filter(|line| line.is_refused(from)).count(), fine().count())
        };
        refused(&HeldOutJudgement::is_near) <= how::NEAR_REFUSED
            && refused(&|line| line.kind == TrainingLineSource::Asked) <= how::ASKED_REFUSED
    };
    let (mut too_low, mut fit) = (-8.0, 8.0);
    for _ in 0..16 {
        let middle = (too_low + fit) / 2.0;
        *(if fits(middle) { &mut fit } else { &mut too_low }) = middle;
    }
    fit
}

fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

/// A way of judging a line: whether it is refused.
type Refuses<'a> = &'a dyn Fn(&HeldOutJudgement) -> bool;

fn figures(judged: &[HeldOutJudgement], from: f32) -> Vec<Figure> {
    let of = |name: String, kind: TrainingLineSource, private: bool, refused: Refuses<'_>| {
        let these = || judged.iter().filter(|line| line.kind == kind && line.private == private);
        figure(name, share(these().filter(|line| refused(line)).count(), these().count()))
    };
    let mut figures = Vec::new();
    let authors: BTreeSet<usize> = judged
        .iter()
        .filter_map(|line| if let TrainingLineSource::Written(by) = line.kind { Some(by) } else { None })
        .collect();
    let ways: [(&str, Refuses<'_>); 3] = [
        ("words", &|line| line.by_words.is_private(None)),
        ("head", &|line| line.logit >= from),
        ("both", &|line| line.is_refused(from)),
    ];
    for (way, refused) in ways {
        for by in &authors {
            figures.push(of(
                format!("{way}: private lines by {by}, found"),
                TrainingLineSource::Written(*by),
                true,
                refused,
            ));
            figures.push(of(
                format!("{way}: fine lines by {by}, refused"),
                TrainingLineSource::Written(*by),
                false,
                refused,
            ));
        }
        figures.push(of(
            format!("{way}: what is asked otherwise, refused"),
            TrainingLineSource::Asked,
            false,
            refused,
        ));
    }
    figures
}
