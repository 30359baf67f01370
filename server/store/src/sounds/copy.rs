//! The sound of an answer in a second session.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::{DONE, FileSoundsInner, PART, make, or_none};

/// Has the answer of this name in the second folder, too, unless it is there or the first has none.
pub(super) fn answer(place: &FileSoundsInner, folders: &[PathBuf; 2], name: &str) -> io::Result<()> {
    // What is kept never changes, so that one file does for both.
    answer_by(place, folders, name, |from, to| fs::hard_link(from, to))
}

/// The same, by this way to have one file in two folders, which not every file system knows.
fn answer_by(
    place: &FileSoundsInner,
    [from, to]: &[PathBuf; 2],
    name: &str,
    link: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let [from, there] = [from, to].map(|folder| folder.join(name).with_extension(DONE));
    if there.try_exists()? || !from.try_exists()? {
        return Ok(());
    }
    make(to)?;
    match link(&from, &there) {
        Ok(()) => return Ok(()),
        // Two ask at the same time, or it is deleted meanwhile.
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {
            return Ok(());
        }
        Err(_) => place.has_room()?,
    }
    let part = there.with_extension(PART);
    let copied = or_none(fs::copy(&from, &part)).and_then(|done| match done {
        Some(_) => fs::rename(&part, &there),
        None => Ok(()),
    });
    if copied.is_err() {
        let _gone = fs::remove_file(&part);
    }
    copied
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::sync::Arc;

    use engine::SessionId;
    use uuid::Uuid;

    use super::super::FileSounds;
    use super::*;

    /// A place with one answer in the first of two folders, of whose disk this much is to stay free.
    fn held(data: &Path, least_free: u64) -> (Arc<FileSoundsInner>, [PathBuf; 2]) {
        let FileSounds(place) = FileSounds::new(data, least_free);
        let folders = [1, 2].map(|n| place.of(SessionId(Uuid::from_u128(n))));
        make(&folders[0]).unwrap();
        fs::write(folders[0].join("61.ogg"), "sound").unwrap();
        fs::set_permissions(folders[0].join("61.ogg"), fs::Permissions::from_mode(0o600)).unwrap();
        (place, folders)
    }

    fn names(folder: &Path) -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn refuses(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    #[test]
    fn it_takes_no_room_of_its_own() {
        let data = tempfile::tempdir().unwrap();
        // Also where the disk has none left.
        let (place, folders) = held(data.path(), u64::MAX);
        answer(&place, &folders, "61").unwrap();
        let [there, here] = [0, 1].map(|at| fs::metadata(folders[at].join("61.ogg")).unwrap());
        assert_eq!((there.ino(), there.nlink()), (here.ino(), 2));
    }

    #[test]
    fn a_file_system_where_one_file_has_one_name_gets_a_second_file() {
        let data = tempfile::tempdir().unwrap();
        let (place, folders) = held(data.path(), 0);
        answer_by(&place, &folders, "61", refuses).unwrap();
        assert_eq!(names(&folders[1]), ["61.ogg"]);
        fs::remove_dir_all(&folders[0]).unwrap();
        let copied = folders[1].join("61.ogg");
        assert_eq!(fs::read(&copied).unwrap(), b"sound");
        assert_eq!(fs::metadata(&copied).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn without_room_for_a_second_file_nothing_half_written_is_left() {
        let data = tempfile::tempdir().unwrap();
        let (place, folders) = held(data.path(), u64::MAX);
        let refused = answer_by(&place, &folders, "61", refuses).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::QuotaExceeded);
        assert!(names(&folders[1]).is_empty());
        // Something that cannot be copied: a folder.
        fs::create_dir(folders[0].join("62.ogg")).unwrap();
        let (place, _) = (FileSounds::new(data.path(), 0).0, ());
        answer_by(&place, &folders, "62", refuses).unwrap_err();
        assert!(names(&folders[1]).is_empty());
    }
}
