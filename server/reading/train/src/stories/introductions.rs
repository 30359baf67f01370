//! Introductions, and what people said that a good interviewer would say next in them
//! (`server/reading/data/introductions`; its README says how).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use interview::moves::{Move, introduction_features};
use reading::MiniLmReader;

use super::marked::{self, ActionLabelSet, DecisionPoint};
use super::{StoryCorpus, next, story, written};

/// Where they are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/introductions")
}

/// Reads the files of a folder, and their answers by a model.
///
/// # Errors
/// What of it cannot be read.
pub fn read(folder: &Path, reader: &mut MiniLmReader) -> Result<StoryCorpus> {
    let introductions = written(folder, |written, writer| story(written, writer, reader))?;
    let told = introductions.stories.iter().find(|one| !one.introduces());
    ensure!(told.is_none(), "{} asks for no introduction", told.map_or("", |one| one.id.as_str()));
    Ok(introductions)
}

/// The places at which an interviewer speaks.
pub fn places<'a>(
    introductions: &'a StoryCorpus,
    wanted: &'a ActionLabelSet<Move>,
) -> Vec<DecisionPoint<'a, Move>> {
    marked::places(&introductions.stories, wanted, introduction_features)
}

/// A table of the moves that the interviewer makes.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn asked(introductions: &StoryCorpus, wanted: &ActionLabelSet<Move>) -> Result<String> {
    let mut counts: BTreeMap<usize, [usize; 4]> = BTreeMap::new();
    let mut lines = String::new();
    for one in &introductions.stories {
        for (at, said) in next::hold(one)?.into_iter().enumerate() {
            let Some(row) = wanted.at(&one.id, at) else { continue };
            let made = said.made;
            let kind = row.grade(made);
            counts.entry(at).or_default()[kind] += 1;
            if kind > 1 {
                lines += &format!(
                    "{}#{at} wanted {} made {}: {}\n",
                    one.id,
                    row.best.key(),
                    made.key(),
                    said.line
                );
            }
        }
    }
    let mut text = String::from("answer: best, fine, neither, bad\n");
    for (at, counts) in counts {
        text += &format!("{at}: {counts:?}\n");
    }
    Ok(text + &lines)
}
