//! How the writer has been doing, over all interviews: whoever looks at a page is to know why it is not used.

use std::sync::{Mutex, PoisonError};

/// So many lines in a row that another stood in for are told.
const TOLD: u32 = 3;
/// The code of a writer that was not asked: says less than why it was not.
const SPARED: &str = "breaker_open";

/// How the writer stands.
#[derive(Debug, Default)]
pub(crate) struct WriterHealth(Mutex<Failing>);

#[derive(Debug, Default)]
struct Failing {
    in_a_row: u32,
    code: String,
}

impl WriterHealth {
    fn failing(&self) -> std::sync::MutexGuard<'_, Failing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It wrote a line.
    pub(crate) fn record_success(&self) {
        self.failing().in_a_row = 0;
    }

    /// It gave no line, with this code.
    pub(crate) fn record_failure(&self, code: &str) {
        let mut failing = self.failing();
        failing.in_a_row = failing.in_a_row.saturating_add(1);
        if code != SPARED || failing.code.is_empty() {
            code.clone_into(&mut failing.code);
        }
    }

    /// Why it is not used, as the code of its last failure; `None` while it is.
    pub(crate) fn trouble(&self) -> Option<String> {
        let failing = self.failing();
        (failing.in_a_row >= TOLD).then(|| failing.code.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_a_row_are_told_with_what_began_it() {
        let standing = WriterHealth::default();
        for code in ["late", "http_401"] {
            standing.record_failure(code);
            assert_eq!(standing.trouble(), None);
        }
        standing.record_failure(SPARED);
        assert_eq!(standing.trouble().as_deref(), Some("http_401"));
        standing.record_success();
        assert_eq!(standing.trouble(), None);
    }
}
