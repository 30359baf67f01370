//! The document around the page.

use leptos::prelude::*;

use crate::{
    App,
    context::{AppContext, Assets},
};

/// Pages that are only read get no wasm: they are whole as they come. This shows times as the reader's clock does, a button
/// that prints, the whole of an address that is to be sent and a button that copies it (where the browser lets no page copy,
/// it is selected), and lets style sheets show what needs scripts.
const STILL: &str = "document.documentElement.dataset.live = '';
for (const time of document.querySelectorAll('time.clock'))
  time.textContent = new Date(time.dateTime).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
for (const button of document.querySelectorAll('button.print')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
for (const link of document.querySelectorAll('a.absolute')) link.textContent = link.href;
for (const button of document.querySelectorAll('button.copy')) {
  const link = button.parentElement.querySelector('a');
  button.hidden = false;
  button.addEventListener('click', async () => {
    getSelection().selectAllChildren(link);
    try {
      await navigator.clipboard.writeText(link.href);
      button.textContent = 'Copied';
    } catch {
      button.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C';
    }
  });
}";

/// Live pages have this beside the wasm, which it keeps small: a form that is unfolded can be cancelled, and is then as it was.
const CANCEL: &str = "document.addEventListener('toggle', ({ target: details }) => {
  const form = details.open && details.matches('.sure-finish, .correct') && details.querySelector('form');
  if (!form || form.querySelector('.cancel')) return;
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'link cancel', textContent: 'Cancel' });
  button.addEventListener('click', () => {
    form.reset();
    details.open = false;
    details.querySelector('summary').focus({ preventScroll: true });
  });
  form.querySelector('[type=submit]').after(' ', button);
}, true);";

/// True for the address of a page that is only read.
fn is_read_only_page(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let of_interview = path.strip_prefix("/interview/").and_then(|rest| rest.split_once('/'));
    path == "/interviews"
        || path.starts_with("/read/")
        || of_interview.is_some_and(|(_, page)| matches!(page, "report" | "replay" | "takes" | "share"))
}

/// True for the address of a page on which an interview is played.
fn plays(path: &str) -> bool {
    path.starts_with("/interview/") && path.trim_end_matches('/').ends_with("/replay")
}

/// The whole HTML document, which loads these assets. Sets the page's content security policy.
pub fn shell(assets: Assets) -> impl IntoView {
    let nonce = use_nonce();
    let voice = use_context::<AppContext>().and_then(|context| context.voice);
    let rooms = voice.and_then(|door| door.elsewhere().map(str::to_owned));
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<leptos_axum::ResponseOptions>())
        && let Ok(policy) = http::HeaderValue::from_str(&crate::csp::header(nonce, rooms.as_deref()))
    {
        response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
    }
    let still =
        use_context::<http::request::Parts>().is_some_and(|parts| is_read_only_page(parts.uri.path()));
    let replay = still && use_context::<http::request::Parts>().is_some_and(|parts| plays(parts.uri.path()));
    let replay = (replay && !assets.replay.is_empty())
        .then(|| view! { <script type="module" src=assets.replay.clone()></script> });
    let script = match still {
        true => STILL.to_owned(),
        false => format!(
            "import init, {{ hydrate }} from {:?};\n{CANCEL}\nawait init({{ module_or_path: {:?} }});\nhydrate();",
            assets.js, assets.wasm
        ),
    };
    let wasm = (!still).then(|| {
        view! {
            <link rel="modulepreload" href=assets.js />
            <link rel="preload" href=assets.wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
        }
    });
    let fonts = assets
        .fonts
        .iter()
        .map(|url| view! { <link rel="preload" href=url.clone() r#as="font" r#type="font/woff2" crossorigin="" /> })
        .collect_view();
    view! {
        <!DOCTYPE html>
        <html lang="en-GB">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                // Some proxies forbid referrers; browsers then hide where the page's own forms come from.
                <meta name="referrer" content="same-origin" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#faf8f3" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#171613" media="(prefers-color-scheme: dark)" />
                <meta
                    name="description"
                    content="Practise a job interview by typing or talking: an interviewer that listens, asks about what you actually said, and keeps the transcript."
                />
                // Loaded when voice starts (live/voice).
                <meta name="interviewos-voice" content=assets.voice />
                <link rel="icon" href=assets.favicon r#type="image/svg+xml" />
                {fonts}
                <link rel="stylesheet" href=assets.css />
                {wasm}
                {replay}
                <script type="module" nonce=nonce>
                    {script}
                </script>
                <leptos_meta::MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
