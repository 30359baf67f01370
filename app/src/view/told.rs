//! What the page of all interviews is made from.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Export, SessionId, SettledClash, Summary};

/// All that is known of the interviews of a browser, and what was asked of them.
pub(crate) struct InterviewListData<'a> {
    /// All interviews, newest first.
    pub list: &'a [Summary],
    /// The names given to them.
    pub labels: &'a BTreeMap<SessionId, String>,
    /// The latest of them with what was learnt from each.
    pub exports: &'a [Export],
    /// What of two interviews is settled: both are right. Kept in the one named.
    pub settled: &'a BTreeSet<(SessionId, SettledClash)>,
    /// How many comments each has, if any.
    pub comments: &'a BTreeMap<SessionId, usize>,
    /// The words sought.
    pub sought: &'a str,
    /// Each of them in small letters, with the interviews in which it was said.
    pub words: &'a [(String, BTreeSet<SessionId>)],
    /// The time.
    pub now: i64,
    /// Ended interviews are deleted after this many days; 0: never.
    pub keep_days: u32,
    /// What was wrong with a form.
    pub problem: String,
}
