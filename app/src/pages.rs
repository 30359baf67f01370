//! The pages, by path.

mod again;
#[cfg(feature = "ssr")]
mod beside;
mod composer;
mod correct;
mod home;
mod how;
mod interview;
#[cfg(feature = "ssr")]
mod interviews;
mod lost;
#[cfg(feature = "ssr")]
mod notes;
#[cfg(feature = "ssr")]
mod replay;
#[cfg(feature = "ssr")]
mod share;
#[cfg(feature = "ssr")]
mod takes;
mod transcript;
mod voice;

#[cfg(feature = "ssr")]
pub(crate) use beside::line_annotations;
#[cfg(feature = "hydrate")]
pub(crate) use composer::ProgressLabels;
#[cfg(feature = "hydrate")]
pub(crate) use voice::VoiceSlot;

use leptos::prelude::*;

/// Where the reader is: path and query.
#[cfg(feature = "ssr")]
fn here() -> (String, String) {
    let parts = use_context::<http::request::Parts>();
    parts.map_or_else(Default::default, |p| (p.uri.path().to_owned(), p.uri.query().unwrap_or("").to_owned()))
}

/// Where the reader is: path and query.
#[cfg(not(feature = "ssr"))]
fn here() -> (String, String) {
    (window().location().pathname().unwrap_or_default(), String::new())
}

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    routes();
    let (path, query) = here();
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path.as_str() };
    let page = match path {
        // Empty while the routes are collected.
        "" | "/" => home::page(query),
        "/how" => how::page(),
        #[cfg(feature = "ssr")]
        "/interviews" => interviews::page(query),
        #[cfg(feature = "ssr")]
        path if path.starts_with("/read/") => share::read::page(path["/read/".len()..].to_owned()),
        path => match path.strip_prefix("/interview/").map(|rest| rest.split_once('/').unwrap_or((rest, "")))
        {
            Some((id, "")) => interview::page(id.to_owned()),
            // Only read: no script takes it over.
            #[cfg(feature = "ssr")]
            Some((id, "report")) => notes::page(id.to_owned()),
            #[cfg(feature = "ssr")]
            Some((id, "replay")) => replay::page(id.to_owned()),
            #[cfg(feature = "ssr")]
            Some((id, "takes")) => takes::page(id.to_owned(), &query),
            #[cfg(feature = "ssr")]
            Some((id, "share")) => share::page(id.to_owned()),
            Some(_) | None => lost::page(),
        },
    };
    #[cfg(feature = "hydrate")]
    set_timeout(crate::live::init_page, std::time::Duration::ZERO);
    view! {
        // The style sheet hides this: it is read where the page is served in a folder, from which its files do not load.
        <p class="unserved">
            "If you can read this line, the files of this page did not load. InterviewOS must be served at the root of an address of its own (such as https://practise.example/), not in a folder of another site."
        </p>
        <a class="skip" href="#main">
            "Skip to the content"
        </a>
        {page}
    }
}

/// Names the routes to whoever collects them; all are rendered whole, so that they need no scripts.
#[cfg(feature = "ssr")]
fn routes() {
    use leptos_router::{Method, PathSegment, RouteList, RouteListing, SsrMode};
    if !RouteList::is_generating() {
        return;
    }
    let fixed = |name: &'static str| PathSegment::Static(name.into());
    let of_interview =
        |more: &[PathSegment]| [&[fixed("interview"), PathSegment::Param("id".into())], more].concat();
    let paths = [
        vec![fixed("")],
        vec![fixed("how")],
        vec![fixed("interviews")],
        of_interview(&[]),
        of_interview(&[fixed("report")]),
        of_interview(&[fixed("replay")]),
        of_interview(&[fixed("takes")]),
        of_interview(&[fixed("share")]),
        vec![fixed("read"), PathSegment::Param("secret".into())],
    ];
    let listings = paths.into_iter().map(|path| RouteListing::new(path, SsrMode::Async, [Method::Get], []));
    RouteList::register(listings.collect::<Vec<_>>().into());
}

