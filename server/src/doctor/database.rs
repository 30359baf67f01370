//! The database: whether it can be opened, is sound, and is of a schema that this program knows.

use std::path::Path;

use rustix::fs::{Access, access};
use store::{Inspection, Schema};

use super::report::{Report, size};

const WHAT: &str = "database";

/// Looks at the database of the data folder, if there is one.
pub(super) async fn examine(data: &Path, report: &mut Report) {
    let path = data.join(store::FILE_NAME);
    let shown = path.display();
    let (there, log) = (path.exists(), data.join(format!("{}-wal", store::FILE_NAME)).exists());
    if !there && !log {
        return report.note(WHAT, format!("{shown} is not there yet; the first start makes it"));
    }
    if there && let Err(error) = access(&path, Access::READ_OK | Access::WRITE_OK) {
        let remedy = "make it readable and writable for the user that runs this program";
        return report.fail(WHAT, format!("{shown} cannot be used ({error})"), remedy);
    }
    match store::inspect(&path).await {
        Ok(seen) => {
            soundness(&seen, report);
            schema(&seen, report);
        }
        Err(error) => report.fail_with(WHAT, &error),
    }
}

fn soundness(seen: &Inspection, report: &mut Report) {
    if !seen.faults.is_empty() {
        report.fail(
            WHAT,
            format!("damaged: {}", seen.faults.join("; ")),
            format!("stop the server, and put a backup in the place of {}", store::FILE_NAME),
        );
        return;
    }
    let held = match seen.interviews {
        Some(interviews) => format!("{} interviews, {} of them ended", interviews.all, interviews.ended),
        None => "no interviews yet".to_owned(),
    };
    report.ok(WHAT, format!("opens and is sound: {held}; {}", size(seen.bytes)));
}

fn schema(seen: &Inspection, report: &mut Report) {
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
    use super::super::Mark;
    use super::*;

    #[tokio::test]
    async fn a_log_without_its_database_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut report = Report::default();
        examine(dir.path(), &mut report).await;
        assert!(report.can_run(), "{report}");
        std::fs::write(dir.path().join(format!("{}-wal", store::FILE_NAME)), "interviews").unwrap();
        examine(dir.path(), &mut report).await;
        assert!(!report.can_run() && report.to_string().contains("its log"), "{report}");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1, "nothing was made");
    }

    #[test]
    fn each_schema_and_every_damage_is_told() {
        for (schema, mark) in [
            (Schema::Current(1), Mark::Ok),
            (Schema::None, Mark::Note),
            (Schema::Older { is: 1, will_be: 2 }, Mark::Note),
            (Schema::Newer(9), Mark::Fail),
            (Schema::Other(1), Mark::Fail),
            (Schema::Foreign, Mark::Fail),
        ] {
            let seen = Inspection { faults: Vec::new(), schema, interviews: None, bytes: 0 };
            let mut report = Report::default();
            soundness(&seen, &mut report);
            super::schema(&seen, &mut report);
            let marks: Vec<Mark> = report.findings.iter().map(|finding| finding.mark).collect();
            assert_eq!(marks, [Mark::Ok, mark], "{schema:?}");
        }
        let mut report = Report::default();
        let faults = vec!["NULL value in a.b".to_owned()];
        soundness(&Inspection { faults, schema: Schema::None, interviews: None, bytes: 0 }, &mut report);
        assert!(!report.can_run() && report.to_string().contains("NULL value in a.b"), "{report}");
    }
}
