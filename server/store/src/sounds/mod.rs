//! Keeps sound in files beside the database: a folder for each session that wants it, a file for each answer.
//!
//! `sound/<session>/on` is there while sound is kept, `<turn>.ogg` is the sound of an answer, `<turn>.part` one that is being
//! written; turns are named by the hexadecimal digits of their ids. Without its folder nothing of a session is recorded: what
//! was deleted does not come back. What two sessions share is one file on the disk, in the folders of both, for as long as
//! either is there.

mod copy;
pub(crate) mod ogg;
mod recording;

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use engine::{Recording, SessionId, SoundStore, StorageFault, StoreError};
use interview::TurnId;

use self::recording::FileRecording;
use crate::disk;

/// The name of the folder within the data folder.
pub const SOUND_FOLDER: &str = "sound";
/// Most bytes of an answer: ten minutes as browsers send them. What is more is left out.
pub const MOST_OF_ANSWER: u64 = 4_000_000;
/// Most bytes of a session. An answer that begins after that has no sound.
const MOST_OF_SESSION: u64 = 64_000_000;
/// Longer ids have no sound: a file has no such name.
const LONGEST_TURN: usize = 100;

const MARK: &str = "on";
const DONE: &str = "ogg";
const PART: &str = "part";

/// Sound in files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileSounds(Arc<FileSoundsInner>);

#[derive(Debug, Clone)]
struct FileSoundsInner {
    folder: PathBuf,
    least_free: u64,
    most: (u64, u64),
}

impl FileSounds {
    /// In this data folder, of whose disk this many bytes are to stay free. What a crash has left half written is deleted
    /// with [`tidy`](Self::tidy).
    pub fn new(data: &Path, least_free: u64) -> Self {
        let most = (MOST_OF_ANSWER, MOST_OF_SESSION);
        Self(Arc::new(FileSoundsInner { folder: data.join(SOUND_FOLDER), least_free, most }))
    }

    /// The same, with at most so many bytes for an answer and for a session.
    #[must_use]
    pub fn with_most(self, answer: u64, session: u64) -> Self {
        Self(Arc::new(FileSoundsInner { most: (answer, session), ..FileSoundsInner::clone(&self.0) }))
    }

    /// Deletes what was being written when the program ended: to be called before anything is recorded.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub async fn tidy(&self) -> Result<(), StoreError> {
        self.run(|place| {
            for session in list_folder(&place.folder)? {
                for path in list_folder(&session)?.into_iter().filter(|path| has_extension(path, PART)) {
                    fs::remove_file(path)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Works on files, which may take its time.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FileSoundsInner) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let place = Arc::clone(&self.0);
        blocking(move || work(&place).map_err(|error| place.refused(&error))).await
    }
}

#[async_trait]
impl SoundStore for FileSounds {
    async fn is_on(&self, id: SessionId) -> Result<bool, StoreError> {
        self.run(move |place| place.of(id).join(MARK).try_exists()).await
    }

    async fn set_on(&self, id: SessionId, on: bool) -> Result<(), StoreError> {
        self.run(move |place| {
            let folder = place.of(id);
            if on {
                make(&folder)?;
                private().write(true).create(true).truncate(false).open(folder.join(MARK))?;
                return Ok(());
            }
            or_none(fs::remove_file(folder.join(MARK)))?;
            // Where sound is kept the folder stays.
            match or_none(fs::remove_dir(folder)) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
                other => other.map(drop),
            }
        })
        .await
    }

    async fn begin(&self, id: SessionId, turn: &TurnId) -> Result<Option<Box<dyn Recording>>, StoreError> {
        let Some(name) = name_of(turn) else { return Ok(None) };
        let place = Arc::clone(&self.0);
        self.run(move |_| {
            let folder = place.of(id);
            if !folder.join(MARK).try_exists()? {
                return Ok(None);
            }
            let (answer, session) = place.most;
            let mut taken = 0;
            for path in list_folder(&folder)? {
                taken += or_none(fs::metadata(path))?.map_or(0, |file| file.len());
            }
            if taken >= session {
                return Ok(None);
            }
            place.has_room()?;
            let [part, done] = [PART, DONE].map(|kind| folder.join(&name).with_extension(kind));
            let file = private().write(true).create(true).truncate(true).open(&part)?;
            let recording = FileRecording::begin(place, file, [part, done], answer.min(session - taken))?;
            Ok(Some(Box::new(recording) as Box<dyn Recording>))
        })
        .await
    }

    async fn kept(&self, id: SessionId) -> Result<Vec<(TurnId, u64)>, StoreError> {
        self.run(move |place| {
            let mut kept = Vec::new();
            for path in list_folder(&place.of(id))?.into_iter().filter(|path| has_extension(path, DONE)) {
                let size = or_none(fs::metadata(&path))?.map(|file| file.len());
                kept.extend(turn_of(&path).zip(size));
            }
            kept.sort();
            Ok(kept)
        })
        .await
    }

    async fn read(&self, id: SessionId, turn: &TurnId) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(name) = name_of(turn) else { return Ok(None) };
        self.run(move |place| or_none(fs::read(place.of(id).join(name).with_extension(DONE)))).await
    }

