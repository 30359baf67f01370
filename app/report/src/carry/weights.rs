//! What each thing that is known weighs: `weights.tsv`, a line a name, a column an aspect.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::aspect::Aspect;
use crate::carry::Name;

/// What a name weighs for each aspect, in the order of [`Aspect::ALL`].
pub type Row = [f32; Aspect::ALL.len()];

const FILE: &str = include_str!("weights.tsv");
/// What its first line begins with; then what the weights were learnt from.
const HEAD: &str = "# make train-notes; from ";

/// The sum of the weights of what is known; what the weights do not know weighs nothing.
pub(super) fn sum(aspect: Aspect, known: &[(Name, f32)]) -> f32 {
    let column = aspect as usize;
    let rows = rows();
    known.iter().map(|(name, much)| rows.get(name).map_or(0.0, |row| row[column] * much)).sum()
}

/// The weights of the notes.
pub fn shipped() -> BTreeMap<Name, Row> {
    rows().clone()
}

/// The SHA-256 of the stories that they were learnt from.
pub fn learnt_from() -> &'static str {
    FILE.lines().next().and_then(|line| line.strip_prefix(HEAD)).unwrap_or_default()
}

fn rows() -> &'static BTreeMap<Name, Row> {
    static ROWS: OnceLock<BTreeMap<Name, Row>> = OnceLock::new();
    ROWS.get_or_init(|| FILE.lines().filter_map(row).collect())
}

/// A line of the file; `None` for a line that is none, such as its head.
fn row(line: &'static str) -> Option<(Name, Row)> {
    let mut fields = line.split('\t');
    let name = (fields.next()?, fields.next()?);
    let mut row = Row::default();
    for weight in &mut row {
        *weight = fields.next()?.parse().ok()?;
    }
    Some((name, row))
}

/// The file for these weights. `data` names what they were learnt from.
pub fn to_text(data: &str, rows: &BTreeMap<Name, Row>) -> String {
    let mut text = format!("{HEAD}{data}\n#\t");
    Aspect::ALL.iter().for_each(|aspect| {
        let _ = write!(text, "\t{}", aspect.key());
    });
    for ((of, which), row) in rows {
        let _ = write!(text, "\n{of}\t{which}");
        row.iter().for_each(|weight| {
            let _ = write!(text, "\t{weight:.3}");
        });
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let all: BTreeMap<Name, Row> = rows().clone();
        let (written, named) = (to_text(learnt_from(), &all), learnt_from().len());
        assert_eq!((written.as_str(), named), (FILE, 64), "make train-notes");
        assert!(all.len() > 100, "{}", all.len());
    }
}
