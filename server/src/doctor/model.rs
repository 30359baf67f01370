//! The writer: which it is and why, and whether its model can be reached.

use std::time::Duration;

use writers::{ModelAvailability, ProviderFault, Trial};

use super::report::DoctorReport;
use crate::local_models;
use crate::settings::ServerSettings;
use crate::writer::{ChosenWriter, WriterEnvironment};

/// How many models of a server are named.
const NAMED: usize = 5;

const WHAT: &str = "model";
const LINE: &str = "line";
/// What happens while a model is out of reach.
const MEANWHILE: &str = "until then the built-in interviewer speaks";

/// Looks at the writer in force.
pub(super) async fn examine(
    settings: &ServerSettings,
    environment: &WriterEnvironment,
    report: &mut DoctorReport,
) {
    let chosen = match ChosenWriter::new(settings.writer, settings.model.as_deref(), environment) {
        Ok(chosen) => chosen,
        Err(error) => return report.fail_with("writer", &error),
    };
    let model = chosen.model().map(|model| format!(", model {model}")).unwrap_or_default();
    report.ok("writer", format!("{}{model} ({})", chosen.name(), chosen.why()));
    if let Some(reached) = chosen.reach().await {
        let asked = AskedModel {
            base: chosen.base().unwrap_or_default(),
            model: chosen.model().unwrap_or_default(),
            named: chosen.model_is_named(),
            key: chosen.key_variable().unwrap_or_default(),
        };
        tell(&asked, &reached, report);
        let there = matches!(reached, ModelAvailability::Ready | ModelAvailability::Unlisted);
        if let Some(tried) = if there { chosen.try_out().await } else { None } {
            tell_tried(&asked, &tried, report);
        }
    } else if let Some(found) = local_models::find_first().await {
        report.note(WHAT, format!("{} would word the lines", found.in_words()));
    }
}

/// First words later than this miss a spoken line.
const SPOKEN: Duration = Duration::from_millis(2_500);
/// First words later than this miss a typed line.
const TYPED: Duration = Duration::from_secs(8);

/// What came of one real, short request.
fn tell_tried(asked: &AskedModel<'_>, tried: &Result<Trial, ProviderFault>, report: &mut DoctorReport) {
    let AskedModel { base, model, key, .. } = *asked;
    match tried {
        Ok(Trial { first_words, whole }) => {
            let said = format!(
                "{model} gave a short line in {:.1} s, its first words after {:.1} s",
                whole.as_secs_f32(),
                first_words.as_secs_f32()
            );
            if *first_words > TYPED {
                let remedy = format!("use a smaller model, or one that thinks less; {MEANWHILE}");
                report.warn(LINE, format!("{said}: too slow for an interview"), remedy);
            } else if *first_words > SPOKEN {
                report.note(LINE, format!("{said}: in time when typed, and a little slow when spoken"));
            } else {
                report.ok(LINE, said);
            }
        }
        Err(fault) => {
            let remedy = match fault {
                ProviderFault::Status(401 | 403) => format!("set {key} to a key that is valid there"),
                ProviderFault::Status(429) => "wait, or see to the quota there".to_owned(),
                ProviderFault::Unreachable
                | ProviderFault::Timeout
                | ProviderFault::Status(_)
                | ProviderFault::Provider
                | ProviderFault::CutOff
                | ProviderFault::Withheld
                | ProviderFault::Empty
                | ProviderFault::Html
                | ProviderFault::Garbage
                | ProviderFault::Endless
                | ProviderFault::Spared
                | ProviderFault::Configuration => {
                    format!("look at that server's own log, and whether {model} runs there")
                }
            };
            let said = format!("{base} was asked for a short line and {} ({fault})", fault.in_words());
            report.warn(LINE, said, format!("{remedy}; {MEANWHILE}"));
        }
    }
}

/// What was asked of whom.
struct AskedModel<'a> {
    base: &'a str,
    model: &'a str,
    named: bool,
    key: &'static str,
}

fn tell(asked: &AskedModel<'_>, reached: &ModelAvailability, report: &mut DoctorReport) {
    let AskedModel { base, model, named, key } = *asked;
    match reached {
        ModelAvailability::Ready => report.ok(WHAT, format!("{base} answers and has {model}")),
        ModelAvailability::Unlisted => report.note(
            WHAT,
            format!("{base} answers, but does not say which models it has: an interview will show whether {model} is one"),
        ),
        ModelAvailability::KeyRefused => report.warn(
            WHAT,
            format!("{base} refuses the key, or wants one"),
            format!("set {key} to a key that is valid there; {MEANWHILE}"),
        ),
        ModelAvailability::UnknownModel { there } => {
            let who = if named { format!("no model {model}") } else { format!("no model {model}, the name that is used where none is given") };
            let (has, first) = describe_available_models(there, model);
            let remedy = match (first, there.len()) {
                (None, _) => "give the server a model, and name it with --model NAME".to_owned(),
                (Some(one), 1) => format!("name it: --model {one}"),
                (Some(first), _) => format!("name the one to use, such as --model {first}"),
            };
            report.warn(WHAT, format!("{base} answers and has {who}; {has}"), format!("{remedy}; {MEANWHILE}"));
        }
        ModelAvailability::Failed(fault) => {
            let (said, remedy) = describe_fault(*fault);
            report.warn(WHAT, format!("{base} {said}"), format!("{remedy}; {MEANWHILE}"));
        }
    }
}

/// What models a server has, as half a sentence with a few of their names, and the nearest of them.
pub(super) fn describe_available_models<'a>(there: &'a [String], model: &str) -> (String, Option<&'a str>) {
    let there = nearest(there, model);
    let more = there.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let few = there.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match there.first() {
        None => ("it names none".to_owned(), None),
        Some(first) => (format!("it has {few}{more}"), Some(first)),
    }
}

