//! The task of one room: takes its input, one item at a time, and performs what the session puts out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use livekit_protocol::SignalResponse;
use livekit_protocol::signal_request::Message as Request;
use livekit_protocol::signal_response::Message;
use prost::Message as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, mpsc, oneshot};
use tokio::time::Instant;

use crate::config::RoomLimits;
use crate::join::Arrival;
use crate::room::{JoinError, Joining, Pid, RoomInstant, RoomLifecycleEvent};
use crate::session::{RoomSession, SessionAction};
use crate::sockets::BoundSockets;
use crate::switch::{RoutedDatagram, Switch};

/// Datagrams that wait for a room.
pub(crate) const DATAGRAMS: usize = 1024;
/// Commands that wait for it.
pub(crate) const COMMANDS: usize = 256;

/// What goes out on a signalling connection.
#[derive(Debug)]
pub(crate) enum SignalFrame {
    /// An encoded `SignalResponse`, with its share of the outbox.
    Message(Vec<u8>, OwnedSemaphorePermit),
    /// Close it.
    Close,
}

/// The outbox of one connection, bounded in messages and in bytes.
#[derive(Debug, Clone)]
pub(crate) struct SignalOutbox {
    lines: mpsc::Sender<SignalFrame>,
    room: Arc<Semaphore>,
}

impl SignalOutbox {
    pub fn new(limits: &RoomLimits) -> (Self, mpsc::Receiver<SignalFrame>) {
        let (lines, receiver) = mpsc::channel(limits.outbox);
        (Self { lines, room: Arc::new(Semaphore::new(limits.outbox_bytes)) }, receiver)
    }

    /// Puts a message in. False if it is full, or if nobody takes messages out any more.
    fn put(&self, bytes: Vec<u8>) -> bool {
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let Ok(share) = Arc::clone(&self.room).try_acquire_many_owned(size) else { return false };
        self.lines.try_send(SignalFrame::Message(bytes, share)).is_ok()
    }

    /// Closes the connection once the outbox is empty.
    fn close(&self) {
        // If the outbox is full, the connection still closes when the last handle on it is dropped.
        drop(self.lines.try_send(SignalFrame::Close));
    }
}

/// Why an arrival was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArrivalRefusal {
    /// There is no such participant to resume.
    Unknown,
    Join(JoinError),
}

/// A closure that runs on a session.
pub(crate) type SessionClosure = Box<dyn FnOnce(&mut RoomSession, RoomInstant) + Send>;

/// A command to a room.
pub(crate) enum RoomCommand {
    Arrive {
        arrival: Box<Arrival>,
        connection: u64,
        outbox: SignalOutbox,
        reply: oneshot::Sender<Result<Pid, ArrivalRefusal>>,
    },
    Request {
        pid: Pid,
        connection: u64,
        request: Box<Request>,
    },
    Lost {
        pid: Pid,
        connection: u64,
    },
    Act(SessionClosure),
}

/// What a room's task works with.
pub(crate) struct Actor {
    pub number: u64,
    pub session: RoomSession,
    pub sockets: BoundSockets,
    pub switch: Arc<Switch>,
    pub commands: mpsc::Receiver<RoomCommand>,
    pub datagrams: mpsc::Receiver<RoutedDatagram>,
    pub route: mpsc::Sender<RoutedDatagram>,
    pub events: broadcast::Sender<RoomLifecycleEvent>,
    /// Signalling connections by their number; each participant has at most one. A connection that can no longer be
    /// written to has no sender, but what it sent before still counts: usually that the participant leaves.
    pub connections: BTreeMap<Pid, (u64, Option<SignalOutbox>)>,
}

/// The current time, for a session.
pub(crate) fn moment() -> RoomInstant {
    #[expect(
        clippy::disallowed_methods,
        reason = "clients are told when things happened; nothing is decided by it"
    )]
    let unix = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    RoomInstant {
        now: Instant::now().into_std(),
        unix_ms: i64::try_from(unix.as_millis()).unwrap_or(i64::MAX),
    }
}

