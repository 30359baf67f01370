//! `make train-notes`.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Parser;
use interview::reading::Ask;
use models::{Folder, Set};
use reading::Reader;
use reading_train::stories::{self, next};
use report::Aspect;

/// Learn which words of a story carry what it can hold, say how well, and write the weights of the notes
#[derive(Debug, Parser)]
struct Flags {
    /// Folder of the models
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// Stories from another folder, to be measured only
    #[arg(long, value_name = "DIR")]
    others: Option<PathBuf>,
    /// What a good interviewer would ask next, from another folder
    #[arg(long, value_name = "DIR")]
    next: Option<PathBuf>,
    /// Only say how well it does
    #[arg(long)]
    dry: bool,
}

fn main() -> Result<()> {
    let flags = Flags::parse();
    let mut reader = Reader::load(&Folder::open(&flags.models, Set::Reading)?)?;
    let folder = flags.others.clone().unwrap_or_else(stories::folder);
    let stories = stories::read(&folder, &mut reader)?;
    let wanted = next::read(&flags.next.clone().unwrap_or_else(|| folder.join("next")))?;
    println!("{} stories", stories.stories.len());
    if flags.others.is_some() {
        print!("{}", stories::measure(&stories.stories)?);
        print!("{}", next::asked(&stories.stories, &wanted)?);
        return Ok(());
    }
    print!("{}", stories::unseen(&stories.stories)?);
    print!("{}", next::unseen(&stories.stories, &wanted));
    if flags.dry {
        return Ok(());
    }
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../app");
    let notes = stories::train(&stories.stories)?.to_text(&stories.digest, Aspect::ALL.map(Aspect::key));
    std::fs::write(app.join("report/src/carry/weights.tsv"), notes)?;
    let kinds: Vec<&str> = Ask::ALL.iter().map(|ask| ask.key()).collect();
    let kinds = kinds.try_into().map_err(|_| anyhow!("a column for each kind of question"))?;
    let asks = next::train(&stories.stories, &wanted).to_text(&wanted.digest, kinds);
    std::fs::write(app.join("interview/src/next/weights.tsv"), asks)?;
    Ok(())
}