/// The names, the nearest to the one asked for first; those equally near stay in their order.
fn nearest<'a>(there: &'a [String], model: &str) -> Vec<&'a str> {
    let mut there: Vec<&str> = there.iter().map(String::as_str).collect();
    there.sort_by(|a, b| strsim::jaro_winkler(b, model).total_cmp(&strsim::jaro_winkler(a, model)));
    there
}

fn describe_fault(fault: ProviderFault) -> (String, &'static str) {
    let check = "check its address, that it runs, and the way there (firewall, proxy)";
    match fault {
        ProviderFault::Unreachable => ("cannot be reached".to_owned(), check),
        ProviderFault::Timeout | ProviderFault::Endless => ("does not answer in time".to_owned(), check),
        ProviderFault::Status(429) => {
            ("has had too many requests (429)".to_owned(), "wait, or see to the quota there")
        }
        ProviderFault::Status(status) if status >= 500 => {
            (format!("has a fault of its own ({status})"), "see to that server, or wait")
        }
        ProviderFault::Status(status) => (
            format!("answers {status}"),
            "check its address: it is the part before /chat/completions or /models",
        ),
        ProviderFault::Configuration => {
            ("cannot be asked: a header cannot hold the key".to_owned(), "check the key for stray characters")
        }
        ProviderFault::CutOff
        | ProviderFault::Empty
        | ProviderFault::Garbage
        | ProviderFault::Html
        | ProviderFault::Provider
        | ProviderFault::Withheld
        | ProviderFault::Spared => (
            "answers what is no list of models".to_owned(),
            "check its address: another program may be there",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::FindingSeverity;
    use super::*;

    fn told(reached: &ModelAvailability, named: bool) -> (FindingSeverity, String) {
        let asked = AskedModel { base: "http://10.0.0.1/v1", model: "small-3", named, key: "OPENAI_API_KEY" };
        let mut report = DoctorReport::default();
        tell(&asked, reached, &mut report);
        (report.findings[0].mark, report.to_string())
    }

    #[test]
    fn what_came_of_a_real_request_is_told_with_its_code() {
        let asked =
            AskedModel { base: "http://10.0.0.1/v1", model: "small-3", named: true, key: "OPENAI_API_KEY" };
        let after = |millis: u64| {
            let first_words = Duration::from_millis(millis);
            Ok(Trial { first_words, whole: first_words + Duration::from_millis(500) })
        };
        for (tried, mark, words) in [
            (
                after(300),
                FindingSeverity::Ok,
                "small-3 gave a short line in 0.8 s, its first words after 0.3 s",
            ),
            (after(3_000), FindingSeverity::Note, "a little slow when spoken"),
            (after(9_000), FindingSeverity::Warn, "too slow for an interview"),
            (Err(ProviderFault::Status(401)), FindingSeverity::Warn, "set OPENAI_API_KEY"),
            (Err(ProviderFault::Status(401)), FindingSeverity::Warn, "(http_401)"),
            (Err(ProviderFault::Status(429)), FindingSeverity::Warn, "(http_429)"),
            (Err(ProviderFault::Status(404)), FindingSeverity::Warn, "(http_404)"),
            (Err(ProviderFault::Html), FindingSeverity::Warn, "web page (html)"),
            (Err(ProviderFault::Empty), FindingSeverity::Warn, "look at that server's own log"),
        ] {
            let mut report = DoctorReport::default();
            tell_tried(&asked, &tried, &mut report);
            let text = report.to_string();
            assert_eq!(report.findings[0].mark, mark, "{text}");
            assert!(text.contains(words), "{text}");
            assert_eq!(text.contains(MEANWHILE), mark == FindingSeverity::Warn, "{text}");
        }
    }

    #[test]
    fn what_a_model_lacks_is_told_and_stops_nothing() {
        let there = |names: &[&str]| ModelAvailability::UnknownModel {
            there: names.iter().map(|&n| n.to_owned()).collect(),
        };
        for (reached, named, mark, words) in [
            (ModelAvailability::Ready, false, FindingSeverity::Ok, "answers and has small-3"),
            (ModelAvailability::Unlisted, false, FindingSeverity::Note, "does not say"),
            (ModelAvailability::KeyRefused, false, FindingSeverity::Warn, "set OPENAI_API_KEY"),
            (there(&[]), true, FindingSeverity::Warn, "give the server a model"),
            (there(&["tiny"]), false, FindingSeverity::Warn, "where none is given; it has tiny"),
            (there(&["tiny"]), true, FindingSeverity::Warn, "--model tiny"),
            (
                there(&["b", "small-2", "c", "d", "e", "f"]),
                true,
                FindingSeverity::Warn,
                "it has small-2, b, c, d, e and 1 more",
            ),
            (
                ModelAvailability::Failed(ProviderFault::Unreachable),
                true,
                FindingSeverity::Warn,
                "cannot be reached",
            ),
            (ModelAvailability::Failed(ProviderFault::Status(502)), true, FindingSeverity::Warn, "(502)"),
            (
                ModelAvailability::Failed(ProviderFault::Garbage),
                true,
                FindingSeverity::Warn,
                "no list of models",
            ),
        ] {
            let (found, text) = told(&reached, named);
            assert_eq!(found, mark, "{text}");
            assert!(text.contains(words), "{text}");
            assert_eq!(text.contains(MEANWHILE), mark == FindingSeverity::Warn, "{text}");
            assert!(text.contains("Interviews can run"), "{text}");
        }
    }
}
