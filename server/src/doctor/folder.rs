//! The data folder, the room on its disk, and the secrets in it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{Access, access, statvfs};

use super::report::{DoctorReport, size};
use crate::secrets::{self, SecretStatus};
use crate::settings::ServerSettings;
use crate::{data, storage};

/// Less free space than this is too little to be left alone: some ten thousand interviews.
const LOW: u64 = 500_000_000;
/// Less than this, and answers can no longer be kept.
const FULL: u64 = 1_000_000;

/// A data folder that interviews can be kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataFolderState {
    /// It is there or can be made, and no server uses it.
    Free,
    /// A server runs on it.
    Held,
}

/// Looks at the folder and its disk; `None` if nothing can be kept there.
pub(super) fn examine(data: &Path, report: &mut DoctorReport) -> Option<DataFolderState> {
    let folder = if data.exists() { existing(data, report) } else { absent(data, report) };
    if folder.is_some() {
        disk(data, report);
    }
    folder
}

const WHAT: &str = "data folder";

fn existing(data: &Path, report: &mut DoctorReport) -> Option<DataFolderState> {
    let shown = data.display();
    let elsewhere = "name another with --data DIR";
    if !data.is_dir() {
        report.fail(WHAT, format!("{shown} is no folder"), elsewhere);
        return None;
    }
    if let Err(error) = access(data, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK) {
        let remedy =
            format!("make it readable and writable for the user that runs this program, or {elsewhere}");
        report.fail(WHAT, format!("{shown} cannot be used ({error})"), remedy);
        return None;
    }
    let folder = match data::is_held(data) {
        Ok(true) => DataFolderState::Held,
        Ok(false) => DataFolderState::Free,
        Err(error) => {
            let remedy = format!("run this as the user that runs the server, or {elsewhere}");
            report.fail(WHAT, format!("whether a server uses {shown} cannot be told ({error})"), remedy);
            return None;
        }
    };
    let used =
        if folder == DataFolderState::Held { "a running InterviewOS uses it" } else { "no server uses it" };
    match fs::metadata(data).map(|folder| folder.permissions().mode()) {
        Ok(mode) if mode & 0o007 != 0 => report.warn(
            WHAT,
            format!("{shown} can be looked into by everyone on this machine; {used}"),
            format!("chmod 700 {shown}"),
        ),
        Ok(_) | Err(_) => report.ok(WHAT, format!("{shown} can be written; {used}")),
    }
    Some(folder)
}

fn absent(data: &Path, report: &mut DoctorReport) -> Option<DataFolderState> {
    let (shown, parent) = (data.display(), nearest(data));
    if parent.is_dir() && access(parent, Access::WRITE_OK | Access::EXEC_OK).is_ok() {
        report.note(WHAT, format!("{shown} is not there yet; the first start makes it"));
        return Some(DataFolderState::Free);
    }
    report.fail(
        WHAT,
        format!("{shown} is not there and cannot be made in {}", parent.display()),
        "make it for the user that runs this program, or name another with --data DIR",
    );
    None
}

