//! Each browser is known by a signed cookie; its interviews belong to it.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::cookie::{Cookie, SameSite, SignedCookieJar};
use engine::Owner;
use http::{HeaderMap, Method};
use uuid::Uuid;

use super::over_https;
use crate::ids;
use crate::wired::Wired;

/// The name of the cookie.
pub const COOKIE: &str = "interviewos";
/// How long a browser is known after its last visit: the longest that browsers keep.
const MAX_AGE: time::Duration = time::Duration::days(400);

/// Who sends this request, if the cookie says so and was signed here.
pub fn known(headers: &HeaderMap, wired: &Wired) -> Option<Owner> {
    let jar = SignedCookieJar::from_headers(headers, wired.key.clone());
    let id = jar.get(COOKIE)?.value().parse::<Uuid>().ok()?;
    Some(Owner(id.hyphenated().to_string()))
}

/// Gives the request its [`Owner`], and a browser that has none an identity.
pub async fn identify(State(wired): State<Wired>, mut request: Request, next: Next) -> Response {
    let known = known(request.headers(), &wired);
    // A visit to a page makes the cookie last for another while.
    let renew = known.is_none() || *request.method() == Method::GET;
    let owner = known.unwrap_or_else(|| Owner(ids::random().hyphenated().to_string()));
    let secure = over_https(request.headers(), wired.way);
    request.extensions_mut().insert(owner.clone());
    let response = next.run(request).await;
    if !renew {
        return response;
    }
    let mut cookie = Cookie::new(COOKIE, owner.0);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(secure);
    cookie.set_max_age(MAX_AGE);
    (SignedCookieJar::new(wired.key).add(cookie), response).into_response()
}
