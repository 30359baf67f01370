//! What introductions claimed beside what stories showed, as the page of all interviews shows it.

use engine::Settled;
use progress::{Claim, Held, Ledger, Question, Said, Sort};

use super::interviews::{Told, long_day};

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
    pub settled: Settled,
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
pub(super) fn ledger(ledger: &Ledger, held: &[Held<'_>], told: &Told<'_>) -> Option<LedgerView> {
    let view = LedgerView {
        questions: ledger.questions.iter().filter_map(|it| question(it, held, told)).collect(),
        claims: ledger.claims.iter().map(|claim| claim_view(claim, held, told)).collect(),
    };
    (!view.claims.is_empty()).then_some(view)
}

/// By what it is kept in the later interview that both figures are right.
pub(super) fn settled(question: &Question, told: &Told<'_>) -> Settled {
    let Question { earlier, later, .. } = question;
    let other = told.exports[earlier.interview].snapshot.id;
    Settled { line: later.quote.seq(), other, other_line: earlier.quote.seq() }
}

fn question(question: &Question, held: &[Held<'_>], told: &Told<'_>) -> Option<QuestionView> {
    let settled = settled(question, told);
    let id = told.exports[question.later.interview].snapshot.id;
    if told.settled.contains(&(id, settled.clone())) {
        return None;
    }
    let said = [&question.earlier, &question.later].map(|said| said_view(said, held, told));
    Some(QuestionView { name: name(question.sort), said, id: id.to_string(), settled })
}

fn claim_view(claim: &Claim, held: &[Held<'_>], told: &Told<'_>) -> ClaimView {
    let all = |said: &[Said]| {
        let mut views: Vec<SaidView> = said.iter().map(|said| said_view(said, held, told)).collect();
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

fn said_view(said: &Said, held: &[Held<'_>], told: &Told<'_>) -> SaidView {
    SaidView {
        words: said.quote.text().to_owned(),
        day: long_day(held[said.interview].at),
        line: format!("/interview/{}#line-{}", told.exports[said.interview].snapshot.id, said.quote.seq()),
    }
}

fn name(sort: Sort) -> &'static str {
    match sort {
        Sort::Years => "Years",
        Sort::Team => "Team",
        Sort::Tool => "Tool",
        Sort::Figure => "Figure",
    }
}
