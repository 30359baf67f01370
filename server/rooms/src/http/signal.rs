//! Signalling over WebSockets.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION};
use http::{HeaderMap, StatusCode};
use livekit_protocol::signal_response::Message;
use livekit_protocol::{DisconnectReason, LeaveRequest, SignalRequest, SignalResponse, leave_request};
use prost::Message as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use crate::actor::{ArrivalRefusal, SignalFrame, SignalOutbox};
use crate::bucket::Bucket;
use crate::hub::{AdmittedConnection, Rooms};
use crate::join::{Arrival, RtcQuery, arrival};
use crate::token::{LiveKitRefusal, authenticate, entry};

/// A client pings every five seconds. One that is silent for this long counts as gone.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a client may take to read one message, and to close.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often a client gets a fresh token, so that it can come back after the first has expired.
const RENEWAL: Duration = Duration::from_secs(300);
/// How long a client may take to close when the server stops.
const LAST: Duration = Duration::from_millis(300);
/// For every so many bytes a message counts once more against the rate.
const LONG: usize = 4_096;
/// The answer to a token whose room may no longer be entered.
const CLOSED: &str = "requested room does not exist";
/// How many messages are still read from a client whose connection is closing.
const UNREAD: usize = 64;

type RtcRequestParts = (State<Rooms>, Query<RtcQuery>, HeaderMap);
type UpgradeResult = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

pub(super) async fn older(parts: RtcRequestParts, upgrade: UpgradeResult) -> Response {
    serve(parts, upgrade, false).await
}

pub(super) async fn newer(parts: RtcRequestParts, upgrade: UpgradeResult) -> Response {
    serve(parts, upgrade, true).await
}

pub(super) async fn older_validate(parts: RtcRequestParts) -> Response {
    validate(parts, false).await
}

pub(super) async fn newer_validate(parts: RtcRequestParts) -> Response {
    validate(parts, true).await
}

impl IntoResponse for LiveKitRefusal {
    fn into_response(self) -> Response {
        (self.status, self.message).into_response()
    }
}

/// A browser cannot see why a WebSocket was refused, so its SDK asks here.
async fn validate((State(rooms), Query(query), headers): RtcRequestParts, v1: bool) -> Response {
    let result = allowed(&rooms, &query, &headers, v1).await;
    let answer = result.map_or_else(IntoResponse::into_response, |_| "success".into_response());
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], answer).into_response()
}

async fn allowed(
    rooms: &Rooms,
    query: &RtcQuery,
    headers: &HeaderMap,
    v1: bool,
) -> Result<Arrival, LiveKitRefusal> {
    let config = &rooms.0.config;
    let header = headers.get(AUTHORIZATION).map(|header| header.to_str().unwrap_or_default());
    let claims = authenticate(&config.keys, header, query.access_token.as_deref())?;
    let arrival = arrival(query, entry(claims, config.limits.name)?, v1, &config.limits)?;
    if let Some(gate) = &config.gate
        && !gate.is_open(&arrival.room).await
    {
        return Err(LiveKitRefusal::new(StatusCode::NOT_FOUND, CLOSED));
    }
    Ok(arrival)
}

async fn serve(
    (State(rooms), Query(query), headers): RtcRequestParts,
    upgrade: UpgradeResult,
    v1: bool,
) -> Response {
    // Requests other than WebSocket upgrades find nothing here.
    let Ok(upgrade) = upgrade else { return StatusCode::NOT_FOUND.into_response() };
    let arrival = match allowed(&rooms, &query, &headers, v1).await {
        Ok(arrival) => arrival,
        Err(refusal) => return refusal.into_response(),
    };
    let Ok(permit) = rooms.0.connections.clone().try_acquire_owned() else {
        let message = "node has exceeded its configured limit";
        return LiveKitRefusal::new(StatusCode::SERVICE_UNAVAILABLE, message).into_response();
    };
    let limit = rooms.0.config.limits.message;
    let tasks = rooms.0.tasks.clone();
    upgrade.max_message_size(limit).max_frame_size(limit).on_upgrade(move |socket| {
        tasks.track_future(async move {
            connection(rooms, socket, arrival).await;
            drop(permit);
        })
    })
}

/// Serves one connection from its first message to its closing.
async fn connection(rooms: Rooms, mut socket: WebSocket, arrival: Arrival) {
    let (outbox, mut lines) = SignalOutbox::new(&rooms.0.config.limits);
    match rooms.0.arrive(arrival, outbox).await {
        Ok(seat) => {
            if talk(&rooms, &mut socket, &mut lines, &seat).await.is_err() {
                seat.lost().await;
                return;
            }
            seat.lost().await;
        }
        Err(declined) => {
            let response = SignalResponse { message: Some(Message::Leave(leave(declined))) };
            if send(&mut socket, Frame::binary(response.encode_to_vec())).await.is_err() {
                return;
            }
        }
    }
    close(socket, &rooms.0.stop).await;
}

