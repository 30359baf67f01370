//! The room server: the table of rooms, and the way into them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use livekit_protocol::DisconnectReason;
use livekit_protocol::signal_response::Message;
use str0m::crypto::from_feature_flags;
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::actor::{
    Actor, ArrivalRefusal, COMMANDS, DATAGRAMS, RoomCommand, SessionClosure, SignalOutbox, moment,
};
use crate::config::{Config, Secret, Webhook};
use crate::ids::Ids;
use crate::join::Arrival;
use crate::peer::Setup;
use crate::room::{JoinError, NewRoomSettings, Pid, RoomInstant, RoomLifecycleEvent, SfuRoom};
use crate::session::RoomSession;
use crate::sockets::BoundSockets;
use crate::switch::Switch;
use crate::token::renew;
use crate::webhooks::deliver;

/// Events that wait for a slow subscriber; it loses older ones.
const EVENTS: usize = 1024;

/// Why a room server could not start.
#[derive(Debug, thiserror::Error)]
pub enum RoomServerStartError {
    /// No media address was given.
    #[error("give the room server an address to receive media on")]
    NoAddress,
    /// An address could not be bound.
    #[error("the media address {address} cannot be used: {error}. Choose another port, or 0 for any")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        error: std::io::Error,
    },
    /// A webhook names an API key that does not exist.
    #[error(
        "a webhook is to be signed with the API key {0:?}, which is not among the keys: add it or name another"
    )]
    WebhookKey(String),
    /// The DTLS certificate could not be generated.
    #[error("no certificate for encrypting media could be made")]
    Certificate,
}

/// A running room server. A clone is another handle on the same server.
#[derive(Debug, Clone)]
pub struct Rooms(pub(crate) Arc<Hub>);

#[derive(Debug)]
pub(crate) struct Hub {
    pub config: Config,
    setup: Setup,
    sockets: BoundSockets,
    switch: Arc<Switch>,
    rooms: Mutex<Directory>,
    pub events: broadcast::Sender<RoomLifecycleEvent>,
    pub connections: Arc<Semaphore>,
    numbers: AtomicU64,
    pub tasks: TaskTracker,
    /// Cancelled when the server stops: no room opens any more, and the open ones close.
    closing: CancellationToken,
    pub stop: CancellationToken,
}

/// How many rooms and participants there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Open rooms.
    pub rooms: usize,
    /// Participants in all of them.
    pub participants: usize,
}

#[derive(Debug)]
struct Directory {
    open: BTreeMap<String, Handle>,
    ids: Ids,
}

/// A handle on a room's task.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    number: u64,
    commands: mpsc::Sender<RoomCommand>,
}

/// An admitted participant's signalling connection.
#[derive(Debug)]
pub(crate) struct AdmittedConnection {
    pub handle: Handle,
    pub pid: Pid,
    pub connection: u64,
}

impl Rooms {
    /// Binds the sockets and starts receiving. Must be called within a Tokio runtime.
    pub async fn start(config: Config) -> Result<Self, RoomServerStartError> {
        if config.addresses.is_empty() {
            return Err(RoomServerStartError::NoAddress);
        }
        let signed: Result<Vec<(Webhook, Secret)>, RoomServerStartError> = config
            .webhooks
            .iter()
            .map(|webhook| match config.keys.get(&webhook.key) {
                Some(secret) => Ok((webhook.clone(), secret.clone())),
                None => Err(RoomServerStartError::WebhookKey(webhook.key.clone())),
            })
            .collect();
        let signed = signed?;
        let (sockets, listeners) = BoundSockets::bind(&config.addresses, config.tcp)
            .await
            .map_err(|(address, error)| RoomServerStartError::Bind { address, error })?;
        let crypto = Arc::new(from_feature_flags());
        // One certificate for all connections: generating one takes longer than the rest of a join.
        let certificate =
            crypto.dtls_provider.generate_certificate().ok_or(RoomServerStartError::Certificate)?;
        let setup =
            Setup { candidates: sockets.candidates(), certificate, crypto, limits: config.limits.clone() };
        let hub = Hub {
            setup,
            sockets,
            switch: Arc::default(),
            rooms: Mutex::new(Directory { open: BTreeMap::new(), ids: Ids::random() }),
            events: broadcast::channel(EVENTS).0,
            connections: Arc::new(Semaphore::new(config.limits.connections)),
            numbers: AtomicU64::new(1),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            stop: CancellationToken::new(),
            config,
        };
        hub.sockets.receive(listeners, &hub.switch, &hub.tasks, &hub.stop);
        for (webhook, secret) in signed {
            hub.tasks.spawn(deliver(webhook, secret, hub.events.subscribe(), hub.stop.clone()));
        }
        Ok(Self(Arc::new(hub)))
    }