/// The folder itself, or the nearest one above it that is there.
fn nearest(data: &Path) -> &Path {
    let there = data.ancestors().find(|path| path.exists());
    there.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn disk(data: &Path, report: &mut DoctorReport) {
    let place = nearest(data);
    if let Some(why) = storage::of(data).unsafe_on(place) {
        report.warn("disk", why, "name a folder on a disk of this machine with --data DIR");
    }
    match statvfs(place) {
        Ok(disk) => room(disk.f_bavail.saturating_mul(disk.f_frsize), place, report),
        Err(error) => report.note("disk", format!("the free space cannot be told ({error})")),
    }
}

fn room(free: u64, place: &Path, report: &mut DoctorReport) {
    let said = format!("{} free where {} lies", size(free), place.display());
    let remedy = "free some space there, or name another folder with --data DIR";
    match free {
        ..FULL => report.fail("disk", said, remedy),
        FULL..LOW => report.warn("disk", said, remedy),
        LOW.. => report.ok("disk", said),
    }
}

/// Looks at the key of the cookies and the secret of the engine API.
pub(super) fn secrets(settings: &ServerSettings, report: &mut DoctorReport) {
    secret("cookie key", "cookie-key", secrets::look_at_cookie_key(&settings.data), report);
    match &settings.ingest_secret {
        Some(_) => report.ok("engine API", "its secret is set"),
        None => {
            secret("engine API", "ingest-secret", secrets::look_at_ingest_secret(&settings.data), report);
        }
    }
}

/// Tells how the file of a secret is kept.
pub(super) fn secret(
    what: &'static str,
    name: &str,
    kept: Result<SecretStatus, secrets::SecretError>,
    report: &mut DoctorReport,
) {
    match kept {
        Ok(SecretStatus::Private) => report.ok(what, format!("kept in {name}, readable by its owner alone")),
        Ok(SecretStatus::Open) => report.warn(
            what,
            format!("others on this machine can read {name}"),
            format!("chmod 600 it (the next start does); if others were there, delete {name} to have a new one made"),
        ),
        Ok(SecretStatus::Absent) => report.note(what, format!("the first start makes {name}")),
        Err(error) => report.fail_with(what, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::super::FindingSeverity;
    use super::*;

    fn marks(report: &DoctorReport) -> Vec<(FindingSeverity, &'static str)> {
        report.findings.iter().map(|finding| (finding.mark, finding.what)).collect()
    }

    #[test]
    fn room_is_low_before_there_is_none() {
        let mut report = DoctorReport::default();
        for free in [0, FULL, LOW] {
            room(free, Path::new("."), &mut report);
        }
        assert_eq!(
            marks(&report),
            [(FindingSeverity::Fail, "disk"), (FindingSeverity::Warn, "disk"), (FindingSeverity::Ok, "disk")]
        );
    }

    #[test]
    fn a_folder_is_looked_at_and_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let mut report = DoctorReport::default();
        assert_eq!(absent(&dir.path().join("a/b"), &mut report), Some(DataFolderState::Free));
        assert_eq!(existing(dir.path(), &mut report), Some(DataFolderState::Free));
        fs::write(dir.path().join("file"), "").unwrap();
        assert_eq!(examine(&dir.path().join("file"), &mut report), None);
        assert_eq!(examine(&dir.path().join("file/data"), &mut report), None);
        let (ok, note, fail) =
            ((FindingSeverity::Ok, WHAT), (FindingSeverity::Note, WHAT), (FindingSeverity::Fail, WHAT));
        assert_eq!(marks(&report), [note, ok, fail, fail]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing was made");

        let kept = data::DataFolder::open(&dir.path().join("kept")).unwrap();
        assert_eq!(existing(kept.path(), &mut report), Some(DataFolderState::Held));
        fs::set_permissions(kept.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(existing(kept.path(), &mut report), Some(DataFolderState::Held));
        assert_eq!(marks(&report)[4..], [ok, (FindingSeverity::Warn, WHAT)]);
    }

    #[test]
    fn secrets_are_looked_at_and_left_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let settings = ServerSettings { data: dir.path().to_owned(), ..ServerSettings::default() };
        let looked = || {
            let mut report = DoctorReport::default();
            secrets(&settings, &mut report);
            [report.findings[0].mark, report.findings[1].mark]
        };
        assert_eq!(looked(), [FindingSeverity::Note; 2]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        secrets::cookie_key(dir.path()).unwrap();
        secrets::ingest_secret(dir.path()).unwrap();
        assert_eq!(looked(), [FindingSeverity::Ok; 2]);
        let secret = dir.path().join("ingest-secret");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o640)).unwrap();
        fs::write(dir.path().join("cookie-key"), "short").unwrap();
        assert_eq!(looked(), [FindingSeverity::Fail, FindingSeverity::Warn]);
        assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
