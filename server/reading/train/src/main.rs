//! `make train-reading`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use interview::bank::fit::to_bytes;
use models::{ModelFolder, ModelSet};
use reading_train::measure::{Figure, agreement, by_words, table};
use reading_train::{data, fits, private, training};

/// Train what reads answers, say how well it does, and write its weights
#[derive(Debug, Parser)]
struct ReadingTrainFlags {
    /// Folder of the models
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// Only say how well it does
    #[arg(long)]
    dry: bool,
    /// Only the head that reads the interviewer's own lines
    #[arg(long)]
    private: bool,
    /// Show which of those lines are judged wrongly
    #[arg(long)]
    wrong: bool,
}

fn main() -> Result<()> {
    let flags = ReadingTrainFlags::parse();
    let data = data::read(&data::folder())?;
    let folder = ModelFolder::open(&flags.models, ModelSet::Reading)?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let trained = private::train(&private::read(&data::questions_folder(), &data)?, &folder)?;
    println!("{:<48} {:>6}", "the interviewer's lines, by authors not seen", "share");
    for Figure { name, value } in &trained.figures {
        println!("{name:<48} {value:>6.3}");
    }
    if flags.wrong {
        trained.wrong.iter().for_each(|line| println!("{line}"));
    }
    if !flags.dry {
        std::fs::write(here.join("../private.bin"), trained.head.to_bytes())?;
    }
    if flags.private {
        return Ok(());
    }
    let ready = training::ready(&data, &folder)?;
    let trained = training::train(&data, &ready);
    let (agreed, words) = (agreement(&data), by_words(&data));
    println!("{} answers, {} of them labelled twice", data.answers.len(), data.second.len());
    let whole = table(&data, &trained, |answer| answer.story.is_none());
    let bit = table(&data, &trained, |answer| answer.story.is_some());
    println!(
        "{:<48} {:>6} {:>6} {:>6} {:>6} {:>13}",
        "on professions not seen", "all", "whole", "bit", "words", "two labellers"
    );
    for Figure { name, value } in table(&data, &trained, |_| true) {
        let other = |figures: &[Figure]| {
            let figure = figures.iter().find(|figure| figure.name == name);
            figure.map_or(String::new(), |figure| format!("{:.3}", figure.value))
        };
        let [whole, bit, words, agreed] = [&whole, &bit, &words, &agreed].map(|figures| other(figures));
        println!("{name:<48} {value:>6.3} {whole:>6} {bit:>6} {words:>6} {agreed:>13}");
    }
    let training::Unfinished { no_result, no_action, told } = trained.unfinished;
    println!(
        "read as open: {no_result:.3} of answers cut before their result, {no_action:.3} of those cut before"
    );
    println!("what was done, {told:.3} of those whose result is told");
    let material = fits::material(&fits::answers(&data, &ready, &trained), &folder)?;
    let fitted = material.fit()?;
    println!("\n{} judgements of lines after answers, on professions not seen:", fitted.figures.judged);
    println!("{}", fitted.figures);
    if !flags.dry {
        std::fs::write(here.join("../weights.bin"), trained.heads.to_bytes())?;
        std::fs::write(here.join("../wants.bin"), fitted.wants.to_bytes())?;
        let lines = here.join("../../../app/interview/bank/lines/fit.bin");
        std::fs::write(lines, to_bytes(&fitted.lines))?;
    }
    Ok(())
}