    /// The addresses that clients are told to send media to, over UDP.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.sockets.addresses().collect()
    }

    /// The same for media over TCP, in the same order; empty if TCP is off.
    pub fn tcp_addresses(&self) -> Vec<SocketAddr> {
        self.0.sockets.tcp_addresses().to_vec()
    }

    /// Subscribes to the events of all rooms. A slow subscriber loses the oldest.
    pub fn events(&self) -> broadcast::Receiver<RoomLifecycleEvent> {
        self.0.events.subscribe()
    }

    /// How many rooms are open, and how many participants are in them. Hidden participants do not count.
    pub async fn census(&self) -> Census {
        let mut census = Census::default();
        for handle in self.0.all() {
            // A room that closes meanwhile does not count.
            if let Some(room) = self.0.run_in_room(&handle, |session, _| session.room.info()).await {
                census.rooms += 1;
                census.participants += usize::try_from(room.num_participants).unwrap_or_default();
            }
        }
        census
    }

    /// Removes everybody from a room and closes it. Does nothing if it is not open.
    pub async fn close(&self, name: &str) {
        let Some(handle) = self.0.find(name) else { return };
        let close = self.0.run_in_room(&handle, |session, at| {
            session.with_room(at, |room| room.close(at, DisconnectReason::RoomDeleted))
        });
        close.await;
    }

    /// The identities of a room's participants; empty if the room is not open.
    pub async fn identities(&self, name: &str) -> Vec<String> {
        let Some(handle) = self.0.find(name) else { return Vec::new() };
        let there =
            self.0.run_in_room(&handle, |session, _| session.room.participants()).await.unwrap_or_default();
        there.into_iter().map(|participant| participant.identity).collect()
    }

    /// Removes everybody and ends all tasks. From the moment it is called no room can be opened.
    pub async fn stop(&self) {
        self.0.closing.cancel();
        for handle in self.0.all() {
            self.0
                .run_in_room(&handle, |session, at| {
                    session.with_room(at, |room| room.close(at, DisconnectReason::ServerShutdown))
                })
                .await;
        }
        // A room's last events come just after it closes, so keep the subscribers until then.
        let closed = async {
            while !self.0.all().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        drop(tokio::time::timeout(Duration::from_secs(2), closed).await);
        self.0.tasks.close();
        self.0.stop.cancel();
        self.0.tasks.wait().await;
    }
}

impl Hub {
    fn directory(&self) -> MutexGuard<'_, Directory> {
        // Every change of the table is one statement, so a panic cannot leave it half-changed.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// The open rooms, by name.
    pub fn all(&self) -> Vec<Handle> {
        self.directory().open.values().cloned().collect()
    }

    /// An open room.
    pub fn find(&self, name: &str) -> Option<Handle> {
        self.directory().open.get(name).cloned()
    }

    /// The room of this name; opened with these settings if it is not open. `None`: there are too many rooms.
    pub fn open(self: &Arc<Self>, name: &str, settings: NewRoomSettings) -> Option<Handle> {
        let mut directory = self.directory();
        if let Some(handle) = directory.open.get(name).filter(|handle| !handle.commands.is_closed()) {
            return Some(handle.clone());
        }
        if directory.open.len() >= self.config.limits.rooms || self.closing.is_cancelled() {
            return None;
        }
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let (route, datagrams) = mpsc::channel(DATAGRAMS);
        let handle = Handle { number: self.number(), commands };
        let ids = directory.ids.fork();
        let room =
            SfuRoom::open(moment(), name, settings, self.config.limits.clone(), self.config.waits, ids);
        let actor = Actor {
            number: handle.number,
            session: RoomSession::new(room, self.setup.clone()),
            sockets: self.sockets.clone(),
            switch: Arc::clone(&self.switch),
            commands: receiver,
            datagrams,
            route,
            events: self.events.clone(),
            connections: BTreeMap::new(),
        };
        directory.open.insert(name.to_owned(), handle.clone());
        drop(directory);
        let ending =
            RoomRemovalGuard { hub: Arc::downgrade(self), name: name.to_owned(), number: handle.number };
        self.tasks.spawn(async move {
            let ending = ending;
            actor.run().await;
            drop(ending);
        });
        Some(handle)
    }

