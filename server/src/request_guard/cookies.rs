//! No interview is made for a browser that could not find it again: one that keeps no cookies for this page.

use app::AppError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{Method, header};
use leptos::server_fn::error::FromServerFnError as _;

use super::too_many;
use crate::wired::Wired;

/// What makes interviews.
const STARTS: &str = "/api/start_interview";

/// Refuses to begin an interview for a browser that sends no cookie at all, although every page has given it one. What
/// was typed comes back with a button that sends it again.
pub async fn require_cookies(State(wired): State<Wired>, request: Request, next: Next) -> Response {
    let starts = *request.method() == Method::POST && request.uri().path() == STARTS;
    if !starts || request.headers().contains_key(header::COOKIE) {
        return next.run(request).await;
    }
    let error = AppError::NoCookies;
    let status = error.status();
    if too_many::accepts_html(request.headers()) {
        let sentence = error.to_string();
        return (status, too_many::resend_page(&wired, "Cookies are blocked.", &sentence, request).await)
            .into_response();
    }
    (status, [(header::CONTENT_TYPE, "application/json")], error.ser()).into_response()
}