/// What is in an element that the server renders and the browser leaves as it is: its views stay out of the wasm.
fn render_static(content: impl FnOnce() -> AnyView) -> String {
    #[cfg(feature = "ssr")]
    {
        content().to_html()
    }
    #[cfg(not(feature = "ssr"))]
    {
        let _ = content;
        String::new()
    }
}

/// The button that chooses a file for the field of this id; it does so by `crate::live::intake`.
fn chooser(id: &'static str, about: &'static str) -> AnyView {
    view! {
        <button class="link" type="button" data-file=id>
            "Choose file"
            <span class="visually-hidden">" for " {about}</span>
        </button>
        <input type="file" id=format!("{id}-file") hidden />
    }
    .into_any()
}

/// What stands in a `<textarea>` to begin with. Leptos writes it into the document as it is, so that on the server it is
/// escaped here; a browser that makes the element itself takes it as it is.
fn in_textarea(text: &str) -> String {
    if cfg!(feature = "ssr") {
        // A first line feed is not read.
        let first = if text.starts_with('\n') { "\n" } else { "" };
        format!("{first}{}", text.replace('&', "&amp;").replace('<', "&lt;"))
    } else {
        text.to_owned()
    }
}

/// Sets the title of the document (on the server: a page is loaded anew each time).
fn title(text: &str) {
    #[cfg(feature = "ssr")]
    {
        leptos_meta::provide_meta_context();
        // Written into the document as it is.
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = leptos_meta::Title(leptos_meta::TitleProps { formatter: None, text: Some(text.into()) });
    }
    #[cfg(not(feature = "ssr"))]
    let _ = text;
}

/// Sets the status of the response (on the server).
fn status(error: Option<&crate::AppError>) {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(error.map_or(http::StatusCode::NOT_FOUND, crate::AppError::status));
    }
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

/// Where the notes on an interview are: at their heading, which takes the focus.
pub(crate) fn notes_of(id: &str) -> String {
    format!("/interview/{id}/report#notes")
}

/// Where the takes of a question are, of which this interview is one: at their heading.
pub(crate) fn takes_of(id: &str) -> String {
    format!("/interview/{id}/takes#takes")
}

/// A way to look back at an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    /// Beside another take of its question.
    Takes,
    /// The notes on it.
    Notes,
    /// What was said.
    Transcript,
    /// Played as it went.
    Replay,
}

