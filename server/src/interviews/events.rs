//! `GET /interview/{id}/events`: an interview's changes as server-sent events.
//!
//! `update` (its id is the version it leads to) says what changed since the one before, or since
//! `Last-Event-ID`, or everything; `partial` holds a reply's words so far. There is no queue: a reader that
//! is slow gets what is newest when it can take it, which includes all that it missed. There are so many
//! places: who gets none is told to come back, and its page asks for what changed meanwhile.

use std::convert::Infallible;
use std::time::Duration;

use app::view::{ReplyInProgress, update_since};
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use engine::{Engine, Live, SessionId};
use futures::{Stream, StreamExt as _, stream};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use interview::TurnId;

use super::{BrowserRefusal, find_owned_interview};
use crate::metrics::GaugeGuard;
use crate::request_guard::shares::StreamPlace;
use crate::wired::Wired;

/// How often a quiet stream shows that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follows an interview.
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Result<Response, BrowserRefusal> {
    let (id, owner) = find_owned_interview(&wired, &headers, &id).await?;
    let address = wired.limits.addresses.of(&headers, &extensions);
    let place = wired.limits.streams.take(owner, address).ok_or(BrowserRefusal::Full)?;
    let mut live = wired.engine.follow(id).await?;
    // Whatever is there already is to be told.
    live.partial.mark_changed();
    let seen = headers.get("last-event-id").and_then(|v| v.to_str().ok()?.trim().parse().ok());
    let open = wired.metrics.stream();
    let engine = wired.engine.clone();
    let follower = InterviewEventFollower { engine, id, live, seen, told: None, _place: place, _open: open };
    let events = follower.events().take_until(wired.stop.cancelled_owned());
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather responses would hold the words back.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

struct InterviewEventFollower {
    engine: Engine,
    id: SessionId,
    live: Live,
    /// The version that the reader has; `None` before the first event.
    seen: Option<u64>,
    /// The partial reply that the reader has.
    told: Option<(TurnId, String)>,
    _place: StreamPlace,
    _open: GaugeGuard,
}

impl InterviewEventFollower {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        let first = true;
        stream::unfold((self, first), |(mut follower, first)| async move {
            let event = follower.next(first).await?;
            Some((Ok(event), (follower, false)))
        })
    }

    /// The next event; `None` ends the stream: the interview was deleted, or cannot be read now, in which
    /// case the reader comes back by itself.
    async fn next(&mut self, first: bool) -> Option<Event> {
        let mut look = first;
        loop {
            if look && let Some(event) = self.update(first).await? {
                return Some(event);
            }
            tokio::select! {
                biased;
                changed = self.live.version.changed() => {
                    changed.ok()?;
                    look = true;
                }
                changed = self.live.partial.changed() => {
                    changed.ok()?;
                    look = false;
                    if let Some(event) = self.partial() {
                        return Some(event);
                    }
                }
            }
        }
    }

    /// What changed since the reader's version. At first something is always told, so that the reader knows
    /// that it is connected.
    async fn update(&mut self, first: bool) -> Option<Option<Event>> {
        if *self.live.version.borrow_and_update() == 0 {
            return None;
        }
        let snapshot = self.engine.snapshot(self.id).await.ok()?;
        // A version that never was (of another database, say) means that the reader knows nothing.
        let seen = self.seen.filter(|seen| *seen <= snapshot.version).unwrap_or(0);
        if seen == snapshot.version && !first {
            return Some(None);
        }
        self.seen = Some(snapshot.version);
        let update = update_since(&snapshot, seen);
        Some(Event::default().event("update").id(snapshot.version.to_string()).json_data(update).ok())
    }

    /// The words of a reply so far, if there are some that were not told. That none is being written any more
    /// is told by the `update` that holds the reply.
    fn partial(&mut self) -> Option<Event> {
        let partial = self.live.partial.borrow_and_update().clone();
        if partial == self.told {
            return None;
        }
        self.told = partial;
        let (turn, text) = self.told.clone()?;
        Event::default().event("partial").json_data(ReplyInProgress { turn: turn.0, text }).ok()
    }
}
