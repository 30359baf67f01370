//! What was said, set like the transcript, with a third hand in the margin: the coach's.

use interview::{MAX_AUTHOR, MAX_COMMENT};
use leptos::prelude::*;

use crate::api::ReturnedForm;
use crate::pages::{in_textarea, transcript};
use crate::view::{CommentView, PlayLine, PlayView};

/// Who looks at it.
pub(in crate::pages) enum By {
    /// The person whose interview of this id it is: may delete comments.
    Person(String),
    /// The reader of a link: may write some.
    Reader {
        /// The secret of the link.
        secret: String,
        /// A comment that could not be taken.
        form: Box<ReturnedForm>,
        /// The id of the next comment.
        fresh: String,
    },
}

pub(super) fn shown(play: PlayView, by: &By) -> AnyView {
    let PlayView { lines, whole } = play;
    let lines = lines.into_iter().map(|it| line(it, by)).collect_view();
    let end = match by {
        By::Person(_) => (!whole.is_empty()).then(|| comments(whole, by)),
        By::Reader { .. } => Some(view! { {comments(whole, by)} {write(0, by)} }.into_any()),
    };
    view! {
        <div class="play">
            {lines}
            {end.map(|end| {
                view! {
                    <h2 class="act" id="whole" tabindex="-1">
                        <span class="act-title">"On the whole"</span>
                    </h2>
                    <div class="speech">
                        <div class="words">{end}</div>
                    </div>
                }
            })}
        </div>
    }
    .into_any()
}

fn line(line: PlayLine, by: &By) -> AnyView {
    let PlayLine { act, seq, asks, who, text, cut, skips, when: (moment, clock), comments: beside } = line;
    let skipped = skips.then(|| view! { <p class="direction">"(Skipped.)"</p> });
    // Where only lines with comments stand, a part may begin before the first of them.
    let act = act
        .filter(|_| matches!(by, By::Reader { .. }))
        .map(|(part, title)| transcript::act_heading(transcript::ordinal(part), title));
    let words = view! {
        <span class="said">{text}</span>
        {cut.then_some(" \u{2014}")}
    };
    let words = match by {
        By::Person(id) => {
            let place = format!("/interview/{id}#line-{seq}");
            let to = view! {
                {words}
                <p class="note-do">
                    <a href=place>
                        "See it in the transcript" <span class="visually-hidden">{format!(": line {seq}")}</span>
                    </a>
                </p>
            };
            to.into_any()
        }
        By::Reader { .. } => words.into_any(),
    };
    view! {
        {skipped}
        {act}
        <div class=if asks { "speech asks" } else { "speech" } id=format!("line-{seq}")>
            <p class="who">{who}</p>
            <div class="words">{words} {write(seq, by)}</div>
            <p class="when">
                <time class="clock" datetime=moment>
                    {clock}
                </time>
            </p>
            {comments(beside, by)}
        </div>
    }
    .into_any()
}

/// What was written beside a line; nothing if nothing was.
pub(in crate::pages) fn comments(comments: Vec<CommentView>, by: &By) -> AnyView {
    let each = |comment: CommentView| {
        let CommentView { id, author, text, day } = comment;
        let signed = if author.is_empty() { day.clone() } else { format!("{author}, {day}") };
        let delete = match by {
            By::Reader { .. } => None,
            By::Person(interview) => Some(view! {
                <form method="post" action="/api/delete_comment">
                    <input type="hidden" name="id" value=interview.clone() />
                    <input type="hidden" name="comment" value=id />
                    <button class="link" type="submit">
                        "Delete"
                        <span class="visually-hidden">{format!(" the comment: {text}")}</span>
                    </button>
                </form>
            }),
        };
        view! {
            <div class="coach">
                <p class="coach-who">"Coach"</p>
                <div>
                    <p class="said">{text.clone()}</p>
                    <div class="coach-signed">{signed} " " {delete}</div>
                </div>
            </div>
        }
    };
    (!comments.is_empty())
        .then(|| view! { <div class="margin">{comments.into_iter().map(each).collect_view()}</div> })
        .into_any()
}

/// The form by which a reader writes beside a line.
fn write(seq: u32, by: &By) -> AnyView {
    let By::Reader { secret, form, fresh } = by else { return ().into_any() };
    let returned = form.corrects == Some(seq) && !form.problem.is_empty();
    let (text, author) = if returned { (form.text.as_str(), form.name.clone()) } else { ("", String::new()) };
    let problem = returned.then(|| view! { <p class="problem" role="alert">{form.problem.clone()}</p> });
    let (field, name) = (format!("comment-{seq}"), format!("author-{seq}"));
    let about = if seq == 0 { " on the whole".to_owned() } else { format!(" on line {seq}") };
    view! {
        <details class="comment" open=returned>
            <summary>
                "comment"
                <span class="visually-hidden">{about}</span>
            </summary>
            <form method="post" action="/api/comment">
                <input type="hidden" name="secret" value=secret.clone() />
                <input type="hidden" name="id" value=format!("{fresh}-{seq}") />
                <input type="hidden" name="line" value=seq.to_string() />
                {problem}
                <label for=field.clone()>"Your comment"</label>
                <textarea id=field name="text" rows="3" maxlength=MAX_COMMENT.to_string() autocomplete="off">
                    {in_textarea(text)}
                </textarea>
                <label for=name.clone()>"Your name, if you like"</label>
                <input id=name type="text" name="author" value=author maxlength=MAX_AUTHOR.to_string() autocomplete="name" />
                <button class="button" type="submit">
                    "Add comment"
                </button>
            </form>
        </details>
    }
    .into_any()
}
