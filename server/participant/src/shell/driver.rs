//! The loop that drives a session: performs its outputs, feeds its inputs, and restores a lost connection.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use livekit_signaling::{SignalError, SignalEvent, SignalEvents};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::signalling::{self, Signalling, SignallingJoin};
use super::sockets::{MediaSockets, SocketDatagram};
use crate::events::{DisconnectReason, RoomClientEvent};
use crate::options::RoomOptions;
use crate::room::comeback::{Attempt, ReconnectAttempts, ReconnectVerdict};
use crate::room::rpc::{RpcError, RpcOutcome};
use crate::session::{Invocation, Output, Session, SessionCommand};

/// How long media may take to flow after a reconnection.
const CONFIRM_WITHIN: Duration = Duration::from_secs(10);

/// A handler of calls: returns the answer.
pub type Handler =
    Arc<dyn Fn(Invocation) -> Pin<Box<dyn Future<Output = RpcOutcome> + Send>> + Send + Sync + 'static>;
/// The handlers, by method.
pub type Handlers = Arc<Mutex<BTreeMap<String, Handler>>>;

enum AttemptResult {
    Resumed(Box<Result<proto::ReconnectResponse, SignalError>>),
    Rejoined(Box<Result<SignallingJoin, SignalError>>),
}

/// The state of the connection.
enum DriverState {
    /// Joined, and waiting for media for the first time.
    Joining(oneshot::Sender<()>),
    Up,
    /// Waiting before an attempt.
    Waiting(ReconnectAttempts, Attempt, Instant),
    /// An attempt is under way.
    Trying(ReconnectAttempts, JoinHandle<AttemptResult>),
    /// The signalling is back; media must follow by this time.
    Confirming(ReconnectAttempts, Attempt, Instant),
}

/// Everything of one room.
pub struct Driver {
    pub url: String,
    pub options: RoomOptions,
    /// Boxed: WebRTC's state is large, and is moved until the driver runs.
    pub session: Box<Session>,
    pub signalling: Signalling,
    pub signals: SignalEvents,
    pub sockets: MediaSockets,
    pub datagrams: mpsc::Receiver<SocketDatagram>,
    pub commands: mpsc::Receiver<SessionCommand>,
    /// For the answers of handlers. Weak, so that a room without handles is left.
    pub answers: mpsc::WeakSender<SessionCommand>,
    pub events: mpsc::Sender<RoomClientEvent>,
    pub handlers: Handlers,
    /// The token to reconnect with instead of the signalling client's: for the room that the server moved us to.
    pub token: Option<String>,
}

