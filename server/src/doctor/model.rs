//! The writer: which it is and why, and whether its model can be reached.

use std::time::Duration;

use writers::{Fault, Reached, Trial};

use super::report::Report;
use crate::local_models;
use crate::settings::Settings;
use crate::writer::{Chosen, Environment};

/// How many models of a server are named.
const NAMED: usize = 5;

const WHAT: &str = "model";
const LINE: &str = "line";
/// What happens while a model is out of reach.
const MEANWHILE: &str = "until then the built-in interviewer speaks";

/// Looks at the writer in force.
pub(super) async fn examine(settings: &Settings, environment: &Environment, report: &mut Report) {
    let chosen = match Chosen::new(settings.writer, settings.model.as_deref(), environment) {
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
        let there = matches!(reached, Reached::Ready | Reached::Unlisted);
        if let Some(tried) = if there { chosen.try_out().await } else { None } {
            tell_tried(&asked, &tried, report);
        }
    } else if let Some(found) = local_models::found().await {
        report.note(WHAT, format!("{} would word the lines", found.in_words()));
    }
}

/// First words later than this miss a spoken line.
const SPOKEN: Duration = Duration::from_millis(2_500);
/// First words later than this miss a typed line.
const TYPED: Duration = Duration::from_secs(8);

/// What came of one real, short request.
fn tell_tried(asked: &AskedModel<'_>, tried: &Result<Trial, Fault>, report: &mut Report) {
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
                Fault::Status(401 | 403) => format!("set {key} to a key that is valid there"),
                Fault::Status(429) => "wait, or see to the quota there".to_owned(),
                Fault::Unreachable
                | Fault::Timeout
                | Fault::Status(_)
                | Fault::Provider
                | Fault::CutOff
                | Fault::Withheld
                | Fault::Empty
                | Fault::Html
                | Fault::Garbage
                | Fault::Endless
                | Fault::Spared
                | Fault::Configuration => {
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

fn tell(asked: &AskedModel<'_>, reached: &Reached, report: &mut Report) {
    let AskedModel { base, model, named, key } = *asked;
    match reached {
        Reached::Ready => report.ok(WHAT, format!("{base} answers and has {model}")),
        Reached::Unlisted => report.note(
            WHAT,
            format!("{base} answers, but does not say which models it has: an interview will show whether {model} is one"),
        ),
        Reached::KeyRefused => report.warn(
            WHAT,
            format!("{base} refuses the key, or wants one"),
            format!("set {key} to a key that is valid there; {MEANWHILE}"),
        ),
        Reached::UnknownModel { there } => {
            let who = if named { format!("no model {model}") } else { format!("no model {model}, the name that is used where none is given") };
            let (has, first) = few_of(there, model);
            let remedy = match (first, there.len()) {
                (None, _) => "give the server a model, and name it with --model NAME".to_owned(),
                (Some(one), 1) => format!("name it: --model {one}"),
                (Some(first), _) => format!("name the one to use, such as --model {first}"),
            };
            report.warn(WHAT, format!("{base} answers and has {who}; {has}"), format!("{remedy}; {MEANWHILE}"));
        }
        Reached::Failed(fault) => {
            let (said, remedy) = fault_told(*fault);
            report.warn(WHAT, format!("{base} {said}"), format!("{remedy}; {MEANWHILE}"));
        }
    }
}

/// What models a server has, as half a sentence with a few of their names, and the nearest of them.
pub(super) fn few_of<'a>(there: &'a [String], model: &str) -> (String, Option<&'a str>) {
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

fn fault_told(fault: Fault) -> (String, &'static str) {
    let check = "check its address, that it runs, and the way there (firewall, proxy)";
    match fault {
        Fault::Unreachable => ("cannot be reached".to_owned(), check),
        Fault::Timeout | Fault::Endless => ("does not answer in time".to_owned(), check),
        Fault::Status(429) => {
            ("has had too many requests (429)".to_owned(), "wait, or see to the quota there")
        }
        Fault::Status(status) if status >= 500 => {
            (format!("has a fault of its own ({status})"), "see to that server, or wait")
        }
        Fault::Status(status) => (
            format!("answers {status}"),
            "check its address: it is the part before /chat/completions or /models",
        ),
        Fault::Configuration => {
            ("cannot be asked: a header cannot hold the key".to_owned(), "check the key for stray characters")
        }
        Fault::CutOff
        | Fault::Empty
        | Fault::Garbage
        | Fault::Html
        | Fault::Provider
        | Fault::Withheld
        | Fault::Spared => (
            "answers what is no list of models".to_owned(),
            "check its address: another program may be there",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    fn told(reached: &Reached, named: bool) -> (Mark, String) {
        let asked = AskedModel { base: "http://10.0.0.1/v1", model: "small-3", named, key: "OPENAI_API_KEY" };
        let mut report = Report::default();
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
            (after(300), Mark::Ok, "small-3 gave a short line in 0.8 s, its first words after 0.3 s"),
            (after(3_000), Mark::Note, "a little slow when spoken"),
            (after(9_000), Mark::Warn, "too slow for an interview"),
            (Err(Fault::Status(401)), Mark::Warn, "set OPENAI_API_KEY"),
            (Err(Fault::Status(401)), Mark::Warn, "(http_401)"),
            (Err(Fault::Status(429)), Mark::Warn, "(http_429)"),
            (Err(Fault::Status(404)), Mark::Warn, "(http_404)"),
            (Err(Fault::Html), Mark::Warn, "web page (html)"),
            (Err(Fault::Empty), Mark::Warn, "look at that server's own log"),
        ] {
            let mut report = Report::default();
            tell_tried(&asked, &tried, &mut report);
            let text = report.to_string();
            assert_eq!(report.findings[0].mark, mark, "{text}");
            assert!(text.contains(words), "{text}");
            assert_eq!(text.contains(MEANWHILE), mark == Mark::Warn, "{text}");
        }
    }

    #[test]
    fn what_a_model_lacks_is_told_and_stops_nothing() {
        let there =
            |names: &[&str]| Reached::UnknownModel { there: names.iter().map(|&n| n.to_owned()).collect() };
        for (reached, named, mark, words) in [
            (Reached::Ready, false, Mark::Ok, "answers and has small-3"),
            (Reached::Unlisted, false, Mark::Note, "does not say"),
            (Reached::KeyRefused, false, Mark::Warn, "set OPENAI_API_KEY"),
            (there(&[]), true, Mark::Warn, "give the server a model"),
            (there(&["tiny"]), false, Mark::Warn, "where none is given; it has tiny"),
            (there(&["tiny"]), true, Mark::Warn, "--model tiny"),
            (
                there(&["b", "small-2", "c", "d", "e", "f"]),
                true,
                Mark::Warn,
                "it has small-2, b, c, d, e and 1 more",
            ),
            (Reached::Failed(Fault::Unreachable), true, Mark::Warn, "cannot be reached"),
            (Reached::Failed(Fault::Status(502)), true, Mark::Warn, "(502)"),
            (Reached::Failed(Fault::Garbage), true, Mark::Warn, "no list of models"),
        ] {
            let (found, text) = told(&reached, named);
            assert_eq!(found, mark, "{text}");
            assert!(text.contains(words), "{text}");
            assert_eq!(text.contains(MEANWHILE), mark == Mark::Warn, "{text}");
            assert!(text.contains("Interviews can run"), "{text}");
        }
    }
}
