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

use super::signalling::{self, Joined, Signalling};
use super::sockets::{Datagram, Sockets};
use crate::events::{DisconnectReason, RoomEvent};
use crate::options::RoomOptions;
use crate::room::comeback::{Attempt, Comeback, Verdict};
use crate::room::rpc::{Outcome, RpcError};
use crate::session::{Command, Invocation, Output, Session};

/// How long media may take to flow after a reconnection.
const CONFIRM_WITHIN: Duration = Duration::from_secs(10);

/// A handler of calls: returns the answer.
pub type Handler =
    Arc<dyn Fn(Invocation) -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync + 'static>;
/// The handlers, by method.
pub type Handlers = Arc<Mutex<BTreeMap<String, Handler>>>;

enum Tried {
    Resumed(Box<Result<proto::ReconnectResponse, SignalError>>),
    Rejoined(Box<Result<Joined, SignalError>>),
}

/// The state of the connection.
enum Link {
    /// Joined, and waiting for media for the first time.
    Joining(oneshot::Sender<()>),
    Up,
    /// Waiting before an attempt.
    Waiting(Comeback, Attempt, Instant),
    /// An attempt is under way.
    Trying(Comeback, JoinHandle<Tried>),
    /// The signalling is back; media must follow by this time.
    Confirming(Comeback, Attempt, Instant),
}