    async fn copy(&self, from: SessionId, to: SessionId, turns: &[TurnId]) -> Result<(), StoreError> {
        let names: Vec<String> = turns.iter().filter_map(name_of).collect();
        self.run(move |place| {
            let folders = [place.of(from), place.of(to)];
            names.iter().try_for_each(|name| copy::answer(place, &folders, name))
        })
        .await
    }

    async fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        self.run(move |place| {
            let folder = place.of(id);
            // From here on nothing is begun.
            or_none(fs::remove_file(folder.join(MARK)))?;
            // What is being written may come into the folder while it is emptied.
            for _ in 0..3 {
                match or_none(fs::remove_dir_all(&folder)) {
                    Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                    other => return other.map(drop),
                }
            }
            or_none(fs::remove_dir_all(&folder)).map(drop)
        })
        .await
    }

    async fn sessions(&self) -> Result<Vec<SessionId>, StoreError> {
        self.run(|place| {
            let folders = list_folder(&place.folder)?;
            Ok(folders.iter().filter_map(|path| SessionId::parse(path.file_name()?.to_str()?)).collect())
        })
        .await
    }
}

impl FileSoundsInner {
    /// The folder of a session.
    fn of(&self, id: SessionId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// Ok if there is more room than is to be left. If the free space is unknown, there is.
    fn has_room(&self) -> io::Result<()> {
        match disk::free(&self.folder) {
            Some(free) if free < self.least_free => Err(io::ErrorKind::QuotaExceeded.into()),
            Some(_) | None => Ok(()),
        }
    }

    /// The error for callers.
    fn refused(&self, error: &io::Error) -> StoreError {
        let folder = self.folder.display();
        let kind = error.kind();
        let (fault, remedy) = if kind == io::ErrorKind::StorageFull {
            (Some(StorageFault::Full), "free some space there")
        } else if kind == io::ErrorKind::QuotaExceeded {
            (Some(StorageFault::Low), "free some space there, or lower `min_free_mb`")
        } else if kind == io::ErrorKind::ReadOnlyFilesystem {
            (Some(StorageFault::ReadOnly), "make it writable")
        } else {
            (None, "check that it belongs to the user that runs this program")
        };
        let what = format!(
            "sound cannot be kept in {folder} ({error}): {remedy}; interviews go on without their sound"
        );
        fault.map_or_else(
            || StoreError::Unavailable(what.clone()),
            |fault| StoreError::Storage(fault, what.clone()),
        )
    }
}

/// Does this where it may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
}

/// What a folder holds; nothing, if there is none.
fn list_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let Some(entries) = or_none(fs::read_dir(folder))? else { return Ok(Vec::new()) };
    entries.map(|entry| entry.map(|entry| entry.path())).collect()
}

/// `None` if there is no such file or folder.
fn or_none<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

fn has_extension(path: &Path, kind: &str) -> bool {
    path.extension().is_some_and(|extension| extension == kind)
}

/// Makes a folder that only its owner can read, unless it is there.
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// For files that only their owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// The name of a turn's file, without its ending: whatever callers name their turns, it is one in its folder.
fn name_of(turn: &TurnId) -> Option<String> {
    let short = (1..=LONGEST_TURN).contains(&turn.0.len());
    short.then(|| turn.0.bytes().map(|byte| format!("{byte:02x}")).collect())
}

/// The turn of a file.
fn turn_of(path: &Path) -> Option<TurnId> {
    let name = path.file_stem()?.to_str()?;
    let byte = |at: usize| u8::from_str_radix(name.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..name.len()).step_by(2).map(byte).collect();
    String::from_utf8(bytes?).ok().map(TurnId)
}
