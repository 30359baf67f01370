//! The notes on an interview in Markdown.

use report::{Aspect, AspectMark, PaperCoverage, Report, Statement, StoryVerdict, length};

use super::escaped;

/// The notes, as a part of their own; nothing where nothing was said.
pub(super) fn markdown(report: &Report) -> String {
    let mut out = String::from("\n## Notes on the performance\n");
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    let next = report.next.as_ref().map(|next| &next.statement);
    for (name, it) in [("Keep", report.keep.as_ref()), ("Work on", report.work_on.as_ref()), ("Next", next)] {
        if let Some(it) = it {
            line(format!("\n**{name}.** {}", statement_markdown(it)));
        }
    }
    for story in &report.stories {
        line(format!("\n### {}\n", escaped(&story.title)));
        for (aspect, mark) in &story.marks {
            line(format!("- {}", element(*aspect, mark)));
        }
        let spoke = story.measures.spoke_ms.map_or(String::new(), |spoke| format!(", {}", length(spoke)));
        line(format!("- {} words{spoke}", story.measures.words));
    }
    let papers = [("The posting", "Came up", &report.posting), ("The CV", "Came up", &report.cv)];
    for (name, heard, paper) in papers {
        if let Some(paper) = paper {
            line(format!("\n### {name}\n\n{}", phrases(heard, paper)));
        }
    }
    if !report.competencies.is_empty() {
        line("\n### Competencies\n".to_owned());
        for competency in &report.competencies {
            let shown = competency.shown.as_ref();
            let shown = shown.map_or("Not enough was said.".to_owned(), |(level, it)| {
                format!("*{}.* {}", level.label(), statement_markdown(it))
            });
            line(format!("- {}: {shown}", escaped(&competency.name)));
        }
    }
    if let Some(delivery) = &report.delivery {
        line(format!("\n### Delivery\n\n{}", statement_markdown(&delivery.statement)));
    }
    if let Some(judged) = &report.judgements {
        line(format!("\n### A model\u{2019}s view ({})\n", escaped(&judged.model)));
        for StoryVerdict { level: (least, most), statement, .. } in &judged.verdicts {
            let level = if least == most {
                least.label().to_owned()
            } else {
                format!("{} to {}", least.label(), most.label())
            };
            line(format!("- *{level}.* {}", statement_markdown(statement)));
        }
        for wording in &judged.wordings {
            line(format!("- A wording of it: {}", statement_markdown(&wording.statement)));
        }
        let dropped: usize = judged.dropped.values().sum();
        line(format!("- Left out, because it does not hold: {dropped}"));
    }
    line(
        "\nEverything in these notes was found in the candidate's own words. They cannot judge truth, tone or body \
         language, and give no score."
            .to_owned(),
    );
    if report.answers == 0 { String::new() } else { out }
}

/// A sentence with the words that it rests on, and where they are.
fn statement_markdown(it: &Statement) -> String {
    let quotes: Vec<String> = it
        .quotes()
        .iter()
        .map(|quote| format!("\u{201c}{}\u{201d} (line {})", flat(quote.text()), quote.seq()))
        .collect();
    // A whole sentence has its full stop; what leads up to its words has a colon.
    let colon = if it.text().ends_with(['.', '?', '!']) { "" } else { ":" };
    format!("{}{colon} {}", escaped(it.text()), quotes.join(" "))
}

fn element(aspect: Aspect, mark: &AspectMark) -> String {
    let name = aspect.label();
    match mark {
        AspectMark::Said(it) | AspectMark::Partly(it) => {
            statement_markdown(it).replacen(&escaped(it.text()), &named(name, mark), 1)
        }
        AspectMark::Unclear | AspectMark::NotFound(_) | AspectMark::Struck => named(name, mark),
    }
}

fn named(name: &str, mark: &AspectMark) -> String {
    let words = match mark {
        AspectMark::Said(_) => "said",
        AspectMark::Partly(_) => "partly",
        AspectMark::Unclear => "unclear",
        AspectMark::NotFound(_) => "not found",
        AspectMark::Struck => "struck by the candidate",
    };
    format!("{name} ({words})")
}

fn phrases(heard: &str, paper: &PaperCoverage) -> String {
    let mut lines: Vec<String> =
        paper.heard.iter().map(|it| format!("- {heard}: {}", statement_markdown(it))).collect();
    lines.extend(
        paper.not_heard.iter().map(|phrase| format!("- Did not come up in these words: {}", escaped(phrase))),
    );
    lines.join("\n")
}

/// Words on one line, without marks.
fn flat(words: &str) -> String {
    escaped(&words.split_whitespace().collect::<Vec<_>>().join(" "))
}
