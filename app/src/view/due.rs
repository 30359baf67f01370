//! What to practise next, as the page of all interviews shows it.

use progress::{DuePractice, LastPractice, PracticeTarget, StoryFraction};

use super::make::long_day;
use super::told::InterviewListData;

/// Something to practise.
pub(crate) struct DueView {
    /// What it is: "Result".
    pub name: String,
    /// Why: "We found a result in 2 of 8 stories on 14 November."
    pub reason: String,
    /// When, and why it comes first: "It is due now."
    pub when: String,
    /// The interview whose particulars the practice takes over.
    pub id: String,
    /// The topic that practises it.
    pub topic: String,
    /// The aspect that is asked for there; empty for a competency.
    pub element: &'static str,
}

/// `first`: it is the one that is offered.
pub(super) fn due_view(due: &DuePractice, first: bool, data: &InterviewListData<'_>) -> DueView {
    let snapshot = &data.exports[due.interview].snapshot;
    let on = long_day(snapshot.created_at);
    let (name, reason) = match (&due.what, due.last) {
        (PracticeTarget::Aspect(aspect), LastPractice::Found(share)) => {
            let sought = aspect.sought();
            let reason = match (share.found, share.of) {
                (0, 1) => format!("On {on} we found no {sought} in your story."),
                (0, of) => format!("On {on} we found no {sought} in any of your {of} stories."),
                _ => format!("On {on} we found a {sought} in {}.", of_stories(share)),
            };
            (aspect.label().to_owned(), reason)
        }
        (PracticeTarget::Competency(name), LastPractice::Shown(shown)) => {
            (name.clone(), format!("On {on} your best story on this was {}.", shown.label()))
        }
        // Nothing makes such a pair.
        (PracticeTarget::Aspect(aspect), LastPractice::Shown(_)) => {
            (aspect.label().to_owned(), String::new())
        }
        (PracticeTarget::Competency(name), LastPractice::Found(_)) => (name.clone(), String::new()),
    };
    let again = long_day(due.at);
    let when = if due.at <= data.now {
        "It is due now.".to_owned()
    } else if first && due.last.percent() < 100 {
        format!("Nothing is due yet, but this needs the most practice. It is due again on {again}.")
    } else {
        format!("It is due again on {again}.")
    };
    let element = match &due.what {
        PracticeTarget::Aspect(aspect) => aspect.key(),
        PracticeTarget::Competency(_) => "",
    };
    DueView { name, reason, when, id: snapshot.id.to_string(), topic: due.topic.clone(), element }
}

/// "2 of 8 stories"
pub(super) fn of_stories(share: StoryFraction) -> String {
    match (share.found, share.of) {
        (1, 1) => "your only story".to_owned(),
        (2, 2) => "both stories".to_owned(),
        (found, of) if found == of => format!("all {of} stories"),
        (found, of) => format!("{found} of {of} stories"),
    }
}
