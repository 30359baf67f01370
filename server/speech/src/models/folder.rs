//! The folder that the models are in.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::files::File;
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

impl Folder {
    /// The folder at this path, if all is there. Sizes alone are looked at: see [`Self::broken`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, SpeechError> {
        let path = path.into();
        match flaws(&path, size).first() {
            None => Ok(Self { path }),
            Some((file, flaw)) => Err(SpeechError::Missing(format!(
                "the speech models are not all in {}: {} is {}; `interviewos models fetch` gets them",
                path.display(),
                file.name(),
                match flaw {
                    Flaw::Missing => "missing",
                    Flaw::Broken => "broken",
                }
            ))),
        }
    }

    /// Where a file is.
    pub fn path(&self, file: File) -> PathBuf {
        self.path.join(file.name())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.path
    }

    /// Reads every file (about 90 MB) and names those that are not what they should be.
    pub fn broken(&self) -> Vec<File> {
        flaws(&self.path, sum).into_iter().map(|(file, _)| file).collect()
    }
}

/// What is wrong in a folder, by this look at each file.
pub(super) fn flaws(folder: &Path, look: fn(&Path, File) -> Option<Flaw>) -> Vec<(File, Flaw)> {
    File::ALL
        .iter()
        .filter_map(|file| look(&folder.join(file.name()), *file).map(|flaw| (*file, flaw)))
        .collect()
}

/// A quick look: is it there, with the right size?
pub(super) fn size(path: &Path, file: File) -> Option<Flaw> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() == file.bytes() => None,
        Ok(_) => Some(Flaw::Broken),
        Err(_) => Some(Flaw::Missing),
    }
}

/// A whole look: is every byte right?
pub(super) fn sum(path: &Path, file: File) -> Option<Flaw> {
    if let Some(flaw) = size(path, file) {
        return Some(flaw);
    }
    match sha256(path) {
        Ok(found) if found == file.sha256() => None,
        Ok(_) => Some(Flaw::Broken),
        Err(_) => Some(Flaw::Missing),
    }
}

/// The SHA-256 of a file, in hexadecimal.
pub(super) fn sha256(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash, mut block) = (std::fs::File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            read => hash.update(&block[..read]),
        }
    }
}
