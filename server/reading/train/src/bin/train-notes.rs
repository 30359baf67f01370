//! `make train-notes`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use models::{Folder, Set};
use reading::Reader;
use reading_train::stories;

/// Learn which words of a story carry what it can hold, say how well, and write the weights of the notes
#[derive(Debug, Parser)]
struct Flags {
    /// Folder of the models
    #[arg(long, value_name = "DIR")]
    models: PathBuf,
    /// Stories from another folder, to be measured only
    #[arg(long, value_name = "DIR")]
    others: Option<PathBuf>,
    /// Only say how well it does
    #[arg(long)]
    dry: bool,
}

fn main() -> Result<()> {
    let flags = Flags::parse();
    let mut reader = Reader::load(&Folder::open(&flags.models, Set::Reading)?)?;
    let stories = stories::read(&flags.others.clone().unwrap_or_else(stories::folder), &mut reader)?;
    println!("{} stories", stories.stories.len());
    if flags.others.is_some() {
        print!("{}", stories::measure(&stories.stories)?);
        return Ok(());
    }
    print!("{}", stories::unseen(&stories.stories)?);
    if flags.dry {
        return Ok(());
    }
    let rows = stories::train(&stories.stories)?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../app/report/src/carry/weights.tsv");
    std::fs::write(file, report::carry::to_text(&stories.digest, &rows))?;
    Ok(())
}
