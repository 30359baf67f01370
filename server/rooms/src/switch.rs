//! Routes datagrams. All participants of all rooms share the same sockets: a connectivity check names its receiver, and
//! later datagrams from the same address are for the same one.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::Sender;

use crate::peer::PeerSide;
use crate::room::Pid;

/// How many addresses one transport may have; the oldest makes room for a newer one.
const ADDRESSES: usize = 16;

/// How a datagram travels: by UDP, or by a TCP stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Via {
    Udp,
    Tcp,
}

/// A datagram on its way to a room.
#[derive(Debug)]
pub(crate) struct RoutedDatagram {
    pub pid: Pid,
    pub side: PeerSide,
    pub via: Via,
    pub from: SocketAddr,
    /// The candidate address that it was sent to.
    pub to: SocketAddr,
    pub bytes: Vec<u8>,
}

/// A transport of a participant in a room (by the room's number).
pub(crate) type TransportKey = (u64, Pid, PeerSide);

#[derive(Debug)]
struct DatagramRoute {
    ufrag: String,
    room: Sender<RoutedDatagram>,
    addresses: VecDeque<(Via, SocketAddr)>,
}

#[derive(Debug, Default)]
struct Tables {
    routes: BTreeMap<TransportKey, DatagramRoute>,
    ufrags: HashMap<String, TransportKey>,
    addresses: HashMap<(Via, SocketAddr), TransportKey>,
}

/// The routing tables.
#[derive(Debug, Default)]
pub(crate) struct Switch(Mutex<Tables>);

impl Switch {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        // The tables are consistent between any two statements, so a panic elsewhere does not break them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on checks that name this user fragment are for this transport.
    pub fn register_route(&self, key: TransportKey, ufrag: String, room: Sender<RoutedDatagram>) {
        let mut tables = self.tables();
        let addresses = match tables.routes.remove(&key) {
            Some(route) => {
                tables.ufrags.remove(&route.ufrag);
                route.addresses
            }
            None => VecDeque::new(),
        };
        tables.ufrags.insert(ufrag.clone(), key);
        tables.routes.insert(key, DatagramRoute { ufrag, room, addresses });
    }

    /// Removes a participant.
    pub fn forget(&self, room: u64, pid: Pid) {
        self.forget_where(|key| (key.0, key.1) == (room, pid));
    }

    /// Removes a room with all its participants.
    pub fn forget_room(&self, room: u64) {
        self.forget_where(|key| key.0 == room);
    }

    fn forget_where(&self, gone: impl Fn(&TransportKey) -> bool) {
        let mut tables = self.tables();
        let keys: Vec<TransportKey> = tables.routes.keys().filter(|key| gone(key)).copied().collect();
        for key in keys {
            let Some(route) = tables.routes.remove(&key) else { continue };
            tables.ufrags.remove(&route.ufrag);
            for address in route.addresses {
                if tables.addresses.get(&address) == Some(&key) {
                    tables.addresses.remove(&address);
                }
            }
        }
    }

    /// Passes a datagram on. It is dropped if it is for nobody, or if its room is too slow. Returns whether it was
    /// passed on.
    pub fn pass(&self, via: Via, from: SocketAddr, to: SocketAddr, bytes: &[u8]) -> bool {
        let mut tables = self.tables();
        let key = match stun_receiver_ufrag(bytes) {
            Some(ufrag) => {
                let Some(key) = tables.ufrags.get(ufrag).copied() else { return false };
                tables.learn(key, (via, from));
                key
            }
            None => match tables.addresses.get(&(via, from)) {
                Some(key) => *key,
                None => return false,
            },
        };
        let Some(route) = tables.routes.get(&key) else { return false };
        let (_, pid, side) = key;
        route.room.try_send(RoutedDatagram { pid, side, via, from, to, bytes: bytes.to_vec() }).is_ok()
    }

    #[cfg(test)]
    pub fn sizes(&self) -> (usize, usize, usize) {
        let tables = self.tables();
        (tables.routes.len(), tables.ufrags.len(), tables.addresses.len())
    }
}

