//! Data packets: text and byte streams, transcriptions, RPC and everything else that clients send each other.

use std::sync::Arc;

use livekit_protocol::data_packet::Value;
use livekit_protocol::{DataPacket, UserPacket, data_packet};
use prost::Message as _;

use super::{DataDelivery, Output, Pid, SfuRoom};

impl SfuRoom {
    /// Passes a participant's packet on to its receivers: those it names, else everybody else. The server stamps it
    /// with the real sender. An unreadable, too large or forbidden packet is dropped.
    pub fn data(&mut self, from: Pid, reliable: bool, bytes: &[u8]) {
        let Some(sender) = self.participants.get_mut(&from) else { return };
        if !sender.permission.can_publish_data || bytes.len() > self.limits.data {
            return;
        }
        let Ok(mut packet) = DataPacket::decode(bytes) else { return };
        if destinations(&packet).len() > MOST_NAMED {
            return;
        }
        if packet.sequence > 0 && reliable {
            sender.last_sequence = packet.sequence;
        }
        let (identity, sid) = (sender.identity.clone(), sender.sid.clone());
        stamp(&mut packet, &identity, &sid, reliable);
        self.deliver(Some(from), reliable, &packet);
    }

    /// Delivers a packet, of a participant or of the server.
    pub(super) fn deliver(&mut self, from: Option<Pid>, reliable: bool, packet: &DataPacket) {
        let destinations = destinations(packet);
        let bytes: Arc<[u8]> = packet.encode_to_vec().into();
        for (pid, participant) in &self.participants {
            let meant = destinations.is_empty()
                || destinations.iter().any(|who| **who == participant.identity || **who == participant.sid);
            if meant && Some(*pid) != from {
                let delivery = DataDelivery { reliable, packet: Arc::clone(&bytes) };
                self.out.push_back(Output::Deliver(*pid, delivery));
            }
        }
    }
}

#[expect(deprecated, reason = "older clients read who sent it from these fields")]
fn stamp(packet: &mut DataPacket, identity: &str, sid: &str, reliable: bool) {
    packet.participant_identity = identity.to_owned();
    packet.participant_sid = sid.to_owned();
    packet.kind = if reliable { data_packet::Kind::Reliable } else { data_packet::Kind::Lossy }.into();
    if let Some(Value::User(user)) = &mut packet.value {
        user.participant_sid = sid.to_owned();
        user.participant_identity = identity.to_owned();
        // Older clients name the receivers here.
        if packet.destination_identities.is_empty() {
            packet.destination_identities.clone_from(&user.destination_identities);
        }
        user.destination_identities.clone_from(&packet.destination_identities);
    }
}

/// A packet that names more receivers than this is dropped.
const MOST_NAMED: usize = 256;

/// Identities, and sids of older clients; none means everybody.
#[expect(deprecated, reason = "older clients name whom it is for by sid")]
fn destinations(packet: &DataPacket) -> Vec<&String> {
    let sids: &[String] = match &packet.value {
        Some(Value::User(UserPacket { destination_sids, .. })) => destination_sids,
        Some(_) | None => &[],
    };
    packet.destination_identities.iter().chain(sids).collect()
}