fn leave(declined: ArrivalRefusal) -> LeaveRequest {
    let (reason, action) = match declined {
        ArrivalRefusal::Unknown => (DisconnectReason::StateMismatch, leave_request::Action::Reconnect),
        ArrivalRefusal::Join(_) => (DisconnectReason::JoinFailure, leave_request::Action::Disconnect),
    };
    LeaveRequest {
        can_reconnect: action == leave_request::Action::Reconnect,
        reason: reason.into(),
        action: action.into(),
        regions: None,
    }
}

/// The connection is broken; a closing handshake would be useless.
struct BrokenSocket;

/// Passes messages both ways until either side is done.
async fn talk(
    rooms: &Rooms,
    socket: &mut WebSocket,
    lines: &mut mpsc::Receiver<SignalFrame>,
    seat: &AdmittedConnection,
) -> Result<(), BrokenSocket> {
    let rate = rooms.0.config.limits.messages_per_second;
    let mut bucket = Bucket::new(Instant::now().into_std(), rate, rate.saturating_mul(10));
    let mut heard = Instant::now();
    let mut renewal = tokio::time::interval(RENEWAL);
    loop {
        tokio::select! {
            _ = renewal.tick() => {
                if !rooms.0.renew(seat).await {
                    return Ok(());
                }
            }
            line = lines.recv() => match line {
                Some(SignalFrame::Message(bytes, _room)) => {
                    if send(socket, Frame::binary(bytes)).await.is_err() {
                        last_words(socket, seat).await;
                        return Err(BrokenSocket);
                    }
                }
                Some(SignalFrame::Close) | None => return Ok(()),
            },
            frame = socket.recv() => {
                heard = Instant::now();
                let bytes = match frame {
                    Some(Ok(Frame::Binary(bytes))) => bytes,
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Text(_))) => continue,
                    Some(Ok(Frame::Close(_))) => return Ok(()),
                    Some(Err(_)) | None => return Err(BrokenSocket),
                };
                let cost = u32::try_from(1 + bytes.len() / LONG).unwrap_or(u32::MAX);
                if !bucket.take_many(heard.into_std(), cost) {
                    tracing::debug!("a signalling connection is closed: it says too much");
                    return Ok(());
                }
                if !take(seat, &bytes).await {
                    return Ok(());
                }
            }
            () = tokio::time::sleep_until(heard + SILENCE) => return Err(BrokenSocket),
        }
    }
}

/// Performs a client's request. False once it is out of the room. Unreadable messages are skipped: a newer client may
/// use some that this server does not know.
async fn take(seat: &AdmittedConnection, bytes: &[u8]) -> bool {
    match SignalRequest::decode(bytes) {
        Ok(SignalRequest { message: Some(request) }) => seat.request(request).await,
        Ok(SignalRequest { message: None }) | Err(_) => true,
    }
}

/// Reads what a client sent before it hung up, usually that it leaves. Nothing can be sent to it any more, but its
/// messages have arrived.
async fn last_words(socket: &mut WebSocket, seat: &AdmittedConnection) {
    for _ in 0..UNREAD {
        match timeout(LAST, socket.recv()).await {
            Ok(Some(Ok(Frame::Binary(bytes)))) => {
                if !take(seat, &bytes).await {
                    return;
                }
            }
            Ok(Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Text(_)))) => {}
            Ok(Some(Ok(Frame::Close(_)) | Err(_)) | None) | Err(_) => return,
        }
    }
}

async fn send(socket: &mut WebSocket, frame: Frame) -> Result<(), BrokenSocket> {
    match timeout(PATIENCE, socket.send(frame)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(BrokenSocket),
    }
}

/// Closes with a handshake, without which a browser reports an error. If the client began it, reading on sends the
/// reply. A stopping server does not wait for long.
async fn close(mut socket: WebSocket, stop: &CancellationToken) {
    let handshake = async {
        let frame = CloseFrame { code: close_code::NORMAL, reason: "".into() };
        drop(send(&mut socket, Frame::Close(Some(frame))).await);
        let mut left = UNREAD;
        while left > 0 && matches!(socket.recv().await, Some(Ok(_))) {
            left -= 1;
        }
    };
    let stopped = async {
        stop.cancelled().await;
        tokio::time::sleep(LAST).await;
    };
    tokio::select! {
        _ = timeout(PATIENCE, handshake) => {}
        () = stopped => {}
    }
}
