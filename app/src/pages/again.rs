//! Under an answer: to give it again, or to go on differently from there.

use std::fmt::Write as _;

use interview::RetakeManner;

use crate::view::ChildView;

/// An answer that can be given again.
pub(super) struct RepeatableAnswer<'a> {
    /// The id of its interview.
    pub interview: &'a str,
    /// Its number.
    pub seq: u32,
    /// The number of the line whose question it answers.
    pub question: u32,
    /// Whether the retry is spoken unless somebody says otherwise; `None` where nobody can talk.
    pub spoken: Option<bool>,
    /// The page that it stands on: `notes`, or empty for the transcript.
    pub page: &'static str,
}

/// How a question is asked again, on its button.
pub(super) fn label(manner: RetakeManner) -> &'static str {
    match manner {
        RetakeManner::Same => "The same question",
        RetakeManner::Harder => "A harder follow-up",
        RetakeManner::Strict => "A stricter interviewer",
    }
}

/// The ways to answer again, folded, and what came of them so far: plain forms, which lead to another page. As HTML, since
/// it stands under every answer: views would cost the wasm a twentieth. Nothing in it is anybody's words.
pub(super) fn again(answer: &RepeatableAnswer<'_>, children: &[ChildView]) -> String {
    let RepeatableAnswer { interview, seq, question, spoken, page } = *answer;
    let ways: String = RetakeManner::ALL
        .map(|manner| {
            let (key, label) = (manner.key(), label(manner));
            format!(r#"<button class="link" type="submit" name="manner" value="{key}">{label}</button>"#)
        })
        .concat();
    let talk = spoken.map(talk).unwrap_or_default();
    let mut html = format!(
        r#"<details class="again"><summary>retry<span class="visually-hidden"> this answer</span></summary><form method="post" action="/api/retry"><input type="hidden" name="id" value="{interview}"><input type="hidden" name="answer" value="{seq}"><input type="hidden" name="from" value="{page}"><p class="again-ways">{ways}<button class="link" type="submit" formaction="/api/fork">Go on differently from here</button></p>{talk}<p class="again-note">A new interview each time; this one stays as it is.</p></form></details>"#
    );
    for ChildView { id, fork, name, .. } in children.iter().filter(|child| child.is_of(seq, question)) {
        let page = if *fork { "" } else { "/takes" };
        let _ = write!(html, r#" <a class="again-made" href="/interview/{id}{page}">{name}</a>"#);
    }
    html
}

/// Whether to talk in it, as HTML.
pub(super) fn talk(spoken: bool) -> String {
    let checked = if spoken { " checked" } else { "" };
    format!(
        r#"<label class="again-talk"><input type="checkbox" name="mode" value="voice"{checked}> Speak with your microphone</label>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_an_answer_is_named_under_it_and_nowhere_else() {
        let child =
            |id: &str, fork, seq| ChildView { id: id.to_owned(), fork, seq, name: format!("name of {id}") };
        let children = [child("take", false, 3), child("fork", true, 5), child("other", false, 7)];
        let under = |seq, question| {
            let answer = RepeatableAnswer { interview: "x", seq, question, spoken: None, page: "" };
            again(&answer, &children)
        };
        assert!(
            under(4, 3).contains(r#"<a class="again-made" href="/interview/take/takes">name of take</a>"#)
        );
        // A second message to the same question, before which the interview went another way.
        let html = under(6, 3);
        assert!(
            html.contains("/interview/take/takes") && html.contains(r#"href="/interview/fork""#),
            "{html}"
        );
        assert!(!under(9, 9).contains("again-made"));
    }

    #[test]
    fn talking_is_offered_where_one_can_talk() {
        let under =
            |spoken| again(&RepeatableAnswer { interview: "x", seq: 2, question: 1, spoken, page: "" }, &[]);
        assert!(!under(None).contains("microphone"));
        assert!(under(Some(true)).contains(r#"value="voice" checked"#));
        assert!(under(Some(false)).contains(r#"value="voice">"#));
    }
}
