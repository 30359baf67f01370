//! `make train-notes`.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Parser;
use interview::moves::{MOVES, Move};
use interview::next::KINDS;
use interview::reading::Ask;
use models::{ModelFolder, ModelSet};
use reading::MiniLmReader;
use reading_train::stories::marked::{self, ActionLabelSet};
use reading_train::stories::{self, introductions, next};
use report::Aspect;

/// Learn which words of a story carry what it can hold, say how well, and write the weights of the notes
#[derive(Debug, Parser)]
struct TrainNotesFlags {
    /// Folder of the models
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// Stories from another folder, to be measured only
    #[arg(long, value_name = "DIR")]
    others: Option<PathBuf>,
    /// What a good interviewer would ask next, from another folder
    #[arg(long, value_name = "DIR")]
    next: Option<PathBuf>,
    /// Introductions from another folder, to be measured only
    #[arg(long, value_name = "DIR")]
    introductions: Option<PathBuf>,
    /// Only say how well it does
    #[arg(long)]
    dry: bool,
}

fn main() -> Result<()> {
    let flags = TrainNotesFlags::parse();
    let mut reader = MiniLmReader::load(&ModelFolder::open(&flags.models, ModelSet::Reading)?)?;
    if let Some(folder) = &flags.introductions {
        let told = introductions::read(folder, &mut reader)?;
        print!("{}", introductions::asked(&told, &marked::read(&folder.join("next"))?)?);
        return Ok(());
    }
    let folder = flags.others.clone().unwrap_or_else(stories::folder);
    let stories = stories::read(&folder, &mut reader)?;
    let wanted: ActionLabelSet<Ask> =
        marked::read(&flags.next.clone().unwrap_or_else(|| folder.join("next")))?;
    println!("{} stories", stories.stories.len());
    if flags.others.is_some() {
        print!("{}", stories::measure(&stories.stories)?);
        print!("{}", next::asked(&stories.stories, &wanted)?);
        return Ok(());
    }
    print!("{}", stories::unseen(&stories.stories)?);
    let places = next::places(&stories.stories, &wanted);
    print!("what to ask next in a story, {}", marked::unseen::<_, KINDS>(&places));
    let folder = introductions::folder();
    let told = introductions::read(&folder, &mut reader)?;
    let moves: ActionLabelSet<Move> = marked::read(&folder.join("next"))?;
    let steps = introductions::places(&told, &moves);
    print!("what to say next in an introduction, {}", marked::unseen::<_, MOVES>(&steps));
    if flags.dry {
        return Ok(());
    }
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../app");
    let notes = stories::train(&stories.stories)?.to_text(&stories.digest, Aspect::ALL.map(Aspect::key));
    std::fs::write(app.join("report/src/carry/weights.tsv"), notes)?;
    let kinds: Vec<&str> = Ask::ALL.iter().map(|ask| ask.key()).collect();
    let kinds = kinds.try_into().map_err(|_| anyhow!("a column for each kind of question"))?;
    let asks = marked::train::<_, KINDS>(&places).to_text(&wanted.digest, kinds);
    std::fs::write(app.join("interview/src/next/weights.tsv"), asks)?;
    let made = marked::train::<_, MOVES>(&steps).to_text(&moves.digest, Move::ALL.map(Move::key));
    std::fs::write(app.join("interview/src/moves/weights.tsv"), made)?;
    Ok(())
}
