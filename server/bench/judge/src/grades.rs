//! What a judge fills in, and its table.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::interview::LineToGrade;

/// Where it is said how to grade.
pub const HOW: &str = "server/bench/judge/README.md";

/// The five questions.
const ASKED: [&str; 5] = ["relevant", "most important", "natural", "new", "a good interviewer"];

#[derive(Debug, Serialize, Deserialize)]
struct GradeFormRow {
    candidate: String,
    line: usize,
    text: String,
    /// Yes or no to each of the five questions; `null` until it is graded.
    grades: Option<[bool; 5]>,
}

/// A row of the form, to be filled in.
///
/// # Errors
/// None that happens: a row can be written.
pub fn blank(candidate: &str, line: &LineToGrade) -> Result<String> {
    let row = GradeFormRow {
        candidate: candidate.to_owned(),
        line: line.number,
        text: line.text.clone(),
        grades: None,
    };
    Ok(serde_json::to_string(&row)? + "\n")
}

/// The table of a form that was filled in.
///
/// # Errors
/// Which row cannot be read or was not graded.
pub fn table(form: &str) -> Result<String> {
    let mut by_candidate: BTreeMap<String, Vec<[bool; 5]>> = BTreeMap::new();
    for (at, line) in form.lines().enumerate() {
        let row: GradeFormRow = serde_json::from_str(line).with_context(|| format!("line {}", at + 1))?;
        let grades = row.grades.with_context(|| format!("line {} was not graded", at + 1))?;
        by_candidate.entry(row.candidate).or_default().push(grades);
    }
    ensure!(!by_candidate.is_empty(), "the form is empty");
    let all: Vec<[bool; 5]> = by_candidate.values().flatten().copied().collect();
    let heads = ASKED.map(|asked| format!("{asked:>18}")).concat();
    let mut table = format!("{:<16}{:>6}{heads}\n", "", "lines");
    for (name, grades) in
        by_candidate.iter().map(|(name, grades)| (name.as_str(), grades)).chain([("all", &all)])
    {
        let share = |question: usize| {
            let yes = grades.iter().filter(|grades| grades[question]).count();
            format!("{:>16} %", yes * 100 / grades.len())
        };
        table +=
            &format!("{name:<16}{:>6}{}\n", grades.len(), (0..ASKED.len()).map(share).collect::<String>());
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_counts_each_question_and_a_form_that_was_not_filled_in_is_named() {
        let row = |grades: &str| format!(r#"{{"candidate":"a","line":1,"text":"Why?","grades":{grades}}}"#);
        let form = [row("[true,false,true,true,true]"), row("[true,false,true,false,false]")].join("\n");
        let table = table(&form).unwrap();
        let all: Vec<&str> =
            table.lines().last().unwrap().split_whitespace().filter(|word| *word != "%").collect();
        assert_eq!(all, ["all", "2", "100", "0", "100", "50", "50"]);
        assert!(super::table(&row("null")).unwrap_err().to_string().contains("not graded"));
    }
}
