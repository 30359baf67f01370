//! The pages of `app` and its server functions.

use std::sync::LazyLock;

use app::AppError;
use app::context::AppContext;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use engine::Owner;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use leptos::config::LeptosOptions;
use leptos::prelude::{provide_context, use_context};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use leptos_axum::{
    AxumRouteListing, LeptosRoutes as _, generate_route_list, handle_server_fns_with_context,
    render_app_to_stream_with_context,
};
use protocol::engine_api::error::Code;

use crate::request_guard::{cookies, host, origin, rate, refuse, size, visitor};
use crate::wired::Wired;

/// Leptos wants its options at hand; this server needs none of them.
impl FromRef<Wired> for LeptosOptions {
    fn from_ref(_: &Wired) -> Self {
        Self::builder().output_name("interviewos").build()
    }
}

/// The addresses of all pages, listed once for all servers of the process and before the first of them answers: while
/// Leptos makes the list, no page of the process loads anything, and one that is rendered meanwhile never ends.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// The routes of all pages and server functions. What no route takes is shown the page for that.
pub fn router(wired: &Wired) -> Router<Wired> {
    let assets = wired.app.assets.clone();
    let shell = move || app::shell(assets.clone());
    let own = |router: Router<Wired>| {
        router
            .layer(from_fn_with_state(wired.clone(), failed_calls))
            .layer(from_fn(size::limit))
            .layer(from_fn_with_state(wired.clone(), cookies::require_cookies))
            .layer(from_fn_with_state(wired.clone(), visitor::identify))
            .layer(from_fn_with_state(wired.clone(), rate::limit))
            .layer(from_fn_with_state(wired.clone(), origin::check))
    };
    own(Router::new()
        .leptos_routes_with_context(wired, PAGES.clone(), provide(wired.app.clone()), shell)
        .route("/api/{*function}", axum::routing::any(server_function))
        .fallback(not_found))
}

/// What pages and server functions find in their context.
fn provide(app: AppContext) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(app.clone());
        if let Some(owner) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Owner>().cloned())
        {
            provide_context(owner);
        }
    }
}

async fn server_function(State(wired): State<Wired>, request: Request) -> Response {
    handle_server_fns_with_context(provide(wired.app), request).await.into_response()
}

/// What Leptos makes of calls that fail, as it is meant here.
async fn failed_calls(State(wired): State<Wired>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let host = host(request.headers(), wired.way).map(str::to_owned);
    keep_redirect_local(malformed(next.run(request).await).await, host.as_deref())
}

/// Most bytes of an error.
const ERROR_BYTES: usize = 4_096;

/// What cannot be read is the caller's fault: 400, where Leptos says 500.
async fn malformed(response: Response) -> Response {
    let failed = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    if !failed || !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ERROR_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if matches!(serde_json::from_slice(&bytes), Ok(AppError::Invalid(_))) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Leptos sends a form that failed back to where its `Referer` says it came from; only our own pages are meant.
fn keep_redirect_local(mut response: Response, host: Option<&str>) -> Response {
    let Some(location) = response.headers().get(header::LOCATION) else { return response };
    let own = location.to_str().ok().and_then(|location| own_path(location, host));
    let own = own.and_then(|path| HeaderValue::try_from(path).ok());
    response.headers_mut().insert(header::LOCATION, own.unwrap_or(HeaderValue::from_static("/")));
    response
}

/// The path of an address of this server, with what follows it.
fn own_path(location: &str, host: Option<&str>) -> Option<String> {
    let path = match location.split_once("://") {
        Some(("http" | "https", rest)) => {
            let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            host.filter(|host| rest[..at].eq_ignore_ascii_case(host))?;
            if rest[at..].starts_with('/') { rest[at..].to_owned() } else { format!("/{}", &rest[at..]) }
        }
        Some(_) => return None,
        None => location.to_owned(),
    };
    // Browsers read `//host` and `/\\host` as another site.
    let own = path.starts_with('/') && !path[1..].starts_with(['/', '\\']);
    own.then_some(path)
}

async fn not_found(State(wired): State<Wired>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || request.uri().path_and_query().is_none() {
        return refuse(&path, StatusCode::NOT_FOUND, Code::NotFound, "There is no such address.");
    }
    let assets = wired.app.assets.clone();
    let render = render_app_to_stream_with_context(provide(wired.app), move || app::shell(assets.clone()));
    let mut response = render(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_our_own_paths_are_gone_back_to() {
        let own = |location: &str| own_path(location, Some("h:3000"));
        for (location, path) in [
            ("/interview/1?a=b#now", "/interview/1?a=b#now"),
            ("http://h:3000/interview/1?__err=x", "/interview/1?__err=x"),
            ("https://H:3000?x", "/?x"),
            ("http://h:3000", "/"),
        ] {
            assert_eq!(own(location).as_deref(), Some(path), "{location}");
        }
        for foreign in [
            "https://evil.example/",
            "http://h:3000.evil.example/",
            "http://h:3000@evil.example/",
            "//evil.example",
            "/\\evil.example",
            "http://h:3000//evil.example",
            "javascript://h:3000/%0aalert(1)",
            "evil.example",
            "",
        ] {
            assert_eq!(own(foreign), None, "{foreign}");
        }
        assert_eq!(own_path("http://h/", None), None);
    }
}
