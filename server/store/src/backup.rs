//! A consistent copy of the database, taken while a server reads and writes it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sqlx::Connection as _;
use tempfile::NamedTempFile;

use crate::error::{explain, is_full};
use crate::inspect::{self, Interviews};
use crate::{check, open, read_only};

/// A finished copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backup {
    /// The interviews in it.
    pub interviews: Interviews,
    /// Its size.
    pub bytes: u64,
}

/// Why no copy was made: what is wrong, and the remedy. Nothing was left under the copy's name.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database cannot be read, or is not one of this program.
    #[error("{0}")]
    From(String),
    /// A file of that name exists.
    #[error("there is already a file {}; name another, or replace it with --force", .0.display())]
    Exists(PathBuf),
    /// The copy cannot have that name.
    #[error("{} cannot take the copy: {what}", path.display())]
    Unfit {
        /// The name.
        path: PathBuf,
        /// Why, and what to do.
        what: &'static str,
    },
    /// The copy cannot be written.
    #[error("the copy cannot be written to {} ({source}); name another folder", folder.display())]
    Write {
        /// The folder it was to be in.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The copy cannot be written by SQLite.
    #[error("the copy cannot be written to {}: {what}", folder.display())]
    Copy {
        /// The folder it was to be in.
        folder: PathBuf,
        /// SQLite's message.
        what: String,
    },
    /// The copy was made and is not sound.
    #[error("the copy is not sound, so it was thrown away; the database itself may be damaged: {0}")]
    Unsound(String),
}

/// Copies the database in `from` (the file, or the folder that holds [`crate::FILE_NAME`]) to the file `to`, as of one
/// moment, even while a server writes. The copy is checked, readable by its owner alone, and gets its name once it is
/// complete and on the disk. Deleted interviews are not in it. `replace`: whether a file of that name may be replaced.
/// Dropping the future leaves nothing behind.
///
/// # Errors
/// When no copy can be taken; the message names the remedy.
pub async fn backup(from: &Path, to: &Path, replace: bool) -> Result<Backup, BackupError> {
    let from = open::file(from);
    let folder = check(&from, to, replace)?;
    let written = |source| BackupError::Write { folder: folder.clone(), source };
    loop {
        let before = stamp(&from);
        // A temporary file with a random name, private from its first byte; removed when dropped.
        let fresh = tempfile::Builder::new().prefix(".interviewos-backup-").tempfile_in(&folder);
        let fresh = fresh.map_err(written)?;
        copy(&from, fresh.path(), &folder).await?;
        // Without a log the file was read as it is. If a server has begun to write to it meanwhile, copy again.
        if before.is_some() && before != stamp(&from) {
            continue;
        }
        let interviews = checked(fresh.path(), &from).await?;
        fresh.as_file().sync_all().map_err(written)?;
        let bytes = fresh.as_file().metadata().map_err(written)?.len();
        keep(fresh, to, replace).map_err(|source| {
            let exists = source.kind() == io::ErrorKind::AlreadyExists;
            if exists { BackupError::Exists(to.to_owned()) } else { written(source) }
        })?;
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(written)?;
        return Ok(Backup { interviews, bytes });
    }
}

/// The folder of the copy, if the copy can have that name there.
fn check(from: &Path, to: &Path, replace: bool) -> Result<PathBuf, BackupError> {
    let unfit = |what| BackupError::Unfit { path: to.to_owned(), what };
    let name = to.file_name().ok_or_else(|| unfit("it is a folder; name a file"))?;
    let folder = match to.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    };
    if !folder.is_dir() {
        return Err(unfit("there is no such folder; make it first, or name another"));
    }
    if to.is_dir() {
        return Err(unfit("it is a folder; name a file"));
    }
    if let (Ok(folder), Ok(live)) = (folder.canonicalize(), from.canonicalize()) {
        let same = |file: PathBuf| folder.join(name) == file;
        if same(live.clone())
            || ["-wal", "-shm"].into_iter().any(|end| same(read_only::side_file(&live, end)))
        {
            return Err(unfit("it is the database itself; name another file"));
        }
    }
    // A dangling symbolic link counts as a file.
    if !replace && to.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    Ok(folder)
}

/// Size and modification time, which change when somebody writes to a closed database. `None` if it is open.
fn stamp(path: &Path) -> Option<(u64, SystemTime)> {
    if read_only::log(path).exists() {
        return None;
    }
    let file = fs::metadata(path).ok()?;
    Some((file.len(), file.modified().ok()?))
}

async fn copy(from: &Path, fresh: &Path, folder: &Path) -> Result<(), BackupError> {
    let source = |error: sqlx::Error| BackupError::From(explain(&error, from));
    let what = "its name is not UTF-8; name another";
    let name = fresh.to_str().ok_or_else(|| BackupError::Unfit { path: folder.to_owned(), what })?;
    let mut connection = read_only::open(from).await.map_err(source)?;
    if inspect::interviews(&mut connection).await.map_err(source)?.is_none() {
        let what = format!("{} holds no interviews: it is not a database of this program", from.display());
        return Err(BackupError::From(what));
    }
    // Reads as of one moment and blocks nobody: writers go on in the log.
    let copied = sqlx::query("VACUUM INTO ?").bind(name).execute(&mut connection).await;
    copied.map_err(|error| match is_full(&error) {
        true => BackupError::Copy {
            folder: folder.to_owned(),
            what: "the disk is full; free some space there, or name another folder".to_owned(),
        },
        false => source(error),
    })?;
    connection.close().await.map_err(source)
}

/// Counts the interviews in the copy, if it is sound.
async fn checked(copy: &Path, from: &Path) -> Result<Interviews, BackupError> {
    let unsound = |error: sqlx::Error| BackupError::Unsound(explain(&error, from));
    let mut connection = read_only::open(copy).await.map_err(unsound)?;
    let faults = check::faults(&mut connection).await.map_err(unsound)?;
    if !faults.is_empty() {
        return Err(BackupError::Unsound(faults.join("; ")));
    }
    let interviews = inspect::interviews(&mut connection).await.map_err(unsound)?;
    connection.close().await.map_err(unsound)?;
    interviews.ok_or_else(|| BackupError::Unsound("it holds no interviews".to_owned()))
}

fn keep(fresh: NamedTempFile, to: &Path, replace: bool) -> io::Result<()> {
    let kept = if replace { fresh.persist(to) } else { fresh.persist_noclobber(to) };
    kept.map(drop).map_err(|error| error.error)
}
