//! Nobody asks so often that others have to wait.
//!
//! Pages, server functions, event streams and exports count for the browser (if a valid cookie says which: one
//! thrown away gains nothing) and for the address. The engine API counts for its secret once that was found
//! right; wrong ones count for the address. Files, health and metrics never count.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use engine::Owner;
use http::{Extensions, HeaderMap};
use tokio::sync::Semaphore;

use super::address::{Addresses, ClientAddress};
use super::buckets::Buckets;
use super::shares::EventStreamPlaces;
use super::{too_many, visitor};
use crate::settings::ServerSettings;
use crate::wired::Wired;

/// Most wrong secrets from one address in a minute: a secret cannot be guessed at speed.
pub const WRONG_SECRETS: u32 = 60;
/// Most forms that are shown again at a time because they came too early; each may be as large as a CV.
const MOST_SHOWN_AGAIN: usize = 16;

/// What the guards remember of who asks how often.
pub struct RequestLimiter {
    /// Finds addresses of clients.
    pub addresses: Addresses,
    /// The places of event streams.
    pub streams: EventStreamPlaces,
    /// For forms that are shown again because they came too early.
    pub(super) shown_again: Semaphore,
    browser: Buckets<Owner>,
    address: Buckets<ClientAddress>,
    secret: Buckets<()>,
    wrong: Buckets<ClientAddress>,
}

impl RequestLimiter {
    /// As the settings say.
    pub fn new(settings: &ServerSettings) -> Self {
        Self {
            addresses: Addresses::new(settings.address_header.as_deref()),
            streams: EventStreamPlaces::new(settings.max_streams),
            shown_again: Semaphore::new(MOST_SHOWN_AGAIN),
            browser: Buckets::new(settings.browser_rate),
            address: Buckets::new(settings.address_rate),
            secret: Buckets::new(settings.engine_rate),
            wrong: Buckets::new(settings.address_rate.min(WRONG_SECRETS)),
        }
    }

    /// Counts a request of a browser. `Err`: how long until one would be taken. A browser that asks too often
    /// takes nothing from others at its address.
    fn page(&self, browser: Option<Owner>, address: ClientAddress) -> Result<(), Duration> {
        if let Some(browser) = browser {
            self.browser.take(browser)?;
        }
        self.address.take(address)
    }

    /// Counts a request with a secret that `is_right` looks at, unless there were too many wrong ones from
    /// there: then not even a right one is told apart. `Ok`: whether it was right.
    pub fn secret(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
        is_right: impl FnOnce() -> bool,
    ) -> Result<bool, Duration> {
        let address = self.addresses.of(headers, extensions);
        self.wrong.check(&address)?;
        let right = is_right();
        if right {
            self.secret.take(())?
        } else {
            self.wrong.take(address)?
        }
        Ok(right)
    }
}

/// Lets a request through, or says when to come again.
pub async fn limit(State(wired): State<Wired>, request: Request, next: Next) -> Response {
    let browser = visitor::owner_from_cookie(request.headers(), &wired);
    let address = wired.limits.addresses.of(request.headers(), request.extensions());
    match wired.limits.page(browser, address) {
        Ok(()) => next.run(request).await,
        Err(wait) => too_many::refuse(&wired, request, wait).await,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn at(address: &str) -> ClientAddress {
        address.parse::<IpAddr>().unwrap().into()
    }

    fn browser(n: usize) -> Option<Owner> {
        Some(Owner(n.to_string()))
    }

    fn taken(tries: usize, mut take: impl FnMut() -> Result<(), Duration>) -> usize {
        (0..tries).filter(|_| take().is_ok()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn a_browser_that_floods_takes_nothing_from_its_neighbours() {
        let settings = ServerSettings { browser_rate: 40, address_rate: 200, ..ServerSettings::default() };
        let limits = RequestLimiter::new(&settings);
        assert_eq!(taken(10_000, || limits.page(browser(1), at("192.0.2.1"))), 10);
        assert_eq!(taken(10_000, || limits.page(browser(2), at("192.0.2.1"))), 10);
        // New cookies, or none, count for the address all the same.
        let mut n = 2;
        let mut fresh = || {
            n += 1;
            limits.page(browser(n).filter(|_| n % 2 == 0), at("192.0.2.1"))
        };
        assert_eq!(taken(10_000, &mut fresh), 30);
        assert_eq!(taken(10_000, || limits.page(browser(1), at("192.0.2.2"))), 0, "elsewhere it is the same");
        assert_eq!(taken(10_000, || limits.page(None, at("192.0.2.2"))), 50);
    }

    #[tokio::test(start_paused = true)]
    async fn a_secret_cannot_be_guessed_at_speed() {
        let settings = ServerSettings { engine_rate: 400, ..ServerSettings::default() };
        let limits = RequestLimiter::new(&settings);
        let none = (HeaderMap::new(), Extensions::new());
        let ask = |right: bool| limits.secret(&none.0, &none.1, || right);
        assert_eq!((0..1_000).filter(|_| ask(true) == Ok(true)).count(), 100);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!((0..1_000).filter(|_| ask(false) == Ok(false)).count(), 15);
        let looked_at = std::cell::Cell::new(false);
        let wait = limits.secret(&none.0, &none.1, || {
            looked_at.set(true);
            true
        });
        assert!(wait.is_err() && !looked_at.get(), "a right one among too many guesses is not told apart");
        tokio::time::advance(wait.unwrap_err()).await;
        assert_eq!(ask(true), Ok(true));
        assert_eq!(limits.page(None, IpAddr::from([0, 0, 0, 0]).into()), Ok(()), "pages are another matter");
    }
}