    /// Admits an arrival to its room, which is opened if necessary. Messages to it go to `outbox`.
    pub async fn arrive(
        self: &Arc<Self>,
        arrival: Arrival,
        outbox: SignalOutbox,
    ) -> Result<AdmittedConnection, ArrivalRefusal> {
        let connection = self.number();
        // A room may close at the moment of an arrival; the next try opens a new one.
        for _ in 0..3 {
            let handle = if arrival.resume.is_some() {
                self.find(&arrival.room).ok_or(ArrivalRefusal::Unknown)?
            } else {
                let settings = NewRoomSettings::of(&arrival.claims);
                self.open(&arrival.room, settings).ok_or(ArrivalRefusal::Join(JoinError::Full))?
            };
            let (reply, answer) = oneshot::channel();
            let command = RoomCommand::Arrive {
                arrival: Box::new(arrival.clone()),
                connection,
                outbox: outbox.clone(),
                reply,
            };
            if handle.commands.send(command).await.is_ok()
                && let Ok(result) = answer.await
                && result != Err(ArrivalRefusal::Join(JoinError::Closed))
            {
                return result.map(|pid| AdmittedConnection { handle, pid, connection });
            }
            tokio::task::yield_now().await;
        }
        Err(ArrivalRefusal::Join(JoinError::Closed))
    }

    /// Sends a participant a fresh token for coming back. False if the room is over.
    pub async fn renew(self: &Arc<Self>, seat: &AdmittedConnection) -> bool {
        let (hub, pid) = (Arc::clone(self), seat.pid);
        let renewed = self.run_in_room(&seat.handle, move |session, _| {
            if let Some(token) = session.room.claims(pid).and_then(|claims| renew(&hub.config.keys, claims)) {
                session.tell(pid, Message::RefreshToken(token));
            }
        });
        renewed.await.is_some()
    }

    /// Runs a closure in a room's task. `None` if the room closed meanwhile.
    pub async fn run_in_room<T: Send + 'static>(
        &self,
        handle: &Handle,
        act: impl FnOnce(&mut RoomSession, RoomInstant) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        let act: SessionClosure = Box::new(move |session, at| drop(reply.send(act(session, at))));
        handle.commands.send(RoomCommand::Act(act)).await.ok()?;
        answer.await.ok()
    }
}

/// Removes a room from the tables when its task ends, even by a panic.
struct RoomRemovalGuard {
    hub: Weak<Hub>,
    name: String,
    number: u64,
}

impl Drop for RoomRemovalGuard {
    fn drop(&mut self) {
        let Some(hub) = self.hub.upgrade() else { return };
        hub.switch.forget_room(self.number);
        let mut directory = hub.directory();
        if directory.open.get(&self.name).is_some_and(|handle| handle.number == self.number) {
            directory.open.remove(&self.name);
        }
    }
}

impl AdmittedConnection {
    /// Passes a request on. False if the room is over.
    pub async fn request(&self, request: livekit_protocol::signal_request::Message) -> bool {
        let (pid, connection) = (self.pid, self.connection);
        let command = RoomCommand::Request { pid, connection, request: Box::new(request) };
        self.handle.commands.send(command).await.is_ok()
    }

