//! What a client might send that was not meant to be: offers with lines lost, doubled, swapped and bent, and
//! datagrams that look right. The room goes on.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use livekit_protocol::SessionDescription;
use livekit_protocol::signal_request::Message as Request;
use proptest::prelude::*;
use str0m::config::{CryptoProvider, DtlsCert};
use str0m::crypto::from_feature_flags;

use super::bot::Bot;
use super::tests::World;
use super::*;

/// Made once: it takes longer than all else.
static CRYPTO: LazyLock<(Arc<CryptoProvider>, DtlsCert)> = LazyLock::new(|| {
    let crypto = Arc::new(from_feature_flags());
    let certificate = crypto.dtls_provider.generate_certificate().expect("a certificate");
    (crypto, certificate)
});

/// One change of an SDP.
#[derive(Debug, Clone)]
enum Bend {
    Drop(usize),
    Double(usize),
    Swap(usize, usize),
    Cut(usize, usize),
    Put(usize, usize, char),
    Number(usize, u64),
}

fn bend() -> impl Strategy<Value = Bend> {
    let line = 0_usize..200;
    prop_oneof![
        line.clone().prop_map(Bend::Drop),
        line.clone().prop_map(Bend::Double),
        (line.clone(), line.clone()).prop_map(|(a, b)| Bend::Swap(a, b)),
        (line.clone(), 0_usize..60).prop_map(|(a, b)| Bend::Cut(a, b)),
        (line.clone(), 0_usize..60, any::<char>()).prop_map(|(a, b, c)| Bend::Put(a, b, c)),
        (line, any::<u64>()).prop_map(|(a, b)| Bend::Number(a, b)),
    ]
}

fn apply(sdp: &str, bends: &[Bend]) -> String {
    let mut lines: Vec<String> = sdp.lines().map(str::to_owned).collect();
    for bend in bends {
        let count = lines.len().max(1);
        let at = |index: usize| index % count;
        if lines.is_empty() {
            break;
        }
        match *bend {
            Bend::Drop(index) => drop(lines.remove(at(index))),
            Bend::Double(index) => lines.insert(at(index), lines[at(index)].clone()),
            Bend::Swap(one, other) => lines.swap(at(one), at(other)),
            Bend::Cut(index, length) => {
                let line = &mut lines[at(index)];
                let end = line.char_indices().nth(length).map_or(line.len(), |(end, _)| end);
                line.truncate(end);
            }
            Bend::Put(index, place, what) => {
                let line = &mut lines[at(index)];
                let place = line.char_indices().nth(place).map_or(line.len(), |(place, _)| place);
                line.insert(place, what);
            }
            Bend::Number(index, number) => {
                let line = &mut lines[at(index)];
                let digits: String = line
                    .chars()
                    .skip_while(|c| !c.is_ascii_digit())
                    .take_while(char::is_ascii_digit)
                    .collect();
                if !digits.is_empty() {
                    *line = line.replacen(&digits, &number.to_string(), 1);
                }
            }
        }
    }
    lines.join("\r\n") + "\r\n"
}

fn offer(sdp: String) -> Request {
    Request::Offer(SessionDescription { r#type: "offer".into(), sdp, id: 1, ..Default::default() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// A first offer, and one that follows a good one, each bent: whoever sent it goes or stays, the others stay.
    #[test]
    fn bent_offers_hurt_nobody_else(first in prop::collection::vec(bend(), 0..4), then in prop::collection::vec(bend(), 1..6)) {
        let (crypto, certificate) = &*CRYPTO;
        let mut world = World::with(Arc::clone(crypto), certificate.clone());
        let ann = world.enter("ann");
        let rude = world.enter("rude");
        let mut bot = Bot::new(world.at.now, crypto, 9_999);
        let good = bot.offer(Some("cid"), 2).sdp;
        world.session.request(world.at, rude, offer(apply(&good, &first)));
        world.session.request(world.at, rude, offer(apply(&good, &then)));
        world.session.tick(world.at);
        prop_assert!(world.session.room.participant("ann").is_some());
        let mut other = Bot::new(world.at.now, crypto, 9_998);
        let good = other.offer(Some("cid"), 1).sdp;
        world.session.request(world.at, ann, offer(good));
        let answered = std::iter::from_fn(|| world.session.poll())
            .any(|what| matches!(what, Do::Signal(pid, Message::Answer(_)) if pid == ann));
        prop_assert!(answered, "ann's offer got no answer");
    }

    /// Datagrams of every kind, for a participant whose transport waits for its first.
    #[test]
    fn datagrams_of_every_kind_hurt_nobody(datagrams in prop::collection::vec((0_u8..255, prop::collection::vec(any::<u8>(), 0..60)), 1..40)) {
        let (crypto, certificate) = &*CRYPTO;
        let mut world = World::with(Arc::clone(crypto), certificate.clone());
        let rude = world.enter("rude");
        let mut bot = Bot::new(world.at.now, crypto, 9_999);
        let good = bot.offer(Some("cid"), 2).sdp;
        world.session.request(world.at, rude, offer(good));
        let from = SocketAddr::from(([127, 0, 0, 1], 9_999));
        for (first, mut bytes) in datagrams {
            bytes.insert(0, first);
            for (side, via) in [(Side::Inward, Via::Udp), (Side::Outward, Via::Tcp)] {
                let datagram = Datagram { pid: rude, side, via, from, to: world.here, bytes: bytes.clone() };
                world.session.datagram(world.at, &datagram);
            }
        }
        prop_assert!(world.session.room.participant("rude").is_some());
    }
}
