//! What the interviewer does, and what is kept where.

use leptos::prelude::*;

use super::{bar, colophon, render_static, title};
use crate::AppError;
use crate::view::About;

/// The page.
pub(super) fn page() -> AnyView {
    title("How it works \u{2013} InterviewOS");
    let about = OnceResource::new_blocking(load());
    let home = view! { <a href="/">"Practise"</a> }.into_any();
    view! {
        {bar(None, home)}
        <Suspense>
            {move || Suspend::new(async move {
                let about = about.await.unwrap_or_default();
                let keep_days = about.keep_days;
                view! {
                    <main id="main" class="text" inner_html=render_static(move || content(keep_days))></main>
                    {colophon(&about)}
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[cfg(not(feature = "ssr"))]
fn content(_keep_days: u32) -> AnyView {
    ().into_any()
}

#[cfg(feature = "ssr")]
fn content(keep_days: u32) -> AnyView {
    view! {
        <h1>"How it works"</h1>
        <h2>"The interview"</h2>
        <p>
            "An interview has parts: you introduce yourself, you describe things you have done, and there is a short close. The interviewer asks one question at a time, listens for what your answer says and what it leaves out, and follows up on your own words. Beside each question, “why?” says why it was asked."
        </p>
        <p>
            "Take your time. Nothing hurries you: if you are quiet for long, the interview pauses and keeps everything. You can have a question said again, skip it, or finish whenever you like."
        </p>
        <p>
            "You can type or talk, and change between the two at any moment: you can start voice below the answer box. What you say out loud is written down, and only the transcript counts. “Let me think” gives you all the time you want."
        </p>
        <h2>"A full answer"</h2>
        <p>
            "One specific example says more than general words. Say what the situation was, what was needed, what you did yourself and how it turned out, with a number if there is one."
        </p>
        <h2>"What is kept, and where"</h2>
        <p>
            "Every line is kept in a database on the machine that runs this page, as soon as it is said. Your interviews are tied to this browser by a cookie that says nothing about you; no one else can see them here. What you are still writing is kept in this browser only."
        </p>
        <p>
            "The sound of what you say is not kept, unless you switch that on in an interview, above the answer box. Then each spoken answer is kept on the same machine, to be heard by you alone, until you delete the interview."
        </p>
        <p>{super::kept_for(keep_days)}</p>
        <p>
            "You can export an interview as a text or data file, print it or delete it, or delete all your interviews at once. Deleting removes everything."
        </p>
    }
    .into_any()
}

/// On the server; the browser finds the result in the document.
#[cfg_attr(not(feature = "ssr"), expect(clippy::unused_async, reason = "the browser waits for nothing"))]
async fn load() -> Result<About, AppError> {
    #[cfg(feature = "ssr")]
    {
        crate::api::load_about().await
    }
    #[cfg(not(feature = "ssr"))]
    {
        Err(AppError::Failed)
    }
}
