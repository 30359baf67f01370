//! `/interview/:id/share`: links by which others read an interview, and what they wrote in its margin. Whole as the server
//! makes it; no script takes it over.

pub(super) mod play;
pub(super) mod read;

use leptos::prelude::*;

use super::{bar, bar_links, lost, title};
use crate::api::{ReadPage, returned};
use crate::view::{LinkView, ShareView};

/// The page.
pub(super) fn page(id: String) -> AnyView {
    let form = returned(ReadPage::Share(&id));
    view! {
        <Suspense>
            {move || {
                let (id, form) = (id.clone(), form.clone());
                Suspend::new(async move {
                    match crate::api::load_share(&id, form).await {
                        Ok(share) => shown(share),
                        Err(error) => lost::error(&error),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn shown(share: ShareView) -> AnyView {
    title(&format!("Share: {} \u{2013} InterviewOS", share.title));
    let ShareView { id, press, title, links, made, host, is_loopback, problem, play } = share;
    let about = view! {
        <p class="bar-about">
            <a href=format!("/interview/{id}")>{title}</a>
        </p>
    };
    let problem = (!problem.is_empty()).then(|| view! { <p class="problem" role="alert">{problem}</p> });
    let made = (!made.is_empty()).then(|| fresh(&made, &host, is_loopback));
    let commented = !(play.lines.is_empty() && play.whole.is_empty());
    let comments = commented.then(|| {
        view! {
            <section class="share-comments" aria-labelledby="comments">
                <h2 id="comments">"Comments"</h2>
                {play::shown(play, &play::By::Person(id.clone()))}
            </section>
        }
    });
    view! {
        {bar(Some(about.into_any()), bar_links())}
        <main id="main" class="shared">
            <header class="share-head">
                <h1>"Share with a coach"</h1>
                <p>
                    "Send a link to somebody you trust: they read this interview without an account and comment in its margin. The link shows this interview and nothing else, works for seven days, and can be revoked at any time."
                </p>
                {problem}
                {made}
                {form(id.clone(), press)}
                {(!links.is_empty()).then(|| list(&id, links))}
                {file(&id)}
            </header>
            {comments}
        </main>
    }
    .into_any()
}

/// The link that was just made: it is shown this once. `is_loopback`: it leads to this machine from nowhere else.
fn fresh(path: &str, host: &str, is_loopback: bool) -> AnyView {
    let alone = is_loopback.then(|| {
        view! {
            <p class="share-alone">
                "It works on this computer only. For others to open it, start InterviewOS with " <code>"--host 0.0.0.0"</code>
                " (and " <code>"--hosts NAME"</code>
                " if people reach this computer by name), open this page at its network address or name, and make a new link there."
            </p>
        }
    });
    view! {
        <div class="share-made" role="status">
            <p>"Send this link. Copy it now: you will not be able to see it again."</p>
            <p class="share-address">
                <a class="absolute" href=path.to_owned()>
                    {format!("{host}{path}")}
                </a>
                <button class="link copy" type="button" hidden>
                    "Copy"
                </button>
            </p>
            {alone}
        </div>
    }
    .into_any()
}

fn form(id: String, press: String) -> AnyView {
    view! {
        <form class="share-new" method="post" action="/api/share_interview">
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="press" value=press />
            <label>
                <input type="checkbox" name="name" value="on" />
                "Show my name"
            </label>
            <label>
                <input type="checkbox" name="papers" value="on" />
                "Show my CV, the job description and contact details"
            </label>
            <button class="button" type="submit">
                "Make a link"
            </button>
        </form>
    }
    .into_any()
}

/// The interview as a file, to be kept or given to somebody.
fn file(id: &str) -> AnyView {
    view! {
        <section aria-labelledby="file">
            <h2 id="file">"As a file"</h2>
            <form class="share-new" method="get" action=format!("/interview/{id}/export")>
                <label>
                    <input type="checkbox" name="leave_out" value="contacts" checked />
                    "Leave out my CV and contact details (a zip keeps recordings)"
                </label>
                <button class="link" type="submit" name="format" value="md">
                    "Export as Markdown"
                </button>
                <button class="link" type="submit" name="format" value="json">
                    "Export as JSON"
                </button>
                <button class="link" type="submit" name="format" value="zip">
                    "Export as zip"
                </button>
            </form>
        </section>
    }
    .into_any()
}

fn list(id: &str, links: Vec<LinkView>) -> AnyView {
    let items = links.into_iter().map(|link| {
        let about = format!(" the link: {}", link.about);
        view! {
            <li>
                {link.about}
                " "
                <form method="post" action="/api/unshare_interview">
                    <input type="hidden" name="id" value=id.to_owned() />
                    <input type="hidden" name="link" value=link.digest />
                    <button class="link" type="submit">
                        "Revoke"
                        <span class="visually-hidden">{about}</span>
                    </button>
                </form>
            </li>
        }
    });
    view! {
        <section aria-labelledby="links">
            <h2 id="links">"Active links"</h2>
            <ul class="share-links">{items.collect_view()}</ul>
        </section>
    }
    .into_any()
}
