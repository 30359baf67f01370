//! Pages and server functions change something only for the page itself, not for another site.

use app::AppError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};
use leptos::server_fn::error::FromServerFnError as _;
use protocol::engine_api::error::Code;

use super::too_many::accepts_html;
use super::{InboundTransport, host, over_https, refuse};
use crate::wired::Wired;

const FOREIGN: &str =
    "This request came from another site and was refused. Please open the page itself and try again there.";
/// For `Origin: null`, where the browser does not say either that the page itself asks.
const HIDDEN: &str = "Your browser hides which page this request came from (Origin: null), so it was refused; nothing \
     you typed is lost: go back. Open the page over HTTPS or at localhost, where browsers say it. Or change what hides it: \
     a Referrer-Policy of \"no-referrer\" that a proxy adds (\"same-origin\" works), or an extension of the browser.";

/// Refuses requests that may change something and do not come from this site.
pub async fn check(State(wired): State<Wired>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if safe || same_origin(request.headers(), wired.way) {
        return next.run(request).await;
    }
    let hidden = request.headers().get(header::ORIGIN).is_some_and(|origin| origin == "null");
    let sentence = if hidden { HIDDEN } else { FOREIGN };
    let path = request.uri().path();
    if path.starts_with("/api/") && !accepts_html(request.headers()) {
        // A page's scripts show what they can read.
        let json = [(header::CONTENT_TYPE, "application/json")];
        return (StatusCode::FORBIDDEN, json, AppError::Invalid(sentence.to_owned()).ser()).into_response();
    }
    refuse(path, StatusCode::FORBIDDEN, Code::Forbidden, sentence)
}

fn same_origin(headers: &HeaderMap, way: InboundTransport) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    // The browser's own word where it gives it; scripts cannot forge either header.
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return false };
    let Some(host) = host(headers, way) else { return false };
    let scheme = if over_https(headers, way) { "https" } else { "http" };
    origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(trusted: bool, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        same_origin(&headers, InboundTransport { proxy: trusted, tls: false })
    }

    #[test]
    fn only_the_sites_own_requests_pass() {
        assert!(same(false, &[("host", "h:3000"), ("origin", "http://h:3000")]));
        assert!(same(false, &[("host", "h:3000"), ("sec-fetch-site", "same-origin")]));
        let tls = InboundTransport { tls: true, proxy: false };
        let over = |scheme: &str| -> HeaderMap {
            let origin = format!("{scheme}://h:3000");
            let pairs = [(header::HOST, "h:3000"), (header::ORIGIN, origin.as_str())];
            pairs.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect()
        };
        assert!(same_origin(&over("https"), tls) && !same_origin(&over("http"), tls));
        assert!(!same(false, &[("host", "h:3000")]), "neither header is no proof");
        assert!(!same(false, &[("host", "h:3000"), ("origin", "http://h:3001")]));
        assert!(!same(false, &[("host", "h:3000"), ("origin", "null")]));
        assert!(!same(
            false,
            &[("host", "h:3000"), ("origin", "http://h:3000"), ("sec-fetch-site", "same-site")]
        ));
        assert!(!same(false, &[("host", "h"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn a_proxy_is_believed_only_if_it_is_trusted() {
        let proxied = [
            ("host", "inside:3000"),
            ("x-forwarded-host", "practise.example"),
            ("x-forwarded-proto", "https"),
            ("origin", "https://practise.example"),
        ];
        assert!(same(true, &proxied));
        assert!(!same(false, &proxied));
    }
}