impl Actor {
    /// Runs until the room is over.
    pub async fn run(mut self) {
        let mut batch = Vec::with_capacity(64);
        loop {
            if self.flush() {
                return;
            }
            let deadline = self.session.deadline().map(Instant::from_std);
            let sleep = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline).await,
                    None => tokio::time::sleep(Duration::from_secs(3600)).await,
                }
            };
            tokio::select! {
                biased;
                command = self.commands.recv() => match command {
                    Some(command) => self.command(command),
                    // All handles are gone: nobody can reach the room any more.
                    None => return,
                },
                _ = self.datagrams.recv_many(&mut batch, 64) => {
                    for datagram in batch.drain(..) {
                        self.session.datagram(moment(), &datagram);
                    }
                    // Deadlines are kept even while datagrams arrive without a pause.
                    if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                        self.session.tick(moment());
                    }
                }
                () = sleep => self.session.tick(moment()),
            }
        }
    }

    fn command(&mut self, command: RoomCommand) {
        let at = moment();
        match command {
            RoomCommand::Arrive { arrival, connection, outbox, reply } => {
                let result = self.arrive(at, *arrival, connection, outbox);
                // If the client is gone before it hears of this, it is treated like any broken connection.
                if let Err(Ok(pid)) = reply.send(result) {
                    self.session.signal_lost(at, pid);
                }
            }
            RoomCommand::Request { pid, connection, request } => {
                if self.connections.get(&pid).is_some_and(|(current, _)| *current == connection) {
                    self.session.request(at, pid, *request);
                }
            }
            RoomCommand::Lost { pid, connection } => {
                if self.connections.get(&pid).is_some_and(|(current, _)| *current == connection)
                    && let Some((_, Some(_))) = self.connections.remove(&pid)
                {
                    self.session.signal_lost(at, pid);
                }
            }
            RoomCommand::Act(act) => act(&mut self.session, at),
        }
    }

    fn arrive(
        &mut self,
        at: RoomInstant,
        arrival: Arrival,
        connection: u64,
        outbox: SignalOutbox,
    ) -> Result<Pid, ArrivalRefusal> {
        let Arrival { room: _, claims, single, client, auto_subscribe, tracks, offer, resume } = arrival;
        let pid = match resume {
            Some(sid) => self.session.resume(at, &sid, &claims.sub, offer).ok_or(ArrivalRefusal::Unknown)?,
            None => {
                let joining = Joining { claims, client, auto_subscribe, single, tracks };
                self.session.join(at, joining, offer).map_err(ArrivalRefusal::Join)?
            }
        };
        // From now on messages go to the new connection; an earlier one ends.
        if let Some((_, Some(earlier))) = self.connections.insert(pid, (connection, Some(outbox))) {
            earlier.close();
        }
        Ok(pid)
    }

    /// Performs what the session puts out. True once the room is over.
    fn flush(&mut self) -> bool {
        while let Some(what) = self.session.poll() {
            match what {
                SessionAction::Signal(pid, message) => self.say(pid, message),
                SessionAction::Hang(pid) => {
                    if let Some((_, Some(outbox))) = self.connections.remove(&pid) {
                        outbox.close();
                    }
                }
                SessionAction::Known(pid, side, ufrag) => {
                    self.switch.register_route((self.number, pid, side), ufrag, self.route.clone())
                }
                SessionAction::Gone(pid) => self.switch.forget(self.number, pid),
                SessionAction::Transmit { via, from, to, contents } => {
                    self.sockets.send(via, from, to, &contents)
                }
                // An error means that nobody subscribes to events.
                SessionAction::Event(event) => drop(self.events.send(event)),
                SessionAction::Closed => return true,
            }
        }
        false
    }

    fn say(&mut self, pid: Pid, message: Message) {
        let Some((_, sender)) = self.connections.get_mut(&pid) else { return };
        let Some(outbox) = sender else { return };
        let bytes = SignalResponse { message: Some(message) }.encode_to_vec();
        if !outbox.put(bytes) {
            // The client reads too slowly, or is gone. It may resume, and then gets the whole state again.
            *sender = None;
            self.session.signal_lost(moment(), pid);
        }
    }
}
