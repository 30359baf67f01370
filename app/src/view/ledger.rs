//! What introductions claimed beside what stories showed, as the page of all interviews shows it.

use engine::{SessionId, SettledClash};
use progress::{Claim, ClaimKind, FigureDiscrepancy, LedgerQuote, ReportedInterview};

use super::make::long_day;
use super::told::InterviewListData;

/// What was claimed in all interviews.
pub(crate) struct LedgerView {
    /// What does not fit together, as questions.
    pub questions: Vec<QuestionView>,
    /// What introductions claimed.
    pub claims: Vec<ClaimView>,
}

/// A question on what two interviews say.
pub(crate) struct QuestionView {
    /// What it is about: "Team".
    pub name: &'static str,
    /// What was said first, and later.
    pub said: [SaidView; 2],
    /// The later interview, in which it is kept that both are right.
    pub id: String,
    /// By what it is kept there.
    pub settled: SettledClash,
}

/// A claim.
pub(crate) struct ClaimView {
    /// What it is about: "Tool".
    pub name: &'static str,
    /// Where it was claimed, the latest first.
    pub said: Vec<SaidView>,
    /// Where stories show it; empty if none does.
    pub shown: Vec<SaidView>,
    /// True for what a story can show.
    pub can_be_shown: bool,
}

/// Words, and where they stand.
pub(crate) struct SaidView {
    /// The words.
    pub words: String,
    /// "28 November"
    pub day: String,
    /// The address of the line.
    pub line: String,
}

/// Makes the view; `None` if nothing was claimed.
pub(super) fn ledger(held: &[ReportedInterview<'_>], data: &InterviewListData<'_>) -> Option<LedgerView> {
    let ledger = progress::ledger(held, |sort, earlier, later| {
        let (id, settled) = kept_as(sort, earlier, later, data);
        let of_any_sort = SettledClash { what: None, ..settled.clone() };
        data.settled.contains(&(id, settled)) || data.settled.contains(&(id, of_any_sort))
    });
    let view = LedgerView {
        questions: ledger.questions.iter().map(|it| question(it, held, data)).collect(),
        claims: ledger.claims.iter().map(|claim| claim_view(claim, held, data)).collect(),
    };
    (!view.claims.is_empty()).then_some(view)
}

/// The later interview, and by what it is kept there that both are right.
fn kept_as(
    sort: ClaimKind,
    earlier: &LedgerQuote,
    later: &LedgerQuote,
    data: &InterviewListData<'_>,
) -> (SessionId, SettledClash) {
    let id = |said: &LedgerQuote| data.exports[said.interview].snapshot.id;
    let what = Some(sort.key().to_owned());
    let settled =
        SettledClash { line: later.quote.seq(), other: id(earlier), other_line: earlier.quote.seq(), what };
    (id(later), settled)
}

fn question(
    question: &FigureDiscrepancy,
    held: &[ReportedInterview<'_>],
    data: &InterviewListData<'_>,
) -> QuestionView {
    let FigureDiscrepancy { sort, earlier, later } = question;
    let (id, settled) = kept_as(*sort, earlier, later, data);
    let said = [earlier, later].map(|said| said_view(said, held, data));
    QuestionView { name: name(*sort), said, id: id.to_string(), settled }
}

fn claim_view(claim: &Claim, held: &[ReportedInterview<'_>], data: &InterviewListData<'_>) -> ClaimView {
    let all = |said: &[LedgerQuote]| {
        let mut views: Vec<SaidView> = said.iter().map(|said| said_view(said, held, data)).collect();
        // Of one day one is enough.
        views.dedup_by(|a, b| a.day == b.day);
        views
    };
    ClaimView {
        name: name(claim.sort),
        said: all(&claim.said),
        shown: all(&claim.shown),
        can_be_shown: claim.sort.can_be_shown(),
    }
}

fn said_view(said: &LedgerQuote, held: &[ReportedInterview<'_>], data: &InterviewListData<'_>) -> SaidView {
    SaidView {
        words: said.quote.text().to_owned(),
        day: long_day(held[said.interview].at),
        line: format!("/interview/{}#line-{}", data.exports[said.interview].snapshot.id, said.quote.seq()),
    }
}

fn name(sort: ClaimKind) -> &'static str {
    match sort {
        ClaimKind::Years => "Years",
        ClaimKind::Team => "Team",
        ClaimKind::Tool => "Tool",
        ClaimKind::Figure => "Figure",
    }
}