/// The ways to look back at an interview; a take has one more. Links as HTML, which cost the wasm less than views.
fn tabs(id: &str, at: Tab, is_take: bool) -> AnyView {
    let link = |tab: Tab, page: &str, name: &str| {
        let current = if tab == at { " aria-current=\"page\"" } else { "" };
        format!(r#"<li><a href="{page}"{current}>{name}</a></li>"#)
    };
    let takes = if is_take { link(Tab::Takes, &takes_of(id), "Takes") } else { String::new() };
    let notes = link(Tab::Notes, &notes_of(id), "Notes");
    let transcript = link(Tab::Transcript, &format!("/interview/{id}"), "Transcript");
    let replay = link(Tab::Replay, &format!("/interview/{id}/replay"), "Replay");
    let list = format!("<ul>{takes}{notes}{transcript}{replay}</ul>");
    view! { <nav class="tabs" aria-label="This interview" inner_html=list></nav> }.into_any()
}

/// The strip at the top of every page.
fn bar(middle: Option<AnyView>, right: AnyView) -> impl IntoView {
    view! {
        <header class="bar">
            <a class="bar-name" href="/">
                "InterviewOS"
            </a>
            {middle}
            <div class="bar-right">{right}</div>
        </header>
    }
}

/// How long interviews are kept, in a sentence.
#[cfg(feature = "ssr")]
fn kept_for(keep_days: u32) -> String {
    match keep_days {
        0 => "Interviews are kept until you delete them.".to_owned(),
        1 => {
            "Ended interviews are deleted after a day; the others are kept until you delete them.".to_owned()
        }
        n => {
            format!("Ended interviews are deleted after {n} days; the others are kept until you delete them.")
        }
    }
}

/// The foot of a page: whose words the questions are, and where what a person says goes.
fn colophon(about: &crate::view::About) -> AnyView {
    let about = about.clone();
    let said = render_static(move || view! { <p>{worded(&about)}</p> }.into_any());
    view! { <footer class="colophon" inner_html=said></footer> }.into_any()
}

fn worded(about: &crate::view::About) -> String {
    match &about.model {
        None => {
            let offer =
                about.offer.as_ref().map(|offer| format!(" {}", offer.in_words())).unwrap_or_default();
            format!("Questions come from the built-in interviewer. Nothing leaves this machine.{offer}")
        }
        Some(model) if model.trouble.is_some() => {
            let sent = if model.here {
                String::new()
            } else {
                format!(
                    " Your answers, CV and job description will be sent to {} if the model is used again.",
                    model.at
                )
            };
            model.not_used().unwrap_or_default() + &sent
        }
        Some(model) if model.here => {
            format!("Questions come from the language model {}. Nothing leaves this machine.", model.name)
        }
        Some(model) => format!(
            "Questions come from the language model {} at {}: your answers, CV and job description are sent there. Every line is checked here before you see it.",
            model.name, model.at
        ),
    }
}

/// The links at the right of the bar: all interviews, and the page that explains.
fn bar_links() -> AnyView {
    view! {
        <a href="/interviews">"Your interviews"</a>
        " "
        <a href="/how">"How it works"</a>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_field_is_read_as_it_was_written() {
        assert_eq!(in_textarea("</textarea><b>&lt;"), "&lt;/textarea>&lt;b>&amp;lt;");
        assert_eq!(in_textarea("\nfirst"), "\n\nfirst");
    }
    #[test]
    fn the_foot_says_whose_words_they_are_why_a_model_is_not_used_and_what_could_be() {
        use crate::view::{About, ModelServerOffer, ModelView};
        let of = |model: Option<ModelView>, offer: Option<ModelServerOffer>| About {
            model,
            offer,
            ..About::default()
        };
        let model = |here: bool, trouble: Option<&str>| {
            let trouble = trouble.map(str::to_owned);
            Some(ModelView { name: "small-3".to_owned(), at: "example.com".to_owned(), here, trouble })
        };
        let offer = |names: &[&str]| {
            let models = names.iter().map(|&name| name.to_owned()).collect();
            Some(ModelServerOffer { server: "Ollama".to_owned(), models })
        };
        for (about, words) in [
            (of(None, None), "Nothing leaves this machine."),
            (
                of(None, offer(&["a"])),
                "have its model word the questions, restart InterviewOS with --model a.",
            ),
            (
                of(None, offer(&["a", "b", "c", "d", "e"])),
                "--model a or --model b or --model c (it has 2 more)",
            ),
            (of(model(true, None), None), "language model small-3. Nothing leaves"),
            (of(model(false, None), None), "are sent there"),
            (of(model(true, Some("http_401")), None), "not used at present: it refuses the key (http_401)."),
            (
                of(model(false, Some("http_429")), None),
                "will be sent to example.com if the model is used again",
            ),
            (of(model(true, Some("unfit_private")), None), "writes lines that an interviewer should not say"),
        ] {
            assert!(worded(&about).contains(words), "{}", worded(&about));
        }
        // The page of an interview says it, too, before anything about speech.
        let slow = About { slow_s: Some(4), ..of(model(true, Some("http_404")), None) };
        let note = slow.note().unwrap();
        assert!(
            note.starts_with("The language model small-3 is not used at present")
                && note.contains("http_404")
        );
        assert!(note.ends_with("Typing is answered at once."), "{note}");
        assert_eq!(of(model(true, None), None).note(), None);
    }
}