impl Tables {
    fn learn(&mut self, key: TransportKey, from: (Via, SocketAddr)) {
        if self.addresses.get(&from) == Some(&key) {
            return;
        }
        let Some(route) = self.routes.get_mut(&key) else { return };
        let oldest = (route.addresses.len() >= ADDRESSES).then(|| route.addresses.pop_front()).flatten();
        route.addresses.push_back(from);
        if let Some(oldest) = oldest
            && self.addresses.get(&oldest) == Some(&key)
        {
            self.addresses.remove(&oldest);
        }
        self.addresses.insert(from, key);
    }
}

/// The receiver's user fragment in a STUN binding request: the part of its USERNAME before the colon.
pub(crate) fn stun_receiver_ufrag(bytes: &[u8]) -> Option<&str> {
    const REQUEST: [u8; 2] = [0, 1];
    const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
    const USERNAME: u16 = 6;
    if bytes.get(..2)? != REQUEST || bytes.get(4..8)? != COOKIE {
        return None;
    }
    let mut rest = bytes.get(20..)?;
    while let [t0, t1, l0, l1, value @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*l0, *l1]));
        let value_here = value.get(..length)?;
        if u16::from_be_bytes([*t0, *t1]) == USERNAME {
            return std::str::from_utf8(value_here).ok()?.split(':').next();
        }
        rest = value.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::sync::mpsc;

    use super::*;

    fn check(name: &str) -> Vec<u8> {
        let username = format!("{name}:them");
        let mut attributes = vec![0x80, 0x22, 0, 3, b'a', b'b', b'c', 0, 0, 6];
        attributes.extend((username.len() as u16).to_be_bytes());
        attributes.extend(username.as_bytes());
        attributes.resize(attributes.len().next_multiple_of(4), 0);
        let mut packet = vec![0, 1];
        packet.extend((attributes.len() as u16).to_be_bytes());
        packet.extend([0x21, 0x12, 0xa4, 0x42]);
        packet.extend([7; 12]);
        packet.extend(attributes);
        packet
    }

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn a_check_names_its_receiver_and_the_rest_follows_its_address() {
        let switch = Switch::default();
        let (sender, mut room) = mpsc::channel(8);
        let here = address(1);
        assert!(!switch.pass(Via::Udp, address(9), here, &check("ann")), "nobody is called so yet");
        switch.register_route((1, Pid(1), PeerSide::Inward), "ann".into(), sender.clone());
        assert!(!switch.pass(Via::Udp, address(9), here, &[128, 0]), "nobody is known at this address");
        assert!(switch.pass(Via::Udp, address(9), here, &check("ann")));
        assert!(switch.pass(Via::Udp, address(9), here, &[128, 0]));
        assert_eq!(room.try_recv().expect("the check").pid, Pid(1));
        assert_eq!(room.try_recv().expect("the packet").bytes, [128, 0]);
        // ICE restarts: another user fragment, the same address.
        switch.register_route((1, Pid(1), PeerSide::Inward), "bob".into(), sender);
        assert!(!switch.pass(Via::Udp, address(8), here, &check("ann")));
        assert!(switch.pass(Via::Udp, address(9), here, &[128, 1]));
        switch.forget(1, Pid(1));
        assert_eq!(switch.sizes(), (0, 0, 0));
    }

    #[test]
    fn addresses_do_not_pile_up() {
        let switch = Switch::default();
        let (sender, _room) = mpsc::channel(1000);
        switch.register_route((1, Pid(1), PeerSide::Inward), "ann".into(), sender);
        for port in 1..500 {
            assert!(switch.pass(Via::Udp, address(port), address(1), &check("ann")));
        }
        assert_eq!(switch.sizes(), (1, 1, ADDRESSES));
    }

    #[test]
    fn a_room_that_is_behind_loses_datagrams_and_nobody_waits() {
        let switch = Switch::default();
        let (sender, _room) = mpsc::channel(2);
        switch.register_route((1, Pid(1), PeerSide::Inward), "ann".into(), sender);
        let passed = (0..10).filter(|_| switch.pass(Via::Udp, address(9), address(1), &check("ann"))).count();
        assert_eq!(passed, 2);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(bytes in prop::collection::vec(any::<u8>(), 0..80), cut in 0_usize..60) {
            prop_assert!(stun_receiver_ufrag(&bytes).is_none_or(|name| name.len() < 80));
            let mut packet = check("ann");
            packet.truncate(cut);
            packet.extend(bytes);
            prop_assert!(stun_receiver_ufrag(&packet).is_none_or(|name| name.len() <= packet.len()));
        }
    }
}