    /// Reports that the connection broke off.
    pub async fn lost(&self) {
        let command = RoomCommand::Lost { pid: self.pid, connection: self.connection };
        // An error means that the room is over.
        drop(self.handle.commands.send(command).await);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use livekit_protocol::signal_request::Message as Request;
    use livekit_protocol::{ClientInfo, LeaveRequest};
    use livekit_token::{Claims, VideoGrants};

    use super::*;
    use crate::address::MediaAddress;
    use crate::config::RoomLimits;
    use crate::peer::PeerSide;

    #[tokio::test]
    async fn a_room_that_fails_is_gone_and_the_others_are_not() {
        let loopback = MediaAddress::new((Ipv4Addr::LOCALHOST, 0).into());
        let config = Config { addresses: vec![loopback], ..Config::new("key", Secret::new("x")) };
        let rooms = Rooms::start(config).await.expect("it starts");
        let (bad, good) = (
            rooms.0.open("bad", NewRoomSettings::default()).expect("a room"),
            rooms.0.open("good", NewRoomSettings::default()).expect("a room"),
        );
        let (route, _datagrams) = mpsc::channel(1);
        rooms.0.switch.register_route((bad.number, Pid(1), PeerSide::Inward), "name".into(), route);
        assert_eq!(rooms.0.run_in_room(&bad, |_, _| -> u8 { panic!("on purpose") }).await, None);
        while rooms.0.find("bad").is_some() {
            tokio::task::yield_now().await;
        }
        assert_eq!(rooms.0.switch.sizes(), (0, 0, 0));
        assert!(rooms.0.run_in_room(&good, |session, _| session.room.info()).await.is_some());
        assert!(rooms.0.open("bad", NewRoomSettings::default()).is_some(), "it can be opened again");
        rooms.stop().await;
        assert!(
            rooms.0.open("late", NewRoomSettings::default()).is_none(),
            "a server that stopped opens no room"
        );
    }

    /// Somebody with all rights, by way of the older route.
    fn arrival(room: &str, identity: &str) -> Arrival {
        let video = VideoGrants { room_join: true, room: room.to_owned(), ..VideoGrants::default() };
        Arrival {
            room: room.to_owned(),
            claims: Claims { sub: identity.to_owned(), video, ..Claims::default() },
            single: false,
            client: ClientInfo::default(),
            auto_subscribe: true,
            tracks: Vec::new(),
            offer: None,
            resume: None,
        }
    }

    #[tokio::test]
    async fn who_says_goodbye_and_hangs_up_is_gone_at_once() {
        let loopback = MediaAddress::new((Ipv4Addr::LOCALHOST, 0).into());
        let config = Config { addresses: vec![loopback], ..Config::new("key", Secret::new("x")) };
        let rooms = Rooms::start(config).await.expect("it starts");
        let (outbox, lines) = SignalOutbox::new(&RoomLimits::default());
        let seat = rooms.0.arrive(arrival("hall", "ann"), outbox).await.expect("let in");
        let (_stays, _lines) = {
            let (outbox, lines) = SignalOutbox::new(&RoomLimits::default());
            (rooms.0.arrive(arrival("hall", "bea"), outbox).await.expect("let in"), lines)
        };
        assert_eq!(rooms.census().await, Census { rooms: 1, participants: 2 });
        // It takes no answer any more; that it leaves is still on its way.
        drop(lines);
        assert!(seat.request(Request::Ping(1)).await);
        assert!(seat.request(Request::Leave(LeaveRequest::default())).await);
        seat.lost().await;
        assert_eq!(rooms.census().await, Census { rooms: 1, participants: 1 });
        rooms.stop().await;
        assert_eq!(rooms.census().await, Census::default());
    }

    #[tokio::test]
    async fn what_cannot_start_says_why() {
        let none = Config { addresses: Vec::new(), ..Config::new("key", Secret::new("x")) };
        assert!(matches!(Rooms::start(none).await, Err(RoomServerStartError::NoAddress)));
        let nowhere = MediaAddress::new((Ipv4Addr::new(192, 0, 2, 77), 1).into());
        let config = Config { addresses: vec![nowhere], ..Config::new("key", Secret::new("x")) };
        let error = Rooms::start(config).await.expect_err("nobody has this address");
        assert!(error.to_string().starts_with("the media address 192.0.2.77:1 cannot be used"), "{error}");
        let hook = Webhook { url: "http://localhost/".into(), key: "other".into() };
        let config = Config { webhooks: vec![hook], ..Config::new("key", Secret::new("x")) };
        assert!(
            matches!(Rooms::start(config).await, Err(RoomServerStartError::WebhookKey(key)) if key == "other")
        );
    }
}
