//! `/assets/...`: files named by their content, compressed beforehand; and the picture of the tab.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use tower_http::services::ServeDir;

use crate::wired::Wired;

/// The routes of all files.
pub fn router(wired: &Wired) -> Router<Wired> {
    let files = ServeDir::new(&wired.files)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    Router::new()
        .nest_service("/assets", files)
        .layer(from_fn(keep_for_ever))
        .route("/favicon.svg", get(favicon))
        .route("/favicon.ico", get(favicon))
}

/// A file named by its content never changes; what is not there may come.
async fn keep_for_ever(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        return (StatusCode::NOT_FOUND, text, "There is no such file.\n").into_response();
    }
    if matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED) {
        let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

/// The picture of the tab, for those that ask at its customary addresses.
async fn favicon(State(wired): State<Wired>) -> Redirect {
    Redirect::temporary(&wired.app.assets.favicon)
}
