//! `interviewos backup FILE`.

use std::path::Path;
use std::process::ExitCode;

use super::{Failure, say, settings, stop_signal};
use crate::doctor::report::size;
use crate::settings::SettingsFlags;
use crate::{ServerStartError, storage};

/// Takes a copy, and says what is in it and how it is put back.
pub(super) fn run(file: &Path, force: bool, flags: &SettingsFlags) -> Result<ExitCode, Failure> {
    let settings = settings(flags)?;
    let storage = storage::existing(&settings.data).map_err(ServerStartError::from)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let taken = runtime.block_on(async {
        let stop = stop_signal()?;
        // Dropped, it leaves no half copy behind.
        tokio::select! {
            taken = storage.copy(file, force) => Ok(taken?),
            () = stop.cancelled() => Err(Failure::Interrupted),
        }
    })?;
    say(&format!(
        "{} copied to {} ({}, {} bytes), checked, and readable by you alone.\n\
         To restore: {}\n\
         The keys are not in it: keep cookie-key and ingest-secret of {data} too, or browsers do not find their \
         interviews again.\n",
        if taken.interviews == 1 {
            "1 interview".to_owned()
        } else {
            format!("{} interviews", taken.interviews)
        },
        file.display(),
        size(taken.bytes),
        taken.bytes,
        taken.to_restore,
        data = settings.data.display(),
    ))?;
    Ok(ExitCode::SUCCESS)
}