/// Tokio's time, which a test can pause.
pub fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Driver {
    /// Runs until we have left. `up` is signalled when media can flow for the first time.
    pub async fn run(mut self, up: oneshot::Sender<()>) {
        let mut link = DriverState::Joining(up);
        let reason = loop {
            self.session.time(now());
            let mut ended = None;
            while let Some(output) = self.session.poll(now()) {
                match output {
                    Output::Signal(request) => self.signalling.send(*request),
                    Output::Transmit(way, from, to, bytes) => self.sockets.send(way, from, to, bytes),
                    Output::Event(event) => self.tell(event),
                    Output::Invoke(invocation) => self.invoke(invocation),
                    Output::MediaUp => link = self.media_up(link),
                    Output::Lost(why) => link = self.handle_connection_lost(link, why),
                    Output::Token(token) => self.token = token,
                    Output::Ended(reason) => ended = Some(reason),
                }
            }
            if let Some(reason) = ended {
                break reason;
            }
            // Timers of the connection state.
            link = match link {
                DriverState::Waiting(comeback, attempt, at) if at <= now() => self.attempt(comeback, attempt),
                DriverState::Confirming(mut comeback, _, by) if by <= now() => {
                    comeback.learn(ReconnectVerdict::Unreachable);
                    match self.schedule_attempt(comeback) {
                        Some(link) => link,
                        None => break DisconnectReason::ConnectionLost,
                    }
                }
                DriverState::Joining(_)
                | DriverState::Up
                | DriverState::Waiting(..)
                | DriverState::Trying(..)
                | DriverState::Confirming(..) => link,
            };
            let own = match &link {
                DriverState::Waiting(_, _, at) | DriverState::Confirming(_, _, at) => Some(*at),
                DriverState::Joining(_) | DriverState::Up | DriverState::Trying(..) => None,
            };
            let deadline = self.session.deadline().into_iter().chain(own).min();
            let wake = deadline.unwrap_or_else(|| now() + Duration::from_secs(1));
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(SessionCommand::Leave(done)) => {
                        self.leave().await;
                        let _unheard = done.send(());
                        return;
                    }
                    Some(command) => self.session.command(now(), command),
                    None => return self.leave().await,
                },
                Some((way, from, to, bytes)) = self.datagrams.recv() => {
                    self.session.datagram(now(), way, from, to, &bytes);
                }
                event = self.signals.recv(), if !matches!(link, DriverState::Trying(..)) => match event {
                    Some(SignalEvent::Message(message)) => self.session.handle_signal(now(), *message),
                    Some(SignalEvent::Close(_)) | None => match self.closed(link).await {
                        Some(next) => link = next,
                        None => break DisconnectReason::ConnectionLost,
                    },
                },
                tried = attempt_of(&mut link) => match self.finish_attempt(link, tried) {
                    Some(next) => link = next,
                    None => break DisconnectReason::ConnectionLost,
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        };
        self.tell(RoomClientEvent::Disconnected(reason));
        self.signalling.close().await;
    }

    fn tell(&self, event: RoomClientEvent) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.events.try_send(event) {
            tracing::warn!("an event of the room was dropped: too many wait to be read");
        }
    }

    fn invoke(&self, invocation: Invocation) {
        let handlers = self.handlers.lock().unwrap_or_else(PoisonError::into_inner);
        let handler = handlers.get(&invocation.method).cloned();
        let answers = self.answers.clone();
        tokio::spawn(async move {
            let (caller, id, within) = (invocation.caller.clone(), invocation.id.clone(), invocation.within);
            let outcome = match handler {
                Some(handler) => tokio::time::timeout(within, handler(invocation))
                    .await
                    .unwrap_or_else(|_| Err(RpcError::response_timeout())),
                None => Err(RpcError::unsupported_method()),
            };
            if let Some(answers) = answers.upgrade() {
                let _gone = answers.send(SessionCommand::Answer(caller, id, outcome)).await;
            }
        });
    }

    fn media_up(&mut self, link: DriverState) -> DriverState {
        match link {
            DriverState::Joining(up) => {
                let _unheard = up.send(());
                DriverState::Up
            }
            DriverState::Confirming(_, attempt, _) => {
                // In a task of its own: it sends what was held back, and media must not wait for that.
                let client = Arc::clone(&self.signalling.client);
                tokio::spawn(async move { client.set_reconnected().await });
                self.tell(RoomClientEvent::Reconnected(attempt == Attempt::Resume));
                DriverState::Up
            }
            DriverState::Up | DriverState::Waiting(..) | DriverState::Trying(..) => link,
        }
    }

    /// The session or the server reports that the connection is lost.
    fn handle_connection_lost(&mut self, link: DriverState, why: ReconnectVerdict) -> DriverState {
        match link {
            DriverState::Up => {
                self.tell(RoomClientEvent::Reconnecting);
                let mut comeback = ReconnectAttempts::new(why);
                if self.token.is_some() {
                    // The signalling client would resume with its own token.
                    comeback.learn(ReconnectVerdict::Stale);
                }
                self.wait(comeback)
            }
            DriverState::Confirming(mut comeback, ..) | DriverState::Waiting(mut comeback, ..) => {
                comeback.learn(why);
                self.wait(comeback)
            }
            // A join or an attempt under way ends by itself.
            DriverState::Joining(_) | DriverState::Trying(..) => link,
        }
    }

    fn wait(&mut self, comeback: ReconnectAttempts) -> DriverState {
        // With nothing left to try, this state gives up at its next step.
        self.schedule_attempt(comeback)
            .unwrap_or_else(|| DriverState::Confirming(exhausted(), Attempt::Rejoin, now()))
    }

    fn schedule_attempt(&mut self, mut comeback: ReconnectAttempts) -> Option<DriverState> {
        let (wait, attempt) = comeback.next_attempt()?;
        Some(DriverState::Waiting(comeback, attempt, now() + wait))
    }

    fn attempt(&mut self, comeback: ReconnectAttempts, attempt: Attempt) -> DriverState {
        let client = Arc::clone(&self.signalling.client);
        let task = match attempt {
            Attempt::Resume => tokio::spawn(async move {
                AttemptResult::Resumed(Box::new(
                    client.restart(proto::ReconnectReason::RrSignalDisconnected).await,
                ))
            }),
            Attempt::Rejoin => {
                let offer = self.session.begin_again(now());
                let token = self.token.clone().unwrap_or_else(|| client.token());
                let (url, options) = (self.url.clone(), self.options.clone());
                tokio::spawn(async move {
                    client.close().await;
                    AttemptResult::Rejoined(Box::new(signalling::join(&url, &token, &options, offer).await))
                })
            }
        };
        DriverState::Trying(comeback, task)
    }

    /// An attempt ended. `None`: give up.
    fn finish_attempt(&mut self, link: DriverState, tried: AttemptResult) -> Option<DriverState> {
        let DriverState::Trying(mut comeback, _) = link else { return Some(link) };
        let error = match tried {
            AttemptResult::Resumed(response) => match *response {
                Ok(response) => {
                    // Left over from the lost connection: its end, and perhaps some messages.
                    while let Ok(event) = self.signals.try_recv() {
                        if let SignalEvent::Message(message) = event {
                            self.session.handle_signal(now(), *message);
                        }
                    }
                    self.session.resume(&response);
                    return Some(DriverState::Confirming(comeback, Attempt::Resume, now() + CONFIRM_WITHIN));
                }
                Err(error) => error,
            },
            AttemptResult::Rejoined(joined) => match *joined {
                Ok(joined) => {
                    let single = joined.signalling.client.is_single_pc_mode_active();
                    let old = std::mem::replace(&mut self.signalling, joined.signalling);
                    tokio::spawn(old.close());
                    self.signals = joined.events;
                    self.session.joined(now(), *joined.join, single);
                    return Some(DriverState::Confirming(comeback, Attempt::Rejoin, now() + CONFIRM_WITHIN));
                }
                Err(error) => error,
            },
        };
        tracing::debug!(%error, "an attempt to come back failed");
        comeback.learn(signalling::verdict(&error));
        self.schedule_attempt(comeback)
    }

    /// The signalling connection ended. `None`: give up.
    async fn closed(&mut self, link: DriverState) -> Option<DriverState> {
        match link {
            // The end of a connection that has been replaced already.
            DriverState::Confirming(..) if self.signalling.client.is_connected().await => Some(link),
            DriverState::Waiting(..) | DriverState::Trying(..) => Some(link),
            DriverState::Confirming(mut comeback, ..) => {
                comeback.learn(ReconnectVerdict::Unreachable);
                self.schedule_attempt(comeback)
            }
            DriverState::Up => Some(self.handle_connection_lost(link, ReconnectVerdict::Unreachable)),
            DriverState::Joining(_) => None,
        }
    }

    async fn leave(mut self) {
        self.session.leave();
        while let Some(output) = self.session.poll(now()) {
            match output {
                Output::Signal(request) => self.signalling.send(*request),
                Output::Transmit(way, from, to, bytes) => self.sockets.send(way, from, to, bytes),
                Output::Event(_)
                | Output::Invoke(_)
                | Output::MediaUp
                | Output::Token(_)
                | Output::Lost(_)
                | Output::Ended(_) => {}
            }
        }
        self.tell(RoomClientEvent::Disconnected(DisconnectReason::ClientInitiated));
        self.signalling.close().await;
    }
}

/// A reconnection with nothing left to try.
fn exhausted() -> ReconnectAttempts {
    ReconnectAttempts::new(ReconnectVerdict::Refused)
}

async fn attempt_of(link: &mut DriverState) -> AttemptResult {
    match link {
        DriverState::Trying(_, task) => match task.await {
            Ok(tried) => tried,
            // The runtime is shutting down.
            Err(_) => AttemptResult::Resumed(Box::new(Err(SignalError::Closed))),
        },
        DriverState::Joining(_)
        | DriverState::Up
        | DriverState::Waiting(..)
        | DriverState::Confirming(..) => std::future::pending().await,
    }
}
