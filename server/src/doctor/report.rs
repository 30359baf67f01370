//! What was found, and how it is told.

use std::fmt;

/// How a finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingSeverity {
    /// As it should be.
    Ok,
    /// Good to know.
    Note,
    /// Interviews run, but not as well as they could.
    Warn,
    /// Interviews cannot run.
    Fail,
}

impl fmt::Display for FindingSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        })
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is to be taken.
    pub mark: FindingSeverity,
    /// What was looked at, in a word or two.
    pub what: &'static str,
    /// What was found.
    pub said: String,
    /// What to do about it; every warning and failure has one.
    pub remedy: Option<String>,
}

/// Everything that was looked at, in the order in which it is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoctorReport {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl DoctorReport {
    fn add(
        &mut self,
        mark: FindingSeverity,
        what: &'static str,
        said: impl Into<String>,
        remedy: Option<String>,
    ) {
        self.findings.push(Finding { mark, what, said: said.into(), remedy });
    }

    /// As it should be.
    pub fn ok(&mut self, what: &'static str, said: impl Into<String>) {
        self.add(FindingSeverity::Ok, what, said, None);
    }

    /// Good to know.
    pub fn note(&mut self, what: &'static str, said: impl Into<String>) {
        self.add(FindingSeverity::Note, what, said, None);
    }

    /// Not as good as it could be, and what would make it so.
    pub fn warn(&mut self, what: &'static str, said: impl Into<String>, remedy: impl Into<String>) {
        self.add(FindingSeverity::Warn, what, said, Some(remedy.into()));
    }

    /// In the way of interviews, and what to do about it.
    pub fn fail(&mut self, what: &'static str, said: impl Into<String>, remedy: impl Into<String>) {
        self.add(FindingSeverity::Fail, what, said, Some(remedy.into()));
    }

    /// In the way of interviews; the message of an error, which names the remedy after `;` or `:`.
    pub fn fail_with(&mut self, what: &'static str, error: &dyn std::error::Error) {
        self.add(FindingSeverity::Fail, what, error.to_string(), None);
    }

    /// Whether interviews can run.
    pub fn can_run(&self) -> bool {
        self.count(FindingSeverity::Fail) == 0
    }

    fn count(&self, mark: FindingSeverity) -> usize {
        self.findings.iter().filter(|finding| finding.mark == mark).count()
    }
}

impl fmt::Display for DoctorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { mark, what, said, remedy } in &self.findings {
            writeln!(f, "{mark:<4}  {what:<12}  {said}")?;
            if let Some(remedy) = remedy {
                writeln!(f, "{:20}to do: {remedy}", "")?;
            }
        }
        let things = |count| if count == 1 { "1 thing".to_owned() } else { format!("{count} things") };
        match (self.count(FindingSeverity::Fail), self.count(FindingSeverity::Warn)) {
            (0, 0) => writeln!(f, "\nInterviews can run."),
            (0, warnings) => writeln!(f, "\nInterviews can run; {} could be better.", things(warnings)),
            (failures, _) => writeln!(f, "\nInterviews cannot run: {} must be put right.", things(failures)),
        }
    }
}

/// A number of bytes for people.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (bytes / 100, "B");
    if bytes < 1_000 {
        return format!("{bytes} {unit}");
    }
    // Tenths of the unit, rounded down.
    for (n, name) in UNITS.into_iter().enumerate() {
        unit = name;
        if value < 10_000 || n + 1 == UNITS.len() {
            break;
        }
        value /= 1_000;
    }
    format!("{}.{} {unit}", value / 10, value % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (98_304, "98.3 kB"),
            (1_000_000, "1.0 MB"),
            (12_345_678_901, "12.3 GB"),
            (5_000_000_000_000_000, "5000.0 TB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn a_report_says_what_to_do_and_whether_interviews_run() {
        let mut report = DoctorReport::default();
        report.ok("page", "built");
        assert_eq!(report.to_string(), "ok    page          built\n\nInterviews can run.\n");
        report.warn("disk", "low", "free some");
        assert!(report.can_run() && report.to_string().ends_with("1 thing could be better.\n"));
        report.fail("port", "taken", "name another");
        assert!(!report.can_run());
        let text = report.to_string();
        assert!(
            text.contains("FAIL  port          taken\n                    to do: name another\n"),
            "{text}"
        );
        assert!(text.ends_with("\nInterviews cannot run: 1 thing must be put right.\n"), "{text}");
    }
}
