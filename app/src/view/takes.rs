//! Takes and forks as the pages show them.

use engine::{Compared, ComparedTake, Origin, OriginKind, Snapshot, Summary};
use interview::{Message, Modality, Speaker, answered, stage_title};
use jiff::tz::TimeZone;
use report::{Comparison, Take, last_reply_seq, length};

use super::make::{level, zoned};
use super::{ChildView, OriginView, title_of};

/// A take beside another one.
pub(crate) struct TakesView {
    /// The id of the later one, as in the address.
    pub id: String,
    /// Role and level.
    pub title: String,
    /// "Past experience, question 3"; empty if the interview that it came from is deleted.
    pub scene: String,
    /// "Second take"
    pub name: String,
    /// The interview that it came from; `None` if that was deleted.
    pub parent: Option<String>,
    /// The number of the question's line there.
    pub seq: u32,
    /// The question.
    pub question: String,
    /// The number of the answer in it; `None` before it is answered.
    pub answer: Option<u32>,
    /// True once the take is over.
    pub over: bool,
    /// All takes of the question by number, with their ids; the first is the interview itself.
    pub takes: Vec<(u32, String)>,
    /// The number of this one.
    pub number: u32,
    /// What stands side by side, if there are two.
    pub beside: Option<(SideView, SideView, Comparison)>,
    /// Whether the next take is spoken unless somebody says otherwise; `None` where nobody can talk.
    pub voice: Option<bool>,
    /// What a button of this page was refused for; empty if none was.
    pub problem: String,
}

/// One of two takes.
pub(crate) struct SideView {
    /// Which one.
    pub number: u32,
    /// "First take, 18:19, 55 s"
    pub head: String,
    /// What was said, without the question.
    pub messages: Vec<Message>,
}

/// Makes the view.
pub(crate) fn takes(compared: Compared) -> TakesView {
    let scene = scene(&compared);
    let Compared { snapshot, origin, scene: parent, takes, question, beside } = compared;
    let messages = said(&snapshot);
    let answer =
        messages.iter().find(|m| m.speaker == Speaker::Candidate && answered(&messages, m.seq).is_some());
    TakesView {
        id: snapshot.id.to_string(),
        title: title_of(&snapshot.profile.role, level(snapshot.profile.seniority)),
        scene,
        name: take_name(origin.number),
        parent: parent.is_some().then(|| origin.parent.to_string()),
        seq: origin.seq,
        question,
        answer: answer.map(|m| m.seq),
        over: snapshot.status.is_completed(),
        takes: takes.into_iter().map(|(number, id)| (number, id.to_string())).collect(),
        number: origin.number,
        beside: beside.map(|(one, other, comparison)| {
            (side(one, &comparison.first), side(other, &comparison.second), comparison)
        }),
        voice: Some(snapshot.messages.iter().any(|(m, _)| m.modality == Modality::Voice)),
        problem: String::new(),
    }
}

fn side(side: ComparedTake, take: &Take) -> SideView {
    let ComparedTake { number, mut messages, .. } = side;
    let at = messages.iter().find(|m| m.speaker == Speaker::Candidate).map_or(0, |m| m.at);
    let clock = zoned(at, &TimeZone::system()).strftime("%H:%M").to_string();
    let long = take.spoke_ms.map_or_else(|| words(take.words), length);
    messages.drain(..messages.len().min(1));
    SideView { number, head: format!("{}, {clock}, {long}", take_name(number)), messages }
}

fn words(n: usize) -> String {
    if n == 1 { "1 word".to_owned() } else { format!("{n} words") }
}

fn said(snapshot: &Snapshot) -> Vec<&Message> {
    snapshot.messages.iter().map(|(message, _)| message).collect()
}

/// What an interview came from. `scene` and `first` are those of a take.
pub(crate) fn origin(origin: &Origin, parent: Option<&Snapshot>, compared: Option<&Compared>) -> OriginView {
    let fork = origin.kind == OriginKind::Fork;
    let first = parent.filter(|_| !fork).map(|parent| first_take(parent, origin.seq));
    OriginView {
        fork,
        parent: parent.map(|parent| parent.id.to_string()),
        seq: origin.seq,
        scene: compared.map(scene).unwrap_or_default(),
        title: if fork { String::new() } else { take_name(origin.number) },
        first: first.unwrap_or_default(),
    }
}

/// What was said to a question at first, line by line.
pub(crate) fn first_take(parent: &Snapshot, question: u32) -> Vec<(Speaker, String)> {
    let messages: Vec<Message> = said(parent).into_iter().cloned().collect();
    let last = last_reply_seq(&messages, question, false);
    let of_take = messages.into_iter().filter(|m| m.seq > question && m.seq <= last);
    of_take.map(|m| (m.speaker, m.text)).collect()
}

/// A take or a fork, for the page of the interview that it came from.
pub(crate) fn child(summary: &Summary) -> Option<ChildView> {
    let origin = summary.origin.as_ref()?;
    Some(ChildView {
        id: summary.id.to_string(),
        fork: origin.kind == OriginKind::Fork,
        seq: origin.seq,
        name: name_of(origin),
    })
}

/// "second take", "alternative", "alternative 2"
pub(crate) fn name_of(origin: &Origin) -> String {
    match (origin.kind, origin.number) {
        (OriginKind::Take, number) => take_name(number).to_lowercase(),
        (OriginKind::Fork, 0 | 1) => "alternative".to_owned(),
        (OriginKind::Fork, number) => format!("alternative {number}"),
    }
}

/// "Second take", "Take 11"
pub(crate) fn take_name(number: u32) -> String {
    const WORDS: [&str; 10] =
        ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];
    let word = usize::try_from(number).ok().and_then(|n| WORDS.get(n.checked_sub(1)?));
    word.map_or_else(|| format!("Take {number}"), |word| format!("{word} take"))
}

/// "Past experience, question 3": where the question was asked at first.
fn scene(compared: &Compared) -> String {
    let (Some((plan, question)), Some(stage)) = (&compared.scene, compared.snapshot.plan.stages.first())
    else {
        return String::new();
    };
    format!("{}, question {question}", stage_title(&plan.stages, &stage.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_are_counted_in_words_as_far_as_people_do() {
        assert_eq!([1, 2, 10, 11].map(take_name), ["First take", "Second take", "Tenth take", "Take 11"]);
    }
}
