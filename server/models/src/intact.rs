//! Whether a file of a model is as it should be.

use std::io::Read as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::piece::WheelFile;

/// What is wrong with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is missing or cannot be read.
    Missing,
    /// It has the wrong content.
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

/// Quick check: does it exist, with the right size?
pub(super) fn size(folder: &Path, piece: &WheelFile) -> Option<Flaw> {
    match std::fs::metadata(folder.join(piece.name)) {
        Ok(found) if found.is_file() && found.len() == piece.bytes => None,
        Ok(_) => Some(Flaw::Broken),
        Err(_) => Some(Flaw::Missing),
    }
}

/// Full check: is every byte right?
pub(super) fn sum(folder: &Path, piece: &WheelFile) -> Option<Flaw> {
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
