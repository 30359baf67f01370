//! Each browser is known by a signed cookie; its interviews belong to it.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::cookie::{Cookie, SameSite, SignedCookieJar};
use engine::Owner;
use http::{HeaderMap, HeaderValue, Method, header};
use uuid::Uuid;

use super::over_https;
use crate::ids;
use crate::wired::Wired;

/// The name of the cookie.
pub const COOKIE: &str = "interviewos";
/// Its name over https: browsers take it from this very host and over https alone, so that nobody else can set it.
pub const HOST_COOKIE: &str = "__Host-interviewos";
/// Most cookies of one name that are looked at.
const MOST: usize = 8;
/// How long a browser is known after its last visit: the longest that browsers keep.
const MAX_AGE: time::Duration = time::Duration::days(400);

/// Who sends this request, if the cookie says so and was signed here.
pub fn owner_from_cookie(headers: &HeaderMap, wired: &Wired) -> Option<Owner> {
    // The one that only this host can have set counts before the older one. Of several of one name the first that was
    // signed here does: browsers send the older first, so that one that somebody else has added later changes nothing.
    [HOST_COOKIE, COOKIE].into_iter().find_map(|name| {
        let sent = values(headers, name).take(MOST);
        sent.filter_map(|value| verify_signed_cookie(name, value, wired)).next()
    })
}

/// What a request sends under this name.
fn values<'h>(headers: &'h HeaderMap, name: &'h str) -> impl Iterator<Item = &'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(known, _)| *known == name).map(|(_, value)| value)
}

/// Whom a cookie names, if it was signed here.
fn verify_signed_cookie(name: &'static str, value: &str, wired: &Wired) -> Option<Owner> {
    let mut one = HeaderMap::new();
    one.insert(header::COOKIE, HeaderValue::from_str(&format!("{name}={value}")).ok()?);
    let id =
        SignedCookieJar::from_headers(&one, wired.key.clone()).get(name)?.value().parse::<Uuid>().ok()?;
    Some(Owner(id.hyphenated().to_string()))
}

/// Gives the request its [`Owner`], and a browser that has none an identity.
pub async fn identify(State(wired): State<Wired>, mut request: Request, next: Next) -> Response {
    let known = owner_from_cookie(request.headers(), &wired);
    // A visit to a page makes the cookie last for another while.
    let renew = known.is_none() || *request.method() == Method::GET;
    let owner = known.unwrap_or_else(|| Owner(ids::random().hyphenated().to_string()));
    let secure = over_https(request.headers(), wired.way);
    request.extensions_mut().insert(owner.clone());
    let response = next.run(request).await;
    if !renew {
        return response;
    }
    let mut cookie = Cookie::new(if secure { HOST_COOKIE } else { COOKIE }, owner.0);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(secure);
    cookie.set_max_age(MAX_AGE);
    (SignedCookieJar::new(wired.key).add(cookie), response).into_response()
}
