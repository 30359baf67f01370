//! What is shown in place of a page that is not there or cannot be shown.

use leptos::prelude::*;

use super::{bar, bar_links, status, title};
use crate::AppError;

/// For an address that leads nowhere.
pub(super) fn page() -> AnyView {
    status(None);
    title("Not here \u{2013} InterviewOS");
    apology("There is no such page.", "The address may have been mistyped, or the page may be gone.", false)
}

/// For an interview that is not there, or cannot be shown now.
pub(super) fn error(error: &AppError) -> AnyView {
    status(Some(error));
    if *error == AppError::NotFound {
        title("Not here \u{2013} InterviewOS");
        let why = if keeps_cookies() {
            "It may have been deleted. Interviews can be opened only in the browser where they were started."
        } else {
            "Interviews can be opened only in the browser where they were started. If that is this one, allow cookies for this page: without them no interview can be found again."
        };
        return apology("There is no such interview here.", why, false);
    }
    title("Something went wrong \u{2013} InterviewOS");
    apology("This page cannot be shown just now.", &error.to_string(), true)
}

/// Whether the browser has kept anything that it was given (on the server).
fn keeps_cookies() -> bool {
    #[cfg(feature = "ssr")]
    {
        use_context::<http::request::Parts>()
            .is_none_or(|parts| parts.headers.contains_key(http::header::COOKIE))
    }
    #[cfg(not(feature = "ssr"))]
    {
        true
    }
}

fn apology(head: &str, text: &str, again: bool) -> AnyView {
    let head = head.to_owned();
    let text = text.to_owned();
    view! {
        {bar(None, bar_links())}
        <main id="main" class="text">
            <h1>{head}</h1>
            <p>{text}</p>
            <p>
                {again.then(|| view! { <a class="button" href="">"Try again"</a> })}
                <a href="/interviews">"To your interviews"</a>
            </p>
        </main>
    }
    .into_any()
}
