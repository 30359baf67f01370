//! `/read/:secret`: an interview as the reader of a link sees it.

use leptos::prelude::*;

use super::play::{self, By};
use crate::AppError;
use crate::api::{ReadPage, returned};
use crate::pages::{bar, lost, status, title};
use crate::view::ReadView;

/// The page.
pub(crate) fn page(secret: String) -> AnyView {
    let form = returned(ReadPage::Reader);
    view! {
        <Suspense>
            {move || {
                let (secret, form) = (secret.clone(), form.clone());
                Suspend::new(async move {
                    match crate::api::load_reading(&secret, form).await {
                        Ok(read) => shown(read),
                        Err(AppError::NotFound) => closed(),
                        Err(error) => lost::error(&error),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// For a link that does not work, or does so no more.
fn closed() -> AnyView {
    status(Some(&AppError::NotFound));
    title("Not open \u{2013} InterviewOS");
    view! {
        {unlisted()}
        {bar(None, ().into_any())}
        <main id="main" class="text">
            <h1>"This link no longer works."</h1>
            <p>
                "It may have expired, or the person who sent it has revoked it or deleted the interview. Ask them for a new one."
            </p>
        </main>
    }
    .into_any()
}

/// Search engines keep away from what was sent to one person.
fn unlisted() -> AnyView {
    view! { <leptos_meta::Meta name="robots" content="noindex, nofollow" /> }.into_any()
}

fn shown(read: ReadView) -> AnyView {
    title(&format!("{}: an interview to comment on \u{2013} InterviewOS", read.title));
    let ReadView { secret, title, about, until, play, papers, form, fresh } = read;
    let papers = papers.map(|(cv, posting)| {
        let paper = |name: &'static str, text: String| {
            (!text.is_empty()).then(|| {
                view! {
                    <details class="read-paper">
                        <summary>{name}</summary>
                        <p class="said">{text}</p>
                    </details>
                }
            })
        };
        view! {
            {paper("CV", cv)}
            {paper("Job description", posting)}
        }
    });
    view! {
        {unlisted()}
        {bar(None, ().into_any())}
        <main id="main" class="shared">
            <header class="share-head">
                <h1>{title}</h1>
                <p class="notes-about">{about}</p>
                <p>
                    {format!(
                        "You were asked to read this practice interview. Comment on any line; the person who sent you the link will see it, and so will anyone else with a link. The link works until {until}.",
                    )}
                </p>
                {papers}
            </header>
            {play::shown(play, &By::Reader { secret, form: Box::new(form), fresh })}
        </main>
    }
    .into_any()
}
