//! The folder that the models are in.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::fetch::{self, FetchError, Pip, Progress};
use super::files::File;
use super::piece::{self, Piece};
use crate::SpeechError;

/// A folder with every file of [`File::ALL`] in it, each of the right size. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

/// What is wrong with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there, or cannot be read.
    Missing,
    /// It is not what it should be.
    Broken,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Broken => "broken",
        })
    }
}

impl Folder {
    /// The folder at this path, if all is there. Only sizes are looked at, which takes no time: see
    /// [`flaws`](Self::flaws).
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, SpeechError> {
        let path = path.into();
        match piece::all().iter().find_map(|piece| size(&path, piece).map(|flaw| (piece.name, flaw))) {
            None => Ok(Self { path }),
            Some((name, flaw)) => Err(SpeechError::Missing(format!(
                "the speech models are not all in {} ({name} is {flaw}): `interviewos models fetch` gets them",
                path.display(),
            ))),
        }
    }

    /// Makes sure that everything is there and whole, and gets what is not, over the network. Returns how many files
    /// had to be fetched. Blocks; two programs may do so at once, one then waits for the other.
    pub fn fetch(
        path: &Path,
        pip: &Pip,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<(Self, usize), FetchError> {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
            return Err(FetchError::Machine(machine));
        }
        let fetched = fetch::fetch(path, &piece::all(), pip, tell)?;
        Ok((Self { path: path.to_owned() }, fetched))
    }

    /// Reads every file (about 90 MB) of the folder at this path, and names those that are not as they should be.
    pub fn flaws(path: &Path) -> Vec<(&'static str, Flaw)> {
        fetch::flaws(path, &piece::all())
    }

    /// Where a file is.
    pub fn path(&self, file: File) -> PathBuf {
        self.path.join(file.name())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.path
    }
}

/// A quick look: is it there, with the right size?
pub(super) fn size(folder: &Path, piece: &Piece) -> Option<Flaw> {
    match std::fs::metadata(folder.join(piece.name)) {
        Ok(found) if found.is_file() && found.len() == piece.bytes => None,
        Ok(_) => Some(Flaw::Broken),
        Err(_) => Some(Flaw::Missing),
    }
}

/// A whole look: is every byte right?
pub(super) fn sum(folder: &Path, piece: &Piece) -> Option<Flaw> {
    if let Some(flaw) = size(folder, piece) {
        return Some(flaw);
    }
    match sha256(&folder.join(piece.name)) {
        Ok(found) if found == piece.sha256 => None,
        Ok(_) => Some(Flaw::Broken),
        Err(_) => Some(Flaw::Missing),
    }
}

fn sha256(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash, mut block) = (std::fs::File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hex(hash)),
            read => hash.update(&block[..read]),
        }
    }
}

/// A digest in hexadecimal.
pub(super) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
