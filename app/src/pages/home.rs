//! `/`: what this is, the form that starts an interview, and the earlier ones.

#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod list;

use leptos::prelude::*;

use super::{bar, bar_links, lost, render_static, title};
use crate::AppError;
use crate::api::HomeView;

/// The page.
pub(super) fn page(query: String) -> AnyView {
    title("InterviewOS \u{2013} practise the interview before the interview");
    let home = OnceResource::new_blocking(load(query));
    view! {
        {bar(None, bar_links())}
        <Suspense>
            {move || Suspend::new(async move {
                match home.await {
                    Ok(home) => shown(home),
                    Err(error) => lost::error(&error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// On the server; the browser finds the result in the document.
#[cfg_attr(not(feature = "ssr"), expect(clippy::unused_async, reason = "the browser waits for nothing"))]
async fn load(query: String) -> Result<HomeView, AppError> {
    #[cfg(feature = "ssr")]
    {
        let of = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map_or(String::new(), |(_, value)| value.to_owned())
        };
        crate::api::load_home(of("again"), of("plan")).await
    }
    #[cfg(not(feature = "ssr"))]
    {
        drop(query);
        Err(AppError::Failed)
    }
}

fn shown(home: HomeView) -> AnyView {
    view! {
        <main id="main" class="home" inner_html=render_static(move || content(home))></main>
    }
    .into_any()
}

#[cfg(feature = "ssr")]
fn content(home: HomeView) -> AnyView {
    let HomeView { plans, earlier, form, about } = home;
    let earlier = (!earlier.is_empty()).then(|| list::earlier(earlier, about.keep_days));
    view! {
        <div class="home-start">
            <h1>"Practise the interview before the interview."</h1>
            <p class="lead">
                "An interviewer that listens, asks about what you actually said, and keeps the transcript."
            </p>
            {form::form(form, plans, about.voice, about.slow_note())}
            {super::colophon(&about)}
        </div>
        {earlier}
    }
    .into_any()
}

#[cfg(not(feature = "ssr"))]
fn content(home: HomeView) -> AnyView {
    drop(home);
    ().into_any()
}
