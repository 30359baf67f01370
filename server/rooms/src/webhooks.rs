//! Webhooks: events posted in LiveKit's format, signed so that the receiver can verify the sender.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use livekit_protocol::WebhookEvent;
use livekit_token::AccessToken;
use sha2::{Digest as _, Sha256};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use crate::actor::moment;
use crate::config::{Secret, Webhook};
use crate::ids::Ids;
use crate::room::RoomLifecycleEvent;
use crate::token::sign;

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The waits before each retry; then the event is dropped.
const AGAIN: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// How long a signature is valid.
const GOOD_FOR: Duration = Duration::from_secs(300);
/// When the server stops, the remaining events must be posted within this.
const LAST: Duration = Duration::from_secs(3);

/// An event in LiveKit's format.
pub(crate) fn wire(event: RoomLifecycleEvent, id: String, unix_ms: i64) -> WebhookEvent {
    let (name, room, participant, track) = match event {
        RoomLifecycleEvent::RoomStarted(room) => ("room_started", room, None, None),
        RoomLifecycleEvent::RoomFinished(room) => ("room_finished", room, None, None),
        RoomLifecycleEvent::ParticipantJoined(room, participant) => {
            ("participant_joined", room, Some(participant), None)
        }
        RoomLifecycleEvent::ParticipantLeft(room, participant) => {
            ("participant_left", room, Some(participant), None)
        }
        RoomLifecycleEvent::ParticipantAborted(room, participant) => {
            ("participant_connection_aborted", room, Some(participant), None)
        }
        RoomLifecycleEvent::TrackPublished(room, participant, track) => {
            ("track_published", room, Some(participant), Some(track))
        }
        RoomLifecycleEvent::TrackUnpublished(room, participant, track) => {
            ("track_unpublished", room, Some(participant), Some(track))
        }
    };
    WebhookEvent {
        event: name.into(),
        id,
        created_at: unix_ms / 1000,
        room: Some(room),
        participant,
        track,
        ..WebhookEvent::default()
    }
}

/// The token for a body: it carries the body's digest.
fn signature(key: &str, secret: &Secret, body: &str) -> Option<String> {
    let digest = STANDARD.encode(Sha256::digest(body.as_bytes()));
    let token = AccessToken::with_api_key(key, secret.expose()).with_ttl(GOOD_FOR).with_sha256(&digest);
    sign(token, secret.expose())
}

/// Posts events in order until cancelled, then those that are left.
pub(crate) async fn deliver(
    webhook: Webhook,
    secret: Secret,
    mut events: Receiver<RoomLifecycleEvent>,
    stop: CancellationToken,
) {
    let Ok(client) = reqwest::Client::builder().timeout(PATIENCE).build() else {
        tracing::error!("webhooks cannot be sent: no HTTP client could be made");
        return;
    };
    let mut ids = Ids::random();
    loop {
        let event = tokio::select! {
            biased;
            event = events.recv() => event,
            () = stop.cancelled() => break,
        };
        match event {
            Ok(event) => post(&client, &webhook, &secret, event, &mut ids, &stop).await,
            Err(RecvError::Lagged(count)) => {
                tracing::warn!(count, "events were lost: a webhook's receiver is slow")
            }
            Err(RecvError::Closed) => return,
        }
    }
    let rest = async {
        while let Ok(event) = events.try_recv() {
            post(&client, &webhook, &secret, event, &mut ids, &stop).await;
        }
    };
    drop(tokio::time::timeout(LAST, rest).await);
}

async fn post(
    client: &reqwest::Client,
    webhook: &Webhook,
    secret: &Secret,
    event: RoomLifecycleEvent,
    ids: &mut Ids,
    stop: &CancellationToken,
) {
    let event = wire(event, ids.sid("EV_"), moment().unix_ms);
    let Ok(body) = serde_json::to_string(&event) else { return };
    let Some(token) = signature(&webhook.key, secret, &body) else { return };
    for wait in AGAIN.map(Some).into_iter().chain([None]) {
        let request = client
            .post(&webhook.url)
            .header(AUTHORIZATION, &token)
            .header(CONTENT_TYPE, "application/webhook+json")
            .body(body.clone());
        match request.send().await {
            Ok(response) if response.status().is_success() => return,
            Ok(response) => tracing::debug!(status = response.status().as_u16(), "a webhook was not taken"),
            Err(error) => tracing::debug!(error = %error.without_url(), "a webhook was not delivered"),
        }
        // A stopping server does not wait for an unreachable receiver.
        let Some(wait) = wait.filter(|_| !stop.is_cancelled()) else { break };
        tokio::time::sleep(wait).await;
    }
    tracing::warn!(event = event.event, "a webhook was given up");
}

#[cfg(test)]
mod tests {
    use livekit_token::TokenVerifier;

    use super::*;

    #[test]
    fn the_signature_carries_the_digest_of_the_body() {
        let room = livekit_protocol::Room { name: "hall".into(), ..Default::default() };
        let event = wire(RoomLifecycleEvent::RoomStarted(room), "EV_1".into(), 5_000);
        assert_eq!((event.event.as_str(), event.created_at), ("room_started", 5));
        let body = serde_json::to_string(&event).expect("JSON");
        let secret = Secret::new("a secret for tests, long enough to sign with");
        let token = signature("key", &secret, &body).expect("a token");
        let claims = TokenVerifier::with_api_key("key", secret.expose()).verify(&token).expect("it is ours");
        assert_eq!(STANDARD.decode(claims.sha256).expect("base64"), Sha256::digest(body.as_bytes()).to_vec());
    }
}
