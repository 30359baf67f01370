//! `interviewos agent`: a voice worker.

use std::process::ExitCode;

use super::{Failure, no_core_dumps, say, settings, stop_signal};
use crate::livekit::LivekitEnvironment;
use crate::logs;
use crate::settings::{SettingsFlags, SpeechLoad};
use crate::speech::log_processor;
use crate::voice::open_speech;
use crate::worker::Worker;

/// Runs one until it is told to stop.
pub(super) fn run(flags: &SettingsFlags) -> Result<ExitCode, Failure> {
    let settings = settings(flags)?;
    logs::start(&settings.log, settings.log_format).expect("the settings were checked");
    no_core_dumps();
    log_processor(&settings);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        let (environment, open) = (LivekitEnvironment::of_the_process(), open_speech(&settings));
        let get_ready = settings.speech_load == SpeechLoad::Start;
        let worker = Worker::start(&settings, &environment, open, get_ready).await?;
        let (engine, rooms) = worker.addresses();
        say(&format!(
            "InterviewOS takes part by voice in the interviews of {engine}, in the rooms of {rooms} (Ctrl-C stops it)\n"
        ))?;
        worker.run(stop).await;
        Ok(ExitCode::SUCCESS)
    })
}
