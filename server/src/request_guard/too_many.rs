//! What is answered to those who ask too often, in the shape that they can read. Nothing that was typed is lost:
//! the page's scripts keep it, and a plain form comes back with a button that sends it again.

use std::fmt::Write as _;
use std::time::Duration;

use app::AppError;
use axum::Form;
use axum::extract::{FromRequest as _, Request};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use leptos::server_fn::error::FromServerFnError as _;
use protocol::engine_api::error::Code;

use super::size;
use crate::engine_api::error::ApiError;
use crate::wired::Wired;

/// What the page below may load and do.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whole seconds after which one would be taken: never too few.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

fn with_retry(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    response
}

/// The engine API's refusal.
pub fn engine(wait: Duration) -> Response {
    let message = "Too many requests came at once; wait as long as `Retry-After` says, in seconds.";
    let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message);
    with_retry(error.into_response(), seconds(wait))
}

/// A page's refusal: a page or, for its scripts, an error or, for whatever else, a sentence.
pub async fn refuse(wired: &Wired, request: Request, wait: Duration) -> Response {
    let seconds = seconds(wait).max(1);
    let error = AppError::TooOften { seconds };
    let html = accepts_html(request.headers());
    let body = if html {
        resend_page(wired, "One moment, please.", &error.to_string(), request).await
    } else if request.uri().path().starts_with("/api/") {
        ([(header::CONTENT_TYPE, "application/json")], error.ser()).into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{error}\n")).into_response()
    };
    with_retry((StatusCode::TOO_MANY_REQUESTS, body).into_response(), seconds)
}

/// A page that says why what was sent was not taken, and sends it again at the press of a button.
pub(super) async fn resend_page(wired: &Wired, head: &str, sentence: &str, request: Request) -> Response {
    let (kind, policy) =
        (HeaderValue::from_static("text/html; charset=utf-8"), HeaderValue::from_static(POLICY));
    let page = page(&wired.app.assets.css, head, sentence, &form(wired, request).await);
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)], page).into_response()
}

pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
}

/// What can be done: a form that sends again what was sent, or a link to the page that was asked for.
async fn form(wired: &Wired, request: Request) -> String {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if *request.method() != Method::POST {
        return format!("<p><a class=\"button\" href=\"{}\">Try again</a></p>", escaped(&path));
    }
    let lost = "<p>What you sent was not taken. Go back and send it again.</p>".to_owned();
    let Ok(_place) = wired.limits.shown_again.try_acquire() else { return lost };
    let headers = request.headers().clone();
    let Ok(bytes) = size::read(request, size::PROFILE_BYTES).await else { return lost };
    let mut again = Request::new(axum::body::Body::from(bytes));
    *again.method_mut() = Method::POST;
    *again.headers_mut() = headers;
    let Ok(Form(fields)) = Form::<Vec<(String, String)>>::from_request(again, &()).await else { return lost };
    let mut form = format!("<form method=\"post\" action=\"{}\">", escaped(&path));
    for (name, value) in fields {
        let (name, value) = (escaped(&name), escaped(&value));
        // Writing to a String cannot fail.
        let _ = write!(form, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\"/>");
    }
    form.push_str("<p>What you sent is still here.</p><p><button class=\"button\" type=\"submit\">Send it again</button></p></form>");
    form
}

fn page(css: &str, head: &str, sentence: &str, rest: &str) -> String {
    let (css, head, sentence) = (escaped(css), escaped(head), escaped(sentence));
    format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"/>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\"/>\
         <meta name=\"color-scheme\" content=\"light dark\"/><title>{head} \u{2013} InterviewOS</title>\
         <link rel=\"stylesheet\" href=\"{css}\"/></head><body>\
         <header class=\"bar\"><a class=\"bar-name\" href=\"/\">InterviewOS</a><div class=\"bar-right\"></div></header>\
         <main id=\"main\" class=\"text\"><h1>{head}</h1><p>{sentence}</p>{rest}</main></body></html>\n"
    )
}

/// Text as it stands in an attribute or between elements.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_whole_and_never_too_few() {
        let of = |ms| seconds(Duration::from_millis(ms));
        assert_eq!([of(0), of(1), of(250), of(1_000), of(1_001), of(59_999)], [0, 1, 1, 1, 2, 60]);
    }

    #[test]
    fn nothing_that_was_sent_becomes_markup() {
        assert_eq!(escaped("a \"b\" <c> &d\r\n'e'"), "a &quot;b&quot; &lt;c&gt; &amp;d&#13;\n'e'");
    }
}
