//! What a model makes of the stories: a level each, why, and better words, as far as they hold.

use engine::Judging;
use leptos::prelude::*;
use report::{BetterWording, Judgements, Statement, StoryVerdict};

use super::{line, quoted, strike_button};
use crate::view::NotesView;

pub(super) fn shown(notes: &NotesView) -> Option<AnyView> {
    let body = match (&notes.report.judgements, notes.judging) {
        (Some(judged), _) => whole(notes, judged),
        (None, Judging::Done) => return None,
        (None, Judging::UnderWay) => view! {
            <p class="notes-note">
                "A model is reading your stories. What it makes of them stands here within a minute. "
                <a href=format!("/interview/{}/report#judged", notes.id)>"Look again"</a>
            </p>
        }
        .into_any(),
        (None, Judging::Failed) => view! {
            <p class="notes-note">
                "The model gave no answer in time. It will be asked again if you open these notes in ten minutes; they are complete without it."
            </p>
        }
        .into_any(),
    };
    let section = view! {
        <section class="notes-part competencies" aria-labelledby="judged">
            <h2 id="judged" class="entry-name">
                "A model\u{2019}s view"
            </h2>
            <div class="entry-body">{body}</div>
        </section>
    };
    Some(section.into_any())
}

fn whole(notes: &NotesView, judged: &Judgements) -> AnyView {
    let mut questions: Vec<u32> = judged.verdicts.iter().map(|it| it.question).collect();
    questions.extend(judged.wordings.iter().map(|it| it.question));
    questions.sort_unstable();
    questions.dedup();
    let stories = questions
        .into_iter()
        .map(|question| {
            let story = notes.report.stories.iter().find(|story| story.question == question);
            let verdict = judged.verdicts.iter().find(|it| it.question == question);
            let better = judged.wordings.iter().find(|it| it.question == question);
            view! {
                <div class="competency">
                    <dt>{story.map(|story| story.title.clone())}</dt>
                    <dd>{verdict.map(|it| level(notes, it))} {better.map(|it| words(notes, it))}</dd>
                </div>
            }
        })
        .collect_view();
    let nothing = (judged.verdicts.is_empty() && judged.wordings.is_empty())
        .then(|| view! { <p>"Nothing it said could be confirmed."</p> });
    view! {
        {nothing}
        <dl>{stories}</dl>
        <p class="notes-note">{about(judged)}</p>
    }
    .into_any()
}

fn level(notes: &NotesView, it: &StoryVerdict) -> AnyView {
    let (least, most) = it.level;
    let level = if least == most {
        least.label().to_owned()
    } else {
        format!("{} to {}", least.label(), most.label())
    };
    view! {
        <p class="level">{level}</p>
        <p>{it.statement.text().to_owned()} " " {strike_button(&it.statement, "This is wrong")}</p>
        {rests_on(notes, &it.statement)}
    }
    .into_any()
}

/// The words that a statement rests on, each with the way to its line.
fn rests_on(notes: &NotesView, statement: &Statement) -> AnyView {
    let quotes = statement.quotes().iter();
    let quotes = quotes.map(|quote| view! { <li><a href=line(notes, quote)>{quoted(quote)}</a></li> });
    view! { <ul class="paper">{quotes.collect_view()}</ul> }.into_any()
}

fn words(notes: &NotesView, it: &BetterWording) -> AnyView {
    view! {
        <details class="shape">
            <summary>"The model\u{2019}s wording of it"</summary>
            <p class="better">{it.statement.text().to_owned()}</p>
            <p class="soft">"Based on these words of yours, among others. Only say what is true."</p>
            {rests_on(notes, &it.statement)}
            <p class="note-do">{strike_button(&it.statement, "This is wrong")}</p>
        </details>
    }
    .into_any()
}

/// Whose judgement it is, how often it was asked for, what was dropped, and what it cost.
fn about(judged: &Judgements) -> String {
    let Judgements { model, replies, tokens, dropped, .. } = judged;
    let times = match replies {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    let all: usize = dropped.values().sum();
    let why: Vec<String> = dropped.iter().map(|(why, n)| format!("{n} {}", why.words())).collect();
    let left_out = match all {
        0 => "Each quotation, number and name in the judgement was found in your answers.".to_owned(),
        1 => format!("One statement was left out: {}.", why.join(", ")),
        n => format!("{n} statements were left out: {}.", why.join(", ")),
    };
    let cost = tokens.map_or("What it cost is not known.".to_owned(), |tokens| {
        format!("It cost {} tokens: {} read, {} written.", tokens.all(), tokens.read, tokens.written)
    });
    let both = if *replies > 1 { "; where its answers disagree, both levels are shown" } else { "" };
    format!("Your stories were judged {times} by {model}{both}. {left_out} {cost}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use report::{StatementRejection, TokenUsage};

    use super::*;

    #[test]
    fn it_says_what_was_left_out_and_what_it_cost() {
        let judged = |tokens, dropped: &[(StatementRejection, usize)]| Judgements {
            model: "small-7b".to_owned(),
            replies: 3,
            tokens,
            verdicts: Vec::new(),
            wordings: Vec::new(),
            dropped: dropped.iter().copied().collect::<BTreeMap<_, _>>(),
        };
        let said = about(&judged(
            Some(TokenUsage { read: 900, written: 90 }),
            &[(StatementRejection::Name, 2), (StatementRejection::Alone, 1)],
        ));
        assert!(said.contains("judged 3 times by small-7b;"), "{said}");
        assert!(
            said.contains(
                "3 statements were left out: 2 had a name that you did not give, 1 came up in only one"
            ),
            "{said}"
        );
        assert!(said.contains("990 tokens: 900 read, 90 written"), "{said}");
        let said = about(&judged(None, &[]));
        assert!(said.contains("was found in your answers. What it cost is not known."), "{said}");
    }
}
