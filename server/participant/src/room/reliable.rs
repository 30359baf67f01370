//! Reliable packets across a resume: ours are kept and sent again if the server missed them; duplicates of theirs are
//! dropped. Pure.

use std::collections::{BTreeMap, VecDeque};

use livekit_protocol as proto;
use prost::Message;

/// How many of our packets, and bytes, are kept for sending again.
const MOST_KEPT: usize = 512;
const MOST_BYTES: usize = 1_000_000;
/// How many senders' last sequence numbers are remembered.
const MOST_SENDERS: usize = 1_000;

/// Numbers outgoing packets and tracks incoming ones.
#[derive(Default)]
pub struct Reliable {
    last: u32,
    kept: VecDeque<(u32, Vec<u8>)>,
    bytes: usize,
    seen: BTreeMap<String, u32>,
}

impl Reliable {
    /// Numbers a packet and encodes it.
    pub fn number(&mut self, mut packet: proto::DataPacket) -> Vec<u8> {
        self.last += 1;
        packet.sequence = self.last;
        let bytes = packet.encode_to_vec();
        self.bytes += bytes.len();
        self.kept.push_back((self.last, bytes.clone()));
        while self.kept.len() > MOST_KEPT || self.bytes > MOST_BYTES {
            let Some((_, old)) = self.kept.pop_front() else { break };
            self.bytes -= old.len();
        }
        bytes
    }

    /// The packets that the server missed: everything after this sequence number.
    pub fn after(&mut self, got: u32) -> Vec<Vec<u8>> {
        while self.kept.front().is_some_and(|&(number, _)| number <= got) {
            let Some((_, old)) = self.kept.pop_front() else { break };
            self.bytes -= old.len();
        }
        self.kept.iter().map(|(_, bytes)| bytes.clone()).collect()
    }

    /// Whether a packet is new. Packets without a sequence number or a sender always are.
    pub fn is_new(&mut self, packet: &proto::DataPacket) -> bool {
        if packet.sequence == 0 || packet.participant_sid.is_empty() {
            return true;
        }
        if let Some(last) = self.seen.get_mut(&packet.participant_sid) {
            let new = packet.sequence > *last;
            *last = packet.sequence.max(*last);
            return new;
        }
        if self.seen.len() < MOST_SENDERS {
            self.seen.insert(packet.participant_sid.clone(), packet.sequence);
        }
        true
    }

    /// Forgets a participant that left.
    pub fn left(&mut self, sid: &str) {
        self.seen.remove(sid);
    }

    /// The last sequence number of each sender, so that the server can send the rest.
    pub fn states(&self) -> Vec<proto::DataChannelReceiveState> {
        let state = |(sid, last): (&String, &u32)| proto::DataChannelReceiveState {
            publisher_sid: sid.clone(),
            last_seq: *last,
        };
        self.seen.iter().map(state).collect()
    }

    /// Starts over for a new session: numbers begin again, kept packets are dropped.
    pub fn begin_again(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(sid: &str, sequence: u32) -> proto::DataPacket {
        proto::DataPacket { participant_sid: sid.to_owned(), sequence, ..Default::default() }
    }

    #[test]
    fn what_the_server_did_not_get_is_sent_again_in_order() {
        let mut reliable = Reliable::default();
        let sent: Vec<_> = (0..5).map(|_| reliable.number(proto::DataPacket::default())).collect();
        assert_eq!(reliable.after(3), sent[3..]);
        assert_eq!(reliable.after(5), Vec::<Vec<u8>>::new());
        assert_eq!(reliable.bytes, 0);
    }

    #[test]
    fn what_comes_twice_is_taken_once_for_each_sender() {
        let mut reliable = Reliable::default();
        assert!(reliable.is_new(&from("PA_1", 1)) && reliable.is_new(&from("PA_2", 1)));
        assert!(!reliable.is_new(&from("PA_1", 1)) && reliable.is_new(&from("PA_1", 2)));
        assert!(reliable.is_new(&from("", 1)) && reliable.is_new(&from("", 1)));
        assert_eq!(reliable.states().len(), 2);
        reliable.left("PA_1");
        assert!(reliable.is_new(&from("PA_1", 1)));
    }

    #[test]
    fn only_so_much_is_kept() {
        let mut reliable = Reliable::default();
        for _ in 0..10_000 {
            reliable.number(proto::DataPacket::default());
        }
        assert_eq!(reliable.after(0).len(), MOST_KEPT);
        let big = proto::UserPacket { payload: vec![0; 400_000], ..Default::default() };
        for _ in 0..5 {
            let value = Some(proto::data_packet::Value::User(big.clone()));
            reliable.number(proto::DataPacket { value, ..Default::default() });
        }
        assert_eq!(reliable.after(0).len(), 2);
    }
}
