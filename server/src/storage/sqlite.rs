//! SQLite: one file in the data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use engine::Store;
use rustix::fs::{Access, access};
use store::{FILE_NAME, Inspection, Schema, SqliteStore};

use super::{Copied, Storage, StorageError};
use crate::doctor::report::{DoctorReport, size};

const WHAT: &str = "database";

/// The database of a data folder.
pub(super) struct Sqlite {
    path: PathBuf,
}

impl Sqlite {
    pub(super) fn new(data: &Path) -> Self {
        Self { path: data.join(FILE_NAME) }
    }
}

impl From<store::OpenError> for StorageError {
    fn from(error: store::OpenError) -> Self {
        Self(error.to_string())
    }
}

impl From<store::BackupError> for StorageError {
    fn from(error: store::BackupError) -> Self {
        Self(error.to_string())
    }
}

#[async_trait]
impl Storage for Sqlite {
    fn is_there(&self) -> bool {
        self.path.is_file()
    }

    async fn open(&self, least_free: u64) -> Result<Arc<dyn Store>, StorageError> {
        Ok(Arc::new(SqliteStore::open(&self.path).await?.with_least_free(least_free)))
    }

    async fn open_to_read(&self) -> Result<Arc<dyn Store>, StorageError> {
        Ok(Arc::new(SqliteStore::open_as_it_is(&self.path).await?))
    }

    async fn copy(&self, to: &Path, replace: bool) -> Result<Copied, StorageError> {
        let store::Backup { interviews, bytes } = store::backup(&self.path, to, replace).await?;
        let data = self.path.parent().unwrap_or(&self.path).display();
        let to_restore = format!(
            "stop the server, delete {FILE_NAME}, {FILE_NAME}-wal and {FILE_NAME}-shm in {data}, and put the copy \
             there as {FILE_NAME}."
        );
        Ok(Copied { interviews: interviews.all, bytes, to_restore })
    }

    async fn examine(&self, report: &mut DoctorReport) {
        let shown = self.path.display();
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        let there = self.path.exists();
        if !there && !Path::new(&log).exists() {
            return report.note(WHAT, format!("{shown} is not there yet; the first start makes it"));
        }
        if there && let Err(error) = access(&self.path, Access::READ_OK | Access::WRITE_OK) {
            let remedy = "make it readable and writable for the user that runs this program";
            return report.fail(WHAT, format!("{shown} cannot be used ({error})"), remedy);
        }
        match store::inspect(&self.path).await {
            Ok(seen) => {
                soundness(&seen, report);
                schema(&seen, report);
            }
            Err(error) => report.fail_with(WHAT, &error),
        }
    }

    fn unsafe_on(&self, folder: &Path) -> Option<String> {
        let network = store::network_disk(folder)?;
        Some(format!(
            "{} lies on a disk over a network ({network}), where SQLite cannot keep a database safe",
            folder.display()
        ))
    }
}

fn soundness(seen: &Inspection, report: &mut DoctorReport) {
    if !seen.faults.is_empty() {
        report.fail(
            WHAT,
            format!("damaged: {}", seen.faults.join("; ")),
            format!("stop the server, and put a backup in the place of {FILE_NAME}"),
        );
        return;
    }
    let held = match seen.interviews {
        Some(interviews) => format!("{} interviews, {} of them ended", interviews.all, interviews.ended),
        None => "no interviews yet".to_owned(),
    };
    report.ok(WHAT, format!("opens and is sound: {held}; {}", size(seen.bytes)));
}

fn schema(seen: &Inspection, report: &mut DoctorReport) {
    let what = "schema";
    let other = "run the version that wrote it, or name another folder with --data DIR";
    match seen.schema {
        Schema::Current(version) => report.ok(what, format!("{version}, the one of this program")),
        Schema::None => report.note(what, "none yet; the first start makes it"),
        Schema::Older { is, will_be } => {
            report.note(what, format!("{is}; the next start brings it to {will_be} (take a backup first)"));
        }
        Schema::Newer(version) => {
            report.fail(what, format!("{version}, of a newer version of this program"), other);
        }
        Schema::Other(version) => {
            report.fail(what, format!("step {version} is not as this program makes it"), other);
        }
        Schema::Foreign => report.fail(what, "the file is a database of another program", other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::FindingSeverity;

    #[tokio::test]
    async fn a_log_without_its_database_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut report = DoctorReport::default();
        Sqlite::new(dir.path()).examine(&mut report).await;
        assert!(report.can_run(), "{report}");
        std::fs::write(dir.path().join(format!("{FILE_NAME}-wal")), "interviews").unwrap();
        Sqlite::new(dir.path()).examine(&mut report).await;
        assert!(!report.can_run() && report.to_string().contains("its log"), "{report}");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1, "nothing was made");
    }

    #[test]
    fn each_schema_and_every_damage_is_told() {
        for (schema, mark) in [
            (Schema::Current(1), FindingSeverity::Ok),
            (Schema::None, FindingSeverity::Note),
            (Schema::Older { is: 1, will_be: 2 }, FindingSeverity::Note),
            (Schema::Newer(9), FindingSeverity::Fail),
            (Schema::Other(1), FindingSeverity::Fail),
            (Schema::Foreign, FindingSeverity::Fail),
        ] {
            let seen = Inspection { faults: Vec::new(), schema, interviews: None, bytes: 0 };
            let mut report = DoctorReport::default();
            soundness(&seen, &mut report);
            super::schema(&seen, &mut report);
            let marks: Vec<FindingSeverity> = report.findings.iter().map(|finding| finding.mark).collect();
            assert_eq!(marks, [FindingSeverity::Ok, mark], "{schema:?}");
        }
        let mut report = DoctorReport::default();
        let faults = vec!["NULL value in a.b".to_owned()];
        soundness(&Inspection { faults, schema: Schema::None, interviews: None, bytes: 0 }, &mut report);
        assert!(!report.can_run() && report.to_string().contains("NULL value in a.b"), "{report}");
    }
}
