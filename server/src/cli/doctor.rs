//! `interviewos doctor`.

use std::process::ExitCode;

use super::{Failure, loaded, say};
use crate::doctor::{self, DoctorReport};
use crate::livekit;
use crate::settings::SettingsFlags;
use crate::speech;
use crate::writer::WriterEnvironment;

/// Looks, and says what it found; the exit code says whether interviews can run.
pub(super) fn run(flags: &SettingsFlags) -> Result<ExitCode, Failure> {
    let report = match loaded(flags) {
        Ok(loaded) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let (models, rooms) =
                (WriterEnvironment::of_the_process(), livekit::LivekitEnvironment::of_the_process());
            let speech = speech::SpeechEnvironment::of_the_process();
            runtime.block_on(doctor::examine(&loaded, &models, &rooms, &speech))
        }
        Err(error) => {
            let mut report = DoctorReport::default();
            report.fail_with("settings", &error);
            report
        }
    };
    say(&report.to_string())?;
    Ok(if report.can_run() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
