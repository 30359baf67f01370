//! The pages of `app` and its server functions.

use std::sync::LazyLock;

use app::context::AppContext;
use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use engine::Owner;
use http::request::Parts;
use http::{Method, StatusCode};
use leptos::config::LeptosOptions;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes as _, generate_route_list, handle_server_fns_with_context,
    render_app_to_stream_with_context,
};

use crate::engine_api::error::Code;
use crate::guard::{cookies, origin, rate, refuse, size, visitor};
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
            .layer(from_fn(size::limit))
            .layer(from_fn_with_state(wired.clone(), cookies::need))
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
