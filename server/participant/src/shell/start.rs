//! Joining: sockets, signalling, the first offer, until media can flow.

use tokio::sync::{mpsc, oneshot};

use super::driver::{Driver, Handlers, now};
use super::signalling;
use super::sockets::MediaSockets;
use crate::events::RoomClientEvent;
use crate::options::{RoomClientError, RoomOptions};
use crate::session::{Session, SessionCommand};

/// Joins a room and starts its driver.
pub async fn start(
    url: &str,
    token: &str,
    options: RoomOptions,
    events: mpsc::Sender<RoomClientEvent>,
    commands: (mpsc::WeakSender<SessionCommand>, mpsc::Receiver<SessionCommand>),
    handlers: Handlers,
) -> Result<StartedRoom, RoomClientError> {
    let within = tokio::time::Instant::now() + options.join_timeout;
    let joining = async {
        let (sockets, datagrams) = MediaSockets::open(&authority(url)?, &options)
            .await
            .map_err(|error| RoomClientError::Join(error.to_string()))?;
        let (session, offer) = Session::new(now(), sockets.addresses(), options.auto_subscribe_audio);
        let session = Box::new(session);
        let joined = signalling::join(url, token, &options, offer).await;
        let joined = joined.map_err(|error| signalling::explain(&error, token))?;
        Ok((sockets, datagrams, session, joined))
    };
    let joined = tokio::time::timeout_at(within, joining).await.map_err(|_| RoomClientError::Timeout)?;
    let (sockets, datagrams, mut session, joined) = joined?;
    let single = joined.signalling.client.is_single_pc_mode_active();
    let room = joined.join.room.clone().unwrap_or_default();
    let server = joined.join.server_info.clone().unwrap_or_default();
    session.joined(now(), *joined.join, single);
    let identity = session.identity().to_owned();
    let (answers, commands) = commands;
    let driver = Driver {
        url: url.to_owned(),
        options,
        session,
        signalling: joined.signalling,
        signals: joined.events,
        sockets,
        datagrams,
        commands,
        answers,
        events,
        handlers,
        token: None,
    };
    let (up, is_up) = oneshot::channel();
    // It leaves by itself once nobody holds the room, for example if this fails.
    tokio::spawn(driver.run(up));
    match tokio::time::timeout_at(within, is_up).await {
        Ok(Ok(())) => {
            Ok(StartedRoom { identity, room: room.name, sid: room.sid, server: server.version, single })
        }
        Ok(Err(_)) => Err(RoomClientError::Join("the connection was lost again".to_owned())),
        Err(_) => {
            Err(RoomClientError::Join("media cannot reach the server: is its UDP port open?".to_owned()))
        }
    }
}

/// A joined room.
pub struct StartedRoom {
    pub identity: String,
    pub room: String,
    pub sid: String,
    pub server: String,
    pub single: bool,
}

/// Host and port of a URL.
fn authority(url: &str) -> Result<String, RoomClientError> {
    let parsed: http::Uri =
        url.parse().map_err(|_| RoomClientError::Join("the URL cannot be read".to_owned()))?;
    let host = parsed.host().ok_or_else(|| RoomClientError::Join("the URL names no host".to_owned()))?;
    let secure = matches!(parsed.scheme_str(), Some("wss" | "https"));
    let port = parsed.port_u16().unwrap_or(if secure { 443 } else { 80 });
    Ok(format!("{host}:{port}"))
}