/// Everything of one room.
pub struct Driver {
    pub url: String,
    pub options: RoomOptions,
    /// Boxed: WebRTC's state is large, and is moved until the driver runs.
    pub session: Box<Session>,
    pub signalling: Signalling,
    pub signals: SignalEvents,
    pub sockets: Sockets,
    pub datagrams: mpsc::Receiver<Datagram>,
    pub commands: mpsc::Receiver<Command>,
    /// For the answers of handlers. Weak, so that a room without handles is left.
    pub answers: mpsc::WeakSender<Command>,
    pub events: mpsc::Sender<RoomEvent>,
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
        let mut link = Link::Joining(up);
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
                    Output::Lost(why) => link = self.lost(link, why),
                    Output::Token(token) => self.token = token,
                    Output::Ended(reason) => ended = Some(reason),
                }
            }
            if let Some(reason) = ended {
                break reason;
            }
            // Timers of the connection state.
            link = match link {
                Link::Waiting(comeback, attempt, at) if at <= now() => self.attempt(comeback, attempt),
                Link::Confirming(mut comeback, _, by) if by <= now() => {
                    comeback.learn(Verdict::Unreachable);
                    match self.again(comeback) {
                        Some(link) => link,
                        None => break DisconnectReason::ConnectionLost,
                    }
                }
                Link::Joining(_) | Link::Up | Link::Waiting(..) | Link::Trying(..) | Link::Confirming(..) => {
                    link
                }
            };
            let own = match &link {
                Link::Waiting(_, _, at) | Link::Confirming(_, _, at) => Some(*at),
                Link::Joining(_) | Link::Up | Link::Trying(..) => None,
            };
            let deadline = self.session.deadline().into_iter().chain(own).min();
            let wake = deadline.unwrap_or_else(|| now() + Duration::from_secs(1));
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(Command::Leave(done)) => {
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
                event = self.signals.recv(), if !matches!(link, Link::Trying(..)) => match event {
                    Some(SignalEvent::Message(message)) => self.session.signalled(now(), *message),
                    Some(SignalEvent::Close(_)) | None => match self.closed(link).await {
                        Some(next) => link = next,
                        None => break DisconnectReason::ConnectionLost,
                    },
                },
                tried = attempt_of(&mut link) => match self.tried(link, tried) {
                    Some(next) => link = next,
                    None => break DisconnectReason::ConnectionLost,
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        };
        self.tell(RoomEvent::Disconnected(reason));
        self.signalling.close().await;
    }

    fn tell(&self, event: RoomEvent) {
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
                let _gone = answers.send(Command::Answer(caller, id, outcome)).await;
            }
        });
    }

    fn media_up(&mut self, link: Link) -> Link {
        match link {
            Link::Joining(up) => {
                let _unheard = up.send(());
                Link::Up
            }
            Link::Confirming(_, attempt, _) => {
                // In a task of its own: it sends what was held back, and media must not wait for that.
                let client = Arc::clone(&self.signalling.client);
                tokio::spawn(async move { client.set_reconnected().await });
                self.tell(RoomEvent::Reconnected(attempt == Attempt::Resume));
                Link::Up
            }
            Link::Up | Link::Waiting(..) | Link::Trying(..) => link,
        }
    }

    /// The session or the server reports that the connection is lost.
    fn lost(&mut self, link: Link, why: Verdict) -> Link {
        match link {
            Link::Up => {
                self.tell(RoomEvent::Reconnecting);
                let mut comeback = Comeback::new(why);
                if self.token.is_some() {
                    // The signalling client would resume with its own token.
                    comeback.learn(Verdict::Stale);
                }
                self.wait(comeback)
            }
            Link::Confirming(mut comeback, ..) | Link::Waiting(mut comeback, ..) => {
                comeback.learn(why);
                self.wait(comeback)
            }
            // A join or an attempt under way ends by itself.
            Link::Joining(_) | Link::Trying(..) => link,
        }
    }

    fn wait(&mut self, comeback: Comeback) -> Link {
        // With nothing left to try, this state gives up at its next step.
        self.again(comeback).unwrap_or_else(|| Link::Confirming(exhausted(), Attempt::Rejoin, now()))
    }

    fn again(&mut self, mut comeback: Comeback) -> Option<Link> {
        let (wait, attempt) = comeback.next_attempt()?;
        Some(Link::Waiting(comeback, attempt, now() + wait))
    }

    fn attempt(&mut self, comeback: Comeback, attempt: Attempt) -> Link {
        let client = Arc::clone(&self.signalling.client);
        let task = match attempt {
            Attempt::Resume => tokio::spawn(async move {
                Tried::Resumed(Box::new(client.restart(proto::ReconnectReason::RrSignalDisconnected).await))
            }),
            Attempt::Rejoin => {
                let offer = self.session.begin_again(now());
                let token = self.token.clone().unwrap_or_else(|| client.token());
                let (url, options) = (self.url.clone(), self.options.clone());
                tokio::spawn(async move {
                    client.close().await;
                    Tried::Rejoined(Box::new(signalling::join(&url, &token, &options, offer).await))
                })
            }
        };
        Link::Trying(comeback, task)
    }

    /// An attempt ended. `None`: give up.
    fn tried(&mut self, link: Link, tried: Tried) -> Option<Link> {
        let Link::Trying(mut comeback, _) = link else { return Some(link) };
        let error = match tried {
            Tried::Resumed(response) => match *response {
                Ok(response) => {
                    // Left over from the lost connection: its end, and perhaps some messages.
                    while let Ok(event) = self.signals.try_recv() {
                        if let SignalEvent::Message(message) = event {
                            self.session.signalled(now(), *message);
                        }
                    }
                    self.session.resume(&response);
                    return Some(Link::Confirming(comeback, Attempt::Resume, now() + CONFIRM_WITHIN));
                }
                Err(error) => error,
            },
            Tried::Rejoined(joined) => match *joined {
                Ok(joined) => {
                    let single = joined.signalling.client.is_single_pc_mode_active();
                    let old = std::mem::replace(&mut self.signalling, joined.signalling);
                    tokio::spawn(old.close());
                    self.signals = joined.events;
                    self.session.joined(now(), *joined.join, single);
                    return Some(Link::Confirming(comeback, Attempt::Rejoin, now() + CONFIRM_WITHIN));
                }
                Err(error) => error,
            },
        };
        tracing::debug!(%error, "an attempt to come back failed");
        comeback.learn(signalling::verdict(&error));
        self.again(comeback)
    }

    /// The signalling connection ended. `None`: give up.
    async fn closed(&mut self, link: Link) -> Option<Link> {
        match link {
            // The end of a connection that has been replaced already.
            Link::Confirming(..) if self.signalling.client.is_connected().await => Some(link),
            Link::Waiting(..) | Link::Trying(..) => Some(link),
            Link::Confirming(mut comeback, ..) => {
                comeback.learn(Verdict::Unreachable);
                self.again(comeback)
            }
            Link::Up => Some(self.lost(link, Verdict::Unreachable)),
            Link::Joining(_) => None,
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
        self.tell(RoomEvent::Disconnected(DisconnectReason::ClientInitiated));
        self.signalling.close().await;
    }
}

/// A reconnection with nothing left to try.
fn exhausted() -> Comeback {
    Comeback::new(Verdict::Refused)
}

async fn attempt_of(link: &mut Link) -> Tried {
    match link {
        Link::Trying(_, task) => match task.await {
            Ok(tried) => tried,
            // The runtime is shutting down.
            Err(_) => Tried::Resumed(Box::new(Err(SignalError::Closed))),
        },
        Link::Joining(_) | Link::Up | Link::Waiting(..) | Link::Confirming(..) => {
            std::future::pending().await
        }
    }
}
