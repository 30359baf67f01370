//! What was learnt from what people marked, as a table that can be read: a line a name, a column for each choice.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Something that is known, in two words: what it is of, and which.
pub type FeatureName = (&'static str, &'static str);

/// What is known, each with how much, mostly from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NamedFeatures(Vec<(FeatureName, f32)>);

impl NamedFeatures {
    /// Takes in something, with how much of it there is.
    pub fn put(&mut self, name: FeatureName, much: f32) {
        if much > 0.0 {
            self.0.push((name, much));
        }
    }

    /// Takes in something that is so or not.
    pub fn put_flag(&mut self, name: FeatureName, it_is: bool) {
        self.put(name, f32::from(it_is));
    }

    /// All of it.
    pub fn all(&self) -> &[(FeatureName, f32)] {
        &self.0
    }
}

/// What each name weighs for each of `N` choices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeatureWeights<const N: usize>(BTreeMap<FeatureName, [f32; N]>);

/// What the first line of a file begins with; then what the weights were learnt from.
const HEAD: &str = "# make train-notes; from ";

impl<const N: usize> FeatureWeights<N> {
    /// A table of these weights.
    pub fn new(rows: BTreeMap<FeatureName, [f32; N]>) -> Self {
        Self(rows)
    }

    /// Reads a file. Lines that are no rows say nothing.
    pub fn parse(text: &'static str) -> Self {
        Self(text.lines().filter_map(row).collect())
    }

    /// What of it a file says that it was learnt from; empty if it does not.
    pub fn learnt_from(text: &str) -> &str {
        text.lines().next().and_then(|line| line.strip_prefix(HEAD)).unwrap_or_default()
    }

    /// The file of these weights. `data` names what they were learnt from, `columns` the choices.
    pub fn to_text(&self, data: &str, columns: [&str; N]) -> String {
        let mut text = format!("{HEAD}{data}\n#\t\t{}", columns.join("\t"));
        for ((of, which), row) in &self.0 {
            let _ = write!(text, "\n{of}\t{which}");
            row.iter().for_each(|weight| {
                let _ = write!(text, "\t{weight:.3}");
            });
        }
        text.push('\n');
        text
    }

    /// The sum of the weights of what is known, for a choice; what the table does not know weighs nothing.
    pub fn sum(&self, choice: usize, known: &NamedFeatures) -> f32 {
        known.0.iter().map(|(name, much)| self.0.get(name).map_or(0.0, |row| row[choice] * much)).sum()
    }

    /// Choices in the order of the columns, the likeliest by what is known first, each with how likely it is.
    pub fn likeliest<T: Copy>(&self, choices: &[T], known: &NamedFeatures) -> Vec<(T, f32)> {
        let sums: Vec<f32> = (0..N).map(|choice| self.sum(choice, known)).collect();
        let mut choices: Vec<(T, f32)> = choices.iter().copied().zip(shares(&sums)).collect();
        choices.sort_by(|one, other| other.1.total_cmp(&one.1));
        choices
    }
}

fn row<const N: usize>(line: &'static str) -> Option<(FeatureName, [f32; N])> {
    let mut fields = line.split('\t');
    let name = (fields.next()?, fields.next()?);
    let mut row = [0.0; N];
    for weight in &mut row {
        *weight = fields.next()?.parse().ok()?;
    }
    Some((name, row))
}

/// Shares of one for these sums: the larger, the likelier.
pub fn shares(sums: &[f32]) -> Vec<f32> {
    let top = sums.iter().copied().fold(f32::MIN, f32::max);
    let parts: Vec<f32> = sums.iter().map(|sum| (sum - top).exp()).collect();
    let whole: f32 = parts.iter().sum();
    parts.iter().map(|part| part / whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# make train-notes; from abc\n#\t\tone\ttwo\nis\tlong\t0.500\t-1.000\n";

    #[test]
    fn a_table_is_read_as_it_was_written_and_weighs_what_it_knows() {
        let table: FeatureWeights<2> = FeatureWeights::parse(FILE);
        assert_eq!(FeatureWeights::<2>::learnt_from(FILE), "abc");
        assert_eq!(table.to_text("abc", ["one", "two"]), FILE);
        let mut known = NamedFeatures::default();
        known.put(("is", "long"), 2.0);
        known.put_flag(("is", "new"), true);
        known.put_flag(("is", "short"), false);
        assert_eq!((known.all().len(), table.sum(0, &known), table.sum(1, &known)), (2, 1.0, -2.0));
        let shares = shares(&[1.0, 1.0, f32::NEG_INFINITY]);
        assert_eq!(shares, [0.5, 0.5, 0.0]);
    }
}
